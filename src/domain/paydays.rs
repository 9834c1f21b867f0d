//! The paydays of an extract: how many rows have each, by day and by month, and what follows from them about the days
//! that the extract can speak for.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::Observed;
use super::day::{add_days, day_number, from_day_number};

/// The first and the last day that a payday is believed to be; a date outside stands for none.
const FIRST_DAY: i32 = -25_202;
const LAST_DAY: i32 = 84_005;

/// The fewest rows of the usual month with which an extract says anything of its own holes.
const FEWEST_USUAL_ROWS: u64 = 50;
/// A month with fewer than one in so many of the usual month's rows is thin.
const THIN_SHARE: u64 = 10;
/// The days before a thin month that its payments would have covered.
const DAYS_BEFORE_THIN: i64 = 31;

/// How many rows of an extract have each payday. Rows are counted whoever's they are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PaydayCounts {
    /// The rows of each day from [`FIRST_DAY`] on; empty until a row is counted.
    rows: Vec<u64>,
}

/// Counts the days and the rows; what lies between is shown by the account.
impl fmt::Debug for PaydayCounts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PaydayCounts({} days, {} rows)", self.days().count(), self.rows.iter().sum::<u64>())
    }
}

impl PaydayCounts {
    /// Counts rows with this payday, given as days since 1970 began. A date that stands for none is not counted.
    #[inline]
    pub fn add(&mut self, day: i32, rows: u64) {
        if !(FIRST_DAY..=LAST_DAY).contains(&day) {
            return;
        }
        if self.rows.is_empty() {
            self.rows = vec![0; usize::try_from(LAST_DAY - FIRST_DAY + 1).unwrap_or_default()];
        }
        if let Some(of_day) = usize::try_from(day - FIRST_DAY).ok().and_then(|place| self.rows.get_mut(place)) {
            *of_day += rows;
        }
    }

    /// Adds what was counted elsewhere.
    pub fn join(&mut self, other: &Self) {
        if self.rows.is_empty() {
            self.rows.clone_from(&other.rows);
            return;
        }
        for (own, of_other) in self.rows.iter_mut().zip(&other.rows) {
            *own += of_other;
        }
    }

    /// Each day that is a payday of some row, in order, with the number of rows.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, u64)> {
        let days = (FIRST_DAY..=LAST_DAY).zip(&self.rows).filter(|(_, rows)| 0 < **rows);
        days.map(|(day, rows)| (from_day_number(day), *rows))
    }

    /// The rows by calendar month.
    pub fn months(&self) -> PaydayMonths {
        let mut months = BTreeMap::<Month, MonthOfPaydays>::new();
        for (day, rows) in self.days() {
            let of_month =
                months.entry(Month::of(day)).or_insert(MonthOfPaydays { rows: 0, earliest: day, latest: day });
            of_month.rows += rows;
            of_month.latest = day;
        }
        PaydayMonths(months)
    }
}

impl FromIterator<(NaiveDate, u64)> for PaydayCounts {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, u64)>>(days: I) -> Self {
        let mut counts = Self::default();
        for (day, rows) in days {
            counts.add(day_number(day), rows);
        }
        counts
    }
}

/// A calendar month. `Display` writes it as `2018-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12.. => Self { year: self.year + 1, month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MAX)
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        add_days(self.next().first_day(), -1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year, self.month)
    }
}

/// The rows with a payday in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthOfPaydays {
    /// How many there are.
    pub rows: u64,
    /// The earliest payday.
    pub earliest: NaiveDate,
    /// The latest payday.
    pub latest: NaiveDate,
}

/// The rows of an extract by calendar month of their payday.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaydayMonths(BTreeMap<Month, MonthOfPaydays>);

/// One month of an extract, from its first month with a payday to its last, with or without rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthRows {
    /// The month.
    pub month: Month,
    /// Its rows.
    pub rows: u64,
    /// Whether it has so few that the absence of a payment in it says nothing.
    pub is_thin: bool,
}

/// The days that were given on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GivenDays {
    /// `--extract-from`.
    pub from: Option<NaiveDate>,
    /// `--extract-to`.
    pub to: Option<NaiveDate>,
}

impl PaydayMonths {
    /// The rows of the usual month: the one in which the middle row lies when rows are ordered by the size of their month.
    pub fn usual_rows(&self) -> Option<u64> {
        let mut sizes: Vec<u64> = self.0.values().map(|month| month.rows).collect();
        sizes.sort_unstable();
        let middle = sizes.iter().sum::<u64>().checked_sub(1)? / 2;
        let mut before = 0;
        sizes.into_iter().find(|rows| {
            before += rows;
            middle < before
        })
    }

    /// Every month from the first with a payday to the last. The months that the given days fall in are never thin.
    pub fn each(&self, given: GivenDays) -> Vec<MonthRows> {
        let (Some((first, _)), Some((last, _))) = (self.0.first_key_value(), self.0.last_key_value()) else {
            return Vec::new();
        };
        let usual = self.usual_rows().filter(|usual| FEWEST_USUAL_ROWS <= *usual);
        let is_given = |month: Month| [given.from, given.to].into_iter().flatten().any(|day| Month::of(day) == month);
        let of_month = |month: Month| {
            let rows = self.0.get(&month).map_or(0, |month| month.rows);
            let is_thin = usual.is_some_and(|usual| rows.saturating_mul(THIN_SHARE) < usual) && !is_given(month);
            MonthRows { month, rows, is_thin }
        };
        let months = std::iter::successors(Some(*first), |month| Some(month.next()));
        months.take_while(|month| month <= last).map(of_month).collect()
    }

    /// What the extract can speak for.
    pub fn observed(&self, given: GivenDays) -> Observed {
        let months = self.each(given);
        let speaks_of_holes = self.usual_rows().is_some_and(|usual| FEWEST_USUAL_ROWS <= usual);
        let full = |month: &&MonthRows| !month.is_thin;
        let first_full = months.iter().find(full).and_then(|month| self.0.get(&month.month));
        let last_full = months.iter().rfind(full).and_then(|month| self.0.get(&month.month));
        let latest = last_full.map(|month| month.latest);
        let cut_off = given.to.or(latest);
        let from = given.from.or(first_full.filter(|_| speaks_of_holes).map(|month| month.earliest));
        let is_between = |month: Month| {
            from.is_none_or(|from| from <= month.last_day()) && cut_off.is_none_or(|last| month.first_day() <= last)
        };
        let thin = months.iter().filter(|month| month.is_thin && is_between(month.month));
        let thin =
            thin.map(|MonthRows { month, .. }| (add_days(month.first_day(), -DAYS_BEFORE_THIN), month.last_day()));
        let beyond = latest.zip(cut_off).filter(|_| speaks_of_holes);
        let beyond = beyond.map(|(latest, cut_off)| (add_days(latest, DAYS_BEFORE_THIN + 1), cut_off));
        // Days that a given first day promises and the data do not hold: those before the month of the earliest payday.
        let earliest = first_full.map(|month| Month::of(month.earliest)).filter(|_| speaks_of_holes);
        let before = given.from.zip(earliest).map(|(from, month)| (from, add_days(month.first_day(), -1)));
        let within = |(first, last): (NaiveDate, NaiveDate)| {
            (from.map_or(first, |from| first.max(from)), cut_off.map_or(last, |cut_off| last.min(cut_off)))
        };
        Observed::new(from, cut_off, thin.chain(beyond).chain(before).map(within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn counts(days: &[(&str, u64)]) -> PaydayCounts {
        days.iter().map(|(payday, rows)| (day(payday), *rows)).collect()
    }

    fn given(from: Option<&str>, to: Option<&str>) -> GivenDays {
        GivenDays { from: from.map(day), to: to.map(day) }
    }

    fn holes(observed: &Observed) -> Vec<(String, String)> {
        observed.holes().iter().map(|(first, last)| (first.to_string(), last.to_string())).collect()
    }

    const YEAR: [(&str, u64); 6] = [
        ("2018-04-30", 100),
        ("2018-05-31", 110),
        ("2018-06-29", 105),
        ("2018-07-31", 10),
        ("2018-08-31", 100),
        ("2018-09-28", 100),
    ];

    #[test]
    fn the_bounds_of_paydays_are_the_first_and_last_years_that_mean_a_day() {
        assert_eq!(from_day_number(FIRST_DAY), day("1901-01-01"));
        assert_eq!(from_day_number(LAST_DAY), day("2199-12-31"));
        let counted = counts(&[("1900-12-31", 1), ("1901-01-01", 2), ("2199-12-31", 3), ("2200-01-01", 4)]);
        assert_eq!(counted.days().map(|(_, rows)| rows).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(format!("{counted:?}"), "PaydayCounts(2 days, 5 rows)");
    }

    #[test]
    fn what_was_counted_elsewhere_is_added_day_by_day() {
        let (one, other) =
            (counts(&[("2018-04-30", 2), ("2018-05-31", 3)]), counts(&[("2018-05-31", 4), ("2018-06-29", 5)]));
        let joined = |first: &PaydayCounts, second: &PaydayCounts| {
            let mut all = first.clone();
            all.join(second);
            all
        };
        assert!(joined(&one, &other) == counts(&[("2018-04-30", 2), ("2018-05-31", 7), ("2018-06-29", 5)]));
        assert!(joined(&PaydayCounts::default(), &one) == one && joined(&one, &PaydayCounts::default()) == one);
        assert_eq!(Month::of(day("2018-12-31")).next().to_string(), "2019-01");
    }

    #[test]
    fn the_usual_month_is_the_one_of_the_middle_row() {
        assert_eq!(counts(&YEAR).months().usual_rows(), Some(100));
        // A few large months outweigh many small ones.
        let small = [("2018-01-31", 1), ("2018-02-28", 1), ("2018-03-30", 1), ("2018-04-30", 60)];
        assert_eq!(counts(&small).months().usual_rows(), Some(60));
        assert_eq!(PaydayMonths::default().usual_rows(), None);
    }

    #[test]
    fn a_month_with_a_tenth_of_the_rows_is_not_thin_and_one_with_fewer_is() {
        let with_july = |rows| {
            let mut year = YEAR;
            year[3].1 = rows;
            counts(&year).months().observed(GivenDays::default())
        };
        assert_eq!(holes(&with_july(10)), []);
        assert_eq!(holes(&with_july(9)), [("2018-05-31".into(), "2018-07-31".into())]);
        assert_eq!(with_july(9).from, Some(day("2018-04-30")));
    }

    #[test]
    fn a_month_without_any_row_is_thin_and_a_small_extract_has_no_thin_months() {
        let gap = |rows| counts(&[("2018-04-30", rows), ("2018-06-29", rows)]).months().observed(GivenDays::default());
        assert_eq!(holes(&gap(50)), [("2018-04-30".into(), "2018-05-31".into())]);
        assert_eq!((holes(&gap(49)), gap(49).from), (vec![], None));
    }

    #[test]
    fn a_stray_payday_moves_neither_the_first_day_nor_the_last() {
        let mut year = YEAR.to_vec();
        year.extend([("2019-09-30", 3), ("2017-01-31", 2)]);
        let observed = counts(&year).months().observed(GivenDays::default());
        assert_eq!((observed.from, observed.cut_off), (Some(day("2018-04-30")), Some(day("2018-09-28"))));
        assert_eq!(holes(&observed), []);
        let small = counts(&[("2018-04-30", 9), ("2019-09-30", 1)]).months().observed(GivenDays::default());
        assert_eq!(small.cut_off, Some(day("2019-09-30")));
    }

    #[test]
    fn a_given_day_is_believed_and_what_lies_beyond_the_data_is_unobserved() {
        let months = counts(&YEAR).months();
        let beyond = months.observed(given(None, Some("2018-11-15")));
        assert_eq!(holes(&beyond), [("2018-10-30".into(), "2018-11-15".into())]);
        assert_eq!(holes(&months.observed(given(None, Some("2018-10-29")))), []);
        // Nor are days that a given first day promises and the data do not hold; April is in the data.
        let earlier = months.observed(given(Some("2018-01-01"), None));
        assert_eq!(earlier.from, Some(day("2018-01-01")));
        assert_eq!(holes(&earlier), [("2018-01-01".into(), "2018-03-31".into())]);
        assert_eq!(holes(&months.observed(given(Some("2018-04-06"), None))), []);
        // The month of a given day is not thin, however few rows it has.
        let mut year = YEAR.to_vec();
        year.push(("2018-10-01", 1));
        let by_itself = counts(&year).months().observed(GivenDays::default());
        assert_eq!((by_itself.cut_off, holes(&by_itself)), (Some(day("2018-09-28")), vec![]));
        let to = counts(&year).months().observed(given(None, Some("2018-10-05")));
        assert_eq!((to.cut_off, holes(&to)), (Some(day("2018-10-05")), vec![]));
    }
}

//! The work history of one person as the extract shows it: what each observed day says of employment.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::Observed;
use crate::domain::day::{add_days, days_from};
use crate::evidence::DayStatus;
use crate::evidence::employed::Employed;

/// The days that are observed for everyone in an extract.
///
/// Days before the extract's first payday may have been paid before it, and pay for the last days has not come yet. Such
/// days are not observed: they say neither that a person was employed nor that they were not. Nor are the days that the
/// extract cannot speak for because a month of it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedPeriod {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What the extract can speak for.
    pub days: Arc<Observed>,
}

impl ObservedPeriod {
    /// Whether every day from `first` to `last` is observed.
    pub fn holds(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.from <= first && last <= self.to && !self.has_hole(first, last)
    }

    /// Whether a run of unobserved days lies between `first` and `last`, or reaches in.
    fn has_hole(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.days.holes().iter().any(|(begin, end)| *begin <= last && first <= *end)
    }
}

/// The observed days of one person, one after the other.
#[derive(Debug, Clone)]
pub struct WorkHistory {
    observed: ObservedPeriod,
    days: Vec<DayStatus>,
}

impl WorkHistory {
    /// Merges the covered days of all employers. Each day has its best status under any employer. A day below 16 hours
    /// under two or more employers is unknown, because the hours may add up.
    pub fn new(employers: &[Employed], observed: &ObservedPeriod) -> Self {
        let length = usize::try_from(days_from(observed.from, observed.to) + 1).unwrap_or(0);
        let mut days = vec![DayStatus::Uncovered; length];
        let mut below = vec![0_u8; length];
        for employer in employers {
            let mut own = vec![DayStatus::Uncovered; length];
            for (first, last, status) in &employer.stretches {
                for day in own.get_mut(span(observed, *first, *last)).into_iter().flatten() {
                    *day = (*day).max(*status);
                }
            }
            for ((day, below), own) in days.iter_mut().zip(&mut below).zip(own) {
                *below = below.saturating_add(u8::from(own == DayStatus::Below));
                *day = (*day).max(own);
            }
        }
        for (day, below) in days.iter_mut().zip(below) {
            if *day == DayStatus::Below && 2 <= below {
                *day = DayStatus::Unknown;
            }
        }
        Self { observed: observed.clone(), days }
    }

    /// Whether the extract can speak for every day from a start to the last day observed.
    pub fn is_whole_from(&self, start: NaiveDate) -> bool {
        !self.observed.has_hole(start, self.observed.to)
    }

    /// The status of one day; `None` where it is not observed.
    pub fn on(&self, day: NaiveDate) -> Option<DayStatus> {
        self.days(day, day)?.first().copied()
    }

    /// Whether any day from `first` to `last` is one of those sought; `None` where not all of them are observed.
    pub fn any(&self, first: NaiveDate, last: NaiveDate, sought: impl Fn(DayStatus) -> bool) -> Option<bool> {
        Some(self.days(first, last)?.iter().any(|day| sought(*day)))
    }

    /// How many of the weeks of seven days that begin on `first` have a day in work; `None` where not all are observed.
    pub fn weeks_in_work(&self, first: NaiveDate, weeks: u32) -> Option<u32> {
        let days = self.days(first, add_days(first, 7 * i64::from(weeks) - 1))?;
        let worked = days.chunks(7).filter(|week| week.iter().any(|day| is_employed(*day))).count();
        u32::try_from(worked).ok()
    }

    fn days(&self, first: NaiveDate, last: NaiveDate) -> Option<&[DayStatus]> {
        self.observed.holds(first, last).then(|| self.days.get(span(&self.observed, first, last)))?
    }
}

/// Whether a day is a day in employment: some payment covers it, firmly or weakly.
pub fn is_employed(day: DayStatus) -> bool {
    day != DayStatus::Uncovered
}

/// Whether a day is a day in employment at the hours asked for.
pub fn is_at_hours(day: DayStatus) -> bool {
    day == DayStatus::Yes
}

/// The days from `first` to `last` as a range of indices into the observed days.
fn span(observed: &ObservedPeriod, first: NaiveDate, last: NaiveDate) -> std::ops::Range<usize> {
    let (first, last) = (first.max(observed.from), last.min(observed.to));
    let place = |day: NaiveDate| usize::try_from(days_from(observed.from, day)).unwrap_or(0);
    if last < first { 0..0 } else { place(first)..place(last) + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn employed(stretches: &[(&str, &str, DayStatus)]) -> Employed {
        let stretch = |(first, last, status): &(&str, &str, DayStatus)| (day(first), day(last), *status);
        Employed {
            employer: crate::domain::EmployerRef::from_canonical("123/A246".into()),
            stretches: stretches.iter().map(stretch).collect(),
        }
    }

    const YEAR: &str = "2018-01-01";

    fn observed() -> ObservedPeriod {
        ObservedPeriod { from: day(YEAR), to: day("2018-12-31"), days: Arc::default() }
    }

    #[test]
    fn days_outside_what_is_observed_say_nothing() {
        let history = WorkHistory::new(&[employed(&[("2017-12-01", "2019-03-31", DayStatus::Yes)])], &observed());
        assert_eq!(history.on(day("2017-12-31")), None);
        assert_eq!(history.on(day(YEAR)), Some(DayStatus::Yes));
        assert_eq!(history.on(day("2018-12-31")), Some(DayStatus::Yes));
        assert_eq!(history.any(day("2018-12-31"), day("2019-01-01"), is_employed), None);
        assert_eq!(history.weeks_in_work(day(YEAR), 52), Some(52));
        assert_eq!(history.weeks_in_work(day("2018-01-03"), 52), None);
    }

    #[test]
    fn days_of_a_missing_month_say_nothing_of_anybody() {
        let hole = (day("2018-06-30"), day("2018-07-31"));
        let observed = ObservedPeriod { days: Arc::new(Observed::new(None, None, [hole])), ..observed() };
        let history = WorkHistory::new(&[employed(&[("2018-07-01", "2018-07-31", DayStatus::Yes)])], &observed);
        assert_eq!(history.on(day("2018-06-29")), Some(DayStatus::Uncovered));
        assert_eq!((history.on(day("2018-06-30")), history.on(day("2018-07-31"))), (None, None));
        assert_eq!(history.any(day("2018-06-29"), day("2018-06-30"), is_employed), None);
        assert!(history.is_whole_from(day("2018-08-01")) && !history.is_whole_from(day("2018-07-31")));
    }

    #[test]
    fn two_jobs_under_the_hours_are_unknown_and_one_over_them_is_enough() {
        let below = || employed(&[("2018-05-01", "2018-05-31", DayStatus::Below)]);
        let yes = employed(&[("2018-05-31", "2018-06-30", DayStatus::Yes)]);
        let history = WorkHistory::new(&[below(), below(), yes], &observed());
        assert_eq!(history.on(day("2018-05-30")), Some(DayStatus::Unknown));
        assert_eq!(history.on(day("2018-05-31")), Some(DayStatus::Yes));
        assert_eq!(history.on(day("2018-07-01")), Some(DayStatus::Uncovered));
        assert_eq!(WorkHistory::new(&[below()], &observed()).on(day("2018-05-30")), Some(DayStatus::Below));
        assert_eq!(history.any(day("2018-06-30"), day("2018-07-10"), is_at_hours), Some(true));
        assert_eq!(history.weeks_in_work(day("2018-06-25"), 2), Some(1));
    }
}

//! Calendar dates and the lengths of time pay is counted in.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Reads `2018-05-01`: the plain form of a date.
pub(super) fn iso(text: &str) -> Option<NaiveDate> {
    let (of_year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    NaiveDate::from_ymd_opt(year(of_year)?, number(month, 2)?, number(day, 2)?)
}

/// A year of four digits.
pub(super) fn year(text: &str) -> Option<i32> {
    number(text, 4).and_then(|year| i32::try_from(year).ok())
}

/// A number of one or two digits, of a day or a month.
pub(super) fn short_number(text: &str) -> Option<u32> {
    number(text, 1).or_else(|| number(text, 2))
}

/// A number of so many digits.
pub(super) fn number(text: &str, width: usize) -> Option<u32> {
    let digits = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The first and the last date that is written with four digits of the year. Other programs know no later one: a result with
/// a date of the year 10000 could not be opened by them.
const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(first) => first,
    None => NaiveDate::MIN,
};
/// See [`FIRST`].
pub const LAST: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(last) => last,
    None => NaiveDate::MAX,
};

/// What was worked out from a date, held to the years of four digits. A date beyond them stands for never, and stays there.
fn held(moved: Option<NaiveDate>, date: NaiveDate, is_earlier: bool) -> NaiveDate {
    let moved = moved.unwrap_or(if is_earlier { NaiveDate::MIN } else { NaiveDate::MAX });
    moved.clamp(FIRST.min(date), LAST.max(date))
}

/// The date `days` later (earlier where negative); 31 December 9999 where that would be later still.
pub fn add_days(date: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        date.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        date.checked_add_days(Days::new(days.unsigned_abs()))
    };
    held(moved, date, days < 0)
}

/// The date `months` later (earlier where negative); a day that the month does not have becomes the month's last.
pub fn add_months(date: NaiveDate, months: i32) -> NaiveDate {
    let moved = if months < 0 {
        date.checked_sub_months(Months::new(months.unsigned_abs()))
    } else {
        date.checked_add_months(Months::new(months.unsigned_abs()))
    };
    held(moved, date, months < 0)
}

/// The number of days from `from` to `to`: 0 for the same day, negative where `to` is earlier.
pub fn days_from(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// A leaving date as the week it closes: a Friday or Saturday is read as the Sunday, for that week was worked.
pub fn end_of_working_week(leaving: NaiveDate) -> NaiveDate {
    match leaving.weekday() {
        Weekday::Fri => add_days(leaving, 2),
        Weekday::Sat => add_days(leaving, 1),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Sun => leaving,
    }
}

/// Whole years of age on `day`; someone born on 29 February is a year older on 1 March of a common year.
pub fn age_on(day: NaiveDate, born: NaiveDate) -> u32 {
    day.years_since(born).unwrap_or(0)
}

/// A nominal length: so many days, or so many calendar months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NominalLength {
    /// This many days.
    Days(u32),
    /// This many calendar months.
    Months(u32),
}

impl NominalLength {
    /// The date one length before `date`.
    pub fn before(self, date: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => add_days(date, -i64::from(days)),
            Self::Months(months) => add_months(date, -signed(months)),
        }
    }

    /// The date one length after `date`.
    pub fn after(self, date: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => add_days(date, i64::from(days)),
            Self::Months(months) => add_months(date, signed(months)),
        }
    }
}

fn signed(months: u32) -> i32 {
    i32::try_from(months).unwrap_or(i32::MAX)
}

/// A date in words, as people here write it: `1 May 2018`.
pub struct LongDate(pub NaiveDate);

impl fmt::Display for LongDate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.0.format("%-d %B"), self.0.year())
    }
}

/// A date as the days since 1 January 1970, as Arrow and Parquet hold dates.
pub fn day_number(date: NaiveDate) -> i32 {
    date.to_epoch_days()
}

/// The date of a [`day_number`].
pub fn from_day_number(days: i32) -> NaiveDate {
    // A file may hold any day: it is read as it is.
    NaiveDate::from_epoch_days(days).unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_held_to_the_last_day() {
        assert_eq!(add_months(day("2018-01-31"), 1), day("2018-02-28"));
        assert_eq!(add_months(day("2018-03-31"), -1), day("2018-02-28"));
        assert_eq!(NominalLength::Months(1).before(day("2016-03-31")), day("2016-02-29"));
    }

    #[test]
    fn a_date_in_words_has_the_month_by_name_and_no_leading_zero() {
        assert_eq!(LongDate(day("2018-05-01")).to_string(), "1 May 2018");
        assert_eq!(LongDate(day("1999-12-31")).to_string(), "31 December 1999");
    }

    #[test]
    fn a_friday_or_saturday_is_read_as_the_sunday() {
        assert_eq!(end_of_working_week(day("2018-06-01")), day("2018-06-03"));
        assert_eq!(end_of_working_week(day("2018-06-02")), day("2018-06-03"));
        assert_eq!(end_of_working_week(day("2018-06-03")), day("2018-06-03"));
        assert_eq!(end_of_working_week(day("2018-05-31")), day("2018-05-31"));
    }

    #[test]
    fn age_turns_on_the_birthday_and_on_1_march_for_a_leap_day() {
        assert_eq!(age_on(day("2018-05-01"), day("1993-05-02")), 24);
        assert_eq!(age_on(day("2018-05-02"), day("1993-05-02")), 25);
        assert_eq!(age_on(day("2021-02-28"), day("2000-02-29")), 20);
        assert_eq!(age_on(day("2021-03-01"), day("2000-02-29")), 21);
    }

    #[test]
    fn the_calendar_ends_without_a_panic() {
        assert_eq!(add_days(NaiveDate::MAX, 1), NaiveDate::MAX);
        assert_eq!(add_months(NaiveDate::MIN, -1), NaiveDate::MIN);
        assert_eq!(from_day_number(i32::MAX), NaiveDate::MAX);
        assert_eq!(from_day_number(-1), day("1969-12-31"));
    }

    #[test]
    fn what_is_worked_out_from_a_date_has_a_year_of_four_digits() {
        let last = day("9999-12-31");
        for derived in [
            add_days(last, 1),
            add_days(day("2018-05-01"), i64::from(u32::MAX)),
            add_days(day("2018-05-01"), i64::MAX),
            add_months(last, 1),
            end_of_working_week(last),
            NominalLength::Days(u32::MAX).after(day("2018-05-01")),
            NominalLength::Months(u32::MAX).after(day("2018-05-01")),
        ] {
            assert_eq!(derived, last);
        }
        assert_eq!(add_days(day("2018-05-01"), -i64::from(u32::MAX)), day("0001-01-01"));
        assert_eq!(add_days(last, -1), day("9999-12-30"));
    }
}

//! Calendar dates and the lengths of time pay is counted in.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::field::{Fault, SpreadsheetDamage};

/// How a date was written in an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    /// `2018-05-01`
    Iso,
    /// `01/05/2018`, as spreadsheets in this country write it
    Slashed,
}

const EXPECTED: &str = "a date as YYYY-MM-DD, such as 2018-05-01";

/// Reads a date, and says in which of the two accepted ways it was written.
///
/// # Errors
/// Anything but `YYYY-MM-DD` or `DD/MM/YYYY`, a day that is not in the calendar, or a year before 1000.
pub fn parse(text: &str) -> Result<(NaiveDate, DateStyle), Fault> {
    if let Some(date) = iso(text) {
        return Ok((date, DateStyle::Iso));
    }
    if let Some(date) = slashed(text) {
        return Ok((date, DateStyle::Slashed));
    }
    Err(match damage(text) {
        Some(damage) => Fault::damaged(EXPECTED, damage),
        None => Fault::expected(EXPECTED),
    })
}

fn iso(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    from_parts(year, month, day)
}

fn slashed(text: &str) -> Option<NaiveDate> {
    let (day, rest) = text.split_once('/')?;
    let (month, year) = rest.split_once('/')?;
    from_parts(year, month, day)
}

fn from_parts(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = number(year, 4)?;
    if year < 1000 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month, 2)?, number(day, 2)?)
}

fn number(text: &str, width: usize) -> Option<u32> {
    let digits = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn damage(text: &str) -> Option<SpreadsheetDamage> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits && text.len() == 5 {
        return Some(SpreadsheetDamage::SerialDate);
    }
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).collect();
    match parts.as_slice() {
        [day, _, year] if day.len() <= 2 && number(year, 2).is_some() => Some(SpreadsheetDamage::TwoDigitYear),
        _ => None,
    }
}

/// The date `days` later (earlier where negative); the calendar's end where there is no such date.
pub fn add_days(date: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        date.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        date.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

/// The date `months` later (earlier where negative); a day that the month does not have becomes the month's last.
pub fn add_months(date: NaiveDate, months: i32) -> NaiveDate {
    let moved = if months < 0 {
        date.checked_sub_months(Months::new(months.unsigned_abs()))
    } else {
        date.checked_add_months(Months::new(months.unsigned_abs()))
    };
    moved.unwrap_or(if months < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
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
    add_days(NaiveDate::default(), i64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse(text).unwrap().0
    }

    #[test]
    fn the_two_ways_of_writing_a_date_are_told_apart() {
        assert_eq!(parse("2018-05-01"), Ok((day("2018-05-01"), DateStyle::Iso)));
        assert_eq!(parse("01/05/2018"), Ok((day("2018-05-01"), DateStyle::Slashed)));
    }

    #[test]
    fn what_is_not_a_date_is_a_fault_that_names_the_damage() {
        let damage = |text: &str| parse(text).unwrap_err().damage;
        assert_eq!(damage("43221"), Some(SpreadsheetDamage::SerialDate));
        assert_eq!(damage("01/05/18"), Some(SpreadsheetDamage::TwoDigitYear));
        for text in ["2018-02-31", "2018-5-1", "1/5/2018", "2018-05-01 00:00", "tomorrow", "0018-05-01", "+018-05-01"] {
            assert_eq!(damage(text), None, "{text}");
        }
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
    }
}

//! Days.

use chrono::{DateTime, Datelike, NaiveDate};

use super::super::cell::Cell;
use super::super::day;
use super::super::field::{Fault, SpreadsheetDamage};
use super::united_kingdom::{Midnight, midnight_of};
use super::{Departure, ReadResult, Reading, month, unless_not_given};

const EXPECTED: &str = "a date as YYYY-MM-DD, such as 2018-05-01";

/// Reads a day.
///
/// # Errors
/// Anything that is not one day, or that is two; a day that is not in the calendar.
pub fn date(text: &str) -> ReadResult<NaiveDate> {
    unless_not_given(text, |text| match day::iso(text) {
        Some(day) => Ok(unless_none(Reading::plain(day))),
        None => otherwise_written(text),
    })
}

/// Reads the day of a typed cell: a day, a moment that is midnight, or what its text says.
///
/// # Errors
/// As [`date`].
pub fn date_cell(cell: Cell<'_>) -> ReadResult<NaiveDate> {
    match cell {
        Cell::Day(day) => Ok(unless_none(Reading::plain(day))),
        Cell::Moment(moment) => midnight(moment),
        Cell::Text(_) | Cell::Hundredths(_) | Cell::Number(_) => date(cell.to_text().trim()),
    }
}

/// The day that a moment is the midnight of, in microseconds since 1970 began.
fn midnight(moment: i64) -> ReadResult<NaiveDate> {
    const FAULT: Fault =
        Fault::expected("a date, and this is a moment whose time is not midnight, in UTC or in the United Kingdom");
    let Some(moment) = DateTime::from_timestamp_micros(moment) else {
        return Ok(Reading::not_given(Departure::NoDate));
    };
    if stands_for_none(moment.date_naive()) {
        return Ok(Reading::not_given(Departure::NoDate));
    }
    match midnight_of(moment) {
        Some(Midnight::Both(day) | Midnight::Utc(day)) => Ok(Reading::departed(day, Departure::MidnightTime)),
        Some(Midnight::UnitedKingdom(day)) => Ok(Reading::departed(day, Departure::UnitedKingdomMidnight)),
        None => Err(FAULT),
    }
}

/// Whether a moment is midnight UTC and not in the United Kingdom: a column that has both kinds is of neither.
pub fn is_midnight_utc_alone(moment: i64) -> bool {
    let midnight = DateTime::from_timestamp_micros(moment).and_then(midnight_of);
    matches!(midnight, Some(Midnight::Utc(_)))
}

/// Whether a date is one that systems write where they have none: nobody is paid in such a year.
pub fn stands_for_none(day: NaiveDate) -> bool {
    !(1901..2200).contains(&day.year())
}

/// The same of a day by its number, as Arrow and Parquet hold days.
pub const fn day_stands_for_none(day: i32) -> bool {
    // 1 January 1901 and 1 January 2200.
    day < -25_202 || 84_006 <= day
}

/// A date that stands for none is not given.
fn unless_none(reading: Reading<NaiveDate>) -> Reading<NaiveDate> {
    match reading.value {
        Some(day) if stands_for_none(day) => Reading::not_given(Departure::NoDate),
        Some(_) | None => reading,
    }
}

fn otherwise_written(text: &str) -> ReadResult<NaiveDate> {
    if is_zero_date(text) {
        return Ok(Reading::not_given(Departure::NoDate));
    }
    if let Some(reading) = day_alone(text) {
        return Ok(unless_none(reading));
    }
    if let Some(day) = without_midnight(text) {
        if is_zero_date(day) {
            return Ok(Reading::not_given(Departure::NoDate));
        }
        let reading = day::iso(day).map(Reading::plain).or_else(|| day_alone(day));
        if let Some(reading) = reading {
            return Ok(unless_none(reading.also(Departure::MidnightTime)));
        }
    }
    let day = without_midnight(text).unwrap_or(text);
    Err(match damage(day) {
        Some(damage) => Fault::damaged(EXPECTED, damage),
        None => Fault::expected(expected(day)),
    })
}

/// What is expected in place of a text that is no date: of one that nearly is, what is wrong with it is said.
fn expected(text: &str) -> &'static str {
    let is_by = |sign: char| {
        let parts: Vec<&str> = text.split(sign).collect();
        let [day, month, year] = parts.as_slice() else { return false };
        day::short_number(day).is_some() && day::short_number(month).is_some() && day::year(year).is_some()
    };
    let has_time = || {
        let day = text.split_once(['T', ' ']).filter(|(_, time)| time.contains(':')).map(|(day, _)| day.trim());
        day.is_some_and(|day| day::iso(day).is_some() || day_alone(day).is_some())
    };
    if is_by('-') {
        "a date as YYYY-MM-DD or DD/MM/YYYY, and this one is written with dashes between day, month and year"
    } else if is_by('.') {
        "a date as YYYY-MM-DD or DD/MM/YYYY, and this one is written with dots"
    } else if has_time() {
        "a date, and this is a moment whose time is not midnight"
    } else {
        EXPECTED
    }
}

/// `0000-00-00` and its like: databases write it for no date.
fn is_zero_date(text: &str) -> bool {
    ["0000-00-00", "00000000", "00/00/0000"].contains(&text)
}

/// A day in another form than the plain one, without a time.
fn day_alone(text: &str) -> Option<Reading<NaiveDate>> {
    slashed(text)
        .map(|day| Reading::departed(day, Departure::SlashedDate))
        .or_else(|| compact(text).map(|day| Reading::departed(day, Departure::CompactDate)))
        .or_else(|| with_named_month(text).map(|day| Reading::departed(day, Departure::NamedMonth)))
}

/// `1/5/2018`, day first.
fn slashed(text: &str) -> Option<NaiveDate> {
    let (day, month, year) = slashed_parts(text)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

fn slashed_parts(text: &str) -> Option<(u32, u32, i32)> {
    let (first, rest) = text.split_once('/')?;
    let (second, year) = rest.split_once('/')?;
    Some((day::short_number(first)?, day::short_number(second)?, day::year(year)?))
}

/// `20180501`.
fn compact(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    NaiveDate::from_ymd_opt(day::year(year)?, month.parse().ok()?, day.parse().ok()?)
}

/// `1-May-2018` or `1 May 2018`.
fn with_named_month(text: &str) -> Option<NaiveDate> {
    let (day, rest) = text.split_once(['-', ' '])?;
    let (name, year) = rest.trim_start().rsplit_once(['-', ' '])?;
    NaiveDate::from_ymd_opt(day::year(year)?, month::by_name(name.trim_end())?, day::short_number(day)?)
}

/// The text before a time of midnight, with or without seconds, fraction and zone.
fn without_midnight(text: &str) -> Option<&str> {
    let (day, time) = text.rsplit_once(['T', ' ']).filter(|(_, time)| time.contains(':'))?;
    let time = time.trim_end_matches('Z');
    let time = time.split_once('+').map_or(time, |(time, _)| time);
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let is_midnight = ["00:00:00", "00:00", "0:00", "0:00:00"].contains(&clock);
    (is_midnight && fraction.bytes().all(|byte| byte == b'0')).then(|| day.trim_end())
}

fn damage(text: &str) -> Option<SpreadsheetDamage> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits && text.len() == 5 {
        return Some(SpreadsheetDamage::SerialDate);
    }
    if slashed_parts(text).is_some_and(|(first, second, _)| first <= 12 && 12 < second) {
        return Some(SpreadsheetDamage::MonthFirst);
    }
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).collect();
    match parts.as_slice() {
        [day, _, year] if day.len() <= 2 && day::number(year, 2).is_some() => Some(SpreadsheetDamage::TwoDigitYear),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_however_it_is_written() {
        let of = super::super::Departures::NONE;
        let spellings = [
            ("2018-05-01", of),
            ("20180501", of.with(Departure::CompactDate)),
            ("01/05/2018", of.with(Departure::SlashedDate)),
            ("1/5/2018", of.with(Departure::SlashedDate)),
            ("01-May-2018", of.with(Departure::NamedMonth)),
            ("1 May 2018", of.with(Departure::NamedMonth)),
            ("1-MAI-2018", of.with(Departure::NamedMonth)),
            ("2018-05-01 00:00:00", of.with(Departure::MidnightTime)),
            ("2018-05-01T00:00:00.000Z", of.with(Departure::MidnightTime)),
            ("2018-05-01T00:00:00+01:00", of.with(Departure::MidnightTime)),
            ("2018-05-01 00:00", of.with(Departure::MidnightTime)),
            ("20180501 00:00:00", of.with(Departure::CompactDate).with(Departure::MidnightTime)),
            ("1/5/2018 00:00", of.with(Departure::SlashedDate).with(Departure::MidnightTime)),
            ("1 May 2018 00:00", of.with(Departure::NamedMonth).with(Departure::MidnightTime)),
        ];
        for (text, departures) in spellings {
            assert_eq!(date(text), Ok(Reading { value: Some(day("2018-05-01")), departures }), "{text}");
        }
    }

    #[test]
    fn dates_that_stand_for_none_are_not_given() {
        let none = ["0000-00-00", "0001-01-01", "1900-01-01", "9999-12-31", "2200-01-01", "31/12/9999", "00010101"];
        for text in none.into_iter().chain(["0000-00-00 00:00:00", "0001-01-01T00:00:00"]) {
            assert_eq!(date(text), Ok(Reading::not_given(Departure::NoDate)), "{text}");
        }
        for text in ["1901-01-01", "2199-12-31"] {
            assert_eq!(date(text), Ok(Reading::plain(day(text))));
        }
        for cell in [Cell::Day(day("9999-12-31")), Cell::Moment(253_402_214_400_000_000), Cell::Moment(i64::MAX)] {
            assert_eq!(date_cell(cell), Ok(Reading::not_given(Departure::NoDate)));
        }
        assert_eq!(date("NULL"), Ok(Reading::not_given(Departure::NotAvailable)));
    }

    #[test]
    fn a_day_stands_for_none_by_its_number_as_by_its_date() {
        for text in ["1900-12-31", "1901-01-01", "2199-12-31", "2200-01-01"] {
            let number = super::super::super::day::day_number(day(text));
            assert_eq!(day_stands_for_none(number), stands_for_none(day(text)), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_day_is_a_fault_that_names_the_damage() {
        let damage = |text: &str| date(text).unwrap_err().damage;
        assert_eq!(damage("43221"), Some(SpreadsheetDamage::SerialDate));
        assert_eq!(damage("01/05/18"), Some(SpreadsheetDamage::TwoDigitYear));
        assert_eq!(damage("05/20/2018"), Some(SpreadsheetDamage::MonthFirst));
        assert_eq!(damage("05/20/2018 00:00"), Some(SpreadsheetDamage::MonthFirst));
        for text in [
            "2018-02-31",
            "31/13/2018",
            "2018-5-1",
            "2018-05-01 09:23",
            "tomorrow",
            "+018-05-01",
            "31 Febtober 2018",
            "21335.0",
        ] {
            assert_eq!(damage(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_day_only_at_midnight() {
        let micros = |text: &str| Cell::Moment(text.parse::<DateTime<chrono::Utc>>().unwrap().timestamp_micros());
        let utc = date_cell(micros("2018-05-01T00:00:00Z"));
        assert_eq!(utc, Ok(Reading::departed(day("2018-05-01"), Departure::MidnightTime)));
        let there = date_cell(micros("2018-04-30T23:00:00Z"));
        assert_eq!(there, Ok(Reading::departed(day("2018-05-01"), Departure::UnitedKingdomMidnight)));
        assert!(date_cell(micros("2018-05-01T09:00:00Z")).is_err());
    }

    #[test]
    fn a_number_in_a_column_of_dates_is_read_as_its_digits() {
        assert_eq!(date_cell(Cell::Number(20_180_501)).unwrap().value, Some(day("2018-05-01")));
        assert_eq!(date_cell(Cell::Number(21_335)).unwrap_err().damage, Some(SpreadsheetDamage::SerialDate));
    }

    #[test]
    fn a_date_that_is_nearly_one_is_told_what_is_wrong_with_it() {
        for (text, says) in [
            ("05-05-2018", "written with dashes"),
            ("5.5.2018", "written with dots"),
            ("05.05.2018 00:00", "written with dots"),
            ("2018-05-05 09:30", "time is not midnight"),
            ("05/05/2018T09:30:00Z", "time is not midnight"),
        ] {
            assert!(date(text).unwrap_err().expected.contains(says), "{text}");
        }
        assert_eq!(date("soon").unwrap_err(), Fault::expected(EXPECTED));
    }
}

//! Moments, in microseconds since 1970 began.

use chrono::{DateTime, NaiveTime};

use super::super::cell::Cell;
use super::super::field::Fault;
use super::date::{date, stands_for_none};
use super::{Departure, ReadResult, Reading, unless_not_given};

/// Reads a moment as `2018-04-16T09:23:55Z`, with or without seconds, fraction and zone (none means UTC, `+01` means
/// `+01:00`), or as `16/4/2018 09:23`; of a date its midnight.
///
/// # Errors
/// Anything else.
pub fn moment(text: &str) -> ReadResult<i64> {
    unless_not_given(text, |text| {
        if let Ok(date) = date(text) {
            return Ok(date.map(midnight));
        }
        let reading = iso(text).map(Reading::plain).or_else(|| slashed(text)).ok_or(FAULT)?;
        Ok(unless_none(reading))
    })
}

const FAULT: Fault = Fault::expected("a date or a moment, such as 2018-04-16 or 2018-04-16T09:23:55Z");

/// Reads the moment of a typed cell: a moment, the midnight of a day, or what its text says.
///
/// # Errors
/// As [`moment`].
pub fn moment_cell(cell: Cell<'_>) -> ReadResult<i64> {
    match cell {
        Cell::Moment(moment) => Ok(unless_none(Reading::plain(moment))),
        Cell::Day(day) => Ok(unless_none(Reading::plain(midnight(day)))),
        Cell::Text(_) | Cell::Hundredths(_) | Cell::Number(_) => moment(cell.to_text().trim()),
    }
}

/// The first moment of a day, in microseconds since 1970 began.
pub fn midnight(date: chrono::NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp_micros()
}

/// A moment on a day that stands for none is not given.
fn unless_none(reading: Reading<i64>) -> Reading<i64> {
    let day = reading.value.and_then(DateTime::from_timestamp_micros).map(|moment| moment.date_naive());
    match (reading.value, day) {
        (Some(_), Some(day)) if !stands_for_none(day) => reading,
        (Some(_), _) => Reading::not_given(Departure::NoDate),
        (None, _) => reading,
    }
}

fn iso(text: &str) -> Option<i64> {
    let (day, time) = text.split_once(['T', 't']).or_else(|| text.split_once(' '))?;
    on_day(day, time)
}

fn slashed(text: &str) -> Option<Reading<i64>> {
    let (day, time) = text.split_once(' ')?;
    let day = date(day).ok().filter(|day| day.departures.has(Departure::SlashedDate))?;
    let moment = on_day(&day.value?.to_string(), time)?;
    Some(Reading { value: Some(moment), departures: day.departures })
}

/// A time, with or without seconds, fraction and zone, on a day written `YYYY-MM-DD`.
fn on_day(day: &str, time: &str) -> Option<i64> {
    let time = time.trim_start();
    let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let clock = clock.trim_end();
    let clock = if clock.len() == 4 || clock.find(':') == Some(1) { format!("0{clock}") } else { clock.to_owned() };
    let seconds = if clock.matches(':').count() == 1 { ":00" } else { "" };
    let zone = match (zone.len(), zone.get(..3)) {
        (0, _) => "Z".to_owned(),
        (3, _) => format!("{zone}:00"),
        (5, Some(hours)) if !zone.contains(':') => format!("{hours}:{}", zone.get(3..)?),
        _ => zone.to_owned(),
    };
    let moment = DateTime::parse_from_rfc3339(&format!("{day}T{clock}{seconds}{zone}")).ok()?;
    Some(moment.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> i64 {
        moment(text).unwrap().value.unwrap()
    }

    #[test]
    fn a_moment_is_read_however_it_is_written() {
        let same = [
            "2018-04-16T09:23:00Z",
            "2018-04-16 09:23:00",
            "2018-04-16T09:23",
            "2018-04-16T10:23:00+01:00",
            "2018-04-16T10:23:00+0100",
            "2018-04-16 10:23:00+01",
            "2018-04-16 09:23:00.000000+00",
            "2018-04-16T04:23:00-05:00",
            "16/4/2018 09:23",
            "16/04/2018 9:23:00",
        ];
        for text in same {
            assert_eq!(value(text), value("2018-04-16T09:23:00Z"), "{text}");
        }
        assert_eq!(value("2018-04-16"), value("2018-04-16T00:00:00Z"));
        assert_eq!(value("16/04/2018"), value("2018-04-16"));
        assert!(value("2018-04-16T09:23:55.123456Z") > value("2018-04-16T09:23:55Z"));
    }

    #[test]
    fn what_is_no_moment_is_a_fault_and_what_stands_for_none_is_not_given() {
        for text in [
            "yesterday",
            "2018-04-16T09:23-01:",
            "2018-04-16T09:23+1:00",
            "2018-04-16T09:23+01:0",
            "2018-04-16T25:00:00Z",
            "16/4/2018 noon",
            "43221",
        ] {
            assert!(moment(text).is_err(), "{text}");
        }
        for text in ["0001-01-01T00:00:00Z", "9999-12-31 23:59:59"] {
            assert_eq!(moment(text), Ok(Reading::not_given(Departure::NoDate)), "{text}");
        }
        assert_eq!(moment("NaT"), Ok(Reading::not_given(Departure::NotAvailable)));
    }
}

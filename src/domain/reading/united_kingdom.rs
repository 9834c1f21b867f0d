//! The clock of the United Kingdom: files written there hold days as moments of its midnight.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Europe::London;

/// A day that a moment is the midnight of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Midnight {
    /// Midnight UTC, and in the United Kingdom too: it is winter.
    Both(NaiveDate),
    /// Midnight UTC alone.
    Utc(NaiveDate),
    /// Midnight in the United Kingdom alone.
    UnitedKingdom(NaiveDate),
}

/// The day that a moment is the midnight of, where it is of one.
pub(super) fn midnight_of(moment: DateTime<Utc>) -> Option<Midnight> {
    let there = moment.with_timezone(&London);
    let is_midnight = |time: NaiveTime| time.num_seconds_from_midnight() == 0 && time.nanosecond() == 0;
    let here = NaiveDate::from_ymd_opt(there.year(), there.month(), there.day());
    match (is_midnight(moment.time()), is_midnight(there.time())) {
        (true, true) => Some(Midnight::Both(moment.date_naive())),
        (true, false) => Some(Midnight::Utc(moment.date_naive())),
        (false, true) => here.map(Midnight::UnitedKingdom),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn midnight(text: &str) -> Option<Midnight> {
        midnight_of(text.parse().unwrap())
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn in_summer_the_two_midnights_differ_and_in_winter_they_do_not() {
        assert_eq!(midnight("2018-01-15T00:00:00Z"), Some(Midnight::Both(day("2018-01-15"))));
        assert_eq!(midnight("2018-05-15T00:00:00Z"), Some(Midnight::Utc(day("2018-05-15"))));
        assert_eq!(midnight("2018-05-14T23:00:00Z"), Some(Midnight::UnitedKingdom(day("2018-05-15"))));
        // From 1968 to 1971 the clocks stayed an hour ahead all year round.
        assert_eq!(midnight("1970-01-14T23:00:00Z"), Some(Midnight::UnitedKingdom(day("1970-01-15"))));
        assert_eq!(midnight("2018-01-14T23:00:00Z"), None);
        assert_eq!(midnight("2018-05-15T00:00:00.000001Z"), None);
    }
}

//! Days, and the calendar the samples live in.

use chrono::{Datelike, Months, NaiveDate, Weekday};

/// A calendar day, as the number of days since 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub(super) i32);

/// The first day on which the population is paid.
pub(super) const FIRST: Day = Day::of(2017, 4, 1);
/// The first day that an extract speaks for: of what was paid before, only some stands in it.
pub(super) const OBSERVED_FROM: Day = Day::of(2017, 12, 1);
/// The cut-off: the latest payday in every extract.
pub(super) const CUT_OFF: Day = Day::of(2019, 3, 31);
/// The day the extract is taken: what had been received by then is in it.
pub(super) const TAKEN: Day = Day::of(2019, 4, 3);
/// The first day on which the scheme takes participants.
pub(super) const SCHEME_OPENS: Day = Day::of(2017, 11, 1);

impl Day {
    /// A day by its date; the epoch where there is no such date.
    pub(super) const fn of(year: i32, month: u32, day: u32) -> Self {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => Self(date.to_epoch_days()),
            None => Self(0),
        }
    }

    /// The day as a date.
    pub(super) fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or_default()
    }

    /// The day `days` later, or earlier where negative.
    pub(super) const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The day `months` later, held to the last day of the month.
    pub(super) fn plus_months(self, months: u32) -> Self {
        self.date().checked_add_months(Months::new(months)).map_or(self, |date| Self(date.to_epoch_days()))
    }

    /// A day of the month that lies `months` before this day's: the first.
    pub(super) fn months_before(self, months: u32) -> Self {
        let (year, month, _) = self.parts();
        let first = Self::of(year, month, 1).date();
        first.checked_sub_months(Months::new(months)).map_or(self, |date| Self(date.to_epoch_days()))
    }

    /// The number of days from `earlier` to this one.
    pub(super) const fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Year, month and day of the month.
    pub(super) fn parts(self) -> (i32, u32, u32) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// The last day of this day's month.
    pub(super) fn month_end(self) -> Self {
        let (year, month, _) = self.parts();
        Self::of(year, month, 1).plus_months(1).plus(-1)
    }

    /// Whether the day is a Friday or a Saturday, on which a leaving date is read as the Sunday after.
    pub(super) fn is_read_as_sunday(self) -> bool {
        matches!(self.date().weekday(), Weekday::Fri | Weekday::Sat)
    }

    /// The last day from Monday to Friday that is not after this one.
    pub(super) fn or_working_day_before(self) -> Self {
        match self.date().weekday() {
            Weekday::Sat => self.plus(-1),
            Weekday::Sun => self.plus(-2),
            Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => self,
        }
    }

    /// The year in which the tax year that holds this day began.
    pub(super) fn tax_year(self) -> i32 {
        let (year, month, day) = self.parts();
        if (month, day) < (4, 6) { year - 1 } else { year }
    }

    /// The day as `2018-05-01`. Years of four digits only.
    pub(super) fn text(self) -> [u8; 10] {
        let (year, month, day) = self.parts();
        let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or(0);
        let year = year.unsigned_abs();
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_its_date() {
        assert_eq!(&Day::of(2018, 5, 1).text(), b"2018-05-01");
        assert_eq!(&CUT_OFF.text(), b"2019-03-31");
    }

    #[test]
    fn months_are_held_to_the_last_day() {
        assert_eq!(Day::of(2018, 1, 31).plus_months(1), Day::of(2018, 2, 28));
        assert_eq!(Day::of(2018, 2, 3).month_end(), Day::of(2018, 2, 28));
    }

    #[test]
    fn the_tax_year_begins_on_6_april() {
        assert_eq!(Day::of(2018, 4, 5).tax_year(), 2017);
        assert_eq!(Day::of(2018, 4, 6).tax_year(), 2018);
    }

    #[test]
    fn weekends_are_known() {
        assert_eq!(CUT_OFF.or_working_day_before(), Day::of(2019, 3, 29));
        assert!(Day::of(2019, 3, 30).is_read_as_sunday());
        assert!(!CUT_OFF.is_read_as_sunday());
    }
}

//! Values by the date from which they are in force.

use chrono::NaiveDate;

use super::cited::Citation;
use crate::domain::day::add_days;

/// One value and the days it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period<T> {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; `None` where the value is still in force.
    pub to: Option<NaiveDate>,
    /// The value.
    pub value: T,
    /// What settles it.
    pub cited: Citation,
}

/// A value that changes on known days: at least one period, in order, without gap or overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    periods: Vec<Period<T>>,
}

/// Why periods do not follow one another; `at` counts them from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disorder {
    /// There is no period at all.
    Nothing,
    /// A period ends before it begins.
    Backwards {
        /// The period.
        at: usize,
    },
    /// A period begins on or before the day the one before it begins, or before that one ends.
    Overlap {
        /// The later period.
        at: usize,
    },
    /// Days lie between a period and the one before it.
    Gap {
        /// The later period.
        at: usize,
    },
}

impl<T> Dated<T> {
    /// Puts periods together. A period without an end lasts until the next begins.
    ///
    /// # Errors
    /// The first [`Disorder`] there is.
    pub fn new(mut periods: Vec<Period<T>>) -> Result<Self, Disorder> {
        if periods.is_empty() {
            return Err(Disorder::Nothing);
        }
        let begins: Vec<NaiveDate> = periods.iter().map(|period| period.from).collect();
        for (at, period) in periods.iter_mut().enumerate() {
            if period.to.is_some_and(|to| to < period.from) {
                return Err(Disorder::Backwards { at });
            }
            let Some(next) = begins.get(at + 1) else { continue };
            let day_before_next = add_days(*next, -1);
            let to = *period.to.get_or_insert(day_before_next);
            if to < period.from || day_before_next < to {
                return Err(Disorder::Overlap { at: at + 1 });
            }
            if to < day_before_next {
                return Err(Disorder::Gap { at: at + 1 });
            }
        }
        Ok(Self { periods })
    }

    /// The value in force on a day; `None` outside all periods, never the nearest.
    pub fn on(&self, day: NaiveDate) -> Option<&T> {
        let in_force = |period: &&Period<T>| period.from <= day && period.to.is_none_or(|to| day <= to);
        self.periods.iter().find(in_force).map(|period| &period.value)
    }

    /// The periods in order.
    pub fn periods(&self) -> &[Period<T>] {
        &self.periods
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, to: Option<&str>, value: u8) -> Period<u8> {
        Period {
            from: day(from),
            to: to.map(day),
            value,
            cited: Citation { source: "test".into(), at: None, note: None, parameter: None },
        }
    }

    #[test]
    fn a_value_is_in_force_from_its_day_until_the_day_before_the_next() {
        let dated = Dated::new(vec![period("2017-01-01", None, 1), period("2018-01-01", None, 2)]).unwrap();
        assert_eq!(dated.on(day("2016-12-31")), None);
        assert_eq!(dated.on(day("2017-12-31")), Some(&1));
        assert_eq!(dated.on(day("2018-01-01")), Some(&2));
    }

    #[test]
    fn gaps_overlaps_and_backward_periods_are_refused() {
        let two = |to: &str, from: &str| Dated::new(vec![period("2017-01-01", Some(to), 1), period(from, None, 2)]);
        assert_eq!(two("2017-06-30", "2017-07-02").unwrap_err(), Disorder::Gap { at: 1 });
        assert_eq!(two("2017-06-30", "2017-06-30").unwrap_err(), Disorder::Overlap { at: 1 });
        assert_eq!(two("2016-06-30", "2017-07-01").unwrap_err(), Disorder::Backwards { at: 0 });
        assert_eq!(Dated::<u8>::new(vec![]).unwrap_err(), Disorder::Nothing);
        assert!(two("2017-06-30", "2017-07-01").is_ok());
    }
}

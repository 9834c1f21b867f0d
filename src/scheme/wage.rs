//! The minimum wage by date and age.
//!
//! Source: National Minimum Wage Regulations 2015 as amended; the adult rate is paid from 25, from 23 since April 2021,
//! from 21 since April 2024. Apprentice rates are left out: RTI does not say who is an apprentice.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::value::Datetime;

use crate::domain::Pence;
use crate::domain::day::age_on;

/// The lowest legal hourly rates, each from the day it began. A day outside the table has no rate.
#[derive(Debug, Clone)]
pub struct WageTable {
    rates: Vec<WageRates>,
    ends: NaiveDate,
}

#[derive(Debug, Clone)]
struct WageRates {
    from: NaiveDate,
    /// The youngest age each rate is for, oldest first.
    by_age: [(u32, Pence); 5],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WageTableFile {
    ends: Datetime,
    rates: Vec<WageRatesFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WageRatesFile {
    from: Datetime,
    age_25: String,
    age_23: String,
    age_21: String,
    age_18: String,
    under_18: String,
}

/// Why a wage table could not be used.
#[derive(Debug, thiserror::Error)]
pub enum WageTableError {
    /// The text is not the TOML of a wage table.
    #[error("the wage table is not well formed: {0}")]
    Malformed(String),
    /// A rate is not an amount, a date is not a date, or the rates are not in order of date.
    #[error("the wage table's rates from {0} cannot be used: dates must rise and rates must be pounds and pence")]
    Rates(String),
}

impl WageTable {
    /// The table built into the program.
    ///
    /// # Errors
    /// Never for the table the program ships, which its tests load.
    pub fn built_in() -> Result<Self, WageTableError> {
        Self::parse(include_str!("builtin/minimum-wage.toml"))
    }

    /// Reads a table.
    ///
    /// # Errors
    /// As [`WageTableError`].
    pub fn parse(text: &str) -> Result<Self, WageTableError> {
        let file: WageTableFile =
            toml::from_str(text).map_err(|error| WageTableError::Malformed(error.message().into()))?;
        let ends = to_date(file.ends).ok_or_else(|| WageTableError::Rates(file.ends.to_string()))?;
        let mut rates: Vec<WageRates> = Vec::with_capacity(file.rates.len());
        for entry in file.rates {
            let read = read_rates(&entry).ok_or_else(|| WageTableError::Rates(entry.from.to_string()))?;
            let rises = rates.last().is_none_or(|last| last.from < read.from);
            if !rises || ends < read.from {
                return Err(WageTableError::Rates(entry.from.to_string()));
            }
            rates.push(read);
        }
        Ok(Self { rates, ends })
    }

    /// The hourly rate on `day` for someone born on `born`; `None` on a day outside the table.
    pub fn hourly_rate(&self, day: NaiveDate, born: NaiveDate) -> Option<Pence> {
        if self.ends < day {
            return None;
        }
        let rates = self.rates.iter().rev().find(|rates| rates.from <= day)?;
        let age = age_on(day, born);
        rates.by_age.iter().find(|(youngest, _)| *youngest <= age).map(|(_, rate)| *rate)
    }

    /// The adult National Living Wage on `day`: the rate of the oldest; `None` on a day outside the table.
    pub fn national_living_wage(&self, day: NaiveDate) -> Option<Pence> {
        let rates = self.rates.iter().rev().find(|rates| rates.from <= day && day <= self.ends)?;
        rates.by_age.first().map(|(_, rate)| *rate)
    }

    /// The days on which rates begin, in order.
    pub fn changes(&self) -> Vec<NaiveDate> {
        self.rates.iter().map(|rates| rates.from).collect()
    }

    /// The first day of the table, where it has one.
    pub fn begins(&self) -> Option<NaiveDate> {
        self.rates.first().map(|rates| rates.from)
    }

    /// The last day of the table.
    pub fn ends(&self) -> NaiveDate {
        self.ends
    }
}

fn read_rates(entry: &WageRatesFile) -> Option<WageRates> {
    let rate = |text: &str| Pence::parse(text).ok();
    Some(WageRates {
        from: to_date(entry.from)?,
        by_age: [
            (25, rate(&entry.age_25)?),
            (23, rate(&entry.age_23)?),
            (21, rate(&entry.age_21)?),
            (18, rate(&entry.age_18)?),
            (0, rate(&entry.under_18)?),
        ],
    })
}

/// A TOML date without a time, as a calendar date.
fn to_date(datetime: Datetime) -> Option<NaiveDate> {
    let date = datetime.date.filter(|_| datetime.time.is_none() && datetime.offset.is_none())?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(day: &str, born: &str) -> Option<Pence> {
        WageTable::built_in().unwrap().hourly_rate(day.parse().unwrap(), born.parse().unwrap())
    }

    #[test]
    fn the_rate_is_that_of_the_day_and_of_the_age_on_it() {
        assert_eq!(rate("2018-03-31", "1990-01-15"), Some(Pence(750)));
        assert_eq!(rate("2018-04-01", "1990-01-15"), Some(Pence(783)));
        assert_eq!(rate("2018-05-01", "1993-05-02"), Some(Pence(738)));
        assert_eq!(rate("2018-05-02", "1993-05-02"), Some(Pence(783)));
        assert_eq!(rate("2023-04-01", "1998-04-01"), Some(Pence(1042)));
        assert_eq!(rate("2024-04-01", "2003-04-01"), Some(Pence(1144)));
        assert_eq!(rate("2018-05-01", "2001-06-01"), Some(Pence(420)));
    }

    #[test]
    fn a_day_outside_the_table_has_no_rate() {
        assert_eq!(rate("2016-03-31", "1990-01-15"), None);
        assert_eq!(rate("2027-03-31", "1990-01-15"), Some(Pence(1271)));
        assert_eq!(rate("2027-04-01", "1990-01-15"), None);
    }

    #[test]
    fn rates_out_of_order_are_refused() {
        let swapped = include_str!("builtin/minimum-wage.toml").replace("2016-10-01", "2016-03-01");
        assert!(WageTable::parse(&swapped).is_err());
    }
}

//! Facts: what a rule or an answer of the evidence rests on, as data.

use std::fmt;

use chrono::NaiveDate;

use super::day::LongDate;
use super::{EmployerRef, Hours, Pence};

/// One thing a rule read, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
}

/// The value of a fact. `Debug` tells its kind and never the value: a fact may be a cell of the claim.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// A calendar date.
    Date(NaiveDate),
    /// A number of days.
    Days(i64),
    /// Hours a week.
    Hours(Hours),
    /// An amount of money.
    Money(Pence),
    /// An employer.
    Employer(EmployerRef),
    /// A text: a column's name, a list, a value of the claim itself.
    Text(Box<str>),
}

impl Fact {
    /// A fact.
    pub fn new(name: &'static str, value: impl Into<Value>) -> Self {
        Self { name, value: value.into() }
    }
}

impl Value {
    /// The value as data: dates as `YYYY-MM-DD`, money in pounds without a sign for the currency.
    pub fn plain(&self) -> String {
        match self {
            Self::Date(date) => date.to_string(),
            Self::Days(days) => days.to_string(),
            Self::Hours(hours) => hours.to_string(),
            Self::Money(money) => money.plain(),
            Self::Employer(employer) => employer.to_string(),
            Self::Text(text) => text.to_string(),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Date(_) => "Date",
            Self::Days(_) => "Days",
            Self::Hours(_) => "Hours",
            Self::Money(_) => "Money",
            Self::Employer(_) => "Employer",
            Self::Text(_) => "Text",
        };
        out.debug_tuple(kind).finish_non_exhaustive()
    }
}

/// The value in words, for messages.
impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => write!(out, "{}", LongDate(*date)),
            Self::Days(1) => out.write_str("1 day"),
            Self::Days(days) => write!(out, "{days} days"),
            Self::Hours(hours) => write!(out, "{hours} hours"),
            Self::Money(money) => write!(out, "{money}"),
            Self::Employer(employer) => write!(out, "{employer}"),
            Self::Text(text) => out.write_str(text),
        }
    }
}

impl From<NaiveDate> for Value {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<i64> for Value {
    fn from(days: i64) -> Self {
        Self::Days(days)
    }
}

impl From<u32> for Value {
    fn from(days: u32) -> Self {
        Self::Days(days.into())
    }
}

impl From<Hours> for Value {
    fn from(hours: Hours) -> Self {
        Self::Hours(hours)
    }
}

impl From<Pence> for Value {
    fn from(money: Pence) -> Self {
        Self::Money(money)
    }
}

impl From<&EmployerRef> for Value {
    fn from(employer: &EmployerRef) -> Self {
        Self::Employer(employer.clone())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_data_in_one_form_and_debug_tells_its_kind_alone() {
        let day = NaiveDate::from_ymd_opt(2018, 7, 30).unwrap();
        let values: [(Value, &str, &str); 6] = [
            (Value::Date(day), "2018-07-30", "Date(..)"),
            (Value::Days(91), "91", "Days(..)"),
            (Value::Hours(Hours::parse("16.5").unwrap()), "16.50", "Hours(..)"),
            (Value::Money(Pence(250_000)), "2500.00", "Money(..)"),
            (Value::Employer(EmployerRef::parse("123/A246").unwrap().value.unwrap()), "123/A246", "Employer(..)"),
            (Value::Text("nino".into()), "nino", "Text(..)"),
        ];
        for (value, plain, shown) in values {
            assert_eq!((value.plain().as_str(), format!("{value:?}").as_str()), (plain, shown));
        }
    }
}

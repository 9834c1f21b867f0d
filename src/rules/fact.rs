//! Facts: what a rule read, as data, and the words made from them.

use std::fmt;

use chrono::NaiveDate;

use crate::domain::day::LongDate;
use crate::domain::{EmployerRef, Hours, Pence};

/// One thing a rule read, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// Its value.
    pub value: FactValue,
}

/// The value of a fact. `Debug` tells its kind and never the value: a fact may be a cell of the claim.
#[derive(Clone, PartialEq, Eq)]
pub enum FactValue {
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
    pub fn new(name: &'static str, value: impl Into<FactValue>) -> Self {
        Self { name, value: value.into() }
    }
}

impl FactValue {
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

impl fmt::Debug for FactValue {
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
impl fmt::Display for FactValue {
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

impl From<NaiveDate> for FactValue {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<i64> for FactValue {
    fn from(days: i64) -> Self {
        Self::Days(days)
    }
}

impl From<u32> for FactValue {
    fn from(days: u32) -> Self {
        Self::Days(days.into())
    }
}

impl From<Hours> for FactValue {
    fn from(hours: Hours) -> Self {
        Self::Hours(hours)
    }
}

impl From<Pence> for FactValue {
    fn from(money: Pence) -> Self {
        Self::Money(money)
    }
}

impl From<&EmployerRef> for FactValue {
    fn from(employer: &EmployerRef) -> Self {
        Self::Employer(employer.clone())
    }
}

impl From<&str> for FactValue {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for FactValue {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

/// Fills a template: `{name}` becomes the fact of that name.
pub(super) fn fill(template: &str, facts: &[Fact]) -> String {
    let mut message = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        match facts.iter().find(|fact| fact.name == name) {
            Some(fact) => message.push_str(&fact.value.to_string()),
            None => message.push_str("not known"),
        }
        rest = tail;
    }
    message.push_str(rest);
    message
}

/// The names of the facts that a template has places for.
pub(super) fn names(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split('{').skip(1).map(|place| place.split_once('}').map_or(place, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_made_from_the_facts() {
        let facts = [Fact::new("days", 90_u32), Fact::new("on", NaiveDate::from_ymd_opt(2018, 5, 1).unwrap())];
        assert_eq!(fill("only {days} until {on}", &facts), "only 90 days until 1 May 2018");
        assert_eq!(fill("since {then}", &facts), "since not known");
        assert_eq!(names("only {days} until {on}").collect::<Vec<_>>(), ["days", "on"]);
    }
}

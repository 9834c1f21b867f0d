//! The parameters of a scheme: values that no source settles and a run supplies.

use std::collections::BTreeMap;

use super::SchemeStatus;

/// Values supplied for a run, by the parameter's id, as they were typed.
pub type Supplied = BTreeMap<String, String>;

/// A value of a scheme that is supplied from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name on the command line.
    pub id: String,
    /// What it is, and why no source settles it.
    pub says: String,
    /// What kind of value it takes.
    pub unit: Unit,
    /// The value where none is supplied; an assumption.
    pub default: Option<String>,
    /// A value to try the scheme with. It never decides a claim.
    pub example: Option<String>,
    /// Whether no run is possible without it.
    pub needed: bool,
    /// The value supplied.
    pub given: Option<String>,
}

/// A parameter that a run must supply and has not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{scheme} ({}) needs {id}: {says}", status.name())]
pub struct NotSupplied {
    /// The scheme, by id.
    pub scheme: String,
    /// How much of the scheme published sources settle.
    pub status: SchemeStatus,
    /// The parameter's name on the command line.
    pub id: String,
    /// What it is, and why no source settles it.
    pub says: String,
    /// A value to try the scheme with.
    pub example: Option<String>,
}

impl NotSupplied {
    /// What to give on the command line.
    pub fn hint(&self) -> String {
        let Self { id, example, .. } = self;
        let value = example.as_deref().unwrap_or("VALUE");
        format!("give --param {id}=VALUE, such as --param {id}={value}")
    }
}

/// What kind of value a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of days.
    Days,
    /// Hours a week.
    Hours,
    /// An amount in pounds.
    Pounds,
    /// One of a few words.
    Choice,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 4] = [Self::Days, Self::Hours, Self::Pounds, Self::Choice];

    /// The unit as scheme files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Pounds => "pounds",
            Self::Choice => "choice",
        }
    }
}

/// Where the value of a parameter comes from in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supply<'a> {
    /// It was supplied.
    Given(&'a str),
    /// The scheme's own assumption.
    Default(&'a str),
    /// Nothing was supplied; an example keeps the scheme whole until it is.
    Example(&'a str),
    /// There is none: what rests on it does not apply.
    Nothing,
}

impl Parameter {
    /// Where the value comes from.
    pub fn supply(&self) -> Supply<'_> {
        let given = self.given.as_deref().map(Supply::Given);
        let default = || self.default.as_deref().map(Supply::Default);
        let example = || self.example.as_deref().filter(|_| self.needed).map(Supply::Example);
        given.or_else(default).or_else(example).unwrap_or(Supply::Nothing)
    }

    /// Whether a run must be refused because it is missing.
    pub fn is_missing(&self) -> bool {
        self.needed && matches!(self.supply(), Supply::Example(_) | Supply::Nothing)
    }
}

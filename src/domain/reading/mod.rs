//! What a cell may say: one reading for each kind of column, the same whatever wrote the file.
//!
//! A value is what it means and not how it is written. What has exactly one reading is read, and each departure from
//! the plain form is a [`Departure`] that the account counts; what has two readings, or none, is a
//! [`Fault`](super::Fault). Which kind of value a column holds is its [`Kind`].
//!
//! | kind | plain form | also read |
//! |---|---|---|
//! | [`date`] | `2018-05-01` | `20180501`, `1/5/2018`, `1-May-2018`, each with a time of midnight; days that stand for none are not given |
//! | [`moment`] | `2018-05-01T09:23:55Z` | without zone, `T`, seconds or time; `1/5/2018 09:23` |
//! | [`money`](money::pounds) | `1250.00` | `£`, commas, `(1,250.00)`, `1250.00-`, noughts behind the pence |
//! | [`whole`] | `7` | `7.0` |
//! | [`hours`](hours::weekly) | `16.5` | `16.5 hours` |
//! | [`flag`] | `true`, `Y` | `1`, `0` |
//! | [`code`] | the code | any case, blanks, hyphens and underscores; HMRC's own words |
//!
//! In all of these, words such as `NA` and `NULL` mean that the value is not given. Names, identifiers and free text are
//! read as they stand: people are called Null.

pub mod code;
pub mod date;
pub mod departure;
pub mod flag;
pub mod hours;
pub mod moment;
pub mod money;
mod month;
mod united_kingdom;
pub mod whole;

pub use departure::{Departure, Departures};

use super::field::Fault;

/// The kind of value a column holds: it decides how a cell of any type is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Names and other free text.
    Text,
    /// What names a thing: an identifier, a reference, a payroll number.
    Identifier,
    /// A National Insurance number.
    Nino,
    /// A day.
    Date,
    /// A moment.
    Moment,
    /// A whole number.
    Whole,
    /// Pounds and pence.
    Money,
    /// Hours a week.
    Hours,
    /// Yes or no.
    Flag,
    /// One of a list.
    Code,
}

/// A value, or nothing, and how the cell departs from the plain form.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Reading<T> {
    /// The value; nothing where the cell says that it is not given.
    pub value: Option<T>,
    /// How the cell departs from the plain form.
    pub departures: Departures,
}

impl<T> Reading<T> {
    /// A value in its plain form.
    pub const fn plain(value: T) -> Self {
        Self { value: Some(value), departures: Departures::NONE }
    }

    /// A value in another form.
    pub const fn departed(value: T, departure: Departure) -> Self {
        Self { value: Some(value), departures: Departures::NONE.with(departure) }
    }

    /// A cell whose words mean that the value is not given.
    pub const fn not_given(departure: Departure) -> Self {
        Self { value: None, departures: Departures::NONE.with(departure) }
    }

    /// The same value in a form that departs in one more way.
    #[must_use]
    pub fn also(self, departure: Departure) -> Self {
        Self { departures: self.departures.with(departure), ..self }
    }

    /// The same form of another value.
    pub fn map<U>(self, other: impl FnOnce(T) -> U) -> Reading<U> {
        Reading { value: self.value.map(other), departures: self.departures }
    }
}

/// How a reader answers: a value or nothing, or what it expected.
pub type ReadResult<T> = Result<Reading<T>, Fault>;

/// Whether a cell's text says that there is no value: the words that statistics programs, databases and spreadsheets
/// write in cells they have nothing for.
pub fn says_not_given(text: &str) -> bool {
    const WORDS: [&str; 9] = ["na", "n/a", "#n/a", "null", "none", "nan", "nat", "-", "."];
    text.len() <= 4 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Reads a text with a reader of values, unless it says that there is none.
///
/// # Errors
/// As the reader.
pub fn unless_not_given<T>(text: &str, read: impl FnOnce(&str) -> ReadResult<T>) -> ReadResult<T> {
    match read(text) {
        Err(_) if says_not_given(text) => Ok(Reading::not_given(Departure::NotAvailable)),
        read => read,
    }
}

/// Reads a text in its plain form only.
///
/// # Errors
/// As the reader.
pub fn plain<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> ReadResult<T> {
    parse(text).map(Reading::plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_no_value_are_known_in_any_case() {
        for word in ["NA", "n/a", "#N/A", "null", "NULL", "None", "NaN", "nan", "NaT", "-", "."] {
            assert!(says_not_given(word), "{word}");
        }
        for word in ["", "N", "nil", "--", "not", "unknown", "0"] {
            assert!(!says_not_given(word), "{word}");
        }
    }
}

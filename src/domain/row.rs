//! The cells of a row by column, and the one error that says why a row cannot be used.

use std::fmt;

use chrono::NaiveDate;

use super::cell::Cell;
use super::field::{Fault, Field};
use super::nino::NinoText;
use super::reading::code::spelled_plainly;
use super::reading::{Departure, ReadResult, Reading, says_not_given};
use super::tally::Tally;

/// Why a row cannot be used: the first of its cells that does not hold what its column asks for.
///
/// It says where the cell is, what was found and what was wanted. It never holds the cell's content, which may be
/// personal data, nor the name of the file: whoever opened the file knows that and adds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("row {row}, {column}: found {found}, {fault}")]
pub struct CellError {
    /// The row's number in its file, counted from 1.
    pub row: u32,
    /// The column, by our name.
    pub column: &'static str,
    /// What the cell holds.
    pub found: Found,
    /// What the cell should have held.
    pub fault: Fault,
}

/// What a cell holds, by its shape and never by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or blanks alone.
    Nothing,
    /// So many digits and no other character.
    Digits(usize),
    /// So many characters, not all of them digits.
    Characters(usize),
}

impl Found {
    /// The shape of a cell's text; blanks around it do not count.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        match text.chars().count() {
            0 => Self::Nothing,
            count if text.bytes().all(|byte| byte.is_ascii_digit()) => Self::Digits(count),
            count => Self::Characters(count),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => out.write_str("nothing"),
            Self::Digits(1) => out.write_str("1 digit"),
            Self::Digits(count) => write!(out, "{count} digits"),
            Self::Characters(1) => out.write_str("1 character"),
            Self::Characters(count) => write!(out, "{count} characters"),
        }
    }
}

/// One cell of a row, read as what its column holds, with its place for the error.
pub(super) struct RowCell<T> {
    pub(super) row: u32,
    pub(super) column: &'static str,
    pub(super) field: Field<T>,
}

impl<T> RowCell<T> {
    /// The value of a cell that may be empty.
    pub(super) fn optional(self) -> Result<Option<T>, CellError> {
        match self.error() {
            Some(error) => Err(error),
            None => Ok(self.field.into_given()),
        }
    }

    /// The value of a cell that must hold one.
    pub(super) fn required(self) -> Result<T, CellError> {
        let nothing = self.holds(Found::Nothing, Fault::expected("a value"));
        self.optional()?.ok_or(nothing)
    }

    fn error(&self) -> Option<CellError> {
        self.field.unreadable().map(|(fault, text)| self.holds(Found::of(text), *fault))
    }

    fn holds(&self, found: Found, fault: Fault) -> CellError {
        CellError { row: self.row, column: self.column, found, fault }
    }
}

/// The cells of one row of text, each read by the name of its column.
pub(super) struct RowCells<'t, C> {
    pub(super) row: u32,
    pub(super) cell: C,
    pub(super) tally: &'t mut Tally,
}

impl<'a, C: Fn(&'static str) -> Option<&'a str>> RowCells<'_, C> {
    /// A cell that `read` reads.
    pub(super) fn value<T>(&mut self, column: &'static str, read: impl FnOnce(&str) -> ReadResult<T>) -> RowCell<T> {
        let field = self.tally.text(column, (self.cell)(column), read);
        self.placed(column, field)
    }

    /// A cell of free text, or an identifier.
    pub(super) fn text(&mut self, column: &'static str) -> RowCell<Box<str>> {
        self.value(column, |text| Ok(Reading::plain(text.into())))
    }

    /// A cell that holds one of a list of codes that is not known here, in the spelling of such lists.
    pub(super) fn code(&mut self, column: &'static str) -> RowCell<Box<str>> {
        self.value(column, |text| {
            let is_given = !says_not_given(text);
            Ok(if is_given { spelled_plainly(text) } else { Reading::not_given(Departure::NotAvailable) })
        })
    }

    /// A cell that holds a date.
    pub(super) fn date(&mut self, column: &'static str) -> RowCell<NaiveDate> {
        let field = self.tally.date(column, (self.cell)(column).map(Cell::Text));
        self.placed(column, field)
    }

    /// A cell that holds a National Insurance number, well-formed or not.
    pub(super) fn nino(&mut self, column: &'static str) -> RowCell<NinoText> {
        let field = self.tally.nino(column, (self.cell)(column));
        self.placed(column, field)
    }

    fn placed<T>(&self, column: &'static str, field: Field<T>) -> RowCell<T> {
        RowCell { row: self.row, column, field }
    }
}

/// Reads `true` or `false` in words: the plain form of a flag.
///
/// # Errors
/// Anything but `true`, `false`, `Y`, `N`, `yes` or `no`, in any case.
pub fn parse_flag(text: &str) -> Result<bool, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "y" | "yes" => Ok(true),
        "false" | "n" | "no" => Ok(false),
        _ => Err(Fault::expected("yes or no: Y, N, true, false, 1 or 0")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Claim, Funding, Participant, Referral};

    #[test]
    fn a_shape_is_told_without_the_content() {
        let found = |text: &str| Found::of(text).to_string();
        assert_eq!([found(" "), found("7"), found(" 43221 ")], ["nothing", "1 digit", "5 digits"]);
        assert_eq!([found("x"), found("Zo\u{eb} 1")], ["1 character", "5 characters"]);
    }

    #[test]
    fn every_reader_says_row_column_what_was_found_and_what_was_wanted() {
        let cell = |name: &'static str| match name {
            "date_of_birth" | "from" => Some("15.1.1990"),
            "nino" => Some("NC100001A"),
            _ => Some("1"),
        };
        let tally = &mut Tally::default();
        let claim = Claim::read(3, cell, tally);
        let of_claim = claim.cells().iter().filter_map(|cell| cell.unreadable).map(|(error, _)| error).next();
        let errors = [
            of_claim.unwrap(),
            Participant::read(3, cell, tally).unwrap_err(),
            Referral::read(3, cell, tally).unwrap_err(),
            Funding::read(3, cell, tally).unwrap_err(),
        ];
        for error in errors {
            let column = if error.column == "from" { "from" } else { "date_of_birth" };
            let words =
                "found 9 characters, expected a date as YYYY-MM-DD or DD/MM/YYYY, and this one is written with dots";
            assert_eq!(error.to_string(), format!("row 3, {column}: {words}"));
        }
    }
}

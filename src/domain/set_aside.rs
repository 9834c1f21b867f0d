//! A row of an extract that names a person and is no payment, because a cell of it cannot be read.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use super::employer::EmployerRef;
use super::nino::Stem;
use super::payment_id::PaymentId;
use super::row::CellError;

/// A row that was set aside, with what could be read of it: the person keeps the knowledge that there is a payment which
/// nobody could read, and the rules judge whether it could have mattered. It holds no cell's content that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideRow {
    /// Which of the run's earnings files the row is in, counted from 0.
    pub file: u32,
    /// How outputs name that file; whoever reads the file adds it.
    pub file_name: Arc<str>,
    /// The row's number in that file, counted from 1.
    pub row: u32,
    /// The line the row begins on, in a text file; whoever reads the file adds it.
    pub line: Option<u64>,
    /// Whose row it is.
    pub stem: Stem,
    /// What could not be read of it.
    pub unreadable: UnreadablePart,
    /// The payday, where it could be read.
    pub payment_date: Option<NaiveDate>,
    /// What names the payment, where given and read.
    pub payment_id: Option<PaymentId>,
    /// When HMRC received the row, where given and read.
    pub received_at: Option<i64>,
    /// The PAYE scheme, where both of its cells could be read.
    pub employer: Option<EmployerRef>,
    /// When HMRC voided the payment, where given and read.
    pub no_longer_valid: Option<NaiveDate>,
    /// Whether the row says that the payment is a pension.
    pub pension_payment: bool,
}

impl SetAsideRow {
    /// Corrects the row and line numbers of a row that was counted from the beginning of a split.
    pub fn move_behind(&mut self, rows: u64, lines: u64) {
        self.row = self.row.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
        self.line = self.line.map(|line| line + lines);
        if let UnreadablePart::Cell(error) = &mut self.unreadable {
            error.row = self.row;
        }
    }
}

/// What could not be read of a row. `Display` says it without any content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnreadablePart {
    /// One cell, which leaves the others.
    Cell(CellError),
    /// The record as a whole: nobody can tell which of its cells is which.
    Record,
}

/// Where the row stands and what could not be read, without any content.
impl fmt::Display for SetAsideRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}, ", self.file_name)?;
        match self.line {
            Some(line) => write!(out, "line {line}")?,
            None => write!(out, "row {}", self.row)?,
        }
        write!(out, ", {}", self.unreadable)
    }
}

impl std::error::Error for SetAsideRow {}

impl fmt::Display for UnreadablePart {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell(CellError { column, found, fault, .. }) => write!(out, "{column}: found {found}, {fault}"),
            Self::Record => out.write_str("which is not a whole record"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Fault;
    use super::super::nino::NinoText;
    use super::super::row::Found;
    use super::*;

    #[test]
    fn a_row_says_where_it_stands_and_what_could_not_be_read() {
        let fault = Fault::expected("a date");
        let error = CellError { row: 7, column: "payment_date", found: Found::Characters(3), fault };
        let mut row = SetAsideRow {
            file: 0,
            file_name: "earnings.csv".into(),
            row: 7,
            line: None,
            stem: NinoText::read("NC100001A").stem().unwrap(),
            unreadable: UnreadablePart::Cell(error),
            payment_date: None,
            payment_id: None,
            received_at: None,
            employer: None,
            no_longer_valid: None,
            pension_payment: false,
        };
        assert_eq!(row.to_string(), format!("earnings.csv, row 7, payment_date: found {}, {fault}", error_found(&row)));
        row.line = Some(8);
        row.move_behind(100, 200);
        assert_eq!((row.row, row.line), (107, Some(208)));
        assert!(matches!(&row.unreadable, UnreadablePart::Cell(error) if error.row == 107));
        row.unreadable = UnreadablePart::Record;
        assert_eq!(row.to_string(), "earnings.csv, line 208, which is not a whole record");
    }

    fn error_found(row: &SetAsideRow) -> Found {
        match &row.unreadable {
            UnreadablePart::Cell(error) => error.found,
            UnreadablePart::Record => Found::Nothing,
        }
    }
}

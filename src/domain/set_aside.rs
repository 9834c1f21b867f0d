//! A row of an extract that names a person and is no payment, because a cell of it cannot be read.

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
    /// The row's number in that file, counted from 1.
    pub row: u32,
    /// The line the row begins on, in a text file; whoever reads the file adds it.
    pub line: Option<u64>,
    /// Whose row it is.
    pub stem: Stem,
    /// Why it was set aside.
    pub error: CellError,
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
        self.error.row = self.row;
    }
}

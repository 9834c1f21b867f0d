//! Reads files of any accepted form into rows by column name; nothing is lost and nothing guessed.
//!
//! A reader never repairs. A damaged record is set aside with its position and its bytes ([`QuarantinedRow`]); a file
//! that cannot be used at all is one clear error ([`crate::error::InputError`]) that names the file and no cell.

pub mod columns;
pub mod columns_file;
pub mod columns_proposal;
pub mod contain;
pub mod csv;
pub mod file_options;
mod guessed_columns;
pub mod json;
mod json_cell;
mod json_names;
mod magic;
pub mod parquet;
mod parquet_encryption;
pub mod paths;
pub mod quarantine;
pub mod source;
pub mod text;
pub mod workbook;

pub mod earnings;
pub mod row_batch;
mod slices;
pub mod table;
pub mod typed;

use std::fmt;

/// Which of a run's inputs something comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The claims.
    Claims,
    /// The register.
    Register,
    /// The earnings.
    Earnings,
}

impl Role {
    /// The role as outputs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Register => "register",
            Self::Earnings => "earnings",
        }
    }
}

/// A row that could not be read, kept word for word.
#[derive(Clone, PartialEq, Eq)]
pub struct QuarantinedRow {
    /// Which of the role's files, counted from 0.
    pub file: u32,
    /// The row's number in the file, counted from 1, quarantined rows included.
    pub row: u32,
    /// The line of a text file the row begins on, counted from 1.
    pub line: Option<u64>,
    /// Why it could not be read. It never holds what a cell held.
    pub reason: String,
    /// The row as it stands in the file; of a Parquet file, the cells as text.
    pub raw: Vec<u8>,
}

/// Tells where the row stands and why it could not be read; what it holds may be personal data and is not shown.
impl fmt::Debug for QuarantinedRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, row, line, reason, raw: _ } = self;
        let mut shown = out.debug_struct("QuarantinedRow");
        shown.field("file", file).field("row", row).field("line", line).field("reason", reason).finish_non_exhaustive()
    }
}

impl QuarantinedRow {
    /// Corrects the row and line numbers of a row that was counted from the beginning of a split.
    pub fn move_behind(&mut self, rows: u64, lines: u64) {
        self.row = self.row.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
        self.line = self.line.map(|line| line + lines);
    }
}

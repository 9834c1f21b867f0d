//! The register, matched to the claims on the participant's number.

use polars::prelude::StringChunked;

use crate::batch::{RegisterAnswer, RegisterIndex, RegisterRows};
use crate::domain::{Claim, Participant, Tally};
use crate::extract::QuarantinedRow;
use crate::extract::table::{Table, text_column};

/// A register matched to the claims of a batch.
pub struct Register {
    /// What the register says of each claim.
    pub of_claims: Vec<RegisterAnswer>,
    /// Rows that could not be read, records or not.
    pub quarantined: Vec<QuarantinedRow>,
    /// How many rows there are.
    pub rows: u64,
    /// Counts of how the cells were written.
    pub tally: Tally,
}

/// A register's rows as columns of text.
struct RegisterColumns<'t> {
    cells: Vec<Option<StringChunked>>,
    lines: &'t [u64],
}

impl RegisterRows for RegisterColumns<'_> {
    fn cell(&self, row: usize, column: &'static str) -> Option<&str> {
        let number = Participant::COLUMNS.iter().position(|own| own.name == column)?;
        self.cells.get(number)?.as_ref()?.get(row)
    }

    fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or(0)
    }
}

impl Register {
    /// Matches a register to the claims of a batch.
    pub fn matched(table: &Table, claims: &[Claim]) -> Self {
        let cells = Participant::COLUMNS.iter().map(|of| text_column(&table.frame, of.name)).collect();
        let rows = RegisterColumns { cells, lines: &table.lines };
        let damaged = |row: &usize| table.quarantined.binary_search_by_key(&number(*row), |row| row.row).is_ok();
        let mut index = RegisterIndex::new(&rows, (0..table.frame.height()).filter(|row| !damaged(row)));
        index.add_damaged(table.quarantined.iter().map(|row| row.raw.as_slice()));
        let unreadable = index.unreadable.iter().map(|(row, reason)| QuarantinedRow {
            file: 0,
            row: number(*row),
            line: table.lines.get(*row).copied(),
            reason: reason.clone(),
            raw: raw(&rows, *row),
        });
        Self {
            of_claims: index.of_claims(claims),
            quarantined: table.quarantined.iter().cloned().chain(unreadable).collect(),
            rows: crate::domain::count_of(table.frame.height()),
            tally: {
                let mut tally = table.tally.clone();
                tally.add(&index.tally);
                tally
            },
        }
    }
}

/// The number of a row as messages and outputs give it, counted from 1.
fn number(row: usize) -> u32 {
    u32::try_from(row + 1).unwrap_or(u32::MAX)
}

/// The cells of a row that hold something, by name.
fn raw(rows: &RegisterColumns<'_>, row: usize) -> Vec<u8> {
    let cells = Participant::COLUMNS.iter().filter_map(|column| {
        let cell = rows.cell(row, column.name)?;
        Some(format!("{}={cell}", column.name))
    });
    cells.collect::<Vec<_>>().join("; ").into_bytes()
}

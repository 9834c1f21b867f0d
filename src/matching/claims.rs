//! The claims of a batch as rows that become [`Claim`]s when they are needed.

use std::collections::BTreeMap;

use polars::prelude::StringChunked;

use crate::domain::{Claim, Tally};
use crate::extract::table::{Table, text_column};

/// The rows of a claims file, as text.
#[derive(Debug)]
pub struct ClaimRows {
    /// Our columns by number; `None` where the file does not have one.
    columns: Vec<Option<StringChunked>>,
    /// The file's other columns, by name.
    pub extra: Vec<(String, StringChunked)>,
    /// The rows that are not records, by index, with the reason.
    damaged: BTreeMap<usize, String>,
    /// The line of each row, in a text file.
    pub lines: Vec<u64>,
    height: usize,
}

impl ClaimRows {
    /// Takes a table of claims.
    pub fn new(table: &Table) -> Self {
        let column = |name: &str| text_column(&table.frame, name);
        let index = |row: u32| usize::try_from(row).unwrap_or(usize::MAX).saturating_sub(1);
        Self {
            columns: Claim::COLUMNS.iter().map(|of| column(of.name)).collect(),
            extra: table.extra.iter().filter_map(|name| Some((name.clone(), column(name)?))).collect(),
            damaged: table.quarantined.iter().map(|row| (index(row.row), row.reason.clone())).collect(),
            lines: table.lines.clone(),
            height: table.frame.height(),
        }
    }

    /// The number of rows, damaged ones included.
    pub fn len(&self) -> usize {
        self.height
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.height == 0
    }

    /// The claim in a row, counted from 0.
    pub fn claim(&self, index: usize, tally: &mut Tally) -> Claim {
        let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
        match self.damaged.get(&index) {
            Some(reason) => Claim::damaged(row, reason),
            None => Claim::read(row, |name| self.cell(name, index), tally),
        }
    }

    /// A cell of ours as it stands in the file.
    pub fn cell(&self, name: &str, index: usize) -> Option<&str> {
        let number = Claim::COLUMNS.iter().position(|column| column.name == name)?;
        self.columns.get(number)?.as_ref()?.get(index)
    }

    /// A hash of every cell of a row, so that exact copies can be told from rows that differ.
    pub fn hash(&self, index: usize) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        let own = self.columns.iter().flatten();
        for column in own.chain(self.extra.iter().map(|(_, column)| column)) {
            let cell = column.get(index).unwrap_or_default();
            hasher.update(&crate::domain::count_of(cell.len()).to_le_bytes());
            hasher.update(cell.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}

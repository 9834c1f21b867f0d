//! The quarantined rows of one part of an input, gathered and written piece by piece.

use std::fmt;
use std::sync::Arc;

use super::file::{Piece, QuarantineFile};
use crate::domain::count_of;
use crate::error::RunError;
use crate::extract::QuarantinedRow;

/// How many bytes of rows a list gathers before they are written.
pub(super) const PIECE_BYTES: usize = 256 << 10;

/// The rows of one part of an input that could not be read.
pub struct QuarantineList {
    into: Arc<QuarantineFile>,
    reasons: Vec<String>,
    written: Vec<Piece>,
    /// Rows that are not written yet.
    gathered: Vec<u8>,
    rows: u64,
    first: (u32, u32),
    last: (u32, u32),
    /// Whether the rows were found in the order of the file.
    is_in_order: bool,
    rows_before: u64,
    lines_before: u64,
}

/// Tells how many rows there are; what they hold may be personal data and is not shown.
impl fmt::Debug for QuarantineList {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "QuarantineList({} rows)", self.rows)
    }
}

impl QuarantineList {
    /// A list without rows.
    pub fn new(into: &Arc<QuarantineFile>) -> Self {
        Self {
            into: Arc::clone(into),
            reasons: Vec::new(),
            written: Vec::new(),
            gathered: Vec::new(),
            rows: 0,
            first: (u32::MAX, u32::MAX),
            last: (0, 0),
            is_in_order: true,
            rows_before: 0,
            lines_before: 0,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The disk did not take it.
    pub fn add(&mut self, row: &QuarantinedRow) -> Result<(), RunError> {
        let place = (row.file, row.row);
        self.first = self.first.min(place);
        self.is_in_order &= self.last <= place;
        self.last = place;
        self.rows += 1;
        let reason = self.reasons.iter().rposition(|known| *known == row.reason).unwrap_or_else(|| {
            self.reasons.push(row.reason.clone());
            self.reasons.len() - 1
        });
        let line = row.line.unwrap_or(0);
        self.gathered.extend(row.file.to_le_bytes());
        self.gathered.extend(row.row.to_le_bytes());
        self.gathered.extend(line.to_le_bytes());
        self.gathered.extend(count_of(reason).to_le_bytes());
        self.gathered.extend(count_of(row.raw.len()).to_le_bytes());
        self.gathered.extend_from_slice(&row.raw);
        if PIECE_BYTES <= self.gathered.len() {
            self.written.push(self.into.append(&self.gathered)?);
            self.gathered.clear();
        }
        Ok(())
    }

    /// Corrects the row and line numbers of rows that were counted from the beginning of a split.
    pub fn move_behind(&mut self, rows: u64, lines: u64) {
        (self.rows_before, self.lines_before) = (rows, lines);
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The file and number of the first row.
    pub(super) fn first(&self) -> (u32, u32) {
        let (file, row) = self.first;
        (file, row.saturating_add(u32::try_from(self.rows_before).unwrap_or(u32::MAX)))
    }

    /// The rows in the order of the file. Those of a list that is in no order are brought into memory; they are of people
    /// claimed for, of whom more is kept than that.
    pub(super) fn in_order(&self) -> Box<dyn Iterator<Item = Result<QuarantinedRow, RunError>> + '_> {
        let found = self.as_found();
        if self.is_in_order {
            return Box::new(found);
        }
        match found.collect::<Result<Vec<_>, _>>() {
            Ok(mut rows) => {
                rows.sort_by_key(|row| (row.file, row.row));
                Box::new(rows.into_iter().map(Ok))
            }
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }

    fn as_found(&self) -> impl Iterator<Item = Result<QuarantinedRow, RunError>> {
        let written = self.written.iter().map(Piece::read);
        let pieces = written.chain(std::iter::once_with(|| Ok(self.gathered.clone())));
        pieces.flat_map(|piece| match piece {
            Ok(bytes) => self.rows_of(&bytes).into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    fn rows_of(&self, mut bytes: &[u8]) -> Vec<QuarantinedRow> {
        let mut rows = Vec::new();
        while let Some(mut row) = self.take_row(&mut bytes) {
            row.move_behind(self.rows_before, self.lines_before);
            rows.push(row);
        }
        rows
    }

    fn take_row(&self, bytes: &mut &[u8]) -> Option<QuarantinedRow> {
        let file = u32::from_le_bytes(take(bytes)?);
        let row = u32::from_le_bytes(take(bytes)?);
        let line = Some(u64::from_le_bytes(take(bytes)?)).filter(|line| 0 < *line);
        let reason = usize::try_from(u64::from_le_bytes(take(bytes)?)).ok()?;
        let length = usize::try_from(u64::from_le_bytes(take(bytes)?)).ok()?;
        let (raw, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        Some(QuarantinedRow { file, row, line, reason: self.reasons.get(reason)?.clone(), raw: raw.to_vec() })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

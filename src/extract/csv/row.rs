//! What the scanner reports about a record.

use super::damage::Damage;
use super::lengths::to_u64;

/// Where an item ends and what it looks like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outline {
    pub(super) len: usize,
    pub(super) shape: ItemShape,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum ItemShape {
    Blank,
    /// The quotes of this line are out of order.
    Misquoted(Damage),
    Fields(ScannedRow),
}

impl ItemShape {
    /// How many physical lines it stands on.
    pub(super) fn lines(self) -> u64 {
        match self {
            ItemShape::Fields(row) => to_u64(row.breaks) + 1,
            ItemShape::Blank | ItemShape::Misquoted(_) => 1,
        }
    }
}

/// A record whose quotes are in order, as far as it has been looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ScannedRow {
    /// Where the current field starts.
    pub(super) field: usize,
    /// Its length once known, line terminator included.
    pub(super) len: usize,
    /// The line breaks of the right kind inside quotes.
    pub(super) breaks: usize,
    /// Whether a line break of the wrong kind is outside quotes, or in a column that holds none.
    pub(super) stray_break: bool,
    /// Whether there is a NUL.
    pub(super) nul: bool,
}

impl ScannedRow {
    pub(super) fn of_len(self, len: usize) -> Self {
        Self { len, ..self }
    }
}

/// Why the fields of a record cannot be separated.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    /// The record goes on beyond the bytes at hand.
    NeedMore,
    Misquoted(Damage),
}

//! A header in the middle of a text: files were put together, one below the other.

use super::plain::PlainRecord;
use crate::domain::column_name::plain_name;

/// With fewer column names than this a row may say them by chance.
const LEAST_NAMES: usize = 3;

/// Parts of the names of columns whose cells have digits, which no name of a column has in front.
const WITH_DIGITS: [&str; 5] = ["nino", "nationalinsurance", "number", "date", "id"];

/// What a row is, compared with the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// No header.
    NoHeader,
    /// The header: the same columns in the same order.
    Same,
    /// A header of other columns, or of the same columns in another order.
    Another,
}

/// Tells headers from rows.
pub(super) struct HeaderAgain<'k> {
    recognise: &'k dyn Fn(&str) -> bool,
    /// A column whose cell tells at once that a row is no header: one with a name that is recognised, and if there is such
    /// a one, with cells that have digits. None where there are too few columns to tell.
    witness: Option<usize>,
}

impl<'k> HeaderAgain<'k> {
    pub(super) fn new(names: &[String], recognise: &'k dyn Fn(&str) -> bool) -> Self {
        let recognised = || names.iter().enumerate().filter(|(_, name)| recognise(name));
        let has_digits = |name: &str| WITH_DIGITS.iter().any(|part| plain_name(name).contains(part));
        let witness = recognised().find(|(_, name)| has_digits(name)).or_else(|| recognised().next());
        let witness = witness.map(|(at, _)| at).filter(|_| LEAST_NAMES <= names.len());
        Self { recognise, witness }
    }

    /// Whether a row has to be compared: almost none has.
    pub(super) fn may_be(&self, record: PlainRecord<'_>) -> bool {
        self.witness.is_some_and(|witness| self.is_name(record.cell(witness)))
    }

    /// Whether a cell is the name of a column. Names have no digit, except at their end.
    fn is_name(&self, cell: &[u8]) -> bool {
        let text = cell.trim_ascii();
        let before_last = text.split_last().map(|(_, before)| before).unwrap_or_default();
        !text.is_empty()
            && !before_last.iter().any(u8::is_ascii_digit)
            && std::str::from_utf8(text).is_ok_and(self.recognise)
    }

    /// Compares a row with the header.
    pub(super) fn compare<'t>(&self, names: &[String], cell: impl Fn(usize) -> &'t str) -> Compared {
        if !self.witness.is_some_and(|witness| self.is_name(cell(witness).as_bytes())) {
            return Compared::NoHeader;
        }
        let cells = || (0..names.len()).map(|at| cell(at).trim());
        if cells().zip(names).all(|(cell, name)| plain_name(cell) == plain_name(name)) {
            return Compared::Same;
        }
        let filled = cells().filter(|cell| !cell.is_empty()).count();
        let recognised = cells().filter(|cell| (self.recognise)(cell)).count();
        if LEAST_NAMES <= recognised && filled <= 2 * recognised { Compared::Another } else { Compared::NoHeader }
    }
}

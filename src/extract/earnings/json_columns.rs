//! The columns that the payments of a JSON file have. A JSON file has no header: whether it is an extract at all shows only when
//! all of it was read.

use super::folder_columns::FolderColumns;
use crate::domain::field::Need;
use crate::domain::{Column, Payment};
use crate::error::InputError;
use crate::extract::json::JsonRow;
use crate::extract::json_names::first_names;
use crate::extract::source::Sniffed;

/// The columns that occur in a file's payments, by the bits of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct JsonColumns(u64);

/// How many of the names that a file has instead are shown.
const NAMES_SHOWN: usize = 12;

impl JsonColumns {
    /// The columns that folders give to every payment of a file.
    pub(super) fn of_folders(folders: &FolderColumns) -> Self {
        let given = (0..Payment::COLUMNS.len()).filter(|number| folders.has(*number));
        Self(given.fold(0, |bits, number| bits | 1 << number))
    }

    /// Adds the columns of one payment.
    pub(super) fn add(&mut self, payment: &JsonRow<'_>) {
        self.0 |= payment.has;
    }

    /// Adds those of another split.
    pub(super) fn join(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Checks that every needed column occurs.
    ///
    /// # Errors
    /// One of them occurs in no payment of the file.
    pub(super) fn are_whole(self, sniffed: &Sniffed) -> Result<(), InputError> {
        let is_missing =
            |(number, column): &(usize, &Column)| column.need == Need::Required && self.0 & 1 << number == 0;
        let missing: Vec<&Column> =
            Payment::COLUMNS.iter().enumerate().filter(is_missing).map(|(_, column)| column).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let wanted: Vec<String> = missing.iter().map(|column| one_of_its_names(column)).collect();
        let names = first_names(sniffed, NAMES_SHOWN + 1)?;
        let more = if NAMES_SHOWN < names.len() { ", and more" } else { "" };
        let found = names.iter().take(NAMES_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        let problem = match self {
            Self(0) => format!("no object in the file has the columns of a payment; found: {found}{more}"),
            Self(_) => format!("no payment in the file has {}; found: {found}{more}", wanted.join(", ")),
        };
        let hint = "accepted are JSON Lines of payments, and responses of the form {\"matchPattern\": 63, \"taxYears\": [...]}; \
                    `sustain schemas` prints the names";
        Err(sniffed.source.error(problem, hint))
    }
}

fn one_of_its_names(column: &Column) -> String {
    match column.also {
        [] => format!("`{}`", column.name),
        also => format!("`{}` (or {})", column.name, also.join(", ")),
    }
}

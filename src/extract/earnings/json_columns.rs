//! The names that the payments of a JSON file have. A JSON file has no header: whether it is an extract at all, which
//! columns it lacks and which names look like misspellings of them shows only when all of it was read.

use std::collections::BTreeSet;

use super::folder_columns::FolderColumns;
use crate::domain::field::Need;
use crate::domain::{Column, Payment};
use crate::error::InputError;
use crate::extract::columns::{ColumnsFound, none_misspelt};
use crate::extract::json::{JsonRow, NAMES};
use crate::extract::json_names::first_names;
use crate::extract::source::Sniffed;

/// The most names that are none of ours and are kept.
const MOST_OTHERS: usize = 1_000;

/// How many of the names that a file has instead are shown.
const NAMES_SHOWN: usize = 12;

/// The names that occur in a file's payments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct JsonColumns {
    /// The places of our names, by their bits.
    places: u128,
    /// The columns that folders give to every payment, by the bits of their numbers.
    of_folders: u64,
    /// Names that are none of ours.
    other: BTreeSet<String>,
}

impl JsonColumns {
    /// The columns that folders give to every payment of a file.
    pub(super) fn of_folders(folders: &FolderColumns) -> Self {
        let given = (0..Payment::COLUMNS.len()).filter(|number| folders.has(*number));
        Self { of_folders: given.fold(0, |bits, number| bits | 1 << number), ..Self::default() }
    }

    /// Adds the names of one payment.
    pub(super) fn add(&mut self, payment: &JsonRow<'_>) {
        self.places |= payment.places;
        for name in &payment.other {
            if !self.other.contains(name.as_ref()) && self.other.len() < MOST_OTHERS {
                self.other.insert(name.clone().into_owned());
            }
        }
    }

    /// Adds those of another split.
    pub(super) fn join(&mut self, other: &Self) {
        self.places |= other.places;
        self.of_folders |= other.of_folders;
        self.other.extend(other.other.iter().cloned());
    }

    /// Checks that every needed column occurs, and that no name looks like a misspelling of a column that does not.
    ///
    /// # Errors
    /// A needed column occurs in no payment of the file, or a name is misspelt.
    pub(super) fn are_whole(&self, sniffed: &Sniffed) -> Result<(), InputError> {
        let absent: Vec<&Column> = Payment::COLUMNS
            .iter()
            .enumerate()
            .filter(|(number, _)| !self.has(*number))
            .map(|(_, column)| column)
            .collect();
        none_misspelt(&sniffed.source, &absent, self.other.iter())?;
        let missing: Vec<&&Column> = absent.iter().filter(|column| column.need == Need::Required).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let wanted: Vec<String> = missing.iter().map(|column| one_of_its_names(column)).collect();
        let names = first_names(sniffed, NAMES_SHOWN + 1)?;
        let more = if NAMES_SHOWN < names.len() { ", and more" } else { "" };
        let found = names.iter().take(NAMES_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        let problem = if absent.len() == Payment::COLUMNS.len() {
            format!("no object in the file has the columns of a payment; found: {found}{more}")
        } else {
            format!("no payment in the file has {}; found: {found}{more}", wanted.join(", "))
        };
        let hint = "accepted are JSON Lines of payments, and responses of the form {\"matchPattern\": 63, \"taxYears\": [...]}; \
                    `sustain schemas` prints the names";
        Err(sniffed.source.error(problem, hint))
    }

    fn has(&self, number: usize) -> bool {
        self.of_folders & 1 << number != 0 || self.names(number).next().is_some()
    }

    /// What was taken for what.
    pub(super) fn found(&self) -> ColumnsFound {
        let mut found = ColumnsFound { other: self.other.iter().cloned().collect(), ..ColumnsFound::default() };
        for (number, column) in Payment::COLUMNS.iter().enumerate() {
            let names: Vec<String> = self.names(number).map(str::to_owned).collect();
            if !names.is_empty() {
                found.read.insert(column.name, names);
            } else if !self.has(number) {
                found.absent.push(column.name);
            }
        }
        found
    }

    /// The names of one of our columns that occur: a plain one shows as ours.
    fn names(&self, number: usize) -> impl Iterator<Item = &'static str> {
        let column = Payment::COLUMNS.get(number);
        let names =
            column.into_iter().flat_map(|column| std::iter::once(column.name).chain(column.also.iter().copied()));
        NAMES.places_of(number).zip(names).filter(|(place, _)| self.places & 1 << place != 0).map(|(_, name)| name)
    }
}

fn one_of_its_names(column: &Column) -> String {
    match column.also {
        [] => format!("`{}`", column.name),
        also => format!("`{}` (or {})", column.name, also.join(", ")),
    }
}

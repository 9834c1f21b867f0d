//! The second scan, for people without any payment: it finds pay under near-miss numbers where the first did not look for it.

use std::collections::HashSet;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::earnings_read::EarningsRead;
use super::stem_set::StemSet;
use crate::batch::{NearMisses, PeopleNotFound};
use crate::domain::payment::at;
use crate::domain::{Cell, NinoText, Payment, Stem};
use crate::error::RunError;
use crate::evidence::identity::NearMiss;
use crate::extract::QuarantinedRow;
use crate::extract::earnings::cells::{dates, each_nino, unreadable_column};
use crate::extract::earnings::{RowVisitor, Split, read_all};
use crate::extract::row_batch::{RowBatch, UnreadableColumn};
use crate::extract::source::Sniffed;

/// How many people are sought at once: each has about a hundred near misses, and they are held in memory.
const PEOPLE_AT_ONCE: usize = 32_768;

/// Finds the near misses of the people who were not found, each with the claim's date of birth: what the first scan gathered, and what
/// a second one finds in the splits from which it gathered nothing.
///
/// Every near-miss number is known beforehand, so rows are filtered by number as in the first scan.
///
/// # Errors
/// A file that cannot be used any more.
pub fn find(
    files: &[Sniffed],
    splits: &[Split],
    read: &mut EarningsRead,
    not_found: &[(Stem, NaiveDate)],
) -> Result<NearMisses, RunError> {
    let people: HashSet<Stem> = not_found.iter().map(|(person, _)| *person).collect();
    let gathered = std::mem::take(&mut read.near);
    let mut found: Vec<(Stem, NearMiss)> = gathered.into_iter().filter(|(person, _)| people.contains(person)).collect();
    let is_left = |split: &&Split| split.row_group().is_none_or(|group| !read.near_gathered.contains(&group));
    let left: Vec<Split> = splits.iter().filter(is_left).cloned().collect();
    for some in not_found.chunks(PEOPLE_AT_ONCE) {
        found.extend(of_some(files, &left, some)?);
    }
    Ok(found.into_iter().collect())
}

/// The rows of a batch that are near misses of people who were not found.
///
/// # Errors
/// A column that cannot be read.
pub(super) fn near_rows(
    row_batch: &RowBatch,
    not_found: &PeopleNotFound,
) -> Result<Vec<(Stem, NearMiss)>, UnreadableColumn> {
    let born = dates(row_batch, at::DATE_OF_BIRTH)?;
    let cells = row_batch.cells(&Payment::COLUMNS)?;
    let mut found = Vec::new();
    for (row, born) in born.into_iter().enumerate() {
        let words = |column: usize| cells.cell(column, row).map(Cell::to_text);
        let nino = words(at::NINO).map(|text| NinoText::read(&text));
        let (Some(NinoText::WellFormed(nino)), Some(born)) = (nino, born) else { continue };
        let (surname, forename) = (words(at::SURNAME), words(at::FORENAME));
        found.extend(not_found.near(nino, born, surname.as_deref(), forename.as_deref()));
    }
    Ok(found)
}

fn of_some(
    files: &[Sniffed],
    splits: &[Split],
    not_found: &[(Stem, NaiveDate)],
) -> Result<Vec<(Stem, NearMiss)>, RunError> {
    let mut all: Vec<u64> = not_found.iter().flat_map(|(stem, _)| stem.near_misses()).map(Stem::key).collect();
    all.par_sort_unstable();
    all.dedup();
    let from_store = splits.iter().any(Split::is_stored);
    let stems: Vec<[u8; 8]> = all.iter().filter(|_| from_store).map(|key| key.to_be_bytes()).collect();
    let people = StemSet::new(all.into_iter());
    let not_found = PeopleNotFound::new(not_found.iter().copied());
    let visitor = |split: &Split| NearMissScan {
        people: &people,
        stems: &stems,
        not_found: &not_found,
        source: usize::try_from(split.file()).ok().and_then(|file| files.get(file)),
        found: Vec::new(),
    };
    Ok(read_all(files, splits, &visitor)?.into_iter().flat_map(|(near, _)| near.found).collect())
}

/// The row visitor that collects the near misses of one split.
struct NearMissScan<'a> {
    /// The near-miss numbers of all numbers sought.
    people: &'a StemSet,
    /// The same numbers, in the form a store is read by.
    stems: &'a [[u8; 8]],
    not_found: &'a PeopleNotFound,
    source: Option<&'a Sniffed>,
    found: Vec<(Stem, NearMiss)>,
}

impl NearMissScan<'_> {
    #[inline]
    fn may_be_near(&self, nino: NinoText) -> bool {
        match nino {
            NinoText::WellFormed(nino) => self.people.contains(nino.stem().key()),
            NinoText::Dummy(_) | NinoText::TemporaryReference | NinoText::Malformed => false,
        }
    }

    fn read_error(&self, fault: &UnreadableColumn) -> RunError {
        unreadable_column(self.source, fault)
    }

    fn rows(&self, row_batch: &RowBatch) -> Result<Vec<u32>, UnreadableColumn> {
        let (mut rows, mut row) = (Vec::new(), 0);
        each_nino(row_batch, |nino| {
            if self.may_be_near(nino) {
                rows.push(row);
            }
            row += 1;
        })?;
        Ok(rows)
    }
}

impl RowVisitor for NearMissScan<'_> {
    fn key_columns(&self) -> &[usize] {
        &[at::NINO]
    }

    fn stems(&self) -> &[[u8; 8]] {
        self.stems
    }

    fn accepts<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool {
        self.may_be_near(NinoText::read_bytes(cell(at::NINO)))
    }

    fn select(&mut self, row_batch: &RowBatch) -> Result<Vec<u32>, RunError> {
        self.rows(row_batch).map_err(|fault| self.read_error(&fault))
    }

    fn collect(&mut self, row_batch: &RowBatch) -> Result<(), RunError> {
        let found = near_rows(row_batch, self.not_found).map_err(|fault| self.read_error(&fault))?;
        self.found.extend(found);
        Ok(())
    }

    fn quarantine(&mut self, _: QuarantinedRow) -> Result<(), RunError> {
        Ok(())
    }
}

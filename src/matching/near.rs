//! The second scan, for people without any payment: it finds pay under near-miss numbers.

use chrono::NaiveDate;
use rayon::prelude::*;

use super::people::People;
use crate::batch::{NearMisses, PeopleNotFound};
use crate::domain::payment::at;
use crate::domain::{Cell, NinoText, Payment, Stem};
use crate::error::RunError;
use crate::evidence::identity::NearMiss;
use crate::extract::chunk::{Chunk, Unreadable};
use crate::extract::earnings::cells::{dates, each_nino, unreadable};
use crate::extract::earnings::{Look, Unit, read_all};
use crate::extract::source::Surveyed;

/// How many people are sought at once: each has about a hundred near misses, and they are held in memory.
const PEOPLE_AT_ONCE: usize = 32_768;

/// Scans the earnings once more for the people who were not found, each with the claim's date of birth.
///
/// Every near-miss number is known beforehand, so rows are filtered by number as in the first scan.
///
/// # Errors
/// A file that cannot be used any more.
pub fn find(files: &[Surveyed], units: &[Unit], not_found: &[(Stem, NaiveDate)]) -> Result<NearMisses, RunError> {
    let mut found = Vec::new();
    for some in not_found.chunks(PEOPLE_AT_ONCE) {
        found.extend(of_some(files, units, some)?);
    }
    Ok(found.into_iter().collect())
}

fn of_some(
    files: &[Surveyed],
    units: &[Unit],
    not_found: &[(Stem, NaiveDate)],
) -> Result<Vec<(Stem, NearMiss)>, RunError> {
    let mut all: Vec<u64> = not_found.iter().flat_map(|(stem, _)| stem.near_misses()).map(Stem::key).collect();
    all.par_sort_unstable();
    all.dedup();
    let from_store = units.iter().any(Unit::is_stored);
    let stems: Vec<[u8; 8]> = all.iter().filter(|_| from_store).map(|key| key.to_be_bytes()).collect();
    let people = People::new(all.into_iter());
    let not_found = PeopleNotFound::new(not_found.iter().copied());
    let look = |unit: &Unit| Near {
        people: &people,
        stems: &stems,
        not_found: &not_found,
        source: usize::try_from(unit.file()).ok().and_then(|file| files.get(file)),
        found: Vec::new(),
    };
    Ok(read_all(files, units, &look)?.into_iter().flat_map(|(near, _)| near.found).collect())
}

/// The row visitor that collects the near misses of one split.
struct Near<'a> {
    /// The near-miss numbers of all numbers sought.
    people: &'a People,
    /// The same numbers, in the form a store is read by.
    stems: &'a [[u8; 8]],
    not_found: &'a PeopleNotFound,
    source: Option<&'a Surveyed>,
    found: Vec<(Stem, NearMiss)>,
}

impl Near<'_> {
    #[inline]
    fn may_be_near(&self, nino: NinoText) -> bool {
        match nino {
            NinoText::WellFormed(nino) => self.people.contains(nino.stem().key()),
            NinoText::Dummy(_) | NinoText::Malformed => false,
        }
    }

    fn told(&self, fault: &Unreadable) -> RunError {
        unreadable(self.source, fault)
    }

    fn rows(&self, chunk: &Chunk) -> Result<Vec<u32>, Unreadable> {
        let (mut rows, mut row) = (Vec::new(), 0);
        each_nino(chunk, |nino| {
            if self.may_be_near(nino) {
                rows.push(row);
            }
            row += 1;
        })?;
        Ok(rows)
    }

    fn near_misses(&self, chunk: &Chunk) -> Result<Vec<(Stem, NearMiss)>, Unreadable> {
        let born = dates(chunk, at::DATE_OF_BIRTH)?;
        let cells = chunk.cells(&Payment::COLUMNS)?;
        let mut found = Vec::new();
        for (row, born) in born.into_iter().enumerate() {
            let words = |column: usize| cells.cell(column, row).map(Cell::words);
            let nino = words(at::NINO).map(|text| NinoText::read(&text));
            let (Some(NinoText::WellFormed(nino)), Some(born)) = (nino, born) else { continue };
            let (surname, forename) = (words(at::SURNAME), words(at::FORENAME));
            found.extend(self.not_found.near(nino, born, surname.as_deref(), forename.as_deref()));
        }
        Ok(found)
    }
}

impl Look for Near<'_> {
    fn keys(&self) -> &[usize] {
        &[at::NINO]
    }

    fn people(&self) -> &[[u8; 8]] {
        self.stems
    }

    fn wants<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool {
        self.may_be_near(NinoText::read_bytes(cell(at::NINO)))
    }

    fn wanted(&mut self, chunk: &Chunk) -> Result<Vec<u32>, RunError> {
        self.rows(chunk).map_err(|fault| self.told(&fault))
    }

    fn take(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        let found = self.near_misses(chunk).map_err(|fault| self.told(&fault))?;
        self.found.extend(found);
        Ok(())
    }
}

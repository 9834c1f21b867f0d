//! The second look, for people the extract does not know: pay under a number one slip away.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use arrow::array::UInt32Array;
use chrono::NaiveDate;
use rayon::prelude::*;

use super::payments::{dates, each_nino};
use crate::domain::name::NameKey;
use crate::domain::payment::at;
use crate::domain::{Cell, Nino, NinoText, Payment, Stem};
use crate::error::{InputError, RunError};
use crate::evidence::identity::NearMiss;
use crate::extract::chunk::{Chunk, Unreadable};
use crate::extract::earnings::Unit;

/// Rows under near-miss numbers, by the number sought.
#[derive(Debug, Default)]
pub struct NearMisses(BTreeMap<u64, Vec<NearMiss>>);

impl NearMisses {
    /// Looks through the earnings once more for the people who were not found, each with the claim's date of birth.
    ///
    /// A near miss has the same date of birth, so only rows with one that is sought are compared.
    ///
    /// # Errors
    /// A file that cannot be used any more.
    pub fn find(units: &[Unit], not_found: &[(Stem, NaiveDate)]) -> Result<Self, RunError> {
        if not_found.is_empty() {
            return Ok(Self::default());
        }
        let mut by_birth: HashMap<NaiveDate, Vec<Stem>> = HashMap::new();
        for (stem, born) in not_found {
            by_birth.entry(*born).or_default().push(*stem);
        }
        let found = Mutex::new(BTreeMap::<u64, Vec<NearMiss>>::new());
        let told = |fault: Unreadable| -> RunError {
            InputError::new("earnings", format!("the column `{}` cannot be read", fault.column), "").into()
        };
        units.par_iter().try_for_each(|unit| {
            let mut wanted = |chunk: &Chunk| near_rows(chunk, &by_birth).map_err(told);
            let mut each = |chunk: &Chunk, rows: Vec<u32>| look(chunk, &rows, &by_birth, &found).map_err(told);
            unit.read(&[at::NINO, at::DATE_OF_BIRTH], &mut wanted, &mut each).map(|_| ())
        })?;
        let mut found = found.into_inner().unwrap_or_default();
        // Units are read side by side; the order in which they were found must not show.
        for rows in found.values_mut() {
            rows.sort_by_key(|row| (row.date_of_birth, format!("{:?}", row.name)));
            rows.dedup();
        }
        Ok(Self(found))
    }

    /// The rows under numbers one slip away from this one.
    pub fn of(&self, stem: Stem) -> &[NearMiss] {
        self.0.get(&stem.key()).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The people sought who were born on a day, by that day.
type ByBirth = HashMap<NaiveDate, Vec<Stem>>;

/// The people sought whose number a row's is one slip away from.
fn near(by_birth: &ByBirth, nino: Nino, born: NaiveDate) -> impl Iterator<Item = &Stem> {
    by_birth.get(&born).into_iter().flatten().filter(move |sought| sought.is_near_miss(nino.stem()))
}

/// The rows of a chunk under a number one slip away from one that is sought.
fn near_rows(chunk: &Chunk, by_birth: &ByBirth) -> Result<Vec<u32>, Unreadable> {
    let mut born = dates(chunk, at::DATE_OF_BIRTH)?.into_iter();
    let (mut rows, mut row) = (Vec::new(), 0);
    each_nino(chunk, |nino| {
        if let (NinoText::WellFormed(nino), Some(Some(born))) = (nino, born.next())
            && near(by_birth, nino, born).next().is_some()
        {
            rows.push(row);
        }
        row += 1;
    })?;
    Ok(rows)
}

fn look(
    chunk: &Chunk,
    rows: &[u32],
    by_birth: &ByBirth,
    found: &Mutex<BTreeMap<u64, Vec<NearMiss>>>,
) -> Result<(), Unreadable> {
    let born = dates(chunk, at::DATE_OF_BIRTH)?;
    let cells = chunk.cells(&Payment::COLUMNS, &UInt32Array::from(rows.to_vec()))?;
    let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (row, place) in rows.iter().enumerate() {
        let words = |column: usize| cells.cell(column, row).map(Cell::words);
        let born = usize::try_from(*place).ok().and_then(|place| born.get(place).copied().flatten());
        let nino = words(at::NINO).map(|text| NinoText::read(&text));
        let (Some(NinoText::WellFormed(nino)), Some(born)) = (nino, born) else { continue };
        let name = words(at::SURNAME).and_then(|surname| NameKey::new(&surname, words(at::FORENAME).as_deref()));
        for sought in near(by_birth, nino, born) {
            let near_miss = NearMiss { name: name.clone(), date_of_birth: Some(born) };
            found.entry(sought.key()).or_default().push(near_miss);
        }
    }
    Ok(())
}

//! The second look, for people the extract does not know: pay under a number one slip away.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use arrow::array::UInt32Array;
use chrono::NaiveDate;
use rayon::prelude::*;

use super::payments::{dates_of_birth, ninos};
use crate::domain::name::NameKey;
use crate::domain::{Payment, Stem};
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
        units.par_iter().try_for_each(|unit| {
            let look = |chunk: Chunk| look(&chunk, &by_birth, &found);
            unit.read(&mut |chunk| {
                look(chunk).map_err(|fault| {
                    InputError::new("earnings", format!("the column `{}` cannot be read", fault.column), "")
                })
            })
            .map(|_| ())
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

fn look(
    chunk: &Chunk,
    by_birth: &HashMap<NaiveDate, Vec<Stem>>,
    found: &Mutex<BTreeMap<u64, Vec<NearMiss>>>,
) -> Result<(), Unreadable> {
    let mut hits: Vec<(u32, Stem, NaiveDate)> = Vec::new();
    let rows = ninos(chunk)?.into_iter().zip(dates_of_birth(chunk)?).zip(0_u32..);
    for ((nino, born), row) in rows {
        let Some((nino, born)) = nino.zip(born) else { continue };
        let near = by_birth.get(&born).into_iter().flatten().filter(|sought| sought.is_near_miss(nino.stem()));
        hits.extend(near.map(|sought| (row, *sought, born)));
    }
    if hits.is_empty() {
        return Ok(());
    }
    let texts =
        chunk.texts(&Payment::COLUMNS, &UInt32Array::from(hits.iter().map(|(row, ..)| *row).collect::<Vec<_>>()))?;
    let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (index, (_, sought, born)) in hits.into_iter().enumerate() {
        let name = texts.cell(1, index).and_then(|surname| NameKey::new(surname, texts.cell(2, index)));
        found.entry(sought.key()).or_default().push(NearMiss { name, date_of_birth: Some(born) });
    }
    Ok(())
}

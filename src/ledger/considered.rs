//! The payroll rows that a run considered for claims: how many they are, and a hash of them by which a later month tells whether they
//! are still the same.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::Date32Type;
use chrono::NaiveDate;

use super::event::EvidenceHash;
use crate::domain::Payment;
use crate::domain::day::from_day_number;
use crate::extract::row_batch::as_text;
use crate::reopen::{claim_rows, map_batches};
use crate::sealed::OpenFolder;

/// The file of a run that has them.
const EVIDENCE: &str = "evidence.parquet";

/// The columns of the evidence that HMRC's records give, which are those of an extract; the others are what was made of them.
pub(crate) fn facts() -> impl ExactSizeIterator<Item = &'static str> {
    Payment::COLUMNS.iter().map(|column| column.name)
}

/// The place of a column among the facts.
pub(crate) fn place_of(column: &str) -> Option<usize> {
    facts().position(|name| name == column)
}

/// A hash of rows in which their order plays no part: the sum of the hashes of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowsHash {
    rows: u64,
    sum: [u128; 2],
}

impl RowsHash {
    fn of_row(hash: &[u8; 32]) -> Self {
        let (first, second) = hash.split_at(16);
        let sum = [first, second].map(|half| half.iter().fold(0, |number, byte| (number << 8) | u128::from(*byte)));
        Self { rows: 1, sum }
    }

    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        for (sum, more) in self.sum.iter_mut().zip(other.sum) {
            *sum = sum.wrapping_add(more);
        }
    }

    /// The hash, of rows with paydays up to a day.
    pub fn up_to(self, up_to: Option<NaiveDate>) -> EvidenceHash {
        EvidenceHash { rows: self.rows, hash: format!("{:032x}{:032x}", self.sum[0], self.sum[1]), up_to }
    }
}

#[cfg(test)]
impl RowsHash {
    /// Rows as a test wants them.
    pub(crate) fn made_up(rows: usize) -> Self {
        let mut hash = Self::default();
        for row in 0..rows {
            hash.add(Self::of_row(&[u8::try_from(row).unwrap(); 32]));
        }
        hash
    }
}

/// How many payroll rows a run considered, by row of its batch, of the rows that `wanted` names.
///
/// # Errors
/// The run cannot be read.
pub(crate) fn counts(run: &OpenFolder, wanted: &(dyn Fn(u32) -> bool + Sync)) -> Result<HashMap<u32, u64>, String> {
    let counted = map_batches(run, EVIDENCE, &["claim_row"], wanted, &|batch| {
        // The rows of a claim follow one another.
        Ok(claim_rows(batch)?
            .chunk_by(PartialEq::eq)
            .map(|rows| (rows.first().copied(), rows.len()))
            .collect::<Vec<_>>())
    })?;
    let mut counts = HashMap::new();
    for (row, count) in counted.into_iter().flatten() {
        *counts.entry(row.unwrap_or_default()).or_default() += crate::domain::count_of(count);
    }
    Ok(counts)
}

/// The hash of the payroll rows that a run considered, by row of its batch; `up_to` names the rows of the batch that are wanted, each
/// with the last payday that counts.
///
/// # Errors
/// The run cannot be read.
pub(crate) fn hashes(
    run: &OpenFolder,
    up_to: &HashMap<u32, Option<NaiveDate>>,
) -> Result<HashMap<u32, RowsHash>, String> {
    let mut hashes: HashMap<u32, RowsHash> = HashMap::new();
    if up_to.is_empty() {
        return Ok(hashes);
    }
    let of_batches = map_fact_batches(run, &|row| up_to.contains_key(&row), &|rows, facts| {
        let paydays = place_of("payment_date").and_then(|place| facts.get(place));
        let mut of_claims: Vec<(u32, RowsHash)> = Vec::new();
        let mut bytes = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let payday = || cell(paydays?, index)?.parse::<NaiveDate>().ok();
            let last = up_to.get(row).copied().flatten();
            if last.is_some_and(|last| payday().is_some_and(|payday| last < payday)) {
                continue;
            }
            let of_row = RowsHash::of_row(&hash(facts.iter().map(|fact| cell(fact, index)), &mut bytes));
            // The rows of a claim follow one another.
            match of_claims.last_mut() {
                Some((last, of_claim)) if last == row => of_claim.add(of_row),
                Some(_) | None => of_claims.push((*row, of_row)),
            }
        }
        of_claims
    })?;
    for (row, of_claim) in of_batches.into_iter().flatten() {
        hashes.entry(row).or_default().add(of_claim);
    }
    Ok(hashes)
}

/// Makes something of the rows of evidence of a run that are for the claims of wanted rows, batch by batch: of the rows they are for,
/// and of their facts by column.
pub(crate) fn map_fact_batches<T: Send>(
    run: &OpenFolder,
    wanted: &(dyn Fn(u32) -> bool + Sync),
    make: &(dyn Fn(&[u32], &[StringArray]) -> T + Sync),
) -> Result<Vec<T>, String> {
    let columns: Vec<&str> = facts().chain(["claim_row"]).collect();
    map_batches(run, EVIDENCE, &columns, wanted, &|batch| {
        let facts = facts().map(|column| text_of(batch, column)).collect::<Result<Vec<_>, String>>()?;
        Ok(make(&claim_rows(batch)?, &facts))
    })
}

fn text_of(batch: &RecordBatch, name: &'static str) -> Result<StringArray, String> {
    let Some(array) = batch.column_by_name(name) else { return Err(format!("evidence.parquet has no column {name}")) };
    if let Some(days) = array.as_primitive_opt::<Date32Type>() {
        return Ok(text_of_days(days));
    }
    let array: ArrayRef = match array.as_boolean_opt() {
        None => array.clone(),
        Some(flags) => std::sync::Arc::new(
            flags.iter().map(|flag| flag.map(|flag| if flag { "Y" } else { "N" })).collect::<StringArray>(),
        ),
    };
    as_text(&array, name).map_err(|_| format!("evidence.parquet has a column {name} of another type"))
}

/// Days as text. An extract has few, each in many rows.
fn text_of_days(days: &Date32Array) -> StringArray {
    let mut texts: HashMap<i32, String> = HashMap::new();
    let mut column = StringBuilder::with_capacity(days.len(), 10 * days.len());
    for day in days {
        match day {
            Some(day) => column.append_value(texts.entry(day).or_insert_with(|| from_day_number(day).to_string())),
            None => column.append_null(),
        }
    }
    column.finish()
}

/// A cell of a column of text.
pub(crate) fn cell(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

/// The hash of the cells of a row; `bytes` is room for them.
fn hash<'a>(cells: impl Iterator<Item = Option<&'a str>>, bytes: &mut Vec<u8>) -> [u8; 32] {
    bytes.clear();
    for cell in cells {
        // A cell that holds nothing differs from one that holds an empty text.
        bytes.extend(cell.map_or(u64::MAX, |text| u64::try_from(text.len()).unwrap_or(u64::MAX)).to_le_bytes());
        bytes.extend(cell.unwrap_or_default().as_bytes());
    }
    *blake3::hash(bytes).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_the_evidence_writes_them() {
        let days = Date32Array::from(vec![Some(17_897), None, Some(-1), Some(17_897)]);
        let texts = text_of_days(&days);
        let arrow = as_text(&(std::sync::Arc::new(days) as ArrayRef), "payment_date").ok().unwrap();
        assert_eq!(texts, arrow);
        assert_eq!(texts.value(0), "2019-01-01");
    }

    #[test]
    fn the_order_of_rows_plays_no_part_and_a_row_more_does() {
        let hash = |cells: &[Option<&str>]| hash(cells.iter().copied(), &mut Vec::new());
        let hash_of = |rows: &[&str]| {
            let mut sum = RowsHash::default();
            for row in rows {
                sum.add(RowsHash::of_row(&hash(&[Some(row)])));
            }
            sum.up_to(None)
        };
        assert_eq!(hash_of(&["a", "b"]), hash_of(&["b", "a"]));
        assert_ne!(hash_of(&["a", "b"]), hash_of(&["a", "b", "b"]));
        assert_ne!(hash(&[None, Some("")]), hash(&[Some(""), None]));
    }
}

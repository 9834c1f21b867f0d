//! The invariant that nothing is paid for twice: an earnings row supports at most one validated claim of one outcome.
//!
//! A row supports a claim if it counts and covers days or is added up. What is proved is a little more than what is
//! needed: the days need not lie in the claim's window.

use std::collections::HashMap;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Int32Type, Int64Type};
use rayon::slice::ParallelSliceMut as _;

use crate::reopen::each_batch;

/// An earnings row that supports a validated claim, with the claim's outcome and the file it stands in as numbers.
type SupportingRow = (u32, u32, i64);

/// Proves it from the files of a run.
///
/// # Errors
/// A file cannot be read, or a row supports two claims.
pub(super) fn support_one_claim(run: &Path) -> Result<(), String> {
    let outcomes = outcomes_of_validated(run)?;
    let mut rows: Vec<SupportingRow> = Vec::new();
    let mut files = Numbered::default();
    each_batch(run, "evidence.parquet", &EVIDENCE, &mut |batch| add_rows(batch, &outcomes, &mut files, &mut rows))?;
    rows.par_sort_unstable();
    match rows.windows(2).find(|pair| matches!(pair, [one, other] if one == other)) {
        None => Ok(()),
        Some(_) => Err("an earnings row supports two validated claims of one outcome".into()),
    }
}

/// The outcome of each validated claim, by the number of the claim's row.
fn outcomes_of_validated(run: &Path) -> Result<HashMap<i32, u32>, String> {
    let mut outcomes = HashMap::new();
    let mut numbers = Numbered::default();
    each_batch(run, "validated.parquet", &["outcome", "claim_row"], &mut |batch| {
        let (of, rows) = (texts(batch, "outcome")?, column(batch, "claim_row")?.as_primitive::<Int32Type>());
        outcomes.extend(rows.values().iter().zip(of.iter()).map(|(row, of)| (*row, numbers.number(of.unwrap_or("")))));
        Ok(())
    })?;
    Ok(outcomes)
}

const EVIDENCE: [&str; 6] = ["claim_row", "file", "row", "used", "cover_from", "running_total"];

fn add_rows(
    batch: &RecordBatch,
    outcomes: &HashMap<i32, u32>,
    files: &mut Numbered,
    rows: &mut Vec<SupportingRow>,
) -> Result<(), String> {
    let claims = column(batch, "claim_row")?.as_primitive::<Int32Type>();
    let numbers = column(batch, "row")?.as_primitive::<Int64Type>();
    let used = column(batch, "used")?.as_boolean();
    let (cover, total) = (column(batch, "cover_from")?, column(batch, "running_total")?);
    let names = texts(batch, "file")?;
    for place in 0..batch.num_rows() {
        let supports = used.value(place) && (cover.is_valid(place) || total.is_valid(place));
        if !supports {
            continue;
        }
        if let Some(outcome) = outcomes.get(&claims.value(place)) {
            rows.push((*outcome, files.number(names.value(place)), numbers.value(place)));
        }
    }
    Ok(())
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b ArrayRef, String> {
    batch.column_by_name(name).ok_or_else(|| format!("a file has no column {name}"))
}

fn texts<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b StringArray, String> {
    column(batch, name)?.as_string_opt::<i32>().ok_or_else(|| format!("{name} is no text"))
}

/// Numbers for texts of which few are different.
#[derive(Default)]
struct Numbered {
    numbers: HashMap<String, u32>,
    /// The text asked for last: neighbours are mostly the same.
    last: Option<(String, u32)>,
}

impl Numbered {
    fn number(&mut self, text: &str) -> u32 {
        if let Some((last, number)) = &self.last
            && last == text
        {
            return *number;
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(text.to_owned()).or_insert(next);
        self.last = Some((text.to_owned(), number));
        number
    }
}

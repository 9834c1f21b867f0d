//! The invariant that nothing is paid for twice: an earnings row supports at most one validated claim of one outcome.
//!
//! A row supports a claim if it counts and covers days or is added up. What is proved is a little more than what is
//! needed: the days need not lie in the claim's window.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Int32Type, Int64Type};
use rayon::slice::ParallelSliceMut as _;

use crate::reopen::each_batch;
use crate::sealed::OpenFolder;

/// An earnings row that supports a validated claim, with the claim's outcome and the file it stands in as numbers.
type SupportingRow = (u32, u32, i64);

/// Proves it from the files of a run.
///
/// # Errors
/// A file cannot be read, or a row supports two claims.
pub(super) fn support_one_claim(run: &OpenFolder) -> Result<(), String> {
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
fn outcomes_of_validated(run: &OpenFolder) -> Result<HashMap<i32, u32>, String> {
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

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::Path;
    use std::sync::Arc;

    use arrow::array::{BooleanArray, Date32Array, Int32Array, Int64Array};
    use parquet::arrow::ArrowWriter;

    use super::*;

    /// An earnings row of a claim: the claim's row, the file, the row, and whether it counts, covers days or is added up.
    type Evidence = (i32, &'static str, i64, bool, Option<i32>, Option<i32>);

    fn write(run: &Path, name: &str, columns: Vec<(&str, ArrayRef)>) {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut writer = ArrowWriter::try_new(File::create(run.join(name)).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }

    /// Whether nothing is paid twice, where these claims are validated, each a row and an outcome.
    fn paid_once(validated: &[(i32, &str)], evidence: &[Evidence]) -> bool {
        let run = tempfile::tempdir().unwrap();
        let outcomes: StringArray = validated.iter().map(|claim| Some(claim.1)).collect();
        let rows: Int32Array = validated.iter().map(|claim| Some(claim.0)).collect();
        write(run.path(), "validated.parquet", vec![("outcome", Arc::new(outcomes)), ("claim_row", Arc::new(rows))]);
        let claims: Int32Array = evidence.iter().map(|row| Some(row.0)).collect();
        let files: StringArray = evidence.iter().map(|row| Some(row.1)).collect();
        let numbers: Int64Array = evidence.iter().map(|row| Some(row.2)).collect();
        let used: BooleanArray = evidence.iter().map(|row| Some(row.3)).collect();
        let cover: Date32Array = evidence.iter().map(|row| row.4).collect();
        let total: Int32Array = evidence.iter().map(|row| row.5).collect();
        let columns: [ArrayRef; 6] =
            [Arc::new(claims), Arc::new(files), Arc::new(numbers), Arc::new(used), Arc::new(cover), Arc::new(total)];
        write(run.path(), "evidence.parquet", EVIDENCE.into_iter().zip(columns).collect());
        support_one_claim(&OpenFolder::open(run.path()).unwrap()).is_ok()
    }

    const COVERS: Evidence = (1, "a.csv", 7, true, Some(17_652), None);

    #[test]
    fn a_row_that_supports_two_validated_claims_of_one_outcome_is_found() {
        let same_outcome = [(1, "job_start"), (2, "job_start")];
        assert!(!paid_once(&same_outcome, &[COVERS, (2, "a.csv", 7, true, Some(17_652), None)]));
        assert!(!paid_once(&same_outcome, &[COVERS, (2, "a.csv", 7, true, None, Some(1))]));
        assert!(paid_once(&[(1, "job_start"), (2, "sustained")], &[COVERS, (2, "a.csv", 7, true, Some(17_652), None)]));
        assert!(paid_once(&[(1, "job_start")], &[COVERS, (2, "a.csv", 7, true, Some(17_652), None)]));
    }

    #[test]
    fn other_rows_and_rows_that_support_nothing_may_stand_with_two_claims() {
        let same_outcome = [(1, "job_start"), (2, "job_start")];
        for other in [
            (2, "a.csv", 8, true, Some(17_652), None),
            (2, "b.csv", 7, true, Some(17_652), None),
            (2, "a.csv", 7, false, Some(17_652), None),
            (2, "a.csv", 7, true, None, None),
        ] {
            assert!(paid_once(&same_outcome, &[COVERS, other]), "{other:?}");
        }
    }
}

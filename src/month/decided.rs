//! What a month's run decided of each row, and the payroll rows that it considered for it.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int32Type;
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::domain::Payment;
use crate::extract::row_batch::as_text;
use crate::judge::Verdict;
use crate::ledger::event::EvidenceHash;
use crate::reopen::{ResultRow, each_batch};
use crate::sealed::OpenFolder;

/// What a run decided of one row.
#[derive(Debug, Clone)]
pub(super) struct DecidedRow {
    /// The verdict.
    pub(super) verdict: Verdict,
    /// The failing rules but notes, rejections first, each by its code.
    pub(super) reasons: Vec<String>,
    /// The day the outcome was achieved.
    pub(super) achieved_on: Option<NaiveDate>,
    /// When a later extract can settle it.
    pub(super) recheck_on: Option<NaiveDate>,
}

/// What a run decided, by row of its batch.
pub(super) fn decided(run: &OpenFolder) -> Result<HashMap<u32, DecidedRow>, String> {
    const COLUMNS: [&str; 4] = ["claim_row", "reasons", "achieved_on", "recheck_on"];
    let mut decided = HashMap::new();
    for verdict in Verdict::ALL {
        each_batch(run, &format!("{}.parquet", verdict.name()), &COLUMNS, &mut |batch| {
            for number in 0..batch.num_rows() {
                let row = ResultRow::new(batch, number);
                let found = row.structures("reasons");
                let of = |severity: &str| {
                    let own = found.iter().filter(move |texts| texts.get(1).is_some_and(|own| own == severity));
                    own.filter_map(|texts| texts.first().cloned()).collect::<Vec<String>>()
                };
                let reasons = [of("reject"), of("query")].concat();
                let (achieved_on, recheck_on) = (row.date("achieved_on"), row.date("recheck_on"));
                decided.insert(row.number()?, DecidedRow { verdict, reasons, achieved_on, recheck_on });
            }
            Ok(())
        })?;
    }
    Ok(decided)
}

/// The columns of the evidence that HMRC's records give, which are those of an extract; the others are what was made of them.
pub(super) fn facts() -> impl ExactSizeIterator<Item = &'static str> {
    Payment::COLUMNS.iter().map(|column| column.name)
}

/// The place of a column among the facts.
pub(super) fn place_of(column: &str) -> Option<usize> {
    facts().position(|name| name == column)
}

/// A hash of rows in which their order plays no part: the sum of the hashes of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RowsHash {
    rows: u64,
    sum: [u128; 2],
}

impl RowsHash {
    fn add(&mut self, hash: &[u8; 32]) {
        self.rows += 1;
        let (first, second) = hash.split_at(16);
        for (sum, half) in self.sum.iter_mut().zip([first, second]) {
            let half = half.iter().fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
            *sum = sum.wrapping_add(half);
        }
    }

    /// The hash, of rows with paydays up to a day.
    pub(super) fn up_to(self, up_to: Option<NaiveDate>) -> EvidenceHash {
        EvidenceHash { rows: self.rows, hash: format!("{:032x}{:032x}", self.sum[0], self.sum[1]), up_to }
    }
}

/// The payroll rows considered for one row of a batch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ConsideredRows {
    /// All of them.
    pub(super) all: RowsHash,
    /// Those with paydays up to a day that was asked for.
    pub(super) as_decided: RowsHash,
}

#[cfg(test)]
impl ConsideredRows {
    /// Rows as a test wants them.
    pub(super) fn made_up(rows: usize) -> Self {
        let mut hash = RowsHash::default();
        for row in 0..rows {
            hash.add(&[u8::try_from(row).unwrap(); 32]);
        }
        Self { all: hash, as_decided: hash }
    }
}

/// The payroll rows considered, by row of the batch, of the rows that `wanted` names; `days` are the last paydays asked for of some
/// of them.
pub(super) fn considered(
    run: &OpenFolder,
    wanted: &dyn Fn(u32) -> bool,
    days: &HashMap<u32, NaiveDate>,
) -> Result<HashMap<u32, ConsideredRows>, String> {
    let mut considered: HashMap<u32, ConsideredRows> = HashMap::new();
    each_fact_batch(run, wanted, &mut |rows, facts| {
        let hashes: Vec<[u8; 32]> =
            (0..rows.len()).into_par_iter().map(|index| hash(facts.iter().map(|fact| cell(fact, index)))).collect();
        let paydays = place_of("payment_date").and_then(|place| facts.get(place));
        for (index, (row, hash)) in rows.iter().zip(&hashes).enumerate() {
            let own = considered.entry(*row).or_default();
            own.all.add(hash);
            let payday = paydays.and_then(|paydays| cell(paydays, index)).and_then(|day| day.parse::<NaiveDate>().ok());
            let counts = match (days.get(row), payday) {
                (Some(last), Some(payday)) => payday <= *last,
                (Some(_), None) | (None, _) => true,
            };
            if counts {
                own.as_decided.add(hash);
            }
        }
        Ok(())
    })?;
    Ok(considered)
}

/// The sink for rows of evidence: the claims they are for, and their facts by column.
type FactSink<'a> = &'a mut dyn FnMut(&[u32], &[StringArray]) -> Result<(), String>;

/// Hands on the rows of evidence of a run that are for the claims of wanted rows, batch by batch.
pub(super) fn each_fact_batch(
    run: &OpenFolder,
    wanted: &dyn Fn(u32) -> bool,
    each: FactSink<'_>,
) -> Result<(), String> {
    let columns: Vec<&str> = facts().chain(["claim_row"]).collect();
    each_batch(run, "evidence.parquet", &columns, &mut |batch| {
        let is_wanted: BooleanArray = claim_rows(batch)?.into_iter().map(|row| Some(wanted(row))).collect();
        let batch = &filter_record_batch(batch, &is_wanted).map_err(|_| "evidence.parquet is damaged")?;
        let facts: Vec<StringArray> =
            Payment::COLUMNS.par_iter().map(|column| text_of(batch, column.name)).collect::<Result<_, String>>()?;
        each(&claim_rows(batch)?, &facts)
    })
}

fn text_of(batch: &RecordBatch, name: &'static str) -> Result<StringArray, String> {
    let Some(array) = batch.column_by_name(name) else { return Err(format!("evidence.parquet has no column {name}")) };
    let array: ArrayRef = match array.as_boolean_opt() {
        None => array.clone(),
        Some(flags) => std::sync::Arc::new(
            flags.iter().map(|flag| flag.map(|flag| if flag { "Y" } else { "N" })).collect::<StringArray>(),
        ),
    };
    as_text(&array, name).map_err(|_| format!("evidence.parquet has a column {name} of another type"))
}

fn claim_rows(batch: &RecordBatch) -> Result<Vec<u32>, String> {
    let rows = batch.column_by_name("claim_row").and_then(|rows| rows.as_primitive_opt::<Int32Type>());
    let rows = rows.ok_or("evidence.parquet has no claim_row")?;
    Ok(rows.values().iter().map(|row| u32::try_from(*row).unwrap_or(0)).collect())
}

/// A cell of a column of text.
pub(super) fn cell(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

fn hash<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for cell in cells {
        // A cell that holds nothing differs from one that holds an empty text.
        hasher.update(&cell.map_or(u64::MAX, |text| u64::try_from(text.len()).unwrap_or(u64::MAX)).to_le_bytes());
        hasher.update(cell.unwrap_or_default().as_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rows_plays_no_part_and_a_row_more_does() {
        let hash_of = |rows: &[&str]| {
            let mut sum = RowsHash::default();
            for row in rows {
                sum.add(&hash([Some(*row)].into_iter()));
            }
            sum.up_to(None)
        };
        assert_eq!(hash_of(&["a", "b"]), hash_of(&["b", "a"]));
        assert_ne!(hash_of(&["a", "b"]), hash_of(&["a", "b", "b"]));
        assert_ne!(hash([None, Some("")].into_iter()), hash([Some(""), None].into_iter()));
    }
}

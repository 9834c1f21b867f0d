//! What a month's run decided of each row, and the payroll rows that it considered for it.

use std::collections::HashMap;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::Date32Type;
use chrono::NaiveDate;

use crate::domain::Payment;
use crate::domain::day::from_day_number;
use crate::extract::row_batch::as_text;
use crate::judge::Verdict;
use crate::ledger::event::EvidenceHash;
use crate::reopen::{ResultRow, claim_rows, map_batches};
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
        let file = format!("{}.parquet", verdict.name());
        let rows = map_batches(run, &file, &COLUMNS, &|_| true, &|batch| decided_rows(batch, verdict))?;
        decided.extend(rows.into_iter().flatten());
    }
    Ok(decided)
}

fn decided_rows(batch: &RecordBatch, verdict: Verdict) -> Result<Vec<(u32, DecidedRow)>, String> {
    let days = |column: &str| {
        let days = batch.column_by_name(column).and_then(|days| days.as_primitive_opt::<Date32Type>());
        days.ok_or_else(|| format!("a file has no column {column}"))
    };
    let (achieved_on, recheck_on) = (days("achieved_on")?, days("recheck_on")?);
    let day = |days: &Date32Array, row: usize| days.is_valid(row).then(|| days.value_as_date(row)).flatten();
    let rows = claim_rows(batch)?.into_iter().enumerate();
    let row = |(number, row): (usize, u32)| {
        let found = ResultRow::new(batch, number).structures("reasons");
        let of = |severity: &str| {
            let own = found.iter().filter(move |texts| texts.get(1).is_some_and(|own| own == severity));
            own.filter_map(|texts| texts.first().cloned()).collect::<Vec<String>>()
        };
        let reasons = [of("reject"), of("query")].concat();
        let (achieved_on, recheck_on) = (day(achieved_on, number), day(recheck_on, number));
        (row, DecidedRow { verdict, reasons, achieved_on, recheck_on })
    };
    Ok(rows.map(row).collect())
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
    fn of_row(hash: &[u8; 32]) -> Self {
        let (first, second) = hash.split_at(16);
        let sum = [first, second].map(|half| half.iter().fold(0, |number, byte| (number << 8) | u128::from(*byte)));
        Self { rows: 1, sum }
    }

    /// How many rows.
    pub(super) fn rows(self) -> u64 {
        self.rows
    }

    fn add(&mut self, other: Self) {
        self.rows += other.rows;
        for (sum, more) in self.sum.iter_mut().zip(other.sum) {
            *sum = sum.wrapping_add(more);
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

impl ConsideredRows {
    fn add(&mut self, other: Self) {
        self.all.add(other.all);
        self.as_decided.add(other.as_decided);
    }
}

#[cfg(test)]
impl ConsideredRows {
    /// Rows as a test wants them.
    pub(super) fn made_up(rows: usize) -> Self {
        let mut hash = RowsHash::default();
        for row in 0..rows {
            hash.add(RowsHash::of_row(&[u8::try_from(row).unwrap(); 32]));
        }
        Self { all: hash, as_decided: hash }
    }
}

/// The payroll rows considered, by row of the batch, of the rows that `wanted` names; `days` are the last paydays asked for of some
/// of them.
pub(super) fn considered(
    run: &OpenFolder,
    wanted: &(dyn Fn(u32) -> bool + Sync),
    days: &HashMap<u32, NaiveDate>,
) -> Result<HashMap<u32, ConsideredRows>, String> {
    let mut considered: HashMap<u32, ConsideredRows> = HashMap::new();
    let hashed = map_fact_batches(run, wanted, &|rows, facts| {
        let paydays = place_of("payment_date").and_then(|place| facts.get(place));
        let mut of_claims: Vec<(u32, ConsideredRows)> = Vec::new();
        let mut bytes = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let hash = hash(facts.iter().map(|fact| cell(fact, index)), &mut bytes);
            let payday = || cell(paydays?, index)?.parse::<NaiveDate>().ok();
            let counts = days.get(row).is_none_or(|last| payday().is_none_or(|payday| payday <= *last));
            let of_row = RowsHash::of_row(&hash);
            let of_row = ConsideredRows { all: of_row, as_decided: if counts { of_row } else { RowsHash::default() } };
            // The rows of a claim follow one another.
            match of_claims.last_mut() {
                Some((last, of_claim)) if last == row => of_claim.add(of_row),
                Some(_) | None => of_claims.push((*row, of_row)),
            }
        }
        of_claims
    })?;
    for (row, of_claim) in hashed.into_iter().flatten() {
        considered.entry(row).or_default().add(of_claim);
    }
    Ok(considered)
}

/// Makes something of the rows of evidence of a run that are for the claims of wanted rows, batch by batch: of the rows they are for,
/// and of their facts by column.
pub(super) fn map_fact_batches<T: Send>(
    run: &OpenFolder,
    wanted: &(dyn Fn(u32) -> bool + Sync),
    make: &(dyn Fn(&[u32], &[StringArray]) -> T + Sync),
) -> Result<Vec<T>, String> {
    let columns: Vec<&str> = facts().chain(["claim_row"]).collect();
    map_batches(run, "evidence.parquet", &columns, wanted, &|batch| {
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
pub(super) fn cell(column: &StringArray, row: usize) -> Option<&str> {
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

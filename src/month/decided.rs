//! What a month's run decided of each row.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, Date32Array, RecordBatch};
use arrow::datatypes::Date32Type;
use chrono::NaiveDate;

use crate::judge::Verdict;
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

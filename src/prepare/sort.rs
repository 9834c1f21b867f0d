//! Sorts the rows of a spill file.

use arrow::array::{ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take};
use arrow::datatypes::{Int32Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;

use super::failed;
use super::spill::{SpillFile, StoreColumns};
use crate::error::RunError;

/// How many rows are read at a time.
const BATCH_ROWS: usize = 65_536;

/// The rows of a spill file by stem, rows without a person last, then by file and row.
pub(super) fn sorted(spill_file: &SpillFile, columns: &StoreColumns) -> Result<RecordBatch, RunError> {
    let file = crate::files::open(&spill_file.path).map_err(|_| failed())?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_| failed())?;
    let reader = reader.with_batch_size(BATCH_ROWS).build().map_err(|_| failed())?;
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().map_err(|_| failed())?;
    let rows = concat_batches(&columns.schema, &batches).map_err(|_| failed())?;
    drop(batches);
    let order = UInt32Array::from(order(&rows).ok_or_else(failed)?);
    let sorted: Vec<ArrayRef> = rows
        .columns()
        .par_iter()
        .map(|column| take(column, &order, None))
        .collect::<Result<_, _>>()
        .map_err(|_| failed())?;
    RecordBatch::try_new(rows.schema(), sorted).map_err(|_| failed())
}

fn order(rows: &RecordBatch) -> Option<Vec<u32>> {
    let last = rows.num_columns().checked_sub(3)?;
    let stems = rows.column(0).as_string_opt::<i32>()?;
    let files = rows.column(last).as_primitive_opt::<Int32Type>()?;
    let numbers = rows.column(last + 1).as_primitive_opt::<Int64Type>()?;
    let stem = |text: Option<&str>| {
        text.and_then(|text| text.as_bytes().first_chunk::<8>()).map_or(u64::MAX, |stem| u64::from_be_bytes(*stem))
    };
    let mut keys: Vec<(u64, i32, i64, u32)> = stems
        .iter()
        .zip(files.values())
        .zip(numbers.values())
        .zip(0_u32..)
        .map(|(((text, file), number), row)| (stem(text), *file, *number, row))
        .collect();
    keys.par_sort_unstable();
    Some(keys.into_iter().map(|(.., row)| row).collect())
}

//! Reading the files of a finished run: columns of a file, and what a file has of one claim.

use std::collections::BTreeMap;
use std::fs::File;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray, StructArray};
use arrow::datatypes::Int32Type;
use chrono::NaiveDate;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use rayon::prelude::*;

use crate::domain::Pence;
use crate::extract::contain::contain;
use crate::extract::row_batch::{as_text, is_plain, text_at};
use crate::sealed::OpenFolder;

/// How many rows are read at once where row groups are read on every thread.
const ROWS_AT_ONCE: usize = 16_384;

/// The sink for batches of rows.
type BatchSink<'a> = &'a mut dyn FnMut(&RecordBatch) -> Result<(), String>;

/// Reads some columns of one of a run's files.
///
/// # Errors
/// The file cannot be read, or what `each` says.
pub(crate) fn each_batch(run: &OpenFolder, name: &str, columns: &[&str], each: BatchSink<'_>) -> Result<(), String> {
    read(project(open(run, name)?, columns), name, each)
}

/// Reads some columns of the rows of one of a run's files that are for the claims of wanted rows of the batch; row groups are read
/// on every thread. Returns what `of_batch` makes of each batch, in the order of the file.
///
/// # Errors
/// The file cannot be read, or what `of_batch` says.
pub(crate) fn map_batches<T: Send>(
    run: &OpenFolder,
    name: &str,
    columns: &[&str],
    wanted: &(dyn Fn(u32) -> bool + Sync),
    of_batch: &(dyn Fn(&RecordBatch) -> Result<T, String> + Sync),
) -> Result<Vec<T>, String> {
    let metadata = open(run, name)?.metadata().clone();
    let of_group = |group: usize| {
        let rows = wanted_rows(run, name, group, wanted)?;
        let mut made = Vec::new();
        if rows.selects_any() {
            let builder = open_group(run, name, group)?.with_row_selection(rows);
            read(project(builder, columns), name, &mut |batch| {
                made.push(of_batch(batch)?);
                Ok(())
            })?;
        }
        Ok(made)
    };
    let made = (0..metadata.num_row_groups()).into_par_iter().map(of_group).collect::<Result<Vec<_>, String>>()?;
    Ok(made.into_iter().flatten().collect())
}

/// The rows of a row group that are for the claims of wanted rows of the batch.
fn wanted_rows(
    run: &OpenFolder,
    name: &str,
    group: usize,
    wanted: &(dyn Fn(u32) -> bool + Sync),
) -> Result<RowSelection, String> {
    let mut selected = Vec::new();
    read(project(open_group(run, name, group)?, &["claim_row"]), name, &mut |batch| {
        selected.push(claim_rows(batch)?.into_iter().map(|row| Some(wanted(row))).collect::<BooleanArray>());
        Ok(())
    })?;
    Ok(RowSelection::from_filters(&selected))
}

fn open_group(run: &OpenFolder, name: &str, group: usize) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
    Ok(open(run, name)?.with_row_groups(vec![group]).with_batch_size(ROWS_AT_ONCE))
}

/// The row of the batch that each row of a batch of a file is for.
///
/// # Errors
/// The file has no such column.
pub(crate) fn claim_rows(batch: &RecordBatch) -> Result<Vec<u32>, String> {
    let rows = batch.column_by_name("claim_row").and_then(|rows| rows.as_primitive_opt::<Int32Type>());
    let rows = rows.ok_or("a file has no claim_row")?;
    Ok(rows.values().iter().map(|row| u32::try_from(*row).unwrap_or(0)).collect())
}

/// Reads the parts of one of a run's files in which rows of a claim may stand, every column; `None` is a claim without a
/// number. The files are sorted by it, so these are few.
///
/// # Errors
/// As [`each_batch`].
pub(crate) fn each_batch_of(
    run: &OpenFolder,
    name: &str,
    claim_id: Option<&str>,
    each: BatchSink<'_>,
) -> Result<(), String> {
    let builder = open(run, name)?;
    let groups = groups_of(builder.metadata(), claim_id);
    read(builder.with_row_groups(groups), name, each)
}

/// Reads one of a run's files whole.
///
/// # Errors
/// As [`each_batch`].
pub(crate) fn each_whole_batch(run: &OpenFolder, name: &str, each: BatchSink<'_>) -> Result<(), String> {
    read(open(run, name)?, name, each)
}

fn open(run: &OpenFolder, name: &str) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
    let file = run.file(name)?;
    contain(|| ParquetRecordBatchReaderBuilder::try_new(file)).and_then(Result::ok).ok_or_else(|| damaged(name))
}

fn project(builder: ParquetRecordBatchReaderBuilder<File>, columns: &[&str]) -> ParquetRecordBatchReaderBuilder<File> {
    let fields = builder.schema().fields().clone();
    let wanted =
        fields.iter().enumerate().filter(|(_, field)| columns.contains(&field.name().as_str())).map(|(index, _)| index);
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.collect::<Vec<_>>());
    builder.with_projection(mask)
}

fn read(builder: ParquetRecordBatchReaderBuilder<File>, name: &str, each: BatchSink<'_>) -> Result<(), String> {
    let mut reader = contain(|| builder.build()).and_then(Result::ok).ok_or_else(|| damaged(name))?;
    while let Some(batch) = contain(|| reader.next()).ok_or_else(|| damaged(name))? {
        each(&batch.map_err(|_| damaged(name))?)?;
    }
    Ok(())
}

fn damaged(name: &str) -> String {
    format!("{name} is damaged")
}

fn groups_of(metadata: &ParquetMetaData, claim_id: Option<&str>) -> Vec<usize> {
    let groups = metadata.row_groups().iter().enumerate();
    groups.filter(|(_, group)| may_have(group, claim_id)).map(|(index, _)| index).collect()
}

/// Whether a row group may have rows of a claim, by the least and greatest number in it.
fn may_have(group: &RowGroupMetaData, claim_id: Option<&str>) -> bool {
    let ids = group.columns().iter().find(|column| column.column_path().string() == "claim_id");
    let Some(statistics) = ids.and_then(|column| column.statistics()) else { return true };
    match (statistics, claim_id) {
        (_, None) => statistics.null_count_opt() != Some(0),
        (Statistics::ByteArray(texts), Some(id)) => match (texts.min_opt(), texts.max_opt()) {
            (Some(least), Some(greatest)) => least.data() <= id.as_bytes() && id.as_bytes() <= greatest.data(),
            _ => true,
        },
        (_, Some(_)) => true,
    }
}

/// One row of a run's file.
pub(crate) struct ResultRow<'a> {
    batch: &'a RecordBatch,
    number: usize,
}

impl<'a> ResultRow<'a> {
    /// A row of a batch.
    pub(crate) fn new(batch: &'a RecordBatch, number: usize) -> Self {
        Self { batch, number }
    }

    fn array(&self, column: &str) -> Option<&ArrayRef> {
        self.batch.column_by_name(column)
    }

    /// The value of a column, as text.
    pub(crate) fn text(&self, column: &str) -> Option<String> {
        let one = self.array(column)?.slice(self.number, 1);
        let text = as_text(&one, "a column").ok()?;
        text_at(&text, 0).map(str::to_owned)
    }

    /// A day, where the column holds one.
    pub(crate) fn date(&self, column: &str) -> Option<NaiveDate> {
        self.text(column).and_then(|text| text.parse().ok())
    }

    /// What is payable for a validated claim: the scheme's price, or where none is known what is claimed.
    pub(crate) fn payable(&self) -> Option<Pence> {
        let amount = |column: &str| self.text(column).and_then(|text| Pence::parse(&text).ok());
        amount("payable").or_else(|| amount("amount_claimed"))
    }

    /// The number of the claim's row in the claims file.
    ///
    /// # Errors
    /// The file has no such column.
    pub(crate) fn number(&self) -> Result<u32, String> {
        let rows = self.array("claim_row").and_then(|array| array.as_primitive_opt::<Int32Type>());
        let number = rows.and_then(|rows| u32::try_from(rows.value(self.number)).ok());
        number.ok_or_else(|| "a file has no claim_row".to_owned())
    }

    /// Every plain cell that holds something.
    pub(crate) fn cells(&self) -> BTreeMap<String, String> {
        let schema = self.batch.schema();
        let plain = schema.fields().iter().filter(|field| is_plain(field.data_type()));
        plain.filter_map(|field| Some((field.name().clone(), self.text(field.name())?))).collect()
    }

    /// A column of lists of structures, each with the texts of its fields.
    pub(crate) fn structures(&self, column: &str) -> Vec<Vec<String>> {
        let list = self.array(column).and_then(|array| array.as_list_opt::<i32>());
        let Some(items) = list.filter(|list| !list.is_null(self.number)).map(|list| list.value(self.number)) else {
            return Vec::new();
        };
        let Some(structures) = items.as_any().downcast_ref::<StructArray>() else { return Vec::new() };
        let fields: Vec<&StringArray> =
            structures.columns().iter().filter_map(|field| field.as_string_opt::<i32>()).collect();
        let texts = |item: usize| fields.iter().map(|field| field.value(item).to_owned()).collect();
        (0..structures.len()).map(texts).collect()
    }
}

//! Spill files: rows on disk, partitioned by ranges of stems.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{cast, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::failed;
use super::sampled::StemSample;
use crate::domain::{Column, Payment, Stem};
use crate::error::RunError;
use crate::extract::earnings::Split;
use crate::extract::earnings::stored::columns;
use crate::extract::row_batch::{RowBatch, UnreadableColumn, text_at, to_text};
use crate::staging::Staging;

/// The columns of a store that is being made.
#[derive(Debug, Clone)]
pub(super) struct StoreColumns {
    pub(super) schema: SchemaRef,
}

impl StoreColumns {
    /// A column keeps its type if it has the same type in all splits; otherwise it is text.
    pub(super) fn of(splits: &[Split]) -> Self {
        let ours = (0..Payment::COLUMNS.len()).map(|column| {
            let mut types = splits.iter().map(|split| split.type_of(column));
            let first = types.next().unwrap_or(DataType::Utf8);
            if types.all(|other| other == first) { first } else { DataType::Utf8 }
        });
        let types =
            std::iter::once(DataType::Utf8).chain(ours).chain([DataType::Int32, DataType::Int64, DataType::Int64]);
        let fields = columns().zip(types).map(|(name, of)| {
            let always_there = [crate::store::column::FILE, crate::store::column::ROW].contains(&name);
            Field::new(name, of, !always_there)
        });
        Self { schema: Arc::new(Schema::new(fields.collect::<Vec<_>>())) }
    }

    /// The rows of a batch as rows of the store.
    pub(super) fn rows(
        &self,
        row_batch: &RowBatch,
        people: &[Option<Stem>],
        first_file: u32,
    ) -> Result<RecordBatch, UnreadableColumn> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        let stems: StringArray = people.iter().map(|person| person.as_ref().map(Stem::as_str)).collect();
        arrays.push(Arc::new(stems));
        for ((column, parts), field) in
            Payment::COLUMNS.iter().zip(&row_batch.columns).zip(self.schema.fields().iter().skip(1))
        {
            arrays.push(cells(parts, field.data_type(), column, row_batch.len())?);
        }
        let signed = |number: u32| i64::from(number);
        let file = |(file, _): &(u32, u32)| i32::try_from(first_file + file).ok();
        arrays.push(Arc::new(row_batch.rows.iter().map(file).collect::<Int32Array>()));
        arrays.push(Arc::new(row_batch.rows.iter().map(|(_, row)| Some(signed(*row))).collect::<Int64Array>()));
        let line = |index: usize| {
            row_batch.lines.get(index).filter(|line| 0 < **line).and_then(|line| i64::try_from(*line).ok())
        };
        arrays.push(Arc::new((0..row_batch.len()).map(line).collect::<Int64Array>()));
        let rows = RecordBatch::try_new(Arc::clone(&self.schema), arrays);
        rows.map_err(|_| UnreadableColumn { column: "nino", type_name: "unknown".into() })
    }
}

/// One column of a batch in its type in the store; of several arrays the first that holds a value in the row.
fn cells(parts: &[ArrayRef], of: &DataType, column: &Column, rows: usize) -> Result<ArrayRef, UnreadableColumn> {
    if let [array] = parts
        && array.data_type() == of
    {
        return Ok(Arc::clone(array));
    }
    let unreadable =
        |array: &ArrayRef| UnreadableColumn { column: column.name, type_name: array.data_type().to_string() };
    if let ([array], false) = (parts, *of == DataType::Utf8) {
        return cast(array, of).map_err(|_| unreadable(array));
    }
    let texts: Vec<StringArray> =
        parts.iter().map(|array| to_text(array, column.kind, column.name)).collect::<Result<_, _>>()?;
    if let [only] = texts.as_slice() {
        return Ok(Arc::new(only.clone()));
    }
    let cell = |row: usize| texts.iter().find_map(|array| text_at(array, row));
    Ok(Arc::new((0..rows).map(cell).collect::<StringArray>()))
}

/// About how many rows go to one spill file.
const SPILL_FILE_ROWS: usize = 1_500_000;
/// The most spill files there are.
const MOST_SPILL_FILES: usize = 256;
/// How many rows are buffered for a spill file before they go to disk.
const GROUP_ROWS: usize = 16_384;

/// The open spill files.
pub(super) struct SpillFiles {
    /// The first stem of every spill file but the first.
    bounds: Vec<Stem>,
    open: Vec<Mutex<OpenSpillFile>>,
}

struct OpenSpillFile {
    path: PathBuf,
    writer: ArrowWriter<File>,
}

/// A finished spill file.
pub(super) struct SpillFile {
    pub(super) path: PathBuf,
}

impl SpillFile {
    /// Deletes the file; if that fails, it is deleted with the run's own folder.
    pub(super) fn remove(self) {
        drop(std::fs::remove_file(self.path));
    }
}

impl SpillFiles {
    /// Opens as many spill files as the extract needs, each for a range of stems with about as many rows as the others.
    pub(super) fn create(people: &StemSample, columns: &StoreColumns, staging: &Staging) -> Result<Self, RunError> {
        let bounds = people.bounds((people.rows() / SPILL_FILE_ROWS + 1).min(MOST_SPILL_FILES));
        let folder = staging.room("bundles")?;
        let open = (0..=bounds.len()).map(|number| {
            let path = folder.join(format!("{number}.parquet"));
            let file = File::create_new(&path).map_err(|_| failed())?;
            let writer =
                ArrowWriter::try_new(file, Arc::clone(&columns.schema), Some(properties())).map_err(|_| failed())?;
            Ok(Mutex::new(OpenSpillFile { path, writer }))
        });
        Ok(Self { open: open.collect::<Result<_, RunError>>()?, bounds })
    }

    /// Sends rows to their spill files; rows without a person go to the last.
    pub(super) fn add(&self, rows: &RecordBatch, people: &[Option<Stem>]) -> Result<(), RunError> {
        let mut of_bundle: Vec<Vec<u32>> = vec![Vec::new(); self.open.len()];
        for (person, row) in people.iter().zip(0_u32..) {
            let spill_file =
                person.map_or(self.bounds.len(), |stem| self.bounds.partition_point(|bound| *bound <= stem));
            if let Some(of_bundle) = of_bundle.get_mut(spill_file) {
                of_bundle.push(row);
            }
        }
        for (spill_file, own) in self.open.iter().zip(of_bundle).filter(|(_, own)| !own.is_empty()) {
            let own = take_record_batch(rows, &UInt32Array::from(own)).map_err(|_| failed())?;
            spill_file.lock().unwrap_or_else(PoisonError::into_inner).writer.write(&own).map_err(|_| failed())?;
        }
        Ok(())
    }

    /// The spill files, in the order of their stems, once no more rows come.
    pub(super) fn finish(self) -> Result<Vec<SpillFile>, RunError> {
        let close = |spill_file: Mutex<OpenSpillFile>| {
            let spill_file = spill_file.into_inner().unwrap_or_else(PoisonError::into_inner);
            spill_file.writer.close().map_err(|_| failed())?;
            Ok(SpillFile { path: spill_file.path })
        };
        self.open.into_iter().map(close).collect()
    }
}

/// Written once and read once: as it is.
fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .build()
}

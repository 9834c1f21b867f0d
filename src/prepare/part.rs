//! The files of a store while they are written.

use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, ArrowWriter};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use super::spill::StoreColumns;
use super::{failed, written};
use crate::error::RunError;
use crate::extract::QuarantinedRow;
use crate::extract::quarantine::{QuarantineList, each_chunk, in_order};
use crate::staging::Staging;
use crate::store::StorePart;
use crate::store::column;
use crate::store::manifest::PartKind;

/// How many rows a row group has.
const GROUP_ROWS: usize = 1 << 20;
/// How many row groups a part has.
const PART_GROUPS: usize = 16;
/// How many rows a page has: what is read for one person.
const PAGE_ROWS: usize = 1_024;
/// Columns of a few values, and how many rows a page of them has: so small that fewer pages are less to read.
const OF_FEW_VALUES: [&str; 10] = [
    "leaving_date",
    "pay_frequency",
    "earnings_periods",
    "hours_band",
    "irregular_payment",
    "pension_payment",
    "payment_after_leaving",
    "no_longer_valid",
    column::FILE,
    column::LINE,
];
const LARGE_PAGE_ROWS: usize = 16_384;

/// The parts of a store, written one after another.
pub(super) struct PartWriter<'a> {
    staging: &'a Staging,
    columns: &'a StoreColumns,
    /// How many files the store had before.
    before: usize,
    /// Sorted rows that do not fill a row group yet.
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
    open: Option<OpenPart>,
    done: Vec<StorePart>,
}

struct OpenPart {
    name: String,
    writer: SerializedFileWriter<BufWriter<File>>,
    factory: ArrowRowGroupWriterFactory,
    groups: usize,
    rows: u64,
}

impl<'a> PartWriter<'a> {
    /// Begins with nothing; files are numbered on from those the store had before.
    pub(super) fn new(staging: &'a Staging, columns: &'a StoreColumns, before: usize) -> Self {
        Self { staging, columns, before, waiting: Vec::new(), waiting_rows: 0, open: None, done: Vec::new() }
    }

    /// Adds rows that come after those before them in the order of the store.
    pub(super) fn add(&mut self, rows: &RecordBatch) -> Result<(), RunError> {
        let mut at = 0;
        while at < rows.num_rows() {
            let length = (GROUP_ROWS - self.waiting_rows).min(rows.num_rows() - at);
            self.waiting.push(rows.slice(at, length));
            self.waiting_rows += length;
            at += length;
            if self.waiting_rows == GROUP_ROWS {
                self.write_group()?;
            }
        }
        Ok(())
    }

    /// Ends the last part, writes quarantined rows beside it, and returns all files.
    pub(super) fn finish(mut self, quarantined: &[QuarantineList]) -> Result<Vec<StorePart>, RunError> {
        self.write_group()?;
        self.close()?;
        let rows = quarantined.iter().map(QuarantineList::rows).sum();
        if 0 < rows {
            let name = self.name("quarantine");
            write_quarantine(self.staging.create(&name)?, quarantined)?;
            self.done.push(written(self.staging, name, PartKind::Quarantine, rows)?);
        }
        Ok(self.done)
    }

    fn name(&self, of: &str) -> String {
        format!("{of}-{:04}.parquet", self.before + self.done.len() + 1)
    }

    fn write_group(&mut self) -> Result<(), RunError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.waiting);
        let length = std::mem::take(&mut self.waiting_rows);
        let mut part = match self.open.take() {
            Some(part) => part,
            None => self.open_part().map_err(|_| failed())?,
        };
        part.write(&rows).map_err(|_| failed())?;
        part.groups += 1;
        part.rows += u64::try_from(length).unwrap_or(u64::MAX);
        let is_full = part.groups == PART_GROUPS;
        self.open = Some(part);
        if is_full { self.close() } else { Ok(()) }
    }

    fn open_part(&self) -> Result<OpenPart, ParquetError> {
        let name = self.name("part");
        let file = self.staging.create(&name).map_err(|error| ParquetError::General(error.to_string()))?;
        let schema = ArrowSchemaConverter::new().convert(&self.columns.schema)?;
        let properties = Arc::new(properties(self.columns)?);
        let writer =
            SerializedFileWriter::new(BufWriter::with_capacity(1 << 20, file), schema.root_schema_ptr(), properties)?;
        let factory = ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&self.columns.schema));
        Ok(OpenPart { name, writer, factory, groups: 0, rows: 0 })
    }

    fn close(&mut self) -> Result<(), RunError> {
        let Some(part) = self.open.take() else { return Ok(()) };
        part.writer.close().map_err(|_| failed())?;
        self.done.push(written(self.staging, part.name, PartKind::Rows, part.rows)?);
        Ok(())
    }
}

impl OpenPart {
    /// Writes a row group, its columns side by side.
    fn write(&mut self, rows: &[RecordBatch]) -> Result<(), ParquetError> {
        let writers = self.factory.create_column_writers(self.groups)?;
        let fields = rows.first().map(RecordBatch::schema).ok_or_else(|| ParquetError::General("no rows".into()))?;
        let columns: Vec<ArrowColumnChunk> = writers
            .into_par_iter()
            .enumerate()
            .map(|(place, mut writer)| {
                for batch in rows {
                    for leaf in compute_leaves(fields.field(place), batch.column(place))? {
                        writer.write(&leaf)?;
                    }
                }
                writer.close()
            })
            .collect::<Result<_, ParquetError>>()?;
        let mut group = self.writer.next_row_group()?;
        for column in columns {
            column.append_to_row_group(&mut group)?;
        }
        group.close()?;
        Ok(())
    }
}

/// Small pages without dictionaries, so that a person's rows are read without much else; bounds of the stems alone.
fn properties(columns: &StoreColumns) -> Result<WriterProperties, ParquetError> {
    let nobody_last = SortingColumn { column_idx: 0, descending: false, nulls_first: false };
    let last = i32::try_from(columns.schema.fields().len()).unwrap_or(i32::MAX);
    let by = |column_idx: i32| SortingColumn { column_idx, descending: false, nulls_first: false };
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_created_by(concat!("sustain ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled(ColumnPath::from(column::STEM), EnabledStatistics::Page)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .set_sorting_columns(Some(vec![nobody_last, by(last - 3), by(last - 2)]));
    for name in OF_FEW_VALUES {
        properties = properties.set_column_data_page_row_count_limit(ColumnPath::from(name), LARGE_PAGE_ROWS);
    }
    Ok(properties.build())
}

fn write_quarantine(file: File, lists: &[QuarantineList]) -> Result<(), RunError> {
    let field = |name: &str, of: DataType, nullable: bool| Field::new(name, of, nullable);
    let schema = Arc::new(Schema::new(vec![
        field(column::FILE, DataType::Int32, false),
        field(column::ROW, DataType::Int64, false),
        field(column::LINE, DataType::Int64, true),
        field("reason", DataType::Utf8, false),
        field("raw", DataType::Binary, false),
    ]));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("sustain ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(|_| failed())?;
    each_chunk(in_order(lists), &mut |rows| {
        let batch = quarantine_batch(&schema, &rows).ok_or_else(failed)?;
        writer.write(&batch).map_err(|_| failed())
    })?;
    writer.close().map_err(|_| failed())?;
    Ok(())
}

fn quarantine_batch(schema: &Arc<Schema>, rows: &[QuarantinedRow]) -> Option<RecordBatch> {
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| i32::try_from(row.file).ok()).collect::<Int32Array>()),
        Arc::new(rows.iter().map(|row| Some(i64::from(row.row))).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.line.and_then(|line| i64::try_from(line).ok())).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| Some(row.reason.as_str())).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| Some(row.raw.as_slice())).collect::<BinaryArray>()),
    ];
    RecordBatch::try_new(Arc::clone(schema), arrays).ok()
}

//! One Parquet file of a result: written as a stream of batches, the same bytes for the same rows.

use std::fs::File;
use std::io::BufWriter;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::layout::{OutputColumn, Personal, schema};
use super::run_columns::{RunIdentity, with_run_columns};
use crate::error::RunError;
use crate::staging::Staging;

/// The most rows of a row group.
const GROUP_ROWS: usize = 131_072;

/// A Parquet file being written.
pub struct OutputFile {
    name: &'static str,
    writer: ArrowWriter<BufWriter<File>>,
    schema: SchemaRef,
    /// The run whose columns stand behind those of its batches, and the schema of all of them.
    run: Option<(RunIdentity, SchemaRef)>,
    rows: u64,
}

/// The metadata in every file about the scheme it was decided under.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The scheme's name.
    pub scheme: String,
    /// How much of it published sources settle.
    pub scheme_status: &'static str,
    /// The scheme's hash.
    pub scheme_hash: String,
    /// The values supplied to it, as `name=value` with `;` between them.
    pub parameters: String,
}

impl OutputFile {
    /// Begins a file. `sorted_by` names the leading columns its rows are sorted by.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(
        staging: &Staging,
        name: &'static str,
        columns: &[OutputColumn],
        sorted_by: &[&str],
        stamp: &Stamp,
    ) -> Result<Self, RunError> {
        let file = BufWriter::with_capacity(1 << 20, staging.create(name)?);
        let properties = properties(columns, sorted_by, stamp);
        let schema = schema(columns);
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(|_| failed(name))?;
        Ok(Self { name, writer, schema, run: None, rows: 0 })
    }

    /// Begins a file whose rows say at their end which run they are of; its batches have the other columns.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create_of_run(
        staging: &Staging,
        name: &'static str,
        columns: Vec<OutputColumn>,
        sorted_by: &[&str],
        stamp: &Stamp,
        run: &RunIdentity,
    ) -> Result<Self, RunError> {
        let own = schema(&columns);
        let file = Self::create(staging, name, &with_run_columns(columns), sorted_by, stamp)?;
        Ok(Self { run: Some((run.clone(), file.schema)), schema: own, ..file })
    }

    /// The schema its batches must have.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Adds rows.
    ///
    /// # Errors
    /// The rows cannot be written.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), RunError> {
        self.rows += crate::domain::count_of(batch.num_rows());
        let whole = self.run.as_ref().map(|(run, schema)| run.behind(batch, schema.clone())).transpose()?;
        self.writer.write(whole.as_ref().unwrap_or(batch)).map_err(|_| failed(self.name))
    }

    /// Ends the file and returns its name and number of rows.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self) -> Result<(&'static str, u64), RunError> {
        self.writer.close().map_err(|_| failed(self.name))?;
        Ok((self.name, self.rows))
    }
}

fn failed(name: &str) -> RunError {
    RunError::Untrusted(format!("{name} could not be written; is the disk full?"))
}

fn properties(columns: &[OutputColumn], sorted_by: &[&str], stamp: &Stamp) -> WriterProperties {
    let place = |name: &&str| {
        columns.iter().position(|column| column.name == **name).and_then(|place| i32::try_from(place).ok())
    };
    let sorting = sorted_by.iter().filter_map(place).map(|column_idx| SortingColumn {
        column_idx,
        descending: false,
        nulls_first: false,
    });
    let pair = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
    let metadata = vec![
        pair("sustain.version", env!("CARGO_PKG_VERSION")),
        pair("sustain.scheme", &stamp.scheme),
        pair("sustain.scheme_status", stamp.scheme_status),
        pair("sustain.scheme_hash", &stamp.scheme_hash),
        pair("sustain.parameters", &stamp.parameters),
    ];
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("sustain ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(Some(sorting.collect()))
        .set_key_value_metadata(Some(metadata));
    for column in columns.iter().filter(|column| column.personal == Personal::Yes) {
        for path in leaves(column) {
            properties = properties.set_column_statistics_enabled(path, EnabledStatistics::None);
        }
    }
    properties.build()
}

/// The Parquet leaf columns that a column is stored in: one for each field of a list of structures.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types the outputs use a few")]
fn leaves(column: &OutputColumn) -> Vec<ColumnPath> {
    use arrow::datatypes::DataType;
    let path = |parts: &[&str]| ColumnPath::new(parts.iter().map(|part| (*part).to_owned()).collect());
    match &column.data_type {
        DataType::List(item) => match item.data_type() {
            DataType::Struct(fields) => {
                fields.iter().map(|field| path(&[&column.name, "list", item.name(), field.name()])).collect()
            }
            _ => vec![path(&[&column.name, "list", item.name()])],
        },
        _ => vec![path(&[&column.name])],
    }
}

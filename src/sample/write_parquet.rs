//! Extracts as Parquet: rows become columns, each block of rows one row group.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Decimal128Builder, Int32Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding as Stored, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, SchemaDescPtr};

use super::SampleError;
use super::day::Day;
use super::encode::RowEncoder;
use super::lines::file_name;
use super::payment::{Band, COLUMNS, ExtractRow, PaymentMark};
use super::text::Short;
use super::world::{Jobs, SampleRow, World};

/// Columns whose values hardly repeat: a dictionary of them would only be in the way.
const UNREPEATED: [&str; 4] = ["nino", "taxable_pay", "payment_id", "received_at"];
/// Columns whose smallest and largest values say nothing about anyone.
const BOUNDED: [&str; 2] = ["payment_date", "received_at"];

/// Extracts as Parquet.
pub(super) struct ParquetEncoder {
    schema: SchemaRef,
    columns: SchemaDescPtr,
    properties: WriterPropertiesPtr,
    row_groups: ArrowRowGroupWriterFactory,
}

/// A Parquet file being written.
pub(super) struct OpenParquet {
    name: String,
    writer: SerializedFileWriter<File>,
}

impl ParquetEncoder {
    /// Prepares for writing.
    pub(super) fn new() -> Result<Self, SampleError> {
        let failed = |source| SampleError::Parquet { file: "earnings".to_owned(), source };
        let schema = schema();
        let columns = ArrowSchemaConverter::new().convert(&schema).map_err(failed)?;
        let properties = properties(&BOUNDED, &UNREPEATED).map_err(failed)?;
        let nowhere = SerializedFileWriter::new(std::io::sink(), columns.root_schema_ptr(), Arc::clone(&properties));
        let row_groups = ArrowRowGroupWriterFactory::new(&nowhere.map_err(failed)?, Arc::clone(&schema));
        Ok(Self { schema, columns: Arc::new(columns), properties, row_groups })
    }

    fn encode_columns(&self, columns: Vec<ArrayRef>) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        let writers = self.row_groups.create_column_writers(0)?;
        let mut chunks = Vec::with_capacity(writers.len());
        for ((mut writer, column), field) in writers.into_iter().zip(columns).zip(self.schema.fields()) {
            for leaf in compute_leaves(field, &column)? {
                writer.write(&leaf)?;
            }
            chunks.push(writer.close()?);
        }
        Ok(chunks)
    }
}

/// How Parquet files of a sample are written: compressed, and with bounds of those columns only.
pub(super) fn properties(bounded: &[&str], unrepeated: &[&str]) -> Result<WriterPropertiesPtr, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_created_by("sustain sample".to_owned());
    for name in bounded {
        properties = properties.set_column_statistics_enabled(ColumnPath::from(*name), EnabledStatistics::Chunk);
    }
    for name in unrepeated {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
    }
    // Moments come in order: their differences are small.
    properties = properties.set_column_encoding(ColumnPath::from("received_at"), Stored::DELTA_BINARY_PACKED);
    Ok(Arc::new(properties.build()))
}

fn schema() -> SchemaRef {
    let field = |name: &str| {
        let (holds, nullable) = match name {
            "date_of_birth" | "employment_start_date" | "leaving_date" | "no_longer_valid" => (DataType::Date32, true),
            "payment_date" => (DataType::Date32, false),
            "earnings_periods" => (DataType::Int32, false),
            "taxable_pay" => (DataType::Decimal128(11, 2), false),
            "received_at" => (DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
            "hours_band" | "irregular_payment" | "pension_payment" | "payment_after_leaving" => (DataType::Utf8, true),
            _ => (DataType::Utf8, false),
        };
        Field::new(name, holds, nullable)
    };
    Arc::new(Schema::new(COLUMNS.map(field).to_vec()))
}

impl RowEncoder for ParquetEncoder {
    type Block = Vec<ArrowColumnChunk>;
    type Open = OpenParquet;

    fn extension(&self) -> &'static str {
        "parquet"
    }

    fn encode(&self, world: &World, jobs: &Jobs, rows: &[SampleRow]) -> Result<Vec<ArrowColumnChunk>, SampleError> {
        let mut columns = ColumnBuilders::new(rows.len());
        for row in rows {
            world.record(jobs, row, |record| columns.push(record));
        }
        let columns = columns.finish().map_err(|source| SampleError::Arrow { file: "earnings".to_owned(), source })?;
        self.encode_columns(columns).map_err(|source| SampleError::Parquet { file: "earnings".to_owned(), source })
    }

    fn open(&self, path: &Path) -> Result<OpenParquet, SampleError> {
        let name = file_name(path);
        let file = File::create_new(path).map_err(|source| SampleError::io(&name, source))?;
        match SerializedFileWriter::new(file, self.columns.root_schema_ptr(), Arc::clone(&self.properties)) {
            Ok(writer) => Ok(OpenParquet { name, writer }),
            Err(source) => Err(SampleError::Parquet { file: name, source }),
        }
    }

    fn append(&self, file: &mut OpenParquet, block: Vec<ArrowColumnChunk>) -> Result<(), SampleError> {
        let write = |writer: &mut SerializedFileWriter<File>| -> Result<(), ParquetError> {
            let mut row_group = writer.next_row_group()?;
            for chunk in block {
                chunk.append_to_row_group(&mut row_group)?;
            }
            row_group.close()?;
            Ok(())
        };
        write(&mut file.writer).map_err(|source| SampleError::Parquet { file: file.name.clone(), source })
    }

    fn close(&self, file: OpenParquet) -> Result<(), SampleError> {
        match file.writer.close() {
            Ok(_) => Ok(()),
            Err(source) => Err(SampleError::Parquet { file: file.name, source }),
        }
    }
}

/// The columns of a block while its rows come in.
struct ColumnBuilders {
    nino: StringBuilder,
    surname: StringBuilder,
    forename: StringBuilder,
    born: Date32Builder,
    office: StringBuilder,
    reference: StringBuilder,
    employer: StringBuilder,
    payroll_id: StringBuilder,
    started: Date32Builder,
    left: Date32Builder,
    paid: Date32Builder,
    frequency: StringBuilder,
    periods: Int32Builder,
    pay: Decimal128Builder,
    band: StringBuilder,
    irregular: StringBuilder,
    pension: StringBuilder,
    after_leaving: StringBuilder,
    payment_id: StringBuilder,
    received: TimestampMicrosecondBuilder,
    voided: Date32Builder,
}

impl ColumnBuilders {
    fn new(rows: usize) -> Self {
        let texts = |width: usize| StringBuilder::with_capacity(rows, rows * width);
        let days = || Date32Builder::with_capacity(rows);
        Self {
            nino: texts(9),
            surname: texts(8),
            forename: texts(8),
            born: days(),
            office: texts(3),
            reference: texts(7),
            employer: texts(18),
            payroll_id: texts(6),
            started: days(),
            left: days(),
            paid: days(),
            frequency: texts(2),
            periods: Int32Builder::with_capacity(rows),
            pay: Decimal128Builder::with_capacity(rows),
            band: texts(1),
            irregular: texts(0),
            pension: texts(0),
            after_leaving: texts(0),
            payment_id: texts(12),
            received: TimestampMicrosecondBuilder::with_capacity(rows),
            voided: days(),
        }
    }

    fn push(&mut self, record: &ExtractRow<'_>) {
        let number = |day: Day| day.0;
        self.nino.append_value(record.nino);
        self.surname.append_value(record.surname);
        self.forename.append_value(record.forename);
        self.born.append_option(record.born.map(number));
        self.office.append_value(record.office);
        self.reference.append_value(record.reference);
        self.employer.append_value(record.employer);
        self.payroll_id.append_value(record.payroll_id);
        self.started.append_option(record.started.map(number));
        self.left.append_option(record.left.map(number));
        self.paid.append_value(record.paid.0);
        self.frequency.append_value(record.frequency.code());
        self.periods.append_value(i32::from(record.periods));
        self.pay.append_value(i128::from(record.pay_pence));
        self.band.append_option(record.band.map(Band::letter));
        self.irregular.append_option(record.flag(PaymentMark::Irregular));
        self.pension.append_option(record.flag(PaymentMark::Pension));
        self.after_leaving.append_option(record.flag(PaymentMark::AfterLeaving));
        let mut id = Short::<20>::new();
        id.push_number(record.payment_id, 1);
        self.payment_id.append_value(id.as_str());
        let (day, second) = record.received;
        self.received.append_value((i64::from(day.0) * 86_400 + i64::from(second)) * 1_000_000);
        self.voided.append_option(record.voided.map(number));
    }

    fn finish(mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        Ok(vec![
            Arc::new(self.nino.finish()),
            Arc::new(self.surname.finish()),
            Arc::new(self.forename.finish()),
            Arc::new(self.born.finish()),
            Arc::new(self.office.finish()),
            Arc::new(self.reference.finish()),
            Arc::new(self.employer.finish()),
            Arc::new(self.payroll_id.finish()),
            Arc::new(self.started.finish()),
            Arc::new(self.left.finish()),
            Arc::new(self.paid.finish()),
            Arc::new(self.frequency.finish()),
            Arc::new(self.periods.finish()),
            Arc::new(self.pay.finish().with_precision_and_scale(11, 2)?),
            Arc::new(self.band.finish()),
            Arc::new(self.irregular.finish()),
            Arc::new(self.pension.finish()),
            Arc::new(self.after_leaving.finish()),
            Arc::new(self.payment_id.finish()),
            Arc::new(self.received.finish().with_timezone("UTC")),
            Arc::new(self.voided.finish()),
        ])
    }
}

//! `verdicts.csv`, and `verdicts.xlsx` where it is asked for, written while the claims are decided.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use super::layout::MONEY;
use super::verdict_rows::{VerdictRows, verdict_columns};
use crate::error::RunError;
use crate::staging::Staging;
use crate::workbooks::flat::{CsvLines, FlatCell, FlatColumn};
use crate::workbooks::long_xlsx::LongXlsx;
use arrow::datatypes::DataType;

/// The verdicts as CSV.
pub const VERDICTS_CSV: &str = "verdicts.csv";

/// The same as a workbook, where one is asked for.
pub const VERDICTS_XLSX: &str = "verdicts.xlsx";

/// The files, open for writing.
pub struct VerdictFiles {
    csv: BufWriter<File>,
    xlsx: Option<LongXlsx<BufWriter<File>>>,
    rows: u64,
}

impl VerdictFiles {
    /// Begins the files with their headings.
    ///
    /// # Errors
    /// A file cannot be made.
    pub fn create(staging: &Staging, workbook: bool) -> Result<Self, RunError> {
        let mut csv = BufWriter::with_capacity(1 << 20, staging.create(VERDICTS_CSV)?);
        let columns = verdict_columns();
        let mut heading = CsvLines::default();
        heading.add(&columns.iter().map(|column| FlatCell::from(column.name.as_str())).collect::<Vec<_>>())?;
        csv.write_all(&heading.finish()?).map_err(|_| failed(VERDICTS_CSV))?;
        let xlsx = workbook.then(|| {
            let file = BufWriter::with_capacity(1 << 20, staging.create(VERDICTS_XLSX)?);
            let columns = columns.iter().map(|column| FlatColumn {
                heading: column.name.clone(),
                width: width(&column.name, &column.data_type),
            });
            LongXlsx::begin(file, "verdicts", columns.collect()).map_err(|_| failed(VERDICTS_XLSX))
        });
        Ok(Self { csv, xlsx: xlsx.transpose()?, rows: 0 })
    }

    /// Adds the rows of some claims.
    ///
    /// # Errors
    /// The rows cannot be written.
    pub fn write(&mut self, rows: &VerdictRows) -> Result<(), RunError> {
        self.rows += rows.count;
        self.csv.write_all(&rows.csv).map_err(|_| failed(VERDICTS_CSV))?;
        if let Some(xlsx) = &mut self.xlsx {
            rows.cells.iter().try_for_each(|row| xlsx.add(row)).map_err(|_| failed(VERDICTS_XLSX))?;
        }
        Ok(())
    }

    /// Ends the files and returns their names, each with its number of rows.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn finish(mut self) -> Result<Vec<(&'static str, u64)>, RunError> {
        self.csv.flush().map_err(|_| failed(VERDICTS_CSV))?;
        let mut written = vec![(VERDICTS_CSV, self.rows)];
        if let Some(xlsx) = self.xlsx {
            let flushed = xlsx.finish().and_then(|mut file| file.flush());
            flushed.map_err(|_| failed(VERDICTS_XLSX))?;
            written.push((VERDICTS_XLSX, self.rows));
        }
        Ok(written)
    }
}

fn failed(name: &str) -> RunError {
    RunError::Untrusted(format!("{name} could not be written; is the disk full?"))
}

/// How many characters wide a column of the workbook is.
fn width(name: &str, data_type: &DataType) -> u16 {
    match name {
        "message" => 70,
        "title" => 45,
        _ if *data_type == MONEY || *data_type == DataType::Date32 => 13,
        _ => 17,
    }
}

//! The small files: claims, register, an earlier batch's claims, and the answer key.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use csv::{QuoteStyle, Writer, WriterBuilder};
use parquet::arrow::ArrowWriter;

use super::SampleError;
use super::batch::{ExpectedClaim, SampleBatch};
use super::lines::TextFile;
use super::rows::{CLAIM_COLUMNS, ClaimRow, ColumnKind, LineDamage, REGISTER_COLUMNS, RegisterRow, SampleCell};
use super::write_parquet::properties;

/// The form of the claims and the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SampleForm {
    /// CSV.
    Csv,
    /// Parquet.
    Parquet,
}

/// The `claim_id` of a claim of the batch.
pub(super) fn claim_id(number: u32) -> String {
    format!("C{number:07}")
}

/// The `claim_id` of a claim of an earlier batch.
pub(super) fn earlier_claim_id(number: u32) -> String {
    format!("E{number:07}")
}

/// Writes the files, and returns their names and numbers of rows.
pub(super) fn write(batch: &SampleBatch, form: SampleForm, dir: &Path) -> Result<Vec<(String, u64)>, SampleError> {
    let rows: Vec<_> = batch.claims.iter().map(|claim| (claim_id(claim.id), &claim.row)).collect();
    let claims_file = claims(&rows, form, dir)?;
    let register_file = register(&batch.register, form, dir)?;
    let earlier = (1_u32..).zip(&batch.earlier).map(|(number, row)| (row.cells(&earlier_claim_id(number)), None));
    csv(dir, "earlier-claims.csv", &CLAIM_COLUMNS.map(|(name, _)| name), earlier)?;
    expected(batch, dir)?;
    let count = |length: usize| length as u64;
    Ok(vec![
        (claims_file.to_owned(), count(batch.claims.len())),
        (register_file.to_owned(), count(batch.register.len())),
        ("earlier-claims.csv".to_owned(), count(batch.earlier.len())),
        ("expected.csv".to_owned(), count(batch.claims.len())),
    ])
}

/// Writes a claims file and returns its name. Each row comes with its `claim_id`.
pub(super) fn claims(rows: &[(String, &ClaimRow)], form: SampleForm, dir: &Path) -> Result<&'static str, SampleError> {
    let cells = rows.iter().map(|(id, row)| row.cells(id));
    match form {
        SampleForm::Csv => {
            let damages = rows.iter().map(|(_, row)| row.damage);
            csv(dir, "claims.csv", &CLAIM_COLUMNS.map(|(name, _)| name), cells.zip(damages))?;
            Ok("claims.csv")
        }
        SampleForm::Parquet => {
            parquet(dir, "claims.parquet", &CLAIM_COLUMNS, &cells.collect::<Vec<_>>())?;
            Ok("claims.parquet")
        }
    }
}

/// Writes a register and returns its name.
pub(super) fn register(rows: &[RegisterRow], form: SampleForm, dir: &Path) -> Result<&'static str, SampleError> {
    let cells = rows.iter().map(RegisterRow::cells);
    match form {
        SampleForm::Csv => {
            let header = REGISTER_COLUMNS.map(|(name, _)| name);
            csv(dir, "register.csv", &header, cells.map(|cells| (cells, None)))?;
            Ok("register.csv")
        }
        SampleForm::Parquet => {
            parquet(dir, "register.parquet", &REGISTER_COLUMNS, &cells.collect::<Vec<_>>())?;
            Ok("register.parquet")
        }
    }
}

/// Writes the answer key of the claims.
pub(super) fn expected(batch: &SampleBatch, dir: &Path) -> Result<(), SampleError> {
    let key = |claim: &ExpectedClaim| {
        let id = claim_id(claim.id);
        let cells = [id.as_str(), claim.scenario, claim.answer.verdict(), claim.answer.codes()].map(SampleCell::from);
        (cells.to_vec(), None)
    };
    csv(dir, "expected.csv", &["claim_id", "scenario", "verdict", "codes"], batch.claims.iter().map(key))
}

/// Writes a table as CSV; a damaged line is written as it is.
pub(super) fn csv(
    dir: &Path,
    name: &str,
    header: &[&str],
    rows: impl Iterator<Item = (Vec<SampleCell>, Option<LineDamage>)>,
) -> Result<(), SampleError> {
    let failed = |error: csv::Error| SampleError::io(name, error.into());
    let mut writer = Writer::from_writer(TextFile::create(&dir.join(name))?);
    writer.write_record(header).map_err(failed)?;
    for (cells, damage) in rows {
        let cells: Vec<Vec<u8>> = cells.iter().map(bytes).collect();
        match damage {
            None => writer.write_record(&cells).map_err(failed)?,
            Some(damage) => {
                let line = damaged(cells, damage).map_err(failed)?;
                let mut file =
                    writer.into_inner().map_err(|error| failed(io::Error::from(error.error().kind()).into()))?;
                file.add(&line)?;
                writer = Writer::from_writer(file);
            }
        }
    }
    writer.flush().map_err(|source| SampleError::io(name, source))
}

fn bytes(cell: &SampleCell) -> Vec<u8> {
    match cell {
        SampleCell::Text(text) => text.clone().into_bytes(),
        SampleCell::Date(day) => day.iter().flat_map(|day| day.text()).collect(),
    }
}

/// The cell in which a damaged line goes wrong: the surname.
const DAMAGED_CELL: usize = 5;

/// A line that is no record. None of its cells needs quotation marks; the stray one is written as it is.
fn damaged(mut cells: Vec<Vec<u8>>, damage: LineDamage) -> Result<Vec<u8>, csv::Error> {
    match damage {
        LineDamage::StrayQuote => {
            if let Some(surname) = cells.get_mut(DAMAGED_CELL) {
                surname.insert(surname.len().min(2), b'"');
            }
        }
        LineDamage::CutShort => cells.truncate(DAMAGED_CELL + 1),
    }
    let mut line = Vec::new();
    let mut writer = WriterBuilder::new().quote_style(QuoteStyle::Never).from_writer(&mut line);
    writer.write_record(&cells)?;
    writer.flush()?;
    drop(writer);
    Ok(line)
}

fn parquet(
    dir: &Path,
    name: &str,
    columns: &[(&str, ColumnKind)],
    rows: &[Vec<SampleCell>],
) -> Result<(), SampleError> {
    let failed = |source| SampleError::Parquet { file: name.to_owned(), source };
    let wrong = |source| SampleError::Arrow { file: name.to_owned(), source };
    let fields = columns.iter().map(|(name, holds)| {
        let holds = match holds {
            ColumnKind::Texts => DataType::Utf8,
            ColumnKind::Dates => DataType::Date32,
        };
        Field::new(*name, holds, true)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let arrays = columns.iter().enumerate().map(|(place, (_, holds))| array(place, *holds, rows)).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(wrong)?;
    let file = File::create_new(dir.join(name)).map_err(|source| SampleError::io(name, source))?;
    let properties = properties(&[], &[]).map_err(failed)?;
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties.as_ref().clone())).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(())
}

fn array(place: usize, holds: ColumnKind, rows: &[Vec<SampleCell>]) -> ArrayRef {
    let cells = rows.iter().map(|cells| cells.get(place));
    match holds {
        ColumnKind::Texts => Arc::new(cells.map(text).collect::<StringArray>()),
        ColumnKind::Dates => Arc::new(cells.map(date).collect::<Date32Array>()),
    }
}

fn text(cell: Option<&SampleCell>) -> Option<&str> {
    match cell {
        Some(SampleCell::Text(text)) if !text.is_empty() => Some(text),
        Some(SampleCell::Text(_) | SampleCell::Date(_)) | None => None,
    }
}

fn date(cell: Option<&SampleCell>) -> Option<i32> {
    match cell {
        Some(SampleCell::Date(day)) => day.map(|day| day.0),
        Some(SampleCell::Text(_)) | None => None,
    }
}

//! The earnings files as chunks of rows, whatever form they come in.
//!
//! ```text
//!  units ──▶ side_by_side: each unit on one thread, to its end
//!                │
//!                ├──▶ row_group   Parquet: the keys of every row, then the rest of the rows that are wanted
//!                ├──▶ csv_block   CSV: a stretch of a file; rows nobody wants are passed over
//!                └──▶ json_file   JSON Lines and HMRC's responses
//!                          │
//!                          ▼
//!                 Look: which rows are wanted, and what becomes of them
//! ```

mod csv_block;
mod gather;
mod json_file;
mod row_group;
mod side_by_side;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Quarantined;
use super::chunk::Chunk;
use super::columns::{Places, places};
use super::csv::Counts;
use super::parquet::ParquetFile;
use super::source::{Format, Surveyed};
use crate::domain::Payment;
use crate::domain::payment::at;
use crate::error::{InputError, RunError};
use csv_block::CsvBlock;
pub use csv_block::csv_error;
use row_group::Group;
pub use side_by_side::read_all;

/// The most rows one file may have: row numbers are counted in 32 bits.
const MOST_ROWS: u64 = u32::MAX as u64;

/// A part of the earnings that can be read on its own: a row group of a Parquet file, a block of a CSV file, or a whole
/// text file.
#[derive(Debug, Clone)]
pub struct Unit {
    file: u32,
    part: Part,
}

#[derive(Debug, Clone)]
enum Part {
    Parquet { file: Arc<ParquetFile>, places: Arc<Places>, group: usize },
    Csv(CsvBlock),
    Json(Surveyed),
}

/// What is asked of the rows of a unit, and what becomes of those that are wanted.
pub trait Look {
    /// Our columns that every row is asked for, by their numbers.
    fn keys(&self) -> &[usize];

    /// Whether a row of text is wanted; `cell` gives what stands in one of our columns, nothing where it is empty.
    fn wants<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool;

    /// The rows of a chunk that are wanted, in their order. The chunk has the columns of the keys and no others.
    ///
    /// # Errors
    /// A column that cannot be read.
    fn wanted(&mut self, chunk: &Chunk) -> Result<Vec<u32>, RunError>;

    /// Takes rows that were wanted, every column of them.
    ///
    /// # Errors
    /// A column that cannot be read.
    fn take(&mut self, chunk: &Chunk) -> Result<(), RunError>;
}

/// What a unit holds besides the rows that were wanted.
#[derive(Debug, Clone, Default)]
pub struct UnitAccount {
    /// Which of the earnings files it is of, counted from 0.
    pub file: u32,
    /// How many rows there are, quarantined ones included.
    pub rows: u64,
    /// How many rows of the file come before it, where its own rows were counted from 1.
    pub rows_before: u64,
    /// How many lines of the file come before it, where its own lines were counted from 1.
    pub lines_before: u64,
    /// Rows that are not records.
    pub quarantined: Vec<Quarantined>,
    /// For a CSV file, how its bytes were told apart.
    pub csv: Option<Counts>,
    /// Of a block of text, where it ended and how many lines it has.
    pub(super) ended: Option<(u64, u64)>,
}

/// Opens every file and cuts the earnings into units, in the order of the files.
///
/// # Errors
/// A file that cannot be used, or lacks a needed column.
pub fn units(files: &[Surveyed]) -> Result<Vec<Unit>, InputError> {
    let mut units = Vec::new();
    for (number, surveyed) in files.iter().enumerate() {
        let file = u32::try_from(number).unwrap_or(u32::MAX);
        match surveyed.format {
            Format::Parquet => units.extend(row_groups(file, surveyed)?),
            Format::Csv => {
                let blocks = csv_block::blocks(file, surveyed)?;
                units.extend(blocks.into_iter().map(|block| Unit { file, part: Part::Csv(block) }));
            }
            Format::Json => units.push(Unit { file, part: Part::Json(surveyed.clone()) }),
        }
    }
    Ok(units)
}

fn row_groups(number: u32, surveyed: &Surveyed) -> Result<Vec<Unit>, InputError> {
    let file = ParquetFile::open(surveyed)?;
    let places = places(&surveyed.source, &Payment::COLUMNS, &file.names)?;
    let read: Vec<usize> = places.of.iter().flatten().copied().collect();
    file.check_types(&read)?;
    too_many(surveyed, file.rows())?;
    let ninos = places.of.get(at::NINO).cloned().unwrap_or_default();
    let (file, places) = (Arc::new(file.with_views(&ninos)?), Arc::new(places));
    let unit = |group| Unit {
        file: number,
        part: Part::Parquet { file: Arc::clone(&file), places: Arc::clone(&places), group },
    };
    Ok((0..file.group_rows.len()).map(unit).collect())
}

fn too_many(surveyed: &Surveyed, rows: u64) -> Result<(), InputError> {
    if rows < MOST_ROWS {
        return Ok(());
    }
    Err(surveyed.source.error("the file has more than four thousand million rows", "split the file"))
}

impl Unit {
    /// Which of the earnings files, counted from 0.
    pub fn file(&self) -> u32 {
        self.file
    }

    /// How many rows there are, where that is known before they are read.
    pub fn rows(&self) -> Option<u64> {
        match &self.part {
            Part::Parquet { file, group, .. } => file.group_rows.get(*group).copied(),
            Part::Csv(_) | Part::Json(_) => None,
        }
    }

    /// Reads the unit: every row is asked whether it is wanted, and those that are go to the look whole.
    ///
    /// # Errors
    /// A file that turns out damaged, or what the look answers.
    fn read(&self, look: &mut dyn Look) -> Result<UnitAccount, RunError> {
        match &self.part {
            Part::Csv(block) => block.read(look),
            Part::Json(surveyed) => json_file::read(self.file, surveyed, look),
            Part::Parquet { file, places, group } => {
                Group { of_file: self.file, file, places, place: *group }.read(look)
            }
        }
    }
}

fn row_number(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

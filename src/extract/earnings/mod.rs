//! Reads earnings files of every form as row batches.
//!
//! ```text
//!  splits ──▶ parallel: each split on one thread, to its end
//!                │
//!                ├──▶ row_group   Parquet: the key columns of every row, then the other columns of accepted rows
//!                ├──▶ csv_split   CSV: a byte range of a file; rows that are not accepted are skipped
//!                ├──▶ json_split  JSON Lines: a byte range of a file; HMRC's responses: a whole file
//!                └──▶ stored      a prepared store: the pages of the stems sought
//!                          │
//!                          ▼
//!                 RowVisitor: accepts rows and collects them
//!
//!  limits           how many rows a file may have, and one person
//!  folder_columns   columns that the names of a file's folders give to all its rows
//!  json_columns     the names in a JSON file: one in which a needed column never occurs, or a name is misspelt, is refused
//! ```

mod batch_builder;
mod byte_ranges;
pub(crate) mod cells;
mod csv_split;
mod folder_columns;
mod json_columns;
mod json_split;
mod limits;
mod parallel;
mod row_group;
pub(crate) mod stored;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::DataType;
use rayon::prelude::*;

use super::columns::ColumnsFound;
use super::csv::SpanCounts;
use super::file_options::FileOptions;
use super::parquet::ParquetFile;
use super::row_batch::RowBatch;
use super::source::{FileFormat, Sniffed};
use super::{QuarantinedRow, paths};
use crate::account::LeftOut;
use crate::domain::Payment;
use crate::error::{InputError, RunError};
use crate::store::manifest::PartKind;
use crate::store::{Store, is_store};
use byte_ranges::ByteRange;
use csv_split::CsvSplit;
pub use csv_split::csv_error;
use folder_columns::{FolderColumns, map_with_folders};
use json_columns::JsonColumns;
use json_split::JsonSplit;
use limits::too_many_rows;
pub use limits::{MOST_PAYMENTS_OF_ONE, too_many_of_one};
pub use parallel::read_all;
use row_group::{RowGroup, TypedColumns};
use stored::StoredPart;

/// A split of the earnings that can be read on its own: a row group of a Parquet file, or a byte range of a text file.
#[derive(Debug, Clone)]
pub struct Split {
    file: u32,
    part: SplitSource,
}

#[derive(Debug, Clone)]
enum SplitSource {
    Parquet { file: Arc<ParquetFile>, columns: Arc<TypedColumns>, folders: Arc<FolderColumns>, group: usize },
    Csv(CsvSplit),
    Json(JsonSplit),
    Stored { part: Arc<StoredPart>, group: usize },
}

/// The earnings of a run: the files, and the prepared stores that hold some of them.
#[derive(Debug, Default)]
pub struct Earnings {
    /// Every file, whether it is read itself or its rows are in a store: first those that are read.
    pub files: Vec<Sniffed>,
    /// The stores, each with the number of its first file.
    pub stores: Vec<(u32, Store)>,
    /// What stands under the folders and globs that were named and was not read, because it is no data.
    pub left_out: Vec<LeftOut>,
}

impl Earnings {
    /// Sniffs the files, folders, globs and stores named on the command line; files are read as the person asks.
    ///
    /// # Errors
    /// A path that means nothing, or a file or store that cannot be used.
    pub fn sniff(paths: &[PathBuf], options: &Arc<FileOptions>) -> Result<Self, InputError> {
        let (stores, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(|path| is_store(path));
        let paths::Extracts { files, left_out } = paths::extracts(&files, &Payment::COLUMNS, options)?;
        let mut earnings = Self { files, stores: Vec::new(), left_out };
        for store in &stores {
            earnings.add(Store::open(store)?)?;
        }
        earnings.tell_apart();
        Ok(earnings)
    }

    fn add(&mut self, store: Store) -> Result<(), InputError> {
        let first_file = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        for file in &store.manifest.files {
            self.files.push(Sniffed::stored(&store, file)?);
        }
        self.left_out.extend(store.manifest.left_out.iter().cloned());
        self.stores.push((first_file, store));
        Ok(())
    }

    /// Gives every file a name that no other one has.
    fn tell_apart(&mut self) {
        let paths: Vec<PathBuf> = self.files.iter().map(Sniffed::place).collect();
        let names = paths::told_apart(paths.iter().map(PathBuf::as_path));
        for (file, name) in self.files.iter_mut().zip(names) {
            file.source.name = name;
        }
    }

    /// Opens every file and divides the earnings into splits, in the order of the files.
    ///
    /// # Errors
    /// A file that cannot be used, or lacks a needed column.
    pub fn splits(&self) -> Result<Vec<Split>, InputError> {
        let mut splits = splits(&self.files)?;
        for (first_file, store) in &self.stores {
            let parts = store.manifest.parts.par_iter().filter(|part| part.holds == PartKind::Rows);
            let parts: Vec<StoredPart> =
                parts.map(|part| StoredPart::open(store, part, *first_file)).collect::<Result<_, _>>()?;
            for part in parts.into_iter().map(Arc::new) {
                let split =
                    |group| Split { file: *first_file, part: SplitSource::Stored { part: Arc::clone(&part), group } };
                splits.extend((0..part.file.group_rows.len()).map(split));
            }
        }
        Ok(splits)
    }

    /// Calls `each` with the rows that stores hold which are no records.
    ///
    /// # Errors
    /// A store that was changed, or what `each` answers.
    pub fn each_quarantined_in_stores(
        &self,
        each: &mut dyn FnMut(QuarantinedRow) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        for (first_file, store) in &self.stores {
            for part in store.manifest.parts.iter().filter(|part| part.holds == PartKind::Quarantine) {
                stored::each_quarantined(store, part, *first_file, each)?;
            }
        }
        Ok(())
    }
}

/// Decides which rows of a split to read whole, and collects them.
pub trait RowVisitor {
    /// The key columns, which are read for every row, by their numbers.
    fn key_columns(&self) -> &[usize];

    /// The stems whose rows are sought, in order: of a prepared store only their pages are read.
    fn stems(&self) -> &[[u8; 8]];

    /// Whether a row of text is accepted; `cell` returns the value of one of our columns, empty where there is none.
    fn accepts<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool;

    /// The rows of a batch that are accepted, in order. The batch has the key columns and no others.
    ///
    /// # Errors
    /// A column that cannot be read.
    fn select(&mut self, row_batch: &RowBatch) -> Result<Vec<u32>, RunError>;

    /// Collects accepted rows, with all their columns.
    ///
    /// # Errors
    /// A column that cannot be read.
    fn collect(&mut self, row_batch: &RowBatch) -> Result<(), RunError>;

    /// Takes a row that is no record. It may be anybody's.
    ///
    /// # Errors
    /// The disk does not take it.
    fn quarantine(&mut self, row: QuarantinedRow) -> Result<(), RunError>;
}

/// The account of a split: its row counts and quarantined rows.
#[derive(Debug, Clone, Default)]
pub struct SplitAccount {
    /// Which of the earnings files it is of, counted from 0.
    pub file: u32,
    /// How many rows there are, quarantined ones included.
    pub rows: u64,
    /// How many rows of the file come before it, where its own rows were counted from 1.
    pub rows_before: u64,
    /// How many lines of the file come before it, where its own lines were counted from 1.
    pub lines_before: u64,
    /// How many rows are not records; the visitor was given them.
    pub quarantined: u64,
    /// For a CSV file, its bytes counted by kind of span.
    pub csv: Option<SpanCounts>,
    /// For a JSON file, the names that its payments have.
    json: Option<JsonColumns>,
    /// The split as it was read: for a byte range of text, where it really begins and how many rows come before it.
    pub actual: Option<Split>,
    /// For a byte range of text, where it ended and how many lines it has.
    pub(super) ended: Option<(u64, u64)>,
}

impl SplitAccount {
    /// For a JSON file, adds the columns of this split to what is known of the file's.
    pub fn add_columns(&self, known: &mut Option<ColumnsFound>) {
        if let Some(columns) = &self.json {
            known.get_or_insert_default().join(&columns.found());
        }
    }
}

fn splits(files: &[Sniffed]) -> Result<Vec<Split>, InputError> {
    let mut splits = Vec::new();
    for (number, sniffed) in files.iter().enumerate().filter(|(_, sniffed)| !sniffed.is_stored()) {
        let file = u32::try_from(number).unwrap_or(u32::MAX);
        match sniffed.format {
            FileFormat::Parquet => splits.extend(row_groups(file, sniffed)?),
            FileFormat::Csv | FileFormat::Workbook => {
                let blocks = csv_split::blocks(file, sniffed)?;
                splits.extend(blocks.into_iter().map(|block| Split { file, part: SplitSource::Csv(block) }));
            }
            FileFormat::Json => {
                let blocks = json_split::blocks(file, sniffed)?;
                splits.extend(blocks.into_iter().map(|block| Split { file, part: SplitSource::Json(block) }));
            }
        }
    }
    Ok(splits)
}

fn row_groups(number: u32, sniffed: &Sniffed) -> Result<Vec<Split>, InputError> {
    let file = ParquetFile::open(sniffed)?;
    let (places, folders) = map_with_folders(&sniffed.source, &file.names)?;
    too_many_rows(sniffed, file.rows())?;
    let file = file.with_views()?;
    let columns = TypedColumns::new(&file, places)?;
    let (file, columns, folders) = (Arc::new(file), Arc::new(columns), Arc::new(folders));
    let split = |group| {
        let (file, columns, folders) = (Arc::clone(&file), Arc::clone(&columns), Arc::clone(&folders));
        Split { file: number, part: SplitSource::Parquet { file, columns, folders, group } }
    };
    Ok((0..file.group_rows.len()).map(split).collect())
}

impl Split {
    /// Which of the earnings files, counted from 0.
    pub fn file(&self) -> u32 {
        self.file
    }

    /// For a row group of a Parquet file, the number of the file and the place of the group there.
    pub(crate) fn row_group(&self) -> Option<(u32, usize)> {
        match &self.part {
            SplitSource::Parquet { group, .. } => Some((self.file, *group)),
            SplitSource::Csv(_) | SplitSource::Json(_) | SplitSource::Stored { .. } => None,
        }
    }

    /// What was taken for what in the split's file; a store knows that itself.
    pub fn columns(&self) -> Option<&ColumnsFound> {
        match &self.part {
            SplitSource::Parquet { columns, .. } => Some(&columns.found),
            SplitSource::Csv(block) => Some(block.columns()),
            SplitSource::Json(_) | SplitSource::Stored { .. } => None,
        }
    }

    /// How many rows there are, if that is known before they are read.
    pub fn rows(&self) -> Option<u64> {
        match &self.part {
            SplitSource::Parquet { file, group, .. } => file.group_rows.get(*group).copied(),
            SplitSource::Csv(_) | SplitSource::Json(_) | SplitSource::Stored { .. } => None,
        }
    }

    /// How many rows and lines of the file come before the split's own, which are counted from 1: known once it was
    /// read, in [`SplitAccount::actual`].
    pub fn before(&self) -> (u64, u64) {
        self.stretch().map(|stretch| stretch.before).unwrap_or_default()
    }

    /// The byte range of a split of text.
    fn stretch(&self) -> Option<&ByteRange> {
        match &self.part {
            SplitSource::Csv(block) => Some(&block.stretch),
            SplitSource::Json(block) => Some(&block.stretch),
            SplitSource::Parquet { .. } | SplitSource::Stored { .. } => None,
        }
    }

    /// The same split with another byte range.
    fn standing(&self, stretch: ByteRange) -> Self {
        let mut split = self.clone();
        match &mut split.part {
            SplitSource::Csv(block) => block.stretch = stretch,
            SplitSource::Json(block) => block.stretch = stretch,
            SplitSource::Parquet { .. } | SplitSource::Stored { .. } => {}
        }
        split
    }

    /// Whether the split is of a prepared store, which knows how many rows there are besides those that are accepted.
    pub fn is_stored(&self) -> bool {
        matches!(self.part, SplitSource::Stored { .. })
    }

    /// The form that the cells of one of our columns have, where it stands under one name; text otherwise.
    pub fn type_of(&self, column: usize) -> DataType {
        let SplitSource::Parquet { columns, file, .. } = &self.part else { return DataType::Utf8 };
        let name = Payment::COLUMNS.get(column).map_or("", |column| column.name);
        if file.source().options.values.contains_key(name) {
            return DataType::Utf8;
        }
        match columns.of.get(column).map(Vec::as_slice) {
            Some([(_, reader)]) if reader.gives != DataType::Utf8View => reader.gives.clone(),
            Some(_) | None => DataType::Utf8,
        }
    }

    /// Reads the split: the visitor decides on the key columns of every row, and gets accepted rows whole.
    ///
    /// # Errors
    /// A file that turns out damaged, or an error of the visitor.
    fn read(&self, visitor: &mut dyn RowVisitor) -> Result<SplitAccount, RunError> {
        match &self.part {
            SplitSource::Csv(block) => block.read(visitor),
            SplitSource::Json(block) => block.read(visitor),
            SplitSource::Stored { part, group } => part.read(*group, visitor),
            SplitSource::Parquet { file, columns, folders, group } => {
                RowGroup { of_file: self.file, file, columns, folders, place: *group }.read(visitor)
            }
        }
    }
}

fn row_number(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

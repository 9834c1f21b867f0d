//! A row group of a Parquet file, read with late materialisation: the key columns first, the others for accepted rows
//! only.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringArray, UInt32Array};
use arrow::compute::{concat, take};

use super::{FolderColumns, RowVisitor, SplitAccount, row_number};
use crate::domain::Payment;
use crate::error::{InputError, RunError};
use crate::extract::columns::{ColumnMapping, ColumnsFound};
use crate::extract::parquet::ParquetFile;
use crate::extract::row_batch::{RowBatch, to_text};
use crate::extract::slices::slices;
use crate::extract::typed::ColumnReader;

/// How many rows are read whole at a time, where they unpack to fewer than so many bytes.
const MOST_HITS: usize = 1 << 20;
const MOST_HIT_BYTES: u64 = 256 << 20;
const FEWEST_HITS: usize = 1 << 10;
/// How many of them make a batch, and of how many bytes.
const BATCH_ROWS: usize = 65_536;
const BATCH_BYTES: usize = 32 << 20;

/// For each of our columns the columns of a Parquet file that may hold it, the one to be read first in front, and how each
/// is read.
#[derive(Debug)]
pub(super) struct TypedColumns {
    pub(super) of: Vec<Vec<(usize, ColumnReader)>>,
    /// What was taken for what.
    pub(super) found: ColumnsFound,
}

impl TypedColumns {
    /// Chooses how each column is read.
    ///
    /// # Errors
    /// A column that is nested, or has a type no cell has.
    pub(super) fn new(file: &ParquetFile, places: ColumnMapping) -> Result<Self, InputError> {
        let columns = Payment::COLUMNS.iter().zip(places.of).map(|(column, places)| {
            places.into_iter().map(|place| Ok((place, file.reader(place, column.kind)?))).collect()
        });
        Ok(Self { of: columns.collect::<Result<_, _>>()?, found: places.found })
    }
}

/// A row group of a Parquet file.
pub(super) struct RowGroup<'a> {
    pub(super) of_file: u32,
    pub(super) file: &'a ParquetFile,
    pub(super) folders: &'a FolderColumns,
    pub(super) columns: &'a TypedColumns,
    pub(super) place: usize,
}

impl RowGroup<'_> {
    /// Reads the key columns of every row first, and then the other columns of accepted rows (late materialisation):
    /// nothing is decoded for rejected rows, and nothing is decoded twice.
    pub(super) fn read(&self, visitor: &mut dyn RowVisitor) -> Result<SplitAccount, RunError> {
        let first_row = self.file.first_row(self.place);
        let mut hits: Vec<usize> = Vec::new();
        let looked_at = self.columns(|column| visitor.key_columns().contains(&column));
        let mut seen: Vec<Vec<ArrayRef>> = vec![Vec::new(); looked_at.len()];
        self.file.read_group(self.place, &looked_at, &mut |batch, rows| {
            let begin = usize::try_from(rows.start - first_row).unwrap_or(usize::MAX);
            let row_batch = self.row_batch(batch.columns(), &looked_at, rows)?;
            let of_batch = visitor.select(&row_batch)?;
            if of_batch.is_empty() {
                return Ok(());
            }
            hits.extend(of_batch.iter().filter_map(|row| Some(begin + usize::try_from(*row).ok()?)));
            let of_batch = UInt32Array::from(of_batch);
            for (column, of_hits) in batch.columns().iter().zip(&mut seen) {
                of_hits.push(take(column, &of_batch, None).map_err(|_| self.file.broken())?);
            }
            Ok(())
        })?;
        if !hits.is_empty() {
            self.read_hits(&hits, &looked_at, &seen, visitor)?;
        }
        let rows = self.file.group_rows.get(self.place).copied().unwrap_or(0);
        Ok(SplitAccount { file: self.of_file, rows, ..SplitAccount::default() })
    }

    /// Reads the other columns of accepted rows, column by column, so that the pages of no more than one are open;
    /// `seen` holds the key columns of these rows.
    fn read_hits(
        &self,
        hits: &[usize],
        looked_at: &[usize],
        seen: &[Vec<ArrayRef>],
        visitor: &mut dyn RowVisitor,
    ) -> Result<(), RunError> {
        let first_row = self.file.first_row(self.place);
        let seen: Vec<ArrayRef> = seen.iter().map(|parts| self.together(parts)).collect::<Result<_, _>>()?;
        let rest: Vec<usize> = self.columns(|_| true).into_iter().filter(|place| !looked_at.contains(place)).collect();
        let read: Vec<usize> = looked_at.iter().chain(&rest).copied().collect();
        let mut begin = 0;
        let together = self.file.rows_of_bytes(self.place, MOST_HIT_BYTES).clamp(FEWEST_HITS, MOST_HITS);
        for hits in hits.chunks(together) {
            let mut columns: Vec<ArrayRef> = seen.iter().map(|column| column.slice(begin, hits.len())).collect();
            begin += hits.len();
            let chosen = self.file.chosen(self.place, hits);
            for column in &rest {
                let mut parts = Vec::new();
                self.file.read_rows(&[*column], &chosen, &mut |batch, _| {
                    parts.push(Arc::clone(batch.column(0)));
                    Ok(())
                })?;
                columns.push(self.together(&parts)?);
            }
            for slice in slices(&columns, hits.len(), BATCH_ROWS, BATCH_BYTES) {
                let columns: Vec<ArrayRef> =
                    columns.iter().map(|column| column.slice(slice.start, slice.len())).collect();
                let numbers = hits
                    .get(slice)
                    .unwrap_or_default()
                    .iter()
                    .map(|row| first_row + u64::try_from(*row).unwrap_or(u64::MAX));
                visitor.collect(&self.row_batch(&columns, &read, numbers)?)?;
            }
        }
        Ok(())
    }

    fn together(&self, parts: &[ArrayRef]) -> Result<ArrayRef, RunError> {
        let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
        Ok(concat(&parts).map_err(|_| self.file.broken())?)
    }

    /// A column as the person says its values are meant.
    fn meant(&self, number: usize, array: ArrayRef) -> ArrayRef {
        let options = &self.file.source().options;
        let with_words = Payment::COLUMNS.get(number).filter(|column| options.values.contains_key(column.name));
        let Some(column) = with_words else { return array };
        match to_text(&array, column.kind, column.name) {
            // A column that is no text is refused where its cells are read.
            Err(_) => array,
            Ok(texts) => {
                let meant = texts.iter().map(|text| text.map(|text| options.meant(&Payment::COLUMNS, number, text)));
                Arc::new(meant.collect::<StringArray>())
            }
        }
    }

    /// The file's columns that hold some of ours, in the order of the file.
    fn columns(&self, ours: impl Fn(usize) -> bool) -> Vec<usize> {
        let of_ours = self.columns.of.iter().enumerate().filter(|(column, _)| ours(*column));
        let mut columns: Vec<usize> = of_ours.flat_map(|(_, places)| places).map(|(place, _)| *place).collect();
        columns.sort_unstable();
        columns
    }

    /// A row batch of arrays for these columns of the file, their cells in the forms that their readers give.
    fn row_batch(
        &self,
        arrays: &[ArrayRef],
        read: &[usize],
        rows: impl Iterator<Item = u64>,
    ) -> Result<RowBatch, RunError> {
        let at = |number: usize, (place, reader): &(usize, ColumnReader)| {
            let array = read.iter().position(|column| column == place).and_then(|index| arrays.get(index))?;
            Some(reader.read(array).map(|cells| self.meant(number, cells)).map_err(|_| self.file.broken()))
        };
        let rows: Vec<(u32, u32)> = rows.map(|row| (self.of_file, row_number(row))).collect();
        let column =
            |(number, of_ours): (usize, &Vec<(usize, ColumnReader)>)| match self.folders.array(number, rows.len()) {
                Some(of_folders) => Ok(vec![of_folders]),
                None => of_ours.iter().filter_map(|one| at(number, one)).collect(),
            };
        let columns = self.columns.of.iter().enumerate().map(column).collect::<Result<_, _>>()?;
        Ok(RowBatch { rows, lines: Vec::new(), columns, raw: None })
    }
}

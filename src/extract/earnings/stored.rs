//! Reads a prepared store: only the pages of the stems sought.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BinaryArray};
use arrow::datatypes::{Int32Type, Int64Type};

use super::{RowVisitor, SplitAccount};
use crate::domain::Payment;
use crate::error::{InputError, RunError};
use crate::extract::QuarantinedRow;
use crate::extract::parquet::ParquetFile;
use crate::extract::row_batch::RowBatch;
use crate::extract::slices::slices;
use crate::extract::source::Sniffed;
use crate::store::{Store, StorePart, column};

/// A part of a store, opened.
#[derive(Debug)]
pub(super) struct StoredPart {
    pub(super) file: ParquetFile,
    /// The number that the store's first file has among the earnings files.
    first_file: u32,
}

/// The columns of a part, in their order.
pub(crate) fn columns() -> impl Iterator<Item = &'static str> {
    let ours = Payment::COLUMNS.iter().map(|column| column.name);
    std::iter::once(column::STEM).chain(ours).chain([column::FILE, column::ROW, column::LINE])
}

/// Where our columns stand in a part, and the three that follow them.
const OURS: Range<usize> = 1..1 + Payment::COLUMNS.len();
const FILE: usize = OURS.end;
const ROW: usize = OURS.end + 1;
const LINE: usize = OURS.end + 2;

/// The most bytes that are handed on at a time.
const BATCH_BYTES: usize = 32 << 20;

impl StoredPart {
    /// Opens a part of rows.
    pub(super) fn open(store: &Store, part: &StorePart, first_file: u32) -> Result<Self, InputError> {
        let sniffed = Sniffed::part(store, part);
        let file = ParquetFile::open_indexed(&sniffed, store.blocks(part)?)?.with_views()?;
        if !file.names.iter().map(String::as_str).eq(columns()) || file.rows() != part.rows {
            return Err(sniffed.source.error("this is not a part of a prepared store", "prepare the store again"));
        }
        file.check_types(&(0..file.names.len()).collect::<Vec<_>>())?;
        Ok(Self { file, first_file })
    }

    /// Reads the rows of the stems sought in a row group.
    pub(super) fn read(&self, group: usize, visitor: &mut dyn RowVisitor) -> Result<SplitAccount, RunError> {
        let hits = self.hits(group, visitor.stems())?;
        if !hits.is_empty() {
            let all: Vec<usize> = (OURS.start..=LINE).collect();
            let chosen = self.file.chosen(group, &hits);
            self.file.read_rows(&all, &chosen, &mut |batch, _| {
                for slice in slices(batch.columns(), batch.num_rows(), batch.num_rows(), BATCH_BYTES) {
                    let batch = batch.slice(slice.start, slice.len());
                    visitor.collect(&self.row_batch(batch.columns())?)?;
                }
                Ok(())
            })?;
        }
        Ok(SplitAccount { file: self.first_file, ..SplitAccount::default() })
    }

    /// The rows of the stems sought, counted from 0 within the group.
    fn hits(&self, group: usize, people: &[[u8; 8]]) -> Result<Vec<usize>, RunError> {
        let mut hits = Vec::new();
        let stretches = self.file.rows_between_bounds(group, people)?;
        if stretches.is_empty() {
            return Ok(hits);
        }
        self.file.read_stretches(group, 0, &stretches, &mut |stems, rows| {
            let stems = stems.as_string_view_opt().ok_or_else(|| self.file.broken())?;
            // Rows of one person stand together: most have the stem of the row before.
            let (mut before, mut is_asked_for) = (None, false);
            for (stem, row) in stems.iter().zip(rows) {
                if stem != before {
                    let stem = stem.map(str::as_bytes).unwrap_or_default();
                    is_asked_for = people.binary_search_by(|person| person.as_slice().cmp(stem)).is_ok();
                }
                before = stem;
                if is_asked_for {
                    hits.push(row);
                }
            }
            Ok(())
        })?;
        Ok(hits)
    }

    /// The columns of a part from our first on, as a row batch.
    fn row_batch(&self, columns: &[ArrayRef]) -> Result<RowBatch, RunError> {
        let broken = || self.file.broken();
        let column = |place: usize| columns.get(place - OURS.start).ok_or_else(broken);
        let files = column(FILE)?.as_primitive_opt::<Int32Type>().ok_or_else(broken)?;
        let rows = column(ROW)?.as_primitive_opt::<Int64Type>().ok_or_else(broken)?;
        let lines = column(LINE)?.as_primitive_opt::<Int64Type>().ok_or_else(broken)?;
        let place =
            |(file, row): (&i32, &i64)| Some((self.first_file + u32::try_from(*file).ok()?, u32::try_from(*row).ok()?));
        Ok(RowBatch {
            rows: files.values().iter().zip(rows.values()).map(place).collect::<Option<_>>().ok_or_else(broken)?,
            lines: lines
                .iter()
                .map(|line| line.and_then(|line| u64::try_from(line).ok()).unwrap_or_default())
                .collect(),
            columns: OURS.map(|place| columns.get(place - OURS.start).map(Arc::clone).into_iter().collect()).collect(),
            raw: None,
        })
    }
}

/// Calls `each` with the rows of a store that are no records.
pub(super) fn each_quarantined(
    store: &Store,
    part: &StorePart,
    first_file: u32,
    each: &mut dyn FnMut(QuarantinedRow) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let sniffed = Sniffed::part(store, part);
    let file = ParquetFile::open_verified(&sniffed, store.blocks(part)?)?;
    for group in 0..file.group_rows.len() {
        file.read_group(group, &[0, 1, 2, 3, 4], &mut |batch, _| {
            let read = || -> Option<Vec<QuarantinedRow>> {
                let files = batch.column(0).as_primitive_opt::<Int32Type>()?;
                let rows = batch.column(1).as_primitive_opt::<Int64Type>()?;
                let lines = batch.column(2).as_primitive_opt::<Int64Type>()?;
                let reasons = batch.column(3).as_string_opt::<i32>()?;
                let raw: &BinaryArray = batch.column(4).as_binary_opt::<i32>()?;
                let row = |row: usize| {
                    Some(QuarantinedRow {
                        file: first_file + u32::try_from(files.value(row)).ok()?,
                        row: u32::try_from(rows.value(row)).ok()?,
                        line: lines.is_valid(row).then(|| u64::try_from(lines.value(row)).ok()).flatten(),
                        reason: reasons.value(row).to_owned(),
                        raw: raw.value(row).to_vec(),
                    })
                };
                (0..batch.num_rows()).map(row).collect()
            };
            read().ok_or_else(|| file.broken())?.into_iter().try_for_each(&mut *each)
        })?;
    }
    Ok(())
}

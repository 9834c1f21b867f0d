//! Parquet files, which may be damaged or hostile: the footer is checked before it is believed, page checksums are
//! verified, and a panic of the library becomes an error.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Fields, Schema, TimeUnit};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelectionPolicy,
};
use parquet::basic::{LogicalType, Type as PhysicalType};
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::{ColumnChunkMask, PageIndexPolicy, RowGroupMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::reader::{ChunkReader, Length};

use super::columns::MOST_COLUMNS;
use super::contain::contain;
use super::parquet_encryption::has_encrypted_columns;
use super::source::{InputFile, Sniffed};
use super::typed::ColumnReader;
use crate::domain::Kind;
use crate::error::{InputError, RunError};
use crate::store::BlockHashes;

/// The most row groups a file may have.
const MOST_ROW_GROUPS: usize = 100_000;
/// The most rows one row group may have.
const MOST_ROWS_IN_GROUP: i64 = 50_000_000;
/// The most bytes one row group may unpack to.
const MOST_GROUP_BYTES: i64 = 8 << 30;
/// The most a row group may unpack to for each byte the file has.
const MOST_BYTES_FOR_EACH: i64 = 20_000;
/// The most bytes a footer may have.
const MOST_FOOTER_BYTES: u64 = 256 << 20;
/// How many rows are read at a time.
const BATCH_ROWS: usize = 65_536;
/// Rows that are not wanted are skipped where runs of wanted and unwanted rows have this length or more on average; where
/// they are shorter, all rows are read and most left out, which is quicker there.
const SKIPPED_FROM: usize = 8;

/// A Parquet file whose footer was checked.
#[derive(Clone)]
pub struct ParquetFile {
    sniffed: Sniffed,
    metadata: ArrowReaderMetadata,
    /// The hashes of its blocks, where it is a part of a store: every byte is verified as it is read.
    blocks: Option<Arc<BlockHashes>>,
    /// The names of its columns.
    pub names: Vec<String>,
    /// The number of rows of each row group.
    pub group_rows: Vec<u64>,
}

/// Tells which file it is and how large; the footer holds the least and the greatest value of columns, which may be
/// personal data, and is not shown.
impl fmt::Debug for ParquetFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sniffed, metadata: _, blocks: _, names, group_rows } = self;
        let mut shown = out.debug_struct("ParquetFile");
        shown.field("sniffed", sniffed).field("columns", &names.len()).field("group_rows", group_rows);
        shown.finish_non_exhaustive()
    }
}

impl ParquetFile {
    /// The file that it is.
    pub fn source(&self) -> &InputFile {
        &self.sniffed.source
    }

    /// Opens a file and checks its footer.
    ///
    /// # Errors
    /// The file is cut short, damaged, nested where a cell belongs, or larger than its size on disk can mean.
    pub fn open(sniffed: &Sniffed) -> Result<Self, InputError> {
        Self::open_with(sniffed, None, ArrowReaderOptions::new())
    }

    /// Opens a file whose blocks have known hashes.
    ///
    /// # Errors
    /// As [`ParquetFile::open`], or a block of the footer is not the one that was written.
    pub fn open_verified(sniffed: &Sniffed, blocks: Arc<BlockHashes>) -> Result<Self, InputError> {
        Self::open_with(sniffed, Some(blocks), ArrowReaderOptions::new())
    }

    /// Opens such a file with its page index: where every page is, and what bounds those of the first column have.
    ///
    /// # Errors
    /// As [`ParquetFile::open_verified`], or the file has no page index.
    pub fn open_indexed(sniffed: &Sniffed, blocks: Arc<BlockHashes>) -> Result<Self, InputError> {
        let options = ArrowReaderOptions::new()
            .with_page_index_policy(PageIndexPolicy::Required)
            .with_column_index_mask(ColumnChunkMask::columns([0]));
        Self::open_with(sniffed, Some(blocks), options)
    }

    fn open_with(
        sniffed: &Sniffed,
        blocks: Option<Arc<BlockHashes>>,
        options: ArrowReaderOptions,
    ) -> Result<Self, InputError> {
        footer_fits(sniffed)?;
        let file = PageFile { file: Arc::new(sniffed.open()?), blocks: blocks.clone() };
        let loaded = contain(|| ArrowReaderMetadata::load(&file, options));
        let metadata = loaded.and_then(Result::ok).ok_or_else(|| damaged(sniffed, "the footer cannot be read"))?;
        let metadata = with_far_moments(sniffed, metadata)?;
        let names: Vec<String> = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        let groups = metadata.metadata().row_groups();
        if names.len() > MOST_COLUMNS || groups.len() > MOST_ROW_GROUPS {
            return Err(damaged(sniffed, "it has more columns or row groups than any extract"));
        }
        let mut group_rows = Vec::with_capacity(groups.len());
        for group in groups {
            group_rows.push(believable_rows(sniffed, group)?);
        }
        let stated = metadata.metadata().file_metadata().num_rows();
        if u64::try_from(stated).ok() != Some(group_rows.iter().sum()) {
            return Err(damaged(sniffed, "its footer states another number of rows than its row groups"));
        }
        Ok(Self { sniffed: sniffed.clone(), metadata, blocks, names, group_rows })
    }

    /// About how many of a row group's rows unpack to so many bytes.
    pub fn rows_of_bytes(&self, group: usize, bytes: u64) -> usize {
        let group = self.metadata.metadata().row_groups().get(group);
        let (rows, all) = group.map_or((0, 0), |group| (group.num_rows(), group.total_byte_size()));
        let (rows, all) = (u64::try_from(rows).unwrap_or(0), u64::try_from(all).unwrap_or(0));
        usize::try_from(u128::from(rows) * u128::from(bytes) / u128::from(all.max(1))).unwrap_or(usize::MAX)
    }

    /// The number of rows.
    pub fn rows(&self) -> u64 {
        self.group_rows.iter().sum()
    }

    /// The row number, counted from 1, of a row group's first row.
    pub fn first_row(&self, group: usize) -> u64 {
        self.group_rows.iter().take(group).sum::<u64>() + 1
    }

    /// The same file, with texts and bytes read as views: a text that a dictionary holds once is then in memory once, in however
    /// many rows it stands.
    ///
    /// # Errors
    /// The footer cannot be read so.
    #[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types some have views")]
    pub fn with_views(mut self) -> Result<Self, InputError> {
        let fields = self.metadata.schema().fields().iter().map(|field| {
            let views = match field.data_type() {
                DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
                DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
                _ => return Arc::clone(field),
            };
            Arc::new(field.as_ref().clone().with_data_type(views))
        });
        let schema = Schema::new_with_metadata(fields.collect::<Fields>(), self.metadata.schema().metadata().clone());
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(self.metadata.metadata()), options);
        self.metadata = metadata.map_err(|_| damaged(&self.sniffed, "the footer cannot be read"))?;
        Ok(self)
    }

    /// How a column is read that holds this kind of value.
    ///
    /// # Errors
    /// The column is nested, or has a type no cell has.
    pub fn reader(&self, column: usize, kind: Kind) -> Result<ColumnReader, InputError> {
        let data_type = self.type_of(column).ok_or_else(|| self.broken())?;
        ColumnReader::of(kind, data_type, self.is_uuid(column)).ok_or_else(|| {
            let name = self.names.get(column).map_or("", String::as_str);
            let problem = format!("the column `{name}` has the type {}", type_name(data_type));
            self.sniffed.source.error(problem, "text, dates, moments, numbers and true/false are accepted")
        })
    }

    /// How a column is read that is none of ours.
    ///
    /// # Errors
    /// The file has no such column.
    pub fn reader_of_other(&self, column: usize) -> Result<ColumnReader, InputError> {
        let data_type = self.type_of(column).ok_or_else(|| self.broken())?;
        Ok(ColumnReader::of_other(data_type, self.is_uuid(column)))
    }

    /// The type of a column.
    fn type_of(&self, column: usize) -> Option<&DataType> {
        self.metadata.schema().fields().get(column).map(|field| field.data_type())
    }

    /// Whether a column says that its bytes are UUIDs.
    fn is_uuid(&self, column: usize) -> bool {
        let types = self.metadata.parquet_schema().root_schema().get_fields();
        let logical = types.get(column).and_then(|of| of.get_basic_info().logical_type_ref());
        logical.is_some_and(|logical| *logical == LogicalType::Uuid)
    }

    /// Makes sure that columns hold plain values.
    ///
    /// # Errors
    /// The first column that is nested or has a type no cell has.
    pub fn check_types(&self, columns: &[usize]) -> Result<(), InputError> {
        columns.iter().try_for_each(|column| self.reader(*column, Kind::Text).map(drop))
    }

    /// Reads some columns of one row group, batch by batch; `each` is given the batch and the file's rows it has.
    ///
    /// # Errors
    /// A page that is damaged, or what `each` answers.
    pub fn read_group(
        &self,
        group: usize,
        columns: &[usize],
        each: &mut dyn FnMut(RecordBatch, Range<u64>) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let mut next_row = self.first_row(group);
        self.read_selected(group, columns, None, &mut |batch| {
            let rows = crate::domain::count_of(batch.num_rows());
            each(batch, next_row..next_row + rows)?;
            next_row += rows;
            Ok(())
        })?;
        if next_row == self.first_row(group + 1) { Ok(()) } else { Err(self.broken().into()) }
    }

    /// The rows of a group, counted from 0 there, that are in pages whose bounds in the first column may hold one of
    /// these values, which are in order.
    ///
    /// # Errors
    /// The file has no page index.
    pub fn rows_between_bounds(&self, group: usize, values: &[[u8; 8]]) -> Result<Vec<Range<usize>>, InputError> {
        let broken = || self.broken();
        let index = self.metadata.metadata().page_index().ok_or_else(broken)?;
        let pages = index.offset_index(group, 0).ok_or_else(broken)?.page_locations();
        let Some(ColumnIndexMetaData::BYTE_ARRAY(bounds)) = index.column_index(group, 0) else { return Err(broken()) };
        let rows = self.group_rows.get(group).and_then(|rows| usize::try_from(*rows).ok()).ok_or_else(broken)?;
        let begin = |page: usize| pages.get(page).map_or(Some(rows), |page| usize::try_from(page.first_row_index).ok());
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for page in 0..pages.len() {
            let (Some(least), Some(most)) = (bounds.min_value(page), bounds.max_value(page)) else { continue };
            let first = values.partition_point(|value| value.as_slice() < least);
            if values.get(first).is_none_or(|value| value.as_slice() > most) {
                continue;
            }
            let these = begin(page).ok_or_else(broken)?..begin(page + 1).ok_or_else(broken)?;
            match ranges.last_mut() {
                Some(before) if before.end == these.start => before.end = these.end,
                Some(_) | None => ranges.push(these),
            }
        }
        Ok(ranges)
    }

    /// Reads one column of some row ranges of a row group; `each` is given the values and their rows, counted
    /// from 0 within the group.
    ///
    /// # Errors
    /// A page that is damaged, or what `each` answers.
    pub fn read_stretches(
        &self,
        group: usize,
        column: usize,
        stretches: &[Range<usize>],
        each: &mut dyn FnMut(&ArrayRef, &mut dyn Iterator<Item = usize>) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let in_group = self.group_rows.get(group).and_then(|rows| usize::try_from(*rows).ok()).unwrap_or(0);
        let selection = RowSelection::from_consecutive_ranges(stretches.iter().cloned(), in_group);
        let mut rows = stretches.iter().cloned().flatten();
        self.read_selected(group, &[column], Some(selection), &mut |batch| {
            each(batch.column(0), &mut rows.by_ref().take(batch.num_rows()))
        })?;
        if rows.next().is_none() { Ok(()) } else { Err(self.broken().into()) }
    }

    /// Chooses rows of a row group; they are counted from 0 within it and stand in order.
    pub fn chosen<'r>(&self, group: usize, rows: &'r [usize]) -> SelectedRows<'r> {
        let in_group = self.group_rows.get(group).and_then(|rows| usize::try_from(*rows).ok()).unwrap_or(0);
        let runs = rows.chunk_by(|one, next| one + 1 == *next).filter_map(|run| Some(*run.first()?..run.last()? + 1));
        SelectedRows { group, rows, selection: RowSelection::from_consecutive_ranges(runs, in_group) }
    }

    /// Reads some columns of some rows of one row group; `each` is given the batch and which of the rows it has.
    ///
    /// # Errors
    /// A page that is damaged, or what `each` answers.
    pub fn read_rows(
        &self,
        columns: &[usize],
        chosen: &SelectedRows<'_>,
        each: &mut dyn FnMut(RecordBatch, &[usize]) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let mut left = chosen.rows;
        self.read_selected(chosen.group, columns, Some(chosen.selection.clone()), &mut |batch| {
            let (these, rest) = left.split_at_checked(batch.num_rows()).ok_or_else(|| self.broken())?;
            left = rest;
            each(batch, these)
        })?;
        if left.is_empty() { Ok(()) } else { Err(self.broken().into()) }
    }

    /// The error of a page that cannot be read.
    pub fn broken(&self) -> InputError {
        damaged(&self.sniffed, "a page is damaged")
    }

    fn read_selected(
        &self,
        group: usize,
        columns: &[usize],
        selection: Option<RowSelection>,
        each: &mut dyn FnMut(RecordBatch) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let file = PageFile { file: Arc::new(self.sniffed.open()?), blocks: self.blocks.clone() };
        let broken = || self.broken();
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), columns.iter().copied());
        let reader = contain(|| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![group])
                .with_projection(mask)
                .with_row_selection_policy(RowSelectionPolicy::Auto { threshold: SKIPPED_FROM })
                .with_batch_size(BATCH_ROWS);
            match selection {
                Some(selection) => builder.with_row_selection(selection).build(),
                None => builder.build(),
            }
        });
        let mut reader = reader.and_then(Result::ok).ok_or_else(broken)?;
        loop {
            let Some(batch) = contain(|| reader.next()).ok_or_else(broken)? else { return Ok(()) };
            each(batch.map_err(|_| broken())?)?;
        }
    }
}

/// Rows of a row group, chosen once and read column by column.
#[derive(Debug)]
pub struct SelectedRows<'r> {
    group: usize,
    rows: &'r [usize],
    selection: RowSelection,
}

/// A file that pages are read from, each with one call: the place to read from is part of it.
#[derive(Clone)]
struct PageFile {
    file: Arc<File>,
    /// The hashes of its blocks, where they are known.
    blocks: Option<Arc<BlockHashes>>,
}

/// A file read from a place on.
struct FileReader {
    from: PageFile,
    at: u64,
}

impl Read for FileReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let length = match &self.from.blocks {
            Some(blocks) => blocks.read_some(&self.from.file, self.at, target)?,
            None => self.from.file.read_at(target, self.at)?,
        };
        self.at += length as u64;
        Ok(length)
    }
}

impl Length for PageFile {
    fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |metadata| metadata.len())
    }
}

impl ChunkReader for PageFile {
    type T = BufReader<FileReader>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::new(FileReader { from: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if let Some(blocks) = &self.blocks {
            return Ok(blocks.read_at(&self.file, start, length)?);
        }
        let mut page = vec![0; length];
        self.file.read_exact_at(&mut page, start)?;
        Ok(page.into())
    }
}

/// Reads moments of 96 bits as microseconds: as nanoseconds, which the library would take, a day such as 9999-12-31 is
/// another one without a word.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types a cell may have a few")]
fn with_far_moments(sniffed: &Sniffed, metadata: ArrowReaderMetadata) -> Result<ArrowReaderMetadata, InputError> {
    let types = metadata.parquet_schema().root_schema().get_fields();
    let is_long = |column: usize| {
        types.get(column).is_some_and(|of| of.is_primitive() && of.get_physical_type() == PhysicalType::INT96)
    };
    if !(0..types.len()).any(is_long) {
        return Ok(metadata);
    }
    let fields = metadata.schema().fields().iter().enumerate().map(|(column, field)| match field.data_type() {
        DataType::Timestamp(_, zone) if is_long(column) => {
            let microseconds = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
            Arc::new(field.as_ref().clone().with_data_type(microseconds))
        }
        _ => Arc::clone(field),
    });
    let schema = Schema::new_with_metadata(fields.collect::<Fields>(), metadata.schema().metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options)
        .map_err(|_| damaged(sniffed, "the footer cannot be read"))
}

fn damaged(sniffed: &Sniffed, what: &str) -> InputError {
    if has_encrypted_columns(&sniffed.source.path) {
        let problem = "the file is Parquet with columns that are encrypted (Parquet modular encryption)";
        return sniffed.source.error(problem, "write it again without encryption");
    }
    sniffed.source.error(format!("the Parquet file is damaged: {what}"), "write or fetch the file again")
}

/// The last eight bytes say how long the footer is; a length the file cannot hold is not tried.
fn footer_fits(sniffed: &Sniffed) -> Result<(), InputError> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = sniffed.open()?;
    let mut tail = [0_u8; 8];
    let read = file.seek(SeekFrom::End(-8)).and_then(|_| file.read_exact(&mut tail));
    let [a, b, c, d, magic @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let fits = read.is_ok() && magic == *b"PAR1" && length <= MOST_FOOTER_BYTES && length + 12 <= sniffed.bytes;
    if fits { Ok(()) } else { Err(damaged(sniffed, "it has no footer, so it was cut short or is not Parquet")) }
}

fn believable_rows(sniffed: &Sniffed, group: &RowGroupMetaData) -> Result<u64, InputError> {
    let size = i64::try_from(sniffed.bytes).unwrap_or(i64::MAX);
    let (rows, unpacked) = (group.num_rows(), group.total_byte_size());
    let possible = (0..=MOST_ROWS_IN_GROUP).contains(&rows)
        && (0..=MOST_GROUP_BYTES.min(size.saturating_mul(MOST_BYTES_FOR_EACH))).contains(&unpacked);
    let chunks_inside = group.columns().iter().all(|column| {
        let start =
            column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset()).min(column.data_page_offset());
        let end = start.checked_add(column.compressed_size());
        0 <= start && 0 <= column.compressed_size() && end.is_some_and(|end| end <= size)
    });
    match u64::try_from(rows) {
        Ok(rows) if possible && chunks_inside => Ok(rows),
        Ok(_) | Err(_) => Err(damaged(sniffed, "its footer states sizes the file cannot have")),
    }
}

/// The name of a type without what it is made of, which may be named by data.
fn type_name(data_type: &arrow::datatypes::DataType) -> String {
    let text = data_type.to_string();
    text.split(['(', '<', '{']).next().unwrap_or("unknown").to_owned()
}

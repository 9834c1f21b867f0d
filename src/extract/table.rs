//! Claims and registers: small tables that are read whole, every column as text.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::TimestampMicrosecondType;
use bytesize::ByteSize;
use polars::prelude::{Column as PolarsColumn, DataFrame, IntoColumn, StringChunked, StringChunkedBuilder};

use super::QuarantinedRow;
use super::columns::{ColumnMapping, ColumnsFound, KnownNames, columns_of_table, map_columns};
use super::csv::{CsvError, HeaderFault, Item, NonRow, Record, Records, SpanCounts};
use super::earnings::csv_error;
use super::file_options::FileOptions;
use super::parquet::ParquetFile;
use super::row_batch::{text_at, to_text};
use super::slices::slices;
use super::source::{FileFormat, Sniffed};
use super::typed::ColumnReader;
use crate::domain::reading::date::date_cell;
use crate::domain::tally::Place;
use crate::domain::{Cell, Column, Kind, SetAsideShare, Tally};
use crate::error::{InputError, RunError};

/// A table as text.
#[derive(Clone)]
pub struct Table {
    /// Our columns that the file has, then its other columns, all text, null where a cell is empty or not there; a row
    /// for every row of the file, a quarantined one with nothing in it.
    pub frame: DataFrame,
    /// The names of the columns that are none of ours, in the order of the file.
    pub extra: Vec<String>,
    /// For each row the line it begins on, in a text file.
    pub lines: Vec<u64>,
    /// Rows that are not records.
    pub quarantined: Vec<QuarantinedRow>,
    /// For a CSV file, its bytes counted by kind of span.
    pub csv: Option<SpanCounts>,
    /// Counts of typed cells whose text does not show any more how they were written.
    pub tally: Tally,
    /// What was taken for what.
    pub columns: ColumnsFound,
}

/// A column of text, where the frame has it.
pub(crate) fn text_column(frame: &DataFrame, name: &str) -> Option<StringChunked> {
    frame.column(name).ok()?.str().ok().cloned()
}

/// The cells of some columns of a table, by row and name.
pub(crate) struct TableCells(Vec<(&'static str, Option<StringChunked>)>);

impl TableCells {
    /// A cell, where it holds something; rows are counted from 0.
    pub(crate) fn get(&self, row: usize, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name)?.1.as_ref()?.get(row)
    }
}

impl Table {
    /// The cells of these columns.
    pub(crate) fn cells(&self, columns: &[Column]) -> TableCells {
        TableCells(columns.iter().map(|column| (column.name, text_column(&self.frame, column.name))).collect())
    }

    /// An error of one row, counted from 0, with the line it begins on in a text file.
    pub(crate) fn error_in(
        &self,
        sniffed: &Sniffed,
        row: usize,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) -> InputError {
        let error = sniffed.source.error(problem, hint);
        match self.lines.get(row) {
            Some(line) => error.at_line(*line),
            None => error,
        }
    }

    /// Without the columns that pandas names for want of a name (`Unnamed: 3`) and that hold nothing: they are no columns.
    fn without_empty_unnamed(mut self) -> Self {
        let is_nothing = |name: &str| {
            let number = name.strip_prefix("Unnamed: ").unwrap_or_default();
            let is_unnamed = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_unnamed && text_column(&self.frame, name).is_some_and(|cells| cells.null_count() == cells.len())
        };
        let nothing: Vec<String> = self.extra.iter().filter(|name| is_nothing(name)).cloned().collect();
        self.frame = self.frame.drop_many(&nothing);
        self.extra.retain(|name| !nothing.contains(name));
        self.columns.other.retain(|other| !nothing.contains(&other.name));
        self
    }

    /// Checks that every row of a table could be read, for tables in which every row is needed.
    ///
    /// # Errors
    /// The first row that is no record.
    pub(crate) fn whole(&self, sniffed: &Sniffed) -> Result<(), InputError> {
        let Some(damaged) = self.quarantined.first() else { return Ok(()) };
        let row = usize::try_from(damaged.row).unwrap_or(1).saturating_sub(1);
        Err(self.error_in(sniffed, row, damaged.reason.clone(), "correct the row: every row of this file is needed"))
    }

    /// Checks that some row is a record.
    ///
    /// # Errors
    /// None is, of more rows than are always accepted.
    pub(crate) fn holds_records(&self, sniffed: &Sniffed, share: SetAsideShare) -> Result<(), InputError> {
        let first = self.quarantined.first();
        let first = first.map(|row| {
            let place = Place { row: row.row.into(), line: row.line.unwrap_or(0) };
            (place, row.reason.as_str())
        });
        let count = crate::domain::count_of;
        sniffed.source.holds_records(count(self.quarantined.len()), count(self.frame.height()), share, first)
    }
}

/// The columns that say whose row it is. A line of totals has none of them.
const IDENTIFIERS: [&str; 4] = ["claim_id", "participant_id", "nino", "surname"];

/// Tells lines of totals, as spreadsheets have them below their rows, from rows.
struct TotalLine {
    identifiers: Vec<usize>,
}

impl TotalLine {
    fn new(columns: &[Column], places: &ColumnMapping) -> Self {
        let named = columns.iter().zip(&places.of).filter(|(column, _)| IDENTIFIERS.contains(&column.name));
        Self { identifiers: named.flat_map(|(_, places)| places).copied().collect() }
    }

    /// Whether a record's first value is a word for a total, and it says nobody's name or number. The word itself may
    /// stand in such a column.
    fn is_one(&self, record: &Record<'_>) -> bool {
        let value = |place: usize| record.get(place).map(str::trim).filter(|text| !text.is_empty());
        let Some((first, word)) = (0..record.len()).find_map(|place| Some((place, value(place)?))) else {
            return false;
        };
        let word = word.trim_end_matches([':', ' ']).to_lowercase();
        let is_word = ["total", "totals", "grand total", "sum"].contains(&word.as_str());
        let others = self.identifiers.iter().filter(|place| **place != first);
        is_word && !self.identifiers.is_empty() && others.into_iter().all(|place| value(*place).is_none())
    }
}

/// How many rows are unpacked at a time, and to how many bytes.
const SLICE_ROWS: usize = 65_536;
const SLICE_BYTES: usize = 32 << 20;

/// The most rows a table may have.
const MOST_ROWS: u64 = 100_000_000;

/// Reads a table of these columns.
///
/// # Errors
/// A file that is neither CSV nor Parquet nor a workbook, is damaged, or lacks a needed column.
pub fn read(sniffed: &Sniffed, columns: &[Column]) -> Result<Table, RunError> {
    match sniffed.format {
        FileFormat::Csv | FileFormat::Workbook => Ok(read_csv(sniffed, columns)?),
        FileFormat::Parquet => read_parquet(sniffed, columns),
        FileFormat::Json => {
            let hint = match sniffed.source.options.filled_in {
                Some(_) => "what people fill in is CSV, Parquet or a workbook",
                None => "claims, registers and funding are CSV, Parquet or a workbook",
            };
            Err(sniffed.source.error("the file is JSON", hint).into())
        }
    }
}

/// Gathers cells by column: our columns first, then the others.
struct TableBuilder {
    names: Vec<String>,
    cells: Vec<StringChunkedBuilder>,
    options: Arc<FileOptions>,
    /// How many bytes of text were gathered, and how many may be.
    bytes: u64,
    most_bytes: u64,
}

/// The bytes that the rows of any file may unpack to, and the most for each byte of a larger file.
const UNPACKED_BYTES: u64 = 256 << 20;
const UNPACKED_BYTES_FOR_EACH: u64 = 200;

impl TableBuilder {
    fn new(sniffed: &Sniffed, columns: &[Column], places: &ColumnMapping) -> Self {
        let ours = columns
            .iter()
            .zip(&places.of)
            .filter(|(_, places)| !places.is_empty())
            .map(|(column, _)| column.name.to_owned());
        let names: Vec<String> = ours.chain(places.extra.iter().map(|(_, name)| name.clone())).collect();
        let cells = names.iter().map(|name| StringChunkedBuilder::new(name.into(), 0)).collect();
        let most_bytes = UNPACKED_BYTES.max(sniffed.bytes.saturating_mul(UNPACKED_BYTES_FOR_EACH));
        Self { names, cells, options: Arc::clone(&sniffed.source.options), bytes: 0, most_bytes }
    }

    /// The file's place of each gathered column, in their order.
    fn file_places(places: &ColumnMapping) -> Vec<usize> {
        let ours = places.of.iter().filter_map(|places| places.first().copied());
        ours.chain(places.extra.iter().map(|(place, _)| *place)).collect()
    }

    fn add<'t>(&mut self, cell: impl Fn(usize) -> Option<&'t str>) {
        for (index, (column, name)) in self.cells.iter_mut().zip(&self.names).enumerate() {
            let text = cell(index).filter(|text| !text.is_empty());
            self.bytes += text.map_or(0, |text| crate::domain::count_of(text.len()));
            column.append_option(text.map(|text| self.options.value(name, text).unwrap_or(text)));
        }
    }

    /// Checks that what was gathered is not out of all proportion to the file.
    fn fits(&self, sniffed: &Sniffed) -> Result<(), InputError> {
        if self.bytes <= self.most_bytes {
            return Ok(());
        }
        let (unpacked, file) = (ByteSize(self.most_bytes).display().iec(), ByteSize(sniffed.bytes).display().iec());
        let problem = format!("its rows unpack to more than {unpacked} of text, from {file}");
        Err(sniffed.source.error(problem, "shorten the texts that repeat in every row, or split the file"))
    }

    fn frame(self, rows: usize) -> Option<DataFrame> {
        let columns: Vec<PolarsColumn> = self.cells.into_iter().map(|cells| cells.finish().into_column()).collect();
        DataFrame::new(rows, columns).ok()
    }
}

/// The error of a table whose header cannot be read: of one that people filled in the columns are known.
fn header_error(sniffed: &Sniffed, columns: &[Column], error: &CsvError) -> InputError {
    let told = csv_error(sniffed, error);
    match (error, columns_of_table(&sniffed.source, columns)) {
        (
            CsvError::Header(HeaderFault::NothingRecognised { .. } | HeaderFault::IsRow | HeaderFault::Empty),
            Some(hint),
        ) => InputError { hint: format!("the first line must name the columns; {hint}"), ..told },
        _ => told,
    }
}

fn read_csv(sniffed: &Sniffed, columns: &[Column]) -> Result<Table, InputError> {
    let names = KnownNames::of(&sniffed.source, columns);
    let known = |name: &str| names.has(name);
    let mut records = Records::new(sniffed.text()?, &known).map_err(|error| header_error(sniffed, columns, &error))?;
    let places = map_columns(&sniffed.source, columns, &records.header().names.clone())?;
    // A sheet's cell ends where it ends, whatever it holds.
    if sniffed.format == FileFormat::Csv {
        records.line_breaks_only_in(places.over_lines(columns, records.header().names.len()));
    }
    let file_places = TableBuilder::file_places(&places);
    let mut gatherer = TableBuilder::new(sniffed, columns, &places);
    let totals = TotalLine::new(columns, &places);
    // How many bytes each of the last records has that look like totals.
    let mut last_totals: Vec<u64> = Vec::new();
    let (mut lines, mut quarantined) = (Vec::new(), Vec::new());
    while let Some(item) = records.next().map_err(|error| csv_error(sniffed, &error))? {
        match item {
            Item::Record(record) => {
                lines.push(record.line);
                if totals.is_one(&record) {
                    last_totals.push(record.span.end - record.span.start);
                } else {
                    last_totals.clear();
                }
                gatherer.add(|index| file_places.get(index).and_then(|place| record.get(*place)));
            }
            Item::Quarantined(damaged) => {
                lines.push(damaged.line);
                last_totals.clear();
                gatherer.add(|_| None);
                gatherer.bytes += crate::domain::count_of(damaged.raw.len());
                quarantined.push(QuarantinedRow {
                    file: 0,
                    row: u32::try_from(lines.len()).unwrap_or(u32::MAX),
                    line: Some(damaged.line),
                    reason: damaged.reason.to_string(),
                    raw: damaged.raw.to_vec(),
                });
            }
            Item::Blank(_) | Item::NonRow(..) => {}
        }
        too_many(sniffed, lines.len())?;
        gatherer.fits(sniffed)?;
    }
    let mut csv = records.finish().map_err(|error| csv_error(sniffed, &error))?;
    let frame = gatherer.frame(lines.len()).ok_or_else(|| no_frame(sniffed))?;
    let tally = Tally::default();
    for bytes in &last_totals {
        csv.set_record_aside(NonRow::Total, *bytes);
    }
    lines.truncate(lines.len() - last_totals.len());
    let frame = frame.head(Some(lines.len()));
    let extra = extra_names(&places);
    Ok(Table { frame, extra, lines, quarantined, csv: Some(csv), tally, columns: places.found }.without_empty_unnamed())
}

fn read_parquet(sniffed: &Sniffed, columns: &[Column]) -> Result<Table, RunError> {
    let file = ParquetFile::open(sniffed)?.with_views()?;
    let places = map_columns(&sniffed.source, columns, &file.names)?;
    let file_places = TableBuilder::file_places(&places);
    let readers = readers(&file, columns, &places)?;
    too_many(sniffed, usize::try_from(file.rows()).unwrap_or(usize::MAX))?;
    let mut sorted = file_places.clone();
    sorted.sort_unstable();
    let mut gatherer = TableBuilder::new(sniffed, columns, &places);
    let names = gatherer.names.clone();
    let mut tally = Tally::default();
    for group in 0..file.group_rows.len() {
        file.read_group(group, &sorted, &mut |batch, rows| {
            for slice in slices(batch.columns(), batch.num_rows(), SLICE_ROWS, SLICE_BYTES) {
                let (begin, length) = (slice.start, slice.len());
                let first_row = rows.start + crate::domain::count_of(begin);
                let mut texts = Vec::with_capacity(file_places.len());
                for ((place, name), (column, reader)) in file_places.iter().zip(&names).zip(&readers) {
                    let index = sorted.binary_search(place).unwrap_or_default();
                    let kind = column.map_or(Kind::Text, |column| column.kind);
                    let cells = reader.read(&batch.column(index).slice(begin, length)).map_err(|_| file.broken())?;
                    if let Some(column) = column.filter(|_| kind == Kind::Date) {
                        count_moments(&cells, column, first_row, &mut tally);
                    }
                    let text = to_text(&cells, kind, "").map_err(|fault| {
                        let problem =
                            format!("the column `{name}` has values of the type {} that are no cells", fault.type_name);
                        sniffed.source.error(problem, "write the column as text")
                    })?;
                    texts.push(text);
                }
                for row in 0..length {
                    gatherer.add(|index| texts.get(index).and_then(|array| text_at(array, row)));
                }
                gatherer.fits(sniffed)?;
            }
            Ok(())
        })?;
    }
    let rows = usize::try_from(file.rows()).unwrap_or(usize::MAX);
    let frame = gatherer.frame(rows).ok_or_else(|| no_frame(sniffed))?;
    let extra = extra_names(&places);
    let (lines, quarantined) = (Vec::new(), Vec::new());
    Ok(Table { frame, extra, lines, quarantined, csv: None, tally, columns: places.found }.without_empty_unnamed())
}

/// How each gathered column is read, in their order: ours by what they hold, the others as they are.
fn readers<'c>(
    file: &ParquetFile,
    columns: &'c [Column],
    places: &ColumnMapping,
) -> Result<Vec<(Option<&'c Column>, ColumnReader)>, InputError> {
    let first = |(column, places): (&'c Column, &Vec<usize>)| places.first().map(|place| (column, *place));
    let ours = columns.iter().zip(&places.of).filter_map(first);
    let ours = ours.map(|(column, place)| Ok((Some(column), file.reader(place, column.kind)?)));
    let others = places.extra.iter().map(|(place, _)| Ok((None, file.reader_of_other(*place)?)));
    ours.chain(others).collect()
}

/// Counts the days of a column of moments, which are read here: in the table they are days already.
fn count_moments(cells: &ArrayRef, column: &Column, first_row: u64, tally: &mut Tally) {
    let Some(moments) = cells.as_primitive_opt::<TimestampMicrosecondType>() else { return };
    for (moment, row) in moments.iter().zip(first_row..) {
        let Some(cell) = moment.map(Cell::Moment).filter(|cell| date_cell(*cell).is_ok()) else { continue };
        tally.stand_at(row, 0);
        tally.date(column.name, Some(cell));
    }
}

fn extra_names(places: &ColumnMapping) -> Vec<String> {
    places.extra.iter().map(|(_, name)| name.clone()).collect()
}

fn too_many(sniffed: &Sniffed, rows: usize) -> Result<(), InputError> {
    if u64::try_from(rows).is_ok_and(|rows| rows <= MOST_ROWS) {
        return Ok(());
    }
    Err(sniffed.source.error("the file has more than a hundred million rows", "split the batch"))
}

fn no_frame(sniffed: &Sniffed) -> InputError {
    sniffed.source.error("the columns do not have one length", "please report this file's shape")
}

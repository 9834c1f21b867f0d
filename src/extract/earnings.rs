//! The earnings files as chunks of rows, whatever form they come in.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringArray, StringBuilder, UInt32Array};
use arrow::compute::{concat, take};

use super::Quarantined;
use super::chunk::Chunk;
use super::columns::{Places, places, recognises};
use super::csv::{Counts, CsvError, Item, Records};
use super::json::{self, JsonRow, NotAPayment};
use super::parquet::ParquetFile;
use super::source::{Format, Surveyed};
use crate::domain::Payment;
use crate::domain::payment::at;
use crate::error::{InputError, RunError};

/// How many rows of a text file make a chunk.
const CHUNK_ROWS: usize = 200_000;

/// The most rows one file may have: row numbers are counted in 32 bits.
const MOST_ROWS: u64 = u32::MAX as u64;

/// A part of the earnings that can be read on its own: a row group of a Parquet file, or a whole text file.
#[derive(Debug, Clone)]
pub struct Unit {
    file: u32,
    part: Part,
}

#[derive(Debug, Clone)]
enum Part {
    Parquet { file: Arc<ParquetFile>, places: Arc<Places>, group: usize },
    Csv(Surveyed),
    Json(Surveyed),
}

/// What a unit holds besides its chunks.
#[derive(Debug, Clone, Default)]
pub struct UnitAccount {
    /// How many rows there are, quarantined ones included.
    pub rows: u64,
    /// Rows that are not records.
    pub quarantined: Vec<Quarantined>,
    /// For a CSV file, how its bytes were told apart.
    pub csv: Option<Counts>,
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
            Format::Csv => units.push(Unit { file, part: Part::Csv(surveyed.clone()) }),
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

    /// Reads the unit chunk by chunk, and of each only the rows that are wanted.
    ///
    /// `wanted` sees every row: of a Parquet file only the columns of `keys`, by their numbers among ours; and answers which
    /// rows of the chunk to read whole. `each` sees those: a chunk and the rows of it that were wanted.
    ///
    /// # Errors
    /// A file that turns out damaged, or what `wanted` or `each` answers.
    pub fn read(
        &self,
        keys: &[usize],
        wanted: &mut dyn FnMut(&Chunk) -> Result<Vec<u32>, RunError>,
        each: &mut dyn FnMut(&Chunk, Vec<u32>) -> Result<(), RunError>,
    ) -> Result<UnitAccount, RunError> {
        let mut whole = |chunk: Chunk| {
            let rows = wanted(&chunk)?;
            if rows.is_empty() { Ok(()) } else { each(&chunk, rows) }
        };
        match &self.part {
            Part::Csv(surveyed) => read_csv(self.file, surveyed, &mut whole),
            Part::Json(surveyed) => read_json(self.file, surveyed, &mut whole),
            Part::Parquet { file, places, group } => {
                let group = Group { of_file: self.file, file, places, place: *group };
                group.read(keys, wanted, each)
            }
        }
    }
}

/// A row group of a Parquet file.
struct Group<'a> {
    of_file: u32,
    file: &'a ParquetFile,
    places: &'a Places,
    place: usize,
}

impl Group<'_> {
    /// Looks at the keys of every row first, and then reads what else there is of the rows that are wanted: what is thrown
    /// away is not decoded, and what was looked at is not decoded again.
    fn read(
        &self,
        keys: &[usize],
        wanted: &mut dyn FnMut(&Chunk) -> Result<Vec<u32>, RunError>,
        each: &mut dyn FnMut(&Chunk, Vec<u32>) -> Result<(), RunError>,
    ) -> Result<UnitAccount, RunError> {
        let first_row = self.file.first_row(self.place);
        let mut hits: Vec<usize> = Vec::new();
        let looked_at = self.columns(|column| keys.contains(&column));
        let mut seen: Vec<Vec<ArrayRef>> = vec![Vec::new(); looked_at.len()];
        self.file.read_group(self.place, &looked_at, &mut |batch, rows| {
            let begin = usize::try_from(rows.start - first_row).unwrap_or(usize::MAX);
            let chunk = self.chunk(batch.columns(), &looked_at, rows.map(row_number).collect());
            let of_chunk = wanted(&chunk)?;
            if of_chunk.is_empty() {
                return Ok(());
            }
            hits.extend(of_chunk.iter().filter_map(|row| Some(begin + usize::try_from(*row).ok()?)));
            let of_chunk = UInt32Array::from(of_chunk);
            for (column, of_hits) in batch.columns().iter().zip(&mut seen) {
                of_hits.push(take(column, &of_chunk, None).map_err(|_| self.file.broken())?);
            }
            Ok(())
        })?;
        if !hits.is_empty() {
            self.read_hits(&hits, &looked_at, &seen, each)?;
        }
        let rows = self.file.group_rows.get(self.place).copied().unwrap_or(0);
        Ok(UnitAccount { rows, ..UnitAccount::default() })
    }

    /// Reads the rest of the rows that are wanted; `seen` holds the columns that were looked at, of these rows alone.
    fn read_hits(
        &self,
        hits: &[usize],
        looked_at: &[usize],
        seen: &[Vec<ArrayRef>],
        each: &mut dyn FnMut(&Chunk, Vec<u32>) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let first_row = self.file.first_row(self.place);
        let whole = |parts: &Vec<ArrayRef>| -> Result<ArrayRef, RunError> {
            let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
            Ok(concat(&parts).map_err(|_| self.file.broken())?)
        };
        let seen: Vec<ArrayRef> = seen.iter().map(whole).collect::<Result<_, _>>()?;
        let rest: Vec<usize> = self.columns(|_| true).into_iter().filter(|place| !looked_at.contains(place)).collect();
        let read: Vec<usize> = looked_at.iter().chain(&rest).copied().collect();
        let mut begin = 0;
        self.file.read_rows(self.place, &rest, hits, &mut |batch, rows| {
            let looked_at = seen.iter().map(|column| column.slice(begin, rows.len()));
            let columns: Vec<ArrayRef> = looked_at.chain(batch.columns().iter().cloned()).collect();
            begin += rows.len();
            let numbers = rows.iter().map(|row| row_number(first_row + u64::try_from(*row).unwrap_or(u64::MAX)));
            let chunk = self.chunk(&columns, &read, numbers.collect());
            each(&chunk, (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect())
        })
    }

    /// The file's columns that hold some of ours, in the order of the file.
    fn columns(&self, ours: impl Fn(usize) -> bool) -> Vec<usize> {
        let of_ours = self.places.of.iter().enumerate().filter(|(column, _)| ours(*column));
        let mut columns: Vec<usize> = of_ours.flat_map(|(_, places)| places).copied().collect();
        columns.sort_unstable();
        columns
    }

    /// A chunk of arrays that stand for these columns of the file.
    fn chunk(&self, arrays: &[ArrayRef], read: &[usize], rows: Vec<u32>) -> Chunk {
        let at = |place: &usize| read.iter().position(|column| column == place).and_then(|index| arrays.get(index));
        Chunk {
            file: self.of_file,
            rows,
            lines: Vec::new(),
            columns: self.places.of.iter().map(|column| column.iter().filter_map(at).cloned().collect()).collect(),
            raw: None,
        }
    }
}

/// Collects rows of text until there are enough for a chunk.
struct Gatherer<'a> {
    file: u32,
    rows: Vec<u32>,
    lines: Vec<u64>,
    columns: Vec<Vec<StringBuilder>>,
    raw: StringBuilder,
    each: &'a mut dyn FnMut(Chunk) -> Result<(), RunError>,
}

impl<'a> Gatherer<'a> {
    fn new(file: u32, names_of_each: &[usize], each: &'a mut dyn FnMut(Chunk) -> Result<(), RunError>) -> Self {
        let columns = names_of_each.iter().map(|names| (0..*names).map(|_| StringBuilder::new()).collect()).collect();
        Self { file, rows: Vec::new(), lines: Vec::new(), columns, raw: StringBuilder::new(), each }
    }

    fn add<'t>(
        &mut self,
        row: u32,
        line: u64,
        raw: &str,
        cell: impl Fn(usize, usize) -> Option<&'t str>,
    ) -> Result<(), RunError> {
        for (column, builders) in self.columns.iter_mut().enumerate() {
            for (name, builder) in builders.iter_mut().enumerate() {
                builder.append_option(cell(column, name));
            }
        }
        self.rows.push(row);
        self.lines.push(line);
        self.raw.append_value(raw);
        if self.rows.len() < CHUNK_ROWS { Ok(()) } else { self.hand_on() }
    }

    fn hand_on(&mut self) -> Result<(), RunError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let finish = |builder: &mut StringBuilder| Arc::new(builder.finish()) as ArrayRef;
        let columns = self.columns.iter_mut().map(|builders| builders.iter_mut().map(finish).collect()).collect();
        let raw: StringArray = self.raw.finish();
        (self.each)(Chunk {
            file: self.file,
            rows: std::mem::take(&mut self.rows),
            lines: std::mem::take(&mut self.lines),
            columns,
            raw: Some(raw),
        })
    }
}

fn read_csv(
    file: u32,
    surveyed: &Surveyed,
    each: &mut dyn FnMut(Chunk) -> Result<(), RunError>,
) -> Result<UnitAccount, RunError> {
    let known = |name: &str| recognises(&Payment::COLUMNS, name);
    let mut records = Records::new(surveyed.text()?, &known).map_err(|error| csv_error(surveyed, &error))?;
    let places = places(&surveyed.source, &Payment::COLUMNS, &records.header().names.clone())?;
    let names_of_each: Vec<usize> = places.of.iter().map(Vec::len).collect();
    let mut gatherer = Gatherer::new(file, &names_of_each, each);
    let mut account = UnitAccount::default();
    while let Some(item) = records.next().map_err(|error| csv_error(surveyed, &error))? {
        match item {
            Item::Record(record) => {
                account.rows += 1;
                let cell = |column: usize, name: usize| {
                    let place = places.of.get(column).and_then(|places| places.get(name))?;
                    record.get(*place)
                };
                let raw = std::str::from_utf8(record.raw()).unwrap_or_default().trim_end_matches(['\r', '\n']);
                gatherer.add(row_number(account.rows), record.line, raw, cell)?;
            }
            Item::Quarantined(damaged) => {
                account.rows += 1;
                account.quarantined.push(Quarantined {
                    file,
                    row: row_number(account.rows),
                    line: Some(damaged.line),
                    reason: damaged.reason.to_string(),
                    raw: damaged.raw.to_vec(),
                });
            }
            Item::Blank(_) => {}
        }
    }
    gatherer.hand_on()?;
    too_many(surveyed, account.rows)?;
    account.csv = Some(records.finish().map_err(|error| csv_error(surveyed, &error))?);
    Ok(account)
}

fn read_json(
    file: u32,
    surveyed: &Surveyed,
    each: &mut dyn FnMut(Chunk) -> Result<(), RunError>,
) -> Result<UnitAccount, RunError> {
    let names_of_each: Vec<usize> = Payment::COLUMNS.iter().map(|column| 1 + column.also.len()).collect();
    let mut gatherer = Gatherer::new(file, &names_of_each, each);
    let mut account = UnitAccount::default();
    json::read(surveyed, &mut |line, item| {
        account.rows += 1;
        let row = row_number(account.rows);
        match item {
            Ok(JsonRow { cells, raw }) => {
                let cell = |column: usize, name: usize| cells.get(column)?.get(name)?.as_deref();
                gatherer.add(row, line, &raw, cell)
            }
            Err(NotAPayment { reason, raw }) => {
                let raw = raw.into_bytes();
                account.quarantined.push(Quarantined { file, row, line: Some(line), reason: reason.into(), raw });
                Ok(())
            }
        }
    })?;
    gatherer.hand_on()?;
    too_many(surveyed, account.rows)?;
    Ok(account)
}

fn row_number(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// An error of the tokenizer as an error of the input.
pub fn csv_error(surveyed: &Surveyed, error: &CsvError) -> InputError {
    let source = &surveyed.source;
    match error {
        CsvError::Header(fault) => {
            source.error(fault.to_string(), "the first line must name the columns; `sustain schemas` prints them")
        }
        CsvError::Io(error) => surveyed.broken(error),
        CsvError::LineTooLong { line, .. } => {
            source.error("a line is longer than 16 MiB", "this is not a file of separated values").at_line(*line)
        }
        CsvError::NotTiled(_) => {
            source.error("the reader could not account for every byte", "please report this file's shape")
        }
    }
}

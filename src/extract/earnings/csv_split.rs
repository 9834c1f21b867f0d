//! A split of a CSV file: a byte range, or the whole file.
//!
//! A large file is split where a line seems to begin. Whether a record begins there is only known when everything
//! before it
//! has been read, for the line break may stand inside quotes. So each split is read to the end of its last record, and
//! where the next split did not begin at exactly that byte it is read again from there. What comes out is what one
//! reader
//! would have made of the whole file.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use super::batch_builder::BatchBuilder;
use super::byte_ranges::{BLOCK_BYTES, ByteRange, byte_ranges};
use super::{FolderColumns, RowVisitor, SplitAccount, map_with_folders, row_number};
use crate::domain::Payment;
use crate::error::{InputError, RunError};
use crate::extract::QuarantinedRow;
use crate::extract::columns::{ColumnMapping, ColumnsFound, KnownNames};
use crate::extract::csv::{CsvError, Header, HeaderFault, Item, LineEnding, PlainRecord, Records};
use crate::extract::source::{FileFormat, Sniffed};

/// A split of a CSV file.
#[derive(Debug, Clone)]
pub(super) struct CsvSplit {
    file: u32,
    table: Arc<CsvTable>,
    /// Its byte range; the first split begins with the header.
    pub(super) stretch: ByteRange,
}

/// What is known of a file before its rows are read.
#[derive(Debug)]
struct CsvTable {
    sniffed: Sniffed,
    header: Header,
    places: ColumnMapping,
    folders: FolderColumns,
}

/// Reads the header and divides the file into splits.
///
/// # Errors
/// A file without a usable header, or that lacks a needed column.
pub(super) fn blocks(file: u32, sniffed: &Sniffed) -> Result<Vec<CsvSplit>, InputError> {
    blocks_of(file, sniffed, BLOCK_BYTES)
}

/// As [`blocks`], with splits of another size.
pub(super) fn blocks_of(file: u32, sniffed: &Sniffed, block_bytes: u64) -> Result<Vec<CsvSplit>, InputError> {
    let names = KnownNames::of(&sniffed.source, &Payment::COLUMNS);
    let known = |name: &str| names.has(name);
    let records = Records::new(sniffed.text()?, &known).map_err(|error| csv_error(sniffed, &error))?;
    let header = records.header().clone();
    let (places, folders) = map_with_folders(&sniffed.source, &header.names)?;
    let can_be_cut = header.dialect.line_ending == LineEnding::Lf;
    let stretches = byte_ranges(sniffed, can_be_cut.then_some(header.span.end), block_bytes)?;
    let table = Arc::new(CsvTable { sniffed: sniffed.clone(), header, places, folders });
    Ok(stretches.into_iter().map(|stretch| CsvSplit { file, table: Arc::clone(&table), stretch }).collect())
}

impl CsvSplit {
    /// What was taken for what in the file.
    pub(super) fn columns(&self) -> &ColumnsFound {
        &self.table.places.found
    }

    /// Reads the records that start in the split. Rows and lines are counted from its beginning.
    pub(super) fn read(&self, visitor: &mut dyn RowVisitor) -> Result<SplitAccount, RunError> {
        let sniffed = &self.table.sniffed;
        let names = KnownNames::of(&sniffed.source, &Payment::COLUMNS);
        let known = |name: &str| names.has(name);
        if self.stretch.begin == 0 {
            let records = Records::new(sniffed.text()?, &known).map_err(|error| csv_error(sniffed, &error))?;
            return self.read_records(records, visitor);
        }
        let mut file = sniffed.open()?;
        file.seek(SeekFrom::Start(self.stretch.begin)).map_err(|error| sniffed.source.unreadable(&error))?;
        self.read_records(Records::resume(file, self.table.header.clone(), self.stretch.begin, &known), visitor)
    }

    fn read_records<R: Read>(
        &self,
        mut records: Records<'_, R>,
        visitor: &mut dyn RowVisitor,
    ) -> Result<SplitAccount, RunError> {
        let wrong = |error: CsvError| csv_error(&self.table.sniffed, &error);
        // A sheet's cell ends where it ends, whatever it holds.
        if self.table.sniffed.format == FileFormat::Csv {
            records.line_breaks_only_in(self.table.places.over_lines(&Payment::COLUMNS, self.table.header.names.len()));
        }
        let places = |column: usize| self.table.places.of.get(column).map(Vec::as_slice).unwrap_or_default();
        let (file, folders) = (self.file, &self.table.folders);
        let names_of = |(column, places): (usize, &Vec<usize>)| places.len().max(usize::from(folders.has(column)));
        let options = &self.table.sniffed.source.options;
        let mut gatherer = BatchBuilder::new(file, options, self.table.places.of.iter().enumerate().map(names_of));
        let mut account = SplitAccount { file, ..SplitAccount::default() };
        loop {
            account.rows += records
                .pass_over(self.stretch.end, &mut |record| {
                    visitor.accepts(&|column| match places(column) {
                        [] => folders.text(column).unwrap_or_default().as_bytes(),
                        places => cell(record, places),
                    })
                })
                .map_err(wrong)?;
            if self.stretch.end <= records.at() {
                break;
            }
            let Some(item) = records.next().map_err(wrong)? else { break };
            match item {
                Item::Record(record) => {
                    account.rows += 1;
                    let text = |column: usize| places(column).iter().filter_map(|place| record.get(*place));
                    let own = |column: usize| text(column).find(|text| !text.trim().is_empty());
                    let first = |column: usize| own(column).or_else(|| folders.text(column)).unwrap_or_default();
                    if visitor.accepts(&|column| first(column).as_bytes()) {
                        let cell = |column: usize, name: usize| match places(column) {
                            [] => folders.text(column),
                            places => record.get(*places.get(name)?),
                        };
                        let raw = std::str::from_utf8(record.raw()).unwrap_or_default().trim_end_matches(['\r', '\n']);
                        gatherer.add((row_number(account.rows), record.line), raw, cell, visitor)?;
                    }
                }
                Item::Quarantined(damaged) => {
                    account.rows += 1;
                    account.quarantined += 1;
                    visitor.quarantine(QuarantinedRow {
                        file,
                        row: row_number(account.rows),
                        line: Some(damaged.line),
                        reason: damaged.reason.to_string(),
                        raw: damaged.raw.to_vec(),
                    })?;
                }
                Item::Blank(_) | Item::NonRow(..) => {}
            }
        }
        gatherer.hand_on(visitor)?;
        account.ended = Some((records.at(), records.lines()));
        account.csv = Some(records.counts());
        Ok(account)
    }
}

/// The first of some fields of a record that holds something.
fn cell<'a>(record: PlainRecord<'a>, places: &[usize]) -> &'a [u8] {
    match places {
        [place] => record.cell(*place),
        _ => places
            .iter()
            .map(|place| record.cell(*place))
            .find(|cell| !cell.trim_ascii().is_empty())
            .unwrap_or_default(),
    }
}

/// What to do with a file in apostrophes.
const PLAIN_OR_QUOTED: &str = "export the file with double quotes around text, or with none";

/// An error of the tokenizer as an error of the input.
pub fn csv_error(sniffed: &Sniffed, error: &CsvError) -> InputError {
    let source = &sniffed.source;
    match error {
        CsvError::Header(fault @ HeaderFault::InApostrophes) => source.error(fault.to_string(), PLAIN_OR_QUOTED),
        CsvError::InApostrophes { line } => source.error(error.to_string(), PLAIN_OR_QUOTED).at_line(*line),
        CsvError::Header(fault) => {
            source.error(fault.to_string(), "the first line must name the columns; `sustain schemas` prints them")
        }
        CsvError::Io(error) => sniffed.broken(error),
        CsvError::LineTooLong { line, .. } => {
            source.error("a line is longer than 16 MiB", "this is not a file of separated values").at_line(*line)
        }
        CsvError::UnnamedValue { line, .. } => source
            .error(error.to_string(), "give the column a name, or delete it (pandas: to_csv(..., index=False))")
            .at_line(*line),
        CsvError::AnotherHeader { line } => source
            .error(error.to_string(), "two files were put together: give each as a file of its own")
            .at_line(*line),
        CsvError::NotTiled(_) => {
            source.error("the reader could not account for every byte", "please report this file's shape")
        }
    }
}

//! Rows that could not be read, written to a file as they are found: an extract may have more of them than memory holds.

use std::fmt;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::QuarantinedRow;
use crate::domain::count_of;
use crate::error::{RunError, describe_io_error};

/// How many bytes of rows a list gathers before they are written.
const PIECE_BYTES: usize = 256 << 10;

/// The file that the rows are written to. It has no name, so that nothing is left of it when the run ends in whatever way, and
/// is made only when there are many rows.
pub struct QuarantineFile {
    folder: PathBuf,
    file: Mutex<Option<(Arc<File>, u64)>>,
}

impl QuarantineFile {
    /// A file in this folder.
    pub fn in_folder(folder: PathBuf) -> Arc<Self> {
        Arc::new(Self { folder, file: Mutex::new(None) })
    }

    /// Appends bytes and answers where they are.
    fn append(&self, bytes: &[u8]) -> Result<Piece, RunError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, length) = match &mut *file {
            Some(open) => open,
            none => none.insert((Arc::new(tempfile::tempfile_in(&self.folder).map_err(|error| failed(&error))?), 0)),
        };
        file.write_all_at(bytes, *length).map_err(|error| failed(&error))?;
        let begin = *length;
        *length += count_of(bytes.len());
        Ok(Piece { file: Arc::clone(file), begin, length: bytes.len() })
    }
}

/// Some rows of a list that were written.
struct Piece {
    file: Arc<File>,
    begin: u64,
    length: usize,
}

/// The rows of one part of an input that could not be read.
pub struct QuarantineList {
    into: Arc<QuarantineFile>,
    reasons: Vec<String>,
    written: Vec<Piece>,
    /// Rows that are not written yet.
    gathered: Vec<u8>,
    rows: u64,
    first: (u32, u32),
    last: (u32, u32),
    /// Whether the rows were found in the order of the file.
    is_in_order: bool,
    rows_before: u64,
    lines_before: u64,
}

/// Tells how many rows there are; what they hold may be personal data and is not shown.
impl fmt::Debug for QuarantineList {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "QuarantineList({} rows)", self.rows)
    }
}

impl QuarantineList {
    /// A list without rows.
    pub fn new(into: &Arc<QuarantineFile>) -> Self {
        Self {
            into: Arc::clone(into),
            reasons: Vec::new(),
            written: Vec::new(),
            gathered: Vec::new(),
            rows: 0,
            first: (u32::MAX, u32::MAX),
            last: (0, 0),
            is_in_order: true,
            rows_before: 0,
            lines_before: 0,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The disk did not take it.
    pub fn add(&mut self, row: &QuarantinedRow) -> Result<(), RunError> {
        let place = (row.file, row.row);
        self.first = self.first.min(place);
        self.is_in_order &= self.last <= place;
        self.last = place;
        self.rows += 1;
        let reason = self.reasons.iter().rposition(|known| *known == row.reason).unwrap_or_else(|| {
            self.reasons.push(row.reason.clone());
            self.reasons.len() - 1
        });
        let line = row.line.unwrap_or(0);
        self.gathered.extend(row.file.to_le_bytes());
        self.gathered.extend(row.row.to_le_bytes());
        self.gathered.extend(line.to_le_bytes());
        self.gathered.extend(count_of(reason).to_le_bytes());
        self.gathered.extend(count_of(row.raw.len()).to_le_bytes());
        self.gathered.extend_from_slice(&row.raw);
        if PIECE_BYTES <= self.gathered.len() {
            self.written.push(self.into.append(&self.gathered)?);
            self.gathered.clear();
        }
        Ok(())
    }

    /// Corrects the row and line numbers of rows that were counted from the beginning of a split.
    pub fn move_behind(&mut self, rows: u64, lines: u64) {
        (self.rows_before, self.lines_before) = (rows, lines);
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The file and number of the first row.
    fn first(&self) -> (u32, u32) {
        let (file, row) = self.first;
        (file, row.saturating_add(u32::try_from(self.rows_before).unwrap_or(u32::MAX)))
    }

    /// The rows in the order of the file. Those of a list that is in no order are brought into memory; they are of people
    /// claimed for, of whom more is kept than that.
    fn in_order(&self) -> Box<dyn Iterator<Item = Result<QuarantinedRow, RunError>> + '_> {
        let found = self.as_found();
        if self.is_in_order {
            return Box::new(found);
        }
        match found.collect::<Result<Vec<_>, _>>() {
            Ok(mut rows) => {
                rows.sort_by_key(|row| (row.file, row.row));
                Box::new(rows.into_iter().map(Ok))
            }
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }

    fn as_found(&self) -> impl Iterator<Item = Result<QuarantinedRow, RunError>> {
        let written = self.written.iter().map(|piece| {
            let mut bytes = vec![0; piece.length];
            piece.file.read_exact_at(&mut bytes, piece.begin).map(|()| bytes).map_err(|error| failed(&error))
        });
        let pieces = written.chain(std::iter::once_with(|| Ok(self.gathered.clone())));
        pieces.flat_map(|piece| match piece {
            Ok(bytes) => self.rows_of(&bytes).into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    fn rows_of(&self, mut bytes: &[u8]) -> Vec<QuarantinedRow> {
        let mut rows = Vec::new();
        while let Some(mut row) = self.take_row(&mut bytes) {
            row.move_behind(self.rows_before, self.lines_before);
            rows.push(row);
        }
        rows
    }

    fn take_row(&self, bytes: &mut &[u8]) -> Option<QuarantinedRow> {
        let file = u32::from_le_bytes(take(bytes)?);
        let row = u32::from_le_bytes(take(bytes)?);
        let line = Some(u64::from_le_bytes(take(bytes)?)).filter(|line| 0 < *line);
        let reason = usize::try_from(u64::from_le_bytes(take(bytes)?)).ok()?;
        let length = usize::try_from(u64::from_le_bytes(take(bytes)?)).ok()?;
        let (raw, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        Some(QuarantinedRow { file, row, line, reason: self.reasons.get(reason)?.clone(), raw: raw.to_vec() })
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

/// The rows of all lists in the order of their files.
pub fn in_order(lists: &[QuarantineList]) -> impl Iterator<Item = Result<QuarantinedRow, RunError>> {
    let mut waiting: Vec<&QuarantineList> = lists.iter().filter(|list| 0 < list.rows).collect();
    waiting.sort_by_key(|list| std::cmp::Reverse(list.first()));
    let mut open = Vec::new();
    std::iter::from_fn(move || {
        // A list is opened when its first row may be the next one: few are open at a time.
        while let Some(list) = waiting.pop_if(|list| open.iter().all(|(next, _)| list.first() <= place(next))) {
            let mut rows = list.in_order();
            open.extend(rows.next().map(|next| (next, rows)));
        }
        let (least, _) = open.iter().enumerate().min_by_key(|(_, (next, _))| place(next))?;
        let (next, rows) = open.get_mut(least)?;
        match rows.next() {
            Some(following) => Some(std::mem::replace(next, following)),
            None => Some(open.swap_remove(least).0),
        }
    })
}

/// How many bytes of rows are handled at a time.
const CHUNK_BYTES: usize = 8 << 20;

/// Hands on rows in chunks of some megabytes, with one row at least in each.
///
/// # Errors
/// A row could not be read again, or what `each` answers.
pub fn each_chunk(
    rows: impl Iterator<Item = Result<QuarantinedRow, RunError>>,
    each: &mut dyn FnMut(Vec<QuarantinedRow>) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let (mut chunk, mut bytes) = (Vec::new(), 0);
    for row in rows {
        let row = row?;
        bytes += row.raw.len() + size_of::<QuarantinedRow>();
        chunk.push(row);
        if CHUNK_BYTES <= bytes {
            each(std::mem::take(&mut chunk))?;
            bytes = 0;
        }
    }
    if chunk.is_empty() { Ok(()) } else { each(chunk) }
}

/// Where a row stands; an error comes before every row.
fn place(row: &Result<QuarantinedRow, RunError>) -> (u32, u32) {
    row.as_ref().map_or((0, 0), |row| (row.file, row.row))
}

fn failed(error: &std::io::Error) -> RunError {
    RunError::Untrusted(format!("rows that could not be read could not be kept ({})", describe_io_error(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(file: u32, row: u32, raw: &str) -> QuarantinedRow {
        QuarantinedRow {
            file,
            row,
            line: Some(u64::from(row) + 1),
            reason: format!("reason {}", row % 3),
            raw: raw.into(),
        }
    }

    fn list(into: &Arc<QuarantineFile>, rows: &[QuarantinedRow]) -> QuarantineList {
        let mut list = QuarantineList::new(into);
        for row in rows {
            list.add(row).unwrap();
        }
        list
    }

    #[test]
    fn rows_come_back_in_the_order_of_their_files_whether_they_were_written_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(PIECE_BYTES / 3);
        for raw in ["short", long.as_str()] {
            let into = QuarantineFile::in_folder(folder.path().to_path_buf());
            let even: Vec<QuarantinedRow> = (1..20).map(|number| row(0, 2 * number, raw)).collect();
            let odd: Vec<QuarantinedRow> = (1..20).rev().map(|number| row(0, 2 * number + 1, raw)).collect();
            let next: Vec<QuarantinedRow> = (1..5).map(|number| row(1, number, raw)).collect();
            let lists = [list(&into, &next), list(&into, &odd), list(&into, &even), list(&into, &[])];
            let read: Vec<QuarantinedRow> = in_order(&lists).collect::<Result<_, _>>().unwrap();
            let mut all = [even, odd, next].concat();
            all.sort_by_key(|row| (row.file, row.row));
            assert!(read == all);
            assert_eq!(lists.iter().map(QuarantineList::rows).sum::<u64>(), count_of(all.len()));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
    }

    #[test]
    fn rows_of_a_split_are_moved_behind_those_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let into = QuarantineFile::in_folder(folder.path().to_path_buf());
        let mut moved = list(&into, &[row(0, 1, "a")]);
        moved.move_behind(10, 20);
        let lists = [moved, list(&into, &[row(0, 5, "b")])];
        let places: Vec<(u32, Option<u64>)> =
            in_order(&lists).map(|row| row.map(|row| (row.row, row.line)).unwrap()).collect();
        assert_eq!(places, [(5, Some(6)), (11, Some(22))]);
    }

    #[test]
    fn a_folder_that_takes_no_file_is_an_error() {
        let into = QuarantineFile::in_folder("/nowhere/at/all".into());
        let mut list = QuarantineList::new(&into);
        let long = row(0, 1, &"x".repeat(PIECE_BYTES));
        assert!(list.add(&long).unwrap_err().to_string().starts_with("rows that could not be read could not be kept"));
    }
}

//! Rows that could not be read, written to a file as they are found: an extract may have more of them than memory holds.
//!
//! ```text
//!  readers ─▶ [list] of each part ─▶ [file] ─▶ in the order of the inputs ─▶ chunks to be published
//! ```

mod file;
mod list;

use super::QuarantinedRow;
use crate::error::RunError;
pub use file::QuarantineFile;
pub use list::QuarantineList;

/// The rows of all lists in the order of their files.
pub fn in_order(lists: &[QuarantineList]) -> impl Iterator<Item = Result<QuarantinedRow, RunError>> {
    let mut waiting: Vec<&QuarantineList> = lists.iter().filter(|list| 0 < list.rows()).collect();
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::list::PIECE_BYTES;
    use super::*;
    use crate::domain::count_of;

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

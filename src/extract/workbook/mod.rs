//! Workbooks: one sheet of an Excel or `OpenDocument` file, as the text that CSV would have been.
//!
//! ```text
//!  file ──▶ guard: an archive unpacks to no more than it says
//!            │
//!            ▼
//!          sheets ──▶ chosen: which sheet is read
//!            │
//!            ▼
//!          sound: no cells of the table are merged, and no text or identifier is an error of the spreadsheet
//!            │
//!            ▼
//!          cell: dates as YYYY-MM-DD, numbers in their shortest form
//!            │
//!            ▼
//!          SheetText: each row of the sheet on the line of its number
//! ```
//!
//! Everything else is done by the reader of CSV: the header and titles above it, columns without a name, empty rows.

mod cell;
mod chosen;
mod guard;
mod sheets;
mod sound;

use std::fmt;
use std::sync::Arc;

use super::source::InputFile;
use crate::domain::withheld::shown_name;
use crate::error::InputError;
use crate::files::Identity;
use sheets::{Book, SheetRows};

/// The most bytes that the text of a sheet may have.
const MOST_TEXT_BYTES: usize = 1 << 30;

/// A sheet of a workbook as text: separated by commas, each row on the line of its number.
#[derive(Clone)]
pub struct SheetText {
    /// The sheet's name; withheld where it holds a person's number.
    pub name: String,
    /// The text, in UTF-8.
    pub text: Arc<[u8]>,
}

/// Tells how long the text is; what it holds may be personal data and is not shown.
impl fmt::Debug for SheetText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SheetText").field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// Reads the sheet that is meant: the one asked for, or the only one that it can be.
///
/// # Errors
/// A file that is no workbook, is damaged or is not the one that was hashed, a sheet that is not there, or several that may be meant.
pub(super) fn read(source: &InputFile, identity: &Identity) -> Result<SheetText, InputError> {
    let mut book = Book::open(source, identity)?;
    let name = chosen::sheet(source, &mut book)?;
    let rows = book.rows(&name, usize::MAX)?;
    sound::check(source, &name, &rows, &book.merged(&name)?)?;
    let text = text_of(&rows).ok_or_else(|| {
        let problem = format!("the sheet `{}` is larger than a gibibyte of text", shown_name(&name));
        source.error(problem, "export it as CSV UTF-8")
    })?;
    Ok(SheetText { name: shown_name(&name).to_owned(), text: text.into() })
}

/// The rows as separated values. A row stands on the line of its number, and a row without a value is a blank line.
fn text_of(rows: &SheetRows) -> Option<Vec<u8>> {
    let (first, width) = rows.columns();
    let mut text = Vec::new();
    let mut line = 0;
    for (number, cells) in &rows.rows {
        text.resize(text.len() + usize::try_from(number.checked_sub(line)?).ok()?, b'\n');
        let mut cells = cells.iter().peekable();
        for column in first..first + width {
            if column > first {
                text.push(b',');
            }
            if let Some((_, value)) = cells.next_if(|(at, _)| *at == column) {
                push_value(&mut text, value);
            }
        }
        text.push(b'\n');
        line = number + 1;
        if text.len() > MOST_TEXT_BYTES {
            return None;
        }
    }
    Some(text)
}

fn push_value(text: &mut Vec<u8>, value: &str) {
    if value.contains(['"', ',']) {
        text.push(b'"');
        text.extend(value.replace('"', "\"\"").bytes());
        text.push(b'"');
    } else {
        text.extend(value.bytes());
    }
}

#[cfg(test)]
mod tests;

//! Which sheet of a workbook is read.

use super::sheets::{Book, SheetRows};
use crate::domain::column_name::plain_name;
use crate::domain::{Claim, Column, Funding, Participant, Payment};
use crate::error::InputError;
use crate::extract::columns::recognises;
use crate::extract::source::InputFile;

/// How many rows of a sheet are searched for names of columns.
const ROWS_SEARCHED: usize = 25;

/// How many names of columns a row has for a header.
const LEAST_NAMES: usize = 3;

/// The sheet that was asked for; else the usual one; else the only one that is not empty; else the only one with a header of
/// ours.
pub(super) fn sheet(source: &InputFile, book: &mut Book<'_>) -> Result<String, InputError> {
    let names = book.sheet_names();
    if let Some(asked) = &source.options.sheet {
        return named(&names, asked).cloned().ok_or_else(|| {
            source.error(
                format!("the workbook has no sheet `{asked}`; it has {}", book.listed(&names)),
                "name one of these",
            )
        });
    }
    if let Some(usual) = source.options.usual_sheet.and_then(|usual| named(&names, usual)) {
        return Ok(usual.clone());
    }
    let (mut filled, mut with_header) = (Vec::new(), Vec::new());
    for name in names {
        let rows = book.rows(&name, ROWS_SEARCHED)?;
        if has_header(&rows) {
            with_header.push(name.clone());
        }
        if !rows.rows.is_empty() {
            filled.push(name);
        }
    }
    match (filled.as_slice(), with_header.as_slice()) {
        ([], _) => Err(source.error("no sheet of the workbook holds anything", "name another file")),
        ([only], _) | (_, [only]) => Ok(only.clone()),
        (filled, []) => Err(unclear(source, book, "none of its sheets names columns that are known", filled)),
        (_, several) => Err(unclear(source, book, "several of its sheets name columns that are known", several)),
    }
}

/// The sheet of a name, written alike or nearly so.
fn named<'n>(names: &'n [String], wanted: &str) -> Option<&'n String> {
    let is_it = |name: &&String| plain_name(name) == plain_name(wanted);
    names.iter().find(|name| *name == wanted).or_else(|| names.iter().find(is_it))
}

fn unclear(source: &InputFile, book: &Book<'_>, problem: &str, names: &[String]) -> InputError {
    let hint = source.options.usual_sheet.map_or_else(
        || "name the sheet with --sheet NAME, or --sheet claims=NAME for the workbook of one input".to_owned(),
        |usual| format!("name the sheet that is meant `{usual}`"),
    );
    source.error(format!("which sheet of the workbook is meant is not clear: {problem}: {}", book.listed(names)), hint)
}

fn has_header(rows: &SheetRows) -> bool {
    let inputs: [&[Column]; 4] = [&Claim::COLUMNS, &Participant::COLUMNS, &Payment::COLUMNS, &Funding::COLUMNS];
    rows.rows.iter().any(|(_, cells)| {
        let names = |columns: &[Column]| cells.iter().filter(|(_, cell)| recognises(columns, cell)).count();
        inputs.iter().any(|columns| LEAST_NAMES <= names(columns))
    })
}

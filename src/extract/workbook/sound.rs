//! What a sheet shows and its text would not say: cells that are merged over several rows, and errors of the spreadsheet in
//! columns whose cells are read as they stand.

use calamine::Dimensions;

use super::sheets::{SheetRows, cell_name};
use crate::domain::column_name::plain_name;
use crate::domain::withheld::shown_name;
use crate::domain::{Claim, Column, Funding, Kind, Participant, Payment};
use crate::error::InputError;
use crate::extract::columns::recognises;
use crate::extract::source::InputFile;

/// How many rows of a sheet are searched for the names of the columns.
const ROWS_SEARCHED: usize = 25;

/// How many names of columns a row below the first has for a header.
const LEAST_NAMES: usize = 2;

const INPUTS: [&[Column]; 4] = [&Claim::COLUMNS, &Participant::COLUMNS, &Payment::COLUMNS, &Funding::COLUMNS];

/// The row that names the columns, and its cells by column.
type HeaderRow = (u32, Vec<(u32, String)>);

/// Checks that every row of the table has its own cells, and that none of an identifier or a text is an error.
///
/// # Errors
/// Cells below the header that are merged over several rows, or an error in a column of text or identifiers.
pub(super) fn check(
    source: &InputFile,
    sheet: &str,
    rows: &SheetRows,
    merged: &[Dimensions],
) -> Result<(), InputError> {
    let Some((header, names)) = header(source, rows) else { return Ok(()) };
    let holds_something = |place: (u32, u32)| {
        let row = rows.rows.binary_search_by_key(&place.0, |(row, _)| *row).ok();
        let cells = row.and_then(|row| rows.rows.get(row)).map(|(_, cells)| cells);
        cells.is_some_and(|cells| cells.iter().any(|(column, _)| *column == place.1))
    };
    let hides = |range: &&Dimensions| {
        let stands_under = |(column, _): &(u32, String)| range.start.1 <= *column && *column <= range.end.1;
        header < range.start.0
            && range.start.0 < range.end.0
            && names.iter().any(stands_under)
            && holds_something(range.start)
    };
    if let Some(range) = merged.iter().find(hides) {
        let problem = format!(
            "the cells {}:{} of the sheet `{}` are merged: one value stands for several rows, of which only the first has it",
            cell_name(range.start),
            cell_name(range.end),
            shown_name(sheet)
        );
        return Err(source.error(problem, "unmerge the cells, and write the value in every row that it is for"));
    }
    let name_over = |column: u32| names.iter().find(|(at, _)| *at == column).map(|(_, name)| name.as_str());
    let in_text = rows.errors.iter().filter(|(row, _)| header < *row).find_map(|place| {
        let name = name_over(place.1)?;
        is_read_as_it_stands(source, name).then_some((*place, name))
    });
    match in_text {
        None => Ok(()),
        Some((place, name)) => Err(source.error(
            format!(
                "the cell {} of the sheet `{}`, in the column `{name}`, holds an error of the spreadsheet, such as #REF!",
                cell_name(place),
                shown_name(sheet)
            ),
            "correct its formula, or empty the cell where there is no value",
        )),
    }
}

/// The first row that names columns of ours, or such as the person gave a meaning.
fn header(source: &InputFile, rows: &SheetRows) -> Option<HeaderRow> {
    let is_name =
        |name: &str| source.options.meaning(name).is_some() || INPUTS.iter().any(|columns| recognises(columns, name));
    let mut searched = rows.rows.iter().take(ROWS_SEARCHED).enumerate();
    searched
        .find(|(place, (_, cells))| {
            let names = cells.iter().filter(|(_, cell)| is_name(cell)).count();
            if *place == 0 { 0 < names } else { LEAST_NAMES <= names }
        })
        .map(|(_, row)| row.clone())
}

/// Whether the cells of a column are read as they stand, so that an error would be taken for a text or an identifier.
fn is_read_as_it_stands(source: &InputFile, name: &str) -> bool {
    let meant = source.options.meaning(name).map(|meaning| meaning.ours.unwrap_or_default());
    let plain = plain_name(meant.unwrap_or(name));
    let is_it = |column: &&Column| column.names().any(|known| plain_name(known) == plain);
    let column = INPUTS.iter().flat_map(|columns| columns.iter()).find(is_it);
    column.is_some_and(|column| matches!(column.kind, Kind::Text | Kind::Identifier))
}

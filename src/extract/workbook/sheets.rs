//! The sheets of a workbook, row by row.

use std::fs::File;
use std::io::BufReader;

use calamine::{Data, Dimensions, Ods, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsb, Xlsx};
use zip::ZipArchive;

use super::cell::text_of;
use super::guard::{checked, damaged};
use crate::domain::withheld::shown_name;
use crate::error::InputError;
use crate::extract::contain::contain;
use crate::extract::source::InputFile;
use crate::files::Identity;

/// The most columns a sheet may have.
const MOST_COLUMNS: u32 = 2_000;

/// A workbook, opened.
pub(super) struct Book<'s> {
    source: &'s InputFile,
    form: Form,
}

enum Form {
    Xlsx(Xlsx<BufReader<File>>),
    Xlsb(Xlsb<BufReader<File>>),
    Xls(Xls<BufReader<File>>),
    Ods(Ods<BufReader<File>>),
}

/// The rows of a sheet that hold something, each with its number, counted from 0, and its cells that do, by column.
pub(super) struct SheetRows {
    pub(super) rows: Vec<(u32, Vec<(u32, String)>)>,
    /// The places of the cells that hold an error of the spreadsheet, by row and column.
    pub(super) errors: Vec<(u32, u32)>,
}

impl SheetRows {
    /// The first column with a value, and how many columns there are up to the last.
    pub(super) fn columns(&self) -> (u32, u32) {
        let columns = || self.rows.iter().flat_map(|(_, cells)| cells).map(|(column, _)| *column);
        let first = columns().min().unwrap_or_default();
        (first, columns().max().map_or(0, |last| last + 1 - first))
    }
}

/// Why a sheet is not read on.
enum Stop {
    /// It is damaged.
    Damaged,
    /// It has more columns than are read.
    TooWide,
    /// A cell holds a formula and not its value.
    NoValue { row: u32, column: u32 },
}

impl<'s> Book<'s> {
    /// Opens a workbook. Panics of the library are contained.
    pub(super) fn open(source: &'s InputFile, identity: &Identity) -> Result<Self, InputError> {
        let file = || source.open_again(identity).map(BufReader::new);
        let broken = || damaged(source);
        let Ok(archive) = ZipArchive::new(file()?) else {
            let reader = file()?;
            let book = contain(|| Xls::new(reader).ok()).flatten().ok_or_else(broken)?;
            return Ok(Self { source, form: Form::Xls(book) });
        };
        checked(source, file()?)?;
        let has = |name: &str| archive.index_for_name(name).is_some();
        let (is_zipped_xml, is_binary) = (has("xl/workbook.xml"), has("xl/workbook.bin"));
        let workbook = file()?;
        let form = contain(|| match (is_zipped_xml, is_binary) {
            (true, _) => Xlsx::new(workbook).ok().map(Form::Xlsx),
            (false, true) => Xlsb::new(workbook).ok().map(Form::Xlsb),
            (false, false) => Ods::new(workbook).ok().map(Form::Ods),
        });
        Ok(Self { source, form: form.flatten().ok_or_else(broken)? })
    }

    /// The names of the sheets that hold cells, in the order of the workbook, hidden ones included.
    pub(super) fn sheet_names(&self) -> Vec<String> {
        let sheets = self.sheets().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        sheets.map(|sheet| sheet.name.clone()).collect()
    }

    fn sheets(&self) -> &[Sheet] {
        match &self.form {
            Form::Xlsx(book) => book.sheets_metadata(),
            Form::Xlsb(book) => book.sheets_metadata(),
            Form::Xls(book) => book.sheets_metadata(),
            Form::Ods(book) => book.sheets_metadata(),
        }
    }

    /// Sheets as messages list them: with which of them are hidden, and without names that hold a person's number.
    pub(super) fn listed(&self, names: &[String]) -> String {
        let listed = |name: &String| {
            let sheet = self.sheets().iter().find(|sheet| sheet.name == *name);
            let is_hidden = sheet.is_some_and(|sheet| sheet.visible != SheetVisible::Visible);
            format!("`{}`{}", shown_name(name), if is_hidden { " (hidden)" } else { "" })
        };
        names.iter().map(listed).collect::<Vec<_>>().join(", ")
    }

    /// The ranges of merged cells of a sheet, as far as the library tells: of the kinds xlsx and xls.
    pub(super) fn merged(&mut self, name: &str) -> Result<Vec<Dimensions>, InputError> {
        let form = &mut self.form;
        let read = contain(|| match form {
            Form::Xlsx(book) => book.merge_cells_by_sheet_name(name).ok(),
            Form::Xls(book) => book.merge_cells_by_sheet_name(name).ok(),
            Form::Xlsb(_) | Form::Ods(_) => Some(Vec::new()),
        });
        read.flatten().ok_or_else(|| damaged(self.source))
    }

    /// The first rows of a sheet that hold something.
    pub(super) fn rows(&mut self, name: &str, most: usize) -> Result<SheetRows, InputError> {
        let form = &mut self.form;
        let read = contain(|| {
            let mut rows = RowCollector { rows: Vec::new(), errors: Vec::new(), most };
            match form {
                Form::Xlsx(book) => xlsx_rows(book, name, &mut rows)?,
                Form::Xlsb(book) => xlsb_rows(book, name, &mut rows)?,
                Form::Xls(book) => rows.add_all(&book.worksheet_range(name).map_err(|_| Stop::Damaged)?)?,
                Form::Ods(book) => rows.add_all(&book.worksheet_range(name).map_err(|_| Stop::Damaged)?)?,
            }
            Ok(SheetRows { rows: rows.rows, errors: rows.errors })
        });
        read.unwrap_or(Err(Stop::Damaged)).map_err(|stop| match stop {
            Stop::Damaged => damaged(self.source),
            Stop::TooWide => self.source.error(
                format!("the sheet `{}` has a value beyond its column {MOST_COLUMNS}", shown_name(name)),
                "delete what stands beside the table",
            ),
            Stop::NoValue { row, column } => self.source.error(
                format!(
                    "the cell {} of the sheet `{}` holds a formula without its value",
                    cell_name((row, column)),
                    shown_name(name)
                ),
                "open the workbook in a spreadsheet, let it calculate, and save it",
            ),
        })
    }
}

fn xlsx_rows(book: &mut Xlsx<BufReader<File>>, name: &str, rows: &mut RowCollector) -> Result<(), Stop> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Stop::Damaged)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| Stop::Damaged)? {
        let value = Data::from(cell.value);
        if cell.formula.is_some() && value == Data::Empty {
            return Err(Stop::NoValue { row: cell.pos.0, column: cell.pos.1 });
        }
        if rows.add(cell.pos, &value)?.is_enough() {
            break;
        }
    }
    Ok(())
}

fn xlsb_rows(book: &mut Xlsb<BufReader<File>>, name: &str, rows: &mut RowCollector) -> Result<(), Stop> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Stop::Damaged)?;
    while let Some(cell) = cells.next_cell().map_err(|_| Stop::Damaged)? {
        if rows.add(cell.get_position(), &Data::from(cell.get_value().clone()))?.is_enough() {
            break;
        }
    }
    Ok(())
}

/// The name of a cell, as spreadsheets have it; rows and columns are counted from 0.
pub(super) fn cell_name((row, column): (u32, u32)) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// The letters by which spreadsheets name a column, counted from 0.
fn letters(column: u32) -> String {
    let letter = |number: u32| char::from_u32(u32::from(b'A') + number % 26).unwrap_or('?');
    match (column / 26).checked_sub(1) {
        None => letter(column).to_string(),
        Some(before) => format!("{}{}", letters(before), letter(column)),
    }
}

/// Collects cells in the order of a sheet.
struct RowCollector {
    rows: Vec<(u32, Vec<(u32, String)>)>,
    errors: Vec<(u32, u32)>,
    most: usize,
}

/// Whether there are enough rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Enough {
    Yes,
    No,
}

impl Enough {
    fn is_enough(self) -> bool {
        self == Self::Yes
    }
}

impl RowCollector {
    fn add(&mut self, (row, column): (u32, u32), value: &Data) -> Result<Enough, Stop> {
        let Some(text) = text_of(value) else { return Ok(Enough::No) };
        if column >= MOST_COLUMNS {
            return Err(Stop::TooWide);
        }
        match self.rows.last() {
            Some((last, _)) if row < *last => return Err(Stop::Damaged),
            Some((last, _)) if *last == row => {}
            _ if self.rows.len() >= self.most => return Ok(Enough::Yes),
            _ => self.rows.push((row, Vec::new())),
        }
        let Some((_, cells)) = self.rows.last_mut() else { return Err(Stop::Damaged) };
        if cells.last().is_some_and(|(before, _)| column <= *before) {
            return Err(Stop::Damaged);
        }
        cells.push((column, text));
        if matches!(value, Data::Error(_)) {
            self.errors.push((row, column));
        }
        Ok(Enough::No)
    }

    fn add_all(&mut self, range: &calamine::Range<Data>) -> Result<(), Stop> {
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place = |at: usize, first: u32| u32::try_from(at).ok().and_then(|at| at.checked_add(first));
            let place = place(row, first_row).zip(place(column, first_column)).ok_or(Stop::Damaged)?;
            if self.add(place, value)?.is_enough() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}

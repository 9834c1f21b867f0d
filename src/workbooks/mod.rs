//! Spreadsheets that people open: one table a sheet, written as ODS and as XLSX from one description.
//!
//! Laid out as the Analysis Function's guidance on accessible spreadsheets asks: the title in A1, what a reader must know
//! below it, then one marked-up table; Arial; no fills, merged cells or italics; a mark such as `[c]` where there is no
//! figure; and the file opens on its first sheet. Printed, a sheet is as wide as a page of A4 across, and its headings stand on
//! every page.

pub(crate) mod csv;
pub(crate) mod flat;
pub(crate) mod long_xlsx;
mod ods;
mod xlsx;

use chrono::NaiveDate;

use crate::domain::Pence;
use flat::FlatCell;
pub(crate) use ods::ods;
pub(crate) use xlsx::xlsx;

/// A spreadsheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spreadsheet {
    /// Its title in the properties of the file.
    pub(crate) title: String,
    /// Its sheets, the first to be opened first.
    pub(crate) sheets: Vec<Sheet>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    /// The name on its tab, of at most 31 characters and different from every other.
    pub(crate) tab: String,
    /// Its title, in A1; where it is empty the sheet begins with what comes next.
    pub(crate) title: String,
    /// What a reader must know, a row each.
    pub(crate) lines: Vec<String>,
    /// Its table, if it has one.
    pub(crate) table: Option<SheetTable>,
}

impl Sheet {
    /// The lines as rows hold them: above a table a long line is broken, because a cell that is as wide as its column cannot show it.
    fn rows_of_lines(&self) -> Vec<String> {
        let Some(table) = &self.table else { return self.lines.clone() };
        let width = table.columns.iter().map(|(_, width)| usize::from(*width)).sum();
        self.lines.iter().flat_map(|line| broken(line, width)).collect()
    }
}

/// A line in pieces of at most so many characters, as far as its words allow.
fn broken(line: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let length = word.chars().count();
        match pieces.last_mut() {
            Some(piece) if piece.is_empty() => piece.push_str(word),
            Some(piece) if piece.chars().count() + 1 + length <= width => {
                piece.push(' ');
                piece.push_str(word);
            }
            Some(_) | None => pieces.push(word.to_owned()),
        }
    }
    pieces
}

/// A table with one row of headings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SheetTable {
    /// Its name for programs: letters, digits and underscores, different from every other.
    pub(crate) name: String,
    /// Its headings, with how many characters wide each column is.
    pub(crate) columns: Vec<(&'static str, u16)>,
    /// Its rows, each with a cell for every column.
    pub(crate) rows: Vec<Vec<SheetCell>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SheetCell {
    /// Text; it is never taken for a formula.
    Text(String),
    /// A count.
    Count(u64),
    /// A share, shown in per cent with one decimal place.
    Share(f64),
    /// A number shown with one decimal place.
    Number(f64),
    /// Pounds, shown with two decimal places.
    Pounds(f64),
    /// An exact amount in a table of them, shown with two decimal places; its column says that it is pounds.
    Amount(Pence),
    /// A day.
    Day(NaiveDate),
    /// The name of another sheet, leading there.
    Link(String),
}

/// The cell of a flat table, so that a table that is written as CSV too is described once.
impl From<FlatCell<'_>> for SheetCell {
    fn from(cell: FlatCell<'_>) -> Self {
        match cell {
            FlatCell::Empty => Self::Text(String::new()),
            FlatCell::Text(text) => Self::Text(text.into_owned()),
            FlatCell::Number(number) => Self::Count(number.into()),
            FlatCell::Day(day) => Self::Day(day),
            FlatCell::Pounds(amount) => Self::Amount(amount),
        }
    }
}

/// How many characters wide a sheet without a table is.
const LINE_WIDTH: u16 = 110;

/// The longest name of a tab.
#[cfg(test)]
pub(crate) const LONGEST_TAB: usize = 31;

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn small() -> Spreadsheet {
        let table = SheetTable {
            name: "one".into(),
            columns: vec![("What", 20), ("People", 10), ("Rate", 10)],
            rows: vec![
                vec![SheetCell::Text("=1+1 & <more>".into()), SheetCell::Count(1_235), SheetCell::Share(0.25)],
                vec![SheetCell::Link("Cover".into()), SheetCell::Text("[c]".into()), SheetCell::Number(1.5)],
                vec![SheetCell::Text(String::new()), SheetCell::Pounds(1_234.5), SheetCell::Share(0.0)],
                vec![SheetCell::Day(NaiveDate::default()), SheetCell::Amount(Pence(-123_450)), SheetCell::Share(1.0)],
            ],
        };
        let sheet = |tab: &str, table| Sheet {
            tab: tab.into(),
            title: format!("About {tab}"),
            lines: vec!["A line".into()],
            table,
        };
        Spreadsheet { title: "A book".into(), sheets: vec![sheet("Cover", None), sheet("One", Some(table))] }
    }

    #[test]
    fn a_long_line_is_broken_between_words() {
        assert_eq!(broken("one two three", 7), ["one two", "three"]);
        assert_eq!(broken("immeasurably long", 4), ["immeasurably", "long"]);
        assert_eq!(broken("", 4), [""]);
    }

    #[test]
    fn a_book_has_the_same_bytes_each_time_it_is_written() {
        let book = small();
        assert_eq!(ods(&book).unwrap(), ods(&book).unwrap());
        assert_eq!(xlsx(&book).unwrap(), xlsx(&book).unwrap());
        assert!(ods(&book).unwrap().starts_with(b"PK"));
    }
}

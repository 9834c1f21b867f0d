//! Writes a flat table of any number of rows as XLSX while its rows are made; none of them is kept. A sheet holds 1,048,576
//! rows, and what is beyond them stands on the next sheet, below the same headings.
//!
//! Source: ECMA-376, Office Open XML, part 1, and part 2 for packages. The parts of the package have no time stamp, so
//! that the same table gives the same bytes.

mod parts;
mod target;

use std::fmt::Write as _;
use std::io::{self, Seek, Write};
use std::mem::ManuallyDrop;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::flat::{FlatCell, FlatColumn};
use target::Target;

/// The most rows of a sheet, its headings among them.
const MOST_ROWS: u32 = 1_048_576;

/// The most bytes of a sheet before it is packed: a part of 4 GiB or more is one that not every program reads.
const MOST_BYTES: u64 = 3 << 30;

/// The most UTF-16 units of a text in a cell.
const MOST_UNITS: usize = 32_767;

/// A table being written.
pub(crate) struct LongXlsx<W: Write + Seek> {
    /// Never dropped: of a run that fails the package is of no use, and its writer would end it then and print what fails.
    package: ManuallyDrop<ZipWriter<Target<W>>>,
    name: String,
    columns: Vec<FlatColumn>,
    most_rows: u32,
    /// The rows of each sheet that was begun, its headings among them.
    sheets: Vec<u32>,
    /// The bytes of the sheet that is being written.
    bytes: u64,
    /// The row that is being written.
    text: String,
}

impl<W: Write + Seek> LongXlsx<W> {
    /// Begins a table of this name, which is made of letters and underscores.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn begin(target: W, name: &str, columns: Vec<FlatColumn>) -> io::Result<Self> {
        Self::of_sheets(target, name, columns, MOST_ROWS)
    }

    fn of_sheets(target: W, name: &str, columns: Vec<FlatColumn>, most_rows: u32) -> io::Result<Self> {
        let package = ManuallyDrop::new(ZipWriter::new(Target::new(target)));
        let name = name.to_owned();
        let mut table = Self { package, name, columns, most_rows, sheets: Vec::new(), bytes: 0, text: String::new() };
        table.begin_sheet()?;
        Ok(table)
    }

    /// Adds a row, which has a cell for every column.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn add(&mut self, row: &[FlatCell<'_>]) -> io::Result<()> {
        if self.last_row() == self.most_rows || MOST_BYTES <= self.bytes {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.put_row(row, parts::TEXT)
    }

    /// Ends the table and returns what it was written to.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.end_sheet()?;
        for (rows, number) in self.sheets.clone().into_iter().zip(1_u32..) {
            let table = parts::table(number, &self.name, &self.columns, rows);
            self.put_part(&format!("xl/worksheets/_rels/sheet{number}.xml.rels"), &parts::links_of_sheet(number))?;
            self.put_part(&format!("xl/tables/table{number}.xml"), &table)?;
        }
        let sheets = u32::try_from(self.sheets.len()).unwrap_or(u32::MAX);
        self.put_part("xl/workbook.xml", &parts::workbook(&self.name, sheets))?;
        self.put_part("xl/_rels/workbook.xml.rels", &parts::links_of_workbook(sheets))?;
        self.put_part("xl/styles.xml", parts::STYLES)?;
        self.put_part("_rels/.rels", parts::LINKS)?;
        self.put_part("[Content_Types].xml", &parts::content_types(sheets))?;
        ManuallyDrop::into_inner(self.package).finish().map_err(io::Error::from)?.whole()
    }

    fn last_row(&self) -> u32 {
        self.sheets.last().copied().unwrap_or(0)
    }

    fn begin_sheet(&mut self) -> io::Result<()> {
        self.sheets.push(0);
        self.bytes = 0;
        self.begin_part(&format!("xl/worksheets/sheet{}.xml", self.sheets.len()))?;
        let head = parts::head_of_sheet(&self.columns);
        self.package.write_all(head.as_bytes())?;
        let columns = self.columns.clone();
        let headings: Vec<FlatCell<'_>> =
            columns.iter().map(|column| FlatCell::from(column.heading.as_str())).collect();
        self.put_row(&headings, parts::HEADING)
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        self.package.write_all(parts::END_OF_SHEET.as_bytes())
    }

    fn put_row(&mut self, cells: &[FlatCell<'_>], style_of_text: u8) -> io::Result<()> {
        let row = self.last_row() + 1;
        self.text.clear();
        put_row(&mut self.text, row, cells, style_of_text).map_err(io::Error::other)?;
        self.package.write_all(self.text.as_bytes())?;
        self.bytes += crate::domain::count_of(self.text.len());
        if let Some(last) = self.sheets.last_mut() {
            *last = row;
        }
        Ok(())
    }

    fn begin_part(&mut self, name: &str) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .last_modified_time(DateTime::default())
            .compression_method(CompressionMethod::Deflated);
        self.package.start_file(name, options).map_err(io::Error::from)
    }

    fn put_part(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.begin_part(name)?;
        self.package.write_all(text.as_bytes())
    }
}

fn put_row(text: &mut String, row: u32, cells: &[FlatCell<'_>], style_of_text: u8) -> std::fmt::Result {
    write!(text, "<row r=\"{row}\">")?;
    for (cell, column) in cells.iter().zip(1_u32..) {
        let place = parts::Place { column, row };
        match cell {
            FlatCell::Empty => {}
            FlatCell::Text(words) => {
                write!(text, "<c r=\"{place}\" s=\"{style_of_text}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">")?;
                parts::escape(text, &cut(words))?;
                text.push_str("</t></is></c>");
            }
            FlatCell::Number(number) => write!(text, "<c r=\"{place}\" s=\"{}\"><v>{number}</v></c>", parts::TEXT)?,
            FlatCell::Day(day) => match parts::serial(*day) {
                Some(serial) => write!(text, "<c r=\"{place}\" s=\"{}\"><v>{serial}</v></c>", parts::DAY)?,
                None => write!(text, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{day}</t></is></c>")?,
            },
            FlatCell::Pounds(amount) => {
                write!(text, "<c r=\"{place}\" s=\"{}\"><v>{}</v></c>", parts::POUNDS, amount.plain())?;
            }
        }
    }
    text.push_str("</row>");
    Ok(())
}

/// A text, cut where it is longer than a cell can be.
fn cut(text: &str) -> std::borrow::Cow<'_, str> {
    const MARK: char = '…';
    if text.len() <= MOST_UNITS || text.encode_utf16().count() <= MOST_UNITS {
        return text.into();
    }
    let mut units = MARK.len_utf16();
    let kept = text.chars().take_while(|letter| {
        units += letter.len_utf16();
        units <= MOST_UNITS
    });
    let mut cut: String = kept.collect();
    cut.push(MARK);
    cut.into()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::Pence;

    fn columns() -> Vec<FlatColumn> {
        ["what", "count", "on", "paid"].map(|heading| FlatColumn { heading: heading.into(), width: 12 }).to_vec()
    }

    fn row(what: &str) -> Vec<FlatCell<'_>> {
        let day = NaiveDate::from_ymd_opt(2018, 5, 1);
        vec![
            FlatCell::from(what),
            FlatCell::number(Some(7)),
            FlatCell::day(day),
            FlatCell::pounds(Some(Pence(250_005))),
        ]
    }

    fn written(rows: &[&str], most_rows: u32) -> Vec<u8> {
        let mut table = LongXlsx::of_sheets(Cursor::new(Vec::new()), "verdicts", columns(), most_rows).unwrap();
        for what in rows {
            table.add(&row(what)).unwrap();
        }
        table.finish().unwrap().into_inner()
    }

    /// The first column of each sheet.
    fn sheets(bytes: Vec<u8>) -> Vec<(String, Vec<String>)> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let texts = |range: calamine::Range<Data>| range.rows().map(|row| row[0].to_string()).collect();
        book.worksheets().into_iter().map(|(name, range)| (name, texts(range))).collect()
    }

    #[test]
    fn cells_read_back_as_what_they_are() {
        let texts = ["=1+1", "a < b & \"c\"", " two  blanks ", "_x0041_", "one\ntwo", "\u{1}\0", "naïve"];
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(written(&texts, MOST_ROWS))).unwrap();
        let range = book.worksheet_range("verdicts").unwrap();
        let headings: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(headings, ["what", "count", "on", "paid"]);
        for (text, row) in texts.iter().zip(range.rows().skip(1)) {
            assert!(matches!(&row[0], Data::String(read) if read == text), "{text:?}: {:?}", row[0]);
            assert_eq!(row[1].to_string(), "7");
            assert!(matches!(&row[2], Data::DateTime(day) if day.is_datetime()), "{:?}", row[2]);
            assert_eq!(row[3].to_string(), "2500.05");
        }
    }

    #[test]
    fn rows_beyond_a_sheet_stand_on_the_next_one_below_the_same_headings() {
        let all = |names: &[&str]| -> Vec<String> { names.iter().map(|name| (*name).to_owned()).collect() };
        let expected = [
            ("verdicts".to_owned(), all(&["what", "a", "b"])),
            ("verdicts_2".to_owned(), all(&["what", "c", "d"])),
            ("verdicts_3".to_owned(), all(&["what", "e"])),
        ];
        assert_eq!(sheets(written(&["a", "b", "c", "d", "e"], 3)), expected);
        assert_eq!(sheets(written(&["a", "b", "c", "d"], 3)), expected[..2], "no sheet is empty");
    }

    #[test]
    fn a_table_without_rows_has_its_headings() {
        assert_eq!(sheets(written(&[], 3)), [("verdicts".to_owned(), vec!["what".to_owned()])]);
    }

    #[test]
    fn a_text_is_cut_where_it_is_longer_than_a_cell_can_be() {
        assert_eq!(cut(&"a".repeat(MOST_UNITS)), "a".repeat(MOST_UNITS));
        assert_eq!(cut(&"a".repeat(MOST_UNITS + 1)), "a".repeat(MOST_UNITS - 1) + "…");
        let wide = cut(&"🂡".repeat(MOST_UNITS)).into_owned();
        assert_eq!(wide.encode_utf16().count(), MOST_UNITS);
    }

    #[test]
    fn a_table_has_the_same_bytes_each_time_it_is_written() {
        assert_eq!(written(&["a", "b"], 3), written(&["a", "b"], 3));
    }
}

//! Writes a spreadsheet as XLSX.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Table as Marked, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError,
};

use super::{LINE_WIDTH, Sheet, SheetCell, SheetTable, Spreadsheet};
use crate::domain::Pence;

/// The number by which the format knows A4.
const A4: u8 = 9;

/// The formats cells are shown in.
struct CellFormats {
    title: Format,
    heading: Format,
    text: Format,
    /// Text that is broken where its column ends.
    wrapped: Format,
    count: Format,
    share: Format,
    number: Format,
    pounds: Format,
    amount: Format,
    day: Format,
}

impl CellFormats {
    fn new() -> Self {
        let arial = || Format::new().set_font_name("Arial").set_font_size(11);
        Self {
            title: arial().set_font_size(14).set_bold(),
            heading: arial().set_bold().set_text_wrap(),
            text: arial(),
            wrapped: arial().set_text_wrap(),
            count: arial().set_num_format("#,##0"),
            share: arial().set_num_format("0.0%"),
            number: arial().set_num_format("0.0"),
            pounds: arial().set_num_format("£#,##0.00"),
            amount: arial().set_num_format("#,##0.00"),
            day: arial().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// The bytes of a spreadsheet as XLSX. Its creation date is a fixed day, so that the same spreadsheet gives the same
/// bytes.
///
/// # Errors
/// A sheet that XLSX cannot hold, such as one with more than 1,048,576 rows.
pub(crate) fn xlsx(book: &Spreadsheet) -> Result<Vec<u8>, String> {
    bytes(book).map_err(|error| error.to_string())
}

fn bytes(book: &Spreadsheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_title(&book.title).set_creation_datetime(&made));
    let formats = CellFormats::new();
    for sheet in &book.sheets {
        write(workbook.add_worksheet(), sheet, &formats)?;
    }
    workbook.save_to_buffer()
}

fn write(page: &mut Worksheet, sheet: &Sheet, formats: &CellFormats) -> Result<(), XlsxError> {
    page.set_name(&sheet.tab)?;
    page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    page.set_footer("&L&A&RPage &P of &N");
    let line_format = if sheet.table.is_none() { &formats.wrapped } else { &formats.text };
    if sheet.table.is_none() {
        page.set_column_width(0, LINE_WIDTH)?;
    }
    let mut row = 0;
    if !sheet.title.is_empty() {
        page.write_string_with_format(row, 0, &sheet.title, &formats.title)?;
        row += 1;
    }
    for line in sheet.rows_of_lines() {
        page.write_string_with_format(row, 0, &line, line_format)?;
        row += 1;
    }
    sheet.table.as_ref().map_or(Ok(()), |table| write_table(page, row, table, formats))
}

fn write_table(page: &mut Worksheet, top: u32, table: &SheetTable, formats: &CellFormats) -> Result<(), XlsxError> {
    let headings = table
        .columns
        .iter()
        .map(|(heading, _)| TableColumn::new().set_header(*heading).set_header_format(&formats.heading));
    let marked = Marked::new()
        .set_name(&table.name)
        .set_columns(&headings.collect::<Vec<_>>())
        .set_style(TableStyle::None)
        .set_autofilter(false);
    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    let last = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.set_repeat_rows(top, top)?;
    page.add_table(top, 0, top.saturating_add(rows.max(1)), last, &marked)?;
    for ((_, width), column) in table.columns.iter().zip(0..) {
        page.set_column_width(column, *width)?;
    }
    for (cells, row) in table.rows.iter().zip(top.saturating_add(1)..) {
        for (cell, column) in cells.iter().zip(0..) {
            write_cell(page, row, column, cell, formats)?;
        }
    }
    Ok(())
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &SheetCell,
    formats: &CellFormats,
) -> Result<(), XlsxError> {
    match cell {
        SheetCell::Text(text) => page.write_string_with_format(row, column, text, &formats.wrapped),
        SheetCell::Count(count) => {
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            page.write_number_with_format(row, column, count, &formats.count)
        }
        SheetCell::Share(share) => page.write_number_with_format(row, column, *share, &formats.share),
        SheetCell::Number(number) => page.write_number_with_format(row, column, *number, &formats.number),
        SheetCell::Pounds(pounds) => page.write_number_with_format(row, column, *pounds, &formats.pounds),
        SheetCell::Amount(amount) => page.write_number_with_format(row, column, pounds_of(*amount)?, &formats.amount),
        SheetCell::Day(day) => page.write_datetime_with_format(row, column, date_of(*day)?, &formats.day),
        SheetCell::Link(tab) => {
            let url = Url::new(format!("internal:'{tab}'!A1")).set_text(tab);
            page.write_url_with_format(row, column, url, &formats.text)
        }
    }
    .map(|_| ())
}

/// An amount as a workbook holds numbers: the one that is nearest to it, which is shown and read again to the penny.
fn pounds_of(amount: Pence) -> Result<f64, XlsxError> {
    amount.plain().parse().map_err(|_| XlsxError::ParameterError("an amount is no number".into()))
}

fn date_of(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    let part = |part: u32| u8::try_from(part).unwrap_or_default();
    ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or_default(), part(day.month()), part(day.day()))
}

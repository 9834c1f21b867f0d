//! The parts of a package of XLSX, as text.

use std::fmt::{self, Write as _};

use chrono::NaiveDate;

use crate::workbooks::flat::FlatColumn;

/// The number of the style of text and plain numbers.
pub(super) const TEXT: u8 = 0;
/// The number of the style of headings.
pub(super) const HEADING: u8 = 1;
/// The number of the style of days.
pub(super) const DAY: u8 = 2;
/// The number of the style of pounds.
pub(super) const POUNDS: u8 = 3;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINK: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub(super) const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>\
<numFmt numFmtId=\"165\" formatCode=\"#,##0.00\"/></numFmts>\
<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Arial\"/><family val=\"2\"/></font>\
<font><b/><sz val=\"11\"/><name val=\"Arial\"/><family val=\"2\"/></font></fonts>\
<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>\
<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>\
<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>\n";

/// The links of the package.
pub(super) const LINKS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>\
</Relationships>\n";

/// What stands below the rows of a sheet: printed, it is as wide as a page of A4 across.
pub(super) const END_OF_SHEET: &str = "</sheetData><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/>\
<tableParts count=\"1\"><tablePart r:id=\"rId1\"/></tableParts></worksheet>\n";

/// A cell's place, as `B7`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Counted from 1.
    pub(super) column: u32,
    /// Counted from 1.
    pub(super) row: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |number: u32| u8::try_from(number).ok().map_or('A', |number| char::from(b'A' + number));
        let (first, last) = ((self.column - 1) / 26, (self.column - 1) % 26);
        if 0 < first {
            out.write_char(letter(first - 1))?;
        }
        out.write_char(letter(last))?;
        write!(out, "{}", self.row)
    }
}

/// The number of a sheet in the names of its parts, and its name on its tab.
fn tab(name: &str, number: u32) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}_{number}") }
}

/// What stands above the rows of a sheet. The headings stay in sight.
pub(super) fn head_of_sheet(columns: &[FlatColumn]) -> String {
    let mut text = format!(
        "{XML}<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{LINK}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews>\
         <sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
         </sheetView></sheetViews><cols>"
    );
    for (column, number) in columns.iter().zip(1_u32..) {
        let width = column.width;
        text += &format!("<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>");
    }
    text + "</cols><sheetData>"
}

/// The table that the rows of a sheet are marked as, with so many rows, its headings among them. A table has a row at least.
pub(super) fn table(number: u32, name: &str, columns: &[FlatColumn], rows: u32) -> String {
    let count = u32::try_from(columns.len()).unwrap_or(u32::MAX);
    let last = Place { column: count.max(1), row: rows.max(2) };
    let name = tab(name, number);
    let mut text = format!(
        "{XML}<table xmlns=\"{MAIN}\" id=\"{number}\" name=\"{name}\" displayName=\"{name}\" ref=\"A1:{last}\" \
         totalsRowShown=\"0\"><autoFilter ref=\"A1:{last}\"/><tableColumns count=\"{count}\">"
    );
    for (column, id) in columns.iter().zip(1_u32..) {
        text += &format!("<tableColumn id=\"{id}\" name=\"{}\"/>", column.heading);
    }
    text + "</tableColumns></table>\n"
}

/// The link of a sheet to its table.
pub(super) fn links_of_sheet(number: u32) -> String {
    links(&format!("<Relationship Id=\"rId1\" Type=\"{LINK}/table\" Target=\"../tables/table{number}.xml\"/>"))
}

/// The workbook, with so many sheets.
pub(super) fn workbook(name: &str, sheets: u32) -> String {
    let mut text = format!("{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINK}\"><sheets>");
    for number in 1..=sheets {
        text += &format!("<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>", tab(name, number));
    }
    text + "</sheets></workbook>\n"
}

/// The links of the workbook to its sheets and styles.
pub(super) fn links_of_workbook(sheets: u32) -> String {
    let mut text = String::new();
    for number in 1..=sheets {
        let target = format!("worksheets/sheet{number}.xml");
        text += &format!("<Relationship Id=\"rId{number}\" Type=\"{LINK}/worksheet\" Target=\"{target}\"/>");
    }
    let next = sheets.saturating_add(1);
    links(&(text + &format!("<Relationship Id=\"rId{next}\" Type=\"{LINK}/styles\" Target=\"styles.xml\"/>")))
}

fn links(inner: &str) -> String {
    let of_packages = "http://schemas.openxmlformats.org/package/2006/relationships";
    format!("{XML}<Relationships xmlns=\"{of_packages}\">{inner}</Relationships>\n")
}

/// What each part of the package is.
pub(super) fn content_types(sheets: u32) -> String {
    let spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut text = format!(
        "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/>"
    );
    let mut part = |name: &str, kind: &str| {
        text += &format!("<Override PartName=\"/xl/{name}.xml\" ContentType=\"{spreadsheet}.{kind}+xml\"/>");
    };
    part("workbook", "sheet.main");
    part("styles", "styles");
    for number in 1..=sheets {
        part(&format!("worksheets/sheet{number}"), "worksheet");
        part(&format!("tables/table{number}"), "table");
    }
    text + "</Types>\n"
}

/// The number by which a workbook knows a day; none for days before March 1900, which it counts differently.
pub(super) fn serial(day: NaiveDate) -> Option<i64> {
    let first = NaiveDate::from_ymd_opt(1900, 3, 1)?;
    let days = crate::domain::day::days_from(first, day);
    (0 <= days).then_some(days + 61)
}

/// Adds a text as XML. Letters that XML cannot have are written as `_x0001_`, and what looks like that is escaped.
pub(super) fn escape(out: &mut String, text: &str) -> fmt::Result {
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if text.get(at..).is_some_and(is_escape) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(letter),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => write!(out, "_x{:04X}_", u32::from(letter))?,
            _ => out.push(letter),
        }
    }
    Ok(())
}

/// Whether a text begins as an escaped letter does.
fn is_escape(text: &str) -> bool {
    let digits = text.strip_prefix("_x").and_then(|rest| rest.split_at_checked(4));
    digits.is_some_and(|(digits, rest)| digits.bytes().all(|digit| digit.is_ascii_hexdigit()) && rest.starts_with('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_by_letters() {
        let name = |column| Place { column, row: 7 }.to_string();
        assert_eq!([1, 23, 26, 27, 52, 53].map(name), ["A7", "W7", "Z7", "AA7", "AZ7", "BA7"]);
    }

    #[test]
    fn days_are_counted_as_workbooks_do() {
        let day = |year, month, day| serial(NaiveDate::from_ymd_opt(year, month, day).unwrap());
        assert_eq!(day(2018, 5, 1), Some(43_221));
        assert_eq!(day(1900, 3, 1), Some(61));
        assert_eq!(day(1900, 2, 28), None);
    }
}

//! Writes a spreadsheet as ODS, the Open Document Format.
//!
//! Source: OASIS, Open Document Format for Office Applications version 1.3, parts 2 (packages) and 3 (schema). The
//! parts of the package have no time stamp, so that the same spreadsheet gives the same bytes.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{LINE_WIDTH, Sheet, SheetCell, SheetTable, Spreadsheet};

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const NAMES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\" \
xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.3\"";

const MANIFEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\
<manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" \
manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
<manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
<manifest:file-entry manifest:full-path=\"styles.xml\" manifest:media-type=\"text/xml\"/>\
<manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>\n";

/// The number formats, then the cell styles: plain text in the document's language and font, a title, a heading,
/// figures.
const CELL_STYLES: &str = "\
<number:number-style style:name=\"n-count\"><number:number number:decimal-places=\"0\" number:min-integer-digits=\"1\" \
number:grouping=\"true\"/></number:number-style>\
<number:number-style style:name=\"n-number\"><number:number number:decimal-places=\"1\" number:min-decimal-places=\"1\" \
number:min-integer-digits=\"1\"/></number:number-style>\
<number:percentage-style style:name=\"n-share\"><number:number number:decimal-places=\"1\" number:min-decimal-places=\"1\" \
number:min-integer-digits=\"1\"/><number:text>%</number:text></number:percentage-style>\
<number:number-style style:name=\"n-pounds\"><number:text>£</number:text><number:number number:decimal-places=\"2\" \
number:min-decimal-places=\"2\" number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>\
<number:number-style style:name=\"n-amount\"><number:number number:decimal-places=\"2\" number:min-decimal-places=\"2\" \
number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>\
<number:date-style style:name=\"n-day\"><number:year number:style=\"long\"/><number:text>-</number:text>\
<number:month number:style=\"long\"/><number:text>-</number:text><number:day number:style=\"long\"/></number:date-style>\
<style:style style:name=\"title\" style:family=\"table-cell\" style:parent-style-name=\"Default\"><style:text-properties \
fo:font-size=\"14pt\" fo:font-weight=\"bold\"/></style:style>\
<style:style style:name=\"heading\" style:family=\"table-cell\" style:parent-style-name=\"Default\">\
<style:table-cell-properties fo:wrap-option=\"wrap\"/><style:text-properties fo:font-weight=\"bold\"/></style:style>\
<style:style style:name=\"wrapped\" style:family=\"table-cell\" style:parent-style-name=\"Default\">\
<style:table-cell-properties fo:wrap-option=\"wrap\"/></style:style>\
<style:style style:name=\"page\" style:family=\"table\" style:master-page-name=\"Default\"><style:table-properties \
table:display=\"true\"/></style:style>\
<style:style style:name=\"count\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
style:data-style-name=\"n-count\"/>\
<style:style style:name=\"number\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
style:data-style-name=\"n-number\"/>\
<style:style style:name=\"share\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
style:data-style-name=\"n-share\"/>\
<style:style style:name=\"pounds\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
style:data-style-name=\"n-pounds\"/>\
<style:style style:name=\"amount\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
style:data-style-name=\"n-amount\"/>\
<style:style style:name=\"day\" style:family=\"table-cell\" style:parent-style-name=\"Default\" \
style:data-style-name=\"n-day\"/>";

/// How a sheet is printed: on A4 across, no wider than one page, with its name and the page below.
const PAGES: &str = "<office:automatic-styles><style:page-layout style:name=\"across\"><style:page-layout-properties \
fo:page-width=\"297mm\" fo:page-height=\"210mm\" style:print-orientation=\"landscape\" style:scale-to-X=\"1\" \
style:scale-to-Y=\"0\"/></style:page-layout></office:automatic-styles><office:master-styles><style:master-page \
style:name=\"Default\" style:page-layout-name=\"across\"><style:footer><text:p><text:sheet-name>?</text:sheet-name>, page \
<text:page-number>1</text:page-number> of <text:page-count>1</text:page-count></text:p></style:footer></style:master-page>\
</office:master-styles>";

/// The bytes of a spreadsheet as ODS.
///
/// # Errors
/// The package cannot be built, for example because it does not fit in memory.
pub(crate) fn ods(book: &Spreadsheet) -> Result<Vec<u8>, String> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let mut put = |name: &str, text: &str, method: CompressionMethod| -> Result<(), String> {
        let options = plain.compression_method(method);
        package.start_file(name, options).map_err(|error| error.to_string())?;
        package.write_all(text.as_bytes()).map_err(|error| error.to_string())
    };
    // Programs tell the kind of file by its first part, which is not packed.
    put("mimetype", MIMETYPE, CompressionMethod::Stored)?;
    put("META-INF/manifest.xml", MANIFEST, CompressionMethod::Deflated)?;
    put("content.xml", &content(book), CompressionMethod::Deflated)?;
    put("styles.xml", &styles(), CompressionMethod::Deflated)?;
    put("meta.xml", &meta(book), CompressionMethod::Deflated)?;
    package.finish().map(Cursor::into_inner).map_err(|error| error.to_string())
}

fn meta(book: &Spreadsheet) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-meta {NAMES}><office:meta><dc:title>{}</dc:title>\
         <dc:language>en-GB</dc:language></office:meta></office:document-meta>\n",
        escaped(&book.title)
    )
}

fn styles() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-styles {NAMES}><office:font-face-decls>\
         <style:font-face style:name=\"Arial\" svg:font-family=\"Arial\" style:font-family-generic=\"swiss\"/>\
         </office:font-face-decls><office:styles><style:default-style style:family=\"table-cell\"><style:text-properties \
         style:font-name=\"Arial\" fo:font-size=\"11pt\" fo:language=\"en\" fo:country=\"GB\"/></style:default-style>\
         <style:style style:name=\"Default\" style:family=\"table-cell\"/></office:styles>{PAGES}</office:document-styles>\n"
    )
}

fn content(book: &Spreadsheet) -> String {
    let mut widths: Vec<u16> = columns(book).map(|(_, width)| *width).chain([LINE_WIDTH]).collect();
    widths.sort_unstable();
    widths.dedup();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content {NAMES}><office:font-face-decls>\
         <style:font-face style:name=\"Arial\" svg:font-family=\"Arial\" style:font-family-generic=\"swiss\"/>\
         </office:font-face-decls><office:automatic-styles>{CELL_STYLES}"
    );
    for width in widths {
        write!(
            text,
            "<style:style style:name=\"w{width}\" style:family=\"table-column\"><style:table-column-properties \
             style:column-width=\"{}mm\"/></style:style>",
            u32::from(width) * 2
        )
        .ok();
    }
    text += "</office:automatic-styles><office:body><office:spreadsheet>";
    text.extend(book.sheets.iter().map(sheet));
    let ranges: String = book.sheets.iter().filter_map(range).collect();
    if !ranges.is_empty() {
        write!(text, "<table:database-ranges>{ranges}</table:database-ranges>").ok();
    }
    text + "</office:spreadsheet></office:body></office:document-content>\n"
}

fn columns(book: &Spreadsheet) -> impl Iterator<Item = &(&'static str, u16)> {
    book.sheets.iter().filter_map(|sheet| sheet.table.as_ref()).flat_map(|table| &table.columns)
}

fn sheet(sheet: &Sheet) -> String {
    let mut text = format!("<table:table table:name=\"{}\" table:style-name=\"page\">", escaped(&sheet.tab));
    match &sheet.table {
        None => {
            write!(text, "<table:table-column table:style-name=\"w{LINE_WIDTH}\"/>").ok();
        }
        Some(table) => {
            for (_, width) in &table.columns {
                write!(text, "<table:table-column table:style-name=\"w{width}\"/>").ok();
            }
        }
    }
    if !sheet.title.is_empty() {
        text += &row(&string("title", &sheet.title));
    }
    let style = if sheet.table.is_none() { "wrapped" } else { "Default" };
    text.extend(sheet.rows_of_lines().iter().map(|line| row(&string(style, line))));
    if let Some(table) = &sheet.table {
        let headings: String = table.columns.iter().map(|(heading, _)| string("heading", heading)).collect();
        write!(text, "<table:table-header-rows>{}</table:table-header-rows>", row(&headings)).ok();
        text.extend(table.rows.iter().map(|cells| row(&cells.iter().map(cell).collect::<String>())));
    }
    text + "</table:table>"
}

fn row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

fn cell(cell: &SheetCell) -> String {
    match cell {
        SheetCell::Text(text) if text.is_empty() => "<table:table-cell/>".to_owned(),
        SheetCell::Text(text) => string("wrapped", text),
        SheetCell::Count(count) => figure("count", "float", &count.to_string()),
        SheetCell::Share(share) => figure("share", "percentage", &share.to_string()),
        SheetCell::Number(number) => figure("number", "float", &number.to_string()),
        SheetCell::Pounds(pounds) => figure("pounds", "float", &pounds.to_string()),
        SheetCell::Amount(amount) => figure("amount", "float", &amount.plain()),
        SheetCell::Day(day) => format!(
            "<table:table-cell table:style-name=\"day\" office:value-type=\"date\" office:date-value=\"{day}\"/>"
        ),
        SheetCell::Link(tab) => {
            let tab = escaped(tab);
            let link = format!("<text:a xlink:type=\"simple\" xlink:href=\"#'{tab}'.A1\">{tab}</text:a>");
            format!("<table:table-cell office:value-type=\"string\"><text:p>{link}</text:p></table:table-cell>")
        }
    }
}

fn string(style: &str, text: &str) -> String {
    format!(
        "<table:table-cell table:style-name=\"{style}\" office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
        escaped(text)
    )
}

fn figure(style: &str, kind: &str, value: &str) -> String {
    format!("<table:table-cell table:style-name=\"{style}\" office:value-type=\"{kind}\" office:value=\"{value}\"/>")
}

/// The table of a sheet, marked up as one: a named range whose first row is its headings.
fn range(sheet: &Sheet) -> Option<String> {
    let table: &SheetTable = sheet.table.as_ref()?;
    let first = sheet.rows_of_lines().len() + usize::from(!sheet.title.is_empty()) + 1;
    let last = first + table.rows.len();
    let column = letters(table.columns.len().saturating_sub(1));
    let tab = sheet.tab.replace('\'', "''");
    Some(format!(
        "<table:database-range table:name=\"{}\" table:target-range-address=\"{}\" table:contains-header=\"true\" \
         table:display-filter-buttons=\"false\"/>",
        escaped(&table.name),
        escaped(&format!("'{tab}'.A{first}:'{tab}'.{column}{last}"))
    ))
}

/// The letter of one of the first 26 columns.
fn letters(column: usize) -> char {
    ('A'..='Z').nth(column).unwrap_or('Z')
}

/// Text as XML holds it; what XML cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\t' | '\n' | '\r' => out.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::small;
    use super::*;

    #[test]
    fn a_table_is_marked_up_with_its_headings() {
        let text = content(&small());
        assert!(
            text.contains("table:target-range-address=\"'One'.A3:'One'.C7\" table:contains-header=\"true\""),
            "{text}"
        );
        assert!(text.contains("<text:p>=1+1 &amp; &lt;more&gt;</text:p>"));
        assert!(text.contains("office:value-type=\"percentage\" office:value=\"0.25\""));
        assert!(text.contains("office:value-type=\"float\" office:value=\"-1234.50\""));
        assert!(text.contains("office:value-type=\"date\" office:date-value=\"1970-01-01\""));
        assert!(text.contains("xlink:href=\"#'Cover'.A1\""));
        assert_eq!(text.matches("<table:table-header-rows>").count(), 1);
    }
}

use std::io::Write;
use std::path::PathBuf;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;
use crate::extract::file_options::FileOptions;

struct Made(TempDir);

impl Made {
    fn of(sheets: impl FnOnce(&mut Workbook)) -> Self {
        let made = Self(TempDir::new().unwrap());
        let mut book = Workbook::new();
        sheets(&mut book);
        book.save(made.path()).unwrap();
        made
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("book.xlsx")
    }

    fn read(&self, sheet: Option<&str>) -> Result<(String, String), InputError> {
        let options = FileOptions { sheet: sheet.map(str::to_owned), ..FileOptions::default() };
        let source = InputFile::new(self.path()).read_as(&Arc::new(options));
        let identity = Identity::at(&source.path).unwrap();
        let read = super::read(&source, &identity)?;
        Ok((read.name, String::from_utf8(read.text.to_vec()).unwrap()))
    }
}

fn header(sheet: &mut Worksheet, row: u32) {
    sheet.write_row(row, 1, ["claim_id", "NI Number", "Claim date"]).unwrap();
}

#[test]
fn a_row_stands_on_the_line_of_its_number() {
    let made = Made::of(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 1, "Claims, July").unwrap();
        header(sheet, 2);
        let day = ExcelDateTime::from_ymd(2018, 8, 20).unwrap();
        sheet.write_row(4, 1, ["C1", "NC 10 01 01 A"]).unwrap();
        sheet.write_with_format(4, 3, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        sheet.write(5, 1, 7).unwrap();
        sheet.write(5, 3, true).unwrap();
        sheet.write_formula(6, 2, Formula::new("1/3").set_result("0.333333333333333314829616256247")).unwrap();
    });
    let (_, text) = made.read(None).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "\"Claims, July\",,",
            "",
            "claim_id,NI Number,Claim date",
            "",
            "C1,NC 10 01 01 A,2018-08-20",
            "7,,true",
            ",0.333333333333333,"
        ]
    );
}

#[test]
fn the_only_sheet_that_is_not_empty_is_read() {
    let made = Made::of(|book| {
        book.add_worksheet().set_name("Empty").unwrap();
        book.add_worksheet().set_name("Data").unwrap().write(0, 0, "x").unwrap();
    });
    assert_eq!(made.read(None).unwrap(), ("Data".to_owned(), "x\n".to_owned()));
}

#[test]
fn of_several_sheets_the_one_with_a_header_of_ours_is_read() {
    let made = Made::of(|book| {
        book.add_worksheet().set_name("Notes").unwrap().write(0, 0, "claim_id is the claim's number").unwrap();
        header(book.add_worksheet().set_name("July").unwrap(), 0);
    });
    assert_eq!(made.read(None).unwrap().0, "July");
    assert_eq!(made.read(Some("notes")).unwrap().0, "Notes");
    let error = made.read(Some("June")).unwrap_err();
    assert!(error.problem.contains("no sheet `June`; it has `Notes`, `July`"), "{}", error.problem);
}

#[test]
fn several_sheets_that_may_be_meant_are_refused_by_name() {
    let made = Made::of(|book| {
        header(book.add_worksheet().set_name("June").unwrap(), 0);
        header(book.add_worksheet().set_name("July").unwrap(), 0);
    });
    let error = made.read(None).unwrap_err();
    assert!(error.problem.ends_with("several of its sheets name columns that are known: `June`, `July`"));
    assert!(error.hint.contains("--sheet"));
}

#[test]
fn a_formula_without_its_value_is_refused() {
    let made = Made::of(|book| header(book.add_worksheet(), 0));
    let sheet = "<worksheet><sheetData><row r=\"2\"><c r=\"D2\"><f>TODAY()</f></c></row></sheetData></worksheet>";
    replace_part(&made, "xl/worksheets/sheet1.xml", sheet);
    let error = made.read(None).unwrap_err();
    assert!(
        error.problem.contains("the cell D2 of the sheet `Sheet1` holds a formula without its value"),
        "{}",
        error.problem
    );
}

#[test]
fn cells_of_the_table_that_are_merged_over_rows_are_refused_by_their_range() {
    let merged = |first: u32, last: u32, column: u16| {
        Made::of(|book| {
            let sheet = book.add_worksheet();
            sheet.merge_range(0, 1, 1, 3, "Claims, July", &Format::new()).unwrap();
            header(sheet, 2);
            sheet.write_row(3, 1, ["C1", "NC100101A"]).unwrap();
            sheet.write_row(4, 1, ["C2", "NC100101A"]).unwrap();
            sheet.merge_range(first, column, last, column, "one", &Format::new()).unwrap();
        })
    };
    let error = merged(3, 4, 3).read(None).unwrap_err();
    assert!(error.problem.starts_with("the cells D4:D5 of the sheet `Sheet1` are merged"), "{}", error.problem);
    assert!(error.hint.starts_with("unmerge the cells"));
    // Beside the table they are nobody's.
    assert!(merged(3, 4, 9).read(None).is_ok());
}

#[test]
fn an_error_in_a_column_of_identifiers_is_refused_by_its_cell_and_hidden_sheets_are_said_to_be() {
    let with_error = |column: u16| {
        Made::of(|book| {
            let sheet = book.add_worksheet();
            header(sheet, 0);
            sheet.write_formula(1, column, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
            sheet.write(1, 2, "NC100101A").unwrap();
        })
    };
    let error = with_error(1).read(None).unwrap_err();
    assert!(
        error.problem.starts_with("the cell B2 of the sheet `Sheet1`, in the column `claim_id`, holds an error"),
        "{}",
        error.problem
    );
    assert!(with_error(3).read(None).unwrap().1.contains("#DIV/0!"));
    let hidden = Made::of(|book| {
        header(book.add_worksheet().set_name("NC100101A Smith").unwrap(), 0);
        let sheet = book.add_worksheet();
        header(sheet.set_name("Old").unwrap(), 0);
        sheet.set_hidden(true);
    });
    let error = hidden.read(None).unwrap_err();
    assert!(error.problem.ends_with("`(withheld)`, `Old` (hidden)"), "{}", error.problem);
}

/// Replaces one part of a workbook.
fn replace_part(made: &Made, name: &str, text: &str) {
    let mut old = zip::ZipArchive::new(std::fs::File::open(made.path()).unwrap()).unwrap();
    let mut new = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let own_name = part.name().unwrap().into_owned();
        new.start_file(own_name.clone(), SimpleFileOptions::default()).unwrap();
        if own_name == name {
            new.write_all(text.as_bytes()).unwrap();
        } else {
            std::io::copy(&mut part, &mut new).unwrap();
        }
    }
    std::fs::write(made.path(), new.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn a_value_far_beside_the_table_is_refused() {
    let made = Made::of(|book| {
        book.add_worksheet().write(0, 2_000, "far").unwrap();
    });
    assert!(made.read(None).unwrap_err().problem.contains("beyond its column 2000"));
}

#[test]
fn an_open_document_sheet_is_read() {
    let made = Made(TempDir::new().unwrap());
    let mut archive = ZipWriter::new(std::fs::File::create(made.path()).unwrap());
    let content = "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Claims\">\
        <table:table-row><table:table-cell office:value-type=\"string\"><text:p>claim_id</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>DOB</text:p></table:table-cell></table:table-row>\
        <table:table-row><table:table-cell office:value-type=\"float\" office:value=\"7\"><text:p>7</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"1990-01-15\"><text:p>15/01/90</text:p></table:table-cell>\
        </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>";
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", content),
    ];
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    assert_eq!(made.read(None).unwrap(), ("Claims".to_owned(), "claim_id,DOB\n7,1990-01-15\n".to_owned()));
}

#[test]
fn what_is_no_workbook_is_refused() {
    let made = Made(TempDir::new().unwrap());
    for bytes in [b"PK\x03\x04 and nothing else".as_slice(), b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b""] {
        std::fs::write(made.path(), bytes).unwrap();
        assert!(made.read(None).unwrap_err().problem.contains("no Excel or OpenDocument workbook"));
    }
}

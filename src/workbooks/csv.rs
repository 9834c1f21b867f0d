//! CSV tables this program writes: a cell is quoted where it must be and nowhere else, and a line ends in a line feed.

use crate::error::RunError;

/// A table as CSV. Every row has as many cells as there are headings.
///
/// # Errors
/// A row has more or fewer cells than there are headings.
pub(crate) fn table<H: AsRef<str>>(
    headings: &[H],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<String, RunError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let written = writer
        .write_record(headings.iter().map(|heading| heading.as_ref().as_bytes()))
        .and_then(|()| rows.into_iter().try_for_each(|row| writer.write_record(&row)));
    let failed = |problem: &str| RunError::Untrusted(format!("a CSV table could not be written: {problem}"));
    written.map_err(|error| failed(&error.to_string()))?;
    let bytes = writer.into_inner().map_err(|error| failed(&error.error().to_string()))?;
    String::from_utf8(bytes).map_err(|_| failed("it is not text"))
}

/// What a formula begins with. Spreadsheets take the wide forms of East Asian keyboards for the plain ones.
const BEGINS_FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A cell of a table that people open in spreadsheets: text that a spreadsheet would run as a formula is given a quotation
/// mark in front; a number stays one.
pub(crate) fn spreadsheet_cell(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a spreadsheet would run a text as a formula.
pub(super) fn is_formula(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.starts_with(BEGINS_FORMULA) && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for formula in ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "＋1", "－2+3", "＠SUM(A1)"] {
            assert!(spreadsheet_cell(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(spreadsheet_cell("-12.50"), "-12.50");
        let row = vec![spreadsheet_cell("=A,\"b\"")];
        assert_eq!(table(&["a"], [row]).unwrap(), "a\n\"'=A,\"\"b\"\"\"\n");
    }

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_nowhere_else() {
        let row = ["plain", "a,b", "a\nb", "a\rb", "say \"a\"", " a ", "", "#"].map(str::to_owned).to_vec();
        let text = table(&["1", "2", "3", "4", "5", "6", "7", "8"], [row]).unwrap();
        assert_eq!(text, "1,2,3,4,5,6,7,8\nplain,\"a,b\",\"a\nb\",\"a\rb\",\"say \"\"a\"\"\", a ,,#\n");
    }

    #[test]
    fn a_row_that_lacks_a_cell_is_no_row() {
        assert!(table(&["a", "b"], [vec!["1".to_owned()]]).is_err());
    }
}

//! Cells of the separated values this program writes.

/// Writes a cell, in quotation marks where it needs them.
pub(crate) fn quoted(out: &mut Vec<u8>, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        out.push(b'"');
        out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(cell.as_bytes());
    }
}

/// A cell of a table that people open in spreadsheets: text that a spreadsheet would run as a formula is given a quotation
/// mark in front; a number stays one.
pub(crate) fn spreadsheet_cell(text: &str) -> String {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    plain_cell(&if is_formula { format!("'{text}") } else { text.to_owned() })
}

/// A cell as it stands.
pub(crate) fn plain_cell(text: &str) -> String {
    let mut out = Vec::new();
    quoted(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for formula in ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1"] {
            assert!(spreadsheet_cell(formula).starts_with('\''), "{formula}");
        }
        assert_eq!(spreadsheet_cell("-12.50"), "-12.50");
        assert_eq!(spreadsheet_cell("=A,\"b\""), "\"'=A,\"\"b\"\"\"");
    }
}

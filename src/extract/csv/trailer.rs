//! Lines that programs leave at the end of a text and that are no rows.

use super::tiling::NonRow;

/// Ctrl-Z, by which old programs mark the end of a text.
pub(super) const END_MARK: u8 = 0x1A;

/// What a line is that is no row, judging by the whole of it.
pub(super) fn trailer(raw: &[u8]) -> Option<NonRow> {
    match raw.trim_ascii() {
        [END_MARK] => Some(NonRow::EndMark),
        [b'(', count @ .., b')'] if is_row_count(count) => Some(NonRow::RowCount),
        _ => None,
    }
}

/// Whether a text is what a database tool writes below the rows: `41 rows affected`.
fn is_row_count(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    0 < digits && matches!(text.get(digits..), Some(b" row affected" | b" rows affected"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_line_tells() {
        assert_eq!(trailer(b"\x1A\r\n"), Some(NonRow::EndMark));
        assert_eq!(trailer(b"(1 row affected)\n"), Some(NonRow::RowCount));
        assert_eq!(trailer(b" (41 rows affected)"), Some(NonRow::RowCount));
        for row in [b"\x1A\x1A".as_slice(), b"a\x1A", b"(rows affected)", b"(1 rows)", b"41 rows affected", b"", b"("] {
            assert_eq!(trailer(row), None);
        }
    }
}

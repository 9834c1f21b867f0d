//! The line that names the columns, and what stands above it.
//!
//! It also determines the [`Dialect`] of everything after it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use memchr::memchr3_iter;

use super::dialect::{Delimiter, Dialect, LineEnding, QUOTE};
use super::lengths::{leading_spaces, lines_in, to_u64};
use super::limits::{Limits, MAX_QUOTED_LINES};
use super::scanner::Scanner;
use super::tiling::{NonRow, Span};
use crate::domain::withheld::is_personal;

/// The line that names the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The column names in order, trimmed, unquoted, no two the same; empty where a column has no name.
    pub names: Vec<String>,
    /// How the text separates fields and lines.
    pub dialect: Dialect,
    /// The header's bytes, line terminator included.
    pub span: Range<u64>,
    /// The physical line the header starts on, from 1.
    pub line: u64,
    /// The lines above the header, in order.
    pub above: Vec<Above>,
}

/// A line above the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Above {
    /// Where it is.
    pub span: Span,
    /// What it is, unless it is blank.
    pub what: Option<NonRow>,
}

/// How many lines above the header may be something else, blank ones not counted.
const MOST_LINES_ABOVE: usize = 20;

/// How many names a line below the first must have for it to be the header.
const LEAST_NAMES_BELOW: usize = 2;

/// Why a text has no usable header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderFault {
    /// There is no text, or only blank lines.
    Empty,
    /// The header is not valid UTF-8 or contains a NUL.
    NotText,
    /// With every delimiter, a quote stands where none may, or is never closed.
    StrayQuote,
    /// With no delimiter is any column name recognised.
    NothingRecognised {
        /// How many cells the line has with the delimiter that makes most of them.
        cells: usize,
    },
    /// The first line holds a person's number or a date.
    IsRow,
    /// Every name stands in apostrophes.
    InApostrophes,
    /// Two columns have the same name.
    Duplicate {
        /// The name, where it is recognised: any other may be content of a row.
        name: Option<String>,
        /// The first column with it, from 1.
        first: usize,
        /// The next column with it, from 1.
        second: usize,
    },
    /// The header does not end within the bytes given, and more may follow.
    NeedMore,
}

impl fmt::Display for HeaderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderFault::Empty => f.write_str("there is no header: the text is empty"),
            HeaderFault::NotText => f.write_str("the header is not text"),
            HeaderFault::StrayQuote => f.write_str("a quote mark in the header neither opens nor closes a column name"),
            // What stands there may be a first record in place of a header: it is counted, not shown.
            HeaderFault::NothingRecognised { cells } => {
                let s = if *cells == 1 { "" } else { "s" };
                write!(
                    f,
                    "the first line names no column that is known (it has {cells} cell{s}, parted by comma, semicolon or tab)"
                )
            }
            HeaderFault::IsRow => {
                f.write_str("the first line is a row, not column names: it holds a person's number or a date")
            }
            HeaderFault::InApostrophes => f.write_str(
                "the first line has every cell in apostrophes, as 'claim_id', and text is put in double quotes here",
            ),
            HeaderFault::Duplicate { name: Some(name), first, second } => {
                write!(f, "columns {first} and {second} are both named {name:?}")
            }
            HeaderFault::Duplicate { name: None, first, second } => {
                write!(f, "columns {first} and {second} have the same name")
            }
            HeaderFault::NeedMore => f.write_str("the header is incomplete"),
        }
    }
}

impl std::error::Error for HeaderFault {}

/// Reads the header at the start of a text.
///
/// Blank lines before it are skipped and reported. Of the delimiters with which its quotes are in
/// order, the one is taken with which `recognise` accepts most of the trimmed names; of equals,
/// the first in [`Delimiter::ALL`]. Lines end in a lone CR if the header does, else in LF or CRLF.
///
/// The first line is the header if it has a name that is recognised. Otherwise the first of the lines below it with two
/// such names is, and those above it are titles; there may be a few.
///
/// # Errors
/// [`HeaderFault::NeedMore`] if the header does not end within `first_bytes` and `at_eof` is
/// false; any other fault is final.
pub fn read_header(first_bytes: &[u8], at_eof: bool, recognise: &dyn Fn(&str) -> bool) -> Result<Header, HeaderFault> {
    let mut above = Vec::new();
    let mut lines = 1;
    let mut first_fault = None;
    let mut titles = 0;
    let mut start = 0;
    loop {
        start = match blank_lines(first_bytes, start, at_eof, &mut above, &mut lines) {
            Err(HeaderFault::Empty) => return Err(first_fault.unwrap_or(HeaderFault::Empty)),
            blank => blank?,
        };
        let rest = first_bytes.get(start..).unwrap_or_default();
        // A fault of a line below the first is one of a text without a header.
        let or_first = |fault: HeaderFault| {
            if matches!(fault, HeaderFault::NeedMore) { fault } else { first_fault.clone().unwrap_or(fault) }
        };
        let (len, line_ending) = header_line(rest, at_eof).map_err(or_first)?;
        let text = header_text(rest.get(..len).unwrap_or_default()).map_err(or_first)?;
        let reading = best_reading(text, line_ending, recognise).map_err(or_first)?;
        let least = if first_fault.is_none() { 1 } else { LEAST_NAMES_BELOW };
        if least <= reading.recognised {
            check_names(&reading.names, recognise)?;
            return Ok(Header {
                names: reading.names,
                dialect: Dialect { delimiter: reading.delimiter, line_ending },
                span: to_u64(start)..to_u64(start + len),
                line: lines,
                above,
            });
        }
        let fault = first_fault.get_or_insert_with(|| no_header(&reading.names));
        titles += 1;
        if titles > MOST_LINES_ABOVE {
            return Err(fault.clone());
        }
        let span = Span { line: lines, bytes: to_u64(start)..to_u64(start + len) };
        above.push(Above { span, what: Some(if is_separator_line(text) { NonRow::Separator } else { NonRow::Title }) });
        lines += lines_in(text.as_bytes(), line_ending.terminator());
        start += len;
    }
}

/// What is wrong with a first line in which no name is recognised.
fn no_header(names: &[String]) -> HeaderFault {
    if are_in_apostrophes(names.iter().map(String::as_str)) {
        HeaderFault::InApostrophes
    } else if names.iter().any(|name| is_personal(name)) {
        HeaderFault::IsRow
    } else {
        HeaderFault::NothingRecognised { cells: names.len() }
    }
}

/// Whether there are several cells that hold something, and all of those stand in apostrophes.
pub(super) fn are_in_apostrophes<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut filled = cells.map(str::trim).filter(|cell| !cell.is_empty()).peekable();
    let mut count = 0;
    let is_quoted = |cell: &str| cell.len() > 1 && cell.starts_with('\'') && cell.ends_with('\'');
    filled.all(|cell| {
        count += 1;
        is_quoted(cell)
    }) && 1 < count
}

/// Whether a line tells a spreadsheet the separator, as `sep=;` does.
fn is_separator_line(text: &str) -> bool {
    let text = text.trim_end_matches(['\r', '\n', ' ']).trim_matches('"');
    text.len() <= "sep=;".len() && text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sep="))
}

/// Passes over blank lines and answers where they end.
///
/// What ends lines in this text is not known yet, so any line break ends a blank one.
fn blank_lines(
    text: &[u8],
    mut start: usize,
    at_eof: bool,
    above: &mut Vec<Above>,
    lines: &mut u64,
) -> Result<usize, HeaderFault> {
    loop {
        let rest = text.get(start..).unwrap_or_default();
        let spaces = leading_spaces(rest);
        let breaking = match rest.get(spaces..).unwrap_or_default() {
            [b'\r', b'\n', ..] => 2,
            [b'\r'] if !at_eof => return Err(HeaderFault::NeedMore),
            [b'\r' | b'\n', ..] => 1,
            [] if at_eof => return Err(HeaderFault::Empty),
            [] => return Err(HeaderFault::NeedMore),
            _ => return Ok(start),
        };
        let end = start + spaces + breaking;
        above.push(Above { span: Span { line: *lines, bytes: to_u64(start)..to_u64(end) }, what: None });
        *lines += 1;
        start = end;
    }
}

/// The length of the header line with its terminator, and what kind of terminator that is.
///
/// Whatever the delimiter, a line break is outside quotes exactly when an even number of quotes
/// is before it, or else a quote is out of place and the header will be refused.
fn header_line(text: &[u8], at_eof: bool) -> Result<(usize, LineEnding), HeaderFault> {
    let mut inside_quotes = false;
    let mut breaks = 0;
    for at in memchr3_iter(QUOTE, b'\r', b'\n', text) {
        match text.get(at..).unwrap_or_default() {
            [QUOTE, ..] => {
                inside_quotes = !inside_quotes;
                breaks = 0;
            }
            _ if inside_quotes => breaks += 1,
            [b'\r', b'\n', ..] => return Ok((at + 2, LineEnding::Lf)),
            [b'\r'] if !at_eof => return Err(HeaderFault::NeedMore),
            [b'\r', ..] => return Ok((at + 1, LineEnding::Cr)),
            _ => return Ok((at + 1, LineEnding::Lf)),
        }
        // Each CRLF counts twice here; the exact limit is checked when the fields are read.
        if breaks > 2 * MAX_QUOTED_LINES {
            return Err(HeaderFault::StrayQuote);
        }
    }
    match (at_eof, inside_quotes) {
        (false, _) => Err(HeaderFault::NeedMore),
        (true, true) => Err(HeaderFault::StrayQuote),
        (true, false) => Ok((text.len(), LineEnding::Lf)),
    }
}

fn header_text(line: &[u8]) -> Result<&str, HeaderFault> {
    match std::str::from_utf8(line) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(HeaderFault::NotText),
    }
}

/// A line as the header, with the delimiter that suits it best.
struct Reading {
    delimiter: Delimiter,
    names: Vec<String>,
    /// How many of the names are recognised.
    recognised: usize,
}

fn best_reading(text: &str, line_ending: LineEnding, recognise: &dyn Fn(&str) -> bool) -> Result<Reading, HeaderFault> {
    let mut best: Option<((usize, usize), Reading)> = None;
    for delimiter in Delimiter::ALL {
        let dialect = Dialect { delimiter, line_ending };
        let Some(names) = header_names(text, dialect) else {
            continue;
        };
        let recognised = names.iter().filter(|name| recognise(name)).count();
        // Among delimiters with which nothing is recognised, more names make a clearer message;
        // otherwise their number must not decide.
        let rank = (recognised, if recognised == 0 { names.len() } else { 0 });
        if best.as_ref().is_none_or(|(top, _)| rank > *top) {
            best = Some((rank, Reading { delimiter, names, recognised }));
        }
    }
    best.map(|(_, reading)| reading).ok_or(HeaderFault::StrayQuote)
}

/// The names with one delimiter, or nothing if a quote is out of place.
fn header_names(text: &str, dialect: Dialect) -> Option<Vec<String>> {
    let mut scanner = Scanner::new(dialect, usize::MAX, Limits::default());
    let row = scanner.fields(text.as_bytes(), true).ok()?;
    if row.len != text.len() || row.stray_break {
        return None;
    }
    let marks = &mut scanner.marks;
    marks.undouble(text);
    let names = (0..marks.len()).map(|at| Some(marks.read(at, text)?.trim().to_owned()));
    let names: Option<Vec<String>> = names.collect();
    // A name may stand on two lines, but with a delimiter in it a quote is astray and has taken in other cells.
    let delimiter = char::from(dialect.delimiter.byte());
    names.filter(|names| !names.iter().any(|name| name.contains(['\n', '\r']) && name.contains(delimiter)))
}

fn check_names(names: &[String], recognise: &dyn Fn(&str) -> bool) -> Result<(), HeaderFault> {
    let mut columns = HashMap::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = columns.insert(name, at + 1) {
            let name = Some(name.clone()).filter(|name| recognise(name));
            return Err(HeaderFault::Duplicate { name, first, second: at + 1 });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{KNOWN, brief, known, read};
    use super::*;

    fn fault(text: &[u8]) -> HeaderFault {
        let fault = read_header(text, true, &known).unwrap_err();
        for end in 0..text.len() {
            let early = read_header(&text[..end], false, &known);
            assert!(
                early == Err(HeaderFault::NeedMore) || early == Err(fault.clone()),
                "{early:?} from the first {end} bytes"
            );
        }
        fault
    }

    fn header(text: &[u8]) -> Header {
        let header = read_header(text, true, &known).unwrap();
        for end in 0..text.len() {
            let early = read_header(&text[..end], false, &known);
            assert!(early == Err(HeaderFault::NeedMore) || early == Ok(header.clone()));
        }
        header
    }

    #[test]
    fn the_delimiter_that_suits_the_header_is_taken() {
        let delimiter = |text: &str| header(text.as_bytes()).dialect.delimiter;
        assert_eq!(delimiter("a,b\n"), Delimiter::Comma);
        assert_eq!(delimiter("a;b\n"), Delimiter::Semicolon);
        assert_eq!(delimiter("a\tb\n"), Delimiter::Tab);
        assert_eq!(delimiter("a\n"), Delimiter::Comma);
        assert_eq!(delimiter("a;b;x,y\n"), Delimiter::Semicolon);
        assert_eq!(delimiter("\"a\";\"b\"\n"), Delimiter::Semicolon);
        // One name is recognised with either; neither is preferred for making more columns.
        assert_eq!(delimiter("a,x;y;z\n"), Delimiter::Comma);
    }

    #[test]
    fn names_are_unquoted_and_trimmed() {
        let names = header(b" a ,\"b \",\tc\r\n1").names;
        assert_eq!(names, ["a", "b", "c"]);
        let quoted = header(b"\"with \"\"quote\"\"\nand break\",b\nx");
        assert_eq!(quoted.names, [KNOWN[5], "b"]);
        assert_eq!(quoted.span, 0..29);
    }

    #[test]
    fn the_header_tells_the_line_ending() {
        let ending = |text: &str| header(text.as_bytes()).dialect.line_ending;
        assert_eq!(ending("a,b"), LineEnding::Lf);
        assert_eq!(ending("a,b\n1,2\r"), LineEnding::Lf);
        assert_eq!(ending("a,b\r\n1,2\r"), LineEnding::Lf);
        assert_eq!(ending("a,b\r1,2\n"), LineEnding::Cr);
        assert_eq!(ending("a,b\r"), LineEnding::Cr);
        assert_eq!(ending("\"a\rx\",b\n"), LineEnding::Lf);
    }

    #[test]
    fn blank_lines_before_the_header_are_reported() {
        let header = header(b"\n  \r\n\ra,b\n");
        assert_eq!((header.line, header.span.clone()), (4, 6..10));
        let spans: Vec<_> = header.above.iter().map(|one| one.span.bytes.clone()).collect();
        assert_eq!(spans, [0..1, 1..5, 5..6]);
        let lines: Vec<_> = header.above.iter().map(|one| one.span.line).collect();
        assert_eq!(lines, [1, 2, 3]);
        assert_eq!(brief(b"\n  \r\n\ra,b\n1,2\n"), ["5:1|2"]);
        let counts = read(b"\n  \r\n\ra,b\n1,2\n").counts;
        assert_eq!((counts.blank_lines, counts.blank_bytes), (3, 6));
    }

    #[test]
    fn headers_that_do_not_serve_are_refused() {
        assert_eq!(fault(b""), HeaderFault::Empty);
        assert_eq!(fault(b"\n \n\r\n "), HeaderFault::Empty);
        assert_eq!(fault(b"a,\xFF\n"), HeaderFault::NotText);
        assert_eq!(fault(b"a,b\0\n"), HeaderFault::NotText);
        assert_eq!(fault(b"a,b\"c\n1,2\n"), HeaderFault::StrayQuote);
        assert_eq!(fault(b"a,\"b\n1,2\n"), HeaderFault::StrayQuote);
        assert_eq!(fault(b"a,\"b\"c\n1,2\n"), HeaderFault::StrayQuote);
        assert_eq!(fault(b"x;y\n"), HeaderFault::NothingRecognised { cells: 2 });
        let twice = HeaderFault::Duplicate { name: Some("b".to_owned()), first: 2, second: 4 };
        assert_eq!(fault(b"a,b,c,\" b\"\n"), twice);
    }

    #[test]
    fn a_first_line_that_is_a_row_or_stands_in_apostrophes_is_named_as_that() {
        assert_eq!(fault(b"K1,PR1,NC123456C\nK2,PR1,NC123457C\n"), HeaderFault::IsRow);
        assert_eq!(fault(b"K1;1980-02-03\n"), HeaderFault::IsRow);
        assert_eq!(fault(b"'a','b'\n'1','2'\n"), HeaderFault::InApostrophes);
        assert_eq!(fault(b"'a';'b';\n"), HeaderFault::InApostrophes);
        assert_eq!(fault(b"'x y'\n"), HeaderFault::NothingRecognised { cells: 1 });
        assert_eq!(header(b"Report,2018-07-31\na,b\n").line, 2);
        let twice = HeaderFault::Duplicate { name: None, first: 2, second: 3 };
        assert_eq!(fault(b"a,Smith,Smith\n"), twice);
    }

    #[test]
    fn a_stray_quote_in_the_header_takes_in_no_row() {
        assert_eq!(fault(b"a,\"b,c\n1,2\",3\n4,5,6\n"), HeaderFault::StrayQuote);
        assert_eq!(fault(b"a;\"b;c\n1;2\";3\n4;5;6\n"), HeaderFault::StrayQuote);
    }

    #[test]
    fn titles_and_a_separator_line_above_the_header_are_set_aside() {
        let what = |text: &str| {
            let header = header(text.as_bytes());
            (header.line, header.above.iter().map(|above| above.what).collect::<Vec<_>>())
        };
        assert_eq!(what("sep=;\na;b\n1;2\n"), (2, vec![Some(NonRow::Separator)]));
        assert_eq!(what("\"sep=,\"\r\na,b\r\n"), (2, vec![Some(NonRow::Separator)]));
        assert_eq!(what("Claims - July,,\n,,\n\na,b,c\n"), (4, vec![Some(NonRow::Title), Some(NonRow::Title), None]));
        assert_eq!(what("\"A title\non two lines\"\na,b\n"), (3, vec![Some(NonRow::Title)]));
        // One name alone does not make a line below the first the header.
        assert_eq!(fault(b"x,y\na,z\n"), HeaderFault::NothingRecognised { cells: 2 });
        let far = [b"x\n".repeat(MOST_LINES_ABOVE + 1), b"a,b\n".to_vec()].concat();
        assert_eq!(fault(&far), HeaderFault::NothingRecognised { cells: 1 });
        assert_eq!(brief(b"x\n\na,b\n1,2\n"), ["4:1|2"]);
        let counts = read(b"x\n\na,b\n1,2\n").counts;
        assert_eq!((counts.set_aside_bytes, counts.blank_lines), (2, 1));
    }

    #[test]
    fn columns_without_a_name_are_no_columns_unless_they_hold_something() {
        assert_eq!(header(b"a,,b, \n").names, ["a", "", "b", ""]);
        assert_eq!(brief(b"a,,b,\n1,,2,\n3, ,4,\"\"\n"), ["2:1||2|", "3:3| |4|"]);
        let error = read(b"a,,b\n1,,2\n3,x,4\n").error;
        assert_eq!(error.as_deref(), Some("UnnamedValue { column: 2, line: 3 }"));
    }

    #[test]
    fn an_unclosed_quote_in_the_header_does_not_take_in_the_text() {
        let mut text = b"a,\"b\n".to_vec();
        text.extend(b"1,2\n".repeat(3000));
        let early = read_header(&text, false, &known);
        assert_eq!(early, Err(HeaderFault::StrayQuote));
    }
}

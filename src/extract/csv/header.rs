//! The line that names the columns.
//!
//! It also determines the [`Dialect`] of everything after it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use memchr::memchr3_iter;

use super::dialect::{Delimiter, Dialect, LineEnding, QUOTE};
use super::lengths::{leading_spaces, to_u64};
use super::limits::{Limits, MAX_QUOTED_LINES};
use super::scanner::Scanner;
use super::tiling::Span;

/// The line that names the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The column names in order, trimmed, unquoted, none empty and no two the same.
    pub names: Vec<String>,
    /// How the text separates fields and lines.
    pub dialect: Dialect,
    /// The header's bytes, line terminator included.
    pub span: Range<u64>,
    /// The physical line the header starts on, from 1.
    pub line: u64,
    /// The blank lines before the header, in order.
    pub blank: Vec<Span>,
}

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
    /// Two columns have the same name.
    Duplicate {
        /// The name.
        name: String,
        /// The first column with it, from 1.
        first: usize,
        /// The next column with it, from 1.
        second: usize,
    },
    /// A column has no name.
    EmptyName {
        /// The column, from 1.
        column: usize,
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
                write!(f, "the first line names no column that is known (it has {cells} cells)")
            }
            HeaderFault::Duplicate { name, first, second } => {
                write!(f, "columns {first} and {second} are both named {name:?}")
            }
            HeaderFault::EmptyName { column } => write!(f, "column {column} has no name"),
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
/// # Errors
/// [`HeaderFault::NeedMore`] if the header does not end within `first_bytes` and `at_eof` is
/// false; any other fault is final.
pub fn read_header(first_bytes: &[u8], at_eof: bool, recognise: &dyn Fn(&str) -> bool) -> Result<Header, HeaderFault> {
    let (blank, start) = leading_blank_lines(first_bytes, at_eof)?;
    let rest = first_bytes.get(start..).unwrap_or_default();
    let (len, line_ending) = header_line(rest, at_eof)?;
    let text = header_text(rest.get(..len).unwrap_or_default())?;
    let (delimiter, names) = best_reading(text, line_ending, recognise)?;
    check_names(&names)?;
    Ok(Header {
        names,
        dialect: Dialect { delimiter, line_ending },
        span: to_u64(start)..to_u64(start + len),
        line: to_u64(blank.len()) + 1,
        blank,
    })
}

/// The blank lines at the start of the text, and where they end.
///
/// What ends lines in this text is not known yet, so any line break ends a blank one.
fn leading_blank_lines(text: &[u8], at_eof: bool) -> Result<(Vec<Span>, usize), HeaderFault> {
    let mut blank = Vec::new();
    let mut start = 0;
    loop {
        let rest = text.get(start..).unwrap_or_default();
        let spaces = leading_spaces(rest);
        let breaking = match rest.get(spaces..).unwrap_or_default() {
            [b'\r', b'\n', ..] => 2,
            [b'\r'] if !at_eof => return Err(HeaderFault::NeedMore),
            [b'\r' | b'\n', ..] => 1,
            [] if at_eof => return Err(HeaderFault::Empty),
            [] => return Err(HeaderFault::NeedMore),
            _ => return Ok((blank, start)),
        };
        let end = start + spaces + breaking;
        blank.push(Span { line: to_u64(blank.len()) + 1, bytes: to_u64(start)..to_u64(end) });
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

/// The header's names with the delimiter that suits it best.
fn best_reading(
    text: &str,
    line_ending: LineEnding,
    recognise: &dyn Fn(&str) -> bool,
) -> Result<(Delimiter, Vec<String>), HeaderFault> {
    let mut best: Option<((usize, usize), Delimiter, Vec<String>)> = None;
    for delimiter in Delimiter::ALL {
        let dialect = Dialect { delimiter, line_ending };
        let Some(names) = header_names(text, dialect) else {
            continue;
        };
        let recognised = names.iter().filter(|name| recognise(name)).count();
        // Among delimiters with which nothing is recognised, more names make a clearer message;
        // otherwise their number must not decide.
        let rank = (recognised, if recognised == 0 { names.len() } else { 0 });
        if best.as_ref().is_none_or(|(top, ..)| rank > *top) {
            best = Some((rank, delimiter, names));
        }
    }
    match best {
        None => Err(HeaderFault::StrayQuote),
        Some(((0, _), _, names)) => Err(HeaderFault::NothingRecognised { cells: names.len() }),
        Some((_, delimiter, names)) => Ok((delimiter, names)),
    }
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
    names.collect()
}

fn check_names(names: &[String]) -> Result<(), HeaderFault> {
    if let Some(at) = names.iter().position(String::is_empty) {
        return Err(HeaderFault::EmptyName { column: at + 1 });
    }
    let mut columns = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        if let Some(first) = columns.insert(name, at + 1) {
            return Err(HeaderFault::Duplicate { name: name.clone(), first, second: at + 1 });
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
        let spans: Vec<_> = header.blank.iter().map(|one| one.bytes.clone()).collect();
        assert_eq!(spans, [0..1, 1..5, 5..6]);
        let lines: Vec<_> = header.blank.iter().map(|one| one.line).collect();
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
        assert_eq!(fault(b"a,,b\n"), HeaderFault::EmptyName { column: 2 });
        assert_eq!(fault(b"a,b, \n"), HeaderFault::EmptyName { column: 3 });
        let twice = HeaderFault::Duplicate { name: "b".to_owned(), first: 2, second: 4 };
        assert_eq!(fault(b"a,b,c,\" b\"\n"), twice);
    }

    #[test]
    fn an_unclosed_quote_in_the_header_does_not_take_in_the_text() {
        let mut text = b"a,\"b\n".to_vec();
        text.extend(b"1,2\n".repeat(3000));
        let early = read_header(&text, false, &known);
        assert_eq!(early, Err(HeaderFault::StrayQuote));
    }
}

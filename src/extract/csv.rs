//! Reading CSV strictly.
//!
//! [`Records`] cuts decoded text into a header, accepted records, quarantined spans and blank
//! lines. Every byte belongs to exactly one of them, and they follow one another without gap or
//! overlap; a [`Tiling`] proves that for each run. A record that is damaged in any way is
//! quarantined whole. Nothing is padded, shifted or repaired.

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr3, memchr3_iter};

/// A record with more bytes than this, its line terminator included, ends the reading.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// A header with more bytes than this, blank lines before it included, ends the reading.
pub const MAX_HEADER_BYTES: usize = 1 << 20;

/// A quoted field that is not closed within this many bytes, its quotes included, counts as never
/// closed.
pub const MAX_QUOTED_BYTES: usize = 1 << 20;

/// A quoted field that is not closed within this many physical lines counts as never closed.
pub const MAX_QUOTED_LINES: usize = 1000;

/// How many bytes are buffered to begin with.
const FIRST_BUFFER_BYTES: usize = 256 << 10;

const QUOTE: u8 = b'"';

/// The character between two fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    /// All delimiters, the preferred one first.
    pub const ALL: [Delimiter; 3] = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab];

    /// The delimiter as a byte of text.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
        }
    }
}

/// What ends a line outside quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnding {
    /// A LF or a CRLF. A CR without LF is damage.
    Lf,
    /// A lone CR. A LF is damage.
    Cr,
}

impl LineEnding {
    /// The byte a line ends with.
    fn terminator(self) -> u8 {
        match self {
            LineEnding::Lf => b'\n',
            LineEnding::Cr => b'\r',
        }
    }

    /// The byte that breaks a line elsewhere and is damage here.
    fn stray_break(self) -> u8 {
        match self {
            LineEnding::Lf => b'\r',
            LineEnding::Cr => b'\n',
        }
    }
}

/// How a text separates fields and lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// What separates fields.
    pub delimiter: Delimiter,
    /// What separates lines.
    pub line_ending: LineEnding,
}

/// A stretch of the decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The physical line it starts on, from 1.
    pub line: u64,
    /// Its bytes, line terminator included.
    pub bytes: Range<u64>,
}

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
        /// The column names with the delimiter that makes most of them.
        found: Vec<String>,
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
            HeaderFault::StrayQuote => {
                f.write_str("a quote mark in the header neither opens nor closes a column name")
            }
            HeaderFault::NothingRecognised { found } => {
                write!(f, "no column name is recognised among {found:?}")
            }
            HeaderFault::Duplicate {
                name,
                first,
                second,
            } => write!(f, "columns {first} and {second} are both named {name:?}"),
            HeaderFault::EmptyName { column } => write!(f, "column {column} has no name"),
            HeaderFault::NeedMore => f.write_str("the header is incomplete"),
        }
    }
}

impl std::error::Error for HeaderFault {}

/// Why a span is quarantined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The record has another number of fields than the header.
    Width {
        /// The number of fields in the record.
        found: usize,
        /// The number of fields in the header.
        expected: usize,
    },
    /// A quote stands elsewhere than at a field's start or end.
    StrayQuote {
        /// The field, from 1.
        field: usize,
    },
    /// A quote opens a field and nothing closes it within the limits.
    UnclosedQuote,
    /// The record contains a NUL.
    Nul,
    /// The record is not valid UTF-8.
    NotText,
    /// Outside quotes the record contains a line break that does not end lines in this text.
    StrayLineBreak,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Width { found, expected } => {
                let plural = if *found == 1 { "" } else { "s" };
                write!(f, "{found} field{plural} where the header has {expected}")
            }
            Damage::StrayQuote { field } => {
                write!(
                    f,
                    "a quote mark in field {field} neither opens nor closes it"
                )
            }
            Damage::UnclosedQuote => f.write_str("a quote mark opens a field and is never closed"),
            Damage::Nul => f.write_str("it contains a NUL byte"),
            Damage::NotText => f.write_str("it contains bytes that are not text"),
            Damage::StrayLineBreak => {
                f.write_str("it contains a line break of another kind than ends the other lines")
            }
        }
    }
}

/// Why reading stopped before the end of the text.
#[derive(Debug)]
pub enum CsvError {
    /// The text has no usable header.
    Header(HeaderFault),
    /// The text could not be read.
    Io(io::Error),
    /// A record, or the header, is longer than is read into memory.
    LineTooLong {
        /// The physical line it starts on, from 1.
        line: u64,
        /// The most bytes it may have.
        limit: usize,
    },
    /// The spans do not cover every byte exactly once, so what was read must not be trusted.
    NotTiled(NotTiled),
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CsvError::Header(fault) => fault.fmt(f),
            CsvError::Io(error) => write!(f, "the text could not be read: {error}"),
            CsvError::LineTooLong { line, limit } => {
                write!(f, "line {line} starts a record of more than {limit} bytes")
            }
            CsvError::NotTiled(gap) => gap.fmt(f),
        }
    }
}

impl std::error::Error for CsvError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CsvError::Header(fault) => Some(fault),
            CsvError::Io(error) => Some(error),
            CsvError::LineTooLong { .. } => None,
            CsvError::NotTiled(gap) => Some(gap),
        }
    }
}

impl From<io::Error> for CsvError {
    fn from(error: io::Error) -> Self {
        CsvError::Io(error)
    }
}

impl From<NotTiled> for CsvError {
    fn from(gap: NotTiled) -> Self {
        CsvError::NotTiled(gap)
    }
}

/// Checks that spans follow one another without gap or overlap, from byte 0.
#[derive(Debug, Clone, Default)]
pub struct Tiling {
    covered: u64,
}

/// A span, or the end of the text, is not where the spans before it end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTiled {
    /// Where the spans before it end.
    pub covered: u64,
    /// The span, or an empty one at the end of the text.
    pub found: Range<u64>,
}

impl fmt::Display for NotTiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the text is accounted for up to byte {}, but bytes {} to {} come next",
            self.covered, self.found.start, self.found.end
        )
    }
}

impl std::error::Error for NotTiled {}

impl Tiling {
    /// A tiling that covers nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next span.
    ///
    /// # Errors
    /// If it does not start exactly where the span before it ended, or ends before it starts. It
    /// is not added then.
    pub fn push(&mut self, span: Range<u64>) -> Result<(), NotTiled> {
        if span.start != self.covered || span.end < span.start {
            return Err(self.not_tiled(span));
        }
        self.covered = span.end;
        Ok(())
    }

    /// Confirms that the spans cover all of a text of `total_len` bytes.
    ///
    /// # Errors
    /// If they end elsewhere.
    pub fn finish(&self, total_len: u64) -> Result<(), NotTiled> {
        if self.covered == total_len {
            Ok(())
        } else {
            Err(self.not_tiled(total_len..total_len))
        }
    }

    fn not_tiled(&self, found: Range<u64>) -> NotTiled {
        NotTiled {
            covered: self.covered,
            found,
        }
    }
}

/// How many bytes, and how many of each kind of span, have been read so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Bytes of the header.
    pub header_bytes: u64,
    /// Bytes of accepted records.
    pub record_bytes: u64,
    /// Bytes of quarantined spans.
    pub quarantined_bytes: u64,
    /// Bytes of blank lines, those before the header included.
    pub blank_bytes: u64,
    /// Accepted records.
    pub records: u64,
    /// Quarantined spans.
    pub quarantined: u64,
    /// Blank lines, those before the header included.
    pub blank_lines: u64,
}

impl Counts {
    /// The bytes of all kinds together.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.header_bytes + self.record_bytes + self.quarantined_bytes + self.blank_bytes
    }
}

/// Reads the header at the start of a text.
///
/// Blank lines before it are skipped and reported. Of the delimiters with which its quotes are in
/// order, the one is taken with which `recognise` accepts most of the trimmed names; of equals,
/// the first in [`Delimiter::ALL`]. Lines end in a lone CR if the header does, else in LF or CRLF.
///
/// # Errors
/// [`HeaderFault::NeedMore`] if the header does not end within `first_bytes` and `at_eof` is
/// false; any other fault is final.
pub fn read_header(
    first_bytes: &[u8],
    at_eof: bool,
    recognise: &dyn Fn(&str) -> bool,
) -> Result<Header, HeaderFault> {
    let (blank, start) = leading_blank_lines(first_bytes, at_eof)?;
    let rest = first_bytes.get(start..).unwrap_or_default();
    let (len, line_ending) = header_line(rest, at_eof)?;
    let text = header_text(rest.get(..len).unwrap_or_default())?;
    let (delimiter, names) = best_reading(text, line_ending, recognise)?;
    check_names(&names)?;
    Ok(Header {
        names,
        dialect: Dialect {
            delimiter,
            line_ending,
        },
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
        blank.push(Span {
            line: to_u64(blank.len()) + 1,
            bytes: to_u64(start)..to_u64(end),
        });
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
        let dialect = Dialect {
            delimiter,
            line_ending,
        };
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
        Some(((0, _), _, found)) => Err(HeaderFault::NothingRecognised { found }),
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
    scanner.undouble(text);
    let fields = scanner.marks.iter().map(|mark| {
        mark.read(text, &scanner.undoubled)
            .map(|name| name.trim().to_owned())
    });
    fields.collect()
}

fn check_names(names: &[String]) -> Result<(), HeaderFault> {
    if let Some(at) = names.iter().position(String::is_empty) {
        return Err(HeaderFault::EmptyName { column: at + 1 });
    }
    let mut columns = std::collections::HashMap::new();
    for (at, name) in names.iter().enumerate() {
        if let Some(first) = columns.insert(name, at + 1) {
            return Err(HeaderFault::Duplicate {
                name: name.clone(),
                first,
                second: at + 1,
            });
        }
    }
    Ok(())
}

/// One of the pieces that make up the text after the header.
#[derive(Debug)]
pub enum Item<'a> {
    /// A record with as many fields as the header, in which nothing is amiss.
    Record(Record<'a>),
    /// A damaged record.
    Quarantined(Quarantined<'a>),
    /// A line with nothing, or nothing but spaces, on it.
    Blank(Span),
}

/// An accepted record: valid UTF-8 without NUL, properly quoted, as wide as the header.
#[derive(Debug)]
pub struct Record<'a> {
    /// The physical line it starts on, from 1.
    pub line: u64,
    /// Its number among accepted records and quarantined spans, from 1.
    pub number: u64,
    /// Its bytes, line terminator included.
    pub span: Range<u64>,
    text: &'a str,
    undoubled: &'a str,
    marks: &'a [Mark],
}

impl<'a> Record<'a> {
    /// The number of fields, always that of the header.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a record has a field at least")]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// The value of field `index`, from 0, without the quotes around it and with doubled quotes
    /// made single. Nothing if there is no such field.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<&'a str> {
        self.marks.get(index)?.read(self.text, self.undoubled)
    }

    /// As [`Record::get`], but empty if there is no such field. That cannot happen for an index
    /// into the header's names.
    #[must_use]
    #[inline]
    pub fn field(&self, index: usize) -> &'a str {
        self.get(index).unwrap_or_default()
    }

    /// The record exactly as it is in the text, line terminator included.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.text.as_bytes()
    }
}

/// A damaged record. One whose quotes are out of order is quarantined line by line, because where
/// it ends cannot be told; any other is quarantined whole.
#[derive(Debug)]
pub struct Quarantined<'a> {
    /// The physical line it starts on, from 1.
    pub line: u64,
    /// Its number among accepted records and quarantined spans, from 1.
    pub number: u64,
    /// Its bytes, line terminator included.
    pub span: Range<u64>,
    /// The bytes themselves.
    pub raw: &'a [u8],
    /// What is wrong with it. Of several damages the first of these: quotes, line break, NUL,
    /// not text, width.
    pub reason: Damage,
}

/// Reads decoded text item by item.
///
/// Guaranteed: the blank lines before the header, the header, and the items returned cover every
/// byte of the text exactly once and in order. What is returned does not depend on how the reader
/// cuts its chunks. Memory grows no further than the longest record needs.
#[derive(Debug)]
pub struct Records<R> {
    source: Source<R>,
    scanner: Scanner,
    ledger: Ledger,
    header: Header,
}

impl<R: Read> Records<R> {
    /// Reads the header of the decoded text in `reader`; see [`read_header`].
    ///
    /// # Errors
    /// If there is no usable header, it is longer than [`MAX_HEADER_BYTES`], or the reader fails.
    pub fn new(reader: R, recognise: &dyn Fn(&str) -> bool) -> Result<Self, CsvError> {
        Self::with_limits(reader, recognise, Limits::default())
    }

    fn with_limits(
        reader: R,
        recognise: &dyn Fn(&str) -> bool,
        limits: Limits,
    ) -> Result<Self, CsvError> {
        let mut source = Source::new(reader, limits.first_buffer_bytes);
        let header = source.read_header(recognise, limits.header_bytes)?;
        let mut ledger = Ledger::new();
        for blank in &header.blank {
            ledger.enter(Kind::Blank, blank.bytes.clone(), 1)?;
        }
        let terminator = header.dialect.line_ending.terminator();
        source.take(to_usize(header.span.start));
        let raw = source.take(to_usize(header.span.end - header.span.start));
        ledger.enter(Kind::Header, header.span.clone(), lines_in(raw, terminator))?;
        Ok(Self {
            source,
            scanner: Scanner::new(header.dialect, header.names.len(), limits),
            ledger,
            header,
        })
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What has been read so far, the header and blank lines before it included.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.ledger.counts
    }

    /// The next item, or nothing at the end of the text.
    ///
    /// # Errors
    /// If the reader fails (a later call tries again), if a record is longer than
    /// [`MAX_RECORD_BYTES`] (every later call fails the same), or, at the end, if the spans turn
    /// out not to cover every byte.
    #[expect(clippy::should_implement_trait, reason = "the items borrow the reader")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, CsvError> {
        match self.outline()? {
            Some(outline) => self.emit(outline).map(Some),
            None => {
                self.verify()?;
                Ok(None)
            }
        }
    }

    /// Confirms that the text has been read to its end and that every byte of it belongs to
    /// exactly one span, and returns the final counts.
    ///
    /// # Errors
    /// [`CsvError::NotTiled`] if not, also when items are left to read; [`CsvError::Io`] if the
    /// reader fails.
    pub fn finish(mut self) -> Result<Counts, CsvError> {
        if self.source.pending().is_empty() {
            self.source.refill()?;
        }
        self.verify()?;
        Ok(self.ledger.counts)
    }

    fn verify(&self) -> Result<(), NotTiled> {
        let total = self.source.bytes_read;
        self.ledger.tiling.finish(total)?;
        Tiling {
            covered: self.ledger.counts.total_bytes(),
        }
        .finish(total)
    }

    /// Finds the end of the next item, reading as much as that takes.
    fn outline(&mut self) -> Result<Option<Outline>, CsvError> {
        let limit = self.scanner.limits.record_bytes;
        loop {
            let pending = self.source.pending();
            if pending.is_empty() && self.source.ended {
                return Ok(None);
            }
            // Looking no further than the limit makes the outcome independent of how much
            // happens to be buffered.
            let window = pending.get(..=limit).unwrap_or(pending);
            let at_end = self.source.ended && window.len() == pending.len();
            match self.scanner.outline(window, at_end) {
                Some(outline) if outline.len <= limit => return Ok(Some(outline)),
                None if window.len() <= limit && !self.source.ended => self.source.refill()?,
                _ => {
                    return Err(CsvError::LineTooLong {
                        line: self.ledger.line,
                        limit,
                    });
                }
            }
        }
    }

    /// Judges the next item, enters it in the ledger and returns it.
    fn emit(&mut self, outline: Outline) -> Result<Item<'_>, CsvError> {
        let bytes = self.source.next_span(outline.len);
        let raw = self.source.take(outline.len);
        let found = self.scanner.found();
        let expected = self.header.names.len();
        let lines = match outline.shape {
            Shape::Fields(row) => to_u64(row.breaks) + 1,
            Shape::Blank | Shape::Misquoted(_) => 1,
        };
        let verdict = judge(raw, outline.shape, found, expected);
        let line = self.ledger.line;
        let number = self.ledger.enter(verdict.kind(), bytes.clone(), lines)?;
        Ok(match verdict {
            Verdict::Blank => Item::Blank(Span { line, bytes }),
            Verdict::Damaged(reason) => Item::Quarantined(Quarantined {
                line,
                number,
                span: bytes,
                raw,
                reason,
            }),
            Verdict::Sound(text) => {
                self.scanner.undouble(text);
                Item::Record(Record {
                    line,
                    number,
                    span: bytes,
                    text,
                    undoubled: &self.scanner.undoubled,
                    marks: &self.scanner.marks,
                })
            }
        })
    }
}

/// How far reading goes; smaller in tests.
#[derive(Debug, Clone, Copy)]
struct Limits {
    record_bytes: usize,
    header_bytes: usize,
    quoted_bytes: usize,
    quoted_lines: usize,
    first_buffer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_bytes: MAX_RECORD_BYTES,
            header_bytes: MAX_HEADER_BYTES,
            quoted_bytes: MAX_QUOTED_BYTES,
            quoted_lines: MAX_QUOTED_LINES,
            first_buffer_bytes: FIRST_BUFFER_BYTES,
        }
    }
}

/// The text that has been read but not yet taken.
#[derive(Debug)]
struct Source<R> {
    reader: R,
    buffer: Vec<u8>,
    /// How much of the buffer has been taken.
    taken: usize,
    /// How much to have in the buffer.
    capacity: usize,
    /// Bytes taken since the start of the text.
    offset: u64,
    /// Bytes that came out of the reader.
    bytes_read: u64,
    ended: bool,
}

impl<R: Read> Source<R> {
    fn new(reader: R, capacity: usize) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            taken: 0,
            capacity,
            offset: 0,
            bytes_read: 0,
            ended: false,
        }
    }

    fn pending(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or_default()
    }

    fn next_span(&self, len: usize) -> Range<u64> {
        self.offset..self.offset + to_u64(len)
    }

    fn take(&mut self, len: usize) -> &[u8] {
        let end = self.taken + len;
        let part = self.buffer.get(self.taken..end).unwrap_or_default();
        self.taken = end;
        self.offset += to_u64(len);
        part
    }

    /// Reads on until the buffer is full or the text ends.
    ///
    /// Filling the buffer, and doubling it for what does not fit in half of it, keeps the number
    /// of times a long record is looked at again low.
    fn refill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.taken.min(self.buffer.len()));
        self.taken = 0;
        if self.buffer.len() > self.capacity / 2 {
            self.capacity *= 2;
        }
        let wanted = self.capacity.saturating_sub(self.buffer.len());
        self.buffer.reserve_exact(wanted);
        let before = self.buffer.len();
        let outcome = (&mut self.reader)
            .take(to_u64(wanted))
            .read_to_end(&mut self.buffer);
        // What arrived before an error is in the buffer too, and counts.
        let arrived = self.buffer.len() - before;
        self.bytes_read += to_u64(arrived);
        outcome?;
        self.ended = arrived < wanted;
        Ok(())
    }

    fn read_header(
        &mut self,
        recognise: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> Result<Header, CsvError> {
        loop {
            let pending = self.pending();
            let window = pending.get(..=limit).unwrap_or(pending);
            let at_end = self.ended && window.len() == pending.len();
            match read_header(window, at_end, recognise) {
                Ok(header) if header.span.end <= to_u64(limit) => return Ok(header),
                Err(HeaderFault::NeedMore) if window.len() <= limit => self.refill()?,
                Ok(_) | Err(HeaderFault::NeedMore) => {
                    return Err(CsvError::LineTooLong { line: 1, limit });
                }
                Err(fault) => return Err(CsvError::Header(fault)),
            }
        }
    }
}

/// Accounts for every span.
#[derive(Debug)]
struct Ledger {
    tiling: Tiling,
    counts: Counts,
    /// The physical line the next span starts on.
    line: u64,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Header,
    Record,
    Quarantined,
    Blank,
}

impl Ledger {
    fn new() -> Self {
        Self {
            tiling: Tiling::new(),
            counts: Counts::default(),
            line: 1,
        }
    }

    /// Enters the next span. Returns its number among records and quarantined spans.
    fn enter(&mut self, kind: Kind, bytes: Range<u64>, lines: u64) -> Result<u64, NotTiled> {
        self.tiling.push(bytes.clone())?;
        self.line += lines;
        let counts = &mut self.counts;
        let len = bytes.end - bytes.start;
        match kind {
            Kind::Header => counts.header_bytes += len,
            Kind::Record => {
                counts.record_bytes += len;
                counts.records += 1;
            }
            Kind::Quarantined => {
                counts.quarantined_bytes += len;
                counts.quarantined += 1;
            }
            Kind::Blank => {
                counts.blank_bytes += len;
                counts.blank_lines += 1;
            }
        }
        Ok(counts.records + counts.quarantined)
    }
}

/// What became of an item.
enum Verdict<'a> {
    Blank,
    Damaged(Damage),
    Sound(&'a str),
}

impl Verdict<'_> {
    fn kind(&self) -> Kind {
        match self {
            Verdict::Blank => Kind::Blank,
            Verdict::Damaged(_) => Kind::Quarantined,
            Verdict::Sound(_) => Kind::Record,
        }
    }
}

fn judge(raw: &[u8], shape: Shape, found: usize, expected: usize) -> Verdict<'_> {
    match shape {
        Shape::Blank => return Verdict::Blank,
        Shape::Misquoted(damage) => return Verdict::Damaged(damage),
        Shape::Fields(row) if row.stray_break => {
            return Verdict::Damaged(Damage::StrayLineBreak);
        }
        Shape::Fields(row) if row.nul => return Verdict::Damaged(Damage::Nul),
        Shape::Fields(_) => {}
    }
    let Ok(text) = std::str::from_utf8(raw) else {
        return Verdict::Damaged(Damage::NotText);
    };
    if found == expected {
        Verdict::Sound(text)
    } else {
        Verdict::Damaged(Damage::Width { found, expected })
    }
}

/// Where an item ends and what it looks like.
#[derive(Debug, Clone, Copy)]
struct Outline {
    len: usize,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Blank,
    /// The quotes of this record are out of order; the item is its first physical line.
    Misquoted(Damage),
    Fields(Row),
}

/// A record whose quotes are in order, as far as it has been looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    /// Where the current field starts.
    field: usize,
    /// Its length once known, line terminator included.
    len: usize,
    /// The line breaks of the right kind inside quotes.
    breaks: usize,
    /// Whether a line break of the wrong kind is outside quotes.
    stray_break: bool,
    /// Whether there is a NUL.
    nul: bool,
}

impl Row {
    fn of_len(self, len: usize) -> Self {
        Self { len, ..self }
    }
}

/// Where the value of a field is.
#[derive(Debug, Clone, Copy)]
struct Mark {
    start: usize,
    end: usize,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the text, as it is.
    Text,
    /// In the text, with each quote doubled.
    DoubledText,
    /// In the scratch text, where its quotes have been made single.
    Undoubled,
}

impl Mark {
    fn read<'a>(&self, text: &'a str, undoubled: &'a str) -> Option<&'a str> {
        let holder = match self.place {
            Place::Text | Place::DoubledText => text,
            Place::Undoubled => undoubled,
        };
        holder.get(self.start..self.end)
    }
}

/// Why the fields of a record cannot be told.
#[derive(Debug, Clone, Copy)]
enum Stop {
    /// The record goes on beyond the bytes at hand.
    NeedMore,
    Misquoted(Damage),
}

/// What a line holds, judging by its first bytes.
enum LineStart {
    /// Nothing but spaces; the length includes the line terminator.
    Blank(usize),
    Content,
    /// Too few bytes are at hand to tell.
    Unknown,
}

const UNCLOSED: Stop = Stop::Misquoted(Damage::UnclosedQuote);

/// What ends a stretch of unquoted text.
enum PlainEnd {
    Terminator(usize),
    Quote(usize),
    Bytes,
}

/// What follows a quoted field.
#[derive(Clone, Copy)]
enum After {
    Delimiter,
    /// The end of the line, this many bytes of terminator included.
    Line(usize),
    StrayBreak,
}

/// Finds any of a few ASCII bytes in eight bytes at once.
///
/// Where fields are as short as in a table of numbers, starting a vectorised search anew for each
/// of them takes longer than this.
#[derive(Debug, Clone, Copy)]
struct Special {
    repeated: [u64; 5],
}

impl Special {
    const LOW_BITS: u64 = u64::from_ne_bytes([0x7F; 8]);

    fn new(bytes: [u8; 5]) -> Self {
        let repeated = bytes.map(|byte| u64::from_ne_bytes([byte; 8]));
        Self { repeated }
    }

    fn find(&self, word: [u8; 8]) -> Hits {
        let word = u64::from_le_bytes(word);
        let low = word & Self::LOW_BITS;
        // The addition sets the high bit of each byte that differs and carries into no other.
        let differs = self.repeated.map(|byte| (low ^ byte) + Self::LOW_BITS);
        let all_differ = differs.into_iter().fold(u64::MAX, |all, one| all & one);
        // A byte that is not ASCII has its high bit set and is none of them.
        Hits(!(all_differ | word) & !Self::LOW_BITS)
    }
}

/// The high bit of each byte that was found.
struct Hits(u64);

impl Iterator for Hits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let lowest = self.0.trailing_zeros();
        self.0 &= self.0.checked_sub(1)?;
        Some(lowest as usize / 8)
    }
}

/// Cuts text into fields.
#[derive(Debug)]
struct Scanner {
    dialect: Dialect,
    /// The bytes that matter outside quotes.
    special: Special,
    limits: Limits,
    /// How many fields to keep the marks of. More are only counted, so that a record of millions
    /// of fields takes no memory for them.
    kept_fields: usize,
    /// The fields of the last record, as far as kept.
    marks: Vec<Mark>,
    /// The number of fields in the last record beyond those.
    fields_not_kept: usize,
    has_doubled: bool,
    undoubled: String,
}

impl Scanner {
    fn new(dialect: Dialect, kept_fields: usize, limits: Limits) -> Self {
        Self {
            dialect,
            special: Special::new([
                dialect.delimiter.byte(),
                QUOTE,
                dialect.line_ending.terminator(),
                dialect.line_ending.stray_break(),
                0,
            ]),
            limits,
            kept_fields,
            marks: Vec::new(),
            fields_not_kept: 0,
            has_doubled: false,
            undoubled: String::new(),
        }
    }

    fn terminator(&self) -> u8 {
        self.dialect.line_ending.terminator()
    }

    /// The first item in `window`, or nothing if more bytes are needed to tell.
    fn outline(&mut self, window: &[u8], at_end: bool) -> Option<Outline> {
        match self.line_start(window, at_end) {
            LineStart::Blank(len) => {
                let shape = Shape::Blank;
                return Some(Outline { len, shape });
            }
            LineStart::Unknown => return None,
            LineStart::Content => {}
        }
        match self.fields(window, at_end) {
            Ok(row) => Some(Outline {
                len: row.len,
                shape: Shape::Fields(row),
            }),
            Err(Stop::NeedMore) => None,
            Err(Stop::Misquoted(damage)) => {
                let len = self.first_line(window, at_end)?;
                Some(Outline {
                    len,
                    shape: Shape::Misquoted(damage),
                })
            }
        }
    }

    fn line_start(&self, window: &[u8], at_end: bool) -> LineStart {
        let spaces = leading_spaces(window);
        let after = window.get(spaces..).unwrap_or_default();
        match (self.dialect.line_ending, after) {
            (_, []) if at_end => LineStart::Blank(spaces),
            (_, []) => LineStart::Unknown,
            (LineEnding::Lf, [b'\n', ..]) | (LineEnding::Cr, [b'\r', ..]) => {
                LineStart::Blank(spaces + 1)
            }
            (LineEnding::Lf, [b'\r', b'\n', ..]) => LineStart::Blank(spaces + 2),
            (LineEnding::Lf, [b'\r']) if !at_end => LineStart::Unknown,
            _ => LineStart::Content,
        }
    }

    /// The length of the first physical line, line terminator included.
    fn first_line(&self, window: &[u8], at_end: bool) -> Option<usize> {
        match memchr(self.terminator(), window) {
            Some(at) => Some(at + 1),
            None => at_end.then_some(window.len()),
        }
    }

    /// Marks the fields of the record `window` starts with.
    fn fields(&mut self, window: &[u8], at_end: bool) -> Result<Row, Stop> {
        self.marks.clear();
        self.fields_not_kept = 0;
        self.has_doubled = false;
        let mut row = Row::default();
        let mut from = 0;
        loop {
            match self.plain_fields(window, &mut row, from) {
                PlainEnd::Terminator(at) => {
                    let end = self.line_body(window, row.field, at);
                    self.mark(row.field, end, Place::Text);
                    return Ok(row.of_len(at + 1));
                }
                PlainEnd::Bytes if at_end => {
                    self.mark(row.field, window.len(), Place::Text);
                    return Ok(row.of_len(window.len()));
                }
                PlainEnd::Bytes => return Err(Stop::NeedMore),
                PlainEnd::Quote(at) if at != row.field => return Err(self.stray_quote()),
                PlainEnd::Quote(_) => {}
            }
            let (close, place) = self.closing_quote(window, &mut row, at_end)?;
            match self.after_quote(window, close, at_end)? {
                After::Delimiter => {
                    self.mark(row.field + 1, close, place);
                    row.field = close + 2;
                    from = row.field;
                }
                After::Line(terminator_len) => {
                    self.mark(row.field + 1, close, place);
                    return Ok(row.of_len(close + 1 + terminator_len));
                }
                // The line runs on, in the same field, to a line break of the right kind.
                After::StrayBreak => from = close + 1,
            }
        }
    }

    /// Marks unquoted fields from `from` on until a line terminator, a quote or the end of the
    /// bytes.
    fn plain_fields(&mut self, window: &[u8], row: &mut Row, from: usize) -> PlainEnd {
        let rest = window.get(from..).unwrap_or_default();
        if rest.first() == Some(&QUOTE) {
            return PlainEnd::Quote(from);
        }
        let (words, tail) = rest.as_chunks();
        let mut start = from;
        for word in words {
            for at in self.special.find(*word) {
                if let Some(end) = self.plain_byte(window, row, start + at) {
                    return end;
                }
            }
            start += word.len();
        }
        for at in 0..tail.len() {
            if let Some(end) = self.plain_byte(window, row, start + at) {
                return end;
            }
        }
        PlainEnd::Bytes
    }

    /// Deals with the byte at `at`, which is outside quotes.
    #[inline]
    fn plain_byte(&mut self, window: &[u8], row: &mut Row, at: usize) -> Option<PlainEnd> {
        let byte = *window.get(at)?;
        if byte == self.dialect.delimiter.byte() {
            self.mark(row.field, at, Place::Text);
            row.field = at + 1;
        } else if byte == self.terminator() {
            return Some(PlainEnd::Terminator(at));
        } else if byte == QUOTE {
            return Some(PlainEnd::Quote(at));
        } else if byte == 0 {
            row.nul = true;
        } else if byte == self.dialect.line_ending.stray_break() {
            // With lines that end in LF, the CR of a CRLF is no stray.
            row.stray_break |= byte == b'\n' || window.get(at + 1) != Some(&b'\n');
        }
        None
    }

    /// Where the text before the terminator at `at` ends, given that it starts at `from`.
    fn line_body(&self, window: &[u8], from: usize, at: usize) -> usize {
        match (self.dialect.line_ending, window.get(from..at)) {
            (LineEnding::Lf, Some([.., b'\r'])) => at - 1,
            _ => at,
        }
    }

    /// The quote that closes the current field, which starts with one.
    fn closing_quote(
        &mut self,
        window: &[u8],
        row: &mut Row,
        at_end: bool,
    ) -> Result<(usize, Place), Stop> {
        let reach = row.field.saturating_add(self.limits.quoted_bytes);
        let inside = window.get(..reach).unwrap_or(window);
        let breaks_allowed = row.breaks + self.limits.quoted_lines;
        let mut place = Place::Text;
        let mut from = row.field + 1;
        loop {
            let rest = inside.get(from..).unwrap_or_default();
            let Some(hit) = memchr3(QUOTE, self.terminator(), 0, rest) else {
                let is_final = at_end || window.len() >= reach;
                return Err(if is_final { UNCLOSED } else { Stop::NeedMore });
            };
            let at = from + hit;
            from = at + 1;
            match (window.get(at), window.get(from)) {
                (Some(&QUOTE), Some(&QUOTE)) => {
                    place = Place::DoubledText;
                    from += 1;
                }
                (Some(&QUOTE), _) => {
                    self.has_doubled |= place == Place::DoubledText;
                    return Ok((at, place));
                }
                (Some(0), _) => row.nul = true,
                _ => row.breaks += 1,
            }
            if row.breaks >= breaks_allowed {
                return Err(UNCLOSED);
            }
        }
    }

    /// What follows the quote at `close`, given that it is not another quote.
    fn after_quote(&self, window: &[u8], close: usize, at_end: bool) -> Result<After, Stop> {
        let after = window.get(close + 1..).unwrap_or_default();
        let line_ending = self.dialect.line_ending;
        match (line_ending, after) {
            (_, []) if at_end => Ok(After::Line(0)),
            (_, []) => Err(Stop::NeedMore),
            (LineEnding::Lf, [b'\r', b'\n', ..]) => Ok(After::Line(2)),
            (LineEnding::Lf, [b'\r']) if !at_end => Err(Stop::NeedMore),
            (_, [next, ..]) if *next == self.dialect.delimiter.byte() => Ok(After::Delimiter),
            (_, [next, ..]) if *next == line_ending.terminator() => Ok(After::Line(1)),
            (_, [next, ..]) if *next == line_ending.stray_break() => Ok(After::StrayBreak),
            _ => Err(self.stray_quote()),
        }
    }

    fn stray_quote(&self) -> Stop {
        Stop::Misquoted(Damage::StrayQuote {
            field: self.found() + 1,
        })
    }

    #[inline]
    fn mark(&mut self, start: usize, end: usize, place: Place) {
        if self.marks.len() < self.kept_fields {
            self.marks.push(Mark { start, end, place });
        } else {
            self.fields_not_kept += 1;
        }
    }

    /// The number of fields marked so far, kept or not.
    fn found(&self) -> usize {
        self.marks.len() + self.fields_not_kept
    }

    /// Makes doubled quotes in the fields marked in `text` single.
    fn undouble(&mut self, text: &str) {
        if !self.has_doubled {
            return;
        }
        self.undoubled.clear();
        for mark in &mut self.marks {
            if mark.place != Place::DoubledText {
                continue;
            }
            let start = self.undoubled.len();
            let value = text.get(mark.start..mark.end).unwrap_or_default();
            for (at, part) in value.split("\"\"").enumerate() {
                if at > 0 {
                    self.undoubled.push('"');
                }
                self.undoubled.push_str(part);
            }
            *mark = Mark {
                start,
                end: self.undoubled.len(),
                place: Place::Undoubled,
            };
        }
    }
}

fn leading_spaces(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| byte == b' ').count()
}

/// The number of physical lines in a span that starts a line and ends one.
fn lines_in(raw: &[u8], terminator: u8) -> u64 {
    to_u64(memchr_iter(terminator, raw).count()).max(1)
}

/// A length in memory as a length of text. No platform has longer memory than 64 bits.
fn to_u64(len: usize) -> u64 {
    len as u64
}

/// A length of text that is in memory as a length in memory. It fits, having been one before.
fn to_usize(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    enum Owned {
        Record {
            line: u64,
            number: u64,
            span: Range<u64>,
            fields: Vec<String>,
        },
        Quarantined {
            line: u64,
            number: u64,
            span: Range<u64>,
            reason: Damage,
        },
        Blank(Span),
    }

    impl Owned {
        fn span(&self) -> Range<u64> {
            match self {
                Owned::Record { span, .. } | Owned::Quarantined { span, .. } => span.clone(),
                Owned::Blank(span) => span.bytes.clone(),
            }
        }
    }

    /// A reader that hands out at most `size` bytes at a time, and is interrupted now and then.
    struct Chunked<'a> {
        left: &'a [u8],
        size: usize,
        calls: usize,
    }

    impl<'a> Chunked<'a> {
        fn new(left: &'a [u8], size: usize) -> Self {
            let calls = 0;
            Self { left, size, calls }
        }
    }

    impl Read for Chunked<'_> {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls.is_multiple_of(7) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let size = self.size.min(target.len());
            self.left.read(&mut target[..size])
        }
    }

    const KNOWN: [&str; 6] = ["a", "b", "c", "d", "e", "with \"quote\"\nand break"];

    fn known(name: &str) -> bool {
        KNOWN.contains(&name)
    }

    /// Everything read from a text, after checking what holds for every text.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Outcome {
        header: Header,
        items: Vec<Owned>,
        counts: Counts,
        error: Option<String>,
    }

    fn read_with(text: &[u8], size: usize, limits: Limits) -> Result<Outcome, String> {
        let mut records = Records::with_limits(Chunked::new(text, size), &known, limits)
            .map_err(|error| format!("{error:?}"))?;
        let header = records.header().clone();
        let mut items = Vec::new();
        let error = loop {
            match records.next() {
                Ok(Some(item)) => items.push(owned(text, item)),
                Ok(None) => break None,
                Err(error) => break Some(format!("{error:?}")),
            }
        };
        let counts = records.counts();
        if error.is_none() {
            assert_eq!(records.finish().unwrap(), counts);
            assert_eq!(counts.total_bytes(), text.len() as u64);
        }
        check_tiling(text, &header, &items, error.is_none());
        Ok(Outcome {
            header,
            items,
            counts,
            error,
        })
    }

    fn owned(text: &[u8], item: Item<'_>) -> Owned {
        let whole = |span: &Range<u64>| &text[span.start as usize..span.end as usize];
        match item {
            Item::Record(record) => {
                assert_eq!(record.raw(), whole(&record.span));
                assert_eq!(record.get(record.len()), None);
                assert_eq!(record.field(record.len()), "");
                Owned::Record {
                    line: record.line,
                    number: record.number,
                    fields: (0..record.len())
                        .map(|at| record.field(at).to_owned())
                        .collect(),
                    span: record.span,
                }
            }
            Item::Quarantined(bad) => {
                assert_eq!(bad.raw, whole(&bad.span));
                Owned::Quarantined {
                    line: bad.line,
                    number: bad.number,
                    span: bad.span,
                    reason: bad.reason,
                }
            }
            Item::Blank(span) => {
                assert!(whole(&span.bytes).iter().all(|one| b" \r\n".contains(one)));
                Owned::Blank(span)
            }
        }
    }

    fn check_tiling(text: &[u8], header: &Header, items: &[Owned], complete: bool) {
        let mut end = 0;
        let before = header.blank.iter().map(|blank| blank.bytes.clone());
        let after = items.iter().map(Owned::span);
        for span in before.chain([header.span.clone()]).chain(after) {
            assert_eq!(span.start, end);
            assert!(span.end > span.start);
            end = span.end;
        }
        assert!(!complete || end == text.len() as u64);
    }

    fn read(text: &[u8]) -> Outcome {
        let whole = read_with(text, 1 << 20, Limits::default()).unwrap();
        for size in [1, 2, 3] {
            let limits = Limits {
                first_buffer_bytes: size,
                ..Limits::default()
            };
            assert_eq!(read_with(text, size, limits).unwrap(), whole);
        }
        whole
    }

    /// The items in short: fields joined by `|`, damage in words, blank lines as `-`.
    fn brief(text: &[u8]) -> Vec<String> {
        let outcome = read(text);
        assert_eq!(outcome.error, None);
        outcome
            .items
            .iter()
            .map(|item| match item {
                Owned::Record { line, fields, .. } => format!("{line}:{}", fields.join("|")),
                Owned::Quarantined { line, reason, .. } => format!("{line}!{reason:?}"),
                Owned::Blank(span) => format!("{}-", span.line),
            })
            .collect()
    }

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
        let found = vec!["x".to_owned(), "y".to_owned()];
        assert_eq!(fault(b"x;y\n"), HeaderFault::NothingRecognised { found });
        assert_eq!(fault(b"a,,b\n"), HeaderFault::EmptyName { column: 2 });
        assert_eq!(fault(b"a,b, \n"), HeaderFault::EmptyName { column: 3 });
        let twice = HeaderFault::Duplicate {
            name: "b".to_owned(),
            first: 2,
            second: 4,
        };
        assert_eq!(fault(b"a,b,c,\" b\"\n"), twice);
    }

    #[test]
    fn an_unclosed_quote_in_the_header_does_not_take_in_the_text() {
        let mut text = b"a,\"b\n".to_vec();
        text.extend(b"1,2\n".repeat(3000));
        let early = read_header(&text, false, &known);
        assert_eq!(early, Err(HeaderFault::StrayQuote));
    }

    #[test]
    fn an_endless_header_is_refused() {
        let error = Records::new(io::repeat(b'x'), &known).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 1 starts a record of more than 1048576 bytes"
        );
        let error = Records::new(b"".as_slice(), &known).unwrap_err();
        assert!(matches!(error, CsvError::Header(HeaderFault::Empty)));
    }

    #[test]
    fn plain_records_are_read() {
        assert_eq!(brief(b"a,b\n1,2\n3,4\n"), ["2:1|2", "3:3|4"]);
        assert_eq!(brief(b"a,b\r\n1,2\r\n3,4"), ["2:1|2", "3:3|4"]);
        assert_eq!(brief(b"a,b\r1,2\r3,4\r"), ["2:1|2", "3:3|4"]);
        assert_eq!(brief(b"a,b\n1,2\r\n,\n, "), ["2:1|2", "3:|", "4:| "]);
        assert_eq!(brief(b"a;b\n1,5;2,5\n"), ["2:1,5|2,5"]);
        assert_eq!(brief("a\tb\n é\t東\n".as_bytes()), ["2: é|東"]);
        assert_eq!(brief(b"a,b\n"), Vec::<String>::new());
        assert_eq!(brief(b"a,b"), Vec::<String>::new());
    }

    #[test]
    fn quoted_records_are_read() {
        assert_eq!(brief(b"a,b\n\"1\",\"2\"\n"), ["2:1|2"]);
        assert_eq!(brief(b"a,b\n\"1\",\"2\""), ["2:1|2"]);
        assert_eq!(brief(b"a,b\n\"1,5\",\"\"\r\nx,y"), ["2:1,5|", "3:x|y"]);
        assert_eq!(
            brief(b"a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n"),
            ["2:say \"hi\"|\""]
        );
        assert_eq!(brief(b"a,b\n\"1\n2\",3\n4,5\n"), ["2:1\n2|3", "4:4|5"]);
        assert_eq!(brief(b"a,b\n\"1\r2\",3\n4,5\n"), ["2:1\r2|3", "3:4|5"]);
        assert_eq!(brief(b"a,b\r\"1\r\n2\",3\r4,5\r"), ["2:1\r\n2|3", "4:4|5"]);
        assert_eq!(brief(b"a\n\"\"\n"), ["2:"]);
    }

    #[test]
    fn blank_lines_are_told_from_records() {
        assert_eq!(brief(b"a,b\n\n  \r\n1,2\n "), ["2-", "3-", "4:1|2", "5-"]);
        assert_eq!(brief(b"a\n\n1\n \n\r\n"), ["2-", "3:1", "4-", "5-"]);
        assert_eq!(brief(b"a,b\r\r1,2\r"), ["2-", "3:1|2"]);
        assert_eq!(brief(b"a\tb\n\t\n"), ["2:|"]);
        assert_eq!(brief(b"a,b\n\t\n"), ["2!Width { found: 1, expected: 2 }"]);
    }

    #[test]
    fn records_of_the_wrong_width_are_quarantined_whole() {
        let text = b"a,b\n1\n1,2,3\n\"1\n2\n3\",4,5\n6,7\n";
        assert_eq!(
            brief(text),
            [
                "2!Width { found: 1, expected: 2 }",
                "3!Width { found: 3, expected: 2 }",
                "4!Width { found: 3, expected: 2 }",
                "7:6|7",
            ]
        );
        let wide = [b"a,b\n".as_slice(), &[b','; 100_000], b"\n1,2\n"].concat();
        assert_eq!(
            brief(&wide),
            ["2!Width { found: 100001, expected: 2 }", "3:1|2"]
        );
    }

    #[test]
    fn a_stray_quote_costs_one_line() {
        assert_eq!(
            brief(b"a,b\n1,2\"\n3,4\n"),
            ["2!StrayQuote { field: 2 }", "3:3|4"]
        );
        assert_eq!(
            brief(b"a,b\n\"1\"x,2\n3,4\n"),
            ["2!StrayQuote { field: 1 }", "3:3|4"]
        );
        assert_eq!(
            brief(b"a,b\n1, \"2\"\n3,4"),
            ["2!StrayQuote { field: 2 }", "3:3|4"]
        );
        assert_eq!(
            brief(b"a,b\n1,\"2\n3,4\n5,\"6\"\n"),
            ["2!StrayQuote { field: 2 }", "3:3|4", "4:5|6"]
        );
    }

    #[test]
    fn an_unclosed_quote_costs_one_line() {
        assert_eq!(
            brief(b"a,b\n\"1,2\n3,4\n5,6\n"),
            ["2!UnclosedQuote", "3:3|4", "4:5|6"]
        );
        assert_eq!(brief(b"a,b\n1,\""), ["2!UnclosedQuote"]);
        assert_eq!(brief(b"a,b\n1,\"\"\""), ["2!UnclosedQuote"]);
        assert_eq!(
            brief(b"a,b\r\"1,2\n3,4\r5,6\r"),
            ["2!UnclosedQuote", "3:5|6"]
        );
    }

    #[test]
    fn a_quoted_field_has_limits() {
        let lines = |breaks: usize| {
            let value = "\n".repeat(breaks);
            brief(format!("a,b\n\"{value}\",1\n").as_bytes())
        };
        assert_eq!(lines(MAX_QUOTED_LINES - 1).len(), 1);
        let beyond = lines(MAX_QUOTED_LINES);
        assert_eq!(beyond[..2], ["2!UnclosedQuote", "3-"]);
        let reasons = |len: usize| {
            let value = "x".repeat(len);
            let text = format!("a,b\n\"{value}\",1\n");
            read_with(text.as_bytes(), 1 << 16, Limits::default()).unwrap()
        };
        assert_eq!(reasons(MAX_QUOTED_BYTES - 2).counts.records, 1);
        assert_eq!(reasons(MAX_QUOTED_BYTES - 1).counts.quarantined, 1);
    }

    #[test]
    fn damaged_bytes_are_quarantined() {
        assert_eq!(brief(b"a,b\n1,\0\n3,4\n"), ["2!Nul", "3:3|4"]);
        assert_eq!(brief(b"a,b\n1,\xFF\n3,4\n"), ["2!NotText", "3:3|4"]);
        assert_eq!(brief(b"a,b\n1,\xC3\n3,4\n"), ["2!NotText", "3:3|4"]);
        assert_eq!(brief(b"a,b\n\"\n\0\",1\n3,4\n"), ["2!Nul", "4:3|4"]);
        assert_eq!(brief(b"a,b\n\"\n\xFF\"\n3,4\n"), ["2!NotText", "4:3|4"]);
    }

    #[test]
    fn stray_line_breaks_are_quarantined() {
        let stray = |text: &[u8]| assert_eq!(brief(text), ["2!StrayLineBreak", "3:3|4"]);
        stray(b"a,b\n1,2\rx\n3,4\n");
        stray(b"a,b\n1,2\r\r\n3,4\n");
        stray(b"a,b\n\r1,2\n3,4\n");
        stray(b"a,b\n\"1\"\r,2\n3,4\n");
        stray(b"a,b\n1,\"2\"\r\r\n3,4\n");
        stray(b"a,b\r1,2\n\r3,4\r");
        stray(b"a,b\r\n1,2\r3,4\r\n3,4");
        stray(b"a,b\r\"1\"\n,2\r3,4\r");
        stray(b"a,b\r1,\"2\"\n\r3,4\r");
        assert_eq!(brief(b"a,b\n1,2\r"), ["2!StrayLineBreak"]);
        assert_eq!(brief(b"a,b\n1,\"2\"\r"), ["2!StrayLineBreak"]);
        assert_eq!(brief(b"a,b\n\"1\n\",2\rx\n3,4\n")[0], "2!StrayLineBreak");
        assert_eq!(brief(b"a,b\n1\r\"2\n3,4\n")[0], "2!StrayQuote { field: 1 }");
    }

    #[test]
    fn numbers_count_records_and_quarantined_spans() {
        let items = read(b"a,b\n1,2\n\n3\n4,5\n").items;
        let numbers: Vec<_> = items
            .iter()
            .filter_map(|item| match item {
                Owned::Record { number, .. } | Owned::Quarantined { number, .. } => Some(*number),
                Owned::Blank(_) => None,
            })
            .collect();
        assert_eq!(numbers, [1, 2, 3]);
        let counts = read(b"a,b\n1,2\n\n3\n4,5\n").counts;
        let expected = Counts {
            header_bytes: 4,
            record_bytes: 8,
            quarantined_bytes: 2,
            blank_bytes: 1,
            records: 2,
            quarantined: 1,
            blank_lines: 1,
        };
        assert_eq!(counts, expected);
    }

    #[test]
    fn a_record_may_be_as_long_as_the_limit_and_no_longer() {
        let text = |len: usize| {
            let mut text = b"a,b\n1,2\n".to_vec();
            text.extend(vec![b'x'; len - 3]);
            text.extend(b",y\nz,z\n");
            text
        };
        let longest = text(MAX_RECORD_BYTES);
        let outcome = read_with(&longest, 1 << 16, Limits::default()).unwrap();
        assert_eq!((outcome.counts.records, outcome.error), (3, None));
        let longer = text(MAX_RECORD_BYTES + 1);
        let outcome = read_with(&longer, 1 << 16, Limits::default()).unwrap();
        let error = outcome.error.unwrap();
        assert_eq!(error, "LineTooLong { line: 3, limit: 16777216 }");
        assert_eq!(outcome.counts.records, 1);
    }

    #[test]
    fn the_buffer_stays_bounded() {
        let endless = b"a,b\n".chain(io::repeat(b'x'));
        let mut records = Records::new(endless, &known).unwrap();
        assert!(matches!(
            records.next(),
            Err(CsvError::LineTooLong { line: 2, .. })
        ));
        assert!(records.source.buffer.capacity() <= 2 * MAX_RECORD_BYTES + 64);
    }

    #[test]
    fn errors_of_the_reader_are_passed_on_and_lose_nothing() {
        struct FailsOnce<'a>(&'a [u8], bool);
        impl Read for FailsOnce<'_> {
            fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
                if self.0.len() == 3 && !self.1 {
                    self.1 = true;
                    return Err(io::Error::other("once"));
                }
                let count = target.len().min(1);
                self.0.read(&mut target[..count])
            }
        }
        let limits = Limits {
            first_buffer_bytes: 4,
            ..Limits::default()
        };
        let reader = FailsOnce(b"a,b\n1,2\n3,4\n", false);
        let mut records = Records::with_limits(reader, &known, limits).unwrap();
        let mut fields = Vec::new();
        let mut failures = 0;
        loop {
            match records.next() {
                Ok(Some(Item::Record(record))) => fields.push(record.field(1).to_owned()),
                Ok(None) => break,
                Err(CsvError::Io(_)) => failures += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((fields.join(""), failures), ("24".to_owned(), 1));
        assert_eq!(records.finish().unwrap().records, 2);
    }

    #[test]
    fn finishing_early_is_an_error() {
        let text = b"a,b\n1,2\n3,4\n";
        for size in [4, 1 << 16] {
            let limits = Limits {
                first_buffer_bytes: size,
                ..Limits::default()
            };
            let records = Records::with_limits(text.as_slice(), &known, limits).unwrap();
            assert!(matches!(records.finish(), Err(CsvError::NotTiled(_))));
        }
        let records = Records::new(b"a,b\n".as_slice(), &known).unwrap();
        assert_eq!(records.finish().unwrap().header_bytes, 4);
    }

    #[test]
    fn tiling_notices_gaps_and_overlaps() {
        let mut tiling = Tiling::new();
        tiling.push(0..3).unwrap();
        tiling.push(3..3).unwrap();
        assert!(tiling.push(4..5).is_err());
        assert!(tiling.push(2..5).is_err());
        #[expect(clippy::reversed_empty_ranges)]
        let backward = 3..2;
        assert!(tiling.push(backward).is_err());
        tiling.push(3..5).unwrap();
        tiling.finish(5).unwrap();
        let error = tiling.finish(7).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the text is accounted for up to byte 5, but bytes 7 to 7 come next"
        );
    }

    #[test]
    fn damage_is_told_in_plain_english() {
        let texts = [
            Damage::Width {
                found: 1,
                expected: 3,
            },
            Damage::Width {
                found: 4,
                expected: 3,
            },
            Damage::StrayQuote { field: 2 },
            Damage::UnclosedQuote,
            Damage::Nul,
            Damage::NotText,
            Damage::StrayLineBreak,
        ]
        .map(|damage| damage.to_string());
        assert_eq!(
            texts,
            [
                "1 field where the header has 3",
                "4 fields where the header has 3",
                "a quote mark in field 2 neither opens nor closes it",
                "a quote mark opens a field and is never closed",
                "it contains a NUL byte",
                "it contains bytes that are not text",
                "it contains a line break of another kind than ends the other lines",
            ]
        );
    }

    /// The rules once more, byte by byte and with the whole text at hand.
    struct Reference<'a> {
        text: &'a [u8],
        dialect: Dialect,
        width: usize,
        limits: Limits,
    }

    impl Reference<'_> {
        fn byte(&self, at: usize) -> Option<u8> {
            self.text.get(at).copied()
        }

        /// The length of the line terminator at `at`, if there is one.
        fn terminator_at(&self, at: usize) -> Option<usize> {
            match (self.dialect.line_ending, self.byte(at)?, self.byte(at + 1)) {
                (LineEnding::Lf, b'\n', _) | (LineEnding::Cr, b'\r', _) => Some(1),
                (LineEnding::Lf, b'\r', Some(b'\n')) => Some(2),
                _ => None,
            }
        }

        fn quoted(&self, open: usize, value: &mut Vec<u8>) -> Option<usize> {
            let mut at = open + 1;
            let mut lines = 1;
            loop {
                let byte = self.byte(at)?;
                if at - open >= self.limits.quoted_bytes {
                    return None;
                }
                if byte == b'"' {
                    if self.byte(at + 1) != Some(b'"') {
                        return Some(at + 1);
                    }
                    at += 1;
                }
                lines += usize::from(byte == self.dialect.line_ending.terminator());
                if lines > self.limits.quoted_lines {
                    return None;
                }
                value.push(byte);
                at += 1;
            }
        }

        /// Where the record ends, its fields, and whether a line break is astray.
        fn record(&self, start: usize) -> Result<(usize, Vec<Vec<u8>>, bool), Damage> {
            let mut fields: Vec<Vec<u8>> = Vec::new();
            let mut stray_break = false;
            let mut at = start;
            loop {
                let field = fields.len() + 1;
                let mut value = Vec::new();
                let is_quoted = self.byte(at) == Some(b'"');
                if is_quoted {
                    at = self.quoted(at, &mut value).ok_or(Damage::UnclosedQuote)?;
                }
                let mut may_go_on = !is_quoted;
                loop {
                    let Some(byte) = self.byte(at) else {
                        fields.push(value);
                        return Ok((at, fields, stray_break));
                    };
                    if let Some(len) = self.terminator_at(at) {
                        fields.push(value);
                        return Ok((at + len, fields, stray_break));
                    }
                    if byte == self.dialect.delimiter.byte() {
                        fields.push(value);
                        at += 1;
                        break;
                    }
                    let is_break = byte == b'\r' || byte == b'\n';
                    if byte == b'"' || (!may_go_on && !is_break) {
                        return Err(Damage::StrayQuote { field });
                    }
                    may_go_on = true;
                    stray_break |= is_break;
                    value.push(byte);
                    at += 1;
                }
            }
        }

        fn line_end(&self, start: usize) -> usize {
            let terminator = self.dialect.line_ending.terminator();
            let rest = &self.text[start..];
            rest.iter()
                .position(|&byte| byte == terminator)
                .map_or(self.text.len(), |at| start + at + 1)
        }

        fn is_blank(&self, start: usize) -> Option<usize> {
            let mut at = start;
            while self.byte(at) == Some(b' ') {
                at += 1;
            }
            match self.terminator_at(at) {
                Some(len) => Some(at + len),
                None => self.byte(at).is_none().then_some(at),
            }
        }

        fn one(&self, start: usize) -> (usize, Result<Vec<String>, Damage>) {
            let (end, fields, stray_break) = match self.record(start) {
                Ok(read) => read,
                Err(damage) => return (self.line_end(start), Err(damage)),
            };
            let raw = &self.text[start..end];
            let found = fields.len();
            let expected = self.width;
            let result = if stray_break {
                Err(Damage::StrayLineBreak)
            } else if raw.contains(&0) {
                Err(Damage::Nul)
            } else if std::str::from_utf8(raw).is_err() {
                Err(Damage::NotText)
            } else if found != expected {
                Err(Damage::Width { found, expected })
            } else {
                let strings = fields
                    .into_iter()
                    .map(|one| String::from_utf8(one).unwrap());
                Ok(strings.collect())
            };
            (end, result)
        }

        fn items(&self, header: &Header) -> Vec<Owned> {
            let mut items = Vec::new();
            let terminator = self.dialect.line_ending.terminator();
            let mut start = header.span.end as usize;
            let mut number = 0;
            while start < self.text.len() {
                let from_header = &self.text[header.span.start as usize..start];
                let breaks = from_header.iter().filter(|&&byte| byte == terminator);
                let line = header.line + breaks.count() as u64;
                let end;
                if let Some(blank_end) = self.is_blank(start) {
                    end = blank_end;
                    let bytes = start as u64..end as u64;
                    items.push(Owned::Blank(Span { line, bytes }));
                } else {
                    number += 1;
                    let (record_end, result) = self.one(start);
                    end = record_end;
                    let span = start as u64..end as u64;
                    items.push(match result {
                        Ok(fields) => Owned::Record {
                            line,
                            number,
                            span,
                            fields,
                        },
                        Err(reason) => Owned::Quarantined {
                            line,
                            number,
                            span,
                            reason,
                        },
                    });
                }
                start = end;
            }
            items
        }
    }

    fn check_against_reference(text: &[u8], size: usize, limits: Limits) -> Outcome {
        let outcome = read_with(text, size, limits).unwrap();
        let reference = Reference {
            text,
            dialect: outcome.header.dialect,
            width: outcome.header.names.len(),
            limits,
        };
        let mut expected = reference.items(&outcome.header);
        if outcome.error.is_some() {
            let beyond = &expected[outcome.items.len()];
            let longest = beyond.span().end - beyond.span().start;
            let is_misquoted = matches!(
                beyond,
                Owned::Quarantined {
                    reason: Damage::StrayQuote { .. } | Damage::UnclosedQuote,
                    ..
                }
            );
            assert!(longest > limits.record_bytes as u64 || is_misquoted);
            expected.truncate(outcome.items.len());
        }
        assert_eq!(outcome.items, expected);
        outcome
    }

    const TIGHT: Limits = Limits {
        record_bytes: 40,
        header_bytes: 64,
        quoted_bytes: 12,
        quoted_lines: 3,
        first_buffer_bytes: 8,
    };

    fn some_header() -> impl Strategy<Value = Vec<u8>> {
        let delimiter = prop::sample::select(vec![",", ";", "\t"]);
        let ending = prop::sample::select(vec!["\n", "\r\n", "\r"]);
        let before = prop::sample::select(vec!["", "\n", " \r\n", "\r"]);
        (1usize..4, delimiter, before, ending).prop_map(|(width, delimiter, before, ending)| {
            let names = KNOWN[..width].join(delimiter);
            format!("{before}{names}{ending}").into_bytes()
        })
    }

    fn csv_like_bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            8 => prop::sample::select(b",;\t\"\n\r".to_vec()),
            5 => prop::sample::select(b"\"\",\nab ".to_vec()),
            1 => prop::sample::select(b"\0\xFF\xC3\xA9".to_vec()),
        ];
        prop::collection::vec(byte, 0..80)
    }

    /// A table, and how to write it.
    #[derive(Debug, Clone)]
    struct Table {
        dialect: Dialect,
        terminators: Vec<&'static str>,
        rows: Vec<Vec<(String, bool)>>,
        width: usize,
        ends_with_terminator: bool,
    }

    impl Table {
        fn write(&self) -> Vec<u8> {
            let delimiter = char::from(self.dialect.delimiter.byte()).to_string();
            let mut text = KNOWN[..self.width].join(&delimiter);
            text.push_str(self.terminators[0]);
            for (at, row) in self.rows.iter().enumerate() {
                let cells: Vec<_> = row.iter().map(|cell| self.cell(cell)).collect();
                text.push_str(&cells.join(&delimiter));
                if at + 1 < self.rows.len() || self.ends_with_terminator {
                    text.push_str(self.terminators[(at + 1) % self.terminators.len()]);
                }
            }
            text.into_bytes()
        }

        fn cell(&self, (value, quoted): &(String, bool)) -> String {
            let delimiter = char::from(self.dialect.delimiter.byte());
            let needs_quotes = value.contains(['"', '\n', '\r', delimiter])
                || (self.width == 1 && value.bytes().all(|byte| byte == b' '));
            if *quoted || needs_quotes {
                format!("\"{}\"", value.replace('"', "\"\""))
            } else {
                value.clone()
            }
        }
    }

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => "[0-9.]{0,6}",
            3 => "[ab,;\t\"\n\r é東🚲]{0,6}",
            1 => any::<String>().prop_map(|text| text.replace('\0', "")),
        ]
    }

    fn table() -> impl Strategy<Value = Table> {
        let ending = prop::sample::select(vec![
            vec!["\n"],
            vec!["\r\n"],
            vec!["\n", "\r\n", "\n"],
            vec!["\r"],
        ]);
        let delimiter = prop::sample::select(Delimiter::ALL.to_vec());
        (1usize..5, delimiter, ending, any::<bool>()).prop_flat_map(
            |(width, delimiter, terminators, ends_with_terminator)| {
                let row = prop::collection::vec((value(), any::<bool>()), width);
                prop::collection::vec(row, 0..8).prop_map(move |rows| Table {
                    dialect: Dialect {
                        // With one column no delimiter is seen, so the preferred one is taken.
                        delimiter: if width == 1 {
                            Delimiter::Comma
                        } else {
                            delimiter
                        },
                        line_ending: match terminators.as_slice() {
                            ["\r"] => LineEnding::Cr,
                            _ => LineEnding::Lf,
                        },
                    },
                    terminators: terminators.clone(),
                    rows,
                    width,
                    ends_with_terminator,
                })
            },
        )
    }

    #[derive(Debug, Clone)]
    enum Edit {
        Insert(u8),
        Remove,
        Replace(u8),
    }

    fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, Edit)>> {
        let byte = || {
            prop_oneof![
                prop::sample::select(b"\"\"\n\r,;\0\xFF".to_vec()),
                any::<u8>()
            ]
        };
        let edit = prop_oneof![
            byte().prop_map(Edit::Insert),
            Just(Edit::Remove),
            byte().prop_map(Edit::Replace),
        ];
        prop::collection::vec((any::<prop::sample::Index>(), edit), 1..4)
    }

    /// Damages the text from byte `start` on.
    fn damage(text: &mut Vec<u8>, start: usize, edits: &[(prop::sample::Index, Edit)]) {
        for (index, edit) in edits {
            if text.len() <= start {
                return;
            }
            let at = start + index.index(text.len() - start);
            match edit {
                Edit::Insert(byte) => text.insert(at, *byte),
                Edit::Remove => {
                    text.remove(at);
                }
                Edit::Replace(byte) => text[at] = *byte,
            }
        }
    }

    fn limits(first_buffer_bytes: usize) -> Limits {
        Limits {
            first_buffer_bytes,
            ..Limits::default()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn random_bytes_follow_the_rules(
            header in some_header(),
            body in prop_oneof![csv_like_bytes(), prop::collection::vec(any::<u8>(), 0..80)],
            size in 1usize..100,
        ) {
            let text = [header, body].concat();
            check_against_reference(&text, size, limits(8));
        }

        #[test]
        fn the_limits_follow_the_rules(
            header in some_header(), body in csv_like_bytes(), size in 1usize..100,
        ) {
            let text = [header, body].concat();
            let outcome = check_against_reference(&text, size, TIGHT);
            let ample = Limits { first_buffer_bytes: 1 << 10, ..TIGHT };
            prop_assert_eq!(outcome, read_with(&text, 1 << 10, ample).unwrap());
        }

        #[test]
        fn bytes_without_a_header_are_refused_or_tile(text in csv_like_bytes(), size in 1usize..9) {
            let whole = read_with(&text, 1 << 10, limits(1 << 10));
            prop_assert_eq!(read_with(&text, size, limits(1)), whole);
        }

        #[test]
        fn damaged_tables_follow_the_rules(
            table in table(), edits in edits(), size in 1usize..100,
        ) {
            let mut text = table.write();
            let header_end = read_header(&text, true, &known).unwrap().span.end as usize;
            damage(&mut text, header_end, &edits);
            check_against_reference(&text, size, limits(16));
        }

        #[test]
        fn chunks_do_not_matter(
            table in table(), edits in edits(), size in 1usize..65_537, buffer in 1usize..300,
        ) {
            let mut text = table.write();
            damage(&mut text, 0, &edits);
            let whole = read_with(&text, 1 << 20, Limits::default());
            for size in [1, 2, 7, size] {
                prop_assert_eq!(&read_with(&text, size, limits(buffer)), &whole);
            }
        }

        #[test]
        fn well_formed_tables_read_back(table in table(), size in 1usize..100) {
            let outcome = read_with(&table.write(), size, limits(32)).unwrap();
            prop_assert_eq!(outcome.header.dialect, table.dialect);
            let read: Vec<Vec<String>> = outcome.items.into_iter().map(|item| match item {
                Owned::Record { fields, .. } => fields,
                other => panic!("{other:?}"),
            }).collect();
            let written: Vec<Vec<String>> = table.rows.into_iter()
                .map(|row| row.into_iter().map(|(value, _)| value).collect()).collect();
            prop_assert_eq!(read, written);
        }
    }
}

//! Reads a text item by item.

use std::fmt;
use std::io::Read;

use memchr::memchr;

use super::buffer::Buffer;
use super::damage::{CsvError, Damage};
use super::dialect::{Dialect, LineEnding};
use super::header::{Above, Header, are_in_apostrophes};
use super::header_again::{Compared, HeaderAgain};
use super::item::{Item, QuarantinedSpan, Record};
use super::lengths::{lines_in, to_usize};
use super::limits::Limits;
use super::plain::PlainRecord;
use super::row::{ItemShape, Outline};
use super::scanner::Scanner;
use super::tiling::{NonRow, Span, SpanCounts, SpanKind, SpanLedger};
use super::trailer::{END_MARK, trailer};

/// Reads decoded text item by item.
///
/// Guaranteed: the blank lines before the header, the header, and the items returned cover every
/// byte of the text exactly once and in order. What is returned does not depend on how the reader
/// cuts its chunks. Memory grows no further than the longest record needs.
pub struct Records<'k, R> {
    pub(super) buffer: Buffer<R>,
    scanner: Scanner,
    ledger: SpanLedger,
    header: Header,
    again: HeaderAgain<'k>,
    /// The columns without a name, from 0.
    unnamed: Vec<usize>,
    /// Among how many of the first rows one is sought that stands in apostrophes.
    first_rows: u64,
}

/// How many rows are looked at for apostrophes.
const FIRST_ROWS: u64 = 20;

impl<R: fmt::Debug> fmt::Debug for Records<'_, R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { buffer, scanner: _, ledger, header, again: _, unnamed: _, first_rows: _ } = self;
        let mut shown = out.debug_struct("Records");
        shown.field("buffer", buffer).field("ledger", ledger).field("header", header);
        shown.finish_non_exhaustive()
    }
}

impl<'k, R: Read> Records<'k, R> {
    /// Reads the header of the decoded text in `reader`; see [`read_header`](super::read_header).
    ///
    /// # Errors
    /// If there is no usable header, it is longer than
    /// [`MAX_HEADER_BYTES`](super::MAX_HEADER_BYTES), or the reader fails.
    pub fn new(reader: R, recognise: &'k dyn Fn(&str) -> bool) -> Result<Self, CsvError> {
        Self::with_limits(reader, recognise, Limits::default())
    }

    pub(super) fn with_limits(
        reader: R,
        recognise: &'k dyn Fn(&str) -> bool,
        limits: Limits,
    ) -> Result<Self, CsvError> {
        let mut buffer = Buffer::new(reader, limits.first_buffer_bytes);
        let header = buffer.read_header(recognise, limits.header_bytes)?;
        let mut ledger = SpanLedger::starting_at(0);
        for Above { span, what } in &header.above {
            let raw = buffer.take(to_usize(span.bytes.end - span.bytes.start));
            let kind = what.map_or(SpanKind::Blank, SpanKind::NonRow);
            let lines = if what.is_none() { 1 } else { lines_in(raw, terminator_of(raw)) };
            ledger.enter(kind, span.bytes.clone(), lines)?;
        }
        let terminator = header.dialect.line_ending.terminator();
        let raw = buffer.take(to_usize(header.span.end - header.span.start));
        ledger.enter(SpanKind::Header, header.span.clone(), lines_in(raw, terminator))?;
        Ok(Self { first_rows: FIRST_ROWS, ..Self::after(buffer, ledger, header, recognise, limits) })
    }

    /// Goes on in a text of which everything before byte `at` was dealt with elsewhere; `reader` stands there, at the
    /// start of a record. Lines are counted from there.
    pub fn resume(reader: R, header: Header, at: u64, recognise: &'k dyn Fn(&str) -> bool) -> Self {
        let limits = Limits::default();
        let buffer = Buffer::starting_at(reader, limits.first_buffer_bytes, at);
        Self::after(buffer, SpanLedger::starting_at(at), header, recognise, limits)
    }

    /// A reader of what comes after the header.
    fn after(
        buffer: Buffer<R>,
        ledger: SpanLedger,
        header: Header,
        recognise: &'k dyn Fn(&str) -> bool,
        limits: Limits,
    ) -> Self {
        let unnamed = header.names.iter().enumerate().filter(|(_, name)| name.is_empty()).map(|(at, _)| at).collect();
        Self {
            buffer,
            scanner: Scanner::new(header.dialect, header.names.len(), limits),
            ledger,
            again: HeaderAgain::new(&header.names, recognise),
            header,
            unnamed,
            first_rows: 0,
        }
    }

    /// From here on no column holds line breaks but these, counted from 0. A quote that is not closed on its line is astray
    /// in any other, and a record on several lines may be several records.
    pub fn line_breaks_only_in(&mut self, places: impl Iterator<Item = usize>) {
        let mut may_break = vec![false; self.header.names.len()];
        for place in places {
            if let Some(may) = may_break.get_mut(place) {
                *may = true;
            }
        }
        self.scanner.line_breaks_only_in(may_break);
    }

    /// Where the next item starts.
    #[must_use]
    pub fn at(&self) -> u64 {
        self.buffer.offset
    }

    /// How many physical lines have been read, those of the header included.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.ledger.line - 1
    }

    /// Passes over records that start before byte `end`, as long as they are plain and not `wanted`; answers how many.
    ///
    /// A plain record stands on one line of printable ASCII without quotes and is as wide as the header. Most are, and
    /// for them nothing but the width has to be found out. The first one that is not, or is wanted, is left for
    /// [`Records::next`].
    ///
    /// # Errors
    /// If the spans turn out not to follow one another.
    pub fn pass_over(&mut self, end: u64, wanted: &mut dyn FnMut(PlainRecord<'_>) -> bool) -> Result<u64, CsvError> {
        let Dialect { delimiter, line_ending } = self.header.dialect;
        let mut passed = 0;
        // In a table of one column a blank line looks like a record.
        let can_tell = line_ending == LineEnding::Lf && self.header.names.len() > 1;
        if !can_tell {
            return Ok(passed);
        }
        while self.buffer.offset < end {
            let pending = self.buffer.pending();
            let Some(at) = memchr(b'\n', pending).filter(|at| *at < self.scanner.limits.record_bytes) else { break };
            let line = pending.get(..at).unwrap_or_default();
            if line.is_empty() || line == b"\r" {
                self.ledger.enter(SpanKind::Blank, self.buffer.next_span(at + 1), 1)?;
                self.buffer.take(at + 1);
                continue;
            }
            let record = PlainRecord { line: line.strip_suffix(b"\r").unwrap_or(line), delimiter: delimiter.byte() };
            if record.plain_width() != Some(self.header.names.len()) || self.may_be_no_row(record) || wanted(record) {
                break;
            }
            self.ledger.enter(SpanKind::Record, self.buffer.next_span(at + 1), 1)?;
            self.buffer.take(at + 1);
            passed += 1;
        }
        Ok(passed)
    }

    /// Whether a plain record has to be looked at more closely.
    fn may_be_no_row(&self, record: PlainRecord<'_>) -> bool {
        record.is_empty()
            || (self.is_among_first() && memchr(b'\'', record.line).is_some())
            || self.again.may_be(record)
            || self.unnamed.iter().any(|at| !record.cell(*at).trim_ascii().is_empty())
    }

    /// Whether the next row is one of the first of the text.
    fn is_among_first(&self) -> bool {
        self.ledger.counts.records + self.ledger.counts.quarantined < self.first_rows
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What has been read so far, the header and blank lines before it included.
    #[must_use]
    pub fn counts(&self) -> SpanCounts {
        self.ledger.counts
    }

    /// The next item, or nothing at the end of the text.
    ///
    /// # Errors
    /// If the reader fails (a later call tries again), if a record is longer than
    /// [`MAX_RECORD_BYTES`](super::MAX_RECORD_BYTES) (every later call fails the same), or, at the end, if the spans turn out
    /// not to cover every byte.
    #[expect(clippy::should_implement_trait, reason = "the items borrow the reader")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, CsvError> {
        let Some(outline) = self.outline()? else {
            self.ledger.verify(self.buffer.bytes_read)?;
            return Ok(None);
        };
        self.emit(outline).map(Some)
    }

    /// Confirms that the text has been read to its end and that every byte of it belongs to
    /// exactly one span, and returns the final counts.
    ///
    /// # Errors
    /// [`CsvError::NotTiled`] if not, also when items are left to read; [`CsvError::Io`] if the
    /// reader fails.
    pub fn finish(mut self) -> Result<SpanCounts, CsvError> {
        if self.buffer.pending().is_empty() {
            self.buffer.refill()?;
        }
        self.ledger.verify(self.buffer.bytes_read)?;
        Ok(self.ledger.counts)
    }

    /// Finds the end of the next item, reading as much as that takes.
    fn outline(&mut self) -> Result<Option<Outline>, CsvError> {
        let limit = self.scanner.limits.record_bytes;
        loop {
            let pending = self.buffer.pending();
            if pending.is_empty() && self.buffer.ended {
                return Ok(None);
            }
            // A Ctrl-Z that ends the text is a line of its own, even where it does not begin one.
            let pending = match pending {
                [before @ .., END_MARK] if !before.is_empty() || !self.buffer.ended => before,
                all => all,
            };
            // Looking no further than the limit makes the outcome independent of how much
            // happens to be buffered.
            let window = pending.get(..=limit).unwrap_or(pending);
            let at_end = self.buffer.ended && window.len() == pending.len();
            match self.scanner.outline(window, at_end) {
                Some(outline) if outline.len <= limit => return Ok(Some(outline)),
                None if window.len() <= limit && !self.buffer.ended => self.buffer.refill()?,
                _ => {
                    let line = self.ledger.line;
                    return Err(CsvError::LineTooLong { line, limit });
                }
            }
        }
    }

    /// Judges the next item, enters it in the ledger and returns it.
    fn emit(&mut self, outline: Outline) -> Result<Item<'_>, CsvError> {
        let span = self.buffer.next_span(outline.len);
        let is_among_first = self.is_among_first();
        let raw = self.buffer.take(outline.len);
        let found = self.scanner.marks.found();
        let mut verdict = judge(raw, outline.shape, found, self.header.names.len());
        let line = self.ledger.line;
        let lines = outline.shape.lines();
        if let JudgedItem::Sound(text) = verdict {
            self.scanner.marks.undouble(text);
            let cell = |at: usize| self.scanner.marks.read(at, text).unwrap_or_default();
            if let Some(at) = self.unnamed.iter().find(|at| !cell(**at).trim().is_empty()) {
                return Err(CsvError::UnnamedValue { column: at + 1, line });
            }
            if found > 1 && (0..found).all(|at| cell(at).trim().is_empty()) {
                verdict = JudgedItem::NoRow(NonRow::EmptyRow);
            }
            if is_among_first && are_in_apostrophes((0..found).map(cell)) {
                return Err(CsvError::InApostrophes { line });
            }
            match self.again.compare(&self.header.names, cell) {
                Compared::Another => return Err(CsvError::AnotherHeader { line }),
                Compared::Same => verdict = JudgedItem::NoRow(NonRow::HeaderAgain),
                Compared::NoHeader => {}
            }
        }
        let number = self.ledger.enter(verdict.kind(), span.clone(), lines)?;
        Ok(match verdict {
            JudgedItem::Blank => Item::Blank(Span { line, bytes: span }),
            JudgedItem::NoRow(kind) => Item::NonRow(kind, Span { line, bytes: span }),
            JudgedItem::Damaged(reason) => Item::Quarantined(QuarantinedSpan { line, number, span, raw, reason }),
            JudgedItem::Sound(text) => Item::Record(Record { line, number, span, text, marks: &self.scanner.marks }),
        })
    }
}

/// What ends the lines of a title: the byte it ends with, if that is a line break.
fn terminator_of(raw: &[u8]) -> u8 {
    if raw.last() == Some(&b'\r') { b'\r' } else { b'\n' }
}

/// The result of checking an item.
enum JudgedItem<'a> {
    Blank,
    NoRow(NonRow),
    Damaged(Damage),
    Sound(&'a str),
}

impl JudgedItem<'_> {
    fn kind(&self) -> SpanKind {
        match self {
            JudgedItem::Blank => SpanKind::Blank,
            JudgedItem::NoRow(kind) => SpanKind::NonRow(*kind),
            JudgedItem::Damaged(_) => SpanKind::Quarantined,
            JudgedItem::Sound(_) => SpanKind::Record,
        }
    }
}

fn judge(raw: &[u8], shape: ItemShape, found: usize, expected: usize) -> JudgedItem<'_> {
    if let (ItemShape::Fields(_), Some(kind)) = (shape, trailer(raw)) {
        return JudgedItem::NoRow(kind);
    }
    match shape {
        ItemShape::Blank => return JudgedItem::Blank,
        ItemShape::Misquoted(damage) => return JudgedItem::Damaged(damage),
        ItemShape::Fields(row) if row.stray_break => {
            return JudgedItem::Damaged(Damage::StrayLineBreak);
        }
        ItemShape::Fields(row) if row.nul => return JudgedItem::Damaged(Damage::Nul),
        ItemShape::Fields(_) => {}
    }
    let Ok(text) = std::str::from_utf8(raw) else {
        return JudgedItem::Damaged(Damage::NotText);
    };
    if found == expected { JudgedItem::Sound(text) } else { JudgedItem::Damaged(Damage::Width { found, expected }) }
}

#[cfg(test)]
mod tests {
    use super::super::limits::MAX_RECORD_BYTES;
    use super::super::testing::{Owned, brief, brief_with, known, read, read_with};
    use super::*;

    #[test]
    fn records_of_the_wrong_width_are_quarantined_whole() {
        let text = b"a,b\n1\n1,2,3\n\"1\n2\n3\",4,5\n6,7\n";
        assert_eq!(
            brief(text),
            [
                "2!Width { found: 1, expected: 2 }",
                "3!Width { found: 3, expected: 2 }",
                "4!UnclosedQuote { field: 1 }",
                "5!Width { found: 1, expected: 2 }",
                "6!StrayQuote { field: 1 }",
                "7:6|7",
            ]
        );
        let wide = [b"a,b\n".as_slice(), &b",".repeat(100_000), b"\n1,2\n"].concat();
        assert_eq!(brief(&wide), ["2!Width { found: 100001, expected: 2 }", "3:1|2"]);
    }

    #[test]
    fn a_stray_quote_costs_one_line() {
        assert_eq!(brief(b"a,b\n1,2\"\n3,4\n"), ["2!StrayQuote { field: 2 }", "3:3|4"]);
        assert_eq!(brief(b"a,b\n\"1\"x,2\n3,4\n"), ["2!StrayQuote { field: 1 }", "3:3|4"]);
        assert_eq!(brief(b"a,b\n1, \"2\"\n3,4"), ["2!StrayQuote { field: 2 }", "3:3|4"]);
    }

    #[test]
    fn a_stray_quote_on_a_later_line_costs_the_line_it_opens_on_and_its_own() {
        assert_eq!(
            brief(b"a,b\n1,\"hello\nworld\nx\"y\n2,ok\n"),
            [
                "2!UnclosedQuote { field: 2 }",
                "3!Width { found: 1, expected: 2 }",
                "4!StrayQuote { field: 1 }",
                "5:2|ok"
            ]
        );
        // The quoted field is in order, but the one after it is not.
        assert_eq!(
            brief(b"a,b\n\"1\n2,3\n4\",5\"\n6,7"),
            ["2!UnclosedQuote { field: 1 }", "3:2|3", "4!StrayQuote { field: 1 }", "5:6|7"]
        );
        assert_eq!(
            brief(b"a,b\r\"1\r2,3\r4\"\"\"5\r\n6,7\r8,9"),
            ["2!UnclosedQuote { field: 1 }", "3:2|3", "4!StrayQuote { field: 1 }", "5!StrayLineBreak", "6:8|9"]
        );
        assert_eq!(brief(b"a,b\n\"1\n2\"3"), ["2!UnclosedQuote { field: 1 }", "3!StrayQuote { field: 1 }"]);
    }

    #[test]
    fn two_stray_quotes_cost_two_lines() {
        // As one record this would have the right width.
        let text = b"a,b,c\n1,2,3\n1,\"2,3\n4,5,6\n\n7,\"8\",9\n4,5\",6\n7,8,9\n";
        let expected = [
            "2:1|2|3",
            "3!UnclosedQuote { field: 2 }",
            "4:4|5|6",
            "5-",
            "6:7|8|9",
            "7!StrayQuote { field: 2 }",
            "8:7|8|9",
        ];
        assert_eq!(brief_with(&[], text), expected);
        assert_eq!(brief_with(&[0, 2], text), expected);
        // In one cell and in several, with a quote that is closed where another cell's opens.
        assert_eq!(
            brief_with(&[2], b"a,b,c\r\n\"1,2,3\r\n4,5,6\r\n7,8,9\"\r\n1,2,3\r\n"),
            ["2!UnclosedQuote { field: 1 }", "3:4|5|6", "4!StrayQuote { field: 3 }", "5:1|2|3"]
        );
        assert_eq!(
            brief_with(&[], b"a;b;c\n1;\"2;3\n4;5;6\n7;\"8\";9\n"),
            ["2!UnclosedQuote { field: 2 }", "3:4|5|6", "4:7|8|9"]
        );
    }

    #[test]
    fn a_quote_without_a_partner_costs_its_line() {
        let ends = ["", "\n", "\n\x1A"];
        for end in ends {
            let text = format!("a,b\n1,2\n\"3,4\n5,6{end}");
            let read = brief_with(&[], text.as_bytes());
            assert_eq!(read[..3], ["2:1|2", "3!UnclosedQuote { field: 1 }", "4:5|6"], "{end:?}");
        }
        assert_eq!(brief_with(&[1], b"a,b\n1,2\n3,\"4\n5,6"), ["2:1|2", "3!UnclosedQuote { field: 2 }", "4:5|6"]);
    }

    #[test]
    fn a_column_that_is_not_ours_may_hold_line_breaks() {
        assert_eq!(
            brief_with(&[1], b"a,b,c\n1,\"say \"\"2\"\"\nor, perhaps\n\n3\",4\n5,6,7\n"),
            ["2:1|say \"2\"\nor, perhaps\n\n3|4", "6:5|6|7"]
        );
        assert_eq!(brief_with(&[0], b"a,b,c\n\"1\n2\",3,4\n5,6,7\n"), ["2:1\n2|3|4", "4:5|6|7"]);
        assert_eq!(
            brief_with(&[1], b"a,b,c\n\"1\n2\",3,4\n5,6,7\n"),
            ["2!UnclosedQuote { field: 1 }", "3!StrayQuote { field: 1 }", "4:5|6|7"]
        );
    }

    #[test]
    fn two_stray_quotes_in_a_column_that_is_not_ours_swallow_no_row() {
        assert_eq!(
            brief_with(&[2], b"a,b,c\n1,2,\"x\n3,4,5\n6,7,x\"\n8,9,0\n"),
            ["2!UnclosedQuote { field: 3 }", "3:3|4|5", "4!StrayQuote { field: 3 }", "5:8|9|0"]
        );
        // Two rows one below the other, in which no line is wholly inside the cell.
        assert_eq!(
            brief_with(&[2], b"a,b,c\n1,2,\"x\n6,7,x\"\n8,9,0\n"),
            ["2!UnclosedQuote { field: 3 }", "3!StrayQuote { field: 3 }", "4:8|9|0"]
        );
        // The record that is made has another width.
        assert_eq!(
            brief_with(&[1], b"a,b,c\n1,\"2,x\n3,4,5\"\n8,9,0\n"),
            ["2!UnclosedQuote { field: 2 }", "3!StrayQuote { field: 3 }", "4:8|9|0"]
        );
    }

    #[test]
    fn a_quoted_cell_of_ours_holds_no_line_break_of_another_kind() {
        assert_eq!(brief_with(&[1], b"a,b\n\"1\r\",2\n3,\"4\r\"\n"), ["2!StrayLineBreak", "3:3|4\r"]);
    }

    #[test]
    fn a_quote_in_a_column_of_ours_is_sought_no_further_than_its_line() {
        let mut text = b"a,b\n\"1,2\n".to_vec();
        text.extend(b"3,4\n".repeat(300_000));
        text.extend(b"5\",6\n");
        let limits = Limits { first_buffer_bytes: 64, ..Limits::default() };
        let outcome = super::super::testing::read_with_breaks(&text, 64, limits, Some(&[])).unwrap();
        let counts = outcome.counts;
        assert_eq!((counts.records, counts.quarantined, counts.blank_lines), (300_000, 2, 0));
    }

    #[test]
    fn every_line_taken_alone_is_an_item_of_its_own() {
        let outcome = read(b"a,b\n1,2\n\"1\n2,3\n4\"5\n6,7\n");
        let places: Vec<_> = outcome
            .items
            .iter()
            .filter_map(|item| match item {
                Owned::Quarantined { line, number, span, .. } => Some((*line, *number, span.clone())),
                Owned::Record { .. } | Owned::Blank(_) | Owned::NonRow(..) => None,
            })
            .collect();
        assert_eq!(places, [(3, 2, 8..11), (5, 4, 15..19)]);
        let counts = outcome.counts;
        assert_eq!((counts.quarantined, counts.quarantined_bytes), (2, 7));
        assert_eq!((counts.records, counts.record_bytes), (3, 12));
    }

    #[test]
    fn an_unclosed_quote_costs_one_line() {
        assert_eq!(brief(b"a,b\n\"1,2\n3,4\n5,6\n"), ["2!UnclosedQuote { field: 1 }", "3:3|4", "4:5|6"]);
        assert_eq!(brief(b"a,b\n1,\""), ["2!UnclosedQuote { field: 2 }"]);
        assert_eq!(brief(b"a,b\n1,\"\"\""), ["2!UnclosedQuote { field: 2 }"]);
        assert_eq!(brief(b"a,b\r\"1,2\n3,4\r5,6\r"), ["2!UnclosedQuote { field: 1 }", "3:5|6"]);
    }

    #[test]
    fn damaged_bytes_are_quarantined() {
        assert_eq!(brief(b"a,b\n1,\0\n3,4\n"), ["2!Nul", "3:3|4"]);
        assert_eq!(brief(b"a,b\n1,\xFF\n3,4\n"), ["2!NotText", "3:3|4"]);
        assert_eq!(brief(b"a,b\n1,\xC3\n3,4\n"), ["2!NotText", "3:3|4"]);
        assert_eq!(brief(b"a,b\n\"\n\0\",1\n3,4\n"), ["2!Nul", "4:3|4"]);
        assert_eq!(brief(b"a,b\n\"\n\xFF\",1\n3,4\n"), ["2!NotText", "4:3|4"]);
    }

    #[test]
    fn numbers_count_records_and_quarantined_spans() {
        let items = read(b"a,b\n1,2\n\n3\n4,5\n").items;
        let numbers: Vec<_> = items
            .iter()
            .filter_map(|item| match item {
                Owned::Record { number, .. } | Owned::Quarantined { number, .. } => Some(*number),
                Owned::Blank(_) | Owned::NonRow(..) => None,
            })
            .collect();
        assert_eq!(numbers, [1, 2, 3]);
        let counts = read(b"a,b\n1,2\n\n3\n4,5\n").counts;
        let expected = SpanCounts {
            header_bytes: 4,
            record_bytes: 8,
            quarantined_bytes: 2,
            blank_bytes: 1,
            records: 2,
            quarantined: 1,
            blank_lines: 1,
            ..SpanCounts::default()
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
    fn what_is_passed_over_is_what_would_have_been_read() {
        let text = b"a,b\n1,2\n3,4\r\n\n5,\"6\"\n7\n8,\xC3\xA9\n9,\xFF\n \n10,11\n12,1\r3\n14,\"1\n5\"\n16,17";
        let whole = read(text);
        for wanted in [false, true] {
            let mut records = Records::new(text.as_slice(), &known).unwrap();
            let mut passed = 0;
            loop {
                passed += records.pass_over(u64::MAX, &mut |record| wanted || record.cell(1) == b"11").unwrap();
                if records.next().unwrap().is_none() {
                    break;
                }
            }
            assert_eq!(passed, if wanted { 0 } else { 2 });
            assert_eq!(records.finish().unwrap(), whole.counts);
        }
    }

    #[test]
    fn a_text_is_resumed_where_a_record_starts() {
        let text = b"a,b\n1,2\n\"3\n\",4\n\n5,6\n\"x\ny\"z,\n7,8";
        let whole = read(text);
        let mut first = Records::new(text.as_slice(), &known).unwrap();
        let mut resumed_at = Vec::new();
        while first.next().unwrap().is_some() {
            let at = first.at();
            let mut counts = first.counts();
            let rest = &text[to_usize(at)..];
            let mut second = Records::resume(rest, first.header().clone(), at, &known);
            while second.next().unwrap().is_some() {}
            counts.add(&second.finish().unwrap());
            assert_eq!(counts, whole.counts, "from byte {at}");
            resumed_at.push(at);
        }
        assert_eq!(resumed_at, [8, 15, 16, 20, 23, 28, 31]);
    }

    #[test]
    fn the_header_once_more_is_no_row() {
        assert_eq!(
            brief(b"a,b,c\n1,2,3\na,b,c\na,\" b \",c\n4,5,6\n"),
            ["2:1|2|3", "3?HeaderAgain", "4?HeaderAgain", "5:4|5|6"]
        );
        // With fewer names a row may say the same by chance.
        assert_eq!(brief(b"a,b\na,b\n"), ["2:a|b"]);
        assert_eq!(brief(b"a,b,c\na,b,3\n"), ["2:a|b|3"]);
    }

    #[test]
    fn a_row_with_nothing_in_any_cell_is_no_row() {
        assert_eq!(brief(b"a,b\n1,2\n,\n ,\"\"\n"), ["2:1|2", "3?EmptyRow", "4?EmptyRow"]);
        assert_eq!(brief(b"a\n\"\"\n"), ["2:"]);
        let mut records = Records::new(b"a,b\n1,2\n , \n3,4\n".as_slice(), &known).unwrap();
        assert_eq!(records.pass_over(u64::MAX, &mut |_| false).unwrap(), 1);
    }

    #[test]
    fn a_header_in_another_order_is_refused() {
        for other in ["b,a,c", "a,b,d"] {
            let text = format!("a,b,c\n1,2,3\n{other}\n4,5,6\n");
            assert_eq!(read(text.as_bytes()).error.as_deref(), Some("AnotherHeader { line: 3 }"), "{other}");
        }
    }

    #[test]
    fn no_header_and_no_unnamed_value_is_passed_over() {
        let passed = |text: &[u8]| Records::new(text, &known).unwrap().pass_over(u64::MAX, &mut |_| false).unwrap();
        // The reader has nothing in its buffer before the first item but what the header came with.
        assert_eq!(passed(b"a,b,c\n1,2,3\na,b,c\n4,5,6\n"), 1);
        assert_eq!(passed(b"a,b,c\n1,2,3\nb,a,c\n4,5,6\n"), 1);
        assert_eq!(passed(b"a,b,\n1,2,\n1,2,3\n4,5,\n"), 1);
    }

    #[test]
    fn the_marks_that_programs_leave_at_the_end_are_no_rows() {
        assert_eq!(brief(b"a,b\r\n1,2\r\n\x1A"), ["2:1|2", "3?EndMark"]);
        assert_eq!(brief(b"a,b\n1,2\x1A"), ["2:1|2", "3?EndMark"]);
        assert_eq!(brief(b"a,b\n1,\"2\n\"\x1A"), ["2:1|2\n", "4?EndMark"]);
        assert_eq!(brief(b"a,b\n1,2\n\x1A\r\n3,4\n"), ["2:1|2", "3?EndMark", "4:3|4"]);
        assert_eq!(brief(b"a,b\n1,2\n\n(1 row affected)\n"), ["2:1|2", "3-", "4?RowCount"]);
        assert_eq!(brief(b"a,b\n1,2\x1A,3\n"), ["2!Width { found: 3, expected: 2 }"]);
    }

    #[test]
    fn rows_in_apostrophes_are_refused() {
        let error = |text: &[u8]| read(text).error;
        let refused = Some("InApostrophes { line: 3 }".to_owned());
        assert_eq!(error(b"a,b\n1,2\n'1','2'\n"), refused);
        assert_eq!(error(b"a,b,c\n1,2,3\n'1', '2',\n"), refused);
        assert_eq!(error(b"a,b\n1,'2'\n'1,2'\n\"'\",\"'\"\n'1',\n"), None);
        let mut records = Records::new(b"a,b\n1,2\n'1','2'\n".as_slice(), &known).unwrap();
        assert_eq!(records.pass_over(u64::MAX, &mut |_| false).unwrap(), 1);
    }

    #[test]
    fn finishing_early_is_an_error() {
        let text = b"a,b\n1,2\n3,4\n";
        for size in [4, 1 << 16] {
            let limits = Limits { first_buffer_bytes: size, ..Limits::default() };
            let records = Records::with_limits(text.as_slice(), &known, limits).unwrap();
            assert!(matches!(records.finish(), Err(CsvError::NotTiled(_))));
        }
        let records = Records::new(b"a,b\n".as_slice(), &known).unwrap();
        assert_eq!(records.finish().unwrap().header_bytes, 4);
    }
}

//! The rules of quoting: where fields and records end.

use memchr::{memchr, memchr_iter, memchr3};

use super::damage::Damage;
use super::dialect::{Dialect, LineEnding, QUOTE};
use super::lengths::leading_spaces;
use super::limits::Limits;
use super::marks::{FieldMarks, FieldPlace};
use super::row::{ItemShape, Outline, ScannedRow, Stop};
use super::special::ByteSearch;

/// A line that has this many delimiters in a cell before the cell's own place, and as many as a row has there, is a row.
const LEAST_DELIMITERS: usize = 2;

/// What a line holds, judging by its first bytes.
enum LineStart {
    /// Nothing but spaces; the length includes the line terminator.
    Blank(usize),
    Content,
    /// Too few bytes are at hand to tell.
    Unknown,
}

/// How a record goes on after some of its fields.
enum Next {
    /// It ends here.
    End(usize),
    /// With a field that starts with a quote, here.
    Quoted(usize),
    /// With unquoted text, here.
    Plain(usize),
}

/// What ends a run of unquoted text.
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

/// Cuts text into fields.
#[derive(Debug)]
pub(super) struct Scanner {
    dialect: Dialect,
    /// The bytes that matter outside quotes.
    special: ByteSearch,
    pub(super) limits: Limits,
    /// How many fields a record has; of more only the number is known.
    width: usize,
    /// For each field whether it may hold line breaks; empty where any field may.
    may_break: Vec<bool>,
    /// The fields of the last record.
    pub(super) marks: FieldMarks,
}

impl Scanner {
    pub(super) fn new(dialect: Dialect, kept_fields: usize, limits: Limits) -> Self {
        Self {
            dialect,
            special: ByteSearch::new([
                dialect.delimiter.byte(),
                QUOTE,
                dialect.line_ending.terminator(),
                dialect.line_ending.stray_break(),
                0,
            ]),
            limits,
            width: kept_fields,
            may_break: Vec::new(),
            marks: FieldMarks::new(kept_fields),
        }
    }

    /// No field has line breaks but those at these places.
    pub(super) fn line_breaks_only_in(&mut self, may_break: Vec<bool>) {
        self.may_break = may_break;
    }

    /// Whether the next field may hold line breaks.
    fn next_may_break(&self) -> bool {
        self.may_break.is_empty() || self.may_break.get(self.marks.found()) == Some(&true)
    }

    fn terminator(&self) -> u8 {
        self.dialect.line_ending.terminator()
    }

    /// The first item in `window`, or nothing if more bytes are needed to tell.
    pub(super) fn outline(&mut self, window: &[u8], at_end: bool) -> Option<Outline> {
        match self.line_start(window, at_end) {
            LineStart::Blank(len) => {
                let shape = ItemShape::Blank;
                return Some(Outline { len, shape });
            }
            LineStart::Unknown => return None,
            LineStart::Content => {}
        }
        match self.fields(window, at_end) {
            Ok(row) if row.breaks == 0 || !self.may_be_several(window, row) => {
                return Some(Outline { len: row.len, shape: ItemShape::Fields(row) });
            }
            Err(Stop::NeedMore) => return None,
            Ok(_) | Err(Stop::Misquoted(_)) => {}
        }
        // Where the record ends cannot be told: its first line is taken alone, and the next one begins a record.
        let len = self.first_line(window, at_end)?;
        let shape = match self.fields(window.get(..len)?, true) {
            Ok(row) => ItemShape::Fields(row),
            Err(Stop::Misquoted(damage)) => ItemShape::Misquoted(damage),
            Err(Stop::NeedMore) => return None,
        };
        Some(Outline { len, shape })
    }

    /// Whether a record on several lines may be several records: two stray quotes make one cell of everything between
    /// them. It has another width than the header, or a line inside a cell has the delimiters of a row.
    fn may_be_several(&self, window: &[u8], row: ScannedRow) -> bool {
        if self.marks.found() != self.width {
            return true;
        }
        let Some(before_last) = self.width.checked_sub(1).filter(|_| !self.may_break.is_empty()) else { return false };
        let text = window.get(..row.len).unwrap_or_default();
        (0..self.marks.len()).any(|place| {
            let cell = self.marks.bytes(place, text);
            let mut lines = cell.split(|byte| *byte == self.terminator()).skip(1).peekable();
            while let Some(line) = lines.next() {
                // After the last line of the cell the row goes on: what it has before that is what counts.
                let of_a_row = if lines.peek().is_some() { before_last } else { place };
                let delimiters = memchr_iter(self.dialect.delimiter.byte(), line).count();
                if LEAST_DELIMITERS <= of_a_row && delimiters == of_a_row {
                    return true;
                }
            }
            false
        })
    }

    fn line_start(&self, window: &[u8], at_end: bool) -> LineStart {
        let spaces = leading_spaces(window);
        let after = window.get(spaces..).unwrap_or_default();
        match (self.dialect.line_ending, after) {
            (_, []) if at_end => LineStart::Blank(spaces),
            (_, []) => LineStart::Unknown,
            (LineEnding::Lf, [b'\n', ..]) | (LineEnding::Cr, [b'\r', ..]) => LineStart::Blank(spaces + 1),
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
    pub(super) fn fields(&mut self, window: &[u8], at_end: bool) -> Result<ScannedRow, Stop> {
        self.marks.clear();
        let mut row = ScannedRow::default();
        let mut next = Next::Plain(0);
        loop {
            next = match next {
                Next::Plain(from) => self.unquoted(window, &mut row, from, at_end)?,
                Next::Quoted(open) => self.quoted(window, &mut row, open, at_end)?,
                Next::End(len) => return Ok(row.of_len(len)),
            }
        }
    }

    /// Marks unquoted fields from `from` on.
    fn unquoted(&mut self, window: &[u8], row: &mut ScannedRow, from: usize, at_end: bool) -> Result<Next, Stop> {
        match self.plain_fields(window, row, from) {
            PlainEnd::Terminator(at) => {
                let end = self.line_body(window, row.field, at);
                self.marks.add(row.field, end, FieldPlace::Text);
                Ok(Next::End(at + 1))
            }
            PlainEnd::Bytes if at_end => {
                self.marks.add(row.field, window.len(), FieldPlace::Text);
                Ok(Next::End(window.len()))
            }
            PlainEnd::Bytes => Err(Stop::NeedMore),
            PlainEnd::Quote(at) if at == row.field => Ok(Next::Quoted(at)),
            PlainEnd::Quote(_) => Err(self.stray_quote()),
        }
    }

    /// Marks the field whose quotes open at `open`.
    fn quoted(&mut self, window: &[u8], row: &mut ScannedRow, open: usize, at_end: bool) -> Result<Next, Stop> {
        let (close, place) = self.closing_quote(window, row, open, at_end)?;
        let after = close + 1;
        if !self.next_may_break() {
            let stray_break = self.dialect.line_ending.stray_break();
            row.stray_break |= memchr(stray_break, window.get(open..close).unwrap_or_default()).is_some();
        }
        Ok(match self.after_quote(window, close, at_end)? {
            After::Delimiter => {
                self.marks.add(open + 1, close, place);
                row.field = after + 1;
                Next::Plain(row.field)
            }
            After::Line(terminator_len) => {
                self.marks.add(open + 1, close, place);
                Next::End(after + terminator_len)
            }
            // The line runs on, in the same field, to a line break of the right kind.
            After::StrayBreak => Next::Plain(after),
        })
    }

    /// Marks unquoted fields from `from` on until a line terminator, a quote or the end of the
    /// bytes.
    fn plain_fields(&mut self, window: &[u8], row: &mut ScannedRow, from: usize) -> PlainEnd {
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
    fn plain_byte(&mut self, window: &[u8], row: &mut ScannedRow, at: usize) -> Option<PlainEnd> {
        let byte = *window.get(at)?;
        if byte == self.dialect.delimiter.byte() {
            self.marks.add(row.field, at, FieldPlace::Text);
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

    /// The quote that closes the field whose quotes open at `open`.
    fn closing_quote(
        &self,
        window: &[u8],
        row: &mut ScannedRow,
        open: usize,
        at_end: bool,
    ) -> Result<(usize, FieldPlace), Stop> {
        let reach = open.saturating_add(self.limits.quoted_bytes);
        let inside = window.get(..reach).unwrap_or(window);
        let lines_allowed = if self.next_may_break() { self.limits.quoted_lines } else { 1 };
        let breaks_allowed = row.breaks + lines_allowed;
        let mut place = FieldPlace::Text;
        let mut from = open + 1;
        while let Some(at) = self.find_in_quotes(inside, from) {
            from = at + 1;
            match (window.get(at), window.get(from)) {
                (Some(&QUOTE), Some(&QUOTE)) => {
                    place = FieldPlace::DoubledText;
                    from += 1;
                }
                (Some(&QUOTE), _) => {
                    return Ok((at, place));
                }
                (Some(0), _) => row.nul = true,
                _ => row.breaks += 1,
            }
            if row.breaks >= breaks_allowed {
                return Err(self.unclosed_quote());
            }
        }
        if at_end || window.len() >= reach { Err(self.unclosed_quote()) } else { Err(Stop::NeedMore) }
    }

    /// The next byte that matters inside quotes.
    #[inline]
    fn find_in_quotes(&self, inside: &[u8], from: usize) -> Option<usize> {
        let rest = inside.get(from..).unwrap_or_default();
        memchr3(QUOTE, self.terminator(), 0, rest).map(|at| from + at)
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
        Stop::Misquoted(Damage::StrayQuote { field: self.marks.found() + 1 })
    }

    fn unclosed_quote(&self) -> Stop {
        Stop::Misquoted(Damage::UnclosedQuote { field: self.marks.found() + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::{MAX_QUOTED_BYTES, MAX_QUOTED_LINES};
    use super::super::testing::{brief, read_with};
    use super::*;

    #[test]
    fn plain_records_are_read() {
        assert_eq!(brief(b"a,b\n1,2\n3,4\n"), ["2:1|2", "3:3|4"]);
        assert_eq!(brief(b"a,b\r\n1,2\r\n3,4"), ["2:1|2", "3:3|4"]);
        assert_eq!(brief(b"a,b\r1,2\r3,4\r"), ["2:1|2", "3:3|4"]);
        assert_eq!(brief(b"a,b\n1,2\r\n,\n, "), ["2:1|2", "3?EmptyRow", "4?EmptyRow"]);
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
        assert_eq!(brief(b"a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n"), ["2:say \"hi\"|\""]);
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
        assert_eq!(brief(b"a\tb\n\t\n"), ["2?EmptyRow"]);
        assert_eq!(brief(b"a,b\n\t\n"), ["2!Width { found: 1, expected: 2 }"]);
    }

    #[test]
    fn a_quoted_field_has_limits() {
        let lines = |breaks: usize| {
            let value = "\n".repeat(breaks);
            brief(format!("a,b\n\"{value}\",1\n").as_bytes())
        };
        assert_eq!(lines(MAX_QUOTED_LINES - 1).len(), 1);
        let beyond = lines(MAX_QUOTED_LINES);
        assert_eq!(beyond[..2], ["2!UnclosedQuote { field: 1 }", "3-"]);
        let reasons = |len: usize| {
            let value = "x".repeat(len);
            let text = format!("a,b\n\"{value}\",1\n");
            read_with(text.as_bytes(), 1 << 16, Limits::default()).unwrap()
        };
        assert_eq!(reasons(MAX_QUOTED_BYTES - 2).counts.records, 1);
        assert_eq!(reasons(MAX_QUOTED_BYTES - 1).counts.quarantined, 1);
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
}

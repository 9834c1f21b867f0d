//! A slow reference reader that applies the rules byte by byte to a whole text; tests hold the real reader against it.

use std::ops::Range;

use super::damage::Damage;
use super::dialect::{Dialect, LineEnding};
use super::header::Header;
use super::lengths::to_usize;
use super::limits::Limits;
use super::testing::{Owned, ReadText, read_with_breaks};
use super::tiling::{NonRow, Span};
use super::trailer::{END_MARK, trailer};

/// The text, and all that decides how it is read.
struct Reference<'a> {
    text: &'a [u8],
    dialect: Dialect,
    width: usize,
    /// For each field whether it may hold line breaks; empty where any field may.
    may_break: Vec<bool>,
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

    fn may_break(&self, field: usize) -> bool {
        self.may_break.is_empty() || self.may_break.get(field - 1) == Some(&true)
    }

    fn quoted(&self, open: usize, field: usize, value: &mut Vec<u8>) -> Option<usize> {
        let mut at = open + 1;
        let mut lines = 1;
        let most_lines = if self.may_break(field) { self.limits.quoted_lines } else { 1 };
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
            if lines > most_lines {
                return None;
            }
            value.push(byte);
            at += 1;
        }
    }

    /// Where the record ends, its fields, and whether a line break is astray; or else its damage.
    fn record(&self, start: usize) -> Result<Fields, Damage> {
        let mut read = Fields::default();
        let mut at = start;
        while !read.is_complete {
            at = self.field(at, &mut read)?;
        }
        read.end = at;
        Ok(read)
    }

    /// Reads the field that starts at `start`, and what separates it from the next.
    fn field(&self, start: usize, read: &mut Fields) -> Result<usize, Damage> {
        let field = read.values.len() + 1;
        let mut value = Vec::new();
        let mut at = start;
        let is_quoted = self.byte(start) == Some(b'"');
        if is_quoted {
            let end = self.quoted(start, field, &mut value);
            at = end.ok_or(Damage::UnclosedQuote { field })?;
            read.stray_break |=
                !self.may_break(field) && self.text[start..at].contains(&self.dialect.line_ending.stray_break());
        }
        let mut may_go_on = !is_quoted;
        loop {
            if let Some(end) = self.field_end(at, read) {
                read.values.push(value);
                return Ok(end);
            }
            let byte = self.text[at];
            let is_break = byte == b'\r' || byte == b'\n';
            if byte == b'"' || (!may_go_on && !is_break) {
                return Err(Damage::StrayQuote { field });
            }
            may_go_on = true;
            read.stray_break |= is_break;
            value.push(byte);
            at += 1;
        }
    }

    /// Where the next field or record starts, if the field ends at `at`.
    fn field_end(&self, at: usize, read: &mut Fields) -> Option<usize> {
        if self.byte(at) == Some(self.dialect.delimiter.byte()) {
            return Some(at + 1);
        }
        let len = match self.byte(at) {
            None => 0,
            Some(_) => self.terminator_at(at)?,
        };
        read.is_complete = true;
        Some(at + len)
    }

    fn line_end(&self, start: usize) -> usize {
        let terminator = self.dialect.line_ending.terminator();
        let rest = &self.text[start..];
        rest.iter().position(|&byte| byte == terminator).map_or(self.text.len(), |at| start + at + 1)
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

    fn judge(&self, raw: &[u8], read: Fields) -> Result<Vec<String>, Damage> {
        let found = read.values.len();
        let expected = self.width;
        if read.stray_break {
            Err(Damage::StrayLineBreak)
        } else if raw.contains(&0) {
            Err(Damage::Nul)
        } else if std::str::from_utf8(raw).is_err() {
            Err(Damage::NotText)
        } else if found != expected {
            Err(Damage::Width { found, expected })
        } else {
            let values = read.values.into_iter();
            Ok(values.map(|one| String::from_utf8(one).unwrap()).collect())
        }
    }

    /// The end of what starts at `start`, and what it holds.
    fn piece(&self, start: usize) -> (usize, Content) {
        if let Some(end) = self.is_blank(start) {
            return (end, Content::Blank);
        }
        let line = start..self.line_end(start);
        if let Some(kind) = trailer(&self.text[line.clone()]) {
            return (line.end, Content::NonRow(kind));
        }
        if let Ok(read) = self.record(start)
            && (read.end <= line.end || !self.may_be_several(&read))
        {
            let (raw, end) = (&self.text[start..read.end], read.end);
            return (end, content_of(self.judge(raw, read)));
        }
        let alone = Self { text: &self.text[..line.end], may_break: self.may_break.clone(), ..*self };
        let content = match alone.record(start) {
            Ok(read) => content_of(self.judge(&self.text[line.clone()], read)),
            Err(damage) => Content::Row(Err(damage)),
        };
        (line.end, content)
    }

    /// Whether what was read as one record on several lines may be several.
    fn may_be_several(&self, read: &Fields) -> bool {
        if read.values.len() != self.width {
            return true;
        }
        let (terminator, delimiter) = (self.dialect.line_ending.terminator(), self.dialect.delimiter.byte());
        let is_row = |place: usize, value: &Vec<u8>| {
            let lines: Vec<&[u8]> = value.split(|byte| *byte == terminator).collect();
            let count = |line: &[u8]| line.split(|byte| *byte == delimiter).count() - 1;
            let last = lines.len() - 1;
            (1..=last).any(|at| {
                let of_a_row = if at == last { place } else { self.width - 1 };
                of_a_row >= 2 && count(lines[at]) == of_a_row
            })
        };
        !self.may_break.is_empty() && read.values.iter().enumerate().any(|(place, value)| is_row(place, value))
    }

    /// The physical line that starts at `start`.
    fn line_at(&self, header: &Header, start: usize) -> u64 {
        let terminator = self.dialect.line_ending.terminator();
        let from_header = &self.text[to_usize(header.span.start)..start];
        let breaks = from_header.iter().filter(|&&byte| byte == terminator);
        header.line + breaks.count() as u64
    }

    fn items(&self, header: &Header) -> Vec<Owned> {
        let mut items = Vec::new();
        let mut start = to_usize(header.span.end);
        let mut number = 0;
        while start < self.text.len() {
            let (end, content) = self.piece(start);
            let line = self.line_at(header, start);
            let span = start as u64..end as u64;
            number += u64::from(matches!(content, Content::Row(_)));
            items.push(owned(line, number, span, content));
            start = end;
        }
        items
    }
}

fn owned(line: u64, number: u64, span: Range<u64>, content: Content) -> Owned {
    match content {
        Content::Blank => Owned::Blank(Span { line, bytes: span }),
        Content::NonRow(kind) => Owned::NonRow(kind, Span { line, bytes: span }),
        Content::Row(Ok(fields)) => Owned::Record { line, number, span, fields },
        Content::Row(Err(reason)) => Owned::Quarantined { line, number, span, reason },
    }
}

/// What an item holds: nothing on a blank line, a mark, else fields or damage.
enum Content {
    Blank,
    NonRow(NonRow),
    Row(Result<Vec<String>, Damage>),
}

fn content_of(row: Result<Vec<String>, Damage>) -> Content {
    match row {
        Ok(fields) if fields.len() > 1 && fields.iter().all(|field| field.trim().is_empty()) => {
            Content::NonRow(NonRow::EmptyRow)
        }
        row => Content::Row(row),
    }
}

/// What is read of a record.
#[derive(Default)]
struct Fields {
    values: Vec<Vec<u8>>,
    stray_break: bool,
    is_complete: bool,
    end: usize,
}

/// Reads the text both ways and checks that the outcome is the same, whether every column may hold line breaks or only
/// every other one.
pub(super) fn check_against_reference(text: &[u8], size: usize, limits: Limits) -> ReadText {
    check_with_breaks(text, size, limits, Some(&[1, 3]));
    check_with_breaks(text, size, limits, None)
}

fn check_with_breaks(text: &[u8], size: usize, limits: Limits, breaks: Option<&[usize]>) -> ReadText {
    let outcome = read_with_breaks(text, size, limits, breaks).unwrap();
    let width = outcome.header.names.len();
    let may_break = breaks.map_or_else(Vec::new, |places| (0..width).map(|place| places.contains(&place)).collect());
    // A mark at the end is a line of its own, even where it does not begin one.
    let end = to_usize(outcome.header.span.end);
    let is_marked = end < text.len() && text.last() == Some(&END_MARK);
    let unmarked = &text[..text.len() - usize::from(is_marked)];
    let reference = Reference { text: unmarked, dialect: outcome.header.dialect, width, may_break, limits };
    let mut expected = reference.items(&outcome.header);
    if is_marked {
        let begins_line = unmarked.last() == Some(&outcome.header.dialect.line_ending.terminator());
        let line = reference.line_at(&outcome.header, unmarked.len()) + u64::from(!begins_line);
        let bytes = unmarked.len() as u64..text.len() as u64;
        expected.push(Owned::NonRow(NonRow::EndMark, Span { line, bytes }));
    }
    if outcome.error.is_some() {
        let beyond = &expected[outcome.items.len()];
        let longest = beyond.span().end - beyond.span().start;
        let is_misquoted = matches!(
            beyond,
            Owned::Quarantined { reason: Damage::StrayQuote { .. } | Damage::UnclosedQuote { .. }, .. }
        );
        assert!(longest > limits.record_bytes as u64 || is_misquoted);
        expected.truncate(outcome.items.len());
    }
    assert_eq!(outcome.items, expected);
    outcome
}

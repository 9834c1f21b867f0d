//! Test helpers that read whole texts and check what must hold for every text.

use std::io::{self, Read};
use std::ops::Range;

use super::damage::Damage;
use super::header::Header;
use super::item::Item;
use super::lengths::to_usize;
use super::limits::Limits;
use super::records::Records;
use super::tiling::{NonRow, Span, SpanCounts};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owned {
    Record { line: u64, number: u64, span: Range<u64>, fields: Vec<String> },
    Quarantined { line: u64, number: u64, span: Range<u64>, reason: Damage },
    Blank(Span),
    NonRow(NonRow, Span),
}

impl Owned {
    pub(super) fn span(&self) -> Range<u64> {
        match self {
            Owned::Record { span, .. } | Owned::Quarantined { span, .. } => span.clone(),
            Owned::Blank(span) | Owned::NonRow(_, span) => span.bytes.clone(),
        }
    }
}

/// A reader that hands out at most `size` bytes at a time, and is interrupted now and then.
pub(super) struct Chunked<'a> {
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

pub(super) const KNOWN: [&str; 6] = ["a", "b", "c", "d", "e", "with \"quote\"\nand break"];

pub(super) fn known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Everything read from a text, after checking what holds for every text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadText {
    pub(super) header: Header,
    pub(super) items: Vec<Owned>,
    pub(super) counts: SpanCounts,
    pub(super) error: Option<String>,
}

pub(super) fn read_with(text: &[u8], size: usize, limits: Limits) -> Result<ReadText, String> {
    read_with_breaks(text, size, limits, None)
}

/// As [`read_with`], with line breaks in no columns but these.
pub(super) fn read_with_breaks(
    text: &[u8],
    size: usize,
    limits: Limits,
    breaks: Option<&[usize]>,
) -> Result<ReadText, String> {
    let mut records =
        Records::with_limits(Chunked::new(text, size), &known, limits).map_err(|error| format!("{error:?}"))?;
    if let Some(places) = breaks {
        records.line_breaks_only_in(places.iter().copied());
    }
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
    Ok(ReadText { header, items, counts, error })
}

fn owned(text: &[u8], item: Item<'_>) -> Owned {
    let whole = |span: &Range<u64>| &text[to_usize(span.start)..to_usize(span.end)];
    match item {
        Item::Record(record) => {
            assert_eq!(record.raw(), whole(&record.span));
            assert_eq!(record.get(record.len()), None);
            assert_eq!(record.field(record.len()), "");
            Owned::Record {
                line: record.line,
                number: record.number,
                fields: (0..record.len()).map(|at| record.field(at).to_owned()).collect(),
                span: record.span,
            }
        }
        Item::Quarantined(bad) => {
            assert_eq!(bad.raw, whole(&bad.span));
            Owned::Quarantined { line: bad.line, number: bad.number, span: bad.span, reason: bad.reason }
        }
        Item::Blank(span) => {
            assert!(whole(&span.bytes).iter().all(|one| b" \r\n".contains(one)));
            Owned::Blank(span)
        }
        Item::NonRow(kind, span) => Owned::NonRow(kind, span),
    }
}

fn check_tiling(text: &[u8], header: &Header, items: &[Owned], complete: bool) {
    let mut end = 0;
    let before = header.above.iter().map(|above| above.span.bytes.clone());
    let after = items.iter().map(Owned::span);
    for span in before.chain([header.span.clone()]).chain(after) {
        assert_eq!(span.start, end);
        assert!(span.end > span.start);
        end = span.end;
    }
    assert!(!complete || end == text.len() as u64);
}

pub(super) fn read(text: &[u8]) -> ReadText {
    read_whole(text, None)
}

fn read_whole(text: &[u8], breaks: Option<&[usize]>) -> ReadText {
    let whole = read_with_breaks(text, 1 << 20, Limits::default(), breaks).unwrap();
    for size in [1, 2, 3] {
        let limits = Limits { first_buffer_bytes: size, ..Limits::default() };
        assert_eq!(read_with_breaks(text, size, limits, breaks).unwrap(), whole);
    }
    whole
}

/// The items in short: fields joined by `|`, damage in words, blank lines as `-`.
pub(super) fn brief(text: &[u8]) -> Vec<String> {
    in_brief(&read(text))
}

/// As [`brief`], with line breaks in no columns but these.
pub(super) fn brief_with(breaks: &[usize], text: &[u8]) -> Vec<String> {
    in_brief(&read_whole(text, Some(breaks)))
}

fn in_brief(outcome: &ReadText) -> Vec<String> {
    assert_eq!(outcome.error, None);
    outcome
        .items
        .iter()
        .map(|item| match item {
            Owned::Record { line, fields, .. } => format!("{line}:{}", fields.join("|")),
            Owned::Quarantined { line, reason, .. } => format!("{line}!{reason:?}"),
            Owned::Blank(span) => format!("{}-", span.line),
            Owned::NonRow(kind, span) => format!("{}?{kind:?}", span.line),
        })
        .collect()
}

//! The items that reading a text yields: a record, a quarantined span, or a blank line.

use std::ops::Range;

use super::damage::Damage;
use super::marks::FieldMarks;
use super::tiling::{NonRow, Span};

/// One item of the text after the header.
#[cfg_attr(test, derive(Debug))]
pub enum Item<'a> {
    /// A record with as many fields as the header, in which nothing is amiss.
    Record(Record<'a>),
    /// A damaged record, or one line of what may be several.
    Quarantined(QuarantinedSpan<'a>),
    /// A line with nothing, or nothing but spaces, on it.
    Blank(Span),
    /// A line that is no row, and what it is.
    NonRow(NonRow, Span),
}

/// An accepted record: valid UTF-8 without NUL, properly quoted, as wide as the header.
#[cfg_attr(test, derive(Debug))]
pub struct Record<'a> {
    /// The physical line it starts on, from 1.
    pub line: u64,
    /// Its number among accepted records and quarantined spans, from 1.
    pub number: u64,
    /// Its bytes, line terminator included.
    pub span: Range<u64>,
    pub(super) text: &'a str,
    pub(super) marks: &'a FieldMarks,
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
        self.marks.read(index, self.text)
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

/// A damaged record, or one line of what may be several.
///
/// Of a record whose quotes are out of order, or that may have swallowed others, the first line is quarantined, and what
/// comes after it is read as if a record began there. Any other damaged record is quarantined whole.
#[cfg_attr(test, derive(Debug))]
pub struct QuarantinedSpan<'a> {
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

//! The positions and values of the fields of a record.

use std::fmt;

/// Where the value of a field is.
#[derive(Clone, Copy)]
struct FieldMark {
    start: usize,
    end: usize,
    place: FieldPlace,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldPlace {
    /// In the text, as it is.
    Text,
    /// In the text, with each quote doubled.
    DoubledText,
    /// In the scratch text, where its quotes have been made single.
    Undoubled,
}

impl FieldMark {
    #[inline]
    fn read<'a>(&self, text: &'a str, undoubled: &'a str) -> Option<&'a str> {
        let holder = match self.place {
            FieldPlace::Text | FieldPlace::DoubledText => text,
            FieldPlace::Undoubled => undoubled,
        };
        holder.get(self.start..self.end)
    }
}

/// The fields of a record, as far as it has been looked at.
pub(super) struct FieldMarks {
    /// How many fields to keep the marks of. More are only counted, so that a record of millions
    /// of fields takes no memory for them.
    kept: usize,
    fields: Vec<FieldMark>,
    not_kept: usize,
    has_doubled: bool,
    undoubled: String,
}

/// Counts the fields; what they hold may be personal data and is not shown.
impl fmt::Debug for FieldMarks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FieldMarks({} fields)", self.found())
    }
}

impl FieldMarks {
    pub(super) fn new(kept: usize) -> Self {
        Self { kept, fields: Vec::new(), not_kept: 0, has_doubled: false, undoubled: String::new() }
    }

    pub(super) fn clear(&mut self) {
        self.fields.clear();
        self.not_kept = 0;
        self.has_doubled = false;
    }

    /// Adds the next field.
    #[inline]
    pub(super) fn add(&mut self, start: usize, end: usize, place: FieldPlace) {
        if self.fields.len() < self.kept {
            self.fields.push(FieldMark { start, end, place });
            self.has_doubled |= place == FieldPlace::DoubledText;
        } else {
            self.not_kept += 1;
        }
    }

    /// The number of fields, kept or not.
    #[inline]
    pub(super) fn found(&self) -> usize {
        self.fields.len() + self.not_kept
    }

    /// The number of fields kept.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// The value of a field of `text`, from 0. It is as it should be once the doubled quotes have
    /// been made single.
    #[inline]
    pub(super) fn read<'a>(&'a self, index: usize, text: &'a str) -> Option<&'a str> {
        self.fields.get(index)?.read(text, &self.undoubled)
    }

    /// A field of `text` as it stands there, from 0; before doubled quotes are made single.
    pub(super) fn bytes<'a>(&self, index: usize, text: &'a [u8]) -> &'a [u8] {
        self.fields.get(index).and_then(|mark| text.get(mark.start..mark.end)).unwrap_or_default()
    }

    /// Makes doubled quotes in the fields of `text` single.
    pub(super) fn undouble(&mut self, text: &str) {
        if !self.has_doubled {
            return;
        }
        self.undoubled.clear();
        for mark in &mut self.fields {
            if mark.place != FieldPlace::DoubledText {
                continue;
            }
            let start = self.undoubled.len();
            push_undoubled(text.get(mark.start..mark.end).unwrap_or_default(), &mut self.undoubled);
            *mark = FieldMark { start, end: self.undoubled.len(), place: FieldPlace::Undoubled };
        }
    }
}

fn push_undoubled(value: &str, out: &mut String) {
    for (at, part) in value.split("\"\"").enumerate() {
        if at > 0 {
            out.push('"');
        }
        out.push_str(part);
    }
}

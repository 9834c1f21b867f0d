//! The proof that every byte belongs to exactly one span.

use std::fmt;
use std::ops::Range;

use crate::account::TextAccount;

/// A span of the decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The physical line it starts on, from 1.
    pub line: u64,
    /// Its bytes, line terminator included.
    pub bytes: Range<u64>,
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
        if self.covered == total_len { Ok(()) } else { Err(self.not_tiled(total_len..total_len)) }
    }

    fn not_tiled(&self, found: Range<u64>) -> NotTiled {
        NotTiled { covered: self.covered, found }
    }
}

/// How many bytes, and how many of each kind of span, have been read so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpanCounts {
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
    /// Bytes of lines that were set aside because they are no rows.
    pub set_aside_bytes: u64,
    /// Those lines, counted by kind in the order of [`NonRow::ALL`].
    pub set_aside: [u64; NonRow::ALL.len()],
}

/// What a line is that is no row, and was recognised as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonRow {
    /// `sep=;` above the header: it tells a spreadsheet which separator follows.
    Separator,
    /// A title above the header.
    Title,
    /// The header once more, as where files were put together.
    HeaderAgain,
    /// A row of separators with nothing between them, as spreadsheets leave below the rows.
    EmptyRow,
    /// A line of totals at the end.
    Total,
    /// How many rows a database tool wrote, as `(41 rows affected)`.
    RowCount,
    /// Ctrl-Z, by which old programs mark the end of a text.
    EndMark,
}

impl NonRow {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Separator, Self::Title, Self::HeaderAgain, Self::EmptyRow, Self::Total, Self::RowCount, Self::EndMark];

    /// The kind as the account writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Separator => "separator_line",
            Self::Title => "title_line",
            Self::HeaderAgain => "repeated_header",
            Self::EmptyRow => "empty_row",
            Self::Total => "total_line",
            Self::RowCount => "row_count_line",
            Self::EndMark => "end_mark",
        }
    }
}

impl SpanCounts {
    /// To what the bytes of the text belong, as an account tells it.
    pub fn account(&self) -> TextAccount {
        TextAccount {
            header_bytes: self.header_bytes,
            record_bytes: self.record_bytes,
            quarantined_bytes: self.quarantined_bytes,
            blank_bytes: self.blank_bytes,
            blank_lines: self.blank_lines,
            set_aside_bytes: self.set_aside_bytes,
            set_aside: self.lines_set_aside().map(|(kind, count)| (kind.name().to_owned(), count)).collect(),
        }
    }

    /// How many lines of each kind were set aside, of the kinds that there are.
    pub fn lines_set_aside(&self) -> impl Iterator<Item = (NonRow, u64)> {
        NonRow::ALL.into_iter().zip(self.set_aside).filter(|(_, count)| *count > 0)
    }

    /// Counts the last record as a line that was set aside.
    pub fn set_record_aside(&mut self, kind: NonRow, bytes: u64) {
        self.records -= 1;
        self.record_bytes -= bytes;
        self.set_aside_bytes += bytes;
        self.count_aside(kind, 1);
    }

    fn count_aside(&mut self, kind: NonRow, lines: u64) {
        for (known, count) in NonRow::ALL.into_iter().zip(&mut self.set_aside) {
            if known == kind {
                *count += lines;
            }
        }
    }

    /// The counts that an account was made of, as far as it tells them.
    pub fn of_account(account: &TextAccount) -> Self {
        Self {
            header_bytes: account.header_bytes,
            record_bytes: account.record_bytes,
            quarantined_bytes: account.quarantined_bytes,
            blank_bytes: account.blank_bytes,
            blank_lines: account.blank_lines,
            set_aside_bytes: account.set_aside_bytes,
            set_aside: NonRow::ALL.map(|kind| account.set_aside.get(kind.name()).copied().unwrap_or_default()),
            ..Self::default()
        }
    }

    /// Adds the counts of another part of the same text.
    pub fn add(&mut self, other: &Self) {
        self.header_bytes += other.header_bytes;
        self.record_bytes += other.record_bytes;
        self.quarantined_bytes += other.quarantined_bytes;
        self.blank_bytes += other.blank_bytes;
        self.records += other.records;
        self.quarantined += other.quarantined;
        self.blank_lines += other.blank_lines;
        self.set_aside_bytes += other.set_aside_bytes;
        for (kind, count) in other.lines_set_aside() {
            self.count_aside(kind, count);
        }
    }

    /// The bytes of all kinds together.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.header_bytes + self.record_bytes + self.quarantined_bytes + self.blank_bytes + self.set_aside_bytes
    }
}

/// Accounts for every span.
#[derive(Debug)]
pub(super) struct SpanLedger {
    /// Where the first span starts.
    begin: u64,
    tiling: Tiling,
    pub(super) counts: SpanCounts,
    /// The physical line the next span starts on.
    pub(super) line: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum SpanKind {
    Header,
    Record,
    Quarantined,
    Blank,
    NonRow(NonRow),
}

impl SpanLedger {
    /// A ledger of what comes from byte `begin` on. Its lines are counted from there.
    pub(super) fn starting_at(begin: u64) -> Self {
        Self { begin, tiling: Tiling { covered: begin }, counts: SpanCounts::default(), line: 1 }
    }

    /// Confirms that what was entered makes up a text of `total_len` bytes from where the ledger begins, by the spans as
    /// well as by the counts.
    pub(super) fn verify(&self, total_len: u64) -> Result<(), NotTiled> {
        self.tiling.finish(total_len)?;
        let covered = self.begin + self.counts.total_bytes();
        Tiling { covered }.finish(total_len)
    }

    /// Enters the next span. Returns its number among records and quarantined spans.
    pub(super) fn enter(&mut self, kind: SpanKind, bytes: Range<u64>, lines: u64) -> Result<u64, NotTiled> {
        self.tiling.push(bytes.clone())?;
        self.line += lines;
        let counts = &mut self.counts;
        let len = bytes.end - bytes.start;
        match kind {
            SpanKind::Header => counts.header_bytes += len,
            SpanKind::Record => {
                counts.record_bytes += len;
                counts.records += 1;
            }
            SpanKind::Quarantined => {
                counts.quarantined_bytes += len;
                counts.quarantined += 1;
            }
            SpanKind::Blank => {
                counts.blank_bytes += len;
                counts.blank_lines += 1;
            }
            SpanKind::NonRow(kind) => {
                counts.set_aside_bytes += len;
                counts.count_aside(kind, 1);
            }
        }
        Ok(counts.records + counts.quarantined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiling_notices_gaps_and_overlaps() {
        let mut tiling = Tiling::new();
        tiling.push(0..3).unwrap();
        tiling.push(3..3).unwrap();
        assert!(tiling.push(4..5).is_err());
        assert!(tiling.push(2..5).is_err());
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        let backward = 3..2;
        assert!(tiling.push(backward).is_err());
        tiling.push(3..5).unwrap();
        tiling.finish(5).unwrap();
        let error = tiling.finish(7).unwrap_err();
        assert_eq!(error.to_string(), "the text is accounted for up to byte 5, but bytes 7 to 7 come next");
    }
}

//! The ways in which one record ([`Damage`]) or the whole text ([`CsvError`]) can be damaged.

use std::fmt;
use std::io;

use super::header::HeaderFault;
use super::tiling::NotTiled;

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
    /// A quote opens a field and nothing closes it on the line, or in a column that may hold line breaks within the limits.
    UnclosedQuote {
        /// The field, from 1.
        field: usize,
    },
    /// The record contains a NUL.
    Nul,
    /// The record is not valid UTF-8.
    NotText,
    /// Outside quotes, or in a column of ours, the record contains a line break that does not end lines in this text.
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
                write!(f, "a quote mark in field {field} neither opens nor closes it")
            }
            Damage::UnclosedQuote { field } => write!(f, "a quote mark opens field {field} and is not closed"),
            Damage::Nul => f.write_str("it contains a NUL byte"),
            Damage::NotText => f.write_str("it contains bytes that are not text"),
            Damage::StrayLineBreak => f.write_str("it contains a line break of another kind than ends the other lines"),
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
    /// A column without a name has a value, so that it cannot be passed over.
    UnnamedValue {
        /// The column, from 1.
        column: usize,
        /// The physical line of the first value, from 1.
        line: u64,
    },
    /// A line names columns again, but not the header's columns in the header's order: two files were put together.
    AnotherHeader {
        /// The physical line, from 1.
        line: u64,
    },
    /// Among the first rows one has every cell in apostrophes.
    InApostrophes {
        /// The physical line, from 1.
        line: u64,
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
            CsvError::UnnamedValue { column, line } => {
                write!(f, "column {column} has no name, but line {line} has a value in it")
            }
            CsvError::AnotherHeader { line } => {
                write!(f, "line {line} names columns again, and not the same ones in the same order as the header")
            }
            CsvError::InApostrophes { line } => {
                write!(f, "line {line} has every cell in apostrophes, as 'K1', and text is put in double quotes here")
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
            CsvError::LineTooLong { .. }
            | CsvError::UnnamedValue { .. }
            | CsvError::AnotherHeader { .. }
            | CsvError::InApostrophes { .. } => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_told_in_plain_english() {
        let texts = [
            Damage::Width { found: 1, expected: 3 },
            Damage::Width { found: 4, expected: 3 },
            Damage::StrayQuote { field: 2 },
            Damage::UnclosedQuote { field: 3 },
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
                "a quote mark opens field 3 and is not closed",
                "it contains a NUL byte",
                "it contains bytes that are not text",
                "it contains a line break of another kind than ends the other lines",
            ]
        );
    }
}

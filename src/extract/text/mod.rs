//! Sniffs the encoding of a text and decodes it to UTF-8.
//!
//! [`EncodingSniffer`] reads every raw byte once and names the encoding. [`Decoder`] then turns the
//! same bytes into UTF-8. Neither repairs anything: whatever cannot be decoded becomes bytes that
//! are *not* valid UTF-8, so that the record holding them is recognised as damaged further on.
//!
//! ```text
//!  raw bytes ──▶ EncodingSniffer: sequence, western ──▶ Encoding
//!                                                          │
//!                                                          ▼
//!  raw bytes ──▶ Decoder: utf16, windows_1252 ──▶ UTF-8 bytes
//! ```

mod decoder;
mod sequence;
mod sniff;
mod utf16;
mod western;
mod windows_1252;

#[cfg(test)]
mod testing;

pub use decoder::Decoder;
pub use sniff::EncodingSniffer;

use std::fmt;

const UTF8_BOM: &[u8] = &[0xEF, 0xBB, 0xBF];
const UTF16LE_BOM: &[u8] = &[0xFF, 0xFE];
const UTF16BE_BOM: &[u8] = &[0xFE, 0xFF];

/// Stands for input that has no character. It occurs nowhere in valid UTF-8.
const NOT_TEXT: u8 = 0xFF;

/// How the characters of a text are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; also text that is meant as UTF-8 but damaged.
    Utf8,
    /// UTF-8 that starts with the byte order mark EF BB BF.
    Utf8Bom,
    /// UTF-16, low byte first, with or without a byte order mark.
    Utf16Le,
    /// UTF-16, high byte first, with or without a byte order mark.
    Utf16Be,
    /// Windows code page 1252, as Western European spreadsheets write it.
    Windows1252,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 5] = [Self::Utf8, Self::Utf8Bom, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// The encoding's name, fit for a report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 with byte order mark",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Windows1252 => "Windows-1252",
        }
    }

    /// The byte order mark this encoding may start with; empty if it has none.
    fn bom(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 | Encoding::Windows1252 => &[],
            Encoding::Utf8Bom => UTF8_BOM,
            Encoding::Utf16Le => UTF16LE_BOM,
            Encoding::Utf16Be => UTF16BE_BOM,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Printable ASCII, tab, CR or LF.
#[expect(clippy::needless_bitwise_bool, reason = "it lets the compiler check many bytes at once")]
fn is_plain_ascii_byte(byte: u8) -> bool {
    (0x20..0x7F).contains(&byte) | (byte == b'\t') | (byte == b'\r') | (byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct() {
        let names: std::collections::HashSet<_> = Encoding::ALL.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), Encoding::ALL.len());
        assert_eq!(Encoding::Utf16Le.to_string(), "UTF-16LE");
    }
}

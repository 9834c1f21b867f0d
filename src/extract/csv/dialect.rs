//! How a text separates fields and lines.

pub(super) const QUOTE: u8 = b'"';

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
    pub(super) fn terminator(self) -> u8 {
        match self {
            LineEnding::Lf => b'\n',
            LineEnding::Cr => b'\r',
        }
    }

    /// The byte that breaks a line elsewhere and is damage here.
    pub(super) fn stray_break(self) -> u8 {
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

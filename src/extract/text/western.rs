//! Detects Windows-1252 in bytes that may be something else.

use super::is_plain_ascii_byte;

/// Judges whether the text, read as Windows-1252, is one a Western spreadsheet would write.
#[derive(Debug, Clone, Default)]
pub(super) struct WesternProbe {
    /// Whether something has been seen that rules the encoding out.
    pub(super) implausible: bool,
    after_letter: bool,
    /// The byte before is an accented letter that has no letter before it, so it needs one after.
    needs_letter: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WesternByte {
    AsciiLetter,
    AccentedLetter,
    Other,
    Implausible,
}

impl WesternProbe {
    pub(super) fn see(&mut self, byte: u8) {
        let class = western_class(byte);
        let is_letter = matches!(class, WesternByte::AsciiLetter | WesternByte::AccentedLetter);
        let broken = class == WesternByte::Implausible || (self.needs_letter && !is_letter);
        self.implausible |= broken;
        self.needs_letter = class == WesternByte::AccentedLetter && !self.after_letter;
        self.after_letter = is_letter;
    }

    pub(super) fn is_plausible(&self) -> bool {
        !self.implausible && !self.needs_letter
    }
}

fn western_class(byte: u8) -> WesternByte {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' => WesternByte::AsciiLetter,
        0xD7 | 0xF7 => WesternByte::Implausible,
        0x8A | 0x8E | 0x9A | 0x9E | 0x9F | 0xC0..=0xFD => WesternByte::AccentedLetter,
        0x80 | 0x91..=0x94 | 0x96 | 0x97 | 0xA0 | 0xA3 | 0xB4 => WesternByte::Other,
        _ if is_plain_ascii_byte(byte) => WesternByte::Other,
        _ => WesternByte::Implausible,
    }
}

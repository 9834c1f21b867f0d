//! Records without quotes or damage, which need no scanner.

use memchr::{memchr, memchr_iter};

/// A record that stands on one line, without its line ending.
#[derive(Clone, Copy)]
pub struct PlainRecord<'a> {
    pub(super) line: &'a [u8],
    pub(super) delimiter: u8,
}

/// How many bytes are scanned at a time: few enough for their delimiters to be counted in a byte.
const BLOCK_BYTES: usize = 128;

impl<'a> PlainRecord<'a> {
    /// The number of fields, if nothing in the line has a meaning but the delimiter: no quote, no line break, no NUL,
    /// and nothing that would have to be checked to be text.
    pub(super) fn plain_width(self) -> Option<usize> {
        let mut fields = 1;
        for block in self.line.chunks(BLOCK_BYTES) {
            let (mut delimiters, mut special) = (0_u8, 0_u8);
            for byte in block.iter().copied() {
                delimiters += u8::from(byte == self.delimiter);
                special |= u8::from(byte == b'"') | u8::from(byte == b'\r') | u8::from(byte == 0) | (byte >> 7);
            }
            if special != 0 {
                return None;
            }
            fields += usize::from(delimiters);
        }
        Some(fields)
    }

    /// Whether no field holds anything.
    pub(super) fn is_empty(self) -> bool {
        self.line.iter().all(|byte| *byte == self.delimiter || byte.is_ascii_whitespace())
    }

    /// The field at a place, counted from 0; nothing if there is no such field.
    pub fn cell(self, place: usize) -> &'a [u8] {
        let begin = match place.checked_sub(1) {
            None => Some(0),
            Some(before) => memchr_iter(self.delimiter, self.line).nth(before).map(|at| at + 1),
        };
        let rest = begin.and_then(|begin| self.line.get(begin..)).unwrap_or_default();
        let end = memchr(self.delimiter, rest).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_and_found_by_place() {
        let record = |line| PlainRecord { line, delimiter: b';' };
        assert_eq!(record(b"".as_slice()).plain_width(), Some(1));
        assert_eq!(record(b"a;;b c".as_slice()).plain_width(), Some(3));
        let long = [b";".repeat(300), b"x".to_vec()].concat();
        assert_eq!(record(&long).plain_width(), Some(301));
        assert_eq!(record(&long).cell(300), b"x");
        for special in ["a;\"b\"", "a\rb", "a\0", "\u{e9}"] {
            assert_eq!(record(special.as_bytes()).plain_width(), None, "{special:?}");
        }
        let cells = [0, 1, 2, 3].map(|place| record(b"a;;b c".as_slice()).cell(place));
        assert_eq!(cells, [b"a".as_slice(), b"", b"b c", b""]);
    }
}

//! Whether a Parquet file whose footer is readable has encrypted columns: the footer then names the algorithm.
//!
//! The library that reads Parquet passes that over, and to it an encrypted page is a damaged one. So the footer's fields are
//! walked here, once a file turned out unreadable: nothing of them is believed but their numbers.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::files;

/// The number of the footer's field that names the algorithm (`FileMetaData.encryption_algorithm`).
const ALGORITHM: i64 = 8;

/// How deep values may lie within values; footers are no deeper than half of this.
const DEEPEST: u32 = 16;

/// What stands in the place of a field where there are no more.
const STOP: u8 = 0;

/// Whether the file's footer says that columns are encrypted.
pub(super) fn has_encrypted_columns(path: &Path) -> bool {
    footer(path).is_some_and(|footer| Fields(&footer).have(ALGORITHM).unwrap_or(false))
}

fn footer(path: &Path) -> Option<Vec<u8>> {
    let mut file = files::open(path).ok()?;
    let bytes = file.metadata().ok()?.len();
    let mut tail = [0_u8; 8];
    file.seek(SeekFrom::Start(bytes.checked_sub(8)?)).ok()?;
    file.read_exact(&mut tail).ok()?;
    let [a, b, c, d, ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    file.seek(SeekFrom::Start(bytes.checked_sub(8 + length)?)).ok()?;
    let mut footer = Vec::new();
    file.take(length).read_to_end(&mut footer).ok()?;
    Some(footer)
}

/// Fields in the compact protocol of Thrift, of which only the numbers are wanted.
struct Fields<'f>(&'f [u8]);

impl Fields<'_> {
    /// Whether one of the fields has this number; nothing where they are not what they should be.
    fn have(&mut self, wanted: i64) -> Option<bool> {
        let mut number = 0;
        loop {
            match self.field(&mut number)? {
                STOP => return Some(false),
                _ if number == wanted => return Some(true),
                kind => self.pass_over(kind, DEEPEST)?,
            }
        }
    }

    /// The kind of the next field, whose number is counted on from the one before.
    fn field(&mut self, number: &mut i64) -> Option<u8> {
        let head = self.byte()?;
        if head == STOP {
            return Some(STOP);
        }
        *number = match head >> 4 {
            0 => {
                let zigzag = self.varint()?;
                i64::try_from(zigzag >> 1).ok()?
            }
            step => number.checked_add(i64::from(step))?,
        };
        Some(head & 0x0F)
    }

    fn pass_over(&mut self, kind: u8, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // True and false are their kinds.
            1 | 2 => Some(()),
            3 => self.bytes(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.bytes(8),
            8 => {
                let length = self.varint()?;
                self.bytes(length)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                (0..count).try_for_each(|_| self.pass_over_item(head & 0x0F, depth))
            }
            11 => {
                let count = self.varint()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                (0..count).try_for_each(|_| {
                    self.pass_over_item(kinds >> 4, depth)?;
                    self.pass_over_item(kinds & 0x0F, depth)
                })
            }
            12 => {
                let mut number = 0;
                loop {
                    match self.field(&mut number)? {
                        STOP => return Some(()),
                        kind => self.pass_over(kind, depth)?,
                    }
                }
            }
            _ => None,
        }
    }

    /// Within lists and maps true and false are a byte.
    fn pass_over_item(&mut self, kind: u8, depth: u32) -> Option<()> {
        if matches!(kind, 1 | 2) { self.bytes(1) } else { self.pass_over(kind, depth) }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn bytes(&mut self, count: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn have(bytes: &[u8]) -> Option<bool> {
        Fields(bytes).have(ALGORITHM)
    }

    #[test]
    fn the_field_is_found_behind_others_of_every_kind() {
        let before: &[&[u8]] = &[
            &[0x15, 0x80, 0x01],                         // 1: a number of two bytes
            &[0x19, 0x1C, 0x15, 0x02, 0x00],             // 2: a list of one structure
            &[0x18, 0x02, b'a', b'b'],                   // 3: a text
            &[0x1B, 0x01, 0x88, 0x01, b'k', 0x01, b'v'], // 4: a map of one text
            &[0x11],                                     // 5: true
            &[0x17, 0, 0, 0, 0, 0, 0, 0, 0],             // 6: a double
        ];
        let plain = before.concat();
        assert_eq!(have(&[plain.as_slice(), &[0x00]].concat()), Some(false));
        assert_eq!(have(&[plain.as_slice(), &[0x2C, 0x00, 0x00]].concat()), Some(true));
        assert_eq!(have(&[plain.as_slice(), &[0x0C, 0x10, 0x00, 0x00]].concat()), Some(true));
    }

    #[test]
    fn what_is_cut_short_or_too_deep_is_no_answer() {
        assert_eq!(have(&[0x15]), None);
        assert_eq!(have(&[0x18, 0x7F, b'a']), None);
        assert_eq!(have(&[0x1C; 64]), None);
        assert_eq!(have(&[0x19, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]), None);
    }
}

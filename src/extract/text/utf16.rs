//! From UTF-16 to UTF-8.

use super::NOT_TEXT;

/// What UTF-16 decoding has to remember from one chunk to the next.
#[derive(Debug, Default)]
pub(super) struct Utf16State {
    first_half: Option<u8>,
    high_surrogate: Option<u16>,
}

impl Utf16State {
    pub(super) fn decode(&mut self, raw: &[u8], join: fn([u8; 2]) -> u16, out: &mut Vec<u8>) {
        let mut raw = raw;
        if let (Some(first), Some((&second, rest))) = (self.first_half, raw.split_first()) {
            self.first_half = None;
            self.decode_unit(join([first, second]), out);
            raw = rest;
        }
        let (pairs, odd) = raw.as_chunks::<2>();
        for &pair in pairs {
            self.decode_unit(join(pair), out);
        }
        if let [half] = odd {
            self.first_half = Some(*half);
        }
    }

    fn decode_unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        match (self.high_surrogate.take(), unit) {
            (None, 0xD800..=0xDBFF) => self.high_surrogate = Some(unit),
            (None, _) => push_unit(unit, out),
            (Some(high), 0xDC00..=0xDFFF) => push_pair(high, unit, out),
            (Some(unpaired), _) => {
                push_unit(unpaired, out);
                self.decode_unit(unit, out);
            }
        }
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if let Some(unpaired) = self.high_surrogate.take() {
            push_unit(unpaired, out);
        }
        if self.first_half.take().is_some() {
            out.push(NOT_TEXT);
        }
    }
}

/// Writes one UTF-16 unit in the bit layout of UTF-8. For a surrogate that is WTF-8, which no
/// UTF-8 validator accepts.
fn push_unit(unit: u16, out: &mut Vec<u8>) {
    let [high, low] = unit.to_be_bytes();
    let last = 0x80 | (low & 0x3F);
    let middle = ((high & 0x0F) << 2) | (low >> 6);
    match unit {
        0..=0x7F => out.push(low),
        0x80..=0x7FF => out.extend_from_slice(&[0xC0 | middle, last]),
        _ => out.extend_from_slice(&[0xE0 | (high >> 4), 0x80 | middle, last]),
    }
}

fn push_pair(high: u16, low: u16, out: &mut Vec<u8>) {
    for decoded in char::decode_utf16([high, low]) {
        match decoded {
            Ok(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(unpaired) => push_unit(unpaired.unpaired_surrogate(), out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{decode, decode_in, utf16be, utf16le};
    use super::super::{Encoding, UTF16LE_BOM};
    use proptest::prelude::*;

    #[test]
    fn broken_utf16_becomes_bytes_that_are_not_utf8() {
        let high = b"\xFE\xFF\0a\xD8\x3D\0b";
        assert_eq!(decode(high, Encoding::Utf16Be), (b"a\xED\xA0\xBDb".to_vec(), 2));
        let low = b"\x3D\xDCb\0";
        assert_eq!(decode(low, Encoding::Utf16Le).0, b"\xED\xB0\xBDb");
        let at_end = b"a\0\x3D\xD8";
        assert_eq!(decode(at_end, Encoding::Utf16Le).0, b"a\xED\xA0\xBD");
        let odd = b"a\0b";
        assert_eq!(decode(odd, Encoding::Utf16Le).0, b"a\xFF");
        let both = b"\x3D\xD8b";
        assert_eq!(decode(both, Encoding::Utf16Le).0, b"\xED\xA0\xBD\xFF");
        assert_eq!(decode(b"b", Encoding::Utf16Le).0, b"\xFF");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn utf16_reads_back(text in any::<String>(), size in 1usize..70) {
            let expected = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
            let (decoded, _) = decode_in(&utf16be(&text), Encoding::Utf16Be, size);
            prop_assert_eq!(decoded.as_slice(), expected.as_bytes());
            let mut marked = UTF16LE_BOM.to_vec();
            marked.extend(utf16le(&text));
            let (decoded, bom_len) = decode_in(&marked, Encoding::Utf16Le, size);
            prop_assert_eq!((decoded.as_slice(), bom_len), (text.as_bytes(), 2));
        }

        #[test]
        fn utf16_is_utf8_exactly_when_well_formed(
            units in prop::collection::vec(prop_oneof![any::<u16>(), 0xD7F0u16..0xE010], 0..12),
            odd in any::<bool>(),
        ) {
            let mut raw: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            if odd { raw.push(b'x'); }
            let decoded = decode(&raw, Encoding::Utf16Le).0;
            let well_formed = String::from_utf16(&units).is_ok() && !odd;
            prop_assert_eq!(std::str::from_utf8(&decoded).is_ok(), well_formed);
        }
    }
}

//! Decodes UTF-16 to UTF-8.

use std::fmt;

use encoding_rs::{Decoder, DecoderResult, Encoding};

use super::NOT_TEXT;

/// How many bytes of decoded text are taken from the decoder at a time.
const TEXT_BYTES: usize = 4096;

/// A malformed sequence has at most three bytes, and the decoder reads at most two more before it says so.
const MALFORMED_BYTES: usize = 5;

/// Converts UTF-16 chunk by chunk; what comes out does not depend on where the chunks are cut.
///
/// The decoder says how long a malformed sequence is and not what it holds, so the bytes read last are kept: the
/// sequence may have begun in the chunk before.
pub(super) struct Utf16 {
    decoder: Decoder,
    text: Vec<u8>,
    recent: Vec<u8>,
}

impl Utf16 {
    /// Converts text in one of the two orders of bytes. A byte order mark is a character like any other here.
    pub(super) fn new(order: &'static Encoding) -> Self {
        Self {
            decoder: order.new_decoder_without_bom_handling(),
            text: vec![0; TEXT_BYTES],
            recent: Vec::with_capacity(2 * MALFORMED_BYTES),
        }
    }

    /// Converts the next raw bytes.
    pub(super) fn decode(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        self.convert(raw, false, out);
    }

    /// Converts what is left once no more bytes come; nothing may be decoded afterwards.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.convert(&[], true, out);
    }

    fn convert(&mut self, raw: &[u8], is_last: bool, out: &mut Vec<u8>) {
        let mut rest = raw;
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut self.text, is_last);
            out.extend_from_slice(self.text.get(..written).unwrap_or_default());
            let (done, more) = rest.split_at_checked(read).unwrap_or((rest, &[]));
            self.remember(done);
            rest = more;
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => self.push_malformed(length.into(), after.into(), out),
            }
        }
    }

    fn remember(&mut self, raw: &[u8]) {
        let skipped = raw.len().saturating_sub(MALFORMED_BYTES);
        self.recent.extend_from_slice(raw.get(skipped..).unwrap_or_default());
        let surplus = self.recent.len().saturating_sub(MALFORMED_BYTES);
        self.recent.drain(..surplus);
    }

    /// Writes the malformed sequence of `length` bytes that ended `after` bytes ago.
    fn push_malformed(&self, length: usize, after: usize, out: &mut Vec<u8>) {
        let end = self.recent.len().saturating_sub(after);
        let malformed = self.recent.get(end.saturating_sub(length)..end).unwrap_or_default();
        let (surrogates, odd) = malformed.as_chunks::<2>();
        for surrogate in surrogates {
            let is_big_endian = self.decoder.encoding() == encoding_rs::UTF_16BE;
            let join = if is_big_endian { u16::from_be_bytes } else { u16::from_le_bytes };
            out.extend_from_slice(&wtf8(join(*surrogate)));
        }
        out.extend(odd.iter().map(|_| NOT_TEXT));
    }
}

/// Shows no text: it may be personal data.
impl fmt::Debug for Utf16 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Utf16({})", self.decoder.encoding().name())
    }
}

/// A surrogate in the bit layout of three-byte UTF-8, which no UTF-8 validator accepts.
fn wtf8(surrogate: u16) -> [u8; 3] {
    let [high, low] = surrogate.to_be_bytes();
    [0xE0 | (high >> 4), 0x80 | ((high & 0x0F) << 2) | (low >> 6), 0x80 | (low & 0x3F)]
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

    /// What UTF-16 must come out as, told by the standard library.
    fn by_the_rules(raw: &[u8]) -> Vec<u8> {
        let (units, odd) = raw.as_chunks::<2>();
        let mut out = Vec::new();
        for decoded in char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))) {
            match decoded {
                Ok(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(unpaired) => out.extend_from_slice(&super::wtf8(unpaired.unpaired_surrogate())),
            }
        }
        out.extend(odd.iter().map(|_| super::NOT_TEXT));
        out
    }

    #[test]
    fn text_longer_than_what_the_decoder_gives_at_a_time_comes_out_whole() {
        let text = "a\u{e9}\u{4e1c}\u{1f6b2}".repeat(3000);
        assert_eq!(decode(&utf16le(&text), Encoding::Utf16Le).0, text.as_bytes());
        let broken = [0x3D, 0xD8].repeat(5000);
        assert_eq!(decode(&broken, Encoding::Utf16Le).0, b"\xED\xA0\xBD".repeat(5000));
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
            units in prop::collection::vec(prop_oneof![any::<u16>(), 0xD7F0u16..0xE010], 0..40),
            odd in any::<bool>(),
        ) {
            let mut raw: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            if odd { raw.push(b'x'); }
            let decoded = decode(&raw, Encoding::Utf16Le).0;
            let well_formed = String::from_utf16(&units).is_ok() && !odd;
            prop_assert_eq!(std::str::from_utf8(&decoded).is_ok(), well_formed);
            let without_mark = raw.strip_prefix(UTF16LE_BOM).unwrap_or(&raw);
            prop_assert_eq!(&decoded, &by_the_rules(without_mark));
        }
    }
}

//! Sniffs which encoding a text is written in.

use super::Encoding;
use super::is_plain_ascii_byte;
use super::sequence::SequenceProbe;
use super::western::WesternProbe;

/// How much of the start of the text decides whether it is UTF-16 without a byte order mark.
const SAMPLE_BYTES: usize = 4096;

/// The unit in which [`EncodingSniffer`] looks for text that needs no closer inspection.
const BLOCK_BYTES: usize = 4096;

/// Finds out the encoding of a text from all of its raw bytes.
///
/// The answer does not depend on how the bytes are cut into chunks. Memory use is constant.
#[derive(Clone, Default)]
pub struct EncodingSniffer {
    /// The first [`SAMPLE_BYTES`] of the text.
    sample: Vec<u8>,
    sequences: SequenceProbe,
    western: WesternProbe,
}

impl EncodingSniffer {
    /// A sniffer that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of the next raw bytes.
    pub fn update(&mut self, chunk: &[u8]) {
        let missing = SAMPLE_BYTES.saturating_sub(self.sample.len());
        self.sample.extend(chunk.iter().take(missing));
        for block in chunk.chunks(BLOCK_BYTES) {
            if self.only_utf8_is_left() {
                return;
            }
            self.inspect(block);
        }
    }

    /// The encoding of all the bytes seen.
    ///
    /// Windows-1252 is answered only for text that is not UTF-8, holds no multi-byte UTF-8
    /// sequence and no control byte, and whose bytes from 0x80 are all ones a Western
    /// spreadsheet writes. Any other text that is not UTF-8 is answered as UTF-8: it is damaged,
    /// and guessing another encoding would hide that. So is a text in which nothing is amiss but
    /// that it ends inside a multi-byte sequence: it is UTF-8 that was cut off.
    #[must_use]
    pub fn finish(self) -> Encoding {
        if let Some(marked) = marked_encoding(&self.sample) {
            return marked;
        }
        if let Some(unmarked) = unmarked_utf16(&self.sample) {
            return unmarked;
        }
        if self.sequences.saw_invalid && !self.sequences.saw_valid && self.western.is_plausible() {
            Encoding::Windows1252
        } else {
            Encoding::Utf8
        }
    }

    /// Once Windows-1252 is impossible the text is UTF-8, damaged or not, and the rest of it
    /// cannot change that.
    fn only_utf8_is_left(&self) -> bool {
        self.sequences.saw_valid || self.western.implausible
    }

    fn inspect(&mut self, block: &[u8]) {
        if is_plain_ascii(block) {
            // Inside plain ASCII only the ends matter: they are the neighbours of what comes
            // before and after the block.
            for &byte in [block.first(), block.last()].into_iter().flatten() {
                self.inspect_byte(byte);
            }
        } else {
            for &byte in block {
                self.inspect_byte(byte);
            }
        }
    }

    fn inspect_byte(&mut self, byte: u8) {
        self.sequences.see(byte);
        self.western.see(byte);
    }
}

/// The encoding announced by a byte order mark.
fn marked_encoding(start: &[u8]) -> Option<Encoding> {
    [Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be]
        .into_iter()
        .find(|encoding| start.starts_with(encoding.bom()))
}

/// UTF-16 without a byte order mark: an ASCII character and a NUL, in either order, and then NULs
/// in about every other byte.
fn unmarked_utf16(sample: &[u8]) -> Option<Encoding> {
    match sample {
        [letter, 0, _, _, ..] if is_plain_ascii_byte(*letter) => nuls_alternate(sample, 1).then_some(Encoding::Utf16Le),
        [0, letter, _, _, ..] if is_plain_ascii_byte(*letter) => nuls_alternate(sample, 0).then_some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Whether at least three quarters of the high bytes, and at most one in sixteen of the low
/// bytes, are NUL. The high byte of each pair is at index `high` (0 or 1).
fn nuls_alternate(sample: &[u8], high: usize) -> bool {
    let nuls_from = |first: usize| {
        let every_other = sample.iter().skip(first).step_by(2);
        every_other.filter(|&&byte| byte == 0).count()
    };
    let pairs = sample.len() / 2;
    nuls_from(high) * 4 >= pairs * 3 && nuls_from(1 - high.min(1)) * 16 <= pairs
}

fn is_plain_ascii(block: &[u8]) -> bool {
    block.iter().fold(true, |plain, &byte| plain & is_plain_ascii_byte(byte))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{utf16be, utf16le};
    use super::*;
    use proptest::prelude::*;

    fn survey_in(bytes: &[u8], size: usize) -> Encoding {
        let mut sniff = EncodingSniffer::new();
        bytes.chunks(size).for_each(|chunk| sniff.update(chunk));
        sniff.finish()
    }

    fn sniff(bytes: &[u8]) -> Encoding {
        let whole = survey_in(bytes, bytes.len().max(1));
        for size in [1, 2, 3, 5] {
            assert_eq!(survey_in(bytes, size), whole, "in chunks of {size}");
        }
        whole
    }

    #[test]
    fn byte_order_marks_decide() {
        assert_eq!(sniff(b"\xEF\xBB\xBFa,b\n"), Encoding::Utf8Bom);
        assert_eq!(sniff(b"\xEF\xBB\xBFa\xFF\n"), Encoding::Utf8Bom);
        assert_eq!(sniff(b"\xFF\xFEa\0"), Encoding::Utf16Le);
        assert_eq!(sniff(b"\xFE\xFF\0a"), Encoding::Utf16Be);
    }

    #[test]
    fn utf16_without_a_mark_is_recognised() {
        assert_eq!(sniff(&utf16le("name,town\n1,Malmö\n")), Encoding::Utf16Le);
        assert_eq!(sniff(&utf16be("name,town\n1,Malmö\n")), Encoding::Utf16Be);
        assert_eq!(sniff(&utf16le("\"a\"\tb\r\n")), Encoding::Utf16Le);
        let long = "id,value\n1,2\n".repeat(2000);
        assert_eq!(sniff(&utf16be(&long)), Encoding::Utf16Be);
    }

    #[test]
    fn ascii_with_nuls_is_not_utf16() {
        assert_eq!(sniff(b"a\0b,c,d,e,f\n1,2,3\n"), Encoding::Utf8);
        assert_eq!(sniff(b"a\0"), Encoding::Utf8);
        assert_eq!(sniff(&[0; 100]), Encoding::Utf8);
        let mut text = b"a\0".to_vec();
        text.extend(b"plain text ".repeat(1000));
        assert_eq!(sniff(&text), Encoding::Utf8);
    }

    #[test]
    fn valid_utf8_is_utf8() {
        assert_eq!(sniff(b""), Encoding::Utf8);
        assert_eq!(sniff(b"a,b\r\n1,2\r\n"), Encoding::Utf8);
        assert_eq!(sniff("Malmö, Zürich, 東京, 🚲".as_bytes()), Encoding::Utf8);
        assert_eq!(sniff(b"control \x01 and \x7F"), Encoding::Utf8);
    }

    #[test]
    fn western_spreadsheet_text_is_1252() {
        for text in [
            b"caf\xE9\n".as_slice(),
            b"caf\xE9s caf\xE9",
            b"\xC9cole,1\n",
            b"Z\xFCrich;\x80 5\n",
            b"\x93quoted\x94 \x96 \x97 it\x92s \x91so\xB4 \xA3\xA0100\n",
            b"a\xE8\xE8b",
            b"x,\xE8\xE8,y",
            b"\x8Akoda \x9Eena \x9F a\x9Ax \x8Eb".get(..5).unwrap(),
            b"na\xEFve\t\xC0 la carte".get(..5).unwrap(),
        ] {
            assert_eq!(sniff(text), Encoding::Windows1252, "{text:?}");
        }
    }

    #[test]
    fn utf8_that_is_cut_off_stays_utf8() {
        for text in [b"caf\xC3".as_slice(), b"caf\xE9", b"ab\xE2\x82", b"ab\xF0\x9F\x92", b"\xC3\xA9t\xC3"] {
            assert_eq!(sniff(text), Encoding::Utf8, "{text:?}");
        }
        // Another invalid byte before the last, or one that cannot begin a sequence.
        assert_eq!(sniff(b"caf\xE9s caf\xC3"), Encoding::Windows1252);
        assert_eq!(sniff(b"50\x80"), Encoding::Windows1252);
        assert_eq!(sniff(b"caf\xE9\x80"), Encoding::Utf8);
        assert_eq!(sniff(b"caf\xE9\x20"), Encoding::Windows1252);
    }

    #[test]
    fn anything_doubtful_stays_utf8() {
        for text in [
            b"one \xFF byte\n".as_slice(),
            b"a\xFFb",
            b"a\xFEb",
            b"2\xD72",
            b"a\xD7b",
            b"a\xF7b",
            b"alone \xE9 here",
            b"1\xE92",
            b"\xE9",
            b"a,\xE9",
            b"caf\xE9\0",
            b"caf\xE9\x01",
            b"caf\xE9\x7F",
            b"caf\xE9 \xC3\xA9",
            b"\xC3\xA9 caf\xE9 ",
            b"a\x81b \x80",
            b"caf\xE9 50\xB0",
            b"caf\xE9 \xBF",
        ] {
            assert_eq!(sniff(text), Encoding::Utf8, "{text:?}");
        }
    }

    #[test]
    fn letters_at_block_ends_have_neighbours() {
        for offset in [BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1] {
            let mut text = vec![b'x'; offset];
            text.push(0xE9);
            text.extend(vec![b'1'; BLOCK_BYTES * 2]);
            assert_eq!(sniff(&text), Encoding::Windows1252);
            text[offset - 1] = b'1';
            assert_eq!(sniff(&text), Encoding::Utf8);
            text[offset + 1] = b'x';
            assert_eq!(sniff(&text), Encoding::Windows1252);
        }
    }

    /// Every byte by the letter of the rules, with the whole text at hand.
    fn survey_by_the_rules(text: &[u8]) -> Encoding {
        if let Some(marked) = marked_encoding(text) {
            return marked;
        }
        if let Some(utf16) = unmarked_utf16(&text[..text.len().min(SAMPLE_BYTES)]) {
            return utf16;
        }
        let only_unfinished = |fault: std::str::Utf8Error| fault.error_len().is_none();
        if std::str::from_utf8(text).map_or_else(only_unfinished, |_| true) {
            return Encoding::Utf8;
        }
        let multi_byte = text.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
        let letter = |byte: u8| {
            byte.is_ascii_alphabetic()
                || ((0xC0..=0xFD).contains(&byte) && byte != 0xD7 && byte != 0xF7)
                || [0x8A, 0x8E, 0x9A, 0x9E, 0x9F].contains(&byte)
        };
        let allowed = |at: usize| {
            let byte = text[at];
            let beside = |near: Option<usize>| near.and_then(|near| text.get(near)).is_some_and(|&near| letter(near));
            match byte {
                b'\t' | b'\r' | b'\n' | 0x20..=0x7E | 0x80 | 0x91..=0x94 | 0x96 | 0x97 | 0xA0 | 0xA3 | 0xB4 => true,
                0..=0x7F => false,
                _ => letter(byte) && (beside(at.checked_sub(1)) || beside(Some(at + 1))),
            }
        };
        if !multi_byte && (0..text.len()).all(allowed) { Encoding::Windows1252 } else { Encoding::Utf8 }
    }

    fn western_bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            20 => prop::sample::select(b"aZ1, \n".to_vec()),
            6 => prop::sample::select(vec![0xE9u8, 0xC3, 0xFC, 0x8A, 0xDF]),
            2 => prop::sample::select(vec![0x80u8, 0x92, 0xA0, 0xA3]),
            1 => any::<u8>(),
        ];
        prop::collection::vec(byte, 0..24)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn survey_follows_the_rules(text in western_bytes(), size in 1usize..9) {
            prop_assert_eq!(survey_in(&text, size), survey_by_the_rules(&text));
        }

        #[test]
        fn survey_of_any_bytes_follows_the_rules(
            text in prop::collection::vec(any::<u8>(), 0..64), size in 1usize..9,
        ) {
            prop_assert_eq!(survey_in(&text, size), survey_by_the_rules(&text));
        }
    }
}

//! From raw bytes to UTF-8 bytes.
//!
//! [`Survey`] looks once at every raw byte and names the encoding. [`Decoder`] then turns the
//! same bytes into UTF-8. Neither repairs anything: whatever cannot be decoded becomes bytes that
//! are *not* valid UTF-8, so that the record holding them is recognised as damaged further on.

use std::fmt;
use std::io::{self, Read};

use encoding_rs::WINDOWS_1252;

const UTF8_BOM: &[u8] = &[0xEF, 0xBB, 0xBF];
const UTF16LE_BOM: &[u8] = &[0xFF, 0xFE];
const UTF16BE_BOM: &[u8] = &[0xFE, 0xFF];

/// How much of the start of the text decides whether it is UTF-16 without a byte order mark.
const SAMPLE_BYTES: usize = 4096;

/// The unit in which [`Survey`] looks for text that needs no closer inspection.
const BLOCK_BYTES: usize = 4096;

/// How much a [`Decoder`] that has to convert reads at a time.
const CHUNK_BYTES: usize = 64 * 1024;

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

/// Finds out the encoding of a text from all of its raw bytes.
///
/// The answer does not depend on how the bytes are cut into chunks. Memory use is constant.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// The first [`SAMPLE_BYTES`] of the text.
    sample: Vec<u8>,
    sequences: SequenceProbe,
    western: WesternProbe,
}

impl Survey {
    /// A survey that has seen nothing yet.
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
    /// and guessing another encoding would hide that.
    #[must_use]
    pub fn finish(self) -> Encoding {
        if let Some(marked) = marked_encoding(&self.sample) {
            return marked;
        }
        if let Some(unmarked) = unmarked_utf16(&self.sample) {
            return unmarked;
        }
        let utf8_is_ruled_out = self.sequences.saw_invalid ;
        if utf8_is_ruled_out && !self.sequences.saw_valid && self.western.is_plausible() {
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
        [letter, 0, _, _, ..] if is_plain_ascii_byte(*letter) => {
            nuls_alternate(sample, 1).then_some(Encoding::Utf16Le)
        }
        [0, letter, _, _, ..] if is_plain_ascii_byte(*letter) => {
            nuls_alternate(sample, 0).then_some(Encoding::Utf16Be)
        }
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

/// Printable ASCII, tab, CR or LF.
fn is_plain_ascii_byte(byte: u8) -> bool {
    // Non-short-circuit operators let the compiler check many bytes at once.
    (0x20..0x7F).contains(&byte) | (byte == b'\t') | (byte == b'\r') | (byte == b'\n')
}

fn is_plain_ascii(block: &[u8]) -> bool {
    block
        .iter()
        .fold(true, |plain, &byte| plain & is_plain_ascii_byte(byte))
}

/// Tells valid multi-byte UTF-8 sequences from bytes that are no part of one.
#[derive(Debug, Clone, Default)]
struct SequenceProbe {
    /// The sequence that has begun but is not complete.
    begun: Vec<u8>,
    saw_valid: bool,
    saw_invalid: bool,
}

impl SequenceProbe {
    fn see(&mut self, byte: u8) {
        if self.begun.is_empty() && byte.is_ascii() {
            return;
        }
        let continues = !self.begun.is_empty();
        self.begun.push(byte);
        match std::str::from_utf8(&self.begun) {
            Ok(_) => {
                self.saw_valid = true;
                self.begun.clear();
            }
            Err(fault) if fault.error_len().is_none() => {}
            Err(_) => {
                self.saw_invalid = true;
                self.begun.clear();
                // The byte that broke the sequence may begin another.
                if continues {
                    self.see(byte);
                }
            }
        }
    }

    fn is_inside_sequence(&self) -> bool {
        !self.begun.is_empty()
    }
}

/// Judges whether the text, read as Windows-1252, is one a Western spreadsheet would write.
#[derive(Debug, Clone, Default)]
struct WesternProbe {
    implausible: bool,
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
    fn see(&mut self, byte: u8) {
        let class = western_class(byte);
        let is_letter = matches!(
            class,
            WesternByte::AsciiLetter | WesternByte::AccentedLetter
        );
        let broken = class == WesternByte::Implausible || (self.needs_letter && !is_letter);
        self.implausible |= broken;
        self.needs_letter = class == WesternByte::AccentedLetter && !self.after_letter;
        self.after_letter = is_letter;
    }

    fn is_plausible(&self) -> bool {
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

/// Reads a text of a given [`Encoding`] as UTF-8 bytes, without its byte order mark.
///
/// Guaranteed: text that is valid in its encoding comes out as the same text in valid UTF-8.
/// Whatever has no meaning in the encoding comes out as bytes that are not valid UTF-8, and
/// nothing else does: an unpaired UTF-16 surrogate as its three WTF-8 bytes, an odd last byte of
/// UTF-16 and an undefined byte of Windows-1252 as 0xFF. UTF-8 passes through unchanged, damage
/// and all. What comes out does not depend on how the reader cuts its chunks.
#[derive(Debug)]
pub struct Decoder<R> {
    reader: R,
    encoding: Encoding,
    /// The bytes that may be a byte order mark, until enough of them have been read.
    head: Vec<u8>,
    head_is_read: bool,
    bom_len: u64,
    chunk: Vec<u8>,
    /// Decoded bytes, of which the first `handed_over` have been given to the caller.
    decoded: Vec<u8>,
    handed_over: usize,
    utf16: Utf16State,
    ended: bool,
}

impl<R: Read> Decoder<R> {
    /// A decoder that reads the raw bytes of `reader`, written in `encoding`.
    pub fn new(reader: R, encoding: Encoding) -> Self {
        Self {
            reader,
            encoding,
            head: Vec::new(),
            head_is_read: false,
            bom_len: 0,
            chunk: Vec::new(),
            decoded: Vec::new(),
            handed_over: 0,
            utf16: Utf16State::default(),
            ended: false,
        }
    }

    /// How many raw bytes of byte order mark were removed: 0, 2 or 3.
    ///
    /// Known, and from then on constant, once the first read into a buffer that is not empty has
    /// succeeded; 0 before.
    #[must_use]
    pub fn bom_len(&self) -> u64 {
        self.bom_len
    }

    /// The encoding this decoder was given.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn passes_through(&self) -> bool {
        matches!(self.encoding, Encoding::Utf8 | Encoding::Utf8Bom)
    }

    fn read_head(&mut self) -> io::Result<()> {
        let bom = self.encoding.bom();
        let missing = bom.len().saturating_sub(self.head.len());
        // On an error the bytes read so far stay in `head`, so a later read can carry on.
        (&mut self.reader)
            .take(missing as u64)
            .read_to_end(&mut self.head)?;
        self.head_is_read = true;
        let head = std::mem::take(&mut self.head);
        if head == bom {
            self.bom_len = bom.len() as u64;
        } else {
            self.decode(&head);
        }
        Ok(())
    }

    fn hand_over(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut waiting = self.decoded.get(self.handed_over..).unwrap_or_default();
        let count = waiting.read(target)?;
        self.handed_over += count;
        Ok(count)
    }

    fn decode_next_chunk(&mut self) -> io::Result<()> {
        let mut chunk = std::mem::take(&mut self.chunk);
        chunk.resize(CHUNK_BYTES, 0);
        let outcome = self.reader.read(&mut chunk);
        if let Ok(count) = outcome {
            self.decoded.clear();
            self.handed_over = 0;
            self.decode(chunk.get(..count).unwrap_or_default());
            if count == 0 {
                self.ended = true;
                self.utf16.finish(&mut self.decoded);
            }
        }
        self.chunk = chunk;
        outcome.map(|_| ())
    }

    fn decode(&mut self, raw: &[u8]) {
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => self.decoded.extend_from_slice(raw),
            Encoding::Utf16Le => self
                .utf16
                .decode(raw, u16::from_le_bytes, &mut self.decoded),
            Encoding::Utf16Be => self
                .utf16
                .decode(raw, u16::from_be_bytes, &mut self.decoded),
            Encoding::Windows1252 => decode_windows_1252(raw, &mut self.decoded),
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        if !self.head_is_read {
            self.read_head()?;
        }
        loop {
            let count = self.hand_over(target)?;
            if count > 0 || self.ended {
                return Ok(count);
            }
            if self.passes_through() {
                return self.reader.read(target);
            }
            self.decode_next_chunk()?;
        }
    }
}

/// What UTF-16 decoding has to remember from one chunk to the next.
#[derive(Debug, Default)]
struct Utf16State {
    first_half: Option<u8>,
    high_surrogate: Option<u16>,
}

impl Utf16State {
    fn decode(&mut self, raw: &[u8], join: fn([u8; 2]) -> u16, out: &mut Vec<u8>) {
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

    fn finish(&mut self, out: &mut Vec<u8>) {
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

fn decode_windows_1252(raw: &[u8], out: &mut Vec<u8>) {
    // encoding_rs follows the Web in reading the undefined bytes as control characters, so they
    // are cut out before it sees them.
    let mut defined_parts = raw.split(|byte| is_undefined_in_windows_1252(*byte));
    if let Some(first) = defined_parts.next() {
        push_windows_1252(first, out);
    }
    for part in defined_parts {
        out.push(NOT_TEXT);
        push_windows_1252(part, out);
    }
}

fn push_windows_1252(defined: &[u8], out: &mut Vec<u8>) {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(defined);
    out.extend_from_slice(text.as_bytes());
}

fn is_undefined_in_windows_1252(byte: u8) -> bool {
    matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reader that hands out at most `size` bytes at a time, and is interrupted now and then.
    struct Chunked<'a> {
        left: &'a [u8],
        size: usize,
        calls: usize,
    }

    impl Read for Chunked<'_> {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls.is_multiple_of(7) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let size = self.size.min(target.len());
            self.left.read(&mut target[..size])
        }
    }

    fn survey_in(bytes: &[u8], size: usize) -> Encoding {
        let mut survey = Survey::new();
        bytes.chunks(size).for_each(|chunk| survey.update(chunk));
        survey.finish()
    }

    fn survey(bytes: &[u8]) -> Encoding {
        let whole = survey_in(bytes, bytes.len().max(1));
        for size in [1, 2, 3, 5] {
            assert_eq!(survey_in(bytes, size), whole, "in chunks of {size}");
        }
        whole
    }

    fn decode_in(bytes: &[u8], encoding: Encoding, size: usize) -> (Vec<u8>, u64) {
        let chunked = Chunked {
            left: bytes,
            size,
            calls: 0,
        };
        let mut decoder = Decoder::new(chunked, encoding);
        let mut out = Vec::new();
        decoder.read_to_end(&mut out).unwrap();
        (out, decoder.bom_len())
    }

    fn decode(bytes: &[u8], encoding: Encoding) -> (Vec<u8>, u64) {
        let whole = decode_in(bytes, encoding, 1 << 20);
        for size in [1, 2, 3, 5] {
            assert_eq!(
                decode_in(bytes, encoding, size),
                whole,
                "in chunks of {size}"
            );
        }
        whole
    }

    fn utf16le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn utf16be(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn names_are_distinct() {
        let all = [
            Encoding::Utf8,
            Encoding::Utf8Bom,
            Encoding::Utf16Le,
            Encoding::Utf16Be,
            Encoding::Windows1252,
        ];
        let names: std::collections::HashSet<_> = all.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), all.len());
        assert_eq!(Encoding::Utf16Le.to_string(), "UTF-16LE");
    }

    #[test]
    fn byte_order_marks_decide() {
        assert_eq!(survey(b"\xEF\xBB\xBFa,b\n"), Encoding::Utf8Bom);
        assert_eq!(survey(b"\xEF\xBB\xBFa\xFF\n"), Encoding::Utf8Bom);
        assert_eq!(survey(b"\xFF\xFEa\0"), Encoding::Utf16Le);
        assert_eq!(survey(b"\xFE\xFF\0a"), Encoding::Utf16Be);
    }

    #[test]
    fn utf16_without_a_mark_is_recognised() {
        assert_eq!(survey(&utf16le("name,town\n1,Malmö\n")), Encoding::Utf16Le);
        assert_eq!(survey(&utf16be("name,town\n1,Malmö\n")), Encoding::Utf16Be);
        assert_eq!(survey(&utf16le("\"a\"\tb\r\n")), Encoding::Utf16Le);
        let long = "id,value\n1,2\n".repeat(2000);
        assert_eq!(survey(&utf16be(&long)), Encoding::Utf16Be);
    }

    #[test]
    fn ascii_with_nuls_is_not_utf16() {
        assert_eq!(survey(b"a\0b,c,d,e,f\n1,2,3\n"), Encoding::Utf8);
        assert_eq!(survey(b"a\0"), Encoding::Utf8);
        assert_eq!(survey(&[0; 100]), Encoding::Utf8);
        let mut text = b"a\0".to_vec();
        text.extend(b"plain text ".repeat(1000));
        assert_eq!(survey(&text), Encoding::Utf8);
    }

    #[test]
    fn valid_utf8_is_utf8() {
        assert_eq!(survey(b""), Encoding::Utf8);
        assert_eq!(survey(b"a,b\r\n1,2\r\n"), Encoding::Utf8);
        assert_eq!(survey("Malmö, Zürich, 東京, 🚲".as_bytes()), Encoding::Utf8);
        assert_eq!(survey(b"control \x01 and \x7F"), Encoding::Utf8);
    }

    #[test]
    fn western_spreadsheet_text_is_1252() {
        for text in [
            b"caf\xE9".as_slice(),
            b"caf\xE9\n",
            b"\xC9cole,1\n",
            b"Z\xFCrich;\x80 5\n",
            b"\x93quoted\x94 \x96 \x97 it\x92s \x91so\xB4 \xA3\xA0100\n",
            b"a\xE8\xE8b",
            b"x,\xE8\xE8,y",
            b"\x8Akoda \x9Eena \x9F a\x9Ax \x8Eb".get(..5).unwrap(),
            b"na\xEFve\t\xC0 la carte".get(..5).unwrap(),
        ] {
            assert_eq!(survey(text), Encoding::Windows1252, "{text:?}");
        }
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
            assert_eq!(survey(text), Encoding::Utf8, "{text:?}");
        }
    }

    #[test]
    fn letters_at_block_ends_have_neighbours() {
        for offset in [BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1] {
            let mut text = vec![b'x'; offset];
            text.push(0xE9);
            text.extend(vec![b'1'; BLOCK_BYTES * 2]);
            assert_eq!(survey(&text), Encoding::Windows1252);
            text[offset - 1] = b'1';
            assert_eq!(survey(&text), Encoding::Utf8);
            text[offset + 1] = b'x';
            assert_eq!(survey(&text), Encoding::Windows1252);
        }
    }

    #[test]
    fn utf8_passes_through_with_its_damage() {
        let text = b"a\xFF\xE9,\0b\n";
        assert_eq!(decode(text, Encoding::Utf8), (text.to_vec(), 0));
        let marked = b"\xEF\xBB\xBFa\xFF";
        assert_eq!(decode(marked, Encoding::Utf8Bom), (b"a\xFF".to_vec(), 3));
        assert_eq!(decode(marked, Encoding::Utf8), (marked.to_vec(), 0));
    }

    #[test]
    fn a_mark_that_is_not_there_is_not_removed() {
        for text in [
            b"".as_slice(),
            b"a",
            b"ab",
            b"abc",
            b"\xEF\xBB",
            b"\xEF\xBBx",
        ] {
            assert_eq!(decode(text, Encoding::Utf8Bom), (text.to_vec(), 0));
        }
        assert_eq!(decode(b"a\0b\0", Encoding::Utf16Le), (b"ab".to_vec(), 0));
        assert_eq!(decode(b"", Encoding::Utf16Be), (Vec::new(), 0));
    }

    #[test]
    fn only_the_first_mark_is_removed() {
        let twice = b"\xEF\xBB\xBF\xEF\xBB\xBFa";
        assert_eq!(decode(twice, Encoding::Utf8Bom).0, b"\xEF\xBB\xBFa");
        let twice = b"\xFF\xFE\xFF\xFEa\0";
        assert_eq!(
            decode(twice, Encoding::Utf16Le),
            (b"\xEF\xBB\xBFa".to_vec(), 2)
        );
    }

    #[test]
    fn broken_utf16_becomes_bytes_that_are_not_utf8() {
        let high = b"\xFE\xFF\0a\xD8\x3D\0b";
        assert_eq!(
            decode(high, Encoding::Utf16Be),
            (b"a\xED\xA0\xBDb".to_vec(), 2)
        );
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

    #[test]
    fn undefined_1252_bytes_are_not_text() {
        assert_eq!(
            decode(b"\x81a\x8D\x8Fb\x90\x9D", Encoding::Windows1252).0,
            b"\xFFa\xFF\xFFb\xFF\xFF"
        );
        assert_eq!(
            decode(b"caf\xE9 \x80", Encoding::Windows1252).0,
            "café €".as_bytes()
        );
    }

    #[test]
    fn an_empty_target_reads_nothing() {
        let mut decoder = Decoder::new(b"a\0".as_slice(), Encoding::Utf16Le);
        assert_eq!(decoder.read(&mut []).unwrap(), 0);
        assert_eq!(decoder.encoding(), Encoding::Utf16Le);
        assert_eq!(decoder.read(&mut [0; 4]).unwrap(), 1);
        assert_eq!(decoder.read(&mut [0; 4]).unwrap(), 0);
        assert_eq!(decoder.read(&mut [0; 4]).unwrap(), 0);
    }

    #[test]
    fn errors_of_the_reader_are_passed_on_and_lose_nothing() {
        struct FailsOnce<'a>(&'a [u8], bool);
        impl Read for FailsOnce<'_> {
            fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
                if self.0.len() == 3 && !self.1 {
                    self.1 = true;
                    return Err(io::Error::other("once"));
                }
                let count = target.len().min(1);
                self.0.read(&mut target[..count])
            }
        }
        for encoding in [Encoding::Utf16Le, Encoding::Utf8Bom] {
            for text in [b"\xFF\xFEa\0".as_slice(), b"\xFF\xFEa\0b\0"] {
                let mut decoder = Decoder::new(FailsOnce(text, false), encoding);
                let mut out = Vec::new();
                assert!(decoder.read_to_end(&mut out).is_err());
                decoder.read_to_end(&mut out).unwrap();
                assert_eq!(out, decode(text, encoding).0);
            }
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
        if std::str::from_utf8(text).is_ok() {
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
            let beside = |near: Option<usize>| {
                near.and_then(|near| text.get(near))
                    .is_some_and(|&near| letter(near))
            };
            match byte {
                b'\t' | b'\r' | b'\n' | 0x20..=0x7E => true,
                0x80 | 0x91..=0x94 | 0x96 | 0x97 | 0xA0 | 0xA3 | 0xB4 => true,
                0..=0x7F => false,
                _ => letter(byte) && (beside(at.checked_sub(1)) || beside(Some(at + 1))),
            }
        };
        if !multi_byte && (0..text.len()).all(allowed) {
            Encoding::Windows1252
        } else {
            Encoding::Utf8
        }
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

        #[test]
        fn windows_1252_is_utf8_exactly_when_defined(
            raw in prop::collection::vec(any::<u8>(), 0..40), size in 1usize..9,
        ) {
            let decoded = decode_in(&raw, Encoding::Windows1252, size).0;
            let defined = !raw.iter().any(|byte| is_undefined_in_windows_1252(*byte));
            prop_assert_eq!(std::str::from_utf8(&decoded).is_ok(), defined);
            if defined {
                let (expected, _) = WINDOWS_1252.decode_without_bom_handling(&raw);
                prop_assert_eq!(decoded.as_slice(), expected.as_bytes());
            }
        }
    }
}

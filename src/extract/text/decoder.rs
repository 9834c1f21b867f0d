//! Decodes raw bytes of a known encoding to UTF-8.

use std::fmt;
use std::io::{self, Read};

use super::Encoding;
use super::utf16::Utf16;
use super::windows_1252::decode_windows_1252;

/// How much a [`Decoder`] that has to convert reads at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// Reads a text of a given [`Encoding`] as UTF-8 bytes, without its byte order mark.
///
/// Guaranteed: text that is valid in its encoding comes out as the same text in valid UTF-8.
/// Whatever has no meaning in the encoding comes out as bytes that are not valid UTF-8, and
/// nothing else does: an unpaired UTF-16 surrogate as its three WTF-8 bytes, an odd last byte of
/// UTF-16 and an undefined byte of Windows-1252 as 0xFF. UTF-8 passes through unchanged, damage
/// and all. What comes out does not depend on how the reader cuts its chunks.
pub struct Decoder<R> {
    reader: R,
    encoding: Encoding,
    conversion: Conversion,
    /// The bytes that may be a byte order mark, until enough of them have been read.
    head: Vec<u8>,
    head_is_read: bool,
    bom_len: u64,
    chunk: Vec<u8>,
    /// Decoded bytes, of which the first `handed_over` have been given to the caller.
    decoded: Vec<u8>,
    handed_over: usize,
    ended: bool,
}

/// What is done to the raw bytes.
enum Conversion {
    /// They are UTF-8 already, damaged or not.
    None,
    Utf16(Utf16),
    Windows1252,
}

impl Conversion {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 | Encoding::Utf8Bom => Self::None,
            Encoding::Utf16Le => Self::Utf16(Utf16::new(encoding_rs::UTF_16LE)),
            Encoding::Utf16Be => Self::Utf16(Utf16::new(encoding_rs::UTF_16BE)),
            Encoding::Windows1252 => Self::Windows1252,
        }
    }

    fn decode(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::None => out.extend_from_slice(raw),
            Self::Utf16(utf16) => utf16.decode(raw, out),
            Self::Windows1252 => decode_windows_1252(raw, out),
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Utf16(utf16) => utf16.finish(out),
            Self::None | Self::Windows1252 => {}
        }
    }
}

/// Tells the encoding and shows no text: it may be personal data.
impl<R> fmt::Debug for Decoder<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Decoder").field("encoding", &self.encoding).finish_non_exhaustive()
    }
}

impl<R: Read> Decoder<R> {
    /// A decoder that reads the raw bytes of `reader`, written in `encoding`.
    pub fn new(reader: R, encoding: Encoding) -> Self {
        Self {
            reader,
            encoding,
            conversion: Conversion::from(encoding),
            head: Vec::new(),
            head_is_read: false,
            bom_len: 0,
            chunk: Vec::new(),
            decoded: Vec::new(),
            handed_over: 0,
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
        matches!(self.conversion, Conversion::None)
    }

    fn read_head(&mut self) -> io::Result<()> {
        let bom = self.encoding.bom();
        let missing = bom.len().saturating_sub(self.head.len());
        // On an error the bytes read so far stay in `head`, so a later read can carry on.
        (&mut self.reader).take(missing as u64).read_to_end(&mut self.head)?;
        self.head_is_read = true;
        let head = std::mem::take(&mut self.head);
        if head == bom {
            self.bom_len = bom.len() as u64;
        } else {
            self.conversion.decode(&head, &mut self.decoded);
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
            self.conversion.decode(chunk.get(..count).unwrap_or_default(), &mut self.decoded);
            if count == 0 {
                self.ended = true;
                self.conversion.finish(&mut self.decoded);
            }
        }
        self.chunk = chunk;
        outcome.map(|_| ())
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

#[cfg(test)]
mod tests {
    use super::super::testing::decode;
    use super::*;

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
        for text in [b"".as_slice(), b"a", b"ab", b"abc", b"\xEF\xBB", b"\xEF\xBBx"] {
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
        assert_eq!(decode(twice, Encoding::Utf16Le), (b"\xEF\xBB\xBFa".to_vec(), 2));
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
}

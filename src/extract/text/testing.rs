//! Decoding whole texts in tests, in chunks of several sizes.

use std::io::{self, Read};

use super::{Decoder, Encoding};

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

pub(super) fn decode_in(bytes: &[u8], encoding: Encoding, size: usize) -> (Vec<u8>, u64) {
    let chunked = Chunked { left: bytes, size, calls: 0 };
    let mut decoder = Decoder::new(chunked, encoding);
    let mut out = Vec::new();
    decoder.read_to_end(&mut out).unwrap();
    (out, decoder.bom_len())
}

pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> (Vec<u8>, u64) {
    let whole = decode_in(bytes, encoding, 1 << 20);
    for size in [1, 2, 3, 5] {
        assert_eq!(decode_in(bytes, encoding, size), whole, "in chunks of {size}");
    }
    whole
}

pub(super) fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(super) fn utf16be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

//! Divides a large text into byte ranges that are read in parallel.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::error::InputError;
use crate::extract::source::{Compression, Sniffed};
use crate::extract::text::Encoding;

/// The approximate size of a split.
pub(super) const BLOCK_BYTES: u64 = 32 << 20;

/// How far to search for the end of a line.
const LONGEST_LINE: u64 = 1 << 20;

/// A byte range of a text.
#[derive(Debug, Clone)]
pub(super) struct ByteRange {
    /// The byte it begins at; the first one begins with the text.
    pub(super) begin: u64,
    /// Records that start before this byte are its own; of the last one it is beyond the text.
    pub(super) end: u64,
    /// How many rows and lines come before it, once that is known.
    pub(super) before: (u64, u64),
}

/// The byte ranges of a text, each beginning with a line. The first ends one split's length after `first_cut`; without
/// it, or where the file's bytes are not its text, there is one range.
///
/// # Errors
/// The file cannot be read.
pub(super) fn byte_ranges(
    sniffed: &Sniffed,
    first_cut: Option<u64>,
    block_bytes: u64,
) -> Result<Vec<ByteRange>, InputError> {
    let mut cuts = vec![0];
    let is_its_text = sniffed.compression == Compression::Plain
        && sniffed.encoding == Some(Encoding::Utf8)
        && sniffed.sheet.is_none();
    if let Some(first_cut) = first_cut.filter(|_| is_its_text) {
        let unreadable = |error: std::io::Error| sniffed.source.unreadable(&error);
        let mut file = sniffed.open()?;
        let mut about = first_cut + block_bytes;
        while about < sniffed.bytes {
            let Some(begin) = line_after(&mut file, about).map_err(unreadable)? else { break };
            cuts.push(begin);
            about = begin + block_bytes;
        }
    }
    let ends = cuts.iter().skip(1).copied().chain([u64::MAX]);
    Ok(cuts.iter().zip(ends).map(|(begin, end)| ByteRange { begin: *begin, end, before: (0, 0) }).collect())
}

/// Where the first line after a byte begins; none when the file, or the longest line, ends before.
fn line_after(file: &mut File, byte: u64) -> std::io::Result<Option<u64>> {
    let mut window = Vec::new();
    file.seek(SeekFrom::Start(byte))?;
    file.take(LONGEST_LINE).read_to_end(&mut window)?;
    Ok(memchr::memchr(b'\n', &window).map(|at| byte + at as u64 + 1))
}

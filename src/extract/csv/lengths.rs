//! Lengths and small counts of bytes.

use memchr::memchr_iter;

pub(super) fn leading_spaces(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| byte == b' ').count()
}

/// The number of physical lines in a span that starts a line and ends one.
pub(super) fn lines_in(raw: &[u8], terminator: u8) -> u64 {
    to_u64(memchr_iter(terminator, raw).count()).max(1)
}

/// A length in memory as a length of text. No platform has longer memory than 64 bits.
pub(super) fn to_u64(len: usize) -> u64 {
    len as u64
}

/// A length of text that is in memory as a length in memory. It fits, having been one before.
pub(super) fn to_usize(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

//! The limits on records, headers and quoted fields beyond which reading stops.

/// A record with more bytes than this, its line terminator included, ends the reading.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// A header with more bytes than this, blank lines before it included, ends the reading.
pub const MAX_HEADER_BYTES: usize = 1 << 20;

/// A quoted field that is not closed within this many bytes, its quotes included, counts as never
/// closed.
pub const MAX_QUOTED_BYTES: usize = 1 << 20;

/// A quoted field that is not closed within this many physical lines counts as never closed.
pub const MAX_QUOTED_LINES: usize = 1000;

/// How many bytes are buffered to begin with.
const FIRST_BUFFER_BYTES: usize = 256 << 10;

/// The limits of a reader; smaller in tests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) record_bytes: usize,
    pub(super) header_bytes: usize,
    pub(super) quoted_bytes: usize,
    pub(super) quoted_lines: usize,
    pub(super) first_buffer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_bytes: MAX_RECORD_BYTES,
            header_bytes: MAX_HEADER_BYTES,
            quoted_bytes: MAX_QUOTED_BYTES,
            quoted_lines: MAX_QUOTED_LINES,
            first_buffer_bytes: FIRST_BUFFER_BYTES,
        }
    }
}

//! Searches short text for any of a few bytes.

/// Finds any of a few ASCII bytes in eight bytes at once.
///
/// Where fields are as short as in a table of numbers, starting a vectorised search anew for each
/// of them takes longer than this.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByteSearch {
    repeated: [u64; 5],
}

impl ByteSearch {
    const LOW_BITS: u64 = u64::from_ne_bytes([0x7F; 8]);

    pub(super) fn new(bytes: [u8; 5]) -> Self {
        let repeated = bytes.map(|byte| u64::from_ne_bytes([byte; 8]));
        Self { repeated }
    }

    #[inline]
    pub(super) fn find(&self, word: [u8; 8]) -> Hits {
        let word = u64::from_le_bytes(word);
        let low = word & Self::LOW_BITS;
        // The addition sets the high bit of each byte that differs and carries into no other.
        let differs = self.repeated.map(|byte| (low ^ byte) + Self::LOW_BITS);
        let all_differ = differs.into_iter().fold(u64::MAX, |all, one| all & one);
        // A byte that is not ASCII has its high bit set and is none of them.
        Hits(!(all_differ | word) & !Self::LOW_BITS)
    }
}

/// The high bit of each byte that was found.
pub(super) struct Hits(u64);

impl Iterator for Hits {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let lowest = self.0.trailing_zeros();
        self.0 &= self.0.checked_sub(1)?;
        Some(lowest as usize / 8)
    }
}

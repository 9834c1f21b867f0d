//! The set of stems sought, built for testing every row of an extract.

use hashbrown::HashSet;

/// A set of people by the keys of their stems.
///
/// Usually fewer than one row in a hundred of an extract belongs to someone sought, so a small table of bits (a Bloom
/// filter with one hash) is tested first: it stays in the processor's cache, where the set itself would not.
pub(super) struct StemSet {
    /// A bit for each of the values a key can be folded to; 0 where no key of the set folds to it.
    maybe: Vec<u64>,
    shift: u32,
    keys: HashSet<u64>,
}

/// The table has at least so many bits for each person, and at least and at most so many in all, as powers of two.
const BITS_FOR_EACH: usize = 16;
const FEWEST_BITS: u32 = 12;
const MOST_BITS: u32 = 23;

impl StemSet {
    /// The set of some people.
    pub(super) fn new(keys: impl Iterator<Item = u64>) -> Self {
        let keys: HashSet<u64> = keys.collect();
        let bits = (keys.len() * BITS_FOR_EACH).next_power_of_two().ilog2().clamp(FEWEST_BITS, MOST_BITS);
        let mut set = Self { maybe: vec![0; 1 << (bits - 6)], shift: 64 - bits, keys };
        for key in &set.keys {
            let (word, bit) = place(*key, set.shift);
            if let Some(word) = set.maybe.get_mut(word) {
                *word |= bit;
            }
        }
        set
    }

    /// Whether a person is in the set.
    #[inline]
    pub(super) fn contains(&self, key: u64) -> bool {
        let (word, bit) = place(key, self.shift);
        self.maybe.get(word).is_some_and(|word| word & bit != 0) && self.keys.contains(&key)
    }
}

/// The position of a key's bit: its word and the bit in it.
#[inline]
fn place(key: u64, shift: u32) -> (usize, u64) {
    let folded = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift;
    ((folded >> 6) as usize, 1 << (folded & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_put_in_is_found_and_nobody_else() {
        for count in [0_u64, 1, 100, 100_000] {
            let people = StemSet::new((0..count).map(|person| person * 3));
            assert!((0..count * 3).all(|key| people.contains(key) == key.is_multiple_of(3)), "{count}");
        }
    }
}

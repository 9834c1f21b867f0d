//! Seeded random numbers: every number the generator makes up depends on the seed, a purpose and a number alone.
//!
//! So any value can be made again wherever it is needed, on any thread and in any order.

/// What random numbers are for: two purposes never share a stream.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// Who someone is.
    Person,
    /// Which jobs someone whom nobody claims for has.
    Jobs,
    /// One payment of such a job.
    Payment,
    /// An employer's name and reference.
    Employer,
    /// A claim and the payments behind it.
    Case,
    /// Which scenarios a batch shows, and in which order.
    Batch,
    /// The order of one day's payments.
    Day,
    /// Which National Insurance number belongs to whom.
    Stem,
    /// What happens to a claim in a ledger.
    Ledger,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finishing step of `SplitMix64`: every bit of the answer depends on every bit of the question.
pub(super) const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A key for one purpose under one seed.
pub(super) const fn key(seed: u64, purpose: Purpose) -> u64 {
    mix(seed ^ mix((purpose as u64 + 1).wrapping_mul(GOLDEN)))
}

/// A stream of draws (`SplitMix64`).
#[derive(Debug, Clone)]
pub(super) struct SeededRng(u64);

impl SeededRng {
    /// The stream of one numbered thing.
    pub(super) const fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        Self::keyed(key(seed, purpose), number)
    }

    /// The stream of one numbered thing, where the key was made before.
    pub(super) const fn keyed(key: u64, number: u64) -> Self {
        Self(mix(key ^ number.wrapping_mul(GOLDEN)))
    }

    /// Sixty-four bits.
    pub(super) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number under `end`; 0 where `end` is 0.
    pub(super) const fn below(&mut self, end: u32) -> u32 {
        // The high half of a 32 by 32 bit product is under `end`: no division, and a bias far too small to see.
        (((self.bits() >> 32) * end as u64) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        low.saturating_add_unsigned(self.below(high.abs_diff(low).saturating_add(1)))
    }

    /// Whether something happens that happens `in_thousand` times in a thousand.
    pub(super) const fn chance(&mut self, in_thousand: u32) -> bool {
        self.below(1000) < in_thousand
    }

    /// One of the items; the type's default where there is none.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let end = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.get(self.below(end) as usize).copied().unwrap_or_default()
    }

    /// Puts the items in a drawn order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.below(u32::try_from(end + 1).unwrap_or(u32::MAX)) as usize;
            items.swap(end, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_seed_purpose_and_number_only() {
        let first = SeededRng::new(1, Purpose::Case, 7).bits();
        assert_eq!(first, SeededRng::new(1, Purpose::Case, 7).bits());
        assert_ne!(first, SeededRng::new(2, Purpose::Case, 7).bits());
        assert_ne!(first, SeededRng::new(1, Purpose::Person, 7).bits());
        assert_ne!(first, SeededRng::new(1, Purpose::Case, 8).bits());
    }

    #[test]
    fn both_ends_of_a_range_are_drawn_and_nothing_outside() {
        let mut draw = SeededRng::new(1, Purpose::Case, 0);
        let drawn: std::collections::BTreeSet<i32> = (0..500).map(|_| draw.between(-2, 3)).collect();
        assert_eq!(drawn, (-2..=3).collect());
    }

    #[test]
    fn a_shuffle_loses_nothing() {
        let mut items: Vec<u32> = (0..100).collect();
        SeededRng::new(1, Purpose::Day, 0).shuffle(&mut items);
        assert_ne!(items, (0..100).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }
}

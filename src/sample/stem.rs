//! Made-up National Insurance numbers that are never issued to anyone.
//!
//! Prefixes NC and PZ were kept for administration and are never issued to a person, yet they fit the format. With six
//! digits they give two million stems. Which stem is whose is a keyed bijection: the numbers look shuffled, no two people
//! share one, and no table of them is kept.

use super::draw::{Purpose, key, mix};
use super::text::Short;

/// The number of stems there are.
pub(super) const STEMS: u32 = 2_000_000;
const GROUPS: u32 = STEMS / 10;
const WIDTH: u32 = 500;
const HEIGHT: u32 = GROUPS / WIDTH;
const PAIRS_IN_GROUP: u32 = 5;

/// The first eight characters of a National Insurance number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SampleStem(u32);

impl SampleStem {
    /// The stem with a suffix, where there is one.
    pub(super) fn nino(self, suffix: Option<u8>) -> Short<9> {
        let mut text = Short::new();
        text.push_text(if self.0 < STEMS / 2 { "NC" } else { "PZ" });
        text.push_number(u64::from(self.0 % (STEMS / 2)), 6);
        if let Some(letter) = suffix {
            text.push(letter);
        }
        text
    }
}

/// Who has which stem.
///
/// Stems come in groups of ten that differ in the last digit. Some groups are set aside for twins: pairs of stems one digit
/// apart of which a mistyped claim uses one and the payroll the other, so that a near miss is nobody else's number.
#[derive(Debug)]
pub(super) struct Stems {
    key: u64,
    set_aside: u32,
}

impl Stems {
    /// The stems under a seed, with room for so many pairs of twins.
    pub(super) fn new(seed: u64, pairs: u32) -> Self {
        Self { key: key(seed, Purpose::Stem), set_aside: pairs.div_ceil(PAIRS_IN_GROUP).min(GROUPS) }
    }

    /// How many people there are stems for.
    pub(super) const fn people(&self) -> u32 {
        (GROUPS - self.set_aside) * 10
    }

    /// The stem of a person, numbered from 0. Two numbers under [`Stems::people`] never have the same.
    pub(super) fn person(&self, number: u32) -> SampleStem {
        let groups = (GROUPS - self.set_aside).max(1);
        let group = self.shuffled(self.set_aside + number % groups);
        // Turning the digits of each group by its own amount keeps neighbours in number from being neighbours in digit.
        let turn = (mix(self.key ^ u64::from(group)) % 10) as u32;
        SampleStem(group * 10 + (number / groups + turn) % 10)
    }

    /// The two stems of a pair of twins, numbered from 0.
    pub(super) fn twins(&self, pair: u32) -> (SampleStem, SampleStem) {
        let first = self.shuffled(pair / PAIRS_IN_GROUP % GROUPS) * 10 + pair % PAIRS_IN_GROUP * 2;
        (SampleStem(first), SampleStem(first + 1))
    }

    /// A Feistel network on a grid: each round moves one coordinate by an amount the other one settles, so it can be undone.
    fn shuffled(&self, group: u32) -> u32 {
        let (mut row, mut column) = (group / WIDTH, group % WIDTH);
        for round in 0..3_u64 {
            row = (row + self.amount(2 * round, column, HEIGHT)) % HEIGHT;
            column = (column + self.amount(2 * round + 1, row, WIDTH)) % WIDTH;
        }
        row * WIDTH + column
    }

    const fn amount(&self, round: u64, coordinate: u32, end: u32) -> u32 {
        (((mix(self.key ^ (round << 32) ^ coordinate as u64) >> 32) * end as u64) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_people_share_a_stem_and_twins_are_nobody_elses() {
        let stems = Stems::new(7, 1000);
        let mut taken: Vec<SampleStem> = (0..stems.people()).map(|number| stems.person(number)).collect();
        taken.extend((0..1000).flat_map(|pair| <[SampleStem; 2]>::from(stems.twins(pair))));
        assert_eq!(taken.len(), STEMS as usize);
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), STEMS as usize);
    }

    #[test]
    fn a_stem_fits_the_format() {
        let stems = Stems::new(7, 0);
        for number in 0..1000 {
            let nino = stems.person(number).nino(Some(b'A'));
            let text = nino.as_str();
            assert!(text.starts_with("NC") || text.starts_with("PZ"), "{text}");
            assert!(text.len() == 9 && text[2..8].bytes().all(|byte| byte.is_ascii_digit()), "{text}");
        }
    }

    #[test]
    fn twins_are_one_digit_apart() {
        let (one, other) = Stems::new(7, 10).twins(3);
        let (one, other) = (one.nino(None), other.nino(None));
        assert_eq!(one.as_str()[..7], other.as_str()[..7]);
        assert_ne!(one.as_str(), other.as_str());
    }
}

//! Disclosure control profiles: how counts of people are rounded, and which are too small to be published.
//!
//! Every published count is rounded by itself, margins included, so that sums of published cells disclose nothing exact. A rate of
//! few people, or of all but few, is withheld, and so is one of nobody or everybody of a small group; [`release`](crate::release)
//! withholds further rows where the withheld ones could be worked out. The threshold and the dominance rule have the names that
//! ACRO's settings give them.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{RunError, describe_io_error};
use crate::files::{self, NotAFile};

/// A named way of controlling disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureProfile {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub says: String,
    /// Counts of people are rounded to the nearest multiple of this.
    pub base: u64,
    /// Counts of people below this, but not 0, are withheld.
    pub safe_threshold: u64,
    /// Nobody or everybody of a group of fewer people than this is withheld like a small count.
    pub none_or_all_from: u64,
    /// Quartiles are of at least as many people as this.
    pub quartiles_from: u64,
    /// Unit costs are of at least as many starts as this.
    pub unit_costs_from: u64,
    /// Sums of pounds are rounded to the nearest multiple of this, or to three digits where that is coarser.
    pub pounds_base: u64,
    /// Unit costs are rounded to the nearest multiple of this many pounds; 0 for pence.
    pub unit_cost_base: u64,
    /// The rule against figures that a few people make up, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominance: Option<Dominance>,
}

/// A mean is withheld where so few people make up more than this share of the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dominance {
    /// How many people.
    pub safe_nk_n: u64,
    /// The share, in hundredths.
    pub safe_nk_k_percent: u64,
}

/// The names of the built-in profiles, the default first.
pub const BUILT_IN: [&str; 4] = ["round-5", "round-10", "ons-10-5", "internal"];

/// Why a row is withheld. Released files say of all of them that they are withheld, and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withheld {
    /// The group has too few people.
    FewPeople,
    /// Too few people are counted, too few of the group are not, or nobody or everybody of a small group is.
    FewInOrOut,
    /// A few people make up the figure.
    Dominance,
    /// Another row is withheld and could be worked out from this one.
    ToProtectAnother,
}

impl Withheld {
    /// The reason in words, for files that are not for release.
    pub const fn says(self) -> &'static str {
        match self {
            Self::FewPeople => "too few people in the group",
            Self::FewInOrOut => "too few people counted or not counted, or nobody or everybody of a small group",
            Self::Dominance => "a few people make up the figure",
            Self::ToProtectAnother => "another row is withheld and could be worked out from this one",
        }
    }
}

/// The base that others are multiples of.
const FINEST_BASE: u64 = 5;

/// The word of released files for every reason.
pub const WITHHELD: &str = "withheld";

impl DisclosureProfile {
    /// The built-in profile of that name.
    pub fn named(name: &str) -> Option<Self> {
        let rounding = |name: &str, base, says: &str| Self {
            name: name.to_owned(),
            says: says.to_owned(),
            base,
            safe_threshold: 10,
            none_or_all_from: 30,
            quartiles_from: 40,
            unit_costs_from: 30,
            pounds_base: 1_000,
            unit_cost_base: 50,
            dominance: None,
        };
        match name {
            "round-5" => Some(rounding(
                name,
                5,
                "multiples of 5, as in answers to Parliament; counts of 1 to 9 withheld, and nobody or everybody of fewer than 30",
            )),
            "round-10" => Some(rounding(
                name,
                10,
                "multiples of 10; counts of 1 to 9 withheld, and nobody or everybody of fewer than 30",
            )),
            "ons-10-5" => Some(Self {
                none_or_all_from: u64::MAX,
                ..rounding(name, 5, "the 10-5 rule: counts under 10 withheld, 0 included, the others multiples of 5")
            }),
            "internal" => Some(Self::internal()),
            _ => None,
        }
    }

    /// The profile of working tables, in which every count is exact.
    pub fn internal() -> Self {
        Self {
            name: "internal".into(),
            says: "nothing rounded and nothing withheld: not for release".into(),
            base: 1,
            safe_threshold: 0,
            none_or_all_from: 0,
            quartiles_from: 0,
            unit_costs_from: 0,
            pounds_base: 0,
            unit_cost_base: 0,
            dominance: None,
        }
    }

    /// Reads a profile from a TOML file.
    ///
    /// # Errors
    /// A file that cannot be read, or a profile that protects nobody.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let shown = path.display();
        let text = files::text(path).map_err(|error| {
            let problem = format!("{shown} could not be read ({})", describe_io_error(&error));
            RunError::choice(problem, NotAFile::hint_of(&error, "name a TOML file with a disclosure profile"))
        })?;
        let profile: Self = toml::from_str(&text).map_err(|error| {
            RunError::choice(format!("{shown} is no disclosure profile"), error.to_string().replace('\n', " "))
        })?;
        let is_weak =
            profile.base < 5 || profile.safe_threshold < 5 || profile.none_or_all_from < profile.safe_threshold;
        if is_weak || BUILT_IN.contains(&profile.name.as_str()) {
            return Err(RunError::choice(
                format!("{shown} cannot be used"),
                "a profile has a name of its own, base and safe_threshold are 5 or more, and none_or_all_from is not less than \
                 safe_threshold; `--disclosure internal` publishes nothing and withholds nothing",
            ));
        }
        Ok(profile)
    }

    /// Whether results under the profile may leave the house.
    pub fn is_for_release(&self) -> bool {
        0 < self.safe_threshold
    }

    /// A count as it is published: the nearest multiple of the base. A base that is a multiple of 5 rounds the multiple of 5, so that
    /// it tells nothing which a result rounded to 5 does not.
    pub fn rounded(&self, count: u64) -> u64 {
        let to = |count: u64, base: u64| (count + base / 2) / base * base;
        let is_nested = FINEST_BASE < self.base && self.base.is_multiple_of(FINEST_BASE);
        to(if is_nested { to(count, FINEST_BASE) } else { count }, self.base)
    }

    /// The counts that are published as this one: the fewest and the most.
    pub fn counts_published_as(&self, published: u64) -> (u64, u64) {
        if published == 0 && 0 < self.safe_threshold {
            // A small count is withheld, so that 0 is 0.
            return (0, 0);
        }
        let near = published.saturating_sub(self.base)..=published + self.base;
        let stands_for = |count: &u64| self.rounded(*count) == published && self.safe_threshold <= *count;
        let fewest = near.clone().find(stands_for).unwrap_or(published);
        (fewest, near.rev().find(stands_for).unwrap_or(published))
    }

    /// Whether a count of people, among so many, is too small to be published.
    pub fn is_small(&self, count: u64, of: u64) -> bool {
        if count == 0 { of < self.none_or_all_from } else { count < self.safe_threshold }
    }

    /// Whether nobody is withheld like a small count however large the group is.
    pub const fn withholds_nobody(&self) -> bool {
        self.none_or_all_from == u64::MAX
    }

    /// Whether a group has too few people. A group of nobody tells of nobody.
    pub fn is_small_group(&self, people: u64) -> bool {
        people != 0 && people < self.safe_threshold
    }

    /// Pounds as they are published: to the nearest thousand, or three digits where that is coarser.
    pub fn rounded_pounds(&self, pence: u64) -> u64 {
        let pounds = (pence + 50) / 100;
        if self.pounds_base == 0 {
            return pounds;
        }
        let digits = pounds.checked_ilog10().unwrap_or(0) + 1;
        let base = self.pounds_base.max(10_u64.saturating_pow(digits.saturating_sub(3)));
        pounds.saturating_add(base / 2) / base * base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> DisclosureProfile {
        DisclosureProfile::named(name).unwrap()
    }

    #[test]
    fn counts_are_rounded_to_the_nearest_multiple() {
        let rounded = |name: &str| [0, 12, 13, 17, 18, 1_234].map(|count| profile(name).rounded(count));
        assert_eq!(rounded("round-5"), [0, 10, 15, 15, 20, 1_235]);
        assert_eq!(rounded("round-10"), [0, 10, 20, 20, 20, 1_240]);
        assert_eq!(rounded("internal"), [0, 12, 13, 17, 18, 1_234]);
    }

    #[test]
    fn a_published_count_stands_for_every_count_that_is_rounded_to_it() {
        for name in BUILT_IN {
            let profile = profile(name);
            for count in (profile.safe_threshold..200).chain([0]) {
                let (fewest, most) = profile.counts_published_as(profile.rounded(count));
                assert!((fewest..=most).contains(&count), "{name} {count}");
                assert!(
                    (fewest..=most).all(|other| profile.rounded(other) == profile.rounded(count)),
                    "{name} {count}"
                );
            }
        }
        assert_eq!(profile("round-5").counts_published_as(10), (10, 12));
        assert_eq!(profile("round-10").counts_published_as(250), (243, 252));
        // Rounding to 10 tells nothing beside rounding to 5.
        assert!((0..500).all(|count| {
            let five = profile("round-5").rounded(count);
            profile("round-10").rounded(count) == profile("round-10").rounded(five)
        }));
    }

    #[test]
    fn small_counts_and_nobody_of_a_small_group_are_small() {
        let small =
            |name: &str| [(9, 100), (10, 100), (0, 29), (0, 30)].map(|(count, of)| profile(name).is_small(count, of));
        assert_eq!(small("round-5"), [true, false, true, false]);
        assert_eq!(small("ons-10-5"), [true, false, true, true]);
        assert_eq!(small("internal"), [false; 4]);
        assert_eq!([0, 9, 10].map(|people| profile("round-5").is_small_group(people)), [false, true, false]);
    }

    #[test]
    fn pounds_are_thousands_or_three_digits() {
        let pounds = |name: &str| [42_000_049, 12_345_678_900, 49_900].map(|pence| profile(name).rounded_pounds(pence));
        assert_eq!(pounds("round-5"), [420_000, 123_000_000, 0]);
        assert_eq!(pounds("internal"), [420_000, 123_456_789, 499]);
    }
}

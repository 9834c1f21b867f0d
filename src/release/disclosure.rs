//! Disclosure control profiles: how counts of people are rounded, and which are too small to be published.
//!
//! Every published count is rounded by itself, margins included, so that sums of published cells disclose nothing
//! exact. A rate of few people, or of all but few, is withheld; [`release`](crate::release) makes sure that no row is
//! withheld alone. The threshold has the name that ACRO's settings give it.

use std::collections::BTreeMap;

use serde::Serialize;

/// A named way of controlling disclosure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DisclosureProfile {
    /// Its name.
    pub name: &'static str,
    /// Counts are rounded to the nearest multiple of this.
    pub base: u64,
    /// Counts of people below this, but not 0, are withheld.
    pub safe_threshold: u64,
    /// Whether 0 is withheld too.
    pub withholds_zero: bool,
    /// What it is for.
    pub says: &'static str,
}

/// The profiles, the default first.
pub const PROFILES: [DisclosureProfile; 4] = [
    DisclosureProfile {
        name: "round-5",
        base: 5,
        safe_threshold: 10,
        withholds_zero: false,
        says: "multiples of 5, as in answers to Parliament; counts of 1 to 9 withheld",
    },
    DisclosureProfile {
        name: "round-10",
        base: 10,
        safe_threshold: 10,
        withholds_zero: false,
        says: "multiples of 10; counts of 1 to 9 withheld",
    },
    DisclosureProfile {
        name: "ons-10-5",
        base: 5,
        safe_threshold: 10,
        withholds_zero: true,
        says: "the 10-5 rule: counts under 10 withheld, 0 included, the others multiples of 5",
    },
    DisclosureProfile {
        name: "internal",
        base: 1,
        safe_threshold: 0,
        withholds_zero: false,
        says: "nothing rounded and nothing withheld: not for release",
    },
];

/// Why a cell is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// The group has too few people.
    FewPeople,
    /// Too few people are in the numerator, or too few of the group are not.
    FewInOrOut,
    /// Another row of the table is withheld and could be worked out from this one.
    ToProtectAnother,
}

impl Withheld {
    /// The reason in words.
    pub const fn says(self) -> &'static str {
        match self {
            Self::FewPeople => "too few people in the group",
            Self::FewInOrOut => "too few people counted, or too few of the group not counted",
            Self::ToProtectAnother => "another row of the table is withheld and could be worked out from this one",
        }
    }
}

impl DisclosureProfile {
    /// The profile of that name.
    pub fn named(name: &str) -> Option<Self> {
        PROFILES.into_iter().find(|profile| profile.name == name)
    }

    /// A count as it is published.
    pub fn rounded(self, count: u64) -> u64 {
        (count + self.base / 2) / self.base * self.base
    }

    fn is_small(self, count: u64) -> bool {
        count < self.safe_threshold && (count != 0 || self.withholds_zero)
    }

    /// The reason for primary suppression of a rate; `None` where there is none.
    pub fn withholds(self, numerator: u64, denominator: u64) -> Option<Withheld> {
        if self.is_small(denominator) {
            return Some(Withheld::FewPeople);
        }
        let out = denominator.saturating_sub(numerator);
        (self.is_small(numerator) || self.is_small(out)).then_some(Withheld::FewInOrOut)
    }

    /// The reason for primary suppression of a number of people; `None` where there is none.
    pub fn withholds_group(self, people: u64) -> Option<Withheld> {
        self.is_small(people).then_some(Withheld::FewPeople)
    }

    /// A secondary count, rounded; `None` where it is too small to be published.
    pub fn published(self, count: u64) -> Option<u64> {
        (!self.is_small(count)).then(|| self.rounded(count))
    }
}

/// How often each reason withheld a cell.
pub fn reasons(withheld: impl Iterator<Item = Withheld>) -> BTreeMap<Withheld, u64> {
    let mut reasons = BTreeMap::new();
    for why in withheld {
        *reasons.entry(why).or_default() += 1;
    }
    reasons
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
        assert_eq!(rounded("round-10"), [0, 10, 10, 20, 20, 1_230]);
        assert_eq!(rounded("internal"), [0, 12, 13, 17, 18, 1_234]);
    }

    #[test]
    fn few_in_and_few_out_are_withheld() {
        let round_5 = profile("round-5");
        assert_eq!(round_5.withholds(10, 20), None);
        assert_eq!(round_5.withholds(9, 20), Some(Withheld::FewInOrOut));
        assert_eq!(round_5.withholds(11, 20), Some(Withheld::FewInOrOut));
        assert_eq!(round_5.withholds(0, 20), None);
        assert_eq!(round_5.withholds(0, 9), Some(Withheld::FewPeople));
        assert_eq!(profile("ons-10-5").withholds(0, 20), Some(Withheld::FewInOrOut));
        assert_eq!(profile("internal").withholds(1, 2), None);
    }
}

//! The table of scenarios: what a sample batch shows, how often, and what the answer must be.

use super::case::SampleCase;
use super::scenario_queried::QUERIED;
use super::scenario_refused::REFUSED;
use super::scenario_rejected::REJECTED;
use super::scenario_validated::VALIDATED;

/// The right answer to one claim: the verdict, and all codes in the order of the table of rules, notes included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpectedVerdict {
    /// Validated, with these notes.
    Validated(&'static str),
    /// Rejected, with these codes.
    Rejected(&'static str),
    /// Queried, with these codes.
    Queried(&'static str),
}

impl ExpectedVerdict {
    /// The verdict's word.
    pub(super) const fn verdict(self) -> &'static str {
        match self {
            Self::Validated(_) => "validated",
            Self::Rejected(_) => "rejected",
            Self::Queried(_) => "queried",
        }
    }

    /// The codes, separated by spaces.
    pub(super) const fn codes(self) -> &'static str {
        match self {
            Self::Validated(codes) | Self::Rejected(codes) | Self::Queried(codes) => codes,
        }
    }
}

/// Whether harmless disorder may be added to a scenario's payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noise {
    /// The payments stay as the scenario makes them: they are its point.
    Quiet,
    /// Some is added at random.
    Noisy,
}

/// What a scenario asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// A person.
    Person,
    /// Two stems one digit apart as well.
    Twins,
    /// A claims file of text lines, which can be damaged.
    Lines,
}

/// One situation that a batch of claims can hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scenario {
    /// Its name in the answer key.
    pub(super) name: &'static str,
    /// How many of a thousand situations it is.
    pub(super) weight: u32,
    /// The answer to each claim it makes, in the order it makes them.
    pub(super) answers: &'static [ExpectedVerdict],
    /// Makes it.
    pub(super) make: fn(&mut SampleCase<'_>),
    /// Whether noise is added.
    pub(super) noise: Noise,
    /// What it asks for.
    pub(super) needs: Needs,
}

impl Scenario {
    /// A scenario that stays as it is made.
    pub(super) const fn new(
        name: &'static str,
        weight: u32,
        answers: &'static [ExpectedVerdict],
        make: fn(&mut SampleCase<'_>),
    ) -> Self {
        Self { name, weight, answers, make, noise: Noise::Quiet, needs: Needs::Person }
    }

    /// The same with noise.
    pub(super) const fn noisy(mut self) -> Self {
        self.noise = Noise::Noisy;
        self
    }

    /// The same, asking for something.
    pub(super) const fn needing(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// How many claims it makes.
    pub(super) fn claims(&self) -> u32 {
        u32::try_from(self.answers.len()).unwrap_or(u32::MAX)
    }
}

/// All scenarios, in the order in which a batch shows them first.
pub(super) fn all() -> impl Iterator<Item = &'static Scenario> {
    VALIDATED.iter().chain(&REJECTED).chain(&REFUSED).chain(&QUERIED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Code, RULES, Rule, Severity, rule};
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_weights_add_up() {
        let names: BTreeSet<_> = all().map(|scenario| scenario.name).collect();
        assert_eq!(names.len(), all().count());
        assert_eq!(all().map(|scenario| scenario.weight).sum::<u32>(), 1000);
    }

    fn rules(answer: &ExpectedVerdict) -> Vec<&'static Rule> {
        answer.codes().split_whitespace().map(|code| rule(Code::parse(code).unwrap()).unwrap()).collect()
    }

    #[test]
    fn every_rule_is_shown() {
        let shown: BTreeSet<Code> =
            all().flat_map(|scenario| scenario.answers).flat_map(rules).map(|rule| rule.code).collect();
        let missing: Vec<Code> = RULES.iter().map(|rule| rule.code).filter(|code| !shown.contains(code)).collect();
        assert_eq!(missing, []);
    }

    #[test]
    fn codes_stand_in_the_order_of_the_rules() {
        for answer in all().flat_map(|scenario| scenario.answers) {
            assert!(rules(answer).is_sorted_by_key(|rule| rule.code), "{answer:?}");
        }
    }

    #[test]
    fn the_verdict_agrees_with_the_codes() {
        for answer in all().flat_map(|scenario| scenario.answers) {
            let notes = rules(answer).iter().all(|rule| rule.severity() == Severity::Note);
            assert_eq!(notes, matches!(answer, ExpectedVerdict::Validated(_)), "{answer:?}");
        }
    }
}

//! Outcomes that earlier runs validated.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::people::person;
use crate::domain::reading::code::key as outcome_key;
use crate::domain::{Claim, Pence, Stem, participant_key};
use crate::rules::{EarlierAmount, EarlierOutcome, Link, ValidatedBefore};

/// A claim that an earlier run validated, as far as the run recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierClaim {
    /// The provider's number for it.
    pub claim_id: Option<Box<str>>,
    /// The participant it was for.
    pub participant_id: Option<Box<str>>,
    /// The person it was for.
    pub person: Option<Stem>,
    /// The outcome's id.
    pub outcome: Box<str>,
    /// The day the outcome was achieved.
    pub achieved_on: Option<NaiveDate>,
    /// What the scheme pays for it, where it states a price.
    pub payable: Option<Pence>,
    /// What the provider claimed for it.
    pub claimed: Option<Pence>,
    /// When what was payable was paid, where a ledger says so.
    pub paid_on: Option<NaiveDate>,
}

/// The outcomes that earlier runs validated, by participant and by person; by default no earlier run is known.
#[derive(Default)]
pub struct EarlierOutcomes {
    /// How the runs are called, in the order in which they were named.
    runs: Vec<Box<str>>,
    /// What they validated, each with its run.
    claims: Vec<(usize, EarlierClaim)>,
    /// Whether a ledger is known, which may have validated nothing yet.
    has_ledger: bool,
    /// The first claim for each participant and outcome, and for each person and outcome.
    by_participant: BTreeMap<(Box<str>, String), usize>,
    by_person: BTreeMap<(Stem, String), usize>,
}

impl EarlierOutcomes {
    /// Adds what one run validated; there may be nothing. `run` is what a person knows the run by.
    pub fn add_run(&mut self, run: &str, validated: impl IntoIterator<Item = EarlierClaim>) {
        let run_number = self.runs.len();
        self.runs.push(run.into());
        for claim in validated {
            let place = self.claims.len();
            let outcome = || outcome_key(&claim.outcome);
            if let Some(participant) = &claim.participant_id {
                self.by_participant.entry((participant_key(participant), outcome())).or_insert(place);
            }
            if let Some(person) = claim.person {
                self.by_person.entry((person, outcome())).or_insert(place);
            }
            self.claims.push((run_number, claim));
        }
    }

    /// Says that a ledger is known: what it does not hold was not validated before.
    pub fn add_ledger(&mut self) {
        self.has_ledger = true;
    }

    /// Whether an earlier run validated the claim's outcome for its participant or its person.
    pub fn validated(&self, claim: &Claim) -> ValidatedBefore {
        if self.runs.is_empty() && !self.has_ledger {
            return ValidatedBefore::NoRunNamed;
        }
        let Some(outcome) = claim.outcome().map(outcome_key) else { return ValidatedBefore::No };
        let of_participant = || {
            let key = (participant_key(claim.participant_id()?), outcome.clone());
            self.by_participant.get(&key).map(|place| (*place, Link::Participant))
        };
        let of_person = || self.by_person.get(&(person(claim)?, outcome.clone())).map(|place| (*place, Link::Person));
        let found = of_participant().or_else(of_person);
        let earlier = found.and_then(|(place, link)| self.earlier(place, link));
        earlier.map_or(ValidatedBefore::No, |earlier| ValidatedBefore::Yes(Box::new(earlier)))
    }

    fn earlier(&self, place: usize, link: Link) -> Option<EarlierOutcome> {
        let (run, claim) = self.claims.get(place)?;
        Some(EarlierOutcome {
            run: self.runs.get(*run)?.clone(),
            link,
            claim_id: claim.claim_id.clone(),
            achieved_on: claim.achieved_on,
            amount: match (claim.payable, claim.claimed) {
                (Some(amount), _) if let Some(on) = claim.paid_on => EarlierAmount::Paid { amount, on },
                (Some(payable), _) => EarlierAmount::Payable(payable),
                (None, Some(claimed)) => EarlierAmount::Claimed(claimed),
                (None, None) => EarlierAmount::NotRecorded,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{NinoText, Tally};

    fn earlier(claim_id: &str, participant: &str, nino: &str) -> EarlierClaim {
        EarlierClaim {
            claim_id: Some(claim_id.into()),
            participant_id: Some(participant.into()),
            person: NinoText::read(nino).stem(),
            outcome: "job_start".into(),
            achieved_on: None,
            payable: None,
            claimed: None,
            paid_on: None,
        }
    }

    fn found(earlier: &EarlierOutcomes, participant: &str, nino: &str) -> Option<(String, Link)> {
        let cell = |column: &str| match column {
            "participant_id" => Some(participant),
            "nino" => Some(nino),
            "outcome" => Some("job_start"),
            _ => None,
        };
        match earlier.validated(&Claim::read(1, cell, &mut Tally::default())) {
            ValidatedBefore::Yes(earlier) => {
                Some((format!("{} {}", earlier.run, earlier.claim_id.unwrap()), earlier.link))
            }
            ValidatedBefore::No => None,
            ValidatedBefore::NoRunNamed => panic!("runs were named"),
        }
    }

    #[test]
    fn an_outcome_is_found_by_participant_and_by_person_and_the_first_run_named_is_told() {
        let mut outcomes = EarlierOutcomes::default();
        outcomes.add_run("January", [earlier("C1", "P1", "NC100001A")]);
        outcomes.add_run("February", [earlier("C2", "p1", "NC100001A"), earlier("C3", "P3", "NC100003A")]);
        assert_eq!(found(&outcomes, "p1", "NC100009A"), Some(("January C1".into(), Link::Participant)));
        assert_eq!(found(&outcomes, "P9", "nc 100001 d"), Some(("January C1".into(), Link::Person)));
        assert_eq!(found(&outcomes, "P3", "NC100001A"), Some(("February C3".into(), Link::Participant)));
        assert_eq!(found(&outcomes, "P9", "NC100009A"), None);
        assert_eq!(found(&outcomes, "P9", "not a number"), None);
    }

    #[test]
    fn a_run_that_validated_nothing_is_a_run_all_the_same() {
        let claim = Claim::read(1, |_| None, &mut Tally::default());
        let mut outcomes = EarlierOutcomes::default();
        assert_eq!(outcomes.validated(&claim), ValidatedBefore::NoRunNamed);
        outcomes.add_run("January", []);
        assert_eq!(outcomes.validated(&claim), ValidatedBefore::No);
    }
}

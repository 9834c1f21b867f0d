//! Who and what the claims of a batch are for: which of them are for one participant, one person and one outcome.
//!
//! Participants are known by their number; a person is known by the stem of the National Insurance number, whatever
//! number a participant has. Claims are linked where they share one of the two, and links join: if one claim shares the
//! participant of a second and the second the person of a third, all three are linked.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::domain::reading::code::key as outcome_key;
use crate::domain::{Claim, Stem, participant_key};
use crate::rules::Link;

/// Whom and what a claim is for. Numbers stand for participants and outcomes: equal numbers are equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClaimedFor {
    participant: Option<u32>,
    person: Option<Stem>,
    outcome: Option<u32>,
}

impl ClaimedFor {
    /// Whether the claim names an outcome and somebody who achieved it, so that another claim can be for the same.
    pub(super) fn can_compete(self) -> bool {
        self.outcome.is_some() && (self.participant.is_some() || self.person.is_some())
    }

    /// How two claims that are linked are: by what they share, or by claims between them.
    pub(super) fn link(self, other: Self) -> Link {
        if self.participant.is_some() && self.participant == other.participant {
            Link::Participant
        } else if self.person.is_some() && self.person == other.person {
            Link::Person
        } else {
            Link::OtherClaims
        }
    }
}

/// Whom and what each claim of a batch is for, in the order of the claims.
pub(super) struct BatchPeople {
    claims: Vec<ClaimedFor>,
    /// Each person's participant number; `None` where the batch has several.
    numbers: HashMap<Stem, Option<u32>>,
}

impl BatchPeople {
    /// Reads whom and what the claims are for.
    pub(super) fn new(claims: &[Claim]) -> Self {
        let keys: Vec<(Option<Box<str>>, Option<String>)> = claims
            .par_iter()
            .map(|claim| (claim.participant_id().map(participant_key), claim.outcome().map(outcome_key)))
            .collect();
        let (mut participants, mut outcomes) = (HashMap::<&str, u32>::new(), HashMap::<&str, u32>::new());
        let claims = claims.iter().zip(&keys).map(|(claim, (participant, outcome))| ClaimedFor {
            participant: participant.as_deref().map(|key| numbered(&mut participants, key)),
            person: person(claim),
            outcome: outcome.as_deref().map(|key| numbered(&mut outcomes, key)),
        });
        let claims: Vec<ClaimedFor> = claims.collect();
        let mut numbers = HashMap::<Stem, Option<u32>>::new();
        for (person, participant) in claims.iter().filter_map(|claim| claim.person.zip(claim.participant)) {
            let known = numbers.entry(person).or_insert(Some(participant));
            *known = known.filter(|known| *known == participant);
        }
        Self { claims, numbers }
    }

    /// Whom and what the claim at this index is for.
    pub(super) fn of(&self, index: usize) -> Option<ClaimedFor> {
        self.claims.get(index).copied()
    }

    /// Whether the batch has the claim's person under a participant number that is not the claim's.
    pub(super) fn has_another_number(&self, index: usize) -> bool {
        let claim = self.of(index).and_then(|claim| claim.person.zip(claim.participant));
        claim.is_some_and(|(person, participant)| self.numbers.get(&person) != Some(&Some(participant)))
    }

    /// The indices of the claims that can compete with another, those that are linked together.
    pub(super) fn linked(&self) -> Vec<Vec<usize>> {
        let claims = self.claims.iter().copied().enumerate().filter(|(_, claim)| claim.can_compete());
        linked(claims.collect())
    }
}

/// The person a claim is for, by a National Insurance number that can be one.
pub(super) fn person(claim: &Claim) -> Option<Stem> {
    claim.nino.given().and_then(|nino| nino.well_formed()).map(super::super::domain::nino::Nino::stem)
}

fn numbered<'a>(numbers: &mut HashMap<&'a str, u32>, key: &'a str) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(key).or_insert(next)
}

/// Groups claims, each with a number of the caller's, so that linked ones stand together. Groups stand in the order of
/// their first claims, and the claims of a group in the order given.
pub(super) fn linked<T>(claims: Vec<(T, ClaimedFor)>) -> Vec<Vec<T>> {
    let mut links = Links((0..claims.len()).collect());
    links.join_equal(&claims, |claim| claim.participant.map(u64::from));
    links.join_equal(&claims, |claim| claim.person.map(Stem::key));
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut group_of_first: HashMap<usize, usize> = HashMap::new();
    for (place, (claim, _)) in claims.into_iter().enumerate() {
        let group = *group_of_first.entry(links.first(place)).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(claims) => claims.push(claim),
            None => groups.push(vec![claim]),
        }
    }
    groups
}

/// Disjoint sets of places: each place has an earlier one of its set, or is the first of it.
struct Links(Vec<usize>);

impl Links {
    /// Joins the claims for one outcome that have the same key.
    fn join_equal<T>(&mut self, claims: &[(T, ClaimedFor)], key: impl Fn(&ClaimedFor) -> Option<u64>) {
        let keyed = |(place, (_, claim)): (usize, &(T, ClaimedFor))| Some((claim.outcome?, key(claim)?, place));
        let mut keyed: Vec<(u32, u64, usize)> = claims.iter().enumerate().filter_map(keyed).collect();
        keyed.par_sort_unstable();
        for group in keyed.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let Some(((_, _, first), others)) = group.split_first() else { continue };
            for (_, _, other) in others {
                self.join(*first, *other);
            }
        }
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        if let Some(first) = self.0.get_mut(one.max(other)) {
            *first = one.min(other);
        }
    }

    /// The first place of a set; the way to it is made shorter.
    fn first(&mut self, place: usize) -> usize {
        let mut here = place;
        while let Some(earlier) = self.0.get(here).copied().filter(|earlier| *earlier != here) {
            let before = self.0.get(earlier).copied().unwrap_or(earlier);
            if let Some(link) = self.0.get_mut(here) {
                *link = before;
            }
            here = before;
        }
        here
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{NinoText, Tally};

    /// Whom and what a claim of these numbers is for.
    pub(in crate::batch) fn claimed_for(participant: u32, nino: &str, outcome: u32) -> ClaimedFor {
        ClaimedFor { participant: Some(participant), person: NinoText::read(nino).stem(), outcome: Some(outcome) }
    }

    fn batch(claims: &[[&str; 3]]) -> BatchPeople {
        let claim = |[participant, nino, outcome]: &[&str; 3]| {
            let cell = |column: &str| match column {
                "participant_id" => Some(*participant),
                "nino" => Some(*nino),
                "outcome" => Some(*outcome),
                _ => None,
            };
            Claim::read(1, cell, &mut Tally::default())
        };
        BatchPeople::new(&claims.iter().map(claim).collect::<Vec<_>>())
    }

    #[test]
    fn claims_are_linked_by_participant_and_by_person_and_links_join() {
        let batch = batch(&[
            ["P1", "NC100001A", "start"],
            ["P9", "NC100009A", "start"],
            ["P2", "NC100002A", "start"],
            ["p1 ", "NC100002B", "Start"],
            ["P1", "NC100001A", "thirteen_weeks"],
        ]);
        assert_eq!(batch.linked(), [vec![0, 2, 3], vec![1], vec![4]]);
        let link = |one: usize, other: usize| batch.of(one).unwrap().link(batch.of(other).unwrap());
        assert_eq!([link(0, 3), link(2, 3), link(0, 2)], [Link::Participant, Link::Person, Link::OtherClaims]);
    }

    #[test]
    fn a_claim_without_an_outcome_or_without_anybody_competes_with_none() {
        let batch = batch(&[["P1", "NC100001A", ""], ["", "NC1", "start"], ["", "NC100001A", "start"]]);
        assert_eq!(batch.linked(), [vec![2]]);
    }

    #[test]
    fn a_person_under_two_numbers_has_another_number_under_each() {
        let batch = batch(&[
            ["P1", "NC100001A", "start"],
            ["P2", "NC100001B", "start"],
            ["P3", "NC100003A", "start"],
            ["p3", "NC100003A", "thirteen_weeks"],
            ["P4", "AB123456A", "start"],
            ["P5", "AB123456A", "start"],
        ]);
        let others: Vec<bool> = (0..6).map(|index| batch.has_another_number(index)).collect();
        assert_eq!(others, [true, true, false, false, false, false]);
    }
}

//! Which of several claims for the same outcome and participant or person stands.

use chrono::NaiveDate;

use super::ClaimOrigin;
use super::people::{ClaimedFor, linked};
use crate::domain::Claim;
use crate::judge::Verdict;
use crate::rules::{ClaimDateOrder, Precedence, StandingClaim, StandingVerdict};

/// A claim that nothing else rejects, among others that may be for the same outcome.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Candidate<'a> {
    /// Whom and what it is for.
    claimed_for: ClaimedFor,
    /// What the claim would be on its own: validated or queried.
    verdict: Verdict,
    /// When it was claimed.
    claim_date: NaiveDate,
    /// Its number.
    claim_id: &'a str,
    /// Its index in the batch, which breaks the last ties.
    index: usize,
    /// How it came into the batch.
    origin: ClaimOrigin,
}

impl<'a> Candidate<'a> {
    /// A claim with its verdict as a candidate, unless it is rejected or does not say what the order needs.
    pub(super) fn new(index: usize, claim: &'a Claim, claimed_for: ClaimedFor, verdict: Verdict) -> Option<Self> {
        (verdict != Verdict::Rejected && claimed_for.can_compete()).then_some(())?;
        let claim_date = *claim.claim_date.given()?;
        let origin = ClaimOrigin::New;
        Some(Self { claimed_for, verdict, claim_date, claim_id: claim.claim_id()?, index, origin })
    }

    /// The same, come into the batch in another way.
    pub(super) fn came_as(self, origin: ClaimOrigin) -> Self {
        Self { origin, ..self }
    }

    /// What a ledger holds as due or paid comes first; validated claims come before queried ones, then the earlier claim, then the
    /// smaller claim number.
    fn rank(&self) -> impl Ord + use<'a> {
        (self.origin != ClaimOrigin::LookedAtAgain, self.verdict, self.claim_date, self.claim_id, self.index)
    }

    /// What a claim behind this one is told of it.
    fn standing_before(&self, other: &Self) -> StandingClaim {
        StandingClaim {
            claim_id: self.claim_id.into(),
            verdict: match self.verdict {
                Verdict::Validated => StandingVerdict::Validated,
                Verdict::Queried | Verdict::Rejected => StandingVerdict::Queried,
            },
            claimed: if other.claim_date < self.claim_date { ClaimDateOrder::Later } else { ClaimDateOrder::NotLater },
            link: self.claimed_for.link(other.claimed_for),
        }
    }
}

/// Ranks the candidates for each outcome that are linked; returns the rank of each with its index in the batch.
pub(super) fn in_order(candidates: Vec<Candidate<'_>>) -> Vec<(usize, Precedence)> {
    let mut places = Vec::with_capacity(candidates.len());
    let claimed_for = candidates.into_iter().map(|candidate| {
        let claimed_for = candidate.claimed_for;
        (candidate, claimed_for)
    });
    for mut group in linked(claimed_for.collect()) {
        group.sort_by_key(Candidate::rank);
        let Some((first, others)) = group.split_first() else { continue };
        places.push((first.index, Precedence::Stands));
        places.extend(others.iter().map(|other| (other.index, Precedence::Behind(first.standing_before(other)))));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::people::tests::claimed_for;
    use super::*;
    use crate::rules::Link;

    fn candidate(index: usize, verdict: Verdict, day: u32, claim_id: &str) -> Candidate<'_> {
        Candidate {
            claimed_for: claimed_for(1, "NC100001A", 1),
            verdict,
            claim_date: NaiveDate::from_ymd_opt(2018, 12, day).unwrap(),
            claim_id,
            index,
            origin: ClaimOrigin::New,
        }
    }

    #[test]
    fn paid_then_validated_stands_before_queried_then_the_earlier_then_the_smaller_number() {
        let order = |candidates: Vec<Candidate<'_>>| {
            in_order(candidates).into_iter().map(|(index, _)| index).collect::<Vec<_>>()
        };
        let (queried, validated) = (Verdict::Queried, Verdict::Validated);
        assert_eq!(order(vec![candidate(1, queried, 1, "A"), candidate(2, validated, 2, "B")]), [2, 1]);
        assert_eq!(order(vec![candidate(1, validated, 2, "A"), candidate(2, validated, 1, "B")]), [2, 1]);
        assert_eq!(order(vec![candidate(1, validated, 1, "B"), candidate(2, validated, 1, "A")]), [2, 1]);
        let paid = candidate(2, queried, 9, "Z").came_as(ClaimOrigin::LookedAtAgain);
        assert_eq!(order(vec![candidate(1, validated, 1, "A"), paid]), [2, 1]);
    }

    #[test]
    fn a_claim_is_told_which_one_stands_when_it_was_claimed_and_how_they_are_linked() {
        let behind = |first: Candidate<'_>, second: Candidate<'_>| match in_order(vec![first, second]).pop() {
            Some((_, Precedence::Behind(standing))) => standing,
            other => panic!("{other:?}"),
        };
        let (queried, validated) = (Verdict::Queried, Verdict::Validated);
        let on_one_day = behind(candidate(1, validated, 1, "A"), candidate(2, queried, 1, "B"));
        let expected = StandingClaim {
            claim_id: "A".into(),
            verdict: StandingVerdict::Validated,
            claimed: ClaimDateOrder::NotLater,
            link: Link::Participant,
        };
        assert_eq!(on_one_day, expected);
        let a_day_later = behind(candidate(1, validated, 2, "A"), candidate(2, queried, 1, "B"));
        assert_eq!(a_day_later.claimed, ClaimDateOrder::Later);
        let other_number = Candidate { claimed_for: claimed_for(2, "NC100001B", 1), ..candidate(2, queried, 1, "B") };
        let of_one_person = behind(candidate(1, queried, 1, "A"), other_number);
        assert_eq!((of_one_person.verdict, of_one_person.link), (StandingVerdict::Queried, Link::Person));
    }
}

//! Which of several claims for the same participant and outcome stands.

use chrono::NaiveDate;

use crate::domain::Claim;
use crate::judge::Verdict;
use crate::rules::Precedence;

/// A claim that nothing else rejects, among others for the same participant and outcome.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Candidate<'a> {
    /// The participant and the outcome.
    competes_for: (&'a str, &'a str),
    /// What the claim would be on its own: validated or queried.
    verdict: Verdict,
    /// When it was claimed.
    claim_date: NaiveDate,
    /// Its number.
    claim_id: &'a str,
    /// Its index in the batch, which breaks the last ties.
    index: usize,
}

impl<'a> Candidate<'a> {
    /// A claim with its verdict as a candidate, unless it is rejected or does not say what the order needs.
    pub(super) fn new(index: usize, claim: &'a Claim, verdict: Verdict) -> Option<Self> {
        (verdict != Verdict::Rejected).then_some(())?;
        let claim_date = *claim.claim_date.given()?;
        Some(Self { competes_for: competes_for(claim)?, verdict, claim_date, claim_id: claim.claim_id()?, index })
    }
}

/// The participant and the outcome a claim names, where it names both.
pub(super) fn competes_for(claim: &Claim) -> Option<(&str, &str)> {
    claim.participant_id().zip(claim.outcome())
}

/// Ranks the candidates for each participant and outcome; returns the rank of each with its index in the batch.
///
/// Validated claims come before queried ones, then the earlier claim, then the smaller claim number.
pub(super) fn in_order(mut candidates: Vec<Candidate<'_>>) -> Vec<(usize, Precedence)> {
    let rank = |of: &Candidate<'_>| (of.verdict, of.claim_date);
    candidates.sort_by(|one, other| {
        let competing = one.competes_for.cmp(&other.competes_for);
        let earlier = competing.then_with(|| rank(one).cmp(&rank(other)));
        earlier.then_with(|| (one.claim_id, one.index).cmp(&(other.claim_id, other.index)))
    });
    let mut places = Vec::with_capacity(candidates.len());
    for group in candidates.chunk_by(|one, other| one.competes_for == other.competes_for) {
        let Some((first, others)) = group.split_first() else { continue };
        let behind = match first.verdict {
            Verdict::Validated => Precedence::BehindValidated,
            Verdict::Queried | Verdict::Rejected => Precedence::BehindQueried,
        };
        places.push((first.index, Precedence::Stands));
        places.extend(others.iter().map(|other| (other.index, behind)));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validated_stands_before_queried_then_the_earlier_then_the_smaller_number() {
        let candidate = |index, verdict, day, claim_id| Candidate {
            competes_for: ("P1", "sustained_13_weeks"),
            verdict,
            claim_date: NaiveDate::from_ymd_opt(2018, 12, day).unwrap(),
            claim_id,
            index,
        };
        let order = |candidates: Vec<Candidate<'_>>| {
            in_order(candidates).into_iter().map(|(index, _)| index).collect::<Vec<_>>()
        };
        let (queried, validated) = (Verdict::Queried, Verdict::Validated);
        assert_eq!(order(vec![candidate(1, queried, 1, "A"), candidate(2, validated, 2, "B")]), [2, 1]);
        assert_eq!(order(vec![candidate(1, validated, 2, "A"), candidate(2, validated, 1, "B")]), [2, 1]);
        assert_eq!(order(vec![candidate(1, validated, 1, "B"), candidate(2, validated, 1, "A")]), [2, 1]);
    }
}

//! Claims for the same participant and outcome: which of them stands. Only claims that others are made beside are decided
//! for it, each as if it were alone; every other claim stands on its own.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Watch;
use super::prepared::Prepared;
use crate::batch::{self, Contender};
use crate::domain::Claim;
use crate::error::RunError;
use crate::history::History;
use crate::judge::Verdict;
use crate::matching::ClaimRows;
use crate::rules::Rivalry;

/// Where the claims of a batch stand.
pub(super) struct Rivalries<'a> {
    claims: &'a ClaimRows,
    /// The claims that others are made beside, by row.
    contested: BTreeMap<u32, Rivalry>,
}

impl<'a> Rivalries<'a> {
    /// Decides the claims that others are made beside.
    pub(super) fn settle(prepared: &'a Prepared, history: &History, watch: &dyn Watch) -> Result<Self, RunError> {
        let claims = &prepared.claims;
        let mut alone: Vec<(Claim, Verdict)> = Vec::new();
        prepared.with_payments(&contested(claims), watch, |claims, payments| {
            let judged = claims.par_iter().map(|index| prepared.judge(history, *index, Rivalry::Stands, payments));
            alone.par_extend(judged.map(|judged| (judged.claim, judged.decision.verdict)));
            Ok(())
        })?;
        let mut contested: BTreeMap<u32, Rivalry> =
            alone.iter().map(|(claim, _)| (claim.row, Rivalry::OutOfIt)).collect();
        contested.extend(batch::rivalries(alone.iter().filter_map(contender).collect()));
        Ok(Self { claims, contested })
    }

    /// Where a claim stands.
    pub(super) fn of(&self, index: usize) -> Rivalry {
        let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
        self.contested.get(&row).copied().unwrap_or_else(|| self.alone(index))
    }

    /// A claim whose participant and outcome nobody else claims stands, unless it names none.
    fn alone(&self, index: usize) -> Rivalry {
        if claimed(self.claims, index).is_some() { Rivalry::Stands } else { Rivalry::OutOfIt }
    }
}

/// The claims whose participant and outcome are claimed more than once.
fn contested(claims: &ClaimRows) -> Vec<usize> {
    let mut claimed: Vec<(&str, &str, usize)> = (0..claims.len())
        .filter_map(|index| claimed(claims, index).map(|(participant, outcome)| (participant, outcome, index)))
        .collect();
    claimed.par_sort_unstable();
    claimed
        .chunk_by(|(one, outcome, _), (other, another, _)| (one, outcome) == (other, another))
        .filter(|group| 1 < group.len())
        .flatten()
        .map(|(.., index)| *index)
        .collect()
}

/// The participant and the outcome a claim names, where it names both.
fn claimed(claims: &ClaimRows, index: usize) -> Option<(&str, &str)> {
    let cell = |name| claims.cell(name, index).map(str::trim).filter(|text| !text.is_empty());
    Some((cell("participant_id")?, cell("outcome")?))
}

fn contender((claim, verdict): &(Claim, Verdict)) -> Option<Contender<'_>> {
    (*verdict != Verdict::Rejected).then_some(())?;
    Some(Contender {
        contested: (claim.participant_id.given()?, claim.outcome.given()?),
        verdict: *verdict,
        claim_date: *claim.claim_date.given()?,
        claim_id: claim.claim_id.given()?,
        row: claim.row,
    })
}

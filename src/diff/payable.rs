//! The walk from what an earlier run pays to what a later one pays. Amounts are pence.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ClaimChange;
use super::cause::Cause;
use super::claim_summaries::{ClaimKey, ClaimSummary};

/// The walk from what the earlier run pays for its validated claims to what the later one pays: by the scheme's prices, and
/// where no price is known what was claimed. What every cause added and took leads from one to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayableWalk {
    /// What the earlier run pays.
    pub old_pence: i64,
    /// What each cause changed.
    pub by_cause: BTreeMap<Cause, PayableChange>,
    /// What the later run pays.
    pub new_pence: i64,
}

/// What claims pay more and less than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayableChange {
    /// How much more is paid for claims that pay more.
    pub added_pence: i64,
    /// How much less is paid for claims that pay less.
    pub taken_pence: i64,
}

impl PayableChange {
    /// Adds the change of a claim.
    fn add(&mut self, change: &ClaimChange) {
        let more = change.payable_change();
        self.added_pence = self.added_pence.saturating_add(more.max(0));
        self.taken_pence = self.taken_pence.saturating_sub(more.min(0));
    }
}

impl PayableWalk {
    /// The walk over these changes, between two runs with these claims.
    pub(super) fn of(
        before: &BTreeMap<ClaimKey, ClaimSummary>,
        now: &BTreeMap<ClaimKey, ClaimSummary>,
        changes: &[ClaimChange],
    ) -> Self {
        let pays = |run: &BTreeMap<ClaimKey, ClaimSummary>| {
            run.values().filter_map(|claim| claim.payable).fold(0, |sum: i64, one| sum.saturating_add(one.0))
        };
        let mut by_cause: BTreeMap<Cause, PayableChange> = BTreeMap::new();
        for change in changes {
            by_cause.entry(change.cause).or_default().add(change);
        }
        Self { old_pence: pays(before), by_cause, new_pence: pays(now) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Pence;

    fn run(claims: &[(&str, Option<i64>)]) -> BTreeMap<ClaimKey, ClaimSummary> {
        let claims = (1..).zip(claims).map(|(row, (id, pence))| {
            let verdict = if pence.is_some() { "validated" } else { "queried" };
            let summary = ClaimSummary { row, verdict, reasons: Vec::new(), payable: pence.map(Pence) };
            (ClaimKey { claim_id: Some((*id).to_owned()), which: 0 }, summary)
        });
        claims.collect()
    }

    #[test]
    fn the_walk_leads_from_one_run_to_the_other_to_the_penny() {
        let before = run(&[("A", Some(250_001)), ("B", None), ("C", Some(99)), ("D", Some(250_000)), ("E", Some(7))]);
        let now = run(&[
            ("A", None),
            ("B", Some(33)),
            ("C", Some(100_000)),
            ("D", Some(249_999)),
            ("F", Some(1)),
            ("E", Some(7)),
        ]);
        let causes = [
            ("A", Cause::Earnings),
            ("B", Cause::Earnings),
            ("C", Cause::Scheme),
            ("D", Cause::Scheme),
            ("F", Cause::Claims),
        ];
        let changes: Vec<ClaimChange> = causes
            .into_iter()
            .map(|(id, cause)| {
                let key = ClaimKey { claim_id: Some(id.to_owned()), which: 0 };
                super::super::change(&key, before.get(&key), now.get(&key), cause)
            })
            .collect();
        let walk = PayableWalk::of(&before, &now, &changes);
        let change = |added_pence, taken_pence| PayableChange { added_pence, taken_pence };
        assert_eq!(
            walk.by_cause.into_iter().collect::<Vec<_>>(),
            [(Cause::Claims, change(1, 0)), (Cause::Earnings, change(33, 250_001)), (Cause::Scheme, change(99_901, 1)),]
        );
        assert_eq!((walk.old_pence, walk.new_pence), (500_107, 350_040));
        assert_eq!(500_107 + 1 + 33 - 250_001 + 99_901 - 1, 350_040);
    }
}

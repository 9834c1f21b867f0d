//! What a month came to: claims counted by what became of them, with their pounds.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::record::ClaimInMonth;
use crate::account::RunAccount;
use crate::domain::counted;
use crate::domain::withheld::shown;
use crate::ledger::Book;
use crate::ledger::state::ClaimState;

/// Claims counted, with what they come to in pence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CountAndPence {
    /// How many claims.
    pub claims: u64,
    /// What they come to.
    pub pence: i64,
}

impl CountAndPence {
    fn of(amounts: impl Iterator<Item = i64>) -> Self {
        amounts.fold(Self::default(), |sum, pence| Self { claims: sum.claims + 1, pence: sum.pence + pence })
    }
}

/// A claim that no longer stands as it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoLongerStanding {
    /// The provider. An identifier that looks like a person's number or a date is withheld, here and below.
    pub provider_id: String,
    /// The contract.
    pub contract_id: String,
    /// The provider's number for the claim.
    pub claim_id: String,
    /// What it was before.
    pub was: &'static str,
    /// What it is now.
    pub is: &'static str,
    /// What is payable or was paid, in pence.
    pub pence: i64,
    /// Why.
    pub cause: String,
}

/// What a month came to. Amounts are pence: what is claimed of claims that are not settled, what is payable of the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthSummary {
    /// The month, counted from 1.
    pub month: u32,
    /// The last day its extract speaks for.
    pub cut_off: Option<String>,
    /// The fingerprint of its run.
    pub run: String,
    /// The rows of its batch by what they are to the ledger: new, corrected, carried, looked at again, sent again, repeated,
    /// unusable.
    pub rows: BTreeMap<String, u64>,
    /// Claims received, with what is claimed.
    pub received: CountAndPence,
    /// Open claims that were carried over, with what is claimed.
    pub carried: CountAndPence,
    /// Claims that were due before, with what is payable now; they were looked at again.
    pub due_before: CountAndPence,
    /// Of those carried over, the claims that were settled: they are open no longer, and did not lapse.
    pub settled: CountAndPence,
    /// Claims that are open now.
    pub open: CountAndPence,
    /// Claims that are due now, with what is payable.
    pub due: CountAndPence,
    /// Claims that this month rejected, with what is claimed.
    pub rejected: CountAndPence,
    /// Claims that lapsed this month, because nobody settled them in time, with what is claimed.
    pub lapsed: CountAndPence,
    /// Claims that were paid before and stand.
    pub paid_before: CountAndPence,
    /// Paid claims that are in question; they stand until they are settled.
    pub in_question: CountAndPence,
    /// Paid claims that are to be recovered.
    pub to_recover: CountAndPence,
    /// Claims that no longer stand as they did, with the cause.
    pub no_longer_standing: Vec<NoLongerStanding>,
}

impl NoLongerStanding {
    fn of(one: &ClaimInMonth) -> Option<Self> {
        let cause = one.cause.clone()?;
        Some(Self {
            provider_id: shown(&one.provider_id).to_owned(),
            contract_id: shown(&one.contract_id).to_owned(),
            claim_id: shown(&one.claim_id).to_owned(),
            was: one.before.map_or("new", ClaimState::name),
            is: one.after.name(),
            pence: if one.payable == 0 { one.claimed } else { one.payable },
            cause,
        })
    }

    /// What became of it, in words.
    pub fn change(&self) -> String {
        let Self { was, is, .. } = self;
        let words = if was == is { format!("{is} once more") } else { format!("{was} is now {is}") };
        words.replace('_', " ")
    }
}

impl MonthSummary {
    /// What a month came to that made this of the claims it decided; `book` is the ledger before it.
    pub(super) fn of(
        book: &Book,
        month: u32,
        account: &RunAccount,
        rows: &BTreeMap<String, u64>,
        claims: &[ClaimInMonth],
    ) -> Self {
        let of = |wanted: &dyn Fn(&ClaimInMonth) -> bool, amount: &dyn Fn(&ClaimInMonth) -> i64| {
            CountAndPence::of(claims.iter().filter(|one| wanted(one)).map(amount))
        };
        let was = |state: ClaimState| move |one: &ClaimInMonth| one.before == Some(state);
        let is = |state: ClaimState| move |one: &ClaimInMonth| one.after == state;
        let (claimed, payable) = (&|one: &ClaimInMonth| one.claimed, &|one: &ClaimInMonth| one.payable);
        // Payments beyond the recovery time are not looked at and stand.
        let looked_at: HashSet<i64> = claims.iter().filter_map(|one| one.number).collect();
        let untouched = |state: ClaimState| {
            let own = book.claims.iter().filter(|claim| claim.state == state && !looked_at.contains(&claim.number));
            CountAndPence::of(own.map(|claim| claim.payable))
        };
        let plus = |one: CountAndPence, other: CountAndPence| CountAndPence {
            claims: one.claims + other.claims,
            pence: one.pence + other.pence,
        };
        let is_settled = |one: &ClaimInMonth| {
            one.before == Some(ClaimState::Open) && !matches!(one.after, ClaimState::Open | ClaimState::Lapsed)
        };
        let stands = |one: &ClaimInMonth| one.after == ClaimState::Paid;
        Self {
            month,
            cut_off: account.cut_off.date.clone(),
            run: account.fingerprint.clone(),
            rows: rows.clone(),
            received: of(&|one| one.before.is_none(), claimed),
            carried: of(&was(ClaimState::Open), claimed),
            due_before: of(&was(ClaimState::Due), payable),
            settled: of(&is_settled, claimed),
            open: of(&is(ClaimState::Open), claimed),
            due: of(&is(ClaimState::Due), payable),
            rejected: of(&is(ClaimState::Rejected), claimed),
            lapsed: of(&is(ClaimState::Lapsed), claimed),
            paid_before: plus(of(&stands, payable), untouched(ClaimState::Paid)),
            in_question: plus(of(&is(ClaimState::InQuestion), payable), untouched(ClaimState::InQuestion)),
            to_recover: plus(of(&is(ClaimState::ToRecover), payable), untouched(ClaimState::ToRecover)),
            no_longer_standing: claims.iter().filter_map(NoLongerStanding::of).collect(),
        }
    }

    /// Its counts, each in words. The claims received, carried over and due before are those open, due, rejected and lapsed now.
    pub fn counts(&self) -> [(&'static str, CountAndPence); 11] {
        [
            ("received", self.received),
            ("carried over", self.carried),
            ("due before", self.due_before),
            ("settled of those carried over", self.settled),
            ("open now", self.open),
            ("due now", self.due),
            ("rejected now", self.rejected),
            ("lapsed", self.lapsed),
            ("paid before, and stands", self.paid_before),
            ("paid, and in question", self.in_question),
            ("paid, and to be recovered", self.to_recover),
        ]
    }

    /// The rows of the batch that are no claims of their own, each kind in words.
    pub fn other_rows(&self) -> impl Iterator<Item = String> {
        let kinds = [
            ("sent_again", "row claims again what is due or was paid", "rows claim again what is due or was paid"),
            ("repeated", "row repeats a claim number of this month", "rows repeat a claim number of this month"),
            (
                "unusable",
                "row has no claim number or provider, or is no record",
                "rows have no claim number or provider, or are no records",
            ),
        ];
        kinds.into_iter().filter_map(|(name, one, many)| Some(counted(*self.rows.get(name)?, one, many)))
    }
}

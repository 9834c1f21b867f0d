//! The claims that wait for people, oldest first, each with what its last run said.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::account::RunAccount;
use crate::domain::day::add_days;
use crate::error::{InputError, RunError};
use crate::ledger::state::ClaimState;
use crate::ledger::{Ledger, LedgerClaim};
use crate::reopen::{ResultRow, each_batch};
use crate::scheme::{Scheme, ledger_terms};
use crate::sealed;

/// A claim that waits for people.
pub(super) struct Waiting<'a> {
    /// The claim.
    pub(super) claim: &'a LedgerClaim,
    /// For how many days it has been open.
    pub(super) days_open: Option<i64>,
    /// When it lapses.
    pub(super) lapses_on: Option<NaiveDate>,
    /// The rules it fails but notes, each with its message.
    pub(super) reasons: Vec<(String, String)>,
}

impl<'a> Waiting<'a> {
    /// The claims of a ledger that people must settle: open ones and payments in question, unless a decision keeps them as they are.
    pub(super) fn of(ledger: &'a Ledger, scheme: &Scheme) -> Result<Vec<Self>, RunError> {
        let claims = ledger.book.claims.iter().filter(|claim| is_to_be_settled(claim) && !claim.is_kept());
        let mut claims: Vec<&LedgerClaim> = claims.collect();
        claims
            .sort_by_key(|claim| (claim.open_since, &claim.receipt.provider_id, &claim.receipt.claim_id, claim.number));
        let mut reasons = reasons(ledger, &claims)?;
        let cut_off = ledger.book.cut_off();
        let limit = ledger_terms::on(scheme.ledger.query_lapse_days.as_ref(), cut_off);
        let waiting = |claim: &'a LedgerClaim| {
            let is_open = claim.state == ClaimState::Open;
            let place = claim.verdict.as_ref().map(|verdict| (verdict.month, verdict.given.row));
            Self {
                claim,
                days_open: claim.open_since.zip(cut_off).map(|(since, now)| (now - since).num_days()),
                lapses_on: limit
                    .zip(claim.open_since)
                    .filter(|_| is_open)
                    .map(|(limit, since)| add_days(since, i64::from(limit))),
                reasons: place.and_then(|place| reasons.remove(&place)).unwrap_or_default(),
            }
        };
        Ok(claims.into_iter().map(waiting).collect())
    }

    /// When a later extract can settle it.
    pub(super) fn recheck_on(&self) -> Option<NaiveDate> {
        self.claim.verdict.as_ref().and_then(|verdict| verdict.given.recheck_on)
    }

    /// What changed in its evidence.
    pub(super) fn changed(&self) -> &str {
        self.claim.verdict.as_ref().and_then(|verdict| verdict.given.changed.as_deref()).unwrap_or_default()
    }

    /// The codes of the rules it fails.
    pub(super) fn codes(&self) -> String {
        self.reasons.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Whether a claim or payment is one that people settle.
pub(super) const fn is_to_be_settled(claim: &LedgerClaim) -> bool {
    matches!(claim.state, ClaimState::Open | ClaimState::InQuestion)
}

/// The rules that claims fail but notes, with their messages, by the month that decided each last and its row there.
type Reasons = BTreeMap<(u32, u32), Vec<(String, String)>>;

fn reasons(ledger: &Ledger, claims: &[&LedgerClaim]) -> Result<Reasons, RunError> {
    let mut by_month: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for verdict in claims.iter().filter_map(|claim| claim.verdict.as_ref()) {
        by_month.entry(verdict.month).or_default().insert(verdict.given.row);
    }
    let mut reasons = Reasons::new();
    for (month, rows) in by_month {
        let path = ledger.run_of(month);
        let run = sealed::open::<RunAccount>(&path)?;
        let columns = ["claim_row", "code", "severity", "message"];
        let read = each_batch(&run, "findings.parquet", &columns, &mut |batch| {
            for number in 0..batch.num_rows() {
                let row = ResultRow::new(batch, number);
                let claim_row = row.number()?;
                if rows.contains(&claim_row) && row.text("severity").as_deref() != Some("note") {
                    let text = |column: &str| row.text(column).unwrap_or_default();
                    reasons.entry((month, claim_row)).or_default().push((text("code"), text("message")));
                }
            }
            Ok(())
        });
        read.map_err(|problem| InputError::new(path.display().to_string(), problem, "verify the ledger"))?;
    }
    Ok(reasons)
}

//! `sustain ledger show LEDGER CLAIM`: what became of one claim.

use serde::Serialize;

use crate::cli::screen::Screen;
use crate::domain::Pence;
use crate::domain::withheld::{shown, shown_name};
use crate::error::RunError;
use crate::ledger::{Book, LedgerClaim};

/// Prints what became of every attempt at a claim.
pub(super) fn show(book: &Book, id: &str, screen: &Screen) -> Result<(), RunError> {
    let (provider, number_of_claim) = match id.rsplit_once('/') {
        Some((provider, claim_id)) if !book.attempts(provider, claim_id).is_empty() => (Some(provider), claim_id),
        Some(_) | None => (None, id),
    };
    let found: Vec<&LedgerClaim> = book
        .claims
        .iter()
        .filter(|claim| claim.receipt.claim_id == number_of_claim)
        .filter(|claim| provider.is_none_or(|provider| claim.receipt.provider_id == provider))
        .collect();
    if found.is_empty() {
        return Err(not_there(book, id));
    }
    let told: Vec<ClaimHistory> = found.iter().map(|claim| ClaimHistory::of(claim)).collect();
    if screen.json {
        screen.print_json(&told);
        return Ok(());
    }
    let text: Vec<String> = told.iter().map(|claim| claim.to_text(screen)).collect();
    screen.print(&text.join("\n\n"));
    Ok(())
}

/// The refusal of a claim that the ledger does not have: where other providers have the number, with the first of those.
fn not_there(book: &Book, id: &str) -> RunError {
    let missing = format!("the ledger has no claim {}", shown(id));
    let number = id.rsplit_once('/').map(|(_, number)| number);
    match book.claims.iter().find(|claim| Some(claim.receipt.claim_id.as_str()) == number) {
        Some(claim) => {
            let (provider, number) = (shown(&claim.receipt.provider_id), shown(&claim.receipt.claim_id));
            let hint = format!("sustain ledger show LEDGER {number} shows those of every provider");
            RunError::choice(format!("{missing}; it has the number of {provider}"), hint)
        }
        None => RunError::choice(missing, "sustain ledger export writes all of them"),
    }
}

/// What became of one attempt at a claim.
#[derive(Debug, Serialize)]
struct ClaimHistory {
    provider_id: String,
    contract_id: String,
    claim_id: String,
    attempt: u32,
    outcome: String,
    received_in: u32,
    state: &'static str,
    claimed: i64,
    payable: i64,
    verdict: Option<String>,
    reasons: Vec<String>,
    decided_in: Option<u32>,
    recheck_on: Option<String>,
    changed: Option<String>,
    decision: Option<String>,
    reason: Option<String>,
    evidence: Option<String>,
    decided_by: Option<String>,
    checked_by: Option<String>,
    decided_on: Option<String>,
    until: Option<String>,
    why: Option<String>,
    paid: Option<i64>,
    paid_on: Option<String>,
    paid_in: Option<u32>,
    recovered: Option<i64>,
    recovered_on: Option<String>,
    recovered_in: Option<u32>,
}

impl ClaimHistory {
    fn of(claim: &LedgerClaim) -> Self {
        let receipt = &claim.receipt;
        let given = claim.verdict.as_ref().map(|verdict| &verdict.given);
        let made = claim.decision.as_ref().map(|decision| &decision.made);
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        Self {
            provider_id: shown(&receipt.provider_id).to_owned(),
            contract_id: shown(&receipt.contract_id).to_owned(),
            claim_id: shown(&receipt.claim_id).to_owned(),
            attempt: receipt.attempt,
            outcome: shown(&receipt.outcome).to_owned(),
            received_in: claim.received_in,
            state: claim.state.name(),
            claimed: claim.claimed,
            payable: claim.payable,
            verdict: given.map(|given| given.verdict.clone()),
            reasons: given.map(|given| given.reasons.clone()).unwrap_or_default(),
            decided_in: claim.verdict.as_ref().map(|verdict| verdict.month),
            recheck_on: given.and_then(|given| day(given.recheck_on)),
            changed: given.and_then(|given| given.changed.clone()),
            decision: made.map(|made| made.decision.name().to_owned()),
            reason: made.map(|made| shown_name(&made.reason).to_owned()),
            evidence: made.map(|made| shown_name(&made.evidence_reference).to_owned()),
            decided_by: made.map(|made| shown_name(&made.decided_by).to_owned()),
            checked_by: made.and_then(|made| made.checked_by.as_deref()).map(|name| shown_name(name).to_owned()),
            decided_on: claim.decision.as_ref().and_then(|decision| day(decision.day)),
            until: made.and_then(|made| day(made.until)),
            why: claim.why.clone(),
            paid: claim.paid.map(|line| line.pence),
            paid_on: claim.paid.and_then(|line| day(line.day)),
            paid_in: claim.paid.map(|line| line.schedule),
            recovered: claim.recovered.map(|line| -line.pence),
            recovered_on: claim.recovered.and_then(|line| day(line.day)),
            recovered_in: claim.recovered.map(|line| line.schedule),
        }
    }

    fn to_text(&self, screen: &Screen) -> String {
        let mut lines = vec![format!(
            "claim {} of {}, attempt {}: {}",
            self.claim_id,
            self.provider_id,
            self.attempt,
            screen.heading(&self.state.replace('_', " "))
        )];
        let claimed = Pence(self.claimed);
        lines.push(format!("  received in month {} for {}, {claimed} claimed", self.received_in, self.outcome));
        if let (Some(verdict), Some(month)) = (&self.verdict, self.decided_in) {
            let reasons =
                if self.reasons.is_empty() { String::new() } else { format!(" ({})", self.reasons.join(", ")) };
            lines.push(format!("  {verdict}{reasons} in month {month}; sustain explain says why"));
        }
        lines.extend(self.recheck_on.iter().map(|day| format!("  a later extract can settle it from {day} on")));
        lines.extend(self.changed.iter().map(|what| format!("  changed: {what}")));
        if let (Some(decision), Some(by), Some(day)) = (&self.decision, &self.decided_by, &self.decided_on) {
            let second = self.checked_by.as_ref().map_or_else(String::new, |second| format!(" and {second}"));
            let until = self.until.as_ref().map_or_else(String::new, |day| format!(", until {day}"));
            let (reason, evidence) = (self.reason.as_deref().unwrap_or(""), self.evidence.as_deref().unwrap_or(""));
            lines.push(format!("  decided on {day} by {by}{second}: {decision}, {reason}, {evidence}{until}"));
        }
        lines.extend(self.why.iter().map(|why| format!("  {why}")));
        if let (Some(paid), Some(schedule)) = (self.paid, self.paid_in) {
            let day = self.paid_on.as_deref().unwrap_or("a day that was not given");
            lines.push(format!("  {} paid on {day} by schedule {schedule}", Pence(paid)));
        }
        if let (Some(recovered), Some(schedule)) = (self.recovered, self.recovered_in) {
            let day = self.recovered_on.as_deref().unwrap_or("a day that was not given");
            lines.push(format!("  {} recovered on {day} by schedule {schedule}", Pence(recovered)));
        }
        lines.join("\n")
    }
}

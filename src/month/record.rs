//! From what a month decided to the events that the ledger records of it.

use std::collections::HashMap;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::changes::PayrollChanges;
use super::decided::DecidedRow;
use super::sent::{RowRole, SentClaims};
use crate::domain::{Claim, Pence};
use crate::judge::Verdict;
use crate::ledger::book::LastDecision;
use crate::ledger::considered::RowsHash;
use crate::ledger::event::{Decided, Event, EventKind, EvidenceHash, Receipt, Resent, VerdictGiven, Why, counts_as};
use crate::ledger::state::ClaimState;
use crate::ledger::{Book, Entries, LedgerClaim};
use crate::scheme::{Scheme, ledger_terms};

/// What a month decided, with everything that its events are made of.
pub(super) struct MonthDecided<'a> {
    /// The ledger before the month.
    pub(super) book: &'a Book,
    /// The scheme.
    pub(super) scheme: &'a Scheme,
    /// The month's number.
    pub(super) month: u32,
    /// The last day its extract speaks for.
    pub(super) cut_off: Option<NaiveDate>,
    /// What providers sent.
    pub(super) sent: &'a SentClaims,
    /// What each row of the batch is to the ledger.
    pub(super) roles: &'a [RowRole],
    /// What was decided of each row.
    pub(super) decided: &'a HashMap<u32, DecidedRow>,
    /// The payroll rows considered for each row.
    pub(super) considered: &'a HashMap<u32, ConsideredRows>,
    /// What changed in the payroll rows of claims that no longer stand as they did.
    pub(super) changed: &'a HashMap<u32, PayrollChanges>,
}

/// The payroll rows considered for one row of a batch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ConsideredRows {
    /// How many.
    pub(super) rows: u64,
    /// Of a claim that a person decided on, those with paydays up to the last that was known then.
    pub(super) as_decided: RowsHash,
}

/// What a month made of one claim.
#[derive(Debug, Clone)]
pub(super) struct ClaimInMonth {
    /// The event that received it, where the ledger had it before.
    pub(super) number: Option<i64>,
    /// Its provider, contract and number.
    pub(super) provider_id: String,
    /// The contract.
    pub(super) contract_id: String,
    /// The provider's number for it.
    pub(super) claim_id: String,
    /// What it was before; nothing where it is new.
    pub(super) before: Option<ClaimState>,
    /// What it is now.
    pub(super) after: ClaimState,
    /// What is claimed, in pence.
    pub(super) claimed: i64,
    /// What is payable, in pence.
    pub(super) payable: i64,
    /// Why it no longer stands as it did.
    pub(super) cause: Option<String>,
}

/// Whether a decision of a person still holds: its last day has not passed, and the payroll rows are those it was made on.
pub(super) fn holds(decision: &LastDecision, considered: ConsideredRows, cut_off: Option<NaiveDate>) -> bool {
    let is_over = decision.made.until.zip(cut_off).is_some_and(|(until, cut_off)| until < cut_off);
    !is_over && is_made_on(decision, considered)
}

/// Whether the payroll rows are those that a decision was made on.
fn is_made_on(decision: &LastDecision, considered: ConsideredRows) -> bool {
    decision.made.made_on.as_ref().is_none_or(|made_on| considered.as_decided.up_to(made_on.up_to) == *made_on)
}

/// How many rows are recorded side by side: what is in between is in memory once.
const AT_ONCE: usize = 8_192;

/// What a month records of one row of its batch.
#[derive(Default)]
struct RowRecord {
    events: Vec<Event>,
    claim: Option<ClaimInMonth>,
}

impl RowRecord {
    fn of(event: Event, claim: ClaimInMonth) -> Self {
        Self { events: vec![event], claim: Some(claim) }
    }

    /// A further event, which ends the claim for now.
    fn ended(mut self, event: Event, after: ClaimState, why: String) -> Self {
        self.events.push(event);
        self.claim = self.claim.map(|claim| ClaimInMonth { after, cause: Some(why), ..claim });
        self
    }
}

impl MonthDecided<'_> {
    /// Records the month's claims; returns what it made of each, in the order of the batch.
    pub(super) fn record(&self, entries: &mut Entries) -> Vec<ClaimInMonth> {
        let rows: Vec<(u32, RowRole)> = (1_u32..).zip(self.roles.iter().copied()).collect();
        let receipts: Vec<Option<Event>> = rows.par_iter().map(|(row, role)| self.receipt(*row, *role)).collect();
        let mut numbers: HashMap<u32, i64> = HashMap::new();
        for ((row, role), receipt) in rows.iter().zip(receipts) {
            let Some(receipt) = receipt else { continue };
            if let RowRole::Received { attempt, replaces: Some(replaced) } = *role {
                let why = Why { why: format!("attempt {attempt} took its place") };
                let event = Event::new(EventKind::Replaced, self.month, &why);
                entries.push(event.about(replaced, ClaimState::Replaced));
            }
            let number = entries.next();
            entries.push(receipt.about(number, ClaimState::Open));
            numbers.insert(*row, number);
        }
        let mut claims = Vec::with_capacity(rows.len());
        for rows in rows.chunks(AT_ONCE) {
            let records = rows.par_iter().map(|(row, role)| self.of_row(*row, *role, &numbers).unwrap_or_default());
            for record in records.collect::<Vec<RowRecord>>() {
                for event in record.events {
                    entries.push(event);
                }
                claims.extend(record.claim);
            }
        }
        claims
    }

    /// What is recorded of a row once every claim that was sent has its number.
    fn of_row(&self, row: u32, role: RowRole, numbers: &HashMap<u32, i64>) -> Option<RowRecord> {
        let decided = self.decided.get(&row)?;
        Some(match role {
            RowRole::Received { attempt, .. } => {
                let number = *numbers.get(&row)?;
                let record = self.first_verdict(row, self.sent_row(row)?, number, decided);
                self.within_attempts(number, attempt, record)
            }
            RowRole::Open(number) | RowRole::LookedAtAgain(number) => {
                let claim = self.book.claim(number)?;
                let record = self.further_verdict(row, claim, decided);
                self.within_time(row, claim, decided, record)
            }
            RowRole::SentAgain(number) => {
                let (verdict, reasons) = (decided.verdict.name().to_owned(), decided.reasons.clone());
                let resent = Resent { row, verdict, reasons };
                let event = Event::new(EventKind::SentAgain, self.month, &resent);
                RowRecord { events: vec![Event { claim: Some(number), ..event }], claim: None }
            }
            RowRole::Repeated | RowRole::Unusable => return None,
        })
    }

    /// What is claimed and payable for a claim that was sent, in pence. Where it states no amount the scheme's price is claimed; never
    /// more is payable than is claimed, nor than the price.
    fn amounts(&self, claim: &Claim) -> (i64, i64) {
        let outcome = claim.outcome().and_then(|outcome| self.scheme.outcome(outcome));
        let start = claim.job_start_date.given().copied();
        let price = outcome.zip(start).and_then(|(outcome, day)| outcome.price_of_job_from(day));
        let least = |pence: Pence| pence.0.max(0);
        let claimed = claim.amount_claimed.given().copied().or(price).map_or(0, least);
        (claimed, price.map_or(claimed, |price| least(price).min(claimed)))
    }

    fn sent_row(&self, row: u32) -> Option<&Claim> {
        self.sent.rows.get(usize::try_from(row).ok()?.checked_sub(1)?)
    }

    /// The receipt of a claim that was sent, which lacks its number as yet.
    fn receipt(&self, row: u32, role: RowRole) -> Option<Event> {
        let RowRole::Received { attempt, .. } = role else { return None };
        let claim = self.sent_row(row)?;
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let receipt = Receipt {
            provider_id: text(claim.provider_id()),
            contract_id: text(claim.contract_id()),
            claim_id: text(claim.claim_id()),
            attempt,
            participant_id: text(claim.participant_id()),
            outcome: text(claim.outcome()),
            cells: self.sent.cells(claim),
        };
        let (claimed, _) = self.amounts(claim);
        let event = Event::new(EventKind::Received, self.month, &receipt);
        Some(Event { claimed: Some(claimed), day: self.cut_off, ..event })
    }

    fn first_verdict(&self, row: u32, claim: &Claim, number: i64, decided: &DecidedRow) -> RowRecord {
        let (claimed, payable) = self.amounts(claim);
        let after = ClaimState::Open.after_verdict(decided.verdict);
        let given = self.given(row, decided);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let claim = ClaimInMonth {
            number: None,
            provider_id: text(claim.provider_id()),
            contract_id: text(claim.contract_id()),
            claim_id: text(claim.claim_id()),
            before: None,
            after,
            claimed,
            payable,
            cause: None,
        };
        RowRecord::of(self.verdict(number, after, (claimed, payable), &given), claim)
    }

    fn further_verdict(&self, row: u32, claim: &LedgerClaim, decided: &DecidedRow) -> RowRecord {
        let considered = self.considered.get(&row).copied().unwrap_or_default();
        let in_force = claim.decision.as_ref().filter(|decision| holds(decision, considered, self.cut_off));
        // What is kept as it is goes on as soon as it is validated, or an open claim is settled at all.
        let in_force = in_force.filter(|decision| match decision.made.decision {
            Decided::Keep => {
                decided.verdict == Verdict::Queried || (claim.paid.is_some() && decided.verdict == Verdict::Rejected)
            }
            Decided::Accept | Decided::Reject | Decided::Withdraw => true,
        });
        let lost_rows = self.changed.get(&row).map_or(0, |changed| changed.lost);
        let after = match in_force {
            Some(decision) => claim.state.held_by(decision.made.decision),
            None => claim.state.after_verdict(counts_as(decided.verdict, lost_rows)),
        };
        let is_standing = |state: ClaimState| matches!(state, ClaimState::Due | ClaimState::Paid);
        let was_decided = claim.decision.is_some() && in_force.is_none();
        let fell = claim.state != ClaimState::Open && claim.state != after && !is_standing(after);
        let is_kept_open = claim.state == ClaimState::Open && 0 < lost_rows && decided.verdict == Verdict::Rejected;
        let cause = (fell || is_kept_open || (was_decided && !is_standing(after)))
            .then(|| self.cause(row, claim, considered, decided));
        let given = VerdictGiven {
            held_by: in_force.map(|decision| decision.event),
            changed: cause.clone(),
            lost_rows,
            ..self.given(row, decided)
        };
        let (claimed, payable) = (claim.claimed, claim.payable);
        let in_month = ClaimInMonth {
            number: Some(claim.number),
            provider_id: claim.receipt.provider_id.clone(),
            contract_id: claim.receipt.contract_id.clone(),
            claim_id: claim.receipt.claim_id.clone(),
            before: Some(claim.state),
            after,
            claimed,
            payable,
            cause,
        };
        RowRecord::of(self.verdict(claim.number, after, (claimed, payable), &given), in_month)
    }

    /// Why a claim no longer stands as it did.
    fn cause(&self, row: u32, claim: &LedgerClaim, considered: ConsideredRows, decided: &DecidedRow) -> String {
        let until = claim.decision.as_ref().filter(|decision| is_made_on(decision, considered));
        let until = until.and_then(|decision| decision.made.until);
        let changed = self.changed.get(&row).map(|changed| &changed.words).filter(|words| !words.is_empty());
        let mut words = Vec::new();
        if let Some(until) = until {
            words.push(format!("the decision held until {}", crate::domain::day::LongDate(until)));
        }
        words.extend(changed.cloned());
        if let Some(code) = decided.reasons.first() {
            let rule = crate::rules::Code::parse(code).and_then(crate::rules::rule);
            words.push(rule.map_or_else(|| code.clone(), |rule| format!("{code}, {}", rule.title)));
        }
        if words.is_empty() {
            words.push("the payroll rows are others than before".to_owned());
        }
        words.join("; ")
    }

    fn given(&self, row: u32, decided: &DecidedRow) -> VerdictGiven {
        VerdictGiven {
            row,
            verdict: decided.verdict.name().to_owned(),
            reasons: decided.reasons.clone(),
            recheck_on: decided.recheck_on,
            achieved_on: decided.achieved_on,
            evidence: self.evidence(row),
            held_by: None,
            changed: None,
            lost_rows: 0,
        }
    }

    fn evidence(&self, row: u32) -> EvidenceHash {
        let rows = self.considered.get(&row).map_or(0, |considered| considered.rows);
        EvidenceHash { rows, hash: String::new(), up_to: self.cut_off }
    }

    fn verdict(&self, number: i64, after: ClaimState, amounts: (i64, i64), given: &VerdictGiven) -> Event {
        let (claimed, payable) = amounts;
        let event = Event::new(EventKind::Verdict, self.month, given).about(number, after);
        Event { claimed: Some(claimed), pence: Some(payable), day: self.cut_off, ..event }
    }

    /// Refuses a claim that was sent more often than the scheme allows.
    fn within_attempts(&self, number: i64, attempt: u32, record: RowRecord) -> RowRecord {
        let after = record.claim.as_ref().map(|claim| claim.after);
        let most = ledger_terms::on(self.scheme.ledger.claim_attempts.as_ref(), self.cut_off);
        match most {
            Some(most) if most < attempt && matches!(after, Some(ClaimState::Open | ClaimState::Due)) => {
                let why = format!("this is attempt {attempt}, and the scheme allows {most}");
                let event = Event::new(EventKind::Refused, self.month, &Why { why: why.clone() });
                record.ended(event.about(number, ClaimState::Rejected), ClaimState::Rejected, why)
            }
            Some(_) | None => record,
        }
    }

    /// Lets a claim lapse that nobody settled in time. One that a later extract can settle, or that a person keeps, waits.
    fn within_time(&self, row: u32, claim: &LedgerClaim, decided: &DecidedRow, record: RowRecord) -> RowRecord {
        let after = record.claim.as_ref().map(|claim| claim.after);
        let limit = ledger_terms::on(self.scheme.ledger.query_lapse_days.as_ref(), self.cut_off);
        let days = claim.open_since.zip(self.cut_off).map(|(since, now)| (now - since).num_days());
        let waits_for_extract = decided.recheck_on.zip(self.cut_off).is_some_and(|(day, cut_off)| cut_off < day);
        let is_open = claim.state == ClaimState::Open && after == Some(ClaimState::Open);
        let considered = self.considered.get(&row).copied().unwrap_or_default();
        let is_kept = claim.decision.as_ref().is_some_and(|decision| {
            decision.made.decision == Decided::Keep && holds(decision, considered, self.cut_off)
        });
        match (limit, days) {
            (Some(limit), Some(days)) if is_open && !waits_for_extract && !is_kept && i64::from(limit) <= days => {
                let why = format!("nobody settled it within {limit} days");
                let event = Event::new(EventKind::Lapsed, self.month, &Why { why: why.clone() });
                let event = Event { day: self.cut_off, ..event.about(claim.number, ClaimState::Lapsed) };
                record.ended(event, ClaimState::Lapsed, why)
            }
            _ => record,
        }
    }
}

//! Which claims come in which month of a ledger, and what is planted among them.

use super::batch::{ExpectedClaim, SampleBatch};
use super::case::SUSTAINED;
use super::day::Day;
use super::draw::{Purpose, SeededRng};
use super::payment::SamplePayment;
use super::planted::PlantedCase;
use super::rows::{ClaimRow, RegisterRow};
use super::scenario::ExpectedVerdict;
use super::snapshot::Snapshot;
use super::write_claims::{claim_id, earlier_claim_id};

/// What arrives in a month.
#[derive(Debug)]
pub(super) struct LedgerMonth {
    /// The extract.
    pub(super) snapshot: Snapshot,
    /// The claims that providers send, with their `claim_id`.
    pub(super) claims: Vec<(String, ClaimRow)>,
    /// The decisions on claims that the month queries.
    pub(super) decisions: Vec<SampleDecision>,
}

/// A decision of a person.
#[derive(Debug)]
pub(super) struct SampleDecision {
    /// `claim_id`
    pub(super) claim_id: String,
    /// `provider_id`
    pub(super) provider: &'static str,
    /// `decision`
    pub(super) decision: &'static str,
    /// `reason`
    pub(super) reason: &'static str,
    /// `decided_by`
    pub(super) decided_by: &'static str,
    /// `checked_by`
    pub(super) checked_by: &'static str,
    /// `decided_on`
    pub(super) decided_on: Day,
}

/// A claim that something is planted in.
#[derive(Debug)]
pub(super) struct PlantedClaim {
    /// `claim_id`
    pub(super) claim_id: String,
    /// `provider_id`
    pub(super) provider: &'static str,
    /// What is planted.
    pub(super) case: PlantedCase,
    /// The place of the month in which it first comes.
    pub(super) comes_in: usize,
}

/// The months of a ledger.
#[derive(Debug)]
pub(super) struct LedgerMonths {
    /// The months, in order.
    pub(super) months: Vec<LedgerMonth>,
    /// The days of the first claims of every month but the first.
    first_days: Vec<Day>,
    /// The claims that something is planted in.
    pub(super) planted: Vec<PlantedClaim>,
}

/// One in so many of the claims that could show a case of validated claims shows it.
const ONE_IN: usize = 8;
/// The last day whose pay covers the 13 weeks comes so many days after the claimed start, at most: 14 days of tolerance, 91 days of work
/// and a month.
const PAID_WITHIN: i32 = 136;
/// Queries that later extracts do not settle.
const LASTING_QUERIES: [&str; 7] = ["CLM07", "CLM08", "ELG00", "ELG07", "IDN04", "IDN11", "HRS02"];
/// Not the price of anything.
const WRONG_AMOUNT: &str = "2750.00";
/// Decisions are made so many days after the extract was taken, at least and at most.
const DECIDED_AFTER: (i32, i32) = (2, 9);
const DECIDERS: [&str; 4] = ["M Fenwick", "T Okafor", "S Lindqvist", "R Pargeter"];
const CHECKERS: [&str; 3] = ["A Whitlow", "J Castellan", "P Dunmore"];

impl LedgerMonths {
    /// Spreads the claims of a batch over months, and plants what only a ledger shows; the payroll that HMRC voids is voided in the batch.
    pub(super) fn plan(seed: u64, batch: &mut SampleBatch, months: u32) -> Self {
        let month = |snapshot| LedgerMonth { snapshot, claims: Vec::new(), decisions: Vec::new() };
        let months = Snapshot::monthly(months).into_iter().map(month).collect::<Vec<_>>();
        let first_days = first_days(batch, months.len());
        let mut plan = Self { months, first_days, planted: Vec::new() };
        for (number, row) in (1_u32..).zip(&batch.earlier) {
            let comes_in = plan.month_of(row);
            plan.send(comes_in, earlier_claim_id(number), row.clone());
        }
        let alone = people_with_one_claim(batch);
        let mut turns = vec![(0, 0); plan.months.len()];
        for place in 0..batch.claims.len() {
            let Some(claim) = batch.claims.get(place) else { continue };
            let comes_in = plan.month_of(&claim.row);
            let is_alone = alone.get(claim.row.participant as usize).is_some_and(|alone| *alone);
            let snapshot = plan.months.get(comes_in).map_or(Snapshot::LAST, |month| month.snapshot);
            let is_last = comes_in + 1 == plan.months.len();
            let case = turns
                .get_mut(comes_in)
                .filter(|_| is_alone && is_settled(batch, claim, snapshot))
                .and_then(|turns| case_of(claim, turns))
                .filter(|case| !(is_last && case.needs_another_month()));
            let (id, row) = (claim_id(claim.id), claim.row.clone());
            match case {
                None => plan.send(comes_in, id, row),
                Some(case) => {
                    let mut draw = SeededRng::new(seed, Purpose::Ledger, u64::from(claim.id));
                    if case == PlantedCase::Voided {
                        plan.void(batch, place, comes_in, &mut draw);
                    }
                    plan.plant(&mut draw, case, comes_in, id, row);
                }
            }
        }
        plan
    }

    /// The place of the month in which a claim comes: its own, or where that ends before the claim's day a later one.
    fn month_of(&self, row: &ClaimRow) -> usize {
        let last = self.months.len().saturating_sub(1);
        let Some(day) = day_of(row) else { return last };
        let own = self.first_days.partition_point(|first| *first <= day);
        self.months.partition_point(|month| month.snapshot.cut_off < day).max(own).min(last)
    }

    fn send(&mut self, place: usize, claim_id: String, row: ClaimRow) {
        if let Some(month) = self.months.get_mut(place) {
            month.claims.push((claim_id, row));
        }
    }

    fn plant(&mut self, draw: &mut SeededRng, case: PlantedCase, comes_in: usize, claim_id: String, row: ClaimRow) {
        let provider = row.provider;
        let first = match case {
            PlantedCase::Corrected => ClaimRow { amount: WRONG_AMOUNT, ..row.clone() },
            PlantedCase::Voided
            | PlantedCase::PaidSentAgain
            | PlantedCase::Accepted
            | PlantedCase::Rejected
            | PlantedCase::Withdrawn
            | PlantedCase::Kept
            | PlantedCase::OpenSentAgain => row.clone(),
        };
        self.send(comes_in, claim_id.clone(), first);
        if case.is_sent_twice() {
            self.send(comes_in + 1, claim_id.clone(), row);
        }
        if let Some(((decision, reason), month)) = case.decision().zip(self.months.get_mut(comes_in)) {
            let (least, most) = DECIDED_AFTER;
            month.decisions.push(SampleDecision {
                claim_id: claim_id.clone(),
                provider,
                decision,
                reason,
                decided_by: draw.pick(&DECIDERS),
                checked_by: draw.pick(&CHECKERS),
                decided_on: month.snapshot.taken.plus(draw.between(least, most)),
            });
        }
        self.planted.push(PlantedClaim { claim_id, provider, case, comes_in });
    }

    /// HMRC voids the payroll of a claim between the extract of the month in which it comes and the next; what the employer reports later
    /// is voided on the day it is received.
    fn void(&self, batch: &mut SampleBatch, place: usize, comes_in: usize, draw: &mut SeededRng) {
        let snapshot = |place: usize| self.months.get(place).map(|month| month.snapshot);
        let Some((before, next)) = snapshot(comes_in).zip(snapshot(comes_in + 1)) else { return };
        let day = before.taken.plus(draw.between(1, next.cut_off.since(before.taken)));
        let Some(claim) = batch.claims.get_mut(place) else { return };
        claim.answer = ExpectedVerdict::Rejected("EMP01");
        let range = batch.participants.get(claim.row.participant as usize).cloned().unwrap_or_default();
        for payment in batch.payments.get_mut(range).unwrap_or_default() {
            payment.voided = payment.voided.or_else(|| Some(day.max(payment.received)));
        }
    }
}

/// The day by which a claim is put in a month.
fn day_of(row: &ClaimRow) -> Option<Day> {
    row.claim_date.or(row.job_end)
}

/// The days that cut the claims of a batch into months of as equal a length as can be.
fn first_days(batch: &SampleBatch, months: usize) -> Vec<Day> {
    let mut days: Vec<Day> = batch.claims.iter().filter_map(|claim| day_of(&claim.row)).collect();
    days.sort_unstable();
    (1..months).filter_map(|month| days.get(days.len() * month / months).copied()).collect()
}

/// The register as it stood at a cut-off.
pub(super) fn register_at(register: &[RegisterRow], cut_off: Day) -> Vec<RegisterRow> {
    let known = register.iter().filter(|row| row.referred <= cut_off);
    known
        .map(|row| RegisterRow {
            started: row.started.filter(|day| *day <= cut_off),
            ended: row.ended.filter(|(day, _)| *day <= cut_off),
            ..row.clone()
        })
        .collect()
}

/// Which participants have one claim, and none of an earlier batch.
fn people_with_one_claim(batch: &SampleBatch) -> Vec<bool> {
    let mut claims = vec![0; batch.participants.len()];
    for row in batch.claims.iter().map(|claim| &claim.row).chain(&batch.earlier) {
        if let Some(count) = claims.get_mut(row.participant as usize) {
            *count += 1;
        }
    }
    claims.into_iter().map(|count| count == 1).collect()
}

/// Whether no later extract says anything else of a claim: all pay behind it, and all pay up to the cut-off, is there.
fn is_settled(batch: &SampleBatch, claim: &ExpectedClaim, snapshot: Snapshot) -> bool {
    let range = batch.participants.get(claim.row.participant as usize).cloned().unwrap_or_default();
    let covered = claim.row.job_start.plus(PAID_WITHIN).max(snapshot.cut_off);
    let is_known = |payment: &SamplePayment| {
        let is_later = covered < payment.paid;
        let has_changed = payment.voided.is_some_and(|day| snapshot.taken < day);
        is_later || (snapshot.holds(payment.paid, payment.received) && !has_changed)
    };
    batch.payments.get(range).unwrap_or_default().iter().all(is_known)
}

/// The case that a claim's turn gives it; `turns` counts the claims of its month that were validated and queried before.
fn case_of(claim: &ExpectedClaim, turns: &mut (usize, usize)) -> Option<PlantedCase> {
    let turn = |count: &mut usize| {
        *count += 1;
        *count - 1
    };
    match claim.answer {
        ExpectedVerdict::Validated("") if claim.row.outcome == SUSTAINED => {
            PlantedCase::VALIDATED.get(turn(&mut turns.0) % ONE_IN).copied()
        }
        ExpectedVerdict::Queried(code) if LASTING_QUERIES.contains(&code) => {
            let turn = turn(&mut turns.1) % PlantedCase::QUERIED.len();
            PlantedCase::QUERIED.get(turn).copied()
        }
        ExpectedVerdict::Validated(_) | ExpectedVerdict::Rejected(_) | ExpectedVerdict::Queried(_) => None,
    }
}

//! A payment schedule: made of what is due in a ledger, recorded there, and made again of what was recorded.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::{OutputAccount, Program};
use crate::domain::count_of as count;
use crate::error::RunError;
use crate::ledger::event::{Event, EventKind, InSchedule, ScheduleMade};
use crate::ledger::state::ClaimState;
use crate::ledger::{Book, Entries, LedgerClaim};
use crate::sealed::SealedAccount;

/// A payment schedule: what is paid and recovered, claim by claim. Amounts are pence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentSchedule {
    /// The program that wrote it.
    pub program: Program,
    /// The scheme.
    pub scheme: String,
    /// Its number in the ledger, counted from 1; 0 for one that is not recorded.
    pub schedule: u32,
    /// The month after which it was drawn up.
    pub month: u32,
    /// The day of payment, as YYYY-MM-DD.
    pub day: Option<String>,
    /// How many claims it pays.
    pub payments: u64,
    /// How many payments it takes back.
    pub recoveries: u64,
    /// What it pays.
    pub paid: i64,
    /// What it takes back.
    pub recovered: i64,
    /// What is left: paid less recovered.
    pub total: i64,
    /// A control total: the sum of all digits in claim numbers. A schedule that was typed anew with a mistake seldom has the same.
    pub control: String,
    /// What is due to each provider, less what is to be recovered of it.
    pub by_contract: Vec<ContractTotal>,
    /// The lines.
    pub lines: Vec<ScheduleLine>,
    /// Claims that are due and have no amount: the scheme states no price and the claim none. They stay due.
    pub without_amount: u64,
    /// Claims that are due by a decision which holds until a day before that of payment. They are not in it.
    #[serde(default)]
    pub decisions_ended: u64,
    /// The files.
    pub outputs: Vec<OutputAccount>,
    /// BLAKE3 of this account as it is written with the seal left empty.
    pub seal: String,
}

/// What a schedule comes to under one contract, in pence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractTotal {
    /// The provider.
    pub provider_id: String,
    /// The contract.
    pub contract_id: String,
    /// How many lines.
    pub lines: u64,
    /// What they come to.
    pub total: i64,
}

/// A line of a schedule. Its order is provider, contract, claim; payments before recoveries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleLine {
    /// The provider.
    pub provider_id: String,
    /// The contract.
    pub contract_id: String,
    /// The provider's number for the claim.
    pub claim_id: String,
    /// Which attempt at it.
    pub attempt: u32,
    /// payment or recovery.
    pub kind: String,
    /// The outcome.
    pub outcome: String,
    /// The amount in pence; less than nothing for a recovery.
    pub pence: i64,
    /// For a recovery, the schedule that paid it.
    pub answers_schedule: Option<u32>,
    /// The claim by its event in the ledger.
    pub claim: i64,
    /// For a recovery, the payment by its event in the ledger.
    pub answers: Option<i64>,
}

impl SealedAccount for PaymentSchedule {
    const FILE: &'static str = "schedule.json";
    const NAME: &'static str = "name a folder that `sustain pay` wrote";
    const AGAIN: &'static str = "the schedule was changed or is not whole: write it again with `sustain pay --again`";

    fn outputs(&self) -> &[OutputAccount] {
        &self.outputs
    }

    fn seal_mut(&mut self) -> &mut String {
        &mut self.seal
    }
}

/// What a new schedule would be.
///
/// # Errors
/// The day is before that of the last schedule.
pub fn due(book: &Book, scheme: &str, day: Option<NaiveDate>) -> Result<PaymentSchedule, RunError> {
    let number = book.schedules.last().map_or(0, |last| last.made.schedule) + 1;
    let last_day = book.schedules.last().and_then(|last| last.day);
    let day = day.or_else(|| book.cut_off().max(last_day));
    if let Some((earlier, day)) = last_day.zip(day).filter(|(last, day)| day < last) {
        return Err(RunError::choice(
            format!("the day of payment, {day}, is before that of the last schedule, {earlier}"),
            "give --day a later day",
        ));
    }
    if let Some(day) = day.filter(|day| !book.is_of_its_time(*day)) {
        let problem = format!("the day of payment is {day}, and {}", book.time_in_words());
        return Err(RunError::choice(problem, "give --day a day from that one to a year behind it"));
    }
    // A decision to accept may end before the next month looks at it.
    let has_ended = |claim: &LedgerClaim| {
        let until = claim.decision.as_ref().and_then(|decision| decision.made.until);
        until.zip(day).is_some_and(|(until, day)| until < day)
    };
    let is_due = |claim: &&LedgerClaim| claim.state == ClaimState::Due && 0 < claim.payable && !has_ended(claim);
    let payments = book.claims.iter().filter(is_due).map(|claim| line(claim, claim.payable, None));
    let to_recover = book.claims.iter().filter(|claim| claim.state == ClaimState::ToRecover);
    let recoveries = to_recover.filter_map(|claim| {
        let paid = claim.paid?;
        Some(line(claim, -paid.pence, Some((paid.schedule, paid.event))))
    });
    let lines = payments.chain(recoveries);
    let mut schedule = of_lines(scheme, number, book.month_number(), day, lines.collect());
    let without = |claim: &&LedgerClaim| claim.state == ClaimState::Due && claim.payable <= 0;
    schedule.without_amount = count(book.claims.iter().filter(without).count());
    let ended = |claim: &&LedgerClaim| claim.state == ClaimState::Due && has_ended(claim);
    schedule.decisions_ended = count(book.claims.iter().filter(ended).count());
    Ok(schedule)
}

/// A schedule that the ledger has recorded.
pub(super) fn recorded(book: &Book, scheme: &str, number: u32) -> Result<PaymentSchedule, RunError> {
    let made = book.schedules.iter().find(|schedule| schedule.made.schedule == number).ok_or_else(|| {
        let last = book.schedules.len();
        RunError::choice(
            format!("the ledger has no schedule {number}"),
            format!("its schedules are numbered up to {last}"),
        )
    })?;
    let lines = book.claims.iter().flat_map(|claim| {
        let payment = claim.paid.filter(|paid| paid.schedule == number).map(|paid| line(claim, paid.pence, None));
        let recovery = claim.recovered.filter(|recovered| recovered.schedule == number);
        let recovery = recovery
            .zip(claim.paid)
            .map(|(recovered, paid)| line(claim, recovered.pence, Some((paid.schedule, paid.event))));
        payment.into_iter().chain(recovery)
    });
    Ok(of_lines(scheme, number, made.month, made.day, lines.collect()))
}

fn line(claim: &LedgerClaim, pence: i64, answers: Option<(u32, i64)>) -> ScheduleLine {
    let receipt = &claim.receipt;
    ScheduleLine {
        provider_id: receipt.provider_id.clone(),
        contract_id: receipt.contract_id.clone(),
        claim_id: receipt.claim_id.clone(),
        attempt: receipt.attempt,
        kind: if answers.is_some() { "recovery" } else { "payment" }.to_owned(),
        outcome: receipt.outcome.clone(),
        pence,
        answers_schedule: answers.map(|(schedule, _)| schedule),
        claim: claim.number,
        answers: answers.map(|(_, event)| event),
    }
}

fn of_lines(
    scheme: &str,
    schedule: u32,
    month: u32,
    day: Option<NaiveDate>,
    mut lines: Vec<ScheduleLine>,
) -> PaymentSchedule {
    lines.sort();
    let of_kind = |is_recovery: bool| lines.iter().filter(move |line| line.answers.is_some() == is_recovery);
    let number = |is_recovery: bool| count(of_kind(is_recovery).count());
    let (paid, recovered) =
        (of_kind(false).map(|line| line.pence).sum::<i64>(), -of_kind(true).map(|line| line.pence).sum::<i64>());
    let mut by_contract: Vec<ContractTotal> = Vec::new();
    for line in &lines {
        match by_contract.last_mut() {
            Some(last) if (&last.provider_id, &last.contract_id) == (&line.provider_id, &line.contract_id) => {
                last.lines += 1;
                last.total += line.pence;
            }
            Some(_) | None => by_contract.push(ContractTotal {
                provider_id: line.provider_id.clone(),
                contract_id: line.contract_id.clone(),
                lines: 1,
                total: line.pence,
            }),
        }
    }
    let digits = lines.iter().flat_map(|line| line.claim_id.chars()).filter_map(|letter| letter.to_digit(10));
    PaymentSchedule {
        program: Program::this(),
        scheme: scheme.to_owned(),
        schedule,
        month,
        day: day.map(|day| day.to_string()),
        payments: number(false),
        recoveries: number(true),
        paid,
        recovered,
        total: paid - recovered,
        control: digits.map(u64::from).sum::<u64>().to_string(),
        by_contract,
        without_amount: 0,
        decisions_ended: 0,
        outputs: Vec::new(),
        seal: String::new(),
        lines,
    }
}

/// Records a schedule: itself, and the payment or recovery of each of its lines.
pub fn record(schedule: &PaymentSchedule, entries: &mut Entries) {
    let day = schedule.day.as_ref().and_then(|day| day.parse().ok());
    let made = ScheduleMade {
        schedule: schedule.schedule,
        payments: schedule.payments,
        recoveries: schedule.recoveries,
        paid: schedule.paid,
        recovered: schedule.recovered,
    };
    let event = Event::new(EventKind::Schedule, schedule.month, &made);
    entries.push(Event { day, pence: Some(schedule.total), ..event });
    for line in &schedule.lines {
        let of = InSchedule { schedule: schedule.schedule, answers: line.answers };
        let (kind, state) = match line.answers {
            None => (EventKind::Paid, ClaimState::Paid),
            Some(_) => (EventKind::Recovered, ClaimState::Recovered),
        };
        let event = Event::new(kind, schedule.month, &of).about(line.claim, state);
        entries.push(Event { day, pence: Some(line.pence), ..event });
    }
}

//! Claims that nobody made: the verdict that a claim would get for each outcome that payments meet and nobody claimed.

use rayon::prelude::*;

use super::claims::UnclaimedOutcome;
use crate::batch::{BatchInputs, EarlierOutcomes, NearMisses, Stage, UnsettledBatch};
use crate::domain::{Claim, Participant, Tally};
use crate::extract::table::Table;
use crate::judge::{DecisionContext, Verdict};
use crate::matching::{PaymentsByStem, Register};
use crate::scheme::{Code, Severity};

/// What a claim would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WouldBeVerdict {
    /// The verdict.
    pub verdict: Verdict,
    /// The rules that the claim would fail, in the order of the codes, notes left out.
    pub reasons: Vec<Code>,
}

/// The verdicts on the claims for these outcomes, in their order, decided as one batch.
///
/// A claim is the one that the provider could send on the cut-off: the participant as the register has them, from the day on
/// which the outcome was tried, with no cell that may be empty. So whatever the register says against the person counts.
pub fn would_be_verdicts(
    context: &DecisionContext,
    register: &Table,
    unclaimed: &[UnclaimedOutcome],
    payments: &PaymentsByStem,
) -> Vec<WouldBeVerdict> {
    if unclaimed.is_empty() {
        return Vec::new();
    }
    let cells = register.cells(&Participant::COLUMNS);
    let claim = |(outcome, number): (&UnclaimedOutcome, u32)| {
        let row = usize::try_from(outcome.register_row).unwrap_or(usize::MAX).saturating_sub(1);
        claim(context, number, outcome, |column| cells.get(row, column))
    };
    let claims: Vec<Claim> = unclaimed.iter().zip(1..).map(claim).collect();
    let matched = Register::matched(register, &claims);
    let inputs = BatchInputs {
        claims: &claims,
        registered: Some(&matched.of_claims),
        // Everyone here has payments under their own number.
        near_misses: &NearMisses::default(),
        earlier: &EarlierOutcomes::default(),
        stage: Stage::EarningsRead,
        origins: &[],
    };
    let batch = UnsettledBatch::new(context, inputs);
    let alone = batch.decide_alone(&batch.competing(), payments);
    let batch = batch.settle(&alone);
    let verdict = |index: usize| {
        let decision = batch.decide(index, payments)?.decision;
        let weighty = decision.findings.iter().filter(|finding| Severity::Query <= finding.severity);
        Some(WouldBeVerdict { verdict: decision.verdict, reasons: weighty.map(|finding| finding.rule.code).collect() })
    };
    (0..claims.len()).into_par_iter().filter_map(verdict).collect()
}

/// The claim for an outcome, of the participant whose register row has these cells.
fn claim<'c>(
    context: &DecisionContext,
    number: u32,
    outcome: &UnclaimedOutcome,
    registered: impl Fn(&'static str) -> Option<&'c str>,
) -> Claim {
    let claim_id = format!("unclaimed-{number}");
    let job_start = outcome.met.tried_from.to_string();
    let claim_date = context.observed.cut_off.map_or(outcome.met.on, |cut_off| cut_off.max(outcome.met.on)).to_string();
    let registered: Vec<(&str, Option<&str>)> =
        OF_REGISTER.iter().map(|column| (*column, registered(column))).collect();
    let cell = |column: &'static str| match column {
        "claim_id" => Some(claim_id.as_str()),
        "outcome" => Some(outcome.outcome.as_str()),
        "job_start_date" => Some(job_start.as_str()),
        "claim_date" => Some(claim_date.as_str()),
        of_register => registered.iter().find(|(known, _)| *known == of_register)?.1,
    };
    Claim::read(number, cell, &mut Tally::default())
}

/// The columns of a claim that the register has too.
const OF_REGISTER: [&str; 7] =
    ["provider_id", "contract_id", "participant_id", "nino", "surname", "forename", "date_of_birth"];

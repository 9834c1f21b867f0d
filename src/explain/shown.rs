//! The days that the payments show: one row of days for each employer.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filed::{FiledClaim, FiledPayment};
use super::run::FinishedRun;
use crate::domain::Payment;
use crate::domain::day::add_days;
use crate::evidence::outcome::DaysUnderEmployer;
use crate::evidence::{DayShown, Evidence};
use crate::judge;
use crate::rules::{Code, RestsOn, rule};

/// A claim's payments weighed once more.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) evidence: Evidence,
    pub(super) payments: Vec<Payment>,
}

/// What happened under one employer from the claimed start to the last day of the latest window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployerDays {
    /// The PAYE reference.
    pub reference: String,
    /// The name, where it is reported.
    pub name: Option<String>,
    /// Whether the answer rests on this employer.
    pub is_best: bool,
    /// The days as runs that show the same, first to last, none left out.
    pub days: Vec<DayRun>,
    /// Paydays in that time.
    pub paydays: Vec<String>,
    /// When the job ended, where that is reported.
    pub leaving_date: Option<String>,
}

/// Days in a row that show the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayRun {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// How many days.
    pub days: u32,
    /// What each of them shows.
    pub shows: DayShown,
}

/// An earnings row and what it counted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentRow {
    /// The contractual payday.
    pub payday: String,
    /// The employer's PAYE reference.
    pub employer: String,
    /// The payroll identifier, if personal data was requested.
    pub payroll_id: Option<String>,
    /// How often the employer pays, and how many periods the payment is for.
    pub frequency: String,
    /// Pounds.
    pub pay: String,
    /// The hours band.
    pub band: Option<String>,
    /// The first and last day it covers.
    pub cover: Option<(String, String)>,
    /// The first of the weak days back to the claimed start.
    pub weak_from: Option<String>,
    /// The first day of the gap bridged before its cover.
    pub bridged_from: Option<String>,
    /// firm or weak.
    pub strength: Option<String>,
    /// What its days show.
    pub status: Option<String>,
    /// Pounds earned up to this payday, for an outcome of earnings.
    pub running_total: Option<String>,
    /// Why it counts or does not.
    pub why: String,
}

/// Weighs a claim's payments as the run did; nothing where the claim could not be matched to payments.
pub(super) fn weigh(run: &FinishedRun, filed: &FiledClaim) -> Option<Weighed> {
    let is_unmatched =
        |code: &str| Code::parse(code).and_then(rule).is_some_and(|rule| rule.rests_on == RestsOn::Matching);
    if filed.findings.iter().any(|finding| is_unmatched(&finding.code)) {
        return None;
    }
    let payments: Vec<Payment> = filed.payments.iter().map(|paid| paid.payment.clone()).collect();
    let evidence = judge::weigh(&run.context, &filed.claim, filed.participant_start, &payments).ok()?;
    Some(Weighed { evidence, payments })
}

/// What the claim's outcome asks for, in a line.
pub(super) fn asks(run: &FinishedRun, filed: &FiledClaim) -> Option<String> {
    let outcome = filed.claim.outcome().and_then(|id| run.context.scheme.outcome(id))?;
    let job_start = *filed.claim.job_start_date.given()?;
    run.context.scheme.terms(outcome, job_start, filed.participant_start, &run.context.wages)?.in_words(job_start)
}

/// Every employer's days.
pub(super) fn employers(weighed: &Weighed) -> Vec<EmployerDays> {
    let outcome = &weighed.evidence.outcome;
    let Some(asked_about) = outcome.days_asked_about() else { return Vec::new() };
    outcome.employers().iter().map(|employer| shown(employer, asked_about, &weighed.payments)).collect()
}

fn shown(
    employer: &DaysUnderEmployer<'_>,
    (first, last): (NaiveDate, NaiveDate),
    payments: &[Payment],
) -> EmployerDays {
    let own = || payments.iter().filter(|payment| payment.employer == *employer.employer);
    let mut paydays: Vec<NaiveDate> =
        own().map(|payment| payment.payment_date).filter(|day| (first..=last).contains(day)).collect();
    paydays.sort_unstable();
    paydays.dedup();
    EmployerDays {
        reference: employer.employer.to_string(),
        name: own().find_map(|payment| payment.employer_name.as_ref()).map(ToString::to_string),
        is_best: employer.is_best,
        days: stretches(first, &employer.days),
        paydays: paydays.iter().map(ToString::to_string).collect(),
        leaving_date: employer.leaving_date.map(|day| day.to_string()),
    }
}

fn stretches(from: NaiveDate, days: &[DayShown]) -> Vec<DayRun> {
    let mut stretches: Vec<DayRun> = Vec::new();
    for (index, shows) in (0..).zip(days) {
        let day = add_days(from, index).to_string();
        match stretches.last_mut().filter(|stretch| stretch.shows == *shows) {
            Some(stretch) => {
                stretch.to = day;
                stretch.days += 1;
            }
            None => stretches.push(DayRun { from: day.clone(), to: day, days: 1, shows: *shows }),
        }
    }
    stretches
}

/// An earnings row with what the run made of it.
pub(super) fn payment(paid: &FiledPayment) -> PaymentRow {
    let payment = &paid.payment;
    let text = |column: &str| paid.cell(column).map(str::to_owned);
    let periods = payment.earnings_periods;
    let frequency = payment.pay_frequency.code();
    PaymentRow {
        payday: payment.payment_date.to_string(),
        employer: payment.employer.to_string(),
        payroll_id: text("payroll_id"),
        frequency: if periods == 1 { frequency.to_owned() } else { format!("{frequency} x{periods}") },
        pay: payment.taxable_pay.plain(),
        band: text("hours_band"),
        cover: text("cover_from").zip(text("cover_to")),
        weak_from: text("weak_from"),
        bridged_from: text("bridged_from"),
        strength: text("strength"),
        status: text("status"),
        running_total: text("running_total"),
        why: text("why").unwrap_or_default(),
    }
}

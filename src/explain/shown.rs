//! The days that the payments show: one row of days for each employer.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Particulars;
use super::filed::{FiledClaim, FiledPayment};
use super::run::FinishedRun;
use crate::domain::Payment;
use crate::domain::day::add_days;
use crate::evidence::sustained::awaited;
use crate::evidence::{CoverKind, DayStatus, DaysQuestion, Evidence, EvidenceTerms, Timeline};
use crate::judge;
use crate::rules::{Code, RestsOn, rule};
use crate::scheme::OutcomeKind;

/// A claim's payments weighed once more.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) asked: EvidenceTerms,
    pub(super) evidence: Evidence,
    pub(super) payments: Vec<Payment>,
}

/// What one day under an employer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayDisplay {
    /// Worked at the outcome's hours.
    Yes,
    /// The same, in a gap that an early payday explains.
    Bridged,
    /// Covered by pay whose hours are not known, or only weakly.
    Unknown,
    /// Worked at fewer hours.
    Below,
    /// No pay covers it.
    Missing,
    /// The extract does not speak for it yet, or its pay is not overdue.
    NotYet,
}

impl DayDisplay {
    /// Every way, with the sign it is drawn by and what it means.
    pub const ALL: [(Self, char, &'static str); 6] = [
        (Self::Yes, '#', "at the outcome's hours"),
        (Self::Bridged, '+', "the same, over a gap that an early payday explains"),
        (Self::Unknown, '?', "hours not known, or weakly covered"),
        (Self::Below, '-', "fewer hours"),
        (Self::Missing, '.', "no pay covers it"),
        (Self::NotYet, ':', "not yet observed"),
    ];

    /// The sign the day is drawn by.
    pub fn sign(self) -> char {
        Self::ALL.iter().find(|(known, ..)| *known == self).map_or(' ', |(_, sign, _)| *sign)
    }
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
    pub shows: DayDisplay,
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
    let (asked, evidence) = judge::weigh(&run.context, &filed.claim, filed.participant_start, &payments).ok()?;
    Some(Weighed { asked, evidence, payments })
}

/// What the claim's outcome asks for, in a line.
pub(super) fn asks(run: &FinishedRun, filed: &FiledClaim) -> Option<String> {
    let outcome = filed.claim.outcome().and_then(|id| run.context.scheme.outcome(id))?;
    let job_start = *filed.claim.job_start_date.given()?;
    if let OutcomeKind::Earnings { .. } = outcome.kind {
        let start = filed.participant_start?;
        let terms = run.context.scheme.earnings_terms(outcome, start, &run.context.wages)?;
        return Some(format!("{} earned from {} to {}", terms.threshold, terms.opens, terms.closes));
    }
    let terms = run.context.scheme.day_terms(outcome, job_start)?;
    let hours = match terms.hours.hundredths() {
        0 => "any hours".to_owned(),
        _ => format!("{} or more hours a week", terms.hours),
    };
    let days = |count: u32| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
    let on = match (terms.needed_days, terms.window_days) {
        (1, 1) => "on a day".to_owned(),
        (needed, window) if needed == window => format!("on each of {window} days in a row"),
        (needed, window) => format!("on {needed} of {window} days in a row"),
    };
    let opening = days(terms.start_tolerance_days);
    Some(format!("{hours} {on}, beginning on {job_start} or within {opening} after it"))
}

/// Every employer's days.
pub(super) fn employers(weighed: &Weighed) -> Vec<EmployerDays> {
    let Some(question) = weighed.asked.days() else { return Vec::new() };
    let best = weighed.evidence.answer.decided().map(|decided| decided.best);
    let timelines = weighed.evidence.timelines.iter().enumerate();
    timelines.map(|(index, timeline)| employer(question, timeline, &weighed.payments, best == Some(index))).collect()
}

fn employer(question: &DaysQuestion, timeline: &Timeline, payments: &[Payment], is_best: bool) -> EmployerDays {
    let own = || payments.iter().filter(|payment| payment.employer == timeline.employer);
    let (first, last) = (question.job_start, question.horizon_end());
    let mut paydays: Vec<NaiveDate> =
        own().map(|payment| payment.payment_date).filter(|day| (first..=last).contains(day)).collect();
    paydays.sort_unstable();
    paydays.dedup();
    EmployerDays {
        reference: timeline.employer.to_string(),
        name: own().find_map(|payment| payment.employer_name.as_ref()).map(ToString::to_string),
        is_best,
        days: stretches(question.job_start, &days(question, timeline)),
        paydays: paydays.iter().map(ToString::to_string).collect(),
        leaving_date: timeline.spells.last().and_then(|spell| spell.leaving).map(|day| day.to_string()),
    }
}

/// What each day from the claimed start on shows.
pub(crate) fn days(question: &DaysQuestion, timeline: &Timeline) -> Vec<DayDisplay> {
    let pending = awaited(question, timeline).pending;
    let shows = |(index, status): (i64, &DayStatus)| {
        let day = add_days(question.job_start, index);
        let is_bridged = || {
            let of_day = timeline.stretches.iter().filter(|stretch| stretch.first <= day && day <= stretch.last);
            let mut kinds = of_day.map(|stretch| stretch.kind).peekable();
            kinds.peek().is_some() && kinds.all(|kind| kind == CoverKind::Bridged)
        };
        match status {
            DayStatus::Yes if is_bridged() => DayDisplay::Bridged,
            DayStatus::Yes => DayDisplay::Yes,
            DayStatus::Unknown | DayStatus::WeakUnknown => DayDisplay::Unknown,
            DayStatus::Below => DayDisplay::Below,
            DayStatus::Uncovered => {
                let is_pending = pending.is_some_and(|(from, to)| from <= day && day <= to);
                let is_ahead = question.cut_off_or_never() < day;
                if is_pending || is_ahead { DayDisplay::NotYet } else { DayDisplay::Missing }
            }
        }
    };
    (0..).zip(&timeline.days).map(shows).collect()
}

fn stretches(from: NaiveDate, days: &[DayDisplay]) -> Vec<DayRun> {
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
pub(super) fn payment(paid: &FiledPayment, particulars: Particulars) -> PaymentRow {
    let payment = &paid.payment;
    let text = |column: &str| paid.cell(column).map(str::to_owned);
    let periods = payment.earnings_periods;
    let frequency = payment.pay_frequency.code();
    PaymentRow {
        payday: payment.payment_date.to_string(),
        employer: payment.employer.to_string(),
        payroll_id: text("payroll_id").filter(|_| particulars == Particulars::Shown),
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

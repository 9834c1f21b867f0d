//! Collects what the report shows of claims and providers, while claims are decided.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::account::shown_of;
use crate::batch::DecidedClaim;
use crate::domain::day::days_from;
use crate::domain::{Payment, Pence};
use crate::evidence::DayShown;
use crate::evidence::outcome::DaysUnderEmployer;
use crate::judge::Verdict;
use crate::pages::ScriptData;
use crate::scheme::{Code, Severity};
use crate::tables::evidence_rows::evidence_rows;

/// How far before the claimed start and after the last day of a window payments are shown.
const DAYS_AROUND: i64 = 62;

/// The data of the report.
#[derive(Debug, Default)]
pub(crate) struct ReportData {
    /// Verdicts and failing rules by provider and contract.
    pub(super) providers: BTreeMap<(String, String), ProviderVerdicts>,
    /// The claims as JSON, where there are few enough to be listed: as text they are a tenth of what they are as values.
    pub(super) claims: Vec<ScriptData>,
    /// How rules weighed where they failed: one rule may reject one claim and query another.
    pub(super) weights: BTreeMap<Code, BTreeSet<Severity>>,
    /// How many claims there are.
    pub(super) count: usize,
}

/// One provider's claims under one contract.
#[derive(Debug, Default)]
pub(super) struct ProviderVerdicts {
    pub(super) verdicts: BTreeMap<Verdict, u64>,
    /// Rules that reject or query, by how often they fail.
    pub(super) reasons: BTreeMap<Code, u64>,
}

impl ReportData {
    /// The report data of some decided claims, in the order of the outputs; `listed` says whether the whole batch
    /// is small enough for a list of its claims.
    pub(crate) fn of(decided: &[DecidedClaim<'_>], listed: bool) -> Self {
        let mut report_data = Self { count: decided.len(), ..Self::default() };
        for decided_claim in decided {
            let claim = decided_claim.claim;
            let key = (shown_of(claim.provider_id()), shown_of(claim.contract_id()));
            let provider = report_data.providers.entry(key).or_default();
            *provider.verdicts.entry(decided_claim.decision.verdict).or_default() += 1;
            for finding in &decided_claim.decision.findings {
                let code = finding.rule.code;
                if finding.severity != Severity::Note {
                    *provider.reasons.entry(code).or_default() += 1;
                }
                report_data.weights.entry(code).or_default().insert(finding.severity);
            }
            if listed {
                report_data.claims.push(ScriptData::new(&as_json(decided_claim)));
            }
        }
        report_data
    }

    /// Adds the data of the claims that come next.
    pub(crate) fn join(&mut self, next: Self) {
        for (key, of_next) in next.providers {
            let provider = self.providers.entry(key).or_default();
            for (verdict, count) in of_next.verdicts {
                *provider.verdicts.entry(verdict).or_default() += count;
            }
            for (code, count) in of_next.reasons {
                *provider.reasons.entry(code).or_default() += count;
            }
        }
        for (code, severities) in next.weights {
            self.weights.entry(code).or_default().extend(severities);
        }
        self.claims.extend(next.claims);
        self.count += next.count;
    }
}

/// A claim as the page's list holds it: texts first, then its reasons, its days by employer and its payments.
fn as_json(decided_claim: &DecidedClaim<'_>) -> Value {
    let (claim, decision) = (decided_claim.claim, &decided_claim.decision);
    let date = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let reasons: Vec<Value> = decision
        .findings
        .iter()
        .map(|finding| json!([finding.rule.code.as_str(), finding.severity.name(), finding.message()]))
        .collect();
    json!([
        shown_of(claim.claim_id()),
        shown_of(claim.provider_id()),
        shown_of(claim.contract_id()),
        shown_of(claim.participant_id()),
        decision.verdict.name(),
        shown_of(claim.outcome()),
        date(claim.job_start_date.given().copied()),
        date(decision.achieved_on()),
        date(decision.recheck_on()),
        claim.amount_claimed.given().map(ToString::to_string).unwrap_or_default(),
        decision.payable().map(|amount: Pence| amount.to_string()).unwrap_or_default(),
        reasons,
        strips(decided_claim),
        payments(decided_claim),
    ])
}

/// The days of each employer as one text of signs, the one the answer rests on first.
fn strips(decided_claim: &DecidedClaim<'_>) -> Vec<Value> {
    let Ok(evidence) = &decided_claim.decision.evidence else { return Vec::new() };
    let mut employers = evidence.outcome.employers();
    employers.sort_by_key(|employer| !employer.is_best);
    let strip = |employer: DaysUnderEmployer<'_>| {
        let signs: String = employer.days.into_iter().map(DayShown::sign).collect();
        json!([employer.employer.to_string(), signs])
    };
    employers.into_iter().map(strip).collect()
}

/// The payments near the time of the claim: payday, employer, frequency, pay, band, cover, what it shows and why.
fn payments(decided_claim: &DecidedClaim<'_>) -> Vec<Value> {
    let asked_about =
        decided_claim.decision.evidence.as_ref().ok().and_then(|evidence| evidence.outcome.days_asked_about());
    let near = |payment: &Payment| {
        asked_about.is_none_or(|(first, last)| {
            -DAYS_AROUND <= days_from(first, payment.payment_date)
                && days_from(last, payment.payment_date) <= DAYS_AROUND
        })
    };
    evidence_rows(decided_claim)
        .into_iter()
        .filter(|row| near(row.payment))
        .map(|row| {
            let payment = row.payment;
            json!([
                payment.payment_date.to_string(),
                payment.employer.to_string(),
                payment.pay_frequency.code(),
                payment.taxable_pay.to_string(),
                payment.hours_band.map(crate::domain::Band::letter).unwrap_or_default(),
                row.used.cover.map(|(first, last)| format!("{first} to {last}")).unwrap_or_default(),
                row.used.status.map(|status| status.replace('_', " ")).unwrap_or_default(),
                row.used.why,
            ])
        })
        .collect()
}

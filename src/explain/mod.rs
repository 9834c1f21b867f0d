//! `sustain explain`: explains a claim from the files of a finished run alone: what was claimed, what each rule says,
//! which days of the job the payroll shows, what every payment counted for, and what would have to differ for the claim
//! to be validated.
//!
//! ```text
//!  run.json, scheme.toml ─ run ─▶ context of the run ─┐
//!  claim files, findings, evidence ─ filed ─▶ a claim with its payments ─ shown, obstacles ─▶ explanation
//! ```
//!
//! The payments are weighed once more by the very functions that decided the claim, so the explanation cannot
//! contradict the verdict.

pub mod filed;
mod mask;
pub mod obstacles;
pub mod run;
pub mod shown;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::RunError;
pub use crate::evidence::DayShown;
use crate::rules::RULES;
use filed::FiledClaim;
pub use obstacles::Obstacle;
use run::FinishedRun;
pub use shown::{DayRun, EmployerDays, PaymentRow};

/// Whether personal data is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Particulars {
    /// It is left out.
    Masked,
    /// It is shown.
    Shown,
}

/// The explanation of a claim. Dates are `YYYY-MM-DD`, amounts pounds with two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The fingerprint of the run.
    pub run: String,
    /// The scheme's id.
    pub scheme: String,
    /// The last day the extract speaks for.
    pub cut_off: Option<String>,
    /// The row's number in the claims file, counted from 1.
    pub claim_row: u32,
    /// The claim's own cells by column, empty ones left out; personal data only if it was requested.
    pub claim: BTreeMap<String, String>,
    /// validated, rejected or queried.
    pub verdict: String,
    /// The first failing rule.
    pub primary_reason: Option<String>,
    /// Every rule, in the order of the codes.
    pub rules: Vec<RuleAnswer>,
    /// What the outcome asks for, in a line; nothing where the scheme has no such outcome.
    pub asks: Option<String>,
    /// The first and last day of the window the counts are of.
    pub window: Option<(String, String)>,
    /// The days of that window, where there is one.
    pub days: Option<WindowDays>,
    /// The day the outcome was achieved.
    pub achieved_on: Option<String>,
    /// What happened under each employer from the claimed start on.
    pub employers: Vec<EmployerDays>,
    /// The earnings rows that were considered, in the order of their paydays.
    pub payments: Vec<PaymentRow>,
    /// What stands between the claim and a validated one.
    pub standing: Vec<Obstacle>,
}

/// A rule's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleAnswer {
    /// The code.
    pub code: String,
    /// What fails, in a line.
    pub title: String,
    /// passed, reject, query, note or `not_applicable`.
    pub status: String,
    /// What fails for this claim, or why the rule does not apply.
    pub says: Option<String>,
    /// What a failing rule read.
    pub facts: BTreeMap<String, String>,
}

impl RuleAnswer {
    /// `status`: the claim passes the rule.
    pub const PASSED: &str = "passed";
    /// `status`: the rule does not apply, or could not be evaluated.
    pub const NOT_APPLICABLE: &str = "not_applicable";
}

/// Days of a window by status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowDays {
    /// Days needed.
    pub needed: u32,
    /// Days of the window.
    pub window: u32,
    /// Yes.
    pub yes: u32,
    /// Unknown.
    pub unknown: u32,
    /// Below.
    pub below: u32,
}

/// Explains claims.
///
/// # Errors
/// The run's files cannot be read.
pub fn explanations(
    run: &FinishedRun,
    wanted: &filed::ClaimSelector,
    particulars: Particulars,
) -> Result<Vec<Explanation>, RunError> {
    let filed = filed::find(run, wanted)?;
    let told = filed.iter().map(|filed| match particulars {
        Particulars::Masked => explanation(run, &mask::masked(filed)),
        Particulars::Shown => explanation(run, filed),
    });
    Ok(told.collect())
}

fn explanation(run: &FinishedRun, filed: &FiledClaim) -> Explanation {
    let weighed = shown::weigh(run, filed);
    let counted = weighed.as_ref().and_then(|weighed| weighed.evidence.outcome.columns().counted);
    Explanation {
        run: run.account.fingerprint.clone(),
        scheme: run.account.scheme.id.clone(),
        cut_off: run.account.cut_off.date.clone(),
        claim_row: filed.claim.row,
        claim: filed.cells.iter().cloned().collect(),
        verdict: filed.verdict.clone(),
        primary_reason: filed.primary_reason.clone(),
        rules: rules(filed),
        asks: shown::asks(run, filed),
        window: counted.map(|counted| (counted.window.0.to_string(), counted.window.1.to_string())),
        days: counted.map(|counted| WindowDays {
            needed: counted.needed_days,
            window: counted.window_days,
            yes: counted.counts.yes,
            unknown: counted.counts.unknown,
            below: counted.counts.below,
        }),
        achieved_on: filed.achieved_on.clone(),
        employers: weighed.as_ref().map(shown::employers).unwrap_or_default(),
        payments: filed.payments.iter().map(shown::payment).collect(),
        standing: obstacles::obstacles(run, filed, weighed.as_ref()),
    }
}

/// Every rule's answer: failures as they were found, the others as the claim's row records them.
fn rules(filed: &FiledClaim) -> Vec<RuleAnswer> {
    let told = RULES.iter().map(|rule| {
        let code = rule.code.as_str();
        let found = filed.findings.iter().find(|finding| finding.code == code);
        let not_applicable = filed.not_applicable.iter().find(|(own, _)| own == code);
        let (status, says) = match (found, not_applicable) {
            (Some(finding), _) => (finding.severity.clone(), Some(finding.message.clone())),
            (None, Some((_, why))) => (RuleAnswer::NOT_APPLICABLE.to_owned(), Some(why.clone())),
            (None, None) => (RuleAnswer::PASSED.to_owned(), None),
        };
        let facts = found.map(|finding| finding.facts.iter().cloned().collect());
        RuleAnswer { code: code.into(), title: rule.title.into(), status, says, facts: facts.unwrap_or_default() }
    });
    told.collect()
}

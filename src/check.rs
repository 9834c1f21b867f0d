//! What a claims file says by itself, before any earnings are read: what a provider can mend before submitting.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;
use serde::Serialize;

use crate::batch::{self, Contender};
use crate::domain::participant::Registered;
use crate::domain::{Claim, Participant, Tally};
use crate::error::RunError;
use crate::extract::source::Source;
use crate::extract::table;
use crate::judge::{self, Decision, Facts, Law, Verdict};
use crate::matching::{ClaimRows, Register};
use crate::rules::{Batch, RULES, Repeated, Rivalry, Status};
use crate::scheme::Scheme;
use crate::scheme::wage::WageTable;
use crate::validate::repeated;

/// What was found in a claims file. It holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The scheme's id.
    pub scheme: String,
    /// How much of it published sources settle.
    pub status: &'static str,
    /// Rows of the file.
    pub claims: u64,
    /// Rows that would be rejected for what they say themselves.
    pub rejected: u64,
    /// Rows that would go to a person for what they say themselves.
    pub queried: u64,
    /// How often each rule that could be checked failed.
    pub rules: Vec<CheckedRule>,
    /// Every failure, by row.
    pub findings: Vec<CheckedFinding>,
}

/// How often a rule failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedRule {
    /// The rule.
    pub code: &'static str,
    /// What fails, in a line.
    pub title: &'static str,
    /// How many rows fail it.
    pub failed: u64,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedFinding {
    /// The row, counted from 1.
    pub row: u32,
    /// The line it begins on, in a text file.
    pub line: Option<u64>,
    /// The claim's number, where it has one.
    pub claim_id: Option<String>,
    /// The rule.
    pub code: &'static str,
    /// reject, query or note.
    pub severity: &'static str,
    /// What fails, in words.
    pub message: String,
}

/// Checks a claims file.
///
/// # Errors
/// A file that cannot be used.
pub fn run(scheme: Scheme, claims: PathBuf, register: Option<PathBuf>) -> Result<Checked, RunError> {
    scheme.all_supplied()?;
    let law = Law { scheme, wages: WageTable::built_in()?, cut_off: None };
    let claims = Source::new(claims).survey()?;
    let claims_table = table::read(&claims, &Claim::COLUMNS)?;
    let rows = ClaimRows::new(&claims_table);
    let register = match register {
        Some(path) => {
            let table = table::read(&Source::new(path).survey()?, &Participant::COLUMNS)?;
            Some(Register::matched(&table, &rows)?)
        }
        None => None,
    };
    let repeated = repeated(&rows);
    let decide = |index: usize, rivalry: Rivalry| {
        let claim = rows.claim(index, &mut Tally::default());
        let registered = register.as_ref().map_or(&Registered::NoRegister, |register| register.registered(index));
        let repeated = repeated.get(index).copied().unwrap_or(Repeated::No);
        let batch = Batch { repeated, rivalry, validated_before: None };
        let facts = Facts { claim: &claim, registered, batch: &batch, payments: None, near_misses: &[] };
        let decision = judge::decide(&law, &facts);
        (claim, decision)
    };
    let alone: Vec<(Claim, Decision)> =
        (0..rows.len()).into_par_iter().map(|index| decide(index, Rivalry::OutOfIt)).collect();
    let rivalries: BTreeMap<u32, Rivalry> =
        batch::rivalries(alone.iter().filter_map(contender).collect()).into_iter().collect();
    let decided = alone.into_par_iter().enumerate().map(|(index, (claim, decision))| match rivalries.get(&claim.row) {
        Some(rivalry) => decide(index, *rivalry),
        None => (claim, decision),
    });
    Ok(checked(&law.scheme, &decided.collect::<Vec<_>>(), &rows))
}

/// Before the earnings are read every claim that is not rejected is open, so of two for one outcome the later is a query.
fn contender((claim, decision): &(Claim, Decision)) -> Option<Contender<'_>> {
    (decision.verdict != Verdict::Rejected).then_some(())?;
    Some(Contender {
        contested: (claim.participant_id.given()?, claim.outcome.given()?),
        verdict: Verdict::Queried,
        claim_date: *claim.claim_date.given()?,
        claim_id: claim.claim_id.given()?,
        row: claim.row,
    })
}

fn checked(scheme: &Scheme, decided: &[(Claim, Decision)], rows: &ClaimRows) -> Checked {
    let count = |verdict: Verdict| {
        let of = decided.iter().filter(|(_, decision)| decision.verdict == verdict).count();
        u64::try_from(of).unwrap_or(u64::MAX)
    };
    let evaluated = |place: usize| {
        decided
            .iter()
            .any(|(_, decision)| !matches!(decision.statuses.get(place), Some((_, Status::NotApplicable(_))) | None))
    };
    let failed = |place: usize| {
        let fails = |decision: &Decision| {
            matches!(decision.statuses.get(place), Some((_, Status::Failed(_) | Status::Unclear(_))))
        };
        u64::try_from(decided.iter().filter(|(_, decision)| fails(decision)).count()).unwrap_or(u64::MAX)
    };
    let rules = RULES.iter().enumerate().filter(|(place, _)| evaluated(*place));
    let rules =
        rules.map(|(place, rule)| CheckedRule { code: rule.code.as_str(), title: rule.title, failed: failed(place) });
    let findings = decided.iter().flat_map(|(claim, decision)| {
        let index = usize::try_from(claim.row).unwrap_or(usize::MAX).saturating_sub(1);
        decision.findings.iter().map(move |finding| CheckedFinding {
            row: claim.row,
            line: rows.lines.get(index).copied(),
            claim_id: claim.claim_id.given().map(ToString::to_string),
            code: finding.rule.code.as_str(),
            severity: finding.severity.name(),
            message: finding.message(),
        })
    });
    Checked {
        scheme: scheme.id.clone(),
        status: scheme.status.name(),
        claims: crate::domain::count_of(decided.len()),
        rejected: count(Verdict::Rejected),
        queried: count(Verdict::Queried),
        rules: rules.collect(),
        findings: findings.collect(),
    }
}

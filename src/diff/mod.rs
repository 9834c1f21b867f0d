//! `sustain diff`: what changed between two runs, claim by claim, and why.
//!
//! ```text
//!  OLD, NEW ─ claim_summaries ─▶ verdicts, reasons and amounts by claim ─▶ changes ─ cause ─▶ changes with their causes
//!                                                                                             ├─ payable ─▶ the walk
//!                                                                                             └─ table
//! ```

pub mod cause;
pub mod claim_summaries;
pub mod payable;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::OutputAccount;
use crate::domain::Pence;
use crate::domain::count_of as count;
use crate::domain::withheld::shown;
use crate::error::RunError;
use crate::progress::ProgressSink;
use crate::sealed::{self, SealedAccount, sealed_text};
use crate::staging::write_text;
use crate::staging::{self, Existing, Staging};
use cause::{Cause, causes_between};
use claim_summaries::{ClaimKey, ClaimSummary, claim_summaries};
use payable::PayableWalk;
pub(crate) use table::layout;

use crate::explain::run::FinishedRun;
use crate::verify::verify;

/// A request to compare two runs.
#[derive(Debug, Clone)]
pub struct DiffRequest {
    /// The earlier run.
    pub old: PathBuf,
    /// The later run.
    pub new: PathBuf,
    /// The directory to write the changes to, if any.
    pub out: Option<PathBuf>,
    /// What to do with files that are already there.
    pub existing: Existing,
}

/// The changes with their counts, as JSON.
const FILE: &str = "diff.json";

/// The differences between two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunDiff {
    /// The earlier run, by fingerprint.
    pub old: String,
    /// The later run.
    pub new: String,
    /// What the accounts of the two runs differ in.
    pub differs: BTreeSet<Cause>,
    /// Claims of both runs.
    pub in_both: u64,
    /// Claims of both runs that have the same verdict for the same reasons, and for which the same is payable.
    pub unchanged: u64,
    /// Changes by old and new verdict.
    pub by_verdict: Vec<VerdictChange>,
    /// Changes by cause.
    pub by_cause: BTreeMap<Cause, u64>,
    /// How what is payable changed. Differences of versions before 0.2.0 do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payable: Option<PayableWalk>,
    /// Every change, by claim.
    pub changes: Vec<ClaimChange>,
    /// The files that were written, where the differences were written to a folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<OutputAccount>,
    /// BLAKE3 of this account as it is written with the seal left empty, where it was written to a folder.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seal: String,
}

impl SealedAccount for RunDiff {
    const FILE: &'static str = FILE;
    const NAME: &'static str = "name the directory of the differences of two runs";
    const AGAIN: &'static str = "the differences were changed or are not whole: compare the runs again";

    fn outputs(&self) -> &[OutputAccount] {
        &self.outputs
    }

    fn seal_mut(&mut self) -> &mut String {
        &mut self.seal
    }
}

impl RunDiff {
    /// Whether these are the same differences, written or not.
    fn is_of(&self, other: &Self) -> bool {
        Self { outputs: Vec::new(), seal: String::new(), ..self.clone() } == *other
    }
}

/// How many claims moved from one verdict to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictChange {
    /// The verdict before; nothing for a claim that was not there.
    pub old: Option<String>,
    /// The verdict now; nothing for a claim that is gone.
    pub new: Option<String>,
    /// How many claims.
    pub claims: u64,
    /// How much more is payable for them than before, in pence; less where it is negative.
    #[serde(default)]
    pub payable_change_pence: i64,
}

/// One claim whose verdict or reasons changed, or for which another amount is payable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimChange {
    /// The claim; nothing where it has no number.
    pub claim_id: Option<String>,
    /// Its row in the earlier claims file.
    pub old_row: Option<u32>,
    /// Its row in the later one.
    pub new_row: Option<u32>,
    /// The verdict before.
    pub old_verdict: Option<String>,
    /// The verdict now.
    pub new_verdict: Option<String>,
    /// The failing rules before, each with how it weighs.
    pub old_reasons: Vec<String>,
    /// The failing rules now.
    pub new_reasons: Vec<String>,
    /// What was payable for it before, in pence; nothing where it was not validated or no amount is known.
    #[serde(default)]
    pub old_payable_pence: Option<i64>,
    /// What is payable for it now, in pence.
    #[serde(default)]
    pub new_payable_pence: Option<i64>,
    /// Why it changed.
    pub cause: Cause,
}

impl ClaimChange {
    /// How much more is payable than before, in pence.
    fn payable_change(&self) -> i64 {
        self.new_payable_pence.unwrap_or_default().saturating_sub(self.old_payable_pence.unwrap_or_default())
    }
}

/// Compares two runs.
///
/// # Errors
/// A run cannot be verified or read, or the file of changes cannot be written.
pub fn run(request: &DiffRequest, progress: &dyn ProgressSink) -> Result<RunDiff, RunError> {
    let open = |run: &Path| FinishedRun::of(verify(run).map_err(RunError::Unproven)?, run);
    let (old, new) = (open(&request.old)?, open(&request.new)?);
    let difference = difference(&old, &new)?;
    if let Some(out) = &request.out {
        write(&difference, &new, out, request.existing, progress)?;
    }
    Ok(difference)
}

fn write(
    difference: &RunDiff,
    new: &FinishedRun,
    out: &Path,
    existing: Existing,
    progress: &dyn ProgressSink,
) -> Result<(), RunError> {
    if out.exists() {
        let folder = sealed::open::<RunDiff>(out).map_err(|_| staging::already_there(out))?;
        match sealed::read::<RunDiff>(&folder).ok() {
            Some(there) if there.is_of(difference) && sealed::verify::<RunDiff>(&folder).is_ok() => {
                Staging::sweep(out, progress);
                return Ok(());
            }
            Some(_) if existing == Existing::Replace => staging::only_holds(out, &[FILE, table::NAME])?,
            Some(_) | None => return Err(staging::already_there(out)),
        }
    }
    let staging = Staging::beside(out, progress)?;
    let changes = table::write(difference, new, &staging)?;
    let mut account = RunDiff { outputs: vec![changes], ..difference.clone() };
    write_text(&staging, FILE, &sealed_text(&mut account)?)?;
    staging.publish(existing)
}

fn difference(old: &FinishedRun, new: &FinishedRun) -> Result<RunDiff, RunError> {
    let (before, now) = (claim_summaries(old)?, claim_summaries(new)?);
    let differs = causes_between(&old.account, &new.account);
    let keys: BTreeSet<&ClaimKey> = before.keys().chain(now.keys()).collect();
    let in_both = before.keys().filter(|key| now.contains_key(key)).count();
    let moved: Vec<(&ClaimKey, Option<&ClaimSummary>, Option<&ClaimSummary>)> = keys
        .into_iter()
        .map(|key| (key, before.get(key), now.get(key)))
        .filter(|(_, before, now)| !before.zip(*now).is_some_and(|(before, now)| before.is_same(now)))
        .collect();
    let of_both: Vec<(&ClaimSummary, &ClaimSummary)> =
        moved.iter().filter_map(|(_, before, now)| before.zip(*now)).collect();
    let mut causes = cause::of_changes(old, new, &differs, &of_both)?.into_iter();
    let changes: Vec<ClaimChange> = moved
        .into_iter()
        .map(|(key, before, now)| {
            // A claim that came or went is a change of the claims.
            let cause = before.and(now).and_then(|_| causes.next()).unwrap_or(Cause::Claims);
            change(key, before, now, cause)
        })
        .collect();
    let mut by_verdict: BTreeMap<(Option<String>, Option<String>), (u64, i64)> = BTreeMap::new();
    let mut by_cause: BTreeMap<Cause, u64> = BTreeMap::new();
    for change in &changes {
        let (claims, pence) = by_verdict.entry((change.old_verdict.clone(), change.new_verdict.clone())).or_default();
        *claims += 1;
        *pence = pence.saturating_add(change.payable_change());
        *by_cause.entry(change.cause).or_default() += 1;
    }
    let changed_in_both = changes.iter().filter(|change| change.old_row.is_some() && change.new_row.is_some()).count();
    Ok(RunDiff {
        old: old.account.fingerprint.clone(),
        new: new.account.fingerprint.clone(),
        differs,
        in_both: count(in_both),
        unchanged: count(in_both - changed_in_both),
        by_verdict: by_verdict
            .into_iter()
            .map(|((old, new), (claims, payable_change_pence))| VerdictChange {
                old,
                new,
                claims,
                payable_change_pence,
            })
            .collect(),
        by_cause,
        payable: Some(PayableWalk::of(&before, &now, &changes)),
        changes,
        outputs: Vec::new(),
        seal: String::new(),
    })
}

fn change(key: &ClaimKey, before: Option<&ClaimSummary>, now: Option<&ClaimSummary>, cause: Cause) -> ClaimChange {
    let reasons = |told: Option<&ClaimSummary>| -> Vec<String> {
        let told = told.map(|told| told.reasons.as_slice()).unwrap_or_default();
        told.iter().map(|(code, severity)| format!("{code} {severity}")).collect()
    };
    ClaimChange {
        // A claim whose number looks like a person's is found by its rows.
        claim_id: key.claim_id.as_deref().map(|id| shown(id).to_owned()),
        old_row: before.map(|told| told.row),
        new_row: now.map(|told| told.row),
        old_verdict: before.map(|told| told.verdict.to_owned()),
        new_verdict: now.map(|told| told.verdict.to_owned()),
        old_reasons: reasons(before),
        new_reasons: reasons(now),
        old_payable_pence: before.and_then(|told| told.payable).map(|Pence(pence)| pence),
        new_payable_pence: now.and_then(|told| told.payable).map(|Pence(pence)| pence),
        cause,
    }
}

//! Verifies a finished run against its account.

mod supporting_rows;
mod verdict_rows;

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int32Type;

use crate::account::RunAccount;
use crate::domain::count_of;
use crate::error::InputError;
use crate::judge::Verdict;
use crate::publish::are_outputs;
use crate::reopen::each_batch;
use crate::sealed::{self, OpenFolder, SealedAccount};

/// A finished run that was verified, and is held open: what takes its place is not read instead.
#[derive(Debug)]
pub struct VerifiedRun {
    /// Its folder.
    pub folder: OpenFolder,
    /// Its account.
    pub account: RunAccount,
}

/// Verifies a finished run: its files are the ones it accounts for, byte for byte, and no others; every claim of the input is in
/// exactly one claim file, once; the counts add up; no earnings row supports two validated claims of one outcome.
///
/// # Errors
/// The first difference from the account.
pub fn verify(run: &Path) -> Result<VerifiedRun, InputError> {
    let failed = |problem: String| InputError::new(run.display().to_string(), problem, RunAccount::AGAIN);
    let folder = sealed::open::<RunAccount>(run)?;
    let account: RunAccount = sealed::verify(&folder)?;
    let names: Vec<&str> =
        account.outputs.iter().map(|output| output.name.as_str()).chain([RunAccount::FILE]).collect();
    if !are_outputs(&names) {
        return Err(failed("its account does not list the outputs of a run".into()));
    }
    let contradictions = account.contradictions();
    if !contradictions.is_empty() {
        return Err(failed(format!("its account does not add up: {}", contradictions.join("; "))));
    }
    verify_files(&folder, &account).map_err(failed)?;
    Ok(VerifiedRun { folder, account })
}

/// Reads the files back and holds them against the account.
///
/// # Errors
/// What is not as the account says.
pub fn verify_files(run: &OpenFolder, account: &RunAccount) -> Result<(), String> {
    let mut claims: BTreeMap<i32, usize> = BTreeMap::new();
    let (mut failures, mut claims_and_reasons) = (0_usize, 0_usize);
    for verdict in Verdict::ALL.map(Verdict::name) {
        let name = format!("{verdict}.parquet");
        let mut before: Option<(bool, String, i32)> = None;
        each_batch(run, &name, &["claim_id", "verdict", "reasons", "claim_row"], &mut |batch| {
            let column = |of: &str| batch.column_by_name(of).ok_or_else(|| format!("{name} has no column {of}"));
            let rows = column("claim_row")?.as_primitive_opt::<Int32Type>().ok_or("claim_row is no number")?.clone();
            let verdicts = column("verdict")?.as_string_opt::<i32>().ok_or("verdict is no text")?.clone();
            let ids = column("claim_id")?.as_string_opt::<i32>().ok_or("claim_id is no text")?.clone();
            let reasons = column("reasons")?.as_list_opt::<i32>().ok_or("reasons is no list")?.clone();
            for row in 0..batch.num_rows() {
                if verdicts.value(row) != verdict {
                    return Err(format!("{name} holds a claim of another verdict"));
                }
                let id = if ids.is_null(row) { (true, String::new()) } else { (false, ids.value(row).to_owned()) };
                let key = (id.0, id.1, rows.value(row));
                if before.as_ref().is_some_and(|before| key <= *before) {
                    return Err(format!("{name} is not sorted by claim_id"));
                }
                *claims.entry(rows.value(row)).or_default() += 1;
                let own = usize::try_from(reasons.value_length(row)).unwrap_or(0);
                failures += own;
                claims_and_reasons += own.max(1);
                before = Some(key);
            }
            Ok(())
        })?;
    }
    let read = usize::try_from(account.claims.read).unwrap_or(usize::MAX);
    let once = claims.values().all(|times| *times == 1);
    let in_range = claims.keys().next().is_none_or(|first| *first == 1);
    let last = claims.keys().next_back().map_or(0, |last| usize::try_from(*last).unwrap_or(usize::MAX));
    if !once || !in_range || claims.len() != read || last != read {
        return Err("not every claim of the input is in exactly one file, once".into());
    }
    let findings: u64 = account.rules.iter().map(|rule| rule.failed).sum();
    if u64::try_from(failures).ok() != Some(findings) {
        return Err("the reasons of the claim files are not as many as the account says".into());
    }
    findings_agree(run, account)?;
    verdict_rows::are_of_claims_and_reasons(run, account, count_of(claims_and_reasons))?;
    if account.paid_once { supporting_rows::support_one_claim(run) } else { Ok(()) }
}

/// The findings, counted by rule, are the failures of the account.
fn findings_agree(run: &OpenFolder, account: &RunAccount) -> Result<(), String> {
    let mut failed: BTreeMap<String, u64> = BTreeMap::new();
    each_batch(run, "findings.parquet", &["code"], &mut |batch| {
        let codes = batch
            .column_by_name("code")
            .and_then(|column| column.as_string_opt::<i32>())
            .ok_or("findings.parquet has no codes")?;
        for code in codes.iter().flatten() {
            *failed.entry(code.to_owned()).or_default() += 1;
        }
        Ok(())
    })?;
    let agree = account.rules.iter().all(|rule| failed.get(&rule.code).copied().unwrap_or(0) == rule.failed);
    if agree { Ok(()) } else { Err("findings.parquet and the account count the failures differently".into()) }
}

//! Runs `sustain validate`, step by step: read, match, decide, write, prove, publish.

mod account;
mod decide;
mod inputs;
mod ledger_claims;
mod limits;
mod money;
mod money_walk;
mod prepared;
mod quarantine;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::account::RunAccount;
use crate::account::fingerprint::short;
use crate::domain::GivenDays;
use crate::domain::SetAsideShare;
use crate::error::RunError;
use crate::extract::file_options::InputOptions;
use crate::extract::quarantine::QuarantineFile;
use crate::history::History;
use crate::progress::ProgressSink;
use crate::publish::{OUTPUTS, REPORT_FILE, ResultTables, ResultWriter};
use crate::report::ReportData;
use crate::rules::{Code, Setting};
use crate::scheme::Scheme;
use crate::sealed::OpenFolder;
use crate::staging::{self, Existing, Staging};
use crate::tables::file::Stamp;
use crate::tables::forms::RowSchemas;
use crate::tables::layout;
use crate::tables::run_columns::RunIdentity;
use crate::verify::{verify, verify_files};
use account::{RunCounts, account};
use decide::Decider;
use inputs::{RunInputs, fingerprint};
pub use ledger_claims::LedgerClaims;
pub use limits::Limits;
use prepared::{MatchedBatch, prepare};
use quarantine::WrittenQuarantine;

/// A request to decide a batch.
#[derive(Debug, Clone)]
pub struct ValidateRequest {
    /// The scheme.
    pub scheme: Scheme,
    /// Rules set on the command line; they outweigh the scheme's own settings.
    pub settings: BTreeMap<Code, Setting>,
    /// Claims files, folders and globs; their rows are one batch.
    pub claims: Vec<PathBuf>,
    /// Earnings files, folders and globs.
    pub earnings: Vec<PathBuf>,
    /// The register.
    pub register: Option<PathBuf>,
    /// How the files are to be read.
    pub input_options: InputOptions,
    /// Directories of earlier runs.
    pub history: Vec<PathBuf>,
    /// What a ledger brings, where the run is a month's work of one; it takes the place of earlier runs.
    pub ledger: Option<LedgerClaims>,
    /// The first day the extract speaks for, where it does not follow from its paydays.
    pub extract_from: Option<NaiveDate>,
    /// The last day the extract speaks for, where it does not follow from its paydays.
    pub extract_to: Option<NaiveDate>,
    /// The share of rows in which a column may be unreadable, where more than usual is accepted.
    pub set_aside: Option<SetAsideShare>,
    /// The memory budget in bytes, if there is one: payments that exceed it are read in several passes.
    /// The result is the same.
    pub memory: Option<u64>,
    /// What the run is held to before it is published.
    pub limits: Limits,
    /// Whether the verdicts are written as a workbook too.
    pub workbook: bool,
    /// Where the result goes.
    pub out: PathBuf,
    /// What to do with a result that is already there.
    pub existing: Existing,
}

impl ValidateRequest {
    /// The days that bound what the extract speaks for, as far as they are given.
    pub(crate) fn given_days(&self) -> GivenDays {
        GivenDays { from: self.extract_from, to: self.extract_to }
    }
}

/// How a run ended.
#[derive(Debug, Clone)]
pub enum ValidateFinished {
    /// A new result was published.
    Published(RunAccount),
    /// The result of these very inputs was there already.
    AlreadyThere(RunAccount),
}

impl ValidateFinished {
    /// The account of the result.
    pub fn account(&self) -> &RunAccount {
        match self {
            Self::Published(account) | Self::AlreadyThere(account) => account,
        }
    }
}

/// Carries out a run.
///
/// # Errors
/// An input, scheme or option that cannot be used, or a run that cannot prove its account; nothing was published then.
pub fn run(request: &ValidateRequest, progress: &dyn ProgressSink) -> Result<ValidateFinished, RunError> {
    request.scheme.all_supplied()?;
    progress.step("hashing the inputs", None);
    let inputs = RunInputs::sniff(request)?;
    let history = match &request.ledger {
        Some(ledger) => History::of_ledger(&ledger.head, Arc::clone(&ledger.earlier)),
        None => History::read(&request.history, &request.scheme.id)?,
    };
    let fingerprint = fingerprint(request, &inputs, &history);
    if let Some(account) = already_decided(request, &fingerprint, progress)? {
        request.limits.hold(&account)?;
        return Ok(ValidateFinished::AlreadyThere(account));
    }
    let staging = Staging::beside(&request.out, progress)?;
    let quarantine = QuarantineFile::in_folder(staging.folder_of_temporary_files().to_path_buf());
    let prepared = prepare(request, inputs, quarantine, progress)?;
    let account = decide_all(&prepared, &history, &staging, fingerprint, request, progress)?;
    request.limits.hold(&account)?;
    progress.step("putting the result in its place", None);
    prepared.inputs.still_the_same()?;
    staging.publish(request.existing)?;
    Ok(ValidateFinished::Published(account))
}

/// A result of the same inputs under the same scheme is reported, another one is left alone unless it is to be replaced.
fn already_decided(
    request: &ValidateRequest,
    fingerprint: &str,
    progress: &dyn ProgressSink,
) -> Result<Option<RunAccount>, RunError> {
    if !request.out.exists() {
        return Ok(None);
    }
    let there = verify(&request.out).ok().map(|run| run.account).filter(|account| account.fingerprint == fingerprint);
    match (there, request.existing) {
        (Some(account), _) => {
            Staging::sweep(&request.out, progress);
            Ok(Some(account))
        }
        (None, Existing::Replace) if !is_result(&request.out) => Err(RunError::choice(
            format!("{} is there and is not a result", request.out.display()),
            "only a result is replaced; name another directory with --out",
        )),
        (None, Existing::Replace) if is_history(request) => Err(RunError::choice(
            format!("{} is an earlier run that this one is decided on, and would be replaced", request.out.display()),
            "name another directory with --out, and keep the runs that are named with --history",
        )),
        (None, Existing::Replace) => Ok(None),
        (None, Existing::Keep) => Err(staging::already_there(&request.out)),
    }
}

/// Whether a directory is a result, whole or damaged, or empty: nothing else may be replaced.
fn is_result(directory: &std::path::Path) -> bool {
    let Ok(entries) = std::fs::read_dir(directory) else { return false };
    let known = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| OUTPUTS.iter().any(|name| entry.file_name().to_string_lossy() == *name))
    };
    entries.into_iter().all(known)
}

/// Whether the result would take the place of an earlier run that it is decided on. Its outcomes would then be rejected
/// as validated before, by a run that is no longer there.
fn is_history(request: &ValidateRequest) -> bool {
    let place = |directory: &std::path::Path| std::fs::canonicalize(directory).ok();
    let out = place(&request.out);
    out.is_some() && request.history.iter().any(|earlier| place(earlier) == out)
}

fn decide_all(
    prepared: &MatchedBatch,
    history: &History,
    staging: &Staging,
    fingerprint: String,
    request: &ValidateRequest,
    progress: &dyn ProgressSink,
) -> Result<RunAccount, RunError> {
    let scheme = &prepared.context.scheme;
    let supplied = scheme.parameters.iter().filter_map(|one| Some(format!("{}={}", one.id, one.given.as_ref()?)));
    let stamp = Stamp {
        scheme: scheme.id.clone(),
        scheme_status: scheme.status.name(),
        scheme_hash: scheme.hash.clone(),
        parameters: supplied.collect::<Vec<_>>().join(";"),
    };
    let claims_files = prepared.claims_files();
    let extra = &layout::with_claims_file(&prepared.claims.extra, &claims_files);
    let files: Vec<String> = prepared.inputs.earnings.files.iter().map(|file| file.source.name.clone()).collect();
    let cut_off = prepared.context.observed.cut_off;
    let run = RunIdentity { run: short(&fingerprint).to_owned(), scheme: scheme.id.clone(), cut_off };
    let workbook = request.workbook;
    let tables = ResultTables { scheme, extra, stamp: &stamp, run: &run, workbook };
    let mut results = ResultWriter::create(staging, &tables)?;
    let mut counts = RunCounts::default();
    let mut report_data = ReportData::default();
    let deciding =
        Decider::new(prepared, history, RowSchemas::new(extra, files, claims_files, run, workbook), progress)?;
    deciding.all(progress, &mut |decided| {
        results.write(&decided.tables)?;
        progress.advance(decided.counts.claims());
        counts.join(decided.counts);
        report_data.join(decided.report_data);
        Ok(())
    })?;
    progress.step("writing the result", None);
    let quarantined = WrittenQuarantine::write(prepared, &mut results)?;
    let outputs = results.finish(staging)?;
    let mut account = account(prepared, history, fingerprint, request, counts, &quarantined);
    let page = crate::report::page(&account, &quarantined.first, quarantined.rows, report_data);
    account.outputs = outputs;
    let page = page.iter().map(String::as_str);
    account.outputs.push(crate::staging::write_pieces(staging, REPORT_FILE, page)?);
    let contradictions = account.contradictions();
    if !contradictions.is_empty() {
        return Err(RunError::Untrusted(format!("the account does not add up: {}", contradictions.join("; "))));
    }
    crate::publish::write_account(staging, &mut account)?;
    let read_back = OpenFolder::open(&staging.path("")).and_then(|folder| verify_files(&folder, &account));
    read_back.map_err(|problem| {
        RunError::Untrusted(format!("what was written does not read back as it should: {problem}"))
    })?;
    Ok(account)
}

//! Employment rates of a register: who was referred, who started, who worked when, and what was achieved.
//!
//! ```text
//!  [inputs]  register, earnings, funding, a run
//!      │
//!  [figures] ─▶ observations ─▶ measures ─▶ counting ─▶ exact counts
//!                                                           │
//!  [write] ◀──────────────── rows ◀──── release ◀───────────┘
//!      ├─▶ [tables]    rates.csv, rates.parquet; not-for-release/disclosure.csv
//!      ├─▶ [public]    what may be said beside the rows, of which nothing is counted
//!      │      ├─▶ [page]      rates.html, with drawings of pages
//!      │      └─▶ [workbook]  rates.ods, rates.xlsx
//!      └─▶ [account]   not-for-release/rates.json
//! ```
//!
//! Nobody's answer is guessed: days the extract cannot speak for are not observed, and never days out of work.

pub mod account;
mod figures;
mod inputs;
mod page;
mod public;
mod tables;
mod workbook;
mod write;

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::domain::SetAsideShare;
use crate::error::RunError;
use crate::extract::file_options::InputOptions;
use crate::observations::claims::RunClaims;
use crate::observations::person::Dimension;
use crate::progress::ProgressSink;
use crate::release::disclosure::DisclosureProfile;
use crate::scheme::Scheme;
use crate::staging::{self, Existing, Staging};
use account::{RatesAccount, fingerprint};
use figures::RatesFigures;
use inputs::RatesInputs;
pub(crate) use tables::layout;

/// The options of `sustain rates`, checked.
#[derive(Debug, Clone)]
pub struct RatesRequest {
    /// The scheme.
    pub scheme: Scheme,
    /// The register.
    pub register: PathBuf,
    /// Earnings files, folders, globs and stores.
    pub earnings: Vec<PathBuf>,
    /// A file of what was spent.
    pub funding: Option<PathBuf>,
    /// How the files are to be read.
    pub input_options: InputOptions,
    /// A finished run whose claims are counted.
    pub run: Option<PathBuf>,
    /// The first day the extract speaks for, where it is not its earliest payday.
    pub extract_from: Option<NaiveDate>,
    /// The last day it speaks for, where it is not its latest payday.
    pub extract_to: Option<NaiveDate>,
    /// The share of rows in which a column may be unreadable, where more than usual is accepted.
    pub set_aside: Option<SetAsideShare>,
    /// The memory budget in bytes, if there is one: a run whose payments exceed it is refused.
    pub memory: Option<u64>,
    /// The dimensions that results are broken down by. See [`broken_down_by`].
    pub by: Vec<Dimension>,
    /// Whether every start is counted; otherwise each person is counted once.
    pub each_start: bool,
    /// Dates on which people in paid employment are counted.
    pub on: Vec<NaiveDate>,
    /// Whether the first job outcome is also tried under other terms.
    pub sensitivity: bool,
    /// How disclosure is controlled.
    pub profile: DisclosureProfile,
    /// Whether the figures of every week and month are broken down too.
    pub curves: bool,
    /// Whether the working tables are written too.
    pub unrounded: bool,
    /// Where the result goes.
    pub out: PathBuf,
    /// What to do with a result that is already there.
    pub existing: Existing,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub enum RatesFinished {
    /// A new result was published.
    Published(RatesAccount),
    /// The result of these very inputs was there already.
    AlreadyThere(RatesAccount),
}

/// The dimensions that results of a scheme are broken down by: those asked for, each once, and the cohort too where the scheme
/// has baselines to compare cohorts with.
pub fn broken_down_by(asked: &[Dimension], scheme: &Scheme) -> Vec<Dimension> {
    let of_baselines = (!scheme.arrangements.baselines.is_empty()).then_some(Dimension::Cohort);
    let all: BTreeSet<Dimension> = asked.iter().copied().chain(of_baselines).collect();
    all.into_iter().collect()
}

/// Reads the inputs, counts everyone, and publishes the result as a whole; or finds that it is there already.
///
/// # Errors
/// An input, scheme or option that cannot be used; nothing was published then.
pub fn run(request: &RatesRequest, progress: &dyn ProgressSink) -> Result<RatesFinished, RunError> {
    request.scheme.all_supplied()?;
    progress.step("hashing the inputs", None);
    let inputs = RatesInputs::sniff(request)?;
    let claims = request.run.as_ref().map(|run| RunClaims::read(run, &request.scheme.id)).transpose()?;
    let fingerprint = fingerprint(request, &inputs, claims.as_ref().map(RunClaims::fingerprint));
    if request.out.exists() {
        match account::read(&request.out) {
            Some(account) if account.fingerprint == fingerprint => {
                // A run that was killed after its last step may have left its staging directory.
                Staging::sweep(&request.out, progress);
                return Ok(RatesFinished::AlreadyThere(account));
            }
            Some(_) if request.existing == Existing::Replace => {}
            Some(_) | None => return Err(staging::already_there(&request.out)),
        }
    }
    let staging = Staging::beside(&request.out, progress)?;
    let figures = RatesFigures::of(request, &inputs, claims.as_ref(), progress)?;
    progress.step("writing the result", None);
    let account = write::write(request, &inputs, &figures, fingerprint, &staging)?;
    for (_, file) in inputs.files() {
        file.still_the_same().map_err(|error| RunError::Untrusted(error.to_string()))?;
    }
    staging.publish(request.existing)?;
    Ok(RatesFinished::Published(account))
}

//! The outcomes that earlier runs validated; each run is verified before it is used.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::account::RunAccount;
use crate::account::fingerprint::short;
use crate::batch::{EarlierClaim, EarlierOutcomes};
use crate::domain::{NinoText, Pence};
use crate::error::{InputError, RunError, describe_io_error};
use crate::extract::row_batch::{as_text, text_at};
use crate::reopen::each_batch;
use crate::sealed::OpenFolder;
use crate::verify::{VerifiedRun, verify};

/// The file by which a directory is known as a run.
const ACCOUNT: &str = "run.json";

/// The outcomes that earlier runs of a scheme validated, and which runs those were.
#[derive(Default)]
pub struct History {
    runs: Vec<String>,
    validated: Arc<EarlierOutcomes>,
}

/// What is read of a validated claim.
const COLUMNS: [&str; 7] =
    ["claim_id", "participant_id", "nino", "outcome", "achieved_on", "payable", "amount_claimed"];
/// The runs that paths mean: a directory that is a run, or every directory in a folder that is none, by name. The directory
/// that a result is to go to is no earlier run, where it is found in a folder.
///
/// # Errors
/// A folder that cannot be read, in which there is no run, or in which a directory is no run.
pub fn runs_in(paths: &[PathBuf], out: &Path) -> Result<Vec<PathBuf>, InputError> {
    let mut runs = Vec::new();
    for path in paths {
        let is_run = |directory: &Path| directory.join(ACCOUNT).exists();
        // A path that is no directory is told by the reading of it.
        if is_run(path) || !path.is_dir() {
            runs.push(path.clone());
            continue;
        }
        let found = directories(path)?;
        if found.is_empty() {
            let hint = "name a directory that `sustain validate` wrote, or a folder of such directories";
            return Err(InputError::new(path.display().to_string(), "no run is there", hint));
        }
        let place = std::fs::canonicalize(out).ok();
        for directory in found {
            if !is_run(&directory) {
                let problem = format!("this is no run: it has no {ACCOUNT}");
                return Err(InputError::new(
                    directory.display().to_string(),
                    problem,
                    "move it out of the folder of runs",
                ));
            }
            if place.is_none() || std::fs::canonicalize(&directory).ok() != place {
                runs.push(directory);
            }
        }
    }
    Ok(runs)
}

/// The directories in a folder, by name. Hidden ones are what runs that were killed left behind.
fn directories(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let cannot = |error: std::io::Error| {
        let problem = format!("the folder could not be read ({})", describe_io_error(&error));
        InputError::new(folder.display().to_string(), problem, "check that it may be read")
    };
    let mut directories = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        if entry.path().is_dir() && !entry.file_name().to_string_lossy().starts_with('.') {
            directories.push(entry.path());
        }
    }
    directories.sort();
    Ok(directories)
}

impl History {
    /// Reads the runs in these directories.
    ///
    /// # Errors
    /// A run that cannot be verified, or is of another scheme.
    pub fn read(directories: &[PathBuf], scheme: &str) -> Result<Self, RunError> {
        let mut runs = Vec::new();
        let mut outcomes = EarlierOutcomes::default();
        for directory in directories {
            let shown = directory.display().to_string();
            let VerifiedRun { folder, account } = verify(directory)?;
            if account.scheme.id != scheme {
                let problem = format!("this run is of the scheme {}, not {scheme}", account.scheme.id);
                return Err(InputError::new(shown, problem, "name runs of the same scheme with --history").into());
            }
            let validated = validated(&folder).map_err(|problem| InputError::new(shown, problem, "run it again"))?;
            outcomes.add_run(&name(&account), validated);
            runs.push(account.fingerprint);
        }
        Ok(Self { runs, validated: Arc::new(outcomes) })
    }

    /// What a ledger holds as validated; `head` is the hash that it ends with.
    pub fn of_ledger(head: &str, validated: Arc<EarlierOutcomes>) -> Self {
        Self { runs: vec![head.to_owned()], validated }
    }

    /// The fingerprints of the runs, in the order named.
    pub fn fingerprints(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().map(String::as_str)
    }

    /// Whether no earlier run was named.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// What the runs validated.
    pub fn validated(&self) -> &EarlierOutcomes {
        &self.validated
    }
}

/// What a person finds a run by, without its path: the claims file it decided, the day its extract spoke up to, and the
/// beginning of the fingerprint in its `run.json`.
fn name(account: &RunAccount) -> String {
    let claims: Vec<&str> =
        account.inputs.iter().filter(|input| input.role == "claims").map(|input| input.name.as_str()).collect();
    let cut_off = account.cut_off.date.as_deref().unwrap_or("no day");
    let fingerprint = short(&account.fingerprint);
    format!("{} (extract to {cut_off}, fingerprint {fingerprint})", claims.join(" and "))
}

/// The claims that a run validated.
fn validated(run: &OpenFolder) -> Result<Vec<EarlierClaim>, String> {
    let mut claims = Vec::new();
    each_batch(run, "validated.parquet", &COLUMNS, &mut |batch| {
        claims.extend(claims_of(batch)?);
        Ok(())
    })?;
    Ok(claims)
}

fn claims_of(batch: &RecordBatch) -> Result<Vec<EarlierClaim>, String> {
    let column = |name: &'static str| {
        let array = batch.column_by_name(name).ok_or_else(|| format!("validated.parquet has no column {name}"))?;
        as_text(array, name).map_err(|_| format!("validated.parquet has a column {name} of another type"))
    };
    let columns = COLUMNS.into_iter().map(column).collect::<Result<Vec<_>, String>>()?;
    let claim = |row: usize| {
        let mut cells = columns.iter().map(|column| text_at(column, row));
        let mut next = || cells.next().flatten();
        Some(EarlierClaim {
            claim_id: next().map(Box::from),
            participant_id: next().map(Box::from),
            person: next().and_then(|nino| NinoText::read(nino).well_formed()).map(super::domain::nino::Nino::stem),
            outcome: next()?.into(),
            achieved_on: next().and_then(|day| day.parse().ok()),
            payable: next().and_then(|amount| Pence::parse(amount).ok()),
            claimed: next().and_then(|amount| Pence::parse(amount).ok()),
            paid_on: None,
        })
    };
    Ok((0..batch.num_rows()).filter_map(claim).collect())
}

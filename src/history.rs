//! The outcomes that earlier runs validated; each run is verified before it is used.

use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;

use crate::account::RunAccount;
use crate::batch::{EarlierClaim, EarlierOutcomes};
use crate::domain::{NinoText, Pence};
use crate::error::{InputError, RunError};
use crate::extract::row_batch::{as_text, text_at};
use crate::reopen::each_batch;
use crate::verify::verify;

/// The outcomes that earlier runs of a scheme validated, and which runs those were.
#[derive(Default)]
pub struct History {
    runs: Vec<String>,
    validated: EarlierOutcomes,
}

/// What is read of a validated claim. Each version of the program writes these columns.
const COLUMNS: [&str; 6] = ["claim_id", "participant_id", "nino", "outcome", "achieved_on", "payable"];

impl History {
    /// Reads the runs in these directories.
    ///
    /// # Errors
    /// A run that cannot be verified, or is of another scheme.
    pub fn read(directories: &[PathBuf], scheme: &str) -> Result<Self, RunError> {
        let mut history = Self::default();
        for directory in directories {
            let shown = directory.display().to_string();
            let account = verify(directory)?;
            if account.scheme.id != scheme {
                let problem = format!("this run is of the scheme {}, not {scheme}", account.scheme.id);
                return Err(InputError::new(shown, problem, "name runs of the same scheme with --history").into());
            }
            let validated = validated(directory).map_err(|problem| InputError::new(shown, problem, "run it again"))?;
            history.validated.add_run(&name(&account), validated);
            history.runs.push(account.fingerprint);
        }
        Ok(history)
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
    let fingerprint = account.fingerprint.get(..FINGERPRINT_LETTERS).unwrap_or(&account.fingerprint);
    format!("{} to {cut_off} ({fingerprint})", claims.join(" and "))
}

/// How many letters of a fingerprint tell runs apart.
const FINGERPRINT_LETTERS: usize = 12;

/// The claims that a run validated.
fn validated(run: &Path) -> Result<Vec<EarlierClaim>, String> {
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
    let [claim_ids, participants, ninos, outcomes, days, amounts] = COLUMNS.map(column);
    let (claim_ids, participants, ninos) = (claim_ids?, participants?, ninos?);
    let (outcomes, days, amounts) = (outcomes?, days?, amounts?);
    let claim = |row: usize| {
        Some(EarlierClaim {
            claim_id: text_at(&claim_ids, row).map(Box::from),
            participant_id: text_at(&participants, row).map(Box::from),
            person: text_at(&ninos, row).and_then(|nino| NinoText::read(nino).well_formed()).map(|nino| nino.stem()),
            outcome: text_at(&outcomes, row)?.into(),
            achieved_on: text_at(&days, row).and_then(|day| day.parse().ok()),
            payable: text_at(&amounts, row).and_then(|amount| Pence::parse(amount).ok()),
        })
    };
    Ok((0..batch.num_rows()).filter_map(claim).collect())
}

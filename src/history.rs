//! The outcomes that earlier runs validated; each run is verified before it is used.

use std::path::PathBuf;

use arrow::array::AsArray;

use crate::batch::EarlierOutcomes;
use crate::error::{InputError, RunError};
use crate::reopen::each_batch;
use crate::verify::verify;

/// The outcomes that earlier runs of a scheme validated, and which runs those were.
#[derive(Default)]
pub struct History {
    runs: Vec<String>,
    validated: EarlierOutcomes,
}

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
            history.runs.push(account.fingerprint);
            let mut validated = Vec::new();
            let failed = |problem| InputError::new(shown.clone(), problem, "run it again");
            each_batch(directory, "validated.parquet", &["participant_id", "outcome"], &mut |batch| {
                let column = |of| batch.column_by_name(of).and_then(|column| column.as_string_opt::<i32>());
                let pair = column("participant_id").zip(column("outcome"));
                let (participants, outcomes) = pair.ok_or("validated.parquet lacks a column")?;
                let pairs = participants
                    .iter()
                    .zip(outcomes.iter())
                    .filter_map(|(participant, outcome)| participant.zip(outcome));
                validated.extend(pairs.map(|(participant, outcome)| (participant.to_owned(), outcome.to_owned())));
                Ok(())
            })
            .map_err(failed)?;
            history.validated.add_run(validated);
        }
        Ok(history)
    }

    /// The fingerprints of the runs, in the order named.
    pub fn fingerprints(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().map(String::as_str)
    }

    /// What the runs validated.
    pub fn validated(&self) -> &EarlierOutcomes {
        &self.validated
    }
}

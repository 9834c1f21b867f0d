//! The outcomes that earlier runs validated; each run is verified before it is used.

use std::path::{Path, PathBuf};

use arrow::array::AsArray;

use crate::batch::EarlierOutcomes;
use crate::error::{InputError, RunError, describe_io_error};
use crate::reopen::each_batch;
use crate::verify::verify;

/// The file by which a directory is known as a run.
const ACCOUNT: &str = "run.json";

/// The outcomes that earlier runs of a scheme validated, and which runs those were.
#[derive(Default)]
pub struct History {
    runs: Vec<String>,
    validated: EarlierOutcomes,
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn put(room: &Path, name: &str) {
        let path = room.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }

    #[test]
    fn a_folder_of_runs_means_each_of_them_but_the_one_to_be_written() {
        let room = tempfile::tempdir().unwrap();
        let room = room.path();
        for name in
            ["runs/march/run.json", "runs/may/run.json", "runs/april/run.json", "june/run.json", "runs/notes.txt"]
        {
            put(room, name);
        }
        put(room, "runs/.july.sustain-1/x");
        let found = runs_in(&[room.join("june"), room.join("runs")], &room.join("june/../runs/may")).unwrap();
        assert_eq!(found, [room.join("june"), room.join("runs/april"), room.join("runs/march")]);
        let named = runs_in(&[room.join("runs/may")], &room.join("runs/may")).unwrap();
        assert_eq!(named, [room.join("runs/may")]);
    }

    #[test]
    fn a_folder_with_something_that_is_no_run_is_refused() {
        let room = tempfile::tempdir().unwrap();
        let room = room.path();
        put(room, "runs/march/run.json");
        put(room, "runs/april/validated.parquet");
        put(room, "empty/notes.txt");
        let problem = |name: &str| runs_in(&[room.join(name)], &room.join("out")).unwrap_err().to_string();
        assert!(problem("runs").ends_with("runs/april: this is no run: it has no run.json"));
        assert!(problem("empty").ends_with("empty: no run is there"));
    }
}

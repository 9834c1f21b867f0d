//! Puts lists in their place, whole or not at all. What people wrote in a list is theirs: nothing is replaced unasked.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::decide;
use crate::error::{RunError, describe_io_error};
use crate::extract::source::InputFile;
use crate::extract::table;
use crate::progress::ProgressSink;
use crate::staging::{self, Existing, Staging};

/// Writes one file.
pub(super) fn write_file(out: &Path, existing: Existing, bytes: &[u8]) -> Result<(), RunError> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| {
        RunError::Untrusted(format!("{} could not be written ({})", out.display(), describe_io_error(&error)))
    };
    if existing == Existing::Keep && out.exists() {
        return Err(RunError::choice(
            format!("{} is already there", out.display()),
            "name another file with --out, or give --replace; what people wrote in it would be lost",
        ));
    }
    if out.exists() && !is_worklist(out) {
        let problem = format!("{} is no worklist", out.display());
        return Err(RunError::choice(problem, "name another file with --out; only a worklist gives way to one"));
    }
    let mut file = tempfile::Builder::new().prefix(".worklist.sustain-").tempfile_in(parent).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match existing {
        Existing::Replace => file.persist(out).map_err(|error| failed(error.error))?,
        Existing::Keep => file.persist_noclobber(out).map_err(|error| failed(error.error))?,
    };
    staging::flush_names(parent, out)
}

/// Writes a folder of workbooks, each under its name.
pub(super) fn write_folder(
    out: &Path,
    existing: Existing,
    workbooks: &[(String, Vec<u8>)],
    progress: &dyn ProgressSink,
) -> Result<(), RunError> {
    if out.exists() && existing == Existing::Keep {
        return Err(staging::already_there(out));
    }
    if out.exists() && !holds_only_workbooks(out) {
        let problem = format!("{} holds files that are no worklists", out.display());
        return Err(RunError::choice(problem, "name another folder with --out"));
    }
    let staging = Staging::beside(out, progress)?;
    for (name, bytes) in workbooks {
        let full = |_| RunError::Untrusted(format!("{name} could not be written; is the disk full?"));
        staging.create(name)?.write_all(bytes).map_err(full)?;
    }
    staging.publish(existing)
}

/// Whether a file has the columns in which a worklist asks for decisions.
fn is_worklist(out: &Path) -> bool {
    let sniffed = InputFile::new(out.to_path_buf()).sniff();
    sniffed.is_ok_and(|file| table::read(&file, &decide::COLUMNS).is_ok())
}

fn holds_only_workbooks(out: &Path) -> bool {
    let is_workbook = |entry: std::io::Result<std::fs::DirEntry>| {
        let name = entry.map(|entry| PathBuf::from(entry.file_name())).unwrap_or_default();
        name.extension().is_some_and(|extension| extension == "xlsx")
    };
    std::fs::read_dir(out).is_ok_and(|mut entries| entries.all(is_workbook))
}

/// Refuses a place within the ledger's own folder.
pub(super) fn is_outside(ledger: &Path, out: &Path) -> Result<(), RunError> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (ledger.canonicalize(), parent.canonicalize()) {
        (Ok(ledger), Ok(parent)) if parent.starts_with(&ledger) => Err(RunError::choice(
            format!("{} is in the folder of the ledger", out.display()),
            "name a place outside it with --out",
        )),
        _ => Ok(()),
    }
}

//! Temporary files and folders of a ledger. All have names that begin with a full stop and hold `.sustain-`, as those of results that
//! are being put together; what a command that was killed left is known by it.

use std::fs;
use std::path::Path;

use tempfile::NamedTempFile;

use super::RUNS;

/// How the names of folders begin that hold the claims which a month is given by its ledger.
pub(crate) const ROOM: &str = ".month.sustain-";

/// A file that only its owner can read, and that is gone unless it is put in a place.
pub(super) fn temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".ledger.sustain-").tempfile_in(folder)
}

/// Takes away what commands that were killed left; nobody else writes meanwhile. What cannot be removed stays for the next command.
pub(super) fn sweep(folder: &Path) {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries(folder).chain(entries(&folder.join(RUNS))) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.contains(".sustain-") {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let _ = if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
        }
    }
}

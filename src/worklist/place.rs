//! Puts lists in their place, whole or not at all. What people wrote in a list is theirs: nothing is replaced unasked.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::decide;
use crate::error::RunError;
use crate::extract::source::InputFile;
use crate::extract::table;
use crate::progress::ProgressSink;
use crate::staging::{self, Existing, OneFile, Staging};

/// Writes one file.
pub(super) fn write_file(out: &Path, existing: Existing, bytes: &[u8]) -> Result<(), RunError> {
    let file = OneFile { out, option: "--out", what: "worklist", lost: "; what people wrote in it would be lost" };
    file.publish(bytes, existing, is_worklist)
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

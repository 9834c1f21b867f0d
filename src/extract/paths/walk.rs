//! Walks a folder: every entry is a file to be read, is left out by name, or ends the run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Found, partition, stray, table_format};
use crate::account::LeftOut;
use crate::error::{InputError, describe_io_error};
use crate::files::NotAFile;
use crate::store::is_store;

/// What a walk found.
pub(super) struct Walk {
    /// The folder that names are shown from.
    root: PathBuf,
    /// The folders that the walk is in, without links, so that a link back to one of them is seen.
    open: Vec<PathBuf>,
    /// How many of those have a name that begins with `_` or `.`.
    hidden: usize,
    pub(super) files: Vec<(PathBuf, Found)>,
    pub(super) left_out: Vec<LeftOut>,
}

impl Walk {
    /// A walk through what stands under a folder.
    ///
    /// # Errors
    /// The folder is part of a table whose old files hold withdrawn rows.
    pub(super) fn under(root: &Path) -> Result<Self, InputError> {
        table_format::refuse_parts(root)?;
        Ok(Self { root: root.to_path_buf(), open: Vec::new(), hidden: 0, files: Vec::new(), left_out: Vec::new() })
    }

    /// Everything in a folder, in the order of names.
    ///
    /// # Errors
    /// Something there cannot be read, or is refused.
    pub(super) fn folder(&mut self, folder: &Path) -> Result<(), InputError> {
        partition::no_personal_data(folder)?;
        let cannot = |error: io::Error| unreadable(folder, &error);
        let real = fs::canonicalize(folder).map_err(cannot)?;
        if self.open.contains(&real) {
            self.leave_out(folder, "it is a link to a folder that it stands in");
            return Ok(());
        }
        table_format::refuse(folder)?;
        if is_store(folder) {
            let hint = "name the store itself, and not a folder above it";
            return Err(InputError::new(folder.display().to_string(), "this folder is a prepared store", hint));
        }
        let mut entries: Vec<PathBuf> = fs::read_dir(folder)
            .map_err(cannot)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()
            .map_err(cannot)?;
        entries.sort();
        self.open.push(real);
        for entry in entries {
            self.entry(&entry)?;
        }
        self.open.pop();
        Ok(())
    }

    /// One match of a glob. The folders that the glob passed through on its way count as folders that the walk is in.
    ///
    /// # Errors
    /// It cannot be read, or is refused.
    pub(super) fn matched(&mut self, path: &Path) -> Result<(), InputError> {
        let above = path.strip_prefix(&self.root).unwrap_or(path).parent();
        let hidden = above.map_or(0, |above| above.iter().filter(|part| stray::is_hidden(Path::new(part))).count());
        self.hidden += hidden;
        let done = self.entry(path);
        self.hidden -= hidden;
        done
    }

    /// One entry of a folder.
    ///
    /// # Errors
    /// It cannot be read, or is refused.
    fn entry(&mut self, path: &Path) -> Result<(), InputError> {
        let is_hidden = stray::is_hidden(path);
        self.hidden += usize::from(is_hidden);
        let done = self.entry_of_any_name(path);
        self.hidden -= usize::from(is_hidden);
        done
    }

    fn entry_of_any_name(&mut self, path: &Path) -> Result<(), InputError> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            // Editors mark the files they have open with links that lead nowhere.
            Err(error) if error.kind() == io::ErrorKind::NotFound && 0 < self.hidden => {
                self.leave_out(path, "it is a link that leads to nothing");
                return Ok(());
            }
            Err(error) => return Err(unreadable(path, &error)),
        };
        if metadata.is_dir() {
            return self.folder(path);
        }
        if let Some(found) = NotAFile::of_kind(metadata.file_type()) {
            // Programs keep pipes and sockets beside their files under names that begin with a dot.
            if 0 < self.hidden {
                self.leave_out(path, "it is neither a file nor a folder");
                return Ok(());
            }
            return Err(InputError::new(path.display().to_string(), found.to_string(), NotAFile::HINT));
        }
        if let Some(reason) = stray::by_name(path, metadata.len()) {
            self.leave_out(path, reason);
            return Ok(());
        }
        let name = self.shown(path);
        let found = if self.hidden == 0 { Found::Under(name) } else { Found::Hidden(name) };
        self.files.push((path.to_path_buf(), found));
        Ok(())
    }

    fn leave_out(&mut self, path: &Path, reason: &str) {
        self.left_out.push(LeftOut { file: self.shown(path), reason: reason.to_owned() });
    }

    /// How the account names what stands under the root: without the root, which is a place on one machine.
    fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        below.display().to_string()
    }
}

/// The error of a file or folder that cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> InputError {
    let shown = path.display().to_string();
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    let (problem, hint) = match (error.kind() == io::ErrorKind::NotFound, is_link) {
        (true, true) => {
            ("this link leads to nothing".to_owned(), "put what it is to lead to in its place, or remove it")
        }
        (true, false) => ("there is no such file or folder".to_owned(), "check the path"),
        (false, _) => (
            format!("it could not be read ({})", describe_io_error(error)),
            "check that it may be read, or name the files that are to be read",
        ),
    };
    InputError::new(shown, problem, hint)
}

//! Publishes a result all or nothing: it is written beside its final place, flushed to disk, and renamed into it.

mod link;
mod one_file;
mod sweep;
mod text;
mod turn;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::account::OutputAccount;
use crate::error::{RunError, describe_io_error};
use crate::files;
use crate::hash::hash_of;
use crate::interrupt::{Watched, publishing};
use crate::progress::ProgressSink;
pub use link::place_of;
pub use one_file::OneFile;
pub use text::{are_whole, write_pieces, write_text};
pub use turn::turn;

/// A directory that is being written. It is removed if it is dropped before it is published, or if a signal stops the program.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    /// The staging directory of this run until it is published: the lock, and the result in `result/`.
    room: Watched<PathBuf>,
    /// The lock, held while the run lives, so that a later run can tell a live run from what a killed one left.
    _lock: File,
}

/// What to do with a result that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Leave it and refuse.
    Keep,
    /// Put the new result in its place, in one step.
    Replace,
}

impl Staging {
    /// Makes a staging directory beside the target, and removes those that killed runs of the same target left behind. Another run
    /// that does so in the same folder is waited for.
    ///
    /// # Errors
    /// The parent folder of the target cannot be made or written, or stays locked; the target is a symbolic link, which [`place_of`]
    /// follows.
    pub fn beside(target: &Path, progress: &dyn ProgressSink) -> Result<Self, RunError> {
        let cannot = |error: io::Error| cannot_write(target, &error);
        link::refuse_link(target)?;
        let parent = parent_of(target);
        fs::create_dir_all(parent).map_err(cannot)?;
        // While this lock is held, no other run of this program makes or sweeps staging directories here, so one whose
        // own lock nobody holds was left by a killed run.
        let _turn = turn(parent, target, progress)?;
        sweep::sweep(target, progress);
        let make = || {
            let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            let made = tempfile::Builder::new().prefix(&prefix(target)).permissions(owner_only).tempdir_in(parent);
            made.map(tempfile::TempDir::keep)
        };
        let room = Watched::make(make).map_err(cannot)?;
        let lock = furnish(room.path()).map_err(|error| {
            drop(fs::remove_dir_all(room.path()));
            cannot(error)
        })?;
        Ok(Self { target: target.to_path_buf(), room, _lock: lock })
    }

    /// Removes the staging directories that killed runs of a target left behind, unless another run is at it. What cannot be removed
    /// is noted.
    pub fn sweep(target: &Path, progress: &dyn ProgressSink) {
        sweep::sweep_if_free(target, progress);
    }

    /// The path of a file of the result.
    pub fn path(&self, name: &str) -> PathBuf {
        self.room.path().join(RESULT).join(name)
    }

    /// The account of a file of the result, with its bytes hashed as they read back.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn account_of(&self, name: &str, rows: u64) -> Result<OutputAccount, RunError> {
        let (bytes, blake3) = hash_of(&self.path(name))?;
        Ok(OutputAccount { name: name.to_owned(), rows, bytes, blake3 })
    }

    /// Makes a folder of the result that only its owner can open.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn folder(&self, name: &str) -> Result<(), RunError> {
        let made = DirBuilder::new().mode(0o700).create(self.path(name));
        made.map_err(|error| cannot_write(&self.target, &error))
    }

    /// Makes a folder for temporary files of the run, which are not part of the result.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn room(&self, name: &str) -> Result<PathBuf, RunError> {
        let room = self.room.path().join(name);
        DirBuilder::new().mode(0o700).create(&room).map_err(|error| cannot_write(&self.target, &error))?;
        Ok(room)
    }

    /// The folder for files of the run that have no name and are gone with it.
    pub fn folder_of_temporary_files(&self) -> &Path {
        self.room.path()
    }

    /// Makes a file of the result that only its owner can read.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(&self, name: &str) -> Result<File, RunError> {
        private(&self.path(name)).map_err(|error| cannot_write(&self.target, &error))
    }

    /// Flushes everything to disk and puts the result in its place in one rename, for which a signal waits.
    ///
    /// # Errors
    /// The result cannot be written to disk, or one is there that is not to be replaced; the target is unchanged then. Or the disk does
    /// not confirm the rename, which is told as an error after publishing.
    pub fn publish(self, existing: Existing) -> Result<(), RunError> {
        let cannot = |error: io::Error| cannot_write(&self.target, &error);
        let result = self.room.path().join(RESULT);
        flush(&result).map_err(cannot)?;
        publishing(&self.target, || self.rename(&result, existing))?;
        flush_names(parent_of(&self.target), &self.target)
    }

    fn rename(&self, result: &Path, existing: Existing) -> Result<(), RunError> {
        let rename = |flags| renameat_with(CWD, result, CWD, &self.target, flags);
        let renamed = rename(RenameFlags::NOREPLACE);
        match (renamed, existing) {
            (Ok(()), _) => Ok(()),
            (Err(rustix::io::Errno::EXIST | rustix::io::Errno::NOTEMPTY), Existing::Keep) => {
                Err(already_there(&self.target))
            }
            // The two are exchanged in one step: a reader sees the old result or the new one, never none.
            (Err(rustix::io::Errno::EXIST | rustix::io::Errno::NOTEMPTY), Existing::Replace) => {
                rename(RenameFlags::EXCHANGE).map_err(|error| cannot_write(&self.target, &error.into()))
            }
            (Err(error), _) => Err(cannot_write(&self.target, &error.into())),
        }
    }
}

impl Drop for Staging {
    /// Removes the staging directory: after publishing it holds the lock and, where one was replaced, the old result.
    fn drop(&mut self) {
        // The lock is removed last, so that what a killed run leaves can be recognised. A failure here cannot be
        // handled; the next run removes what is left.
        drop(fs::remove_dir_all(self.room.path().join(RESULT)));
        drop(fs::remove_dir_all(self.room.path()));
    }
}

const LOCK: &str = "lock";
const RESULT: &str = "result";

/// The error of a result directory that is already there.
pub fn already_there(target: &Path) -> RunError {
    RunError::choice(
        format!("{} is already there", target.display()),
        "name another directory with --out, or give --replace to put the new result in its place",
    )
}

/// Refuses to replace a folder that holds anything but these files: what people put there is theirs.
///
/// # Errors
/// It holds something else.
pub fn only_holds(target: &Path, names: &[&str]) -> Result<(), RunError> {
    let entries = fs::read_dir(target).map_err(|error| cannot_write(target, &error))?;
    let is_own = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| names.iter().any(|name| entry.file_name().to_string_lossy() == **name))
    };
    if entries.into_iter().all(is_own) {
        return Ok(());
    }
    Err(RunError::choice(
        format!("{} holds files that were not written there", target.display()),
        "move them away, or name another directory with --out",
    ))
}

fn cannot_write(target: &Path, error: &io::Error) -> RunError {
    RunError::Untrusted(format!("{} could not be written ({})", target.display(), describe_io_error(error)))
}

fn parent_of(target: &Path) -> &Path {
    target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn prefix(target: &Path) -> String {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!(".{name}.sustain-")
}

/// Flushes the names in a folder to disk, after something was published in it.
///
/// # Errors
/// The disk does not confirm them: what was published is there, and may be gone after a crash of the machine.
pub fn flush_names(folder: &Path, published: &Path) -> Result<(), RunError> {
    files::open_folder(folder).and_then(|folder| folder.sync_all()).map_err(|error| {
        let shown = published.display();
        RunError::AfterPublishing(format!(
            "{shown} was published, but the disk did not confirm that its name is saved ({})",
            describe_io_error(&error)
        ))
    })
}

/// Flushes a folder and everything in it to disk.
fn flush(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { flush(&path)? } else { files::open(&path)?.sync_all()? }
    }
    files::open_folder(folder)?.sync_all()
}

/// Puts the lock of a run, which is held from then on, and an empty result into its staging directory.
fn furnish(room: &Path) -> io::Result<File> {
    let lock = private(&room.join(LOCK))?;
    lock.lock()?;
    DirBuilder::new().mode(0o700).create(room.join(RESULT))?;
    Ok(lock)
}

/// Makes a file that only its owner can read, where there is none.
///
/// # Errors
/// It cannot be made, or something is there.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

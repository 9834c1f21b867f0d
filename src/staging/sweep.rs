//! Removes the staging directories that killed runs left. It never waits, and never ends a run: what it cannot remove it notes.

use std::ffi::OsStr;
use std::fs::{self, TryLockError};
use std::io;
use std::path::Path;

use super::turn::free_turn;
use super::{LOCK, parent_of, prefix};
use crate::error::describe_io_error;
use crate::files;
use crate::progress::ProgressSink;

/// Removes the staging directories that killed runs of a target left behind, unless another run is at it.
pub(super) fn sweep_if_free(target: &Path, progress: &dyn ProgressSink) {
    match free_turn(parent_of(target)) {
        Ok(Some(_turn)) => sweep(target, progress),
        Ok(None) => {}
        Err(error) => not_swept(target, &error, progress),
    }
}

/// Removes staging directories of the same target whose run no longer lives: their lock is free. The folder they are in is locked
/// meanwhile.
pub(super) fn sweep(target: &Path, progress: &dyn ProgressSink) {
    let entries = match fs::read_dir(parent_of(target)) {
        Ok(entries) => entries,
        Err(error) => return not_swept(target, &error, progress),
    };
    let prefix = prefix(target);
    for entry in entries.filter_map(Result::ok) {
        if !has_prefix(&entry.file_name(), &prefix) {
            continue;
        }
        let path = entry.path();
        let swept = match entry.file_type() {
            Ok(kind) if kind.is_dir() => remove_if_abandoned(&path),
            Ok(_) => Err("it is no folder that a run made".to_owned()),
            Err(error) => Err(describe_io_error(&error)),
        };
        if let Err(why) = swept {
            progress.note(&format!(
                "{} was left where it is ({why}); if it is what a killed run left, it may hold personal data: remove it by hand",
                path.display()
            ));
        }
    }
}

fn not_swept(target: &Path, error: &io::Error, progress: &dyn ProgressSink) {
    progress.note(&format!(
        "what killed runs may have left beside {} could not be looked for ({})",
        target.display(),
        describe_io_error(error)
    ));
}

fn has_prefix(name: &OsStr, prefix: &str) -> bool {
    name.to_string_lossy().starts_with(prefix)
}

/// Removes a staging directory unless its run lives; why it cannot be, where that is so.
fn remove_if_abandoned(room: &Path) -> Result<(), String> {
    let lock = files::open_folder_itself(room).and_then(|room| files::open_in(&room, LOCK));
    match lock.map(|lock| lock.try_lock()) {
        Ok(Err(TryLockError::WouldBlock)) => return Ok(()),
        // A run that was killed while it cleaned up had removed its lock already.
        Ok(Ok(())) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Ok(Err(TryLockError::Error(error))) | Err(error) => return Err(describe_io_error(&error)),
    }
    match fs::remove_dir_all(room) {
        // Its own run may be removing it at the same time.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(describe_io_error(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

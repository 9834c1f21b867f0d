//! Waits for other runs of the program that write in the same folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::cannot_write;
use crate::error::RunError;
use crate::files;
use crate::progress::ProgressSink;

/// How long a lock is waited for between two looks at it.
const LOOK: Duration = Duration::from_millis(50);
/// After how many looks it is said that the run waits.
const LOOKS_UNSAID: u32 = 20;
/// After how many looks the run gives up: a minute.
const MOST_LOOKS: u32 = 1_200;

/// Locks a folder. While the lock is held, no other run of this program makes or sweeps staging directories in it.
///
/// # Errors
/// The folder cannot be opened or locked, or another process has held the lock for a minute.
pub fn turn(folder: &Path, target: &Path, progress: &dyn ProgressSink) -> Result<File, RunError> {
    let lock = files::open_folder(folder).map_err(|error| cannot_write(target, &error))?;
    wait_for(lock, target, MOST_LOOKS, progress)
}

/// Locks a folder if no other run holds its lock.
pub(super) fn free_turn(folder: &Path) -> io::Result<Option<File>> {
    let lock = files::open_folder(folder)?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn wait_for(lock: File, target: &Path, most_looks: u32, progress: &dyn ProgressSink) -> Result<File, RunError> {
    for look in 0..most_looks {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::Error(error)) => return Err(cannot_write(target, &error)),
            Err(TryLockError::WouldBlock) => {}
        }
        if look == LOOKS_UNSAID {
            progress.note(&format!("waiting for another run of sustain that writes beside {} ...", target.display()));
        }
        std::thread::sleep(LOOK);
    }
    let waited = (LOOK * most_looks).as_secs();
    Err(RunError::choice(
        format!(
            "another process has held the lock on the folder of {} for {waited} seconds; nothing was published",
            target.display()
        ),
        "run again once the other run has ended, or end it if it hangs (fuser -v FOLDER shows it), or name a directory in another \
         folder with --out",
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Notes(Mutex<Vec<String>>);

    impl ProgressSink for Notes {
        fn step(&self, _: &'static str, _: Option<u64>) {}

        fn advance(&self, _: u64) {}

        fn note(&self, text: &str) {
            self.0.lock().unwrap().push(text.to_owned());
        }
    }

    #[test]
    fn a_lock_that_another_run_holds_is_waited_for_with_a_note_and_then_refused() {
        let room = tempfile::tempdir().unwrap();
        let held = files::open_folder(room.path()).unwrap();
        held.lock().unwrap();
        let notes = Notes::default();
        let own = files::open_folder(room.path()).unwrap();
        let refused = wait_for(own, Path::new("here/out"), LOOKS_UNSAID + 4, &notes).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "another process has held the lock on the folder of here/out for 1 seconds; nothing was published"
        );
        assert!(refused.hint().contains("fuser -v FOLDER"));
        assert_eq!(*notes.0.lock().unwrap(), ["waiting for another run of sustain that writes beside here/out ..."]);
        assert!(free_turn(room.path()).unwrap().is_none());
        drop(held);
        assert!(turn(room.path(), Path::new("here/out"), &notes).is_ok());
        assert_eq!(notes.0.lock().unwrap().len(), 1);
    }
}

//! What a signal leaves behind where it stops the program: what was published, and nothing else.
//!
//! Every place that is written and not yet published is known here from the moment it is made. One lock is held while a place is
//! made, while a result is put in its place, and for ever once the program is being stopped: so a result is published before a
//! signal is acted on, or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::describe_io_error;

static KNOWN: Mutex<Known> = Mutex::new(Known { unpublished: BTreeMap::new(), made: 0, published: Vec::new() });

struct Known {
    unpublished: BTreeMap<u64, PathBuf>,
    /// How many places were made so far.
    made: u64,
    published: Vec<PathBuf>,
}

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder that is removed if a signal stops the program while this lives.
#[derive(Debug)]
pub struct Watched<T> {
    /// Dropped first: a folder that removes itself is watched until it has.
    place: T,
    entry: Entry,
}

#[derive(Debug)]
struct Entry(u64);

impl<T: AsRef<Path>> Watched<T> {
    /// Makes a folder. No signal is acted on between its making and its being known.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(make: impl FnOnce() -> io::Result<T>) -> io::Result<Self> {
        let mut known = known();
        let place = make()?;
        known.made += 1;
        let number = known.made;
        known.unpublished.insert(number, place.as_ref().to_owned());
        Ok(Self { place, entry: Entry(number) })
    }

    /// Makes what lies there lasting by work that records it; a signal waits until it is recorded, or could not be.
    ///
    /// # Errors
    /// Those of the work itself; the folder is still one that is to be removed then.
    pub fn record<R, E>(self, work: impl FnOnce() -> Result<R, E>) -> Result<R, E> {
        let mut known = known();
        let done = work()?;
        known.unpublished.remove(&self.entry.0);
        known.published.push(self.path().to_owned());
        Ok(done)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.place.as_ref()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        known().unpublished.remove(&self.0);
    }
}

/// Puts something in its place; a signal waits until it is there, or could not be put there.
///
/// # Errors
/// Those of the work itself.
pub fn publishing<T, E>(place: &Path, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let mut known = known();
    let done = work()?;
    known.published.push(place.to_owned());
    Ok(done)
}

/// What stopping the program found and left.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stopped {
    /// What had been published.
    pub published: Vec<PathBuf>,
    /// What could not be removed, and why.
    pub left: Vec<(PathBuf, String)>,
}

/// Removes all that is written and not published. From then on nothing is made or published any more: whoever tries to waits, and
/// so does [`settle`], until the program has ended.
pub fn stop() -> Stopped {
    let known = known();
    let unpublished: Vec<PathBuf> = known.unpublished.values().cloned().collect();
    let is_lasting = |place: &&PathBuf| !unpublished.iter().any(|room| place.starts_with(room));
    let published = known.published.iter().filter(is_lasting).cloned().collect();
    // The lock is never given back.
    std::mem::forget(known);
    let left = unpublished.into_iter().filter_map(|place| Some((remove(&place)?, place)));
    Stopped { published, left: left.map(|(why, place)| (place, why)).collect() }
}

/// Waits for the end of the program if it is being stopped: what follows would tell of a run that failed because its files were
/// taken away.
pub fn settle() {
    drop(known());
}

/// How often removing a folder is tried.
const TRIES: u32 = 100;
/// How long the run has between two tries to notice that its folders are gone.
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// Removes a folder into which the run may still be writing; why it could not be removed, if so.
fn remove(folder: &Path) -> Option<String> {
    let mut why = None;
    for _ in 0..TRIES {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => why = Some(describe_io_error(&error)),
            Ok(()) | Err(_) if !folder.exists() => return None,
            Ok(()) | Err(_) => {}
        }
        std::thread::sleep(BETWEEN_TRIES);
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_into_which_files_are_still_written_is_removed() {
        let room = tempfile::tempdir().unwrap();
        let folder = room.path().join("busy");
        fs::create_dir(&folder).unwrap();
        let busy = folder.clone();
        let writing = std::thread::spawn(move || {
            (0..100_000).take_while(|number| fs::write(busy.join(format!("{number}")), "x").is_ok()).count()
        });
        while fs::read_dir(&folder).unwrap().next().is_none() {}
        assert_eq!(remove(&folder), None);
        assert!(!folder.exists());
        assert!(0 < writing.join().unwrap());
    }

    #[test]
    fn what_is_not_there_any_more_needs_no_removing() {
        assert_eq!(remove(Path::new("/nowhere/at/all")), None);
    }
}

//! Publishes a single file: it appears whole or not at all, and only one of its own kind gives way to it.

use std::io::{self, Write as _};
use std::path::Path;

use super::{Existing, cannot_write, flush_names, parent_of};
use crate::error::RunError;

/// A single file that is published.
#[derive(Debug, Clone, Copy)]
pub struct OneFile<'a> {
    /// Where it goes.
    pub out: &'a Path,
    /// The option that names the place.
    pub option: &'static str,
    /// What it is, such as `worklist`.
    pub what: &'static str,
    /// What is said of a file that would give way; empty where there is nothing to say.
    pub lost: &'static str,
}

impl OneFile<'_> {
    /// Writes the file. One that is there gives way where it is asked for and `is_of_its_kind`.
    ///
    /// # Errors
    /// Something is in the place that does not give way, or the file cannot be written.
    pub fn publish(
        &self,
        bytes: &[u8],
        existing: Existing,
        is_of_its_kind: impl FnOnce(&Path) -> bool,
    ) -> Result<(), RunError> {
        let Self { out, option, what, lost } = *self;
        let failed = |error: &io::Error| cannot_write(out, error);
        if existing == Existing::Keep && out.exists() {
            return Err(RunError::choice(
                format!("{} is already there", out.display()),
                format!("name another file with {option}, or give --replace{lost}"),
            ));
        }
        if out.exists() && !is_of_its_kind(out) {
            return Err(RunError::choice(
                format!("{} is no {what}", out.display()),
                format!("name another file with {option}; only a {what} gives way to one"),
            ));
        }
        let prefix = format!(".{what}.sustain-").replace(' ', "-");
        let parent = parent_of(out);
        let mut file = tempfile::Builder::new().prefix(&prefix).tempfile_in(parent).map_err(|error| failed(&error))?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| failed(&error))?;
        match existing {
            Existing::Replace => file.persist(out),
            Existing::Keep => file.persist_noclobber(out),
        }
        .map_err(|error| failed(&error.error))?;
        flush_names(parent, out)
    }
}

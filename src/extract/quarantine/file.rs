//! The file without a name that quarantined rows are written to.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::count_of;
use crate::error::{RunError, describe_io_error};

/// The file that the rows are written to. It has no name, so that nothing is left of it when the run ends in whatever way, and
/// is made only when there are many rows.
pub struct QuarantineFile {
    folder: PathBuf,
    file: Mutex<Option<(Arc<File>, u64)>>,
}

impl QuarantineFile {
    /// A file in this folder.
    pub fn in_folder(folder: PathBuf) -> Arc<Self> {
        Arc::new(Self { folder, file: Mutex::new(None) })
    }

    /// Appends bytes and answers where they are.
    pub(super) fn append(&self, bytes: &[u8]) -> Result<Piece, RunError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, length) = match &mut *file {
            Some(open) => open,
            none => none.insert((Arc::new(tempfile::tempfile_in(&self.folder).map_err(|error| failed(&error))?), 0)),
        };
        file.write_all_at(bytes, *length).map_err(|error| failed(&error))?;
        let begin = *length;
        *length += count_of(bytes.len());
        Ok(Piece { file: Arc::clone(file), begin, length: bytes.len() })
    }
}

/// A piece of the file.
pub(super) struct Piece {
    file: Arc<File>,
    begin: u64,
    length: usize,
}

impl Piece {
    /// The bytes of the piece, read again.
    ///
    /// # Errors
    /// The disk does not give them.
    pub(super) fn read(&self) -> Result<Vec<u8>, RunError> {
        let mut bytes = vec![0; self.length];
        self.file.read_exact_at(&mut bytes, self.begin).map(|()| bytes).map_err(|error| failed(&error))
    }
}

fn failed(error: &std::io::Error) -> RunError {
    RunError::Untrusted(format!("rows that could not be read could not be kept ({})", describe_io_error(error)))
}

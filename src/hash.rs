//! Hashes of files as they lie on disk.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::error::{RunError, describe_io_error};
use crate::files;

/// The size and BLAKE3 hash of a file.
///
/// # Errors
/// It cannot be read.
pub fn hash_of(path: &Path) -> Result<(u64, String), RunError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let failed = |error: std::io::Error| {
        RunError::Untrusted(format!("{name} could not be read back ({})", describe_io_error(&error)))
    };
    files::open(path).and_then(hash_of_file).map_err(failed)
}

/// The size and BLAKE3 hash of what remains of an open file.
///
/// # Errors
/// It cannot be read.
pub fn hash_of_file(mut file: File) -> std::io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    let mut chunk = vec![0_u8; 1 << 20];
    let mut bytes = 0_u64;
    loop {
        let length = match file.read(&mut chunk) {
            // A file server may let a signal cut in before it has read anything.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read?,
        };
        if length == 0 {
            return Ok((bytes, hasher.finalize().to_hex().to_string()));
        }
        hasher.update(chunk.get(..length).unwrap_or_default());
        bytes += u64::try_from(length).unwrap_or(u64::MAX);
    }
}

//! Writes the text files of a result piece by piece, and hashes what it reads back.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::Staging;
use crate::account::OutputAccount;
use crate::error::RunError;
use crate::hash::hash_of;

/// Writes a file that is not a table and returns its account.
///
/// # Errors
/// The file cannot be written.
pub fn write_text(staging: &Staging, name: &str, text: &str) -> Result<OutputAccount, RunError> {
    write_pieces(staging, name, [text])
}

/// Writes a file that is not a table piece by piece and returns its account.
///
/// # Errors
/// The file cannot be written.
pub fn write_pieces<'a>(
    staging: &Staging,
    name: &str,
    pieces: impl IntoIterator<Item = &'a str>,
) -> Result<OutputAccount, RunError> {
    write(staging, name, pieces)?;
    staging.account_of(name, 1)
}

fn write<'a>(staging: &Staging, name: &str, pieces: impl IntoIterator<Item = &'a str>) -> Result<(), RunError> {
    let failed = |_| RunError::Untrusted(format!("{name} could not be written; is the disk full?"));
    let mut file = BufWriter::new(staging.create(name)?);
    pieces.into_iter().try_for_each(|piece| file.write_all(piece.as_bytes())).map_err(failed)?;
    file.flush().map_err(failed)
}

/// Whether the files of a folder are the ones that were written.
pub fn are_whole(folder: &Path, outputs: &[OutputAccount]) -> bool {
    outputs.iter().all(|output| hash_of(&folder.join(&output.name)).is_ok_and(|(_, hash)| hash == output.blake3))
}

//! Archives that unpack to more than they say, or to more than is read.

use std::fs::File;
use std::io::{self, BufReader, Read};

use zip::ZipArchive;

use crate::error::InputError;
use crate::extract::source::InputFile;

/// The most parts that a workbook may have.
const MOST_PARTS: usize = 10_000;
/// The most bytes that its parts may unpack to.
const MOST_BYTES: u64 = 2 << 30;

/// Checks that an archive is whole and unpacks to no more than is read: every part is unpacked once, and nothing of it
/// kept.
pub(super) fn checked(source: &InputFile, file: BufReader<File>) -> Result<(), InputError> {
    let mut archive = ZipArchive::new(file).map_err(|_| damaged(source))?;
    if archive.len() > MOST_PARTS {
        return Err(too_large(source));
    }
    let mut left = MOST_BYTES;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(|_| damaged(source))?;
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|_| damaged(source))?;
        left = left.checked_sub(unpacked).ok_or_else(|| too_large(source))?;
    }
    Ok(())
}

fn too_large(source: &InputFile) -> InputError {
    source.error("the workbook unpacks to more than two gibibytes", "export the sheet as CSV UTF-8")
}

pub(super) fn damaged(source: &InputFile) -> InputError {
    source.error(
        "the workbook is damaged, or is no Excel or OpenDocument workbook",
        "open it in a spreadsheet and save it again, without a password, or save the sheet as CSV UTF-8",
    )
}

//! How many rows a file may have, and how many of them one person.

use crate::error::InputError;
use crate::extract::source::Sniffed;

/// The most rows one file may have: row numbers are counted in 32 bits.
const MOST_ROWS: u64 = u32::MAX as u64;

/// Refuses a file of more rows.
///
/// # Errors
/// It has more.
pub(super) fn too_many_rows(sniffed: &Sniffed, rows: u64) -> Result<(), InputError> {
    if rows < MOST_ROWS {
        return Ok(());
    }
    Err(sniffed.source.error("the file has more than four thousand million rows", "split the file"))
}

/// The most payments that one person has: paid weekly by ten employers, somebody would have them after a thousand years.
pub const MOST_PAYMENTS_OF_ONE: u32 = 500_000;

/// The error of a file in which one number has more payments than any person: it is the number of many, or of nobody.
pub fn too_many_of_one(sniffed: &Sniffed) -> InputError {
    let problem = format!("more than {MOST_PAYMENTS_OF_ONE} payments have one National Insurance number");
    sniffed
        .source
        .error(problem, "no person has so many; mend the extract, in which one number may stand for many people")
}

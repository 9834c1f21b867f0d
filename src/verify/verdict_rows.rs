//! The flat table of verdicts has a row for each claim and reason, and one for each claim without a reason.

use ::csv::{ByteRecord, Reader};

use crate::account::RunAccount;
use crate::sealed::OpenFolder;
use crate::tables::verdict_files::{VERDICTS_CSV, VERDICTS_XLSX};

/// Proves it from the files of a run, where they are among its outputs.
///
/// # Errors
/// The account or the file has another number of rows, or the file cannot be read.
pub(super) fn are_of_claims_and_reasons(run: &OpenFolder, account: &RunAccount, expected: u64) -> Result<(), String> {
    for table in account.outputs.iter().filter(|output| [VERDICTS_CSV, VERDICTS_XLSX].contains(&output.name.as_str())) {
        if table.rows != expected {
            return Err(format!("{} has no row for each claim and reason", table.name));
        }
        if table.name == VERDICTS_CSV && rows_of(run)? != expected {
            return Err(format!("{VERDICTS_CSV} has other rows than the account says"));
        }
    }
    Ok(())
}

fn rows_of(run: &OpenFolder) -> Result<u64, String> {
    let mut reader = Reader::from_reader(run.file(VERDICTS_CSV)?);
    let (mut row, mut rows) = (ByteRecord::new(), 0);
    while reader.read_byte_record(&mut row).map_err(|_| format!("{VERDICTS_CSV} is damaged"))? {
        rows += 1;
    }
    Ok(rows)
}

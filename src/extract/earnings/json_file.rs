//! A file of JSON.

use super::gather::Gatherer;
use super::{Look, UnitAccount, row_number, too_many};
use crate::domain::Payment;
use crate::error::RunError;
use crate::extract::Quarantined;
use crate::extract::json::{self, JsonRow, NotAPayment};
use crate::extract::source::Surveyed;

/// Reads a whole file.
pub(super) fn read(file: u32, surveyed: &Surveyed, look: &mut dyn Look) -> Result<UnitAccount, RunError> {
    let mut gatherer = Gatherer::new(file, Payment::COLUMNS.iter().map(|column| 1 + column.also.len()));
    let mut account = UnitAccount { file, ..UnitAccount::default() };
    json::read(surveyed, &mut |line, item| {
        account.rows += 1;
        let row = row_number(account.rows);
        match item {
            Ok(JsonRow { cells, raw }) => {
                let cell = |column: usize, name: usize| cells.get(column)?.get(name)?.as_deref();
                let first = |column: usize| cells.get(column)?.iter().flatten().find(|text| !text.trim().is_empty());
                if look.wants(&|column| first(column).map(String::as_bytes).unwrap_or_default()) {
                    gatherer.add((row, line), &raw, cell, look)?;
                }
            }
            Err(NotAPayment { reason, raw }) => {
                let raw = raw.into_bytes();
                account.quarantined.push(Quarantined { file, row, line: Some(line), reason: reason.into(), raw });
            }
        }
        Ok(())
    })?;
    gatherer.hand_on(look)?;
    too_many(surveyed, account.rows)?;
    Ok(account)
}

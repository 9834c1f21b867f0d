//! A split of a JSON file: a byte range of JSON Lines, or the whole file.
//!
//! A line break cannot stand inside a JSON value, so a file of JSON Lines can be split at any line.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use super::cut::{BLOCK_BYTES, Stretch, stretches};
use super::gather::Gatherer;
use super::{Look, UnitAccount, row_number};
use crate::domain::Payment;
use crate::error::{InputError, RunError};
use crate::extract::Quarantined;
use crate::extract::json::{self, NotAPayment};
use crate::extract::source::Surveyed;

/// A split of a JSON file.
#[derive(Debug, Clone)]
pub(super) struct JsonBlock {
    file: u32,
    surveyed: Arc<Surveyed>,
    pub(super) stretch: Stretch,
}

/// Divides a file into splits; a file that is not JSON Lines is one split.
///
/// # Errors
/// The file cannot be read.
pub(super) fn blocks(file: u32, surveyed: &Surveyed) -> Result<Vec<JsonBlock>, InputError> {
    blocks_of(file, surveyed, BLOCK_BYTES)
}

/// As [`blocks`], with splits of another size.
pub(super) fn blocks_of(file: u32, surveyed: &Surveyed, block_bytes: u64) -> Result<Vec<JsonBlock>, InputError> {
    let can_be_cut = block_bytes < surveyed.bytes && json::is_lines(surveyed)?;
    let stretches = stretches(surveyed, can_be_cut.then_some(0), block_bytes)?;
    let surveyed = Arc::new(surveyed.clone());
    Ok(stretches.into_iter().map(|stretch| JsonBlock { file, surveyed: Arc::clone(&surveyed), stretch }).collect())
}

impl JsonBlock {
    /// Reads the split. Rows and lines are counted from its beginning.
    pub(super) fn read(&self, look: &mut dyn Look) -> Result<UnitAccount, RunError> {
        if self.stretch.begin == 0 {
            return self.read_text(self.surveyed.text()?.take(self.stretch.end), false, look);
        }
        let unreadable = |error: std::io::Error| self.surveyed.source.unreadable(&error);
        let mut file = File::open(&self.surveyed.source.path).map_err(unreadable)?;
        file.seek(SeekFrom::Start(self.stretch.begin)).map_err(unreadable)?;
        self.read_text(file.take(self.stretch.end - self.stretch.begin), true, look)
    }

    fn read_text(&self, text: impl Read, is_lines: bool, look: &mut dyn Look) -> Result<UnitAccount, RunError> {
        let file = self.file;
        let mut gatherer = Gatherer::new(file, Payment::COLUMNS.iter().map(|column| 1 + column.also.len()));
        let mut account = UnitAccount { file, ..UnitAccount::default() };
        let lines = json::read(&self.surveyed, text, is_lines, &mut |line, item| {
            account.rows += 1;
            let row = row_number(account.rows);
            match item {
                Ok(payment) => {
                    let cell = |column: usize, name: usize| payment.cells(column).get(name)?.as_deref();
                    let first =
                        |column: usize| payment.cells(column).iter().flatten().find(|text| !text.trim().is_empty());
                    if look.wants(&|column| first(column).map(|text| text.as_bytes()).unwrap_or_default()) {
                        gatherer.add((row, line), payment.raw, cell, look)?;
                    }
                }
                Err(NotAPayment { reason, raw }) => {
                    let raw = Cow::into_owned(raw).into_bytes();
                    account.quarantined.push(Quarantined { file, row, line: Some(line), reason: reason.into(), raw });
                }
            }
            Ok(())
        })?;
        gatherer.hand_on(look)?;
        account.ended = Some((self.stretch.end, lines));
        Ok(account)
    }
}

//! A split of a JSON file: a byte range of JSON Lines, or the whole file.
//!
//! A line break cannot stand inside a JSON value, so a file of JSON Lines can be split at any line.

use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use super::batch_builder::BatchBuilder;
use super::byte_ranges::{BLOCK_BYTES, ByteRange, byte_ranges};
use super::{FolderColumns, JsonColumns, RowVisitor, SplitAccount, row_number};
use crate::domain::Payment;
use crate::error::{InputError, RunError};
use crate::extract::QuarantinedRow;
use crate::extract::json::{self, NotAPayment};
use crate::extract::source::Sniffed;

/// A split of a JSON file.
#[derive(Debug, Clone)]
pub(super) struct JsonSplit {
    file: u32,
    sniffed: Arc<Sniffed>,
    folders: Arc<FolderColumns>,
    pub(super) stretch: ByteRange,
}

/// Divides a file into splits; a file that is not JSON Lines is one split.
///
/// # Errors
/// The file cannot be read.
pub(super) fn blocks(file: u32, sniffed: &Sniffed) -> Result<Vec<JsonSplit>, InputError> {
    blocks_of(file, sniffed, BLOCK_BYTES)
}

/// As [`blocks`], with splits of another size.
pub(super) fn blocks_of(file: u32, sniffed: &Sniffed, block_bytes: u64) -> Result<Vec<JsonSplit>, InputError> {
    if sniffed.source.options.columns.values().any(|meaning| meaning.ours.is_some()) {
        let problem = "the file is JSON, whose names a file of --columns cannot map, but only pass over";
        return Err(sniffed.source.error(problem, "rename the keys, or write the payments as CSV or Parquet"));
    }
    let can_be_cut = block_bytes < sniffed.bytes && json::is_lines(sniffed)?;
    let stretches = byte_ranges(sniffed, can_be_cut.then_some(0), block_bytes)?;
    let (sniffed, folders) = (Arc::new(sniffed.clone()), Arc::new(FolderColumns::of(&sniffed.source, &[])?));
    let split = |stretch| JsonSplit { file, sniffed: Arc::clone(&sniffed), folders: Arc::clone(&folders), stretch };
    Ok(stretches.into_iter().map(split).collect())
}

impl JsonSplit {
    /// Reads the split. Rows and lines are counted from its beginning.
    pub(super) fn read(&self, visitor: &mut dyn RowVisitor) -> Result<SplitAccount, RunError> {
        if self.stretch.begin == 0 {
            return self.read_text(self.sniffed.text()?.take(self.stretch.end), false, visitor);
        }
        let unreadable = |error: std::io::Error| self.sniffed.source.unreadable(&error);
        let mut file = self.sniffed.open()?;
        file.seek(SeekFrom::Start(self.stretch.begin)).map_err(unreadable)?;
        self.read_text(file.take(self.stretch.end - self.stretch.begin), true, visitor)
    }

    fn read_text(
        &self,
        text: impl Read,
        is_lines: bool,
        visitor: &mut dyn RowVisitor,
    ) -> Result<SplitAccount, RunError> {
        let file = self.file;
        let mut gatherer = BatchBuilder::new(
            file,
            &self.sniffed.source.options,
            Payment::COLUMNS.iter().map(|column| 1 + column.also.len()),
        );
        let mut account = SplitAccount { file, ..SplitAccount::default() };
        let mut columns = JsonColumns::of_folders(&self.folders);
        let lines = json::read(&self.sniffed, text, is_lines, &mut |line, item| {
            account.rows += 1;
            let row = row_number(account.rows);
            columns.add(&item);
            match item {
                Ok(payment) => {
                    let own =
                        |column: usize| payment.cells(column).iter().flatten().find(|text| !text.trim().is_empty());
                    let of_folders = |column: usize| self.folders.text(column).filter(|_| own(column).is_none());
                    let cell = |column: usize, name: usize| {
                        payment.cells(column).get(name)?.as_deref().or_else(|| of_folders(column))
                    };
                    let first = |column: usize| own(column).map(AsRef::as_ref).or_else(|| self.folders.text(column));
                    if visitor.accepts(&|column| first(column).map(str::as_bytes).unwrap_or_default()) {
                        gatherer.add((row, line), payment.raw, cell, visitor)?;
                    }
                }
                Err(NotAPayment { reason, raw }) => {
                    let raw = Cow::into_owned(raw).into_bytes();
                    account.quarantined += 1;
                    visitor.quarantine(QuarantinedRow { file, row, line: Some(line), reason: reason.into(), raw })?;
                }
            }
            Ok(())
        })?;
        gatherer.hand_on(visitor)?;
        account.ended = Some((self.stretch.end, lines));
        account.json = Some(columns);
        Ok(account)
    }
}

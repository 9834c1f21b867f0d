//! Writes the rows that could not be read to the quarantine, and counts them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::prepared::MatchedBatch;
use crate::domain::count_of;
use crate::error::RunError;
use crate::extract::quarantine::{each_chunk, in_order};
use crate::extract::source::Sniffed;
use crate::extract::{QuarantinedRow, Role};
use crate::publish::ResultWriter;
use crate::report::MOST_QUARANTINED;
use crate::tables::batches::QuarantineRow;

/// What is known of the rows that could not be read once they are written.
#[derive(Debug, Default)]
pub(super) struct WrittenQuarantine<'a> {
    /// How many there are.
    pub(super) rows: u64,
    /// The first of them, without what they hold.
    pub(super) first: Vec<QuarantineRow<'a>>,
    by_file: BTreeMap<(Role, u32), u64>,
}

impl<'a> WrittenQuarantine<'a> {
    /// Writes the rows of all inputs, in the order of the inputs, then of their rows.
    ///
    /// # Errors
    /// The disk did not take them, or they could not be read again.
    pub(super) fn write(batch: &'a MatchedBatch, results: &mut ResultWriter) -> Result<Self, RunError> {
        let mut written = Self::default();
        let claims = batch.claims.quarantined.iter().cloned().map(Ok);
        written.write_input(Role::Claims, &batch.inputs.claims, claims, results)?;
        if let (Some(register), Some(file)) = (&batch.register, &batch.inputs.register) {
            let mut rows: Vec<&QuarantinedRow> = register.quarantined.iter().collect();
            rows.sort_by_key(|row| row.row);
            let rows = rows.into_iter().cloned().map(Ok);
            written.write_input(Role::Register, std::slice::from_ref(file), rows, results)?;
        }
        let earnings = in_order(&batch.read.quarantined);
        written.write_input(Role::Earnings, &batch.inputs.earnings.files, earnings, results)?;
        Ok(written)
    }

    /// How many rows of a file could not be read.
    pub(super) fn of_file(&self, role: Role, file: u32) -> u64 {
        self.by_file.get(&(role, file)).copied().unwrap_or(0)
    }

    fn write_input(
        &mut self,
        role: Role,
        files: &'a [Sniffed],
        rows: impl Iterator<Item = Result<QuarantinedRow, RunError>>,
        results: &mut ResultWriter,
    ) -> Result<(), RunError> {
        each_chunk(rows, &mut |rows| {
            let named = |row| {
                let QuarantinedRow { file, .. } = row;
                let file = usize::try_from(file).ok().and_then(|file| files.get(file))?;
                Some(QuarantineRow { input: role.name(), file: &file.source.name, row: Cow::Owned(row) })
            };
            let rows: Vec<QuarantineRow<'_>> = rows.into_iter().filter_map(named).collect();
            self.count(role, &rows);
            results.write_quarantined(&rows)
        })
    }

    fn count(&mut self, role: Role, rows: &[QuarantineRow<'a>]) {
        self.rows += count_of(rows.len());
        for row in rows {
            *self.by_file.entry((role, row.row.file)).or_default() += 1;
        }
        let first = rows.iter().take(MOST_QUARANTINED.saturating_sub(self.first.len()));
        self.first.extend(first.map(|of| QuarantineRow {
            row: Cow::Owned(QuarantinedRow { raw: Vec::new(), reason: of.row.reason.clone(), ..*of.row }),
            ..*of
        }));
    }
}

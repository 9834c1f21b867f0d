//! The row visitor of `prepare`: it partitions the rows of a split by stem and spills them to disk.

use std::sync::Arc;

use super::spill::{SpillFiles, StoreColumns};
use crate::domain::payment::at;
use crate::domain::{Cell, NinoText, Payment, Tally};
use crate::error::RunError;
use crate::extract::QuarantinedRow;
use crate::extract::earnings::RowVisitor;
use crate::extract::earnings::cells::{PaydayReader, each_nino};
use crate::extract::quarantine::{QuarantineFile, QuarantineList};
use crate::extract::row_batch::{RowBatch, UnreadableColumn};
use crate::progress::ProgressSink;

/// Partitions the rows of one split.
pub(super) struct Partitioner<'a> {
    columns: &'a StoreColumns,
    spill_files: &'a SpillFiles,
    /// The number that the first of the files being read has in the store.
    first_file: u32,
    /// How many rows and lines of its file come before the split's own.
    before: (u64, u64),
    progress: &'a dyn ProgressSink,
    pub(super) without_person: u64,
    pub(super) paydays: PaydayReader,
    /// Counts of how the cells were written: every cell of a row that names a person is read once.
    pub(super) tally: Tally,
    /// Rows that are no records, with the number that their file has in the store.
    pub(super) quarantined: QuarantineList,
}

impl<'a> Partitioner<'a> {
    pub(super) fn new(
        columns: &'a StoreColumns,
        spill_files: &'a SpillFiles,
        first_file: u32,
        before: (u64, u64),
        progress: &'a dyn ProgressSink,
        quarantine: &Arc<QuarantineFile>,
    ) -> Self {
        Self {
            columns,
            spill_files,
            first_file,
            before,
            progress,
            without_person: 0,
            paydays: PaydayReader::default(),
            tally: Tally::default(),
            quarantined: QuarantineList::new(quarantine),
        }
    }

    /// Reads every cell once, so that a file that a run would refuse is refused here.
    fn read_cells(&mut self, row_batch: &RowBatch) -> Result<(), UnreadableColumn> {
        let cells = row_batch.cells(&Payment::COLUMNS)?;
        for (index, (file, row)) in row_batch.rows.iter().enumerate() {
            let text = cells.cell(at::NINO, index).map(Cell::to_text);
            let Some(nino) = text.and_then(|text| NinoText::read(&text).well_formed()) else { continue };
            self.tally.begin_row((*row).into(), row_batch.lines.get(index).copied().unwrap_or(0));
            let cell = |column: usize| cells.cell(column, index);
            // Whether the row is a payment is for the runs that read it from the store.
            drop(Payment::read_cells((*file, *row), nino, cell, &mut self.tally));
        }
        Ok(())
    }

    fn partition(&mut self, row_batch: &RowBatch) -> Result<(), RunError> {
        let unreadable = |fault: UnreadableColumn| {
            RunError::Untrusted(format!("the column `{}` has values that are no cells", fault.column))
        };
        self.paydays.count_all(row_batch).map_err(unreadable)?;
        let mut people = Vec::with_capacity(row_batch.len());
        each_nino(row_batch, |nino| {
            people.push(match nino {
                NinoText::WellFormed(nino) => Some(nino.stem()),
                NinoText::Dummy(_) | NinoText::TemporaryReference | NinoText::Malformed => None,
            });
        })
        .map_err(unreadable)?;
        let nobody = people.iter().filter(|person| person.is_none()).count();
        self.without_person += u64::try_from(nobody).unwrap_or(u64::MAX);
        self.read_cells(row_batch).map_err(unreadable)?;
        let rows = self.columns.rows(row_batch, &people, self.first_file).map_err(unreadable)?;
        self.progress.advance(crate::domain::count_of(row_batch.len()));
        self.spill_files.add(&rows, &people)
    }
}

impl RowVisitor for Partitioner<'_> {
    fn key_columns(&self) -> &[usize] {
        &[at::NINO]
    }

    fn stems(&self) -> &[[u8; 8]] {
        &[]
    }

    fn accepts<'c>(&mut self, _: &dyn Fn(usize) -> &'c [u8]) -> bool {
        true
    }

    fn select(&mut self, row_batch: &RowBatch) -> Result<Vec<u32>, RunError> {
        Ok((0..u32::try_from(row_batch.len()).unwrap_or(u32::MAX)).collect())
    }

    fn collect(&mut self, row_batch: &RowBatch) -> Result<(), RunError> {
        if self.before == (0, 0) {
            return self.partition(row_batch);
        }
        let (rows, lines) = self.before;
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let mut row_batch = RowBatch { raw: None, ..row_batch.clone() };
        row_batch.rows.iter_mut().for_each(|(_, row)| *row = row.saturating_add(rows));
        row_batch.lines.iter_mut().for_each(|line| *line += lines);
        self.partition(&row_batch)
    }

    fn quarantine(&mut self, row: QuarantinedRow) -> Result<(), RunError> {
        self.quarantined.add(&QuarantinedRow { file: row.file + self.first_file, ..row })
    }
}

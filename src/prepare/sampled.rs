//! Samples the stems of an extract, to choose partition bounds that divide its rows evenly.

use crate::domain::payment::at;
use crate::domain::{NinoText, Stem};
use crate::error::RunError;
use crate::extract::QuarantinedRow;
use crate::extract::earnings::RowVisitor;
use crate::extract::earnings::cells::each_nino;
use crate::extract::row_batch::RowBatch;

/// One row in this many is sampled.
const ONE_IN: usize = 64;

/// The stems of some of the rows of an extract.
#[derive(Debug, Default)]
pub(super) struct StemSample {
    asked: usize,
    stems: Vec<Stem>,
}

impl StemSample {
    /// Joins the samples of several splits.
    pub(super) fn together(splits: impl Iterator<Item = Self>) -> Self {
        let mut all = splits.fold(Self::default(), |mut all, split| {
            all.asked += split.asked;
            all.stems.extend(split.stems);
            all
        });
        all.stems.sort_unstable();
        all
    }

    /// About how many rows the person has who has most of them.
    pub(super) fn most_of_one(&self) -> usize {
        self.stems.chunk_by(|one, next| one == next).map(<[Stem]>::len).max().unwrap_or(0) * ONE_IN
    }

    /// How many rows were read.
    pub(super) fn rows(&self) -> usize {
        self.asked
    }

    /// The first stems of all but the first of so many ranges that have about as many rows each.
    pub(super) fn bounds(&self, ranges: usize) -> Vec<Stem> {
        let bound = |number: usize| self.stems.get(self.stems.len() * number / ranges).copied();
        let mut bounds: Vec<Stem> = (1..ranges).filter_map(bound).collect();
        bounds.dedup();
        bounds
    }

    fn see(&mut self, nino: NinoText) {
        if let NinoText::WellFormed(nino) = nino
            && self.asked.is_multiple_of(ONE_IN)
        {
            self.stems.push(nino.stem());
        }
        self.asked += 1;
    }
}

impl RowVisitor for StemSample {
    fn key_columns(&self) -> &[usize] {
        &[at::NINO]
    }

    fn stems(&self) -> &[[u8; 8]] {
        &[]
    }

    fn accepts<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool {
        self.see(NinoText::read_bytes(cell(at::NINO)));
        false
    }

    fn select(&mut self, row_batch: &RowBatch) -> Result<Vec<u32>, RunError> {
        each_nino(row_batch, |nino| self.see(nino)).map_err(|fault| {
            RunError::Untrusted(format!("the column `{}` has values that are no cells", fault.column))
        })?;
        Ok(Vec::new())
    }

    fn collect(&mut self, _: &RowBatch) -> Result<(), RunError> {
        Ok(())
    }

    fn quarantine(&mut self, _: QuarantinedRow) -> Result<(), RunError> {
        Ok(())
    }
}

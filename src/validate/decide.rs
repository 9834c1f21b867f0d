//! Decides claims in parallel, in parts, and hands on the output rows of each part in order.

use rayon::prelude::*;

use super::ProgressSink;
use super::account::RunCounts;
use super::prepared::{BLOCK_CLAIMS, MatchedBatch};
use crate::batch::{DecidedClaim, SettledBatch};
use crate::domain::Claim;
use crate::error::RunError;
use crate::history::History;
use crate::matching::PaymentsByStem;
use crate::report::{MOST_LISTED, ReportData};
use crate::tables::forms::{OutputRows, RowSchemas};

/// How many claims one thread decides at a time.
const PART_CLAIMS: usize = 64;

/// The output rows, counts and report data of some claims.
pub(super) struct DecidedPart {
    pub(super) tables: OutputRows,
    pub(super) counts: RunCounts,
    pub(super) report_data: ReportData,
}

/// The sink for decided parts.
type DecidedSink<'a> = &'a mut (dyn FnMut(DecidedPart) -> Result<(), RunError> + Send);

/// Decides the claims of a batch.
pub(super) struct Decider<'a> {
    prepared: &'a MatchedBatch,
    batch: SettledBatch<'a>,
    forms: RowSchemas,
    /// Whether there are few enough claims for the report to list them.
    listed: bool,
}

impl<'a> Decider<'a> {
    /// Settles which of the claims for the same outcome stands, so that every claim can be decided for itself.
    pub(super) fn new(
        prepared: &'a MatchedBatch,
        history: &'a History,
        forms: RowSchemas,
        progress: &dyn ProgressSink,
    ) -> Result<Self, RunError> {
        let batch = prepared.batch(history);
        let mut alone = Vec::new();
        prepared.with_payments(&batch.competing(), progress, |claims, payments| {
            alone.extend(batch.decide_alone(claims, payments));
            Ok(())
        })?;
        let listed = prepared.claims.rows.len() <= MOST_LISTED;
        Ok(Self { prepared, batch: batch.settle(&alone), forms, listed })
    }

    /// Decides every claim; `take` is given them in the order of the outputs, while those after them are decided.
    pub(super) fn all(&self, progress: &dyn ProgressSink, take: DecidedSink<'_>) -> Result<(), RunError> {
        self.prepared.with_payments(&in_order(&self.prepared.claims.rows), progress, |claims, payments| {
            progress.step("deciding the claims", u64::try_from(claims.len()).ok());
            let rows = |index: &usize| self.prepared.stem(*index).map_or(0, |person| payments.number_of(person));
            let mut blocks = claims.chunks(BLOCK_CLAIMS).flat_map(|block| parts_of_rows(block, MOST_ROWS, &rows));
            let mut decided = self.block(blocks.next().unwrap_or_default(), payments)?;
            while !decided.is_empty() {
                let next = blocks.next().unwrap_or_default();
                let hand_on = || decided.into_iter().try_for_each(&mut *take);
                let (following, taken) = rayon::join(|| self.block(next, payments), hand_on);
                taken?;
                decided = following?;
            }
            Ok(())
        })
    }

    fn block(&self, claims: &[usize], payments: &PaymentsByStem) -> Result<Vec<DecidedPart>, RunError> {
        claims.par_chunks(PART_CLAIMS).map(|part| self.part(part, payments)).collect()
    }

    fn part(&self, claims: &[usize], payments: &PaymentsByStem) -> Result<DecidedPart, RunError> {
        let decided = claims.iter().filter_map(|index| self.batch.decide(*index, payments));
        let decided: Vec<DecidedClaim<'_>> = decided.collect();
        Ok(DecidedPart {
            tables: self.forms.tables(&decided)?,
            counts: RunCounts::of(&decided),
            report_data: ReportData::of(&decided, self.listed),
        })
    }
}

/// The most rows of evidence that a block is to have: many claims may be for one person, who may have many payments.
const MOST_ROWS: usize = 500_000;

/// Cuts claims into parts with so many rows of evidence at most, or one claim.
fn parts_of_rows<'c>(claims: &'c [usize], most: usize, rows_of: &dyn Fn(&usize) -> usize) -> Vec<&'c [usize]> {
    let (mut parts, mut begin, mut rows) = (Vec::new(), 0, 0);
    for (place, claim) in claims.iter().enumerate() {
        let more = rows_of(claim);
        if begin < place && most < rows + more {
            parts.extend(claims.get(begin..place));
            (begin, rows) = (place, 0);
        }
        rows += more;
    }
    parts.extend(claims.get(begin..).filter(|rest| !rest.is_empty()));
    parts
}

/// The claims in the order of the outputs: by number, rows without one last, then by row.
fn in_order(claims: &[Claim]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    let id = |index: usize| claims.get(index).and_then(Claim::claim_id);
    order.par_sort_by(|one, other| {
        let (one_id, other_id) = (id(*one), id(*other));
        one_id.is_none().cmp(&other_id.is_none()).then_with(|| one_id.cmp(&other_id)).then_with(|| one.cmp(other))
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_every_claim_once_and_few_rows() {
        let parts = |claims: &[usize], most| -> Vec<Vec<usize>> {
            parts_of_rows(claims, most, &|claim| *claim).into_iter().map(<[usize]>::to_vec).collect()
        };
        assert_eq!(parts(&[1, 2, 3, 4], 100), [vec![1, 2, 3, 4]]);
        assert_eq!(parts(&[1, 2, 3, 4], 5), [vec![1, 2], vec![3], vec![4]]);
        assert_eq!(parts(&[9, 1, 9], 5), [vec![9], vec![1], vec![9]]);
        assert!(parts(&[], 5).is_empty());
    }
}

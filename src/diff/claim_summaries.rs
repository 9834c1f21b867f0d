//! One side of a comparison: the verdict and reasons of every claim of a run, and what is payable.

use std::collections::BTreeMap;

use crate::domain::Pence;
use crate::error::RunError;
use crate::explain::run::FinishedRun;
use crate::judge::Verdict;
use crate::reopen::{ResultRow, each_batch};

/// The key by which claims of two runs are joined: the claim number, and a position among claims that share it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimKey {
    /// The number, where the claim has one.
    pub claim_id: Option<String>,
    /// The position among the claims with this number, in the order of the claims file, counted from 0.
    pub which: u32,
}

/// The verdict and reasons of one claim, and what is payable for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimSummary {
    /// The claim's row in the claims file.
    pub row: u32,
    /// validated, rejected or queried.
    pub verdict: &'static str,
    /// The failing rules in the order of the codes: of each its code and how it weighs.
    pub reasons: Vec<(String, String)>,
    /// What is payable for a validated claim, as far as an amount is known.
    pub payable: Option<Pence>,
}

impl ClaimSummary {
    /// Whether verdict and reasons are the same.
    pub fn is_same_answer(&self, other: &Self) -> bool {
        (self.verdict, &self.reasons) == (other.verdict, &other.reasons)
    }

    /// Whether verdict, reasons and what is payable are the same.
    pub fn is_same(&self, other: &Self) -> bool {
        self.is_same_answer(other) && self.payable == other.payable
    }
}

/// The summaries of every claim of a run.
///
/// # Errors
/// A file of the run cannot be read.
pub fn claim_summaries(run: &FinishedRun) -> Result<BTreeMap<ClaimKey, ClaimSummary>, RunError> {
    let mut by_id: BTreeMap<Option<String>, Vec<ClaimSummary>> = BTreeMap::new();
    for verdict in Verdict::ALL.map(Verdict::name) {
        let is_validated = verdict == Verdict::Validated.name();
        let columns = ["claim_id", "amount_claimed", "reasons", "claim_row", "payable"];
        each_batch(&run.folder, &format!("{verdict}.parquet"), &columns, &mut |batch| {
            for number in 0..batch.num_rows() {
                let row = ResultRow::new(batch, number);
                let reasons = row.structures("reasons").into_iter().map(|texts| {
                    let mut texts = texts.into_iter();
                    (texts.next().unwrap_or_default(), texts.next().unwrap_or_default())
                });
                let payable = row.payable().filter(|_| is_validated);
                let told = ClaimSummary { row: row.number()?, verdict, reasons: reasons.collect(), payable };
                by_id.entry(row.text("claim_id")).or_default().push(told);
            }
            Ok(())
        })
        .map_err(|problem| run.failed(problem))?;
    }
    let mut all = BTreeMap::new();
    for (claim_id, mut own) in by_id {
        own.sort_by_key(|told| told.row);
        for (which, told) in (0..).zip(own) {
            all.insert(ClaimKey { claim_id: claim_id.clone(), which }, told);
        }
    }
    Ok(all)
}

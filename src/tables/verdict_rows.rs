//! The rows of `verdicts.csv` and `verdicts.xlsx`: one for each claim and reason, flat, for people who work in spreadsheets.
//! A claim without a reason has one row, whose reason is empty.

use std::borrow::Cow;

use arrow::datatypes::DataType;

use super::layout::{MONEY, NamedClaimsFile, OutputColumn, claims_file_of, column};
use super::run_columns::{RunIdentity, run_columns};
use crate::batch::DecidedClaim;
use crate::domain::withheld::shown;
use crate::error::RunError;
use crate::judge::Finding;
use crate::workbooks::flat::{CsvLines, FlatCell};

/// The columns, in order.
pub fn verdict_columns() -> Vec<OutputColumn> {
    use DataType::{Date32, Int32, Utf8};
    let own = [
        column("provider_id", Utf8, "who claims"),
        column("contract_id", Utf8, "under which contract"),
        column("claim_id", Utf8, "the provider's number for the claim"),
        column("participant_id", Utf8, "for whom"),
        column("outcome", Utf8, "which outcome of the scheme"),
        column("claims_file", Utf8, "the claims file"),
        column("claims_file_row", Int32, "the row's number in that file, counted from 1"),
        column("claim_row", Int32, "the row's number in the claims; in several files, counted through them"),
        column("verdict", Utf8, "validated, rejected or queried"),
        column("code", Utf8, "the failing rule; empty where the claim fails none"),
        column("severity", Utf8, "reject, query or note"),
        column("title", Utf8, "what fails, in a line"),
        column("message", Utf8, "what fails for this claim, in words"),
        column("input", Utf8, "claims, register or earnings: the input whose column the rule is concerned with"),
        column("field", Utf8, "that column; several have `; ` between them"),
        column(
            "value",
            Utf8,
            "what stands in it, (withheld) where that is of the person or cannot be read; several have `; ` between them",
        ),
        column("recheck_on", Date32, "when a later extract can settle the query"),
        column("amount_claimed", MONEY, "pounds claimed; the same on every row of the claim"),
        column("payable", MONEY, "pounds the scheme pays for a validated claim; the same on every row of the claim"),
        column("achieved_on", Date32, "the day the evidence shows the outcome achieved"),
    ];
    run_columns().into_iter().chain(own).collect()
}

/// The rows of some claims.
#[derive(Default)]
pub struct VerdictRows {
    /// As lines of CSV.
    pub(super) csv: Vec<u8>,
    /// How many they are.
    pub(super) count: u64,
    /// As rows of a workbook, where one is written.
    pub(super) cells: Vec<Vec<FlatCell<'static>>>,
}

/// What the rows of all claims are made with.
#[derive(Debug)]
pub(super) struct VerdictRowMaker {
    pub(super) run: RunIdentity,
    pub(super) claims_files: Vec<NamedClaimsFile>,
    /// Whether a workbook is written too.
    pub(super) workbook: bool,
}

impl VerdictRowMaker {
    /// The rows of some claims, in their order.
    pub(super) fn rows(&self, decided: &[DecidedClaim<'_>]) -> Result<VerdictRows, RunError> {
        let mut lines = CsvLines::default();
        let mut rows = VerdictRows::default();
        for claim in decided {
            let reasons = claim.decision.findings.iter().map(Some);
            let none = claim.decision.findings.is_empty().then_some(None);
            for reason in reasons.chain(none) {
                let cells = self.row(claim, reason);
                lines.add(&cells)?;
                rows.count += 1;
                if self.workbook {
                    rows.cells.push(cells.into_iter().map(FlatCell::into_owned).collect());
                }
            }
        }
        rows.csv = lines.finish()?;
        Ok(rows)
    }

    fn row<'a>(&'a self, decided: &'a DecidedClaim<'_>, reason: Option<&Finding>) -> Vec<FlatCell<'a>> {
        let (claim, decision) = (decided.claim, &decided.decision);
        let place = claims_file_of(claim.row, &self.claims_files);
        let concerned = reason.and_then(|reason| reason.rule.concerned_field(claim, &reason.facts));
        let (field, value) = concerned.as_ref().map(|found| (&found.field, &found.value)).unzip();
        let own = |text: Option<&String>| FlatCell::text(text.cloned().map(Cow::Owned));
        vec![
            FlatCell::from(self.run.run.as_str()),
            FlatCell::from(self.run.scheme.as_str()),
            FlatCell::day(self.run.cut_off),
            FlatCell::borrowed(claim.provider_id().map(shown)),
            FlatCell::borrowed(claim.contract_id().map(shown)),
            FlatCell::borrowed(claim.claim_id().map(shown)),
            FlatCell::borrowed(claim.participant_id().map(shown)),
            FlatCell::borrowed(claim.outcome().map(shown)),
            FlatCell::borrowed(place.map(|(name, _)| name)),
            FlatCell::number(place.and_then(|(_, row)| u32::try_from(row).ok())),
            FlatCell::number(Some(claim.row)),
            FlatCell::from(decision.verdict.name()),
            FlatCell::borrowed(reason.map(|reason| reason.rule.code.as_str())),
            FlatCell::borrowed(reason.map(|reason| reason.severity.name())),
            FlatCell::borrowed(reason.map(|reason| reason.rule.title)),
            FlatCell::text(reason.map(|reason| Cow::Owned(reason.message()))),
            FlatCell::borrowed(concerned.as_ref().map(|found| found.input)),
            own(field),
            own(value),
            FlatCell::day(decision.recheck_on()),
            FlatCell::pounds(claim.amount_claimed.given().copied()),
            FlatCell::pounds(decision.payable()),
            FlatCell::day(decision.achieved_on()),
        ]
    }
}

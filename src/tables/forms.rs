//! Converts decided claims to the rows of every output file, so that parts of a batch are converted in parallel and
//! written one after another.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use super::batches;
use super::layout::{self, NamedClaimsFile};
use super::run_columns::RunIdentity;
use super::verdict_rows::{VerdictRowMaker, VerdictRows};
use crate::batch::DecidedClaim;
use crate::error::RunError;
use crate::judge::Verdict;

/// The schemas of the output files.
#[derive(Debug)]
pub struct RowSchemas {
    claims: SchemaRef,
    /// How many columns of the provider's own the claims have.
    extra: usize,
    findings: SchemaRef,
    evidence: SchemaRef,
    earnings_files: Vec<String>,
    /// The claims files, where there are several.
    claims_files: Vec<NamedClaimsFile>,
    verdicts: VerdictRowMaker,
}

/// The output rows of some claims, by file.
pub struct OutputRows {
    /// The rows of the claim files that have any.
    pub by_verdict: Vec<(Verdict, RecordBatch)>,
    /// The rows of the findings.
    pub findings: RecordBatch,
    /// The rows of the evidence.
    pub evidence: RecordBatch,
    /// The flat rows of the verdicts.
    pub verdicts: VerdictRows,
}

impl RowSchemas {
    /// The schemas for claims with these further columns, for earnings from these files and claims from those. The verdicts
    /// are made as rows of a workbook too where one is asked for.
    pub fn new(
        extra: &[String],
        earnings_files: Vec<String>,
        claims_files: Vec<NamedClaimsFile>,
        run: RunIdentity,
        workbook: bool,
    ) -> Self {
        let verdicts = VerdictRowMaker { run, claims_files: claims_files.clone(), workbook };
        let claims_files = if claims_files.len() > 1 { claims_files } else { Vec::new() };
        let of_place = if claims_files.is_empty() { 0 } else { layout::CLAIMS_FILE.len() };
        Self {
            claims: layout::schema(&layout::claims(extra)),
            extra: extra.len() - of_place,
            findings: layout::schema(&layout::findings()),
            evidence: layout::schema(&layout::evidence()),
            earnings_files,
            claims_files,
            verdicts,
        }
    }

    /// The rows of some claims, in their order.
    ///
    /// # Errors
    /// Only if the columns do not fit the schema.
    pub fn tables(&self, decided: &[DecidedClaim<'_>]) -> Result<OutputRows, RunError> {
        let mut by_verdict = Vec::with_capacity(Verdict::ALL.len());
        for verdict in Verdict::ALL {
            let own: Vec<&DecidedClaim<'_>> =
                decided.iter().filter(|claim| claim.decision.verdict == verdict).collect();
            if !own.is_empty() {
                by_verdict.push((verdict, batches::claims(self.claims.clone(), &own, self.extra, &self.claims_files)?));
            }
        }
        Ok(OutputRows {
            by_verdict,
            findings: batches::findings(self.findings.clone(), decided)?,
            evidence: batches::evidence(self.evidence.clone(), decided, &self.earnings_files)?,
            verdicts: self.verdicts.rows(decided)?,
        })
    }
}

//! Writes the result of a run: six Parquet files, its verdicts as a flat table, its scheme, a page and its account, published
//! together or not at all.
//!
//! ```text
//!  decided claims ─ tables ─▶ Parquet, CSV ──┐
//!  counts ────────── account ─▶ run.json ────┴─ staging ─▶ the result directory, in one rename
//! ```

use crate::account::{OutputAccount, RunAccount};
use crate::error::RunError;
use crate::judge::Verdict;
use crate::scheme::Scheme;
use crate::sealed::{SealedAccount, sealed_text};
use crate::staging::{Staging, write_text};
use crate::tables::batches::{self, QuarantineRow};
use crate::tables::file::{OutputFile, Stamp};
use crate::tables::forms::OutputRows;
use crate::tables::layout;
use crate::tables::run_columns::RunIdentity;
use crate::tables::verdict_files::{VERDICTS_CSV, VERDICTS_XLSX, VerdictFiles};

/// The scheme as it was decided under, word for word: a run can be explained from its own files.
pub const SCHEME_FILE: &str = "scheme.toml";

/// The report: the run on one page.
pub const REPORT_FILE: &str = "report.html";

/// The names of the outputs, in the order in which a run lists them. The workbook is there only where it was asked for.
pub const OUTPUTS: [&str; 11] = [
    "validated.parquet",
    "rejected.parquet",
    "queried.parquet",
    "findings.parquet",
    "evidence.parquet",
    "quarantine.parquet",
    VERDICTS_CSV,
    VERDICTS_XLSX,
    SCHEME_FILE,
    REPORT_FILE,
    "run.json",
];

/// Whether these are the outputs of a run. Results of earlier versions have no flat table of verdicts.
pub fn are_outputs(names: &[&str]) -> bool {
    let all_but = |left_out: &[&str]| OUTPUTS.iter().filter(|name| !left_out.contains(name)).eq(names);
    all_but(&[]) || all_but(&[VERDICTS_XLSX]) || all_but(&[VERDICTS_CSV, VERDICTS_XLSX])
}

/// The tables of a result, open for writing; its scheme lies beside them from the beginning.
pub struct ResultWriter {
    by_verdict: Vec<(Verdict, OutputFile)>,
    findings: OutputFile,
    evidence: OutputFile,
    quarantine: OutputFile,
    verdicts: VerdictFiles,
}

/// What the tables of a run are made for.
#[derive(Debug)]
pub struct ResultTables<'a> {
    /// The scheme.
    pub scheme: &'a Scheme,
    /// The further columns of the claims.
    pub extra: &'a [String],
    /// What the metadata of every Parquet file say.
    pub stamp: &'a Stamp,
    /// The run that every row says it is of.
    pub run: &'a RunIdentity,
    /// Whether the verdicts are written as a workbook too.
    pub workbook: bool,
}

impl ResultWriter {
    /// Creates all files.
    ///
    /// # Errors
    /// A file cannot be made.
    pub fn create(staging: &Staging, tables: &ResultTables<'_>) -> Result<Self, RunError> {
        let ResultTables { scheme, extra, stamp, run, workbook } = *tables;
        write_text(staging, SCHEME_FILE, &scheme.text)?;
        let file = |name, columns, sorted_by: &[&str]| {
            OutputFile::create_of_run(staging, name, columns, sorted_by, stamp, run)
        };
        let claim_file = |verdict: Verdict| {
            let name = match verdict {
                Verdict::Validated => "validated.parquet",
                Verdict::Rejected => "rejected.parquet",
                Verdict::Queried => "queried.parquet",
            };
            Ok((verdict, file(name, layout::claims(extra), &["claim_id", "claim_row"])?))
        };
        Ok(Self {
            by_verdict: Verdict::ALL.into_iter().map(claim_file).collect::<Result<_, RunError>>()?,
            findings: file("findings.parquet", layout::findings(), &["claim_id", "claim_row"])?,
            evidence: file("evidence.parquet", layout::evidence(), &["claim_id", "claim_row"])?,
            quarantine: file("quarantine.parquet", layout::quarantine(), &[])?,
            verdicts: VerdictFiles::create(staging, workbook)?,
        })
    }

    /// Writes the rows of some decided claims, which come in the order of the outputs.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&mut self, tables: &OutputRows) -> Result<(), RunError> {
        for (verdict, file) in &mut self.by_verdict {
            if let Some((_, rows)) = tables.by_verdict.iter().find(|(of, _)| of == verdict) {
                file.write(rows)?;
            }
        }
        self.findings.write(&tables.findings)?;
        self.evidence.write(&tables.evidence)?;
        self.verdicts.write(&tables.verdicts)
    }

    /// Writes some of the rows that could not be read.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_quarantined(&mut self, rows: &[QuarantineRow<'_>]) -> Result<(), RunError> {
        self.quarantine.write(&batches::quarantine(self.quarantine.schema(), rows)?)
    }

    /// Finishes all files and returns their accounts, with each file's bytes hashed as they read back.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self, staging: &Staging) -> Result<Vec<OutputAccount>, RunError> {
        let claim_files = self.by_verdict.into_iter().map(|(_, file)| file);
        let files = claim_files.chain([self.findings, self.evidence, self.quarantine]);
        let mut written = files.map(OutputFile::finish).collect::<Result<Vec<_>, RunError>>()?;
        written.extend(self.verdicts.finish()?);
        written.push((SCHEME_FILE, 1));
        written.into_iter().map(|(name, rows)| staging.account_of(name, rows)).collect()
    }
}

/// Seals the account and writes it as `run.json`.
///
/// # Errors
/// The file cannot be written.
pub fn write_account(staging: &Staging, account: &mut RunAccount) -> Result<(), RunError> {
    let text = sealed_text(account)?;
    write_text(staging, RunAccount::FILE, &text).map(|_| ())
}

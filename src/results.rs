//! The files of a run while it writes them.

use std::io::{BufWriter, Write};

use crate::error::RunError;
use crate::hash::hash_of;
use crate::judge::Verdict;
use crate::publish::SCHEME_FILE;
use crate::publish::account::{Account, OutputAccount};
use crate::publish::files::{OutputFile, Stamp};
use crate::publish::forms::Tables;
use crate::publish::layout;
use crate::publish::staging::Staging;
use crate::publish::tables::{self, SetAside};
use crate::scheme::Scheme;

/// The six Parquet files of a result, open for writing; its scheme lies beside them from the beginning.
pub struct Results {
    by_verdict: Vec<(Verdict, OutputFile)>,
    findings: OutputFile,
    evidence: OutputFile,
    quarantine: OutputFile,
}

impl Results {
    /// Begins all files.
    ///
    /// # Errors
    /// A file cannot be made.
    pub fn create(staging: &Staging, scheme: &Scheme, extra: &[String], stamp: &Stamp) -> Result<Self, RunError> {
        write(staging, SCHEME_FILE, [scheme.text.as_str()])?;
        let claim_columns = layout::claims(extra);
        let claim_file = |verdict: Verdict| {
            let name = match verdict {
                Verdict::Validated => "validated.parquet",
                Verdict::Rejected => "rejected.parquet",
                Verdict::Queried => "queried.parquet",
            };
            Ok((verdict, OutputFile::create(staging, name, &claim_columns, &["claim_id", "claim_row"], stamp)?))
        };
        let file =
            |name, columns: &[_], sorted_by: &[&str]| OutputFile::create(staging, name, columns, sorted_by, stamp);
        Ok(Self {
            by_verdict: Verdict::ALL.into_iter().map(claim_file).collect::<Result<_, RunError>>()?,
            findings: file("findings.parquet", &layout::findings(), &["claim_id", "claim_row"])?,
            evidence: file("evidence.parquet", &layout::evidence(), &["claim_id", "claim_row"])?,
            quarantine: file("quarantine.parquet", &layout::quarantine(), &[])?,
        })
    }

    /// Writes what was decided of some claims; they come in the order of the outputs.
    ///
    /// # Errors
    /// The disk did not take it.
    pub fn write(&mut self, tables: &Tables) -> Result<(), RunError> {
        for (verdict, file) in &mut self.by_verdict {
            if let Some((_, rows)) = tables.by_verdict.iter().find(|(of, _)| of == verdict) {
                file.write(rows)?;
            }
        }
        self.findings.write(&tables.findings)?;
        self.evidence.write(&tables.evidence)
    }

    /// Ends all files; answers what was written, each file's bytes hashed as they read back.
    ///
    /// # Errors
    /// The disk did not take it.
    pub fn finish(mut self, set_aside: &[SetAside<'_>], staging: &Staging) -> Result<Vec<OutputAccount>, RunError> {
        self.quarantine.write(&tables::quarantine(self.quarantine.schema(), set_aside)?)?;
        let claim_files = self.by_verdict.into_iter().map(|(_, file)| file);
        let files = claim_files.chain([self.findings, self.evidence, self.quarantine]);
        let written = files.map(OutputFile::finish).chain([Ok((SCHEME_FILE, 1))]);
        written
            .map(|written| {
                let (name, rows) = written?;
                let (bytes, blake3) = hash_of(&staging.path(name))?;
                Ok(OutputAccount { name: name.into(), rows, bytes, blake3 })
            })
            .collect()
    }
}

/// Writes `run.json`.
///
/// # Errors
/// The disk did not take it.
pub fn write_account(staging: &Staging, account: &Account) -> Result<(), RunError> {
    let text = account.text().map_err(|_| RunError::Untrusted("the account could not be written as JSON".into()))?;
    write(staging, "run.json", [text.as_str()])
}

/// Writes a file that is no table; answers its account.
///
/// # Errors
/// The disk did not take it.
pub fn write_text(staging: &Staging, name: &str, text: &str) -> Result<OutputAccount, RunError> {
    write_pieces(staging, name, [text])
}

/// Writes a file that is no table piece by piece; answers its account.
///
/// # Errors
/// The disk did not take it.
pub fn write_pieces<'a>(
    staging: &Staging,
    name: &str,
    pieces: impl IntoIterator<Item = &'a str>,
) -> Result<OutputAccount, RunError> {
    write(staging, name, pieces)?;
    let (bytes, blake3) = hash_of(&staging.path(name))?;
    Ok(OutputAccount { name: name.into(), rows: 1, bytes, blake3 })
}

fn write<'a>(staging: &Staging, name: &str, pieces: impl IntoIterator<Item = &'a str>) -> Result<(), RunError> {
    let failed = |_| RunError::Untrusted(format!("{name} could not be written; is the disk full?"));
    let mut file = BufWriter::new(staging.create(name)?);
    pieces.into_iter().try_for_each(|piece| file.write_all(piece.as_bytes())).map_err(failed)?;
    file.flush().map_err(failed)
}

/// Whether the files of a folder are the ones that were written.
pub fn are_whole(folder: &std::path::Path, outputs: &[OutputAccount]) -> bool {
    outputs.iter().all(|output| hash_of(&folder.join(&output.name)).is_ok_and(|(_, hash)| hash == output.blake3))
}

//! `sustain check`: checks a claims file without earnings, so that a provider can correct it before submitting.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::account::ColumnNames;
use crate::account::columns::{ColumnAccount, ColumnAccounts};
use crate::batch::{self, BatchInputs, DecidedClaim, EarlierOutcomes, NearMisses, PaymentsByPerson, Stage};
use crate::domain::withheld::shown;
use crate::domain::{Claim, Column, Participant, SetAsideShare, Tally, count_of};
use crate::error::RunError;
use crate::extract::Role;
use crate::extract::file_options::InputOptions;
use crate::extract::paths;
use crate::extract::source::{InputFile, Sniffed};
use crate::extract::table;
use crate::extract::table::Table;
use crate::judge::{DecisionContext, Verdict};
use crate::matching::{ClaimsRead, Register};
use crate::rules::{Code, RULES, Status};
use crate::scheme::Scheme;
use crate::scheme::wage::WageTable;

/// What was found in a claims file. It holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// The scheme's id.
    pub scheme: String,
    /// How much of it published sources settle.
    pub status: &'static str,
    /// How the cells of claims and register were written, by column, where there is something to tell.
    pub columns: BTreeMap<&'static str, ColumnAccounts>,
    /// What was taken for what, by input and file.
    pub column_names: Vec<CheckedColumns>,
    /// Rows of the file.
    pub claims: u64,
    /// Rows that would be rejected whatever the earnings show.
    pub rejected: u64,
    /// Rows that would be queried whatever the earnings show.
    pub queried: u64,
    /// How often each rule that could be checked failed.
    pub rules: Vec<CheckedRule>,
    /// The failures, by row: all of them, or as many as were asked for.
    pub findings: Vec<CheckedFinding>,
    /// How many failures there are.
    #[serde(skip)]
    pub all_findings: u64,
}

/// The columns of a file that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedColumns {
    /// claims or register.
    pub role: &'static str,
    /// The file.
    pub file: String,
    /// What was taken for what.
    #[serde(flatten)]
    pub names: ColumnNames,
}

/// How often a rule failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedRule {
    /// The rule.
    pub code: &'static str,
    /// What fails, in a line.
    pub title: &'static str,
    /// How many rows fail it.
    pub failed: u64,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedFinding {
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The row in its file, counted from 1.
    pub row: u32,
    /// The line it begins on, in a text file.
    pub line: Option<u64>,
    /// The claim's number, where it has one.
    pub claim_id: Option<String>,
    /// The rule.
    pub code: &'static str,
    /// reject, query or note.
    pub severity: &'static str,
    /// What fails, in words.
    pub message: String,
}

/// Checks a claims file; of the failures no more than `most_findings` are told one by one.
///
/// # Errors
/// A file cannot be used.
pub fn run(
    scheme: Scheme,
    claims: &[PathBuf],
    register: Option<PathBuf>,
    input_options: &InputOptions,
    set_aside: Option<SetAsideShare>,
    most_findings: usize,
) -> Result<CheckReport, RunError> {
    scheme.all_supplied()?;
    let context = DecisionContext { scheme, wages: WageTable::built_in()?, observed: Arc::default() };
    let accepted = SetAsideShare::OF_TABLE.raised_to(set_aside);
    let files = paths::batch(claims, &Claim::COLUMNS, &input_options.claims)?.files;
    let read = |file: &Sniffed, columns: &[Column]| -> Result<Table, RunError> {
        let table = table::read(file, columns)?;
        table.holds_records(file, accepted)?;
        Ok(table)
    };
    let tables = files.iter().map(|file| read(file, &Claim::COLUMNS));
    let register = register.map(|path| -> Result<(Sniffed, Table), RunError> {
        let file = InputFile::new(path).read_as(&input_options.register).sniff()?;
        let table = read(&file, &Participant::COLUMNS)?;
        Ok((file, table))
    });
    let (tables, register) = RunError::both(tables.collect::<Result<_, _>>(), register.transpose())?;
    let claims = ClaimsRead::parsed(tables);
    let mut tally = Tally::default();
    for (file, read) in files.iter().zip(&claims.files) {
        file.source.is_accepted(&read.tally, accepted)?;
        tally.add(&read.tally);
    }
    let mut columns = BTreeMap::from([(Role::Claims.name(), ColumnAccount::of(&tally))]);
    let names = files.iter().zip(&claims.files).map(|(file, read)| CheckedColumns {
        role: Role::Claims.name(),
        file: file.source.name.clone(),
        names: read.columns.account(),
    });
    let mut column_names: Vec<CheckedColumns> = names.collect();
    if let Some((file, table)) = &register {
        column_names.push(CheckedColumns {
            role: Role::Register.name(),
            file: file.source.name.clone(),
            names: table.columns.account(),
        });
    }
    let register = register.map(|(file, table)| -> Result<Register, RunError> {
        let register = Register::matched(&table, &claims.rows);
        file.source.is_accepted(&register.tally, accepted)?;
        Ok(register)
    });
    let register = register.transpose()?;
    columns.extend(register.iter().map(|register| (Role::Register.name(), ColumnAccount::of(&register.tally))));
    let inputs = BatchInputs {
        claims: &claims.rows,
        registered: register.as_ref().map(|register| register.of_claims.as_slice()),
        near_misses: &NearMisses::default(),
        earlier: &EarlierOutcomes::default(),
        stage: Stage::BeforeEarnings,
        origins: &[],
    };
    let payments = PaymentsByPerson::default();
    let mut counts = CheckCounts { most_findings, ..CheckCounts::default() };
    batch::each_decided(&context, inputs, &payments, &mut |decided| counts.add(&decided, &claims, &files));
    let rules = RULES.iter().filter_map(|rule| {
        let failed = *counts.failed.get(&rule.code)?;
        Some(CheckedRule { code: rule.code.as_str(), title: rule.title, failed })
    });
    Ok(CheckReport {
        scheme: context.scheme.id.clone(),
        status: context.scheme.status.name(),
        columns,
        column_names,
        claims: counts.claims,
        rejected: counts.rejected,
        queried: counts.queried,
        rules: rules.collect(),
        findings: counts.findings,
        all_findings: counts.all_findings,
    })
}

/// What is counted while claims are checked.
#[derive(Default)]
struct CheckCounts {
    claims: u64,
    rejected: u64,
    queried: u64,
    /// How many rows fail each rule that could be evaluated.
    failed: BTreeMap<Code, u64>,
    most_findings: usize,
    all_findings: u64,
    findings: Vec<CheckedFinding>,
}

impl CheckCounts {
    fn add(&mut self, decided: &[DecidedClaim<'_>], claims: &ClaimsRead, files: &[Sniffed]) {
        for DecidedClaim { claim, decision, .. } in decided {
            self.claims += 1;
            match decision.verdict {
                Verdict::Rejected => self.rejected += 1,
                Verdict::Queried => self.queried += 1,
                Verdict::Validated => {}
            }
            for (code, status) in &decision.statuses {
                if !matches!(status, Status::NotApplicable(_)) {
                    *self.failed.entry(*code).or_default() += u64::from(status.is_failure());
                }
            }
            self.all_findings += count_of(decision.findings.len());
            let wanted = self.most_findings.saturating_sub(self.findings.len());
            let index = usize::try_from(claim.row).unwrap_or(usize::MAX).saturating_sub(1);
            let (file, row) = claims.place(index).unwrap_or_default();
            let name = files.get(file).filter(|_| files.len() > 1).map(|file| file.source.name.clone());
            self.findings.extend(decision.findings.iter().take(wanted).map(|finding| CheckedFinding {
                file: name.clone(),
                row: u32::try_from(row + 1).unwrap_or(u32::MAX),
                line: claims.line(index),
                claim_id: claim.claim_id().map(|id| shown(id).to_owned()),
                code: finding.rule.code.as_str(),
                severity: finding.severity.name(),
                message: finding.message(),
            }));
        }
    }
}

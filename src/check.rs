//! `sustain check`: checks a claims file without earnings, so that a provider can correct it before submitting.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::account::ColumnNames;
use crate::account::columns::{ColumnAccount, ColumnAccounts};
use crate::batch::{self, BatchInputs, DecidedClaim, EarlierOutcomes, NearMisses, PaymentsByPerson, Stage};
use crate::domain::{Claim, Participant, SetAsideShare, Tally};
use crate::error::RunError;
use crate::extract::Role;
use crate::extract::file_options::InputOptions;
use crate::extract::paths;
use crate::extract::source::{InputFile, Sniffed};
use crate::extract::table;
use crate::extract::table::Table;
use crate::judge::{DecisionContext, Verdict};
use crate::matching::{ClaimsRead, Register};
use crate::rules::{RULES, Status};
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
    /// Every failure, by row.
    pub findings: Vec<CheckedFinding>,
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

/// Checks a claims file.
///
/// # Errors
/// A file cannot be used.
pub fn run(
    scheme: Scheme,
    claims: &[PathBuf],
    register: Option<PathBuf>,
    input_options: &InputOptions,
    set_aside: Option<SetAsideShare>,
) -> Result<CheckReport, RunError> {
    scheme.all_supplied()?;
    let context = DecisionContext { scheme, wages: WageTable::built_in()?, observed: Arc::default() };
    let accepted = SetAsideShare::OF_TABLE.raised_to(set_aside);
    let files = paths::batch(claims, &Claim::COLUMNS, &input_options.claims)?.files;
    let tables = files.iter().map(|file| table::read(file, &Claim::COLUMNS));
    let register = register.map(|path| -> Result<(Sniffed, Table), RunError> {
        let file = InputFile::new(path).read_as(&input_options.register).sniff()?;
        let table = table::read(&file, &Participant::COLUMNS)?;
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
    };
    let payments = PaymentsByPerson::default();
    let decided = batch::decide(&context, inputs, &payments);
    Ok(CheckReport { columns, column_names, ..checked(&context.scheme, &decided, &claims, &files) })
}

fn checked(scheme: &Scheme, decided: &[DecidedClaim<'_>], claims: &ClaimsRead, files: &[Sniffed]) -> CheckReport {
    let count = |verdict: Verdict| {
        let of = decided.iter().filter(|decided| decided.decision.verdict == verdict).count();
        u64::try_from(of).unwrap_or(u64::MAX)
    };
    let evaluated = |place: usize| {
        let statuses = decided.iter().map(|decided| decided.decision.statuses.get(place));
        statuses.flatten().any(|(_, status)| !matches!(status, Status::NotApplicable(_)))
    };
    let failed = |place: usize| {
        let statuses = decided.iter().filter_map(|decided| decided.decision.statuses.get(place));
        let fails = statuses.filter(|(_, status)| status.is_failure());
        u64::try_from(fails.count()).unwrap_or(u64::MAX)
    };
    let rules = RULES.iter().enumerate().filter(|(place, _)| evaluated(*place));
    let rules =
        rules.map(|(place, rule)| CheckedRule { code: rule.code.as_str(), title: rule.title, failed: failed(place) });
    let findings = decided.iter().flat_map(|DecidedClaim { claim, decision, .. }| {
        let index = usize::try_from(claim.row).unwrap_or(usize::MAX).saturating_sub(1);
        let (file, row) = claims.place(index).unwrap_or_default();
        let name = files.get(file).filter(|_| files.len() > 1).map(|file| file.source.name.clone());
        let line = claims.line(index);
        decision.findings.iter().map(move |finding| CheckedFinding {
            file: name.clone(),
            row: u32::try_from(row + 1).unwrap_or(u32::MAX),
            line,
            claim_id: claim.claim_id().map(str::to_owned),
            code: finding.rule.code.as_str(),
            severity: finding.severity.name(),
            message: finding.message(),
        })
    });
    CheckReport {
        scheme: scheme.id.clone(),
        status: scheme.status.name(),
        columns: BTreeMap::new(),
        column_names: Vec::new(),
        claims: crate::domain::count_of(decided.len()),
        rejected: count(Verdict::Rejected),
        queried: count(Verdict::Queried),
        rules: rules.collect(),
        findings: findings.collect(),
    }
}

//! Claims as a run recorded them: the row of the claim file, its findings and its evidence.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use chrono::NaiveDate;

use super::run::FinishedRun;
use crate::domain::{Claim, Masked, NinoText, Payment, Tally};
use crate::error::RunError;
use crate::judge::Verdict;
use crate::reopen::{ResultRow, each_batch, each_batch_of, each_whole_batch};

/// Which claims to explain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimSelector {
    /// Those with this `claim_id`.
    Claim(String),
    /// Those for this `participant_id`.
    Participant(String),
    /// The one in this row of the claims file, counted from 1.
    Row(u32),
}

/// A claim as a run recorded it.
#[derive(Debug, Clone)]
pub struct FiledClaim {
    /// The claim. Cells that could not be read are empty here.
    pub claim: Claim,
    /// Its cells as text, by column, empty ones left out; columns of the provider's own are not among them.
    pub cells: Masked<Vec<(String, String)>>,
    /// validated, rejected or queried.
    pub verdict: String,
    /// The first failing rule.
    pub primary_reason: Option<String>,
    /// The day the outcome was achieved.
    pub achieved_on: Option<String>,
    /// When a later extract can settle it.
    pub recheck_on: Option<NaiveDate>,
    /// When the participant started, by the register.
    pub participant_start: Option<NaiveDate>,
    /// Rules that do not apply, and why.
    pub not_applicable: Vec<(String, String)>,
    /// Rules that fail, in the order of the codes.
    pub findings: Vec<FiledFinding>,
    /// The earnings rows that were considered, in the order of the evidence.
    pub payments: Vec<FiledPayment>,
}

/// A failing rule as a run recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledFinding {
    /// The rule.
    pub code: String,
    /// reject, query or note.
    pub severity: String,
    /// What fails for this claim.
    pub message: String,
    /// What the rule read, by name.
    pub facts: Masked<Vec<(String, String)>>,
}

/// An earnings row as a run recorded it.
#[derive(Debug, Clone)]
pub struct FiledPayment {
    /// The payment.
    pub payment: Payment,
    /// What the run made of it, by column.
    pub cells: Masked<BTreeMap<String, String>>,
}

impl FiledPayment {
    /// A cell, where it holds something.
    pub fn cell(&self, column: &str) -> Option<&str> {
        self.cells.0.get(column).map(String::as_str)
    }
}

/// The selected claims of a run, by row number.
type ClaimsByRow = BTreeMap<u32, FiledClaim>;

/// Reads rows of one of a run's files.
type FileScan<'a> = &'a dyn Fn(&str, &mut dyn FnMut(&RecordBatch) -> Result<(), String>) -> Result<(), String>;

/// Finds claims in a run, in the order of the claims file.
///
/// # Errors
/// A file of the run cannot be read.
pub fn find(run: &FinishedRun, wanted: &ClaimSelector) -> Result<Vec<FiledClaim>, RunError> {
    let mut filed = ClaimsByRow::new();
    for id in ids(run, wanted)? {
        let read: FileScan<'_> = &|name, each| each_batch_of(&run.folder, name, id.as_deref(), each);
        // A batch read for one claim may hold a part of another claim, which is read in its own turn.
        let is_own = |row: &ResultRow<'_>| row.text("claim_id") == id && is_wanted(row, wanted);
        let mut own = ClaimsByRow::new();
        gather(read, &is_own, &mut own).map_err(|problem| run.failed(problem))?;
        filed.extend(own);
    }
    Ok(filed.into_values().collect())
}

/// The claims of these rows of the claims file, in one pass through the run's files.
///
/// # Errors
/// A file of the run cannot be read.
pub fn of_rows(run: &FinishedRun, rows: &BTreeSet<u32>) -> Result<ClaimsByRow, RunError> {
    let mut filed = ClaimsByRow::new();
    let read: FileScan<'_> = &|name, each| each_whole_batch(&run.folder, name, each);
    let is_wanted = |row: &ResultRow<'_>| row.number().is_ok_and(|number| rows.contains(&number));
    gather(read, &is_wanted, &mut filed).map_err(|problem| run.failed(problem))?;
    Ok(filed)
}

/// Adds the selected claims, with their findings and their evidence.
fn gather(
    read: FileScan<'_>,
    is_wanted: &dyn Fn(&ResultRow<'_>) -> bool,
    filed: &mut ClaimsByRow,
) -> Result<(), String> {
    let each_row = |name: &str, each: &mut dyn FnMut(&ResultRow<'_>) -> Result<(), String>| {
        read(name, &mut |batch| (0..batch.num_rows()).try_for_each(|number| each(&ResultRow::new(batch, number))))
    };
    for verdict in Verdict::ALL.map(Verdict::name) {
        each_row(&format!("{verdict}.parquet"), &mut |row| {
            if is_wanted(row) {
                filed.insert(row.number()?, filed_claim(row, verdict)?);
            }
            Ok(())
        })?;
    }
    each_row("findings.parquet", &mut |row| {
        let Some(own) = filed.get_mut(&row.number()?) else { return Ok(()) };
        own.findings.push(finding(row)?);
        Ok(())
    })?;
    each_row("evidence.parquet", &mut |row| {
        let Some(own) = filed.get_mut(&row.number()?) else { return Ok(()) };
        own.payments.push(payment(row)?);
        Ok(())
    })
}

fn is_wanted(row: &ResultRow<'_>, wanted: &ClaimSelector) -> bool {
    match wanted {
        ClaimSelector::Claim(id) => row.text("claim_id").as_ref() == Some(id),
        ClaimSelector::Participant(id) => row.text("participant_id").as_ref() == Some(id),
        ClaimSelector::Row(number) => row.number().is_ok_and(|own| own == *number),
    }
}

/// The numbers of the selected claims; `None` for a claim without one.
fn ids(run: &FinishedRun, wanted: &ClaimSelector) -> Result<BTreeSet<Option<String>>, RunError> {
    if let ClaimSelector::Claim(id) = wanted {
        return Ok(BTreeSet::from([Some(id.clone())]));
    }
    let mut ids = BTreeSet::new();
    for verdict in Verdict::ALL.map(Verdict::name) {
        let columns = ["claim_id", "participant_id", "claim_row"];
        each_batch(&run.folder, &format!("{verdict}.parquet"), &columns, &mut |batch| {
            for number in 0..batch.num_rows() {
                let row = ResultRow::new(batch, number);
                if is_wanted(&row, wanted) {
                    ids.insert(row.text("claim_id"));
                }
            }
            Ok(())
        })
        .map_err(|problem| run.failed(problem))?;
    }
    Ok(ids)
}

fn filed_claim(row: &ResultRow<'_>, verdict: &str) -> Result<FiledClaim, String> {
    let all = row.cells();
    let claim = Claim::read(row.number()?, |name| all.get(name).map(String::as_str), &mut Tally::default());
    let own = Claim::COLUMNS
        .iter()
        .filter_map(|column| all.get(column.name).map(|text| (column.name.to_owned(), text.clone())));
    Ok(FiledClaim {
        claim,
        cells: Masked(own.collect()),
        verdict: verdict.to_owned(),
        primary_reason: row.text("primary_reason"),
        achieved_on: row.text("achieved_on"),
        recheck_on: row.date("recheck_on"),
        participant_start: row.date("participant_start"),
        not_applicable: row.structures("not_applicable").into_iter().filter_map(pair).collect(),
        findings: Vec::new(),
        payments: Vec::new(),
    })
}

fn finding(row: &ResultRow<'_>) -> Result<FiledFinding, String> {
    let text = |column: &str| row.text(column).ok_or_else(|| format!("findings.parquet has no {column}"));
    Ok(FiledFinding {
        code: text("code")?,
        severity: text("severity")?,
        message: text("message")?,
        facts: Masked(row.structures("facts").into_iter().filter_map(pair).collect()),
    })
}

fn payment(row: &ResultRow<'_>) -> Result<FiledPayment, String> {
    let cells = row.cells();
    let cell = |name: &str| cells.get(name).map(String::as_str);
    let nino = cell("nino").map(NinoText::read).and_then(NinoText::well_formed).ok_or("a payment has no number")?;
    let number = cell("row").and_then(|row| row.parse().ok()).unwrap_or(0);
    let payment = Payment::read((0, number), nino, cell, &mut Tally::default())
        .map_err(|row| format!("a payment cannot be read: {}", row.unreadable))?;
    Ok(FiledPayment { payment, cells: Masked(cells) })
}

fn pair(texts: Vec<String>) -> Option<(String, String)> {
    let mut texts = texts.into_iter();
    texts.next().zip(texts.next())
}

//! Runs `sustain worklist`: what people must settle, oldest first, with columns to write the decision in.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use crate::account::RunAccount;
use crate::decide;
use crate::domain::Pence;
use crate::domain::day::add_days;
use crate::error::{InputError, RunError};
use crate::ledger::state::ClaimState;
use crate::ledger::{Access, Ledger, LedgerClaim};
use crate::progress::ProgressSink;
use crate::reopen::each_batch;
use crate::scheme::{Scheme, ledger_terms};
use crate::sealed;
use crate::staging::{Existing, Staging};
use crate::workbooks::csv::{spreadsheet_cell, table};
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet, xlsx};

/// What is known of each claim on the list.
const KNOWN: [(&str, u16); 16] = [
    ("provider_id", 14),
    ("contract_id", 14),
    ("claim_id", 16),
    ("attempt", 8),
    ("participant_id", 16),
    ("outcome", 20),
    ("amount_claimed", 14),
    ("payable_if_accepted", 14),
    ("state", 12),
    ("open_since", 12),
    ("days_open", 10),
    ("lapses_on", 12),
    ("recheck_on", 12),
    ("reasons", 16),
    ("messages", 60),
    ("changed", 40),
];

/// What people write: the columns of a file of decisions that the list does not fill in itself.
const WRITTEN: [(&str, u16); 7] = [
    ("decision", 12),
    ("reason", 16),
    ("evidence", 24),
    ("decided_by", 16),
    ("checked_by", 16),
    ("decided_on", 12),
    ("until", 12),
];

/// A list of what people must settle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Worklist {
    /// How many claims, by provider.
    pub claims: BTreeMap<String, u64>,
    /// What is claimed for them, in pence.
    pub claimed: i64,
    /// Since when the oldest is open.
    pub oldest: Option<String>,
}

/// Where a list goes.
enum Form {
    Xlsx,
    Csv,
    /// A workbook for each provider.
    Folder,
}

struct Line {
    provider_id: String,
    since: Option<NaiveDate>,
    cells: Vec<String>,
}

/// Writes what people must settle.
///
/// # Errors
/// The ledger cannot be trusted, something is in the place already, or it cannot be written.
pub fn run(folder: &Path, out: &Path, existing: Existing, progress: &dyn ProgressSink) -> Result<Worklist, RunError> {
    let ledger = Ledger::open(folder, Access::Read)?;
    let scheme = ledger.scheme()?;
    let form = match out.extension().map(std::ffi::OsStr::to_ascii_lowercase) {
        Some(extension) if extension == "xlsx" => Form::Xlsx,
        Some(extension) if extension == "csv" => Form::Csv,
        _ => Form::Folder,
    };
    let waiting: Vec<&LedgerClaim> = ledger.book.claims.iter().filter(|claim| is_to_be_settled(claim)).collect();
    let messages = messages(&ledger, &waiting)?;
    let mut lines: Vec<Line> = waiting.iter().map(|claim| line(claim, &ledger, &scheme, &messages)).collect();
    lines.sort_by(|one, other| {
        (one.since, &one.provider_id, &one.cells).cmp(&(other.since, &other.provider_id, &other.cells))
    });
    let mut list =
        Worklist { oldest: lines.first().and_then(|line| Some(line.since?.to_string())), ..Worklist::default() };
    for (line, claim) in lines.iter().zip(&waiting) {
        *list.claims.entry(line.provider_id.clone()).or_default() += 1;
        list.claimed += claim.claimed;
    }
    match form {
        Form::Xlsx => write_file(out, existing, &book(&lines, &scheme)?)?,
        Form::Csv => write_file(out, existing, csv(&lines)?.as_bytes())?,
        Form::Folder => write_folder(out, existing, &lines, &scheme, progress)?,
    }
    Ok(list)
}

/// Whether a person must settle a claim: it is open, or its payment is in question, and no decision keeps it as it is.
fn is_to_be_settled(claim: &LedgerClaim) -> bool {
    matches!(claim.state, ClaimState::Open | ClaimState::InQuestion) && claim.decision.is_none()
}

fn line(claim: &LedgerClaim, ledger: &Ledger, scheme: &Scheme, messages: &BTreeMap<(u32, u32), String>) -> Line {
    let cut_off = ledger.book.cut_off();
    let verdict = claim.verdict.as_ref();
    let given = verdict.map(|verdict| &verdict.given);
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let days_open = claim.open_since.zip(cut_off).map(|(since, now)| (now - since).num_days().to_string());
    let limit = ledger_terms::on(scheme.ledger.query_lapse_days.as_ref(), cut_off);
    let lapses_on = limit.zip(claim.open_since).filter(|_| claim.state == ClaimState::Open);
    let lapses_on = lapses_on.map(|(limit, since)| add_days(since, i64::from(limit)));
    let receipt = &claim.receipt;
    let message = verdict.and_then(|verdict| messages.get(&(verdict.month, verdict.given.row))).cloned();
    let cells = vec![
        receipt.provider_id.clone(),
        receipt.contract_id.clone(),
        receipt.claim_id.clone(),
        receipt.attempt.to_string(),
        receipt.participant_id.clone(),
        receipt.outcome.clone(),
        Pence(claim.claimed).plain(),
        Pence(claim.payable).plain(),
        claim.state.name().replace('_', " "),
        day(claim.open_since),
        days_open.unwrap_or_default(),
        day(lapses_on),
        day(given.and_then(|given| given.recheck_on)),
        given.map(|given| given.reasons.join(" ")).unwrap_or_default(),
        message.unwrap_or_default(),
        given.and_then(|given| given.changed.clone()).unwrap_or_default(),
    ];
    Line { provider_id: receipt.provider_id.clone(), since: claim.open_since, cells }
}

/// The messages of the reasons of claims, by the month that decided them last and their row there.
fn messages(ledger: &Ledger, waiting: &[&LedgerClaim]) -> Result<BTreeMap<(u32, u32), String>, RunError> {
    let mut by_month: BTreeMap<u32, std::collections::BTreeSet<u32>> = BTreeMap::new();
    for verdict in waiting.iter().filter_map(|claim| claim.verdict.as_ref()) {
        by_month.entry(verdict.month).or_default().insert(verdict.given.row);
    }
    let mut messages: BTreeMap<(u32, u32), String> = BTreeMap::new();
    for (month, rows) in by_month {
        let path = ledger.run_of(month);
        let run = sealed::open::<RunAccount>(&path)?;
        let read = each_batch(&run, "findings.parquet", &["claim_row", "severity", "message"], &mut |batch| {
            for number in 0..batch.num_rows() {
                let row = crate::reopen::ResultRow::new(batch, number);
                let claim_row = row.number()?;
                if !rows.contains(&claim_row) || row.text("severity").as_deref() == Some("note") {
                    continue;
                }
                let message = row.text("message").unwrap_or_default();
                let all = messages.entry((month, claim_row)).or_default();
                if !all.is_empty() {
                    all.push_str("; ");
                }
                all.push_str(&message);
            }
            Ok(())
        });
        read.map_err(|problem| InputError::new(path.display().to_string(), problem, "verify the ledger"))?;
    }
    Ok(messages)
}

fn csv(lines: &[Line]) -> Result<String, RunError> {
    let heads: Vec<&str> = KNOWN.iter().chain(&WRITTEN).map(|(head, _)| *head).collect();
    table(
        &heads,
        lines.iter().map(|line| {
            let written = WRITTEN.iter().map(|_| String::new());
            line.cells.iter().map(|cell| spreadsheet_cell(cell)).chain(written).collect()
        }),
    )
}

fn book(lines: &[Line], scheme: &Scheme) -> Result<Vec<u8>, RunError> {
    let title = format!("{}: claims to be settled", scheme.title);
    let columns: Vec<&str> = decide::COLUMNS.iter().map(|column| column.name).collect();
    let how = Sheet {
        tab: "how to".into(),
        title: title.clone(),
        lines: vec![
            "Fill in the sheet decisions: decision is accept, reject, withdraw or keep; leave it empty where nothing is settled yet.".into(),
            "Where there is a decision, reason, evidence, decided_by and decided_on are needed; checked_by where a second person stands behind it.".into(),
            "until is the last day for which the decision holds, where there is one. keep leaves an open claim open and lets it not lapse until then.".into(),
            "A payment in question is kept, or rejected and then recovered.".into(),
            format!("Give the workbook to sustain decide; it reads the columns {}.", columns.join(", ")),
        ],
        table: None,
    };
    let rows = lines.iter().map(|line| {
        let known = line.cells.iter().map(|cell| SheetCell::Text(cell.clone()));
        known.chain(WRITTEN.iter().map(|_| SheetCell::Text(String::new()))).collect()
    });
    let columns = KNOWN.iter().chain(&WRITTEN).copied().collect();
    let table = SheetTable { name: "decisions".into(), columns, rows: rows.collect() };
    let claims = Sheet { tab: "decisions".into(), title: String::new(), lines: Vec::new(), table: Some(table) };
    xlsx(&Spreadsheet { title, sheets: vec![how, claims] })
        .map_err(|_| RunError::Untrusted("the workbook could not be written".into()))
}

/// Writes one file, whole or not at all.
fn write_file(out: &Path, existing: Existing, bytes: &[u8]) -> Result<(), RunError> {
    let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| {
        let why = crate::error::describe_io_error(&error);
        RunError::Untrusted(format!("{} could not be written ({why})", out.display()))
    };
    // What people wrote in a list is theirs: only the same list gives way to itself.
    if existing == Existing::Keep && out.exists() {
        return Err(RunError::choice(
            format!("{} is already there", out.display()),
            "name another file with --out, or give --replace; what people wrote in it would be lost",
        ));
    }
    let mut file = tempfile::Builder::new().prefix(".worklist.sustain-").tempfile_in(parent).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match existing {
        Existing::Replace => file.persist(out).map_err(|error| failed(error.error))?,
        Existing::Keep => file.persist_noclobber(out).map_err(|error| failed(error.error))?,
    };
    crate::staging::flush_names(parent, out)
}

fn write_folder(
    out: &Path,
    existing: Existing,
    lines: &[Line],
    scheme: &Scheme,
    progress: &dyn ProgressSink,
) -> Result<(), RunError> {
    if out.exists() && existing == Existing::Keep {
        return Err(crate::staging::already_there(out));
    }
    if out.exists() && !holds_only_lists(out) {
        let problem = format!("{} holds files that are no worklists", out.display());
        return Err(RunError::choice(problem, "name another folder with --out"));
    }
    let staging = Staging::beside(out, progress)?;
    let mut by_provider: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        by_provider.entry(&line.provider_id).or_default().push(line);
    }
    for (number, (provider, own)) in (1_usize..).zip(by_provider) {
        let own: Vec<Line> = own
            .into_iter()
            .map(|line| Line { provider_id: line.provider_id.clone(), since: line.since, cells: line.cells.clone() })
            .collect();
        let bytes = book(&own, scheme)?;
        let name = file_name(number, provider);
        let full = |_| RunError::Untrusted(format!("{name} could not be written; is the disk full?"));
        staging.create(&name)?.write_all(&bytes).map_err(full)?;
    }
    staging.publish(existing)
}

fn holds_only_lists(out: &Path) -> bool {
    let entries = std::fs::read_dir(out).into_iter().flatten().flatten();
    entries.into_iter().all(|entry| {
        let name = PathBuf::from(entry.file_name());
        name.extension().is_some_and(|extension| extension == "xlsx")
    })
}

/// The name of a provider's file: its number on the list and the plain letters of its identifier, where they are no person's.
fn file_name(number: usize, provider: &str) -> String {
    let plain: String = crate::domain::withheld::shown(provider)
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .take(40)
        .collect();
    format!("{number:03}-{plain}.xlsx")
}

//! Runs `sustain decide`: what people settled is read from a file and recorded in a ledger, all of it or nothing.
//!
//! A decision never changes the program's verdict: it stands beside it, with who made it, when, why, and the payroll rows that it was
//! made on.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use crate::account::RunAccount;
use crate::domain::field::{Column, Field};
use crate::domain::reading::{Kind, says_not_given};
use crate::domain::withheld::shown;
use crate::domain::{Fault, Tally};
use crate::error::{InputError, RunError};
use crate::extract::file_options::FileOptions;
use crate::extract::source::InputFile;
use crate::extract::table::{self, Table, TableCells};
use crate::interrupt::publishing;
use crate::ledger::considered::{self, RowsHash};
use crate::ledger::event::{Decided, DecisionMade, Event, EventKind};
use crate::ledger::{Access, Book, Entries, Ledger, LedgerClaim};
use crate::sealed;

/// The columns of a file of decisions.
pub const COLUMNS: [Column; 10] = [
    Column::required("claim_id", &[], "the provider's number for the claim")
        .called(&["Claim", "Claim number", "Claim no", "Claim reference", "Claim ref"])
        .of(Kind::Identifier),
    Column::optional("provider_id", &[], "the provider; needed where two providers have the claim number")
        .of(Kind::Identifier),
    Column::optional("attempt", &[], "which attempt at the claim, counted from 1; the last where it is empty"),
    Column::required("decision", &[], "accept, reject, withdraw or keep; a row where it is empty is passed over")
        .of(Kind::Code),
    Column::required("reason", &[], "the reason, as a code of your own").called(&["Reason code"]),
    Column::required("evidence", &[], "where the evidence for the decision is kept")
        .called(&["Evidence reference", "Evidence ref"]),
    Column::required("decided_by", &[], "who decided").called(&["Who"]),
    Column::optional("checked_by", &[], "the second person, where the ledger asks for four eyes")
        .called(&["Second person", "Second"]),
    Column::required("decided_on", &[], "when it was decided, YYYY-MM-DD").called(&["Day", "Date"]).of(Kind::Date),
    Column::optional("until", &[], "the last day for which it holds, where there is one")
        .called(&["Until when"])
        .of(Kind::Date),
];

/// The sheet of a workbook of decisions.
pub const SHEET: &str = "decisions";

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct DecisionsRecorded {
    /// How many decisions, by what was decided.
    pub decisions: BTreeMap<&'static str, u64>,
    /// How many were recorded before, word for word, and were not recorded again.
    pub known_before: u64,
    /// How many rows have no decision.
    pub undecided: u64,
}

/// A decision as it is read.
struct ReadDecision<'a> {
    claim: &'a LedgerClaim,
    made: DecisionMade,
    day: NaiveDate,
}

/// Records what people settled.
///
/// # Errors
/// A row that cannot be recorded; all such rows are told, and nothing was recorded then.
pub fn run(ledger: &std::path::Path, decisions: &std::path::Path) -> Result<DecisionsRecorded, RunError> {
    let ledger = Ledger::open(ledger, Access::Write)?;
    let four_eyes = ledger.opening()?.four_eyes;
    let options = FileOptions { usual_sheet: Some(SHEET), filled_in: Some("the worklist"), ..FileOptions::default() };
    let sniffed = InputFile::new(PathBuf::from(decisions)).read_as(&Arc::new(options)).sniff()?;
    let table = table::read(&sniffed, &COLUMNS)?;
    table.whole(&sniffed)?;
    let cells = table.cells(&COLUMNS);
    let mut recorded = DecisionsRecorded::default();
    let mut entries = ledger.entries();
    let mut errors: Vec<InputError> = Vec::new();
    let mut first_rows: BTreeMap<i64, usize> = BTreeMap::new();
    let mut reads: Vec<ReadDecision<'_>> = Vec::new();
    let mut tally = Tally::default();
    for row in 0..table.frame.height() {
        if is_undecided(&cells, row) {
            recorded.undecided += 1;
            continue;
        }
        let read = read(&ledger.book, &cells, row, four_eyes, &mut tally).and_then(|read| {
            match first_rows.insert(read.claim.number, row) {
                Some(first) => {
                    let first = place(&table, first);
                    Err((format!("the claim is decided twice, here and {first}"), "leave one of the rows out"))
                }
                None => Ok(read),
            }
        });
        match read {
            Ok(read) => reads.push(read),
            Err((problem, hint)) => errors.push(error(&table, &sniffed, row, problem, hint)),
        }
    }
    match errors.len() {
        0 => {}
        1 => return Err(errors.remove(0).into()),
        _ => return Err(RunError::Inputs(errors)),
    }
    stand_on_evidence(&ledger, &mut reads)?;
    for read in &reads {
        record(&mut recorded, &mut entries, &ledger.book, read);
    }
    if !entries.is_empty() {
        let folder = ledger.folder().to_owned();
        publishing(&folder, || ledger.append(entries))?;
    }
    Ok(recorded)
}

/// Puts the payroll rows into decisions that they are made on: those of the run that decided each claim last.
fn stand_on_evidence(ledger: &Ledger, reads: &mut [ReadDecision<'_>]) -> Result<(), RunError> {
    let mut of_months: BTreeMap<u32, HashMap<u32, Option<NaiveDate>>> = BTreeMap::new();
    let last_of =
        |read: &ReadDecision<'_>| Some((read.claim.verdict.as_ref()?.month, read.claim.verdict.as_ref()?.given.row));
    for (month, row) in reads.iter().filter_map(last_of) {
        of_months.entry(month).or_default().insert(row, None);
    }
    let mut hashes: HashMap<(u32, u32), RowsHash> = HashMap::new();
    for (month, rows) in of_months {
        let path = ledger.run_of(month);
        let run = sealed::open::<RunAccount>(&path)?;
        let of_month = considered::hashes(&run, &rows);
        let of_month =
            of_month.map_err(|problem| InputError::new(path.display().to_string(), problem, "verify the ledger"))?;
        hashes.extend(of_month.into_iter().map(|(row, hash)| ((month, row), hash)));
    }
    for read in reads {
        let hash = last_of(read).map(|place| hashes.get(&place).copied().unwrap_or_default());
        let up_to = read.claim.verdict.as_ref().and_then(|verdict| verdict.given.evidence.up_to);
        read.made.made_on = hash.map(|hash| hash.up_to(up_to));
    }
    Ok(())
}

fn error(
    table: &Table,
    sniffed: &crate::extract::source::Sniffed,
    row: usize,
    problem: String,
    hint: &str,
) -> InputError {
    let problem = if table.lines.is_empty() { format!("row {}: {problem}", row + 1) } else { problem };
    table.error_in(sniffed, row, problem, format!("{hint}; nothing was recorded"))
}

/// Where a row stands, as the place of an error is told: its line in a text file, else which row it is.
fn place(table: &Table, row: usize) -> String {
    table.lines.get(row).map_or_else(|| format!("in row {}", row + 1), |line| format!("on line {line}"))
}

/// A row that nobody wrote a decision in, as worklists have them that come back.
fn is_undecided(cells: &TableCells, row: usize) -> bool {
    text(cells, row, "decision").is_none()
}

fn text<'a>(cells: &'a TableCells, row: usize, column: &str) -> Option<&'a str> {
    cells.get(row, column).map(str::trim).filter(|text| !text.is_empty())
}

type Refused = (String, &'static str);

fn needed<'a>(cells: &'a TableCells, row: usize, column: &str) -> Result<&'a str, Refused> {
    text(cells, row, column).ok_or_else(|| (format!("{column} is empty"), "fill it in"))
}

fn day(cells: &TableCells, row: usize, column: &'static str, tally: &mut Tally) -> Result<Option<NaiveDate>, Refused> {
    match tally.date(column, text(cells, row, column).map(crate::domain::Cell::Text)) {
        Field::Given(day) => Ok(Some(day)),
        Field::Empty => Ok(None),
        Field::Unreadable(..) => Err((format!("{column} is no day"), "write it as YYYY-MM-DD")),
    }
}

fn read<'a>(
    book: &'a Book,
    cells: &TableCells,
    row: usize,
    four_eyes: bool,
    tally: &mut Tally,
) -> Result<ReadDecision<'a>, Refused> {
    let claim = claim(book, cells, row)?;
    let decision = parse_decision(needed(cells, row, "decision")?)
        .map_err(|_| ("decision cannot be read".to_owned(), "accept, reject, withdraw or keep"))?;
    let made = DecisionMade {
        decision,
        reason: needed(cells, row, "reason")?.to_owned(),
        evidence_reference: needed(cells, row, "evidence")?.to_owned(),
        decided_by: needed(cells, row, "decided_by")?.to_owned(),
        checked_by: text(cells, row, "checked_by").map(str::to_owned),
        until: day(cells, row, "until", tally)?,
        made_on: None,
    };
    let decided_on = day(cells, row, "decided_on", tally)?;
    let decided_on = decided_on.ok_or_else(|| ("decided_on is empty".to_owned(), "write the day as YYYY-MM-DD"))?;
    let second = made.checked_by.as_deref();
    for (column, name) in [("decided_by", Some(made.decided_by.as_str())), ("checked_by", second)] {
        if name.is_some_and(|name| words_of(name).is_empty()) {
            return Err((format!("{column} names nobody"), "write the name of the person, or leave checked_by empty"));
        }
    }
    match second {
        Some(second) if words_of(second) == words_of(&made.decided_by) => {
            return Err(("decided_by and checked_by are the same person".into(), "two people stand behind a decision"));
        }
        None if four_eyes && decision == Decided::Accept => {
            return Err((
                "checked_by is empty".into(),
                "this ledger asks for four eyes: a second person stands behind whatever pays",
            ));
        }
        Some(_) | None => {}
    }
    if !book.is_of_its_time(decided_on) {
        let problem = format!("decided_on is {decided_on}, and {}", book.time_in_words());
        return Err((problem, "write a day from that one to a year behind it"));
    }
    if made.until.is_some_and(|until| until < decided_on) {
        return Err(("until is before decided_on".into(), "a decision holds from the day it is made"));
    }
    if !is_known(claim, &made, decided_on) {
        may_be_decided(claim, decision)?;
    }
    Ok(ReadDecision { claim, made, day: decided_on })
}

/// The words of a person's name, in order, however they are written; none where it is no name.
fn words_of(name: &str) -> Vec<String> {
    let plain: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let mut words: Vec<String> = plain
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    let says_nobody = ["none", "nobody", "nil", "null", "unknown", "tbc"].contains(&plain.trim());
    // Initials are two letters, and the number of a member of staff is three figures at least.
    let letters = plain.chars().filter(|letter| letter.is_alphabetic()).count();
    let is_short = letters < 2 && words.iter().map(String::len).sum::<usize>() < 3;
    if says_nobody || is_short || says_not_given(plain.trim()) { Vec::new() } else { words }
}

fn parse_decision(word: &str) -> Result<Decided, Fault> {
    let known = Decided::ALL.into_iter().find(|decided| decided.name() == word.to_lowercase());
    known.ok_or(Fault::expected("accept, reject, withdraw or keep"))
}

/// The claim that a row means: the last attempt, unless it says which.
fn claim<'a>(book: &'a Book, cells: &TableCells, row: usize) -> Result<&'a LedgerClaim, Refused> {
    let id = needed(cells, row, "claim_id")?;
    let provider = text(cells, row, "provider_id");
    let attempt = text(cells, row, "attempt").map(str::parse::<u32>).transpose();
    let attempt = attempt.map_err(|_| ("attempt is no number".to_owned(), "a whole number from 1, or nothing"))?;
    // A spreadsheet keeps a mark before what it would take for a formula.
    let is_id = |receipt_id: &str| receipt_id == id || id.strip_prefix('\'') == Some(receipt_id);
    let everywhere: Vec<&LedgerClaim> = book.claims.iter().filter(|claim| is_id(&claim.receipt.claim_id)).collect();
    let of_number: Vec<&LedgerClaim> = everywhere
        .iter()
        .copied()
        .filter(|claim| provider.is_none_or(|provider| claim.receipt.provider_id == provider))
        .filter(|claim| attempt.is_none_or(|attempt| claim.receipt.attempt == attempt))
        .collect();
    let last = of_number.last().copied().ok_or_else(|| not_there(id, provider, attempt, &everywhere))?;
    if of_number.iter().any(|claim| claim.receipt.provider_id != last.receipt.provider_id) {
        return Err((
            format!("several providers have a claim {}", shown(id)),
            "add the column provider_id, as the worklist has it",
        ));
    }
    Ok(last)
}

/// The most claims of a number that are told.
const MOST_TOLD: usize = 3;

/// The refusal of a claim that the ledger does not have: where it has the number for another provider or attempt, with those.
fn not_there(id: &str, provider: Option<&str>, attempt: Option<u32>, of_number: &[&LedgerClaim]) -> Refused {
    let of_provider = provider.map_or_else(String::new, |provider| format!(" of {}", shown(provider)));
    let of_attempt = attempt.map_or_else(String::new, |attempt| format!(", attempt {attempt}"));
    let missing = format!("the ledger has no claim {}{of_provider}{of_attempt}", shown(id));
    if of_number.is_empty() {
        return (missing, "write provider and claim number as the worklist has them");
    }
    let one =
        |claim: &&LedgerClaim| format!("of {}, attempt {}", shown(&claim.receipt.provider_id), claim.receipt.attempt);
    let told: Vec<String> = of_number.iter().take(MOST_TOLD).map(one).collect();
    let more = match of_number.len().saturating_sub(MOST_TOLD) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let hint = "write provider_id and attempt as the worklist has them, or leave out what does not matter";
    (format!("{missing}; it has the number {}{more}", told.join(", and ")), hint)
}

fn may_be_decided(claim: &LedgerClaim, decision: Decided) -> Result<(), Refused> {
    if claim.state.may_be_decided(decision) {
        return Ok(());
    }
    let id = shown(&claim.receipt.claim_id);
    let state = claim.state.name().replace('_', " ");
    let hint = if claim.state.was_paid() {
        "what was paid is settled; a payment that a month puts in question can be kept or rejected"
    } else {
        "leave the row out, or write a decision that the claim can still have"
    };
    Err((format!("claim {id} is {state} and cannot be decided as {}", decision.name()), hint))
}

/// Whether the decision in force is this very one.
fn is_known(claim: &LedgerClaim, made: &DecisionMade, day: NaiveDate) -> bool {
    claim.decision.as_ref().is_some_and(|last| {
        let same = DecisionMade { made_on: last.made.made_on.clone(), ..made.clone() };
        last.day == Some(day) && last.made == same
    })
}

fn record(recorded: &mut DecisionsRecorded, entries: &mut Entries, book: &Book, read: &ReadDecision<'_>) {
    if is_known(read.claim, &read.made, read.day) {
        recorded.known_before += 1;
        return;
    }
    *recorded.decisions.entry(read.made.decision.name()).or_default() += 1;
    let state = read.claim.state.held_by(read.made.decision);
    let event = Event::new(EventKind::Decision, book.month_number(), &read.made).about(read.claim.number, state);
    entries.push(Event { day: Some(read.day), ..event });
}

//! Runs `sustain pay`: what is payable and not yet paid, less what is to be recovered, as a payment schedule.
//!
//! A schedule is recorded in the ledger as a whole before its files are written: nothing can be in two, and a schedule whose files
//! were not put in their place, because the command was killed or the disk was full, is written again by the next `sustain pay`.

mod files;
mod schedule;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Serialize;

use crate::error::RunError;
use crate::interrupt::publishing;
use crate::ledger::event::{Event, EventKind, InSchedule};
use crate::ledger::{Access, Book, Ledger};
use crate::progress::ProgressSink;
use crate::sealed;
use crate::staging::{self, Existing, Staging};
use schedule::recorded;
pub use schedule::{ContractTotal, PaymentSchedule, ScheduleLine, due, record};

/// A request to pay.
#[derive(Debug, Clone)]
pub struct PayRequest {
    /// The folder of the ledger.
    pub ledger: PathBuf,
    /// Where the schedule goes; nothing where it is only shown.
    pub out: Option<PathBuf>,
    /// The day of payment; where none is given, the last day that the last month's extract speaks for, or
    /// that of the last schedule where it is later.
    pub day: Option<NaiveDate>,
    /// An earlier schedule that is to be written again, by its number.
    pub again: Option<u32>,
    /// Whether a schedule that is already there gives way.
    pub existing: Existing,
}

/// How paying ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HowPaid {
    /// Nothing was recorded: this is what a schedule would be.
    DryRun,
    /// A new schedule was recorded and written.
    New,
    /// Nothing is due that is in no schedule: the last one was written again, or is there already.
    Again,
}

/// What was paid, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payment {
    /// How it ended.
    pub how: HowPaid,
    /// The schedule.
    pub schedule: PaymentSchedule,
}

/// Pays what is due, or shows what would be paid.
///
/// # Errors
/// The ledger cannot be trusted or written, nothing was ever due, or the files cannot be written.
pub fn run(request: &PayRequest, progress: &dyn ProgressSink) -> Result<Payment, RunError> {
    let Some(out) = &request.out else {
        let ledger = Ledger::open(&request.ledger, Access::Read)?;
        let schedule = due(&ledger.book, &ledger.opening()?.scheme, request.day)?;
        return Ok(Payment { how: HowPaid::DryRun, schedule });
    };
    let ledger = Ledger::open(&request.ledger, Access::Write)?;
    let scheme = ledger.opening()?.scheme.clone();
    let last = ledger.book.schedules.last();
    let unwritten = ledger.book.schedules.iter().find(|schedule| !schedule.is_written).map(|one| one.made.schedule);
    let due = due(&ledger.book, &scheme, request.day)?;
    let number = match (request.again, unwritten, last) {
        (Some(number), _, _) => Some(number),
        (None, Some(number), _) => {
            progress.note(&format!(
                "schedule {number} was recorded, and its files were never put in their place: it is written now"
            ));
            Some(number)
        }
        (None, None, Some(last)) if due.lines.is_empty() => Some(last.made.schedule),
        (None, None, _) => None,
    };
    if number.is_none() && due.lines.is_empty() {
        return Err(RunError::choice(
            nothing_due(&ledger.book),
            "sustain ledger balance shows what the claims come to",
        ));
    }
    if let Some(number) = number {
        let schedule = write(recorded(&ledger.book, &scheme, number)?, out, request.existing, progress)?;
        note_written(ledger, number, out)?;
        return Ok(Payment { how: HowPaid::Again, schedule });
    }
    has_room(out, request.existing)?;
    let number = due.schedule;
    let mut entries = ledger.entries();
    record(&due, &mut entries);
    publishing(&request.ledger, || ledger.append(entries))?;
    let written = || -> Result<(Ledger, PaymentSchedule), RunError> {
        let ledger = Ledger::open(&request.ledger, Access::Write)?;
        let schedule = write(recorded(&ledger.book, &scheme, number)?, out, request.existing, progress)?;
        Ok((ledger, schedule))
    };
    let (ledger, schedule) = written().map_err(|error| not_written(number, error))?;
    note_written(ledger, number, out)?;
    // What is not in a schedule is told by the command that drew it up, and is no part of what was recorded.
    let (without_amount, decisions_ended) = (due.without_amount, due.decisions_ended);
    Ok(Payment { how: HowPaid::New, schedule: PaymentSchedule { without_amount, decisions_ended, ..schedule } })
}

/// The error of a schedule that was recorded and whose files are not in their place.
fn not_written(number: u32, error: RunError) -> RunError {
    if matches!(error, RunError::AfterPublishing(_)) {
        return error;
    }
    RunError::AfterRecording {
        problem: format!("schedule {number} was recorded, but its files were not put in their place: {error}"),
        hint: "sustain pay writes the same schedule, as it was recorded",
    }
}

fn nothing_due(book: &Book) -> String {
    match book.month_number() {
        0 => "nothing is due: no month of the ledger was done yet".to_owned(),
        _ => "nothing is due and nothing is to be recovered".to_owned(),
    }
}

/// Records that the files of a schedule are in their place.
fn note_written(ledger: Ledger, number: u32, out: &Path) -> Result<(), RunError> {
    let known = ledger.book.schedules.iter().any(|schedule| schedule.made.schedule == number && schedule.is_written);
    if known {
        return Ok(());
    }
    let mut entries = ledger.entries();
    let month = ledger.book.month_number();
    entries.push(Event::new(EventKind::Written, month, &InSchedule { schedule: number, answers: None }));
    let folder = ledger.folder().to_owned();
    let noted = publishing(&folder, || ledger.append(entries));
    noted.map(|_| ()).map_err(|error| {
        RunError::AfterPublishing(format!("{} was published, but the ledger does not say so: {error}", out.display()))
    })
}

/// Looks whether a schedule may be written, before it is recorded.
fn has_room(out: &Path, existing: Existing) -> Result<(), RunError> {
    if !out.exists() {
        return Ok(());
    }
    match existing {
        Existing::Keep => Err(staging::already_there(out)),
        Existing::Replace => staging::only_holds(out, &files::NAMES),
    }
}

fn write(
    mut schedule: PaymentSchedule,
    out: &Path,
    existing: Existing,
    progress: &dyn ProgressSink,
) -> Result<PaymentSchedule, RunError> {
    let there = out.exists().then(|| sealed::open::<PaymentSchedule>(out)).and_then(Result::ok);
    let there = there.and_then(|folder| sealed::verify::<PaymentSchedule>(&folder).ok());
    let is_same = |there: &PaymentSchedule| {
        PaymentSchedule { outputs: Vec::new(), seal: String::new(), ..there.clone() } == schedule
    };
    if let Some(there) = there.filter(is_same) {
        Staging::sweep(out, progress);
        return Ok(there);
    }
    has_room(out, existing)?;
    let staging = Staging::beside(out, progress)?;
    files::write(&mut schedule, &staging)?;
    staging.publish(existing)?;
    Ok(schedule)
}

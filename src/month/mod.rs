//! Runs `sustain month`: one month's work of a ledger, in one command.
//!
//! ```text
//!  claims sent ─ sent ─┐
//!  from_ledger ────────┴▶ validate ─ decided ─▶ record ─▶ events of the ledger
//!                          │             └─ changed_evidence ─ changes: what changed in the payroll rows, in words
//!                          └▶ runs/0001, an ordinary result; summary ─ page ─▶ runs/0001.html
//! ```
//!
//! New and corrected claims are taken in, every open claim is carried over, and what is due or was paid is looked at again. The run
//! lies in its place before the ledger records it; a run that is not recorded was left by a command that was killed, and gives way.

mod changed_evidence;
mod changes;
mod decided;
mod from_ledger;
#[cfg(test)]
mod histories;
mod page;
mod record;
mod sent;
mod summary;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::account::RunAccount;
use crate::domain::SetAsideShare;
use crate::error::{InputError, RunError, describe_io_error};
use crate::extract::file_options::InputOptions;
use crate::interrupt::Watched;
use crate::judge::Verdict;
use crate::ledger::event::{Event, EventKind, MonthDone};
use crate::ledger::{Access, Book, Entries, Ledger, ROOM, RUNS, considered, page_of, run_of};
use crate::progress::ProgressSink;
use crate::scheme::Scheme;
use crate::sealed;
use crate::staging::{Existing, private};
use crate::validate::{self, LedgerClaims, Limits, ValidateRequest};
use changed_evidence::{ChangedEvidence, days_of_decisions};
use decided::decided;
use from_ledger::ClaimsFromLedger;
use page::MonthPage;
use record::{ConsideredRows, MonthDecided};
use sent::{RowRole, SentClaims};

pub use summary::{CountAndPence, MonthSummary, NoLongerStanding};

/// A request to do a month's work.
#[derive(Debug, Clone)]
pub struct MonthRequest {
    /// The folder of the ledger.
    pub ledger: PathBuf,
    /// What providers sent this month: claims files, folders and globs. There may be none.
    pub claims: Vec<PathBuf>,
    /// Earnings files, folders and globs.
    pub earnings: Vec<PathBuf>,
    /// The register.
    pub register: Option<PathBuf>,
    /// How the files are to be read.
    pub input_options: InputOptions,
    /// The first day the extract speaks for, where it does not follow from its paydays.
    pub extract_from: Option<NaiveDate>,
    /// The last day the extract speaks for, where it does not follow from its paydays.
    pub extract_to: Option<NaiveDate>,
    /// The share of rows in which a column may be unreadable, where more than usual is accepted.
    pub set_aside: Option<SetAsideShare>,
    /// The memory budget in bytes, if there is one.
    pub memory: Option<u64>,
    /// What the run is held to.
    pub limits: Limits,
    /// Whether the verdicts are written as a workbook too.
    pub workbook: bool,
}

/// A month's work that was done.
pub struct MonthFinished {
    /// The account of its run.
    pub account: RunAccount,
    /// What the month came to.
    pub summary: MonthSummary,
    /// Where its run lies.
    pub run: PathBuf,
}

/// Does a month's work.
///
/// # Errors
/// An input, scheme or option that cannot be used, a run that cannot be trusted, or a ledger that cannot be written; nothing was
/// recorded then.
pub fn run(request: &MonthRequest, progress: &dyn ProgressSink) -> Result<MonthFinished, RunError> {
    let ledger = Ledger::open(&request.ledger, Access::Write)?;
    let month = ledger.book.month_number() + 1;
    sweep(&request.ledger, month)?;
    let finished = with_run(ledger, request, month, progress);
    if finished.is_err() {
        take_away(&request.ledger, month);
    }
    finished
}

/// The error of a month's run. One that is in its place, of which the disk is in doubt, is not recorded and goes again.
fn unrecorded_error(error: RunError) -> RunError {
    if matches!(error, RunError::AfterPublishing(_)) {
        return RunError::Untrusted("the disk did not confirm that the run of the month is saved".into());
    }
    error
}

/// Takes the run of a month away that could not be recorded. Another command may be at work by then, which is left alone; so is a month
/// that was recorded after all. What stays is taken away by the next month.
fn take_away(ledger: &Path, month: u32) {
    if let Ok(locked) = Ledger::open(ledger, Access::Write)
        && locked.book.month_number() < month
    {
        let _ = sweep(ledger, month);
    }
}

fn with_run(
    mut ledger: Ledger,
    request: &MonthRequest,
    month: u32,
    progress: &dyn ProgressSink,
) -> Result<MonthFinished, RunError> {
    let scheme = ledger.scheme()?;
    goes_on(&ledger.book, request.extract_to)?;
    has_register(&ledger, request)?;
    progress.step("reading the claims that were sent", None);
    let sent = match request.claims.as_slice() {
        [] => SentClaims::default(),
        claims => SentClaims::read(claims, &request.input_options.claims)?,
    };
    let mut roles = sent.roles(&ledger.book);
    let day = request.extract_to.or_else(|| ledger.book.cut_off());
    let from_ledger = ClaimsFromLedger::of(&ledger.book, &roles, &scheme, day);
    roles.extend(from_ledger.roles());

    let room = room(&request.ledger)?;
    let files = from_ledger.write(room.path())?;
    let earlier = Arc::new(from_ledger::earlier(&ledger.book, &scheme));
    // The run takes much memory, and the cells are in those files.
    ledger.forget_cells();
    let out = run_of(&request.ledger, month);
    let validate = ValidateRequest {
        scheme: scheme.clone(),
        settings: BTreeMap::new(),
        claims: request.claims.clone(),
        earnings: request.earnings.clone(),
        register: request.register.clone(),
        input_options: request.input_options.clone(),
        history: Vec::new(),
        ledger: Some(LedgerClaims { earlier, head: ledger.book.head.clone(), files }),
        extract_from: request.extract_from,
        extract_to: request.extract_to,
        set_aside: request.set_aside,
        memory: request.memory,
        limits: request.limits,
        workbook: request.workbook,
        out: out.clone(),
        existing: Existing::Keep,
    };
    // Until the month is recorded a signal takes its run away.
    let unrecorded =
        Watched::make(|| Ok(out.clone())).map_err(|error| RunError::Untrusted(describe_io_error(&error)))?;
    let account = validate::run(&validate, progress).map_err(unrecorded_error)?.account().clone();
    drop(room);
    is_of_these_claims(&account, &sent, &roles)?;

    progress.step("recording the month", None);
    let work = MonthWork { ledger: &ledger, scheme: &scheme, month, sent: &sent, roles: &roles };
    let (entries, summary, text) = work.of_run(&account, &out)?;
    write_page(&request.ledger, month, &text)?;
    let book = unrecorded.record(|| ledger.append(entries))?;
    // Many small pieces of memory: whoever goes on, or ends, need not wait for them.
    rayon::spawn(move || drop(book));
    Ok(MonthFinished { account, summary, run: out })
}

/// What a month has to record of its run.
struct MonthWork<'a> {
    ledger: &'a Ledger,
    scheme: &'a Scheme,
    month: u32,
    sent: &'a SentClaims,
    roles: &'a [RowRole],
}

impl MonthWork<'_> {
    /// The events of the month, what it came to, and its page, of a run that lies in `out`.
    fn of_run(&self, account: &RunAccount, out: &Path) -> Result<(Entries, MonthSummary, String), RunError> {
        let Self { ledger, scheme, month, sent, roles } = *self;
        let book = &ledger.book;
        let unreadable = |problem: String| InputError::new(out.display().to_string(), problem, "do the month again");
        let run = sealed::open::<RunAccount>(out)?;
        let cut_off = account.cut_off.date.as_ref().and_then(|day| day.parse().ok());
        goes_on(book, cut_off)?;
        let inputs = inputs_of(account, sent);
        if let Some(last) = book.last_month().filter(|last| last.done.inputs == inputs) {
            return Err(RunError::choice(
                format!("month {} was done with these very claims, register and earnings", last.number),
                "nothing was recorded; give the claims and the extract of the next month",
            ));
        }
        let decided = decided(&run).map_err(unreadable)?;
        let days = days_of_decisions(book, roles);
        // What was validated needs no decision, so that nobody asks what it stood on.
        let is_asked = |row: u32| {
            days.contains_key(&row) || decided.get(&row).is_some_and(|decided| decided.verdict != Verdict::Validated)
        };
        let counts = considered::counts(&run, &is_asked).map_err(unreadable)?;
        let hashes = considered::hashes(&run, &days).map_err(unreadable)?;
        let of_row = |(row, rows): (u32, u64)| {
            (row, ConsideredRows { rows, as_decided: hashes.get(&row).copied().unwrap_or_default() })
        };
        let considered: HashMap<u32, ConsideredRows> = counts.into_iter().map(of_row).collect();
        let changed = ChangedEvidence::of(book, roles, &decided, &considered, cut_off).changes(ledger, &run)?;
        let of_month = MonthDecided {
            book,
            scheme,
            month,
            cut_off,
            sent,
            roles,
            decided: &decided,
            considered: &considered,
            changed: &changed,
        };
        let mut entries = ledger.entries();
        let claims = of_month.record(&mut entries);
        let mut rows: BTreeMap<String, u64> = BTreeMap::new();
        for role in roles {
            *rows.entry(role.name().to_owned()).or_default() += 1;
        }
        let summary = MonthSummary::of(book, month, account, &rows, &claims);
        let text = MonthPage { account, summary: &summary, claims: &claims }.to_html();
        let done = MonthDone {
            fingerprint: account.fingerprint.clone(),
            seal: account.seal.clone(),
            inputs,
            cut_off,
            rows,
            page: blake3::hash(text.as_bytes()).to_hex().to_string(),
        };
        entries.push(Event { day: cut_off, ..Event::new(EventKind::Month, month, &done) });
        Ok((entries, summary, text))
    }
}

/// Refuses a month that goes back in time: what later records showed would be forgotten.
fn goes_on(book: &Book, cut_off: Option<NaiveDate>) -> Result<(), RunError> {
    match book.cut_off().zip(cut_off) {
        Some((last, day)) if day < last => Err(RunError::choice(
            format!("the extract speaks up to {day}, and that of the last month up to {last}"),
            "nothing was recorded; give an extract that is not older than the last month's",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Refuses a month without a register after one with it: claims that the register speaks against would be paid.
fn has_register(ledger: &Ledger, request: &MonthRequest) -> Result<(), RunError> {
    let Some(last) = ledger.book.last_month().filter(|_| request.register.is_none()) else { return Ok(()) };
    let run = sealed::open::<RunAccount>(&ledger.run_of(last.number))?;
    let account = sealed::read::<RunAccount>(&run)?;
    if account.inputs.iter().any(|input| input.role == "register") {
        return Err(RunError::choice(
            format!("month {} was decided with a register, and none is given for this one", last.number),
            "give --register: without it nothing it says against a claim would count; nothing was recorded",
        ));
    }
    Ok(())
}

/// The hash of what a month was given: the claims that were sent, the register, the earnings, and the days they speak for.
fn inputs_of(account: &RunAccount, sent: &SentClaims) -> String {
    let others = account.inputs.iter().filter(|input| input.role != "claims").map(|input| &input.blake3);
    let mut hasher = blake3::Hasher::new();
    for hash in sent.hashes.iter().chain(others) {
        hasher.update(hash.as_bytes());
    }
    hasher.update(account.cut_off.date.as_deref().unwrap_or_default().as_bytes());
    hasher.finalize().to_hex().to_string()
}

/// Removes the run and the page of a month that was never recorded.
fn sweep(ledger: &Path, month: u32) -> Result<(), RunError> {
    let removed = |result: std::io::Result<()>, path: &Path| match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            let problem =
                format!("{} was left by a month that was not recorded, and could not be removed", path.display());
            Err(RunError::Untrusted(format!("{problem} ({})", describe_io_error(&error))))
        }
        Ok(()) | Err(_) => Ok(()),
    };
    let (run, page) = (run_of(ledger, month), page_of(ledger, month));
    removed(fs::remove_dir_all(&run), &run)?;
    removed(fs::remove_file(&page), &page)?;
    Ok(())
}

/// A folder for the claims that the ledger brings; it is gone when the run has read them.
fn room(ledger: &Path) -> Result<Watched<tempfile::TempDir>, RunError> {
    let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    Watched::make(|| tempfile::Builder::new().prefix(ROOM).permissions(owner_only).tempdir_in(ledger)).map_err(
        |error| {
            RunError::Untrusted(format!("{} could not be written ({})", ledger.display(), describe_io_error(&error)))
        },
    )
}

/// Holds the run to the claims that were read before it: the files were the same, and every row of the batch is accounted for.
fn is_of_these_claims(account: &RunAccount, sent: &SentClaims, roles: &[RowRole]) -> Result<(), RunError> {
    let files: Vec<&str> =
        account.inputs.iter().filter(|input| input.role == "claims").map(|input| input.blake3.as_str()).collect();
    let is_same = files.iter().zip(&sent.hashes).all(|(read, sent)| read == sent) && sent.hashes.len() <= files.len();
    let rows = usize::try_from(account.claims.read).unwrap_or(usize::MAX);
    if is_same && rows == roles.len() {
        return Ok(());
    }
    Err(RunError::Untrusted("the claims files changed while they were read".into()))
}

fn write_page(ledger: &Path, month: u32, text: &str) -> Result<(), RunError> {
    let path = page_of(ledger, month);
    let failed = |error: std::io::Error| {
        RunError::Untrusted(format!("{} could not be written ({})", path.display(), describe_io_error(&error)))
    };
    let mut file = private(&path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    crate::files::open_folder(&ledger.join(RUNS)).and_then(|folder| folder.sync_all()).map_err(failed)
}

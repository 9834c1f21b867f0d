//! The database of a ledger: events are read in order, each held to the hash of those before it, and added in one transaction.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use chrono::NaiveDate;
use rayon::prelude::*;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, Transaction, params};

use super::body::Body;
use super::event::{Event, EventKind};
use super::migrate::{STEPS, migrate};
use super::seal::{is_sealed, seal};
use super::state::ClaimState;
use super::sweep::sweep;
use crate::error::{InputError, RunError, describe_io_error};
use crate::files;
use crate::staging::private;

/// The database in the folder of a ledger.
pub const DATABASE: &str = "ledger.sqlite";
/// The lock that whoever writes holds.
const LOCK: &str = "lock";
/// The format that this program writes.
pub(super) const FORMAT: i64 = 1;
/// The mark of a ledger among databases.
const APPLICATION: i64 = 0x5355_5354;
/// How much of the database whoever writes may hold in memory, in KiB.
const CACHE_KIB: i64 = 16 * 1024;
/// How long a reader waits for the moment in which another one cleans up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Events as [`recorded`] reads them.
const EVENTS: &str = "SELECT number, kind, month, claim, state, claimed, pence, day, body, hash FROM event";

/// How many events are held to the chain at once, while as many are read.
const EVENTS_AT_ONCE: usize = 8192;

/// What takes events, in order.
type TakeEvent<'a> = &'a mut (dyn FnMut(&Recorded, Body) -> Result<(), String> + Send);

/// What precedes the first event.
pub(super) const NOTHING_BEFORE: &str = "";

/// An event as the ledger holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its number, counted from 1.
    pub number: i64,
    /// The event.
    pub event: Event,
    /// Its hash.
    pub hash: String,
}

/// The database of a ledger, open.
pub(super) struct Store {
    folder: PathBuf,
    connection: Connection,
    /// Held by whoever writes.
    lock: Option<File>,
}

/// Whether a ledger is opened to be read or to be added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To be read, whoever writes meanwhile.
    Read,
    /// To be added to; nobody else does meanwhile.
    Write,
}

impl Store {
    /// Makes the database of a ledger in a folder that is being put together.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn create(folder: &Path) -> Result<Self, RunError> {
        // The library makes files that others can read; this one is the owner's from the beginning.
        private(&folder.join(DATABASE)).map_err(|error| cannot_write(&describe_io_error(&error)))?;
        private(&folder.join(LOCK)).map_err(|error| cannot_write(&describe_io_error(&error)))?;
        let connection = Connection::open(folder.join(DATABASE)).map_err(|error| cannot_write(&why(&error)))?;
        let made = connection.execute_batch(include_str!("schema.sql"));
        made.and_then(|()| settings(&connection, Access::Write)).map_err(|error| cannot_write(&why(&error)))?;
        Ok(Self { folder: folder.to_path_buf(), connection, lock: None })
    }

    /// Opens the database of a ledger.
    ///
    /// # Errors
    /// There is none, it is of a newer program, it was changed by something else, or somebody else writes in it.
    pub(super) fn open(folder: &Path, access: Access) -> Result<Self, RunError> {
        let path = folder.join(DATABASE);
        files::open(&path)
            .map_err(|error| no_ledger(folder, &format!("this is no ledger ({})", describe_io_error(&error))))?;
        let lock = match access {
            Access::Read => None,
            Access::Write => Some(lock(folder)?),
        };
        if access == Access::Write {
            sweep(folder);
        }
        is_sealed(folder)?;
        Self::open_unsealed(folder, access, lock)
    }

    /// Opens the database once it is known to be a file, and locked where it is to be written; nobody asks for its seal.
    pub(super) fn open_unsealed(folder: &Path, access: Access, lock: Option<File>) -> Result<Self, RunError> {
        let path = folder.join(DATABASE);
        let no_ledger = |problem: &str| no_ledger(folder, problem);
        let connection = connect(&path, access).map_err(|error| damaged(folder, &why(&error)))?;
        let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        if number("application_id").map_err(|error| damaged(folder, &why(&error)))? != APPLICATION {
            return Err(no_ledger("this database is no ledger"));
        }
        let format = number("user_version").map_err(|error| damaged(folder, &why(&error)))?;
        if (1..FORMAT).contains(&format) && access == Access::Write {
            drop(connection);
            migrate(folder, format, &STEPS)?;
            return Self::open_unsealed(folder, access, lock);
        }
        if format != FORMAT {
            return Err(InputError::new(
                folder.display().to_string(),
                format!("the ledger has format {format}, and this program knows format {FORMAT}"),
                "use the program that wrote it, or a newer one",
            )
            .into());
        }
        Ok(Self { folder: folder.to_path_buf(), connection, lock })
    }

    /// The folder of the ledger.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The connection, for queries.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Hands on every event in order with its body, each held to the hash of those before it. While some are handed on the next are
    /// read.
    ///
    /// # Errors
    /// An event is not as it was written.
    pub(super) fn each(&self, take: TakeEvent<'_>) -> Result<(), RunError> {
        let folder = self.folder.as_path();
        std::thread::scope(|scope| {
            let (hand_on, handed_on) = sync_channel(1);
            let taken = scope.spawn(move || take_in_order(folder, handed_on, take));
            let read = self.read(&hand_on);
            drop(hand_on);
            // What is wrong with an earlier event is said before what is wrong with a later one.
            taken.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).and(read)
        })
    }

    /// Reads every event in order, and hands on many at once.
    fn read(&self, hand_on: &SyncSender<Vec<Recorded>>) -> Result<(), RunError> {
        let failed = |error: rusqlite::Error| damaged(&self.folder, &why(&error));
        let mut statement = self.connection.prepare(&format!("{EVENTS} ORDER BY number")).map_err(failed)?;
        let events = statement.query_map([], recorded).map_err(failed)?;
        let (mut together, mut expected) = (Vec::new(), 1);
        let mut read = Ok(());
        for event in events {
            match event.map_err(failed).and_then(|event| event.ok_or_else(|| changed(&self.folder, expected))) {
                Ok(event) => together.push(event),
                Err(error) => {
                    read = Err(error);
                    break;
                }
            }
            expected += 1;
            if together.len() == EVENTS_AT_ONCE {
                // Where nobody takes them any more, an earlier event was wrong.
                let _ = hand_on.send(std::mem::take(&mut together));
            }
        }
        let _ = hand_on.send(together);
        read
    }

    /// The first event, which is not held to anything.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub(super) fn first(&self) -> Result<Recorded, RunError> {
        let found = self.connection.query_row(&format!("{EVENTS} WHERE number = 1"), [], recorded);
        let found = found.map_err(|error| damaged(&self.folder, &why(&error)))?;
        found.ok_or_else(|| changed(&self.folder, 1))
    }

    /// Adds events after the event `last`, all or none, and seals the database. While they are written `prove` holds them to those
    /// before them; only then are they recorded.
    ///
    /// # Errors
    /// What `prove` says, or they cannot be written: nothing was recorded, unless the error says that it was.
    pub(super) fn append(
        mut self,
        events: &[Recorded],
        last: i64,
        prove: impl FnOnce() -> Result<(), RunError> + Send,
    ) -> Result<(), RunError> {
        match self.add(events, prove) {
            Ok(proven) => proven?,
            Err(error) => return Err(self.after_failure(&why(&error), last, events.len())),
        }
        let Self { folder, connection, lock } = self;
        let sealed = seal(&folder, connection);
        drop(lock);
        sealed
    }

    fn add(
        &mut self,
        events: &[Recorded],
        prove: impl FnOnce() -> Result<(), RunError> + Send,
    ) -> rusqlite::Result<Result<(), RunError>> {
        // The pages that the next event changes too are in memory. More would only be memory that is taken for the first time.
        self.connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let (inserted, proven) = std::thread::scope(|scope| {
            let proven = scope.spawn(prove);
            let inserted = insert(&transaction, events);
            (inserted, proven.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        // A transaction that is dropped leaves nothing.
        if proven.is_ok() {
            inserted?;
            transaction.commit()?;
        }
        Ok(proven)
    }

    /// Looks whether events were recorded although the library reports a failure, as it does where a disk does not confirm.
    fn after_failure(self, why_not: &str, last: i64, added: usize) -> RunError {
        let Self { folder, connection, lock } = self;
        drop(connection);
        let wanted = last + i64::try_from(added).unwrap_or(0);
        let count = Connection::open(folder.join(DATABASE))
            .and_then(|again| again.query_row("SELECT max(number) FROM event", [], |row| row.get::<_, i64>(0)));
        drop(lock);
        match count {
            Ok(count) if count == wanted => after_recording(format!(
                "the work was recorded in {}, but the disk did not confirm that it is saved ({why_not})",
                folder.display()
            )),
            Ok(_) => cannot_write(why_not),
            Err(_) => after_recording(format!(
                "{} could not be written ({why_not}), nor be read to see whether anything was recorded",
                folder.display()
            )),
        }
    }
}

fn insert(transaction: &Transaction<'_>, events: &[Recorded]) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
    for Recorded { number, event, hash } in events {
        insert.execute(params![
            number,
            event.kind.name(),
            event.month,
            event.claim,
            event.state.map(ClaimState::name),
            event.claimed,
            event.pence,
            event.day.map(|day| day.to_string()),
            event.body,
            hash
        ])?;
    }
    Ok(())
}

/// Takes events as they are read: each is held to the hash of the one before it, and handed on with its body.
fn take_in_order(folder: &Path, read: Receiver<Vec<Recorded>>, take: TakeEvent<'_>) -> Result<(), RunError> {
    let (mut previous, mut expected) = (NOTHING_BEFORE.to_owned(), 1);
    for events in read {
        let before: Vec<&str> =
            std::iter::once(&previous).chain(events.iter().map(|event| &event.hash)).map(String::as_str).collect();
        let body = |(recorded, before): (&Recorded, &&str)| {
            let is_as_written = recorded.event.hash(recorded.number, before) == recorded.hash;
            is_as_written.then(|| Body::of(&recorded.event))
        };
        let bodies: Vec<Option<Result<Body, String>>> = events.par_iter().zip(&before).map(body).collect();
        for (recorded, body) in events.iter().zip(bodies) {
            let body = body.filter(|_| recorded.number == expected).ok_or_else(|| changed(folder, expected))?;
            let taken = body.and_then(|body| take(recorded, body));
            taken.map_err(|problem| contradiction(folder, expected, &problem))?;
            expected += 1;
        }
        previous = events.into_iter().last().map_or(previous, |last| last.hash);
    }
    Ok(())
}

/// Opens the database. Also who reads it opens it to write where that is allowed, and is then held to reading: the library can only
/// so take away the files beside it that it needs meanwhile. On a disk that can only be read nobody writes either, and it is
/// read as it stands.
fn connect(path: &Path, access: Access) -> rusqlite::Result<Connection> {
    let open = |flags: OpenFlags| {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        settings(&connection, access)?;
        if access == Access::Read {
            connection.pragma_update(None, "query_only", true)?;
        }
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
        Ok(connection)
    };
    match (open(OpenFlags::SQLITE_OPEN_READ_WRITE), access) {
        (Err(_), Access::Read) => open(OpenFlags::SQLITE_OPEN_READ_ONLY).or_else(|_| {
            let uri = format!("file:{}?immutable=1", escaped(path));
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(uri, flags)?;
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
            Ok(connection)
        }),
        (opened, _) => opened,
    }
}

/// A path within a URI of the library.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

/// The error of a ledger in which something was recorded, or may have been, and of which the disk is in doubt.
pub(super) fn after_recording(problem: String) -> RunError {
    RunError::AfterRecording {
        problem,
        hint: "run sustain ledger verify; the next command goes on from what is recorded",
    }
}

/// Durable by default: a commit is on disk before it is reported.
fn settings(connection: &Connection, access: Access) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    if access == Access::Write {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
    }
    Ok(())
}

fn recorded(row: &Row<'_>) -> rusqlite::Result<Option<Recorded>> {
    let Some(kind) = EventKind::parse(row.get_ref(1)?.as_str()?) else { return Ok(None) };
    let state = row.get_ref(4)?.as_str_or_null()?.map(|name| ClaimState::parse(name).ok_or(()));
    let day = row.get_ref(7)?.as_str_or_null()?.map(|day| day.parse::<NaiveDate>().map_err(|_| ()));
    let (Ok(state), Ok(day)) = (state.transpose(), day.transpose()) else { return Ok(None) };
    let event = Event {
        kind,
        month: row.get(2)?,
        claim: row.get(3)?,
        state,
        claimed: row.get(5)?,
        pence: row.get(6)?,
        day,
        body: row.get(8)?,
    };
    Ok(Some(Recorded { number: row.get(0)?, event, hash: row.get(9)? }))
}

fn lock(folder: &Path) -> Result<File, RunError> {
    let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(folder.join(LOCK));
    let lock = opened.map_err(|error| cannot_write(&describe_io_error(&error)))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(RunError::choice(
            format!("another command is writing in {}", folder.display()),
            "wait until it has ended, and give the command again; reading is possible meanwhile",
        )),
        Err(fs::TryLockError::Error(error)) => Err(cannot_write(&describe_io_error(&error))),
    }
}

/// Why the library refused, in plain words. Its own text may name what is in the ledger.
pub(super) fn why(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full",
        Some(ErrorCode::SystemIoFailure) => "the disk failed to read or to write it",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program holds it",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
            "permission is denied"
        }
        Some(ErrorCode::CannotOpen) => "it could not be opened",
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => "it is damaged",
        Some(ErrorCode::ConstraintViolation) => "it contradicts what is recorded",
        _ => "the database could not do it",
    }
    .to_owned()
}

fn cannot_write(why: &str) -> RunError {
    RunError::Untrusted(format!("the ledger could not be written ({why})"))
}

/// The error of a folder that is no ledger.
fn no_ledger(folder: &Path, problem: &str) -> RunError {
    InputError::new(folder.display().to_string(), problem, "name a folder that `sustain ledger new` made").into()
}

/// The error of a ledger that cannot be read as it was written.
pub(super) fn damaged(folder: &Path, why: &str) -> RunError {
    RunError::Unproven(InputError::new(
        folder.display().to_string(),
        format!("the ledger cannot be trusted: {why}"),
        "restore the folder from a copy; nothing was recorded",
    ))
}

fn changed(folder: &Path, number: i64) -> RunError {
    damaged(folder, &format!("event {number} is not as it was written"))
}

fn contradiction(folder: &Path, number: i64, problem: &str) -> RunError {
    damaged(folder, &format!("event {number} contradicts those before it: {problem}"))
}

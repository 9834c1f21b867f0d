//! The database of a ledger: events are read in order, each held to the hash of those before it, and added in one transaction.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDate;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, params};
use serde::{Deserialize, Serialize};

use super::RUNS;
use super::event::{Event, EventKind};
use super::migrate::{STEPS, migrate};
use super::state::ClaimState;
use crate::error::{InputError, RunError, describe_io_error};
use crate::files;
use crate::hash::hash_of;

/// The database in the folder of a ledger.
pub const DATABASE: &str = "ledger.sqlite";
/// What the database was after the last command that changed it.
const SEAL: &str = "ledger.seal";
/// The lock that whoever writes holds.
const LOCK: &str = "lock";
/// The format that this program writes.
pub(super) const FORMAT: i64 = 1;
/// The mark of a ledger among databases.
const APPLICATION: i64 = 0x5355_5354;
/// How long a reader waits for the moment in which another one cleans up.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// What the database was after the last command that changed it: the file, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    events: i64,
    head: String,
    bytes: u64,
    blake3: String,
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
            sealed_as_it_is(folder)?;
        }
        Self::locked(folder, access, lock)
    }

    /// Opens the database once it is known to be a file, and locked where it is to be written.
    fn locked(folder: &Path, access: Access, lock: Option<File>) -> Result<Self, RunError> {
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
            return Self::locked(folder, access, lock);
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

    /// Hands on every event in order, each held to the hash of those before it.
    ///
    /// # Errors
    /// An event is not as it was written.
    pub(super) fn each(&self, take: &mut dyn FnMut(&Recorded) -> Result<(), String>) -> Result<(), RunError> {
        let failed = |error: rusqlite::Error| damaged(&self.folder, &why(&error));
        let query =
            "SELECT number, kind, month, claim, state, claimed, pence, day, body, hash FROM event ORDER BY number";
        let mut statement = self.connection.prepare(query).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        let (mut previous, mut expected) = (NOTHING_BEFORE.to_owned(), 1);
        while let Some(row) = rows.next().map_err(failed)? {
            let recorded = recorded(row).map_err(failed)?;
            let recorded = recorded.ok_or_else(|| changed(&self.folder, expected))?;
            if recorded.number != expected || recorded.event.hash(expected, &previous) != recorded.hash {
                return Err(changed(&self.folder, expected));
            }
            take(&recorded).map_err(|problem| contradiction(&self.folder, expected, &problem))?;
            previous = recorded.hash;
            expected += 1;
        }
        Ok(())
    }

    /// The first event.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn first(&self) -> Result<Option<Recorded>, RunError> {
        let query =
            "SELECT number, kind, month, claim, state, claimed, pence, day, body, hash FROM event WHERE number = 1";
        let found = self.connection.query_row(query, [], recorded);
        found.map_err(|error| damaged(&self.folder, &why(&error)))
    }

    /// Adds events after the last one, all or none, and seals the database.
    ///
    /// # Errors
    /// They cannot be written: nothing was recorded, unless the error says that it was.
    pub(super) fn append(mut self, events: &[Event], last: i64, head: &str) -> Result<(), RunError> {
        let added = self.add(events, last, head);
        match added {
            Ok(()) => {}
            Err(error) => return Err(self.after_failure(&why(&error), last, events.len())),
        }
        seal(self)
    }

    fn add(&mut self, events: &[Event], last: i64, head: &str) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let insert = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
            let mut insert = transaction.prepare(insert)?;
            let mut previous = head.to_owned();
            for (number, event) in (last + 1..).zip(events) {
                let hash = event.hash(number, &previous);
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
                previous = hash;
            }
        }
        transaction.commit()
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
            Ok(count) if count == wanted => RunError::AfterPublishing(format!(
                "{} was recorded, but the disk did not confirm that it is saved ({why_not})",
                folder.display()
            )),
            Ok(_) => cannot_write(why_not),
            Err(_) => RunError::AfterPublishing(format!(
                "{} could not be written ({why_not}), nor be read to see whether anything was recorded",
                folder.display()
            )),
        }
    }
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
    let (kind, state, day): (String, Option<String>, Option<String>) = (row.get(1)?, row.get(4)?, row.get(7)?);
    let Some(kind) = EventKind::parse(&kind) else { return Ok(None) };
    let state = match state {
        None => None,
        Some(name) => match ClaimState::parse(&name) {
            None => return Ok(None),
            known @ Some(_) => known,
        },
    };
    let day = match day {
        None => None,
        Some(text) => match text.parse::<NaiveDate>() {
            Err(_) => return Ok(None),
            Ok(day) => Some(day),
        },
    };
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

fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Puts everything into the one file, and writes down what that file is.
fn seal(store: Store) -> Result<(), RunError> {
    let Store { folder, connection, lock } = store;
    let not_sealed = |why: &str| {
        RunError::AfterPublishing(format!("{} was recorded, but could not be sealed ({why})", folder.display()))
    };
    let head = connection
        .query_row("SELECT number, hash FROM event ORDER BY number DESC LIMIT 1", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })
        .map_err(|error| not_sealed(&why(&error)))?;
    // Where somebody reads, what was added stays beside the file until the next command; it is in the chain all the same.
    let is_whole = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))
        .is_ok_and(|busy| busy == 0);
    drop(connection);
    if is_whole {
        write_seal(&folder, head).map_err(|error| not_sealed(&error))?;
    }
    drop(lock);
    Ok(())
}

fn write_seal(folder: &Path, (events, head): (i64, String)) -> Result<(), String> {
    let (bytes, blake3) = hash_of(&folder.join(DATABASE)).map_err(|error| error.to_string())?;
    let text =
        serde_json::to_string_pretty(&Seal { events, head, bytes, blake3 }).map_err(|error| error.to_string())?;
    let io = |error: std::io::Error| describe_io_error(&error);
    let mut file = tempfile::Builder::new().prefix(SEAL_ROOM).tempfile_in(folder).map_err(io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(io)?;
    file.persist(folder.join(SEAL)).map_err(|error| io(error.error))?;
    files::open_folder(folder).and_then(|folder| folder.sync_all()).map_err(io)
}

/// Holds the database, byte for byte, to what it was after the last command that changed it. Where that command was killed before it
/// could write that down, the chain of events alone proves the ledger, and `false` is returned.
///
/// # Errors
/// The database was changed by something else.
pub fn sealed_as_it_is(folder: &Path) -> Result<bool, RunError> {
    let wal = folder.join(format!("{DATABASE}-wal"));
    if fs::metadata(wal).is_ok_and(|wal| wal.len() > 0) {
        return Ok(false);
    }
    let text = files::text(&folder.join(SEAL)).map_err(|error| damaged(folder, &describe_io_error(&error)))?;
    let seal: Seal = serde_json::from_str(&text).map_err(|_| damaged(folder, "its seal cannot be read"))?;
    if serde_json::to_string_pretty(&seal).ok().as_ref() != Some(&text) {
        return Err(damaged(folder, "its seal is not as it was written"));
    }
    let (bytes, blake3) = hash_of(&folder.join(DATABASE))?;
    let is_same_file = (bytes, &blake3) == (seal.bytes, &seal.blake3);
    let store = Store::open(folder, Access::Read)?;
    let sealed = "SELECT hash, (SELECT max(number) FROM event) FROM event WHERE number = ?1";
    let found = store.connection.query_row(sealed, [seal.events], |row| Ok((row.get(0)?, row.get(1)?)));
    let (head, last): (String, i64) = found.map_err(|_| damaged(folder, "it is not as the last command left it"))?;
    if head == seal.head && ((is_same_file && last == seal.events) || seal.events < last) {
        return Ok(is_same_file);
    }
    Err(damaged(folder, "it is not as the last command left it"))
}

/// How the names of files and folders begin that a command makes in the folder of a ledger and takes away again.
const TEMPORARY: [&str; 2] = [SEAL_ROOM, ROOM];
pub(super) const SEAL_ROOM: &str = ".ledger.seal.sustain-";

/// How the names of folders begin that hold the claims which a month is given by its ledger.
pub(crate) const ROOM: &str = ".month.sustain-";

/// Whether a run was being put together under this name.
fn is_staging(name: &str) -> bool {
    name.starts_with('.') && name.contains(".sustain-")
}

/// Takes away what commands that were killed left; nobody else writes meanwhile. What cannot be removed stays for the next command.
fn sweep(folder: &Path) {
    let of = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in of(folder).chain(of(&folder.join(RUNS))) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_of_run = entry.path().parent().is_some_and(|parent| parent.ends_with(RUNS)) && is_staging(&name);
        if is_of_run || TEMPORARY.iter().any(|prefix| name.starts_with(prefix)) {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let _ = if is_folder { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
        }
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

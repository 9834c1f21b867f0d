//! The seal of a ledger: what its database was, byte for byte, after the last command that changed it. The chain of events proves what
//! they say; the seal also finds a bit that is turned where no event stands.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::store::{Access, DATABASE, Store, after_recording, damaged, why};
use super::sweep::temporary;
use crate::error::{RunError, describe_io_error};
use crate::files;
use crate::hash::hash_of;

/// The seal in the folder of a ledger.
const FILE: &str = "ledger.seal";

/// What a database was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    /// How many events it had.
    events: i64,
    /// The hash of the last of them.
    head: String,
    /// The size of the file.
    bytes: u64,
    /// BLAKE3 of the file.
    blake3: String,
}

/// Puts everything that was recorded into the one file, closes it, and writes down what it is. Where somebody reads meanwhile, what was
/// added stays beside the file until the next command; the chain of events proves it all the same, and the seal is that of before.
///
/// # Errors
/// The seal cannot be written; what was recorded is.
pub(super) fn seal(folder: &Path, connection: Connection) -> Result<(), RunError> {
    let failed = |why: &str| {
        after_recording(format!("the work was recorded in {}, but it could not be sealed ({why})", folder.display()))
    };
    let last = "SELECT number, hash FROM event ORDER BY number DESC LIMIT 1";
    let last = connection.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?)));
    let (events, head) = last.map_err(|error| failed(&why(&error)))?;
    let checkpoint = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    drop(connection);
    match checkpoint {
        Ok(0) => write(folder, events, head).map_err(|why| failed(&why)),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn write(folder: &Path, events: i64, head: String) -> Result<(), String> {
    let (bytes, blake3) = hash_of(&folder.join(DATABASE)).map_err(|error| error.to_string())?;
    let seal = Seal { events, head, bytes, blake3 };
    let text = serde_json::to_string_pretty(&seal).map_err(|error| error.to_string())?;
    let io = |error: std::io::Error| describe_io_error(&error);
    let mut file = temporary(folder).map_err(io)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(io)?;
    file.persist(folder.join(FILE)).map_err(|error| io(error.error))?;
    files::open_folder(folder).and_then(|folder| folder.sync_all()).map_err(io)
}

/// Whether the database is, byte for byte, what it was after the last command that changed it. It is not where that command was killed
/// before it could write the seal; the chain of events alone proves the ledger then.
///
/// # Errors
/// Something else changed the database or the seal.
pub(super) fn is_sealed(folder: &Path) -> Result<bool, RunError> {
    if fs::metadata(folder.join(format!("{DATABASE}-wal"))).is_ok_and(|beside| beside.len() > 0) {
        return Ok(false);
    }
    let text = files::text(&folder.join(FILE)).map_err(|error| damaged(folder, &describe_io_error(&error)))?;
    let seal: Seal = serde_json::from_str(&text).map_err(|_| damaged(folder, "its seal cannot be read"))?;
    if serde_json::to_string_pretty(&seal).ok().as_ref() != Some(&text) {
        return Err(damaged(folder, "its seal is not as it was written"));
    }
    let (bytes, blake3) = hash_of(&folder.join(DATABASE))?;
    let is_same_file = (bytes, &blake3) == (seal.bytes, &seal.blake3);
    let changed = || damaged(folder, "it is not as the last command left it");
    let store = Store::open_unsealed(folder, Access::Read, None)?;
    let sealed = "SELECT hash, (SELECT max(number) FROM event) FROM event WHERE number = ?1";
    let found = store.connection().query_row(sealed, [seal.events], |row| Ok((row.get(0)?, row.get(1)?)));
    let (head, last): (String, i64) = found.map_err(|_| changed())?;
    let is_right = head == seal.head && ((is_same_file && last == seal.events) || seal.events < last);
    if is_right { Ok(is_same_file) } else { Err(changed()) }
}

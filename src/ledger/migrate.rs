//! Brings a ledger that an older program wrote forward to the format of this one: on a copy, which takes its place as a whole. The
//! ledger as it was stays beside it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::store::{DATABASE, why};
use super::sweep::temporary;
use crate::error::{RunError, describe_io_error};
use crate::files;

/// What changes a ledger from one format to the next: the first of these from format 1 to 2, and so on.
pub(super) const STEPS: [&str; 0] = [];

/// Where the ledger stays as it was.
pub(super) fn kept(folder: &Path, format: i64) -> PathBuf {
    folder.join(format!("ledger.format-{format}.sqlite"))
}

/// Brings the database of a ledger from a format to the one that follows all steps. Nobody else writes meanwhile.
///
/// # Errors
/// It cannot be written; the ledger is as it was then.
pub(super) fn migrate(folder: &Path, format: i64, steps: &[&str]) -> Result<(), RunError> {
    let failed = |why: &str| RunError::Untrusted(format!("the ledger could not be brought to the new format ({why})"));
    let io = |error: std::io::Error| failed(&describe_io_error(&error));
    let (database, kept) = (folder.join(DATABASE), kept(folder, format));
    let changed = temporary(folder).map_err(io)?;
    let skipped = usize::try_from(format - 1).unwrap_or(usize::MAX);
    let copy = || -> rusqlite::Result<()> {
        let mut connection = Connection::open(&database)?;
        // What lies beside the file is taken into it.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        connection.backup("main", changed.path(), None::<fn(rusqlite::backup::Progress)>)?;
        drop(connection);
        connection = Connection::open(changed.path())?;
        for (number, step) in steps.iter().enumerate().skip(skipped) {
            let transaction = connection.transaction()?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", i64::try_from(number + 2).unwrap_or(i64::MAX))?;
            transaction.commit()?;
        }
        connection.close().map_err(|(_, error)| error)
    };
    copy().map_err(|error| failed(&why(&error)))?;
    if !kept.exists() {
        fs::hard_link(&database, &kept).map_err(io)?;
    }
    changed.as_file().sync_all().map_err(io)?;
    changed.persist(&database).map_err(|error| io(error.error))?;
    files::open_folder(folder).and_then(|folder| folder.sync_all()).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(path: &Path) -> i64 {
        Connection::open(path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_older_ledger_is_brought_forward_and_stays_beside_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join(DATABASE);
        Connection::open(&database).unwrap().execute_batch(include_str!("schema.sql")).unwrap();
        let before = fs::read(&database).unwrap();
        let steps = ["ALTER TABLE event ADD COLUMN since TEXT", "CREATE TABLE more (number INTEGER)"];
        migrate(folder.path(), 1, &steps).unwrap();
        assert_eq!((format(&database), format(&kept(folder.path(), 1))), (3, 1));
        assert_eq!(fs::read(kept(folder.path(), 1)).unwrap(), before);
        Connection::open(&database).unwrap().execute_batch("SELECT since FROM event; SELECT number FROM more").unwrap();
    }

    #[test]
    fn the_format_of_this_program_is_the_one_after_all_steps() {
        assert_eq!(usize::try_from(super::super::store::FORMAT).unwrap(), 1 + STEPS.len());
    }

    #[test]
    fn a_step_that_fails_leaves_the_ledger_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join(DATABASE);
        Connection::open(&database).unwrap().execute_batch(include_str!("schema.sql")).unwrap();
        let before = fs::read(&database).unwrap();
        migrate(folder.path(), 1, &["SELECT nothing FROM nowhere"]).unwrap_err();
        assert_eq!(fs::read(&database).unwrap(), before);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, [DATABASE], "nothing is left beside it");
    }
}

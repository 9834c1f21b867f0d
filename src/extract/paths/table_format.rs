//! Folders of table formats. Which of their files hold rows that still stand is written in a log beside them; the other files
//! hold rows that were withdrawn, and a payment that was taken back would be read as paid.

use std::fs;
use std::path::Path;

use crate::error::InputError;

/// A table format, as its folder shows it.
struct TableFormat {
    /// The folder that it keeps its log in.
    log: &'static str,
    /// How the name of some file in that folder ends; any folder of the name will do where this is empty.
    with: &'static str,
    /// The format's name.
    name: &'static str,
    /// What Spark calls it; empty where Spark reads it as Parquet.
    spark: &'static str,
}

const FORMATS: [TableFormat; 4] = [
    TableFormat { log: "_delta_log", with: "", name: "a Delta table", spark: "delta" },
    TableFormat { log: "metadata", with: ".metadata.json", name: "an Iceberg table", spark: "iceberg" },
    TableFormat { log: ".hoodie", with: "", name: "a Hudi table", spark: "hudi" },
    TableFormat { log: "_spark_metadata", with: "", name: "the output of a Spark stream", spark: "parquet" },
];

impl TableFormat {
    fn is_here(&self, folder: &Path) -> bool {
        let log = folder.join(self.log);
        if self.with.is_empty() {
            return log.is_dir();
        }
        let Ok(entries) = fs::read_dir(&log) else { return false };
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().ends_with(self.with))
    }
}

/// Refuses a folder that is a table.
///
/// # Errors
/// The folder has the log of a table format.
pub(super) fn refuse(folder: &Path) -> Result<(), InputError> {
    refuse_as(folder, folder)
}

/// Refuses a folder that is part of a table, because a folder above it has the log.
///
/// # Errors
/// The folder, or one above it, has the log of a table format.
pub(super) fn refuse_parts(folder: &Path) -> Result<(), InputError> {
    let named = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // A folder that cannot be found is the walk's to tell.
    let Ok(real) = fs::canonicalize(named) else { return Ok(()) };
    real.ancestors().try_for_each(|above| refuse_as(above, named))
}

fn refuse_as(folder: &Path, shown: &Path) -> Result<(), InputError> {
    let Some(format) = FORMATS.iter().find(|format| format.is_here(folder)) else { return Ok(()) };
    let problem = format!(
        "this folder is {} or part of one (it has `{}`): its files also hold rows that were withdrawn",
        format.name, format.log
    );
    let hint = format!(
        "write the current rows to a folder of their own, as in Spark: spark.read.format(\"{}\").load(TABLE)\
         .write.parquet(FOLDER), and name that folder",
        format.spark
    );
    Err(InputError::new(shown.display().to_string(), problem, hint))
}

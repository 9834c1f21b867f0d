//! What stands in folders of extracts and is no extract: markers, checksums, notes, files of the operating system. Each is
//! left out with its name and the reason in the account.

use std::io::Read;
use std::path::Path;

use crate::domain::Column;
use crate::domain::field::Need;
use crate::error::InputError;
use crate::extract::columns::recognises;
use crate::extract::csv::Records;
use crate::extract::json_names::{Names, look_for_names};
use crate::extract::parquet::ParquetFile;
use crate::extract::source::{FileFormat, Sniffed};

/// Why a file is left out whose name begins with `_` or `.`.
pub(super) const HIDDEN: &str = "its name begins with `_` or `.`, and it has no columns of an extract";

const EMPTY: &str = "it is empty";
const CHECKSUM: &str = "it is a checksum or a signature";
const OF_THE_SYSTEM: &str = "it is a file that an operating system or an office program keeps for itself";
const MARKER: &str = "it is a marker, which holds no rows";
const NOTE: &str = "it is a note: no line of it has the columns of a table";
const NO_PAYMENTS: &str = "it is JSON in which no name is that of a payment's column";

/// How much of a note is looked at.
const NOTE_BYTES: u64 = 64 << 10;

/// Whether a name begins as names of what is no data do.
pub(super) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']))
}

/// Why a file is no extract, as its name or its size says.
pub(super) fn by_name(path: &Path, bytes: u64) -> Option<&'static str> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let begins = |with: &[&str]| with.iter().any(|with| name.starts_with(with));
    let ends = |with: &[&str]| with.iter().any(|with| name.ends_with(with));
    if bytes == 0 {
        Some(EMPTY)
    } else if ends(&[".crc", ".md5", ".sha", ".sha1", ".sha256", ".sha512", ".asc", ".sig"])
        || begins(&["md5sum", "sha1sum", "sha256sum", "sha512sum", "checksum"])
    {
        Some(CHECKSUM)
    } else if ["thumbs.db", "desktop.ini", ".ds_store"].contains(&name.as_str()) || begins(&["._", "~$", ".~lock."]) {
        Some(OF_THE_SYSTEM)
    } else if ["_success", "_metadata", "_common_metadata", ".gitignore", ".gitkeep"].contains(&name.as_str())
        || begins(&["_committed_", "_started_"])
        || ends(&["_$folder$"])
    {
        Some(MARKER)
    } else if ends(&[".pdf", ".doc", ".docx", ".rtf"]) {
        Some("it is a document")
    } else {
        None
    }
}

/// Why a file is no extract, as its content says; nothing where that is not plain, for then it is held to everything.
///
/// # Errors
/// The file cannot be read.
pub(super) fn by_content(sniffed: &Sniffed, columns: &[Column]) -> Result<Option<&'static str>, InputError> {
    Ok(match sniffed.format {
        FileFormat::Json => match look_for_names(sniffed, |name| recognises(columns, name))? {
            Names::NoneOfThese => Some(NO_PAYMENTS),
            Names::OneOfThese | Names::NotJson => None,
        },
        FileFormat::Csv if is_named_as_a_note(&sniffed.source.path) && !has_a_row(sniffed, columns)? => Some(NOTE),
        FileFormat::Csv | FileFormat::Parquet | FileFormat::Workbook => None,
    })
}

/// Whether a file has some of these columns.
///
/// # Errors
/// The file cannot be read.
pub(super) fn has_columns(sniffed: &Sniffed, columns: &[Column]) -> Result<bool, InputError> {
    let is_ours = |name: &str| recognises(columns, name);
    let several = |names: &[String]| 1 < names.iter().filter(|name| is_ours(name)).count();
    Ok(match sniffed.format {
        FileFormat::Parquet => several(&ParquetFile::open(sniffed)?.names),
        FileFormat::Csv => Records::new(sniffed.text()?, &is_ours).is_ok_and(|read| several(&read.header().names)),
        FileFormat::Json => matches!(look_for_names(sniffed, |name| recognises(columns, name))?, Names::OneOfThese),
        // What is in its sheets is not looked at.
        FileFormat::Workbook => true,
    })
}

fn is_named_as_a_note(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_plain_text = path
        .extension()
        .is_some_and(|ending| ["txt", "md", "log"].iter().any(|plain| ending.eq_ignore_ascii_case(plain)));
    is_plain_text || ["readme", "license", "licence"].contains(&name.as_str())
}

/// Whether some line at the beginning of a text has as many separators as a row of an extract has at least.
fn has_a_row(sniffed: &Sniffed, columns: &[Column]) -> Result<bool, InputError> {
    let mut text = Vec::new();
    sniffed.text()?.take(NOTE_BYTES).read_to_end(&mut text).map_err(|error| sniffed.broken(&error))?;
    let needed = columns.iter().filter(|column| column.need == Need::Required).count();
    let is_row =
        |line: &[u8]| b",;\t|".iter().any(|separator| needed <= 1 + memchr::memchr_iter(*separator, line).count());
    Ok(text.split(|byte| *byte == b'\n').any(is_row))
}

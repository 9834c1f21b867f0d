//! The manifest of a store: what it was made from, what it holds, and which files belong to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MANIFEST, damaged};
use crate::account::columns::ColumnAccounts;
use crate::account::{ColumnNames, LeftOut, Program, TextAccount};
use crate::domain::PaydayCounts;
use crate::error::{InputError, RunError, describe_io_error};

/// The form of store this program writes.
pub const FORM: u32 = 3;

/// The manifest of a store. It holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of the store; this program reads form 3.
    pub form: u32,
    /// The program that wrote it.
    pub program: Program,
    /// The files of the extract, in the order in which they were prepared.
    pub files: Vec<StoredFile>,
    /// What stood under the folders and globs that were named and was not read, because it is no data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// The files of the store.
    pub parts: Vec<StorePart>,
    /// BLAKE3 of this manifest as it is written with the seal left empty.
    pub seal: String,
}

/// A file of the extract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoredFile {
    /// Its name, without its folder.
    pub name: String,
    /// parquet, csv, json or workbook.
    pub format: String,
    /// none, gzip or zstd.
    pub compression: String,
    /// The encoding of a text file.
    pub encoding: Option<String>,
    /// The sheet of a workbook that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of its bytes.
    pub blake3: String,
    /// Its rows: those in the parts and those in quarantine.
    pub rows: u64,
    /// Rows whose National Insurance number is missing, malformed or a dummy.
    pub without_person: u64,
    /// Rows that are no records; they are in a quarantine file.
    pub quarantined: u64,
    /// How many of its rows have each payday, as `YYYY-MM-DD`, whoever's they are.
    pub paydays: BTreeMap<String, u64>,
    /// How the cells were written, by column, where there is something to tell, among the rows that name a person. Stores of
    /// versions before 0.2.0 have none: their cells were not read when they were prepared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: ColumnAccounts,
    /// For a CSV file, its bytes counted by kind of span.
    pub text: Option<TextAccount>,
    /// Columns that the names of its folders (`name=value`) give to its rows, with the value; null where it is not given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub folder_values: BTreeMap<String, Option<String>>,
    /// What was taken for what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_names: Option<ColumnNames>,
}

impl StoredFile {
    /// The paydays of its rows.
    pub fn paydays(&self) -> PaydayCounts {
        self.paydays.iter().filter_map(|(day, rows)| Some((day.parse::<NaiveDate>().ok()?, *rows))).collect()
    }
}

/// What a file of the store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Rows of the extract, sorted by stem.
    Rows,
    /// Rows that are no records, word for word.
    Quarantine,
}

/// A file of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StorePart {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub holds: PartKind,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// BLAKE3 of its bytes.
    pub blake3: String,
    /// BLAKE3 of the file beside it with the hashes of its blocks.
    pub blocks: String,
}

impl StorePart {
    /// The name of the file with the hashes of its blocks.
    pub fn blocks_name(&self) -> String {
        format!("{}.blocks", self.name.trim_end_matches(".parquet"))
    }
}

impl Manifest {
    /// The manifest of a store with nothing in it.
    pub fn empty() -> Self {
        Self {
            form: FORM,
            program: Program::this(),
            files: Vec::new(),
            left_out: Vec::new(),
            parts: Vec::new(),
            seal: String::new(),
        }
    }

    /// How many rows of the extract there are, quarantined ones included.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// The earliest and the latest payday of any row.
    pub fn paydays(&self) -> Option<(NaiveDate, NaiveDate)> {
        let ends = |file: &StoredFile| Some((file.paydays.keys().next()?.clone(), file.paydays.keys().last()?.clone()));
        let ends = self.files.iter().filter_map(ends);
        let ends = ends.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)));
        ends.and_then(|(first, last)| first.parse().ok().zip(last.parse().ok()))
    }

    /// Whether a file with these bytes, and these columns from the names of its folders, is in the store.
    pub fn has(&self, blake3: &str, folder_values: &BTreeMap<String, Option<String>>) -> bool {
        self.files.iter().any(|file| file.blake3 == blake3 && file.folder_values == *folder_values)
    }

    /// Adds what was left out beside the files that are added.
    pub fn leave_out(&mut self, left_out: &[LeftOut]) {
        let new: Vec<LeftOut> = left_out.iter().filter(|one| !self.left_out.contains(one)).cloned().collect();
        self.left_out.extend(new);
    }

    fn is_sealed(&self) -> bool {
        self.seal_of().is_some_and(|seal| seal == self.seal)
    }

    fn seal_of(&self) -> Option<String> {
        let unsealed = Self { seal: String::new(), ..self.clone() };
        let text = serde_json::to_string_pretty(&unsealed).ok()?;
        Some(blake3::hash(text.as_bytes()).to_hex().to_string())
    }

    fn contradiction(&self) -> Option<&'static str> {
        let held =
            |holds: PartKind| self.parts.iter().filter(|part| part.holds == holds).map(|part| part.rows).sum::<u64>();
        let quarantined: u64 = self.files.iter().map(|file| file.quarantined).sum();
        let names: BTreeSet<&str> = self.parts.iter().map(|part| part.name.as_str()).collect();
        let plain = |name: &str| !name.contains('/') && name.ends_with(".parquet");
        if held(PartKind::Rows) + quarantined != self.rows() || held(PartKind::Quarantine) != quarantined {
            return Some("its parts have not as many rows as its files");
        }
        let is_day = |day: &String| day.parse::<NaiveDate>().is_ok();
        if !self.files.iter().all(|file| file.paydays.keys().all(is_day)) {
            return Some("its paydays are not days");
        }
        if names.len() != self.parts.len() || !names.iter().all(|name| plain(name)) {
            return Some("its parts are not named as parts are");
        }
        None
    }

    /// Puts the manifest in a folder, in the place of one that is there, in one step. The folder is not flushed.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(mut self, folder: &Path) -> Result<Self, RunError> {
        let cannot = |error: std::io::Error| {
            RunError::Untrusted(format!(
                "{} could not be written ({})",
                folder.join(MANIFEST).display(),
                describe_io_error(&error)
            ))
        };
        let sealed = || RunError::Untrusted("the manifest could not be sealed".into());
        self.seal = self.seal_of().ok_or_else(sealed)?;
        let text = serde_json::to_string_pretty(&self).map_err(|_| sealed())? + "\n";
        let new = folder.join(".store.json.new");
        // What a killed run left there is no manifest.
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new).map_err(cannot)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(cannot)?;
        fs::rename(&new, folder.join(MANIFEST)).map_err(cannot)?;
        Ok(self)
    }
}

/// Reads the manifest of a store.
///
/// # Errors
/// It is not one, was changed, is of another form, or does not add up.
pub fn read(folder: &Path) -> Result<Manifest, InputError> {
    let text = crate::files::text_of_any_size(&folder.join(MANIFEST))
        .map_err(|error| damaged(folder, &format!("{MANIFEST} could not be read ({})", describe_io_error(&error))))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| {
        damaged(folder, &format!("{MANIFEST} is not a manifest, at line {}, column {}", error.line(), error.column()))
    })?;
    if manifest.form != FORM {
        return Err(damaged(
            folder,
            &format!("it has form {}, and this program reads form {FORM}; prepare the extract again", manifest.form),
        ));
    }
    if !manifest.is_sealed() {
        return Err(damaged(folder, &format!("{MANIFEST} is not the one that was written")));
    }
    match manifest.contradiction() {
        Some(contradiction) => Err(damaged(folder, contradiction)),
        None => Ok(manifest),
    }
}

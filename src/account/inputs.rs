//! What an account says of the files that were read, and of those that were left out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::columns::ColumnAccounts;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputAccount {
    /// claims, register or earnings.
    pub role: String,
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
    /// Its size in bytes, as it lies on disk.
    pub bytes: u64,
    /// BLAKE3 of those bytes.
    pub blake3: String,
    /// How many rows it has, quarantined ones included.
    pub rows: u64,
    /// How many of them were quarantined.
    pub quarantined: u64,
    /// Dates written day/month/year; for earnings, among the payments of claimed people.
    pub slashed_dates: u64,
    /// Cells with the mark of a spreadsheet on them, by kind.
    pub spreadsheet_damage: BTreeMap<String, u64>,
    /// For earnings, the rows by month of payday, as YYYY-MM, whoever's they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows_by_month: BTreeMap<String, u64>,
    /// How the cells were written, by column, where there is something to tell; for earnings, among the rows of claimed
    /// people. Results of versions before 0.2.0 have none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: ColumnAccounts,
    /// For a CSV file, to what each byte of its text belongs.
    pub text: Option<TextAccount>,
    /// The columns that the names of its folders (`name=value`) hold; each is read where the file itself does not have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_of_folders: Vec<String>,
    /// What was taken for what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column_names: Option<ColumnNames>,
}

/// A file or link that stands under a folder or glob that was named, and was not read, because it is no data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Its name under that folder.
    pub file: String,
    /// Why it is no data.
    pub reason: String,
}

/// The columns of a file. Of JSON, the names that occur in its payments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnNames {
    /// Our columns that the file has, each with the file's names for it.
    pub read: BTreeMap<String, Vec<String>>,
    /// Our columns that the file does not have.
    pub absent: Vec<String>,
    /// Columns of the file that are none of ours: carried through from claims, ignored elsewhere.
    pub other: Vec<String>,
    /// Columns that the person asked to pass over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
}

/// To what each byte of a CSV file's text belongs: the parts add up to the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextAccount {
    /// Bytes of the header.
    pub header_bytes: u64,
    /// Bytes of accepted records.
    pub record_bytes: u64,
    /// Bytes of quarantined spans.
    pub quarantined_bytes: u64,
    /// Bytes of blank lines.
    pub blank_bytes: u64,
    /// Blank lines.
    pub blank_lines: u64,
    /// Bytes of lines that are no rows and were set aside.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub set_aside_bytes: u64,
    /// Those lines by kind: `separator_line`, `title_line`, `repeated_header`, `empty_row`, `total_line`, `row_count_line` and `end_mark`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set_aside: BTreeMap<String, u64>,
}

/// Whether a count is left out of the account.
fn is_zero(count: &u64) -> bool {
    *count == 0
}

//! Maps a file's columns to ours.

use std::collections::BTreeMap;

use super::source::InputFile;
use crate::domain::Column;
use crate::domain::field::Need;
use crate::error::InputError;

/// For each of our columns, the places of the file's columns that may hold it, the one to be read first in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMapping {
    /// By our column's number.
    pub of: Vec<Vec<usize>>,
    /// The file's columns that are none of ours, with their names.
    pub extra: Vec<(usize, String)>,
}

/// Whether a name is one of a table's columns, under any of its names.
pub fn recognises(columns: &[Column], name: &str) -> bool {
    columns.iter().any(|column| column.name == name || column.also.contains(&name))
}

/// Finds each of our columns among a file's.
///
/// # Errors
/// A needed column that is not there (what was found is named), a name that occurs twice, or a column that occurs
/// under two of its names.
pub fn map_columns(source: &InputFile, columns: &[Column], names: &[String]) -> Result<ColumnMapping, InputError> {
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        if at.insert(name, index).is_some() {
            return Err(source.error(format!("the file has the column `{name}` twice"), "remove one of them"));
        }
    }
    let mut of = Vec::with_capacity(columns.len());
    for column in columns {
        let own = at.get(column.name).copied();
        let also: Vec<usize> = column.also.iter().filter_map(|name| at.get(name).copied()).collect();
        if own.is_some() && !also.is_empty() {
            let problem = format!("the file has the column `{}` under two of its names", column.name);
            return Err(source.error(problem, "remove one of them"));
        }
        of.push(own.into_iter().chain(also).collect::<Vec<_>>());
    }
    let missing: Vec<&Column> = columns
        .iter()
        .zip(&of)
        .filter(|(column, places)| column.need == Need::Required && places.is_empty())
        .map(|(column, _)| column)
        .collect();
    if !missing.is_empty() {
        return Err(missing_columns(source, &missing, names));
    }
    let extra = names.iter().enumerate().filter(|(_, name)| !recognises(columns, name));
    Ok(ColumnMapping { of, extra: extra.map(|(index, name)| (index, name.clone())).collect() })
}

fn missing_columns(source: &InputFile, missing: &[&Column], names: &[String]) -> InputError {
    let wanted: Vec<String> = missing.iter().map(|column| accepted(column)).collect();
    let near: Vec<String> = missing.iter().filter_map(|column| nearest(column.name, names)).collect();
    let found = names.iter().take(40).cloned().collect::<Vec<_>>().join(", ");
    let problem = format!(
        "the file has no column {}; found: {found}{}",
        wanted.join(", "),
        if names.len() > 40 { ", and more" } else { "" }
    );
    let hint = if near.is_empty() {
        "`sustain schemas` prints the columns of every input".to_owned()
    } else {
        format!("rename {}", near.join(", "))
    };
    source.error(problem, hint)
}

fn accepted(column: &Column) -> String {
    match column.also {
        [] => format!("`{}`", column.name),
        also => format!("`{}` (or {})", column.name, also.join(", ")),
    }
}

/// A column of the file that looks like a misspelling of ours.
fn nearest(wanted: &str, names: &[String]) -> Option<String> {
    let plain = |name: &str| name.to_lowercase().replace([' ', '-', '_'], "");
    let close = |name: &&String| strsim::damerau_levenshtein(&plain(wanted), &plain(name)) <= 2;
    names.iter().find(close).map(|name| format!("`{name}` to `{wanted}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Claim, Payment};

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    fn source() -> InputFile {
        InputFile::new("folder/extract.csv".into())
    }

    #[test]
    fn hmrc_names_are_read_without_an_option() {
        let hmrc = names(&[
            "nationalInsuranceNumber",
            "hmrcOfficeNumber",
            "employerPayeRef",
            "paymentDate",
            "payFrequency",
            "taxablePayInPeriod",
            "rtiReceivedDate",
            "hmrcReceiptTimestamp",
            "taxCode",
        ]);
        let places = map_columns(&source(), &Payment::COLUMNS, &hmrc).unwrap();
        assert_eq!(places.of[0], [0]);
        assert_eq!(places.of[19], [7, 6]);
        assert_eq!(places.extra, [(8, "taxCode".to_owned())]);
    }

    #[test]
    fn a_missing_column_is_named_with_what_was_found_and_what_it_may_be() {
        let error =
            map_columns(&source(), &Claim::COLUMNS, &names(&["claim_id", "provider_id", "Claim Date"])).unwrap_err();
        assert!(error.problem.contains("`nino`") && error.problem.contains("found: claim_id, provider_id, Claim Date"));
        assert!(error.hint.contains("rename `Claim Date` to `claim_date`"), "{}", error.hint);
    }

    #[test]
    fn a_column_under_two_names_is_refused() {
        let two = names(&["nino", "nationalInsuranceNumber"]);
        assert!(
            map_columns(&source(), &Payment::COLUMNS, &two).unwrap_err().problem.contains("under two of its names")
        );
    }
}

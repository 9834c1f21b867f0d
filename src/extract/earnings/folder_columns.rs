//! Columns that a file does not have itself and that the names of its folders give to every one of its rows.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};

use crate::domain::Payment;
use crate::error::InputError;
use crate::extract::columns::{ColumnMapping, map_columns, recognises};
use crate::extract::source::InputFile;

/// Our columns that the folders of a file give it, each with the value of all its rows.
#[derive(Debug, Clone, Default)]
pub(super) struct FolderColumns(Vec<FolderColumn>);

#[derive(Clone)]
struct FolderColumn {
    /// The number of our column.
    number: usize,
    /// The value; none where it is not given.
    value: Option<String>,
}

/// The value is the content of cells and is not shown.
impl std::fmt::Debug for FolderColumn {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("FolderColumn").field("number", &self.number).finish_non_exhaustive()
    }
}

impl FolderColumns {
    /// The columns that a file has not among these names, and its folders give it.
    ///
    /// # Errors
    /// Two folders that give it the same column.
    pub(super) fn of(source: &InputFile, names: &[String]) -> Result<Self, InputError> {
        let mut columns: Vec<FolderColumn> = Vec::new();
        for folder in &source.folder_values {
            let ours = |name: &str| Payment::COLUMNS.iter().position(|column| recognises(&[*column], name));
            let Some(number) = ours(&folder.column) else { continue };
            if columns.iter().any(|column| column.number == number) {
                let problem = format!("two of its folders are named `{}=...`", folder.column);
                return Err(source.error(problem, "rename one of the folders"));
            }
            if names.iter().all(|name| ours(name) != Some(number)) {
                columns.push(FolderColumn { number, value: folder.value.clone() });
            }
        }
        Ok(Self(columns))
    }

    /// Whether the folders give the column.
    pub(super) fn has(&self, number: usize) -> bool {
        self.0.iter().any(|column| column.number == number)
    }

    /// The value of a column, where the folders give one.
    pub(super) fn text(&self, number: usize) -> Option<&str> {
        self.0.iter().find(|column| column.number == number)?.value.as_deref()
    }

    /// A column as so many rows have it, where the folders give it.
    pub(super) fn array(&self, number: usize, rows: usize) -> Option<ArrayRef> {
        let column = self.0.iter().find(|column| column.number == number)?;
        Some(Arc::new(std::iter::repeat_n(column.value.as_deref(), rows).collect::<StringArray>()))
    }
}

/// Finds each of our columns among a file's, and in the names of its folders.
///
/// # Errors
/// As [`map_columns`] and [`FolderColumns::of`].
pub(super) fn map_with_folders(
    source: &InputFile,
    names: &[String],
) -> Result<(ColumnMapping, FolderColumns), InputError> {
    let folders = FolderColumns::of(source, names)?;
    let of_folders = folders.0.iter().filter_map(|column| Payment::COLUMNS.get(column.number));
    let all: Vec<String> = names.iter().cloned().chain(of_folders.map(|column| column.name.to_owned())).collect();
    let mut mapping = map_columns(source, &Payment::COLUMNS, &all)?;
    mapping.of.iter_mut().for_each(|places| places.retain(|place| *place < names.len()));
    Ok((mapping, folders))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::at;
    use crate::extract::paths::FolderValue;

    fn source(folders: &[(&str, Option<&str>)]) -> InputFile {
        let value = |(column, value): &(&str, Option<&str>)| FolderValue {
            column: (*column).to_owned(),
            value: value.map(str::to_owned),
        };
        let folder_values = folders.iter().map(value).collect();
        InputFile { folder_values, ..InputFile::new("part-0.csv".into()) }
    }

    fn names(names: &str) -> Vec<String> {
        names.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_column_that_the_file_lacks_is_taken_from_its_folder() {
        let source = source(&[("payFrequency", Some("M1")), ("leaving_date", None)]);
        let all = names("nino office_number paye_ref payment_date taxable_pay");
        let (mapping, folders) = map_with_folders(&source, &all).unwrap();
        assert!(mapping.of[at::PAY_FREQUENCY].is_empty() && mapping.of[at::TAXABLE_PAY] == [4]);
        assert_eq!(folders.text(at::PAY_FREQUENCY), Some("M1"));
        assert_eq!(folders.array(at::PAY_FREQUENCY, 3).map(|array| array.len()), Some(3));
        assert!(folders.has(at::LEAVING_DATE) && folders.text(at::LEAVING_DATE).is_none());
        assert_eq!(folders.array(at::LEAVING_DATE, 2).map(|array| array.null_count()), Some(2));
        assert!(folders.array(at::NINO, 2).is_none());
    }

    #[test]
    fn a_column_that_the_file_has_is_its_own() {
        let source = source(&[("pay_frequency", Some("M1"))]);
        let all = names("nino office_number paye_ref payment_date payFrequency taxable_pay");
        let (mapping, folders) = map_with_folders(&source, &all).unwrap();
        assert_eq!(mapping.of[at::PAY_FREQUENCY], [4]);
        assert!(!folders.has(at::PAY_FREQUENCY));
    }

    #[test]
    fn a_column_that_two_folders_give_is_refused() {
        let source = source(&[("pay_frequency", Some("M1")), ("payFrequency", Some("W1"))]);
        let error = FolderColumns::of(&source, &[]).unwrap_err();
        assert_eq!(error.problem, "two of its folders are named `payFrequency=...`");
    }

    #[test]
    fn a_needed_column_that_neither_has_is_missing() {
        let error = map_with_folders(&source(&[("pay_frequency", None)]), &names("nino paye_ref")).unwrap_err();
        assert!(error.problem.contains("`office_number`") && !error.problem.contains("`pay_frequency`"));
    }
}

//! Folders named `name=value`, as Hive, Spark and others write them: a column whose value is the same in every row beneath,
//! and which the files themselves then often lack.
//!
//! Where a file has the column too, what stands in its rows is read and the folder's name is not: rows are what an extract
//! says, and to compare every row with a name would cost more than it can tell.

use std::fmt;
use std::path::Path;

use crate::domain::payment::at;
use crate::domain::{NinoText, Payment};
use crate::error::InputError;
use crate::extract::columns::recognises;

/// What the name of a folder says of every row in the files beneath it.
#[derive(Clone, PartialEq, Eq)]
pub struct FolderValue {
    /// The name of the column, as the folder writes it.
    pub column: String,
    /// The value; none where the writer had none.
    pub value: Option<String>,
}

impl FolderValue {
    /// The two as a store keeps them.
    pub fn from_pair((column, value): (&String, &Option<String>)) -> Self {
        Self { column: column.clone(), value: value.clone() }
    }
}

/// Tells the column. The value is the content of cells and is not shown.
impl fmt::Debug for FolderValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, value } = self;
        let mut shown = out.debug_struct("FolderValue");
        shown.field("column", column).field("is_given", &value.is_some()).finish_non_exhaustive()
    }
}

/// What stands for a value that is not given.
const NOT_GIVEN: &str = "__HIVE_DEFAULT_PARTITION__";

/// Columns that must not stand in names of folders: names are shown in messages and accounts.
const PERSONAL: [usize; 5] = [at::NINO, at::SURNAME, at::FORENAME, at::DATE_OF_BIRTH, at::PAYROLL_ID];

/// The columns of ours that the folders of a path name, in the order of their names.
///
/// # Errors
/// A folder whose name holds personal data.
pub(super) fn values(path: &Path) -> Result<Vec<FolderValue>, InputError> {
    let folder = path.parent().unwrap_or(path);
    for above in folder.ancestors() {
        no_personal_data(above)?;
    }
    let values = folder.components().filter_map(|part| read(&part.as_os_str().to_string_lossy()));
    let mut values: Vec<FolderValue> = values.filter(|value| recognises(&Payment::COLUMNS, &value.column)).collect();
    values.sort_by(|one, other| one.column.cmp(&other.column));
    Ok(values)
}

/// Refuses a folder whose name holds the column of a person, or a person's number.
///
/// # Errors
/// It does. The message does not show the name.
pub(super) fn no_personal_data(folder: &Path) -> Result<(), InputError> {
    let Some(read) = folder.file_name().and_then(|name| read(&name.to_string_lossy())) else { return Ok(()) };
    let columns = || PERSONAL.iter().filter_map(|number| Payment::COLUMNS.get(*number));
    let is_personal = columns().any(|column| recognises(&[*column], &read.column));
    let is_number = read.value.is_some_and(|value| !matches!(NinoText::read(&value), NinoText::Malformed));
    if !is_personal && !is_number {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(folder).display().to_string();
    let above = if above.is_empty() { ".".to_owned() } else { above };
    let problem = format!("a folder there is named `{}=...`, and its name holds personal data", read.column);
    Err(InputError::new(above, problem, "write that column into the files, and divide the extract by another one"))
}

fn read(name: &str) -> Option<FolderValue> {
    let (column, value) = name.split_once('=')?;
    let (column, value) = (decoded(column), decoded(value));
    if column.trim().is_empty() {
        return None;
    }
    let value = Some(value).filter(|value| value != NOT_GIVEN && !value.trim().is_empty());
    Some(FolderValue { column, value })
}

/// A text with `%2F` and its like as the characters they stand for; what is no such sequence stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.filter(|digits| *first == b'%' && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if let Some(byte) = code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = behind.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<(String, Option<String>)> {
        read(name).map(|read| (read.column, read.value))
    }

    #[test]
    fn a_name_is_a_column_and_its_value() {
        let given = |column: &str, value: &str| Some((column.to_owned(), Some(value.to_owned())));
        assert_eq!(value("pay_frequency=M1"), given("pay_frequency", "M1"));
        assert_eq!(value("payment_date=2018-05-31"), given("payment_date", "2018-05-31"));
        assert_eq!(value("employer_name=Fen%20%26%20Co%2FNorth"), given("employer_name", "Fen & Co/North"));
        assert_eq!(value("employer_name=100%"), given("employer_name", "100%"));
        assert_eq!(value("employer_name=50%25=half"), given("employer_name", "50%=half"));
    }

    #[test]
    fn a_value_that_is_not_given_is_none() {
        assert_eq!(value("leaving_date=__HIVE_DEFAULT_PARTITION__"), Some(("leaving_date".to_owned(), None)));
        assert_eq!(value("leaving_date="), Some(("leaving_date".to_owned(), None)));
        assert_eq!(value("2018-05"), None);
        assert_eq!(value("=M1"), None);
    }

    #[test]
    fn a_name_with_personal_data_is_refused_and_not_shown() {
        for folder in ["rti/nino=NC100001A", "rti/date_of_birth=1990-01-15", "rti/key=NC%20100001", "surname=Nowak"] {
            let error = no_personal_data(Path::new(folder)).unwrap_err();
            let text = format!("{error} {}", error.hint);
            let value = folder.split_once('=').unwrap().1;
            assert!(!text.contains(value) && text.contains("=...`"), "{text}");
        }
        assert!(no_personal_data(Path::new("rti/pay_frequency=M1")).is_ok());
    }

    #[test]
    fn the_value_is_not_shown_for_debugging() {
        assert!(!format!("{:?}", read("payroll=7714")).contains("7714"));
    }
}

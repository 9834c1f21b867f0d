//! Rows of flat tables that are written as CSV and as XLSX while they are made, and may be many.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::csv::is_formula;
use crate::domain::Pence;
use crate::error::RunError;

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlatColumn {
    /// Its heading.
    pub(crate) heading: String,
    /// How many characters wide it is in a workbook.
    pub(crate) width: u16,
}

/// A cell. `Debug` would show what stands in it, and there is none.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum FlatCell<'a> {
    /// Nothing.
    Empty,
    /// Text; it is never taken for a formula.
    Text(Cow<'a, str>),
    /// A whole number.
    Number(u32),
    /// A day.
    Day(NaiveDate),
    /// An amount.
    Pounds(Pence),
}

impl<'a> From<&'a str> for FlatCell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> FlatCell<'a> {
    /// A text, where there is one.
    pub(crate) fn text(text: Option<Cow<'a, str>>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }

    /// A text of another value, where there is one.
    pub(crate) fn borrowed<S: AsRef<str> + ?Sized>(text: Option<&'a S>) -> Self {
        Self::text(text.map(|text| Cow::Borrowed(text.as_ref())))
    }

    /// A whole number, where there is one.
    pub(crate) fn number(number: Option<u32>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }

    /// A day, where there is one.
    pub(crate) fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }

    /// An amount, where there is one.
    pub(crate) fn pounds(amount: Option<Pence>) -> Self {
        amount.map_or(Self::Empty, Self::Pounds)
    }

    /// The same cell, with a text of its own.
    pub(crate) fn into_owned(self) -> FlatCell<'static> {
        match self {
            Self::Empty => FlatCell::Empty,
            Self::Text(text) => FlatCell::Text(Cow::Owned(text.into_owned())),
            Self::Number(number) => FlatCell::Number(number),
            Self::Day(day) => FlatCell::Day(day),
            Self::Pounds(amount) => FlatCell::Pounds(amount),
        }
    }

    /// The cell of a table of CSV that people open in a spreadsheet.
    fn csv(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) if is_formula(text) => Cow::Owned(format!("'{text}")),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Pounds(amount) => Cow::Owned(amount.plain()),
        }
    }
}

/// Lines of CSV.
pub(crate) struct CsvLines(::csv::Writer<Vec<u8>>);

impl Default for CsvLines {
    fn default() -> Self {
        Self(::csv::Writer::from_writer(Vec::new()))
    }
}

impl CsvLines {
    /// Adds a row.
    ///
    /// # Errors
    /// It has more or fewer cells than the one before.
    pub(crate) fn add(&mut self, row: &[FlatCell<'_>]) -> Result<(), RunError> {
        let written = row.iter().try_for_each(|cell| self.0.write_field(cell.csv().as_bytes()));
        written.and_then(|()| self.0.write_record(None::<&[u8]>)).map_err(|_| not_written())
    }

    /// The lines.
    ///
    /// # Errors
    /// Never: they are in memory.
    pub(crate) fn finish(self) -> Result<Vec<u8>, RunError> {
        self.0.into_inner().map_err(|_| not_written())
    }
}

fn not_written() -> RunError {
    RunError::Untrusted("a CSV table could not be written".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_written_as_data_and_never_as_a_formula() {
        let row = [
            FlatCell::from("=1+1"),
            FlatCell::from("a, \"b\""),
            FlatCell::borrowed(None::<&str>),
            FlatCell::number(Some(7)),
            FlatCell::day(NaiveDate::from_ymd_opt(2018, 5, 1)),
            FlatCell::pounds(Some(Pence(-1_250))),
        ];
        let mut lines = CsvLines::default();
        lines.add(&row).unwrap();
        let owned: Vec<FlatCell<'static>> = row.into_iter().map(FlatCell::into_owned).collect();
        lines.add(&owned).unwrap();
        let line = "'=1+1,\"a, \"\"b\"\"\",,7,2018-05-01,-12.50\n";
        assert_eq!(String::from_utf8(lines.finish().unwrap()).unwrap(), line.repeat(2));
    }

    #[test]
    fn a_row_that_lacks_a_cell_is_no_row() {
        let mut lines = CsvLines::default();
        lines.add(&[FlatCell::Number(1), FlatCell::Number(2)]).unwrap();
        assert!(lines.add(&[FlatCell::Number(1)]).is_err());
    }
}

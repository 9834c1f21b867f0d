//! What every row visitor reads of a row batch: the person of each row, and the dates in a column.

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Date32Type};
use chrono::NaiveDate;

use crate::domain::day::{day_number, from_day_number};
use crate::domain::payment::at;
use crate::domain::reading::date::{date, date_cell, day_stands_for_none};
use crate::domain::{Cell, NinoText, PaydayCounts, Payment};
use crate::error::RunError;
use crate::extract::row_batch::{RowBatch, UnreadableColumn};
use crate::extract::source::Sniffed;

/// Calls `each` with the National Insurance number of every row of a batch.
pub(crate) fn each_nino(row_batch: &RowBatch, mut each: impl FnMut(NinoText)) -> Result<(), UnreadableColumn> {
    let [column, ..] = Payment::COLUMNS;
    row_batch.each_cell(at::NINO, &column, |bytes| each(NinoText::read_bytes(bytes)))
}

/// The date in each row of a column, where it has one that can be read.
pub(crate) fn dates(row_batch: &RowBatch, number: usize) -> Result<Vec<Option<NaiveDate>>, UnreadableColumn> {
    let Some(column) = Payment::COLUMNS.get(number) else { return Ok(Vec::new()) };
    let mut dates = Vec::with_capacity(row_batch.len());
    let arrays = row_batch.columns.get(number).map(Vec::as_slice).unwrap_or_default();
    if let [array] = arrays
        && array.data_type() == &DataType::Date32
    {
        let day = |day: Option<i32>| day.filter(|day| !day_stands_for_none(*day)).map(from_day_number);
        dates.extend(array.as_primitive::<Date32Type>().iter().map(day));
        return Ok(dates);
    }
    row_batch.each_value(number, column, |cell| {
        dates.push(cell.and_then(|cell| date_cell(cell).ok()).and_then(|day| day.value));
    })?;
    Ok(dates)
}

/// Counts the paydays of rows. Most rows have the payday of the row before, so that few are parsed.
#[derive(Debug, Default)]
pub(crate) struct PaydayReader {
    /// What was counted.
    pub(crate) counts: PaydayCounts,
    /// The last payday that was read from text, as it was written, and the day it means.
    before: (Vec<u8>, Option<i32>),
}

impl PaydayReader {
    /// Counts the payday of a row of text; one that cannot be read is not counted.
    pub(crate) fn count(&mut self, text: &[u8]) {
        let (before, day) = &mut self.before;
        if text != before.as_slice() {
            text.clone_into(before);
            let text = std::str::from_utf8(text).unwrap_or_default();
            *day = date(text.trim()).ok().and_then(|day| day.value).map(day_number);
        }
        if let Some(day) = *day {
            self.counts.add(day, 1);
        }
    }

    /// Counts the payday of every row of a batch.
    ///
    /// # Errors
    /// A column that cannot be read.
    pub(crate) fn count_all(&mut self, row_batch: &RowBatch) -> Result<(), UnreadableColumn> {
        let Some(column) = Payment::COLUMNS.get(at::PAYMENT_DATE) else { return Ok(()) };
        let arrays = row_batch.columns.get(at::PAYMENT_DATE).map(Vec::as_slice).unwrap_or_default();
        if let [array] = arrays
            && let Some(days) = array.as_primitive_opt::<Date32Type>()
        {
            let given = days.iter().flatten().filter(|day| !day_stands_for_none(*day));
            given.for_each(|day| self.counts.add(day, 1));
            return Ok(());
        }
        row_batch.each_value(at::PAYMENT_DATE, column, |cell| {
            if let Some(Cell::Text(text)) = cell {
                self.count(text.as_bytes());
            } else if let Some(day) = cell.and_then(|cell| date_cell(cell).ok()).and_then(|day| day.value) {
                self.counts.add(day_number(day), 1);
            }
        })
    }
}

/// The error of a column of a file that no cell can be read from.
pub(crate) fn unreadable_column(file: Option<&Sniffed>, fault: &UnreadableColumn) -> RunError {
    let Some(file) = file else { return RunError::Untrusted("a row batch belongs to no file".into()) };
    let problem = format!("the column `{}` has values of the type {} that are no cells", fault.column, fault.type_name);
    file.source.error(problem, "write the column as text, dates or numbers").into()
}

//! A row batch: some thousands of rows of an extract, by column, not yet parsed into values.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Int64Array, PrimitiveArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    ArrowPrimitiveType, ArrowTimestampType, DataType, Date32Type, Decimal128Type, Field, Int64Type, Schema, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::util::display::FormatOptions;

use crate::domain::day::from_day_number;
use crate::domain::reading::date::date_cell;
use crate::domain::{Cell, Column, Kind, Reading};

/// A batch of earnings rows.
#[derive(Clone)]
pub struct RowBatch {
    /// The position of each row: which of the earnings files, counted from 0, and its row number there, counted from 1.
    pub rows: Vec<(u32, u32)>,
    /// The line each row begins on; empty if no row is from a text file, 0 for a row that is not.
    pub lines: Vec<u64>,
    /// For each of our columns the arrays that may hold it, the one to be read first in front, in the forms that a
    /// [`ColumnReader`](super::typed::ColumnReader) gives.
    pub columns: Vec<Vec<ArrayRef>>,
    /// Each row word for word, in a text file.
    pub raw: Option<StringArray>,
}

/// The cells of a row batch.
pub struct BatchCells {
    columns: Vec<Vec<Values>>,
}

/// The cells of one column, in one of the forms that a column reader gives.
enum Values {
    Text(StringArray),
    Views(StringViewArray),
    Days(Date32Array),
    Moments(TimestampMicrosecondArray),
    Hundredths(Decimal128Array),
    Numbers(Int64Array),
}

/// A column whose values cannot be shown as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableColumn {
    /// Our name of the column.
    pub column: &'static str,
    /// The type the file gives it.
    pub type_name: String,
}

impl RowBatch {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Calls `each` with the bytes of one column for every row, in order; they are empty where the cell is.
    ///
    /// # Errors
    /// A value that cannot be shown as text.
    #[inline]
    pub fn each_cell(
        &self,
        number: usize,
        column: &Column,
        mut each: impl FnMut(&[u8]),
    ) -> Result<(), UnreadableColumn> {
        let arrays = self.columns.get(number).map(Vec::as_slice).unwrap_or_default();
        if let [array] = arrays
            && let Some(views) = array.as_string_view_opt()
        {
            views.iter().for_each(|cell| each(cell.unwrap_or_default().as_bytes()));
            return Ok(());
        }
        self.each_value(number, column, |cell| match cell.map(Cell::to_text) {
            Some(text) => each(text.as_bytes()),
            None => each(&[]),
        })
    }

    /// Calls `each` with the cell of one column for every row, in order.
    ///
    /// # Errors
    /// A column that holds no cells.
    pub fn each_value(
        &self,
        number: usize,
        column: &Column,
        mut each: impl FnMut(Option<Cell<'_>>),
    ) -> Result<(), UnreadableColumn> {
        let arrays = self.columns.get(number).map(Vec::as_slice).unwrap_or_default();
        let values: Vec<Values> =
            arrays.iter().map(|array| Values::of(array, column.name)).collect::<Result<_, _>>()?;
        for row in 0..self.len() {
            each(values.iter().find_map(|values| values.at(row)));
        }
        Ok(())
    }

    /// Every column.
    ///
    /// # Errors
    /// A value that cannot be shown as text.
    pub fn cells(&self, columns: &[Column]) -> Result<BatchCells, UnreadableColumn> {
        let values = |(column, arrays): (&Column, &Vec<ArrayRef>)| {
            arrays.iter().map(|array| Values::of(array, column.name)).collect::<Result<Vec<_>, _>>()
        };
        Ok(BatchCells { columns: columns.iter().zip(&self.columns).map(values).collect::<Result<_, _>>()? })
    }
}

impl BatchCells {
    /// A cell: the first of the column's arrays that holds something in the row.
    pub fn cell(&self, number: usize, row: usize) -> Option<Cell<'_>> {
        self.columns.get(number)?.iter().find_map(|values| values.at(row))
    }
}

impl Values {
    /// The values of an array in one of these forms. The library's moments and whole numbers of other kinds are in stores
    /// that were prepared before.
    #[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types a cell may have a few")]
    fn of(array: &ArrayRef, column: &'static str) -> Result<Self, UnreadableColumn> {
        let values = match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().cloned().map(Self::Text),
            DataType::Utf8View => array.as_string_view_opt().cloned().map(Self::Views),
            DataType::Date32 => array.as_primitive_opt::<Date32Type>().cloned().map(Self::Days),
            DataType::Decimal128(_, 2) => array.as_primitive_opt::<Decimal128Type>().cloned().map(Self::Hundredths),
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => {
                let long = cast_with_options(array, &DataType::Int64, &STRICT).ok();
                long.and_then(|long| long.as_primitive_opt::<Int64Type>().cloned()).map(Self::Numbers)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                array.as_primitive_opt::<TimestampMicrosecondType>().cloned().map(Self::Moments)
            }
            _ => None,
        };
        values.ok_or_else(|| unreadable_column(array, column))
    }

    fn at(&self, row: usize) -> Option<Cell<'_>> {
        fn value<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
            (row < array.len() && !array.is_null(row)).then(|| array.value(row))
        }
        match self {
            Self::Text(texts) => text_at(texts, row).map(Cell::Text),
            Self::Views(texts) => {
                let present = row < texts.len() && !texts.is_null(row);
                present.then(|| Cell::Text(texts.value(row))).filter(|cell| !cell.is_blank())
            }
            Self::Days(days) => value(days, row).map(from_day_number).map(Cell::Day),
            Self::Moments(moments) => value(moments, row).map(Cell::Moment),
            Self::Hundredths(numbers) => {
                // More than a number of this kind holds is more than any amount, as the greatest of them is.
                value(numbers, row).map(|number| i64::try_from(number).unwrap_or(i64::MAX)).map(Cell::Hundredths)
            }
            Self::Numbers(numbers) => value(numbers, row).map(Cell::Number),
        }
    }
}

const STRICT: CastOptions<'static> = CastOptions { safe: false, format_options: FormatOptions::new() };

/// The text of an array in a row, where it has one; blanks are nothing.
pub fn text_at(array: &StringArray, row: usize) -> Option<&str> {
    let present = row < array.len() && !array.is_null(row);
    present.then(|| array.value(row)).filter(|text| !text.trim().is_empty())
}

fn unreadable_column(array: &ArrayRef, column: &'static str) -> UnreadableColumn {
    UnreadableColumn { column, type_name: array.data_type().to_string() }
}

/// An array of a result's file as text. Dates become `YYYY-MM-DD`, decimals and whole numbers their digits, floating-point numbers the
/// shortest digits that name them; midnight timestamps are dates.
pub fn as_text(array: &ArrayRef, column: &'static str) -> Result<StringArray, UnreadableColumn> {
    if let Some(text) = array.as_string_opt::<i32>() {
        return Ok(text.clone());
    }
    if !is_plain(array.data_type()) {
        return Err(unreadable_column(array, column));
    }
    let array = &in_utc(array);
    let cast = cast_with_options(array, &DataType::Utf8, &STRICT).map_err(|_| unreadable_column(array, column))?;
    let text = cast.as_string_opt::<i32>().ok_or_else(|| unreadable_column(array, column))?;
    if matches!(array.data_type(), DataType::Timestamp(..)) {
        return Ok(text.iter().map(|text| text.map(without_midnight)).collect());
    }
    Ok(text.clone())
}

/// A moment is the same in every zone: it is shown in UTC, whose name needs no table of zones.
#[expect(clippy::wildcard_enum_match_arm, reason = "only moments with a zone are shown otherwise")]
fn in_utc(array: &ArrayRef) -> ArrayRef {
    fn plain<T: ArrowTimestampType>(array: &ArrayRef) -> Option<ArrayRef> {
        let moments = array.as_primitive_opt::<T>()?.clone();
        Some(Arc::new(moments.with_timezone_opt(None::<Arc<str>>)))
    }
    let shown = match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, Some(_)) => plain::<TimestampSecondType>(array),
        DataType::Timestamp(TimeUnit::Millisecond, Some(_)) => plain::<TimestampMillisecondType>(array),
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => plain::<TimestampMicrosecondType>(array),
        DataType::Timestamp(TimeUnit::Nanosecond, Some(_)) => plain::<TimestampNanosecondType>(array),
        _ => None,
    };
    shown.unwrap_or_else(|| Arc::clone(array))
}

fn without_midnight(text: &str) -> &str {
    let time = text.split_once('T').map(|(_, time)| time);
    match time {
        Some("00:00:00" | "00:00:00Z") => text.get(..10).unwrap_or(text),
        Some(_) | None => text,
    }
}

/// An array in one of the forms that a column reader gives, as text that means the same in a column of this kind: the
/// midnight of a column of days is the day.
///
/// # Errors
/// A column that holds no cells.
pub fn to_text(array: &ArrayRef, kind: Kind, column: &'static str) -> Result<StringArray, UnreadableColumn> {
    if let Some(text) = array.as_string_opt::<i32>() {
        return Ok(text.clone());
    }
    let values = Values::of(array, column)?;
    Ok((0..array.len()).map(|row| values.at(row).map(|cell| cell_to_text(cell, kind))).collect())
}

fn cell_to_text(cell: Cell<'_>, kind: Kind) -> Cow<'_, str> {
    let day = match (kind, cell) {
        (Kind::Date, Cell::Day(_) | Cell::Moment(_)) => date_cell(cell).ok(),
        _ => None,
    };
    match day {
        Some(Reading { value: Some(day), .. }) => Cow::Owned(day.to_string()),
        // A day that stands for none may be one that has no plain form.
        Some(Reading { value: None, .. }) => Cow::Borrowed(NO_DATE),
        None => cell.to_text(),
    }
}

/// A date that stands for none.
const NO_DATE: &str = "9999-12-31";

/// Whether values of a type can be read as cells: no lists, structures, bytes or intervals.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types a cell may have a few")]
pub fn is_plain(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_plain(values),
        other => {
            other.is_integer()
                || other.is_floating()
                || matches!(
                    other,
                    DataType::Utf8
                        | DataType::LargeUtf8
                        | DataType::Utf8View
                        | DataType::Boolean
                        | DataType::Null
                        | DataType::Date32
                        | DataType::Date64
                        | DataType::Timestamp(..)
                        | DataType::Decimal128(..)
                        | DataType::Decimal64(..)
                        | DataType::Decimal32(..)
                        | DataType::Decimal256(..)
                )
        }
    }
}

/// A batch of text columns, for readers of text.
pub fn text_batch(names: &[String], columns: Vec<ArrayRef>) -> Option<RecordBatch> {
    let fields: Vec<Field> = names.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).ok()
}

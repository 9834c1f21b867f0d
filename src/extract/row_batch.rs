//! A row batch: some thousands of rows of an extract, by column, not yet parsed into values.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Int64Array, PrimitiveArray, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    ArrowPrimitiveType, ArrowTimestampType, DataType, Date32Type, Decimal128Type, Field, Int64Type, Schema, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::util::display::FormatOptions;

use crate::domain::day::from_day_number;
use crate::domain::{Cell, Column};

/// A batch of earnings rows.
#[derive(Clone)]
pub struct RowBatch {
    /// The position of each row: which of the earnings files, counted from 0, and its row number there, counted from 1.
    pub rows: Vec<(u32, u32)>,
    /// The line each row begins on; empty if no row is from a text file, 0 for a row that is not.
    pub lines: Vec<u64>,
    /// For each of our columns the arrays that may hold it, the one to be read first in front.
    pub columns: Vec<Vec<ArrayRef>>,
    /// Each row word for word, in a text file.
    pub raw: Option<StringArray>,
}

/// The cells of a row batch.
pub struct BatchCells {
    columns: Vec<Vec<Values>>,
}

/// The cells of one column: of the types that extracts use for dates, money, moments and numbers as they are, of every
/// other type as text.
enum Values {
    Text(StringArray),
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
        let texts: Vec<StringArray> =
            arrays.iter().map(|array| as_text(array, column.name)).collect::<Result<_, _>>()?;
        for row in 0..self.len() {
            each(texts.iter().find_map(|array| text_at(array, row)).unwrap_or_default().as_bytes());
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
    /// The values of an array. Money is read as it is only with two places, and days only in years that are written with
    /// four digits.
    #[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types a cell may have a few")]
    fn of(array: &ArrayRef, column: &'static str) -> Result<Self, UnreadableColumn> {
        let plain = match array.data_type() {
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
        let plain = plain.filter(Self::are_in_bounds);
        plain.map_or_else(|| as_text(array, column).map(Self::Text), Ok)
    }

    fn are_in_bounds(&self) -> bool {
        match self {
            Self::Days(days) => days.iter().flatten().all(|day| (FIRST_DAY..=LAST_DAY).contains(&day)),
            Self::Moments(moments) => {
                let bounds = i64::from(FIRST_DAY) * MICROSECONDS_A_DAY..=i64::from(LAST_DAY) * MICROSECONDS_A_DAY;
                moments.iter().flatten().all(|moment| bounds.contains(&moment))
            }
            Self::Hundredths(numbers) => numbers.iter().flatten().all(|number| i64::try_from(number).is_ok()),
            Self::Text(_) | Self::Numbers(_) => true,
        }
    }

    fn at(&self, row: usize) -> Option<Cell<'_>> {
        fn value<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
            (row < array.len() && !array.is_null(row)).then(|| array.value(row))
        }
        match self {
            Self::Text(texts) => text_at(texts, row).map(Cell::Text),
            Self::Days(days) => value(days, row).map(from_day_number).map(Cell::Day),
            Self::Moments(moments) => value(moments, row).map(Cell::Moment),
            Self::Hundredths(numbers) => {
                value(numbers, row).and_then(|number| i64::try_from(number).ok()).map(Cell::Hundredths)
            }
            Self::Numbers(numbers) => value(numbers, row).map(Cell::Number),
        }
    }
}

/// 1 January 1000 and 31 December 9999: days whose years are written with four digits.
const FIRST_DAY: i32 = -354_285;
const LAST_DAY: i32 = 2_932_896;
const MICROSECONDS_A_DAY: i64 = 86_400_000_000;
const STRICT: CastOptions<'static> = CastOptions { safe: false, format_options: FormatOptions::new() };

/// The text of an array in a row, where it has one; blanks are nothing.
pub fn text_at(array: &StringArray, row: usize) -> Option<&str> {
    let present = row < array.len() && !array.is_null(row);
    present.then(|| array.value(row)).filter(|text| !text.trim().is_empty())
}

fn unreadable_column(array: &ArrayRef, column: &'static str) -> UnreadableColumn {
    UnreadableColumn { column, type_name: array.data_type().to_string() }
}

/// An array as text. Dates become `YYYY-MM-DD`, decimals and whole numbers their digits, floating-point numbers the
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

/// Whether the cells of a type are read as they are, and not by their text.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types a cell may have a few")]
pub fn is_typed(data_type: &DataType) -> bool {
    match data_type {
        DataType::Date32 | DataType::Decimal128(_, 2) | DataType::Timestamp(TimeUnit::Microsecond, _) => true,
        other => other.is_signed_integer(),
    }
}

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

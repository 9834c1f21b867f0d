//! A chunk of an extract: some thousands of rows, by column, not yet read into values.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{CastOptions, cast_with_options, take};
use arrow::datatypes::{
    ArrowTimestampType, DataType, Field, Schema, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use std::sync::Arc;

use crate::domain::Column;

/// Rows of one file, in their order.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Which of the earnings files, counted from 0.
    pub file: u32,
    /// Each row's number in the file, counted from 1.
    pub rows: Vec<u32>,
    /// Each row's line, in a text file.
    pub lines: Vec<u64>,
    /// For each of our columns the arrays that may hold it, the one to be read first in front.
    pub columns: Vec<Vec<ArrayRef>>,
    /// Each row word for word, in a text file.
    pub raw: Option<StringArray>,
}

/// Some rows of a chunk as text, by column.
#[derive(Debug)]
pub struct Texts {
    columns: Vec<Vec<StringArray>>,
}

/// A column whose values cannot be shown as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Our name of the column.
    pub column: &'static str,
    /// The type the file gives it.
    pub type_name: String,
}

impl Chunk {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One column of every row as text.
    ///
    /// # Errors
    /// A value that cannot be shown as text.
    pub fn texts_of(&self, number: usize, column: &Column) -> Result<Vec<StringArray>, Unreadable> {
        self.columns.get(number).into_iter().flatten().map(|array| as_text(array, column.name)).collect()
    }

    /// Every column of some rows as text.
    ///
    /// # Errors
    /// A value that cannot be shown as text.
    pub fn texts(&self, columns: &[Column], kept: &UInt32Array) -> Result<Texts, Unreadable> {
        let mut texts = Vec::with_capacity(columns.len());
        for (column, arrays) in columns.iter().zip(&self.columns) {
            let mut of_column = Vec::with_capacity(arrays.len());
            for array in arrays {
                let rows = take(array, kept, None).map_err(|_| unreadable(array, column.name))?;
                of_column.push(as_text(&rows, column.name)?);
            }
            texts.push(of_column);
        }
        Ok(Texts { columns: texts })
    }
}

impl Texts {
    /// A cell: the first of the column's arrays that holds something in the row.
    pub fn cell(&self, number: usize, row: usize) -> Option<&str> {
        self.columns.get(number)?.iter().find_map(|array| text_at(array, row))
    }
}

/// The text of an array in a row, where it has one; blanks are nothing.
pub fn text_at(array: &StringArray, row: usize) -> Option<&str> {
    let present = row < array.len() && !array.is_null(row);
    present.then(|| array.value(row)).filter(|text| !text.trim().is_empty())
}

fn unreadable(array: &ArrayRef, column: &'static str) -> Unreadable {
    Unreadable { column, type_name: array.data_type().to_string() }
}

/// An array as text. Dates become `YYYY-MM-DD`, decimals and whole numbers their digits, floating-point numbers the
/// shortest digits that name them; midnight timestamps are dates.
pub fn as_text(array: &ArrayRef, column: &'static str) -> Result<StringArray, Unreadable> {
    if let Some(text) = array.as_string_opt::<i32>() {
        return Ok(text.clone());
    }
    if !is_plain(array.data_type()) {
        return Err(unreadable(array, column));
    }
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let array = &in_utc(array);
    let cast = cast_with_options(array, &DataType::Utf8, &strict).map_err(|_| unreadable(array, column))?;
    let text = cast.as_string_opt::<i32>().ok_or_else(|| unreadable(array, column))?;
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

//! Typed columns: how the values of a column are read, by the kind of value that our column holds and the type that the
//! file gives it. It is chosen once for a column of a file; then every cell has one of five forms, and tidy files have
//! them as they are.
//!
//! | the file's type | read as |
//! |---|---|
//! | text of any width, views | text |
//! | bytes | the text they are; a UUID in its usual form |
//! | dictionaries | as their values |
//! | true and false | text |
//! | whole numbers | whole numbers |
//! | floating-point numbers | text, the shortest digits that name them; not a number is nothing |
//! | decimals of two places, where the column holds money | hundredths |
//! | other decimals | text, exactly; as identifiers, codes and whole numbers without noughts behind the point |
//! | dates | days |
//! | moments of any unit and zone, INT96 too | moments in microseconds, UTC |

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, PrimitiveArray, StringArray, TimestampMicrosecondArray,
    new_null_array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    ArrowTimestampType, DataType, Date64Type, Float32Type, Float64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::domain::Kind;

/// How the values of one column of a file are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnReader {
    /// The form the cells have then.
    pub gives: DataType,
    steps: Vec<Step>,
}

/// One step from the file's array to cells.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The library's own conversion, which loses nothing here.
    Cast(DataType),
    /// A column of nothing.
    Nothing,
    /// Bytes that are text.
    Bytes,
    /// Sixteen bytes that are a UUID.
    Uuid,
    /// True and false in words.
    Words,
    /// Floating-point numbers in digits.
    Digits,
    /// Decimal numbers without noughts behind the point.
    WithoutNoughts,
    /// Moments in microseconds, UTC.
    Moments,
    /// Whatever it is, as the library shows it.
    Shown,
}

/// The form of moments.
const MOMENTS: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);
/// Conversions that fail rather than lose a value.
const STRICT: CastOptions<'static> = CastOptions { safe: false, format_options: FormatOptions::new() };

impl ColumnReader {
    /// How a column of this kind is read from a type; `None` for a type that no such cell has. A type of sixteen bytes may
    /// be a UUID.
    pub fn of(kind: Kind, data_type: &DataType, is_uuid: bool) -> Option<Self> {
        let reader = |gives: DataType, steps: Vec<Step>| Some(Self { gives, steps });
        let text = |steps: Vec<Step>| reader(DataType::Utf8, steps);
        match data_type {
            DataType::Utf8 => text(Vec::new()),
            // The numbers of all rows are looked at once and most thrown away: views are the quickest.
            DataType::Utf8View if kind == Kind::Nino => reader(DataType::Utf8View, Vec::new()),
            DataType::LargeUtf8 | DataType::Utf8View => text(vec![Step::Cast(DataType::Utf8)]),
            DataType::FixedSizeBinary(16) if is_uuid => text(vec![Step::Uuid]),
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
                text(vec![Step::Bytes])
            }
            DataType::Dictionary(_, values) => {
                let inner = Self::of(kind, values, is_uuid)?;
                let unpacked = std::iter::once(Step::Cast(values.as_ref().clone()));
                reader(inner.gives, unpacked.chain(inner.steps).collect())
            }
            DataType::Null => text(vec![Step::Nothing]),
            DataType::Boolean => text(vec![Step::Words]),
            DataType::Int64 => reader(DataType::Int64, Vec::new()),
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32 => reader(DataType::Int64, vec![Step::Cast(DataType::Int64)]),
            DataType::UInt64 => text(vec![Step::Cast(DataType::Utf8)]),
            DataType::Float64 => text(vec![Step::Digits]),
            DataType::Float16 | DataType::Float32 => text(vec![Step::Cast(DataType::Float32), Step::Digits]),
            DataType::Decimal128(_, 2) if kind == Kind::Money => reader(data_type.clone(), Vec::new()),
            DataType::Decimal32(_, 2) | DataType::Decimal64(_, 2) if kind == Kind::Money => {
                let wide = DataType::Decimal128(20, 2);
                reader(wide.clone(), vec![Step::Cast(wide)])
            }
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
                let counts = matches!(kind, Kind::Money | Kind::Text);
                let cut = (!counts).then_some(Step::WithoutNoughts);
                text(std::iter::once(Step::Cast(DataType::Utf8)).chain(cut).collect())
            }
            DataType::Date32 => reader(DataType::Date32, Vec::new()),
            DataType::Timestamp(TimeUnit::Microsecond, None) => reader(MOMENTS, Vec::new()),
            DataType::Date64 | DataType::Timestamp(..) => reader(MOMENTS, vec![Step::Moments]),
            _ => None,
        }
    }

    /// How a column that is none of ours is read, to be carried through: whatever it is, it becomes text.
    pub fn of_other(data_type: &DataType, is_uuid: bool) -> Self {
        let shown = || Self { gives: DataType::Utf8, steps: vec![Step::Shown] };
        let is_number = data_type.is_numeric();
        Self::of(Kind::Text, data_type, is_uuid).filter(|_| !is_number).unwrap_or_else(shown)
    }

    /// The cells of an array.
    ///
    /// # Errors
    /// A value that the type cannot hold, which a damaged file may have.
    pub fn read(&self, array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
        self.steps.iter().try_fold(Arc::clone(array), |array, step| step.take(&array))
    }
}

impl Step {
    fn take(&self, array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Cast(to) => cast_with_options(array, to, &STRICT)?,
            Self::Nothing => new_null_array(&DataType::Utf8, array.len()),
            Self::Bytes => bytes(array)?,
            Self::Uuid => uuids(array),
            Self::Words => words(array.as_boolean()),
            Self::Digits => digits(array),
            Self::WithoutNoughts => without_noughts(array.as_string()),
            Self::Moments => moments(array),
            Self::Shown => shown(array)?,
        })
    }
}

/// Bytes that are UTF-8 are text. Of others each bad byte becomes the sign for that, which no value has.
fn bytes(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let array = cast_with_options(array, &DataType::LargeBinary, &STRICT)?;
    let texts = array.as_binary::<i64>().iter().map(|bytes| bytes.map(String::from_utf8_lossy));
    Ok(Arc::new(texts.collect::<StringArray>()))
}

fn uuids(array: &ArrayRef) -> ArrayRef {
    let text = |bytes: &[u8]| {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let ends = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
        let parts: Vec<&str> = ends.iter().filter_map(|(begin, end)| digits.get(*begin..*end)).collect();
        parts.join("-")
    };
    Arc::new(array.as_fixed_size_binary().iter().map(|bytes| bytes.map(text)).collect::<StringArray>())
}

fn words(array: &BooleanArray) -> ArrayRef {
    Arc::new(array.iter().map(|value| value.map(|yes| if yes { "true" } else { "false" })).collect::<StringArray>())
}

/// The shortest digits that name a floating-point number, without an exponent.
fn digits(array: &ArrayRef) -> ArrayRef {
    fn of<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, is_number: impl Fn(&T::Native) -> bool) -> ArrayRef
    where
        T::Native: std::fmt::Display,
    {
        let text = |value: Option<T::Native>| value.filter(&is_number).map(|value| value.to_string());
        Arc::new(array.iter().map(text).collect::<StringArray>())
    }
    match array.as_primitive_opt::<Float32Type>() {
        Some(short) => of(short, |value| !value.is_nan()),
        None => of(array.as_primitive::<Float64Type>(), |value| !value.is_nan()),
    }
}

fn without_noughts(array: &StringArray) -> ArrayRef {
    let cut = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    Arc::new(array.iter().map(|text| text.map(cut)).collect::<StringArray>())
}

/// Moments in microseconds; one beyond what they can count is the last of them, which stands for none.
fn moments(array: &ArrayRef) -> ArrayRef {
    fn of<T: ArrowTimestampType>(array: &ArrayRef, micros: impl Fn(i64) -> i64) -> Option<TimestampMicrosecondArray> {
        Some(array.as_primitive_opt::<T>()?.unary::<_, TimestampMicrosecondType>(micros))
    }
    let found = of::<TimestampMicrosecondType>(array, |micros| micros)
        .or_else(|| of::<TimestampSecondType>(array, |seconds| seconds.saturating_mul(1_000_000)))
        .or_else(|| of::<TimestampMillisecondType>(array, |millis| millis.saturating_mul(1_000)))
        .or_else(|| of::<TimestampNanosecondType>(array, |nanos| nanos.div_euclid(1_000)));
    let found = found.unwrap_or_else(|| {
        array.as_primitive::<Date64Type>().unary::<_, TimestampMicrosecondType>(|millis| millis.saturating_mul(1_000))
    });
    Arc::new(found)
}

fn shown(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let formatter = ArrayFormatter::try_new(array, &FormatOptions::new())?;
    let text = |row: usize| array.is_valid(row).then(|| formatter.value(row).try_to_string()).transpose();
    let texts = (0..array.len()).map(text).collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(texts.into_iter().collect::<StringArray>()))
}

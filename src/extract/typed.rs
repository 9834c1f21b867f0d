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
    #[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types a cell may have a few")]
    pub fn of(kind: Kind, data_type: &DataType, is_uuid: bool) -> Option<Self> {
        let reader = |gives: DataType, steps: Vec<Step>| Some(Self { gives, steps });
        let text = |steps: Vec<Step>| reader(DataType::Utf8, steps);
        match data_type {
            DataType::Utf8 => text(Vec::new()),
            // The numbers of all rows are looked at once and most thrown away: views are the quickest.
            DataType::Utf8View if kind == Kind::Nino => reader(DataType::Utf8View, Vec::new()),
            DataType::LargeUtf8 | DataType::Utf8View | DataType::UInt64 => text(vec![Step::Cast(DataType::Utf8)]),
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
        let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        let digits: String = nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)).collect();
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
    let cut = |text: &str| {
        let has_point = text.contains('.');
        if has_point { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
    };
    Arc::new(array.iter().map(|text| text.map(cut)).collect::<StringArray>())
}

/// Moments in microseconds; one beyond what they can count is the last of them, which stands for none.
fn moments(array: &ArrayRef) -> ArrayRef {
    fn of<T: ArrowTimestampType>(array: &ArrayRef, micros: impl Fn(i64) -> i64) -> Option<TimestampMicrosecondArray> {
        Some(array.as_primitive_opt::<T>()?.unary::<_, TimestampMicrosecondType>(micros))
    }
    let plain = array.as_primitive_opt::<TimestampMicrosecondType>().cloned();
    let found = plain
        .map(|moments| moments.with_timezone_opt(None::<Arc<str>>))
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

#[cfg(test)]
mod tests {
    use arrow::array::{
        BinaryArray, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int8Array, Int64Array,
        LargeStringArray, NullArray, StringViewArray, TimestampMillisecondArray, TimestampNanosecondArray,
        TimestampSecondArray, UInt64Array,
    };
    use arrow::datatypes::Int32Type;

    use super::*;
    use crate::domain::Cell;
    use crate::extract::row_batch::{RowBatch, to_text};

    /// The first cell of an array in a column of a kind, as the text that means the same.
    fn read(kind: Kind, array: impl Array + 'static) -> Option<String> {
        let array: ArrayRef = Arc::new(array);
        let reader = ColumnReader::of(kind, array.data_type(), false).unwrap();
        let cells = reader.read(&array).unwrap();
        assert_eq!(cells.data_type(), &reader.gives);
        let text = to_text(&cells, kind, "a column").unwrap();
        text.is_valid(0).then(|| text.value(0).to_owned())
    }

    fn reads(kind: Kind, array: impl Array + 'static, text: &str) {
        assert_eq!(read(kind, array).as_deref(), Some(text), "{kind:?}");
    }

    #[test]
    fn text_is_text_in_every_width() {
        reads(Kind::Text, LargeStringArray::from(vec!["Null"]), "Null");
        reads(Kind::Code, StringViewArray::from(vec!["M1"]), "M1");
        reads(Kind::Text, BinaryArray::from(vec!["Zoë".as_bytes()]), "Zoë");
        reads(Kind::Code, ["M1"].into_iter().collect::<DictionaryArray<Int32Type>>(), "M1");
        assert_eq!(read(Kind::Date, NullArray::new(1)), None);
        let bad = read(Kind::Text, BinaryArray::from(vec![&[0xff, 0x41][..]])).unwrap();
        assert!(bad.contains(char::REPLACEMENT_CHARACTER));
    }

    #[test]
    fn a_number_is_its_digits_whatever_its_type() {
        for kind in [Kind::Identifier, Kind::Whole, Kind::Money, Kind::Flag] {
            reads(kind, Int8Array::from(vec![1]), "1");
            reads(kind, Int64Array::from(vec![1]), "1");
            reads(kind, UInt64Array::from(vec![1]), "1");
            reads(kind, Float64Array::from(vec![1.0]), "1");
            assert_eq!(read(kind, Float64Array::from(vec![f64::NAN])), None);
        }
        reads(Kind::Identifier, Float64Array::from(vec![710_000_000_006.0]), "710000000006");
        let decimal =
            |scale: i8, value: i128| Decimal128Array::from(vec![value]).with_precision_and_scale(38, scale).unwrap();
        reads(Kind::Identifier, decimal(4, 710_000), "71");
        reads(Kind::Whole, decimal(2, 100), "1");
        reads(Kind::Money, decimal(2, 125_050), "1250.50");
        reads(Kind::Money, decimal(18, 1_250_500_000_000_000_000_000), "1250.500000000000000000");
        reads(Kind::Money, Float64Array::from(vec![0.300_000_000_000_000_04]), "0.30000000000000004");
    }

    #[test]
    fn a_moment_is_one_in_every_unit_and_zone_and_a_day_at_midnight() {
        let seconds = 1_525_132_800; // 2018-05-01T00:00:00Z
        let london = seconds - 3_600;
        for zone in [None, Some("UTC"), Some("Europe/London"), Some("+01:00")] {
            let zone = zone.map(Arc::<str>::from);
            reads(Kind::Date, TimestampSecondArray::from(vec![seconds]).with_timezone_opt(zone.clone()), "2018-05-01");
            let millis = TimestampMillisecondArray::from(vec![london * 1_000]).with_timezone_opt(zone.clone());
            reads(Kind::Date, millis, "2018-05-01");
            let nanos = TimestampNanosecondArray::from(vec![(seconds + 1) * 1_000_000_000]).with_timezone_opt(zone);
            reads(Kind::Moment, nanos, "2018-05-01T00:00:01");
        }
        reads(Kind::Date, arrow::array::Date64Array::from(vec![seconds * 1_000]), "2018-05-01");
        // 9999-12-31 in seconds, and a day that no calendar has.
        reads(Kind::Date, TimestampSecondArray::from(vec![253_402_214_400]), "9999-12-31");
        reads(Kind::Date, TimestampSecondArray::from(vec![i64::MAX]), "9999-12-31");
        reads(Kind::Date, arrow::array::Date32Array::from(vec![i32::MAX]), "9999-12-31");
    }

    #[test]
    fn sixteen_bytes_are_a_uuid_where_the_file_says_so() {
        let bytes: Vec<u8> = (0..16).collect();
        let array: ArrayRef = Arc::new(FixedSizeBinaryArray::try_from_iter(std::iter::once(bytes)).unwrap());
        let reader = ColumnReader::of(Kind::Identifier, array.data_type(), true).unwrap();
        assert_eq!(reader.read(&array).unwrap().as_string::<i32>().value(0), "00010203-0405-0607-0809-0a0b0c0d0e0f");
    }

    #[test]
    fn what_no_cell_has_is_refused_and_carried_through_as_it_is_shown() {
        let list = DataType::new_list(DataType::Utf8, true);
        assert_eq!(ColumnReader::of(Kind::Text, &list, false), None);
        assert_eq!(ColumnReader::of_other(&list, false).gives, DataType::Utf8);
        let shown = ColumnReader::of_other(&DataType::Float64, false);
        let array: ArrayRef = Arc::new(Float64Array::from(vec![71.0]));
        assert_eq!(shown.read(&array).unwrap().as_string::<i32>().value(0), "71.0");
    }

    #[test]
    fn tidy_columns_are_read_as_they_are() {
        let tidy = [
            (Kind::Nino, DataType::Utf8View),
            (Kind::Nino, DataType::Utf8),
            (Kind::Date, DataType::Date32),
            (Kind::Money, DataType::Decimal128(12, 2)),
            (Kind::Moment, DataType::Timestamp(TimeUnit::Microsecond, None)),
            (Kind::Whole, DataType::Int64),
        ];
        for (kind, data_type) in tidy {
            let reader = ColumnReader::of(kind, &data_type, false).unwrap();
            assert_eq!((reader.gives, reader.steps), (data_type, Vec::new()), "{kind:?}");
        }
    }

    #[test]
    fn the_cells_of_a_batch_have_the_forms_that_readers_give() {
        let array: ArrayRef = Arc::new(StringViewArray::from(vec![Some("NC100001A"), Some(" "), None]));
        let batch =
            RowBatch { rows: vec![(0, 1), (0, 2), (0, 3)], lines: Vec::new(), columns: vec![vec![array]], raw: None };
        let cells = batch.cells(&crate::domain::Payment::COLUMNS).unwrap();
        assert_eq!([0, 1, 2].map(|row| cells.cell(0, row)), [Some(Cell::Text("NC100001A")), None, None]);
    }
}

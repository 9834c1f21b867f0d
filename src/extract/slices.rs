//! Cuts the rows of some columns into slices that unpack to few bytes: a dictionary may hold one long text for every row.

use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;

/// Cuts so many rows into slices, each of some rows and bytes at most, with one row at least in each.
pub(super) fn slices(columns: &[ArrayRef], rows: usize, most_rows: usize, most_bytes: usize) -> Vec<Range<usize>> {
    let mut of_rows = vec![0_usize; rows];
    for column in columns {
        add_lengths(column, &mut of_rows);
    }
    let mut slices = Vec::new();
    let (mut begin, mut bytes) = (0, 0_usize);
    for (row, of_row) in of_rows.into_iter().enumerate() {
        if begin < row && (most_rows <= row - begin || most_bytes < bytes.saturating_add(of_row)) {
            slices.push(begin..row);
            (begin, bytes) = (row, 0);
        }
        bytes = bytes.saturating_add(of_row);
    }
    slices.extend((begin < rows).then_some(begin..rows));
    slices
}

/// Adds the bytes of a column's texts to those of each row; values of other types are short.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types only texts and bytes may be long")]
fn add_lengths(column: &ArrayRef, of_rows: &mut [usize]) {
    // The length of a view is in its lower half.
    let of_view = |view: &u128| usize::try_from(view & u128::from(u32::MAX)).unwrap_or(usize::MAX);
    let mut add = |lengths: &mut dyn Iterator<Item = usize>| {
        for (of_row, length) in of_rows.iter_mut().zip(lengths) {
            *of_row = of_row.saturating_add(length);
        }
    };
    match column.data_type() {
        DataType::Utf8View => add(&mut column.as_string_view().views().iter().map(of_view)),
        DataType::BinaryView => add(&mut column.as_binary_view().views().iter().map(of_view)),
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            let mut of_values = vec![0; dictionary.values().len()];
            add_lengths(dictionary.values(), &mut of_values);
            if !of_values.is_empty() {
                let of_value = |(row, key): (usize, usize)| {
                    of_values.get(key).copied().filter(|_| column.is_valid(row)).unwrap_or(0)
                };
                add(&mut dictionary.normalized_keys().into_iter().enumerate().map(of_value));
            }
        }
        DataType::Utf8 => {
            add(&mut column.as_string::<i32>().offsets().lengths());
        }
        DataType::LargeUtf8 => add(&mut column.as_string::<i64>().offsets().lengths()),
        DataType::Binary => add(&mut column.as_binary::<i32>().offsets().lengths()),
        DataType::LargeBinary => add(&mut column.as_binary::<i64>().offsets().lengths()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{DictionaryArray, Int32Array, Int64Array, StringArray, StringViewArray};

    use super::*;

    #[test]
    fn slices_hold_every_row_once_and_few_bytes() {
        let long = "x".repeat(100);
        let texts = [Some(long.as_str()), None, Some("a"), Some(long.as_str()), Some("b"), Some("c")];
        let values: ArrayRef = Arc::new(StringArray::from(vec![long.as_str(), "a"]));
        let keys = Int32Array::from(vec![Some(0), None, Some(1), Some(0), Some(1), Some(1)]);
        let all: [ArrayRef; 3] = [
            Arc::new(StringArray::from(texts.to_vec())),
            Arc::new(StringViewArray::from(texts.to_vec())),
            Arc::new(DictionaryArray::new(keys, values)),
        ];
        for column in all {
            let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1; 6]));
            let cut = |rows, bytes| slices(&[Arc::clone(&column), Arc::clone(&numbers)], 6, rows, bytes);
            assert_eq!(cut(10, 1000).as_slice(), std::slice::from_ref(&(0..6)));
            assert_eq!(cut(10, 120), [0..3, 3..6]);
            assert_eq!(cut(10, 50).first(), Some(&(0..1)), "a long row is a slice of its own");
            assert_eq!(cut(4, 1000), [0..4, 4..6]);
        }
        assert!(slices(&[], 0, 10, 10).is_empty());
        assert_eq!(slices(&[], 3, 2, 10), [0..2, 2..3]);
    }
}

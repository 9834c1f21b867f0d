//! Inputs of which there is too much: they are refused, or take no more memory than others.

use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;

use crate::support::{Desk, Table, claims, earnings};

#[test]
fn thousands_of_columns_are_refused_in_claims_and_in_earnings() {
    for (name, table) in [("claims.csv", claims()), ("earnings.csv", earnings())] {
        let desk = Desk::with_batch();
        let csv = table.csv();
        let (header, rows) = csv.split_once('\n').unwrap();
        let more: String = (0..2_000).map(|column| format!("c{column}")).collect::<Vec<_>>().join(",");
        let wide = rows.lines().map(|row| row.to_owned() + &",".repeat(2_000)).collect::<Vec<_>>().join("\n");
        desk.put(name, format!("{header},{more}\n{wide}"));
        let said = desk.validate("");
        let columns = table.names.len() + 2_000;
        let words = format!("error: {name}: the file has {columns} columns, and no more than 2000 are read");
        assert!(said.code == 2 && said.err.starts_with(&words), "{}", said.err);
    }
}

#[test]
fn a_text_that_people_write_has_an_end() {
    let desk = Desk::with_batch();
    desk.put("long.toml", "# nothing but remarks\n".repeat(60_000));
    let validate = "validate --claims claims.csv --earnings earnings.csv --out out --scheme";
    let rates = "rates --scheme lse-poc-2017 --register claims.csv --earnings earnings.csv --out out";
    let words = "it is larger than 512 KiB, which no scheme and no profile is";
    for (order, words) in [
        (format!("{validate} long.toml"), words),
        (format!("{rates} --disclosure long.toml"), words),
        ("schemes check long.toml".to_owned(), words),
        (format!("{validate} lse-poc-2017 --columns long.toml"), "larger than a mebibyte, and no file of columns"),
    ] {
        let said = desk.sustain(&order);
        assert_eq!(said.code, 2, "{order}: {}", said.err);
        assert!(said.err.contains(words), "{order}: {}", said.err);
    }
}

/// A table as Parquet, each of so many rows the first one, with one column in which a dictionary holds a long text once.
fn with_a_long_text(table: &Table, column: &str, rows: usize, letters: usize) -> Vec<u8> {
    let long = "x".repeat(letters);
    let columns = table.names.iter().enumerate().map(|(place, name)| {
        let text = if name == column { long.as_str() } else { table.rows[0][place].as_str() };
        let values: ArrayRef = Arc::new(StringArray::from(vec![Some(text).filter(|text| !text.is_empty())]));
        let dictionary: ArrayRef = Arc::new(DictionaryArray::new(Int32Array::from(vec![0; rows]), values));
        (Field::new(name, dictionary.data_type().clone(), true), dictionary)
    });
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
    assert!(matches!(fields[0].data_type(), DataType::Dictionary(..)));
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

#[test]
fn a_long_text_in_every_row_of_a_small_file_is_refused_and_takes_no_memory() {
    let desk = Desk::with_batch();
    let bytes = with_a_long_text(&claims(), "note", 5_000, 64 << 10);
    assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
    desk.put("claims.parquet", bytes);
    let said = desk.sustain("validate --scheme lse-poc-2017 --claims claims.parquet --earnings earnings.csv --out out");
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("claims.parquet: its rows unpack to more than 256.0 MiB of text"), "{}", said.err);

    desk.put("earnings.parquet", with_a_long_text(&earnings(), "employer_name", 5_000, 64 << 10));
    let run = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.parquet --out out";
    let said = desk.sustain(run);
    assert_eq!(said.code, 2, "{}", said.err);
    let words = "the column `employer_name` cannot be read in 5000 of the 5000 rows looked at: found 65536 characters in row 1, \
                 expected at most 1,024 bytes";
    assert!(said.err.contains(words), "{}", said.err);
    desk.sustain(&format!("{run} --set-aside 100%")).stands();
    assert_eq!(desk.account().earnings.of_claimed_people, 5_000);
}

#[test]
fn thousands_of_damaged_rows_are_kept_word_for_word_in_the_order_of_the_file() {
    let desk = Desk::with_batch();
    let csv = earnings().csv();
    let damaged: Vec<String> =
        (0..6_000).map(|row| format!("NC2{row:05}A,{}", "no record of ours,".repeat(3))).collect();
    desk.put("earnings.csv", format!("{csv}{}\n", damaged.join("\n")));
    desk.validate("").stands();
    let kept = desk.quarantined_bytes();
    assert_eq!(kept.len(), damaged.len());
    for (kept, damaged) in kept.iter().zip(&damaged) {
        assert_eq!(kept.trim_ascii_end(), damaged.as_bytes());
    }
    let account = desk.account();
    assert_eq!(account.earnings.quarantined, 6_000);
    assert_eq!(account.inputs.iter().map(|input| input.quarantined).sum::<u64>(), 6_000);
}

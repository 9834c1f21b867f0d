//! Rows under numbers near those of people without a payment: they are gathered in the first reading of an extract or in a second one,
//! and it must not matter in which.

use std::fs::{self, File};

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;

use crate::support::{Desk, rows};

/// The same extract in row groups of so many rows, the rows in the order of their paydays.
fn in_groups(desk: &Desk, most: usize, name: &str) {
    let read = File::open(desk.path("batch/earnings.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(read).unwrap().with_batch_size(most).build().unwrap();
    let batches: Vec<_> = reader.map(Result::unwrap).collect();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(most)).build();
    let write = File::create_new(desk.path(name)).unwrap();
    let mut writer = ArrowWriter::try_new(write, batches[0].schema(), Some(properties)).unwrap();
    for batch in &batches {
        writer.write(batch).unwrap();
    }
    writer.close().unwrap();
}

#[test]
fn near_numbers_are_found_in_whichever_row_groups_their_rows_stand() {
    let desk = Desk::new();
    desk.sustain("sample --claims 1500 --seed 4 --out batch").stands();
    fs::create_dir(desk.path("whole")).unwrap();
    fs::create_dir(desk.path("groups")).unwrap();
    in_groups(&desk, 1_000_000, "whole/earnings.parquet");
    in_groups(&desk, 400, "groups/earnings.parquet");
    let inputs = "--scheme batch/scheme.toml --claims batch/claims.parquet --register batch/register.parquet";
    let mut found = Vec::new();
    for (extract, threads) in [("whole", 1), ("groups", 1), ("groups", 4)] {
        let out = format!("{extract}-{threads}");
        desk.sustain(&format!(
            "validate {inputs} --earnings {extract}/earnings.parquet --threads {threads} --out {out}"
        ))
        .stands();
        let mut findings = rows(&desk.path(&format!("{out}/findings.parquet")));
        for row in &mut findings {
            row.retain(|column, _| !column.starts_with("sustain_"));
        }
        found.push(findings);
    }
    let of_near_numbers = found[0].iter().filter(|row| row.get("code").is_some_and(|code| code == "IDN07")).count();
    assert!(3 < of_near_numbers, "the sample has people under mistyped numbers: {of_near_numbers}");
    assert!(found[0] == found[1] && found[0] == found[2], "the findings differ");
}

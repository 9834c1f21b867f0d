//! The flat tables of verdicts, and results of versions that did not write them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sustain::account::RunAccount;
use sustain::sealed::sealed_text;

use crate::run_columns::TABLES;
use crate::support::{Desk, Row, claims, files, holds_nothing_personal, rows};

/// The rows of a flat table, by heading.
fn verdicts(out: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(out.join("verdicts.csv")).unwrap();
    let headings = reader.headers().unwrap().clone();
    let row =
        |record: csv::StringRecord| headings.iter().zip(&record).map(|(of, cell)| (of.into(), cell.into())).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn demo() -> Desk {
    let desk = Desk::new();
    desk.sustain("demo --out out -q").stands();
    desk
}

#[test]
fn every_claim_and_reason_has_a_row_and_every_claim_without_a_reason_has_one() {
    let desk = demo();
    let told = verdicts(&desk.path("out"));
    let findings = desk.rows("findings");
    let shared = ["claim_id", "claim_row", "code", "severity", "title", "message"];
    let of = |row: &Row| shared.map(|column| row[column].clone());
    let reasons: Vec<_> = told.iter().filter(|row| !row["code"].is_empty()).map(of).collect();
    assert_eq!(reasons, findings.iter().map(of).collect::<Vec<_>>(), "the reasons are the findings, in their order");
    let claims = desk.decided();
    let without = |row: &&Row| row["code"].is_empty();
    let expected = claims.iter().filter(|claim| claim["reasons"] == "[]").count();
    assert_eq!(told.iter().filter(without).count(), expected);
    assert_eq!(told.len(), findings.len() + expected);
    let by_row: BTreeMap<&str, &Row> = claims.iter().map(|claim| (claim["claim_row"].as_str(), claim)).collect();
    for row in &told {
        let claim = by_row[row["claim_row"].as_str()];
        for column in
            ["provider_id", "contract_id", "participant_id", "outcome", "verdict", "recheck_on", "achieved_on"]
                .into_iter()
                .chain(["amount_claimed", "payable", "sustain_scheme", "sustain_cut_off"])
        {
            assert_eq!(row[column], claim[column], "{column} of row {}", row["claim_row"]);
        }
        assert_eq!((row["claims_file"].as_str(), &row["claims_file_row"]), ("claims.csv", &row["claim_row"]));
    }
    let run = desk.account().fingerprint[..12].to_owned();
    assert!(told.iter().all(|row| row["sustain_run"] == run));
    let ids: Vec<&String> = told.iter().map(|row| &row["claim_id"]).filter(|id| !id.is_empty()).collect();
    assert!(ids.is_sorted());
    let table = desk.account().outputs.into_iter().find(|output| output.name == "verdicts.csv").unwrap();
    assert_eq!(table.rows, told.len() as u64);
}

#[test]
fn a_rule_names_the_column_it_is_concerned_with_and_what_stands_there() {
    let desk = Desk::with_batch();
    let claims = claims()
        .with(1, "hours_per_week", "sixteen")
        .with(1, "claim_date", "01/13/2018")
        .with(2, "surname", "")
        .with(2, "contract_id", "=1+1")
        .with(3, "nino", "NC1");
    desk.put("claims.csv", claims.csv());
    desk.validate("").stands();
    let told = verdicts(&desk.path("out"));
    let field = |claim: &str, code: &str| {
        let row = told.iter().find(|row| row["claim_id"] == claim && row["code"] == code).unwrap();
        ["input", "field", "value"].map(|column| row[column].clone())
    };
    assert_eq!(
        field("C1", "ROW03"),
        ["claims", "hours_per_week; claim_date", "(withheld, 7 characters); (withheld, 10 characters)"]
    );
    assert_eq!(field("C2", "ROW02"), ["claims", "surname", ""]);
    assert_eq!(field("C3", "IDN01"), ["claims", "nino", "(withheld)"]);
    assert!(told.iter().any(|row| row["contract_id"] == "'=1+1"), "a formula is text");
    holds_nothing_personal("verdicts.csv", &fs::read_to_string(desk.path("out/verdicts.csv")).unwrap());
}

#[test]
fn the_workbook_has_the_same_rows_and_is_part_of_the_result_it_was_asked_for() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let without = desk.account();
    assert!(!desk.path("out/verdicts.xlsx").exists());
    let said = desk.validate("--workbook");
    assert!(said.code == 2 && said.err.contains("out is already there"), "{}", said.err);
    let said = desk.validate("--workbook --replace").stands();
    assert!(said.out.contains("verdicts.csv and verdicts.xlsx; validated"), "{}", said.out);
    assert_ne!(desk.account().fingerprint, without.fingerprint, "another set of files is another result");
    desk.sustain("verify out").stands();
    let mut book: Xlsx<_> = open_workbook(desk.path("out/verdicts.xlsx")).unwrap();
    let range = book.worksheet_range("verdicts").unwrap();
    let told = verdicts(&desk.path("out"));
    let mut sheet = range.rows();
    let headings: Vec<String> = sheet.next().unwrap().iter().map(ToString::to_string).collect();
    let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
    let cell = |heading: &String, cell: &Data| {
        let text = if let Data::DateTime(day) = cell {
            (first + chrono::Days::new(day.to_string().parse().unwrap())).to_string()
        } else if ["amount_claimed", "payable"].contains(&heading.as_str()) && *cell != Data::Empty {
            format!("{:.2}", cell.to_string().parse::<f64>().unwrap())
        } else {
            cell.to_string()
        };
        (heading.clone(), text)
    };
    let read: Vec<Row> =
        sheet.map(|row| headings.iter().zip(row).map(|(heading, of)| cell(heading, of)).collect()).collect();
    assert_eq!(read, told);
    let bytes = files(&desk.path("out"));
    desk.validate("--workbook").stands();
    fs::remove_dir_all(desk.path("out")).unwrap();
    desk.validate("--workbook --threads 1").stands();
    assert_eq!(files(&desk.path("out")), bytes, "the same bytes whatever the number of threads");
    desk.validate("--replace").stands();
    assert!(!desk.path("out/verdicts.xlsx").exists(), "the new result takes the place of the old one");
}

#[test]
fn a_flat_table_that_was_added_changed_or_taken_away_is_found() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let refused = |problem: &str| {
        let said = desk.sustain("verify out");
        assert!(said.code == 3 && said.err.contains(problem), "{}", said.err);
    };
    desk.put("out/verdicts.xlsx", "added");
    refused("it holds verdicts.xlsx, which was not written there");
    fs::remove_file(desk.path("out/verdicts.xlsx")).unwrap();
    let text = fs::read_to_string(desk.path("out/verdicts.csv")).unwrap();
    desk.put("out/verdicts.csv", text.replacen("validated", "queried", 1));
    refused("verdicts.csv is not the file that was written");
    // Sealed again, a table without a row is found by what the others hold.
    let (all_but_last, _) = text.trim_end().rsplit_once('\n').unwrap();
    let mut account = desk.account();
    put_output(&desk, &mut account, "verdicts.csv", format!("{all_but_last}\n").into_bytes());
    refused("verdicts.csv has other rows than the account says");
    fs::remove_file(desk.path("out/verdicts.csv")).unwrap();
    refused("verdicts.csv is missing");
}

#[test]
fn a_table_of_several_claims_files_names_the_file_of_each_claim() {
    let desk = Desk::with_batch();
    let all = claims();
    for (name, rows) in [("north.csv", &all.rows[..1]), ("south.csv", &all.rows[1..])] {
        desk.put(name, crate::support::Table { names: all.names.clone(), rows: rows.to_vec() }.csv());
    }
    desk.sustain("validate --scheme lse-poc-2017 --claims north.csv south.csv --earnings earnings.csv --out out")
        .stands();
    let place = |row: &Row| ["claim_id", "claims_file", "claims_file_row", "claim_row"].map(|of| row[of].clone());
    let told: Vec<_> = verdicts(&desk.path("out")).iter().map(place).collect();
    assert_eq!(told[0], ["C1", "north.csv", "1", "1"]);
    assert!(told.contains(&["C3", "south.csv", "2", "3"].map(str::to_owned)), "{told:?}");
}

// Results of earlier versions.

/// Puts a file of the result in `out` and seals the account again.
fn put_output(desk: &Desk, account: &mut RunAccount, name: &str, bytes: Vec<u8>) {
    let output = account.outputs.iter_mut().find(|output| output.name == name).unwrap();
    output.bytes = bytes.len() as u64;
    output.blake3 = blake3::hash(&bytes).to_hex().to_string();
    desk.put(&format!("out/{name}"), bytes);
    desk.put("out/run.json", sealed_text(account).unwrap());
}

/// A Parquet file without the columns that say which run its rows are of.
fn without_run(path: &Path) -> Vec<u8> {
    let mut file = Vec::new();
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let schema = reader.schema().clone();
    let own: Vec<usize> =
        (0..schema.fields().len()).filter(|place| !schema.field(*place).name().starts_with("sustain_")).collect();
    assert_eq!(own.len() + 3, schema.fields().len());
    let mut writer = ArrowWriter::try_new(&mut file, schema.project(&own).unwrap().into(), None).unwrap();
    for batch in reader.build().unwrap() {
        writer.write(&batch.unwrap().project(&own).unwrap()).unwrap();
    }
    writer.close().unwrap();
    file
}

#[test]
fn results_of_versions_without_these_tables_and_columns_are_read_as_before() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    fs::rename(desk.path("out"), desk.path("new")).unwrap();
    desk.validate("").stands();
    let mut account = desk.account();
    account.outputs.retain(|output| output.name != "verdicts.csv");
    fs::remove_file(desk.path("out/verdicts.csv")).unwrap();
    for table in TABLES {
        let name = format!("{table}.parquet");
        let bytes = without_run(&desk.path(&format!("out/{name}")));
        put_output(&desk, &mut account, &name, bytes);
    }
    let before = rows(&desk.path("new/validated.parquet"));
    assert_eq!(desk.rows("validated")[0]["claim_id"], before[0]["claim_id"]);
    desk.sustain("verify out").stands();
    assert_eq!(desk.sustain("explain out C1").stands().out, desk.sustain("explain new C1").stands().out);
    desk.sustain("packs out --out packs").stands();
    desk.sustain("diff out new --fail-on-change").stands();
    desk.sustain("audit-sample out --size 1 --seed 1 --out sample").stands();
    let again = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --history out --out later";
    desk.sustain(again).stands();
    assert_eq!(rows(&desk.path("later/rejected.parquet"))[0]["primary_reason"], "CLM05");
}

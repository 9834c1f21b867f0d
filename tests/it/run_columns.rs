//! The columns by which the tables of several runs can be put one under another.

use crate::support::{Desk, Row, claims, earnings, rows_with_run};

/// The Parquet files of a result.
pub(crate) const TABLES: [&str; 6] = ["validated", "rejected", "queried", "findings", "evidence", "quarantine"];

#[test]
fn every_row_of_every_table_says_which_run_it_is_of() {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", earnings().csv() + "one,cell,too,many\n");
    desk.validate("").stands();
    let account = desk.account();
    let expected =
        [account.fingerprint[..12].to_owned(), "lse-poc-2017".to_owned(), account.cut_off.date.clone().unwrap()];
    let of = |row: &Row| ["sustain_run", "sustain_scheme", "sustain_cut_off"].map(|column| row[column].clone());
    for table in TABLES {
        let rows = rows_with_run(&desk.path(&format!("out/{table}.parquet")));
        assert!(!rows.is_empty() && rows.iter().all(|row| of(row) == expected), "{table}");
    }
}

#[test]
fn a_claims_file_may_have_columns_for_a_run_a_scheme_and_a_cut_off_of_its_own() {
    let desk = Desk::with_batch();
    for name in ["run", "scheme", "cut_off", "run_id", "scheme_id", "cut_off_date"] {
        desk.put("claims.csv", claims().renamed("note", name).csv());
        desk.validate("--replace").stands();
        assert_eq!(desk.rows("validated")[0][name], "first");
        assert_eq!(desk.rows("validated")[0]["sustain_scheme"], "lse-poc-2017");
    }
}

//! Extracts in folders: what the names of folders say of the rows beneath, what is no extract, and files of one name.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{Desk, Row, Table, claims, earnings, files, rows};

/// A form an extract can have.
type Form = fn(&Table) -> Vec<u8>;

const FORMS: [Form; 3] =
    [|table| table.csv().into_bytes(), |table| table.objects().join("\n").into_bytes(), Table::parquet];

/// The earnings without a column, in a folder for each of its values.
fn by_folder(desk: &Desk, column: &str, form: Form) {
    let all = earnings();
    let place = all.place(column);
    let values: BTreeSet<String> = all.rows.iter().map(|row| row[place].clone()).collect();
    for value in values {
        let mut part = all.clone();
        part.rows.retain(|row| row[place] == value);
        part.names.remove(place);
        for row in &mut part.rows {
            row.remove(place);
        }
        let folder = if value.is_empty() { "__HIVE_DEFAULT_PARTITION__".to_owned() } else { value.replace('-', "%2D") };
        desk.put(&format!("rti/{column}={folder}/part-0"), form(&part));
    }
}

/// The claims of a result without what names a file or a row of it.
fn verdicts(desk: &Desk) -> Vec<Row> {
    let mut decided = desk.decided();
    decided.sort_by(|one, other| one["claim_id"].cmp(&other["claim_id"]));
    decided
}

#[test]
fn a_column_in_the_names_of_folders_is_read_as_one_in_the_files() {
    let plain = Desk::with_batch();
    plain.validate("").stands();
    let expected = verdicts(&plain);
    for column in ["pay_frequency", "payment_date", "office_number", "irregular_payment", "leaving_date"] {
        for form in FORMS {
            let desk = Desk::with_batch();
            by_folder(&desk, column, form);
            desk.decide("claims.csv", "rti", "").stands();
            assert_eq!(verdicts(&desk), expected, "{column}");
            let inputs = desk.account().inputs;
            assert!(inputs.iter().skip(1).all(|input| input.columns_of_folders == [column]));
        }
    }
}

#[test]
fn what_folders_say_is_a_part_of_what_a_result_is_known_by() {
    let desk = Desk::with_batch();
    let mut part = earnings();
    let place = part.place("pay_frequency");
    part.names.remove(place);
    part.rows.iter_mut().for_each(|row| drop(row.remove(place)));
    let mut seen = BTreeSet::new();
    for frequency in ["M1", "W4"] {
        desk.put(&format!("pay_frequency={frequency}/part.csv"), part.csv());
        let order = format!("--earnings pay_frequency={frequency}/part.csv --out");
        desk.sustain(&format!("validate --scheme lse-poc-2017 --claims claims.csv {order} {frequency}")).stands();
        let run = fs::read_to_string(desk.path(&format!("{frequency}/run.json"))).unwrap();
        let account: serde_json::Value = serde_json::from_str(&run).unwrap();
        assert!(seen.insert(account["fingerprint"].to_string()));
        desk.sustain(
            &format!("prepare {order} store --append")
                .replace(" --append", if frequency == "M1" { "" } else { " --append" }),
        )
        .stands();
    }
    let store = fs::read_to_string(desk.path("store/store.json")).unwrap();
    let store: serde_json::Value = serde_json::from_str(&store).unwrap();
    assert_eq!(store["files"].as_array().map(Vec::len), Some(2));
    assert_eq!(store["files"][1]["folder_values"]["pay_frequency"], "W4");
}

#[test]
fn a_folder_whose_name_holds_personal_data_is_refused_without_showing_it() {
    let desk = Desk::with_batch();
    desk.put("rti/nino=NC100001A/part.csv", earnings().csv());
    for path in ["rti", "rti/nino=NC100001A", "rti/nino=NC100001A/part.csv", "rti/*/*.csv"] {
        let said =
            desk.sustain(&format!("validate --scheme lse-poc-2017 --claims claims.csv --earnings {path} --out out"));
        assert_eq!(said.code, 2);
        assert!(said.err.contains("rti: a folder there is named `nino=...`"), "{}", said.err);
    }
}

#[test]
fn what_is_left_out_is_in_the_account_and_on_the_screen() {
    let desk = Desk::with_batch();
    desk.put("rti/part.csv", earnings().csv());
    desk.put("rti/_SUCCESS", "");
    desk.put("rti/manifest.json", "{\"rows\": 9}");
    desk.put("rti/part.csv.crc", "crc");
    desk.put("rti/README.txt", "Payments of 2018.");
    let said = desk.decide("claims.csv", "rti", "").stands();
    let line = "\n  not read, because it is no data: _SUCCESS (it is empty), part.csv.crc (it is a checksum or a signature), \
                README.txt (it is a note: no line of it has the columns of a table), and 1 more, listed in run.json\n";
    assert!(said.out.contains(line), "{}", said.out);
    let left_out = desk.account().left_out;
    let names: Vec<&str> = left_out.iter().map(|one| one.file.as_str()).collect();
    assert_eq!(names, ["_SUCCESS", "part.csv.crc", "README.txt", "manifest.json"]);
    let said = desk.sustain("prepare --earnings rti --out store").stands();
    assert!(said.out.contains("and 1 more, listed in store.json"), "{}", said.out);
    desk.sustain("verify out").stands();
}

#[test]
fn files_of_one_name_are_told_apart_in_every_output() {
    let desk = Desk::with_batch();
    let all = earnings();
    let part = |rows: std::ops::Range<usize>| Table { rows: all.rows[rows].to_vec(), ..all.clone() }.csv();
    desk.put("rti/2018/05/part-0.csv", part(0..4));
    desk.put("rti/2018/06/part-0.csv", part(4..8) + "too,few\n");
    desk.put("rti/2018/06/part-1.csv", part(8..9));
    desk.decide("claims.csv", "rti", "").stands();
    let names = |file: &str| desk.rows(file).iter().map(|row| row["file"].clone()).collect::<BTreeSet<_>>();
    assert_eq!(names("evidence"), BTreeSet::from(["05/part-0.csv".to_owned(), "06/part-0.csv".to_owned()]));
    assert_eq!(names("quarantine"), BTreeSet::from(["06/part-0.csv".to_owned()]));
    let inputs = desk.account().inputs;
    let names: Vec<&str> = inputs.iter().skip(1).map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["05/part-0.csv", "06/part-0.csv", "part-1.csv"]);
}

#[test]
fn a_folder_of_runs_is_a_history() {
    let desk = Desk::with_batch();
    fs::create_dir(desk.path("runs")).unwrap();
    let order = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv";
    desk.sustain(&format!("{order} --out runs/march")).stands();
    desk.sustain(&format!("{order} --history runs/march --out named")).stands();
    desk.sustain(&format!("{order} --history runs --out runs/april")).stands();
    assert_eq!(files(&desk.path("named")), files(&desk.path("runs/april")));
    assert!(rows(&desk.path("runs/april/validated.parquet")).is_empty());
    let again = desk.sustain(&format!("{order} --history runs --out runs/april")).stands();
    assert!(again.out.starts_with("the same inputs were decided before"), "{}", again.out);
    desk.put("runs/notes/letter.txt", "x");
    let said = desk.sustain(&format!("{order} --history runs --out may"));
    assert!(said.err.contains("runs/notes: this is no run: it has no run.json"), "{}", said.err);
    assert_eq!(claims().rows.len(), 3);
}

//! A prepared store gives the same result as its extract, is appended to without rewriting, and is never read when
//! damaged.

use std::fs;

use crate::support::{Desk, claims, earnings, files};

/// The earnings in two files, the second with the last rows of the first person too.
fn two_months(desk: &Desk) {
    let all = earnings();
    let part = |rows: std::ops::Range<usize>| {
        let mut part = all.clone();
        part.rows = all.rows[rows].to_vec();
        part.csv()
    };
    desk.put("first.csv", part(0..4));
    desk.put("second.csv", part(4..9));
}

#[test]
fn a_store_says_what_it_holds_and_preparing_twice_is_harmless() {
    let desk = Desk::with_batch();
    let said = desk.sustain("prepare --earnings earnings.csv --out store").stands();
    assert_eq!(
        said.out,
        "store: 9 rows of 1 files, paydays from 2018-05-31 to 2018-08-31\n  0 without a person, 0 in quarantine\n"
    );
    let before = files(&desk.path("store"));
    let said = desk.sustain("prepare --earnings earnings.csv --out store").stands();
    assert!(said.out.starts_with("store already holds these files and was left unchanged\n"), "{}", said.out);
    assert_eq!(files(&desk.path("store")), before);
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "store"]);
    let verified = desk.sustain("verify store").stands();
    assert_eq!(verified.out, "store: verified. 1 files are the ones that were written; they hold 9 rows of 1 files\n");
}

#[test]
fn a_month_is_appended_without_the_others_being_written_again() {
    let desk = Desk::with_batch();
    two_months(&desk);
    desk.sustain("prepare --earnings first.csv --out store").stands();
    let before = files(&desk.path("store"));
    desk.sustain("prepare --earnings first.csv second.csv --out store").refuses(
        2,
        "error: store is a store that holds 1 of these files and not the others\n\n\
         hint: give --append to add the others, or name another directory with --out",
    );
    desk.sustain("prepare --earnings first.csv second.csv --out store --append").stands();
    let after = files(&desk.path("store"));
    assert_eq!(after["part-0001.parquet"], before["part-0001.parquet"]);
    let names = ["part-0001.blocks", "part-0001.parquet", "part-0002.blocks", "part-0002.parquet", "store.json"];
    assert_eq!(after.keys().collect::<Vec<_>>(), names);
    desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings store --out from-store").stands();
    desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings first.csv second.csv --out out")
        .stands();
    assert_eq!(files(&desk.path("from-store")), files(&desk.path("out")));
}

#[test]
fn what_the_manifest_does_not_name_is_no_part_of_a_store() {
    let desk = Desk::with_batch();
    two_months(&desk);
    desk.sustain("prepare --earnings first.csv --out store").stands();
    desk.put("store/part-0002.parquet", "what a killed run left");
    desk.sustain("verify store").stands();
    desk.sustain("prepare --earnings second.csv --out store --append").stands();
    desk.sustain("verify store").stands();
}

#[test]
fn a_store_that_was_changed_is_refused() {
    let desk = Desk::with_batch();
    desk.sustain("prepare --earnings earnings.csv --out store").stands();
    let sound = files(&desk.path("store"));
    let validate = "validate --scheme lse-poc-2017 --claims claims.csv --earnings store --out out";
    let refused = |why: &str| {
        let hint = "prepare it again with sustain prepare";
        let words = format!("error: store: the prepared store cannot be used: {why}\n\nhint: {hint}");
        desk.sustain(validate).refuses(2, &words);
    };
    fs::remove_file(desk.path("store/part-0001.parquet")).unwrap();
    refused("part-0001.parquet could not be read (there is no such file or folder)");
    desk.put("store/part-0001.parquet", &sound["part-0001.parquet"][1..]);
    refused("part-0001.parquet has not the size it was written with");
    let mut changed = sound["part-0001.parquet"].clone();
    changed[100] ^= 1;
    desk.put("store/part-0001.parquet", &changed);
    let hint = "prepare it again with sustain prepare";
    desk.sustain("verify store").refuses(
        3,
        &format!("error: store: the prepared store cannot be used: part-0001.parquet is not the file that was written\n\nhint: {hint}"),
    );
    desk.put("store/part-0001.parquet", &sound["part-0001.parquet"]);
    let manifest = String::from_utf8(sound["store.json"].clone()).unwrap();
    desk.put("store/store.json", manifest.replace("2018-08-31", "2018-09-30"));
    refused("store.json is not the one that was written");
    desk.put("store/store.json", &manifest[..manifest.find("files").unwrap()]);
    refused("store.json is not a manifest, at line 8, column 3");
    desk.put("store/store.json", manifest.replace("\"form\": 3", "\"form\": 4"));
    refused("it has form 4, and this program reads form 3; prepare the extract again");
    desk.put("store/store.json", manifest);
    desk.sustain(validate).stands();
}

#[test]
fn only_a_store_is_appended_to_and_nothing_is_written_over() {
    let desk = Desk::with_batch();
    desk.put("folder/notes.txt", "mine");
    desk.sustain("prepare --earnings earnings.csv --out folder")
        .refuses(2, "error: folder is there and is not a prepared store\n\nhint: name another directory with --out");
    desk.sustain("prepare --earnings earnings.csv --out store --append").refuses(
        2,
        "error: store is not there\n\nhint: a store that is to be appended to must be there; without --append a new one \
         is made",
    );
    desk.sustain("prepare --earnings earnings.csv --out store").stands();
    desk.sustain("prepare --earnings store --out other").refuses(
        2,
        "error: store: this is a prepared store already\n\nhint: prepare the files it was made from, or name the store \
         with validate --earnings",
    );
}

#[test]
fn a_store_has_the_same_bytes_whatever_the_number_of_threads() {
    let desk = Desk::with_batch();
    desk.sustain("prepare --earnings earnings.csv --out one --threads 1").stands();
    desk.sustain("prepare --earnings earnings.csv --out four --threads 4").stands();
    assert_eq!(files(&desk.path("one")), files(&desk.path("four")));
}

#[test]
fn a_damaged_row_of_the_extract_stays_in_quarantine() {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", earnings().csv() + "too,short\n");
    desk.validate("").stands();
    desk.sustain("prepare --earnings earnings.csv --out store").stands();
    desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings store --out from-store").stands();
    assert_eq!(files(&desk.path("from-store")), files(&desk.path("out")));
}

#[test]
fn the_manifest_fits_its_schema() {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", earnings().csv() + "too,short\n");
    let manifest = desk.sustain("prepare --earnings earnings.csv --out store --json").stands().out;
    assert_eq!(manifest, fs::read_to_string(desk.path("store/store.json")).unwrap());
    let schema = serde_json::from_str(&desk.sustain("schemas store").stands().out).unwrap();
    let manifest = serde_json::from_str(&manifest).unwrap();
    assert!(jsonschema::is_valid(&schema, &manifest));
}

#[test]
fn a_near_miss_is_found_in_a_store() {
    let desk = Desk::with_batch();
    desk.put("claims.csv", claims().with(1, "nino", "NC100010A").csv());
    desk.validate("").stands();
    assert!(desk.rows("findings").iter().any(|finding| finding["code"] == "IDN07"));
}

/// A bit that is wrong anywhere in a part is found where it is read; where it is not read it changes nothing.
#[test]
fn no_wrong_bit_of_a_store_changes_a_verdict() {
    let desk = Desk::with_batch();
    desk.sustain("prepare --earnings earnings.csv --out store").stands();
    let validate = "validate --scheme lse-poc-2017 --claims claims.csv --earnings store -q --out out";
    desk.sustain(validate).stands();
    let sound = files(&desk.path("out"));
    let part = fs::read(desk.path("store/part-0001.parquet")).unwrap();
    let (mut refused, mut unread) = (0, 0);
    for (number, place) in (0..part.len()).step_by(part.len() / 40).enumerate() {
        let mut wrong = part.clone();
        wrong[place] ^= 1 << (number % 8);
        desk.put("store/part-0001.parquet", &wrong);
        // A result of these inputs that is there already would be left as it is.
        drop(fs::remove_dir_all(desk.path("out")));
        let said = desk.sustain(validate);
        if said.code == 0 {
            unread += 1;
            assert_eq!(files(&desk.path("out")), sound, "byte {place}");
        } else {
            refused += 1;
            assert_eq!(said.code, 2, "byte {place}: {}", said.err);
            assert!(said.err.contains("damaged") || said.err.contains("part-0001"), "byte {place}: {}", said.err);
        }
    }
    assert!(30 < refused, "{refused} refused, {unread} not read");
    desk.put("store/part-0001.parquet", &part);
    let mut blocks = fs::read(desk.path("store/part-0001.blocks")).unwrap();
    blocks[3] ^= 1;
    drop(fs::remove_dir_all(desk.path("out")));
    desk.put("store/part-0001.blocks", &blocks);
    for verb in [validate, "verify store"] {
        let said = desk.sustain(verb);
        assert!(said.err.contains("part-0001.blocks is not the file that was written"), "{}", said.err);
    }
}

//! The made-up months of a ledger, played with the commands that the maker of samples prints.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{Desk, rows};

/// What has become of each attempt, by provider, claim number and attempt.
type States = BTreeMap<[String; 3], String>;

const MAKE: &str = "sample --claims 260 --population 30 --months 3 --seed 7 --format csv --out try";

fn expected(desk: &Desk) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(desk.path("try/expected-months.csv")).unwrap();
    let lines = text.lines().skip(1);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// The states that the ledger holds.
fn states(desk: &Desk) -> States {
    desk.sustain("ledger export try-ledger --out exported --replace -q").stands();
    let key = |row: &BTreeMap<String, String>| ["provider_id", "claim_id", "attempt"].map(|name| row[name].clone());
    rows(&desk.path("exported/claims.parquet")).iter().map(|row| (key(row), row["state"].clone())).collect()
}

/// Plays the commands of a sample and holds the ledger to the answer key after each.
fn play(desk: &Desk, said: &str) {
    let expected = expected(desk);
    let mut month = 0;
    for line in said.lines().filter_map(|line| line.strip_prefix("  sustain ")) {
        desk.sustain(line).stands();
        let verb = line.split(' ').next().unwrap();
        let place = match verb {
            "month" => {
                month += 1;
                5
            }
            "decide" => 6,
            "pay" => 7,
            _ => continue,
        };
        desk.sustain("ledger verify try-ledger").stands();
        let states = states(desk);
        let number = month.to_string();
        for row in expected.iter().filter(|row| row[0] == number) {
            let key = [row[1].clone(), row[2].clone(), row[3].clone()];
            assert_eq!(states.get(&key), Some(&row[place]), "{verb} of month {month}: {row:?}");
        }
        let planted = |claim: &[String; 3]| {
            expected.iter().any(|row| row[0] == number && row[1..4] == claim[..])
                || !expected.iter().any(|row| row[1] == claim[0] && row[2] == claim[1])
        };
        assert!(states.keys().all(planted), "a planted claim has no attempts but those of the answer key");
    }
}

#[test]
fn the_months_of_a_sample_come_to_their_answer_key() {
    let desk = Desk::new();
    let said = desk.sustain(MAKE).stands().out;
    let expected = expected(&desk);
    let cases: BTreeSet<&str> = expected.iter().map(|row| row[4].as_str()).collect();
    assert_eq!(
        cases.into_iter().collect::<Vec<_>>(),
        [
            "accepted",
            "corrected",
            "kept",
            "rejected",
            "sent_again_when_paid",
            "sent_again_while_open",
            "voided_after_payment",
            "withdrawn"
        ]
    );
    play(&desk, &said);

    let schedule = |number: u32| -> Value {
        let text = std::fs::read_to_string(desk.path(&format!("try-schedule-{number}/schedule.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let (first, second) = (schedule(1), schedule(2));
    let lines = |schedule: &Value| schedule["lines"].as_array().unwrap().clone();
    let voided: Vec<&Vec<String>> = expected
        .iter()
        .filter(|row| row[0] == "2" && row[4] == "voided_after_payment" && row[5] == "to_recover")
        .collect();
    assert!(!voided.is_empty());
    for row in voided {
        let of_claim = |line: &&Value| line["claim_id"] == row[2].as_str();
        let (paid, recovered) = (lines(&first), lines(&second));
        let paid = paid.iter().find(of_claim).unwrap();
        let recovered = recovered.iter().find(of_claim).unwrap();
        assert_eq!((&paid["kind"], &recovered["kind"]), (&"payment".into(), &"recovery".into()));
        assert_eq!(recovered["answers_schedule"], 1);
        assert_eq!(recovered["pence"].as_i64(), paid["pence"].as_i64().map(|pence| -pence));
    }
}

#[test]
fn parquet_months_come_to_their_answer_key() {
    let desk = Desk::new();
    let make = "sample --claims 240 --months 2 --seed 3 --files 2 --out try";
    play(&desk, &desk.sustain(make).stands().out);
}

#[test]
fn a_query_that_nobody_settles_lapses_in_the_answer_key_as_in_the_ledger() {
    let desk = Desk::new();
    let said = desk.sustain("sample --claims 140 --months 5 --seed 3 --format csv --out try").stands().out;
    let lapsed: Vec<Vec<String>> = expected(&desk).into_iter().filter(|row| row[5] == "lapsed").collect();
    assert!(!lapsed.is_empty());
    assert!(lapsed.iter().all(|row| row[4] == "sent_again_while_open" && row[6] == "lapsed" && row[7] == "lapsed"));
    play(&desk, &said);
}

#[test]
fn an_extract_grows_and_the_last_is_that_of_the_sample_but_for_what_was_voided() {
    let desk = Desk::new();
    desk.sustain(MAKE).stands();
    desk.sustain(&MAKE.replace("--months 3 ", "").replace("--out try", "--out whole")).stands();
    // Without the last cell, the day a payment was voided.
    let read = |file: &str| -> Vec<(String, String)> {
        let text = std::fs::read_to_string(desk.path(file)).unwrap();
        let lines = text.lines().map(|line| line.rsplit_once(',').unwrap());
        lines.map(|(facts, voided)| (facts.to_owned(), voided.to_owned())).collect()
    };
    let months = ["try/month-1/earnings.csv", "try/month-2/earnings.csv", "try/month-3/earnings.csv"].map(read);
    let whole = read("whole/earnings.csv");
    let facts = |rows: &[(String, String)]| rows.iter().map(|(facts, _)| facts.clone()).collect::<Vec<_>>();
    assert_eq!(facts(&months[2]), facts(&whole));
    for pair in months.windows(2) {
        let (before, after) = (facts(&pair[0]), facts(&pair[1]).into_iter().collect::<BTreeSet<_>>());
        assert!(before.len() < after.len() && before.iter().all(|row| after.contains(row)));
    }
    let only_voids = whole.iter().zip(&months[2]).filter(|(whole, month)| whole != month);
    assert!(only_voids.clone().all(|(whole, month)| whole.1.is_empty() && !month.1.is_empty()));
    assert!(only_voids.count() > 0);
    for (rows, taken) in months.iter().zip(["2019-02-03", "2019-03-03", "2019-04-03"]) {
        assert!(rows.iter().skip(1).all(|(_, voided)| voided.as_str() <= taken));
    }
}

#[test]
fn the_months_in_the_readme_say_what_the_program_says() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let section = readme.split("### Three months, played\n").nth(1).unwrap().split("\n## ").next().unwrap();
    // What stands between fences, a command in one line.
    let blocks: Vec<&str> = section.split("```\n").skip(1).step_by(2).collect();
    let shown = blocks.concat().replace(" \\\n    ", " ");
    let desk = Desk::new();
    let mut outputs = 0;
    for of_command in shown.split("$ sustain ").skip(1) {
        let (command, expected) = of_command.split_once('\n').unwrap();
        let said = desk.sustain(command).stands().out;
        if !expected.is_empty() {
            assert_eq!(said.trim_end(), expected.trim_end(), "{command}");
            outputs += 1;
        }
    }
    assert_eq!((blocks.len(), outputs), (4, 5));
}

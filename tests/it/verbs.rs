//! What the verbs besides `validate` and `verify` print and how they end.

use crate::support::{Desk, Table, claims};

/// Claims with something wrong in every row but the first.
fn faulty() -> Table {
    let mut table = claims().with(2, "nino", "NC1OOOO2B").with(2, "date_of_birth", "23/07/85").with(
        3,
        "job_end_date",
        "2018-06-01",
    );
    table.rows.push(vec!["C4".into()]);
    table
}

#[test]
fn a_check_that_finds_nothing_says_how_much_it_looked_at() {
    let desk = Desk::with_batch();
    let account: serde_json::Value =
        serde_json::from_str(&desk.sustain("check --claims claims.csv --json").stands().out).unwrap();
    let rules = account["rules"].as_array().unwrap().len();
    assert!(12 <= rules, "{account}");
    let words = format!(
        "3 claims checked under lse-poc-2017 (complete) without earnings: 0 would be rejected, 0 would be queried\n\
         {rules} rules were checked and none failed\n"
    );
    assert_eq!(desk.sustain("check --claims claims.csv").stands().out, words);
    assert_eq!(desk.sustain("check --claims claims.csv -q").stands().out, "");
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv"], "nothing is written");
}

#[test]
fn a_check_lists_every_finding_with_its_line_and_ends_with_one() {
    let desk = Desk::new();
    desk.put("claims.csv", faulty().csv());
    let said = desk.sustain("check --claims claims.csv");
    let words = "\
4 claims checked under lse-poc-2017 (complete) without earnings: 3 would be rejected, 0 would be queried
  claims: date_of_birth: 1 damaged by a spreadsheet (two digit year); 1 that cannot be read

Rules that failed
  ROW01  1  the row could not be read as a record
  ROW03  1  a value is not of its type or not in its list
  CLM10  1  the claim itself says the job ended too soon
  IDN01  1  the National Insurance number is malformed

Findings
  line 3  C2  ROW03  reject  date_of_birth could not be read: expected a date as YYYY-MM-DD, such as 2018-05-01; the year has two digits, which does not say the century
  line 3  C2  IDN01  reject  the National Insurance number does not fit the format
  line 4  C3  CLM10  reject  the claim says the job ended on 1 June 2018; the outcome needs it to last until 30 July 2018
  line 5  -   ROW01  reject  1 field where the header has 19
";
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (1, words, ""));
    let short = desk.sustain("check --claims claims.csv --list 1").out;
    assert!(short.ends_with("\n  and 3 more of 4: --list shows more, --json all\n"), "{short}");
}

#[test]
fn a_check_as_json_lists_every_finding() {
    let desk = Desk::new();
    desk.put("claims.csv", faulty().csv());
    let said = desk.sustain("check --claims claims.csv --json --list 1");
    let found: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.code, &found["claims"], &found["rejected"]), (1, &4.into(), &3.into()));
    assert_eq!(found["findings"].as_array().unwrap().len(), 4);
}

#[test]
fn a_check_rejects_what_a_run_rejects_for_what_the_claim_says_itself() {
    let desk = Desk::with_batch();
    desk.put("claims.csv", faulty().csv());
    desk.validate("").stands();
    let said = desk.sustain("check --claims claims.csv --json");
    let found: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    for finding in found["findings"].as_array().unwrap() {
        let number = finding["row"].to_string();
        let claim = desk.decided().into_iter().find(|row| row["claim_row"] == number).unwrap();
        assert!(claim["reasons"].contains(finding["message"].as_str().unwrap()), "{finding} {claim:?}");
    }
}

#[test]
fn a_check_prints_no_personal_data_that_stands_in_the_wrong_column() {
    let desk = Desk::new();
    desk.put("claims.csv", claims().with(1, "outcome", "NC100001A").csv());
    assert_eq!(desk.sustain("check --claims claims.csv").code, 1);
}

#[test]
fn every_input_and_output_has_a_schema() {
    let desk = Desk::new();
    let all: serde_json::Value = serde_json::from_str(&desk.sustain("schemas").stands().out).unwrap();
    let names: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "audit-findings",
            "audit-sample",
            "changes",
            "claims",
            "decisions",
            "diff",
            "earnings",
            "evidence",
            "explain",
            "findings",
            "funding",
            "ledger-export",
            "packs",
            "payment-schedule",
            "quarantine",
            "rates",
            "rates-account",
            "register",
            "run",
            "store",
            "verdict-rows",
            "verdicts"
        ]
    );
    desk.sustain("schemas --out schemas").stands();
    for name in names {
        let alone = desk.sustain(&format!("schemas {name}")).stands().out;
        assert_eq!(serde_json::from_str::<serde_json::Value>(&alone).unwrap(), all[name], "{name}");
        assert_eq!(
            std::fs::read_to_string(desk.path(&format!("schemas/{name}.schema.json"))).unwrap(),
            alone,
            "{name}"
        );
    }
}

#[test]
fn the_schema_of_something_else_is_refused_and_the_names_are_told() {
    let words = "error: no input or output has this name\n\n\
                 hint: one of claims, register, funding, earnings, verdicts, findings, evidence, quarantine, decisions, payment-schedule, ledger-export, verdict-rows, run, explain, changes, diff, packs, audit-sample, audit-findings, store, rates, rates-account";
    Desk::new().sustain("schemas claim").refuses(2, words);
}

#[test]
fn the_account_of_a_run_fits_its_schema() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let schema = serde_json::from_str(&desk.sustain("schemas run").stands().out).unwrap();
    let account = serde_json::from_str(&std::fs::read_to_string(desk.path("out/run.json")).unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema, &account));
}

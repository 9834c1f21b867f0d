//! What a ledger refuses, or asks a person about, so that nothing is paid, taken back or lost by a slip.

use std::fs;

use crate::ledger::{DECISIONS, after_a_month, decision, desk, json, month, state, total};
use crate::support::{Desk, claims, earnings};

/// Earnings without those of some rows, counted from 1.
fn without(rows: std::ops::RangeInclusive<usize>) -> String {
    let mut earnings = earnings();
    let mut number = 0;
    earnings.rows.retain(|_| {
        number += 1;
        !rows.contains(&number)
    });
    earnings.csv()
}

#[test]
fn a_payment_whose_payroll_the_extract_lacks_is_in_question_and_not_taken_back() {
    let desk = after_a_month();
    desk.sustain("pay poc --out first --day 2019-01-15").stands();
    desk.put("half.csv", without(1..=3));
    let done = month(&desk, "--earnings half.csv");
    let fallen = &done["no_longer_standing"][0];
    assert!(
        fallen["cause"].as_str().unwrap().starts_with("3 payments can no longer be found in the extract"),
        "{fallen}"
    );
    assert_eq!((state(&desk, "C1"), total(&desk, "to_recover")), ("in_question".to_owned(), 0));
    assert_eq!(json(&desk, "pay poc --dry-run")["schedule"]["recoveries"], 0);
    desk.sustain("worklist poc --out list.csv").stands();
    let list = fs::read_to_string(desk.path("list.csv")).unwrap();
    assert!(list.contains("3 payments can no longer be found in the extract"), "{list}");
    // Nor is it taken back by the next month that lacks the same.
    json(&desk, "month poc --earnings half.csv --extract-to 2019-01-01");
    assert_eq!((state(&desk, "C1"), total(&desk, "to_recover")), ("in_question".to_owned(), 0));
    // With the whole extract it stands again, and nobody had to do anything.
    json(&desk, "month poc --earnings earnings.csv --extract-to 2019-01-01");
    assert_eq!((state(&desk, "C1"), total(&desk, "stands")), ("paid".to_owned(), 250_000));
}

#[test]
fn a_claim_that_is_due_or_open_is_not_rejected_for_what_the_extract_lacks() {
    let desk = after_a_month();
    desk.put("half.csv", without(1..=9));
    month(&desk, "--earnings half.csv");
    assert_eq!(["C1", "C3"].map(|claim| state(&desk, claim)), ["open", "open"]);
    json(&desk, "month poc --earnings half.csv --extract-to 2019-01-01");
    assert_eq!(["C1", "C3"].map(|claim| state(&desk, claim)), ["open", "open"], "nor by the next month");
    total(&desk, "open");
    json(&desk, "month poc --earnings earnings.csv --extract-to 2019-01-01");
    assert_eq!(["C1", "C3"].map(|claim| state(&desk, claim)), ["due", "open"]);
}

#[test]
fn a_month_without_the_register_of_the_month_before_is_refused() {
    let desk = desk();
    let columns = "participant_id,nino,surname,forename,date_of_birth,sex,contract_id,provider_id,referral_date,start_date,cohort,benefit,\
                   on_other_provision,in_work_at_start";
    let row = "P1,NC100001A,Example,Robin,1990-01-15,F,CT1,PR1,2018-03-01,2018-04-01,autism,uc,false,false";
    desk.put("register.csv", format!("{columns}\n{row}\n"));
    month(&desk, "--claims claims.csv --earnings earnings.csv --register register.csv");
    let said = desk.sustain("month poc --earnings earnings.csv --extract-to 2019-01-31");
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("month 1 was decided with a register, and none is given for this one"), "{}", said.err);
}

#[test]
fn only_a_worklist_gives_way_to_a_worklist() {
    let desk = after_a_month();
    let refused = |out: &str, words: &str| {
        let said = desk.sustain(&format!("worklist poc --out {out} --replace"));
        assert!(said.code == 2 && said.err.contains(words), "{said:?}");
    };
    let before = fs::read(desk.path("claims.csv")).unwrap();
    refused("claims.csv", "claims.csv is no worklist");
    refused("poc/ledger.sqlite", "is in the folder of the ledger");
    refused("list.docx", "a worklist is no .docx file");
    desk.put("lists", "no folder");
    refused("lists", "lists holds files that are no worklists");
    assert_eq!(fs::read(desk.path("claims.csv")).unwrap(), before);
    for out in ["list.csv", "list.xlsx"] {
        desk.sustain(&format!("worklist poc --out {out}")).stands();
        desk.sustain(&format!("worklist poc --out {out} --replace")).stands();
    }
}

#[test]
fn a_second_person_is_another_person_however_the_name_is_written() {
    let desk = Desk::with_batch();
    desk.sustain("ledger new poc --scheme lse-poc-2017 --param unit_price=2500 --four-eyes").stands();
    month(&desk, "--claims claims.csv --earnings earnings.csv");
    let decide = |second: &str| {
        desk.put("decisions.csv", format!("{DECISIONS}{}", decision("C3", "accept").replace("B Jones", second)));
        desk.sustain("decide poc --decisions decisions.csv")
    };
    for same in ["A  Smith", "A. Smith", "Smith A", "a smith", "\u{ff21} Smith", "\"Smith, A\""] {
        let said = decide(same);
        assert!(said.code == 2 && said.err.contains("are the same person"), "{same}: {said:?}");
    }
    for nobody in ["-", "n/a", "none", "1", "Nobody", "X"] {
        let said = decide(nobody);
        assert!(said.code == 2 && said.err.contains("checked_by names nobody"), "{nobody}: {said:?}");
    }
    decide("10023").stands();
    for another in ["AB", "B Smith"] {
        let said = decide(another);
        assert!(said.err.contains("claim C3 is due and cannot be decided"), "{another}: {said:?}");
    }
}

#[test]
fn days_of_decisions_and_payments_are_of_their_time() {
    let desk = after_a_month();
    for (day, is_right) in [("2018-12-30", false), ("2018-12-31", true), ("2020-01-01", true), ("2020-01-02", false)] {
        let said = desk.sustain(&format!("pay poc --dry-run --day {day}"));
        assert_eq!(said.code == 0, is_right, "{day}: {said:?}");
    }
    for day in ["1999-02-05", "2099-02-05"] {
        desk.put("decisions.csv", format!("{DECISIONS}{}", decision("C3", "accept").replace("2019-01-10", day)));
        let said = desk.sustain("decide poc --decisions decisions.csv");
        let words = format!("decided_on is {day}, and the extract of the last month speaks up to 2018-12-31");
        assert!(said.code == 2 && said.err.contains(&words), "{said:?}");
    }
}

#[test]
fn what_is_due_by_a_decision_that_has_ended_is_not_paid() {
    let desk = after_a_month();
    desk.put("decisions.csv", format!("{DECISIONS}{}", decision("C3", "accept").replace("10,\n", "10,2019-02-10\n")));
    desk.sustain("decide poc --decisions decisions.csv").stands();
    let due = |day: &str| {
        let schedule = json(&desk, &format!("pay poc --dry-run --day {day}"))["schedule"].clone();
        (schedule["payments"].as_i64().unwrap(), schedule["decisions_ended"].as_i64().unwrap())
    };
    assert_eq!((due("2019-02-10"), due("2019-02-11")), ((2, 0), (1, 1)));
}

#[test]
fn reading_commands_find_out_what_was_put_in_the_place_of_a_ledger() {
    let desk = after_a_month();
    let earlier = fs::read(desk.path("poc/ledger.sqlite")).unwrap();
    desk.sustain("pay poc --out first").stands();
    fs::write(desk.path("poc/ledger.sqlite"), earlier).unwrap();
    for line in ["ledger show poc", "ledger balance poc", "worklist poc --out list.csv", "pay poc --dry-run"] {
        let said = desk.sustain(line);
        assert!(said.code == 3 && said.err.contains("it is not as the last command left it"), "{said:?}");
    }
}

#[test]
fn what_looks_like_a_persons_number_is_withheld_where_payments_are_shown() {
    let desk = desk();
    desk.put("claims.csv", claims().with(1, "claim_id", "NC100009A").csv());
    month(&desk, "--claims claims.csv --earnings earnings.csv");
    for line in ["pay poc --dry-run --json", "pay poc --out first --json"] {
        let said = desk.sustain(line).stands();
        assert!(said.out.contains("(withheld)") && !said.out.contains("NC100009A"), "{}", said.out);
    }
}

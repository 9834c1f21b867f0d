//! The ledger at work: months, decisions, payments and recoveries, as a person would give the commands.

use serde_json::Value;

use crate::support::{Desk, Table, claims, earnings, rows};

const UP_TO: &str = "--extract-to 2018-12-31";

/// A desk with the small batch and a ledger that pays £2,500 for an outcome.
pub(crate) fn desk() -> Desk {
    let desk = Desk::with_batch();
    desk.sustain("ledger new poc --scheme lse-poc-2017 --param unit_price=2500").stands();
    desk
}

/// The same after its first month: C1 is due, C2 rejected, C3 open.
pub(crate) fn after_a_month() -> Desk {
    let desk = desk();
    month(&desk, "--claims claims.csv --earnings earnings.csv");
    desk
}

#[track_caller]
pub(crate) fn month(desk: &Desk, inputs: &str) -> Value {
    json(desk, &format!("month poc {inputs} {UP_TO}"))
}

#[track_caller]
pub(crate) fn json(desk: &Desk, line: &str) -> Value {
    serde_json::from_str(&desk.sustain(&format!("{line} --json")).stands().out).unwrap()
}

/// The state of the last attempt at a claim.
#[track_caller]
pub(crate) fn state(desk: &Desk, claim: &str) -> String {
    let shown = json(desk, &format!("ledger show poc {claim}"));
    shown.as_array().unwrap().last().unwrap()["state"].as_str().unwrap().to_owned()
}

/// What the ledger comes to, in pence.
#[track_caller]
pub(crate) fn total(desk: &Desk, amount: &str) -> i64 {
    desk.sustain("ledger verify poc").stands();
    let total = &json(desk, "ledger balance poc")["total"];
    let of = |name: &str| total[name].as_i64().unwrap();
    assert_eq!(of("claimed"), of("payable") + of("rejected") + of("withdrawn") + of("lapsed") + of("open"));
    assert_eq!(of("payable"), of("paid") + of("due"));
    assert_eq!(of("paid"), of("stands") + of("recovered") + of("to_recover"));
    of(amount)
}

/// Earnings of which HMRC voided those of some rows, counted from 1.
fn voided(rows: impl IntoIterator<Item = usize>) -> Table {
    let mut earnings = earnings();
    earnings.names.push("no_longer_valid".into());
    earnings.rows.iter_mut().for_each(|row| row.push(String::new()));
    rows.into_iter().fold(earnings, |earnings, row| earnings.with(row, "no_longer_valid", "2018-11-20"))
}

pub(crate) fn decision(claim: &str, what: &str) -> String {
    format!("{claim},{what},R1,DMS/7,A Smith,B Jones,2019-01-10,\n")
}

pub(crate) const DECISIONS: &str = "claim_id,decision,reason,evidence,decided_by,checked_by,decided_on,until\n";

#[test]
fn a_claim_goes_from_its_receipt_to_its_payment_and_back() {
    let desk = after_a_month();
    assert_eq!(["C1", "C2", "C3"].map(|claim| state(&desk, claim)), ["due", "rejected", "open"]);
    assert_eq!((total(&desk, "due"), total(&desk, "open"), total(&desk, "rejected")), (250_000, 250_000, 250_000));

    let dry = json(&desk, "pay poc --dry-run");
    assert_eq!((&dry["how"], &dry["schedule"]["total"]), (&"dry_run".into(), &250_000.into()));
    assert_eq!(state(&desk, "C1"), "due", "a dry run records nothing");
    let paid = json(&desk, "pay poc --out first --day 2019-01-15");
    assert_eq!((&paid["how"], &paid["schedule"]["schedule"]), (&"new".into(), &1.into()));
    assert_eq!(json(&desk, "pay poc --out first")["how"], "again");
    assert_eq!(json(&desk, "pay poc --out once-more")["how"], "again");
    let read = |folder: &str| std::fs::read(desk.path(&format!("{folder}/schedule.csv"))).unwrap();
    assert_eq!(read("first"), read("once-more"), "the same schedule");
    desk.sustain("verify first").stands();
    assert_eq!((state(&desk, "C1"), total(&desk, "stands")), ("paid".to_owned(), 250_000));

    // The next month HMRC has voided the payroll; another claim for the same participant is refused by what was paid.
    desk.put("void.csv", voided(1..=3).csv());
    let mut more = claims().with(1, "claim_id", "C9");
    more.rows.truncate(1);
    desk.put("more.csv", more.csv());
    let done = month(&desk, "--claims more.csv --earnings void.csv");
    assert_eq!(
        done["no_longer_standing"][0]["cause"].as_str().unwrap().split(';').next(),
        Some("HMRC voided 3 payments on 20 November 2018")
    );
    assert_eq!((done["carried"]["claims"].as_i64(), done["to_recover"]["pence"].as_i64()), (Some(1), Some(250_000)));
    assert_eq!([state(&desk, "C1"), state(&desk, "C9")], ["to_recover", "rejected"]);
    let findings = rows(&desk.path("poc/runs/0002/findings.parquet"));
    let refused = findings.iter().find(|row| row["claim_id"] == "C9").unwrap();
    assert_eq!(
        refused["message"],
        "an earlier run validated sustained_13_weeks for this participant: claim C1 of the run of month 1 of the ledger (extract to \
         2018-12-31), achieved on 30 July 2018, £2,500.00 paid on 15 January 2019"
    );

    let recovered = json(&desk, "pay poc --out second --day 2019-02-15");
    let lines = recovered["schedule"]["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["pence"], &lines[0]["answers_schedule"]), (&(-250_000).into(), &1.into()));
    assert_eq!(
        (state(&desk, "C1"), total(&desk, "recovered"), total(&desk, "stands")),
        ("recovered".to_owned(), 250_000, 0)
    );

    // What was recovered may be claimed anew.
    month(&desk, "--claims claims.csv --earnings earnings.csv");
    assert_eq!((state(&desk, "C1"), total(&desk, "due")), ("due".to_owned(), 250_000));
    desk.sustain("ledger export poc --out parquet").stands();
    desk.sustain("verify parquet").stands();
    desk.sustain("verify poc").stands();
}

#[test]
fn a_decision_holds_while_the_payroll_is_the_same_and_the_claim_comes_back_when_it_changes() {
    let desk = after_a_month();
    desk.put("decisions.csv", format!("{DECISIONS}{}", decision("C3", "accept")));
    assert_eq!(json(&desk, "decide poc --decisions decisions.csv")["decisions"]["accept"], 1);
    assert_eq!(json(&desk, "decide poc --decisions decisions.csv")["known_before"], 1);
    assert_eq!(state(&desk, "C3"), "due");
    month(&desk, "--earnings earnings.csv");
    assert_eq!(state(&desk, "C3"), "due", "it holds");
    let told = json(&desk, "ledger show poc C3");
    assert_eq!(told[0]["verdict"], "queried", "a decision stands beside the verdict");

    desk.put("changed.csv", earnings().with(7, "taxable_pay", "1.00").csv());
    let done = month(&desk, "--earnings changed.csv");
    assert_eq!(state(&desk, "C3"), "open");
    assert!(done["no_longer_standing"][0]["cause"].as_str().unwrap().starts_with("1 payment changed"), "{done}");
    let list = json(&desk, "worklist poc --out list.csv");
    assert_eq!(list["claims"], serde_json::json!({ "PR2": 1 }));
    assert!(std::fs::read_to_string(desk.path("list.csv")).unwrap().contains("1 payment changed"));
}

#[test]
fn a_worklist_that_was_filled_in_is_a_file_of_decisions() {
    let desk = after_a_month();
    desk.sustain("worklist poc --out list.csv").stands();
    let text = std::fs::read_to_string(desk.path("list.csv")).unwrap();
    let (heads, row) = text.trim_end().split_once('\n').unwrap();
    let written = row.strip_suffix(",,,,,,,").unwrap();
    desk.put("filled.csv", format!("{heads}\n{written},withdraw,R2,DMS/8,A Smith,,2019-01-10,\n"));
    desk.sustain("decide poc --decisions filled.csv").stands();
    assert_eq!((state(&desk, "C3"), total(&desk, "withdrawn")), ("withdrawn".to_owned(), 250_000));
    // A workbook is read back as it is; what is sent to a provider is no file of decisions, and tells nothing of payroll.
    let desk = after_a_month();
    desk.sustain("worklist poc --out list.xlsx").stands();
    desk.sustain("worklist poc --out lists").stands();
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "list.xlsx", "lists", "poc"]);
    assert_eq!(json(&desk, "decide poc --decisions list.xlsx")["undecided"], 1);
    let said = desk.sustain("decide poc --decisions lists/001-PR2.xlsx");
    assert!(said.code == 2 && said.err.contains("decision"), "{said:?}");
}

#[test]
fn decisions_are_refused_by_line_and_none_is_recorded() {
    let desk = after_a_month();
    desk.sustain("pay poc --out first").stands();
    let refused = |rows: &str, words: &str| {
        desk.put("decisions.csv", format!("{DECISIONS}{}{rows}", decision("C3", "accept")));
        let said = desk.sustain("decide poc --decisions decisions.csv");
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains("decisions.csv, line 3: ") && said.err.contains(words), "{}", said.err);
        assert!(said.err.contains("nothing was recorded"), "{}", said.err);
        assert_eq!(state(&desk, "C3"), "open");
    };
    refused(&decision("C7", "accept"), "the ledger has no claim C7");
    refused(&decision("C1", "reject"), "claim C1 is paid and cannot be decided as reject");
    refused(&decision("C3", "reject"), "the claim is decided twice, here and on line 2");
    refused(&decision("C2", "accept").replace("B Jones", "a smith"), "decided_by and checked_by are the same person");
    refused(&decision("C2", "accept").replace("DMS/7", ""), "evidence is empty");
    refused(&decision("C2", "allow"), "decision cannot be read");
    refused(&decision("C2", "accept").replace("10,\n", "10,2019-01-09\n"), "until is before decided_on");
    refused(&decision("C2", "accept").replace("2019-01-10", "soon"), "decided_on is no day");
}

#[test]
fn a_ledger_with_four_eyes_asks_for_a_second_person() {
    let desk = Desk::with_batch();
    desk.sustain("ledger new poc --scheme lse-poc-2017 --param unit_price=2500 --four-eyes").stands();
    month(&desk, "--claims claims.csv --earnings earnings.csv");
    desk.put("decisions.csv", format!("{DECISIONS}{}", decision("C3", "accept").replace("B Jones", "")));
    let said = desk.sustain("decide poc --decisions decisions.csv");
    assert!(said.code == 2 && said.err.contains("checked_by is empty"), "{said:?}");
    desk.put("decisions.csv", format!("{DECISIONS}{}", decision("C3", "reject").replace("B Jones", "")));
    desk.sustain("decide poc --decisions decisions.csv").stands();
}

#[test]
fn a_claim_sent_again_is_the_same_one_or_a_new_attempt() {
    let desk = after_a_month();
    let said = desk.sustain(&format!("month poc --claims claims.csv --earnings earnings.csv {UP_TO}"));
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("month 1 was done with these very claims, register and earnings"), "{}", said.err);
    // C1 is due, C2 was rejected, C3 is open and sent as it was.
    desk.put("earnings.csv", earnings().with(9, "taxable_pay", "1301.00").csv());
    let done = month(&desk, "--claims claims.csv --earnings earnings.csv");
    let rows = |name: &str| done["rows"][name].as_i64().unwrap_or(0);
    assert_eq!((rows("sent_again"), rows("corrected"), rows("carried"), rows("new")), (1, 1, 1, 0));
    assert_eq!(state(&desk, "C1"), "due", "what is sent again counts for nothing against what is due");
    assert_eq!(json(&desk, "ledger show poc C2").as_array().unwrap().len(), 2);
    assert_eq!(json(&desk, "ledger show poc C3").as_array().unwrap().len(), 1);
    assert_eq!((total(&desk, "claimed"), total(&desk, "rejected")), (750_000, 250_000));
    desk.put("corrected.csv", claims().with(3, "job_start_date", "2018-05-02").csv());
    month(&desk, "--claims corrected.csv --earnings earnings.csv");
    let attempts = json(&desk, "ledger show poc C3");
    let states: Vec<&str> = attempts.as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["replaced", "open"]);
    assert_eq!(total(&desk, "claimed"), 750_000);
}

#[test]
fn providers_number_their_claims_each_for_themselves() {
    let desk = desk();
    desk.put("claims.csv", claims().with(3, "claim_id", "C1").csv());
    month(&desk, "--claims claims.csv --earnings earnings.csv");
    assert_eq!([state(&desk, "PR1/C1"), state(&desk, "PR2/C1")], ["due", "open"]);
    // The number of an open claim of one provider is used by another one for the first time.
    let mut more = claims().with(2, "claim_id", "C1").with(2, "provider_id", "PR3");
    more.rows.remove(2);
    more.rows.remove(0);
    desk.put("more.csv", more.csv());
    month(&desk, "--claims more.csv --earnings earnings.csv");
    let states = ["PR1/C1", "PR2/C1", "PR3/C1"].map(|claim| state(&desk, claim));
    assert_eq!(states, ["due", "open", "rejected"]);
    desk.put("decisions.csv", format!("{DECISIONS}{}", decision("C1", "accept")));
    let said = desk.sustain("decide poc --decisions decisions.csv");
    assert!(said.code == 2 && said.err.contains("several providers have a claim C1"), "{said:?}");
}

#[test]
fn attempts_and_the_time_for_an_answer_are_terms_of_the_scheme() {
    let desk = Desk::with_batch();
    let scheme = desk.sustain("schemes show lse-poc-2017 --toml").stands().out;
    let changed = |text: String, was: &str, now: &str| {
        assert!(text.contains(was));
        text.replace(was, now)
    };
    let scheme = changed(
        scheme,
        "[[claim_attempts]]\nfrom = 2013-04-06\nvalue = 3",
        "[[claim_attempts]]\nfrom = 2013-04-06\nvalue = 1",
    );
    let days = "[[query_lapse_days]]\nfrom = 2013-04-06\nvalue = ";
    desk.put("scheme.toml", changed(scheme, &format!("{days}90"), &format!("{days}30")));
    desk.sustain("ledger new poc --scheme scheme.toml --param unit_price=2500").stands();
    let at = |claims: &str, day: &str| {
        json(&desk, &format!("month poc {claims} --earnings earnings.csv --extract-to {day}"))
    };
    at("--claims claims.csv", "2018-12-31");
    at("", "2019-01-29");
    assert_eq!(state(&desk, "C3"), "open", "the last day but one");
    at("", "2019-01-30");
    assert_eq!((state(&desk, "C3"), total(&desk, "lapsed")), ("lapsed".to_owned(), 250_000));
    at("--claims claims.csv", "2019-01-31");
    assert_eq!(state(&desk, "C3"), "rejected", "a second attempt is one too many");
}

#[test]
fn one_writes_at_a_time_and_reading_is_possible_meanwhile() {
    let desk = after_a_month();
    let lock = std::fs::File::options().write(true).open(desk.path("poc/lock")).unwrap();
    lock.lock().unwrap();
    let said = desk.sustain("pay poc --out first");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("another command is writing in poc"), "{}", said.err);
    desk.sustain("ledger show poc").stands();
    desk.sustain("ledger verify poc").stands();
    desk.sustain("pay poc --dry-run").stands();
    drop(lock);
    desk.sustain("pay poc --out first").stands();
    assert_eq!(files(&desk), ["ledger.seal", "ledger.sqlite", "lock", "runs"], "nothing is left beside the database");
}

fn files(desk: &Desk) -> Vec<String> {
    let entries = std::fs::read_dir(desk.path("poc")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn nobody_changes_what_was_recorded_in_silence() {
    let desk = after_a_month();
    desk.sustain("pay poc --out first").stands();
    let database = rusqlite::Connection::open(desk.path("poc/ledger.sqlite")).unwrap();
    for change in [
        "UPDATE event SET pence = 1 WHERE kind = 'paid'",
        "DELETE FROM event WHERE kind = 'paid'",
        "INSERT INTO event SELECT 999, kind, month, claim, state, claimed, pence, day, body, hash FROM event WHERE number = 1",
        "INSERT INTO event SELECT max(number) + 1, 'paid', 1, claim, 'paid', NULL, 1, NULL, '{}', '' FROM event WHERE kind = 'paid'",
    ] {
        database.execute(change, []).unwrap_err();
    }
    // Whoever takes the triggers away is found out by the chain, and by the seal before that.
    database
        .execute_batch("DROP TRIGGER event_is_never_changed; UPDATE event SET pence = 1 WHERE kind = 'paid'")
        .unwrap();
    drop(database);
    for line in ["ledger verify poc", "ledger show poc", "pay poc --out second"] {
        let said = desk.sustain(line);
        assert_eq!(said.code, 3, "{said:?}");
        assert!(said.err.contains("the ledger cannot be trusted"), "{}", said.err);
    }
}

#[test]
fn a_run_or_a_page_of_a_month_that_was_changed_is_found_out() {
    for file in ["runs/0001/validated.parquet", "runs/0001/report.html", "runs/0001.html"] {
        let desk = after_a_month();
        let path = desk.path("poc").join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(desk.sustain("ledger verify poc").code, 3, "{file}");
    }
}

#[test]
fn a_ledger_of_a_newer_program_is_refused() {
    let desk = desk();
    let database = rusqlite::Connection::open(desk.path("poc/ledger.sqlite")).unwrap();
    database.execute_batch("PRAGMA user_version = 2").unwrap();
    drop(database);
    let said = desk.sustain("ledger show poc");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("the ledger has format 2, and this program knows format 1"), "{}", said.err);
}

#[test]
fn equal_months_give_equal_ledgers() {
    let head = |desk: &Desk| json(desk, "ledger show poc")["head"].clone();
    assert_eq!(head(&after_a_month()), head(&after_a_month()));
}

#[test]
fn what_a_month_did_not_record_is_taken_away_by_the_next() {
    let desk = desk();
    desk.put("poc/runs/0001/validated.parquet", "half a run");
    desk.put("poc/.month.sustain-x/carried.parquet", "what a killed month was given");
    assert_eq!(json(&desk, "ledger verify poc")["not_recorded"], serde_json::json!(["0001"]));
    month(&desk, "--claims claims.csv --earnings earnings.csv");
    assert_eq!(json(&desk, "ledger verify poc")["not_recorded"], serde_json::json!([]));
    assert_eq!(files(&desk), ["ledger.seal", "ledger.sqlite", "lock", "runs"]);
}

#[test]
fn a_month_that_cannot_be_trusted_records_nothing() {
    let desk = after_a_month();
    let head = |desk: &Desk| json(desk, "ledger show poc")["head"].clone();
    let before = head(&desk);
    let said = desk.sustain("month poc --earnings earnings.csv --extract-to 2018-11-30");
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        said.err.contains("the extract speaks up to 2018-11-30, and that of the last month up to 2018-12-31"),
        "{}",
        said.err
    );
    desk.put("empty.csv", "nino\n");
    assert_eq!(desk.sustain("month poc --earnings empty.csv").code, 2);
    assert_eq!(desk.sustain("month poc --earnings earnings.csv --max-queried 0%").code, 3);
    assert_eq!(head(&desk), before);
    desk.sustain("ledger verify poc").stands();
    assert!(!desk.path("poc/runs/0002").exists());
}

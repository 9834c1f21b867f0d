//! What the ledger's verbs say and write for people: workbooks that add up, hints that help, and counts in words.

use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;

use crate::support::{Desk, earnings};

const UP_TO: &str = "--extract-to 2018-12-31";

/// A ledger after its first month: C1 is due, C2 rejected, C3 open, and £2,500 is claimed for each.
fn after_a_month() -> Desk {
    let desk = Desk::with_batch();
    desk.sustain("ledger new poc --scheme lse-poc-2017 --param unit_price=2500").stands();
    desk.sustain(&format!("month poc --claims claims.csv --earnings earnings.csv {UP_TO} -q")).stands();
    desk
}

#[track_caller]
fn json(desk: &Desk, line: &str) -> Value {
    serde_json::from_str(&desk.sustain(&format!("{line} --json")).stands().out).unwrap()
}

/// The rows of a sheet as a spreadsheet sees them, its headings first.
fn sheet(path: &Path, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook(path).unwrap();
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// The cell of the first row under a heading.
#[track_caller]
fn cell(rows: &[Vec<Data>], heading: &str) -> Data {
    let place = rows[0].iter().position(|head| head == &Data::String(heading.into())).unwrap();
    rows[1][place].clone()
}

#[track_caller]
fn is_day(cell: &Data, day: (u16, u8, u8)) {
    let Data::DateTime(moment) = cell else { panic!("{cell:?} is no day") };
    let (year, month, of_month, ..) = moment.to_ymd_hms_milli();
    assert_eq!((year, month, of_month), day);
}

#[test]
fn a_spreadsheet_adds_up_a_schedule() {
    let desk = after_a_month();
    desk.sustain("pay poc --out first --day 2019-01-15").stands();
    let lines = sheet(&desk.path("first/schedule.xlsx"), "lines");
    for (heading, number) in [("amount", 2500.0), ("running_total", 2500.0), ("line", 1.0), ("attempt", 1.0)] {
        assert_eq!(cell(&lines, heading), Data::Float(number), "{heading}");
    }
    is_day(&cell(&lines, "day"), (2019, 1, 15));
    assert_eq!(cell(&lines, "claim_id"), Data::String("C1".into()));
    assert_eq!(cell(&lines, "answers_schedule"), Data::Empty);
    assert_eq!(cell(&sheet(&desk.path("first/schedule.xlsx"), "contracts"), "total"), Data::Float(2500.0));
    let text = std::fs::read_to_string(desk.path("first/schedule.csv")).unwrap();
    let line = "1,1,2019-01-15,lse-poc-2017,PR1,CT1,C1,1,sustained_13_weeks,payment,2500.00,2500.00,";
    assert_eq!(text.lines().nth(1), Some(line));
}

/// Fills in the first row of a worklist, as a spreadsheet saves it: what was a number or a day stays one, and days that people type
/// become days.
fn fill_in(desk: &Desk, list: &str, filled: &str) {
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name("decisions").unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let rows = sheet(&desk.path(list), "decisions");
    for (row, cells) in (0..).zip(&rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Data::String(text) => page.write_string(row, column, text).map(|_| ()),
                Data::Float(number) => page.write_number(row, column, *number).map(|_| ()),
                Data::DateTime(moment) => page.write_number_with_format(row, column, moment.as_f64(), &day).map(|_| ()),
                Data::Int(_)
                | Data::Bool(_)
                | Data::DateTimeIso(_)
                | Data::DurationIso(_)
                | Data::Error(_)
                | Data::Empty => Ok(()),
            }
            .unwrap();
        }
    }
    let written = [("decision", "reject"), ("reason", "R2"), ("evidence", "DMS/8"), ("decided_by", "A Smith")];
    let place = |heading: &str| {
        let place = rows[0].iter().position(|head| head == &Data::String(heading.into())).unwrap();
        u16::try_from(place).unwrap()
    };
    for (heading, text) in written {
        page.write_string(1, place(heading), text).unwrap();
    }
    let decided = ExcelDateTime::from_ymd(2019, 1, 10).unwrap();
    page.write_datetime_with_format(1, place("decided_on"), &decided, &day).unwrap();
    book.save(desk.path(filled)).unwrap();
}

#[test]
fn the_amounts_and_days_of_a_worklist_are_numbers_and_days_and_it_is_read_back() {
    let desk = after_a_month();
    desk.sustain("worklist poc --out list.xlsx").stands();
    desk.sustain("worklist poc --out lists").stands();
    let list = sheet(&desk.path("list.xlsx"), "decisions");
    let of_provider = sheet(&desk.path("lists/001-PR2.xlsx"), "queries");
    for rows in [&list, &of_provider] {
        assert_eq!(cell(rows, "amount_claimed"), Data::Float(2500.0));
        assert_eq!(cell(rows, "attempt"), Data::Float(1.0));
        is_day(&cell(rows, "open_since"), (2018, 12, 31));
    }
    assert_eq!(cell(&list, "payable_if_accepted"), Data::Float(2500.0));
    is_day(&cell(&list, "lapses_on"), (2019, 3, 31));
    is_day(&cell(&of_provider, "answer_before"), (2019, 3, 31));

    assert_eq!(json(&desk, "decide poc --decisions list.xlsx")["undecided"], 1, "as it is");
    fill_in(&desk, "list.xlsx", "filled.xlsx");
    assert_eq!(json(&desk, "decide poc --decisions filled.xlsx")["decisions"]["reject"], 1);
    let claim = &json(&desk, "ledger show poc C3")[0];
    assert_eq!((&claim["state"], &claim["decided_on"]), (&"rejected".into(), &"2019-01-10".into()));
}

#[test]
fn a_new_ledger_is_told_as_json_without_where_it_lies() {
    let desk = Desk::with_batch();
    let place = desk.path("poc").display().to_string();
    let made = json(&desk, &format!("ledger new {place} --scheme lse-poc-2017 --param unit_price=2500 --four-eyes"));
    let told = serde_json::json!({
        "ledger": "poc", "scheme": "lse-poc-2017", "four_eyes": true, "parameters": { "unit_price": "2500" }
    });
    assert_eq!(made, told);
    assert_eq!(json(&desk, "ledger new other --scheme lse-poc-2017 --param unit_price=2500")["four_eyes"], false);
    assert_eq!(desk.sustain("ledger new third --scheme lse-poc-2017 --param unit_price=2500 -q").stands().out, "");
}

const WORKLIST: &str = "use the columns of the worklist: claim_id, provider_id, attempt, decision, reason, evidence, decided_by, \
                        checked_by, decided_on, until";

/// What `decide` says of decisions that it refuses; its hint is apart.
#[track_caller]
fn refused(desk: &Desk, decisions: &str) -> (String, String) {
    desk.put("decisions.csv", decisions);
    let said = desk.sustain("decide poc --decisions decisions.csv");
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
    let (problem, hint) = said.err.trim_end().split_once("\n\nhint: ").unwrap();
    (problem.to_owned(), hint.to_owned())
}

#[test]
fn decisions_under_other_headings_are_refused_with_those_of_the_worklist() {
    let desk = after_a_month();
    // What is ours is told by its name, and what may be a first row is not.
    let (problem, hint) = refused(&desk, "claim_id,decision,because,decided_by\nC3,reject,R1,A Smith\n");
    let found = "found: claim_id, decision, column 3, decided_by";
    assert!(problem.contains("no column `reason`, `evidence`, `decided_on`") && problem.ends_with(found), "{problem}");
    assert_eq!(hint, WORKLIST);
    let heads = "claim_id,decision,reason,evidence,decided_by,decided_onn\n";
    let (_, hint) = refused(&desk, heads);
    assert_eq!(hint, format!("rename `decided_onn` to `decided_on`; {WORKLIST}"));
    let (problem, hint) = refused(&desk, "claim_id,decision,reason,evidence,decided_by,decided_on,chekced_by\n");
    assert!(problem.contains("`chekced_by` looks like a misspelling of `checked_by`"), "{problem}");
    let rename = "rename `chekced_by` to `checked_by`, as the worklist has it";
    assert_eq!(hint, format!("{rename}; if it is another column, give it a name that is less like ours"));
    let (_, hint) = refused(&desk, "number,what\nC3,reject\n");
    assert_eq!(hint, format!("the first line must name the columns; {WORKLIST}"));
}

#[test]
fn a_filled_in_sample_under_other_headings_is_refused_with_its_own() {
    let desk = Desk::with_batch();
    desk.validate("--param unit_price=2500").stands();
    desk.sustain("audit-sample out --size 1 --seed 7 --out drawn").stands();
    desk.put("filled.csv", "claim_row,claim_id,amount\n1,C1,2500.00\n");
    let said = desk.sustain("audit-sample drawn --results filled.csv");
    let hint = "use the columns of the sheet that was drawn: claim_row, claim_id, amount, right, should_be";
    assert!(said.code == 2 && said.err.trim_end().ends_with(hint), "{said:?}");
}

const HEADS: &str = "claim_id,provider_id,attempt,decision,reason,evidence,decided_by,decided_on\n";

fn decision(claim: &str, provider: &str, attempt: &str) -> String {
    format!("{claim},{provider},{attempt},reject,R1,DMS/7,A Smith,2019-01-10\n")
}

#[test]
fn both_places_of_a_claim_that_is_decided_twice_are_lines_or_both_are_rows() {
    let desk = after_a_month();
    let (problem, _) = refused(&desk, &format!("{HEADS}{0}{0}", decision("C3", "", "")));
    assert_eq!(problem, "error: decisions.csv, line 3: the claim is decided twice, here and on line 2");
}

#[test]
fn a_claim_that_the_ledger_has_of_another_provider_or_attempt_is_told_with_those() {
    let desk = after_a_month();
    let of = |claim: &str, provider: &str, attempt: &str| {
        let (problem, hint) = refused(&desk, &format!("{HEADS}{}", decision(claim, provider, attempt)));
        (problem.strip_prefix("error: decisions.csv, line 2: ").unwrap().to_owned(), hint)
    };
    let (problem, hint) = of("C3", "PR1", "");
    assert_eq!(problem, "the ledger has no claim C3 of PR1; it has the number of PR2, attempt 1");
    assert!(hint.starts_with("write provider_id and attempt as the worklist has them"), "{hint}");
    let (problem, _) = of("C3", "PR2", "2");
    assert_eq!(problem, "the ledger has no claim C3 of PR2, attempt 2; it has the number of PR2, attempt 1");
    let (problem, _) = of("C3", "", "7");
    assert_eq!(problem, "the ledger has no claim C3, attempt 7; it has the number of PR2, attempt 1");
    assert_eq!(of("C7", "", "").0, "the ledger has no claim C7");
    let hint = "sustain ledger show LEDGER C3 shows those of every provider";
    let words = format!("error: the ledger has no claim PR1/C3; it has the number of PR2\n\nhint: {hint}");
    desk.sustain("ledger show poc PR1/C3").refuses(2, &words);
}

#[test]
fn a_month_beyond_a_limit_is_done_again_in_its_place() {
    let desk = Desk::with_batch();
    desk.sustain("ledger new poc --scheme lse-poc-2017 --param unit_price=2500").stands();
    let order = format!("month poc --claims claims.csv --earnings earnings.csv {UP_TO}");
    let problem = "1 of 3 claims are rejected (33.3%), and --max-rejected is 1%";
    let hint = "nothing was recorded; if the claims and the extract are right, do the month again without the limit";
    let said = desk.sustain(&format!("{order} --max-rejected 1%"));
    said.refuses(3, &format!("error: {problem}\n\nhint: {hint}"));
    desk.sustain(&order).stands();
}

#[test]
fn one_of_anything_is_counted_as_one() {
    let desk = after_a_month();
    let said = |line: &str| desk.sustain(line).stands().out;
    assert!(
        said("worklist poc --out list.csv")
            .starts_with("list.csv: 1 claim of 1 provider to be settled, £2,500.00 claimed")
    );
    assert!(said("pay poc --dry-run").contains("1 line "), "{}", said("pay poc --dry-run"));
    desk.sustain("pay poc --out first").stands();
    assert!(said("ledger show poc").contains("schedule 1: 1 payment £2,500.00, 0 recoveries £0.00"));
    let verified = said("ledger verify poc");
    assert!(
        verified.contains("3 claims, 1 month with its run, 1 payment and 0 recoveries are as they were"),
        "{verified}"
    );
    assert!(said("decide poc --decisions list.csv").ends_with("recorded nothing new\n  1 row has no decision yet\n"));
    desk.put("decisions.csv", format!("{HEADS}{}", decision("C3", "", "")));
    desk.sustain("decide poc --decisions decisions.csv").stands();
    assert!(said("decide poc --decisions decisions.csv").ends_with("1 decision was recorded before\n"));
    // C1 is sent again, which was paid.
    desk.put("more.csv", crate::support::earnings().with(9, "taxable_pay", "1301.00").csv());
    let again = said(&format!("month poc --claims claims.csv --earnings more.csv {UP_TO}"));
    assert!(again.contains("\n  1 row claims again what is due or was paid\n"), "{again}");
}

/// The number of claims of a line of a month, all of whose claims went somewhere.
#[track_caller]
fn claims_of(month: &Value, line: &str) -> i64 {
    let of = |lines: &[&str]| lines.iter().map(|line| month[line]["claims"].as_i64().unwrap()).sum::<i64>();
    assert_eq!(of(&["received", "carried", "due_before"]), of(&["open", "due", "rejected", "lapsed"]), "{month}");
    of(&[line])
}

const LINES: [&str; 8] = ["received", "carried", "settled", "open", "due", "rejected", "lapsed", "paid_before"];

#[test]
fn what_a_month_received_and_carried_is_open_due_rejected_or_lapsed() {
    let desk = Desk::with_batch();
    desk.sustain("ledger new poc --scheme lse-poc-2017 --param unit_price=2500").stands();
    let order = |claims: &str, day: &str| format!("month poc {claims} --earnings earnings.csv --extract-to {day}");
    let first = json(&desk, &order("--claims claims.csv", "2018-12-31"));
    let of = |month: &Value, lines: [&str; 8]| lines.map(|line| claims_of(month, line));
    assert_eq!(of(&first, LINES), [3, 0, 0, 1, 1, 1, 0, 0]);
    assert_eq!(first["rejected"]["pence"], 250_000);
    let second = json(&desk, &order("", "2019-01-31"));
    assert_eq!(of(&second, LINES), [0, 1, 0, 1, 1, 0, 0, 0]);
    assert_eq!((claims_of(&second, "due_before"), &second["due_before"]["pence"]), (1, &250_000.into()));
    desk.sustain("pay poc --out first").stands();
    let said = desk.sustain(&order("", "2019-03-31")).stands().out;
    for line in ["settled of those carried over  0  £0.00", "rejected now  0  £0.00", "lapsed  1  £2,500.00"] {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(said.lines().any(|said| said.split_whitespace().collect::<Vec<_>>() == words), "{line}: {said}");
    }
    let page = std::fs::read_to_string(desk.path("poc/runs/0003.html")).unwrap();
    assert!(page.contains("rejected now") && page.contains("lapsed"));
    // The claim is sent once more, and what is carried over and rejected then is settled.
    desk.put("changed.csv", crate::support::earnings().with(9, "taxable_pay", "1301.00").csv());
    let third = json(&desk, &order("--claims claims.csv", "2019-04-01").replace("earnings.csv", "changed.csv"));
    assert_eq!((claims_of(&third, "lapsed"), claims_of(&third, "carried")), (0, 0));
    desk.put("left.csv", crate::support::earnings().with(8, "leaving_date", "2018-06-20").csv());
    let fourth = json(&desk, &order("", "2019-04-02").replace("earnings.csv", "left.csv"));
    assert_eq!(of(&fourth, LINES), [0, 1, 1, 0, 0, 1, 0, 1], "{fourth}");
}

#[test]
fn a_ledger_on_one_page_has_every_month_the_money_and_what_fell_and_gives_way_to_such_a_page_alone() {
    let desk = after_a_month();
    desk.sustain("pay poc --out first --day 2019-01-15").stands();
    let mut payments = earnings();
    payments.names.push("no_longer_valid".into());
    payments.rows.iter_mut().for_each(|row| row.push(String::new()));
    let voided = (1..=3).fold(payments, |rows, row| rows.with(row, "no_longer_valid", "2018-11-20"));
    desk.put("void.csv", voided.csv());
    desk.sustain(&format!("month poc --earnings void.csv {UP_TO} -q")).stands();
    desk.sustain("ledger show poc --page poc.html").stands();
    let page = std::fs::read_to_string(desk.path("poc.html")).unwrap();
    for part in [
        "3 claims for £7,500.00 in 2 months, on payroll records up to 2018-12-31.",
        "£2,500.00 is payable: £2,500.00 was paid, and £0.00 is due.",
        "<th scope=\"row\">of what was paid, to be recovered</th><td class=\"n\">£2,500.00</td>",
        // Received, claimed, found payable, rejected, settled, lapsed, open, paid and recovered.
        "<td class=\"n\">2018-12-31</td><td class=\"n\">3</td><td class=\"n\">£7,500.00</td><td class=\"n\">1</td><td class=\"n\">1</td>\
         <td class=\"n\">0</td><td class=\"n\">0</td><td class=\"n\">1</td><td class=\"n\">£2,500.00</td>",
        "HMRC voided",
        "<th scope=\"row\">C1</th><td>PR1</td><td class=\"n\">£2,500.00</td><td>to recover</td>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let refused = |line: &str, problem: &str| {
        let said = desk.sustain(line);
        assert_eq!((said.code, said.err.lines().next()), (2, Some(problem)));
    };
    refused("ledger show poc --page poc.html", "error: poc.html is already there");
    desk.sustain("ledger show poc --page poc.html --replace").stands();
    desk.put("mine.html", "<p>mine</p>");
    refused("ledger show poc --page mine.html --replace", "error: mine.html is no page of a ledger");
    refused("ledger show poc --page poc/page.html", "error: poc/page.html is in the folder of the ledger");
    refused("ledger show poc --page page.txt", "error: page.txt does not end in .html");
}

#[test]
fn what_a_decision_keeps_is_counted_and_not_listed() {
    let desk = after_a_month();
    let keep = "claim_id,decision,reason,evidence,decided_by,decided_on\nC3,keep,R1,DMS/7,A Smith,2019-01-10\n";
    desk.put("keep.csv", keep);
    desk.sustain("decide poc --decisions keep.csv").stands();
    let list = json(&desk, "worklist poc --out list.csv");
    assert_eq!((&list["kept"], &list["claims"]), (&1.into(), &serde_json::json!({})));
    let said = desk.sustain("worklist poc --out list.csv --replace").stands().out;
    assert!(said.contains("1 more is kept open by a decision"), "{said}");
}

#[test]
fn a_ledger_whose_scheme_states_no_price_says_what_it_pays() {
    let desk = Desk::with_batch();
    let said = desk.sustain("ledger new poc --scheme lse-poc-2017").stands().out;
    assert!(said.contains("no price is known for sustained_13_weeks: what a claim states is paid for it"), "{said}");
    let said = desk.sustain("ledger new priced --scheme lse-poc-2017 --param unit_price=2500").stands().out;
    assert!(!said.contains("no price"), "{said}");
}

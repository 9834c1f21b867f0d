//! What the ledger's verbs say and write for people: workbooks that add up, hints that help, and counts in words.

use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value;

use crate::support::Desk;

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

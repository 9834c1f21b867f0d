//! A file whose cells cannot be believed or read is refused as a whole, saying where and what to do; how cells were
//! written is told in the account and on the screen.

use crate::support::{Desk, Said, Table, claims, earnings};

/// The earnings with a column written another way in every row.
fn rewritten(column: &str, way: impl Fn(&str) -> String) -> Table {
    let mut table = earnings();
    let place = table.place(column);
    for row in &mut table.rows {
        row[place] = way(&row[place]);
    }
    table
}

fn with_earnings(table: &Table) -> Desk {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", table.csv());
    desk
}

/// Asserts that the program refused, saying this among other words.
#[track_caller]
fn refused(said: &Said, words: &str) {
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
    assert!(said.err.contains(words), "{}", said.err);
}

fn month_first(day: &str) -> String {
    let [year, month, of_month] = day.split('-').collect::<Vec<_>>()[..] else { return day.to_owned() };
    format!("{month}/{of_month}/{year}")
}

#[test]
fn a_column_written_month_first_is_refused_with_its_line() {
    let desk = with_earnings(&rewritten("payment_date", month_first));
    refused(&desk.validate(""), "line 2: the dates of the column `payment_date` look month-first");
    refused(&desk.validate("--set-aside 100%"), "none of the column's dates is believed");
    refused(&desk.sustain("prepare --earnings earnings.csv --out store"), "look month-first");
    let desk = Desk::with_batch();
    let mut table = claims();
    let place = table.place("date_of_birth");
    table.rows.iter_mut().for_each(|row| row[place] = month_first(&row[place]));
    table = table.with(3, "date_of_birth", "11/29/1978");
    desk.put("claims.csv", table.csv());
    refused(&desk.sustain("check --claims claims.csv"), "the dates of the column `date_of_birth` look month-first");
}

#[test]
fn claims_of_which_no_row_is_a_record_are_refused_unless_that_is_accepted() {
    let desk = Desk::with_batch();
    // The rows end with a delimiter, and the header does not.
    let whole = claims().csv();
    let widened = |rows: usize| -> String {
        let line =
            |(number, line): (usize, &str)| format!("{line}{}\n", if (1..=rows).contains(&number) { "," } else { "" });
        whole.lines().enumerate().map(line).collect()
    };
    desk.put("claims.csv", widened(3));
    let words = "claims.csv, line 2: none of the 3 rows is a record; the first is none because of this: \
                 20 fields where the header has 19";
    refused(&desk.validate(""), words);
    refused(&desk.sustain("check --claims claims.csv"), words);
    desk.validate("--set-aside 100%").stands();
    assert_eq!(desk.account().claims.rejected, 3);
    // One that is read shows that the header is the file's own.
    desk.put("claims.csv", widened(2));
    desk.validate("--replace").stands();
    assert_eq!(desk.account().claims.rejected, 2);
}

#[test]
fn an_extract_of_which_no_row_is_a_record_is_refused_unless_that_is_accepted() {
    let desk = Desk::with_batch();
    let csv = earnings().csv();
    let widened = csv.lines().enumerate().map(|(number, line)| line.to_owned() + if number == 0 { "" } else { "," });
    desk.put("earnings.csv", widened.collect::<Vec<_>>().join("\n"));
    let words = "earnings.csv: none of the 9 rows is a record";
    refused(&desk.validate(""), words);
    refused(&desk.sustain("prepare --earnings earnings.csv --out store"), words);
    let all = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out --set-aside 100%";
    desk.sustain(all).stands();
    assert_eq!(desk.account().claims.queried, 3);
}

#[test]
fn a_column_that_cannot_be_read_is_refused_unless_more_is_accepted() {
    let desk = with_earnings(&rewritten("payment_date", |_| "21335".into()));
    let words =
        "the column `payment_date` cannot be read in 8 of the 8 rows looked at: found 5 digits, expected a date";
    refused(&desk.validate(""), words);
    refused(&desk.sustain("prepare --earnings earnings.csv --out store"), "cannot be read in");
    let files = "--claims claims.csv --earnings earnings.csv --out out";
    desk.sustain(&format!("validate --scheme lse-poc-2017 {files} --set-aside 100% --extract-to 2018-12-31")).stands();
    let account = desk.account();
    assert_eq!(account.set_aside.as_deref(), Some("100%"));
    let earnings = account.inputs.iter().find(|input| input.role == "earnings").unwrap();
    assert_eq!((earnings.columns["payment_date"].unreadable, earnings.quarantined), (8, 8));
    assert_eq!(earnings.columns["payment_date"].damage["serial_date"], 8);
}

#[test]
fn an_extract_that_names_nobody_is_refused() {
    let desk = with_earnings(&rewritten("nino", |_| "XXXXXXXXX".into()));
    refused(&desk.validate(""), "9 of the 9 rows have no usable National Insurance number");
    refused(&desk.sustain("prepare --earnings earnings.csv --out store"), "no usable National Insurance number");
}

#[test]
fn how_cells_were_written_is_told_by_file_and_column() {
    let desk = with_earnings(&rewritten("taxable_pay", |pay| format!("£{pay}")));
    let said = desk.validate("").stands();
    assert!(said.out.contains("earnings.csv, taxable_pay: 8 amounts with £ or commas"), "{}", said.out);
    let account = desk.account();
    let earnings = account.inputs.iter().find(|input| input.role == "earnings").unwrap();
    assert_eq!(earnings.columns["taxable_pay"].departures["pound_sign"], 8);
    let said = desk.sustain("prepare --earnings earnings.csv --out store").stands();
    assert!(said.out.contains("taxable_pay: 9 amounts with £ or commas"), "{}", said.out);
}

#[test]
fn a_cell_that_a_payment_stands_without_is_not_given_when_it_cannot_be_read() {
    let desk = with_earnings(&earnings().with(1, "received_at", "yesterday").with(2, "payment_id", "1.2E+11"));
    desk.validate("").stands();
    let account = desk.account();
    let earnings = account.inputs.iter().find(|input| input.role == "earnings").unwrap();
    assert_eq!(earnings.quarantined, 0);
    assert_eq!(earnings.columns["received_at"].departures["unreadable_not_given"], 1);
    assert_eq!(earnings.columns["payment_id"].departures["unreadable_not_given"], 1);
}

#[test]
fn a_file_in_apostrophes_is_refused() {
    let in_apostrophes = |cells: &Vec<String>| cells.iter().map(|cell| format!("'{cell}'")).collect::<Vec<_>>();
    let mut table = claims();
    table.rows = table.rows.iter().map(in_apostrophes).collect();
    let desk = Desk::with_batch();
    desk.put("claims.csv", table.csv());
    refused(&desk.validate(""), "line 2 has every cell in apostrophes");
    table.names = in_apostrophes(&table.names);
    desk.put("claims.csv", table.csv());
    refused(&desk.validate(""), "the first line has every cell in apostrophes");
    refused(&desk.sustain("check --claims claims.csv"), "export the file with double quotes around text, or with none");
    let desk = Desk::with_batch();
    let mut table = earnings();
    table.rows = table.rows.iter().map(in_apostrophes).collect();
    desk.put("earnings.csv", table.csv());
    refused(&desk.validate(""), "line 2 has every cell in apostrophes");
}

#[test]
fn a_header_that_is_a_row_or_has_one_at_its_end_is_refused_and_shows_nobody() {
    let shows_nobody = |said: &Said, table: &Table| {
        for column in ["nino", "surname", "date_of_birth", "employer_name"] {
            let place = table.names.iter().position(|name| name == column);
            let cell = place.map_or("", |place| table.rows[0][place].as_str());
            assert!(cell.is_empty() || !said.err.contains(cell), "{column}: {}", said.err);
        }
    };
    for lost in [true, false] {
        let (mut claims, mut earnings) = (claims(), earnings());
        for table in [&mut claims, &mut earnings] {
            let row = table.rows[0].clone();
            if lost { table.names.extend(row) } else { table.names = row }
        }
        let desk = Desk::with_batch();
        desk.put("claims.csv", claims.csv());
        let said = desk.validate("");
        refused(&said, "the first line is a row, not column names");
        shows_nobody(&said, &crate::support::claims());
        let desk = Desk::with_batch();
        desk.put("earnings.csv", earnings.csv());
        let said = desk.validate("");
        refused(&said, "the first line is a row, not column names");
        shows_nobody(&said, &crate::support::earnings());
    }
}

#[test]
fn names_of_json_that_hold_a_person_are_refused_and_not_shown() {
    let objects: Vec<String> = earnings().objects();
    let desk = Desk::with_batch();
    let with_number = objects[0].replacen('{', "{\"NC100001A\":1,", 1);
    desk.put("earnings.csv", format!("{}\n{with_number}\n", objects.join("\n")));
    refused(&desk.validate(""), "payments have a name that reads as a person's number or a date");
}

//! Names of columns, workbooks, several claims files, and lines that are no rows.

use std::collections::BTreeMap;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use sustain::domain::{Claim, Column, Payment};

use crate::support::{Desk, Row, Table, claims, earnings};

/// What was decided of each claim: its verdict and first reason.
fn verdicts(desk: &Desk) -> BTreeMap<String, (String, String)> {
    let of = |row: Row| (row["claim_id"].clone(), (row["verdict"].clone(), row["primary_reason"].clone()));
    desk.decided().into_iter().map(of).collect()
}

fn plain_verdicts() -> BTreeMap<String, (String, String)> {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    verdicts(&desk)
}

/// A table under the last of each column's plain names.
fn in_plain_names(mut table: Table, columns: &[Column]) -> Table {
    for name in &mut table.names {
        let Some(column) = columns.iter().find(|column| column.name == name) else { continue };
        column.plain.last().unwrap_or(&column.name).to_uppercase().clone_into(name);
    }
    table
}

#[test]
fn plain_names_are_read_as_ours() {
    let desk = Desk::new();
    desk.put("claims.csv", in_plain_names(claims(), &Claim::COLUMNS).csv());
    desk.put("earnings.csv", in_plain_names(earnings(), &Payment::COLUMNS).csv());
    desk.validate("").stands();
    assert_eq!(verdicts(&desk), plain_verdicts());
    let account = desk.account();
    let read = &account.inputs[0].column_names.as_ref().unwrap().read;
    assert_eq!(read["nino"], ["NINO NUMBER"]);
    let of_earnings = account.inputs[1].column_names.as_ref().unwrap();
    assert_eq!(of_earnings.read["received_at"], ["RECEIVED DATE"]);
    assert!(of_earnings.other.is_empty());
    let mut in_json = in_plain_names(earnings(), &Payment::COLUMNS);
    in_json.names.push("Notes".into());
    in_json.rows.iter_mut().for_each(|row| row.push("x".into()));
    desk.put("earnings.jsonl", in_json.objects().join("\n"));
    desk.decide("claims.csv", "earnings.jsonl", "--replace").stands();
    assert_eq!(verdicts(&desk), plain_verdicts());
    let account = desk.account();
    let of_json = account.inputs[1].column_names.as_ref().unwrap();
    assert_eq!(
        (of_json.read["nino"].as_slice(), of_json.other.as_slice()),
        (["nino".to_owned()].as_slice(), ["a name of 5 letters".to_owned()].as_slice())
    );
}

#[test]
fn a_misspelt_optional_column_is_refused_in_every_form() {
    let desk = Desk::with_batch();
    let misspelt = earnings().renamed("received_at", "recieved_at");
    desk.put("misspelt.csv", misspelt.csv());
    desk.put("misspelt.parquet", misspelt.parquet());
    // The name occurs in the last payment only, and ours in none.
    let place = misspelt.place("recieved_at");
    let mut once = misspelt.clone();
    once.rows.iter_mut().rev().skip(1).for_each(|row| row[place].clear());
    desk.put("misspelt.jsonl", once.with(earnings().rows.len(), "recieved_at", "2018-09-01").objects().join("\n"));
    for name in ["misspelt.csv", "misspelt.parquet", "misspelt.jsonl"] {
        let said = desk.decide("claims.csv", name, "");
        assert_eq!(said.code, 2, "{name}");
        assert!(said.err.contains("`recieved_at` looks like a misspelling of `received_at`"), "{}", said.err);
        assert!(said.err.contains("hint: rename `recieved_at` to `received_at`"), "{}", said.err);
    }
}

#[test]
fn what_is_wrong_with_several_inputs_is_said_at_once() {
    let desk = Desk::with_batch();
    desk.put(
        "strange.csv",
        claims().renamed("provider_id", "Provider").renamed("job_end_date", "Job Finish Date").csv(),
    );
    desk.put("misspelt.csv", earnings().renamed("received_at", "recieved_at").csv());
    desk.put("register.csv", "Participant,NI number\nP1,NC200001A\n");
    let said = desk.decide("strange.csv", "misspelt.csv", "--register register.csv");
    let claims = "strange.csv: the file has no column `provider_id`";
    let register = "register.csv: the file has no column `participant_id`";
    assert!(said.code == 2 && said.err.contains(claims) && said.err.contains(register), "{}", said.err);
    assert!(said.err.contains("misspelt.csv: the file lacks a column, and `recieved_at` looks like"), "{}", said.err);
    let renames = "rename `Provider` to `provider_id`, `Job Finish Date` to `job_end_date`";
    assert!(said.err.matches("hint: rename").count() == 3 && said.err.contains(renames), "{}", said.err);
    let said = desk.sustain("check --claims strange.csv --register register.csv");
    assert!(said.code == 2 && said.err.contains(claims) && said.err.contains(register), "{}", said.err);
    // One alone is said as ever.
    let said = desk.sustain("check --claims claims.csv --register register.csv");
    assert!(said.err.contains(register) && said.err.contains("\n\nhint: rename"), "{}", said.err);
}

#[test]
fn absent_optional_columns_are_said() {
    let desk = Desk::with_batch();
    let mut few = claims();
    let place = few.place("job_end_date");
    few.names.remove(place);
    few.rows.iter_mut().for_each(|row| drop(row.remove(place)));
    desk.put("few.csv", few.csv());
    let said = desk.decide("few.csv", "earnings.csv", "").stands();
    assert!(said.out.contains("optional columns not in the claims: job_end_date"), "{}", said.out);
    assert!(said.out.contains("job_end_date; none of ours: column 18"), "{}", said.out);
    assert_eq!(desk.account().inputs[0].column_names.as_ref().unwrap().absent, ["job_end_date"]);
    let said = desk.sustain("check --claims few.csv");
    assert!(
        said.out.contains("optional columns not in the claims: job_end_date; none of ours: column 18"),
        "{}",
        said.out
    );
    // Of several files the ones without it are named.
    let mut other = claims();
    other.rows.truncate(1);
    other.rows[0][0] = "C-other".to_owned();
    desk.put("other.csv", other.csv());
    let said = desk.decide("few.csv other.csv", "earnings.csv", "--replace");
    assert!(said.out.contains("optional columns not in the claims: job_end_date (in few.csv)"), "{}", said.out);
}

#[test]
fn an_optional_column_in_other_words_is_refused_in_every_form() {
    let desk = Desk::with_batch();
    let in_words = earnings().renamed("leaving_date", "Leave Date");
    desk.put("words.csv", in_words.csv());
    desk.put("words.parquet", in_words.parquet());
    desk.put("words.jsonl", in_words.objects().join("\n"));
    for name in ["words.csv", "words.parquet", "words.jsonl"] {
        let said = desk.decide("claims.csv", name, "");
        assert_eq!(said.code, 2, "{name}");
        assert!(said.err.contains("`Leave Date` seems to be `leaving_date`"), "{}", said.err);
    }
    desk.put("other.toml", "[earnings.columns]\n\"Leave Date\" = \"\"\n");
    for name in ["words.csv", "words.parquet", "words.jsonl"] {
        let order = "validate --scheme lse-poc-2017 --claims claims.csv --out out --replace --columns other.toml";
        desk.sustain(&format!("{order} --earnings {name}")).stands();
    }
    desk.put("claims2.csv", claims().renamed("hours_per_week", "Hours").csv());
    let said = desk.sustain("check --claims claims2.csv");
    assert!(said.code == 2 && said.err.contains("`Hours` seems to be `hours_per_week`"), "{}", said.err);
}

/// Claims as a spreadsheet: dates as dates, hours as numbers.
pub(crate) fn workbook(table: &Table, sheets: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for name in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in std::iter::once(&table.names).chain(&table.rows).enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (at, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
                let parts: Vec<u16> = cell.split('-').filter_map(|part| part.parse().ok()).collect();
                match (parts.as_slice(), cell.parse::<f64>()) {
                    ([year, month, of_month], _) if cell.len() == 10 => {
                        let date = ExcelDateTime::from_ymd(
                            *year,
                            u8::try_from(*month).unwrap(),
                            u8::try_from(*of_month).unwrap(),
                        )
                        .unwrap();
                        sheet.write_with_format(at, column, &date, &day).unwrap();
                    }
                    (_, Ok(number)) if row > 0 && !cell.starts_with('0') => {
                        sheet.write(at, column, number).unwrap();
                    }
                    _ if cell.is_empty() => {}
                    _ => {
                        sheet.write(at, column, cell).unwrap();
                    }
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_decided_as_the_same_rows_in_csv() {
    let desk = Desk::with_batch();
    desk.put("claims.xlsx", workbook(&claims(), &["July"]));
    desk.put("earnings.xlsx", workbook(&earnings(), &["RTI"]));
    desk.decide("claims.xlsx", "earnings.xlsx", "").stands();
    assert_eq!(verdicts(&desk), plain_verdicts());
    let inputs = desk.account().inputs;
    assert_eq!((inputs[0].format.as_str(), inputs[0].sheet.as_deref()), ("workbook", Some("July")));
    assert_eq!(desk.rows("quarantine"), Vec::<Row>::new());
}

#[test]
fn of_several_sheets_one_is_named() {
    let desk = Desk::with_batch();
    desk.put("claims.xlsx", workbook(&claims(), &["June", "July"]));
    let said = desk.decide("claims.xlsx", "earnings.csv", "");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("several of its sheets name columns that are known: `June`, `July`"), "{}", said.err);
    desk.decide("claims.xlsx", "earnings.csv", "--sheet claims=July").stands();
    assert_eq!(verdicts(&desk), plain_verdicts());
}

#[test]
fn several_claims_files_are_one_batch_and_every_claim_keeps_its_place() {
    let desk = Desk::with_batch();
    let (mut north, mut south) = (claims(), claims());
    north.rows.truncate(1);
    south.rows.remove(0);
    south.names.push("adviser".into());
    south.rows.iter_mut().for_each(|row| row.push("AD1".into()));
    desk.put("north.csv", north.csv());
    desk.put("south.csv", south.csv() + "1,2\n");
    desk.decide("north.csv south.csv", "earnings.csv", "");
    let all = desk.decided();
    let damaged = all.iter().find(|row| row["claim_id"].is_empty()).unwrap();
    let place = |row: &Row| (row["claims_file"].clone(), row["claims_file_row"].clone());
    let last = south.rows.len() + 1;
    assert_eq!(place(damaged), ("south.csv".to_owned(), last.to_string()));
    assert_eq!(damaged["claim_row"], (last + 1).to_string());
    let first = all.iter().find(|row| row["claim_id"] == north.rows[0][0]).unwrap();
    assert_eq!((place(first), first["adviser"].as_str()), (("north.csv".to_owned(), "1".to_owned()), ""));
    let quarantine = desk.rows("quarantine");
    assert_eq!((quarantine[0]["file"].as_str(), &quarantine[0]["row"]), ("south.csv", &last.to_string()));
    let inputs = desk.account().inputs;
    assert_eq!([inputs[0].rows, inputs[1].rows], [1, u64::try_from(last).unwrap()]);
    let mut decided = verdicts(&desk);
    decided.remove("");
    assert_eq!(decided, plain_verdicts());
    desk.sustain("verify out").stands();
}

#[test]
fn a_file_of_columns_says_what_names_and_words_mean() {
    let desk = Desk::with_batch();
    let mut theirs = claims().renamed("nino", "Customer key").renamed("outcome", "Milestone");
    let (outcome, ids) = (theirs.place("Milestone"), theirs.place("claim_id"));
    for row in &mut theirs.rows {
        row[outcome] = format!("Of {}", row[ids]);
    }
    desk.put("theirs.csv", theirs.csv());
    let words: Vec<String> =
        claims().rows.iter().map(|row| format!("\"of {}\" = \"{}\"\n", row[ids], row[outcome])).collect();
    let words = words.concat();
    let columns = "[claims.columns]\n\"customer KEY\" = \"nino\"\nMilestone = \"outcome\"\n";
    desk.put("ours.toml", format!("{columns}[claims.values.outcome]\n{words}"));
    desk.decide("theirs.csv", "earnings.csv", "--columns ours.toml").stands();
    assert_eq!(verdicts(&desk), plain_verdicts());
    desk.put("more.toml", format!("{columns}\"Milestone date\" = \"outcome_date\"\n"));
    let said = desk.decide("theirs.csv", "earnings.csv", "--columns more.toml --replace");
    assert!(said.err.contains("the column `Milestone date`, which no file of the claims has"), "{}", said.err);
}

#[test]
fn lines_that_are_no_rows_are_set_aside_and_said() {
    let desk = Desk::with_batch();
    let plain = claims().csv();
    let (header, rows) = plain.split_once('\n').unwrap();
    let commas = ",".repeat(claims().names.len() - 1);
    let text = format!("Claims for July{commas}\nsep=,\n{header}\n{rows}{header}\n{commas}\nTotal{commas}\n\u{1A}");
    desk.put("odd.csv", text);
    let said = desk.decide("odd.csv", "earnings.csv", "").stands();
    assert_eq!(verdicts(&desk), plain_verdicts());
    let set_aside = desk.account().inputs[0].text.clone().unwrap().set_aside;
    let expected = ["empty_row", "end_mark", "repeated_header", "separator_line", "title_line", "total_line"];
    assert_eq!(set_aside.keys().collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    assert!(said.out.contains("1 set aside (total line)"), "{}", said.out);
}

#[test]
fn two_files_in_one_are_refused() {
    let desk = Desk::with_batch();
    let mut other = claims();
    other.names.swap(0, 1);
    desk.put("joined.csv", claims().csv() + &other.csv());
    let said = desk.decide("joined.csv", "earnings.csv", "");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("names columns again, and not the same ones in the same order"), "{}", said.err);
}

#[test]
fn a_template_is_an_input_without_rows() {
    let desk = Desk::with_batch();
    desk.sustain("template claims --scheme lse-poc-2017 --out blank.xlsx").stands();
    desk.sustain("template claims --scheme lse-poc-2017 --out again.xlsx").stands();
    assert_eq!(std::fs::read(desk.path("blank.xlsx")).unwrap(), std::fs::read(desk.path("again.xlsx")).unwrap());
    for input in ["register", "earnings"] {
        desk.sustain(&format!("template {input} --out {input}.xlsx")).stands();
    }
    desk.decide("blank.xlsx", "earnings.csv", "--register register.xlsx").stands();
    let account = desk.account();
    assert_eq!((account.claims.read, account.inputs[0].sheet.as_deref()), (0, Some("claims")));
    assert!(account.inputs.iter().all(|input| input.column_names.as_ref().unwrap().other.is_empty()));
    let said = desk.sustain("template claims --out blank.xlsx");
    assert_eq!(said.code, 2, "a file that is there is left alone");
}

#[test]
fn a_proposal_of_columns_is_used_once_its_guesses_are_taken() {
    let desk = Desk::with_batch();
    desk.put("theirs.csv", claims().renamed("hours_per_week", "Hours per week worked").csv());
    let said = desk.sustain("columns theirs.csv").stands();
    assert!(said.out.contains("# \"Hours per week worked\" = \"hours_per_week\"    # a guess"), "{}", said.out);
    desk.put("proposed.toml", &said.out);
    let said_of_it = desk.decide("theirs.csv", "earnings.csv", "--columns proposed.toml");
    assert!(said_of_it.code == 2 && said_of_it.err.contains("take away the # in front"), "{}", said_of_it.err);
    desk.put("taken.toml", said.out.replace("# \"Hours", "\"Hours"));
    desk.decide("theirs.csv", "earnings.csv", "--columns taken.toml").stands();
    assert_eq!(desk.account().inputs[0].column_names.as_ref().unwrap().other, ["column 19"]);
}

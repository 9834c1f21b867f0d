//! The form and the spelling of the inputs change no answer, and cells that cannot be read make it a query at most.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sustain::judge::Verdict;
use sustain::rules::{Code, Severity};
use sustain::sample;

use crate::columns::workbook;
use crate::forms;
use crate::made_up::{BATCH, Batch, Known, a_claim, a_paid_claim, cases};
use crate::support::{Desk, Row, Table, parquet};

/// The ways in which a cell of the claims, the register or the extract may be written.
fn ways(column: &str, cell: &str) -> Vec<String> {
    let words = |ways: &[&str]| ways.iter().map(|way| (*way).to_owned()).collect::<Vec<_>>();
    match (column, cell) {
        ("outcome" | "employment_type" | "cohort" | "benefit" | "end_reason", code) => words(&[
            code,
            &code.to_uppercase(),
            &code.replace('_', " "),
            &code.replace('_', "-"),
            &code.replace('_', ""),
        ]),
        ("on_other_provision" | "in_work_at_start", "true") => words(&["true", "TRUE", "Yes", "y", "1", "1.0"]),
        ("on_other_provision" | "in_work_at_start", "false") => words(&["false", "FALSE", "No", "n", "0", "0.0"]),
        ("hours_per_week", hours) if !hours.is_empty() && hours.parse::<f64>().is_ok() => {
            words(&[hours, &format!("{hours}h"), &format!("{hours} hours"), &format!(" {hours} hrs")])
        }
        ("hours_per_week" | "amount_claimed" | "paye_reference", "") => words(&["", "NA", "N/A", "null", "-", "NaN"]),
        ("amount_claimed", pay) if pay.contains('.') => {
            let (pounds, pence) = pay.split_at(pay.len() - 3);
            let thousands = match pounds.len() {
                4.. => format!("{},{}", &pounds[..pounds.len() - 3], &pounds[pounds.len() - 3..]),
                _ => pounds.to_owned(),
            };
            words(&[pay, &format!("£{pay}"), &format!("{pay}00"), &format!("£{thousands}{pence}")])
        }
        ("participant_id", id) => words(&[id, &id.to_lowercase(), &format!("{id} "), &format!("\u{a0}{id}")]),
        (_, cell) => forms::ways(column, cell),
    }
}

/// The same row, each cell in one of its ways.
fn spelt(names: &[String], cells: &[String], choices: &[Index]) -> Vec<String> {
    let way = |((name, cell), choice): ((&String, &String), &Index)| {
        let ways = ways(name, cell);
        ways[choice.index(ways.len())].clone()
    };
    names.iter().zip(cells).zip(choices.iter().cycle()).map(way).collect()
}

/// A cell's content that cannot be read, whatever the column holds but text.
fn garbled() -> impl Strategy<Value = &'static str> {
    select(vec!["?", "about 12", "31/06/2018", "1.250,00", "####", "\u{fffd}", "2018-02-30", "0x1F"])
}

/// Whether a payment lies within the time in which a row that cannot be read is asked about. Pay of a quarter or a year
/// may be paid later and still cover days of a claim.
fn is_near(known: &Known, payment: usize) -> bool {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let Some(job_start) = day(known.claimed("job_start_date")) else { return true };
    let Some(payday) = day(known.paid(payment, "payment_date")) else { return true };
    (-62..=14 + 90 + 62).contains(&(payday - job_start).num_days())
}

/// Columns of an extract in which a cell that cannot be read sets its row aside.
const SETS_ASIDE: [&str; 13] = [
    "date_of_birth",
    "office_number",
    "employment_start_date",
    "leaving_date",
    "payment_date",
    "pay_frequency",
    "earnings_periods",
    "taxable_pay",
    "hours_band",
    "irregular_payment",
    "pension_payment",
    "payment_after_leaving",
    "no_longer_valid",
];

/// Columns of an extract in which a cell that cannot be read is not given.
const NAMES_AND_IDENTIFIERS: [&str; 5] = ["payment_id", "payroll_id", "surname", "forename", "employer_name"];

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn the_spelling_of_cells_changes_no_answer(
        known in a_claim(),
        choices in vec(any::<Index>(), 150..200),
    ) {
        let rows = |names: &[String], rows: &[Vec<String>]| {
            (0..).zip(rows).map(|(row, cells)| spelt(names, cells, &choices[row * 7 % 100..])).collect::<Vec<_>>()
        };
        let spelt = Known {
            claim: spelt(&BATCH.claims.names, &known.claim, &choices),
            register: rows(&BATCH.register.names, &known.register),
            payments: rows(&BATCH.earnings.names, &known.payments),
            ..known.clone()
        };
        prop_assert_eq!(&spelt.answer(), known.whole(), "{:?}", spelt);
    }

    #[test]
    fn payments_that_cannot_be_read_make_a_query_at_most(
        known in a_paid_claim(),
        cells in vec((any::<Index>(), select(SETS_ASIDE.to_vec()), garbled()), 1..5),
    ) {
        let near = cells.iter().all(|(row, ..)| is_near(known, row.index(known.payments.len())));
        prop_assume!(near);
        let garbled = cells.iter().fold(known.clone(), |known, (row, column, text)| {
            let row = row.index(known.payments.len());
            known.with_payment(row, &[(column, text)])
        });
        let (whole, found) = (known.whole(), garbled.answer());
        let more: Vec<Code> = found.rejecting().difference(&whole.rejecting()).copied().collect();
        prop_assert!(more.is_empty(), "{:?} {:?}\n{:?}\n{:?}", more, cells, whole, garbled);
        prop_assert!(
            whole.verdict == Verdict::Validated || found.verdict != Verdict::Validated,
            "{:?}\n{:?}\n{:?}", cells, whole, garbled
        );
    }

    #[test]
    fn a_cell_of_a_claim_that_cannot_be_read_is_itself_the_reason(
        known in a_claim(),
        column in select(vec![
            "nino", "date_of_birth", "job_start_date", "claim_date",
            "employment_type", "job_end_date", "hours_per_week", "paye_reference", "outcome_date", "amount_claimed",
        ]),
        text in select(vec!["?", "about 12"]),
    ) {
        let garbled = known.clone().with_claimed(column, text);
        let (whole, found) = (known.whole(), garbled.answer());
        let must_have_a_value = ["nino", "date_of_birth", "job_start_date", "claim_date"].contains(&column);
        let code = if column == "nino" { Code::IDN01 } else { Code::ROW03 };
        let mut may_reject = whole.rejecting();
        if must_have_a_value {
            may_reject.insert(code);
        }
        let severity = if must_have_a_value { Severity::Reject } else { Severity::Query };
        prop_assert!(found.failed.get(&code).is_some_and(|found| severity <= *found), "{:?} {:?}", column, found);
        prop_assert!(found.rejecting().is_subset(&may_reject), "{} {:?} {:?}\n{:?}", column, whole, found, garbled);
    }

    #[test]
    fn a_cell_of_the_register_that_cannot_be_read_makes_a_query_at_most(
        known in a_claim(),
        column in select(vec!["date_of_birth", "start_date", "benefit", "on_other_provision", "in_work_at_start"]),
        text in garbled(),
    ) {
        let garbled = known.clone().with_registered(column, text);
        let (whole, found) = (known.whole(), garbled.answer());
        prop_assert!(found.verdict != Verdict::Validated, "{:?}", garbled);
        prop_assert!(found.rejecting().is_subset(&whole.rejecting()), "{:?} {:?}\n{:?}", whole, found, garbled);
    }

    // Of moments of receipt this does not hold: where one is not given, another row of the payment may be the one
    // received last, which stands (rulebook 2b and 3.2).
    #[test]
    fn identifiers_and_names_that_are_not_given_reject_nothing(
        known in a_paid_claim(),
        cells in vec((any::<Index>(), select(NAMES_AND_IDENTIFIERS.to_vec())), 1..5),
    ) {
        let garbled = cells.iter().fold(known.clone(), |known, (row, column)| {
            let row = row.index(known.payments.len());
            known.with_payment(row, &[(column, "")])
        });
        let (whole, found) = (known.whole(), garbled.answer());
        prop_assert!(found.rejecting().is_subset(&whole.rejecting()), "{:?} {:?}\n{:?}", whole, found, garbled);
        prop_assert!(
            whole.verdict == Verdict::Validated || found.verdict != Verdict::Validated,
            "{:?} {:?}\n{:?}", whole, found, garbled
        );
    }
}

/// Where a batch's files are, and how its extract is named.
struct Files<'a> {
    claims: &'a str,
    register: &'a str,
    earnings: &'a str,
}

/// What the program decides of each row of a batch: the verdict, and the rules that fail with their severities.
type Decided = BTreeMap<u32, (String, BTreeMap<String, String>)>;

fn decided(desk: &Desk, files: &Files<'_>, options: &str) -> Decided {
    let Files { claims, register, earnings } = files;
    let order = format!("validate --scheme scheme.toml --claims {claims} --register {register} --earnings {earnings}");
    let out = desk.path("out");
    if out.exists() {
        std::fs::remove_dir_all(&out).unwrap();
    }
    let said = desk.sustain(&format!("{order} --extract-to 2019-03-31 {options} --out out"));
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{claims} {register} {earnings}");
    let row = |row: &Row| row["claim_row"].parse::<u32>().unwrap();
    let mut all: Decided =
        desk.decided().iter().map(|claim| (row(claim), (claim["verdict"].clone(), BTreeMap::new()))).collect();
    for found in desk.rows("findings") {
        all.get_mut(&row(&found)).unwrap().1.insert(found["code"].clone(), found["severity"].clone());
    }
    all
}

/// A batch in which every situation occurs, as CSV on a desk.
fn batch_on_a_desk(seed: u64) -> (Desk, Batch) {
    let (desk, batch) = (Desk::new(), Batch::new(sample::full_batch(), seed));
    desk.put("scheme.toml", sample::SCHEME);
    desk.put("claims.csv", batch.claims.separated("\t", "\n"));
    desk.put("register.csv", batch.register.csv());
    desk.put("earnings.csv", batch.earnings.csv());
    (desk, batch)
}

const PLAIN: Files<'_> = Files { claims: "claims.csv", register: "register.csv", earnings: "earnings.csv" };

#[test]
fn a_whole_batch_comes_to_the_same_verdicts_and_codes_in_every_form_and_spelling() {
    let (desk, batch) = batch_on_a_desk(3);
    let plain = decided(&desk, &PLAIN, "");
    assert!(100 < plain.len(), "{}", plain.len());
    let tables = [("claims", &batch.claims), ("register", &batch.register), ("earnings", &batch.earnings)];
    for (name, table) in tables {
        let rows = |step: usize| {
            let row = |(row, cells): (usize, &Vec<String>)| {
                // Copies of a claim are exact, spelling and all (ROW04).
                let of_copies = cells.concat().bytes().map(usize::from).sum();
                let number = if name == "claims" { of_copies } else { row };
                let choice = |(column, (name, cell)): (usize, (&String, &String))| {
                    let ways = ways(name, cell);
                    ways[(number * step + column) % ways.len()].clone()
                };
                table.names.iter().zip(cells).enumerate().map(choice).collect()
            };
            table.rows.iter().enumerate().map(row).collect::<Vec<Vec<String>>>()
        };
        for step in [1, 2, 3] {
            let spelt = Table { rows: rows(step), ..table.clone() };
            desk.put(&format!("{name}-spelt-{step}"), spelt.separated("\t", "\n"));
            desk.put(&format!("{name}-spelt-{step}.parquet"), spelt.parquet());
        }
        desk.put(&format!("{name}.parquet"), table.parquet());
    }
    let earnings = &batch.earnings;
    desk.put("earnings-typed.parquet", parquet(&earnings.batch(forms::typed)));
    desk.put("earnings-warehouse.parquet", parquet(&earnings.batch(forms::of_warehouses)));
    desk.put("earnings-frames.parquet", parquet(&earnings.batch(forms::of_frames)));
    desk.put("earnings.jsonl", earnings.objects().join("\n"));
    desk.put("earnings-hmrc.csv", earnings.clone().in_hmrc_names().csv());
    desk.put("earnings.xlsx", workbook(earnings, &["RTI"]));
    desk.put("register.xlsx", workbook(&batch.register, &["People"]));
    desk.sustain("prepare --earnings earnings-spelt-2 --out store").stands();
    let others = [
        ["claims.parquet", "register.parquet", "earnings.parquet"],
        ["claims-spelt-1", "register-spelt-1", "earnings-spelt-1"],
        ["claims-spelt-2", "register-spelt-2.parquet", "store"],
        ["claims-spelt-3.parquet", "register-spelt-3", "earnings-spelt-3.parquet"],
        ["claims.csv", "register.xlsx", "earnings.xlsx"],
        ["claims-spelt-3", "register.csv", "earnings.jsonl"],
        ["claims.csv", "register.csv", "earnings-typed.parquet"],
        ["claims.csv", "register.csv", "earnings-warehouse.parquet"],
        ["claims.csv", "register.csv", "earnings-frames.parquet"],
        ["claims.csv", "register.csv", "earnings-hmrc.csv"],
    ];
    for [claims, register, earnings] in others {
        let found = decided(&desk, &Files { claims, register, earnings }, "");
        let differs = |(row, answer): &(&u32, _)| plain.get(*row) != Some(*answer);
        let differing: Vec<_> = found.iter().filter(differs).map(|(row, answer)| (row, answer, &plain[row])).collect();
        assert!(differing.is_empty(), "{claims} {register} {earnings}: {differing:#?}");
        assert_eq!(found.len(), plain.len(), "{claims} {register} {earnings}");
    }
}

#[test]
fn a_whole_batch_with_unreadable_payments_comes_to_no_verdict_that_the_whole_batch_contradicts() {
    let (desk, mut batch) = batch_on_a_desk(4);
    let plain = decided(&desk, &PLAIN, "");
    let (frequency, nino) = (batch.earnings.place("pay_frequency"), batch.earnings.place("nino"));
    let texts = ["?", "about 12", "31/06/2018", "1.250,00", "####"];
    // Pay of months and years may lie further from the time it is for than a payday that matters to a claim.
    let rows = batch.earnings.rows.iter_mut().filter(|row| !["M3", "M6", "MA"].contains(&row[frequency].as_str()));
    for (number, row) in rows.enumerate().filter(|(number, _)| number % 23 == 5) {
        let column = BATCH.earnings.place(SETS_ASIDE[number / 23 % SETS_ASIDE.len()]);
        assert_ne!(column, nino);
        texts[number / 23 % texts.len()].clone_into(&mut row[column]);
    }
    desk.put("earnings.csv", batch.earnings.csv());
    let garbled = decided(&desk, &PLAIN, "--set-aside 100%");
    let mut asked = 0;
    for (row, (verdict, failed)) in &garbled {
        let (whole_verdict, whole_failed) = &plain[row];
        assert!(whole_verdict == "validated" || verdict != "validated", "{row}: {whole_verdict} became validated");
        let rejecting = failed.iter().filter(|(_, severity)| *severity == "reject");
        for (code, _) in rejecting {
            assert_eq!(whole_failed.get(code).map(String::as_str), Some("reject"), "{row}: {code}");
        }
        asked += usize::from(failed.contains_key("EVD01"));
    }
    assert!(10 < asked, "{asked} claims are asked about");
}

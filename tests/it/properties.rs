//! Property tests: no row is lost, and input that does not concern a claim does not change its verdict.

use std::sync::{Arc, LazyLock};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseResult};
use sustain::batch::{self, BatchInputs, EarlierOutcomes, NearMisses, PaymentsByPerson, Stage};
use sustain::domain::{Claim, NinoText, Observed, Payment, Tally};
use sustain::judge::{DecisionContext, Verdict};
use sustain::scheme::wage::WageTable;

use crate::support::{Desk, Row, Table, claims, earnings};

/// Few cases, each of them some runs of the program, and nothing written beside the tests.
pub(crate) fn few(cases: u32) -> Config {
    Config { cases, failure_persistence: None, max_shrink_iters: 200, max_global_rejects: 100_000, ..Config::default() }
}

/// The program refuses the claims file, or every row of it is in exactly one output, once: then the run verifies.
pub(crate) fn refused_or_whole(file: &[u8]) -> TestCaseResult {
    let desk = Desk::with_batch();
    desk.put("claims.csv", file);
    let said = desk.validate("");
    if said.code == 2 {
        prop_assert!(said.err.starts_with("error: claims.csv") && said.out.is_empty(), "{:?}", said);
        prop_assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
        return Ok(());
    }
    prop_assert_eq!((said.code, said.err.as_str()), (0, ""));
    prop_assert_eq!(desk.sustain("verify out").code, 0);
    let mut rows: Vec<usize> = desk.decided().iter().map(|row| row["claim_row"].parse().unwrap()).collect();
    rows.sort_unstable();
    prop_assert_eq!(rows, (1..=usize::try_from(desk.account().claims.read).unwrap()).collect::<Vec<_>>());
    let text = desk.account().inputs[0].text.clone();
    if let Some(text) = text.filter(|_| std::str::from_utf8(file).is_ok()) {
        let of_rows = text.header_bytes + text.record_bytes + text.quarantined_bytes;
        let parts = of_rows + text.blank_bytes + text.set_aside_bytes;
        prop_assert!(
            usize::try_from(parts).unwrap().abs_diff(file.len()) <= 3,
            "but for a byte order mark all bytes are accounted for"
        );
    }
    Ok(())
}

/// Bytes that mean something to a reader of separated values, and some that mean nothing to anyone.
fn telling_bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = select(vec![
        b',', b';', b'\t', b'"', b'\n', b'\r', b'\0', b' ', b'a', b'0', b'-', b'/', 0xC3, 0xAB, 0xFF, 0xFE,
    ]);
    vec(prop_oneof![9 => telling, 1 => any::<u8>()], 0..400)
}

proptest! {
    #![proptest_config(few(32))]

    #[test]
    fn any_bytes_are_refused_or_decided_row_by_row(bytes in prop_oneof![vec(any::<u8>(), 0..2000), telling_bytes()]) {
        refused_or_whole(&bytes)?;
    }

    #[test]
    fn any_bytes_under_a_header_are_decided_row_by_row(bytes in telling_bytes()) {
        let header = claims().csv().lines().next().unwrap().to_owned() + "\n";
        refused_or_whole(&[header.as_bytes(), &bytes].concat())?;
    }

    #[test]
    fn a_damaged_file_is_refused_or_decided_row_by_row(
        damage in vec((any::<Index>(), any::<Index>(), telling_bytes()), 1..5),
        in_parquet in any::<bool>(),
    ) {
        let mut file = if in_parquet { claims().parquet() } else { claims().csv().into_bytes() };
        for (start, length, bytes) in damage {
            let start = start.index(file.len());
            let end = (start + length.index(20)).min(file.len());
            file.splice(start..end, bytes.into_iter().take(8));
        }
        refused_or_whole(&file)?;
    }
}

/// People who have something to do with a claim, and some who have not.
const PEOPLE: [&str; 5] = ["NC100001A", "NC100002B", "NC100003C", "NC100004D", "NC200001A"];

/// A batch with anything plausible in it: repeated numbers, rival claims, hours and paydays of all kinds.
fn batches() -> impl Strategy<Value = (Table, Table)> {
    (vec(claim(), 1..8), vec(payment(), 0..40)).prop_map(|(mut rows, paid)| {
        for (number, row) in rows.iter_mut().enumerate() {
            row[0] = format!("C{number}");
        }
        (Table { rows, ..claims() }, Table { rows: paid, ..earnings() })
    })
}

fn claim() -> impl Strategy<Value = Vec<String>> {
    let day = || (1..29_u32).prop_map(|day| format!("2018-05-{day:02}"));
    (0..3_usize, day(), select(vec!["", "123/A246", "456/C9"]), select(vec!["", "16", "8"]), select(vec!["P1", "P2"]))
        .prop_map(|(person, start, employer, hours, participant)| {
            let mut row = claims().rows[person].clone();
            for (column, value) in [
                ("job_start_date", start.as_str()),
                ("paye_reference", employer),
                ("hours_per_week", hours),
                ("participant_id", participant),
            ] {
                value.clone_into(&mut row[claims().place(column)]);
            }
            row
        })
}

fn payment() -> impl Strategy<Value = Vec<String>> {
    let day = (4..11_u32, 1..31_u32).prop_map(|(month, day)| format!("2018-{month:02}-{day:02}"));
    let kind = (select(vec!["W1", "W2", "W4", "M1", "M3", "IR"]), select(vec!["A", "B", "C", "D", "D", "D", "E", ""]));
    let pay = select(vec!["1200.00", "800", "350.50", "0", "-20"]);
    let ids = (
        select(vec!["1", "2", ""]),
        select(vec!["", "", "9001", "9002"]),
        select(vec!["", "2018-05-01", "2018-04-20"]),
    );
    (0..5_usize, day, kind, pay, ids, select(vec!["", "", "", "2018-08-10"])).prop_map(
        |(person, day, (frequency, band), pay, (payroll, id, start), leaving)| {
            changed(
                &earnings().rows[[0, 3, 5, 8, 8][person]],
                &[
                    ("nino", PEOPLE[person]),
                    ("payment_date", &day),
                    ("pay_frequency", frequency),
                    ("hours_band", band),
                    ("taxable_pay", pay),
                    ("payroll_id", payroll),
                    ("payment_id", id),
                    ("employment_start_date", start),
                    ("leaving_date", leaving),
                ],
            )
        },
    )
}

/// What was decided of each claim, by its number: everything but where its row stood.
fn verdicts(claims: &Table, earnings: &[Table]) -> Vec<Row> {
    let desk = Desk::new();
    desk.put("claims.csv", claims.csv());
    for (number, part) in earnings.iter().enumerate() {
        desk.put(&format!("rti/{number}.csv"), part.csv());
    }
    desk.decide("claims.csv", "rti", "--extract-to 2019-03-31").stands();
    let mut rows = desk.decided();
    for row in &mut rows {
        row.remove("claim_row");
    }
    rows.sort();
    rows
}

fn shuffled(table: &Table, keys: &[u64]) -> Table {
    let mut rows: Vec<(u64, Vec<String>)> = keys.iter().copied().cycle().zip(table.rows.clone()).collect();
    rows.sort();
    Table { names: table.names.clone(), rows: rows.into_iter().map(|(_, row)| row).collect() }
}

proptest! {
    #![proptest_config(few(16))]

    #[test]
    fn the_order_of_rows_changes_no_verdict((claims, earnings) in batches(), keys in vec(any::<u64>(), 40)) {
        let expected = verdicts(&claims, std::slice::from_ref(&earnings));
        prop_assert_eq!(verdicts(&shuffled(&claims, &keys), &[shuffled(&earnings, &keys)]), expected);
    }

    #[test]
    fn the_number_of_files_changes_no_verdict((claims, earnings) in batches(), cuts in vec(any::<Index>(), 1..4)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(earnings.rows.len() + 1)).collect();
        cuts.extend([0, earnings.rows.len()]);
        cuts.sort_unstable();
        let part = |cut: &[usize]| Table { names: earnings.names.clone(), rows: earnings.rows[cut[0]..cut[1]].to_vec() };
        let parts: Vec<Table> = cuts.windows(2).map(part).collect();
        prop_assert_eq!(verdicts(&claims, &parts), verdicts(&claims, &[earnings]));
    }

    #[test]
    fn the_payments_of_other_people_change_no_verdict((claims, earnings) in batches()) {
        let nino = earnings.place("nino");
        // Not a near miss of any claimed number, or it would bear on a claim.
        let own = |row: &&Vec<String>| !row[nino].starts_with("NC2") && row[nino] != "NC100004D";
        let without = Table { names: earnings.names.clone(), rows: earnings.rows.iter().filter(own).cloned().collect() };
        let others: Vec<Vec<String>> = earnings.rows.iter().filter(|row| row[nino].starts_with("NC2")).cloned().collect();
        let with = Table { names: earnings.names.clone(), rows: [without.rows.clone(), others].concat() };
        prop_assert_eq!(verdicts(&claims, &[with]), verdicts(&claims, &[without]));
    }

    #[test]
    fn the_number_of_threads_changes_no_byte((claims, earnings) in batches()) {
        let desk = Desk::new();
        desk.put("claims.csv", claims.csv());
        for (number, rows) in earnings.rows.chunks(7).enumerate() {
            desk.put(&format!("rti/{number}.csv"), Table { names: earnings.names.clone(), rows: rows.to_vec() }.csv());
        }
        desk.put("rti/none.csv", Table { names: earnings.names.clone(), rows: Vec::new() }.csv());
        desk.decide("claims.csv", "rti", "--extract-to 2019-03-31 --threads 1").stands();
        let one = desk.result_bytes();
        std::fs::remove_dir_all(desk.path("out")).unwrap();
        desk.decide("claims.csv", "rti", "--extract-to 2019-03-31 --threads 4").stands();
        prop_assert_eq!(one.keys().len(), 10);
        prop_assert_eq!(desk.result_bytes(), one);
    }
}

static CONTEXT: LazyLock<DecisionContext> = LazyLock::new(|| DecisionContext {
    scheme: sustain::scheme::load::load(sustain::scheme::BUILT_IN[0].1, sustain::rules::allows).unwrap(),
    wages: WageTable::built_in().unwrap(),
    observed: Arc::new(Observed::up_to(chrono::NaiveDate::from_ymd_opt(2019, 3, 31))),
});

/// What is decided of the first claim of the small batch on these payments alone.
fn verdict(payments: &Table) -> Verdict {
    verdict_in(&CONTEXT, payments)
}

fn verdict_in(context: &DecisionContext, payments: &Table) -> Verdict {
    let (claim, nino) = (&claims().with(1, "paye_reference", "").rows[0], payments.place("nino"));
    let claim = Claim::read(
        1,
        |column| claims().names.iter().position(|name| name == column).map(|place| claim[place].as_str()),
        &mut Tally::default(),
    );
    let read = |(row, cells): (u32, &Vec<String>)| {
        let NinoText::WellFormed(nino) = NinoText::read(&cells[nino]) else { unreachable!() };
        let cell = |column: &'static str| {
            payments.names.iter().position(|name| name == column).map(|place| cells[place].as_str())
        };
        Payment::read((0, row), nino, cell, &mut Tally::default()).unwrap()
    };
    let payments: PaymentsByPerson = (1..).zip(&payments.rows).map(read).collect();
    let inputs = BatchInputs {
        claims: &[claim],
        registered: None,
        near_misses: &NearMisses::default(),
        earlier: &EarlierOutcomes::default(),
        stage: Stage::EarningsRead,
        origins: &[],
    };
    batch::decide(context, inputs, &payments)[0].decision.verdict
}

/// A job that is validated or nearly so: paydays at one frequency, a few of them missing or of unknown hours.
fn nearly_sustained_job() -> impl Strategy<Value = Table> {
    let paydays = prop_oneof![
        (1..8_u32, Just("W1"), Just((7, 18))),
        (1..15_u32, Just("W2"), Just((14, 9))),
        (1..32_u32, Just("M1"), Just((30, 6))),
    ];
    let bands = vec(prop_oneof![20 => Just("D"), 1 => Just("C"), 1 => Just("E"), 1 => Just("none")], 20);
    let start = select(vec!["", "2018-05-01", "2018-04-26"]);
    let leaving = select(vec!["", "", "2018-07-31", "2018-08-20"]);
    (paydays, bands, start, leaving).prop_map(|((first, frequency, (step, count)), bands, start, leaving)| {
        let april = chrono::NaiveDate::from_ymd_opt(2018, 4, 30).unwrap();
        let paid = (0..count).zip(bands).filter(|(_, band)| *band != "none").map(|(number, band)| {
            let payday = (april + chrono::Days::new(u64::from(first + number * step))).to_string();
            changed(
                &earnings().rows[0],
                &[
                    ("payment_date", &payday),
                    ("pay_frequency", frequency),
                    ("hours_band", band),
                    ("taxable_pay", "1200.00"),
                    ("employment_start_date", start),
                    ("leaving_date", leaving),
                    ("payment_id", ""),
                    ("received_at", ""),
                ],
            )
        });
        Table { rows: paid.collect(), ..earnings() }
    })
}

/// An earnings row with some cells changed.
fn changed(row: &[String], changes: &[(&str, &str)]) -> Vec<String> {
    let mut row = row.to_vec();
    for (column, value) in changes {
        (*value).clone_into(&mut row[earnings().place(column)]);
    }
    row
}

/// A job with one more payment by the same employer under the same payroll number.
fn with_one_more(job: &Table, payday: &str, frequency: &str, pay: &str) -> Table {
    let cells = [
        ("payment_date", payday),
        ("pay_frequency", frequency),
        ("hours_band", "D"),
        ("taxable_pay", pay),
        ("earnings_periods", "1"),
    ];
    Table { rows: [job.rows.clone(), vec![changed(&job.rows[0], &cells)]].concat(), ..job.clone() }
}

proptest! {
    #![proptest_config(few(300))]

    #[test]
    fn more_firm_cover_of_enough_hours_never_makes_a_validated_claim_rejected(
        job in nearly_sustained_job(),
        day in 0..91_u64,
        frequency in select(vec!["W1", "W2", "W4", "M1"]),
        pay in select(vec!["1.00", "1200.00", "5000.00"]),
    ) {
        let payday = (chrono::NaiveDate::from_ymd_opt(2018, 5, 1).unwrap() + chrono::Days::new(day)).to_string();
        let on_another_day = job.rows.iter().all(|row| row[job.place("payment_date")] != payday);
        prop_assume!(on_another_day && !job.rows.is_empty() && verdict(&job) == Verdict::Validated);
        prop_assert_ne!(verdict(&with_one_more(&job, &payday, frequency, pay)), Verdict::Rejected);
    }
}

proptest! {
    #![proptest_config(few(300))]

    #[test]
    fn payments_sent_again_change_no_verdict_but_to_a_query(job in nearly_sustained_job(), sent in vec(any::<bool>(), 20)) {
        let sent_again = |(number, row): (usize, &Vec<String>)| {
            changed(row, &[("payment_id", &format!("9{number}")), ("received_at", "2018-12-24")])
        };
        let again = job.rows.iter().enumerate().zip(sent).filter(|(_, sent)| *sent).map(|(row, _)| sent_again(row));
        let with_repeats = Table { rows: job.rows.iter().cloned().chain(again).collect(), ..job.clone() };
        let found = verdict(&with_repeats);
        prop_assert!(found == verdict(&job) || found == Verdict::Queried, "{:?} became {:?}", verdict(&job), found);
    }

    #[test]
    fn a_month_taken_out_of_the_extract_never_makes_a_validated_claim_rejected(
        job in nearly_sustained_job(),
        month in 5..9_u32,
    ) {
        prop_assume!(verdict(&job) == Verdict::Validated);
        let first = chrono::NaiveDate::from_ymd_opt(2018, month, 1).unwrap();
        let next = first + chrono::Months::new(1);
        // The days that a missing month makes unobserved: its own, and the 31 before it.
        let unobserved = (first - chrono::Days::new(31), next.pred_opt().unwrap());
        let context = DecisionContext {
            observed: Arc::new(Observed::new(None, CONTEXT.observed.cut_off, [unobserved])),
            ..CONTEXT.clone()
        };
        let paid_in_it = first.format("%Y-%m").to_string();
        let left = job.rows.iter().filter(|row| !row[job.place("payment_date")].starts_with(&paid_in_it)).cloned();
        let without = Table { rows: left.collect(), ..job.clone() };
        prop_assert_ne!(verdict_in(&context, &without), Verdict::Rejected);
    }
}

/// A job begun on 1 May 2018 and paid on these days, each for so many months.
fn paid_monthly(paydays: &[(&str, &str)]) -> Table {
    let paid = |(payday, months): &(&str, &str)| {
        changed(
            &earnings().rows[0],
            &[
                ("payment_date", payday),
                ("earnings_periods", months),
                ("payment_id", ""),
                ("received_at", ""),
                ("taxable_pay", "4000.00"),
            ],
        )
    };
    Table { rows: paydays.iter().map(paid).collect(), ..earnings() }
}

// Facts that contradict what the other rows say, though the payment itself is firm: the two kinds there are.

#[test]
fn a_weekly_row_on_a_monthly_payday_says_that_the_payday_was_a_weekly_one() {
    // Rows of one payday are one payment, whose frequency is that of the row received last (rulebook 3.5).
    let job = paid_monthly(&[("2018-06-18", "1"), ("2018-07-18", "1"), ("2018-08-18", "1")]);
    assert_eq!(verdict(&job), Verdict::Validated);
    assert_eq!(verdict(&with_one_more(&job, "2018-06-18", "W1", "5000.00")), Verdict::Rejected);
}

#[test]
fn a_payment_before_the_first_one_says_that_the_first_was_not_in_arrears() {
    // Only a spell's first covering payment reaches back to the start (rulebook 4.1).
    let job = paid_monthly(&[("2018-08-15", "2"), ("2018-09-15", "1")]);
    assert_eq!(verdict(&job), Verdict::Validated);
    assert_eq!(verdict(&with_one_more(&job, "2018-07-01", "W1", "50.00")), Verdict::Rejected);
}

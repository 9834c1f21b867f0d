//! An extract gives the same result in every form it can have: as CSV, as Parquet of text or of types, as JSON Lines,
//! in a store.

use std::collections::BTreeSet;

use arrow::datatypes::{DataType, TimeUnit};
use sustain::domain::{Payment, Stem};
use sustain::extract::earnings::Earnings;
use sustain::matching::{EarningsQuery, PaymentsByStem, PaymentsOrCounts};
use sustain::scheme::BUILT_IN;

use crate::cases::all_payments;
use crate::support::{Desk, Table, files, parquet};

/// The forms, each a file called `earnings` in a folder of its own, and a store.
const FORMS: [&str; 5] = ["csv", "parquet-text", "parquet-typed", "json-lines", "store"];

fn put_forms(desk: &Desk, table: &Table) {
    desk.put("csv/earnings", table.csv());
    desk.put("parquet-text/earnings", table.parquet());
    desk.put("parquet-typed/earnings", parquet(&table.batch(typed)));
    desk.put("json-lines/earnings", table.objects().join("\n"));
    desk.sustain("prepare --earnings parquet-typed/earnings --out store").stands();
}

fn typed(column: &str) -> DataType {
    match column {
        "taxable_pay" => DataType::Decimal128(12, 2),
        "earnings_periods" => DataType::Int32,
        "received_at" => DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())),
        "date_of_birth" | "employment_start_date" | "leaving_date" | "payment_date" | "no_longer_valid" => {
            DataType::Date32
        }
        _ => DataType::Utf8,
    }
}

/// Where a form's earnings are.
fn path(form: &str) -> String {
    if form == "store" { form.to_owned() } else { format!("{form}/earnings") }
}

#[test]
fn every_payment_of_every_case_is_read_the_same_from_every_form() {
    let desk = Desk::new();
    let (table, expected) = all_payments();
    assert!(800 < expected.len(), "{}", expected.len());
    put_forms(&desk, &table);
    let people: BTreeSet<Stem> = expected.iter().map(|payment| payment.nino.stem()).collect();
    let by_person =
        |all: &dyn Fn(Stem) -> Vec<Payment>| people.iter().flat_map(|person| all(*person)).collect::<Vec<_>>();
    let of_cases = by_person(&|person| {
        let own = expected.iter().filter(|payment| payment.nino.stem() == person);
        own.cloned().collect()
    });
    for form in FORMS {
        let earnings = Earnings::sniff(&[desk.path(&path(form))], &std::sync::Arc::default()).unwrap();
        let sought = EarningsQuery {
            people: people.iter().map(|person| person.key()).collect(),
            paydays: true,
            most_bytes: None,
            set_aside: None,
        };
        let (held, read) = PaymentsByStem::kept(&earnings, &earnings.splits().unwrap(), &sought, &|_| {}).unwrap();
        let PaymentsOrCounts::Everyone(payments) = held else { panic!("there is no ceiling") };
        assert_eq!(by_person(&|person| payments.of(person)), of_cases, "{form}");
        assert_eq!(read.account.rows, table.rows.len() as u64, "{form}");
    }
}

#[test]
fn the_batch_of_every_scheme_is_decided_the_same_in_every_form() {
    for (id, _) in BUILT_IN {
        let desk = Desk::new();
        let said = desk.sustain(&format!("sample --scheme {id} --out batch")).stands();
        let command = said.out.lines().last().unwrap().trim().strip_prefix("sustain ").unwrap().to_owned();
        put_forms(&desk, &Table::from_plain(&std::fs::read_to_string(desk.path("batch/earnings.csv")).unwrap()));
        let decide = |form: &str| {
            let command = command.replace("batch/earnings.csv", &path(form));
            desk.sustain(&command.replace("--out batch-result", &format!("--out {form}-result"))).stands();
            let mut files = files(&desk.path(&format!("{form}-result")));
            // The account and the page name the files that were read.
            files.remove("run.json");
            files.remove("report.html");
            files
        };
        let from_csv = decide("csv");
        assert_eq!(from_csv.len(), 7);
        for form in FORMS {
            if form != "csv" {
                assert!(decide(form) == from_csv, "{id}: {form}");
            }
        }
    }
}

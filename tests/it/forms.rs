//! An extract gives the same result in every form it can have: as CSV, as Parquet of text or of types, as JSON Lines,
//! in a store.

use std::collections::BTreeSet;

use arrow::datatypes::{DataType, TimeUnit};
use sustain::domain::{Payment, Stem};
use sustain::extract::earnings::Earnings;
use sustain::matching::{EarningsQuery, PaymentsByStem, PaymentsOrCounts};
use sustain::scheme::BUILT_IN;

use crate::cases::all_payments;
use crate::support::{Desk, Table, parquet, rows};

/// The forms, each a file called `earnings` in a folder of its own, and a store.
const FORMS: [&str; 5] = ["csv", "parquet-text", "parquet-typed", "json-lines", "store"];

fn put_forms(desk: &Desk, table: &Table) {
    desk.put("csv/earnings", table.csv());
    desk.put("parquet-text/earnings", table.parquet());
    desk.put("parquet-typed/earnings", parquet(&table.batch(typed)));
    desk.put("json-lines/earnings", table.objects().join("\n"));
    desk.sustain("prepare --earnings parquet-typed/earnings --out store").stands();
}

pub(crate) fn typed(column: &str) -> DataType {
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

/// What warehouses write: wide decimals, moments for days, whole numbers and flags by their types.
pub(crate) fn of_warehouses(column: &str) -> DataType {
    match column {
        "taxable_pay" => DataType::Decimal128(38, 18),
        "earnings_periods" => DataType::Decimal128(10, 4),
        "received_at" => DataType::Timestamp(TimeUnit::Nanosecond, None),
        "date_of_birth" | "no_longer_valid" => DataType::Date64,
        "employment_start_date" | "leaving_date" | "payment_date" => DataType::Timestamp(TimeUnit::Second, None),
        "irregular_payment" | "pension_payment" | "payment_after_leaving" => DataType::Boolean,
        _ => DataType::LargeUtf8,
    }
}

/// What frames write: floating-point numbers, dictionaries of few values, views.
pub(crate) fn of_frames(column: &str) -> DataType {
    match column {
        "taxable_pay" | "earnings_periods" => DataType::Float64,
        "received_at" => DataType::Timestamp(TimeUnit::Microsecond, None),
        "date_of_birth" | "employment_start_date" | "leaving_date" | "payment_date" | "no_longer_valid" => {
            DataType::Timestamp(TimeUnit::Nanosecond, None)
        }
        "pay_frequency" | "hours_band" | "surname" | "nino" => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        _ => DataType::Utf8View,
    }
}

/// The cells as people and programs write them, one way after the other: each means what the plain form means.
fn spelt(table: &Table) -> Table {
    let mut spelt = table.clone();
    for (place, name) in table.names.iter().enumerate() {
        for (row, cells) in spelt.rows.iter_mut().enumerate() {
            let ways = ways(name, &cells[place]);
            cells[place].clone_from(&ways[row % ways.len()]);
        }
    }
    spelt
}

/// The ways in which a cell of a column may be written.
pub(crate) fn ways(column: &str, cell: &str) -> Vec<String> {
    let is_flag = ["irregular_payment", "pension_payment", "payment_after_leaving"].contains(&column);
    let is_date = column.ends_with("_date") || ["date_of_birth", "no_longer_valid"].contains(&column);
    let words = |ways: &[&str]| ways.iter().map(|way| (*way).to_owned()).collect::<Vec<_>>();
    match (column, cell) {
        (_, "") if is_flag => words(&["", "N", "no", "FALSE", "0", "NA", "-"]),
        (_, "") if is_date || ["hours_band", "earnings_periods"].contains(&column) => {
            words(&["", "NA", "NULL", "-", "#N/A"])
        }
        (_, "Y") if is_flag => words(&["Y", "y", "Yes", "TRUE", "1", "1.0"]),
        (_, "M1") => words(&["M1", "m1", "Monthly", "Calendar monthly"]),
        (_, "W1") => words(&["W1", "Weekly"]),
        (_, "W4") => words(&["W4", "4 weekly", "Four-weekly"]),
        (_, "IR") => words(&["IR", "Irregular"]),
        ("received_at", moment) if moment.ends_with('Z') => {
            let bare = moment.trim_end_matches('Z');
            words(&[moment, bare, &bare.replace('T', " "), &format!("{bare}+00:00"), &format!("{bare}.000+0000")])
        }
        ("hours_band", band) => words(&[band, &band.to_lowercase()]),
        ("earnings_periods", number) => words(&[number, &format!("{number}.0"), &format!("{number}.0000")]),
        ("office_number", office) => words(&[office, office.trim_start_matches('0')]),
        ("nino", nino) if nino.len() == 9 => {
            let (first, rest) = nino.split_at(2);
            words(&[nino, &nino.to_lowercase(), &format!("{first}-{rest}"), &format!("{first}\u{a0}{rest}")])
        }
        ("taxable_pay", pay) if pay.contains('.') && !pay.starts_with('-') => {
            words(&[pay, &format!("£{pay}"), &format!("{pay}00"), &format!("+{pay}"), &format!("£ {pay} ")])
        }
        ("taxable_pay", pay) if pay.starts_with('-') => {
            let pay = &pay[1..];
            words(&[&format!("-{pay}"), &format!("({pay})"), &format!("{pay}-"), &format!("-£{pay}")])
        }
        (_, day) if is_date && day.len() == 10 && !day.contains('/') => {
            let [year, month, of_month] = day.split('-').collect::<Vec<_>>()[..] else { return words(&[day]) };
            let names =
                ["Jan", "Chwefror", "mar", "APRIL", "Mai", "Jun", "July", "Awst", "Sept", "Oct", "Tach", "December"];
            let name = names[month.parse::<usize>().unwrap() - 1];
            words(&[
                day,
                &format!("{of_month}/{month}/{year}"),
                &format!("{}/{}/{year}", of_month.trim_start_matches('0'), month.trim_start_matches('0')),
                &format!("{year}{month}{of_month}"),
                &format!("{of_month}-{name}-{year}"),
                &format!("{} {name} {year}", of_month.trim_start_matches('0')),
                &format!("{day} 00:00:00"),
                &format!("{day}T00:00:00.000Z"),
                &format!("{of_month}/{month}/{year} 00:00"),
            ])
        }
        (_, other) => words(&[other]),
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
    desk.put("warehouse/earnings", parquet(&table.batch(of_warehouses)));
    desk.put("frames/earnings", parquet(&table.batch(of_frames)));
    desk.put("bytes/earnings", parquet(&table.batch(|_| DataType::Binary)));
    let spelt = spelt(&table);
    desk.put("spelt/earnings", spelt.csv());
    desk.put("spelt-bytes/earnings", parquet(&spelt.batch(|_| DataType::LargeBinary)));
    let object = |cells: &Vec<String>| {
        let given = spelt.names.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
        format!("{{{}}}", given.map(|(name, cell)| format!("\"{name}\":\"{cell}\"")).collect::<Vec<_>>().join(","))
    };
    desk.put("spelt-json/earnings", spelt.rows.iter().map(object).collect::<Vec<_>>().join("\n"));
    let others = ["warehouse", "frames", "bytes", "spelt", "spelt-bytes", "spelt-json"];
    for form in FORMS.into_iter().chain(others) {
        let earnings = Earnings::sniff(&[desk.path(&path(form))], &std::sync::Arc::default()).unwrap();
        let sought = EarningsQuery {
            people: people.iter().map(|person| person.key()).collect(),
            births: Vec::new(),
            paydays: true,
            most_bytes: None,
            set_aside: None,
            quarantine: None,
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
            let out = desk.path(&format!("{form}-result"));
            let tables = ["validated", "rejected", "queried", "findings", "evidence", "quarantine"]
                .map(|table| rows(&out.join(format!("{table}.parquet"))));
            let verdicts = std::fs::read_to_string(out.join("verdicts.csv")).unwrap();
            let without_run = |line: &str| line.split_once(',').unwrap().1.to_owned();
            (tables, verdicts.lines().map(without_run).collect::<Vec<_>>())
        };
        let from_csv = decide("csv");
        for form in FORMS {
            if form != "csv" {
                assert!(decide(form) == from_csv, "{id}: {form}");
            }
        }
    }
}

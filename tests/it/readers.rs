//! The same batch in every form an input may have gives the same result, and what is damaged is set aside, never lost.

use arrow::datatypes::{DataType, TimeUnit};
use sustain::account::InputAccount;
use sustain::domain::{Claim, Payment};

use crate::support::{Desk, Row, Table, claims, earnings, gzip, parquet, zstd};

/// What a result says, whatever form its inputs had: the claims, the findings, and the evidence without its place.
fn said(desk: &Desk) -> [Vec<Row>; 3] {
    let mut evidence = desk.rows("evidence");
    for row in &mut evidence {
        row.remove("file");
        row.remove("row");
    }
    [desk.decided(), desk.rows("findings"), evidence]
}

/// What the batch as plain CSV says.
fn expected() -> [Vec<Row>; 3] {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    said(&desk)
}

/// Asserts that the batch says the same with its earnings in these files of the folder `rti`.
#[track_caller]
fn earnings_say_the_same(form: &str, files: &[Vec<u8>]) {
    let desk = Desk::with_batch();
    for (number, file) in files.iter().enumerate() {
        desk.put(&format!("rti/part-{number}"), file);
    }
    desk.decide("claims.csv", "rti", "").stands();
    assert_eq!(said(&desk), expected(), "{form}");
    assert_eq!(desk.account().earnings.read, 9, "{form}");
}

/// Asserts that the batch says the same with its claims in this file.
#[track_caller]
fn claims_say_the_same(form: &str, file: &[u8]) {
    let desk = Desk::with_batch();
    desk.put("claims.csv", file);
    desk.validate("").stands();
    assert_eq!(said(&desk), expected(), "{form}");
}

// Separated values.

#[test]
fn delimiters_and_line_ends_are_told_from_the_file() {
    for delimiter in [",", ";", "\t"] {
        for line_end in ["\n", "\r\n", "\r"] {
            let form = format!("{delimiter:?} {line_end:?}");
            earnings_say_the_same(&form, &[earnings().separated(delimiter, line_end).into_bytes()]);
            claims_say_the_same(&form, claims().separated(delimiter, line_end).as_bytes());
        }
    }
}

fn encoded(encoding: &str, text: &str) -> Vec<u8> {
    match encoding {
        "UTF-8" => text.into(),
        "UTF-8 with byte order mark" => format!("\u{feff}{text}").into_bytes(),
        "Windows-1252" => text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect(),
        "UTF-16LE" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => unreachable!(),
    }
}

#[test]
fn encodings_are_told_from_the_file_and_named_in_the_account() {
    for encoding in ["UTF-8", "UTF-8 with byte order mark", "Windows-1252", "UTF-16LE", "UTF-16BE"] {
        earnings_say_the_same(encoding, &[encoded(encoding, &earnings().csv())]);
        claims_say_the_same(encoding, &encoded(encoding, &claims().csv()));
        let desk = Desk::with_batch();
        desk.put("claims.csv", encoded(encoding, &claims().csv()));
        desk.validate("").stands();
        assert_eq!(desk.account().inputs[0].encoding.as_deref(), Some(encoding));
    }
}

#[test]
fn utf_16_needs_no_byte_order_mark() {
    for encoding in ["UTF-16LE", "UTF-16BE"] {
        earnings_say_the_same(encoding, &[encoded(encoding, &earnings().csv()).split_off(2)]);
        claims_say_the_same(encoding, &encoded(encoding, &claims().csv()).split_off(2));
    }
}

#[test]
fn quotes_around_every_cell_change_nothing() {
    let quoted = |table: Table| {
        let quote = |cells: &Vec<String>| cells.iter().map(|cell| format!("\"{cell}\"")).collect();
        Table { names: quote(&table.names), rows: table.rows.iter().map(quote).collect() }.csv().into_bytes()
    };
    earnings_say_the_same("quoted", &[quoted(earnings())]);
    claims_say_the_same("quoted", &quoted(claims()));
}

#[test]
fn blank_lines_and_a_missing_last_line_end_change_nothing() {
    let loose = |table: Table| format!("\n{}", table.csv().replace('\n', "\n\n").trim_end()).into_bytes();
    earnings_say_the_same("blank lines", &[loose(earnings())]);
    claims_say_the_same("blank lines", &loose(claims()));
}

#[test]
fn the_order_of_columns_changes_nothing() {
    let turned = |table: Table| {
        let turn = |mut cells: Vec<String>| {
            cells.reverse();
            cells
        };
        Table { names: turn(table.names), rows: table.rows.into_iter().map(turn).collect() }.csv().into_bytes()
    };
    earnings_say_the_same("turned", &[turned(earnings())]);
    claims_say_the_same("turned", &turned(claims()));
}

#[test]
fn compression_is_told_from_the_file() {
    let (plain, in_json) = (earnings().csv(), earnings().objects().join("\n"));
    for text in [plain, in_json] {
        earnings_say_the_same("gzip", &[gzip(text.as_bytes())]);
        earnings_say_the_same("zstd", &[zstd(text.as_bytes())]);
        let (start, end) = text.as_bytes().split_at(300);
        earnings_say_the_same("two gzip members", &[[gzip(start), gzip(end)].concat()]);
        earnings_say_the_same("two zstd frames", &[[zstd(start), zstd(end)].concat()]);
    }
    claims_say_the_same("gzip", &gzip(claims().csv().as_bytes()));
    claims_say_the_same("zstd", &zstd(&encoded("UTF-16LE", &claims().csv())));
}

#[test]
fn hmrcs_names_are_read_without_an_option() {
    earnings_say_the_same("HMRC's names", &[earnings().in_hmrc_names().csv().into_bytes()]);
}

// Parquet.

/// The types a careful writer gives the columns, by our names.
fn careful(name: &str) -> DataType {
    match name {
        "payment_id" | "earnings_periods" => DataType::Int64,
        "taxable_pay" | "amount_claimed" | "hours_per_week" => DataType::Decimal128(12, 2),
        "received_at" => DataType::Timestamp(TimeUnit::Microsecond, None),
        name if is_date(name) => DataType::Date32,
        _ => DataType::Utf8,
    }
}

/// The types that data frames are left with when nobody takes care.
fn careless(name: &str) -> DataType {
    match name {
        "payment_id" => DataType::UInt32,
        "earnings_periods" => DataType::Int8,
        "taxable_pay" | "amount_claimed" | "hours_per_week" => DataType::Float64,
        "received_at" => DataType::Timestamp(TimeUnit::Nanosecond, None),
        "surname" | "employer_name" => DataType::LargeUtf8,
        "forename" => DataType::Utf8View,
        "pay_frequency" | "outcome" => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        name if is_date(name) => DataType::Timestamp(TimeUnit::Millisecond, None),
        _ => DataType::Utf8,
    }
}

fn is_date(name: &str) -> bool {
    [
        "date_of_birth",
        "employment_start_date",
        "leaving_date",
        "payment_date",
        "job_start_date",
        "job_end_date",
        "outcome_date",
        "claim_date",
    ]
    .contains(&name)
}

#[test]
fn parquet_columns_may_be_text_or_typed() {
    for (form, data_type) in
        [("text", (|_| DataType::Utf8) as fn(&str) -> DataType), ("careful", careful), ("careless", careless)]
    {
        earnings_say_the_same(form, &[parquet(&earnings().batch(data_type))]);
        earnings_say_the_same(form, &[parquet(&earnings().in_hmrc_names().batch(data_type))]);
        claims_say_the_same(form, &parquet(&claims().batch(data_type)));
    }
}

#[test]
fn parquet_moments_may_have_a_time_zone() {
    let zoned = |name: &str| match name {
        "received_at" => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        other => careful(other),
    };
    earnings_say_the_same("UTC", &[parquet(&earnings().batch(zoned))]);
}

#[test]
fn flags_may_be_true_and_false() {
    let mut flagged = earnings();
    let place = flagged.place("irregular_payment");
    for row in &mut flagged.rows {
        row[place] = if row[place] == "Y" { "true".into() } else { "false".into() };
    }
    earnings_say_the_same("text", &[flagged.csv().into_bytes()]);
    let typed = |name: &str| if name == "irregular_payment" { DataType::Boolean } else { DataType::Utf8 };
    earnings_say_the_same("typed", &[parquet(&flagged.batch(typed))]);
}

// JSON.

/// HMRC's responses: one for each person.
fn responses(table: &Table) -> Vec<String> {
    let nino = table.place("nationalInsuranceNumber");
    let people = table.rows.chunk_by(|one, next| one[nino] == next[nino]);
    let response = |rows: &[Vec<String>]| {
        let payments = Table { names: table.names.clone(), rows: rows.to_vec() }.objects().join(",");
        format!("{{\"matchPattern\":63,\"taxYears\":[{payments}]}}")
    };
    people.map(response).collect()
}

fn pretty(json: &str) -> String {
    serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(json).unwrap()).unwrap()
}

#[test]
fn json_lines_may_have_our_names_or_hmrcs() {
    for line_end in ["\n", "\r\n", "\n\n"] {
        earnings_say_the_same("ours", &[earnings().objects().join(line_end).into_bytes()]);
        earnings_say_the_same("HMRC's", &[earnings().in_hmrc_names().objects().join(line_end).into_bytes()]);
    }
}

#[test]
fn json_may_be_in_any_encoding() {
    let text = earnings().objects().join("\n");
    for encoding in ["UTF-8 with byte order mark", "Windows-1252", "UTF-16LE", "UTF-16BE"] {
        earnings_say_the_same(encoding, &[encoded(encoding, &text)]);
    }
}

#[test]
fn hmrc_responses_may_be_pretty_or_one_on_each_line() {
    let responses = responses(&earnings().in_hmrc_names());
    earnings_say_the_same("one on each line", &[responses.join("\n").into_bytes()]);
    let files: Vec<Vec<u8>> = responses.iter().map(|response| pretty(response).into_bytes()).collect();
    earnings_say_the_same("pretty, a file each", &files);
    earnings_say_the_same("a pretty list", &[pretty(&format!("[{}]", responses.join(","))).into_bytes()]);
}

const NO_MATCH: &str = "{\n  \"matchPattern\": 0\n}";

const TWO_PAYMENTS: &str = r#"{
  "matchPattern": 63,
  "taxYears":
  [
    {
      "taxYear": "16-17",
      "taxYearIndicator": "P",
      "hmrcOfficeNumber": "099",
      "employerPayeRef": "A1B2c3d4e5",
      "employerName1": "EmployerOne",
      "nationalInsuranceNumber": "AA123456C",
      "surname": "Surnameone",
      "gender": "M",
      "uniqueEmploymentSequenceNumber": 9999,
      "taxablePayInPeriod": 999999.99,
      "taxDeductedOrRefunded": -12345.67,
      "grossEarningsForNICs": 888888.66,
      "taxablePayToDate": 999999.99,
      "totalTaxToDate": 654321.08,
      "numberOfNormalHoursWorked": "E",
      "payFrequency": "M1",
      "paymentDate": "2017-02-03",
      "earningsPeriodsCovered": 11,
      "uniquePaymentId": 777777,
      "paymentConfidenceStatus": "1",
      "taxCode": "11100L",
      "hmrcReceiptTimestamp": "2018-04-16T09:23:55Z",
      "rtiReceivedDate": "2018-04-16",
      "apiAvailableTimestamp": "2018-04-16T09:23:55Z"
    },
    {
      "taxYear": "16-17",
      "taxYearIndicator": "P",
      "hmrcOfficeNumber": "099",
      "employerPayeRef": "A1B2c3d4e5",
      "employerName1": "EmployerTwo",
      "nationalInsuranceNumber": "AA123456C",
      "surname": "Surnametwo",
      "gender": "M",
      "uniqueEmploymentSequenceNumber": 1111,
      "taxablePayInPeriod": 999999.99,
      "taxDeductedOrRefunded": -12345.67,
      "grossEarningsForNICs": 888888.66,
      "taxablePayToDate": 999999.99,
      "totalTaxToDate": 654321.08,
      "numberOfNormalHoursWorked": "E",
      "payFrequency": "M1",
      "paymentDate": "2017-02-03",
      "earningsPeriodsCovered": 11,
      "uniquePaymentId": 777777,
      "paymentConfidenceStatus": "1",
      "taxCode": "11100L",
      "hmrcReceiptTimestamp": "2018-04-16T09:23:55Z",
      "rtiReceivedDate": "2018-04-16",
      "apiAvailableTimestamp": "2018-04-16T09:23:55Z"
    }
  ]
}"#;

#[test]
fn hmrcs_own_sample_responses_are_read_and_their_dummy_number_is_nobodys() {
    let desk = Desk::with_batch();
    desk.put("none.json", NO_MATCH);
    desk.put("two.json", TWO_PAYMENTS);
    desk.decide("claims.csv", "earnings.csv none.json two.json", "").stands();
    assert_eq!(said(&desk), expected());
    let rows: Vec<u64> = desk.account().inputs.iter().map(|input| input.rows).collect();
    assert_eq!((rows, desk.account().earnings.without_person), (vec![3, 9, 0, 2], 2));
}

#[test]
fn hmrcs_own_sample_response_is_evidence_where_its_number_is_somebodys() {
    let desk = Desk::with_batch();
    desk.put("two.json", TWO_PAYMENTS.replace("AA123456C", "NC100001A"));
    desk.decide("claims.csv", "earnings.csv two.json", "").stands();
    let evidence = desk.rows("evidence");
    let sample: Vec<_> = evidence.iter().filter(|row| row["file"] == "two.json").collect();
    assert_eq!(sample.len(), 2);
    assert_eq!((sample[0]["taxable_pay"].as_str(), sample[0]["payment_id"].as_str()), ("999999.99", "777777"));
    assert_eq!((sample[0]["employer_name"].as_str(), sample[0]["earnings_periods"].as_str()), ("EmployerOne", "11"));
    assert_eq!(
        (sample[0]["used"].as_str(), sample[1]["used"].as_str()),
        ("false", "true"),
        "one payment number, one payment"
    );
}

// Files.

#[test]
fn one_file_or_many_or_a_folder_or_a_glob_say_the_same() {
    let desk = Desk::with_batch();
    let part = |rows: std::ops::Range<usize>| Table { rows: earnings().rows[rows].to_vec(), ..earnings() };
    desk.put("rti/2018/a.csv", part(0..2).csv());
    desk.put("rti/2018/b.parquet", part(2..6).parquet());
    desk.put("rti/2018/c.jsonl", part(6..9).objects().join("\n"));
    desk.put("rti/_SUCCESS", "");
    desk.put("rti/.part.crc", "crc");
    for named in
        ["rti", "rti/2018", "rti/2018/*", "rti/*/[abc].*", "rti/2018/c.jsonl rti/2018/a.csv rti/2018/b.parquet"]
    {
        desk.decide("claims.csv", named, "--replace").stands();
        assert_eq!(said(&desk), expected(), "{named}");
        assert_eq!(desk.account().inputs.len(), 4, "{named}");
    }
}

// Damage.

/// Every way in which a row can be no record, as bytes: each is made from a sound row.
fn damaged_rows(sound: &str) -> Vec<(String, Vec<u8>)> {
    let second = sound.find(',').unwrap() + 1;
    let with = |inserted: &[u8]| [&sound.as_bytes()[..second], inserted, &sound.as_bytes()[second..]].concat();
    let expected = sound.split(',').count();
    let fields = |found| format!("{found} fields where the header has {expected}");
    let reason = str::to_owned;
    vec![
        (fields(expected - 1), sound.rsplit_once(',').unwrap().0.into()),
        (fields(expected + 1), format!("{sound},").into()),
        (reason("a quote mark in field 2 neither opens nor closes it"), with(b"x\"x")),
        (reason("it contains a NUL byte"), with(b"\0")),
        (reason("it contains bytes that are not text"), with(b"\xFF")),
        (reason("a quote mark opens field 2 and is not closed"), with(b"\"")),
        (reason("it contains a line break of another kind than ends the other lines"), with(b"\r")),
    ]
}

/// A file with a row put in after its second one.
fn with_third(table: &Table, row: &[u8]) -> Vec<u8> {
    let text = table.csv();
    let start: usize = text.split_inclusive('\n').take(3).map(str::len).sum();
    [&text.as_bytes()[..start], row, b"\n", &text.as_bytes()[start..]].concat()
}

/// Every byte of a text belongs to something.
#[track_caller]
fn adds_up(input: &InputAccount, file: &[u8]) {
    let text = input.text.as_ref().unwrap();
    let parts = text.header_bytes + text.record_bytes + text.quarantined_bytes + text.blank_bytes;
    assert_eq!(parts, u64::try_from(file.len()).unwrap());
}

#[test]
fn a_damaged_earnings_row_is_set_aside_with_its_place_and_its_bytes() {
    // Nobody claims for this person; a record that may be a claimed person's is another matter (see below).
    let sound = earnings().rows[0].join(",").replace("2018-05-31", "2018-09-30").replace("NC100001A", "NC100009A");
    for (reason, row) in damaged_rows(&sound) {
        let desk = Desk::with_batch();
        let file = with_third(&earnings(), &row);
        desk.put("earnings.csv", &file);
        desk.validate("").stands();
        assert_eq!(desk.decided(), expected()[0], "{reason}: the other rows are read");
        let quarantine = desk.rows("quarantine");
        let [only] = quarantine.as_slice() else { panic!("{reason}: {quarantine:?}") };
        let place = ["input", "file", "row", "line", "reason"].map(|column| only[column].as_str());
        assert_eq!(place, ["earnings", "earnings.csv", "3", "4", reason.as_str()]);
        assert_eq!(desk.quarantined_bytes()[0].trim_ascii_end(), row.trim_ascii_end());
        let account = desk.account();
        assert_eq!((account.earnings.read, account.earnings.quarantined, account.inputs[1].quarantined), (10, 1, 1));
        adds_up(&account.inputs[1], &file);
    }
}

/// Rows with a quote at the beginning of one cell and at the end of the same cell of a later row, counted from 0: without
/// a rule of its own everything between is one cell, and the record has the right width.
fn with_stray_quotes(table: &Table, column: &str, from: usize, to: usize) -> Table {
    let (place, mut table) = (table.place(column), table.clone());
    table.rows[from][place].insert(0, '"');
    table.rows[to][place].push('"');
    table
}

/// So many claims, one below the other.
fn many_claims(count: usize) -> Table {
    let mut table = claims();
    let row = table.rows[0].clone();
    let id = table.place("claim_id");
    table.rows = vec![row; count];
    table.rows.iter_mut().enumerate().for_each(|(number, row)| row[id] = format!("K{number}"));
    table
}

#[test]
fn two_stray_quotes_swallow_no_claim() {
    let sound = many_claims(400);
    let every = [(",", "\n"), (";", "\r\n"), ("\t", "\n")];
    for (from, to, forms) in [(3, 390, &every[..]), (3, 4, &every[..1]), (0, 399, &every[1..2])] {
        let damaged = with_stray_quotes(&sound, "outcome", from, to);
        let files = forms.iter().map(|(delimiter, end)| damaged.separated(delimiter, end));
        for (number, file) in files.enumerate() {
            let desk = Desk::with_batch();
            desk.put("claims.csv", &file);
            let said =
                desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out");
            said.stands();
            let claims: Vec<(String, String)> =
                desk.rows("quarantine").iter().map(|row| (row["line"].clone(), row["reason"].clone())).collect();
            let opened = (from + 2, "a quote mark opens field");
            let astray = (to + 2, "a quote mark in field");
            assert_eq!(claims.len(), 2, "{number}: {claims:?}");
            for ((line, reason), (at, words)) in claims.iter().zip([opened, astray]) {
                assert!(*line == at.to_string() && reason.starts_with(words), "{number}: {line} {reason}");
            }
            let rows: Vec<String> = desk.decided().iter().map(|row| row["claim_row"].clone()).collect();
            let distinct: std::collections::BTreeSet<_> = rows.iter().collect();
            assert_eq!((rows.len(), distinct.len()), (400, 400), "{number}: every line is in exactly one output");
            adds_up(&desk.account().inputs[0], file.as_bytes());
        }
    }
}

#[test]
fn two_stray_quotes_swallow_no_payment() {
    let table = earnings();
    for column in ["employer_name", "hours_band"].into_iter().filter(|name| table.names.iter().any(|one| one == name)) {
        let desk = Desk::with_batch();
        let file = with_stray_quotes(&table, column, 1, table.rows.len() - 2).csv();
        desk.put("earnings.csv", &file);
        desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out").stands();
        let account = desk.account();
        let rows = u64::try_from(table.rows.len()).unwrap();
        assert_eq!((account.earnings.read, account.earnings.quarantined), (rows, 2), "{column}");
        adds_up(&account.inputs[1], file.as_bytes());
    }
}

#[test]
fn a_column_that_is_not_ours_may_hold_line_breaks_in_quotes() {
    let with_notes = |note: &str| {
        let mut table = claims();
        table.names.push("what was said".into());
        for (number, row) in table.rows.iter_mut().enumerate() {
            row.push(if number == 1 { note.to_owned() } else { String::new() });
        }
        table.csv()
    };
    let desk = Desk::with_batch();
    desk.put("claims.csv", with_notes("\"first\n\nsecond, \"\"and\"\" third\""));
    desk.validate("").stands();
    assert_eq!((desk.decided().len(), desk.rows("quarantine").len()), (claims().rows.len(), 0));
    // Two stray quotes in it, with rows between, are told from a note.
    let desk = Desk::with_batch();
    let text = with_notes("").replacen(",\n", ",\"x\n", 1);
    let last = text.trim_end().len();
    desk.put("claims.csv", format!("{}x\"\n", &text[..last]));
    desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out").stands();
    assert_eq!((desk.decided().len(), desk.rows("quarantine").len()), (claims().rows.len(), 2));
}

#[test]
fn of_our_columns_an_employers_name_may_run_over_lines_and_no_other() {
    for (file, table) in [("claims.csv", claims()), ("earnings.csv", earnings())] {
        for (place, column) in table.names.iter().enumerate() {
            let mut table = table.clone();
            table.rows[1][place] = "\"Lark Bakery\n(Head office)\nunit 4\"".to_owned();
            let desk = Desk::with_batch();
            desk.put(file, table.csv());
            desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out")
                .stands();
            let set_aside = desk.rows("quarantine").len();
            // Each line of a record that is no record is set aside.
            let is_ours = Claim::COLUMNS.iter().chain(&Payment::COLUMNS).any(|ours| ours.name == column);
            let lines = if is_ours && column != "employer_name" { 3 } else { 0 };
            assert_eq!(set_aside, lines, "{file} {column}");
        }
    }
}

#[test]
fn a_damaged_earnings_row_that_may_be_a_claimed_persons_queries_the_claim() {
    let sound = earnings().rows[0].join(",").replace("2018-05-31", "2018-09-30");
    let desk = Desk::with_batch();
    desk.put("earnings.csv", with_third(&earnings(), sound.rsplit_once(',').unwrap().0.as_bytes()));
    desk.validate("").stands();
    let queried = desk.rows("queried");
    let claim = queried.iter().find(|row| row["claim_id"] == "C1").unwrap();
    let says = "1 row under this National Insurance number could not be read and may matter; the first is earnings.csv, line 4";
    assert_eq!(claim["primary_reason"], "EVD01");
    assert!(claim["reasons"].contains(says), "{}", claim["reasons"]);
}

#[test]
fn a_damaged_claim_is_rejected_once_for_that_alone_and_kept_word_for_word() {
    let sound = claims().rows[0].join(",").replace("C1", "C9");
    for (reason, row) in damaged_rows(&sound) {
        let desk = Desk::with_batch();
        let file = with_third(&claims(), &row);
        desk.put("claims.csv", &file);
        desk.validate("").stands();
        let decided = desk.decided();
        let damaged: Vec<&Row> = decided.iter().filter(|row| row["claim_row"] == "3").collect();
        let [only] = damaged.as_slice() else { panic!("{reason}: {damaged:?}") };
        assert_eq!((only["verdict"].as_str(), only["primary_reason"].as_str()), ("rejected", "ROW01"), "{reason}");
        assert_eq!(only["reasons"], format!("[{{code: ROW01, severity: reject, message: {reason}}}]"));
        assert_eq!((decided.len(), only["claim_id"].as_str()), (4, ""));
        let quarantine = desk.rows("quarantine");
        assert_eq!(
            (quarantine.len(), quarantine[0]["input"].as_str(), quarantine[0]["line"].as_str()),
            (1, "claims", "4")
        );
        assert_eq!(desk.quarantined_bytes()[0].trim_ascii_end(), row.trim_ascii_end());
        adds_up(&desk.account().inputs[0], &file);
    }
}

#[test]
fn an_earnings_row_whose_values_cannot_be_read_is_set_aside_and_the_reason_is_told_without_the_value() {
    let desk = Desk::with_batch();
    for (column, value, reason) in [
        ("payment_date", "2018-02-31", "payment_date: expected a date as YYYY-MM-DD, such as 2018-05-01"),
        ("taxable_pay", "twelve", "taxable_pay: expected pounds and whole pence, such as 1250.00"),
        (
            "date_of_birth",
            "15/01/90",
            "date_of_birth: expected a date as YYYY-MM-DD, such as 2018-05-01; the year has two digits, which does not say the century",
        ),
    ] {
        let table = earnings().with(1, column, value);
        for file in [
            table.csv().into_bytes(),
            table.parquet(),
            table.objects().join("\n").replace("twelve", "\"twelve\"").into_bytes(),
        ] {
            desk.put("earnings.csv", file);
            desk.validate("--replace").stands();
            let quarantine = desk.rows("quarantine");
            assert_eq!(
                (quarantine.len(), quarantine[0]["row"].as_str(), quarantine[0]["reason"].as_str()),
                (1, "1", reason)
            );
            assert!(quarantine[0]["raw_text"].contains("NC100001A") && quarantine[0]["raw_text"].contains(value));
        }
    }
}

#[test]
fn a_damaged_line_of_json_is_set_aside_with_its_place_and_its_bytes() {
    let objects = earnings().objects();
    for (damaged, reason) in [
        ("{\"nino\": \"NC100009A\",", "it is cut short"),
        ("{\"nino\": NC100009A}", "it is not well-formed JSON"),
        ("\"NC100009A\"", "it is not an object of a payment or response"),
        ("{\"nino\": {\"stem\": \"NC100009\"}}", "the value of a column is an object or a list"),
        ("{\"nino\": \"NC100009A\", \"nino\": \"NC100009A\"}", "a name stands twice, or two names mean one column"),
    ] {
        let desk = Desk::with_batch();
        let lines = [&objects[..2], &[damaged.to_owned()], &objects[2..]].concat();
        desk.put("earnings.csv", lines.join("\n"));
        desk.validate("").stands();
        assert_eq!(desk.decided(), expected()[0], "{damaged}");
        let quarantine = desk.rows("quarantine");
        let [only] = quarantine.as_slice() else { panic!("{quarantine:?}") };
        assert_eq!((only["row"].as_str(), only["line"].as_str(), only["reason"].as_str()), ("3", "3", reason));
        assert_eq!(desk.quarantined_bytes()[0].trim_ascii_end(), damaged.as_bytes());
    }
}

#[test]
fn a_damaged_payment_of_a_pretty_response_is_kept_word_for_word() {
    let desk = Desk::with_batch();
    desk.put("two.json", TWO_PAYMENTS.replacen("\"Surnameone\"", "[\"Surnameone\"]", 1));
    desk.decide("claims.csv", "earnings.csv two.json", "").stands();
    let quarantine = desk.rows("quarantine");
    assert_eq!(
        (quarantine.len(), quarantine[0]["reason"].as_str()),
        (1, "the value of a column is an object or a list")
    );
    assert!(quarantine[0]["raw_text"].contains("[\"Surnameone\"]"), "{quarantine:?}");
}

// Spreadsheets.

#[test]
fn dates_with_slashes_are_read_and_counted() {
    let slashed = |mut table: Table| {
        let columns: Vec<usize> = (0..table.names.len()).filter(|place| is_date(&table.names[*place])).collect();
        for row in &mut table.rows {
            for place in &columns {
                let parts: Vec<&str> = row[*place].split('-').rev().collect();
                row[*place] = parts.join("/");
            }
        }
        table.csv()
    };
    let desk = Desk::with_batch();
    desk.put("claims.csv", slashed(claims()));
    desk.put("earnings.csv", slashed(earnings()));
    let summary = desk.validate("").stands().out;
    assert_eq!(said(&desk), expected());
    // Of the earnings only the payments of claimed people are counted: eight rows of three dates, and a leaving date.
    let counted: Vec<u64> = desk.account().inputs.iter().map(|input| input.slashed_dates).collect();
    assert_eq!(counted, [10, 25]);
    assert!(summary.contains("claims.csv, claim_date: 3 dates written day/month/year"), "{summary}");
}

#[test]
fn what_a_spreadsheet_did_is_named_and_never_repaired() {
    let desk = Desk::with_batch();
    desk.put(
        "claims.csv",
        claims().with(1, "job_start_date", "43221").with(2, "claim_date", "01/12/18").with(3, "nino", "1.0E+05").csv(),
    );
    desk.put(
        "earnings.csv",
        earnings()
            .with(4, "office_number", "99")
            .with(5, "payment_id", "9.1E+15")
            .with(6, "payment_date", "43251")
            .csv(),
    );
    let summary = desk.validate("").stands().out;
    let account = desk.account();
    let damage = |input: usize| {
        account.inputs[input]
            .spreadsheet_damage
            .iter()
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(damage(0), ["scientific_notation 1", "serial_date 1", "two_digit_year 1"]);
    assert_eq!(account.claims.rejected, 3, "ROW03, ROW03 and IDN01");
    assert!(summary.contains("claims.csv, job_start_date: 1 damaged by a spreadsheet (serial date)"), "{summary}");
    desk.put("claims.csv", claims().csv());
    desk.validate("--replace").stands();
    let account = desk.account();
    // An office number has three digits, so that 99 can only be 099; a payment without a readable payment ID stands.
    assert_eq!(account.inputs[1].quarantined, 1);
    let damage: Vec<_> = account.inputs[1].spreadsheet_damage.keys().cloned().collect();
    assert_eq!(damage, ["scientific_notation", "serial_date"]);
}

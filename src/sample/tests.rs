//! Tests of what a sample guarantees, on the files it writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;

/// A folder of a test's own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sample-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const PLAN: Plan = Plan { claims: 300, population: 150, format: SampleFormat::Csv, files: 1, seed: 11 };

fn sample(name: &str, plan: &Plan) -> (Folder, Written) {
    let folder = Folder::new(name);
    let written = write(plan, folder.path(), &|_| ()).unwrap();
    (folder, written)
}

/// The cells of a file without quotation marks, line by line.
fn cells(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split(',').collect()).collect()
}

/// The named columns of a file of a sample, its header left out.
fn columns<'a>(text: &'a str, names: &[&str]) -> Vec<Vec<&'a str>> {
    let lines = cells(text);
    let places: Vec<usize> = names.iter().map(|name| lines[0].iter().position(|cell| cell == name).unwrap()).collect();
    lines[1..].iter().map(|line| places.iter().map(|place| line[*place]).collect()).collect()
}

#[test]
fn the_same_plan_gives_the_same_bytes_whatever_the_thread_count() {
    for format in [SampleFormat::Parquet, SampleFormat::Csv, SampleFormat::Jsonl, SampleFormat::HmrcJson] {
        let plan = Plan { format, files: 3, population: 4000, ..PLAN };
        let bytes = |threads: usize| {
            let folder = Folder::new(&format!("bytes-{format:?}-{threads}"));
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let written = pool.install(|| write(&plan, folder.path(), &|_| ())).unwrap();
            written.files.iter().map(|(name, _)| std::fs::read(folder.path().join(name)).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(bytes(1), bytes(3), "{format:?}");
    }
}

/// Every file in a folder and in the folders within it, byte for byte.
fn bytes_within(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_within(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn months_have_the_same_bytes_whatever_the_thread_count() {
    for format in [SampleFormat::Parquet, SampleFormat::Csv, SampleFormat::Jsonl, SampleFormat::HmrcJson] {
        let plan = Plan { format, files: 2, population: 1000, ..PLAN };
        let bytes = |threads: usize| {
            let folder = Folder::new(&format!("months-{format:?}-{threads}"));
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let written = pool.install(|| write_months(&plan, 3, folder.path(), &|_| ())).unwrap();
            let files = bytes_within(folder.path()).into_iter();
            let within = |path: PathBuf| path.strip_prefix(folder.path()).unwrap().to_owned();
            (written, files.map(|(path, bytes)| (within(path), bytes)).collect::<BTreeMap<_, _>>())
        };
        assert_eq!(bytes(1), bytes(3), "{format:?}");
    }
}

#[test]
fn another_seed_gives_another_sample() {
    let (one, _) = sample("seed-one", &PLAN);
    let (other, _) = sample("seed-other", &Plan { seed: 12, ..PLAN });
    assert_ne!(one.text("earnings.csv"), other.text("earnings.csv"));
}

#[test]
fn a_full_batch_shows_every_scenario() {
    let (_folder, written) = sample("full", &Plan { claims: full_batch(), population: 0, ..PLAN });
    assert!(written.scenarios.iter().all(|(_, count)| 0 < *count), "{:?}", written.scenarios);
    assert_eq!(written.scenarios.iter().map(|(_, count)| count).sum::<u64>(), u64::from(full_batch()));
}

#[test]
fn claims_are_as_many_as_asked_for() {
    for claims in [0, 1, 7, 102, 300] {
        let (folder, written) = sample("count", &Plan { claims, ..PLAN });
        assert_eq!(written.files[0], ("claims.csv".to_owned(), u64::from(claims)));
        assert_eq!(folder.text("claims.csv").lines().count(), claims as usize + 1);
        assert_eq!(folder.text("expected.csv").lines().count(), claims as usize + 1);
    }
}

#[test]
fn every_line_of_an_extract_is_a_record_and_the_last_payday_is_the_cut_off() {
    for (claims, population) in [(1, 0), (0, 1), (300, 150)] {
        let (folder, written) = sample("lines", &Plan { claims, population, ..PLAN });
        let text = folder.text("earnings.csv");
        assert!(cells(&text).iter().all(|line| line.len() == 21));
        assert_eq!(written.files[4], ("earnings.csv".to_owned(), text.lines().count() as u64 - 1));
        let paydays = columns(&text, &["payment_date"]).concat();
        assert_eq!(paydays.iter().max(), Some(&"2019-03-31"));
    }
}

#[test]
fn payments_come_in_the_order_received_and_are_numbered_so() {
    let (folder, _) = sample("order", &PLAN);
    let text = folder.text("earnings.csv");
    let rows = columns(&text, &["received_at", "payment_id"]);
    assert!(rows.windows(2).all(|pair| pair[0][0] <= pair[1][0]));
    let mut ids: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    ids.sort_unstable();
    ids.dedup();
    // Corrections and rows sent twice share an ID, and nothing else does.
    assert!(ids.len() < rows.len() && rows.len() < ids.len() + 40);
}

#[test]
fn no_two_people_share_a_stem() {
    let (folder, _) = sample("stems", &PLAN);
    let text = folder.text("earnings.csv");
    // Under these numbers another person is paid too: that is the point of their scenario.
    let shared = ninos_of(&folder, "number_shared_with_another_person");
    let mut by_stem: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in columns(&text, &["nino", "date_of_birth"]) {
        assert!(row[0].starts_with("NC") || row[0].starts_with("PZ"));
        by_stem.entry(&row[0][..8]).or_default().extend(Some(row[1]).filter(|born| !born.is_empty()));
    }
    assert!(by_stem.iter().all(|(stem, births)| births.len() <= if shared.contains(*stem) { 2 } else { 1 }));
}

/// The stems of the participants of a scenario.
fn ninos_of(folder: &Folder, scenario: &str) -> BTreeSet<String> {
    let (claims, expected) = (folder.text("claims.csv"), folder.text("expected.csv"));
    let whole = columns(&expected, &["claim_id", "scenario"]);
    let ids: BTreeSet<&str> = whole.iter().filter(|row| row[1] == scenario).map(|row| row[0]).collect();
    assert!(!ids.is_empty(), "{scenario}");
    let lines = cells(&claims);
    lines.iter().filter(|line| ids.contains(line[0])).map(|line| line[4][..8].to_owned()).collect()
}

#[test]
fn several_files_are_one_extract_cut_into_slices() {
    let (one, _) = sample("one-file", &PLAN);
    let (many, written) = sample("many-files", &Plan { files: 7, ..PLAN });
    let names: Vec<&String> =
        written.files.iter().map(|(name, _)| name).filter(|name| name.starts_with("earnings")).collect();
    assert_eq!(names.len(), 7);
    assert_eq!(names[0], "earnings/part-0001.csv");
    let slices: Vec<String> = names.iter().map(|name| many.text(name).split_once('\n').unwrap().1.to_owned()).collect();
    assert_eq!(slices.concat(), one.text("earnings.csv").split_once('\n').unwrap().1);
}

#[test]
fn json_lines_say_what_csv_says() {
    let (csv, _) = sample("as-csv", &PLAN);
    let (json, _) = sample("as-json", &Plan { format: SampleFormat::Jsonl, ..PLAN });
    let text = csv.text("earnings.csv");
    let lines = cells(&text);
    let objects = json.text("earnings.jsonl");
    assert_eq!(objects.lines().count(), lines.len() - 1);
    for (line, object) in lines[1..].iter().zip(objects.lines()) {
        let object: Value = serde_json::from_str(object).unwrap();
        for (name, cell) in lines[0].iter().zip(line) {
            match &object[*name] {
                Value::Null => assert_eq!(*cell, "", "{name}"),
                Value::String(text) => assert_eq!(cell, text, "{name}"),
                number @ (Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => assert_eq!(
                    cell.trim_end_matches('0').trim_end_matches('.'),
                    number.to_string().trim_end_matches('0').trim_end_matches('.'),
                    "{name}"
                ),
            }
        }
    }
}

#[test]
fn parquet_holds_as_many_rows_and_typed_columns() {
    use arrow::datatypes::{DataType, TimeUnit};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let (csv, _) = sample("csv-rows", &Plan { claims: 500, ..PLAN });
    let (parquet, written) = sample("parquet-rows", &Plan { claims: 500, format: SampleFormat::Parquet, ..PLAN });
    assert_eq!(written.files[0].0, "claims.parquet");
    for (name, rows) in written.files.iter().filter(|(name, _)| name.ends_with("parquet")) {
        let file = std::fs::File::open(parquet.path().join(name)).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        if name == "earnings.parquet" {
            let holds = |name: &str| reader.schema().field_with_name(name).unwrap().data_type().clone();
            assert_eq!(holds("taxable_pay"), DataType::Decimal128(11, 2));
            assert_eq!(holds("received_at"), DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
            assert_eq!(holds("payment_id"), DataType::Utf8);
            assert_eq!(
                reader.schema().fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>(),
                payment::COLUMNS
            );
        }
        let read: usize = reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(read as u64, *rows, "{name}");
    }
    assert!(csv.text("expected.csv").contains("line_damaged"));
    assert!(!parquet.text("expected.csv").contains("line_damaged"));
}

#[test]
fn a_damaged_line_is_not_a_record() {
    let (folder, _) = sample("damage", &PLAN);
    let claims = folder.text("claims.csv");
    let expected = folder.text("expected.csv");
    let damaged: BTreeSet<&str> =
        columns(&expected, &["claim_id", "codes"]).iter().filter(|row| row[1] == "ROW01").map(|row| row[0]).collect();
    assert!(!damaged.is_empty());
    for line in claims.lines().skip(1) {
        let whole = line.split(',').count() == 18 && !line.contains('"');
        assert_eq!(whole, !damaged.contains(line.split(',').next().unwrap()), "{line}");
    }
}

#[test]
fn the_earlier_batch_is_what_later_claims_repeat() {
    let (folder, _) = sample("earlier", &PLAN);
    let (earlier, claims, expected) =
        (folder.text("earlier-claims.csv"), folder.text("claims.csv"), folder.text("expected.csv"));
    let earlier: BTreeSet<Vec<&str>> = columns(&earlier, &["participant_id", "outcome"]).into_iter().collect();
    let intact: String =
        claims.lines().filter(|line| line.split(',').count() == 18).fold(String::new(), |all, line| all + line + "\n");
    let participants: BTreeMap<&str, Vec<&str>> = columns(&intact, &["claim_id", "participant_id", "outcome"])
        .into_iter()
        .map(|row| (row[0], row[1..].to_vec()))
        .collect();
    let repeated: BTreeSet<Vec<&str>> = columns(&expected, &["claim_id", "codes"])
        .iter()
        .filter(|row| row[1].contains("CLM05"))
        .map(|row| participants[row[0]].clone())
        .collect();
    assert!(!earlier.is_empty());
    assert_eq!(earlier, repeated);
}

#[test]
fn too_many_people_are_refused() {
    let folder = Folder::new("too-many");
    let plan = Plan { claims: 10, population: 2_000_000, ..PLAN };
    let refused = write(&plan, folder.path(), &|_| ());
    assert!(matches!(refused, Err(SampleError::TooMany { asked: 2_000_010, limit: 2_000_000 })), "{refused:?}");
}

#[test]
fn progress_counts_up_to_all_payments() {
    let folder = Folder::new("progress");
    let last = std::sync::atomic::AtomicU64::new(0);
    let written =
        write(&PLAN, folder.path(), &|count| last.store(count, std::sync::atomic::Ordering::Relaxed)).unwrap();
    assert_eq!(last.into_inner(), written.files[4].1);
}

/// HMRC's published schema, as far as a sample goes: the names it may use and what each must look like.
fn fits_hmrc(name: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let date = |text: &str| {
        text.len() == 10
            && text.is_ascii()
            && digits(&text[..4])
            && ("01"..="12").contains(&&text[5..7])
            && ("01"..="31").contains(&&text[8..])
    };
    let person_name = |text: &str| {
        text.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && text.len() <= 35
            && text.bytes().all(|byte| byte.is_ascii_alphabetic() || b" '-".contains(&byte))
    };
    match name {
        "taxYear" => text.len() == 5 && digits(&text[..2]) && &text[2..3] == "-" && digits(&text[3..]),
        "taxYearIndicator" => ["P", "C"].contains(&text),
        "hmrcOfficeNumber" => text.len() == 3 && digits(text) && text != "000",
        "employerPayeRef" => (2..=10).contains(&text.len()) && !text.starts_with(' '),
        "employerName1" => (1..=28).contains(&text.len()),
        "nationalInsuranceNumber" => {
            (8..=9).contains(&text.len())
                && ["NC", "PZ"].contains(&&text[..2])
                && digits(&text[2..8])
                && ["", "A", "B", "C", "D"].contains(&&text[8..])
        }
        "surname" | "forename" => person_name(text),
        "payrollId" => (1..=35).contains(&text.len()) && !text.starts_with(' '),
        "dateOfBirth"
        | "employmentStartDate"
        | "employmentEndDate"
        | "paymentDate"
        | "rtiReceivedDate"
        | "paymentNoLongerValid" => date(text),
        "taxablePayInPeriod" | "taxablePayToDate" => {
            value.is_number() && value.to_string().split_once('.').is_some_and(|(_, pence)| pence.len() <= 2)
        }
        "numberOfNormalHoursWorked" => ["A", "B", "C", "D", "E"].contains(&text),
        "payFrequency" => ["W1", "W2", "W4", "M1", "M3", "M6", "MA", "IO", "IR"].contains(&text),
        "earningsPeriodsCovered" => value.as_u64().is_some_and(|periods| (1..=99).contains(&periods)),
        "irregularPayment" | "occPenIndicator" | "paymentAfterLeaving" => text == "Y",
        "uniquePaymentId" => value.as_u64().is_some_and(|id| 1 <= id),
        "hmrcReceiptTimestamp" => text.len() == 20 && date(&text[..10]) && text.ends_with('Z'),
        _ => false,
    }
}

#[test]
fn hmrc_responses_fit_hmrcs_schema() {
    let (folder, written) = sample("hmrc", &Plan { format: SampleFormat::HmrcJson, files: 2, ..PLAN });
    let mut people: BTreeMap<String, u64> = BTreeMap::new();
    let mut payments = 0;
    let mut unreadable = 0;
    for (name, rows) in written.files.iter().filter(|(name, _)| name.starts_with("earnings")) {
        let mut in_file = 0;
        for line in folder.text(name).lines() {
            let response: Value = serde_json::from_str(line).unwrap();
            assert_eq!(response["matchPattern"], 63);
            let items = response["taxYears"].as_array().unwrap();
            assert!(!items.is_empty());
            let unique: BTreeSet<String> = items.iter().map(ToString::to_string).collect();
            assert_eq!(unique.len(), items.len(), "no response says the same twice");
            let ninos: BTreeSet<String> =
                items.iter().map(|item| item["nationalInsuranceNumber"].as_str().unwrap()[..8].to_owned()).collect();
            assert_eq!(ninos.len(), 1, "a response is of one person");
            for (field, value) in items.iter().flat_map(|item| item.as_object().unwrap()) {
                let is_spoilt = field == "earningsPeriodsCovered" && *value == 0;
                unreadable += u64::from(is_spoilt);
                assert!(is_spoilt || fits_hmrc(field, value), "{field}: {value}");
            }
            *people.entry(ninos.into_iter().next().unwrap()).or_default() += 1;
            in_file += items.len() as u64;
        }
        assert_eq!(in_file, *rows);
        payments += in_file;
    }
    assert_eq!(unreadable, 2 * ninos_of(&folder, "payments_unreadable").len() as u64);
    let (csv, _) = sample("hmrc-csv", &PLAN);
    assert_eq!(payments, csv.text("earnings.csv").lines().count() as u64 - 1);
    assert!(people.values().all(|responses| *responses <= 3));
}

//! Made-up batches give the verdicts of their answer key, and show every rule.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;

use arrow::array::{Array, AsArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sustain::extract::file_options::InputOptions;
use sustain::prepare;
use sustain::progress::{NoProgress, ProgressSink};
use sustain::rules::RULES;
use sustain::sample::{self, Plan, SampleFormat};
use sustain::scheme;
use sustain::staging::Existing;
use sustain::validate::{self, Limits, ValidateRequest};

use crate::support::same_results;

/// Verdict and codes of every claim that has a number.
type Answers = BTreeMap<String, Vec<(String, String)>>;

fn order(room: &Path, claims: &str, earnings: &str, register: &str, out: &str) -> ValidateRequest {
    ValidateRequest {
        scheme: scheme::load::load(sample::SCHEME, sustain::rules::allows).unwrap(),
        settings: BTreeMap::new(),
        claims: vec![room.join(claims)],
        input_options: InputOptions::default(),
        earnings: vec![room.join(earnings)],
        register: Some(room.join(register)),
        history: Vec::new(),
        ledger: None,
        extract_from: Some(sample::extract_from()),
        extract_to: Some(sample::extract_to()),
        set_aside: None,
        memory: None,
        limits: Limits::default(),
        workbook: false,
        out: room.join(out),
        existing: Existing::Keep,
    }
}

/// Decides a sample, the earlier batch first.
fn decided(room: &Path, claims: &str, earnings: &str, register: &str) -> Answers {
    let earlier = order(room, "earlier-claims.csv", earnings, register, "earlier");
    let account = validate::run(&earlier, &NoProgress::default()).unwrap();
    assert_eq!(account.account().claims.validated, account.account().claims.read, "every earlier claim is validated");
    let mut order = order(room, claims, earnings, register, "result");
    order.history = vec![earlier.out];
    validate::run(&order, &NoProgress::default()).unwrap();
    let store = prepare::PrepareRequest {
        earnings: order.earnings.clone(),
        options: Arc::default(),
        out: room.join("store"),
        append: false,
        set_aside: None,
    };
    prepare::run(&store, &NoProgress::default()).unwrap();
    let from_store = ValidateRequest { earnings: vec![store.out], out: room.join("from-store"), ..order.clone() };
    validate::run(&from_store, &NoProgress::default()).unwrap();
    same_results(&order.out, &from_store.out);
    answers(&order.out)
}

fn answers(run: &Path) -> Answers {
    let mut answers = Answers::new();
    for verdict in ["validated", "rejected", "queried"] {
        let file = std::fs::File::open(run.join(format!("{verdict}.parquet"))).unwrap();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            let ids = batch.column_by_name("claim_id").unwrap().as_string::<i32>().clone();
            let reasons = batch.column_by_name("reasons").unwrap().as_list::<i32>().clone();
            for row in (0..batch.num_rows()).filter(|row| !ids.is_null(*row)) {
                let of_claim = reasons.value(row);
                let codes = of_claim.as_struct().column_by_name("code").unwrap().as_string::<i32>().clone();
                let codes: Vec<&str> = codes.iter().flatten().collect();
                answers.entry(ids.value(row).to_owned()).or_default().push((verdict.into(), codes.join(" ")));
            }
        }
    }
    for claims in answers.values_mut() {
        claims.sort();
    }
    answers
}

/// The answer key, without the claims whose line is damaged: they have no number any more.
fn expected(room: &Path) -> Answers {
    let mut expected = Answers::new();
    for line in std::fs::read_to_string(room.join("expected.csv")).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[3] != "ROW01" {
            expected.entry(cells[0].into()).or_default().push((cells[2].into(), cells[3].into()));
        }
    }
    for claims in expected.values_mut() {
        claims.sort();
    }
    expected
}

fn made(format: SampleFormat, claims: u32, population: u32, files: u16) -> tempfile::TempDir {
    let room = tempfile::tempdir().unwrap();
    sample::write(&Plan { claims, population, format, files, seed: 31 }, room.path(), &|_| {}).unwrap();
    room
}

fn assert_same(expected: &Answers, found: &Answers) {
    let wrong: Vec<_> = expected.iter().filter(|(id, answer)| found.get(*id) != Some(answer)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(expected.len(), found.len());
}

#[test]
fn a_csv_sample_among_other_people_comes_to_its_answer_key() {
    let room = made(SampleFormat::Csv, 600, 200, 3);
    assert_same(&expected(room.path()), &decided(room.path(), "claims.csv", "earnings", "register.csv"));
}

#[test]
fn a_parquet_sample_comes_to_its_answer_key() {
    let room = made(SampleFormat::Parquet, 400, 100, 2);
    assert_same(&expected(room.path()), &decided(room.path(), "claims.parquet", "earnings", "register.parquet"));
}

#[test]
fn a_ceiling_on_memory_changes_nothing() {
    let room = made(SampleFormat::Parquet, 4_200, 50, 2);
    let order = order(room.path(), "claims.parquet", "earnings", "register.parquet", "at-once");
    validate::run(&order, &NoProgress::default()).unwrap();
    let in_stretches = ValidateRequest { memory: Some(0), out: room.path().join("in-stretches"), ..order.clone() };
    let watch = Noting::default();
    validate::run(&in_stretches, &watch).unwrap();
    assert!(watch.0.lock().unwrap().concat().contains("exceed --memory"));
    same_results(&order.out, &in_stretches.out);
    assert_eq!(
        std::fs::read(order.out.join("quarantine.parquet")).unwrap(),
        std::fs::read(in_stretches.out.join("quarantine.parquet")).unwrap()
    );
}

/// A watch that keeps the notes.
#[derive(Default)]
struct Noting(Mutex<Vec<String>>);

impl ProgressSink for Noting {
    fn step(&self, _: &'static str, _: Option<u64>) {}

    fn advance(&self, _: u64) {}

    fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

#[test]
fn json_lines_and_hmrc_responses_come_to_the_same() {
    for (format, earnings) in [(SampleFormat::Jsonl, "earnings.jsonl"), (SampleFormat::HmrcJson, "earnings.json")] {
        let room = made(format, 250, 50, 1);
        assert_same(&expected(room.path()), &decided(room.path(), "claims.csv", earnings, "register.csv"));
    }
}

#[test]
fn the_sample_data_shows_every_rule() {
    let room = tempfile::tempdir().unwrap();
    for name in ["claims.csv", "earlier-claims.csv", "register.csv", "earnings.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data").join(name);
        std::fs::copy(from, room.path().join(name)).unwrap();
    }
    let answers = decided(room.path(), "claims.csv", "earnings.csv", "register.csv");
    let mut shown: BTreeSet<String> =
        answers.values().flatten().flat_map(|(_, codes)| codes.split(' ').map(str::to_owned)).collect();
    // A damaged row has no number, so it is not among the answers; the account counts it.
    let account = sustain::verify::verify(&room.path().join("result")).unwrap().account;
    shown.extend(account.rules.iter().filter(|rule| rule.failed > 0).map(|rule| rule.code.clone()));
    let missing: Vec<&str> =
        RULES.iter().map(|rule| rule.code.as_str()).filter(|code| !shown.contains(*code)).collect();
    assert_eq!(missing, [""; 0]);
}

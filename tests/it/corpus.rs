//! The corpus: small inputs, each with a fault that was once found in a file, and what must come of it (`tests/corpus/comes-to.csv`).
//! Each is tried as it is, and again with a little more damage.

use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::properties::{few, refused_or_whole};
use crate::support::Desk;

/// An input of the corpus.
struct Found {
    /// claims or earnings.
    role: String,
    /// Its file.
    file: String,
    /// What comes of it: the verdict and main reason of each row and how many rows are set aside, or the refusal.
    comes_to: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn corpus() -> Vec<Found> {
    let mut reader = csv::Reader::from_path(folder().join("comes-to.csv")).unwrap();
    let found = |row: csv::StringRecord| Found {
        role: row[0].to_owned(),
        file: row[1].to_owned(),
        comes_to: row[3].to_owned(),
    };
    reader.records().map(|row| found(row.unwrap())).collect()
}

fn bytes(found: &Found) -> Vec<u8> {
    std::fs::read(folder().join(&found.role).join(&found.file)).unwrap()
}

/// What comes of the batch on a desk, of which one file is from the corpus.
fn comes_to(desk: &Desk, claims: &str, earnings: &str, file: &str) -> String {
    let said = desk.decide(claims, earnings, "");
    if said.code == 2 {
        let problem = said.err.lines().next().unwrap();
        let problem = problem.strip_prefix("error: ").and_then(|problem| problem.strip_prefix(file)).unwrap();
        return format!("refused: {}", problem.trim_start_matches([':', ',', ' ']));
    }
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{file}");
    let mut decided: Vec<(usize, String)> = ["validated", "rejected", "queried"]
        .into_iter()
        .flat_map(|verdict| desk.rows(verdict).into_iter().map(move |row| (verdict, row)))
        .map(|(verdict, row)| (row["claim_row"].parse().unwrap(), format!("{verdict} {}", row["primary_reason"])))
        .collect();
    decided.sort();
    let mut parts: Vec<String> = decided.iter().map(|(row, of)| format!("{row} {of}").trim_end().to_owned()).collect();
    parts.push(format!("{} set aside", desk.rows("quarantine").len()));
    parts.join("; ")
}

#[test]
fn every_file_of_the_corpus_comes_to_what_it_must() {
    let corpus = corpus();
    let listed: usize =
        ["claims", "earnings"].iter().map(|role| std::fs::read_dir(folder().join(role)).unwrap().count()).sum();
    assert_eq!(corpus.len(), listed, "every file is listed");
    for found in corpus {
        let desk = Desk::with_batch();
        desk.put(&found.file, bytes(&found));
        if found.role == "claims" {
            refused_or_whole(&bytes(&found)).unwrap_or_else(|error| panic!("{}: {error}", found.file));
        }
        let (claims, earnings) = match found.role.as_str() {
            "claims" => (found.file.as_str(), "earnings.csv"),
            _ => ("claims.csv", found.file.as_str()),
        };
        assert_eq!(comes_to(&desk, claims, earnings, &found.file), found.comes_to, "{}/{}", found.role, found.file);
    }
}

/// A little more damage: at a place some bytes are taken away, and others put there.
fn damaged(mut bytes: Vec<u8>, damages: &[(Index, usize, Vec<u8>)]) -> Vec<u8> {
    for (place, taken, put) in damages {
        let from = place.index(bytes.len() + 1);
        let to = (from + taken).min(bytes.len());
        bytes.splice(from..to, put.iter().copied());
    }
    bytes
}

/// A place, how many bytes are taken away there, and what is put there.
fn damage() -> impl Strategy<Value = (Index, usize, Vec<u8>)> {
    let put = prop_oneof![
        Just(Vec::new()),
        vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), Just(0), Just(0xFF), any::<u8>()], 1..3),
    ];
    (any::<Index>(), 0_usize..40, put)
}

proptest! {
    #![proptest_config(few(16))]

    #[test]
    fn more_damage_to_a_file_of_the_corpus_loses_no_row(of in any::<Index>(), damages in vec(damage(), 1..4)) {
        let corpus: Vec<Found> = corpus().into_iter().filter(|found| found.role == "claims").collect();
        refused_or_whole(&damaged(bytes(of.get(&corpus)), &damages))?;
    }

    #[test]
    fn more_damage_to_an_extract_of_the_corpus_loses_no_claim(of in any::<Index>(), damages in vec(damage(), 1..4)) {
        let corpus: Vec<Found> = corpus().into_iter().filter(|found| found.role == "earnings").collect();
        let desk = Desk::with_batch();
        desk.put("earnings.csv", damaged(bytes(of.get(&corpus)), &damages));
        let said = desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out");
        if said.code == 2 {
            prop_assert!(said.err.starts_with("error: earnings.csv"), "{}", said.err);
            return Ok(());
        }
        prop_assert_eq!((said.code, said.err.as_str()), (0, ""));
        prop_assert_eq!(desk.sustain("verify out").code, 0);
        prop_assert_eq!(desk.decided().len(), 3);
    }
}

//! What is kept in the repository equals what the program makes: schemas, sample data, and the README's table of rules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sustain::cli::schemas::text;
use sustain::rules::RULES;
use sustain::sample::{self, Plan, SampleFormat};
use sustain::schemas;

/// A file of the repository.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(project(path)).unwrap()
}

/// Holds a file of the repository to what is made of it. `tests/regenerate.sh` sets a variable under which the file is
/// written instead.
#[track_caller]
pub(crate) fn keep(path: &str, made: &[u8]) {
    let is_kept = std::fs::read(project(path)).is_ok_and(|kept| kept == made);
    if !is_kept && std::env::var_os("SUSTAIN_REGENERATE").is_some() {
        std::fs::write(project(path), made).unwrap();
    } else {
        assert!(is_kept, "{path} is not what is made of it now; run: bash tests/regenerate.sh");
    }
}

#[test]
fn the_schemas_kept_are_those_the_types_say() {
    let mut made = BTreeSet::new();
    for (name, schema) in schemas::all() {
        let file = format!("{name}.schema.json");
        keep(&format!("schemas/{file}"), text(&schema).as_bytes());
        made.insert(file);
    }
    let kept: BTreeSet<String> = std::fs::read_dir(project("schemas"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(kept, made, "schemas/ holds a file that is no schema of the program");
}

#[test]
fn the_sample_data_kept_is_what_sample_makes() {
    for (format, files) in [
        (SampleFormat::Csv, &["claims.csv", "register.csv", "earnings.csv", "earlier-claims.csv", "expected.csv"][..]),
        (SampleFormat::Parquet, &["claims.parquet", "register.parquet", "earnings.parquet"]),
        (SampleFormat::HmrcJson, &["earnings.json"]),
    ] {
        let room = tempfile::tempdir().unwrap();
        let plan = Plan { claims: 120, population: 0, format, files: 1, seed: 2017 };
        sample::write(&plan, room.path(), &|_| {}).unwrap();
        for file in files {
            keep(&format!("sample_data/{file}"), &std::fs::read(room.path().join(file)).unwrap());
        }
    }
    keep("sample_data/scheme.toml", sample::SCHEME.as_bytes());
}

#[test]
fn the_readme_lists_every_rule_with_the_weight_it_has() {
    let head = "| code | weighs | fails when |\n|---|---|---|\n";
    let readme = read("README.md");
    let (before, after) = readme.split_once(head).unwrap();
    let after: String = after.split_inclusive('\n').skip_while(|line| line.starts_with('|')).collect();
    let row =
        |rule: &&sustain::rules::Rule| format!("| {} | {} | {} |\n", rule.code, rule.severity().name(), rule.title);
    let table: String = RULES.iter().map(row).collect();
    keep("README.md", format!("{before}{head}{table}{after}").as_bytes());
}

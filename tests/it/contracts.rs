//! What is kept in the repository equals what the program makes: schemas, sample data, and the README's table.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sustain::cli::schemas::text;
use sustain::rules::{Code, RULES};
use sustain::sample::{self, Format, Plan};
use sustain::schemas;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(project(path)).unwrap()
}

#[test]
fn the_schemas_kept_are_those_the_types_say() {
    let made: BTreeMap<String, String> =
        schemas::all().into_iter().map(|(name, schema)| (format!("{name}.schema.json"), text(&schema))).collect();
    let kept: BTreeSet<String> = std::fs::read_dir(project("schemas"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(kept, made.keys().cloned().collect());
    for (name, schema) in made {
        assert_eq!(read(&format!("schemas/{name}")), schema, "run: cargo run -- schemas --out schemas");
    }
}

#[test]
fn the_sample_data_kept_is_what_sample_makes() {
    for (format, files) in [
        (Format::Csv, &["claims.csv", "register.csv", "earnings.csv", "earlier-claims.csv", "expected.csv"][..]),
        (Format::Parquet, &["claims.parquet", "register.parquet", "earnings.parquet"]),
        (Format::HmrcJson, &["earnings.json"]),
    ] {
        let room = tempfile::tempdir().unwrap();
        let plan = Plan { claims: 110, population: 0, format, files: 1, seed: 2017 };
        sample::write(&plan, room.path(), &|_| {}).unwrap();
        for file in files {
            let made = std::fs::read(room.path().join(file)).unwrap();
            assert!(made == std::fs::read(project("sample_data").join(file)).unwrap(), "{file} is another");
        }
    }
    assert_eq!(read("sample_data/scheme.toml"), sample::SCHEME);
}

#[test]
fn the_readme_gives_each_rule_the_weight_it_has() {
    let readme = read("README.md");
    let rows: Vec<Vec<&str>> = readme
        .lines()
        .filter(|line| line.starts_with("| ") && Code::parse(line.get(2..7).unwrap_or("")).is_some())
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() >= 15);
    for row in rows {
        let rule = RULES.iter().find(|rule| rule.code.as_str() == row[1]).unwrap();
        assert_eq!(row[2], rule.severity().name(), "{}", row[1]);
        assert!(row[3].starts_with(rule.title), "{}: {}", row[1], rule.title);
    }
}

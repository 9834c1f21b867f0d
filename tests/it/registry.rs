//! The registry of rules is written from the files of the rules, in the order of the rulebook's table: the list of codes,
//! the list of rules, and the modules of each family.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::contracts::{keep, project, read};
use crate::rulebook::table;

/// Every rule that has a file, by code: its family and its name. A file of `src/rules/FAMILY/` is one rule.
fn rule_files() -> BTreeMap<String, (String, String)> {
    let mut files = BTreeMap::new();
    for family in families() {
        for name in names_in(&family) {
            let path = format!("src/rules/{family}/{name}.rs");
            let text = read(&path);
            let code = text.lines().find_map(|line| line.trim().strip_prefix("code: Code::")?.strip_suffix(','));
            let code = code.unwrap_or_else(|| panic!("{path} registers no rule: it has no line `code: Code::...,`"));
            if let Some((other, _)) = files.insert(code.to_owned(), (family.clone(), name)) {
                panic!("{path}: {code} is the code of another rule in src/rules/{other}/");
            }
        }
    }
    files
}

fn families() -> Vec<String> {
    let entries = std::fs::read_dir(project("src/rules")).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    let mut names: Vec<String> = folders.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn names_in(family: &str) -> Vec<String> {
    let entries = std::fs::read_dir(project(&format!("src/rules/{family}"))).unwrap();
    let stem = |entry: std::fs::DirEntry| entry.path().file_stem().unwrap().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| stem(entry.unwrap())).filter(|name| name != "mod").collect();
    names.sort();
    names
}

/// The codes in the order of the rulebook's table, each with its family and file.
fn in_order() -> Vec<(String, String, String)> {
    let mut files = rule_files();
    let order: Vec<(String, String, String)> = table()
        .into_iter()
        .map(|(code, _)| {
            let (family, name) = files
                .remove(&code)
                .unwrap_or_else(|| panic!("{code} is in the table of docs/rulebook.md and has no file in src/rules/"));
            (code, family, name)
        })
        .collect();
    assert!(files.is_empty(), "these have a file and no row in the table of docs/rulebook.md, section 9: {files:?}");
    order
}

/// A text with everything between two of its lines replaced.
fn replaced(text: &str, begin: &str, end: &str, with: &str) -> String {
    let (before, rest) = text.split_once(begin).unwrap_or_else(|| panic!("{begin:?} is gone"));
    let (_, after) = rest.split_once(end).unwrap_or_else(|| panic!("{end:?} is gone"));
    format!("{before}{begin}{with}{end}{after}")
}

#[test]
fn the_registry_is_what_the_files_of_the_rules_and_the_rulebook_say() {
    let order = in_order();
    let mut codes = String::new();
    for group in order.chunk_by(|(one, ..), (other, ..)| one[..3] == other[..3]) {
        let names: Vec<&str> = group.iter().map(|(code, ..)| code.as_str()).collect();
        writeln!(codes, "    {},", names.join(", ")).unwrap();
    }
    let path = "src/scheme/code.rs";
    keep(path, replaced(&read(path), "\ncodes! {\n", "}\n", &codes).as_bytes());

    let mut rules = String::new();
    for (_, family, name) in &order {
        writeln!(rules, "    &{family}::{name}::RULE,").unwrap();
    }
    let path = "src/rules/mod.rs";
    keep(path, replaced(&read(path), "Code::ALL.len()] = [\n", "];\n", &rules).as_bytes());

    for family in families() {
        let path = format!("src/rules/{family}/mod.rs");
        let text = read(&path);
        let mut made: String = text.split_inclusive('\n').take_while(|line| line.starts_with("//!")).collect();
        made.push('\n');
        for name in names_in(&family) {
            writeln!(made, "pub mod {name};").unwrap();
        }
        keep(&path, made.as_bytes());
    }
}

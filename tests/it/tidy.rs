//! What no reviewer should have to say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sustain::rules::Code;

/// Every Rust file under `src/`, with its text, tests cut off.
fn sources() -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("testing.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
                files.insert(path, code);
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The rooms each room of the core may use.
const CORE: [(&str, &[&str]); 6] = [
    ("domain", &[]),
    ("scheme", &["domain"]),
    ("evidence", &["domain", "scheme"]),
    ("rules", &["domain", "scheme", "evidence"]),
    ("judge", &["domain", "scheme", "evidence", "rules"]),
    ("batch", &["domain", "evidence", "rules", "judge"]),
];

#[test]
fn the_core_imports_only_downwards() {
    for (path, code) in sources() {
        let room = room_of(&path);
        let Some((_, may_use)) = CORE.iter().find(|(of, _)| *of == room) else { continue };
        for (at, _) in code.match_indices("crate::") {
            let used: String =
                code[at + 7..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            assert!(used == room || may_use.contains(&used.as_str()), "{}: uses {used}", path.display());
        }
    }
}

#[test]
fn the_core_knows_no_frames_and_no_files() {
    for (path, code) in sources().iter().filter(|(path, _)| CORE.iter().any(|(of, _)| *of == room_of(path))) {
        for outside in ["polars", "arrow::", "parquet::", "std::fs", "std::env", "std::io", "SystemTime", "Instant"] {
            assert!(!code.contains(outside), "{}: {outside}", path.display());
        }
    }
}

#[test]
fn nothing_is_left_for_later_unsaid() {
    for (path, code) in sources() {
        for word in ["FIXME", "TODO", "XXX", "HACK"] {
            assert!(!code.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn every_rule_file_is_registered() {
    let registry = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules/mod.rs")).unwrap();
    for (path, code) in sources() {
        if room_of(&path) == "rules" && code.contains("pub static RULE: Rule") {
            let family = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            let file = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(
                registry.contains(&format!("&{family}::{file}::RULE")),
                "{family}/{file} is not registered; run: bash tests/regenerate.sh"
            );
        }
    }
}

#[test]
fn pages_know_nothing_of_what_they_show() {
    for (path, code) in sources().iter().filter(|(path, _)| room_of(path) == "pages") {
        assert!(!code.contains("crate::"), "{}: uses another room", path.display());
    }
}

#[test]
fn no_markup_is_written_by_hand() {
    for (path, code) in sources().iter().filter(|(path, _)| room_of(path) != "pages") {
        assert!(!code.contains("</"), "{}: writes a tag", path.display());
    }
}

/// The rooms that name single rules, and why: all others ask a rule what they need to know of it.
const NAME_RULES: [(&str, &str); 6] = [
    ("scheme", "has the list of codes"),
    ("evidence", "names the rule that speaks for each of its answers"),
    ("rules", "has the rules"),
    ("trial", "has cases with the answers they must come to"),
    ("sample", "has scenarios with the answers they must come to"),
    ("validate", "names the rule to switch off where the minimum wage is not known"),
];

#[test]
fn nobody_keeps_a_list_of_rules() {
    let is_code = |text: &&str| Code::parse(text).is_some();
    for (path, code) in sources() {
        if NAME_RULES.iter().any(|(room, _)| *room == room_of(&path)) {
            continue;
        }
        let after_path = code.split("Code::").skip(1).map(|rest| rest.get(..5).unwrap_or(""));
        let named: Vec<&str> = after_path.chain(code.split('"')).filter(is_code).collect();
        let help = "say it on the rule, and ask the rule here";
        assert!(named.is_empty(), "{} names the rules {named:?}: {help}", path.display());
    }
}

//! House rules that tests check, so that no reviewer has to.

use std::collections::{BTreeMap, BTreeSet};
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
                // A module of tests ends the code of a file; a single item that is only for tests does not.
                let begins_tests = |at: &usize| {
                    text[*at..].lines().nth(1).is_some_and(|line| line.contains("mod ") && line.ends_with('{'))
                };
                let end = text.match_indices("#[cfg(test)]").map(|(at, _)| at).find(begins_tests).unwrap_or(text.len());
                let code = text[..end].to_owned();
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

/// A room as the drawing of `lib.rs` has it.
struct Drawn {
    room: String,
    uses: BTreeSet<String>,
    /// The heading it stands under.
    group: String,
}

/// The drawing of the house in `lib.rs`, from top to bottom: a heading; a room, indented, with what it is for; behind an
/// arrow, on as many lines as it takes, the rooms it uses.
fn drawing() -> Vec<Drawn> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let (_, house) = text.split_once("//! # The house").unwrap();
    let (_, drawing) = house.split_once("```text\n").unwrap();
    let (drawing, _) = drawing.split_once("//! ```").unwrap();
    let mut rooms: Vec<Drawn> = Vec::new();
    let mut group = String::new();
    for line in drawing.lines().map(|line| line.strip_prefix("//!").unwrap()).filter(|line| !line.is_empty()) {
        let line = line.strip_prefix(' ').unwrap();
        match line.len() - line.trim_start().len() {
            0 => line.clone_into(&mut group),
            2 => {
                let room = line.split_whitespace().next().unwrap().to_owned();
                rooms.push(Drawn { room, uses: BTreeSet::new(), group: group.clone() });
            }
            _ => {
                let uses = line.trim().trim_start_matches("─▶").split(',').map(|room| room.trim().to_owned());
                rooms.last_mut().unwrap().uses.extend(uses.filter(|room| !room.is_empty()));
            }
        }
    }
    rooms
}

/// The rooms that a room's code uses.
fn used_by(room: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (_, code) in sources().iter().filter(|(path, _)| room_of(path) == room) {
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            used.extend(line.match_indices("crate::").map(|(at, path)| {
                let name = line[at + path.len()..].chars();
                name.take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
            }));
        }
    }
    used.remove(room);
    used
}

#[test]
fn the_house_is_as_lib_rs_draws_it() {
    let drawn = drawing();
    let rooms: BTreeSet<String> = drawn.iter().map(|drawn| drawn.room.clone()).collect();
    let built =
        sources().into_keys().map(|path| room_of(&path)).filter(|room| !["lib", "main"].contains(&room.as_str()));
    assert_eq!(rooms, built.collect(), "draw the rooms there are in the house of src/lib.rs");
    for Drawn { room, uses, .. } in &drawn {
        let used = used_by(room);
        let list = used.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        assert!(used == *uses, "the house of src/lib.rs is to say of {room}: ─▶ {list}");
    }
}

#[test]
fn arrows_point_down_and_so_there_is_no_ring() {
    let drawn = drawing();
    for (place, Drawn { room, uses, .. }) in drawn.iter().enumerate() {
        let below: BTreeSet<&String> = drawn.iter().skip(place + 1).map(|drawn| &drawn.room).collect();
        for used in uses {
            assert!(below.contains(used), "{room} uses {used}, which is not drawn below it");
        }
    }
}

/// The rooms under the heading that says what the core does without.
fn core() -> BTreeSet<String> {
    let core: BTreeSet<String> =
        drawing().into_iter().filter(|drawn| drawn.group.starts_with("the core")).map(|drawn| drawn.room).collect();
    assert!(core.contains("judge") && core.contains("domain"));
    core
}

#[test]
fn the_core_knows_no_frames_and_no_files() {
    let core = core();
    for (path, code) in sources().iter().filter(|(path, _)| core.contains(&room_of(path))) {
        for outside in ["polars", "arrow::", "parquet::", "std::fs", "std::env", "std::io", "SystemTime", "Instant"] {
            assert!(!code.contains(outside), "{}: {outside}", path.display());
        }
    }
}

#[test]
fn files_are_opened_by_the_one_function_that_refuses_pipes_and_devices() {
    let is_shell = |path: &Path| room_of(path) != "files" && !path.ends_with("tests.rs");
    for (path, code) in sources().iter().filter(|(path, _)| is_shell(path)) {
        for open in ["File::open(", "fs::read(", "fs::read_to_string("] {
            // `ParquetFile::open` is another one.
            let mut found = code.match_indices(open).map(|(at, _)| &code[..at]);
            let opens = found.any(|before| !before.ends_with(|letter: char| letter.is_alphanumeric()));
            assert!(!opens, "{}: {open}...) may wait for ever; open it with `files`", path.display());
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
fn no_markup_is_written_by_hand() {
    let may = |path: &Path| {
        // The workbooks that the tests of their reader make are markup.
        ["pages", "workbooks"].contains(&room_of(path).as_str()) || path.ends_with("extract/workbook/tests.rs")
    };
    for (path, code) in sources().iter().filter(|(path, _)| !may(path)) {
        assert!(!code.contains("</"), "{}: writes a tag", path.display());
    }
}

/// The rooms that name single rules, and why: all others ask the rule for what they need to know.
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

/// The rooms that name single kinds of outcome, and why: all others ask the outcome, or what the evidence says of it.
const NAME_KINDS: [(&str, &str); 3] = [
    ("scheme", "has the kinds and their terms"),
    ("evidence", "works out the answer to each kind"),
    ("trial", "has cases of each kind"),
];

#[test]
fn nobody_else_tells_kinds_of_outcome_apart() {
    let is_variant = |rest: &str| rest.starts_with(|next: char| next.is_ascii_uppercase() || "{*".contains(next));
    for (path, code) in sources() {
        if NAME_KINDS.iter().any(|(room, _)| *room == room_of(&path)) {
            continue;
        }
        for kinds in ["OutcomeKind::", "OutcomeTerms::"] {
            let named = code.split(kinds).skip(1).any(is_variant);
            assert!(!named, "{}: names a variant of {kinds}; ask `Outcome` or `OutcomeEvidence`", path.display());
        }
        let asks_for_days = code.contains(".by_day()") && !path.ends_with("rules/case.rs");
        assert!(!asks_for_days, "{}: asks for the evidence in days; rules ask their case for it", path.display());
    }
}

/// The types of some code whose `Debug` is derived in the program itself, not only for tests: each as it is declared,
/// without comments.
fn derived_debug(code: &str) -> Vec<String> {
    let lines: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let derives = |at: &usize| lines[*at].trim_start().starts_with("#[derive(") && lines[*at].contains("Debug");
    let declared = |at: usize| {
        let ends = |line: &&str| indent(line) == indent(lines[at]) && line.ends_with(['}', ';']);
        let length = lines[at..].iter().position(ends).map_or(lines.len() - at, |last| last + 1);
        lines[at..at + length].join("\n")
    };
    (0..lines.len()).filter(derives).map(declared).collect()
}

#[test]
fn no_debug_shows_cells_as_they_were_read() {
    // A field named `raw` holds a row word for word, of whatever type it is.
    let cells = ["ArrayRef", "RecordBatch", "DataFrame", "raw:", "[u8]"];
    let shows = |code: &str| {
        derived_debug(code).into_iter().filter(|declared| cells.iter().any(|of| declared.contains(of))).collect()
    };
    let one: Vec<String> = shows("#[derive(Clone, Debug)]\nstruct A {\n    raw: Vec<u8>,\n}\nstruct B(ArrayRef);");
    assert_eq!(one, ["#[derive(Clone, Debug)]\nstruct A {\n    raw: Vec<u8>,\n}"]);
    assert!(shows("#[cfg_attr(test, derive(Debug))]\nstruct A(ArrayRef);").is_empty());
    for (path, code) in sources() {
        if ["extract", "matching", "tables"].contains(&room_of(&path).as_str()) {
            let leaking = shows(&code).join("\n\n");
            assert!(leaking.is_empty(), "{}: `Debug` would show what may be personal data:\n{leaking}", path.display());
        }
    }
}

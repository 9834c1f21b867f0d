//! A result counts as already there only if a build of the same sources made it: equal inputs alone are not enough.

#[path = "../../build.rs"]
#[expect(dead_code, clippy::print_stdout, reason = "its `main` speaks to Cargo, and only Cargo runs it")]
mod build;

use std::fs;
use std::path::Path;

use sustain::account::Program;
use sustain::account::RunAccount;
use sustain::packs::PacksAccount;
use sustain::sealed::sealed_text;
use sustain::store::Store;

use crate::support::{Desk, files};

/// A copy of the sources, at a path of its own.
struct Sources(tempfile::TempDir);

impl Sources {
    fn copied() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        for file in ["Cargo.toml", "Cargo.lock"] {
            copy.put(file, &fs::read(project().join(file)).unwrap());
        }
        copy.copy_folder("src");
        copy
    }

    fn copy_folder(&self, folder: &str) {
        for entry in fs::read_dir(project().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                self.copy_folder(&name);
            } else {
                self.put(&name, &fs::read(entry.path()).unwrap());
            }
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).unwrap()
    }

    fn identity(&self) -> String {
        build::identity(self.0.path()).unwrap()
    }
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn this_build() -> String {
    Program::this().build.unwrap()
}

fn another_build() -> Program {
    Program { build: Some("0".repeat(64)), ..Program::this() }
}

#[test]
fn the_identity_is_that_of_the_sources_wherever_they_stand_and_however_their_lines_end() {
    let sources = Sources::copied();
    assert_eq!(sources.identity(), this_build());
    for name in ["src/lib.rs", "src/rules/mod.rs", "Cargo.lock"] {
        sources.put(name, sources.text(name).replace('\n', "\r\n").as_bytes());
    }
    sources.put("src/rules/.mod.rs.swp", b"an editor's");
    assert_eq!(sources.identity(), this_build());
}

#[test]
fn the_identity_holds_a_hash_and_no_path() {
    let identity = this_build();
    assert_eq!(identity.len(), 64);
    assert!(identity.chars().all(|digit| digit.is_ascii_hexdigit()), "{identity}");
}

#[test]
fn the_identity_changes_with_what_decides() {
    let sources = Sources::copied();
    let mut seen = vec![sources.identity()];
    let scheme = "src/scheme/builtin/lse-poc-2017.toml";
    let manifest = sources.text("Cargo.toml");
    for (name, text) in [
        ("src/rules/mod.rs", sources.text("src/rules/mod.rs") + "// One more line.\n"),
        (scheme, sources.text(scheme).replacen("13", "12", 1)),
        ("src/rules/new.rs", String::new()),
        ("Cargo.lock", sources.text("Cargo.lock") + "\n"),
        ("Cargo.toml", manifest + "\n"),
    ] {
        sources.put(name, text.as_bytes());
        let identity = sources.identity();
        assert!(!seen.contains(&identity), "{name}");
        seen.push(identity);
    }
}

#[test]
fn the_identity_is_the_same_whatever_the_command_line_says() {
    let sources = Sources::copied();
    sources.put("src/cli/exit.rs", b"// Other words on the screen.\n");
    assert_eq!(sources.identity(), this_build());
}

/// Makes the run in `out` one of another build: sealed and sound, with the fingerprint that build would have given it.
fn published_by(desk: &Desk, program: Program) -> RunAccount {
    let mut account = RunAccount { program, fingerprint: "f".repeat(64), ..desk.account() };
    desk.put("out/run.json", sealed_text(&mut account).unwrap());
    desk.sustain("verify out").stands();
    account
}

const DECIDE: &str = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv";

#[test]
fn a_run_of_another_build_is_not_taken_for_a_run_of_this_one() {
    let desk = Desk::with_batch();
    desk.sustain(&format!("{DECIDE} --out out")).stands();
    let own = files(&desk.path("out"));
    published_by(&desk, another_build());
    let said = desk.sustain(&format!("{DECIDE} --out out"));
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.starts_with("error: out is already there"), "{}", said.err);
    let said = desk.sustain(&format!("{DECIDE} --out out --replace")).stands();
    assert!(!said.out.contains("were decided before"), "{}", said.out);
    assert_eq!(files(&desk.path("out")), own);
    let said = desk.sustain(&format!("{DECIDE} --out out")).stands();
    assert!(said.out.starts_with("the same inputs were decided before"), "{}", said.out);
}

#[test]
fn a_run_from_before_builds_were_told_apart_is_still_read() {
    let desk = Desk::with_batch();
    desk.sustain(&format!("{DECIDE} --out out")).stands();
    let old = Program { version: "0.1.0".into(), build: None, ..Program::this() };
    published_by(&desk, old);
    let account = fs::read_to_string(desk.path("out/run.json")).unwrap();
    assert!(!account.contains("\"build\""), "{account}");
    desk.sustain("explain out C1").stands();
    desk.sustain(&format!("{DECIDE} --out new --history out")).stands();
}

#[test]
fn runs_of_two_builds_differ_in_the_program() {
    let desk = Desk::with_batch();
    desk.sustain(&format!("{DECIDE} --out new")).stands();
    desk.sustain(&format!("{DECIDE} --out out")).stands();
    published_by(&desk, another_build());
    let said = desk.sustain("diff out new").stands();
    assert!(said.out.contains("the runs differ in program"), "{}", said.out);
}

#[test]
fn packs_of_another_build_are_not_taken_for_packs_of_this_one() {
    let desk = Desk::with_batch();
    desk.sustain(&format!("{DECIDE} --out out")).stands();
    desk.sustain("packs out --out packs").stands();
    let packs = fs::read_to_string(desk.path("packs/packs.json")).unwrap();
    let own: PacksAccount = serde_json::from_str(&packs).unwrap();
    let mut others = PacksAccount { program: another_build(), ..own };
    desk.put("packs/packs.json", sealed_text(&mut others).unwrap());
    let said = desk.sustain("packs out --out packs");
    assert_eq!(said.code, 2, "{}", said.err);
    desk.sustain("packs out --out packs --replace").stands();
    assert_eq!(fs::read_to_string(desk.path("packs/packs.json")).unwrap(), packs);
}

#[test]
fn a_store_of_another_build_is_not_appended_to_and_a_run_against_it_says_so_by_its_fingerprint() {
    let desk = Desk::with_batch();
    desk.sustain("prepare --earnings earnings.csv --out store").stands();
    desk.sustain(&format!("{DECIDE} --out out")).stands();
    let of_files = desk.account().fingerprint;
    let manifest = Store::open(&desk.path("store")).unwrap().manifest;
    sustain::store::Manifest { program: another_build(), ..manifest }.write(&desk.path("store")).unwrap();
    desk.sustain("verify store").stands();
    for append in ["", " --append"] {
        desk.sustain(&format!("prepare --earnings earnings.csv --out store{append}")).refuses(
            2,
            "error: store is a store that another build of the program wrote (version 0.2.0)\n\n\
             hint: prepare all of the extract again, into another directory; runs may still be made against this store",
        );
    }
    desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings store --out out --replace").stands();
    assert_ne!(desk.account().fingerprint, of_files);
}

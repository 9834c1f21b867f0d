//! What an input must be before it is read: a regular file that stays what it is.

use std::os::unix::net::UnixListener;
use std::process::Command;

use crate::support::{Desk, claims, earnings, files};

/// A desk with the small batch, and beside it what is no file: a pipe that nobody writes to, a socket, and folders with each.
fn desk() -> (Desk, [UnixListener; 1]) {
    let desk = Desk::with_batch();
    for (folder, name) in
        [("rti", "rti/june.csv"), ("store", "store/store.json"), ("earlier/run", "earlier/run/run.json")]
    {
        std::fs::create_dir_all(desk.path(folder)).unwrap();
        pipe(&desk, name);
    }
    pipe(&desk, "pipe");
    let socket = UnixListener::bind(desk.path("socket")).unwrap();
    (desk, [socket])
}

fn pipe(desk: &Desk, name: &str) {
    assert!(Command::new("mkfifo").arg(desk.path(name)).status().unwrap().success());
}

#[test]
fn what_is_no_file_is_refused_at_once_wherever_a_file_is_expected() {
    let (desk, _sockets) = desk();
    let kinds =
        [("pipe", "a named pipe"), ("socket", "a socket"), ("/dev/zero", "a device"), ("/dev/null", "a device")];
    let orders = [
        "validate --scheme lse-poc-2017 --claims @ --earnings earnings.csv --out out",
        "validate --scheme lse-poc-2017 --claims claims.csv --earnings @ --out out",
        "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --register @ --out out",
        "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --columns @ --out out",
        "validate --scheme @ --claims claims.csv --earnings earnings.csv --out out",
        "check --scheme lse-poc-2017 --claims @",
        "prepare --earnings @ --out prepared",
        "rates --scheme lse-poc-2017 --register claims.csv --earnings @ --out out",
        "columns @",
        "schemes check @",
        "schemes diff lse-poc-2017 @",
    ];
    for (name, what) in kinds {
        for order in orders {
            let said = desk.sustain(&order.replace('@', name));
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{order}: {}", said.err);
            assert!(said.err.contains(&format!("this is {what}, and no file")), "{order}: {}", said.err);
            assert!(said.err.contains("hint: a file that lies on a disk is expected"), "{order}: {}", said.err);
        }
    }
}

#[test]
fn what_is_no_file_is_refused_under_folders_and_globs_and_within_stores_and_earlier_runs() {
    let (desk, _sockets) = desk();
    desk.put("rti/may.csv", "x");
    for earnings in ["rti", "rti/*.csv", "r*", "earnings.csv rti"] {
        desk.validate(&format!("--earnings {earnings}")).refuses(
            2,
            "error: rti/june.csv: this is a named pipe, and no file\n\n\
             hint: a file that lies on a disk is expected, as it is read more than once: write what this gives to a file, and \
             name that",
        );
    }
    let said = desk.validate("--history earlier/run");
    assert!(
        said.code == 2 && said.err.contains("run.json could not be read (this is a named pipe, and no file)"),
        "{said:?}"
    );
    let said = desk.sustain("verify earlier/run");
    assert!(said.code != 0 && said.err.contains("this is a named pipe, and no file"), "{said:?}");
}

#[test]
fn a_pipe_is_no_disclosure_profile_and_no_funding() {
    let (desk, _sockets) = desk();
    pipe(&desk, "own.toml");
    let rates = "rates --scheme lse-poc-2017 --register claims.csv --earnings earnings.csv --out out";
    for order in [format!("{rates} --disclosure own.toml"), format!("{rates} --funding pipe")] {
        let said = desk.sustain(&order);
        assert!(said.code == 2 && said.err.contains("this is a named pipe, and no file"), "{order}: {}", said.err);
    }
}

#[test]
fn an_input_may_be_a_link_to_a_file() {
    let desk = Desk::with_batch();
    desk.put("elsewhere.csv", claims().csv());
    std::fs::remove_file(desk.path("claims.csv")).unwrap();
    std::os::unix::fs::symlink("elsewhere.csv", desk.path("claims.csv")).unwrap();
    desk.validate("").stands();
}

#[test]
fn what_cannot_be_printed_is_an_error_and_a_closed_pipe_is_none() {
    use std::fs::File;
    use std::process::Stdio;
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let verbs = [
        "explain out C1",
        "verify out --json",
        "schemes",
        "schemes show lse-poc-2017 --toml",
        "rules SUS03",
        "rules --book",
        "schemas",
        "columns claims.csv",
        "completions bash",
        "man",
        "--help",
        "validate --help",
        "--version",
        "check --scheme lse-poc-2017 --claims claims.csv",
        "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out",
    ];
    for line in verbs {
        let run = |out: Stdio| {
            let mut order = Command::new(env!("CARGO_BIN_EXE_sustain"));
            order.args(line.split_whitespace()).current_dir(desk.path(".")).stdout(out).stderr(Stdio::piped());
            order.spawn().unwrap().wait_with_output().unwrap()
        };
        let full = run(File::options().write(true).open("/dev/full").unwrap().into());
        let said = String::from_utf8(full.stderr).unwrap();
        assert_eq!(full.status.code(), Some(3), "{line}: {said}");
        assert!(said.starts_with("error: standard output could not be written (the disk is full)"), "{line}: {said}");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let closed = run(writer.into());
        assert!(closed.status.code() < Some(2) && closed.stderr.is_empty(), "{line}: {closed:?}");
    }
}

#[test]
fn nothing_from_an_input_steers_a_page() {
    let desk = Desk::with_batch();
    let steering = "X\u{9b}31m\u{202e}Y\u{2066}";
    let steered =
        claims().with(1, "claim_id", steering).with(2, "provider_id", steering).with(2, "employer_name", steering);
    desk.put("claims.csv", steered.csv());
    desk.put("earnings.csv", earnings().with(1, "employer_name", steering).csv());
    desk.validate("").stands();
    desk.sustain("packs out --out packs --with-earnings").stands();
    let pages = files(&desk.path("packs")).into_iter().chain(files(&desk.path("out")));
    let pages: Vec<(String, Vec<u8>)> =
        pages.filter(|(name, _)| std::path::Path::new(name).extension().is_some_and(|kind| kind == "html")).collect();
    assert_eq!(pages.len(), 4);
    let mut written_out = 0;
    for (name, page) in pages {
        let page = String::from_utf8(page).unwrap();
        assert!(!page.contains(['\u{9b}', '\u{202e}', '\u{2066}']), "{name}");
        assert!(!page.contains("\\u202e"), "the script of {name} would put it there");
        written_out += page.matches("u{202e}Y").count();
    }
    assert!(3 < written_out, "{written_out}");
}

#[test]
fn nothing_from_an_input_steers_the_screen() {
    let desk = Desk::with_batch();
    let steering = "X\u{1b}[2J\u{9b}31m\u{202e}Y";
    desk.put("claims.csv", claims().renamed("claim_date", &format!("when {steering}")).csv());
    desk.put(&format!("{steering}.csv"), claims().with(1, "claim_id", steering).csv());
    desk.put(&format!("{steering}.toml"), "id = 1\n");
    let named = format!("{steering}.csv");
    let orders = [
        "columns claims.csv".to_owned(),
        format!("check --scheme lse-poc-2017 --claims {named}"),
        format!("check --scheme lse-poc-2017 --claims {named} --json"),
        format!("validate --scheme lse-poc-2017 --claims {named} --earnings earnings.csv --out out"),
        format!("explain out {steering}"),
        format!("explain out {steering} --json"),
        format!("schemes check {steering}.toml"),
        format!("check --claims {named} --scheme {steering}"),
        steering.to_owned(),
    ];
    let mut written_out = 0;
    for order in orders {
        let said = desk.sustain(&order);
        let all = said.out + &said.err;
        assert!(!all.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{order}: {all:?}");
        written_out += usize::from(all.contains("u{202e}") || all.contains("\\u202e"));
    }
    assert!(5 < written_out, "{written_out}");
}

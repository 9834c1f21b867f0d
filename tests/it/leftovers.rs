//! What lies beside a result and is not of a live run: it is taken away where a run left it, and never ends another run.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::Duration;

use crate::killed::start_program;
use crate::support::Desk;

const RUN: &str = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out -q";

/// Runs the program, which is not to wait for ever; how it ended and what it said on standard error.
#[track_caller]
fn in_time(desk: &Desk, line: &str) -> (Option<i32>, String) {
    let mut running = start_program(desk, line);
    for _ in 0..600 {
        if running.try_wait().unwrap().is_some() {
            let ended = running.wait_with_output().unwrap();
            return (ended.status.code(), String::from_utf8(ended.stderr).unwrap());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    running.kill().unwrap();
    panic!("the program waits for something");
}

fn note(name: &str, why: &str) -> String {
    format!(
        "note: ./{name} was left where it is ({why}); if it is what a killed run left, it may hold personal data: remove it by \
         hand\n"
    )
}

/// Runs twice, so that the result is made and then recognised, with something beside it that is noted and stays.
#[track_caller]
fn is_left_with_a_note(desk: &Desk, name: &str, why: &str) {
    for _ in 0..2 {
        let (code, words) = in_time(desk, RUN.trim_end_matches(" -q"));
        assert_eq!((code, words), (Some(0), note(name, why)));
        assert!(fs::symlink_metadata(desk.path(name)).is_ok());
    }
}

#[test]
fn a_pipe_in_the_place_of_a_lock_is_not_waited_for() {
    let desk = Desk::with_batch();
    fs::create_dir(desk.path(".out.sustain-x")).unwrap();
    assert!(Command::new("mkfifo").arg(desk.path(".out.sustain-x/lock")).status().unwrap().success());
    is_left_with_a_note(&desk, ".out.sustain-x", "this is a named pipe, and no file");
}

#[test]
fn a_plain_file_does_not_end_a_run() {
    let desk = Desk::with_batch();
    desk.put(".out.sustain-abc", "somebody's");
    is_left_with_a_note(&desk, ".out.sustain-abc", "it is no folder that a run made");
}

#[test]
fn a_link_is_not_followed() {
    let desk = Desk::with_batch();
    desk.put("theirs/lock", "");
    desk.put("theirs/result/kept", "kept");
    symlink("theirs", desk.path(".out.sustain-abc")).unwrap();
    is_left_with_a_note(&desk, ".out.sustain-abc", "it is no folder that a run made");
    assert_eq!(fs::read_to_string(desk.path("theirs/result/kept")).unwrap(), "kept");
}

#[test]
fn a_lock_that_is_a_link_is_not_followed() {
    let desk = Desk::with_batch();
    desk.put("theirs", "");
    fs::create_dir(desk.path(".out.sustain-abc")).unwrap();
    symlink("../theirs", desk.path(".out.sustain-abc/lock")).unwrap();
    is_left_with_a_note(&desk, ".out.sustain-abc", "it is a symbolic link, or one of links that lead in a circle");
    assert!(desk.path("theirs").exists());
}

#[test]
fn another_run_that_writes_beside_is_waited_for_with_a_note() {
    let desk = Desk::with_batch();
    let folder = fs::File::open(desk.path(".")).unwrap();
    folder.lock().unwrap();
    let held = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(5));
        drop(folder);
    });
    let (code, words) = in_time(&desk, RUN.trim_end_matches(" -q"));
    assert_eq!(
        (code, words.as_str()),
        (Some(0), "note: waiting for another run of sustain that writes beside out ...\n")
    );
    held.join().unwrap();
}

#[test]
fn a_result_that_is_recognised_waits_for_nobody() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let folder = fs::File::open(desk.path(".")).unwrap();
    folder.lock().unwrap();
    assert_eq!(in_time(&desk, RUN), (Some(0), String::new()));
}

/// The number of the user who is nobody.
const NOBODY: u32 = 65_534;

#[test]
fn what_another_user_left_is_noted_and_ends_no_run() {
    // Only root can be somebody else.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let desk = Desk::with_batch();
    fs::set_permissions(desk.path(""), fs::Permissions::from_mode(0o777)).unwrap();
    fs::create_dir(desk.path(".out.sustain-x")).unwrap();
    desk.put(".out.sustain-x/lock", "");
    fs::set_permissions(desk.path(".out.sustain-x"), fs::Permissions::from_mode(0o700)).unwrap();
    // The program, where everybody can reach it.
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = place.path().join("sustain");
    fs::copy(env!("CARGO_BIN_EXE_sustain"), &program).unwrap();
    let line = RUN.trim_end_matches(" -q");
    let ended =
        Command::new(&program).args(line.split(' ')).current_dir(desk.path("")).uid(NOBODY).gid(NOBODY).output();
    let ended = ended.unwrap();
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), note(".out.sustain-x", "permission is denied"));
    assert_eq!(ended.status.code(), Some(0));
    assert!(desk.path("out/run.json").is_file() && desk.path(".out.sustain-x/lock").is_file());
}

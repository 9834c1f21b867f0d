//! A signal that asks the program to end leaves what was published and nothing else, and the program dies of it.

use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::killed::{BUSY, MOMENTS, busy_desk, duration_of, start, start_program};
use crate::support::{Desk, earnings, files};

/// How many people make a batch that takes some seconds: on a busy machine a signal may wait before it is acted on.
const LONG: usize = 8 * BUSY;

const SIGNALS: [(Signal, i32, &str); 3] =
    [(Signal::INT, 2, "SIGINT"), (Signal::TERM, 15, "SIGTERM"), (Signal::HUP, 1, "SIGHUP")];

/// Sends a signal to a program that may have ended meanwhile.
fn send(signal: Signal, to: &Child) {
    let _ = kill_process(Pid::from_child(to), signal);
}

/// Waits until a run has begun to write.
fn until_it_writes(running: &mut Child, is_writing: impl Fn() -> bool) {
    while !is_writing() {
        assert!(running.try_wait().unwrap().is_none(), "the run ended before it wrote");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn writes(desk: &Desk) -> bool {
    desk.names().iter().any(|name| name.starts_with('.'))
}

/// How a program ended, and what it said on standard error.
fn ended(running: Child) -> (ExitStatus, String) {
    let ended = running.wait_with_output().unwrap();
    (ended.status, String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn each_signal_ends_a_run_that_then_leaves_nothing() {
    for (signal, number, name) in SIGNALS {
        let desk = busy_desk(LONG);
        let mut running = start(&desk, &[]);
        until_it_writes(&mut running, || writes(&desk));
        // Twice, as `timeout` sends it to the program and to its group.
        send(signal, &running);
        send(signal, &running);
        let (status, words) = ended(running);
        assert_eq!((status.signal(), words), (Some(number), format!("stopped by {name}; nothing was published\n")));
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv"], "{name}");
    }
}

/// Ends something by SIGTERM at each moment; `then` looks at what is left, told whether the program died of the signal and what it
/// said.
fn ended_at_each_moment(start: impl Fn() -> Child, mut then: impl FnMut(bool, &str)) {
    let whole = duration_of(&start);
    let mut cut_short = 0;
    for moment in 0..MOMENTS {
        let running = start();
        std::thread::sleep(whole * 11 * moment / (10 * (MOMENTS - 1)));
        send(Signal::TERM, &running);
        let (status, words) = ended(running);
        assert!(status.success() || status.signal() == Some(15), "{status:?} {words}");
        cut_short += u32::from(!status.success());
        then(!status.success(), &words);
    }
    assert!(0 < cut_short, "nothing was cut short");
}

#[test]
fn a_run_that_is_ended_at_any_moment_leaves_a_whole_result_or_nothing() {
    let desk = busy_desk(BUSY);
    let fresh = || {
        drop(fs::remove_dir_all(desk.path("out")));
        start(&desk, &[])
    };
    ended_at_each_moment(fresh, |died, words| {
        let names = desk.names();
        let published = names.contains(&"out".to_owned());
        if published {
            desk.sustain("verify out").stands();
            assert_eq!(names, ["claims.csv", "earnings.csv", "out"]);
        } else {
            assert_eq!(names, ["claims.csv", "earnings.csv"]);
        }
        // A signal that comes before the program waits for signals ends it without a word, and it has written nothing then.
        let said = match (died, published) {
            (true, true) => ["stopped by SIGTERM; out was published before and is whole\n"; 2],
            (true, false) => ["stopped by SIGTERM; nothing was published\n", ""],
            (false, _) => [""; 2],
        };
        assert!(said.contains(&words), "{words}");
    });
}

#[test]
fn a_result_being_replaced_is_whole_and_nothing_else_is_left() {
    let desk = busy_desk(BUSY);
    desk.validate("").stands();
    let replace = || {
        let more = fs::read_to_string(desk.path("earnings.csv")).unwrap() + "\n";
        desk.put("earnings.csv", more);
        start(&desk, &["--replace"])
    };
    ended_at_each_moment(replace, |_, _| {
        desk.sustain("verify out").stands();
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
    });
}

#[test]
fn a_store_being_appended_to_is_the_old_one_or_the_new_one_to_the_last_file() {
    let desk = busy_desk(BUSY);
    desk.put("first.csv", earnings().csv());
    desk.sustain("prepare --earnings first.csv --out store -q").stands();
    let old = files(&desk.path("store"));
    let append = || {
        drop(fs::remove_dir_all(desk.path("store")));
        for (name, bytes) in &old {
            desk.put(&format!("store/{name}"), bytes);
        }
        start_program(&desk, "prepare --earnings earnings.csv --out store --append -q")
    };
    assert!(append().wait().unwrap().success());
    let new = files(&desk.path("store"));
    ended_at_each_moment(append, |_, _| {
        let store = files(&desk.path("store"));
        assert!([&old, &new].contains(&&store), "{:?}", store.keys());
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "first.csv", "store"]);
    });
}

#[test]
fn the_demo_leaves_none_of_its_own_files() {
    let desk = Desk::new();
    fs::create_dir(desk.path("room")).unwrap();
    let mut running = Command::new(env!("CARGO_BIN_EXE_sustain"))
        .args(["demo", "--out", "out", "-q"])
        .current_dir(desk.path("."))
        .env("TMPDIR", desk.path("room"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let laid_out = || fs::read_dir(desk.path("room")).unwrap().next().is_some();
    until_it_writes(&mut running, laid_out);
    send(Signal::TERM, &running);
    let (status, words) = ended(running);
    assert_eq!((status.signal(), words.as_str()), (Some(15), "stopped by SIGTERM; nothing was published\n"));
    assert!(!laid_out());
    assert_eq!(desk.names(), ["room"]);
}

#[test]
fn a_signal_that_is_ignored_from_the_start_stays_ignored() {
    let desk = busy_desk(BUSY);
    let run = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out -q";
    let mut running = Command::new("sh")
        .args(["-c", &format!("trap '' HUP; exec {} {run}", env!("CARGO_BIN_EXE_sustain"))])
        .current_dir(desk.path("."))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until_it_writes(&mut running, || writes(&desk));
    send(Signal::HUP, &running);
    let (status, words) = ended(running);
    assert!(status.success() && words.is_empty(), "{status:?} {words}");
    desk.sustain("verify out").stands();
}

#[test]
fn a_second_signal_ends_a_program_that_cannot_finish_cleaning_up() {
    let desk = busy_desk(LONG);
    // Nobody reads this, and it is full, so that the program cannot say its sentence.
    let (unread, mut full) = std::io::pipe().unwrap();
    rustix::io::ioctl_fionbio(&full, true).unwrap();
    while full.write(&[b'x'; 4096]).is_ok() {}
    rustix::io::ioctl_fionbio(&full, false).unwrap();
    let mut running = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_sustain")])
        .args("validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out -q".split(' '))
        .current_dir(desk.path("."))
        .stderr(full)
        .spawn()
        .unwrap();
    until_it_writes(&mut running, || writes(&desk));
    send(Signal::INT, &running);
    std::thread::sleep(Duration::from_millis(2500));
    assert!(running.try_wait().unwrap().is_none(), "the program is to be stuck at its sentence");
    send(Signal::INT, &running);
    assert_eq!(running.wait().unwrap().signal(), Some(2));
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
    drop(unread);
}

#[test]
fn no_memory_is_dumped_when_the_program_fails() {
    let desk = busy_desk(BUSY);
    let mut running = start(&desk, &[]);
    until_it_writes(&mut running, || writes(&desk));
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.id())).unwrap();
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().collect::<Vec<_>>(), ["0", "0", "bytes"]);
    assert!(running.wait().unwrap().success());
}

#[test]
fn an_abort_leaves_nothing_and_is_told() {
    let desk = busy_desk(BUSY);
    let mut running = start(&desk, &[]);
    until_it_writes(&mut running, || writes(&desk));
    send(Signal::ABORT, &running);
    let (status, words) = ended(running);
    assert_eq!(status.code(), Some(3), "{status:?} {words}");
    let told =
        "error: the program was aborted, most likely because it got no more memory; nothing was published\n\nhint: ";
    assert!(words.starts_with(told), "{words}");
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
}

#[test]
fn a_run_that_gets_too_little_memory_ends_with_a_sentence_and_leaves_nothing() {
    let desk = busy_desk(BUSY);
    let run = "validate --threads 2 --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out -q";
    for kibibytes in [180_000, 200_000, 240_000] {
        let limited = format!("ulimit -v {kibibytes}; exec {} {run}", env!("CARGO_BIN_EXE_sustain"));
        let running = Command::new("sh")
            .args(["-c", &limited])
            .current_dir(desk.path("."))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (status, words) = ended(running);
        if status.success() {
            fs::remove_dir_all(desk.path("out")).unwrap();
        } else {
            assert_eq!(status.code(), Some(3), "{kibibytes}: {status:?} {words}");
            assert!(words.contains("error: "), "{kibibytes}: {words}");
        }
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv"], "{kibibytes}");
    }
}

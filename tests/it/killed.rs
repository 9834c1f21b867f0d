//! A result is published whole or not at all, whenever the program is killed and whatever else is writing.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Desk, Table, claims, earnings, files};

/// How many moments to kill at, spread over a run and a little beyond its end.
pub(crate) const MOMENTS: u32 = 25;

/// How many people make a batch that takes about half a second unoptimised.
pub(crate) const BUSY: usize = 700;

/// A desk with a batch that takes a while to decide: so many people, each with a claim and three paydays.
pub(crate) fn busy_desk(people: usize) -> Desk {
    let desk = Desk::new();
    let nino = |person: usize| format!("NC2{person:05}A");
    let changed = |table: &Table, row: usize, changes: &[(&str, String)]| {
        let mut row = table.rows[row].clone();
        for (column, value) in changes {
            row[table.place(column)].clone_from(value);
        }
        row
    };
    let (claim, payment) = (claims(), earnings());
    let claimed = (0..people).map(|person| {
        let number = person.to_string();
        changed(
            &claim,
            0,
            &[("claim_id", format!("C{number}")), ("participant_id", format!("P{number}")), ("nino", nino(person))],
        )
    });
    let paid = (0..people).flat_map(|person| (0..3).map(move |month| (person, month)));
    let paid =
        paid.map(|(person, month)| changed(&payment, month, &[("nino", nino(person)), ("payment_id", String::new())]));
    desk.put("claims.csv", Table { rows: claimed.collect(), ..claims() }.csv());
    desk.put("earnings.csv", Table { rows: paid.collect(), ..earnings() }.csv());
    desk
}

/// Starts a run without waiting for it.
pub(crate) fn start(desk: &Desk, options: &[&str]) -> Child {
    let run = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out -q";
    start_program(desk, &format!("{run} {}", options.join(" ")))
}

/// Starts the program without waiting for it.
pub(crate) fn start_program(desk: &Desk, line: &str) -> Child {
    // What runs the tests may ignore signals, as `nohup` does; the program would then ignore them too.
    Command::new("env")
        .args(["--default-signal=INT,TERM,HUP", env!("CARGO_BIN_EXE_sustain")])
        .args(line.split_whitespace())
        .current_dir(desk.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How long a run takes here.
fn duration(desk: &Desk) -> Duration {
    duration_of(|| start(desk, &[]))
}

/// How long something takes here.
#[expect(clippy::disallowed_methods, reason = "the moments to kill at are spread over a run, whatever the machine")]
pub(crate) fn duration_of(start: impl Fn() -> Child) -> Duration {
    let begun = Instant::now();
    assert!(start().wait().unwrap().success());
    begun.elapsed()
}

/// Runs and kills at each moment; `then` looks at what is left.
fn killed_at_each_moment(desk: &Desk, whole: Duration, options: &[&str], then: impl FnMut(Duration)) {
    killed(whole, || start(desk, options), then);
}

/// Starts something and kills it at each moment; `then` looks at what is left.
fn killed(whole: Duration, start: impl Fn() -> Child, mut then: impl FnMut(Duration)) {
    for moment in 0..MOMENTS {
        let delay = whole * 11 * moment / (10 * (MOMENTS - 1));
        let mut running = start();
        std::thread::sleep(delay);
        running.kill().unwrap();
        running.wait().unwrap();
        then(delay);
    }
}

#[test]
fn a_killed_run_leaves_a_whole_result_or_none_and_the_next_run_takes_away_what_it_left() {
    let desk = busy_desk(BUSY);
    let whole = duration(&desk);
    let result = files(&desk.path("out"));
    fs::remove_dir_all(desk.path("out")).unwrap();
    let mut cut_short = 0;
    killed_at_each_moment(&desk, whole, &[], |delay| {
        if desk.path("out").exists() {
            desk.sustain("verify out").stands();
        } else {
            cut_short += 1;
        }
        desk.validate("").stands();
        assert_eq!(files(&desk.path("out")), result);
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"], "after {delay:?} of {whole:?}");
        fs::remove_dir_all(desk.path("out")).unwrap();
    });
    assert!(0 < cut_short, "no run was cut short");
}

#[test]
fn a_result_being_replaced_is_the_old_one_or_the_new_one_at_every_moment() {
    let desk = busy_desk(BUSY);
    let whole = duration(&desk);
    let old = files(&desk.path("out"));
    let more = fs::read_to_string(desk.path("earnings.csv")).unwrap() + "one,cell,too\n";
    desk.put("earnings.csv", more);
    killed_at_each_moment(&desk, whole, &["--replace"], |delay| {
        desk.sustain("verify out").stands();
        let replaced = files(&desk.path("out")) != old;
        assert_eq!(desk.account().inputs[1].quarantined, u64::from(replaced), "after {delay:?}");
        fs::remove_dir_all(desk.path("out")).unwrap();
        fs::create_dir(desk.path("out")).unwrap();
        for (name, bytes) in &old {
            desk.put(&format!("out/{name}"), bytes);
        }
    });
    desk.validate("--replace").stands();
    assert_eq!(desk.account().inputs[1].quarantined, 1);
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
}

#[test]
fn a_run_killed_while_it_cleans_up_after_publishing_leaves_nothing_that_the_next_run_does_not_take_away() {
    let desk = busy_desk(50);
    duration(&desk);
    let inode = || fs::metadata(desk.path("out")).map(|folder| folder.ino()).unwrap_or_default();
    for turn in 0..MOMENTS {
        let more = fs::read_to_string(desk.path("earnings.csv")).unwrap() + "\n";
        desk.put("earnings.csv", more);
        let before = inode();
        let mut running = start(&desk, &["--replace"]);
        while inode() == before && running.try_wait().unwrap().is_none() {}
        std::thread::sleep(Duration::from_micros(20) * (turn % 8));
        running.kill().unwrap();
        running.wait().unwrap();
        desk.sustain("verify out").stands();
        // Other inputs, for a run that only recognises the result takes nothing away.
        desk.validate("--replace --extract-to 2019-01-31").stands();
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
    }
}

#[test]
fn a_run_that_recognises_the_result_takes_away_what_a_killed_run_left_too() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    desk.put(".out.sustain-Xy12z3/lock", "");
    desk.validate("").stands();
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
}

#[test]
fn a_room_whose_lock_was_already_taken_away_is_taken_away_too() {
    let desk = Desk::with_batch();
    desk.put(".out.sustain-Xy12z3/result/validated.parquet", "of a run that was killed while it cleaned up");
    desk.validate("").stands();
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
}

#[test]
fn the_room_of_another_result_is_left_alone() {
    let desk = Desk::with_batch();
    desk.put(".outer.sustain-Xy12z3/lock", "");
    desk.validate("").stands();
    assert_eq!(desk.names(), [".outer.sustain-Xy12z3", "claims.csv", "earnings.csv", "out"]);
}

/// Starts so many runs into one place at once: one publishes, the others refuse or recognise the result.
#[track_caller]
fn at_once(desk: &Desk, runs: usize) {
    let running: Vec<Child> = (0..runs).map(|_| start(desk, &[])).collect();
    let ended: Vec<_> = running.into_iter().map(|running| running.wait_with_output().unwrap()).collect();
    let mut stands = 0;
    for run in &ended {
        let words = String::from_utf8_lossy(&run.stderr);
        match run.status.code() {
            Some(0) => stands += 1,
            code => assert!(code == Some(2) && words.starts_with("error: out is already there\n"), "{code:?} {words}"),
        }
    }
    assert!(0 < stands);
    desk.sustain("verify out").stands();
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
    fs::remove_dir_all(desk.path("out")).unwrap();
}

#[test]
fn of_two_runs_at_once_one_publishes_and_the_other_refuses_or_recognises_the_result() {
    let desk = busy_desk(BUSY);
    for _ in 0..10 {
        at_once(&desk, 2);
    }
}

#[test]
fn of_many_runs_at_once_one_publishes_and_none_is_disturbed() {
    let desk = busy_desk(3);
    for _ in 0..200 {
        at_once(&desk, 6);
    }
}

#[test]
fn a_result_can_be_read_by_its_owner_only() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let mode = |name: &str| fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("out"), 0o700);
    for name in files(&desk.path("out")).keys() {
        assert_eq!(mode(&format!("out/{name}")), 0o600, "{name}");
    }
}

#[test]
fn a_store_whose_making_was_killed_is_there_whole_or_not_at_all() {
    let desk = busy_desk(BUSY);
    let prepare = || start_program(&desk, "prepare --earnings earnings.csv --out store -q");
    let whole = duration_of(prepare);
    let store = files(&desk.path("store"));
    fs::remove_dir_all(desk.path("store")).unwrap();
    let mut cut_short = 0;
    killed(whole, prepare, |delay| {
        if desk.path("store").exists() {
            desk.sustain("verify store").stands();
        } else {
            cut_short += 1;
        }
        desk.sustain("prepare --earnings earnings.csv --out store -q").stands();
        assert_eq!(files(&desk.path("store")), store);
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "store"], "after {delay:?} of {whole:?}");
        fs::remove_dir_all(desk.path("store")).unwrap();
    });
    assert!(0 < cut_short, "no preparation was cut short");
}

#[test]
fn a_store_whose_appending_was_killed_is_the_old_one_or_the_new_one() {
    let desk = busy_desk(BUSY);
    desk.put("first.csv", earnings().csv());
    desk.sustain("prepare --earnings first.csv --out first -q").stands();
    let old = files(&desk.path("first"));
    let fresh = || {
        drop(fs::remove_dir_all(desk.path("store")));
        for (name, bytes) in &old {
            desk.put(&format!("store/{name}"), bytes);
        }
    };
    let append = "prepare --earnings earnings.csv --out store --append -q";
    fresh();
    let whole = duration_of(|| start_program(&desk, append));
    let new = files(&desk.path("store"));
    fresh();
    killed(
        whole,
        || start_program(&desk, append),
        |delay| {
            desk.sustain("verify store").stands();
            let manifest = fs::read(desk.path("store/store.json")).unwrap();
            assert!([&old, &new].iter().any(|store| store["store.json"] == manifest), "after {delay:?} of {whole:?}");
            desk.sustain(append).stands();
            assert_eq!(files(&desk.path("store")), new, "after {delay:?} of {whole:?}");
            assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "first", "first.csv", "store"]);
            fresh();
        },
    );
}

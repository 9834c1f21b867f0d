//! A result whose place is named by a symbolic link goes to what the link points to, and the link stays.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::{Desk, files};

/// A desk with a result in `runs/march`, and `out`, a link to it.
fn linked() -> Desk {
    let desk = Desk::with_batch();
    desk.sustain("validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out runs/march")
        .stands();
    symlink("runs/march", desk.path("out")).unwrap();
    desk
}

fn is_link(desk: &Desk, name: &str) -> bool {
    fs::symlink_metadata(desk.path(name)).unwrap().is_symlink()
}

fn note(out: &str) -> String {
    format!("note: {out} is a symbolic link: the result goes to DIR/runs/march, and the link stays\n")
}

#[test]
fn a_result_is_replaced_where_the_link_points_and_the_link_stays() {
    let desk = linked();
    let old = files(&desk.path("runs/march"));
    for out in ["out", "out/"] {
        let more = fs::read_to_string(desk.path("earnings.csv")).unwrap() + "\n";
        desk.put("earnings.csv", more);
        let run = "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --replace --out";
        let said = desk.sustain(&format!("{run} {out}"));
        assert_eq!((said.code, said.err), (0, note(out)));
        assert!(is_link(&desk, "out"));
        assert!(!is_link(&desk, "runs/march"));
        assert_ne!(files(&desk.path("runs/march")), old);
        desk.sustain("verify out").stands();
    }
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out", "runs"]);
    assert_eq!(fs::read_dir(desk.path("runs")).unwrap().count(), 1);
}

#[test]
fn packs_are_replaced_where_the_link_points_too() {
    let desk = linked();
    desk.sustain("packs runs/march --out packs").stands();
    symlink("packs", desk.path("link")).unwrap();
    let said = desk.sustain("packs runs/march --out link --with-earnings --replace");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(is_link(&desk, "link") && !is_link(&desk, "packs"));
    desk.sustain("verify packs").stands();
}

#[test]
fn without_replace_what_a_link_points_to_is_left_alone() {
    let desk = linked();
    desk.put("earnings.csv", fs::read_to_string(desk.path("earnings.csv")).unwrap() + "\n");
    let old = files(&desk.path("runs/march"));
    let said = desk.validate("");
    assert_eq!(said.code, 2);
    assert!(said.err.contains("runs/march is already there"), "{}", said.err);
    assert_eq!(files(&desk.path("runs/march")), old);
}

#[test]
fn a_link_that_leads_nowhere_or_to_a_file_is_refused_by_every_verb() {
    let desk = linked();
    desk.sustain("prepare --earnings earnings.csv --out store").stands();
    symlink("nowhere", desk.path("lost")).unwrap();
    symlink("claims.csv", desk.path("file")).unwrap();
    for verb in [
        "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv",
        "prepare --earnings earnings.csv",
        "packs out",
        "diff out out",
        "audit-sample out --size 2 --seed 1",
        "rates --scheme lse-poc-2017 --register claims.csv --earnings earnings.csv",
        "sample --claims 3 --seed 1",
        "demo",
    ] {
        let refused = |out: &str| {
            let said = desk.sustain(&format!("{verb} --out {out}"));
            assert_eq!(said.code, 2, "{verb}: {}", said.err);
            assert!(is_link(&desk, out));
            said.err
        };
        let lost = "error: lost is a symbolic link that leads nowhere (there is no such file or folder)\n";
        assert!(refused("lost").starts_with(lost), "{verb}: {}", refused("lost"));
        assert!(refused("file").starts_with("error: file is a symbolic link to "), "{verb}: {}", refused("file"));
        assert!(!desk.path("nowhere").exists());
    }
}

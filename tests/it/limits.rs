//! A run that is beyond a limit publishes nothing; what is exactly at it stands.

use crate::support::{Desk, Said, earnings};

/// One claim of each verdict, and one earnings row in ten that is no record.
fn desk() -> Desk {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", earnings().csv() + "too,few\n");
    desk
}

fn run(desk: &Desk, limits: &str) -> Said {
    desk.sustain(&format!(
        "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out {limits}"
    ))
}

#[test]
fn a_run_beyond_a_limit_publishes_nothing_and_says_which() {
    let hint = "\n\nhint: nothing was published; the same run without the limit, into another directory, shows which claims and \
                rows they are";
    for (limits, problem) in [
        ("--max-rejected 33.3333%", "1 of 3 claims are rejected (33.3%), and --max-rejected is 33.3333%"),
        ("--max-queried 0%", "1 of 3 claims are queried (33.3%), and --max-queried is 0%"),
        ("--max-set-aside 9.9%", "1 of 10 rows of the earnings were set aside (10.0%), and --max-set-aside is 9.9%"),
        ("--min-rows 1000", "the earnings have 10 rows, and --min-rows is 1,000"),
        (
            "--max-queried 1% --min-rows 11",
            "1 of 3 claims are queried (33.3%), and --max-queried is 1%\nthe earnings have 10 rows, and --min-rows is 11",
        ),
    ] {
        let desk = desk();
        run(&desk, limits).refuses(3, &format!("error: {problem}{hint}"));
        assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
    }
}

#[test]
fn a_run_at_its_limits_stands() {
    let desk = desk();
    run(&desk, "--max-rejected 33.3334% --max-queried 34% --max-set-aside 10% --min-rows 10").stands();
}

#[test]
fn limits_are_no_part_of_a_result_and_one_that_is_there_is_held_to_them() {
    let desk = desk();
    run(&desk, "").stands();
    let before = desk.result_bytes();
    let again = run(&desk, "--max-rejected 50%").stands();
    assert!(again.out.starts_with("the same inputs were decided before"), "{}", again.out);
    let beyond = run(&desk, "--max-rejected 20%");
    assert_eq!(beyond.code, 3, "{}", beyond.err);
    assert!(beyond.err.contains("1 of 3 claims are rejected (33.3%), and --max-rejected is 20%"), "{}", beyond.err);
    assert_eq!(desk.result_bytes(), before);
}

#[test]
fn a_limit_that_is_no_percentage_is_refused() {
    for limit in ["45", "101%", "half"] {
        let said = run(&desk(), &format!("--max-rejected {limit}"));
        assert!(said.code == 2 && said.err.contains("write it as a percentage from 0% to 100%"), "{}", said.err);
    }
}

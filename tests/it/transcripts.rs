//! What the program prints and how it ends, word for word. That nothing personal is in it is asserted at every call.

use std::fs;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, ListArray, RecordBatch};
use arrow::datatypes::{DataType, Int32Type};

use crate::support::{Desk, Table, claims, earnings, files, gzip, parquet, zstd};

const SUMMARY: &str = "\
Local Supported Employment Proof of Concept (lse-poc-2017, complete), extract to 2018-08-31
  claims    3  rows from claims.csv
  earnings  9  rows from earnings.csv
  8 of the 9 earnings rows are payments of people claimed for
  no register was given, so eligibility was not checked
  no earlier run was named with --history, so nothing tells whether these outcomes were paid before
  rows by month of payday:
    2018-05 3   2018-06 3   2018-07 2   2018-08 1
  optional columns not in the earnings: no_longer_valid, payment_after_leaving, pension_payment
  it stands on 7 assumptions, listed in run.json

3 claims decided
  validated  1  33.3%
  rejected   1  33.3%
  queried    1  33.3%

Money
  in all       £2,500.00 claimed  no price is known
  PR1     CT1  £2,500.00 claimed  no price is known

Rules that fired most
  HRS02  1  the hours are not known for enough days
  SUS01  1  the employment ended too soon

What to do next
  1 queried claim is to be looked at by a person

The files
  out: report.html; verdicts.csv; validated, rejected, queried, findings, evidence and quarantine (Parquet); run.json
  sustain explain out CLAIM_ID tells why one claim was decided as it was
";

const HEADER_HINT: &str = "the first line must name the columns; `sustain schemas` prints them";

/// The words of a refusal: the problem, then after a blank line what to do about it.
fn error(problem: &str, hint: &str) -> String {
    format!("error: {problem}\n\nhint: {hint}")
}

/// Asserts that a claims file is refused with these words.
#[track_caller]
fn claims_are_refused(bytes: impl AsRef<[u8]>, problem: &str, hint: &str) {
    let desk = Desk::with_batch();
    desk.put("claims.csv", bytes);
    desk.validate("").refuses(2, &error(&format!("claims.csv{problem}"), hint));
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
}

/// Asserts that an earnings file is refused with these words.
#[track_caller]
fn earnings_are_refused(bytes: impl AsRef<[u8]>, problem: &str, hint: &str) {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", bytes);
    desk.validate("").refuses(2, &error(&format!("earnings.csv{problem}"), hint));
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
}

/// What the demo says of its batch.
const DEMO: &str = "\
Local Supported Employment Proof of Concept, sample terms (lse-poc-2017-sample, complete), extract to 2019-03-31
  claims      120  rows from claims.csv, 1 could not be read
  register    115  rows from register.csv
  earnings  2,470  rows from earnings.csv, 2 could not be read
  2,313 of the 2,470 earnings rows are payments of people claimed for
  in all 3 rows could not be read and were set aside, of 2 files
  claims.csv, amount_claimed: 1 that cannot be read
  claims.csv, date_of_birth: 1 that cannot be read
  earnings.csv, earnings_periods: 2 that cannot be read
  rows by month of payday:
    2017-07 1   2017-08 2   2017-09 3   2017-10 11   2017-11 13   2017-12 29
    2018-01 54   2018-02 83   2018-03 120   2018-04 121   2018-05 160   2018-06 169
    2018-07 157   2018-08 202   2018-09 182   2018-10 188   2018-11 204   2018-12 187
    2019-01 191   2019-02 182   2019-03 211
  it stands on 6 assumptions, listed in run.json

120 claims decided
  validated  39  32.5%
  rejected   43  35.8%
  queried    38  31.7%
";

/// What the maker of samples says of one.
const SAMPLE: &str = "\
A made-up batch in try
  claims.csv            103  rows
  register.csv           96  rows
  earlier-claims.csv      1  rows
  expected.csv          103  rows
  earnings.csv        2,187  rows

98 scenarios; expected.csv says what each claim must come to. To decide the batch:

  sustain validate --scheme try/scheme.toml --claims try/claims.csv --register try/register.csv --earnings \
                      try/earnings.csv --extract-from 2017-12-01 --extract-to 2019-03-31 --out try-result
";

// A run that stands.

#[test]
fn the_demo_needs_nothing_and_shows_a_batch_decided() {
    let desk = Desk::new();
    let said = desk.sustain("demo").stands();
    assert!(said.out.starts_with(DEMO), "{}", said.out);
    assert_eq!(desk.names(), ["sustain-demo"]);
    assert!(desk.sustain("demo").stands().out.starts_with("the same inputs were decided before"));
}

#[test]
fn a_sample_says_what_is_in_it_and_how_to_decide_it() {
    let desk = Desk::new();
    assert_eq!(desk.sustain("sample --claims 103 --seed 7 --format csv --out try").stands().out, SAMPLE);
    let command = SAMPLE.lines().last().unwrap().trim().strip_prefix("sustain ").unwrap();
    desk.sustain(command).stands();
    let again = desk.sustain("sample --claims 103 --seed 7 --format csv --out try");
    again.refuses(2, &error("try is already there", "name another directory with --out"));
}

#[test]
fn a_good_run_says_what_was_read_what_was_decided_and_what_to_do_next() {
    let desk = Desk::with_batch();
    assert_eq!(desk.validate("").stands().out, SUMMARY);
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
}

#[test]
fn paths_are_shown_as_they_were_typed() {
    let desk = Desk::with_batch();
    let missing = desk.path("nowhere.csv").display().to_string();
    let said = desk.decide(&missing, "earnings.csv", "");
    assert!(said.err.starts_with("error: DIR/nowhere.csv: there is no such file or folder"), "{}", said.err);
}

#[test]
fn a_quiet_run_prints_nothing() {
    let desk = Desk::with_batch();
    assert_eq!(desk.validate("-q").stands().out, "");
    assert_eq!(desk.sustain("verify out --quiet").stands().out, "");
}

#[test]
fn json_prints_the_account_and_nothing_else() {
    let desk = Desk::with_batch();
    let printed = desk.validate("--json").stands().out;
    assert_eq!(printed, fs::read_to_string(desk.path("out/run.json")).unwrap());
    assert_eq!(desk.validate("--json").stands().out, printed, "of a run that is there already too");
    assert_eq!(desk.sustain("verify out --json").stands().out, printed, "and when it is verified");
}

#[test]
fn the_same_inputs_again_are_recognised_and_the_result_is_left_as_it_is() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let modified = |desk: &Desk| fs::metadata(desk.path("out/run.json")).unwrap().modified().unwrap();
    let (before, written) = (desk.result_bytes(), modified(&desk));
    for option in ["", "--replace"] {
        let said = desk.validate(option).stands();
        let recognised = "the same inputs were decided before; out was verified and left unchanged\n\n";
        assert_eq!(said.out, format!("{recognised}{SUMMARY}"));
    }
    assert_eq!((desk.result_bytes(), modified(&desk)), (before, written));
}

#[test]
fn a_result_of_other_inputs_is_not_overwritten() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let before = desk.result_bytes();
    desk.put("claims.csv", claims().with(1, "note", "another").csv());
    let hint = "name another directory with --out, or give --replace to put the new result in its place";
    desk.validate("").refuses(2, &error("out is already there", hint));
    assert_eq!(desk.result_bytes(), before);
}

#[test]
fn a_result_of_other_inputs_is_replaced_when_that_is_asked_for() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    desk.put("claims.csv", claims().with(1, "note", "another").csv());
    desk.validate("--replace").stands();
    assert_eq!(desk.rows("validated")[0]["note"], "another");
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv", "out"]);
}

#[test]
fn a_folder_that_is_no_result_is_never_replaced() {
    let desk = Desk::with_batch();
    desk.put("out/thesis.txt", "years of work");
    let said = desk.validate("--replace");
    assert_eq!(said.code, 2, "{}", said.out);
    assert_eq!(fs::read_to_string(desk.path("out/thesis.txt")).unwrap(), "years of work");
}

#[test]
fn another_option_is_another_run() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    for option in ["--set HRS02=note", "--extract-to 2019-01-31"] {
        assert_eq!(desk.validate(option).code, 2);
    }
}

#[test]
fn what_was_set_by_hand_is_said() {
    let desk = Desk::with_batch();
    let said = desk.validate("--set HRS02=note").stands();
    assert!(said.out.contains("\n  HRS02 is set to note by the command line\n"), "{}", said.out);
    assert!(said.out.contains("validated  2  66.7%"), "{}", said.out);
}

#[test]
fn fail_on_ends_with_one_only_where_there_are_such_claims_or_rows() {
    let desk = Desk::with_batch();
    for (what, code) in [("rejected", 1), ("queried", 1), ("quarantined", 0)] {
        let said = desk.validate(&format!("--replace --fail-on {what}"));
        assert_eq!((said.code, said.err.as_str()), (code, ""), "{what}");
        assert!(desk.path("out").exists(), "the run stands");
    }
    desk.put("claims.csv", Table { rows: claims().rows[..1].to_vec(), ..claims() }.csv());
    desk.put("earnings.csv", earnings().csv() + "one,cell,too\n");
    for (what, code) in [("rejected", 0), ("queried", 0), ("quarantined", 1)] {
        assert_eq!(desk.validate(&format!("--replace --fail-on {what}")).code, code, "{what}");
    }
}

#[test]
fn an_outcome_that_an_earlier_run_validated_is_not_validated_again() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    fs::rename(desk.path("out"), desk.path("january")).unwrap();
    desk.validate("--history january").stands();
    assert_eq!(desk.account().history.len(), 1);
    assert_eq!(desk.rows("validated").len(), 0);
    assert_eq!(desk.rows("rejected")[0]["primary_reason"], "CLM05");
}

#[test]
fn an_outcome_validated_before_is_told_with_its_run_claim_and_day() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let january = desk.account();
    fs::rename(desk.path("out"), desk.path("january")).unwrap();
    // The same person under another participant number, and the number in small letters.
    let rows = claims().rows[..1].to_vec();
    let claim = Table { rows, ..claims() }.with(1, "participant_id", "P900");
    let nino = claim.rows[0][claim.place("nino")].to_lowercase();
    desk.put("claims.csv", claim.with(1, "nino", &nino).csv());
    desk.validate("--history january").stands();
    let cut_off = january.cut_off.date.unwrap();
    let run = format!("claims.csv (extract to {cut_off}, fingerprint {})", &january.fingerprint[..12]);
    let messages: Vec<String> =
        desk.rows("findings").iter().filter(|row| row["code"] == "CLM05").map(|row| row["message"].clone()).collect();
    assert!(!messages.is_empty());
    for message in messages {
        let says = [run.as_str(), "for this person: claim ", "achieved on "];
        assert!(says.iter().all(|part| message.contains(part)), "{message}");
    }
}

#[test]
fn a_run_without_earlier_runs_says_what_it_cannot_tell() {
    let cannot_tell =
        "no earlier run was named with --history, so nothing tells whether these outcomes were paid before";
    let desk = Desk::with_batch();
    assert!(desk.validate("").stands().out.contains(cannot_tell));
    assert_eq!(desk.account().without_history.as_deref(), Some(cannot_tell));
    let report = || fs::read_to_string(desk.path("out/report.html")).unwrap();
    assert!(report().contains(cannot_tell));
    fs::rename(desk.path("out"), desk.path("january")).unwrap();
    assert!(!desk.validate("--history january").stands().out.contains(cannot_tell));
    assert_eq!(desk.account().without_history, None);
    assert!(!report().contains(cannot_tell));
}

#[test]
fn a_run_whose_rules_let_two_claims_for_one_outcome_stand_does_not_promise_that_nothing_is_paid_twice() {
    let desk = Desk::with_batch();
    let once = claims().rows[..1].to_vec();
    let rows = [once.clone(), Table { rows: once, ..claims() }.with(1, "claim_id", "C900").rows].concat();
    desk.put("claims.csv", Table { rows, ..claims() }.csv());
    desk.validate("").stands();
    assert!(desk.account().paid_once);
    assert_eq!(desk.rows("validated").len(), 1);
    desk.validate("--replace --set CLM04=note").stands();
    assert!(!desk.account().paid_once);
    assert_eq!(desk.rows("validated").len(), 2);
    desk.sustain("verify out").stands();
}

// A command line that asks for what cannot be done.

#[test]
fn a_mistyped_scheme_is_guessed() {
    let desk = Desk::with_batch();
    let said = desk.sustain("validate --scheme lse-poc-2018 --claims claims.csv --earnings earnings.csv --out out");
    let hint = "did you mean lse-poc-2017? sustain schemes lists them all";
    said.refuses(2, &error("there is no scheme lse-poc-2018, built in or as a file", hint));
    let said = desk.sustain("validate --scheme wales --claims claims.csv --earnings earnings.csv --out out");
    let ids: Vec<&str> = sustain::scheme::BUILT_IN.iter().map(|(id, _)| *id).collect();
    let hint = &format!("name a scheme file, or one of: {}", ids.join(", "));
    said.refuses(2, &error("there is no scheme wales, built in or as a file", hint));
}

#[test]
fn a_mistake_in_a_scheme_file_is_told_with_line_and_column() {
    let built_in = sustain::scheme::BUILT_IN[0].1;
    let gap = "from = 2013-04-06\nto = 2017-12-31\nvalue = 31\nsource = \"ours\"\n\n[[gap_query_days]]\nfrom = 2018-01-02\nvalue = 31\nsource";
    let mistakes = [
        ("about = ", "abuot = ", "line 9, column 1: unknown key `abuot` (did you mean `about`?)"),
        ("to = 2019-05-31\nsource = \"base\"", "to = 2019-05-31", "`source` is missing (add it)"),
        (
            "to = 2019-05-31\nsource = \"base\"",
            "to = 2019-05-31\nsource = \"bass\"",
            "no [[source]] has the id `bass` (the sources are: base, limitation, ours, specification)",
        ),
        (
            "from = 2013-04-06\nvalue = 31\nsource",
            gap,
            "days without a value lie before this one (let it begin the day after the other ends)",
        ),
    ];
    let desk = Desk::with_batch();
    for (right, wrong, place) in mistakes {
        assert!(built_in.contains(right));
        desk.put("mine.toml", built_in.replacen(right, wrong, 1));
        let said = desk.sustain("validate --scheme mine.toml --claims claims.csv --earnings earnings.csv --out out");
        assert_eq!((said.code, said.out.as_str()), (2, ""));
        assert!(said.err.starts_with("error: mine.toml: line ") && said.err.contains(place), "{}", said.err);
        assert!(
            said.err.ends_with("\n\nhint: sustain schemes show ID --toml prints a built-in scheme to compare with\n"),
            "{}",
            said.err
        );
    }
}

#[test]
fn a_rule_is_set_by_a_code_and_a_setting_that_there_are() {
    let desk = Desk::with_batch();
    for (setting, problem) in [
        ("SUS6=note", "no rule has the code SUS6; did you mean SUS06?"),
        ("SUS06", "write it as CODE=reject, CODE=query, CODE=note or CODE=off"),
        ("SUS06=maybe", "a rule is set to reject, query, note or off"),
        ("ROW01=off", "ROW01 cannot be `off`: without it a claim could be validated on no evidence at all"),
    ] {
        let words = format!(
            "error: invalid value '{setting}' for '--set <CODE=SETTING>': {problem}\n\nFor more information, try '--help'."
        );
        desk.validate(&format!("--set {setting}")).refuses(2, &words);
    }
}

#[test]
fn a_mistyped_verb_is_guessed() {
    let desk = Desk::new();
    let said = desk.sustain("validat");
    assert_eq!(said.code, 2);
    assert!(
        said.err.starts_with(
            "error: unrecognized subcommand 'validat'\n\n  tip: a similar subcommand exists: 'validate'\n"
        )
    );
}

#[test]
fn help_and_version_are_answers() {
    let desk = Desk::new();
    assert_eq!(desk.sustain("--version").stands().out, concat!("sustain ", env!("CARGO_PKG_VERSION"), "\n"));
    let help = desk.sustain("--help").stands().out;
    for verb in ["validate", "demo", "sample", "check", "verify", "schemas", "completions"] {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb}");
    }
    assert!(desk.sustain("validate --help").stands().out.contains("Exit codes: 0 the run stands"));
}

#[test]
fn every_shell_has_completions() {
    let desk = Desk::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(desk.sustain(&format!("completions {shell}")).stands().out.contains("sustain"), "{shell}");
    }
}

#[test]
fn completions_for_a_reader_that_went_away_are_no_failure() {
    use std::process::{Command, Stdio};
    let mut program = Command::new(env!("CARGO_BIN_EXE_sustain"));
    let mut running =
        program.args(["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(running.stdout.take());
    let ended = running.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

// Inputs that are not where they should be.

#[test]
fn a_file_that_is_not_there_is_named() {
    let desk = Desk::with_batch();
    desk.put("empty/.hidden", "");
    desk.decide("none.csv", "earnings.csv", "")
        .refuses(2, &error("none.csv: there is no such file or folder", "check the path"));
    desk.decide("claims.csv", "none.csv", "")
        .refuses(2, &error("none.csv: there is no such file or folder", "check the path"));
    let hint = "name a file, a folder with files in it, or a glob";
    let nothing = "empty: no extract is there: .hidden was left out, because it is empty";
    desk.decide("claims.csv", "empty", "").refuses(2, &error(nothing, hint));
    desk.decide("claims.csv", "rti-*.csv", "").refuses(2, &error("rti-*.csv: no file is there", hint));
    let twice = error("./earnings.csv: this file is named twice", "name each file once");
    desk.decide("claims.csv", "earnings.csv ./earnings.csv", "").refuses(2, &twice);
}

// Headers.

#[test]
fn a_mistyped_column_is_guessed() {
    for (name, mistyped) in [("claim_date", "Clam Date"), ("hours_per_week", "hours_per_wek")] {
        let desk = Desk::with_batch();
        desk.put("claims.csv", claims().renamed(name, mistyped).csv());
        let said = desk.validate("");
        assert!(said.code == 2 && said.err.contains(&format!("rename `{mistyped}` to `{name}`")), "{}", said.err);
    }
    let desk = Desk::with_batch();
    desk.put("earnings.csv", earnings().renamed("payment_date", "paymntdate").csv());
    let said = desk.validate("");
    assert!(said.code == 2 && said.err.contains("rename `paymntdate` to `payment_date`"), "{}", said.err);
    // Case, blanks and underscores are no slips.
    desk.put("claims.csv", claims().renamed("claim_date", "Claim Date").csv());
    desk.put("earnings.csv", earnings().renamed("payment_date", "PAYMENTDATE").csv());
    assert_eq!(desk.validate("").stands().out, SUMMARY);
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    claims_are_refused(
        claims().renamed("provider_id", "claim_id").csv(),
        ": columns 1 and 2 are both named \"claim_id\"",
        HEADER_HINT,
    );
    let two = earnings().renamed("surname", "nationalInsuranceNumber").csv();
    earnings_are_refused(
        two,
        ": the file has the column `nino` under two of its names: `nino` and `nationalInsuranceNumber`",
        "remove one of them, or rename the one that means something else",
    );
}

#[test]
fn a_header_of_other_names_is_refused() {
    let other = "alpha,beta\n1,2\n";
    claims_are_refused(
        other,
        ": the first line names no column that is known (it has 2 cells, parted by comma, semicolon or tab)",
        HEADER_HINT,
    );
    earnings_are_refused(
        other,
        ": the first line names no column that is known (it has 2 cells, parted by comma, semicolon or tab)",
        HEADER_HINT,
    );
}

#[test]
fn a_missing_header_is_told_without_the_data_that_stands_in_its_place() {
    let headless = |csv: String| csv.split_once('\n').unwrap().1.to_owned();
    let desk = Desk::with_batch();
    desk.put("claims.csv", headless(claims().csv()));
    assert_eq!(desk.validate("").code, 2);
    desk.put("claims.csv", claims().csv());
    desk.put("earnings.csv", headless(earnings().csv()));
    assert_eq!(desk.validate("").code, 2);
}

#[test]
fn an_empty_file_is_refused_and_one_with_a_header_alone_is_not() {
    for empty in ["", "\n\n", "\u{feff}"] {
        claims_are_refused(empty, ": there is no header: the text is empty", HEADER_HINT);
        earnings_are_refused(empty, ": there is no header: the text is empty", HEADER_HINT);
    }
    let desk = Desk::with_batch();
    desk.put("claims.csv", Table { rows: Vec::new(), ..claims() }.csv());
    assert!(desk.validate("").stands().out.contains("0 claims decided\n  validated  0  -\n"));
}

#[test]
fn a_column_of_the_claims_must_not_have_the_name_of_a_decided_one() {
    let problem = ": the column `verdict` has the name of a column that the result adds";
    claims_are_refused(claims().renamed("note", "verdict").csv(), problem, "rename it in the claims file");
}

// Files of another kind, and damaged ones.

#[test]
fn claims_are_not_json() {
    claims_are_refused(
        "{\"claim_id\": \"C1\"}",
        ": the file is JSON",
        "claims, registers and funding are CSV, Parquet or a workbook",
    );
}

#[test]
fn a_picture_is_not_earnings() {
    let picture = [b"\x89PNG\r\n\x1a\n".to_vec(), (0..=255).collect()].concat();
    earnings_are_refused(&picture, ": the header is not text", HEADER_HINT);
    earnings_are_refused([0; 5000], ": the header is not text", HEADER_HINT);
}

#[test]
fn json_that_holds_no_payments_is_refused() {
    let hint =
        "accepted are JSON Lines of payments, and responses of the form {\"matchPattern\": 63, \"taxYears\": [...]}";
    earnings_are_refused(
        "{\"nino\": \"NC100001A\",",
        ", line 1: the file is not JSON that holds payments: it is cut short",
        hint,
    );
    earnings_are_refused(
        "[1, 2]",
        ", line 1: the file is not JSON that holds payments: it is not an object of a payment or response",
        hint,
    );
}

#[test]
fn json_nested_without_end_is_refused() {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", "[".repeat(20_000) + &"]".repeat(20_000));
    assert_eq!(desk.validate("").code, 2);
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
}

#[test]
fn compression_cut_short_is_refused() {
    let (gzip, zstd) = (gzip(earnings().csv().as_bytes()), zstd(earnings().csv().as_bytes()));
    for (packed, name) in [(gzip, "gzip"), (zstd, "zstd")] {
        let half = &packed[..packed.len() / 2];
        earnings_are_refused(
            half,
            &format!(": the {name} compression is damaged or cut short"),
            "fetch the file again",
        );
        claims_are_refused(half, &format!(": the {name} compression is damaged or cut short"), "fetch the file again");
    }
}

#[test]
fn a_ceiling_on_memory_is_a_size() {
    let desk = Desk::with_batch();
    let said = desk.sustain(
        "validate --scheme lse-poc-2017 --claims claims.csv --earnings earnings.csv --out out --memory plenty",
    );
    assert!(said.code == 2 && said.err.contains("a size, such as 500MB or 2GiB"), "{}", said.err);
    desk.validate("--memory 300MB").stands();
}

#[test]
fn parquet_cut_short_is_refused() {
    let file = earnings().parquet();
    let problem = ": the Parquet file is damaged: it has no footer, so it was cut short or is not Parquet";
    earnings_are_refused(&file[..file.len() / 2], problem, "write or fetch the file again");
    claims_are_refused(&file[..6], problem, "write or fetch the file again");
}

#[test]
fn parquet_with_a_damaged_page_is_refused_in_one_line() {
    let mut file = earnings().parquet();
    file[4..12].fill(0xA5);
    earnings_are_refused(&file, ": the Parquet file is damaged: a page is damaged", "write or fetch the file again");
    let mut file = claims().parquet();
    file[4..12].fill(0xA5);
    claims_are_refused(&file, ": the Parquet file is damaged: a page is damaged", "write or fetch the file again");
}

#[test]
fn a_changed_cell_is_found_out_where_pages_have_checksums() {
    let mut file = include_bytes!("../fixtures/checksummed.parquet").to_vec();
    let desk = Desk::with_batch();
    desk.put("earnings.csv", &file);
    desk.validate("").stands();
    // One digit of the pay: without the checksum the page would still be a good one.
    let place = file.windows(7).position(|bytes| bytes == b"1200.00").unwrap();
    file[place] = b'9';
    earnings_are_refused(&file, ": the Parquet file is damaged: a page is damaged", "write or fetch the file again");
}

#[test]
fn parquet_with_any_byte_damaged_is_refused_in_one_line_or_read() {
    let whole = earnings().parquet();
    let desk = Desk::with_batch();
    for place in (0..whole.len()).step_by(whole.len() / 60) {
        let mut file = whole.clone();
        file[place] ^= 0xFF;
        desk.put("earnings.csv", &file);
        let said = desk.validate("--replace");
        let refused = said.code == 2 && said.err.starts_with("error: earnings.csv") && !said.err.contains("panic");
        assert!(said.code == 0 || refused, "byte {place}: {said:?}");
    }
}

#[test]
fn parquet_columns_of_lists_hold_no_cells_and_bytes_may() {
    let batch = earnings().batch(|_| DataType::Utf8);
    let lists: ArrayRef =
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>((0..9).map(|row| Some([Some(row)]))));
    let bytes: ArrayRef = Arc::new(BinaryArray::from_iter_values((0..9).map(|_| b"NC100001A")));
    let hint = "text, dates, moments, numbers and true/false are accepted";
    for (column, type_name) in [(lists, Some("List")), (bytes, None)] {
        let mut columns = batch.columns().to_vec();
        columns[0] = column.clone();
        let names = batch.schema().fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>();
        let other = RecordBatch::try_from_iter(names.into_iter().zip(columns)).unwrap();
        if let Some(name) = type_name {
            earnings_are_refused(parquet(&other), &format!(": the column `nino` has the type {name}"), hint);
        } else {
            // Bytes that are UTF-8 are text.
            let desk = Desk::with_batch();
            desk.put("earnings.csv", parquet(&other));
            desk.validate("").stands();
        }
    }
}

// Settings that the inputs do not bear out.

#[test]
fn a_payday_beyond_the_wage_table_is_refused_and_how_to_go_on_is_said() {
    let desk = Desk::with_batch();
    desk.put("earnings.csv", earnings().with(9, "payment_date", "2030-01-31").csv());
    let problem = "the latest payday of the extract is 2030-01-31, and the minimum wage is known until 2027-03-31";
    let hint = "give --extract-to a day the table reaches (a mistyped payday may be the cause), or --set HRS03=off";
    desk.validate("").refuses(2, &error(problem, hint));
    desk.validate("--extract-to 2018-08-31").stands();
    desk.validate("--replace --set HRS03=off").stands();
}

#[test]
fn a_run_does_not_replace_the_history_it_is_decided_on() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let before = desk.account();
    let words = "error: out is an earlier run that this one is decided on, and would be replaced\n\n\
                 hint: name another directory with --out, and keep the runs that are named with --history";
    desk.validate("--history out --replace").refuses(2, words);
    desk.validate("--history ./out --replace").refuses(2, words);
    assert_eq!(desk.account(), before);
}

#[test]
fn a_run_that_was_changed_or_is_of_another_scheme_is_no_history() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    fs::rename(desk.path("out"), desk.path("january")).unwrap();
    desk.put("other.toml", sustain::scheme::BUILT_IN[0].1.replacen("id = \"lse-poc-2017\"", "id = \"lse-2\"", 1));
    let said = desk.sustain(
        "validate --scheme other.toml --claims claims.csv --earnings earnings.csv --out out --history january",
    );
    let problem = "january: this run is of the scheme lse-poc-2017, not lse-2";
    said.refuses(2, &error(problem, "name runs of the same scheme with --history"));
    flip(&desk, "january/evidence.parquet", 500);
    let problem = "january: evidence.parquet is not the file that was written";
    desk.validate("--history january").refuses(2, &error(problem, "the result was changed or is not whole: run again"));
}

// Verifying.

fn flip(desk: &Desk, name: &str, place: usize) {
    let mut bytes = fs::read(desk.path(name)).unwrap();
    bytes[place] ^= 1;
    desk.put(name, bytes);
}

#[test]
fn a_whole_run_verifies() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let said = desk.sustain("verify out").stands();
    let words = "out: verified. 9 files are the ones that were written; 3 claims are each in exactly one of them \
                 (1 validated, 1 rejected, 1 queried); every count adds up\n";
    assert_eq!(said.out, words);
}

#[test]
fn a_run_with_one_byte_changed_in_any_parquet_file_does_not_verify() {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    for (name, bytes) in files(&desk.path("out")).into_iter().filter(|(name, _)| name.ends_with(".parquet")) {
        flip(&desk, &format!("out/{name}"), bytes.len() / 2);
        let said = desk.sustain("verify out");
        assert_eq!((said.code, said.out.as_str()), (3, ""), "{name}");
        assert!(
            said.err.starts_with(&format!("error: out: {name} is not the file that was written\n")),
            "{}",
            said.err
        );
        desk.put(&format!("out/{name}"), bytes);
    }
    desk.sustain("verify out").stands();
}

/// Asserts that a run does not verify once its account says something else.
#[track_caller]
fn account_does_not_verify(changes: &[(&str, &str)]) {
    let desk = Desk::with_batch();
    desk.validate("").stands();
    let account = fs::read_to_string(desk.path("out/run.json")).unwrap();
    for (right, wrong) in changes {
        assert!(account.contains(right), "{right}");
        desk.put("out/run.json", account.replacen(right, wrong, 1));
        assert_eq!(desk.sustain("verify out").code, 3, "{wrong}");
    }
}

#[test]
fn a_run_with_a_count_changed_in_its_account_does_not_verify() {
    account_does_not_verify(&[
        ("\"validated\": 1", "\"validated\": 2"),
        ("\"failed\": 1", "\"failed\": 0"),
        ("\"of_other_people\": 1", "\"of_other_people\": 0"),
        ("\"blake3\": \"", "\"blake3\": 0"),
        ("\"name\": \"validated.parquet\"", "\"name\": \"../claims.csv\""),
    ]);
}

#[test]
fn a_run_with_its_inputs_or_scheme_changed_in_its_account_does_not_verify() {
    account_does_not_verify(&[
        ("\"fingerprint\": \"", "\"fingerprint\": \"0"),
        ("\"name\": \"claims.csv\"", "\"name\": \"clai.csv\""),
        ("\"date\": \"2018-08-31\"", "\"date\": \"2019-08-31\""),
        ("\"settings\": {}", "\"settings\": {\"SUS01\": {\"setting\": \"off\", \"by\": \"scheme\"}}"),
    ]);
}

#[test]
fn what_is_no_run_does_not_verify() {
    let desk = Desk::with_batch();
    desk.put("folder/run.json", "{}");
    for (name, problem) in [
        ("nowhere", "it could not be opened (there is no such file or folder)"),
        ("claims.csv", "it could not be opened (it is no folder)"),
        ("folder", "run.json is not an account of its kind, at line 1, column 2"),
    ] {
        let said = desk.sustain(&format!("verify {name}"));
        assert_eq!((said.code, said.out.as_str()), (3, ""));
        assert!(said.err.starts_with(&format!("error: {name}: {problem}\n")), "{}", said.err);
    }
}

#[test]
fn what_is_no_run_says_what_to_name() {
    let desk = Desk::new();
    let hint = "name the directory of a finished run";
    desk.sustain("verify nowhere")
        .refuses(3, &error("nowhere: it could not be opened (there is no such file or folder)", hint));
}

//! Every programme as a scheme: listed, shown, checked, compared and tried; the rules and their pages.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use sustain::domain::hours::Against;
use sustain::domain::{Band, Hours, Pence};
use sustain::rules::{RULES, allows};
use sustain::scheme::outcome::Threshold;
use sustain::scheme::wage::WageTable;
use sustain::scheme::{BUILT_IN, OutcomeKind, Scheme, built_in, load};

use crate::support::{Desk, claims};

fn scheme(id: &str) -> Scheme {
    load::load(built_in(id).unwrap(), allows).unwrap()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

// Listing and showing.

#[test]
fn every_programme_is_listed_with_its_status_and_what_it_needs() {
    let said = Desk::new().sustain("schemes").stands();
    for (id, status, needs) in [
        ("lse-poc-2017", "complete", ""),
        ("lse-trailblazer-2020", "announced", ""),
        ("lse-2022", "partial", ""),
        ("plymouth-2023", "complete", ""),
        ("whp", "complete", ""),
        ("whp-west-london", "partial", "needs --param london_living_wage"),
        ("whp-greater-manchester", "partial", "needs --param real_living_wage"),
        ("jets-scotland", "complete", ""),
        ("restart", "partial", "needs --param window_days"),
        ("ipes", "partial", "needs --param window_days"),
        ("ipspc", "complete", ""),
        ("fair-start-scotland", "complete", ""),
        ("work-choice", "partial", ""),
    ] {
        let line = said.out.lines().find(|line| line.split_whitespace().next() == Some(id)).unwrap();
        assert!(line.contains(status) && line.trim_end().ends_with(needs), "{line}");
    }
    let listed: Value = serde_json::from_str(&Desk::new().sustain("schemes --json").stands().out).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), BUILT_IN.len());
}

#[test]
fn every_scheme_has_a_page_with_its_outcomes_sources_and_assumptions() {
    for (id, _) in BUILT_IN {
        let page = Desk::new().sustain(&format!("schemes show {id}")).stands().out;
        let scheme = scheme(id);
        assert!(page.contains(scheme.status.name()) && page.contains(scheme.status.meaning()), "{id}");
        for outcome in &scheme.outcomes {
            assert!(page.contains(&format!("Outcome {}: ", outcome.id)), "{id} {}", outcome.id);
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let page = words(&page);
        for assumption in &scheme.assumptions {
            assert!(page.contains(&words(assumption)), "{id}: {assumption}");
        }
        let shown: Value =
            serde_json::from_str(&Desk::new().sustain(&format!("schemes show {id} --json")).stands().out).unwrap();
        assert_eq!(shown["hash"], scheme.hash);
    }
}

#[test]
fn a_value_still_to_be_supplied_is_never_shown_as_settled() {
    let page = Desk::new().sustain("schemes show restart").stands().out;
    assert!(page.contains("within: to be supplied as window_days"), "{page}");
    assert!(page.contains("window_days: must be supplied: --param window_days=365 (an example)"), "{page}");
}

#[test]
fn the_file_of_a_scheme_is_printed_to_start_from() {
    for (id, text) in BUILT_IN {
        let said = Desk::new().sustain(&format!("schemes show {id} --toml")).stands();
        assert_eq!(said.out.trim_end(), text.trim_end());
    }
}

// Checking.

#[test]
fn every_mistake_of_a_file_is_found_at_once_with_line_column_and_a_hint() {
    let desk = Desk::new();
    let text = built_in("ipspc").unwrap();
    let wrong = text
        .replacen("status = \"complete\"", "status = \"finished\"", 1)
        .replacen("needed_days", "need_days", 1)
        .replacen("value = 112", "value = 90", 2)
        .replacen("source = \"guidance\"", "source = \"guidence\"", 1)
        .replacen("unit = \"pounds\"\n", "unit = \"pounds\"\nunits = \"pounds\"\n", 1);
    desk.put("mine.toml", wrong);
    let said = desk.sustain("schemes check mine.toml");
    assert_eq!(said.code, 2);
    for mistake in [
        "this status is not known (one of: complete, announced, partial)",
        "`needed_days` is missing (give it a from, a value and a source)",
        "unknown key `need_days` (did you mean `needed_days`?)",
        "more days are needed than the window has (window_days must be at least needed_days)",
        "no [[source]] has the id `guidence` (the sources are: guidance, limitation, ours)",
        "unknown key `units` (did you mean `unit`?)",
    ] {
        assert!(said.err.contains(mistake), "{mistake}\n{}", said.err);
    }
    let places = said.err.matches("mine.toml: line ").count();
    assert_eq!(places, 6, "{}", said.err);
    let found: Value = serde_json::from_str(&desk.sustain("schemes check mine.toml --json").out).unwrap();
    assert_eq!(found["mistakes"].as_array().unwrap().len(), 6);
}

#[test]
fn terms_that_begin_after_the_first_start_empty_lists_and_false_completeness_are_refused() {
    let text = built_in("lse-poc-2017").unwrap();
    let later = text.replacen("[[gap_query_days]]\nfrom = 2013-04-06", "[[gap_query_days]]\nfrom = 2017-11-02", 1);
    let empty = text.replacen("values = [\"esa\", \"uc\"]", "values = []", 1);
    let false_status = built_in("restart").unwrap().replacen("status = \"partial\"", "status = \"complete\"", 1);
    for (file, mistake) in [
        (later, "`gap_query_days` begins on 2017-11-02, and participants start from 2017-11-01"),
        (empty, "an empty list: nobody could be claimed for"),
        (false_status, "a scheme with a parameter that must be supplied is not complete"),
    ] {
        let found = load::load(&file, allows).unwrap_err().0;
        assert_eq!(found.iter().map(|found| found.problem.as_str()).collect::<Vec<_>>(), [mistake]);
    }
}

#[test]
fn an_outcome_whose_window_passes_the_wage_table_is_tried_too() {
    let desk = Desk::new();
    let text = built_in("jets-scotland").unwrap();
    let later = text.replacen("id = \"jets-scotland\"", "id = \"later\"", 1).replacen(
        "[[parameter]]",
        "[starts]\nfrom = 2026-08-03\nsource = \"ours\"\n\n[[parameter]]",
        1,
    );
    let limited = format!("{later}\n[[claim_within_days]]\nfrom = 2013-04-06\nvalue = 60\nsource = \"ours\"\n");
    desk.put("later.toml", limited);
    let said = desk.sustain("schemes check later.toml").stands();
    assert!(said.out.contains("14 came out as expected"), "{}", said.out);
    let said = desk.sustain("sample --scheme later.toml --out batch").stands();
    let command = said.out.lines().last().unwrap().trim().strip_prefix("sustain ").unwrap();
    assert!(command.contains(" --set HRS03=off "), "{command}");
    desk.sustain(command).stands();
}

#[test]
fn a_sound_file_is_tried_on_claims_made_from_its_numbers() {
    for (id, _) in BUILT_IN {
        let said = Desk::new().sustain(&format!("schemes check {id}")).stands();
        let counted: Vec<&str> = said.out.split_whitespace().filter(|word| word.parse::<u32>().is_ok()).collect();
        let tried = said.out.lines().find(|line| line.contains("claims made from its own numbers")).unwrap();
        assert!(tried.contains("came out as expected"), "{id}");
        assert_eq!(counted[counted.len() - 1], counted[counted.len() - 2], "{id}: {tried}");
    }
}

#[test]
fn a_new_contract_is_written_from_an_old_one_and_tried() {
    let desk = Desk::new();
    let text = built_in("plymouth-2023").unwrap();
    let mine = text
        .replacen("id = \"plymouth-2023\"", "id = \"saltmouth-2026\"", 1)
        .replacen("title = \"Plymouth", "title = \"Saltmouth", 1)
        .replacen("value = \"16.00\"", "value = \"24.00\"", 1)
        .replacen("values = [\"learning_disability\"]", "values = [\"learning_disability\", \"autism\"]", 1);
    desk.put("saltmouth.toml", mine);
    let said = desk.sustain("schemes check saltmouth.toml").stands();
    assert!(said.out.starts_with("Saltmouth learning disability supported employment: no mistakes"), "{}", said.out);
    let said = desk.sustain("schemes diff plymouth-2023 saltmouth.toml").stands().out;
    assert!(said.contains("plymouth-2023: 16 or more") && said.contains("saltmouth.toml: 24 or more"), "{said}");
    assert!(said.contains("saltmouth.toml: learning_disability, autism"), "{said}");
    desk.sustain("sample --scheme saltmouth.toml --out batch").stands();
}

#[test]
fn two_schemes_that_say_the_same_do_not_differ() {
    let said = Desk::new().sustain("schemes diff whp whp").stands();
    assert_eq!(said.out, "whp and whp do not differ\n");
    let said = Desk::new().sustain("schemes diff whp whp-west-london").stands().out;
    assert!(said.contains("whp: the adult National Living Wage on the day of the start"), "{said}");
    assert!(said.contains("whp-west-london: to be supplied as london_living_wage"), "{said}");
}

// Parameters and prices.

fn validate(desk: &Desk, scheme: &str, options: &str) -> crate::support::Said {
    desk.sustain(&format!("validate --scheme {scheme} --claims claims.csv --earnings earnings.csv --out out {options}"))
}

#[test]
fn a_scheme_that_needs_a_value_runs_only_when_it_is_given_and_says_so() {
    let desk = Desk::with_batch();
    let said = validate(&desk, "restart", "");
    assert_eq!(said.code, 2);
    assert!(
        said.err.starts_with("error: restart (partial) needs window_days: The days from the start"),
        "{}",
        said.err
    );
    assert!(said.err.contains("hint: give --param window_days=VALUE, such as --param window_days=365"), "{}", said.err);
    assert_eq!(desk.names(), ["claims.csv", "earnings.csv"]);
    let said = desk.sustain("check --scheme restart --claims claims.csv");
    assert!(said.code == 2 && said.err.contains("needs window_days"), "{said:?}");
    let said = validate(&desk, "restart", "--param window_days=400").stands();
    assert!(said.out.contains("window_days is 400, as supplied"), "{}", said.out);
    let account = desk.account();
    assert_eq!(account.scheme.parameters["window_days"].value.as_deref(), Some("400"));
    assert_eq!(account.scheme.parameters["window_days"].by, "command_line");
    assert_eq!(account.scheme.parameters["price"].value, None);
    let said = validate(&desk, "restart", "--param window_days=401");
    assert_eq!(said.code, 2, "another value is another run: {}", said.err);
}

#[test]
fn a_value_that_cannot_be_used_and_a_name_there_is_not_are_told() {
    let desk = Desk::with_batch();
    let said = validate(&desk, "restart", "--param window_days=soon");
    assert!(said.err.starts_with("error: --param window_days: soon days is not possible"), "{}", said.err);
    let said = validate(&desk, "restart", "--param window=365");
    assert!(said.err.contains("the scheme has no such parameter"), "{}", said.err);
    assert!(said.err.contains("its parameters: price, window_days"), "{}", said.err);
    let said = validate(&desk, "whp", "--param price=1,500");
    assert!(
        said.err.starts_with("error: --param price: the values supplied do not follow one another"),
        "{}",
        said.err
    );
    let said = validate(&desk, "whp", "--param price=1 --param price=2");
    assert!(said.err.starts_with("error: --param price is given twice"), "{}", said.err);
    let said = validate(&desk, "whp", "--param price");
    assert!(said.err.contains("write it as NAME=VALUE"), "{}", said.err);
}

#[test]
fn validated_claims_are_priced_to_the_penny_by_provider_and_contract() {
    let desk = Desk::with_batch();
    desk.put("claims.csv", claims().with(1, "amount_claimed", "2500.01").csv());
    validate(&desk, "lse-poc-2017", "--param unit_price=2500.01").stands();
    let money = desk.account().money;
    assert_eq!((money.claimed.as_str(), money.claimed_validated.as_str()), ("2500.01", "2500.01"));
    assert_eq!((money.payable.as_str(), money.priced), ("2500.01", 1));
    let by: Vec<(&str, &str, u64, &str)> = money
        .by_contract
        .iter()
        .map(|one| (one.provider_id.as_str(), one.contract_id.as_str(), one.claims, one.payable.as_str()))
        .collect();
    assert_eq!(by, [("PR1", "CT1", 2, "2500.01"), ("PR2", "CT2", 1, "0.00")]);
    let validated = desk.rows("validated");
    assert_eq!(validated[0]["payable"], "2500.01");
    assert!(desk.rows("rejected").iter().chain(&desk.rows("queried")).all(|row| row["payable"].is_empty()));
}

#[test]
fn an_amount_other_than_the_price_is_queried_and_nothing_of_it_is_payable() {
    let desk = Desk::with_batch();
    validate(&desk, "lse-poc-2017", "--param unit_price=2499.99").stands();
    let money = desk.account().money;
    assert_eq!((money.claimed.as_str(), money.payable.as_str()), ("2500.00", "0.00"));
    let queried = desk.rows("queried");
    assert!(queried.iter().any(|row| row["primary_reason"] == "CLM07"));
}

#[test]
fn a_provider_that_looks_like_a_person_is_not_named_in_the_account() {
    let desk = Desk::with_batch();
    desk.put("claims.csv", claims().with(1, "provider_id", "NC100001A").with(2, "contract_id", "1985-07-23").csv());
    // The desk looks through run.json for personal data.
    validate(&desk, "lse-poc-2017", "").stands();
    let named: Vec<String> = desk.account().money.by_contract.into_iter().map(|one| one.provider_id).collect();
    assert!(named.contains(&"(withheld)".to_owned()), "{named:?}");
}

// A batch of every scheme.

#[test]
fn every_scheme_has_a_batch_that_comes_to_its_answer_key() {
    for (id, _) in BUILT_IN {
        let desk = Desk::new();
        let said = desk.sustain(&format!("sample --scheme {id} --out batch")).stands();
        let command = said.out.lines().last().unwrap().trim().strip_prefix("sustain ").unwrap();
        desk.sustain(&command.replace("--out batch-result", "--out out")).stands();
        let key = std::fs::read_to_string(desk.path("batch/expected.csv")).unwrap();
        let expected: BTreeMap<String, (String, String)> = key.lines().skip(1).map(answer).collect();
        let decided = desk.decided();
        assert_eq!(decided.len(), expected.len(), "{id}");
        for row in decided {
            let (verdict, codes) = &expected[&row["claim_id"]];
            assert_eq!((&row["verdict"], id), (verdict, id), "{}", row["claim_id"]);
            let first = codes.split(' ').find(|code| row["primary_reason"] == **code);
            assert!(first.is_some() || codes.is_empty(), "{id} {}: {codes}", row["claim_id"]);
        }
        let verdicts: Vec<&str> = expected.values().map(|(verdict, _)| verdict.as_str()).collect();
        assert!(["validated", "rejected", "queried"].iter().all(|verdict| verdicts.contains(verdict)), "{id}");
    }
}

/// A line of the answer key: the case's name may be quoted, the rest is plain.
fn answer(line: &str) -> (String, (String, String)) {
    let (claim_id, rest) = line.split_once(',').unwrap();
    let (rest, codes) = rest.rsplit_once(',').unwrap();
    let (_, verdict) = rest.rsplit_once(',').unwrap();
    (claim_id.to_owned(), (verdict.to_owned(), codes.to_owned()))
}

#[test]
fn the_evidence_of_earnings_shows_the_running_total_and_what_was_left_out() {
    let desk = Desk::new();
    let said = desk.sustain("sample --scheme jets-scotland --out batch").stands();
    let command = said.out.lines().last().unwrap().trim().strip_prefix("sustain ").unwrap();
    desk.sustain(&command.replace("--out batch-result", "--out out")).stands();
    let key = std::fs::read_to_string(desk.path("batch/expected.csv")).unwrap();
    let rows_of = |case: &str| -> Vec<(String, String)> {
        let line = key.lines().find(|line| line.contains(case)).unwrap();
        let claim_id = line.split(',').next().unwrap();
        let rows = desk.rows("evidence").into_iter().filter(|row| row["claim_id"] == claim_id);
        rows.map(|row| (row["running_total"].clone(), row["why"].clone())).collect()
    };
    let added = "counts; added to the earnings";
    assert_eq!(
        rows_of("earned in two parts"),
        [("500.00".to_owned(), added.to_owned()), ("1000.00".to_owned(), added.to_owned())]
    );
    let late = "counts; its employment ended before the participant started, so its pay is not added";
    assert_eq!(rows_of("a job that ended before the start"), [(String::new(), late.to_owned())]);
    let outside = "counts; its payday lies outside the window of the earnings";
    assert_eq!(rows_of("paid the day after the window"), [(String::new(), outside.to_owned())]);
}

#[test]
fn as_many_claims_as_asked_for_are_made_each_of_a_person_of_their_own() {
    let desk = Desk::new();
    desk.sustain("sample --scheme jets-scotland --claims 30 --out batch").stands();
    let text = std::fs::read_to_string(desk.path("batch/claims.csv")).unwrap();
    assert_eq!(text.lines().count(), 31);
    let ninos: std::collections::BTreeSet<&str> = text.lines().filter_map(|line| line.split(',').nth(4)).collect();
    assert_eq!(ninos.len(), 31);
    let said = desk.sustain("sample --scheme jets-scotland --seed 7 --out other");
    assert_eq!(said.code, 2, "a seed draws nothing here: {}", said.err);
}

// Published worked results.

#[test]
fn hours_of_two_jobs_summed_fall_in_the_band_of_their_sum() {
    let hours = |text: &str| Hours::parse(text).unwrap();
    let both = hours("7").plus(hours("10")).unwrap();
    assert_eq!(both, hours("17"));
    let band = Band::holding(both, day("2021-04-06"));
    assert_eq!(band, Band::B);
    assert_eq!(band.against(hours("16"), day("2021-04-06")), Against::Reaches);
    assert_eq!(Band::holding(hours("10"), day("2021-04-06")), Band::A);
}

fn threshold(id: &str, outcome: &str, start: &str) -> Pence {
    let scheme = scheme(id);
    let OutcomeKind::Earnings { threshold, .. } = &scheme.outcome(outcome).unwrap().kind else { panic!("{outcome}") };
    assert!(matches!(threshold, Threshold::HoursAtRate { .. }));
    threshold.on(day(start), &WageTable::built_in().unwrap()).unwrap()
}

#[test]
fn hours_times_weeks_times_the_wage_of_the_day_are_exact() {
    assert_eq!(threshold("whp", "job_outcome", "2018-03-31"), Pence(312_000));
    assert_eq!(threshold("whp", "job_outcome", "2025-04-01"), Pence(507_936));
    assert_eq!(threshold("ipes", "lower_outcome", "2024-04-01"), Pence(237_952));
}

#[test]
fn the_days_of_jets_are_182_and_56_and_61() {
    let scheme = scheme("jets-scotland");
    let start = day("2021-01-04");
    let terms =
        scheme.earnings_terms(scheme.outcomes.first().unwrap(), start, &WageTable::built_in().unwrap()).unwrap();
    let window = (terms.closes - start).num_days() + 1;
    assert_eq!(window, 182 + 56);
    assert_eq!(window + i64::from(terms.late_data_days), 299);
}

// The schemes in the README.

#[test]
fn the_readme_names_every_scheme_with_its_status() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for (id, _) in BUILT_IN {
        assert!(readme.contains(&format!("| `{id}` | {} |", scheme(id).status.name())), "{id}");
    }
}

#[test]
fn the_rules_are_listed_and_each_explains_itself() {
    let list = Desk::new().sustain("rules").stands().out;
    let pages = Desk::new().sustain("rules --markdown").stands().out;
    let json: Value = serde_json::from_str(&Desk::new().sustain("rules --json").stands().out).unwrap();
    for (place, rule) in RULES.iter().enumerate() {
        assert!(list.contains(&format!("{}  {}", rule.code, rule.severity().name())), "{}", rule.code);
        assert!(pages.contains(&format!("# {}: {}", rule.code, rule.title)), "{}", rule.code);
        assert_eq!(json[place]["code"], rule.code.as_str());
        assert_eq!(json[place]["since"], rule.since);
    }
    let page = Desk::new().sustain("rules sus03").stands().out;
    assert!(page.starts_with("SUS03: not yet decidable: the next pay is not overdue\n\n  Checks "), "{page}");
    for part in [
        "\n  Why ",
        "\n  Verdict query",
        "\n  Source ",
        "\n  Example ",
        "\n  Severity query",
        "\n  Since version 0.1.0",
        "\n  Reads what the evidence answers",
        "\n  Rulebook section 6 (Sustained hours",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn an_unknown_rule_or_scheme_suggests_the_nearest() {
    let said = Desk::new().sustain("rules SUS30");
    assert_eq!(said.code, 2);
    assert!(said.err.starts_with("error: no rule has the code SUS30; did you mean SUS0"), "{}", said.err);
    for (typed, nearest) in [
        ("jets", "jets-scotland"),
        ("restrat", "restart"),
        ("WHP", "whp"),
        ("fairstart-scotland", "fair-start-scotland"),
    ] {
        let said = Desk::new().sustain(&format!("schemes show {typed}"));
        assert_eq!(said.code, 2);
        assert!(said.err.contains(&format!("did you mean {nearest}?")), "{typed}: {}", said.err);
    }
}

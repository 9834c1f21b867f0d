//! `explain`, the report, `packs`, `diff` and `audit-sample`, which work from a run's own files.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::support::{Desk, claims, earnings, files, rows};

/// A desk with the built-in sample batch decided in `demo`.
fn demo() -> Desk {
    let desk = Desk::new();
    desk.sustain("demo --out demo -q").stands();
    desk
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The claims of the sample with their expected verdict and codes.
fn expected() -> Vec<[String; 3]> {
    let table = include_str!("../../sample_data/expected.csv");
    let rows = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        [cells[0], cells[2], cells[3]].map(str::to_owned)
    });
    rows.collect()
}

#[test]
fn every_claim_of_the_sample_has_a_story_that_agrees_with_its_verdict() {
    let desk = demo();
    let schema = json(include_str!("../../schemas/explain.schema.json"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    // A row that is no record has no number to ask by.
    for [claim_id, verdict, codes] in expected().iter().filter(|[.., codes]| codes != "ROW01") {
        let said = desk.sustain(&format!("explain demo {claim_id} --json")).stands();
        let stories = json(&said.out);
        let told: Vec<&Value> =
            stories.as_array().unwrap().iter().filter(|one| text(&one["verdict"]) == verdict).collect();
        assert!(!told.is_empty(), "{claim_id}: {verdict}");
        for story in told {
            assert!(validator.is_valid(story), "{claim_id}");
            let failing = |rule: &&Value| !matches!(text(&rule["status"]), "passed" | "not_applicable");
            let rules = story["rules"].as_array().unwrap();
            let own: Vec<&str> = rules.iter().filter(failing).map(|rule| text(&rule["code"])).collect();
            assert_eq!(rules.len(), sustain::rules::RULES.len());
            if stories.as_array().unwrap().len() == 1 {
                assert_eq!(&own.join(" "), codes, "{claim_id}");
            }
            the_picture_agrees(story);
        }
    }
}

/// The days drawn for the best employer are those the counts of the window say, unless all employers were counted together.
fn the_picture_agrees(story: &Value) {
    let (Some(days), Some(window)) = (story["days"].as_object(), story["window"].as_array()) else { return };
    let together =
        story["rules"].as_array().unwrap().iter().any(|rule| rule["code"] == "SUS05" && rule["status"] == "query");
    let Some(best) = story["employers"].as_array().unwrap().iter().find(|one| one["is_best"] == true) else { return };
    if together {
        return;
    }
    let mut drawn: BTreeMap<String, u64> = BTreeMap::new();
    for stretch in best["days"].as_array().unwrap() {
        let day = |name: &str| text(&stretch[name]).parse::<chrono::NaiveDate>().unwrap();
        let mut date = day("from");
        while date <= day("to") {
            if (text(&window[0])..=text(&window[1])).contains(&date.to_string().as_str()) {
                *drawn.entry(text(&stretch["shows"]).to_owned()).or_default() += 1;
            }
            date = date.succ_opt().unwrap();
        }
    }
    let count = |name: &str| drawn.get(name).copied().unwrap_or(0);
    let told = |name: &str| days[name].as_u64().unwrap();
    assert_eq!(count("yes") + count("bridged"), told("yes"), "{story:#}");
    assert_eq!((count("unknown"), count("below")), (told("unknown"), told("below")), "{story:#}");
}

#[test]
fn a_story_is_told_in_words_and_a_picture() {
    let desk = demo();
    let told = desk.sustain(&format!("explain demo {}", of_scenario("ends_too_soon"))).stands().out;
    for part in [
        "rejected (SUS01)",
        "What stands between it and a validated claim",
        "no pay covers",
        "£ marks a payday",
        "Payments",
        "passed: ROW01",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let told = desk.sustain(&format!("explain demo {}", of_scenario("first_pay_in_arrears"))).stands().out;
    assert!(told.contains("The evidence shows the outcome and nothing speaks against the claim."), "{told}");
    let wrong = desk.sustain("explain demo C9999999");
    assert!(wrong.code == 2 && wrong.err.contains("demo has no claim C9999999"), "{}", wrong.err);
    let wrong = desk.sustain("explain . C0000001");
    assert!(wrong.code == 2 && wrong.err.contains("run.json could not be read"), "{}", wrong.err);
}

#[test]
fn particulars_are_told_only_where_they_are_asked_for() {
    let desk = demo();
    // Masked stories were held to hold nothing personal as they were printed.
    let masked = desk.sustain("explain demo C0000001").stands().out;
    assert!(!masked.contains("surname"), "{masked}");
    let shown = Command::new(env!("CARGO_BIN_EXE_sustain"))
        .args(["explain", "demo", "C0000001", "--show-personal"])
        .current_dir(desk.path(""))
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("surname") && shown.contains("born"), "{shown}");
    let participant =
        json(&desk.sustain("explain demo C0000001 --json").stands().out)[0]["claim"]["participant_id"].clone();
    let of_participant =
        desk.sustain(&format!("explain demo --participant {} --json", text(&participant))).stands().out;
    assert!(json(&of_participant).as_array().unwrap().iter().any(|story| story["claim"]["claim_id"] == "C0000001"));
    let row = json(&desk.sustain("explain demo C0000001 --json").stands().out)[0]["claim_row"].clone();
    let of_row = json(&desk.sustain(&format!("explain demo --row {row} --json")).stands().out);
    assert_eq!(of_row[0]["claim"]["claim_id"], "C0000001");
}

#[test]
fn the_report_has_what_the_account_has_and_no_particulars() {
    let desk = demo();
    let report = fs::read_to_string(desk.path("demo/report.html")).unwrap();
    for part in [
        "Claims by verdict",
        "Rules that fired",
        "most claims not validated first",
        "Money claimed and payable",
        "From what was claimed to what is payable",
        "Rows set aside",
    ] {
        assert!(report.contains(part), "{part}");
    }
    assert!(report.contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"));
    assert!(!report.contains("http://") && !report.contains("https://"), "the page asks for nothing");
    let data = report.split("id=\"claims-data\">").nth(1).unwrap().split("</script>").next().unwrap();
    let claims = json(data);
    assert_eq!(claims.as_array().unwrap().len(), expected().len());
    let verdicts = claims.as_array().unwrap().iter().filter(|claim| claim[4] == "validated").count();
    assert_eq!(verdicts, expected().iter().filter(|[_, verdict, _]| verdict == "validated").count());
}

/// The PAYE references that the demo's evidence names.
fn employers(desk: &Desk) -> Vec<String> {
    let mut found: Vec<String> = rows(&desk.path("demo/evidence.parquet"))
        .iter()
        .map(|row| format!("{}/{}", row["office_number"], row["paye_ref"]))
        .collect();
    found.sort();
    found.dedup();
    assert!(found.len() > 50);
    found
}

#[test]
fn a_pack_holds_a_providers_own_claims_and_no_pay() {
    let desk = demo();
    desk.sustain("packs demo --out packs").stands();
    let account = json(&fs::read_to_string(desk.path("packs/packs.json")).unwrap());
    let claims: u64 =
        account["providers"].as_array().unwrap().iter().map(|pack| pack["claims"].as_u64().unwrap()).sum();
    assert_eq!(usize::try_from(claims).unwrap(), expected().len());
    let employers = employers(&desk);
    for pack in account["providers"].as_array().unwrap() {
        let name = text(&pack["name"]);
        let csv = fs::read_to_string(desk.path(&format!("packs/{name}.csv"))).unwrap();
        let page = fs::read_to_string(desk.path(&format!("packs/{name}.html"))).unwrap();
        assert!(!csv.lines().next().unwrap().contains("pay_in_window"));
        // What the payroll shows is not told: neither employers nor days.
        for text in [&csv, &page] {
            assert!(employers.iter().all(|employer| !text.contains(employer)), "{name}");
            assert!(!text.contains("covered day") && !text.contains("paid until"), "{name}");
        }
        for other in account["providers"].as_array().unwrap().iter().filter(|other| other["name"] != pack["name"]) {
            let other = text(&other["provider_id"]);
            assert!(other.is_empty() || !page.contains(&format!("claims of {other}<")), "{name} names {other}");
        }
    }
    let queried = fs::read_to_string(desk.path("packs/provider-PR01.csv")).unwrap();
    assert!(queried.lines().next().unwrap().ends_with("rules,reasons,what_to_send,look_again_on"), "{queried}");
    let first = files(&desk.path("packs"));
    let again = desk.sustain("packs demo --out packs").stands();
    assert!(again.out.contains("a table and a page for each provider"));
    assert_eq!(files(&desk.path("packs")), first);
    let other = desk.sustain("packs demo --out packs --with-earnings");
    assert!(other.code == 2 && other.err.contains("already there"), "{}", other.err);
    desk.sustain("packs demo --out packs --with-earnings --replace").stands();
    let csv = fs::read_to_string(desk.path("packs/provider-PR01.csv")).unwrap();
    assert!(csv.lines().next().unwrap().contains("pay_in_window"));
}

/// The sample batch as files, to be decided by hand.
fn batch() -> Desk {
    let desk = Desk::new();
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data");
    for name in ["claims.csv", "register.csv", "earnings.csv", "scheme.toml"] {
        desk.put(name, fs::read(data.join(name)).unwrap());
    }
    desk
}

fn decide(desk: &Desk, out: &str, options: &str) {
    desk.sustain(&format!(
        "validate --scheme scheme.toml --claims claims.csv --register register.csv --earnings earnings.csv --out {out} -q {options}"
    ))
    .stands();
}

fn difference(desk: &Desk, options: &str) -> Value {
    json(&desk.sustain(&format!("diff old new --json {options}")).stands().out)
}

#[test]
fn two_runs_of_the_same_inputs_do_not_differ() {
    let desk = batch();
    decide(&desk, "old", "");
    decide(&desk, "new", "");
    let said = desk.sustain("diff old new --fail-on-change").stands();
    assert!(said.out.starts_with("0 claims changed"), "{}", said.out);
}

#[test]
fn a_change_is_put_down_to_what_changed() {
    let desk = batch();
    decide(&desk, "old", "");
    decide(&desk, "new", "--set SUS02=query");
    let found = difference(&desk, "");
    assert_eq!(found["differs"], serde_json::json!(["rules"]));
    let changes = found["changes"].as_array().unwrap();
    assert!(!changes.is_empty() && changes.iter().all(|one| one["cause"] == "rules"));
    assert_eq!(desk.sustain("diff old new --fail-on-change -q").code, 1);
    the_walk_adds_up(&desk, &found);
    desk.sustain("diff old new --out changes -q").stands();
    let mut written = json(&fs::read_to_string(desk.path("changes/diff.json")).unwrap());
    let own = ["outputs", "seal"].map(|field| written.as_object_mut().unwrap().remove(field));
    assert!(own.iter().all(Option::is_some));
    assert_eq!(written, found);

    // Earnings up to an earlier day, and a rule that did not matter to those claims.
    fs::remove_dir_all(desk.path("new")).unwrap();
    decide(&desk, "new", "--extract-to 2018-12-31 --set IDN06=query");
    let found = difference(&desk, "");
    assert_eq!(found["differs"], serde_json::json!(["cut_off", "rules"]));
    let causes: Vec<&str> = found["changes"].as_array().unwrap().iter().map(|one| text(&one["cause"])).collect();
    assert!(causes.contains(&"cut_off") && causes.contains(&"rules"), "{causes:?}");
}

#[test]
fn claims_that_came_and_went_are_changes_of_the_claims() {
    let desk = batch();
    decide(&desk, "old", "");
    let claims = fs::read_to_string(desk.path("claims.csv")).unwrap();
    let lines: Vec<&str> = claims.lines().collect();
    desk.put("claims.csv", [&lines[..1], &lines[2..]].concat().join("\n") + "\n");
    decide(&desk, "new", "");
    let found = difference(&desk, "");
    let gone: Vec<&Value> =
        found["changes"].as_array().unwrap().iter().filter(|one| one["new_row"].is_null()).collect();
    assert_eq!((gone.len(), text(&gone[0]["cause"])), (1, "claims"));
    the_walk_adds_up(&desk, &found);
}

/// What a run of the sample pays, in pence: its scheme states a price for every claim that it validates.
fn payable(desk: &Desk, run: &str) -> i64 {
    let money = json(&fs::read_to_string(desk.path(&format!("{run}/run.json"))).unwrap())["money"].clone();
    let pence = |amount: &Value| text(amount).replace('.', "").parse::<i64>().unwrap();
    let walk = &money["walk"];
    assert_eq!((&walk["claimed"], &walk["payable"]), (&money["claimed"], &money["payable"]));
    let steps: i64 = walk["steps"].as_array().unwrap().iter().map(|step| pence(&step["amount"])).sum();
    assert_eq!(pence(&walk["claimed"]) + steps, pence(&money["payable"]), "{walk:#}");
    pence(&money["payable"])
}

/// The walk of a comparison leads from what one run pays to what the other pays, by cause, by verdict and by claim.
fn the_walk_adds_up(desk: &Desk, found: &Value) {
    let pence = |value: &Value| value.as_i64().unwrap_or_default();
    let all = |list: &Value, of: &dyn Fn(&Value) -> i64| list.as_array().unwrap().iter().map(of).sum::<i64>();
    let walk = &found["payable"];
    assert_eq!((pence(&walk["old_pence"]), pence(&walk["new_pence"])), (payable(desk, "old"), payable(desk, "new")));
    let change = payable(desk, "new") - payable(desk, "old");
    let by_cause = walk["by_cause"].as_object().unwrap().values();
    assert_eq!(by_cause.map(|one| pence(&one["added_pence"]) - pence(&one["taken_pence"])).sum::<i64>(), change);
    assert_eq!(all(&found["by_verdict"], &|one| pence(&one["payable_change_pence"])), change);
    let of_claim = |one: &Value| pence(&one["new_payable_pence"]) - pence(&one["old_payable_pence"]);
    assert_eq!(all(&found["changes"], &of_claim), change);
}

#[test]
fn another_price_is_a_change_of_the_scheme() {
    let desk = batch();
    decide(&desk, "old", "--set CLM07=note");
    let scheme = fs::read_to_string(desk.path("scheme.toml")).unwrap();
    desk.put("scheme.toml", scheme.replace("\"2500.00\"", "\"2400.01\""));
    // A rule that has no say in what is payable is set otherwise too.
    decide(&desk, "new", "--set CLM07=note --set SUS02=query");
    let found = difference(&desk, "");
    the_walk_adds_up(&desk, &found);
    assert_ne!(payable(&desk, "old"), payable(&desk, "new"));
    let changes = found["changes"].as_array().unwrap();
    let of_price = |one: &&Value| one["new_payable_pence"] == 240_001 && one["old_payable_pence"] == 250_000;
    let of_price: Vec<&Value> = changes.iter().filter(of_price).collect();
    assert!(of_price.iter().all(|one| one["cause"] == "scheme"), "{found:#}");
    // Claims that state no amount have the same answer at another price.
    assert!(of_price.iter().any(|one| one["old_reasons"] == one["new_reasons"]), "{found:#}");
}

/// The claim of a scenario of the sample.
fn of_scenario(scenario: &str) -> String {
    let table = include_str!("../../sample_data/expected.csv");
    let line = table.lines().find(|line| line.split(',').nth(1) == Some(scenario)).unwrap();
    line.split(',').next().unwrap().to_owned()
}

fn cause_of(found: &Value, claim_id: &str) -> String {
    let changes = found["changes"].as_array().unwrap();
    let own = changes.iter().find(|one| one["claim_id"] == claim_id).unwrap_or_else(|| panic!("{claim_id}: {found:#}"));
    text(&own["cause"]).to_owned()
}

#[test]
fn where_several_things_changed_each_claim_is_looked_at_by_itself() {
    let desk = batch();
    let claims = fs::read_to_string(desk.path("claims.csv")).unwrap();
    let earnings = fs::read_to_string(desk.path("earnings.csv")).unwrap();
    // Before, a claim gave a number under which nobody is paid; and the extract had a row less, of somebody else.
    let corrected = of_scenario("paid_monthly");
    let place = claims.lines().next().unwrap().split(',').position(|name| name == "nino").unwrap();
    let mistaken: Vec<String> = claims
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if cells[0] == corrected {
                cells[place] = "NC999999A";
            }
            cells.join(",")
        })
        .collect();
    desk.put("claims.csv", mistaken.join("\n") + "\n");
    let lines: Vec<&str> = earnings.lines().collect();
    desk.put("earnings.csv", lines[..lines.len() - 1].join("\n") + "\n");
    decide(&desk, "old", "");
    desk.put("claims.csv", &claims);
    desk.put("earnings.csv", &earnings);
    decide(&desk, "new", "");
    let found = difference(&desk, "");
    assert!(found["differs"].as_array().unwrap().len() >= 2, "{found:#}");
    assert_eq!(cause_of(&found, &corrected), "claims");

    // A first pay that was still to come is overdue on a later day; another claim was left out of the file.
    fs::remove_dir_all(desk.path("old")).unwrap();
    fs::rename(desk.path("new"), desk.path("old")).unwrap();
    let without: Vec<&str> = claims.lines().filter(|line| !line.starts_with(&corrected)).collect();
    desk.put("claims.csv", without.join("\n") + "\n");
    decide(&desk, "new", "--extract-to 2019-05-01");
    let found = difference(&desk, "");
    assert_eq!(cause_of(&found, &of_scenario("first_pay_still_to_come")), "cut_off");
}

#[test]
fn all_claims_of_a_participant_are_told_as_each_is_alone() {
    let desk = demo();
    let told = |what: &str| json(&desk.sustain(&format!("explain demo {what} --json")).stands().out);
    let first = told(&of_scenario("claimed_twice"));
    let participant = text(&first[0]["claim"]["participant_id"]).to_owned();
    let all = told(&format!("--participant {participant}"));
    assert!(all.as_array().unwrap().len() > 1, "{participant}");
    for story in all.as_array().unwrap() {
        let alone = told(&format!("--row {}", story["claim_row"]));
        assert_eq!(story, &alone[0]);
    }
}

#[test]
fn what_people_wrote_in_a_folder_is_never_replaced() {
    let desk = demo();
    desk.sustain("audit-sample demo --size 10 --seed 1 --out sample -q").stands();
    desk.put("sample/filled.csv", "mine");
    let said = desk.sustain("audit-sample demo --size 10 --seed 2 --out sample --replace");
    assert!(said.code == 2 && said.err.contains("holds files that were not written there"), "{}", said.err);
    fs::remove_file(desk.path("sample/filled.csv")).unwrap();
    let sheet = fs::read_to_string(desk.path("sample/sample.csv")).unwrap();
    desk.put("sample/sample.csv", sheet.replacen(",,,,", ",yes,,me,", 1));
    let said = desk.sustain("audit-sample demo --size 10 --seed 2 --out sample --replace");
    assert!(said.code == 2 && said.err.contains("a sheet that people have written in"), "{}", said.err);
    // The same sample again is left as it was filled in.
    desk.sustain("audit-sample demo --size 10 --seed 1 --out sample -q").stands();
    desk.put("sample/sample.csv", &sheet);
    desk.sustain("audit-sample demo --size 10 --seed 2 --out sample --replace -q").stands();

    desk.sustain("packs demo --out packs -q").stands();
    desk.put("packs/provider-PR01.csv", "changed");
    let said = desk.sustain("packs demo --out packs");
    assert!(said.code == 2 && said.err.contains("already there"), "{}", said.err);
    desk.sustain("packs demo --out packs --replace -q").stands();
    assert!(fs::read_to_string(desk.path("packs/provider-PR01.csv")).unwrap().starts_with("claim_row,"));
    desk.put("packs/letter.txt", "mine");
    let said = desk.sustain("packs demo --out packs --with-earnings --replace");
    assert!(said.code == 2 && said.err.contains("holds files that were not written there"), "{}", said.err);
}

#[test]
fn a_sample_is_drawn_filled_in_and_worked_out() {
    let desk = demo();
    let drawn = desk.sustain("audit-sample demo --size 20 --seed 7 --out sample").stands().out;
    let will_show =
        "If none of the 20 is wrong, the error rate is at most 16.8%; if 1 is, 0.1% to 24.9% (with 95% confidence).";
    assert!(drawn.contains(will_show), "{drawn}");
    desk.sustain("audit-sample demo --size 20 --seed 7 --out again -q").stands();
    assert_eq!(files(&desk.path("sample")), files(&desk.path("again")));
    let sheet = fs::read_to_string(desk.path("sample/sample.csv")).unwrap();
    assert_eq!(sheet.lines().count(), 21);
    // The first two are wrong: nothing, and £100.00, should have been paid.
    let filled: Vec<String> = sheet
        .lines()
        .enumerate()
        .map(|(number, line)| match number {
            0 => line.to_owned(),
            1 => line.strip_suffix(",,,,").unwrap().to_owned() + ",no,0,me,",
            2 => line.strip_suffix(",,,,").unwrap().to_owned() + ",no,100.00,me,",
            _ => line.strip_suffix(",,,,").unwrap().to_owned() + ",yes,,me,",
        })
        .collect();
    desk.put("filled.csv", filled.join("\n") + "\n");
    let found = json(&desk.sustain("audit-sample sample --results filled.csv --json").stands().out);
    assert_eq!((&found["all"]["checked"], &found["all"]["wrong"]), (&20.into(), &2.into()));
    let rate = &found["all"]["error_rate"];
    let near = |name: &str, value: f64| (rate[name].as_f64().unwrap() - value).abs() < 0.00005;
    // Clopper and Pearson's interval of 2 in 20.
    assert!(near("value", 0.1) && near("lower", 0.0123) && near("upper", 0.3170), "{rate}");
    let told = desk.sustain("audit-sample sample --results filled.csv").stands().out;
    assert!(told.contains("10.0% (1.2% to 31.7%)"), "{told}");
    // What was told before is what is found now.
    let told = json(&fs::read_to_string(desk.path("sample/sample.json")).unwrap())["precision"].clone();
    assert_eq!((&told["all"]["drawn"], &told["all"]["too_few"]), (&20.into(), &false.into()));
    let thin = desk.sustain("audit-sample demo --size 20 --seed 7 --by contract --least 5 --out thin").stands().out;
    assert!(thin.contains("strata too few claims are drawn") && thin.contains("it takes 5 checked claims"), "{thin}");
    // Too few are checked.
    let few = desk.sustain("audit-sample sample --results filled.csv --least 25").stands().out;
    assert!(few.contains("not extrapolated"), "{few}");
    // What contradicts itself, or is not what the sheet gave, is refused at its line.
    let own_id = filled[1].split(',').nth(2).unwrap().to_owned();
    for (from, to, words) in [
        (",no,0,", ",no,,", "should_be is empty"),
        (",no,0,", ",yes,0,", "right is yes and should_be is another amount"),
        (",no,0,", ",no,9999.00,", "right is no and should_be is not less than the amount"),
        (",no,0,", ",nearly,0,", "right cannot be read"),
        (own_id.as_str(), "C9999999", "claim_id or amount is not that of claim row"),
    ] {
        desk.put("filled.csv", filled.join("\n").replacen(from, to, 1) + "\n");
        let wrong = desk.sustain("audit-sample sample --results filled.csv");
        assert!(wrong.code == 2 && wrong.err.contains(&format!("filled.csv, line 2: {words}")), "{}", wrong.err);
    }
}

/// A sheet of separated values as a workbook in which amounts and answers are what a spreadsheet makes of them.
fn typed_workbook(lines: &[String]) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("how to").unwrap().write(0, 0, "Validated claims to check by hand").unwrap();
    let names: Vec<&str> = lines[0].split(',').collect();
    for tab in ["claims", "claims (2)"] {
        let sheet = book.add_worksheet().set_name(tab).unwrap();
        for (row, line) in (0..).zip(lines) {
            for (column, (cell, name)) in (0..).zip(line.split(',').zip(&names)) {
                let written = match (*name, cell) {
                    (_, "") => continue,
                    ("right", "yes" | "no") => sheet.write(row, column, cell == "yes"),
                    ("amount" | "should_be", _) if row != 0 => sheet.write(row, column, cell.parse::<f64>().unwrap()),
                    _ => sheet.write(row, column, cell),
                };
                written.unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_sample_is_worked_out_from_its_own_workbook() {
    let desk = demo();
    desk.sustain("audit-sample demo --size 20 --seed 7 --out sample").stands();
    let sheet = fs::read_to_string(desk.path("sample/sample.csv")).unwrap();
    let answers = |number: usize| if number == 1 { ",no,100.00,me," } else { ",yes,,me," };
    let filled = |(number, line): (usize, &str)| match line.strip_suffix(",,,,") {
        Some(given) => given.to_owned() + answers(number),
        None => line.to_owned(),
    };
    let filled: Vec<String> = sheet.lines().enumerate().map(filled).collect();
    desk.put("filled.csv", filled.join("\n") + "\n");
    desk.put("sample/sample.xlsx", typed_workbook(&filled));
    let found = |sheet: &str| desk.sustain(&format!("audit-sample sample --results {sheet} --json")).stands().out;
    assert_eq!(found("sample/sample.xlsx"), found("filled.csv"));
    desk.sustain("verify sample").stands();
}

#[test]
fn there_is_a_manual_page_for_every_verb() {
    let desk = Desk::new();
    desk.sustain("man --out man").stands();
    let pages: Vec<String> = files(&desk.path("man")).into_keys().collect();
    for page in ["sustain.1", "sustain-validate.1", "sustain-explain.1", "sustain-packs.1", "sustain-diff.1"] {
        assert!(pages.contains(&page.to_owned()), "{page} of {pages:?}");
    }
    assert!(desk.sustain("man").stands().out.contains(".TH"));
}

/// Every folder that is published has an account that is sealed, and is found out where anything in it was changed or added.
#[test]
fn what_is_changed_in_any_published_folder_is_found_out() {
    let desk = batch();
    decide(&desk, "run", "");
    decide(&desk, "other", "--set SUS02=query");
    desk.sustain("packs run --out packs").stands();
    desk.sustain("diff run other --out changes").stands();
    desk.sustain("audit-sample run --size 9 --seed 1 --out sample").stands();
    desk.sustain("rates --scheme scheme.toml --register register.csv --earnings earnings.csv --out rates").stands();
    for (folder, account) in [
        ("run", "run.json"),
        ("packs", "packs.json"),
        ("changes", "diff.json"),
        ("sample", "sample.json"),
        ("rates", "not-for-release/rates.json"),
    ] {
        let said = desk.sustain(&format!("verify {folder}")).stands();
        assert!(said.out.contains("verified"), "{}", said.out);
        // A figure in the account.
        let path = format!("{folder}/{account}");
        let text = fs::read_to_string(desk.path(&path)).unwrap();
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let (from, to) = if folder == "changes" {
            ("\"in_both\": ", "\"in_both\": 7")
        } else {
            (version.as_str(), "\"version\": \"9.9.9\"")
        };
        assert!(text.contains(from), "{text}");
        desk.put(&path, text.replacen(from, to, 1));
        let said = desk.sustain(&format!("verify {folder}"));
        assert_eq!(said.code, 3, "{folder}");
        assert!(said.err.contains(&format!("{account} is not the one that was written")), "{}", said.err);
        desk.put(&path, text);
        // A file that the next pattern of file names would find.
        desk.put(&format!("{folder}/also-validated.parquet"), "x");
        let said = desk.sustain(&format!("verify {folder}"));
        assert_eq!(said.code, 3, "{folder}");
        assert!(said.err.contains("also-validated.parquet, which was not written there"), "{}", said.err);
        fs::remove_file(desk.path(&format!("{folder}/also-validated.parquet"))).unwrap();
        desk.sustain(&format!("verify {folder}")).stands();
    }
    // A changed figure is not worked with either.
    let sample = fs::read_to_string(desk.path("sample/sample.json")).unwrap();
    desk.put("sample/sample.json", sample.replacen("\"pence\": ", "\"pence\": 9", 1));
    let said = desk.sustain("audit-sample sample --results sample/sample.csv");
    assert_ne!(said.code, 0);
    desk.put("run/also-validated.parquet", "x");
    for verb in [
        "explain run C0000001",
        "packs run --out more",
        "diff run other",
        "audit-sample run --size 9 --seed 1 --out more",
    ] {
        assert_eq!(desk.sustain(verb).code, 3, "{verb}");
    }
}

#[test]
fn what_may_be_personal_in_cells_that_could_not_be_read_is_told_only_where_it_is_asked_for() {
    let desk = Desk::new();
    // A number with letters for figures, birth dates in odd forms, and the person's own name, in columns of other things.
    let slips = [
        ("date_of_birth", "15.1.1990"),
        ("employment_type", "NC10OO01A"),
        ("job_start_date", "15-Jan-90"),
        ("job_end_date", "15th Jan 1990"),
        ("outcome_date", "32888"),
        ("amount_claimed", "NC10 00 0l"),
        ("paye_reference", "NC100001O"),
        ("claim_date", "bramblewick Z."),
    ];
    let mut claims = claims().with(1, "hours_per_week", "sixteen").with(1, "employer_name", "Zed NC654321A");
    for (column, slip) in slips {
        claims = claims.with(1, column, slip);
    }
    claims = claims.with(2, "participant_id", "NC654321A").with(2, "job_end_date", "autumn").with(
        2,
        "hours_per_week",
        "many",
    );
    desk.put("claims.csv", claims.csv());
    desk.put("earnings.csv", earnings().csv());
    desk.validate("--set-aside 100%").stands();
    for form in ["", " --json"] {
        let told = desk.sustain(&format!("explain out C1{form}")).stands().out;
        for slip in slips.map(|(_, slip)| slip).into_iter().chain(["NC654321A", "sixteen"]) {
            assert!(!told.contains(slip), "{slip}: {told}");
        }
        for kept in
            ["(withheld, 7 characters)", "(withheld, 9 characters)", "(withheld, 5 digits)", "could not be read"]
        {
            assert!(told.split_whitespace().collect::<Vec<_>>().join(" ").contains(kept), "{kept}: {told}");
        }
        let told = desk.sustain(&format!("explain out C2{form}")).stands().out;
        assert!(["NC654321A", "autumn", "many"].iter().all(|slip| !told.contains(slip)), "{told}");
    }
    let shown = Command::new(env!("CARGO_BIN_EXE_sustain"))
        .args(["explain", "out", "C1", "--show-personal", "--json"])
        .current_dir(desk.path(""))
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(slips.iter().all(|(_, slip)| shown.contains(slip)), "{shown}");
}

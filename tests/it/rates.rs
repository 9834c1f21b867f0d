//! Rates: numerators and denominators, what is not observed, and that nothing withheld can be recomputed.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Desk, earnings, files};

const REGISTER: &str = "\
participant_id,nino,surname,forename,date_of_birth,sex,contract_id,provider_id,referral_date,start_date,cohort,benefit
P1,NC200001A,Adams,Robin,1990-01-15,F,CT1,PR1,2018-02-01,2018-03-01,autism,uc
P2,NC200002A,Brown,Sam,1985-07-23,M,CT1,PR1,2018-02-01,2018-03-01,autism,uc
P3,NC200003A,Clark,Alex,1978-11-09,M,CT2,PR1,2018-02-01,,mental_health,uc
";

/// All files of a set of rates.
fn written(desk: &Desk, folder: &str) -> [BTreeMap<String, Vec<u8>>; 2] {
    let restricted = desk.path(folder).join("not-for-release");
    let inside = files(&restricted);
    let aside = desk.path("aside");
    fs::rename(&restricted, &aside).unwrap();
    let outside = files(&desk.path(folder));
    fs::rename(&aside, &restricted).unwrap();
    [outside, inside]
}

/// The rows of a table of plain cells.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = text.lines().map(split);
    let names = lines.next().unwrap();
    lines.map(|cells| names.iter().cloned().zip(cells).collect()).collect()
}

/// The cells of a line, of which some may be in quotation marks.
fn split(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

fn rates(desk: &Desk) -> Vec<BTreeMap<String, String>> {
    // What nothing is withheld of lies with what is not for release.
    let places = ["rates/rates.csv", "rates/not-for-release/rates.csv"].map(|place| desk.path(place));
    let file = places.iter().find(|place| place.is_file()).unwrap();
    table(&fs::read_to_string(file).unwrap())
}

/// Numerator and denominator of one row for everyone, and which part of the measure is not observed.
fn figures(desk: &Desk, measure: &str, period: &str) -> [String; 3] {
    let rows = rates(desk);
    let row = rows
        .iter()
        .find(|row| row["measure"] == measure && row["period"] == period && row["group"] == "all")
        .unwrap_or_else(|| panic!("{measure} {period}"));
    ["numerator", "denominator", "not_observed"].map(|column| row[column].clone())
}

/// A desk with the register above; P1 is paid monthly from May 2018 to March 2019, 16 or more hours, and P2 in January and
/// February 2018 and from September, under 16.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("register.csv", REGISTER);
    let mut table = earnings();
    let row = table.rows[0].clone();
    let paid = |nino: &str, surname: &str, forename: &str, born: &str, payday: &str, start: &str, band: &str| {
        let mut row = row.clone();
        for (column, value) in [
            ("nino", nino),
            ("surname", surname),
            ("forename", forename),
            ("date_of_birth", born),
            ("payment_date", payday),
            ("employment_start_date", start),
            ("pay_frequency", "M1"),
            ("hours_band", band),
            ("payment_id", ""),
            ("leaving_date", ""),
        ] {
            if let Some(place) = table.names.iter().position(|name| name == column) {
                value.clone_into(&mut row[place]);
            }
        }
        row
    };
    let months = ["2018-05-31", "2018-06-30", "2018-07-31", "2018-08-31", "2018-09-30", "2018-10-31", "2018-11-30"];
    let later = ["2018-12-31", "2019-01-31", "2019-02-28", "2019-03-31"];
    let mut rows = Vec::new();
    for payday in months.iter().chain(&later) {
        rows.push(paid("NC200001A", "Adams", "Robin", "1990-01-15", payday, "2018-05-01", "D"));
    }
    for payday in ["2018-01-31", "2018-02-28", "2018-09-30", "2018-10-31", "2018-11-30", "2018-12-31"] {
        rows.push(paid("NC200002A", "Brown", "Sam", "1985-07-23", payday, "", "A"));
    }
    // Someone whose first payday opens the extract.
    rows.push(paid("NC200009A", "Other", "Person", "1970-01-01", "2017-10-31", "", "D"));
    table.rows = rows;
    desk.put("earnings.csv", table.csv());
    desk
}

const RATES: &str = "rates --scheme lse-poc-2017 --register register.csv --earnings earnings.csv --out rates";

#[test]
fn the_figures_of_three_people_are_those_worked_out_by_hand() {
    let desk = desk();
    let said = desk.sustain(&format!("{RATES} --disclosure internal --on 2018-10-15 --sensitivity")).stands();
    assert_eq!(
        said.out,
        "rates: rates of 3 people, 2 of whom started (2 starts), counted by people\n  \
         observed from 2017-10-31 to 2019-02-21; the extract speaks up to 2019-03-31\n  \
         not observed: 0 without a usable number, 0 whose earnings are another's, 0 with rows that could not be read, 0 starts after the cut-off\n  \
         register: 3 rows, 0 of them not used and listed\n  \
         disclosure control internal: multiples of 1, 0 rows withheld\n  \
         People who started, of those referred: 66.7% (20.8% to 93.9%), 2 of 3 people\n  \
         First earnings within 52 weeks of the start, cohorts with enough time: nobody is observed\n  \
         Job start within 52 weeks of the start, cohorts with enough time: nobody is observed\n  \
         Outcome by evidence, claimed or not, cohorts with enough time sustained_13_weeks: 50.0% (9.5% to 90.5%), 1 of 2 people\n"
    );
    let is = |measure: &str, period: &str, expected: [&str; 3]| {
        assert_eq!(figures(&desk, measure, period), expected, "{measure} {period}");
    };
    is("referred", "", ["3", "", ""]);
    is("referrals", "", ["3", "", ""]);
    is("started", "", ["2", "3", "none"]);
    is("starts_in_month", "2018-03", ["2", "", ""]);
    // Both started on 1 March 2018: week -1 is 22 to 28 February, week 9 holds 3 to 9 May.
    is("employed_week", "-1", ["1", "2", "none"]);
    is("employed_week", "0", ["0", "2", "none"]);
    is("employed_week", "9", ["1", "2", "none"]);
    is("employed_week", "30", ["2", "2", "none"]);
    is("employed_16_week", "30", ["1", "2", "none"]);
    is("employed_month", "2018-10", ["2", "3", "10% to 50%"]);
    is("employed_16_month", "2018-10", ["1", "3", "10% to 50%"]);
    is("employed_month", "2017-10", ["0", "0", "10% to 50%"]);
    is("employed_before", "-13 to 0", ["1", "2", "none"]);
    is("employed_after", "13 to 26", ["1", "2", "10% to 50%"]);
    is("increase", "13 to 26", ["0", "2", "10% to 50%"]);
    is("increase", "26 to 39", ["1", "2", "10% to 50%"]);
    is("out_of_work_at_start", "", ["2", "2", "none"]);
    is("first_earnings_full", "", ["2", "2", "none"]);
    is("first_earnings_matured", "", ["0", "0", "none"]);
    // P2 is paid after the start from a job that was there before it.
    is("job_start_full", "", ["1", "2", "none"]);
    is("job_start_matured", "", ["0", "0", "none"]);
    is("outcome_by_evidence_matured", "sustained_13_weeks", ["1", "2", "none"]);
    is("outcome_by_evidence_full", "sustained_13_weeks", ["1", "2", "none"]);
    is("paid_employment_on", "2018-10-15 any", ["2", "3", "none"]);
    is("paid_employment_on", "2018-10-15 under_16", ["1", "3", "none"]);
    is("paid_employment_on", "2018-10-15 16_or_more", ["1", "3", "none"]);
    is("sustained_five_of_six_months", "2018-19", ["0", "0", "over 50%"]);
    // Band D is 30 or more, and the job in band A was there before the start, so that it is not even possible.
    for change in [
        "14 hours, certain",
        "14 hours, possible",
        "16 hours",
        "17 hours, certain",
        "18 hours, possible",
        "14 days of break more",
        "start within 0 days",
    ] {
        is("sensitivity", change, ["1", "2", "none"]);
    }
    // The curve has the weeks in which both are observed: week -14 is before the extract, week 39 ends after it.
    let weeks =
        rates(&desk).into_iter().filter(|row| row["measure"] == "employed_week").map(|row| row["period"].clone());
    let weeks: Vec<String> = weeks.collect();
    assert_eq!((weeks.first().unwrap().as_str(), weeks.last().unwrap().as_str(), weeks.len()), ("-13", "38", 52));
    let increase = rates(&desk).into_iter().find(|row| row["measure"] == "increase").unwrap();
    assert_eq!(
        (increase["rate"].as_str(), increase["note"].as_str()),
        ("0.0000", "1 employed before, 1 after; 1 gained and 1 lost")
    );
}

#[test]
fn what_a_register_has_that_cannot_be_used_is_counted_and_named() {
    let desk = desk();
    let more = "\
P1,NC200001A,Adams,Robin,1990-01-15,F,CT1,PR1,2018-02-01,2018-03-01,autism,uc
P2,NC200002A,Brown,Sam,1985-07-23,M,CT2,PR1,2018-02-01,2018-04-01,autism,uc
P4,,Davis,Kim,1990-05-05,F,CT2,PR1,2018-02-01,2018-03-01,autism,uc
P5,NC200005A,Evans,Lee,1991-05-05,F,CT2,PR1,2018-02-01,2019-06-01,autism,uc
P6,NC200006A,Foster,Jo,1992-05-05,F,CT2,PR1,2018-02-01,31 March,autism,uc
P7,NC200001B,Adams,Robin,1990-01-15,F,CT2,PR1,2018-09-01,2018-10-01,autism,uc
";
    desk.put("register.csv", format!("{REGISTER}{more}"));
    desk.sustain(&format!("{RATES} --disclosure internal --json")).stands();
    let account: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(desk.path("rates/not-for-release/rates.json")).unwrap()).unwrap();
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schemas/rates-account.schema.json")).unwrap();
    assert!(jsonschema::is_valid(&schema, &account));
    // P1 and P7 are one person, referred twice.
    assert_eq!(["referred", "referrals"].map(|measure| figures(&desk, measure, "")[0].clone()), ["5", "6"]);
    let register = &account["register"];
    let counts = ["rows", "used", "copies", "differing", "unreadable", "people", "people_started", "starts"];
    assert_eq!(counts.map(|name| register[name].as_u64().unwrap()), [9, 6, 1, 1, 1, 5, 3, 4]);
    assert_eq!((&register["without_nino"], &register["starts_after_cut_off"]), (&1.into(), &1.into()));
    let problems = fs::read_to_string(desk.path("rates/not-for-release/register-problems.csv")).unwrap();
    assert_eq!(
        problems,
        "row,participant_id,problem\n\
         4,P1,repeats an earlier row in every column\n\
         5,P2,\"differs from an earlier row, which is used\"\n\
         6,P4,no usable National Insurance number: not observed\n\
         7,P5,started after the cut-off: not observed\n\
         8,P6,start_date is missing or could not be read: not counted\n"
    );
    desk.sustain(&format!("{RATES} --disclosure internal --replace --count starts")).stands();
    assert_eq!(figures(&desk, "referrals", "")[0], "6");
    // Who started after the cut-off is not observed, and no No of any measure.
    assert_eq!(figures(&desk, "started", ""), ["4", "5", "10% to 50%"]);
    assert_eq!(figures(&desk, "first_earnings_full", ""), ["3", "3", "10% to 50%"]);
    assert!(rates(&desk).iter().all(|row| row["measure"] != "starts_in_month" || row["period"] != "2019-06"));
}

#[test]
fn earnings_of_another_are_nobodys_here() {
    let desk = desk();
    desk.put("register.csv", REGISTER.replace("1990-01-15", "1960-12-24"));
    desk.sustain(&format!("{RATES} --disclosure internal")).stands();
    assert_eq!(figures(&desk, "employed_week", "30"), ["1", "1", "10% to 50%"]);
}

#[test]
fn measures_explain_themselves() {
    let desk = Desk::new();
    let all = desk.sustain("rates --define").stands().out;
    assert!(["employed_week", "increase", "unclaimed_outcome"].iter().all(|name| all.contains(name)));
    let one = desk.sustain("rates --define started").stands().out;
    assert!(one.contains("numerator    people with a start") && one.contains("Wilson"), "{one}");
    let wrong = desk.sustain("rates --define employed_weak");
    assert!(wrong.code == 2 && wrong.err.contains("did you mean employed_week?"), "{}", wrong.err);
}

#[test]
fn rates_are_the_same_whatever_the_threads_and_left_alone_when_they_are_there() {
    let desk = desk();
    desk.sustain(&format!("{RATES} --threads 1 --by contract,age")).stands();
    let first = written(&desk, "rates");
    let again = desk.sustain(&format!("{RATES} --threads 3 --by age,contract")).stands();
    assert!(again.out.starts_with("the same inputs were counted before; rates was left unchanged"), "{}", again.out);
    desk.sustain(&format!("{} --threads 3 --by age,contract", RATES.replace("--out rates", "--out other"))).stands();
    assert_eq!(written(&desk, "other"), first);
    let other = desk.sustain(RATES);
    assert!(other.code == 2 && other.err.contains("already there"), "{}", other.err);
    desk.sustain(&format!("{RATES} --replace")).stands();
    assert_ne!(written(&desk, "rates"), first);
    let proven = desk.sustain("verify rates").stands().out;
    assert!(proven.starts_with("rates: verified. 9 files"), "{proven}");
    desk.put("rates/rates.csv", "changed");
    let changed = desk.sustain("verify rates");
    assert!(changed.code == 3 && changed.err.contains("rates.csv is not the file that was written"), "{}", changed.err);
}

/// A batch of made-up people, decided and counted.
fn national(disclosure: &str) -> Desk {
    let desk = Desk::new();
    desk.sustain("sample --claims 900 --seed 12 --format csv --out batch -q").stands();
    let inputs = "--scheme batch/scheme.toml --register batch/register.csv --earnings batch/earnings.csv \
                  --extract-to 2019-03-31";
    desk.sustain(&format!("validate {inputs} --claims batch/claims.csv --out run -q")).stands();
    let by = "--by contract,cohort,sex,age,start_quarter --on 2018-10-15";
    desk.sustain(&format!("rates {inputs} --run run {by} --disclosure {disclosure} --unrounded --out rates -q"))
        .stands();
    desk
}

#[test]
fn people_counted_once_more_are_withheld_with_the_first_count() {
    let desk = national("round-5");
    let scheme = fs::read_to_string(desk.path("batch/scheme.toml")).unwrap();
    let more = "\n[[volume]]\nsays = \"94 each.\"\nnumber = 94\nper = \"authority and year\"\nof = \"starts\"\nsource = \"sample\"\n\
                [[volume]]\nsays = \"99 each.\"\nnumber = 99\nper = \"authority and year\"\nof = \"referrals\"\nsource = \"sample\"\n\
                [[baseline]]\nsays = \"6%.\"\ncohort = \"autism\"\nshare = \"6\"\nsource = \"sample\"\n";
    desk.put("scheme.toml", scheme + more);
    let register = table(&fs::read_to_string(desk.path("batch/register.csv")).unwrap());
    let contracts: std::collections::BTreeSet<String> = register.iter().map(|row| row["contract_id"].clone()).collect();
    let spent: Vec<String> =
        contracts.iter().map(|contract| format!("{contract},2017-01-01,2019-12-31,1000.00,DWP\n")).collect();
    desk.put("funding.csv", format!("contract_id,from,to,amount,payer\n{}", spent.concat()));
    desk.sustain(
        "rates --scheme scheme.toml --register batch/register.csv --earnings batch/earnings.csv --extract-to 2018-04-30 \
         --funding funding.csv --by contract --out early -q",
    )
    .stands();
    let rows = table(&fs::read_to_string(desk.path("early/rates.csv")).unwrap());
    let is_withheld = |measure: &str, period: &str, level: &str| {
        let found =
            rows.iter().find(|row| row["measure"] == measure && row["period"] == period && row["level"] == level);
        found.map(|row| !row["suppressed"].is_empty())
    };
    let (mut followed, mut withheld) = (0, 0);
    for row in &rows {
        let (period, level) = (row["period"].as_str(), row["level"].as_str());
        let base = match row["measure"].as_str() {
            "referrals" | "referrals_of_volume" => is_withheld("referred", "", level),
            "starts_of_volume" | "cost_per_start" => is_withheld("started", "", level),
            "cost_per_first_earnings" => is_withheld("first_earnings_full", "", level),
            "cost_per_job_start" => is_withheld("job_start_full", "", level),
            "cost_per_outcome" => is_withheld("outcome_by_evidence_full", period.rsplit_once(' ').unwrap().0, level),
            "baseline" => {
                is_withheld("employed_before", period, level).or(is_withheld("employed_after", period, level))
            }
            _ => continue,
        };
        let own = !row["suppressed"].is_empty();
        assert!(own || base != Some(true), "{row:?}");
        followed += 1;
        withheld += i32::from(own);
    }
    assert!(100 < followed && 20 < withheld, "{followed} {withheld}");
}

#[test]
fn what_is_published_is_rounded_and_not_small() {
    let desk = national("round-5");
    let released = rates(&desk);
    let working = table(&fs::read_to_string(desk.path("rates/not-for-release/rates-unrounded.csv")).unwrap());
    let key =
        |row: &BTreeMap<String, String>| ["measure", "period", "group", "level"].map(|column| row[column].clone());
    let exact: BTreeMap<_, _> = working.iter().map(|row| (key(row), row)).collect();
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<i64>().ok();
    let mut withheld = 0;
    for row in &released {
        let is_withheld = !row["suppressed"].is_empty();
        for column in ["numerator", "denominator"] {
            assert!(number(row, column).is_none_or(|count| count % 5 == 0), "{row:?}");
        }
        // A numerator that is shown all the same is told by the row for everyone.
        assert!(!is_withheld || ["", "0", &row["denominator"]].contains(&row["numerator"].as_str()), "{row:?}");
        assert!(!is_withheld || row["rate"].is_empty() && row["lower"].is_empty() && row["note"].is_empty());
        withheld += i32::from(is_withheld);
        if let (Some(numerator), Some(denominator)) = (number(row, "numerator"), number(row, "denominator"))
            && denominator > 0
            && !is_withheld
        {
            let whole = |count: i64| f64::from(i32::try_from(count).unwrap());
            assert_eq!(row["rate"], format!("{:.4}", whole(numerator) / whole(denominator)), "{row:?}");
        }
        // Nothing published is small, in or out.
        if let (false, Some(own)) = (is_withheld, exact.get(&key(row)))
            && let (Some(numerator), Some(denominator)) = (number(own, "numerator"), number(own, "denominator"))
            && row["measure"] != "increase"
        {
            let small = |count: i64| (1..10).contains(&count);
            let all_are_counted = ["started", "referrals_of_volume"].contains(&row["measure"].as_str());
            assert!(!small(numerator) && (all_are_counted || !small(denominator - numerator)), "{row:?}");
        }
    }
    assert!(released.iter().all(|row| ["", "withheld"].contains(&row["suppressed"].as_str())));
    assert!(100 < withheld, "{withheld} withheld");
    let audit = fs::read_to_string(desk.path("rates/not-for-release/disclosure.csv")).unwrap();
    assert_eq!(audit.lines().count() - 1, usize::try_from(withheld).unwrap());
}

#[test]
fn outcomes_that_nobody_claimed_are_listed_apart() {
    let desk = national("internal");
    let claimed = table(&fs::read_to_string(desk.path("rates/not-for-release/unclaimed-outcomes.csv")).unwrap());
    let [numerator, ..] = figures(&desk, "unclaimed_outcome", "sustained_13_weeks");
    let of_outcome = claimed.iter().filter(|row| row["outcome"] == "sustained_13_weeks").count();
    assert_eq!(of_outcome.to_string(), numerator);
    // Whoever is in the register and met an outcome may be refused for what the register says of them, and for being late.
    let of_verdict = |verdict: &str| claimed.iter().filter(|row| row["verdict"] == verdict).count();
    assert_eq!(["validated", "queried", "rejected"].map(of_verdict).iter().sum::<usize>(), claimed.len());
    assert!(claimed.iter().all(|row| row["reasons"].is_empty() == (row["verdict"] == "validated")), "{claimed:?}");
    // Of a job that may have been there before a caseworker decides; one that certainly was is no outcome.
    assert!(claimed.iter().all(|row| row["reasons"] != "ELG05" || row["verdict"] == "queried"), "{claimed:?}");
    let by_claim = rates(&desk).into_iter().find(|row| row["measure"] == "outcome_by_claim" && row["group"] == "all");
    let by_claim = by_claim.unwrap();
    assert!(by_claim["lower_bound"] == by_claim["rate"] && by_claim["rate"] < by_claim["upper_bound"], "{by_claim:?}");
}

#[test]
fn an_unclaimed_outcome_has_the_verdict_that_a_claim_would_get() {
    let desk = desk();
    desk.put(
        "claims.csv",
        "claim_id,provider_id,contract_id,participant_id,nino,surname,forename,date_of_birth,outcome,job_start_date,claim_date\n\
         C1,PR1,CT1,P2,NC200002A,Brown,Sam,1985-07-23,sustained_13_weeks,2018-09-01,2019-01-15\n",
    );
    let of = |benefit: &str| {
        desk.put("register.csv", REGISTER.replacen("autism,uc", &format!("autism,{benefit}"), 1));
        let inputs = "--scheme lse-poc-2017 --register register.csv --earnings earnings.csv";
        desk.sustain(&format!("validate {inputs} --claims claims.csv --out run --replace -q")).stands();
        desk.sustain(&format!("{RATES} --disclosure internal --run run --replace -q")).stands();
        fs::read_to_string(desk.path("rates/not-for-release/unclaimed-outcomes.csv")).unwrap()
    };
    let header = "participant_id,outcome,achieved_on,verdict,reasons\n";
    assert_eq!(of("uc"), format!("{header}P1,sustained_13_weeks,2018-07-30,validated,\n"));
    assert_eq!(of("none"), format!("{header}P1,sustained_13_weeks,2018-07-30,rejected,ELG03\n"));
}

#[test]
fn what_was_spent_is_divided_by_what_it_brought_about() {
    let desk = desk();
    desk.put(
        "funding.csv",
        "contract_id,from,to,amount,payer\nCT1,2018-01-01,2018-12-31,1000.00,DWP\nCT1,2018-01-01,2018-12-31,500.01,a council\n",
    );
    desk.sustain(&format!("{RATES} --disclosure internal --unrounded --funding funding.csv")).stands();
    let row = |measure: &str, period: &str| {
        let rows = rates(&desk);
        let own =
            rows.into_iter().find(|row| row["measure"] == measure && row["period"] == period && row["group"] == "all");
        let own = own.unwrap_or_else(|| panic!("{measure} {period}"));
        ["numerator", "denominator", "rate"].map(|column| own[column].clone())
    };
    // Two people started under CT1 and were paid after it; one of them met the outcome.
    assert_eq!(row("cost_per_start", "all"), ["1500", "2", "750.0100"]);
    assert_eq!(row("cost_per_start", "dwp"), ["1000", "2", "500.0000"]);
    assert_eq!(row("cost_per_first_earnings", "match"), ["500", "2", "250.0100"]);
    // One of them goes on in a job of before.
    assert_eq!(row("cost_per_job_start", "match"), ["500", "1", "500.0100"]);
    assert_eq!(row("cost_per_outcome", "sustained_13_weeks all"), ["1500", "1", "1500.0100"]);
    // The proof of concept expects 760 referrals a year, and says of no number of starts.
    assert_eq!(row("referrals_of_volume", "2017-11-01 to 2018-10-31")[..2], ["3", "760"]);
    assert!(rates(&desk).iter().all(|row| row["measure"] != "starts_of_volume"));
    let counts = fs::read_to_string(desk.path("rates/not-for-release/tau-argus.csv")).unwrap();
    assert!(counts.starts_with("measure,period,group,level,frequency\nreferred,,all,all,3\n"), "{counts}");
    assert!(!counts.contains("cost_per"));
    for (rows, words) in [
        (
            "CT1,2018-01-01,2017-12-31,1.00,DWP\n",
            "funding.csv, line 2: row 1: to cannot be used\n\nhint: expected a day on or after from",
        ),
        ("CT1,2018-01-01,2018-12-31,one,DWP\n", "funding.csv, line 2: row 1: amount cannot be used"),
        ("CT1,2018-01-01,2018-12-31,-1.00,DWP\n", "more was taken back from contract CT1 than was paid"),
    ] {
        desk.put("funding.csv", format!("contract_id,from,to,amount,payer\n{rows}"));
        let said = desk.sustain(&format!("{RATES} --funding funding.csv --replace"));
        assert!(said.code == 2 && said.err.contains(words), "{}", said.err);
    }
}

#[test]
fn a_scheme_that_pays_for_each_participant_says_what_they_cost() {
    let desk = desk();
    let command = RATES
        .replace("lse-poc-2017", "lse-trailblazer-2020")
        .replace("--out rates", "--out rates --disclosure internal");
    desk.sustain(&command).stands();
    let row =
        rates(&desk).into_iter().find(|row| row["measure"] == "cost_per_start" && row["period"] == "match").unwrap();
    assert_eq!([&row["numerator"], &row["denominator"], &row["rate"]], ["3000", "2", "1500.0000"]);
}

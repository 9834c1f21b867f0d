//! The readable cases of `tests/cases/*.md`: a claim, its payments, the expected answer, and the sentence they test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;
use sustain::batch::{
    self, BatchInputs, EarlierClaim, EarlierOutcomes, NearMisses, PaymentsByPerson, RegisterAnswer, RegisterIndex,
    RegisterRows, Stage,
};
use sustain::domain::{Claim, Frequency, NinoText, Observed, Payment, SetAsideRow, Tally};
use sustain::judge::{Decision, DecisionContext};
use sustain::rules::{Code, EarningsDisclosure, RULES, Repeated, Rule, Setting, Status, allows};
use sustain::scheme;
use sustain::scheme::wage::WageTable;

use crate::support::Table;

type Cells = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    cut_off: Option<String>,
    extract_from: Option<String>,
    /// Runs of unobserved days, the first and the last of each.
    #[serde(default)]
    unobserved: Vec<[String; 2]>,
    #[serde(default)]
    scheme: BTreeMap<String, toml::Value>,
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    history: Vec<Cells>,
    register: Option<Vec<Cells>>,
    claim: Vec<ClaimCase>,
    #[serde(default)]
    payment: Vec<BTreeMap<String, toml::Value>>,
    /// Rows of the extract of which some cell cannot be read.
    #[serde(default)]
    unreadable: Vec<Cells>,
}

#[derive(Deserialize)]
struct ClaimCase {
    expect: Expect,
    #[serde(flatten)]
    cells: Cells,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    verdict: String,
    codes: Vec<String>,
    achieved_on: Option<String>,
    #[serde(default)]
    severities: BTreeMap<String, String>,
    recheck_on: Option<String>,
    employer: Option<String>,
    yes_days: Option<u32>,
    unknown_days: Option<u32>,
    below_days: Option<u32>,
    #[serde(default)]
    not_applicable: Vec<String>,
}

const CLAIM: &[(&str, &str)] = &[
    ("provider_id", "PR1"),
    ("contract_id", "CT1"),
    ("participant_id", "P1"),
    ("nino", "NC100001A"),
    ("surname", "Example"),
    ("forename", "Robin"),
    ("date_of_birth", "1990-01-15"),
    ("outcome", "sustained_13_weeks"),
    ("employment_type", "employed"),
    ("job_start_date", "2018-05-01"),
    ("claim_date", "2018-12-01"),
];

const PAYMENT: &[(&str, &str)] = &[
    ("nino", "NC100001A"),
    ("surname", "Example"),
    ("forename", "Robin"),
    ("date_of_birth", "1990-01-15"),
    ("office_number", "123"),
    ("paye_ref", "A246"),
    ("employer_name", "Example Employer"),
    ("payroll_id", "1"),
    ("employment_start_date", "2018-05-01"),
    ("pay_frequency", "M1"),
    ("taxable_pay", "1200.00"),
    ("hours_band", "D"),
];

const REGISTER: &[(&str, &str)] = &[
    ("participant_id", "P1"),
    ("nino", "NC100001A"),
    ("surname", "Example"),
    ("forename", "Robin"),
    ("date_of_birth", "1990-01-15"),
    ("sex", "F"),
    ("contract_id", "CT1"),
    ("provider_id", "PR1"),
    ("referral_date", "2018-03-01"),
    ("start_date", "2018-04-01"),
    ("cohort", "autism"),
    ("benefit", "uc"),
    ("on_other_provision", "false"),
    ("in_work_at_start", "false"),
];

fn with_standard(standard: &[(&str, &str)], changes: &Cells) -> Cells {
    let mut cells: Cells = standard.iter().map(|(column, value)| ((*column).into(), (*value).into())).collect();
    cells.extend(changes.clone());
    cells
}

/// Every case of every file, with its title and the file's name.
fn read_cases() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for section in text.split("\n## ").skip(1) {
            let (title, rest) = section.split_once('\n').unwrap();
            let (before, after) = rest.split_once("```toml\n").unwrap_or_else(|| panic!("{name}: {title}: no case"));
            assert!(before.contains("\n> ") || before.starts_with("> "), "{name}: {title}: quotes no sentence");
            let (body, _) = after.split_once("\n```").unwrap();
            cases.push((format!("{name}: {title}"), body.to_owned()));
        }
    }
    cases
}

fn context(case: &Case) -> DecisionContext {
    let named = case.scheme.get("built_in").map_or("lse-poc-2017", |id| id.as_str().unwrap());
    let mut text = scheme::built_in(named).unwrap().to_owned();
    for (key, value) in case.scheme.iter().filter(|(key, _)| !key.starts_with("param_") && *key != "built_in") {
        text = changed(&text, key, value);
    }
    let supplied = case
        .scheme
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("param_")?.into(), value.as_str()?.into())));
    let loaded = scheme::load::load_with(&text, &supplied.collect(), allows);
    let mut scheme = loaded.unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(scheme.missing().is_empty(), "the case supplies what {named} needs");
    for (code, setting) in &case.set {
        let (code, setting) = (Code::parse(code).unwrap(), Setting::parse(setting).unwrap());
        allows(code, setting).unwrap();
        scheme.settings.insert(code, setting);
    }
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let cut_off = day(case.cut_off.as_deref().unwrap_or("2018-12-31"));
    let extract_from = case.extract_from.as_deref().map(day);
    let unobserved = case.unobserved.iter().map(|[first, last]| (day(first), day(last)));
    DecisionContext {
        scheme,
        wages: WageTable::built_in().unwrap(),
        observed: Arc::new(Observed::new(extract_from, Some(cut_off), unobserved)),
    }
}

/// The scheme's text with one parameter changed, so that a case can only say what a scheme file can say.
fn changed(text: &str, key: &str, value: &toml::Value) -> String {
    let dated = |table: &str| format!("[[{table}]]\nfrom = 2013-04-06\nvalue = {value}\nsource = \"ours\"\n");
    let in_table = |table: &str| replace_table(text, table, &dated(table));
    let list = |table: &str| replace_table(text, table, &format!("[{table}]\nvalues = {value}\nsource = \"base\"\n"));
    match key {
        "start_tolerance_days" | "gap_query_days" | "across_employers" | "claim_within_days" | "in_work_starts" => {
            in_table(key)
        }
        "price" => {
            let without = replace_table(text, "parameter", "");
            replace_table(&without, "outcome.price", &dated("outcome.price"))
        }
        "hours_per_week" | "needed_days" | "window_days" => {
            let table = format!("outcome.{key}");
            replace_table(text, &table, &dated(&table))
        }
        "cohorts" | "benefits" | "contracts" => list(key),
        "starts_from" => text.replacen("from = 2017-11-01", &format!("from = {}", value.as_str().unwrap()), 1),
        "starts_to" => text.replacen("to = 2019-05-31", &format!("to = {}", value.as_str().unwrap()), 1),
        "kind" => {
            let text = text.replacen("kind = \"sustained_hours\"", &format!("kind = {value}"), 1);
            let without_days = replace_table(&text, "outcome.needed_days", "");
            replace_table(&without_days, "outcome.window_days", "")
        }
        _ => panic!("a case cannot change {key}"),
    }
}

/// Replaces the table of that name, or adds it where it belongs when there is none.
fn replace_table(text: &str, table: &str, with: &str) -> String {
    let headers = [format!("\n[[{table}]]\n"), format!("\n[{table}]\n")];
    if let Some(begin) = headers.iter().find_map(|header| text.find(header.as_str())).map(|newline| newline + 1) {
        let end = text[begin + 1..].find("\n[").map_or(text.len(), |next| begin + 1 + next + 1);
        return format!("{}{with}{}", &text[..begin], &text[end..]);
    }
    let place =
        if table.starts_with("outcome.") { text.find("# How the evidence is read").unwrap() } else { text.len() };
    format!("{}\n{with}\n{}", &text[..place], &text[place..])
}

/// The cells of every payment row of a case.
fn payment_rows(case: &Case) -> Vec<Cells> {
    let mut rows = Vec::new();
    for entry in &case.payment {
        let times = entry.get("times").map_or(1, |times| u8::try_from(times.as_integer().unwrap()).unwrap());
        let changes: Cells = entry
            .iter()
            .filter(|(key, _)| *key != "times")
            .map(|(key, value)| (key.clone(), value.as_str().unwrap().into()))
            .collect();
        let mut cells = with_standard(PAYMENT, &changes);
        let first: NaiveDate = cells["payment_date"].parse().unwrap();
        for time in 0..times {
            let step = Frequency::read(&cells["pay_frequency"]).unwrap().value.unwrap();
            let periods = cells.get("earnings_periods").and_then(|periods| periods.parse::<u8>().ok()).unwrap_or(1);
            let payday = if time == 0 { first } else { step.nominal_length(time * periods).after(first) };
            cells.insert("payment_date".into(), payday.to_string());
            rows.push(cells.clone());
        }
    }
    rows
}

/// Reads rows of the extract, counted from `first`; one without a number that can be read is nobody's.
fn earnings_rows(rows: &[Cells], first: u32) -> impl Iterator<Item = Result<Payment, Box<SetAsideRow>>> {
    rows.iter().zip(first..).filter_map(|(cells, row)| {
        let NinoText::WellFormed(nino) = NinoText::read(&cells["nino"]) else { return None };
        let cell = |column: &'static str| cells.get(column).map(String::as_str);
        Some(Payment::read((0, row), nino, cell, &mut Tally::default()))
    })
}

fn payments(rows: &[Cells]) -> Vec<Payment> {
    earnings_rows(rows, 1).map(Result::unwrap).collect()
}

/// The rows of a case that are set aside, which stand behind its payments.
fn set_aside(case: &Case) -> Vec<SetAsideRow> {
    let rows: Vec<Cells> = case.unreadable.iter().map(|row| with_standard(PAYMENT, row)).collect();
    let first = u32::try_from(payment_rows(case).len()).unwrap() + 1;
    earnings_rows(&rows, first).map(|row| *row.expect_err("an unreadable row can be read")).collect()
}

/// The register of a case.
struct Register(Vec<Cells>);

impl RegisterRows for Register {
    fn cell(&self, row: usize, column: &'static str) -> Option<&str> {
        self.0[row].get(column).map(String::as_str)
    }
}

/// What a case's register says of the participant of each claim.
fn registered(case: &Case, claims: &[Claim]) -> Option<Vec<RegisterAnswer>> {
    let rows = Register(case.register.as_ref()?.iter().map(|row| with_standard(REGISTER, row)).collect());
    let register = RegisterIndex::new(&rows, 0..rows.0.len());
    Some(register.of_claims(claims))
}

/// Decides a case's claims as a run decides a batch.
fn decide(case: &Case) -> Vec<Decision> {
    let context = context(case);
    let read = |(index, claim): (usize, &ClaimCase)| {
        let mut cells = with_standard(CLAIM, &claim.cells);
        cells.entry("claim_id".into()).or_insert_with(|| format!("C{}", index + 1));
        let row = u32::try_from(index).unwrap() + 1;
        Claim::read(row, |column| cells.get(column).map(String::as_str), &mut Tally::default())
    };
    let claims: Vec<Claim> = case.claim.iter().enumerate().map(read).collect();
    let payments: PaymentsByPerson = payments(&payment_rows(case)).into_iter().collect();
    let payments = payments.with_set_aside(set_aside(case));
    let mut earlier = EarlierOutcomes::default();
    if !case.history.is_empty() {
        let text = |known: &Cells, column: &str| known.get(column).map(|text| text.as_str().into());
        let validated = case.history.iter().map(|known| EarlierClaim {
            claim_id: text(known, "claim_id"),
            participant_id: text(known, "participant_id"),
            person: known.get("nino").and_then(|nino| NinoText::read(nino).stem()),
            outcome: known["outcome"].as_str().into(),
            achieved_on: None,
            payable: None,
            claimed: None,
            paid_on: None,
        });
        earlier.add_run("an earlier run", validated);
    }
    let registered = registered(case, &claims);
    let inputs = BatchInputs {
        claims: &claims,
        registered: registered.as_deref(),
        near_misses: &NearMisses::among(&context, &claims, &payments),
        earlier: &earlier,
        stage: Stage::EarningsRead,
        origins: &[],
    };
    batch::decide(&context, inputs, &payments).into_iter().map(|decided| decided.decision).collect()
}

/// What a decision says differently from what was expected; empty when nothing does.
fn differences(expect: &Expect, decision: &Decision) -> String {
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let mut wrong = String::new();
    let codes: Vec<&str> = decision.findings.iter().map(|finding| finding.rule.code.as_str()).collect();
    let mut differs = |what: &str, expected: String, found: String| {
        if expected != found {
            writeln!(wrong, "    {what}: expected {expected}, found {found}").unwrap();
        }
    };
    differs("verdict", expect.verdict.clone(), decision.verdict.name().into());
    differs("codes", expect.codes.join(" "), codes.join(" "));
    differs("achieved_on", format!("{:?}", expect.achieved_on), format!("{:?}", text(decision.achieved_on())));
    for (code, severity) in &expect.severities {
        let found = decision.findings.iter().find(|finding| finding.rule.code.as_str() == code);
        differs(code, severity.clone(), found.map_or("nothing", |finding| finding.severity.name()).into());
    }
    if expect.recheck_on.is_some() {
        differs("recheck_on", format!("{:?}", expect.recheck_on), format!("{:?}", text(decision.recheck_on())));
    }
    let columns = decision.evidence.as_ref().map(|evidence| evidence.outcome.columns()).unwrap_or_default();
    if let Some(employer) = &expect.employer {
        let found = columns.employer.map_or("none", |employer| employer.as_str());
        differs("employer", employer.clone(), found.into());
    }
    let found = columns.counted.map(|counted| counted.counts);
    let found = found.map(|counts| [counts.yes, counts.unknown, counts.below]);
    for (index, expected) in [expect.yes_days, expect.unknown_days, expect.below_days].into_iter().enumerate() {
        if expected.is_some() {
            let name = ["yes_days", "unknown_days", "below_days"][index];
            differs(name, format!("{expected:?}"), format!("{:?}", found.map(|found| found[index])));
        }
    }
    for code in &expect.not_applicable {
        let status = decision.statuses.iter().find(|(of, _)| of.as_str() == code).map(|(_, status)| status);
        let applies = !matches!(status, Some(Status::NotApplicable(_)));
        differs(code, "not applicable".into(), if applies { format!("{status:?}") } else { "not applicable".into() });
    }
    wrong
}

#[test]
fn every_case_comes_out_as_the_rulebook_says() {
    let mut wrong = String::new();
    let cases = read_cases();
    for (title, body) in &cases {
        let case: Case = toml::from_str(body).unwrap_or_else(|error| panic!("{title}: {error}"));
        for (index, (claim, decision)) in case.claim.iter().zip(decide(&case)).enumerate() {
            let differences = differences(&claim.expect, &decision);
            if !differences.is_empty() {
                writeln!(wrong, "{title}\n  claim {}:\n{differences}", index + 1).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "of {} cases these differ:\n{wrong}", cases.len());
}

/// What the core says of a decision, word for word; why a rule does not apply only where `reasons` lacks it.
fn said(decision: &Decision, reasons: &mut BTreeSet<(Code, String)>) -> String {
    let mut text = String::new();
    let day = |day: Option<NaiveDate>| day.map_or("-".into(), |day| day.to_string());
    let days =
        |days: Option<(NaiveDate, NaiveDate)>| days.map_or("-".into(), |(first, last)| format!("{first} to {last}"));
    let (achieved, recheck) = (day(decision.achieved_on()), day(decision.recheck_on()));
    let primary = decision.primary_reason().map_or("none", |code| code.as_str());
    writeln!(text, "{}, primary reason {primary}, achieved {achieved}, recheck {recheck}", decision.verdict).unwrap();
    writeln!(text, "  payable {:?}, price {:?}", decision.payable(), decision.price).unwrap();
    for finding in &decision.findings {
        let (message, code) = (finding.message(), finding.rule.code.as_str());
        writeln!(text, "  {code} {}: {message}", finding.severity.name()).unwrap();
        for earnings in [EarningsDisclosure::Told, EarningsDisclosure::Withheld] {
            let told = finding.rule.disclosed(&message, earnings);
            if told != message {
                writeln!(text, "    to the provider, {earnings:?}: {told}").unwrap();
            }
        }
    }
    for (code, status) in &decision.statuses {
        if let Status::NotApplicable(reason) = status
            && reasons.insert((*code, format!("{reason:?}")))
        {
            writeln!(text, "  {} is not applicable: {reason:?}", code.as_str()).unwrap();
        }
    }
    let evidence = match &decision.evidence {
        Ok(evidence) => evidence,
        Err(reason) => {
            writeln!(text, "  no evidence: {reason:?}").unwrap();
            return text;
        }
    };
    let outcome = &evidence.outcome;
    writeln!(text, "  {} rows count, {} repeat, {:?}", evidence.counting(), evidence.repeats(), evidence.identity)
        .unwrap();
    writeln!(text, "  {:?}", outcome.columns()).unwrap();
    writeln!(text, "  stands on {:?}, matters {}", outcome.stands_on(), days(outcome.paydays_that_matter())).unwrap();
    if let Some(unobserved) = outcome.unobserved() {
        writeln!(text, "  {unobserved:?}").unwrap();
    }
    for lack in outcome.shortfalls() {
        writeln!(text, "  lacks {lack:?}").unwrap();
    }
    writeln!(text, "  asked about {}", days(outcome.days_asked_about())).unwrap();
    for under in outcome.employers() {
        let signs: String = under.days.iter().map(|day| day.sign()).collect();
        let best = if under.is_best { ", the best" } else { "" };
        writeln!(text, "  under {}{best}, left {}: {signs}", under.employer.as_str(), day(under.leaving_date)).unwrap();
    }
    for (number, row) in (1..).zip(evidence.rows()) {
        let [spell, strength, status] = [
            row.spell.map(|spell| format!(", spell {spell}")),
            row.strength.map(|strength| format!(", {strength}")),
            row.status.map(|status| format!(", {status}")),
        ]
        .map(Option::unwrap_or_default);
        let [weak, bridged] = [("weak from", row.weak_from), ("bridged from", row.bridged_from)]
            .map(|(what, day)| day.map_or(String::new(), |day| format!(", {what} {day}")));
        let total = row.running_total.map_or(String::new(), |total| format!(", total {}", total.plain()));
        let counts = if row.counts { "counts" } else { "does not count" };
        let covers = days(row.cover);
        writeln!(
            text,
            "  row {number} {counts} ({}), {covers}{spell}{strength}{status}{weak}{bridged}{total}",
            row.why
        )
        .unwrap();
    }
    text
}

/// What is said of a case may change with a wording or with what a rule counts; it is to be seen when it does.
#[test]
fn what_is_said_of_every_case_is_as_it_is_kept_word_for_word() {
    let (mut texts, mut reasons): (BTreeMap<String, String>, _) = (BTreeMap::new(), BTreeSet::new());
    for (title, body) in read_cases() {
        let (file, title) = title.split_once(": ").unwrap();
        let text = texts.entry(file.replace(".md", ".txt")).or_default();
        writeln!(text, "{title}").unwrap();
        for (number, decision) in (1..).zip(decide(&toml::from_str(&body).unwrap())) {
            writeln!(text, "  claim {number}: {}", said(&decision, &mut reasons).trim_end().replace('\n', "\n  "))
                .unwrap();
        }
    }
    for (file, text) in texts {
        kept(&file, &text);
    }
}

/// Holds a text to the one that is kept.
fn kept(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/said").join(file);
    if std::env::var_os("SUSTAIN_REGENERATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = kept.lines().zip(text.lines()).find(|(kept, said)| kept != said);
    assert!(kept == text, "tests/said/{file} differs ({differing:?}); tests/regenerate.sh writes it again");
}

/// What a rule is, but for its page and the check itself.
fn described(rule: &Rule) -> String {
    let Rule { code, weight, since, rulebook, title, says, reads, concerns, rests_on, provider, .. } = rule;
    let reads: Vec<&str> = reads.iter().map(|what| what.name()).collect();
    let mut text = format!("{} {title}\n", code.as_str());
    writeln!(text, "  since {since}, rulebook {rulebook:?}, {weight:?}, {}", rule.severity().name()).unwrap();
    writeln!(text, "  says: {says}\n  reads {}\n  concerns {concerns:?}", reads.join(", ")).unwrap();
    let [answer, weighs, about] =
        [rests_on.is_answer_of_evidence(), rests_on.weighs_the_answer(), rests_on.is_about_evidence()];
    writeln!(text, "  rests on {rests_on:?}: an answer {answer}, weighs it {weighs}, about evidence {about}").unwrap();
    writeln!(text, "  rests on absence: {}", rule.rests_on_absence()).unwrap();
    writeln!(text, "  {:?}", provider.disclosed).unwrap();
    for day in ["", "2019-01-31"] {
        writeln!(text, "  to send, looked at again {day:?}: {}", provider.to_send.to_text(day)).unwrap();
    }
    text
}

#[test]
fn what_every_rule_is_stays_as_it_is_kept() {
    kept("rules.txt", &RULES.iter().map(|rule| described(rule)).collect::<String>());
}

/// Rules that no case of these files can show: a damaged row has no cells.
const SHOWN_ELSEWHERE: [Code; 1] = [Code::ROW01];

#[test]
fn every_rule_has_a_case_that_passes_it_and_one_that_fails_it() {
    let (mut passed, mut failed) = (BTreeSet::new(), BTreeSet::new());
    for (_, body) in read_cases() {
        let case: Case = toml::from_str(&body).unwrap();
        for (code, status) in decide(&case).into_iter().flat_map(|decision| decision.statuses) {
            match status {
                Status::Passed => passed.insert(code),
                Status::Failed(_) | Status::FailedByAbsence(_) | Status::Unclear(_) => failed.insert(code),
                Status::NotApplicable(_) => false,
            };
        }
    }
    let missing = |shown: &BTreeSet<Code>| {
        Code::ALL
            .into_iter()
            .filter(|code| !shown.contains(code) && !SHOWN_ELSEWHERE.contains(code))
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(&passed), [], "no case passes these");
    assert_eq!(missing(&failed), [], "no case fails these");
}

#[test]
fn a_claim_number_twice_is_only_found_by_looking_at_the_whole_batch() {
    assert_eq!(
        batch::repeats([(Some("C1"), [0; 32]), (Some("C1"), [0; 32])].into_iter()),
        [Repeated::No, Repeated::Copy]
    );
}

/// The payments of all cases as one table, and as the cases have them.
pub(crate) fn all_payments() -> (Table, Vec<Payment>) {
    let rows: Vec<Cells> =
        read_cases().iter().flat_map(|(_, body)| payment_rows(&toml::from_str::<Case>(body).unwrap())).collect();
    let names: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
    let cells = |row: &Cells| names.iter().map(|name| row.get(*name).cloned().unwrap_or_default()).collect();
    let table =
        Table { rows: rows.iter().map(cells).collect(), names: names.iter().map(ToString::to_string).collect() };
    (table, payments(&rows))
}

//! `sustain explain`

use std::collections::BTreeMap;

use clap::Args;

use super::exit::Exit;
use super::screen::Screen;
use super::shared::RunArgument;
use crate::domain::day::add_days;
use crate::error::RunError;
use crate::explain::filed::ClaimSelector;
use crate::explain::run::FinishedRun;
use crate::explain::{
    DayShown, EmployerDays, Explanation, Obstacle, Particulars, PaymentRow, RuleAnswer, WindowDays, explanations,
};

/// `sustain explain`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain explain march C0001
  sustain explain march --participant P0001 --show-personal
  sustain explain march C0001 --json

Everything comes from the run's own files. Names, dates of birth and numbers of people are left out unless they are asked \
for; pay is shown.")]
pub struct ExplainOptions {
    /// The run.
    #[command(flatten)]
    pub finished: RunArgument,
    /// The claim, by its number
    #[arg(value_name = "CLAIM_ID", required_unless_present_any = ["participant", "row"], conflicts_with_all = ["participant", "row"])]
    pub claim: Option<String>,
    /// All claims for a participant, by the participant's number
    #[arg(long, value_name = "ID", conflicts_with = "row")]
    pub participant: Option<String>,
    /// The claim in this row of the claims file, counted from 1, where it has no number
    #[arg(long, value_name = "ROW")]
    pub row: Option<u32>,
    /// Also show names, dates of birth, National Insurance numbers and payroll numbers
    #[arg(long)]
    pub show_personal: bool,
}

/// How many weeks of days fit on one line.
const WEEKS_ACROSS: usize = 8;

/// Explains a claim, or all claims of a participant.
///
/// # Errors
/// The run cannot be read, or has no such claim.
pub fn run(options: &ExplainOptions, screen: &Screen) -> Result<Exit, RunError> {
    let run = FinishedRun::open(&options.finished.run)?;
    let wanted = match (&options.claim, &options.participant, options.row) {
        (Some(id), _, _) => ClaimSelector::Claim(id.clone()),
        (None, Some(id), _) => ClaimSelector::Participant(id.clone()),
        (None, None, Some(row)) => ClaimSelector::Row(row),
        (None, None, None) => return Err(RunError::choice("no claim is named", "see sustain explain --help")),
    };
    let particulars = if options.show_personal { Particulars::Shown } else { Particulars::Masked };
    let told = explanations(&run, &wanted, particulars)?;
    if told.is_empty() {
        let what = match &wanted {
            ClaimSelector::Claim(id) => format!("claim {id}"),
            ClaimSelector::Participant(id) => format!("claim for participant {id}"),
            ClaimSelector::Row(row) => format!("claim in row {row}"),
        };
        return Err(RunError::choice(
            format!("{} has no {what}", options.finished.run.display()),
            "look up claim_id in validated.parquet, rejected.parquet or queried.parquet, or use --participant or --row",
        ));
    }
    if screen.json {
        screen.print_json(&told);
    } else {
        let pages: Vec<String> = told.iter().map(|story| page(story, screen)).collect();
        screen.print(&pages.join("\n\n\n"));
    }
    Ok(Exit::Stands)
}

fn page(story: &Explanation, screen: &Screen) -> String {
    let parts = [
        claim(story, screen),
        standing(story, screen),
        rules(story, screen),
        picture(story, screen),
        payments(story, screen),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn claim(story: &Explanation, screen: &Screen) -> String {
    let cell = |column: &str| story.claim.get(column).map_or("(none)", String::as_str);
    let reason = story.primary_reason.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    let heading = screen.heading(&format!("Claim {}: {}{reason}", cell("claim_id"), story.verdict));
    let mut rows = vec![
        vec!["provider".to_owned(), format!("{}, contract {}", cell("provider_id"), cell("contract_id"))],
        vec!["participant".to_owned(), cell("participant_id").to_owned()],
    ];
    for (column, label) in
        [("surname", "surname"), ("forename", "forename"), ("nino", "number"), ("date_of_birth", "born")]
    {
        rows.extend(story.claim.get(column).map(|text| vec![label.to_owned(), text.clone()]));
    }
    let asks = story.asks.as_ref().map(|asks| format!(": {asks}")).unwrap_or_default();
    rows.push(vec!["outcome".to_owned(), format!("{}{asks}", cell("outcome"))]);
    for (column, label) in [
        ("job_start_date", "job start"),
        ("job_end_date", "job end"),
        ("hours_per_week", "hours claimed"),
        ("paye_reference", "employer named"),
        ("claim_date", "claimed on"),
        ("amount_claimed", "amount"),
    ] {
        rows.extend(story.claim.get(column).map(|text| vec![label.to_owned(), text.clone()]));
    }
    rows.extend(story.achieved_on.as_ref().map(|day| vec!["achieved on".to_owned(), day.clone()]));
    rows.extend(story.cut_off.as_ref().map(|day| vec!["extract to".to_owned(), day.clone()]));
    format!("{heading}\n{}", screen.table(&[], rows))
}

fn standing(story: &Explanation, screen: &Screen) -> String {
    let lines: Vec<String> = story.standing.iter().map(Obstacle::says).map(|says| screen.wrap(&says, 2)).collect();
    let heading =
        if story.verdict == "validated" { "Where it stands" } else { "What stands between it and a validated claim" };
    if lines.is_empty() { String::new() } else { format!("{}\n{}", screen.heading(heading), lines.join("\n")) }
}

fn rules(story: &Explanation, screen: &Screen) -> String {
    let fails = |rule: &&RuleAnswer| !matches!(rule.status.as_str(), RuleAnswer::PASSED | RuleAnswer::NOT_APPLICABLE);
    let mut lines = Vec::new();
    for rule in story.rules.iter().filter(fails) {
        lines.push(format!("  {}  {}  {}", rule.code, rule.status, rule.title));
        lines.extend(rule.says.iter().map(|says| screen.wrap(says, 9)));
        if !rule.facts.is_empty() {
            let facts: Vec<String> = rule.facts.iter().map(|(name, value)| format!("{name}={value}")).collect();
            lines.push(screen.wrap(&format!("read: {}", facts.join("; ")), 9));
        }
    }
    let passed: Vec<&str> =
        story.rules.iter().filter(|rule| rule.status == RuleAnswer::PASSED).map(|rule| rule.code.as_str()).collect();
    lines
        .push(screen.wrap(&format!("passed: {}", if passed.is_empty() { "none".into() } else { passed.join(" ") }), 2));
    let mut not_applicable: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in story.rules.iter().filter(|rule| rule.status == RuleAnswer::NOT_APPLICABLE) {
        not_applicable.entry(rule.says.as_deref().unwrap_or_default()).or_default().push(&rule.code);
    }
    for (why, codes) in not_applicable {
        lines.push(screen.wrap(&format!("not applicable, {why}: {}", codes.join(" ")), 2));
    }
    format!("{}\n{}", screen.heading("Rules"), lines.join("\n"))
}

fn picture(story: &Explanation, screen: &Screen) -> String {
    if story.employers.is_empty() {
        return String::new();
    }
    let mut lines = vec![screen.heading("The days from the claimed start, week by week; £ marks a payday")];
    for employer in &story.employers {
        let name = employer.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
        let best = if employer.is_best { ", which decides the answer" } else { "" };
        let left = employer.leaving_date.as_ref().map(|day| format!(", left {day}")).unwrap_or_default();
        lines.push(format!("  {}{name}{best}{left}", employer.reference));
        lines.extend(strip(employer));
    }
    if let Some(((from, to), days)) = story.window.as_ref().zip(story.days.as_ref()) {
        let WindowDays { needed, window, yes, unknown, below } = days;
        lines.push(format!(
            "  window {from} to {to}: of {window} days {yes} at the hours, {unknown} unknown, {below} fewer hours; {needed} needed"
        ));
    }
    let used: Vec<String> = DayShown::ALL
        .iter()
        .filter(|(shows, ..)| story.employers.iter().flat_map(|one| &one.days).any(|stretch| stretch.shows == *shows))
        .map(|(_, sign, means)| format!("{sign} {means}"))
        .collect();
    lines.push(screen.wrap(&used.join("; "), 2));
    lines.join("\n")
}

/// The days of one employer, a few weeks to a line, paydays marked under them.
fn strip(employer: &EmployerDays) -> Vec<String> {
    let signs: Vec<char> = employer
        .days
        .iter()
        .flat_map(|stretch| std::iter::repeat_n(stretch.shows.sign(), usize::try_from(stretch.days).unwrap_or(0)))
        .collect();
    let Some(first) = employer.days.first().and_then(|stretch| stretch.from.parse().ok()) else { return Vec::new() };
    let day = |index: usize| add_days(first, i64::try_from(index).unwrap_or(i64::MAX));
    let is_payday = |index: usize| employer.paydays.contains(&day(index).to_string());
    let mut lines = Vec::new();
    for (line, some) in signs.chunks(7 * WEEKS_ACROSS).enumerate() {
        let begins = line * 7 * WEEKS_ACROSS;
        let spaced = |of: &dyn Fn(usize, char) -> char| -> String {
            let weeks = some.chunks(7).enumerate().map(|(week, days)| -> String {
                days.iter().enumerate().map(|(place, sign)| of(begins + 7 * week + place, *sign)).collect()
            });
            weeks.collect::<Vec<_>>().join(" ")
        };
        lines.push(format!("    {}  {}", day(begins), spaced(&|_, sign| sign)));
        let paydays = spaced(&|index, _| if is_payday(index) { '£' } else { ' ' });
        if !paydays.trim().is_empty() {
            lines.push(format!("    {:10}  {}", "", paydays.trim_end()));
        }
    }
    lines
}

fn payments(story: &Explanation, screen: &Screen) -> String {
    if story.payments.is_empty() {
        return format!("{}\n  none were found under this number", screen.heading("Payments"));
    }
    let has_totals = story.payments.iter().any(|paid| paid.running_total.is_some());
    let mut rows = vec![heads(has_totals)];
    rows.extend(story.payments.iter().map(|paid| row(paid, has_totals)));
    format!("{}\n{}", screen.heading("Payments"), screen.table(&[3], rows))
}

fn heads(has_totals: bool) -> Vec<String> {
    let last = if has_totals { ["total", "why"] } else { ["shows", "why"] };
    ["payday", "employer", "paid", "pounds", "band", "covers"]
        .iter()
        .chain(&last)
        .map(|head| (*head).to_owned())
        .collect()
}

fn row(paid: &PaymentRow, has_totals: bool) -> Vec<String> {
    let mut cover = paid.cover.as_ref().map(|(from, to)| format!("{from} to {to}")).unwrap_or_default();
    if let Some(from) = &paid.weak_from {
        cover += &format!(", weakly from {from}");
    }
    if let Some(from) = &paid.bridged_from {
        cover += &format!(", bridged from {from}");
    }
    let shows = match (&paid.strength, &paid.status) {
        // The status of weak cover already says so.
        (Some(_), Some(status)) if status.starts_with("weak") => status.replace('_', " "),
        (Some(strength), Some(status)) => format!("{strength} {}", status.replace('_', " ")),
        _ => String::new(),
    };
    let total = paid.running_total.clone().unwrap_or_default();
    vec![
        paid.payday.clone(),
        paid.employer.clone(),
        paid.frequency.clone(),
        paid.pay.clone(),
        paid.band.clone().unwrap_or_default(),
        cover,
        if has_totals { total } else { shows },
        paid.why.clone(),
    ]
}

//! The obstacles between a claim and a validated verdict: a diagnosis of the evidence, never advice to alter it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filed::{FiledClaim, FiledFinding};
use super::run::FinishedRun;
use super::shown::Weighed;
use crate::domain::Band;
use crate::domain::day::{LongDate, add_days};
use crate::evidence::Shortfall;
use crate::judge;
use crate::rules::{Code, Severity, rule};

/// One obstacle to a validated verdict, or one thing that would change the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Obstacle {
    /// Nothing: the claim is validated.
    Stands,
    /// The evidence sustains the outcome from a later day on.
    LaterStart {
        /// The first such day.
        job_start: String,
        /// The day claimed.
        claimed: String,
        /// When the outcome would be achieved.
        achieved_on: String,
        /// Whether the claim was made before that, so that it would take a new one.
        claimed_before: bool,
    },
    /// More pay may yet be reported.
    LookAgain {
        /// The day from which an extract can settle it.
        on: String,
    },
    /// Days of the window are not shown to be worked at the outcome's hours.
    DaysMissing {
        /// How many more are needed.
        short_by: u32,
        /// The days of the window that no pay covers, first and last of each stretch.
        uncovered: Vec<(String, String)>,
    },
    /// Days are covered only weakly: by pay that cannot be told to be for those very days.
    WeaklyCovered {
        /// How many.
        days: u32,
    },
    /// The hours band does not reach the outcome's hours, or does not say.
    BandNeeded {
        /// The hours a week the outcome asks for.
        hours: String,
        /// The bands that reach them.
        bands: Vec<String>,
        /// The bands that were reported.
        reported: Vec<String>,
        /// How many days rest on them.
        days: u32,
    },
    /// Too little was earned.
    EarningsShort {
        /// Pounds missing.
        short_by: String,
    },
    /// Another rule fails, whatever the evidence shows.
    AlsoFails {
        /// The rule.
        code: String,
        /// What fails.
        says: String,
    },
}

/// Whether a rule reports the evidence's answer; the others fail whatever it is.
fn speaks_for_evidence(code: &str) -> bool {
    Code::parse(code).and_then(rule).is_some_and(|rule| rule.rests_on.is_answer_of_evidence())
}

/// How many days after the claimed start a later start is sought: half a year.
const LATEST_START_DAYS: i64 = 182;

/// What stands between the claim and a validated one, the evidence first.
pub(super) fn obstacles(run: &FinishedRun, filed: &FiledClaim, weighed: Option<&Weighed>) -> Vec<Obstacle> {
    if filed.verdict == "validated" {
        return vec![Obstacle::Stands];
    }
    let mut all = Vec::new();
    all.extend(filed.recheck_on.map(|day| Obstacle::LookAgain { on: day.to_string() }));
    if let Some(weighed) = weighed {
        all.extend(weighed.evidence.outcome.shortfalls().into_iter().map(Obstacle::from));
        all.extend(later_start(run, filed, weighed));
    }
    let weighty = || filed.findings.iter().filter(|finding| finding.severity != Severity::Note.name());
    if all.is_empty() {
        all.extend(weighty().find(|finding| speaks_for_evidence(&finding.code)).map(Obstacle::failing));
    }
    all.extend(weighty().filter(|finding| !speaks_for_evidence(&finding.code)).map(Obstacle::failing));
    all
}

/// The first later start from which the same payments sustain the outcome.
fn later_start(run: &FinishedRun, filed: &FiledClaim, weighed: &Weighed) -> Option<Obstacle> {
    let outcome = filed.claim.outcome().and_then(|id| run.context.scheme.outcome(id))?;
    if outcome.kind.counts_from_participant_start() {
        return None;
    }
    weighed.evidence.outcome.code()?;
    let (claimed, cut_off) = (*filed.claim.job_start_date.given()?, run.context.observed.cut_off?);
    let later = (1..=LATEST_START_DAYS).map(|days| add_days(claimed, days));
    later.take_while(|day| *day <= cut_off).find_map(|job_start| {
        let mut claim = filed.claim.clone();
        claim.job_start_date = crate::domain::Field::Given(job_start);
        let weighed = judge::weigh(&run.context, &claim, filed.participant_start, &weighed.payments).ok()?;
        let achieved_on = weighed.outcome.achieved_on().filter(|_| weighed.outcome.code().is_none())?;
        // The window need not open on the day that was tried; on the day it opens the job shows.
        let opens = weighed.outcome.columns().counted.map_or(job_start, |counted| counted.window.0);
        Some(Obstacle::LaterStart {
            job_start: opens.to_string(),
            claimed: claimed.to_string(),
            achieved_on: achieved_on.to_string(),
            claimed_before: filed.claim.claim_date.given().is_some_and(|claimed| *claimed < achieved_on),
        })
    })
}

/// Converts what the payments lack to an obstacle of the explanation.
impl From<Shortfall> for Obstacle {
    fn from(shortfall: Shortfall) -> Self {
        let letter = |band: Band| band.letter().to_owned();
        match shortfall {
            Shortfall::DaysMissing { short_by, uncovered } => {
                let uncovered = uncovered.iter().map(|(first, last)| (first.to_string(), last.to_string()));
                Self::DaysMissing { short_by, uncovered: uncovered.collect() }
            }
            Shortfall::WeaklyCovered { days } => Self::WeaklyCovered { days },
            Shortfall::BandNeeded { hours, bands, reported, days } => {
                let mut reported: Vec<String> =
                    reported.into_iter().map(|band| band.map_or_else(|| "none".to_owned(), letter)).collect();
                reported.sort();
                reported.dedup();
                let bands = bands.into_iter().map(letter).collect();
                Self::BandNeeded { hours: hours.to_string(), bands, reported, days }
            }
            Shortfall::EarningsShort { short_by } => Self::EarningsShort { short_by: short_by.plain() },
        }
    }
}

impl Obstacle {
    fn failing(finding: &FiledFinding) -> Self {
        Self::AlsoFails { code: finding.code.clone(), says: finding.message.clone() }
    }

    /// The obstacle in words.
    pub fn says(&self) -> String {
        match self {
            Self::Stands => "The evidence shows the outcome and nothing speaks against the claim.".into(),
            Self::LaterStart { job_start, claimed, achieved_on, claimed_before } => format!(
                "The same payments sustain the outcome from {} instead of {}: achieved on {}. Whether the job began then is \
                 for the provider and the employer to say{}.",
                worded(job_start),
                worded(claimed),
                worded(achieved_on),
                if *claimed_before {
                    ", and it would take a new claim, for this one was made before that day"
                } else {
                    ""
                }
            ),
            Self::LookAgain { on } => {
                format!(
                    "Look again with an extract that speaks up to {} or later: pay that is not yet due can settle it.",
                    worded(on)
                )
            }
            Self::DaysMissing { short_by, uncovered } => {
                let days = if *short_by == 1 { "1 day".to_owned() } else { format!("{short_by} days") };
                let stretches: Vec<String> = uncovered.iter().map(|(first, last)| span(first, last)).collect();
                let shown = format!("{days} more at the outcome's hours would have to be shown");
                if stretches.is_empty() {
                    shown + "."
                } else {
                    format!("{shown}; no pay covers {}.", stretches.join(", "))
                }
            }
            Self::WeaklyCovered { days } => format!(
                "{} covered only weakly, by irregular pay, pay for a quarter or longer, or from the claimed start to the first \
                 pay: what shows that they were worked would settle it.",
                if *days == 1 { "1 day is".to_owned() } else { format!("{days} days are") }
            ),
            Self::BandNeeded { hours, bands, reported, days } => format!(
                "The outcome asks for {hours} or more hours a week, which {} shows; {} on {}.",
                listed("band", bands),
                if *days == 1 { "1 day rests".to_owned() } else { format!("{days} days rest") },
                if reported == &["none"] { "pay without a band".to_owned() } else { listed("band", reported) }
            ),
            Self::EarningsShort { short_by } => format!("£{short_by} more would have to be earned in the window."),
            Self::AlsoFails { code, says } => format!("{code}: {says}"),
        }
    }
}

fn worded(day: &str) -> String {
    day.parse().map_or_else(|_| day.to_owned(), |day| LongDate(day).to_string())
}

fn span(first: &str, last: &str) -> String {
    if first == last { worded(first) } else { format!("{} to {}", worded(first), worded(last)) }
}

fn listed(what: &str, all: &[String]) -> String {
    match all {
        [] => format!("no {what}"),
        [one] => format!("{what} {one}"),
        [rest @ .., last] => format!("{what} {} or {last}", rest.join(", ")),
    }
}

//! The obstacles between a claim and a validated verdict: a diagnosis of the evidence, never advice to alter it.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filed::{FiledClaim, FiledFinding};
use super::run::FinishedRun;
use super::shown::{DayDisplay, Weighed, days};
use crate::domain::Band;
use crate::domain::day::{LongDate, add_days};
use crate::domain::hours::Against;
use crate::evidence::{DayStatus, DaysQuestion, EvidenceTerms};
use crate::judge;
use crate::rules::{Code, rule};

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
        all.extend(of_days(weighed));
        all.extend(of_earnings(weighed));
        all.extend(later_start(run, filed, weighed));
    }
    let weighty = || filed.findings.iter().filter(|finding| finding.severity != "note");
    if all.is_empty() {
        all.extend(weighty().find(|finding| speaks_for_evidence(&finding.code)).map(Obstacle::failing));
    }
    all.extend(weighty().filter(|finding| !speaks_for_evidence(&finding.code)).map(Obstacle::failing));
    all
}

/// Which days of the window are missing, and which bands are in the way.
fn of_days(weighed: &Weighed) -> Vec<Obstacle> {
    let Some((question, decided)) = weighed.asked.days().zip(weighed.evidence.answer.decided()) else {
        return Vec::new();
    };
    if decided.achieved_on.is_some() {
        return Vec::new();
    }
    let Some(best) = weighed.evidence.best() else { return Vec::new() };
    let mut all = Vec::new();
    let shown = days(question, best);
    let in_window: Vec<(NaiveDate, DayDisplay)> = (0..)
        .zip(shown)
        .map(|(index, shows)| (add_days(question.job_start, index), shows))
        .filter(|(day, _)| decided.window.0 <= *day && *day <= decided.window.1)
        .collect();
    let short_by = question.terms.needed_days.saturating_sub(decided.counts.yes);
    if 0 < short_by {
        all.push(Obstacle::DaysMissing { short_by, uncovered: stretches_of(&in_window, DayDisplay::Missing) });
    }
    let weak = best.days.iter().zip(0..).filter(|(status, index)| {
        let day = add_days(question.job_start, *index);
        **status == DayStatus::WeakUnknown && decided.window.0 <= day && day <= decided.window.1
    });
    let weak = u32::try_from(weak.count()).unwrap_or(u32::MAX);
    all.extend((0 < weak).then_some(Obstacle::WeaklyCovered { days: weak }));
    all.extend(band_needed(question, weighed, &in_window));
    all
}

fn stretches_of(days: &[(NaiveDate, DayDisplay)], wanted: DayDisplay) -> Vec<(String, String)> {
    let mut stretches: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (day, _) in days.iter().filter(|(_, shows)| *shows == wanted) {
        match stretches.last_mut().filter(|(_, last)| add_days(*last, 1) == *day) {
            Some((_, last)) => *last = *day,
            None => stretches.push((*day, *day)),
        }
    }
    stretches.iter().map(|(first, last)| (first.to_string(), last.to_string())).collect()
}

fn band_needed(question: &DaysQuestion, weighed: &Weighed, days: &[(NaiveDate, DayDisplay)]) -> Option<Obstacle> {
    let at_fault = days.iter().filter(|(_, shows)| matches!(shows, DayDisplay::Below | DayDisplay::Unknown)).count();
    let best = weighed.evidence.best()?;
    let (first, last) = (days.first()?.0, days.last()?.0);
    let hours = question.terms.hours;
    let mut reported: Vec<String> = Vec::new();
    for stretch in best.stretches.iter().filter(|stretch| stretch.first <= last && first <= stretch.last) {
        let Some(paid) = best.paid(stretch.spell, stretch.paid) else { continue };
        let reaches = paid.band.is_some_and(|band| band.against(hours, paid.payday) == Against::Reaches);
        if !reaches {
            reported.push(paid.band.map_or_else(|| "none".to_owned(), |band| band.letter().to_owned()));
        }
    }
    reported.sort();
    reported.dedup();
    if at_fault == 0 || reported.is_empty() || hours.hundredths() == 0 {
        return None;
    }
    let bands = Band::ALL.into_iter().filter(|band| band.against(hours, first) == Against::Reaches);
    Some(Obstacle::BandNeeded {
        hours: hours.to_string(),
        bands: bands.map(|band| band.letter().to_owned()).collect(),
        reported,
        days: u32::try_from(at_fault).unwrap_or(u32::MAX),
    })
}

fn of_earnings(weighed: &Weighed) -> Option<Obstacle> {
    let earned = weighed.evidence.answer.earned().filter(|earned| earned.reached_on.is_none())?;
    let EvidenceTerms::Earnings(question) = &weighed.asked else { return None };
    let short_by = question.terms.as_ref()?.threshold.plus(crate::domain::Pence(-earned.total.0));
    Some(Obstacle::EarningsShort { short_by: short_by.plain() })
}

/// The first later start from which the same payments sustain the outcome.
fn later_start(run: &FinishedRun, filed: &FiledClaim, weighed: &Weighed) -> Option<Obstacle> {
    let question = weighed.asked.days()?;
    weighed.evidence.answer.code()?;
    let cut_off = question.cut_off?;
    let later = (1..=LATEST_START_DAYS).map(|days| add_days(question.job_start, days));
    later.take_while(|day| *day <= cut_off).find_map(|job_start| {
        let mut claim = filed.claim.clone();
        claim.job_start_date = crate::domain::Field::Given(job_start);
        let weighed = judge::weigh(&run.context, &claim, filed.participant_start, &weighed.payments);
        let answer = weighed.ok()?.1.answer;
        let decided = answer.decided().filter(|_| answer.code().is_none())?;
        let achieved_on = decided.achieved_on?;
        Some(Obstacle::LaterStart {
            // The window need not open on the day that was tried; on the day it opens the job shows.
            job_start: decided.window.0.to_string(),
            claimed: question.job_start.to_string(),
            achieved_on: achieved_on.to_string(),
            claimed_before: filed.claim.claim_date.given().is_some_and(|claimed| *claimed < achieved_on),
        })
    })
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

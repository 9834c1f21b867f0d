//! Whether a job was there before the participant started: what the claim, the reported start and the paydays say of it.

use chrono::NaiveDate;

use super::DayQuestion;
use super::spell::Spell;
use super::timeline::Timeline;
use crate::domain::day::{add_days, days_from};

/// The days before the participant's start in which a job of before would have been paid: two months.
const PAID_WITHIN_DAYS: i64 = 62;

/// What says that a job was there before the participant started, and how surely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBefore {
    /// The earliest of the days before the start.
    pub began: NaiveDate,
    /// Who says so, in words.
    pub says_who: &'static str,
    /// How surely.
    pub certainty: Certainty,
}

/// How surely a job was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing contradicts it.
    Certain,
    /// One date says so, and another contradicts it.
    Contradicted,
}

/// Whether an employer's job was there before the participant started.
pub fn held_before(question: &DayQuestion, started: NaiveDate, timeline: &Timeline) -> Option<HeldBefore> {
    spell_held_before(question, started, timeline, timeline.job_spell()?)
}

/// As [`held_before`], of one of the employer's spells.
pub(super) fn spell_held_before(
    question: &DayQuestion,
    started: NaiveDate,
    timeline: &Timeline,
    job: &Spell,
) -> Option<HeldBefore> {
    let before = |day: &NaiveDate| *day < started;
    let claimed = Some(question.job_start).filter(before);
    let start = job.reported_start.filter(before);
    let payday = job.first_covering().map(|(_, paid)| paid.payday).filter(before);
    let certainty = match (claimed, start, payday) {
        (None, None, None) => return None,
        (Some(claimed), None, None) => {
            let tolerance = i64::from(question.terms.start_tolerance_days);
            contradicted_where(days_from(claimed, started) <= tolerance)
        }
        (None, None, Some(_)) => contradicted_where(job.reported_start.is_some()),
        (None, Some(_), None) => {
            contradicted_where(would_have_shown(question, started) && !is_paid_before(timeline, started))
        }
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => Certainty::Certain,
    };
    let says_who = match (claimed, start, payday) {
        (Some(_), None, None) => "the claim alone",
        (None, Some(_), None) => "the reported start alone",
        (None, None, _) => "the first payday alone",
        (Some(_), Some(_), None) => "the claim and the reported start",
        (Some(_), None, Some(_)) => "the claim and the first payday",
        (None, Some(_), Some(_)) => "the reported start and the first payday",
        (Some(_), Some(_), Some(_)) => "the claim, the reported start and the first payday",
    };
    let began = [claimed, start, payday].into_iter().flatten().min()?;
    Some(HeldBefore { began, says_who, certainty })
}

/// Contradicted where another date contradicts, else certain.
fn contradicted_where(another_date_contradicts: bool) -> Certainty {
    if another_date_contradicts { Certainty::Contradicted } else { Certainty::Certain }
}

/// Whether pay of the two months before the start would stand in the extract.
fn would_have_shown(question: &DayQuestion, started: NaiveDate) -> bool {
    let (first, last) = (add_days(started, -PAID_WITHIN_DAYS), add_days(started, -1));
    last <= question.cut_off_or_never() && question.observed.unobserved_within(first, last).is_empty()
}

/// Whether the employer paid for work before the start, in whatever employment.
fn is_paid_before(timeline: &Timeline, started: NaiveDate) -> bool {
    let mut paid = timeline.spells.iter().flat_map(|spell| &spell.paid);
    paid.any(|paid| paid.is_covering() && paid.payday < started)
}

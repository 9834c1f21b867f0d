//! Combines the employers to one answer: which of them compete, which is best, and what all of them show together.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::days::DayAnswer;
use super::sustained::{
    self, Achieved, AnswerClass, AnswerLine, EmployerAnswer, achieved, awaited, ended_from, overdue_from,
};
use super::timeline::{Timeline, span};
use super::{DayQuestion, DayStatus};
use crate::domain::Pence;
use crate::domain::day::{add_days, days_from};
use crate::scheme::AcrossEmployers;

/// The days after the claimed start within which two monthly paydays and seven days' lag may bring the first pay.
const FIRST_PAY_DAYS: i64 = 69;

/// The answer where at least one employer competes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Which of the timelines is best.
    pub best: usize,
    /// The best employer's line of the table.
    pub line: AnswerLine,
    /// How the answer came about.
    pub ground: AnswerBasis,
    /// The day the outcome was achieved, for a pass.
    pub achieved_on: Option<NaiveDate>,
    /// The first and last day of the window the counts are of.
    pub window: (NaiveDate, NaiveDate),
    /// The days of that window by status.
    pub counts: DayCounts,
    /// The best employer's pay with a payday in that window.
    pub pay_in_window: Pence,
    /// When to look again, where a later extract can settle it.
    pub recheck_on: Option<NaiveDate>,
}

/// Whose days the answer rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerBasis {
    /// The best employer's alone.
    OneEmployer,
    /// All employers' together, and the scheme accepts that.
    AllEmployersAccepted,
    /// All employers' together, which a person must look at.
    AllEmployersQueried,
}

/// Days of a window by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Yes.
    pub yes: u32,
    /// Unknown, weak-unknown included.
    pub unknown: u32,
    /// Below.
    pub below: u32,
}

/// Answers the question.
pub fn answer(question: &DayQuestion, timelines: &[Timeline], any_row_counts: bool) -> DayAnswer {
    let nobody_paid =
        timelines.iter().flat_map(|timeline| &timeline.spells).all(|spell| spell.first_covering().is_none());
    if any_row_counts && nobody_paid {
        return DayAnswer::OnlyZeroPay;
    }
    let competing = competing(question, timelines);
    let best = competing
        .into_iter()
        .map(|(index, timeline)| (index, timeline, sustained::employer_answer(question, timeline)))
        .min_by_key(|(_, timeline, standing)| preference(question, timeline, standing));
    if let Some((index, timeline, standing)) = best {
        DayAnswer::Decided(decide(question, timelines, index, timeline, standing))
    } else {
        let until = add_days(question.job_start, FIRST_PAY_DAYS);
        DayAnswer::NoCover { pay_may_come_until: (question.cut_off_or_never() < until).then_some(until) }
    }
}

/// The employers that compete: those with a job in the time of the claim, jobs that were there before the participant
/// started only when there is no other and the claim does not name another.
fn competing<'a>(question: &DayQuestion, timelines: &'a [Timeline]) -> Vec<(usize, &'a Timeline)> {
    let there_before = |timeline: &Timeline| {
        let began = timeline.job_spell().and_then(super::spell::Spell::began);
        question.participant_start.zip(began).is_some_and(|(started, began)| began < started)
    };
    let names_another =
        |timeline: &Timeline| question.named_employer.as_ref().is_some_and(|named| *named != timeline.employer);
    let with_job = timelines.iter().enumerate().filter(|(_, timeline)| timeline.job.is_some());
    let (before, new): (Vec<_>, Vec<_>) = with_job.partition(|(_, timeline)| there_before(timeline));
    if new.is_empty() { before.into_iter().filter(|(_, timeline)| !names_another(timeline)).collect() } else { new }
}

/// What makes one competing employer better than another; the smallest is best.
fn preference<'a>(question: &DayQuestion, timeline: &'a Timeline, standing: &EmployerAnswer) -> impl Ord + use<'a> {
    let named = question.named_employer.as_ref() == Some(&timeline.employer);
    let start = timeline.job_spell().and_then(|spell| spell.start);
    let days_off = start.map(|start| days_from(question.job_start, start).abs());
    // `Reverse` puts a named employer first; an unknown start comes after every known one.
    (
        standing.line.class(),
        line_number(standing.line),
        Reverse(named),
        days_off.is_none(),
        days_off,
        &timeline.employer,
    )
}

/// The line's number in the table: two lines with one number do not differ in preference.
fn line_number(line: AnswerLine) -> u8 {
    match line {
        AnswerLine::Sustained => 1,
        AnswerLine::HoursUnknown { .. } => 2,
        AnswerLine::Pending => 3,
        AnswerLine::Quiet => 4,
        AnswerLine::UnpaidGaps => 5,
        AnswerLine::TooFewHours => 6,
        AnswerLine::EmployedLongEnough => 7,
        AnswerLine::EndedTooSoon => 8,
        AnswerLine::BreaksOff => 9,
    }
}

fn decide(
    question: &DayQuestion,
    timelines: &[Timeline],
    index: usize,
    best: &Timeline,
    standing: EmployerAnswer,
) -> Decided {
    let union = (standing.line != AnswerLine::Sustained).then(|| union(timelines, question.horizon_days()));
    let (ground, passed) = match &union {
        None => (AnswerBasis::OneEmployer, standing.achieved),
        Some(union) => together(question, timelines, union, standing.line.class()),
    };
    let days = match (&union, ground) {
        (Some(union), AnswerBasis::AllEmployersAccepted | AnswerBasis::AllEmployersQueried) => union.as_slice(),
        (Some(_) | None, _) => best.days.as_slice(),
    };
    let opens = passed.map_or_else(|| sustained::fullest_window(&question.terms, days), |achieved| achieved.opens);
    let accepted = ground != AnswerBasis::AllEmployersQueried;
    let date = |index: usize| add_days(question.job_start, i64::try_from(index).unwrap_or(i64::MAX));
    let window = (date(opens), add_days(date(opens), i64::from(question.terms.window_days) - 1));
    Decided {
        best: index,
        line: standing.line,
        ground,
        achieved_on: passed.filter(|_| accepted).map(|achieved| date(achieved.on)),
        window,
        counts: count(days, opens, question.terms.window_days),
        pay_in_window: pay_between(best, window),
        recheck_on: if ground == AnswerBasis::OneEmployer { recheck_on(question, best, standing.line) } else { None },
    }
}

/// What all employers show together, when the best alone is not enough.
fn together(
    question: &DayQuestion,
    timelines: &[Timeline],
    union: &[DayStatus],
    best: AnswerClass,
) -> (AnswerBasis, Option<Achieved>) {
    let terms = &question.terms;
    let status = |day: usize| union.get(day).copied().unwrap_or_default();
    let by_yes = achieved(terms, |day| status(day) == DayStatus::Yes);
    match (by_yes, terms.across_employers) {
        (_, AcrossEmployers::Reject) => return (AnswerBasis::OneEmployer, None),
        (Some(_), AcrossEmployers::Accept) => return (AnswerBasis::AllEmployersAccepted, by_yes),
        (Some(_), AcrossEmployers::Query) => return (AnswerBasis::AllEmployersQueried, by_yes),
        (None, AcrossEmployers::Accept | AcrossEmployers::Query) => {}
    }
    if best != AnswerClass::Reject {
        return (AnswerBasis::OneEmployer, None);
    }
    let awaited_days: Vec<_> = timelines
        .iter()
        .map(|timeline| awaited(question, timeline))
        .flat_map(|awaited| [awaited.pending, awaited.quiet])
        .flatten()
        .map(|(first, last)| span(question, first, last))
        .collect();
    let possible = |day: usize| {
        status(day) == DayStatus::Yes || status(day).is_unknown() || awaited_days.iter().any(|days| days.contains(&day))
    };
    match achieved(terms, possible) {
        Some(_) => (AnswerBasis::AllEmployersQueried, None),
        None => (AnswerBasis::OneEmployer, None),
    }
}

/// Each day over all employers: below under two of them may add up to enough, so it is unknown.
fn union(timelines: &[Timeline], horizon_days: usize) -> Vec<DayStatus> {
    (0..horizon_days)
        .map(|day| {
            let statuses = timelines.iter().filter_map(|timeline| timeline.days.get(day).copied());
            let best = statuses.clone().max().unwrap_or_default();
            let below = statuses.filter(|status| *status == DayStatus::Below).count();
            if best == DayStatus::Below && 2 <= below { DayStatus::Unknown } else { best }
        })
        .collect()
}

fn count(days: &[DayStatus], opens: usize, window_days: u32) -> DayCounts {
    let mut counts = DayCounts::default();
    for day in days.iter().skip(opens).take(usize::try_from(window_days).unwrap_or(usize::MAX)) {
        match day {
            DayStatus::Yes => counts.yes += 1,
            DayStatus::Unknown | DayStatus::WeakUnknown => counts.unknown += 1,
            DayStatus::Below => counts.below += 1,
            DayStatus::Uncovered => {}
        }
    }
    counts
}

fn pay_between(timeline: &Timeline, (first, last): (NaiveDate, NaiveDate)) -> Pence {
    let payments = timeline.spells.iter().flat_map(|spell| &spell.paid);
    let inside = payments.filter(|paid| first <= paid.payday && paid.payday <= last);
    inside.fold(Pence(0), |sum, paid| sum.plus(paid.pay))
}

/// When a later extract settles a query: the day the next pay is overdue, or the silence has lasted three months.
fn recheck_on(question: &DayQuestion, timeline: &Timeline, line: AnswerLine) -> Option<NaiveDate> {
    let (_, paid, cover_end) = timeline.last_spell_and_payment()?;
    match line {
        AnswerLine::Pending => Some(overdue_from(paid.payday, paid.length())),
        AnswerLine::Quiet => {
            Some(ended_from(cover_end)).filter(|day| paid.is_firm() && question.cut_off_or_never() < *day)
        }
        AnswerLine::Sustained
        | AnswerLine::HoursUnknown { .. }
        | AnswerLine::UnpaidGaps
        | AnswerLine::TooFewHours
        | AnswerLine::EmployedLongEnough
        | AnswerLine::EndedTooSoon
        | AnswerLine::BreaksOff => None,
    }
}

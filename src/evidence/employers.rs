//! Combines the employers to one answer: which of them compete, which is best, and what all of them show together.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::days::DayAnswer;
use super::held_before::{self, Certainty};
use super::sustained::{
    self, Achieved, AnswerClass, AnswerLine, EmployerAnswer, achieved, awaited, ended_from, overdue_from,
};
use super::timeline::{Timeline, span};
use super::{DayQuestion, DayStatus};
use crate::domain::day::{add_days, days_from};
use crate::domain::{EmployerRef, Pence};
use crate::scheme::AcrossEmployers;

/// The days before the claimed start in which a job must have been paid for its silence to be awaited beside other jobs: the
/// time that HMRC gives a silent employment.
const RECENT_DAYS: i64 = 92;

/// The days after the claimed start within which two monthly paydays and seven days' lag may bring the first pay.
const FIRST_PAY_DAYS: i64 = 69;

/// The days on either side of a payment that it may explain: a month.
const REACH_DAYS: usize = 31;

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

/// Answers the question; `is_own` says of an employer whether some payroll record there is the claimant's own.
pub fn answer(
    question: &DayQuestion,
    timelines: &[Timeline],
    any_row_counts: bool,
    is_own: impl Fn(&EmployerRef) -> bool,
) -> DayAnswer {
    let nobody_paid =
        timelines.iter().flat_map(|timeline| &timeline.spells).all(|spell| spell.first_covering().is_none());
    if any_row_counts && nobody_paid {
        return DayAnswer::OnlyZeroPay;
    }
    let Competing { competing, left_out } = competing(question, timelines);
    if let Some((index, answer, timeline)) = best_of(question, competing, &is_own) {
        DayAnswer::Decided(decide(question, timelines, index, timeline, answer))
    } else {
        let until = add_days(question.job_start, FIRST_PAY_DAYS);
        DayAnswer::NoCover {
            pay_may_come_until: (question.cut_off_or_never() < until).then_some(until),
            left_out: best_of(question, left_out, &is_own).map(|(index, ..)| index),
        }
    }
}

/// The best of some employers, with its answer.
fn best_of<'a>(
    question: &DayQuestion,
    employers: Vec<(usize, &'a Timeline)>,
    is_own: &impl Fn(&EmployerRef) -> bool,
) -> Option<(usize, EmployerAnswer, &'a Timeline)> {
    employers
        .into_iter()
        .map(|(index, timeline)| (index, sustained::employer_answer(question, timeline), timeline))
        .min_by_key(|(_, answer, timeline)| preference(question, timeline, answer, is_own))
}

/// The employers with a job in the time of the claim.
struct Competing<'a> {
    /// Those that compete.
    competing: Vec<(usize, &'a Timeline)>,
    /// Where none does, those whose job was there before the participant started and is not the one the claim names.
    left_out: Vec<(usize, &'a Timeline)>,
}

/// The employers that compete: those with a job in the time of the claim, jobs that were certainly there before the
/// participant started only when there is no other and the claim does not name another.
fn competing<'a>(question: &DayQuestion, timelines: &'a [Timeline]) -> Competing<'a> {
    let there_before = |timeline: &Timeline| {
        let held = question.new_job_from.and_then(|from| held_before::held_before(question, from, timeline));
        held.is_some_and(|held| held.certainty == Certainty::Certain)
    };
    let names_another =
        |timeline: &Timeline| question.named_employer.as_ref().is_some_and(|named| *named != timeline.employer);
    let with_job = timelines.iter().enumerate().filter(|(_, timeline)| timeline.job.is_some());
    let (before, new): (Vec<_>, Vec<_>) = with_job.partition(|(_, timeline)| there_before(timeline));
    if !new.is_empty() {
        return Competing { competing: new, left_out: Vec::new() };
    }
    let (left_out, competing): (Vec<_>, Vec<_>) = before.into_iter().partition(|(_, timeline)| names_another(timeline));
    Competing { left_out: if competing.is_empty() { left_out } else { Vec::new() }, competing }
}

/// What makes one competing employer better than another; the smallest is best.
fn preference<'a, IsOwn: Fn(&EmployerRef) -> bool>(
    question: &DayQuestion,
    timeline: &'a Timeline,
    answer: &EmployerAnswer,
    is_own: &IsOwn,
) -> impl Ord + use<'a, IsOwn> {
    let named = question.named_employer.as_ref() == Some(&timeline.employer);
    let start = timeline.job_spell().and_then(|spell| spell.start);
    let days_off = start.map(|start| days_from(question.job_start, start).abs());
    // `Reverse` puts an own record and a named employer first; an unknown start comes after every known one.
    (
        answer.line.class(),
        line_number(answer.line),
        Reverse(is_own(&timeline.employer)),
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
    let days_of = || timelines.iter().map(|timeline| timeline.days.as_slice());
    let union = (standing.line != AnswerLine::Sustained).then(|| union(question.horizon_days(), days_of));
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
    let recent = add_days(question.job_start, -RECENT_DAYS);
    let awaited_days: Vec<_> = timelines
        .iter()
        .filter(|timeline| timeline.last.is_some_and(|last| recent <= last.cover_end))
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
fn union<'a, Days: Iterator<Item = &'a [DayStatus]>>(
    horizon_days: usize,
    days_of_employers: impl Fn() -> Days,
) -> Vec<DayStatus> {
    (0..horizon_days)
        .map(|day| {
            let statuses = || days_of_employers().filter_map(|days| days.get(day).copied());
            let best = statuses().max().unwrap_or_default();
            let below = statuses().filter(|status| *status == DayStatus::Below).count();
            if best == DayStatus::Below && 2 <= below { DayStatus::Unknown } else { best }
        })
        .collect()
}

/// The class of the answer if these days were worked at the outcome's hours: under the best employer and therefore under all
/// together, or under one employer more where none competes.
pub(super) fn class_if_worked(
    question: &DayQuestion,
    timelines: &[Timeline],
    best: Option<usize>,
    worked: &[(NaiveDate, NaiveDate)],
) -> AnswerClass {
    let with_worked = |days: &[DayStatus]| {
        let mut days = days.to_vec();
        for (first, last) in worked {
            for day in days.get_mut(span(question, *first, *last)).into_iter().flatten() {
                *day = DayStatus::Yes;
            }
        }
        days
    };
    let no_days = vec![DayStatus::Uncovered; question.horizon_days()];
    let (days, class) = if let Some(best) = best.and_then(|best| timelines.get(best)) {
        let days = with_worked(&best.days);
        let mut gaps = best.gaps.clone();
        gaps.extend(explained_beside(question, &days, worked));
        gaps.extend(quiet_after(question, best.last.map(|last| last.cover_end), worked));
        let best = Timeline { gaps, days, ..best.clone() };
        let class = sustained::employer_answer(question, &best).line.class();
        (best.days, class)
    } else {
        let days = with_worked(&no_days);
        let yes = |day: usize| days.get(day) == Some(&DayStatus::Yes);
        let quiet = quiet_after(question, None, worked);
        let explained: Vec<_> = quiet.map(|(first, last)| span(question, first, last)).collect();
        let may_be = |day: usize| yes(day) || explained.iter().any(|run| run.contains(&day));
        let class = match (achieved(&question.terms, yes), achieved(&question.terms, may_be)) {
            (Some(_), _) => AnswerClass::Pass,
            (None, Some(_)) => AnswerClass::Query,
            (None, None) => AnswerClass::Reject,
        };
        (days, class)
    };
    if class == AnswerClass::Pass {
        return class;
    }
    let others = || timelines.iter().enumerate().filter(|(index, _)| Some(*index) != best);
    let union = union(question.horizon_days(), || {
        others().map(|(_, timeline)| timeline.days.as_slice()).chain([days.as_slice()])
    });
    match together(question, timelines, &union, class) {
        (AnswerBasis::OneEmployer, _) => class,
        (AnswerBasis::AllEmployersAccepted, _) => AnswerClass::Pass,
        (AnswerBasis::AllEmployersQueried, _) => AnswerClass::Query,
    }
}

/// The uncovered days beside those taken for worked that a payment of the employer in those days may explain, a month on either
/// side: it may have been the first pay, which reaches back to the start, the last, which reaches on to the day of leaving, or one
/// from which a gap is bridged.
fn explained_beside(
    question: &DayQuestion,
    days: &[DayStatus],
    worked: &[(NaiveDate, NaiveDate)],
) -> Vec<(NaiveDate, NaiveDate)> {
    let is_uncovered = |day: &usize| days.get(*day) == Some(&DayStatus::Uncovered);
    let date = |day: usize| add_days(question.job_start, i64::try_from(day).unwrap_or(i64::MAX));
    let beside = worked.iter().flat_map(|(first, last)| {
        let run = span(question, *first, *last);
        let before = (0..run.start).rev().take(REACH_DAYS).take_while(is_uncovered).last();
        let after = (run.end..days.len()).take(REACH_DAYS).take_while(is_uncovered).last();
        let before = before.map(|first| (date(first), date(run.start.saturating_sub(1))));
        before.into_iter().chain(after.map(|last| (date(run.end), date(last))))
    });
    beside.collect()
}

/// The days after those taken for worked, where they would be the last that the employer covers and it would have fallen quiet no
/// more than three months ago.
fn quiet_after(
    question: &DayQuestion,
    cover_end: Option<NaiveDate>,
    worked: &[(NaiveDate, NaiveDate)],
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let last = worked.last().map(|(_, last)| *last).filter(|last| cover_end.is_none_or(|end| end < *last));
    let last = last.filter(|last| question.cut_off_or_never() < ended_from(*last));
    last.map(|last| (add_days(last, 1), question.horizon_end().max(last))).into_iter()
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

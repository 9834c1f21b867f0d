//! Whether days sustain an outcome: the 13-week rule, and the table of answers for one employer.

use chrono::NaiveDate;

use super::DayQuestion;
use super::status::DayStatus;
use super::timeline::{Timeline, span};
use crate::domain::day::{add_days, days_from};
use crate::domain::{Frequency, NominalLength};
use crate::scheme::{Code, DayTerms};

/// The days an employer falls silent for before HMRC treats the employment as ended: three months.
const QUIET_DAYS: i64 = 92;

/// The days by which a payment may be late before it is overdue.
const OVERDUE_DAYS: i64 = 7;

/// A window in which enough days were found. Days are counted from the claimed start, which is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Achieved {
    /// The day the window opens.
    pub opens: usize,
    /// The day on which the last day needed was reached.
    pub on: usize,
}

/// The earliest day on which the days of a set sustain the outcome, over all windows; the earliest window that has it.
pub fn achieved(terms: &DayTerms, in_set: impl Fn(usize) -> bool) -> Option<Achieved> {
    let size = |days: u32| usize::try_from(days).unwrap_or(usize::MAX);
    let (needed, window) = (size(terms.needed_days), size(terms.window_days));
    let days: Vec<usize> =
        (0..size(terms.start_tolerance_days).saturating_add(window)).filter(|day| in_set(*day)).collect();
    let mut best: Option<Achieved> = None;
    for opens in 0..=size(terms.start_tolerance_days) {
        let before = days.partition_point(|day| *day < opens);
        let Some(&on) = days.get(before.saturating_add(needed).saturating_sub(1)) else { break };
        let within = on < opens.saturating_add(window);
        if within && best.is_none_or(|best| on < best.on) {
            best = Some(Achieved { opens, on });
        }
    }
    best
}

/// The window to show when no window sustains: the one with most yes days, the earliest such.
pub fn fullest_window(terms: &DayTerms, days: &[DayStatus]) -> usize {
    let size = |days: u32| usize::try_from(days).unwrap_or(usize::MAX);
    let window = size(terms.window_days);
    let yes = |opens: usize| days.iter().skip(opens).take(window).filter(|day| **day == DayStatus::Yes).count();
    (0..=size(terms.start_tolerance_days)).rev().max_by_key(|opens| yes(*opens)).unwrap_or(0)
}

/// The answer one employer's evidence gives: the first line of the table that holds, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerLine {
    /// 1: enough yes days.
    Sustained,
    /// 2: enough with days whose hours are not known.
    HoursUnknown {
        /// Whether only weak cover stands in the way.
        weak_cover: WeakCover,
    },
    /// 3: enough if the next payment, not yet due, comes.
    Pending,
    /// 4: enough if the job that has gone quiet went on.
    Quiet,
    /// 5: enough if short unpaid gaps count.
    UnpaidGaps,
    /// 6: enough days, but at fewer hours.
    TooFewHours,
    /// 7: employed long enough, not paid throughout.
    EmployedLongEnough,
    /// 8: the employment ended too soon.
    EndedTooSoon,
    /// 9: the cover breaks off or has too long a gap.
    BreaksOff,
}

/// Whether weak cover is all that keeps unknown days from yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeakCover {
    /// The yes days and the weakly covered ones suffice.
    Alone,
    /// Hours bands that do not say are needed too.
    WithOtherUnknowns,
}

/// What kind of answer a line is. The order is from the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerClass {
    /// The outcome is evidenced.
    Pass,
    /// A person must look.
    Query,
    /// The evidence contradicts the claim.
    Reject,
}

impl AnswerClass {
    /// The kind of answer in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Pass => "a pass",
            Self::Query => "a query",
            Self::Reject => "a rejection",
        }
    }
}

impl AnswerLine {
    /// The kind of answer.
    pub const fn class(self) -> AnswerClass {
        match self {
            Self::Sustained => AnswerClass::Pass,
            Self::HoursUnknown { .. } | Self::Pending | Self::Quiet | Self::UnpaidGaps | Self::EmployedLongEnough => {
                AnswerClass::Query
            }
            Self::TooFewHours | Self::EndedTooSoon | Self::BreaksOff => AnswerClass::Reject,
        }
    }

    /// The rule that says so; none for a pass.
    pub const fn code(self) -> Option<Code> {
        match self {
            Self::Sustained => None,
            Self::HoursUnknown { weak_cover: WeakCover::Alone } => Some(Code::SUS06),
            Self::HoursUnknown { weak_cover: WeakCover::WithOtherUnknowns } => Some(Code::HRS02),
            Self::Pending => Some(Code::SUS03),
            Self::Quiet => Some(Code::SUS04),
            Self::UnpaidGaps | Self::EmployedLongEnough => Some(Code::SUS07),
            Self::TooFewHours => Some(Code::HRS01),
            Self::EndedTooSoon => Some(Code::SUS01),
            Self::BreaksOff => Some(Code::SUS02),
        }
    }
}

/// Days on which more pay may yet show work, first and last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awaited {
    /// The days whose payment is not overdue.
    pub pending: Option<(NaiveDate, NaiveDate)>,
    /// The days since the employer fell quiet.
    pub quiet: Option<(NaiveDate, NaiveDate)>,
}

/// What may yet be reported under an employer.
pub fn awaited(question: &DayQuestion, timeline: &Timeline) -> Awaited {
    let nothing = Awaited { pending: None, quiet: None };
    let Some((spell, paid, cover_end)) = timeline.last_spell_and_payment() else { return nothing };
    let cut_off = question.cut_off_or_never();
    let (after, for_ever) = (add_days(cover_end, 1), question.horizon_end().max(cover_end));
    match spell.leaving {
        Some(leaving) if cut_off < leaving => Awaited { pending: Some((after, leaving)), quiet: None },
        Some(_) => nothing,
        None if cut_off < overdue_from(cover_end, paid.length()) => {
            Awaited { pending: Some((after, for_ever)), quiet: None }
        }
        None => {
            let may_be_quiet = match paid.frequency {
                Frequency::OneOff | Frequency::Quarterly | Frequency::HalfYearly | Frequency::Yearly => false,
                Frequency::Irregular => true,
                Frequency::Weekly | Frequency::Fortnightly | Frequency::FourWeekly | Frequency::Monthly => {
                    paid.irregular || days_from(cover_end, cut_off) <= QUIET_DAYS
                }
            };
            Awaited { pending: None, quiet: may_be_quiet.then_some((after, for_ever)) }
        }
    }
}

/// The first day on which the payment after one that ends on `end` is overdue.
pub fn overdue_from(end: NaiveDate, length: NominalLength) -> NaiveDate {
    add_days(length.after(end), OVERDUE_DAYS)
}

/// The first day on which a silent employment is taken to have ended.
pub fn ended_from(cover_end: NaiveDate) -> NaiveDate {
    add_days(cover_end, QUIET_DAYS + 1)
}

/// One employer's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmployerAnswer {
    /// The line of the table.
    pub line: AnswerLine,
    /// The window, for a pass.
    pub achieved: Option<Achieved>,
}

/// Walks the table for one employer that competes.
pub fn employer_answer(question: &DayQuestion, timeline: &Timeline) -> EmployerAnswer {
    let terms = &question.terms;
    let awaited = awaited(question, timeline);
    let marks = |days: Option<(NaiveDate, NaiveDate)>| days.map_or(0..0, |(first, last)| span(question, first, last));
    let (pending, quiet) = (marks(awaited.pending), marks(awaited.quiet));
    let gaps: Vec<_> = timeline.gaps.iter().map(|(first, last)| span(question, *first, *last)).collect();
    let status = |day: usize| timeline.days.get(day).copied().unwrap_or_default();
    let sustains = |in_set: &dyn Fn(usize) -> bool| achieved(terms, in_set).is_some();

    let yes = |day| status(day) == DayStatus::Yes;
    let known_or_weak = |day| yes(day) || status(day) == DayStatus::WeakUnknown;
    let known_or_not = |day| yes(day) || status(day).is_unknown();
    let with_pending = |day| known_or_not(day) || pending.contains(&day);
    let with_quiet = |day| with_pending(day) || quiet.contains(&day);
    let with_gaps = |day| with_quiet(day) || gaps.iter().any(|gap| gap.contains(&day));
    let at_any_hours = |day| with_gaps(day) || status(day) == DayStatus::Below;

    if let Some(achieved) = achieved(terms, yes) {
        return EmployerAnswer { line: AnswerLine::Sustained, achieved: Some(achieved) };
    }
    let line = if sustains(&known_or_weak) {
        AnswerLine::HoursUnknown { weak_cover: WeakCover::Alone }
    } else if sustains(&known_or_not) {
        AnswerLine::HoursUnknown { weak_cover: WeakCover::WithOtherUnknowns }
    } else if sustains(&with_pending) {
        AnswerLine::Pending
    } else if sustains(&with_quiet) {
        AnswerLine::Quiet
    } else if sustains(&with_gaps) {
        AnswerLine::UnpaidGaps
    } else if sustains(&at_any_hours) {
        AnswerLine::TooFewHours
    } else {
        broken_off(question, timeline)
    };
    EmployerAnswer { line, achieved: None }
}

/// Lines 7 to 9: the cover does not suffice on any reading.
fn broken_off(question: &DayQuestion, timeline: &Timeline) -> AnswerLine {
    let Some(leaving) = timeline.last_spell_and_payment().and_then(|(spell, _, _)| spell.leaving) else {
        return AnswerLine::BreaksOff;
    };
    let began = timeline.job.and_then(|job| timeline.began(job.spell)).unwrap_or(question.job_start);
    let employed_days = days_from(question.job_start.max(began), leaving) + 1;
    if i64::from(question.terms.needed_days) <= employed_days && employed_throughout(timeline) {
        AnswerLine::EmployedLongEnough
    } else {
        AnswerLine::EndedTooSoon
    }
}

/// Whether some spell of the employer holds each day from the beginning of the job to that of the last spell.
fn employed_throughout(timeline: &Timeline) -> bool {
    let began = |spell: Option<usize>| spell.and_then(|spell| timeline.began(spell));
    let (job, last) = (began(timeline.job.map(|job| job.spell)), began(timeline.last.map(|last| last.spell)));
    let Some((job, last)) = job.zip(last) else { return true };
    let mut spells: Vec<(NaiveDate, NaiveDate)> = (0..)
        .zip(&timeline.spells)
        .filter_map(|(number, spell)| Some((timeline.began(number)?, spell.leaving.unwrap_or(NaiveDate::MAX))))
        .filter(|(began, _)| *began <= last)
        .collect();
    spells.sort_unstable();
    let mut employed_to = NaiveDate::MIN;
    for (began, left) in spells {
        if job < began && add_days(employed_to, 1) < began {
            return false;
        }
        employed_to = employed_to.max(left);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Hours;
    use crate::scheme::AcrossEmployers;

    fn terms(needed_days: u32, window_days: u32, start_tolerance_days: u32) -> DayTerms {
        DayTerms {
            hours: Hours::from_hundredths(1600).unwrap(),
            needed_days,
            window_days,
            start_tolerance_days,
            gap_query_days: 31,
            across_employers: AcrossEmployers::Query,
        }
    }

    #[test]
    fn ninety_one_days_in_a_row_sustain_and_ninety_do_not() {
        let terms = terms(91, 91, 14);
        assert_eq!(achieved(&terms, |day| (3..94).contains(&day)), Some(Achieved { opens: 3, on: 93 }));
        assert_eq!(achieved(&terms, |day| (3..93).contains(&day)), None);
        assert_eq!(achieved(&terms, |day| day < 120 && day != 50), None);
    }

    #[test]
    fn the_window_may_open_on_the_last_tolerated_day_and_not_a_day_later() {
        let terms = terms(91, 91, 14);
        assert_eq!(achieved(&terms, |day| 14 <= day), Some(Achieved { opens: 14, on: 104 }));
        assert_eq!(achieved(&terms, |day| 15 <= day), None);
    }

    #[test]
    fn days_need_not_be_in_a_row_where_the_window_is_longer() {
        let terms = terms(91, 112, 0);
        assert_eq!(achieved(&terms, |day| 21 <= day), Some(Achieved { opens: 0, on: 111 }));
        assert_eq!(achieved(&terms, |day| 22 <= day), None);
        assert_eq!(achieved(&terms, |day| day != 10), Some(Achieved { opens: 0, on: 91 }));
    }

    #[test]
    fn one_day_is_enough_for_a_job_start() {
        assert_eq!(achieved(&terms(1, 1, 14), |day| day == 14), Some(Achieved { opens: 14, on: 14 }));
        assert_eq!(achieved(&terms(1, 1, 14), |day| day == 15), None);
    }
}

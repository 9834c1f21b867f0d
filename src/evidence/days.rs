//! Outcomes counted in days: the evidence of a job, employer by employer.

use chrono::NaiveDate;

use super::employers::{self, AnswerBasis, Decided};
use super::held_before::{self, HeldBefore};
use super::outcome::{CountedDays, DAYS_AROUND, DaysUnderEmployer, OutcomeColumns, OutcomeEvidence, Shortfall};
use super::rows::{self, RowContribution};
use super::spell::Spell;
use super::timeline::{self, Timeline};
use super::unobserved::{self, Unobserved};
use super::{DayQuestion, shortfall, shown};
use crate::domain::day::add_days;
use crate::domain::{EmployerRef, Fact};
use crate::scheme::Code;

/// The evidence for an outcome counted in days.
#[derive(Debug)]
pub struct DayEvidence {
    /// The question.
    pub question: DayQuestion,
    /// What happened under each employer that has a row that counts, in order of reference.
    pub timelines: Vec<Timeline>,
    /// The answer.
    pub answer: DayAnswer,
}

/// What the days answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayAnswer {
    /// No employer's payments cover the time of the claim.
    NoCover {
        /// The last day on which the first pay may still be reported; `None` where it is too late.
        pay_may_come_until: Option<NaiveDate>,
        /// Which of the timelines would be best of those that do have a job then, left out because it was there before the
        /// participant started and the claim names another employer.
        left_out: Option<usize>,
    },
    /// There are payments, and none is above zero.
    OnlyZeroPay,
    /// At least one employer competes.
    Decided(Decided),
}

impl DayQuestion {
    /// The number of days that a window may contain: the claimed start (J) and the days after it.
    pub fn horizon_days(&self) -> usize {
        usize::try_from(self.terms.start_tolerance_days.saturating_add(self.terms.window_days)).unwrap_or(usize::MAX)
    }

    /// The last day that a window may contain.
    pub fn horizon_end(&self) -> NaiveDate {
        let days = i64::from(self.terms.start_tolerance_days) + i64::from(self.terms.window_days) - 1;
        add_days(self.job_start, days)
    }
}

impl DayEvidence {
    /// Answers a question about days from the spells of the rows that count.
    /// `is_own` says of an employer whether some payroll record there is the claimant's own.
    pub(super) fn new(question: DayQuestion, spells: Vec<Spell>, is_own: impl Fn(&EmployerRef) -> bool) -> Self {
        let any_row_counts = !spells.is_empty();
        let timelines = timeline::timelines(&question, spells);
        let answer = employers::answer(&question, &timelines, any_row_counts, is_own);
        Self { question, timelines, answer }
    }

    /// The answer with the best employer, where at least one competes.
    pub fn decided(&self) -> Option<(&Decided, &Timeline)> {
        match &self.answer {
            DayAnswer::Decided(decided) => Some((decided, self.timelines.get(decided.best)?)),
            DayAnswer::NoCover { .. } | DayAnswer::OnlyZeroPay => None,
        }
    }

    /// The employer that was left out because its job was there before and the claim names another.
    pub fn left_out(&self) -> Option<&Timeline> {
        match &self.answer {
            DayAnswer::NoCover { left_out, .. } => self.timelines.get((*left_out)?),
            DayAnswer::OnlyZeroPay | DayAnswer::Decided(_) => None,
        }
    }
}

impl OutcomeEvidence for DayEvidence {
    fn code(&self) -> Option<Code> {
        match &self.answer {
            DayAnswer::NoCover { .. } => Some(Code::EMP01),
            DayAnswer::OnlyZeroPay => Some(Code::EMP04),
            DayAnswer::Decided(decided) => match decided.ground {
                AnswerBasis::OneEmployer => decided.line.code(),
                AnswerBasis::AllEmployersAccepted => None,
                AnswerBasis::AllEmployersQueried => Some(Code::SUS05),
            },
        }
    }

    fn facts(&self) -> Vec<Fact> {
        let Some((decided, best)) = self.decided() else { return Vec::new() };
        let mut facts = vec![
            Fact::new("employer", &best.employer),
            Fact::new("needed", self.question.terms.needed_days),
            Fact::new("hours", self.question.terms.hours),
            Fact::new("window_from", decided.window.0),
            Fact::new("window_to", decided.window.1),
            Fact::new("yes_days", decided.counts.yes),
            Fact::new("unknown_days", decided.counts.unknown),
            Fact::new("below_days", decided.counts.below),
        ];
        facts.extend(best.job.map(|job| Fact::new("first_cover", job.first_cover)));
        if let Some((spell, paid, cover_end)) = best.last_spell_and_payment() {
            facts.push(Fact::new("last_cover", cover_end));
            facts.push(Fact::new("last_payday", paid.payday));
            facts.extend(spell.leaving.map(|leaving| Fact::new("leaving_date", leaving)));
        }
        facts.extend(self.question.observed.cut_off.map(|cut_off| Fact::new("cut_off", cut_off)));
        facts.extend(decided.recheck_on.map(|day| Fact::new("recheck_on", day)));
        facts
    }

    fn achieved_on(&self) -> Option<NaiveDate> {
        self.decided().and_then(|(decided, _)| decided.achieved_on)
    }

    fn recheck_on(&self) -> Option<NaiveDate> {
        match &self.answer {
            DayAnswer::NoCover { pay_may_come_until, .. } => *pay_may_come_until,
            DayAnswer::OnlyZeroPay => None,
            DayAnswer::Decided(decided) => decided.recheck_on,
        }
    }

    fn unobserved(&self) -> Option<Unobserved> {
        let question = &self.question;
        let decided = self.decided();
        if self.code().is_none() {
            let best = decided.map(|(_, best)| best);
            let reported = best.and_then(Timeline::job_spell).and_then(|spell| spell.reported_start);
            let first_cover = best.and_then(|best| best.job).map(|job| job.first_cover);
            let beginning = unobserved::beginning(question.job_start, first_cover, &question.observed);
            return beginning.filter(|_| reported.is_none());
        }
        let runs = question.observed.unobserved_within(question.job_start, question.horizon_end());
        let best = decided.map(|(decided, _)| decided.best);
        let class_if_worked = || employers::class_if_worked(question, &self.timelines, best, &runs);
        let class_if_worked = (!runs.is_empty()).then(class_if_worked)?;
        Some(Unobserved::Days { runs, class_if_worked })
    }

    fn place_rows(&self, rows: &mut [RowContribution]) {
        for timeline in &self.timelines {
            rows::place(timeline, rows);
        }
    }

    /// The rows of the best employer, or of all where the answer is that of all together, that cover a day on which a window
    /// may lie. Weak days are covered days, bridged ones are not.
    fn stands_on(&self) -> Vec<usize> {
        let Some((decided, best)) = self.decided() else { return Vec::new() };
        let timelines = match decided.ground {
            AnswerBasis::OneEmployer => std::slice::from_ref(best),
            AnswerBasis::AllEmployersAccepted | AnswerBasis::AllEmployersQueried => self.timelines.as_slice(),
        };
        let (first, last) = (self.question.job_start, self.question.horizon_end());
        timelines.iter().flat_map(|timeline| timeline.rows_paid_for(first, last)).collect()
    }

    fn columns(&self) -> OutcomeColumns<'_> {
        let participant_start = self.question.participant_start;
        let Some((decided, best)) = self.decided() else {
            return OutcomeColumns { participant_start, ..OutcomeColumns::default() };
        };
        OutcomeColumns {
            counted: Some(CountedDays {
                window: decided.window,
                window_days: self.question.terms.window_days,
                needed_days: self.question.terms.needed_days,
                counts: decided.counts,
            }),
            employer: Some(&best.employer),
            first_cover: best.job.map(|job| job.first_cover),
            last_cover: best.last.map(|last| last.cover_end),
            pay_in_window: Some(decided.pay_in_window),
            participant_start,
        }
    }

    fn shortfalls(&self) -> Vec<Shortfall> {
        let decided = self.decided().filter(|(decided, _)| decided.achieved_on.is_none());
        decided.map(|(decided, best)| shortfall::of_days(&self.question, decided, best)).unwrap_or_default()
    }

    fn by_day(&self) -> Result<&DayEvidence, &'static str> {
        Ok(self)
    }

    fn paydays_that_matter(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((add_days(self.question.job_start, -DAYS_AROUND), add_days(self.question.horizon_end(), DAYS_AROUND)))
    }

    fn days_asked_about(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.question.job_start, self.question.horizon_end()))
    }

    fn held_before(&self, day: NaiveDate) -> Option<HeldBefore> {
        let (_, job) = self.decided()?;
        held_before::held_before(&self.question, day, job)
    }

    fn employers(&self) -> Vec<DaysUnderEmployer<'_>> {
        let best = self.decided().map(|(decided, _)| decided.best);
        let employers = self.timelines.iter().enumerate().map(|(index, timeline)| DaysUnderEmployer {
            employer: &timeline.employer,
            is_best: best == Some(index),
            days: shown::days(&self.question, timeline),
            leaving_date: timeline.spells.last().and_then(|spell| spell.leaving),
        });
        employers.collect()
    }
}

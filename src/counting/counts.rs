//! Counts of one group of people: how many gave which answer to each question, and how many weeks they worked.

use crate::measures::{PersonAnswer, Question};
use crate::observations::facts::{PersonFacts, WEEKS_FOLLOWED};
use crate::observations::person::ProgrammeStart;

/// How many people gave each answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AnswerCounts {
    /// Yes; of a change, employed after and not before.
    pub yes: u64,
    /// No.
    pub no: u64,
    /// Of a change, employed before and not after.
    pub lost: u64,
    /// Of a change, employed both before and after.
    pub kept: u64,
    /// In the denominator, and not observed.
    pub not_observed: u64,
}

impl AnswerCounts {
    /// The denominator: how many were observed.
    pub fn denominator(&self) -> u64 {
        self.yes + self.no + self.lost + self.kept
    }

    /// Of a change, how many were employed before, and how many after.
    pub fn before_and_after(&self) -> (u64, u64) {
        (self.lost + self.kept, self.yes + self.kept)
    }

    fn add_answer(&mut self, answer: PersonAnswer) {
        match answer {
            PersonAnswer::Outside => {}
            PersonAnswer::NotObserved => self.not_observed += 1,
            PersonAnswer::No => self.no += 1,
            PersonAnswer::Yes => self.yes += 1,
            PersonAnswer::Lost => self.lost += 1,
            PersonAnswer::Kept => self.kept += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        self.yes += other.yes;
        self.no += other.no;
        self.lost += other.lost;
        self.kept += other.kept;
        self.not_observed += other.not_observed;
    }
}

/// What the people of one group answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCounts {
    /// The answers to each question.
    pub answers: Vec<AnswerCounts>,
    /// How many people had each number of weeks in work; the index is the number of weeks.
    pub weeks: Vec<u64>,
    /// How many people who started are not observed for all the weeks.
    pub weeks_not_observed: u64,
}

impl GroupCounts {
    /// Counts that are all zero.
    pub(super) fn none(questions: usize) -> Self {
        let weeks = usize::try_from(WEEKS_FOLLOWED).unwrap_or(0) + 1;
        Self { answers: vec![AnswerCounts::default(); questions], weeks: vec![0; weeks], weeks_not_observed: 0 }
    }

    pub(super) fn add_person(&mut self, answers: &PersonAnswers) {
        for (counts, answer) in self.answers.iter_mut().zip(&answers.answers) {
            counts.add_answer(*answer);
        }
        match answers.weeks {
            WeeksInWork::NoStart => {}
            WeeksInWork::NotObserved => self.weeks_not_observed += 1,
            WeeksInWork::Worked(weeks) => {
                if let Some(people) = usize::try_from(weeks).ok().and_then(|weeks| self.weeks.get_mut(weeks)) {
                    *people += 1;
                }
            }
        }
    }

    /// Adds what a row of the register answers to the question at a place.
    pub(super) fn add_referral(&mut self, place: usize, answer: PersonAnswer) {
        if let Some(counts) = self.answers.get_mut(place) {
            counts.add_answer(answer);
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.answers.iter_mut().zip(&other.answers).for_each(|(own, other)| own.add(other));
        self.weeks.iter_mut().zip(&other.weeks).for_each(|(own, other)| *own += other);
        self.weeks_not_observed += other.weeks_not_observed;
    }
}

/// What one person answers.
pub(super) struct PersonAnswers {
    answers: Vec<PersonAnswer>,
    weeks: WeeksInWork,
}

impl PersonAnswers {
    /// Asks a person every question.
    pub(super) fn of<'a>(facts: &PersonFacts<'_>, questions: impl Iterator<Item = &'a Question>) -> Self {
        Self {
            answers: questions.map(|question| question.answer(facts)).collect(),
            weeks: match (facts.person.start, facts.weeks_in_work()) {
                (ProgrammeStart::Never, _) => WeeksInWork::NoStart,
                (ProgrammeStart::On(_) | ProgrammeStart::AfterCutOff(_), None) => WeeksInWork::NotObserved,
                (ProgrammeStart::On(_) | ProgrammeStart::AfterCutOff(_), Some(weeks)) => WeeksInWork::Worked(weeks),
            },
        }
    }
}

/// A person's weeks in work after the start.
enum WeeksInWork {
    /// They never started.
    NoStart,
    /// They are not observed for all of them.
    NotObserved,
    /// The number of weeks in work.
    Worked(u32),
}

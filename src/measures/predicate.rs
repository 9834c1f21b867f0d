//! A question that every person answers, and what they can answer.

use std::fmt;

use chrono::NaiveDate;

use crate::observations::facts::PersonFacts;

/// What a person answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// They are not in the denominator.
    Outside,
    /// They are in the denominator, and not observed.
    NotObserved,
    /// No.
    No,
    /// Yes; of a change, employed after and not before.
    Yes,
    /// Of a change, employed before and not after.
    Lost,
}

impl Observation {
    /// Yes for those who belong; the others are not asked.
    pub fn of_members(belongs: bool) -> Self {
        if belongs { Self::Yes } else { Self::Outside }
    }
}

/// Yes or no, and not observed where nothing is known.
impl From<Option<bool>> for Observation {
    fn from(known: Option<bool>) -> Self {
        match known {
            None => Self::NotObserved,
            Some(false) => Self::No,
            Some(true) => Self::Yes,
        }
    }
}

/// One question of a measure.
pub struct Question {
    /// The week, month, outcome or date it is about, as outputs write it.
    pub period: String,
    answer: Box<dyn Fn(&PersonFacts<'_>) -> Observation + Send + Sync>,
}

impl Question {
    /// A question to everyone in the register.
    pub fn to_everyone<A: Into<Observation>>(
        period: impl Into<String>,
        answer: impl Fn(&PersonFacts<'_>) -> A + Send + Sync + 'static,
    ) -> Self {
        Self { period: period.into(), answer: Box::new(move |facts| answer(facts).into()) }
    }

    /// A question to those who started, which is told the day of the start.
    pub fn to_starters<A: Into<Observation>>(
        period: impl Into<String>,
        answer: impl Fn(NaiveDate, &PersonFacts<'_>) -> A + Send + Sync + 'static,
    ) -> Self {
        Self::to_everyone(period, move |facts| {
            facts.person.start.map_or(Observation::Outside, |start| answer(start, facts).into())
        })
    }

    /// What a person answers.
    pub fn answer(&self, facts: &PersonFacts<'_>) -> Observation {
        (self.answer)(facts)
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Question").field("period", &self.period).finish_non_exhaustive()
    }
}

//! The questions of measures, and the answers a person can give.

use std::fmt;

use chrono::NaiveDate;

use crate::observations::facts::PersonFacts;
use crate::observations::person::{ProgrammeStart, ReferralRow};

/// The answer of a person to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonAnswer {
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
    /// Of a change, employed both before and after.
    Kept,
}

impl PersonAnswer {
    /// Yes for people who belong to the denominator; all others are outside it.
    pub fn of_members(belongs: bool) -> Self {
        if belongs { Self::Yes } else { Self::Outside }
    }
}

/// Yes or no, and not observed where nothing is known.
impl From<Option<bool>> for PersonAnswer {
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
    asked: Asked,
}

/// Who or what is asked.
enum Asked {
    /// Every person.
    People(Box<dyn Fn(&PersonFacts<'_>) -> PersonAnswer + Send + Sync>),
    /// Every usable row of the register: one person may be referred twice.
    Referrals(Box<dyn Fn(&ReferralRow) -> PersonAnswer + Send + Sync>),
}

impl Question {
    /// A question to everyone in the register.
    pub fn to_everyone<A: Into<PersonAnswer>>(
        period: impl Into<String>,
        answer: impl Fn(&PersonFacts<'_>) -> A + Send + Sync + 'static,
    ) -> Self {
        Self { period: period.into(), asked: Asked::People(Box::new(move |facts| answer(facts).into())) }
    }

    /// A question to every usable row of the register.
    pub fn to_referrals(
        period: impl Into<String>,
        answer: impl Fn(&ReferralRow) -> PersonAnswer + Send + Sync + 'static,
    ) -> Self {
        Self { period: period.into(), asked: Asked::Referrals(Box::new(answer)) }
    }

    /// A question to people who started; its function is given the day of the start.
    ///
    /// A start after the cut-off is not observed, whatever is asked: the extract does not say what became of it.
    pub fn to_starters<A: Into<PersonAnswer>>(
        period: impl Into<String>,
        answer: impl Fn(NaiveDate, &PersonFacts<'_>) -> A + Send + Sync + 'static,
    ) -> Self {
        Self::to_starters_where(period, |_| true, answer)
    }

    /// As [`Self::to_starters`], to those alone whose start is on a day that belongs to the denominator.
    pub fn to_starters_where<A: Into<PersonAnswer>>(
        period: impl Into<String>,
        belongs: impl Fn(NaiveDate) -> bool + Send + Sync + 'static,
        answer: impl Fn(NaiveDate, &PersonFacts<'_>) -> A + Send + Sync + 'static,
    ) -> Self {
        Self::to_everyone(period, move |facts| match facts.person.start {
            ProgrammeStart::On(start) if belongs(start) => answer(start, facts).into(),
            ProgrammeStart::AfterCutOff(start) if belongs(start) => PersonAnswer::NotObserved,
            ProgrammeStart::Never | ProgrammeStart::On(_) | ProgrammeStart::AfterCutOff(_) => PersonAnswer::Outside,
        })
    }

    /// The answer of a person with these facts; they are outside where referrals are asked.
    pub fn answer(&self, facts: &PersonFacts<'_>) -> PersonAnswer {
        match &self.asked {
            Asked::People(answer) => answer(facts),
            Asked::Referrals(_) => PersonAnswer::Outside,
        }
    }

    /// The answer of a row of the register; it is outside where people are asked.
    pub fn answer_of_referral(&self, row: &ReferralRow) -> PersonAnswer {
        match &self.asked {
            Asked::People(_) => PersonAnswer::Outside,
            Asked::Referrals(answer) => answer(row),
        }
    }

    /// Whether referrals are asked.
    pub fn is_of_referrals(&self) -> bool {
        matches!(self.asked, Asked::Referrals(_))
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Question").field("period", &self.period).finish_non_exhaustive()
    }
}

//! Made-up people, for the tests of measures.

use chrono::NaiveDate;

use super::{CountSource, Measure, PersonAnswer};
use crate::domain::{EmployerRef, Masked};
use crate::evidence::employed::Employed;
use crate::evidence::{DayStatus, PersonParticulars};
use crate::observations::facts::{OutcomeFound, PersonFacts};
use crate::observations::person::{Person, ProgrammeStart, ReferralRow};
use crate::observations::scope::{OutcomeInScope, Scope, Sensitivity};
use crate::observations::work_history::{ObservedPeriod, WorkHistory};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A scope of two observed years, one outcome with a window of 91 days, and every option switched on.
pub(super) fn scope() -> Scope {
    Scope {
        cut_off: day("2020-02-07"),
        observed: ObservedPeriod { from: day("2018-01-01"), to: day("2019-12-31"), days: std::sync::Arc::default() },
        outcomes: vec![OutcomeInScope { id: "sustained".into(), window_days: 91 }],
        fewest_starts: 0,
        on: vec![day("2019-03-31")],
        sensitivity: Some(Sensitivity { outcome: 0, changes: vec!["16 hours".into()] }),
        has_claims: true,
        years: Vec::new(),
        spending: None,
    }
}

/// Someone born on 15 January 1990 and referred on 1 February 2018, in the scope of [`scope`].
pub(super) fn person(start: Option<&str>) -> Person {
    Person {
        participants: vec!["P1".into()],
        stem: None,
        whose: PersonParticulars { name: None, date_of_birth: Masked(day("1990-01-15")), suffix: None },
        referred: day("2018-02-01"),
        start: ProgrammeStart::recorded(start.map(day), scope().cut_off),
        in_work_at_start: None,
        row: ReferralRow { referral_date: day("2018-02-01"), ..ReferralRow::default() },
        further_rows: Vec::new(),
    }
}

/// A person of whom nothing is observed.
pub(super) fn unobserved(person: &Person) -> PersonFacts<'_> {
    PersonFacts {
        person,
        history: None,
        paydays: Vec::new(),
        job_begun: None,
        outcomes: vec![OutcomeFound { met: None, is_claimed: false }],
        met_under_changes: Vec::new(),
        has_payments_of_another: false,
        has_unread_rows: false,
    }
}

/// A person who worked from the first to the last of these days, at these hours.
pub(super) fn worked<'p>(person: &'p Person, days: &[(&str, &str, DayStatus)]) -> PersonFacts<'p> {
    let employer = Employed {
        employer: EmployerRef::from_canonical("123/A246".into()),
        stretches: days.iter().map(|(first, last, status)| (day(first), day(last), *status)).collect(),
    };
    PersonFacts { history: Some(WorkHistory::new(&[employer], &scope().observed)), ..unobserved(person) }
}

/// What a person answers to the question of a measure for a period.
pub(super) fn answer_in(scope: &Scope, measure: &Measure, period: &str, facts: &PersonFacts<'_>) -> PersonAnswer {
    let CountSource::Questions(questions) = measure.counts else { panic!("{} asks nobody", measure.name) };
    let questions = questions(scope, std::slice::from_ref(facts.person));
    let question = questions.iter().find(|question| question.period == period);
    question.unwrap_or_else(|| panic!("{} of {period}", measure.name)).answer(facts)
}

/// What the row of a person answers to the question of a measure about referrals.
pub(super) fn answer_of_referral(scope: &Scope, measure: &Measure, period: &str, person: &Person) -> PersonAnswer {
    let CountSource::Questions(questions) = measure.counts else { panic!("{} asks nobody", measure.name) };
    let questions = questions(scope, std::slice::from_ref(person));
    let question = questions.iter().find(|question| question.period == period);
    question.unwrap_or_else(|| panic!("{} of {period}", measure.name)).answer_of_referral(&person.row)
}

/// As [`answer_in`], in the scope of [`scope`].
pub(super) fn answer(measure: &Measure, period: &str, facts: &PersonFacts<'_>) -> PersonAnswer {
    answer_in(&scope(), measure, period, facts)
}

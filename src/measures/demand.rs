//! Demand: who was referred and who started.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::measure::{CountSource, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::{PersonAnswer, Question};
use super::{OURS, month_name};
use crate::observations::facts::PersonFacts;
use crate::observations::person::ProgrammeStart;

/// People referred.
pub const REFERRED: Measure = Measure {
    name: "referred",
    title: "People referred",
    numerator: "people in the register, each counted once however often they were referred",
    denominator: "the same",
    period: "",
    source: OURS,
    kind: MeasureKind::Count,
    counts: CountSource::Questions(|_, _| vec![Question::to_everyone("", |_| PersonAnswer::Yes)]),
    threshold: SuppressionThreshold::Group,
    repeats: Repeats::Nothing,
};

/// Referrals.
pub const REFERRALS: Measure = Measure {
    name: "referrals",
    title: "Referrals: rows of the register",
    numerator: "rows of the register that can be used; one person may be referred twice",
    denominator: "the same",
    period: "",
    source: "referrals and referred people are counted apart, as in Work and Health Programme statistics",
    kind: MeasureKind::Count,
    counts: CountSource::Questions(|_, _| vec![Question::to_referrals("", |_| PersonAnswer::Yes)]),
    threshold: SuppressionThreshold::Group,
    // Most people are referred once, so that a number of referrals tells a number of people.
    repeats: Repeats::SamePeriod(&REFERRED),
};

/// People who started, of those referred.
pub const STARTED: Measure = Measure {
    name: "started",
    title: "People who started, of those referred",
    numerator: "people with a start on or before the cut-off",
    denominator: "people in the register; those with a start after the cut-off are not observed",
    period: "",
    source: "referred people, not referrals, are the denominator, as in Work and Health Programme statistics",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| vec![Question::to_everyone("", started)]),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
};

/// Starts by month.
pub const STARTS_IN_MONTH: Measure = Measure {
    name: "starts_in_month",
    title: "Starts by month",
    numerator: "people who started in the month",
    denominator: "the same",
    period: "month",
    source: OURS,
    kind: MeasureKind::Count,
    counts: CountSource::Questions(|_, people| {
        let months: BTreeSet<NaiveDate> =
            people.iter().filter_map(|person| person.start.observed()?.with_day(1)).collect();
        months.into_iter().map(started_in).collect()
    }),
    threshold: SuppressionThreshold::Group,
    repeats: Repeats::Nothing,
};

/// Whether they started; `None` where that is not observed.
fn started(facts: &PersonFacts<'_>) -> Option<bool> {
    match facts.person.start {
        ProgrammeStart::Never => Some(false),
        ProgrammeStart::On(_) => Some(true),
        ProgrammeStart::AfterCutOff(_) => None,
    }
}

/// Whether they started in a month, given by its first day.
fn started_in(month: NaiveDate) -> Question {
    Question::to_starters(month_name(month), move |start, _| PersonAnswer::of_members(start.with_day(1) == Some(month)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, answer_of_referral, person, scope, unobserved};
    use super::*;

    #[test]
    fn everyone_was_referred_and_those_with_a_start_started() {
        let (never, march) = (person(None), person(Some("2018-03-31")));
        assert_eq!(
            [&never, &march].map(|one| answer(&REFERRED, "", &unobserved(one))),
            [PersonAnswer::Yes, PersonAnswer::Yes]
        );
        assert_eq!(
            [&never, &march].map(|one| answer(&STARTED, "", &unobserved(one))),
            [PersonAnswer::No, PersonAnswer::Yes]
        );
        assert_eq!(answer(&STARTS_IN_MONTH, "2018-03", &unobserved(&march)), PersonAnswer::Yes);
        assert_eq!(answer(&REFERRALS, "", &unobserved(&march)), PersonAnswer::Outside);
        assert_eq!(answer_of_referral(&scope(), &REFERRALS, "", &march), PersonAnswer::Yes);
        assert_eq!(started_in("2018-04-01".parse().unwrap()).answer(&unobserved(&march)), PersonAnswer::Outside);
    }
}

//! Demand: who was referred and who started.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::{PersonAnswer, Question};
use super::{OURS, month_name};
use crate::observations::facts::PersonFacts;
use crate::observations::neighbours::merge_neighbours;
use crate::observations::person::{Person, ProgrammeStart};
use crate::observations::scope::Scope;

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
    family: Family::Together("referred"),
    by_level: ByLevel::Always,
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
    family: Family::Together("referrals"),
    by_level: ByLevel::Always,
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
    threshold: SuppressionThreshold::In,
    repeats: Repeats::Nothing,
    family: Family::Together("started"),
    by_level: ByLevel::Always,
};

/// Starts by month.
pub const STARTS_IN_MONTH: Measure = Measure {
    name: "starts_in_month",
    title: "Starts by month",
    numerator: "people who started in the month",
    denominator: "the same",
    period: "month, or the first and the last of several in a row, where one has few starts",
    source: OURS,
    kind: MeasureKind::Count,
    counts: CountSource::Questions(|scope, people| {
        stretches(scope, people).into_iter().map(|(first, last)| started_in(first, last)).collect()
    }),
    threshold: SuppressionThreshold::Group,
    repeats: Repeats::OnePeriod(&STARTED, ""),
    family: Family::Together("starts in months"),
    by_level: ByLevel::Never,
};

/// Whether they started; `None` where that is not observed.
fn started(facts: &PersonFacts<'_>) -> Option<bool> {
    match facts.person.start {
        ProgrammeStart::Never => Some(false),
        ProgrammeStart::On(_) => Some(true),
        ProgrammeStart::AfterCutOff(_) => None,
    }
}

/// The months in which somebody started, by their first days: in stretches from one to another, none of which has few starts.
fn stretches(scope: &Scope, people: &[Person]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut starts: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for month in people.iter().filter_map(|person| person.start.observed()?.with_day(1)) {
        *starts.entry(month).or_default() += 1;
    }
    let stretches = merge_neighbours(starts, |number| *number < scope.fewest_starts, |all, number| *all += number);
    let ends = |months: Vec<NaiveDate>| Some((*months.first()?, *months.last()?));
    stretches.into_iter().filter_map(ends).collect()
}

/// Whether they started in the months from one to another, given by their first days.
fn started_in(first: NaiveDate, last: NaiveDate) -> Question {
    let name = if first == last { month_name(first) } else { format!("{} to {}", month_name(first), month_name(last)) };
    Question::to_starters(name, move |start, _| {
        PersonAnswer::of_members(start.with_day(1).is_some_and(|month| first <= month && month <= last))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, answer_of_referral, day, person, scope, unobserved};
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
        assert_eq!(started_in(day("2018-04-01"), day("2018-04-01")).answer(&unobserved(&march)), PersonAnswer::Outside);
    }

    #[test]
    fn months_with_few_starts_are_counted_with_their_neighbours() {
        let of = |starts: &[(&str, usize)]| {
            let people: Vec<Person> =
                starts.iter().flat_map(|(start, number)| vec![person(Some(start)); *number]).collect();
            let scope = Scope { fewest_starts: 10, ..scope() };
            stretches(&scope, &people)
                .into_iter()
                .map(|(first, last)| (month_name(first), month_name(last)))
                .collect::<Vec<_>>()
        };
        let named = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(
            of(&[("2018-01-09", 3), ("2018-03-01", 7), ("2018-04-02", 12)]),
            [named("2018-01", "2018-03"), named("2018-04", "2018-04")]
        );
        assert_eq!(of(&[("2018-01-09", 30), ("2018-03-01", 7)]), [named("2018-01", "2018-03")]);
        assert_eq!(of(&[("2018-01-09", 3)]), [named("2018-01", "2018-01")]);
    }
}

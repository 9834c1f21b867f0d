//! First earnings: whether anything was paid within a year of the start.

use chrono::NaiveDate;

use super::STARTED_PEOPLE;
use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::Question;
use crate::domain::day::add_days;
use crate::observations::facts::PersonFacts;

/// Days from the start on in which a payday, or the first day of a job, is looked for: 52 weeks.
pub(super) const DAYS: i64 = 364;
const PAID: &str = "people with a payday of more than nothing from the start to 363 days after it";

/// First earnings of cohorts with enough time.
pub const FIRST_EARNINGS_MATURED: Measure = Measure {
    name: "first_earnings_matured",
    title: "First earnings within 52 weeks of the start, cohorts with enough time",
    numerator: PAID,
    denominator: "people whose start + 364 + 62 days is on or before the cut-off",
    period: "",
    source: "Restart evaluation: first earnings are a stage of their own",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        let latest = scope.latest_matured_start(DAYS);
        vec![Question::to_starters_where("", move |start| start <= latest, earned)]
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("first earnings"),
    by_level: ByLevel::Always,
};

/// First earnings of everyone who started.
pub const FIRST_EARNINGS_FULL: Measure = Measure {
    name: "first_earnings_full",
    title: "First earnings within 52 weeks of the start, all starts",
    numerator: PAID,
    denominator: STARTED_PEOPLE,
    period: "",
    source: "Restart evaluation: both denominators side by side",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| vec![Question::to_starters("", earned)]),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("first earnings"),
    by_level: ByLevel::Always,
};

/// Whether they earned anything within 52 weeks of the start.
pub(super) fn earned(start: NaiveDate, facts: &PersonFacts<'_>) -> Option<bool> {
    facts.was_paid(start, add_days(start, DAYS))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, day, person, unobserved, worked};
    use super::*;
    use crate::measures::PersonAnswer;

    #[test]
    fn a_payday_within_52_weeks_counts_and_the_next_day_does_not() {
        let person = person(Some("2018-03-01"));
        let paid_on = |payday: &str| {
            let facts = PersonFacts { paydays: vec![day(payday)], ..worked(&person, &[]) };
            answer(&FIRST_EARNINGS_FULL, "", &facts)
        };
        assert_eq!(["2018-02-28", "2018-03-01"].map(paid_on), [PersonAnswer::No, PersonAnswer::Yes]);
        assert_eq!(["2019-02-27", "2019-02-28"].map(paid_on), [PersonAnswer::Yes, PersonAnswer::No]);
        assert_eq!(answer(&FIRST_EARNINGS_FULL, "", &unobserved(&person)), PersonAnswer::NotObserved);
    }

    #[test]
    fn a_start_without_time_for_its_pay_is_outside_the_matured_cohort() {
        // 364 and 62 days before the cut-off of 7 February 2020.
        let of = |start: &str| answer(&FIRST_EARNINGS_MATURED, "", &worked(&person(Some(start)), &[]));
        assert_eq!(["2018-12-08", "2018-12-09"].map(of), [PersonAnswer::No, PersonAnswer::Outside]);
    }
}

//! People out of work at the start, and how many of them found a job within a year.

use chrono::NaiveDate;

use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::{PersonAnswer, Question};
use crate::domain::day::add_days;
use crate::observations::facts::PersonFacts;
use crate::observations::work_history::is_employed;

/// Out of work at the start.
pub const OUT_OF_WORK_AT_START: Measure = Measure {
    name: "out_of_work_at_start",
    title: "Out of work at the start",
    numerator: "people without a covered day on the start date",
    denominator: "people who started and are observed on that day",
    period: "",
    source: "IPS Grow counts only people out of work at the start",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| vec![Question::to_starters("", is_out_of_work)]),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("out of work"),
    by_level: ByLevel::Always,
};

/// First job of people out of work at the start.
pub const FIRST_JOB_OF_OUT_OF_WORK: Measure = Measure {
    name: "first_job_of_out_of_work",
    title: "Job within 52 weeks, of people out of work at the start",
    numerator: "people with a covered day in the 52 weeks from the day after the start",
    denominator: "people out of work at the start and observed on all the days",
    period: "",
    source: "IPS Grow; its benchmark is 40%",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| vec![Question::to_starters("", first_job)]),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::AsDenominator(&OUT_OF_WORK_AT_START),
    family: Family::Together("first job"),
    by_level: ByLevel::Always,
};

fn is_out_of_work(start: NaiveDate, facts: &PersonFacts<'_>) -> Option<bool> {
    facts.any_day(start, start, is_employed).map(|is_employed| !is_employed)
}

fn first_job(start: NaiveDate, facts: &PersonFacts<'_>) -> PersonAnswer {
    match is_out_of_work(start, facts) {
        Some(true) => facts.any_day(add_days(start, 1), add_days(start, 7 * 52), is_employed).into(),
        Some(false) => PersonAnswer::Outside,
        None => PersonAnswer::NotObserved,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, person, unobserved, worked};
    use super::*;
    use crate::evidence::DayStatus;

    #[test]
    fn a_first_job_is_asked_of_those_without_one_at_the_start() {
        let person = person(Some("2018-03-01"));
        let of = |first: &str| {
            let facts = worked(&person, &[(first, first, DayStatus::Below)]);
            [answer(&OUT_OF_WORK_AT_START, "", &facts), answer(&FIRST_JOB_OF_OUT_OF_WORK, "", &facts)]
        };
        assert_eq!(of("2018-03-01"), [PersonAnswer::No, PersonAnswer::Outside]);
        assert_eq!(of("2018-03-02"), [PersonAnswer::Yes, PersonAnswer::Yes]);
        // 52 weeks from the day after the start.
        assert_eq!(of("2019-02-28"), [PersonAnswer::Yes, PersonAnswer::Yes]);
        assert_eq!(of("2019-03-01"), [PersonAnswer::Yes, PersonAnswer::No]);
        assert_eq!(answer(&FIRST_JOB_OF_OUT_OF_WORK, "", &unobserved(&person)), PersonAnswer::NotObserved);
    }
}

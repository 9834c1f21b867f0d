//! Job starts: whether a job began within a year of the start.
//!
//! First earnings ask for pay, from whatever job; a job that goes on from before the start pays first earnings and is no job
//! start.

use chrono::NaiveDate;

use super::STARTED_PEOPLE;
use super::first_earnings::DAYS;
use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::Question;
use crate::domain::day::add_days;
use crate::observations::facts::PersonFacts;

const BEGAN: &str = "people with a job whose first covered day on or after the start is at most 363 days after it, and that was \
                     not certainly there before the start (ELG05)";
const SOURCE: &str = "ours: a job begun on or after the start, as rulebook section 9 tells it from one of before";

/// Job starts of cohorts with enough time.
pub const JOB_START_MATURED: Measure = Measure {
    name: "job_start_matured",
    title: "Job start within 52 weeks of the start, cohorts with enough time",
    numerator: BEGAN,
    denominator: "people whose start + 364 + 62 days is on or before the cut-off",
    period: "",
    source: SOURCE,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        let latest = scope.latest_matured_start(DAYS);
        vec![Question::to_starters_where("", move |start| start <= latest, began_job)]
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("job start"),
    by_level: ByLevel::Always,
};

/// Job starts of everyone who started.
pub const JOB_START_FULL: Measure = Measure {
    name: "job_start_full",
    title: "Job start within 52 weeks of the start, all starts",
    numerator: BEGAN,
    denominator: STARTED_PEOPLE,
    period: "",
    source: SOURCE,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| vec![Question::to_starters("", began_job)]),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("job start"),
    by_level: ByLevel::Always,
};

/// Whether a job began within 52 weeks of the start.
pub(super) fn began_job(start: NaiveDate, facts: &PersonFacts<'_>) -> Option<bool> {
    facts.began_job(add_days(start, DAYS))
}

#[cfg(test)]
mod tests {
    use super::super::first_earnings::FIRST_EARNINGS_FULL;
    use super::super::testing::{answer, day, person, unobserved, worked};
    use super::*;
    use crate::measures::PersonAnswer;

    #[test]
    fn a_job_that_began_within_52_weeks_counts_and_the_next_day_does_not() {
        let person = person(Some("2018-03-01"));
        let begun_on = |begun: &str| {
            let facts = PersonFacts { job_begun: Some(day(begun)), ..worked(&person, &[]) };
            answer(&JOB_START_FULL, "", &facts)
        };
        assert_eq!(["2018-03-01", "2019-02-27"].map(begun_on), [PersonAnswer::Yes, PersonAnswer::Yes]);
        assert_eq!(begun_on("2019-02-28"), PersonAnswer::No);
        assert_eq!(answer(&JOB_START_FULL, "", &unobserved(&person)), PersonAnswer::NotObserved);
    }

    #[test]
    fn pay_from_a_job_of_before_is_first_earnings_and_no_job_start() {
        let person = person(Some("2018-03-01"));
        let facts = PersonFacts { paydays: vec![day("2018-03-31")], ..worked(&person, &[]) };
        let answers = [&FIRST_EARNINGS_FULL, &JOB_START_FULL].map(|measure| answer(measure, "", &facts));
        assert_eq!(answers, [PersonAnswer::Yes, PersonAnswer::No]);
    }

    #[test]
    fn a_start_without_time_for_its_pay_is_outside_the_matured_cohort() {
        // 364 and 62 days before the cut-off of 7 February 2020.
        let of = |start: &str| answer(&JOB_START_MATURED, "", &worked(&person(Some(start)), &[]));
        assert_eq!(["2018-12-08", "2018-12-09"].map(of), [PersonAnswer::No, PersonAnswer::Outside]);
    }
}

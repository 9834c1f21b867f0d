//! The scheme's outcomes: met by evidence, claimed, unclaimed, compared with targets, and under changed terms.

use super::STARTED_PEOPLE;
use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::{PersonAnswer, Question};
use crate::observations::facts::{OutcomeFound, PersonFacts};
use crate::observations::scope::Scope;

const MEETS: &str = "people whose payments meet the outcome, tried from each employer's first covered day on or after the start; a job that was \
     certainly there before the start (ELG05) does not count";
const MATURED: &str = "people whose start + window + 62 days is on or before the cut-off";
const RULEBOOK: &str = "rulebook sections 4 to 7, and section 9 for a job that was there before (ELG05)";
const PERIOD: &str = "outcome";
const OF_RUN: &str = "the run given with --run";

/// Outcomes by evidence, of cohorts with enough time.
pub const OUTCOME_BY_EVIDENCE_MATURED: Measure = Measure {
    name: "outcome_by_evidence_matured",
    title: "Outcome by evidence, claimed or not, cohorts with enough time",
    numerator: MEETS,
    denominator: MATURED,
    period: PERIOD,
    source: RULEBOOK,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        outcomes(scope).map(|(place, id)| of_matured(scope, id, place, move |facts| facts.meets(place))).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::EachPeriod("outcome"),
    by_level: ByLevel::Always,
};

/// Outcomes by evidence, of everyone who started.
pub const OUTCOME_BY_EVIDENCE_FULL: Measure = Measure {
    name: "outcome_by_evidence_full",
    title: "Outcome by evidence, claimed or not, all starts",
    numerator: MEETS,
    denominator: STARTED_PEOPLE,
    period: PERIOD,
    source: RULEBOOK,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        outcomes(scope).map(|(place, id)| Question::to_starters(id, move |_, facts| facts.meets(place))).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::EachPeriod("outcome"),
    by_level: ByLevel::Always,
};

/// Outcomes by claim.
pub const OUTCOME_BY_CLAIM: Measure = Measure {
    name: "outcome_by_claim",
    title: "Outcome by claim",
    numerator: "validated claims; lower bound validated / all, upper bound (all - rejected) / all",
    denominator: "all claims of the outcome in the run",
    period: PERIOD,
    source: OF_RUN,
    kind: MeasureKind::Rate,
    counts: CountSource::Claims,
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::EachPeriod("claims"),
    by_level: ByLevel::Always,
};

/// Outcomes met that nobody claimed.
pub const UNCLAIMED_OUTCOME: Measure = Measure {
    name: "unclaimed_outcome",
    title: "Outcomes met by evidence that nobody claimed",
    numerator: "people whose payments meet the outcome and for whom the run has no claim of it",
    denominator: "people whose payments meet the outcome",
    period: PERIOD,
    source: OF_RUN,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        let unclaimed = |(place, id): (usize, &str)| {
            Question::to_starters(id, move |_, facts| match facts.outcomes.get(place) {
                Some(OutcomeFound { met: Some(_), is_claimed }) => Some(!is_claimed).into(),
                Some(OutcomeFound { met: None, .. }) | None => PersonAnswer::Outside,
            })
        };
        outcomes(scope).filter(|_| scope.has_claims).map(unclaimed).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::AsDenominator(&OUTCOME_BY_EVIDENCE_FULL),
    family: Family::EachPeriod("unclaimed"),
    by_level: ByLevel::Always,
};

/// Outcomes by evidence, compared with the scheme's targets.
pub const TARGET: Measure = Measure {
    name: "target",
    title: "Targets of the scheme beside what was reached",
    numerator: MEETS,
    denominator: MATURED,
    period: PERIOD,
    source: "the scheme's targets; met where the whole interval reaches the target, missed where none of it does",
    kind: MeasureKind::Rate,
    counts: CountSource::Targets(&OUTCOME_BY_EVIDENCE_MATURED),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::SamePeriod(&OUTCOME_BY_EVIDENCE_MATURED),
    family: Family::EachPeriod("outcome"),
    by_level: ByLevel::Never,
};

/// The first job outcome under changed terms.
pub const SENSITIVITY: Measure = Measure {
    name: "sensitivity",
    title: "The scheme's first job outcome under other terms",
    numerator: "people whose payments meet the outcome with one of its terms changed",
    denominator: MATURED,
    period: "the change: hours a week, days of break more within the window, days within which the job must start",
    source: "ours: how much hangs on a term; hours within a band are certain where the band reaches them, and possible where it \
             holds them and fewer",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        let Some(sensitivity) = &scope.sensitivity else { return Vec::new() };
        let changes = sensitivity.changes.iter().enumerate();
        let tried = |(place, change): (usize, &String)| {
            of_matured(scope, change, sensitivity.outcome, move |facts| facts.meets_under(place))
        };
        changes.map(tried).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::AnyPeriod(&OUTCOME_BY_EVIDENCE_MATURED),
    family: Family::Together("sensitivity"),
    by_level: ByLevel::Never,
};

/// The outcomes of a scheme, each with its place.
pub(super) fn outcomes(scope: &Scope) -> impl Iterator<Item = (usize, &str)> {
    scope.outcomes.iter().map(|outcome| outcome.id.as_str()).enumerate()
}

/// A question to people whose pay for the whole window of an outcome can have been reported by the cut-off.
fn of_matured(
    scope: &Scope,
    period: &str,
    outcome: usize,
    met: impl Fn(&PersonFacts<'_>) -> Option<bool> + Send + Sync + 'static,
) -> Question {
    let latest = scope.latest_matured_start(scope.window_days(outcome));
    Question::to_starters_where(period, move |start| start <= latest, move |_, facts| met(facts))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, day, person, unobserved, worked};
    use super::*;
    use crate::observations::outcomes::OutcomeMet;

    #[test]
    fn an_outcome_is_asked_of_all_starts_and_of_those_with_enough_time() {
        let met = |start: &str, measure: &Measure| {
            let person = person(Some(start));
            let met = Some(OutcomeMet { tried_from: day("2019-03-01"), on: day("2019-06-01") });
            let found = OutcomeFound { met, is_claimed: false };
            answer(measure, "sustained", &PersonFacts { outcomes: vec![found], ..worked(&person, &[]) })
        };
        // 91 and 62 days before the cut-off of 7 February 2020.
        let starts = ["2019-09-07", "2019-09-08"];
        assert_eq!(starts.map(|start| met(start, &OUTCOME_BY_EVIDENCE_FULL)), [PersonAnswer::Yes, PersonAnswer::Yes]);
        assert_eq!(
            starts.map(|start| met(start, &OUTCOME_BY_EVIDENCE_MATURED)),
            [PersonAnswer::Yes, PersonAnswer::Outside]
        );
        let person = person(Some("2018-03-01"));
        assert_eq!(answer(&OUTCOME_BY_EVIDENCE_FULL, "sustained", &unobserved(&person)), PersonAnswer::NotObserved);
        let tried = PersonFacts { met_under_changes: vec![true], ..worked(&person, &[]) };
        assert_eq!(answer(&SENSITIVITY, "16 hours", &tried), PersonAnswer::Yes);
    }

    #[test]
    fn unclaimed_is_asked_of_those_who_met_the_outcome() {
        let person = person(Some("2018-03-01"));
        let of = |met, is_claimed| {
            let facts = PersonFacts { outcomes: vec![OutcomeFound { met, is_claimed }], ..worked(&person, &[]) };
            answer(&UNCLAIMED_OUTCOME, "sustained", &facts)
        };
        let on = Some(OutcomeMet { tried_from: day("2018-05-01"), on: day("2018-08-01") });
        assert_eq!(
            [of(on, false), of(on, true), of(None, false)],
            [PersonAnswer::Yes, PersonAnswer::No, PersonAnswer::Outside]
        );
    }
}

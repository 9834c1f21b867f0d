//! Unit costs: what was spent, for each start, first earnings, job start and outcome.

use std::sync::Arc;

use chrono::NaiveDate;

use super::demand::STARTED;
use super::first_earnings::{FIRST_EARNINGS_FULL, earned};
use super::job_start::{JOB_START_FULL, began_job};
use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::outcome::{OUTCOME_BY_EVIDENCE_FULL, outcomes};
use super::predicate::{PersonAnswer, Question};
use crate::observations::facts::PersonFacts;
use crate::observations::scope::Scope;

const SPENT: &str = "pence spent: all, by DWP or as the match";
const FUNDED: &str = "the file given with --funding, or what the scheme's sources pay for each participant";

/// Cost of each start.
pub const COST_PER_START: Measure = Measure {
    name: "cost_per_start",
    title: "Cost of each start",
    numerator: SPENT,
    denominator: "people who started up to the cut-off, on days and contracts that money is recorded for",
    period: "whose money",
    source: FUNDED,
    kind: MeasureKind::Cost,
    counts: CountSource::Questions(|scope, _| of_funded(scope, "", |_, _| Some(true)).into_iter().collect()),
    // Everyone whose start is funded is counted, so the group has nobody who is not counted.
    threshold: SuppressionThreshold::Group,
    repeats: Repeats::SamePeriod(&STARTED),
    family: Family::Together("cost of starts"),
    by_level: ByLevel::Always,
};

/// Cost of each first earnings.
pub const COST_PER_FIRST_EARNINGS: Measure = Measure {
    name: "cost_per_first_earnings",
    title: "Cost of each first earnings",
    numerator: SPENT,
    denominator: "of them, people with a payday of more than nothing from the start to 363 days after it",
    period: "whose money",
    source: FUNDED,
    kind: MeasureKind::Cost,
    counts: CountSource::Questions(|scope, _| of_funded(scope, "", earned).into_iter().collect()),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::SamePeriod(&FIRST_EARNINGS_FULL),
    family: Family::Together("cost of first earnings"),
    by_level: ByLevel::Always,
};

/// Cost of each job start.
pub const COST_PER_JOB_START: Measure = Measure {
    name: "cost_per_job_start",
    title: "Cost of each job start",
    numerator: SPENT,
    denominator: "of them, people with a job that began from the start to 363 days after it",
    period: "whose money",
    source: FUNDED,
    kind: MeasureKind::Cost,
    counts: CountSource::Questions(|scope, _| of_funded(scope, "", began_job).into_iter().collect()),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::SamePeriod(&JOB_START_FULL),
    family: Family::Together("cost of job starts"),
    by_level: ByLevel::Always,
};

/// Cost of each outcome.
pub const COST_PER_OUTCOME: Measure = Measure {
    name: "cost_per_outcome",
    title: "Cost of each outcome by evidence",
    numerator: SPENT,
    denominator: "of them, people whose payments meet the outcome",
    period: "outcome and whose money",
    source: FUNDED,
    kind: MeasureKind::Cost,
    counts: CountSource::Questions(|scope, _| {
        outcomes(scope).filter_map(|(place, id)| of_funded(scope, id, move |_, facts| facts.meets(place))).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::SamePeriod(&OUTCOME_BY_EVIDENCE_FULL),
    family: Family::EachPeriod("cost of outcomes"),
    by_level: ByLevel::Always,
};

/// A question to people whose start is funded, where the spending is known.
fn of_funded(
    scope: &Scope,
    period: &str,
    bought: impl Fn(NaiveDate, &PersonFacts<'_>) -> Option<bool> + Send + Sync + 'static,
) -> Option<Question> {
    let spending = Arc::clone(scope.spending.as_ref()?);
    // A start after the cut-off is no part of the money's people: it would raise the cost of those who are counted.
    Some(Question::to_everyone(period, move |facts| match facts.person.start.observed() {
        Some(start) if spending.is_for(facts.person, start) => bought(start, facts).into(),
        Some(_) | None => PersonAnswer::Outside,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer_in, person, scope, unobserved, worked};
    use super::*;
    use crate::observations::spending::{Spending, Spent};

    #[test]
    fn a_cost_is_asked_where_it_is_known_what_was_spent() {
        let CountSource::Questions(questions) = COST_PER_START.counts else { panic!("a cost is of people") };
        assert!(questions(&scope(), &[]).is_empty());
        let scope = Scope { spending: Some(Arc::new(Spending::EachStart(Spent::default()))), ..scope() };
        let (started, never) = (person(Some("2018-03-01")), person(None));
        assert_eq!(answer_in(&scope, &COST_PER_START, "", &unobserved(&started)), PersonAnswer::Yes);
        assert_eq!(answer_in(&scope, &COST_PER_START, "", &unobserved(&never)), PersonAnswer::Outside);
        assert_eq!(answer_in(&scope, &COST_PER_JOB_START, "", &unobserved(&started)), PersonAnswer::NotObserved);
        let paid = PersonFacts { paydays: vec!["2018-03-31".parse().unwrap()], ..worked(&started, &[]) };
        let costs = [&COST_PER_FIRST_EARNINGS, &COST_PER_JOB_START].map(|cost| answer_in(&scope, cost, "", &paid));
        assert_eq!(costs, [PersonAnswer::Yes, PersonAnswer::No]);
        let after_cut_off = person(Some("2020-02-08"));
        assert_eq!(answer_in(&scope, &COST_PER_START, "", &unobserved(&after_cut_off)), PersonAnswer::Outside);
        assert_eq!(answer_in(&scope, &COST_PER_OUTCOME, "sustained", &worked(&started, &[])), PersonAnswer::No);
    }
}

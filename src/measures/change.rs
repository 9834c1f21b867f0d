//! Employment of the same people before and after the start, and of cohorts compared with their published baselines.

use super::OURS;
use super::employed::in_weeks;
use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::{PersonAnswer, Question};
use crate::observations::work_history::is_employed;

/// The weeks before the start that changes are measured from.
const WEEKS_BEFORE: i64 = 13;

/// The ranges of weeks after the start that are compared with them: the first week, and the week after the last.
pub const WEEKS_AFTER: [(i64, i64); 3] = [(13, 26), (26, 39), (39, 52)];

/// How the weeks before the start are written.
pub fn weeks_before() -> String {
    format!("-{WEEKS_BEFORE} to 0")
}

const COVERED: &str = "people with a covered day in those weeks";
const OBSERVED: &str = "people who started and are observed on all their days";

/// In employment before the start.
pub const EMPLOYED_BEFORE: Measure = Measure {
    name: "employed_before",
    title: "In employment in the 13 weeks before the start",
    numerator: COVERED,
    denominator: OBSERVED,
    period: "weeks",
    source: OURS,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| vec![employed(weeks_before(), -WEEKS_BEFORE, 0)]),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("before and after"),
    by_level: ByLevel::Always,
};

/// In employment in a quarter after the start.
pub const EMPLOYED_AFTER: Measure = Measure {
    name: "employed_after",
    title: "In employment in a quarter after the start",
    numerator: COVERED,
    denominator: OBSERVED,
    period: "weeks",
    source: OURS,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| {
        WEEKS_AFTER.into_iter().map(|(first, end)| employed(format!("{first} to {end}"), first, end)).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("before and after"),
    by_level: ByLevel::Always,
};

/// The increase of employment.
pub const INCREASE: Measure = Measure {
    name: "increase",
    title: "Increase in employment over the 13 weeks before the start, same people",
    numerator: "people employed after, less people employed before",
    denominator: "people who started and are observed on all days of both stretches",
    period: "weeks",
    source: OURS,
    kind: MeasureKind::Change,
    counts: CountSource::Questions(|_, _| WEEKS_AFTER.into_iter().map(|(first, end)| increase(first, end)).collect()),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("before and after"),
    by_level: ByLevel::Always,
};

/// Employment of a cohort, compared with its baseline.
pub const BASELINE: Measure = Measure {
    name: "baseline",
    title: "Employment of a cohort beside its published baseline",
    numerator: "people of the cohort with a covered day in those weeks",
    denominator: "people of the cohort who started and are observed on all their days",
    period: "weeks",
    source: "the scheme's baselines; above where the whole interval is, below where none of it is",
    kind: MeasureKind::Rate,
    counts: CountSource::Baselines(&[EMPLOYED_BEFORE, EMPLOYED_AFTER]),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::PublishedRows,
    family: Family::Together("before and after"),
    by_level: ByLevel::Always,
};

fn employed(period: String, first: i64, end: i64) -> Question {
    Question::to_starters(period, move |start, facts| in_weeks(facts, start, first, end, is_employed))
}

fn increase(first: i64, end: i64) -> Question {
    Question::to_starters(format!("{first} to {end}"), move |start, facts| {
        let before = in_weeks(facts, start, -WEEKS_BEFORE, 0, is_employed);
        let after = in_weeks(facts, start, first, end, is_employed);
        match (before, after) {
            (Some(false), Some(true)) => PersonAnswer::Yes,
            (Some(true), Some(false)) => PersonAnswer::Lost,
            (Some(true), Some(true)) => PersonAnswer::Kept,
            (Some(false), Some(false)) => PersonAnswer::No,
            (None, _) | (_, None) => PersonAnswer::NotObserved,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, person, worked};
    use super::*;
    use crate::evidence::DayStatus;

    #[test]
    fn a_change_is_of_people_observed_before_and_after() {
        let of = |start: &str, days: &[(&str, &str)]| {
            let days: Vec<_> = days.iter().map(|(first, last)| (*first, *last, DayStatus::Below)).collect();
            answer(&INCREASE, "13 to 26", &worked(&person(Some(start)), &days))
        };
        // 13 weeks before 1 May 2018 is 30 January, and weeks 13 to 26 open on 31 July.
        let (before, after) = (("2018-02-01", "2018-02-02"), ("2018-08-01", "2018-08-02"));
        assert_eq!(of("2018-05-01", &[after]), PersonAnswer::Yes);
        assert_eq!(of("2018-05-01", &[before]), PersonAnswer::Lost);
        assert_eq!([of("2018-05-01", &[]), of("2018-05-01", &[before, after])], [PersonAnswer::No, PersonAnswer::Kept]);
        assert_eq!(of("2018-03-01", &[after]), PersonAnswer::NotObserved);
    }
}

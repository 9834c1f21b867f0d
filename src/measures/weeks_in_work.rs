//! Weeks in work in the year after the start.

use super::OURS;
use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::Question;

const OBSERVED: &str = "people who started and are observed on all their days";

/// Weeks in work.
pub const WEEKS_IN_WORK: Measure = Measure {
    name: "weeks_in_work",
    title: "Weeks in work in the 52 weeks after the start",
    numerator: "weeks with a covered day",
    denominator: OBSERVED,
    period: "mean, lower_quartile, median, upper_quartile",
    source: OURS,
    kind: MeasureKind::Weeks,
    counts: CountSource::WeeksInWork,
    threshold: SuppressionThreshold::Group,
    repeats: Repeats::Nothing,
    family: Family::Together("weeks in work"),
    by_level: ByLevel::Always,
};

/// Thirteen or more weeks in work.
pub const THIRTEEN_WEEKS_OR_MORE: Measure = Measure {
    name: "thirteen_weeks_or_more",
    title: "Thirteen or more weeks in work in the 52 after the start",
    numerator: "people with at least 13 weeks that have a covered day",
    denominator: OBSERVED,
    period: "",
    source: OURS,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|_, _| {
        vec![Question::to_starters("", |_, facts| facts.weeks_in_work().map(|weeks| 13 <= weeks))]
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("weeks in work"),
    by_level: ByLevel::Always,
};

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, person, worked};
    use super::*;
    use crate::evidence::DayStatus;
    use crate::measures::PersonAnswer;

    #[test]
    fn thirteen_weeks_are_enough_and_twelve_are_not() {
        let of = |last: &str| {
            let person = person(Some("2018-03-01"));
            answer(&THIRTEEN_WEEKS_OR_MORE, "", &worked(&person, &[("2018-03-01", last, DayStatus::Below)]))
        };
        assert_eq!(["2018-05-23", "2018-05-24"].map(of), [PersonAnswer::No, PersonAnswer::Yes]);
    }
}

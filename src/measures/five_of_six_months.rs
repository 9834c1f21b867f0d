//! Sustained employment over a winter: paid in five of the six months from October to March.

use chrono::{Datelike, NaiveDate};

use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::Question;
use crate::domain::day::{add_days, add_months};
use crate::observations::facts::PersonFacts;
use crate::observations::work_history::is_employed;

/// In employment in five of six months.
pub const SUSTAINED_FIVE_OF_SIX_MONTHS: Measure = Measure {
    name: "sustained_five_of_six_months",
    title: "In employment in five of the six months October to March",
    numerator: "people with a covered day in at least five of the months",
    denominator: "people who started before that October and are observed in all six months",
    period: "the winter",
    source: "as in Longitudinal Education Outcomes: sustained employment is a payment in five of six months",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        let years = scope.observed.from.year()..scope.observed.to.year();
        years.filter_map(|year| Some(of_winter(year, NaiveDate::from_ymd_opt(year, 10, 1)?))).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::EachPeriod("winter"),
    by_level: ByLevel::Always,
};

fn of_winter(year: i32, october: NaiveDate) -> Question {
    let winter = format!("{year}-{:02}", (year + 1) % 100);
    Question::to_starters_where(winter, move |start| start < october, move |_, facts| five_of_six(facts, october))
}

fn five_of_six(facts: &PersonFacts<'_>, october: NaiveDate) -> Option<bool> {
    let month = |number: i32| {
        let first = add_months(october, number);
        facts.any_day(first, add_days(add_months(first, 1), -1), is_employed)
    };
    let worked: Option<Vec<bool>> = (0..6).map(month).collect();
    Some(5 <= worked?.into_iter().filter(|worked| *worked).count())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, person, worked};
    use super::*;
    use crate::evidence::DayStatus;
    use crate::measures::PersonAnswer;

    #[test]
    fn a_day_in_five_of_the_months_is_enough() {
        let of = |start: &str, last: &str| {
            let person = person(Some(start));
            let days = [("2018-10-31", last, DayStatus::Below)];
            answer(&SUSTAINED_FIVE_OF_SIX_MONTHS, "2018-19", &worked(&person, &days))
        };
        assert_eq!(of("2018-03-01", "2019-02-01"), PersonAnswer::Yes);
        assert_eq!(of("2018-03-01", "2019-01-31"), PersonAnswer::No);
        assert_eq!(of("2018-10-01", "2019-02-01"), PersonAnswer::Outside);
    }
}

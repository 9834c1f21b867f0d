//! Employment by week from the start and by calendar month, at any hours and at 16 or more a week.

use chrono::{Datelike, NaiveDate};

use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::month_name;
use super::predicate::Question;
use crate::domain::day::{LAST, add_days, add_months};
use crate::evidence::DayStatus;
use crate::observations::facts::PersonFacts;
use crate::observations::person::Person;
use crate::observations::scope::Scope;
use crate::observations::work_history::{is_at_hours, is_employed};

/// The weeks that a curve may show, counted from the start: the first, and the one after the last.
const CURVES: [(i64, i64); 8] = [(-52, 104), (-52, 52), (-26, 52), (-13, 52), (-13, 39), (-13, 26), (0, 26), (0, 13)];

const WEEK: &str = "week: 0 begins on the start";
const OF_STARTERS: &str = "people who started and are observed in every week of the curve, the same in each";
const OF_REGISTER: &str = "people in the register observed on every day of it";
const COVER: &str = "rulebook section 4";
const HOURS: &str = "rulebook section 5";

/// In employment, by week.
pub const EMPLOYED_WEEK: Measure = Measure {
    name: "employed_week",
    title: "In employment, by week from the start",
    numerator: "people with a covered day in the week",
    denominator: OF_STARTERS,
    period: WEEK,
    source: COVER,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, people| by_week(scope, people, is_employed)),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("weeks"),
    by_level: ByLevel::OnRequest,
};

/// In employment of 16 or more hours, by week.
pub const EMPLOYED_16_WEEK: Measure = Measure {
    name: "employed_16_week",
    title: "In employment of 16 or more hours, by week from the start",
    numerator: "people with a day in the week whose status at 16 hours is yes",
    denominator: OF_STARTERS,
    period: WEEK,
    source: HOURS,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, people| by_week(scope, people, is_at_hours)),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("weeks"),
    by_level: ByLevel::OnRequest,
};

/// In employment, by calendar month.
pub const EMPLOYED_MONTH: Measure = Measure {
    name: "employed_month",
    title: "In employment, by calendar month",
    numerator: "people with a covered day in the month",
    denominator: OF_REGISTER,
    period: "month",
    source: COVER,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| by_month(scope, is_employed)),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("months"),
    by_level: ByLevel::OnRequest,
};

/// In employment of 16 or more hours, by calendar month.
pub const EMPLOYED_16_MONTH: Measure = Measure {
    name: "employed_16_month",
    title: "In employment of 16 or more hours, by calendar month",
    numerator: "people with a day in the month whose status at 16 hours is yes",
    denominator: OF_REGISTER,
    period: "month",
    source: HOURS,
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| by_month(scope, is_at_hours)),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::Together("months"),
    by_level: ByLevel::OnRequest,
};

/// Questions about each week of a curve. All of them are asked of one cohort, those who are observed throughout: a curve whose people
/// change from week to week shows who they are as much as what they do.
fn by_week(scope: &Scope, people: &[Person], sought: fn(DayStatus) -> bool) -> Vec<Question> {
    let (begin, end) = curve(scope, people);
    let question = |week: i64| {
        let observed = scope.observed.clone();
        Question::to_starters(week.to_string(), move |start, facts| {
            let is_throughout = observed.holds(add_days(start, 7 * begin), add_days(start, 7 * end - 1));
            in_weeks(facts, start, week, week + 1, sought).filter(|_| is_throughout)
        })
    };
    (begin..end).map(question).collect()
}

/// The first week of the curve and the one after its last: the longest of [`CURVES`] throughout which half of those who started are
/// observed, else the shortest.
fn curve(scope: &Scope, people: &[Person]) -> (i64, i64) {
    let starts = || people.iter().filter_map(|person| person.start.observed());
    let is_long_enough = |(begin, end): &&(i64, i64)| {
        let is_throughout =
            |start: &NaiveDate| scope.observed.holds(add_days(*start, 7 * begin), add_days(*start, 7 * end - 1));
        starts().count() <= 2 * starts().filter(is_throughout).count()
    };
    let [.., shortest] = CURVES;
    CURVES.iter().find(is_long_enough).copied().unwrap_or(shortest)
}

fn by_month(scope: &Scope, sought: fn(DayStatus) -> bool) -> Vec<Question> {
    let question = |first: NaiveDate| {
        let last = add_days(add_months(first, 1), -1);
        Question::to_everyone(month_name(first), move |facts| facts.any_day(first, last, sought))
    };
    months(scope.observed.from, scope.observed.to).into_iter().map(question).collect()
}

/// Whether any day of the weeks from `first` to the week before `end`, counted from the start, is one of those sought.
pub(super) fn in_weeks(
    facts: &PersonFacts<'_>,
    start: NaiveDate,
    first: i64,
    end: i64,
    sought: fn(DayStatus) -> bool,
) -> Option<bool> {
    facts.any_day(add_days(start, 7 * first), add_days(start, 7 * end - 1), sought)
}

/// The first days of the months from one day to another.
fn months(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let mut months = Vec::new();
    let mut month = first.with_day(1).unwrap_or(first);
    while month <= last && month < LAST {
        months.push(month);
        month = add_months(month, 1);
    }
    months
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, person, unobserved, worked};
    use super::*;
    use crate::measures::PersonAnswer;

    #[test]
    fn a_week_opens_on_the_weekday_of_the_start() {
        let person = person(Some("2018-03-01"));
        let facts = worked(&person, &[("2018-03-14", "2018-03-14", DayStatus::Below)]);
        let weeks = ["0", "1", "2"].map(|week| answer(&EMPLOYED_WEEK, week, &facts));
        assert_eq!(weeks, [PersonAnswer::No, PersonAnswer::Yes, PersonAnswer::No]);
        assert_eq!(answer(&EMPLOYED_16_WEEK, "1", &facts), PersonAnswer::No);
        assert_eq!(answer(&EMPLOYED_MONTH, "2018-03", &facts), PersonAnswer::Yes);
        assert_eq!(answer(&EMPLOYED_16_MONTH, "2018-03", &facts), PersonAnswer::No);
    }

    #[test]
    fn a_curve_is_of_people_who_are_observed_throughout() {
        // Observed are the years 2018 and 2019: from 52 weeks before a start in 2019 to 52 weeks after it nobody is.
        let long = person(Some("2019-01-01"));
        let weeks = |people: &[crate::observations::person::Person]| curve(&super::super::testing::scope(), people);
        assert_eq!(weeks(std::slice::from_ref(&long)), (-52, 52));
        let early = person(Some("2018-03-01"));
        // 1 March 2018 less 13 weeks is before 2018; 13 weeks after the start and 26 are observed.
        assert_eq!(weeks(std::slice::from_ref(&early)), (0, 26));
        assert_eq!(weeks(&[long, early.clone()]), (-52, 52));
        let facts = worked(&early, &[("2018-03-01", "2018-03-05", DayStatus::Below)]);
        assert_eq!(answer(&EMPLOYED_WEEK, "0", &facts), PersonAnswer::Yes);
        assert_eq!(answer(&EMPLOYED_WEEK, "0", &unobserved(&early)), PersonAnswer::NotObserved);
    }
}

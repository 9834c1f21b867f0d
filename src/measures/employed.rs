//! Employment by week from the start and by calendar month, at any hours and at 16 or more a week.

use chrono::{Datelike, NaiveDate};

use super::measure::{CountSource, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::month_name;
use super::predicate::Question;
use crate::domain::day::{add_days, add_months};
use crate::evidence::DayStatus;
use crate::observations::facts::PersonFacts;
use crate::observations::scope::Scope;
use crate::observations::work_history::{is_at_hours, is_employed};

/// Weeks before the start for which employment is shown.
const WEEKS_BEFORE: i64 = 52;
/// Weeks from the start on for which it is shown.
const WEEKS_AFTER: i64 = 104;

const WEEK: &str = "week: 0 begins on the start";
const OF_STARTERS: &str = "people who started and are observed on all seven days";
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
    counts: CountSource::Questions(|_, _| by_week(is_employed)),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
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
    counts: CountSource::Questions(|_, _| by_week(is_at_hours)),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
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
};

fn by_week(sought: fn(DayStatus) -> bool) -> Vec<Question> {
    let question = |week: i64| {
        Question::to_starters(week.to_string(), move |start, facts| in_weeks(facts, start, week, week + 1, sought))
    };
    (-WEEKS_BEFORE..WEEKS_AFTER).map(question).collect()
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
    while month <= last && month < NaiveDate::MAX {
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
    fn days_before_the_extract_are_no_days_out_of_work() {
        let person = person(Some("2018-03-01"));
        let facts = worked(&person, &[]);
        // Week -9 opens on 28 December 2017.
        let weeks = ["-9", "-8"].map(|week| answer(&EMPLOYED_WEEK, week, &facts));
        assert_eq!(weeks, [PersonAnswer::NotObserved, PersonAnswer::No]);
        assert_eq!(answer(&EMPLOYED_WEEK, "0", &unobserved(&person)), PersonAnswer::NotObserved);
    }
}

//! Paid employment on a date, by hours, of people of working age.

use chrono::NaiveDate;

use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::{PersonAnswer, Question};
use crate::domain::day::age_on;
use crate::evidence::DayStatus;
use crate::observations::facts::PersonFacts;
use crate::observations::work_history::is_employed;

/// In paid employment on a date.
pub const PAID_EMPLOYMENT_ON: Measure = Measure {
    name: "paid_employment_on",
    title: "In paid employment on a date",
    numerator: "people of 18 to 64 with a covered day on the date: any; under_16; 16_or_more; hours_unknown",
    denominator: "people of 18 to 64 in the register on that date and observed on it",
    period: "date and hours",
    source: "as ASCOF 1E: hours of all jobs together; one person counted once",
    kind: MeasureKind::Rate,
    counts: CountSource::Questions(|scope, _| {
        let questions = |day: &NaiveDate| {
            let day = *day;
            HOURS.map(|(hours, paid)| {
                Question::to_everyone(format!("{day} {hours}"), move |facts| paid_on(day, paid, facts))
            })
        };
        scope.on.iter().flat_map(questions).collect()
    }),
    threshold: SuppressionThreshold::InAndOut,
    repeats: Repeats::Nothing,
    family: Family::EachPeriod("paid on"),
    by_level: ByLevel::Always,
};

/// The categories of weekly hours on one day as outputs write them, each with the test that a day belongs to it.
const HOURS: [(&str, fn(DayStatus) -> bool); 4] = [
    ("any", is_employed),
    ("under_16", |day| day == DayStatus::Below),
    ("16_or_more", |day| day == DayStatus::Yes),
    ("hours_unknown", DayStatus::is_unknown),
];

fn paid_on(day: NaiveDate, paid: fn(DayStatus) -> bool, facts: &PersonFacts<'_>) -> PersonAnswer {
    let age = age_on(day, facts.person.whose.date_of_birth.0);
    if !(18..=64).contains(&age) || day < facts.person.referred {
        return PersonAnswer::Outside;
    }
    facts.any_day(day, day, paid).into()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answer, answer_in, day, person, scope, worked};
    use super::*;
    use crate::observations::scope::Scope;

    #[test]
    fn hours_are_those_of_the_day() {
        use PersonAnswer::{No, Yes};

        let person = person(None);
        let of = |status| {
            let facts = worked(&person, &[("2019-03-31", "2019-03-31", status)]);
            HOURS.map(|(hours, _)| answer(&PAID_EMPLOYMENT_ON, &format!("2019-03-31 {hours}"), &facts))
        };
        assert_eq!(of(DayStatus::Uncovered), [No, No, No, No]);
        assert_eq!(of(DayStatus::Below), [Yes, Yes, No, No]);
        assert_eq!(of(DayStatus::Yes), [Yes, No, Yes, No]);
        assert_eq!(of(DayStatus::WeakUnknown), [Yes, No, No, Yes]);
    }

    #[test]
    fn people_of_18_to_64_who_were_referred_are_asked() {
        // Born on 15 January 1990, referred on 1 February 2018.
        let mut person = person(None);
        let of = |person: &crate::observations::person::Person, on: &str| {
            let scope = Scope { on: vec![day(on)], ..scope() };
            answer_in(&scope, &PAID_EMPLOYMENT_ON, &format!("{on} any"), &worked(person, &[]))
        };
        assert_eq!(["2018-01-31", "2018-02-01"].map(|on| of(&person, on)), [PersonAnswer::Outside, PersonAnswer::No]);
        person.whose.date_of_birth = crate::domain::Masked(day("2001-06-15"));
        assert_eq!(["2019-06-14", "2019-06-15"].map(|on| of(&person, on)), [PersonAnswer::Outside, PersonAnswer::No]);
        person.whose.date_of_birth = crate::domain::Masked(day("1954-06-15"));
        assert_eq!(["2019-06-14", "2019-06-15"].map(|on| of(&person, on)), [PersonAnswer::No, PersonAnswer::Outside]);
    }
}

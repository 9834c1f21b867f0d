//! The measures: each has a definition, the questions that every person answers, and the conditions of its release.
//!
//! A measure is one `const` in the file of its subject and one line in [`MEASURES`]. It knows one person at a time, through
//! [`PersonFacts`](crate::observations::facts::PersonFacts), and no files; [`counting`](crate::counting) asks everyone and
//! adds up, [`release`](crate::release) withholds and rounds.

pub mod change;
pub mod cost;
pub mod demand;
pub mod employed;
pub mod first_earnings;
pub mod five_of_six_months;
pub mod job_start;
mod measure;
pub mod out_of_work;
pub mod outcome;
pub mod paid_on;
mod predicate;
#[cfg(test)]
mod testing;
pub mod volume;
pub mod weeks_in_work;

use chrono::{Datelike, NaiveDate};

pub use measure::{ByLevel, CURVE_PEOPLE, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
pub use predicate::{PersonAnswer, Question};

use crate::observations::person::Person;
use crate::observations::scope::Scope;

/// Every measure, in the order of the outputs.
pub static MEASURES: [Measure; 34] = [
    demand::REFERRED,
    demand::REFERRALS,
    demand::STARTED,
    demand::STARTS_IN_MONTH,
    volume::REFERRALS_OF_VOLUME,
    volume::STARTS_OF_VOLUME,
    first_earnings::FIRST_EARNINGS_MATURED,
    first_earnings::FIRST_EARNINGS_FULL,
    job_start::JOB_START_MATURED,
    job_start::JOB_START_FULL,
    outcome::OUTCOME_BY_EVIDENCE_MATURED,
    outcome::OUTCOME_BY_EVIDENCE_FULL,
    outcome::OUTCOME_BY_CLAIM,
    employed::EMPLOYED_WEEK,
    employed::EMPLOYED_16_WEEK,
    employed::EMPLOYED_MONTH,
    employed::EMPLOYED_16_MONTH,
    change::EMPLOYED_BEFORE,
    change::EMPLOYED_AFTER,
    change::INCREASE,
    change::BASELINE,
    weeks_in_work::WEEKS_IN_WORK,
    weeks_in_work::THIRTEEN_WEEKS_OR_MORE,
    five_of_six_months::SUSTAINED_FIVE_OF_SIX_MONTHS,
    out_of_work::OUT_OF_WORK_AT_START,
    out_of_work::FIRST_JOB_OF_OUT_OF_WORK,
    paid_on::PAID_EMPLOYMENT_ON,
    outcome::UNCLAIMED_OUTCOME,
    outcome::TARGET,
    cost::COST_PER_START,
    cost::COST_PER_FIRST_EARNINGS,
    cost::COST_PER_JOB_START,
    cost::COST_PER_OUTCOME,
    outcome::SENSITIVITY,
];

const OURS: &str =
    "ours, for the measures of success the specification names: employment rates, demand and participation";
const STARTED_PEOPLE: &str = "all people who started; those who started after the cut-off are not observed";

/// The measure of that name.
pub fn named(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}

/// Every question of the measures, each with its measure; in the order of the measures, then of the periods.
pub fn questions(scope: &Scope, people: &[Person]) -> Vec<(&'static Measure, Question)> {
    let of_measure = |measure: &'static Measure| {
        let questions = match measure.counts {
            CountSource::Questions(questions) => questions(scope, people),
            CountSource::WeeksInWork | CountSource::Claims | CountSource::Targets(_) | CountSource::Baselines(_) => {
                Vec::new()
            }
        };
        questions.into_iter().map(move |question| (measure, question))
    };
    MEASURES.iter().flat_map(of_measure).collect()
}

/// A month as outputs write it.
fn month_name(month: NaiveDate) -> String {
    format!("{}-{:02}", month.year(), month.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The measures whose rows a measure is withheld with.
    fn repeated(measure: &Measure) -> Vec<&'static Measure> {
        match measure.repeats {
            Repeats::NotStated | Repeats::Nothing => Vec::new(),
            Repeats::SamePeriod(of)
            | Repeats::OnePeriod(of, _)
            | Repeats::AnyPeriod(of)
            | Repeats::AsDenominator(of) => vec![of],
            Repeats::PublishedRows => match measure.counts {
                CountSource::Baselines(of) => of.iter().collect(),
                CountSource::Questions(_)
                | CountSource::WeeksInWork
                | CountSource::Claims
                | CountSource::Targets(_) => panic!("{} publishes no rows once more", measure.name),
            },
        }
    }

    #[test]
    fn every_measure_says_what_it_repeats() {
        for measure in &MEASURES {
            assert!(measure.is_releasable(), "{} does not say what it repeats", measure.name);
            for of in repeated(measure) {
                assert!(MEASURES.contains(of) && of != measure, "{} repeats {}", measure.name, of.name);
                // A repeated measure repeats no other: chains have one link.
                assert!(repeated(of).is_empty(), "{} repeats {}", measure.name, of.name);
            }
        }
    }

    #[test]
    fn a_measure_that_does_not_say_what_it_repeats_is_not_released() {
        assert!(!Measure { repeats: Repeats::default(), ..demand::STARTED }.is_releasable());
    }

    #[test]
    fn a_start_after_the_cut_off_is_no_answer_to_any_question() {
        // The cut-off is 7 February 2020; paydays after it cannot stand in the extract.
        let on_it = testing::person(Some("2020-02-07"));
        let after_it = testing::person(Some("2020-02-08"));
        let scope = testing::scope();
        let answers = |person: &Person| -> Vec<(&str, PersonAnswer)> {
            let facts = testing::worked(person, &[("2019-12-31", "2019-12-31", crate::evidence::DayStatus::Yes)]);
            let questions = questions(&scope, std::slice::from_ref(person));
            let of_start = questions.iter().filter(|(measure, _)| {
                !matches!(measure.name, "referred" | "employed_month" | "employed_16_month" | "paid_employment_on")
            });
            of_start.map(|(measure, question)| (measure.name, question.answer(&facts))).collect()
        };
        let found = answers(&after_it);
        let is_told = |answer: PersonAnswer| !matches!(answer, PersonAnswer::NotObserved | PersonAnswer::Outside);
        let told: Vec<_> = found.iter().filter(|(_, answer)| is_told(*answer)).collect();
        assert!(told.is_empty(), "{told:?}");
        for full in ["started", "first_earnings_full", "outcome_by_evidence_full", "out_of_work_at_start", "increase"] {
            assert!(found.contains(&(full, PersonAnswer::NotObserved)), "{full}");
        }
        let told = answers(&on_it);
        assert!(
            told.contains(&("started", PersonAnswer::Yes)) && told.contains(&("starts_in_month", PersonAnswer::Yes))
        );
        assert!(found.iter().all(|(name, _)| *name != "starts_in_month"));
    }

    #[test]
    fn a_share_is_withheld_for_few_in_it_and_for_few_out_of_it() {
        let of_people = |measure: &&Measure| matches!(measure.kind, MeasureKind::Rate | MeasureKind::Change);
        // Whether somebody started is no trait of theirs.
        let of_people = |measure: &&Measure| of_people(measure) && **measure != demand::STARTED;
        assert!(MEASURES.iter().filter(of_people).all(|measure| measure.threshold == SuppressionThreshold::InAndOut));
    }

    #[test]
    fn names_are_unique_and_of_letters_digits_and_underscores() {
        let names: std::collections::BTreeSet<&str> = MEASURES.iter().map(|measure| measure.name).collect();
        assert_eq!(names.len(), MEASURES.len());
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        assert!(names.iter().all(|name| name.chars().all(plain)));
        assert_eq!(named("started"), Some(&demand::STARTED));
        assert_eq!(named("stated"), None);
    }
}

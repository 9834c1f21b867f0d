//! From exact counts to rows that may be published: withheld, rounded, and only then made into rates.
//!
//! ```text
//!  counts, benchmarks ─▶ [exact] ─▶ exact rows ─▶ [suppress] which are withheld ─▶ [publish] rounded rows
//!                                                     │
//!                                               [disclosure] the profile's thresholds
//! ```
//!
//! Only the profile `internal` lets an exact count of people out of this room. A measure that does not say which other
//! measure publishes its counts is not released under any profile.

mod benchmarks;
pub mod disclosure;
mod exact;
mod publish;
mod row;
mod suppress;

pub use benchmarks::{Benchmarks, CohortBaseline, OutcomeTarget};
pub use row::{Note, RatesRow, TargetComparison};

use crate::counting::PopulationCounts;
use crate::measures::{CountSource, MEASURES, Measure, Question};
use crate::observations::person::Dimension;
use disclosure::DisclosureProfile;
use exact::exact_rows;
use publish::published;
use suppress::suppressed;

/// The rows of a result under a profile, in the order of the measures, then of period, group and level; targets come last.
pub fn rows(
    counts: &PopulationCounts,
    questions: &[(&'static Measure, Question)],
    benchmarks: &Benchmarks<'_>,
    profile: DisclosureProfile,
) -> Vec<RatesRow> {
    rows_of(&MEASURES, counts, questions, benchmarks, profile)
}

fn rows_of(
    measures: &'static [Measure],
    counts: &PopulationCounts,
    questions: &[(&'static Measure, Question)],
    benchmarks: &Benchmarks<'_>,
    profile: DisclosureProfile,
) -> Vec<RatesRow> {
    let mut exact = exact_rows(measures, counts, questions, benchmarks, profile);
    exact.retain(|row| row.measure.is_releasable());
    let withheld = suppressed(&exact, profile);
    let rows: Vec<RatesRow> =
        exact.iter().zip(withheld).flat_map(|(exact, withheld)| published(exact, profile, withheld)).collect();
    measures
        .iter()
        .filter(|measure| measure.is_releasable())
        .fold(rows, |rows, measure| with_baselines(rows, measure, measures, &benchmarks.baselines))
}

/// Adds the comparison of cohorts with their baselines. It copies the published rows of the cohorts, so that what is
/// withheld there is withheld here.
fn with_baselines(
    mut rows: Vec<RatesRow>,
    measure: &'static Measure,
    measures: &[Measure],
    baselines: &[CohortBaseline],
) -> Vec<RatesRow> {
    let CountSource::Baselines(of) = measure.counts else { return rows };
    let against = baselines.iter().flat_map(|baseline| {
        let is_of_cohort = |row: &&RatesRow| {
            of.contains(row.measure) && row.group == Dimension::Cohort.name() && row.level == baseline.cohort
        };
        rows.iter().filter(is_of_cohort).map(|row| {
            let note = Note::Baseline(TargetComparison::of(row.share(), baseline.share));
            RatesRow { measure, note: row.withheld.is_none().then_some(note), ..row.clone() }
        })
    });
    let against: Vec<RatesRow> = against.collect();
    let before: Vec<&Measure> = measures.iter().take_while(|known| *known != measure).collect();
    let last = rows.iter().rposition(|row| before.contains(&row.measure));
    let place = last.map_or(0, |last| last + 1);
    rows.splice(place..place, against);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::{AnswerCounts, GroupCounts};
    use crate::measures::{MeasureKind, Repeats, SuppressionThreshold, demand};
    use std::collections::BTreeMap;

    fn question() -> Question {
        Question::to_everyone("", |_| Some(true))
    }

    /// Counts of everyone and of three contracts, for two questions.
    fn counts(contracts: [[(u64, u64); 2]; 3]) -> PopulationCounts {
        let group = |questions: [(u64, u64); 2]| GroupCounts {
            answers: questions.map(|(yes, no)| AnswerCounts { yes, no, ..AnswerCounts::default() }).to_vec(),
            weeks: Vec::new(),
            weeks_not_observed: 0,
        };
        let levels = ["A", "B", "C"].map(|level| Some((Dimension::Contract, level.to_owned())));
        let groups: BTreeMap<_, _> = levels.into_iter().zip(contracts.map(group)).collect();
        PopulationCounts { groups, ..PopulationCounts::default() }
    }

    const ROUND_5: DisclosureProfile = disclosure::PROFILES[0];

    /// What is withheld of a measure, by level.
    fn withheld(rows: &[RatesRow], name: &str) -> String {
        let of_measure = rows.iter().filter(|row| row.measure.name == name && row.withheld.is_some());
        of_measure.map(|row| row.level.as_str()).collect()
    }

    #[test]
    fn a_measure_is_released_only_when_it_says_what_it_repeats() {
        static MADE_UP: [Measure; 2] = [
            Measure { name: "silent", repeats: Repeats::NotStated, ..demand::STARTED },
            Measure { name: "spoken", repeats: Repeats::Nothing, ..demand::STARTED },
        ];
        let questions: Vec<(&Measure, Question)> = MADE_UP.iter().map(|measure| (measure, question())).collect();
        let counts = counts([[(40, 60), (40, 60)]; 3]);
        for profile in disclosure::PROFILES {
            let rows = rows_of(&MADE_UP, &counts, &questions, &Benchmarks::default(), profile);
            let names: Vec<&str> = rows.iter().map(|row| row.measure.name).collect();
            assert_eq!(names, ["spoken"; 3], "{}", profile.name);
        }
    }

    #[test]
    fn a_measure_is_withheld_with_the_one_it_repeats() {
        static REPEATING: [Measure; 2] = [
            demand::STARTED,
            Measure { name: "again", repeats: Repeats::SamePeriod(&demand::STARTED), ..demand::STARTED },
        ];
        static INDEPENDENT: [Measure; 2] =
            [demand::STARTED, Measure { name: "again", repeats: Repeats::Nothing, ..demand::STARTED }];
        // Only 3 people of B started; the second measure has no small count.
        let counts = counts([[(50, 50), (40, 60)], [(3, 97), (40, 60)], [(60, 40), (70, 30)]]);
        let of = |measures: &'static [Measure; 2]| {
            let questions: Vec<(&Measure, Question)> = measures.iter().map(|measure| (measure, question())).collect();
            let rows = rows_of(measures, &counts, &questions, &Benchmarks::default(), ROUND_5);
            [withheld(&rows, "started"), withheld(&rows, "again")]
        };
        assert_eq!(of(&REPEATING), ["AB", "AB"]);
        assert_eq!(of(&INDEPENDENT), ["AB", ""]);
    }

    #[test]
    fn a_share_is_withheld_for_few_in_and_few_out_and_a_count_for_few_alone() {
        static COUNTED: [Measure; 2] = [
            demand::STARTED,
            Measure {
                name: "number",
                kind: MeasureKind::Count,
                threshold: SuppressionThreshold::Group,
                ..demand::STARTED
            },
        ];
        let questions: Vec<(&Measure, Question)> = COUNTED.iter().map(|measure| (measure, question())).collect();
        let counts = counts([[(50, 5), (50, 0)], [(5, 50), (5, 0)], [(50, 50), (60, 0)]]);
        let rows = rows_of(&COUNTED, &counts, &questions, &Benchmarks::default(), ROUND_5);
        assert_eq!([withheld(&rows, "started"), withheld(&rows, "number")], ["AB", "AB"]);
        let own = |name: &str| {
            rows.iter()
                .filter(|row| row.measure.name == name)
                .map(|row| row.withheld.map(disclosure::Withheld::says))
                .collect::<Vec<_>>()
        };
        let few = Some(disclosure::Withheld::FewInOrOut.says());
        assert_eq!(own("started"), [few, few, None]);
        let (few, other) = (disclosure::Withheld::FewPeople.says(), disclosure::Withheld::ToProtectAnother.says());
        assert_eq!(own("number"), [Some(other), Some(few), None]);
    }
}

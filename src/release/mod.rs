//! From exact counts to rows that may be published: withheld or rounded.
//!
//! ```text
//!  counts, benchmarks ─▶ [exact] ─▶ exact rows ─▶ [related] ─▶ [suppress] which are withheld ─▶ [publish] rounded rows
//!                                                                  │                                │
//!                                                            [disclosure] the thresholds       [hull] their intervals
//! ```
//!
//! Only the profile `internal` lets an exact count of people out of this room. A measure that does not say which other
//! measure publishes its counts is not released under any profile.

mod benchmarks;
pub mod disclosure;
mod exact;
mod hull;
mod publish;
mod related;
mod row;
mod suppress;

use std::collections::{BTreeMap, BTreeSet};

pub use benchmarks::{Benchmarks, CohortBaseline, OutcomeTarget};
pub use row::{NotObserved, Note, RatesRow, TargetComparison, Unit};

use crate::counting::PopulationCounts;
use crate::measures::{CountSource, MEASURES, Measure, MeasureKind, Question, outcome};
use crate::observations::person::{Dimension, GroupKey};
use crate::statistics::{FunnelPosition, funnel_position, share};
use disclosure::DisclosureProfile;
use exact::{ExactRow, exact_rows};
use publish::published;
use suppress::{Decision, decisions};

/// What of a result is published, and how.
#[derive(Debug, Clone, Copy)]
pub struct ReleaseOptions<'a> {
    /// How disclosure is controlled.
    pub profile: &'a DisclosureProfile,
    /// The dimensions that results are broken down by.
    pub by: &'a [Dimension],
    /// Whether the figures of every week and month are broken down too.
    pub curves: bool,
}

/// What of a result is published.
#[derive(Debug, Clone, Default)]
pub struct Released {
    /// The rows, in the order of the measures, then of period, group and level; targets come last.
    pub rows: Vec<RatesRow>,
    /// The levels that have no rows of a measure that is broken down by their dimension.
    pub without_rows: Vec<WithoutRows>,
}

/// Levels of a dimension of which a measure has no rows: nobody is of them, or too few people are.
#[derive(Debug, Clone)]
pub struct WithoutRows {
    /// The measure.
    pub measure: &'static Measure,
    /// The dimension.
    pub dimension: Dimension,
    /// The levels, in the order of their names.
    pub levels: Vec<String>,
}

/// Decides what of a result is published.
pub fn release(
    counts: &PopulationCounts,
    questions: &[(&'static Measure, Question)],
    benchmarks: &Benchmarks<'_>,
    options: ReleaseOptions<'_>,
) -> Released {
    release_of(&MEASURES, counts, questions, benchmarks, options)
}

fn release_of(
    measures: &'static [Measure],
    counts: &PopulationCounts,
    questions: &[(&'static Measure, Question)],
    benchmarks: &Benchmarks<'_>,
    options: ReleaseOptions<'_>,
) -> Released {
    let ReleaseOptions { profile, by, curves } = options;
    let mut exact = exact_rows(measures, counts, questions, benchmarks, profile, curves);
    exact.retain(|row| row.measure.is_releasable());
    let decisions = decisions(&exact, &benchmarks.levels, profile);
    let not_observed = not_observed(&exact);
    // A standing tells of the share of everyone, so it is told where that is.
    let overall: BTreeSet<&str> = exact
        .iter()
        .zip(&decisions)
        .filter(|(row, decision)| row.group.is_none() && is_compared(row) && decision.withheld.is_none())
        .map(|(row, _)| row.period.as_str())
        .collect();
    let is_asked = |row: &ExactRow| row.group.as_ref().is_none_or(|(dimension, _)| by.contains(dimension));
    let not_written = not_written(&exact, &decisions);
    let is_written = |(row, _): &(&ExactRow, &Decision)| !not_written.contains(&(row.measure.name, &row.group));
    let shown = exact.iter().zip(&decisions).filter(|(row, _)| is_asked(row)).filter(is_written);
    let rows = shown.flat_map(|(row, decision)| {
        let not_observed = not_observed.get(row.measure.name).copied().filter(|_| row.group.is_none());
        let standing = overall.contains(row.period.as_str()).then(|| standing(row, &exact)).flatten();
        let standing = standing.filter(|_| decision.withheld.is_none());
        let rows = published(row, profile, *decision).into_iter();
        rows.map(move |row| RatesRow { not_observed, standing, ..row })
    });
    Released { rows: rows.collect(), without_rows: without_rows(measures, &exact, &not_written, counts, by) }
}

/// The levels without rows, of every measure that has rows of other levels or could have them.
fn without_rows(
    measures: &'static [Measure],
    exact: &[ExactRow],
    not_written: &BTreeSet<(&'static str, &GroupKey)>,
    counts: &PopulationCounts,
    by: &[Dimension],
) -> Vec<WithoutRows> {
    // Money is recorded of some levels, and baselines are published of some cohorts.
    let is_of_every_level =
        |measure: &&Measure| measure.kind != MeasureKind::Cost && !matches!(measure.counts, CountSource::Baselines(_));
    let of = |measure: &'static Measure, dimension: Dimension| {
        let own = exact.iter().filter(|row| row.measure == measure);
        let groups: BTreeSet<&GroupKey> =
            own.map(|row| &row.group).filter(|group| group.as_ref().is_some_and(|(of, _)| *of == dimension)).collect();
        let is_without = |group: &&GroupKey| !groups.contains(group) || not_written.contains(&(measure.name, *group));
        let all = counts.groups.keys().filter(|group| group.as_ref().is_some_and(|(of, _)| *of == dimension));
        let levels: Vec<String> = all.filter(is_without).flatten().map(|(_, level)| level.clone()).collect();
        (!groups.is_empty() && !levels.is_empty()).then_some(WithoutRows { measure, dimension, levels })
    };
    let of_measure = |measure| by.iter().filter_map(move |dimension| of(measure, *dimension));
    measures.iter().filter(is_of_every_level).flat_map(of_measure).collect()
}

/// The groups of which a measure has no rows. Every period of a group is written, or none: none where a period would not show how many
/// people it is of, where a volume is withheld, and where a curve is of few people.
fn not_written<'a>(exact: &'a [ExactRow], decisions: &[Decision]) -> BTreeSet<(&'static str, &'a GroupKey)> {
    let is_not = |(row, decision): &(&ExactRow, &Decision)| match row.measure.kind {
        MeasureKind::Volume => decision.withheld.is_some(),
        MeasureKind::Cost => false,
        MeasureKind::Count | MeasureKind::Rate | MeasureKind::Change | MeasureKind::Weeks => {
            let hides = decision.withheld.is_some() && !decision.shows_denominator && row.figure.has_population();
            row.group.is_some() && (hides || row.is_short_curve())
        }
    };
    let rows = exact.iter().zip(decisions).filter(is_not);
    rows.map(|(row, _)| (row.measure.name, &row.group)).collect()
}

/// Which part of those who would belong is not observed, of each measure as a whole.
fn not_observed(exact: &[ExactRow]) -> BTreeMap<&'static str, NotObserved> {
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in exact.iter().filter(|row| row.group.is_none()) {
        let Some(not_observed) = row.figure.not_observed() else { continue };
        let (sum, all) = counts.entry(row.measure.name).or_default();
        *sum += not_observed;
        *all += not_observed + row.figure.denominator();
    }
    counts.into_iter().map(|(measure, (sum, all))| (measure, NotObserved::of(sum, all))).collect()
}

/// Whether groups are compared with everyone in a row's measure.
fn is_compared(row: &ExactRow) -> bool {
    *row.measure == outcome::OUTCOME_BY_EVIDENCE_MATURED
}

/// Where a contract or provider stands in the funnel around everyone.
fn standing(row: &ExactRow, exact: &[ExactRow]) -> Option<FunnelPosition> {
    let (dimension, _) = row.group.as_ref()?;
    if !is_compared(row) || !matches!(dimension, Dimension::Contract | Dimension::Provider) {
        return None;
    }
    let is_everyone =
        |other: &&ExactRow| other.measure == row.measure && other.place == row.place && other.group.is_none();
    let of = |row: &ExactRow| share(row.figure.numerators().first().copied()?, row.figure.denominator());
    let overall = of(exact.iter().find(is_everyone)?)?;
    Some(funnel_position(overall, of(row)?, row.figure.denominator()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::{AnswerCounts, GroupCounts};
    use crate::measures::{Family, Repeats, SuppressionThreshold, demand};

    fn question() -> Question {
        Question::to_everyone("", |_| Some(true))
    }

    /// Counts of contracts for several questions, yes and no for each, and of everyone.
    fn counts(contracts: &[(&str, &[(u64, u64)])]) -> PopulationCounts {
        let none = || GroupCounts { answers: Vec::new(), weeks: Vec::new(), weeks_not_observed: 0 };
        let mut groups: BTreeMap<GroupKey, GroupCounts> = BTreeMap::new();
        for (level, questions) in contracts {
            for group in [Some((Dimension::Contract, (*level).to_owned())), None] {
                let counts = groups.entry(group).or_insert_with(none);
                counts.answers.resize(questions.len(), AnswerCounts::default());
                for (own, (yes, no)) in counts.answers.iter_mut().zip(*questions) {
                    own.yes += yes;
                    own.no += no;
                }
            }
        }
        PopulationCounts { groups, ..PopulationCounts::default() }
    }

    fn rows_under(profile: &str, measures: &'static [Measure], counts: &PopulationCounts) -> Vec<RatesRow> {
        released_under(profile, measures, counts).rows
    }

    fn released_under(profile: &str, measures: &'static [Measure], counts: &PopulationCounts) -> Released {
        let questions: Vec<(&Measure, Question)> = measures.iter().map(|measure| (measure, question())).collect();
        let profile = DisclosureProfile::named(profile).unwrap();
        let options = ReleaseOptions { profile: &profile, by: &[Dimension::Contract], curves: false };
        release_of(measures, counts, &questions, &Benchmarks::default(), options)
    }

    /// What is withheld of a measure, by level.
    fn withheld(rows: &[RatesRow], name: &str) -> Vec<String> {
        let of_measure = rows.iter().filter(|row| row.measure.name == name && row.withheld.is_some());
        of_measure.map(|row| row.level.clone()).collect()
    }

    /// A share of people who are counted or not.
    const SHARE: Measure = Measure {
        name: "share",
        threshold: SuppressionThreshold::InAndOut,
        family: Family::Together("share"),
        ..demand::STARTED
    };

    fn share_withheld(contracts: &[(&str, u64, u64)]) -> Vec<String> {
        static ONE: [Measure; 1] = [SHARE];
        let questions: Vec<(&str, [(u64, u64); 1])> =
            contracts.iter().map(|(level, yes, no)| (*level, [(*yes, *no)])).collect();
        let contracts: Vec<(&str, &[(u64, u64)])> =
            questions.iter().map(|(level, questions)| (*level, questions.as_slice())).collect();
        withheld(&rows_under("round-5", &ONE, &counts(&contracts)), "share")
    }

    #[test]
    fn a_measure_is_released_only_when_it_says_what_it_repeats() {
        static MADE_UP: [Measure; 2] = [
            Measure { name: "silent", repeats: Repeats::NotStated, ..SHARE },
            Measure { name: "spoken", repeats: Repeats::Nothing, ..SHARE },
        ];
        let counts = counts(&[("A", &[(40, 60), (40, 60)]), ("B", &[(40, 60), (40, 60)])]);
        for profile in disclosure::BUILT_IN {
            let rows = rows_under(profile, &MADE_UP, &counts);
            let names: Vec<&str> = rows.iter().map(|row| row.measure.name).collect();
            assert_eq!(names, ["spoken"; 3], "{profile}");
        }
    }

    #[test]
    fn the_smallest_level_that_hides_another_is_withheld_with_it() {
        // Of C nobody is counted, which hides nothing.
        let contracts = [("A", 3, 97), ("B", 60, 40), ("C", 0, 60), ("D", 70, 30)];
        assert_eq!(share_withheld(&contracts), ["A", "B"]);
        assert!(share_withheld(&[("A", 30, 70), ("B", 60, 40)]).is_empty());
    }

    #[test]
    fn nobody_and_everybody_of_a_small_group_are_withheld_where_the_sum_does_not_tell_it() {
        assert_eq!(share_withheld(&[("A", 0, 29), ("B", 60, 40), ("C", 70, 30)]), ["A", "B"]);
        assert_eq!(share_withheld(&[("A", 29, 0), ("B", 60, 40), ("C", 70, 30)]), ["A", "B"]);
        assert!(share_withheld(&[("A", 0, 30), ("B", 60, 40), ("C", 70, 30)]).is_empty());
        assert!(share_withheld(&[("A", 0, 20), ("B", 0, 40), ("C", 0, 30)]).is_empty());
    }

    #[test]
    fn where_small_counts_fill_their_sum_the_sum_is_withheld_too() {
        assert_eq!(share_withheld(&[("F", 9, 11), ("M", 9, 11)]), ["all", "F", "M"]);
        assert_eq!(share_withheld(&[("F", 5, 15), ("M", 6, 14)]), ["F", "M"]);
    }

    #[test]
    fn every_period_of_a_level_has_a_row_or_none_has_and_then_the_level_is_named() {
        static OF_TWO: [Measure; 1] = [SHARE];
        let two = [("1", (30, 30)), ("2", (0, 0))]
            .map(|(period, _)| (&OF_TWO[0], Question::to_everyone(period, |_| Some(true))));
        let counts = counts(&[
            ("A", &[(30, 40), (30, 30)]),
            ("B", &[(30, 40), (0, 0)]),
            ("C", &[(30, 40), (1, 3)]),
            ("D", &[(0, 0), (0, 0)]),
            ("E", &[(30, 40), (1, 8)]),
        ]);
        let profile = DisclosureProfile::named("round-5").unwrap();
        let options = ReleaseOptions { profile: &profile, by: &[Dimension::Contract], curves: false };
        let released = release_of(&OF_TWO, &counts, &two, &Benchmarks::default(), options);
        let written: Vec<(&str, &str)> =
            released.rows.iter().map(|row| (row.level.as_str(), row.period.as_str())).collect();
        assert_eq!(written, [("all", "1"), ("A", "1"), ("B", "1"), ("all", "2"), ("A", "2"), ("B", "2")]);
        // Nobody and too few are told in one list.
        let without: Vec<&Vec<String>> = released.without_rows.iter().map(|one| &one.levels).collect();
        assert_eq!(without, [&["C", "D", "E"]]);
    }

    #[test]
    fn rows_of_a_family_are_withheld_together() {
        static TOGETHER: [Measure; 2] = [SHARE, Measure { name: "again", ..SHARE }];
        static APART: [Measure; 2] = [SHARE, Measure { name: "again", family: Family::Together("again"), ..SHARE }];
        let counts = counts(&[("A", &[(50, 50), (40, 60)]), ("B", &[(3, 97), (40, 60)]), ("C", &[(60, 40), (70, 30)])]);
        let of = |measures: &'static [Measure; 2]| {
            let rows = rows_under("round-5", measures, &counts);
            [withheld(&rows, "share"), withheld(&rows, "again")]
        };
        assert_eq!(of(&TOGETHER), [["A", "B"], ["A", "B"]]);
        assert_eq!(of(&APART), [vec!["A", "B"], vec![]]);
    }

    #[test]
    fn a_count_is_withheld_for_few_and_a_share_for_few_out_of_it_too() {
        static COUNTED: [Measure; 2] = [
            SHARE,
            Measure {
                name: "number",
                kind: MeasureKind::Count,
                threshold: SuppressionThreshold::Group,
                family: Family::Together("number"),
                ..SHARE
            },
        ];
        let contracts: [(&str, &[(u64, u64)]); 3] =
            [("A", &[(50, 5), (50, 0)]), ("B", &[(12, 50), (5, 0)]), ("C", &[(50, 50), (60, 0)])];
        let rows = rows_under("round-5", &COUNTED, &counts(&contracts));
        assert_eq!([withheld(&rows, "share"), withheld(&rows, "number")], [["A", "B"], ["A", "B"]]);
        let shown: Vec<Option<u64>> =
            rows.iter().filter(|row| row.measure.name == "share").map(|row| row.denominator).collect();
        // How many people a row is of is shown where they are not few.
        assert_eq!(shown, [Some(215), Some(55), Some(60), Some(100)]);
        assert!(rows.iter().all(|row| row.withheld.is_none() || row.rate.is_none() && row.numerator.is_none()));
    }

    /// Every released file is made of these rows and of what counts nobody, so what leaves no trace in them leaves none anywhere.
    #[test]
    fn what_is_withheld_leaves_no_trace_in_what_is_released() {
        static ONE: [Measure; 1] = [SHARE];
        let released = |counted: &[(u64, u64)]| {
            let named: Vec<(String, [(u64, u64); 1])> =
                counted.iter().enumerate().map(|(level, counts)| (format!("C{level}"), [*counts])).collect();
            let contracts: Vec<(&str, &[(u64, u64)])> =
                named.iter().map(|(level, counts)| (level.as_str(), counts.as_slice())).collect();
            rows_under("round-5", &ONE, &counts(&contracts))
        };
        let mut moved = 0;
        for few in 1..9 {
            for other in 2..9 {
                for more in [15, 16, 17, 40] {
                    let before = released(&[(few, 60), (other, 80), (more, 60), (70, 70)]);
                    // One person more is counted of one, and one fewer of the other.
                    let after = released(&[(few + 1, 59), (other - 1, 81), (more, 60), (70, 70)]);
                    assert_eq!(before, after, "{few} {other} {more}");
                    moved += 1;
                }
            }
        }
        assert_eq!(moved, 8 * 7 * 4);
    }
}

//! Exact rows: every figure of the result before anything is withheld or rounded. Nothing here is published.

use std::collections::BTreeSet;

use super::benchmarks::Benchmarks;
use super::disclosure::{DisclosureProfile, Withheld};
use crate::counting::{AnswerCounts, PopulationCounts};
use crate::measures::volume::volume_of;
use crate::measures::{
    ByLevel, CURVE_PEOPLE, CountSource, Family, Measure, MeasureKind, Question, SuppressionThreshold,
};
use crate::observations::claims::ClaimsByVerdict;
use crate::observations::person::{Dimension, GroupKey};
use crate::observations::spending::FundingShare;
use crate::scheme::cited::Percentage as ExpectedShare;

/// Exact figures of one row.
#[derive(Debug, Clone)]
pub(super) struct ExactRow {
    pub(super) measure: &'static Measure,
    /// The index of the period among those of the measure.
    pub(super) place: usize,
    pub(super) period: String,
    /// The period of the question that was asked: a unit cost adds whose money it is.
    pub(super) asked_period: String,
    pub(super) group: GroupKey,
    pub(super) figure: ExactFigure,
    /// What the row is held against.
    pub(super) expected: Option<Expected>,
}

/// A share that a row is held against.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    Target(ExpectedShare),
    Baseline(ExpectedShare),
}

/// The exact counts from which a row is computed.
#[derive(Debug, Clone)]
pub(super) enum ExactFigure {
    Count(AnswerCounts),
    Share(AnswerCounts),
    Change(AnswerCounts),
    Weeks { weeks: Vec<u64>, not_observed: u64 },
    Claims(ClaimsByVerdict),
    Volume { people: u64, expected: u64 },
    Cost { pence: u64, bought: u64, funded: u64, not_observed: u64 },
}

impl ExactFigure {
    /// The people, or claims, that the figure is of.
    pub(super) fn denominator(&self) -> u64 {
        match self {
            Self::Count(counts) => counts.yes,
            Self::Share(counts) | Self::Change(counts) => counts.denominator(),
            Self::Weeks { weeks, .. } => weeks.iter().sum(),
            Self::Claims(claims) => claims.all(),
            Self::Volume { people, .. } => *people,
            Self::Cost { funded, .. } => *funded,
        }
    }

    /// The numerators: the parts of the denominator that are counted. The first is the one that is published as such.
    pub(super) fn numerators(&self) -> Vec<u64> {
        match self {
            Self::Count(counts) | Self::Share(counts) => vec![counts.yes],
            Self::Change(counts) => {
                let (before, after) = counts.before_and_after();
                vec![after, before]
            }
            Self::Weeks { .. } => Vec::new(),
            Self::Claims(claims) => vec![claims.validated, claims.validated + claims.queried],
            Self::Volume { people, .. } => vec![*people],
            Self::Cost { bought, .. } => vec![*bought],
        }
    }

    /// How many would belong and are not observed, where the figure can have such people.
    pub(super) fn not_observed(&self) -> Option<u64> {
        match self {
            Self::Share(counts) | Self::Change(counts) => Some(counts.not_observed),
            Self::Weeks { not_observed, .. } | Self::Cost { not_observed, .. } => Some(*not_observed),
            Self::Count(_) | Self::Claims(_) | Self::Volume { .. } => None,
        }
    }

    /// Whether a row that is withheld can still show how many people it is of: the denominator is no count of its own in the
    /// other figures.
    pub(super) const fn has_population(&self) -> bool {
        matches!(self, Self::Share(_) | Self::Change(_) | Self::Weeks { .. } | Self::Claims(_))
    }
}

impl ExactRow {
    /// The rows that its rows of a level are withheld with.
    pub(super) fn family(&self) -> (Family, &str) {
        let period = match self.measure.family {
            Family::Together(_) => "",
            Family::EachPeriod(_) => self.asked_period.split(' ').next().unwrap_or_default(),
        };
        (self.measure.family, period)
    }

    /// The counts of the row that must not be worked out: each of those counted, and of those who are not. Nobody and everybody
    /// are counts too. The denominator is not among them.
    pub(super) fn parts(&self) -> Vec<u64> {
        let all = self.figure.denominator();
        let counted = self.figure.numerators().into_iter();
        match self.measure.threshold {
            SuppressionThreshold::Group => Vec::new(),
            SuppressionThreshold::In => counted.collect(),
            SuppressionThreshold::InAndOut => {
                counted.flat_map(|counted| [counted, all.saturating_sub(counted)]).collect()
            }
        }
    }

    /// The reason for primary suppression of the row; `None` where there is none. `everyone` is the row of the same period for
    /// everyone: where it tells that nobody or everybody is counted, that is told of every level.
    pub(super) fn withheld(&self, everyone: Option<&Self>, profile: &DisclosureProfile) -> Option<Withheld> {
        let all = self.figure.denominator();
        // Where 0 is withheld like other small counts, a level that nobody is counted of is too.
        let is_count = matches!(self.figure, ExactFigure::Count(_) | ExactFigure::Volume { .. });
        let is_nobody = is_count && self.group.is_some() && all == 0 && profile.withholds_nobody();
        if profile.is_small_group(all) || is_nobody {
            return Some(Withheld::FewPeople);
        }
        if matches!(self.figure, ExactFigure::Cost { .. }) && all < profile.unit_costs_from {
            return Some(Withheld::FewPeople);
        }
        let told = everyone.map(Self::parts).unwrap_or_default();
        let is_told = |place: usize| told.get(place) == Some(&0);
        let is_small = |(place, part): (usize, u64)| !is_told(place) && profile.is_small(part, all);
        if all != 0 && self.parts().into_iter().enumerate().any(is_small) {
            return Some(Withheld::FewInOrOut);
        }
        self.is_dominated(profile).then_some(Withheld::Dominance)
    }

    /// Whether the few people with the most weeks in work make up more of all weeks than the profile accepts.
    fn is_dominated(&self, profile: &DisclosureProfile) -> bool {
        let (ExactFigure::Weeks { weeks, .. }, Some(rule)) = (&self.figure, profile.dominance) else { return false };
        let mut left = rule.safe_nk_n;
        let (mut of_few, mut of_all) = (0_u64, 0_u64);
        for (number, people) in weeks.iter().enumerate().rev() {
            let number = crate::domain::count_of(number);
            of_few += number * left.min(*people);
            of_all += number * people;
            left = left.saturating_sub(*people);
        }
        rule.safe_nk_k_percent * of_all < of_few * 100
    }

    /// Whether the row is of a curve of too few people.
    pub(super) fn is_short_curve(&self) -> bool {
        // In a month that is not observed nobody is.
        self.measure.by_level == ByLevel::OnRequest && (1..CURVE_PEOPLE).contains(&self.figure.denominator())
    }

    /// Whether anybody is of the row, observed or not.
    fn is_of_anybody(&self) -> bool {
        0 < self.figure.denominator() || self.figure.not_observed().is_some_and(|count| 0 < count)
    }
}

/// The exact rows of measures, in the order of the measures, then of period and group; rows against targets come last. `curves` asks
/// for those of every week and month by level too.
pub(super) fn exact_rows(
    measures: &'static [Measure],
    counts: &PopulationCounts,
    questions: &[(&'static Measure, Question)],
    benchmarks: &Benchmarks<'_>,
    profile: &DisclosureProfile,
    curves: bool,
) -> Vec<ExactRow> {
    let mut all = Vec::new();
    for measure in measures {
        let row = |place, period: &str, group: &GroupKey, figure| ExactRow {
            measure,
            place,
            period: period.to_owned(),
            asked_period: period.to_owned(),
            group: group.clone(),
            figure,
            expected: None,
        };
        match measure.counts {
            CountSource::Questions(_) => {
                for (place, (_, question)) in questions.iter().enumerate().filter(|(_, (of, _))| *of == measure) {
                    for (group, counts) in &counts.groups {
                        let answers = counts.answers.get(place).copied().unwrap_or_default();
                        let one = |figure| row(place, &question.period, group, figure);
                        match measure.kind {
                            MeasureKind::Count => all.push(one(ExactFigure::Count(answers))),
                            MeasureKind::Rate | MeasureKind::Weeks => all.push(one(ExactFigure::Share(answers))),
                            MeasureKind::Change => all.push(one(ExactFigure::Change(answers))),
                            MeasureKind::Volume => {
                                all.extend(volume(&one(ExactFigure::Count(answers)), answers, benchmarks));
                            }
                            MeasureKind::Cost => {
                                all.extend(costs(&one(ExactFigure::Share(answers)), answers, benchmarks, profile));
                            }
                        }
                    }
                }
            }
            CountSource::WeeksInWork => all.extend(counts.groups.iter().map(|(group, counts)| {
                let figure =
                    ExactFigure::Weeks { weeks: counts.weeks.clone(), not_observed: counts.weeks_not_observed };
                row(0, "", group, figure)
            })),
            CountSource::Claims => {
                let outcomes: BTreeSet<&String> = benchmarks.claims.keys().map(|(outcome, _)| outcome).collect();
                let groups: BTreeSet<&GroupKey> = benchmarks.claims.keys().map(|(_, group)| group).collect();
                for (place, outcome) in outcomes.iter().enumerate() {
                    all.extend(groups.iter().map(|group| {
                        let claims = benchmarks.claims.get(&((*outcome).clone(), (*group).clone()));
                        row(place, outcome, group, ExactFigure::Claims(claims.copied().unwrap_or_default()))
                    }));
                }
            }
            // A copy of rows of measures before it.
            CountSource::Baselines(of) => {
                let rows = against_baselines(measure, of, &all, benchmarks);
                all.extend(rows);
            }
            CountSource::Targets(_) => {}
        }
    }
    let targets: Vec<ExactRow> =
        measures.iter().flat_map(|measure| against_targets(measure, &all, benchmarks)).collect();
    all.extend(targets);
    all.retain(|row| is_broken_down(row, curves));
    // Every period of a level has a row, or none has: none where nobody is of any.
    let key = |row: &ExactRow| (row.measure.name, row.group.clone());
    let with_people: BTreeSet<_> = all.iter().filter(|row| row.is_of_anybody()).map(key).collect();
    all.retain(|row| row.group.is_none() || with_people.contains(&key(row)));
    all
}

/// Whether a row is for everyone, or of a measure that is broken down.
fn is_broken_down(row: &ExactRow, curves: bool) -> bool {
    row.group.is_none()
        || match row.measure.by_level {
            ByLevel::Always => true,
            ByLevel::OnRequest => curves,
            ByLevel::Never => false,
        }
}

/// Copies the rows for everyone whose outcomes have a target.
fn against_targets(measure: &'static Measure, all: &[ExactRow], benchmarks: &Benchmarks<'_>) -> Vec<ExactRow> {
    let CountSource::Targets(of) = measure.counts else { return Vec::new() };
    let targets = benchmarks.targets.iter().enumerate().filter_map(|(place, target)| {
        let is_reached = |row: &&ExactRow| row.measure == of && row.period == target.outcome && row.group.is_none();
        let reached = all.iter().find(is_reached)?;
        Some(ExactRow { measure, place, expected: Some(Expected::Target(target.share)), ..reached.clone() })
    });
    targets.collect()
}

/// Copies the rows of cohorts that have a published baseline.
fn against_baselines(
    measure: &'static Measure,
    of: &[Measure],
    all: &[ExactRow],
    benchmarks: &Benchmarks<'_>,
) -> Vec<ExactRow> {
    let against = benchmarks.baselines.iter().flat_map(|baseline| {
        let cohort = Some((Dimension::Cohort, baseline.cohort.clone()));
        let own = all.iter().filter(move |row| of.contains(row.measure) && row.group == cohort);
        own.map(|row| ExactRow { measure, expected: Some(Expected::Baseline(baseline.share)), ..row.clone() })
    });
    // The places of two measures are not those of one.
    (0..).zip(against).map(|(place, row)| ExactRow { place, ..row }).collect()
}

/// The unit costs of one count, one for each funding share.
fn costs(
    one: &ExactRow,
    answers: AnswerCounts,
    benchmarks: &Benchmarks<'_>,
    profile: &DisclosureProfile,
) -> Vec<ExactRow> {
    let funded = answers.denominator() + answers.not_observed;
    let spending = benchmarks.spending;
    let spent = spending.and_then(|spending| spending.of(&one.group, profile.rounded(funded), &benchmarks.levels));
    let Some(spent) = spent else { return Vec::new() };
    let cost = |(number, (share, name)): (usize, (FundingShare, &str))| ExactRow {
        // Each share is a table of its own: what is withheld of one is withheld of all.
        place: one.place * FundingShare::ALL.len() + number,
        period: [one.period.as_str(), name].join(" ").trim().to_owned(),
        figure: ExactFigure::Cost {
            pence: spent.pence(share),
            bought: answers.yes,
            funded,
            not_observed: answers.not_observed,
        },
        ..one.clone()
    };
    FundingShare::ALL.into_iter().enumerate().map(cost).collect()
}

/// A count of one year, with the number expected in that year.
fn volume(one: &ExactRow, answers: AnswerCounts, benchmarks: &Benchmarks<'_>) -> Option<ExactRow> {
    let year = benchmarks.years.iter().find(|year| year.name() == one.period)?;
    let levels = one.group.as_ref().map_or(1, |(dimension, level)| benchmarks.levels.count(*dimension, level));
    let expected = year.part_of(benchmarks.volumes.of_group(volume_of(one.measure), &one.group)?) * levels;
    Some(ExactRow { figure: ExactFigure::Volume { people: answers.yes, expected }, ..one.clone() })
}

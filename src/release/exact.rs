//! Exact rows: every figure of the result before anything is withheld or rounded. Nothing here is published.

use super::benchmarks::Benchmarks;
use super::disclosure::{DisclosureProfile, Withheld};
use crate::counting::{AnswerCounts, PopulationCounts};
use crate::measures::volume::volume_of;
use crate::measures::{CountSource, Measure, MeasureKind, Question, SuppressionThreshold};
use crate::observations::claims::ClaimsByVerdict;
use crate::observations::person::GroupKey;
use crate::observations::spending::{FundingShare, Spending};
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
    /// The share expected, where the row is held against a target.
    pub(super) target: Option<ExpectedShare>,
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
    /// The denominator of the figure.
    fn denominator(&self) -> u64 {
        match self {
            Self::Count(counts) => counts.yes,
            Self::Share(counts) | Self::Change(counts) => counts.denominator(),
            Self::Weeks { weeks, .. } => weeks.iter().sum(),
            Self::Claims(claims) => claims.all(),
            Self::Volume { people, .. } => *people,
            Self::Cost { funded, .. } => *funded,
        }
    }

    /// The numerators: the parts of the denominator that are counted.
    fn numerators(&self) -> Vec<u64> {
        match self {
            Self::Count(counts) | Self::Share(counts) => vec![counts.yes],
            Self::Change(counts) => vec![counts.yes, counts.lost],
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
}

impl ExactRow {
    /// The reason for primary suppression of the row; `None` where there is none.
    pub(super) fn withheld(&self, profile: DisclosureProfile) -> Option<Withheld> {
        let denominator = self.figure.denominator();
        let numerators = match self.measure.threshold {
            SuppressionThreshold::Group => Vec::new(),
            SuppressionThreshold::InAndOut => self.figure.numerators(),
        };
        let of_parts = || numerators.into_iter().find_map(|numerator| profile.withholds(numerator, denominator));
        profile.withholds_group(denominator).or_else(of_parts)
    }

    /// The sort key by which the smallest row of a table is found.
    pub(super) fn size(&self) -> (u64, u64) {
        let denominator = self.figure.denominator();
        (self.figure.numerators().first().copied().unwrap_or(denominator), denominator)
    }

    /// Whether the row is for everyone or counts somebody. A level that counts nobody is left out.
    fn says_anything(&self) -> bool {
        self.group.is_none()
            || 0 < self.figure.denominator()
            || self.figure.not_observed().is_some_and(|count| 0 < count)
    }
}

/// The exact rows of measures, in the order of the measures, then of period and group; rows against targets come last.
pub(super) fn exact_rows(
    measures: &'static [Measure],
    counts: &PopulationCounts,
    questions: &[(&'static Measure, Question)],
    benchmarks: &Benchmarks<'_>,
    profile: DisclosureProfile,
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
            target: None,
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
                                let one = one(ExactFigure::Share(answers));
                                all.extend(costs(&one, answers, benchmarks.spending, profile));
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
            CountSource::Claims => all.extend(
                benchmarks
                    .claims
                    .iter()
                    .map(|((outcome, group), claims)| row(0, outcome, group, ExactFigure::Claims(*claims))),
            ),
            // These are copies of rows of other measures.
            CountSource::Targets(_) | CountSource::Baselines(_) => {}
        }
    }
    let targets: Vec<ExactRow> =
        measures.iter().flat_map(|measure| against_targets(measure, &all, benchmarks)).collect();
    all.extend(targets);
    all.retain(ExactRow::says_anything);
    all
}

/// Copies the rows for everyone whose outcomes have a target.
fn against_targets(measure: &'static Measure, all: &[ExactRow], benchmarks: &Benchmarks<'_>) -> Vec<ExactRow> {
    let CountSource::Targets(of) = measure.counts else { return Vec::new() };
    let targets = benchmarks.targets.iter().enumerate().filter_map(|(place, target)| {
        let is_reached = |row: &&ExactRow| row.measure == of && row.period == target.outcome && row.group.is_none();
        let reached = all.iter().find(is_reached)?;
        Some(ExactRow { measure, place, target: Some(target.share), ..reached.clone() })
    });
    targets.collect()
}

/// The unit costs of one count, one for each funding share.
fn costs(
    one: &ExactRow,
    answers: AnswerCounts,
    spending: Option<&Spending>,
    profile: DisclosureProfile,
) -> Vec<ExactRow> {
    let funded = answers.denominator() + answers.not_observed;
    let Some(spent) = spending.and_then(|spending| spending.of(&one.group, profile.rounded(funded))) else {
        return Vec::new();
    };
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
    let expected = year.part_of(benchmarks.volumes.of_group(volume_of(one.measure), &one.group)?);
    Some(ExactRow { figure: ExactFigure::Volume { people: answers.yes, expected }, ..one.clone() })
}

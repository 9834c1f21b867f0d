//! What released pages and books say beside the rows: nothing that is counted.

use std::collections::BTreeMap;

use super::RatesRequest;
use super::figures::RatesFigures;
use crate::measures::{Measure, demand, first_earnings, job_start, outcome};
use crate::observations::person::Dimension;
use crate::observations::volumes::Volumes;
use crate::release::disclosure::{DisclosureProfile, WITHHELD};
use crate::release::{RatesRow, WithoutRows};
use crate::scheme::Scheme;
use crate::statistics::percent;

/// What is known of a result without its rows. Released files are made of this and of published rows alone, so that none can tell
/// what a table withholds.
pub(super) struct PublicContext<'a> {
    pub(super) scheme: &'a Scheme,
    /// The heading of every file.
    pub(super) title: String,
    pub(super) profile: &'a DisclosureProfile,
    pub(super) by: &'a [Dimension],
    /// Whether every start is counted; otherwise each person is counted once.
    pub(super) each_start: bool,
    /// The first and the last day observed of everyone.
    pub(super) observed: (String, String),
    /// Days in between that the extract cannot speak for, in words.
    pub(super) unobserved: Vec<String>,
    /// How many people are expected in a year.
    pub(super) volumes: Volumes,
}

impl<'a> PublicContext<'a> {
    /// What of a result may be said beside its rows.
    pub(super) fn of(request: &'a RatesRequest, figures: &RatesFigures) -> Self {
        let observed = &figures.scope.observed;
        Self {
            scheme: &request.scheme,
            title: format!("Employment rates: {}", request.scheme.title),
            profile: &request.profile,
            by: &request.by,
            each_start: request.each_start,
            observed: (observed.from.to_string(), observed.to.to_string()),
            unobserved: figures
                .extract_days
                .unobserved
                .iter()
                .map(|run| format!("{} to {}", run.from, run.to))
                .collect(),
            volumes: Volumes::of(&request.scheme),
        }
    }

    /// What is counted, in a sentence.
    pub(super) const fn counted(&self) -> &'static str {
        if self.each_start { "Every start is counted." } else { "People are counted once, at their first start." }
    }
}

/// What payroll records cannot show, for whoever reads rates made of them.
pub(super) const CANNOT_BE_SEEN: &str = "Payroll records do not show self-employment, benefits, education or training, nor the hours \
                                         that were worked: bands of contracted hours stand for them.";

/// What a before-and-after difference does not show.
pub(super) const NO_EFFECT: &str = "A difference between before and after is not the effect of the programme: people come to it when \
                                    they look for work, and some would have found it without.";

/// How many rows of a table are withheld, in words.
pub(super) fn withheld_in_words(rows: &[&RatesRow]) -> String {
    let withheld = rows.iter().filter(|row| row.withheld.is_some()).count();
    match withheld {
        0 => "Nothing of this table is withheld.".to_owned(),
        1 => "One row of this table is withheld.".to_owned(),
        more => format!("{more} of {} rows of this table are withheld.", rows.len()),
    }
}

/// The levels that have no rows, two sentences for each set of levels: the measures that lack the same levels are named together.
pub(super) fn without_rows_in_words(without: &[&WithoutRows]) -> Vec<String> {
    let mut measures: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for one in without {
        measures.entry(no_rows_of(one)).or_default().push(one.measure.title);
    }
    measures.into_iter().map(|(says, measures)| format!("{says} Measures: {}.", measures.join("; "))).collect()
}

/// The levels that a measure has no rows of, in a sentence. Which of them have nobody is not told.
pub(super) fn no_rows_of(without: &WithoutRows) -> String {
    let dimension = without.dimension.name().replace('_', " ");
    format!(
        "Levels of {dimension} without rows, because they have nobody or too few people: {}.",
        without.levels.join("; ")
    )
}

/// The rates that a reader looks for first, a sentence each, as far as they are published.
pub(super) fn headlines(rows: &[RatesRow]) -> Vec<String> {
    const FIRST: [Measure; 5] = [
        demand::STARTED,
        first_earnings::FIRST_EARNINGS_MATURED,
        job_start::JOB_START_MATURED,
        outcome::OUTCOME_BY_EVIDENCE_MATURED,
        outcome::OUTCOME_BY_CLAIM,
    ];
    rows.iter().filter(|row| row.group == "all" && FIRST.contains(row.measure)).map(headline).collect()
}

fn headline(row: &RatesRow) -> String {
    let what = [row.measure.title, &row.period].join(" ").trim().to_owned();
    let figures = row.numerator.zip(row.denominator).zip(row.rate).zip(row.lower.zip(row.upper));
    match figures {
        _ if row.withheld.is_some() => format!("{what}: {WITHHELD}"),
        Some((((counted, of), rate), (lower, upper))) => {
            let [rate, lower, upper] = [rate, lower, upper].map(percent);
            format!("{what}: {rate} ({lower} to {upper}), {counted} of {of} {}", row.denominator_unit.name())
        }
        None => format!("{what}: nobody is observed"),
    }
}

//! Exact rows as they may be published: withheld or rounded, and only then made into rates.

use super::disclosure::{DisclosureProfile, Withheld};
use super::exact::{ExactFigure, ExactRow};
use super::row::{Note, RatesRow, TargetComparison};
use crate::statistics::{self, wilson};

/// The published rows of an exact one: several for weeks in work, else one.
pub(super) fn published(exact: &ExactRow, profile: DisclosureProfile, withheld: Option<Withheld>) -> Vec<RatesRow> {
    let (group, level) = match &exact.group {
        None => ("all", "all".to_owned()),
        Some((dimension, level)) => (dimension.name(), level.clone()),
    };
    let empty = RatesRow {
        measure: exact.measure,
        period: exact.period.clone(),
        group,
        level,
        numerator: None,
        denominator: None,
        not_observed: exact.figure.not_observed().and_then(|count| profile.published(count)),
        rate: None,
        lower: None,
        upper: None,
        lower_bound: None,
        upper_bound: None,
        withheld,
        note: None,
    };
    if withheld.is_some() {
        return match &exact.figure {
            ExactFigure::Weeks { .. } => {
                WEEKS.iter().map(|(name, _)| RatesRow { period: (*name).into(), ..empty.clone() }).collect()
            }
            ExactFigure::Count(_)
            | ExactFigure::Share(_)
            | ExactFigure::Change(_)
            | ExactFigure::Claims(_)
            | ExactFigure::Volume { .. }
            | ExactFigure::Cost { .. } => vec![empty],
        };
    }
    let rounded = |count: u64| profile.rounded(count);
    match &exact.figure {
        ExactFigure::Count(counts) => {
            vec![RatesRow { numerator: Some(rounded(counts.yes)), ..empty }]
        }
        ExactFigure::Change(counts) => {
            let (gained, lost, people) = (rounded(counts.yes), rounded(counts.lost), rounded(counts.denominator()));
            let note = Some(Note::Moved { gained, lost });
            let row = RatesRow { numerator: Some(gained), denominator: Some(people), note, ..empty };
            vec![row.with(statistics::paired(gained, lost, people))]
        }
        ExactFigure::Share(counts) => {
            let (numerator, denominator) = (rounded(counts.yes), rounded(counts.denominator()));
            let share = wilson(numerator, denominator);
            let note = exact.target.map(|target| Note::Target(TargetComparison::of(share, target)));
            vec![RatesRow { numerator: Some(numerator), denominator: Some(denominator), note, ..empty }.with(share)]
        }
        ExactFigure::Claims(claims) => {
            let all = rounded(claims.all());
            let (validated, possible) = (rounded(claims.validated), rounded(claims.all() - claims.rejected));
            let row = RatesRow {
                numerator: Some(validated),
                denominator: Some(all),
                lower_bound: statistics::share(validated, all),
                upper_bound: statistics::share(possible.min(all), all),
                ..empty
            };
            vec![row.with(wilson(validated, all))]
        }
        ExactFigure::Volume { people, expected } => {
            let people = rounded(*people);
            let rate = statistics::share(people, *expected);
            vec![RatesRow { numerator: Some(people), denominator: Some(*expected), rate, ..empty }]
        }
        ExactFigure::Cost { pence, bought, .. } => {
            let bought = rounded(*bought);
            let rate = statistics::pounds_each(*pence, bought);
            vec![RatesRow { numerator: Some(*pence), denominator: Some(bought), rate, ..empty }]
        }
        ExactFigure::Weeks { weeks, .. } => {
            let people = rounded(weeks.iter().sum());
            let figure = |quantile: Option<u64>| match quantile {
                None => statistics::mean(weeks),
                Some(share) => statistics::quantile(weeks, share).and_then(|weeks| statistics::share(weeks, 1)),
            };
            let row = |(name, quantile): &(&str, Option<u64>)| RatesRow {
                period: (*name).into(),
                denominator: Some(people),
                rate: figure(*quantile),
                ..empty.clone()
            };
            WEEKS.iter().map(row).collect()
        }
    }
}

/// The statistics of weeks in work; quantiles in hundredths.
const WEEKS: [(&str, Option<u64>); 4] =
    [("mean", None), ("lower_quartile", Some(25)), ("median", Some(50)), ("upper_quartile", Some(75))];

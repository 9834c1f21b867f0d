//! Exact rows as they may be published: withheld or rounded.
//!
//! A rate is the share of the rounded numbers beside it. Its interval is the hull of the intervals over all counts that are
//! rounded to those numbers: it covers as the interval of the exact counts does, and tells nothing that the numbers do not.
//! Whether a target is met, and where a group stands in a funnel, is decided in exact counts.

use super::disclosure::DisclosureProfile;
use super::exact::{ExactFigure, ExactRow, Expected};
use super::hull;
use super::row::{Note, RatesRow, TargetComparison, Unit};
use super::suppress::Decision;
use crate::counting::AnswerCounts;
use crate::measures::{SuppressionThreshold, demand, volume};
use crate::observations::claims::ClaimsByVerdict;
use crate::statistics::{self, wilson};

/// The published rows of an exact one: several for weeks in work, else one.
pub(super) fn published(exact: &ExactRow, profile: &DisclosureProfile, decision: Decision) -> Vec<RatesRow> {
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
        numerator_unit: units(exact).0,
        denominator: None,
        denominator_unit: units(exact).1,
        not_observed: None,
        rate: None,
        lower: None,
        upper: None,
        lower_bound: None,
        upper_bound: None,
        withheld: decision.withheld,
        note: None,
        standing: None,
    };
    if decision.withheld.is_some() {
        return withheld(exact, profile, decision, empty);
    }
    match &exact.figure {
        ExactFigure::Count(counts) => vec![RatesRow { numerator: signed(profile.rounded(counts.yes)), ..empty }],
        ExactFigure::Change(counts) => vec![change(counts, profile, empty)],
        ExactFigure::Share(counts) => {
            let (counted, of) = (counts.yes, counts.denominator());
            let note = exact.expected.map(|expected| match expected {
                Expected::Target(share) => Note::Target(TargetComparison::of(wilson(counted, of), share)),
                Expected::Baseline(share) => Note::Baseline(TargetComparison::of(wilson(counted, of), share)),
            });
            vec![share(counted, of, profile, RatesRow { note, ..empty })]
        }
        ExactFigure::Claims(claims) => vec![by_claim(*claims, profile, empty)],
        ExactFigure::Volume { people, expected } => {
            let people = profile.rounded(*people);
            let rate = statistics::share(people, *expected);
            vec![RatesRow { numerator: signed(people), denominator: Some(*expected), rate, ..empty }]
        }
        ExactFigure::Cost { pence, bought, .. } => vec![cost(*pence, *bought, profile, empty)],
        ExactFigure::Weeks { weeks, .. } => weeks_in_work(weeks, profile, &empty),
    }
}

/// A row that is withheld, with what of it is told elsewhere.
fn withheld(exact: &ExactRow, profile: &DisclosureProfile, decision: Decision, empty: RatesRow) -> Vec<RatesRow> {
    let people = profile.rounded(exact.figure.denominator());
    let denominator = match &exact.figure {
        ExactFigure::Weeks { .. } => {
            let denominator = decision.shows_denominator.then_some(people);
            let row = |(name, _): &(&str, _)| RatesRow { period: (*name).into(), denominator, ..empty.clone() };
            return WEEKS.iter().map(row).collect();
        }
        ExactFigure::Volume { expected, .. } => Some(*expected),
        ExactFigure::Share(_) | ExactFigure::Change(_) | ExactFigure::Claims(_) => {
            decision.shows_denominator.then_some(people)
        }
        ExactFigure::Count(_) | ExactFigure::Cost { .. } => None,
    };
    let numerator = match &exact.figure {
        ExactFigure::Share(counts) if decision.shows_numerator && (counts.yes == 0 || denominator.is_some()) => {
            signed(profile.rounded(counts.yes))
        }
        ExactFigure::Share(_)
        | ExactFigure::Count(_)
        | ExactFigure::Change(_)
        | ExactFigure::Weeks { .. }
        | ExactFigure::Claims(_)
        | ExactFigure::Volume { .. }
        | ExactFigure::Cost { .. } => None,
    };
    vec![RatesRow { numerator, denominator, ..empty }]
}

/// A share with the hull of its intervals.
fn share(counted: u64, of: u64, profile: &DisclosureProfile, empty: RatesRow) -> RatesRow {
    let (numerator, denominator) = (profile.rounded(counted), profile.rounded(of));
    // Few who are not counted are withheld, so that equal numbers are everybody; not so where taking part is counted.
    let is_all = numerator == denominator
        && (empty.measure.threshold == SuppressionThreshold::InAndOut || !profile.is_for_release());
    let row = RatesRow { numerator: signed(numerator), denominator: Some(denominator), ..empty };
    row.with(hull::of_share(numerator, denominator, is_all, profile))
}

/// A change among the same people: how many more are employed after than before.
fn change(counts: &AnswerCounts, profile: &DisclosureProfile, empty: RatesRow) -> RatesRow {
    let (before, after) = counts.before_and_after();
    let people = counts.denominator();
    let [before, after, people] = [before, after, people].map(|count| profile.rounded(count));
    let more = i64::try_from(after).unwrap_or(i64::MAX).saturating_sub_unsigned(before);
    // Those who gained and those who lost are told only where both are enough.
    let is_told = !profile.is_small(counts.yes, people) && !profile.is_small(counts.lost, people);
    let moved = is_told.then(|| (profile.rounded(counts.yes), profile.rounded(counts.lost)));
    let note = Some(Note::Moved { before, after, moved });
    let row = RatesRow { numerator: Some(more), denominator: Some(people), note, ..empty };
    row.with(hull::of_change(before, after, people, moved, profile))
}

/// Claims, with what the rate would be as queries fall.
fn by_claim(claims: ClaimsByVerdict, profile: &DisclosureProfile, empty: RatesRow) -> RatesRow {
    let all = profile.rounded(claims.all());
    let (validated, possible) = (profile.rounded(claims.validated), profile.rounded(claims.validated + claims.queried));
    let row = RatesRow {
        lower_bound: statistics::share(validated.min(all), all),
        upper_bound: statistics::share(possible.min(all), all),
        ..empty
    };
    share(claims.validated, claims.all(), profile, row)
}

/// Pounds for each: the published pounds over the published number, with what it would be for the most and the fewest people
/// that number stands for.
fn cost(pence: u64, bought: u64, profile: &DisclosureProfile, empty: RatesRow) -> RatesRow {
    let (pounds, people) = (profile.rounded_pounds(pence), profile.rounded(bought));
    let row = RatesRow { numerator: signed(pounds), denominator: Some(people), ..empty };
    if profile.unit_cost_base == 0 {
        return RatesRow { rate: statistics::pounds_each(pence, bought), ..row };
    }
    let (fewest, most) = profile.counts_published_as(people);
    let each = |people| statistics::pounds_each_to(pounds, people, profile.unit_cost_base);
    RatesRow { rate: each(people), lower: each(most), upper: each(fewest), ..row }
}

/// The statistics of weeks in work: a mean to one decimal place, and quartiles where enough people are counted.
fn weeks_in_work(weeks: &[u64], profile: &DisclosureProfile, empty: &RatesRow) -> Vec<RatesRow> {
    let people: u64 = weeks.iter().sum();
    let row = |(name, quantile): &(&str, Option<u64>)| {
        let rate = match quantile {
            None if 0 < profile.safe_threshold => statistics::mean(weeks).map(statistics::to_one_place),
            None => statistics::mean(weeks),
            Some(_) if people < profile.quartiles_from => None,
            Some(share) => statistics::quantile(weeks, *share).and_then(|weeks| statistics::share(weeks, 1)),
        };
        let note = (rate.is_none() && 0 < people).then_some(Note::FewerThan(profile.quartiles_from));
        RatesRow { period: (*name).into(), denominator: Some(profile.rounded(people)), rate, note, ..empty.clone() }
    };
    WEEKS.iter().map(row).collect()
}

/// What the numerator and the denominator count.
fn units(exact: &ExactRow) -> (Unit, Unit) {
    let is_of_rows = [demand::REFERRALS, volume::REFERRALS_OF_VOLUME].contains(exact.measure);
    let counted = if is_of_rows { Unit::Referrals } else { Unit::People };
    match exact.figure {
        ExactFigure::Count(_) => (counted, Unit::None),
        ExactFigure::Share(_) | ExactFigure::Change(_) => (Unit::People, Unit::People),
        ExactFigure::Weeks { .. } => (Unit::None, Unit::People),
        ExactFigure::Claims(_) => (Unit::Claims, Unit::Claims),
        ExactFigure::Volume { .. } => (counted, Unit::Expected),
        ExactFigure::Cost { .. } => (Unit::Pounds, Unit::People),
    }
}

fn signed(count: u64) -> Option<i64> {
    i64::try_from(count).ok()
}

/// The statistics of weeks in work; quantiles in hundredths.
const WEEKS: [(&str, Option<u64>); 4] =
    [("mean", None), ("lower_quartile", Some(25)), ("median", Some(50)), ("upper_quartile", Some(75))];

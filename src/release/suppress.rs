//! Suppression: withholds rows with small counts, rows that count the same people, and further rows, so that what is withheld
//! cannot be worked out.
//!
//! A row is withheld for its own small counts first. The rows of a level that count nearly the same people (its family) are
//! withheld together, whatever their period. Where levels, or months, add up to a row that is published, what is withheld of them
//! is two or more, has at least the threshold together, and is not a set of small counts that nearly fill their sum. The smallest
//! level that helps is withheld too until that is so; where none is left the sum itself is. All dimensions are decided on, whether
//! they are asked for or not, so that two results of the same people withhold the same.

use super::disclosure::{DisclosureProfile, Withheld};
use super::exact::ExactRow;
use super::related::{RelatedRows, Sum};
use crate::observations::levels::PublishedLevels;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    /// Why the row is withheld; `None` where it is published.
    pub(super) withheld: Option<Withheld>,
    /// Whether a row that is withheld shows how many people it is of.
    pub(super) shows_denominator: bool,
    /// Whether a row that is withheld shows its numerator: a published sum of nobody or everybody tells it anyway.
    pub(super) shows_numerator: bool,
}

/// Decides on every row.
pub(super) fn decisions(exact: &[ExactRow], levels: &PublishedLevels, profile: &DisclosureProfile) -> Vec<Decision> {
    let rows = RelatedRows::of(exact, levels);
    let hidden = hidden_denominators(&rows, profile);
    let mut withheld: Vec<Option<Withheld>> = exact
        .iter()
        .zip(&hidden)
        .map(|(row, hidden)| {
            let everyone = row.group.as_ref().and_then(|_| rows.find(row.measure, &row.period, &None));
            let own = row.withheld(everyone.and_then(|index| exact.get(index)), profile);
            own.or(hidden.then_some(Withheld::ToProtectAnother))
        })
        .collect();
    loop {
        let before = withheld.clone();
        follow_repeated(&rows, &mut withheld);
        hold_families_together(&rows, &mut withheld);
        for sum in &rows.sums {
            protect(&rows, sum, &mut withheld, profile);
        }
        if withheld == before {
            break;
        }
    }
    let is_withheld = |index: usize| withheld.get(index).is_some_and(Option::is_some);
    // The people of one family differ by few: where some of its numbers of people are hidden, all are.
    let is_hidden =
        |index: usize, row: &ExactRow| rows.family(index, row).iter().any(|index| hidden.get(*index) == Some(&true));
    let decide = |(index, row): (usize, &ExactRow)| Decision {
        withheld: withheld.get(index).copied().flatten(),
        shows_denominator: row.figure.has_population()
            && !profile.is_small_group(row.figure.denominator())
            && !is_hidden(index, row)
            && !rows.as_denominator(row).any(is_withheld),
        shows_numerator: rows.is_told(index, &is_withheld),
    };
    exact.iter().enumerate().map(decide).collect()
}

/// Withholds a row, and with a row of a level its family.
fn withhold(rows: &RelatedRows<'_>, index: usize, withheld: &mut [Option<Withheld>]) {
    let Some(row) = rows.row(index) else { return };
    for index in rows.family(index, row) {
        let tells_of_somebody = rows.row(index).is_some_and(|row| 0 < row.figure.denominator());
        if let Some(place) = withheld.get_mut(index).filter(|place| place.is_none() && tells_of_somebody) {
            *place = Some(Withheld::ToProtectAnother);
        }
    }
}

fn follow_repeated(rows: &RelatedRows<'_>, withheld: &mut [Option<Withheld>]) {
    for (index, row) in rows.exact.iter().enumerate() {
        let is_withheld = |index: usize| withheld.get(index).is_some_and(Option::is_some);
        if !is_withheld(index) && rows.repeated(row).into_iter().any(is_withheld) {
            withhold(rows, index, withheld);
        }
    }
}

fn hold_families_together(rows: &RelatedRows<'_>, withheld: &mut [Option<Withheld>]) {
    for family in rows.families.values() {
        let first = family.iter().find(|index| withheld.get(**index).is_some_and(Option::is_some));
        if let Some(first) = first {
            withhold(rows, *first, withheld);
        }
    }
}

/// Withholds more of a sum until what is withheld cannot be worked out from what is published.
fn protect(rows: &RelatedRows<'_>, sum: &Sum, withheld: &mut [Option<Withheld>], profile: &DisclosureProfile) {
    loop {
        let is_withheld = |index: &usize| withheld.get(*index).is_some_and(Option::is_some);
        let hidden: Vec<usize> = sum.parts.iter().copied().filter(is_withheld).collect();
        let total_is_hidden = is_withheld(&sum.total);
        // Parts of nobody hide nothing.
        let is_of_somebody = |index: &usize| rows.row(*index).is_some_and(|row| 0 < row.figure.denominator());
        let some: Vec<usize> = hidden.iter().copied().filter(is_of_somebody).collect();
        let lacking = if total_is_hidden {
            some.is_empty().then_some(None)
        } else if some.is_empty() {
            None
        } else {
            let counts: Vec<Vec<u64>> = some.iter().map(|index| rows.counts(*index)).collect();
            let first = (0..rows.counts(sum.total).len()).find(|place| {
                let of_place: Vec<u64> = counts.iter().filter_map(|counts| counts.get(*place).copied()).collect();
                0 < rows.counts(sum.total).get(*place).copied().unwrap_or(0) && !is_safe(&of_place, profile)
            });
            first.map(Some)
        };
        let Some(place) = lacking else { return };
        let helps = |index: &&usize| {
            let counts = rows.counts(**index);
            !is_withheld(index)
                && is_of_somebody(index)
                && place.is_none_or(|place| 0 < counts.get(place).copied().unwrap_or(0))
        };
        let size = |index: &&usize| {
            let row = rows.row(**index);
            let people = row.and_then(|row| rows.people.get(&row.group)).copied();
            let people = people.filter(|_| row.is_some_and(|row| row.group.is_some()));
            (people.or_else(|| row.map(|row| row.figure.denominator())), **index)
        };
        let next = sum.parts.iter().filter(helps).min_by_key(size).copied();
        let Some(next) = next.or_else(|| (!total_is_hidden).then_some(sum.total)) else { return };
        withhold(rows, next, withheld);
        if withheld.get(next).is_none_or(Option::is_none) {
            return;
        }
    }
}

/// Whether counts that are withheld cannot be worked out from their sum: they are two or more, they have at least the threshold
/// together, and they are not small ones that nearly fill what small ones can add up to.
fn is_safe(counts: &[u64], profile: &DisclosureProfile) -> bool {
    let threshold = profile.safe_threshold;
    let sum: u64 = counts.iter().sum();
    let most_of_small = threshold.saturating_sub(1) * crate::domain::count_of(counts.len());
    let all_are_small = counts.iter().all(|count| *count < threshold);
    let nearly_fills = most_of_small < sum + threshold / 2;
    1 < counts.len() && threshold <= sum && !(all_are_small && nearly_fills)
}

/// Which rows do not show how many people they are of, by these numbers alone: figures of the same people hide the same.
fn hidden_denominators(rows: &RelatedRows<'_>, profile: &DisclosureProfile) -> Vec<bool> {
    let people = |index: usize| rows.row(index).map_or(0, |row| row.figure.denominator());
    let mut hidden: Vec<bool> = rows.exact.iter().map(|row| profile.is_small_group(row.figure.denominator())).collect();
    for sum in &rows.sums {
        let is_level =
            |index: &usize| rows.row(*index).is_some_and(|row| row.group.is_some() && row.figure.has_population());
        if !sum.parts.iter().all(is_level) || hidden.get(sum.total) == Some(&true) {
            continue;
        }
        let mut in_order: Vec<usize> = sum.parts.iter().copied().filter(|index| 0 < people(*index)).collect();
        in_order.sort_by_key(|index| (hidden.get(*index) != Some(&true), people(*index), *index));
        let small = in_order.iter().filter(|index| hidden.get(**index) == Some(&true)).count();
        if small == 0 {
            continue;
        }
        let enough = (small..=in_order.len()).find(|first| {
            let counts: Vec<u64> = in_order.iter().take(*first).map(|index| people(*index)).collect();
            is_safe(&counts, profile)
        });
        for index in in_order.iter().take(enough.unwrap_or(in_order.len())) {
            if let Some(place) = hidden.get_mut(*index) {
                *place = true;
            }
        }
    }
    hidden
}

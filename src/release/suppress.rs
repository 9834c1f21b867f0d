//! Suppression: withholds rows with small counts, rows that count the same people, and further rows, so that what is withheld
//! cannot be worked out.
//!
//! A row is withheld for its own small counts first. The rows of a level that count nearly the same people (its family) are
//! withheld together, whatever their period. Where levels, or months, add up to a row that is published, what is withheld of them
//! is two or more, has at least the threshold together, and is not a set of small counts that nearly fill their sum. The smallest
//! level that helps is withheld too until that is so; where none is left the sum itself is. All dimensions are decided on, whether
//! they are asked for or not, so that two results of the same people withhold the same.

use std::collections::{BTreeMap, BTreeSet};

use super::disclosure::{DisclosureProfile, Withheld};
use super::exact::ExactRow;
use crate::measures::{CountSource, Family, Measure, Repeats, demand};
use crate::observations::levels::PublishedLevels;
use crate::observations::person::{Dimension, GroupKey};

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

/// Rows that add up to another.
struct Sum {
    total: usize,
    parts: Vec<usize>,
}

/// Decides on every row.
pub(super) fn decisions(exact: &[ExactRow], levels: &PublishedLevels, profile: &DisclosureProfile) -> Vec<Decision> {
    let rows = Rows::of(exact, levels);
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

/// Exact rows, with what adds up to what and what counts the same.
struct Rows<'a> {
    exact: &'a [ExactRow],
    places: BTreeMap<(&'static str, &'a str, &'a GroupKey), usize>,
    /// The rows of each family and level.
    families: BTreeMap<(Family, &'a str, &'a GroupKey), Vec<usize>>,
    sums: Vec<Sum>,
    /// For each row the sums it is a part of.
    sums_of: BTreeMap<usize, Vec<usize>>,
    /// How many people each group has in the register.
    people: BTreeMap<&'a GroupKey, u64>,
}

impl<'a> Rows<'a> {
    fn of(exact: &'a [ExactRow], levels: &PublishedLevels) -> Self {
        let mut places = BTreeMap::new();
        let mut families: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        let mut people = BTreeMap::new();
        for (index, row) in exact.iter().enumerate() {
            places.insert((row.measure.name, row.period.as_str(), &row.group), index);
            if row.group.is_some() {
                let (family, period) = row.family();
                families.entry((family, period, &row.group)).or_default().push(index);
            }
            if *row.measure == demand::REFERRED {
                people.insert(&row.group, row.figure.denominator());
            }
        }
        let mut rows = Self { exact, places, families, sums: Vec::new(), sums_of: BTreeMap::new(), people };
        rows.sums = rows.sums(levels);
        for (number, sum) in rows.sums.iter().enumerate() {
            for part in &sum.parts {
                rows.sums_of.entry(*part).or_default().push(number);
            }
        }
        rows
    }

    fn find(&self, measure: &Measure, period: &'a str, group: &'a GroupKey) -> Option<usize> {
        self.places.get(&(measure.name, period, group)).copied()
    }

    fn row(&self, index: usize) -> Option<&'a ExactRow> {
        self.exact.get(index)
    }

    /// Everyone is the sum of the levels of each dimension; a level is the sum of those nested in it; starts are the sum of the starts
    /// in each month.
    fn sums(&self, levels: &PublishedLevels) -> Vec<Sum> {
        let mut parts: BTreeMap<(&str, usize, Option<Dimension>, GroupKey), Vec<usize>> = BTreeMap::new();
        for (index, row) in self.exact.iter().enumerate() {
            let Some((dimension, _)) = &row.group else { continue };
            let wholes: BTreeSet<GroupKey> = [None, levels.whole_of(&row.group)].into_iter().collect();
            for whole in wholes {
                parts.entry((row.measure.name, row.place, Some(*dimension), whole)).or_default().push(index);
            }
        }
        let totals: BTreeMap<(&str, usize, GroupKey), usize> = (0..)
            .zip(self.exact)
            .map(|(index, row)| ((row.measure.name, row.place, row.group.clone()), index))
            .collect();
        let of_levels = parts.into_iter().filter_map(|((measure, place, _, whole), parts)| {
            Some(Sum { total: *totals.get(&(measure, place, whole))?, parts })
        });
        let mut sums: Vec<Sum> = of_levels.collect();
        let of_months = |(index, row): (usize, &ExactRow)| (*row.measure == demand::STARTS_IN_MONTH).then_some(index);
        let months: Vec<usize> = self.exact.iter().enumerate().filter_map(of_months).collect();
        sums.extend(self.find(&demand::STARTED, "", &None).map(|total| Sum { total, parts: months }));
        sums
    }

    /// The counts of a row that add up to those of the total. Starts in a month add up to the numerator of those who started.
    fn counts(&self, index: usize) -> Vec<u64> {
        let Some(row) = self.row(index) else { return Vec::new() };
        let mut counts = row.parts();
        if !row.figure.has_population() {
            counts.insert(0, row.figure.denominator());
        }
        counts
    }

    /// The rows of other measures that a row repeats, under the same group.
    fn repeated(&self, row: &'a ExactRow) -> Vec<usize> {
        let one =
            |of: &Measure, period: &'a str| -> Vec<usize> { self.find(of, period, &row.group).into_iter().collect() };
        match row.measure.repeats {
            Repeats::SamePeriod(of) | Repeats::AsDenominator(of) => one(of, &row.asked_period),
            Repeats::OnePeriod(of, period) => one(of, period),
            Repeats::AnyPeriod(of) => {
                let is_one = |(_, other): &(usize, &ExactRow)| other.measure == of && other.group == row.group;
                self.exact.iter().enumerate().filter(is_one).map(|(index, _)| index).collect()
            }
            Repeats::PublishedRows => match row.measure.counts {
                CountSource::Baselines(of) => of.iter().flat_map(|of| one(of, &row.asked_period)).collect(),
                CountSource::Questions(_)
                | CountSource::WeeksInWork
                | CountSource::Claims
                | CountSource::Targets(_) => Vec::new(),
            },
            Repeats::NotStated | Repeats::Nothing => Vec::new(),
        }
    }

    /// The rows whose numerator is the denominator of a row.
    fn as_denominator(&self, row: &'a ExactRow) -> impl Iterator<Item = usize> {
        let is_one = matches!(row.measure.repeats, Repeats::AsDenominator(_));
        self.repeated(row).into_iter().filter(move |_| is_one)
    }

    /// Whether a published sum tells the first count of a row: nobody or everybody of it is counted.
    fn is_told(&self, index: usize, is_withheld: &impl Fn(usize) -> bool) -> bool {
        let totals = self.sums_of.get(&index).into_iter().flatten().filter_map(|sum| self.sums.get(*sum));
        let mut published = totals.map(|sum| sum.total).filter(|total| !is_withheld(*total));
        published.any(|total| self.row(total).is_some_and(|row| row.parts().iter().take(2).any(|part| *part == 0)))
    }

    /// A row, and with a row of a level the others of its family.
    fn family(&self, index: usize, row: &'a ExactRow) -> Vec<usize> {
        let (family, period) = row.family();
        self.families.get(&(family, period, &row.group)).cloned().unwrap_or_else(|| vec![index])
    }

    /// Withholds a row, and with a row of a level its family.
    fn withhold(&self, index: usize, withheld: &mut [Option<Withheld>]) {
        let Some(row) = self.row(index) else { return };
        let rows = self.family(index, row);
        for index in rows {
            let tells_of_somebody = self.row(index).is_some_and(|row| 0 < row.figure.denominator());
            if let Some(place) = withheld.get_mut(index).filter(|place| place.is_none() && tells_of_somebody) {
                *place = Some(Withheld::ToProtectAnother);
            }
        }
    }
}

fn follow_repeated(rows: &Rows<'_>, withheld: &mut [Option<Withheld>]) {
    for (index, row) in rows.exact.iter().enumerate() {
        let is_withheld = |index: usize| withheld.get(index).is_some_and(Option::is_some);
        if !is_withheld(index) && rows.repeated(row).into_iter().any(is_withheld) {
            rows.withhold(index, withheld);
        }
    }
}

fn hold_families_together(rows: &Rows<'_>, withheld: &mut [Option<Withheld>]) {
    for family in rows.families.values() {
        let first = family.iter().find(|index| withheld.get(**index).is_some_and(Option::is_some));
        if let Some(first) = first {
            rows.withhold(*first, withheld);
        }
    }
}

/// Withholds more of a sum until what is withheld cannot be worked out from what is published.
fn protect(rows: &Rows<'_>, sum: &Sum, withheld: &mut [Option<Withheld>], profile: &DisclosureProfile) {
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
        rows.withhold(next, withheld);
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
fn hidden_denominators(rows: &Rows<'_>, profile: &DisclosureProfile) -> Vec<bool> {
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

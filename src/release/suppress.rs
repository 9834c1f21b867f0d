//! Suppression: withholds rows with small counts, rows that repeat them, and further rows, so that none is alone.

use std::collections::BTreeMap;

use super::disclosure::{DisclosureProfile, Withheld};
use super::exact::ExactRow;
use crate::measures::{Measure, Repeats};
use crate::observations::person::GroupKey;

/// The reason why each row is withheld; `None` where it is published. A row is withheld for its own small counts
/// (primary suppression). Where only one row is withheld among the levels of a table, or among the periods of a level,
/// the smallest other row is withheld too, until none is withheld alone (secondary suppression). A row that repeats
/// another is withheld with it.
pub(super) fn suppressed(exact: &[ExactRow], profile: DisclosureProfile) -> Vec<Option<Withheld>> {
    let mut withheld: Vec<Option<Withheld>> = exact.iter().map(|row| row.withheld(profile)).collect();
    let lines = lines(exact);
    let repeated = repeated(exact);
    loop {
        let mut changed = false;
        for (index, repeated) in repeated.iter().enumerate() {
            let follows = repeated.and_then(|repeated| withheld.get(repeated)).is_some_and(Option::is_some);
            if let Some(own) = withheld.get_mut(index).filter(|own| follows && own.is_none()) {
                *own = Some(Withheld::ToProtectAnother);
                changed = true;
            }
        }
        for line in &lines {
            let is_withheld = |index: &&usize| withheld.get(**index).is_some_and(Option::is_some);
            if line.iter().filter(is_withheld).count() != 1 {
                continue;
            }
            let others = line.iter().filter(|index| !is_withheld(index));
            let smallest = others.min_by_key(|index| (exact.get(**index).map(ExactRow::size), **index)).copied();
            if let Some(place) = smallest.and_then(|index| withheld.get_mut(index)) {
                *place = Some(Withheld::ToProtectAnother);
                changed = true;
            }
        }
        if !changed {
            return withheld;
        }
    }
}

/// Groups of rows, by index, that add up to a total: the levels of a dimension for a period, and the periods of a
/// level.
fn lines(exact: &[ExactRow]) -> Vec<Vec<usize>> {
    let mut lines: BTreeMap<(&str, Option<usize>, &str, Option<&GroupKey>), Vec<usize>> = BTreeMap::new();
    for (index, row) in exact.iter().enumerate() {
        let dimension = row.group.as_ref().map_or("all", |(dimension, _)| dimension.name());
        lines.entry((row.measure.name, Some(row.place), dimension, None)).or_default().push(index);
        lines.entry((row.measure.name, None, dimension, Some(&row.group))).or_default().push(index);
    }
    lines.into_values().filter(|line| 1 < line.len()).collect()
}

/// For each row the index of the row that it repeats, under the same group, if there is one.
fn repeated(exact: &[ExactRow]) -> Vec<Option<usize>> {
    let places: BTreeMap<(&str, &str, &GroupKey), usize> = exact
        .iter()
        .enumerate()
        .map(|(index, row)| ((row.measure.name, row.period.as_str(), &row.group), index))
        .collect();
    let repeated = |row: &ExactRow| {
        let (of, period): (&Measure, &str) = match row.measure.repeats {
            Repeats::SamePeriod(of) => (of, &row.asked_period),
            Repeats::OnePeriod(of, period) => (of, period),
            Repeats::NotStated | Repeats::Nothing | Repeats::PublishedRows => return None,
        };
        places.get(&(of.name, period, &row.group)).copied()
    };
    exact.iter().map(repeated).collect()
}

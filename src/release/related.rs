//! How exact rows hang together: which add up to which, which repeat the counts of others, and which are of one family.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::ExactRow;
use crate::measures::{CountSource, Family, Measure, Repeats, demand};
use crate::observations::levels::PublishedLevels;
use crate::observations::person::{Dimension, GroupKey};

/// Rows that add up to another.
pub(super) struct Sum {
    /// The row that the parts add up to.
    pub(super) total: usize,
    /// The rows that add up to it.
    pub(super) parts: Vec<usize>,
}

/// Exact rows, with what adds up to what and what counts the same.
pub(super) struct RelatedRows<'a> {
    /// The rows; all others are named by their places here.
    pub(super) exact: &'a [ExactRow],
    places: BTreeMap<(&'static str, &'a str, &'a GroupKey), usize>,
    /// The rows of each family and level.
    pub(super) families: BTreeMap<(Family, &'a str, &'a GroupKey), Vec<usize>>,
    /// What adds up to what.
    pub(super) sums: Vec<Sum>,
    /// For each row the sums it is a part of.
    sums_of: BTreeMap<usize, Vec<usize>>,
    /// How many people each group has in the register.
    pub(super) people: BTreeMap<&'a GroupKey, u64>,
}

impl<'a> RelatedRows<'a> {
    /// Relates rows to one another.
    pub(super) fn of(exact: &'a [ExactRow], levels: &PublishedLevels) -> Self {
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

    /// The row of a measure for a period and a group.
    pub(super) fn find(&self, measure: &Measure, period: &'a str, group: &'a GroupKey) -> Option<usize> {
        self.places.get(&(measure.name, period, group)).copied()
    }

    /// The row at a place.
    pub(super) fn row(&self, index: usize) -> Option<&'a ExactRow> {
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
    pub(super) fn counts(&self, index: usize) -> Vec<u64> {
        let Some(row) = self.row(index) else { return Vec::new() };
        let mut counts = row.parts();
        if !row.figure.has_population() {
            counts.insert(0, row.figure.denominator());
        }
        counts
    }

    /// The rows of other measures that a row repeats, under the same group.
    pub(super) fn repeated(&self, row: &'a ExactRow) -> Vec<usize> {
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
    pub(super) fn as_denominator(&self, row: &'a ExactRow) -> impl Iterator<Item = usize> {
        let is_one = matches!(row.measure.repeats, Repeats::AsDenominator(_));
        self.repeated(row).into_iter().filter(move |_| is_one)
    }

    /// Whether a published sum tells the first count of a row: nobody or everybody of it is counted.
    pub(super) fn is_told(&self, index: usize, is_withheld: &impl Fn(usize) -> bool) -> bool {
        let totals = self.sums_of.get(&index).into_iter().flatten().filter_map(|sum| self.sums.get(*sum));
        let mut published = totals.map(|sum| sum.total).filter(|total| !is_withheld(*total));
        published.any(|total| self.row(total).is_some_and(|row| row.parts().iter().take(2).any(|part| *part == 0)))
    }

    /// A row, and with a row of a level the others of its family.
    pub(super) fn family(&self, index: usize, row: &'a ExactRow) -> Vec<usize> {
        let (family, period) = row.family();
        self.families.get(&(family, period, &row.group)).cloned().unwrap_or_else(|| vec![index])
    }
}

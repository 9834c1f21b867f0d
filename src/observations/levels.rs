//! Under which level a person's level of a dimension is published: small levels are merged, once, before anything is counted.
//!
//! A level with few people would be withheld in almost every figure, and what is withheld could be worked out where it is not.
//! So each dimension is decided on once, and every figure, file and measure has the same levels.

use std::collections::{BTreeMap, BTreeSet};

use super::neighbours::merge_neighbours;
use super::person::{Dimension, GroupKey, Person};

/// The levels under which the levels of each dimension are published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublishedLevels {
    names: BTreeMap<(Dimension, String), String>,
    nested: Option<Nested>,
}

/// Two dimensions of which one is a part of the other: each provider has one contract, or each contract one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Nested {
    part: Dimension,
    whole: Dimension,
    /// The published level of the whole for each published level of the part.
    whole_of: BTreeMap<String, String>,
}

/// How many people a level has, and how many of them started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct LevelSize {
    people: u64,
    started: u64,
}

impl LevelSize {
    /// Too small to stand alone: few people, or few who started.
    fn is_small(self, threshold: u64) -> bool {
        self.people < threshold || (0 < self.started && self.started < threshold)
    }

    fn add(&mut self, other: Self) {
        self.people += other.people;
        self.started += other.started;
    }
}

impl PublishedLevels {
    /// Decides for each dimension which levels are merged: those with fewer people than the threshold, or fewer who started.
    /// Where what is merged is still below it, the next smallest level goes in too.
    pub fn of(people: &[Person], threshold: u64) -> Self {
        let mut names = BTreeMap::new();
        let nested = [(Dimension::Provider, Dimension::Contract), (Dimension::Contract, Dimension::Provider)]
            .into_iter()
            .find_map(|(part, whole)| Some((part, whole, whole_of_each(people, part, whole)?)));
        for dimension in Dimension::ALL {
            let sizes = sizes(people, dimension);
            if dimension == Dimension::StartQuarter {
                names.extend(
                    names_of_stretches(&sizes, threshold).into_iter().map(|(level, name)| ((dimension, level), name)),
                );
            } else if nested.as_ref().is_none_or(|(part, ..)| *part != dimension) {
                let merged = merged(&sizes, threshold);
                let name = other(merged.len(), "");
                names.extend(merged.into_iter().map(|level| ((dimension, level), name.clone())));
            }
        }
        let mut levels = Self { names, nested: None };
        if let Some((part, whole, whole_of)) = nested {
            levels.nest(part, whole, &whole_of, &sizes(people, part), threshold);
        }
        levels
    }

    /// Merges the parts of each whole among themselves; the parts of wholes that are merged become one level too.
    fn nest(
        &mut self,
        part: Dimension,
        whole: Dimension,
        whole_of: &BTreeMap<String, String>,
        sizes: &BTreeMap<String, LevelSize>,
        threshold: u64,
    ) {
        let mut parts: BTreeMap<(String, bool), BTreeMap<String, LevelSize>> = BTreeMap::new();
        for (level, of) in whole_of {
            let is_merged = self.names.contains_key(&(whole, of.clone()));
            let of = self.name(whole, of).to_owned();
            let size = sizes.get(level).copied().unwrap_or_default();
            parts.entry((of, is_merged)).or_default().insert(level.clone(), size);
        }
        let mut published = BTreeMap::new();
        for ((of, is_merged), sizes) in parts {
            let merged = if is_merged { sizes.keys().cloned().collect() } else { merged(&sizes, threshold) };
            let name = other(merged.len(), if is_merged { "" } else { of.as_str() });
            for level in sizes.keys() {
                let own = if merged.contains(level) { &name } else { level };
                published.insert(own.clone(), of.clone());
            }
            self.names.extend(merged.into_iter().map(|level| ((part, level), name.clone())));
        }
        self.nested = Some(Nested { part, whole, whole_of: published });
    }

    /// The level under which a level is published.
    pub fn name<'s>(&'s self, dimension: Dimension, level: &'s str) -> &'s str {
        self.names.get(&(dimension, level.to_owned())).map_or(level, String::as_str)
    }

    /// How many levels are published under this one.
    pub fn count(&self, dimension: Dimension, published: &str) -> u64 {
        let merged = self.names.iter().filter(|((of, _), name)| *of == dimension && *name == published).count();
        crate::domain::count_of(merged.max(1))
    }

    /// The group that a group is a part of: everyone, or the level of the dimension that its own is nested in.
    pub fn whole_of(&self, group: &GroupKey) -> GroupKey {
        let (dimension, level) = group.as_ref()?;
        let nested = self.nested.as_ref().filter(|nested| nested.part == *dimension)?;
        Some((nested.whole, nested.whole_of.get(level)?.clone()))
    }
}

/// The name of merged levels.
fn other(levels: usize, of: &str) -> String {
    if of.is_empty() { format!("other, {levels} levels") } else { format!("other, {levels} levels of {of}") }
}

/// The size of each level. Levels of further referrals have nobody who is not counted elsewhere.
fn sizes(people: &[Person], dimension: Dimension) -> BTreeMap<String, LevelSize> {
    let mut sizes: BTreeMap<String, LevelSize> = BTreeMap::new();
    for person in people {
        for row in person.referrals() {
            sizes.entry(row.level(dimension).unwrap_or_default().to_owned()).or_default();
        }
        let own = LevelSize { people: 1, started: u64::from(person.start.observed().is_some()) };
        if let Some(size) = person.level(dimension).and_then(|level| sizes.get_mut(level)) {
            size.add(own);
        }
    }
    sizes
}

/// The levels that become one.
fn merged(sizes: &BTreeMap<String, LevelSize>, threshold: u64) -> BTreeSet<String> {
    let mut in_order: Vec<(&String, LevelSize)> = sizes.iter().map(|(level, size)| (level, *size)).collect();
    in_order.sort_by_key(|(level, size)| (!size.is_small(threshold), size.people, *level));
    let mut levels = BTreeSet::new();
    let mut all = LevelSize::default();
    for (level, size) in in_order {
        let is_enough = levels.is_empty() || (1 < levels.len() && !all.is_small(threshold));
        if !size.is_small(threshold) && is_enough {
            break;
        }
        levels.insert(level.clone());
        all.add(size);
    }
    // A dimension with one level says nothing that the row for everyone does not say.
    if levels.len() < 2 { BTreeSet::new() } else { levels }
}

/// The name of each level that becomes part of a stretch of time: levels of time are merged with their neighbours.
fn names_of_stretches(sizes: &BTreeMap<String, LevelSize>, threshold: u64) -> BTreeMap<String, String> {
    let in_time = sizes.iter().map(|(level, size)| (level, *size));
    let mut names = BTreeMap::new();
    for stretch in merge_neighbours(in_time, |size| size.is_small(threshold), LevelSize::add) {
        if let [first, .., last] = stretch.as_slice() {
            let name = format!("{first} to {last}");
            names.extend(stretch.iter().map(|level| ((*level).clone(), name.clone())));
        }
    }
    names
}

/// The level of the whole for each level of the part, where each has one.
fn whole_of_each(people: &[Person], part: Dimension, whole: Dimension) -> Option<BTreeMap<String, String>> {
    let mut whole_of: BTreeMap<String, String> = BTreeMap::new();
    for row in people.iter().flat_map(Person::referrals) {
        let (part, whole) = (row.level(part)?, row.level(whole)?);
        match whole_of.get(part) {
            None => drop(whole_of.insert(part.to_owned(), whole.to_owned())),
            Some(known) if known == whole => {}
            Some(_) => return None,
        }
    }
    Some(whole_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Masked;
    use crate::evidence::PersonParticulars;
    use crate::observations::person::{ProgrammeStart, ReferralRow};

    fn sizes_of(levels: &[(&str, u64, u64)]) -> BTreeMap<String, LevelSize> {
        levels
            .iter()
            .map(|(level, people, started)| ((*level).to_owned(), LevelSize { people: *people, started: *started }))
            .collect()
    }

    fn merged_of(levels: &[(&str, u64, u64)]) -> Vec<String> {
        merged(&sizes_of(levels), 10).into_iter().collect()
    }

    #[test]
    fn small_levels_become_one_that_is_not_small() {
        assert!(merged_of(&[("A", 10, 10), ("B", 40, 0)]).is_empty());
        assert_eq!(merged_of(&[("A", 9, 9), ("B", 40, 30), ("C", 50, 50)]), ["A", "B"]);
        assert_eq!(merged_of(&[("A", 5, 5), ("B", 6, 6), ("C", 50, 50)]), ["A", "B"]);
        assert_eq!(merged_of(&[("A", 3, 3), ("B", 6, 6), ("C", 50, 50)]), ["A", "B", "C"]);
        // Few who started are few, however many were referred.
        assert_eq!(merged_of(&[("A", 60, 4), ("B", 70, 30), ("C", 80, 80)]), ["A", "B"]);
        assert!(merged_of(&[("A", 5, 5)]).is_empty());
    }

    #[test]
    fn quarters_are_merged_with_their_neighbours() {
        let of = |quarters: &[(&str, u64, u64)]| {
            let names = names_of_stretches(&sizes_of(quarters), 10);
            quarters.iter().map(|(level, ..)| names.get(*level).cloned().unwrap_or_default()).collect::<Vec<_>>()
        };
        let run = "2017 Q3 to 2017 Q4";
        assert_eq!(of(&[("2017 Q3", 2, 2), ("2017 Q4", 40, 40), ("2018 Q1", 30, 30)]), [run, run, ""]);
        let run = "2018 Q1 to 2018 Q3";
        assert_eq!(
            of(&[("2017 Q4", 40, 40), ("2018 Q1", 30, 30), ("2018 Q2", 4, 4), ("2018 Q3", 3, 3)]),
            ["", run, run, run]
        );
        assert_eq!(of(&[("2018 Q1", 40, 40), ("not started", 12, 0)]), ["", ""]);
    }

    fn someone() -> Person {
        let born = "1990-01-15".parse().unwrap();
        let whose = PersonParticulars { name: None, date_of_birth: Masked(born), suffix: None };
        let referred = "2018-02-01".parse().unwrap();
        Person {
            participants: Vec::new(),
            stem: None,
            whose,
            referred,
            start: ProgrammeStart::On(referred),
            in_work_at_start: None,
            row: ReferralRow::default(),
            further_rows: Vec::new(),
        }
    }

    fn register(levels: &[(&str, &str, u64)]) -> Vec<Person> {
        let all = levels.iter().flat_map(|(contract, provider, people)| {
            let levels = [*contract, *provider, "autism", "F", "25 to 34", "2018 Q1"].map(str::to_owned).to_vec();
            let row = ReferralRow { levels, ..ReferralRow::default() };
            (0..*people).map(move |_| Person { row: row.clone(), ..someone() })
        });
        all.collect()
    }

    #[test]
    fn providers_of_a_contract_are_merged_among_themselves() {
        let people = register(&[
            ("C1", "P1", 40),
            ("C1", "P2", 4),
            ("C1", "P3", 30),
            ("C2", "P4", 5),
            ("C2", "P5", 4),
            ("C3", "P6", 20),
            ("C4", "P7", 50),
        ]);
        let levels = PublishedLevels::of(&people, 10);
        let contract = |level: &str| levels.name(Dimension::Contract, level).to_owned();
        let provider = |level: &str| levels.name(Dimension::Provider, level).to_owned();
        assert_eq!(["C1", "C2", "C3", "C4"].map(contract), ["C1", "other, 2 levels", "other, 2 levels", "C4"]);
        assert_eq!(["P1", "P2", "P3"].map(provider), ["P1", "other, 2 levels of C1", "other, 2 levels of C1"]);
        assert_eq!(
            ["P4", "P5", "P6", "P7"].map(provider),
            ["other, 3 levels", "other, 3 levels", "other, 3 levels", "P7"]
        );
        let of = |level: &str| levels.whole_of(&Some((Dimension::Provider, level.to_owned())));
        assert_eq!(of("P1"), Some((Dimension::Contract, "C1".into())));
        assert_eq!(of("other, 3 levels"), Some((Dimension::Contract, "other, 2 levels".into())));
        assert_eq!(levels.whole_of(&Some((Dimension::Contract, "C1".into()))), None);
        assert_eq!(levels.count(Dimension::Contract, "other, 2 levels"), 2);
        assert_eq!(levels.count(Dimension::Contract, "C1"), 1);
    }
}

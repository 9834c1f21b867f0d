//! Answers counted, for everyone and for each level of each dimension.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::measures::question::{Answer, Cell};
use crate::observations::person::{Dimension, Group};

/// How many people gave which answer to one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Yes; of a change, employed after and not before.
    pub yes: u64,
    /// No.
    pub no: u64,
    /// Of a change, employed before and not after.
    pub lost: u64,
    /// Asked, and not observed.
    pub not_observed: u64,
}

impl Count {
    /// How many were asked and observed.
    pub fn denominator(&self) -> u64 {
        self.yes + self.no + self.lost
    }

    fn add_answer(&mut self, answer: Answer) {
        match answer {
            Answer::Outside => {}
            Answer::NotObserved => self.not_observed += 1,
            Answer::No => self.no += 1,
            Answer::Yes => self.yes += 1,
            Answer::Lost => self.lost += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        self.yes += other.yes;
        self.no += other.no;
        self.lost += other.lost;
        self.not_observed += other.not_observed;
    }
}

/// The weeks in work in the 52 after the start: how many people have how many.
pub const WEEKS_IN_WORK: usize = 53;

/// What the people of one level answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// One count for each question.
    pub cells: Vec<Count>,
    /// How many people had so many weeks in work; the place is the number of weeks.
    pub weeks: Vec<u64>,
    /// How many people who started are not observed for 52 weeks.
    pub weeks_not_observed: u64,
}

impl Counts {
    fn none(questions: usize) -> Self {
        Self { cells: vec![Count::default(); questions], weeks: vec![0; WEEKS_IN_WORK], weeks_not_observed: 0 }
    }

    fn add_answers(&mut self, answers: &Answers) {
        for (count, answer) in self.cells.iter_mut().zip(&answers.cells) {
            count.add_answer(*answer);
        }
        match answers.weeks {
            Weeks::NoStart => {}
            Weeks::NotObserved => self.weeks_not_observed += 1,
            Weeks::Worked(weeks) => {
                if let Some(people) = usize::try_from(weeks).ok().and_then(|weeks| self.weeks.get_mut(weeks)) {
                    *people += 1;
                }
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.cells.iter_mut().zip(&other.cells).for_each(|(own, other)| own.add(other));
        self.weeks.iter_mut().zip(&other.weeks).for_each(|(own, other)| *own += other);
        self.weeks_not_observed += other.weeks_not_observed;
    }
}

/// What one person answered.
#[derive(Debug, Clone)]
pub struct Answers {
    /// To each question.
    pub cells: Vec<Answer>,
    /// Their weeks in work in the 52 after the start.
    pub weeks: Weeks,
    /// Whether the payments under their number cannot be theirs.
    pub not_theirs: bool,
    /// Outcomes that their evidence meets and nobody claimed.
    pub unclaimed: Vec<Unclaimed>,
}

/// An outcome that the evidence meets and nobody claimed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unclaimed {
    /// Whose it is.
    pub participant_id: String,
    /// The outcome.
    pub outcome: String,
    /// The day on which it was met.
    pub achieved_on: NaiveDate,
}

/// A person's weeks in work in the 52 after the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weeks {
    /// They never started.
    NoStart,
    /// They are not observed for all of them.
    NotObserved,
    /// So many.
    Worked(u32),
}

/// Everything counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tables {
    /// Counts by group.
    pub groups: BTreeMap<Group, Counts>,
    /// How many people have payments under their number that cannot be theirs: dates of birth or names differ.
    pub not_theirs: u64,
    /// Outcomes that the evidence meets and nobody claimed, by participant and outcome.
    pub unclaimed: Vec<Unclaimed>,
}

impl Tables {
    /// Counts what people answer. `answers` is asked of each; `levels` gives a person's level of each dimension asked for.
    pub fn of<P: Sync>(
        people: &[P],
        cells: &[Cell],
        answers: impl Fn(&P) -> Answers + Sync,
        levels: impl Fn(&P) -> Vec<(Dimension, String)> + Sync,
    ) -> Self {
        let mut all = people
            .par_chunks(512)
            .map(|some| {
                let mut tables = Self::default();
                for person in some {
                    let mut answers = answers(person);
                    tables.not_theirs += u64::from(answers.not_theirs);
                    tables.unclaimed.append(&mut answers.unclaimed);
                    let groups = levels(person).into_iter().map(Some).chain([None]);
                    groups.for_each(|group| tables.group(group, cells.len()).add_answers(&answers));
                }
                tables
            })
            .reduce(Self::default, Self::joined);
        all.group(None, cells.len());
        all.unclaimed.sort();
        all
    }

    fn group(&mut self, group: Group, questions: usize) -> &mut Counts {
        self.groups.entry(group).or_insert_with(|| Counts::none(questions))
    }

    fn joined(mut self, other: Self) -> Self {
        for (group, counts) in other.groups {
            match self.groups.get_mut(&group) {
                Some(own) => own.add(&counts),
                None => drop(self.groups.insert(group, counts)),
            }
        }
        self.not_theirs += other.not_theirs;
        self.unclaimed.extend(other.unclaimed);
        self
    }
}

//! Exact counts: how many people give which answer to every question, for everyone and for each level of each dimension.
//! Questions about referrals are answered by every row of the register, in the groups of the row itself.
//!
//! The counts are not for release: [`release`](crate::release) withholds and rounds them first.

mod counts;

use std::collections::BTreeMap;

use rayon::prelude::*;

pub use counts::{AnswerCounts, GroupCounts};

use crate::measures::{Measure, Question};
use crate::observations::claims::UnclaimedOutcome;
use crate::observations::facts::PersonFacts;
use crate::observations::levels::PublishedLevels;
use crate::observations::person::{GroupKey, Person};
use crate::observations::scope::Scope;
use counts::PersonAnswers;

/// How many people are counted before the counts of threads are added up.
const BATCH: usize = 512;

/// The exact counts. They do not depend on the number of threads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PopulationCounts {
    /// Counts by group; everyone is always there.
    pub groups: BTreeMap<GroupKey, GroupCounts>,
    /// How many people have payments under their number that appear to be another person's.
    pub with_payments_of_another: u64,
    /// How many people have rows under their number that could not be read and may count.
    pub with_unread_rows: u64,
    /// Outcomes that payments meet and nobody claimed, by participant and outcome.
    pub unclaimed: Vec<UnclaimedOutcome>,
}

impl PopulationCounts {
    /// Asks everyone, and each of their rows of the register, every question. `facts` returns the facts of a person; people and rows
    /// are counted in the levels that are published of every dimension, whatever was asked for: what may be published of one
    /// hangs on all of them.
    pub fn of<'p>(
        people: &'p [Person],
        questions: &[(&Measure, Question)],
        scope: &Scope,
        levels: &PublishedLevels,
        facts: impl Fn(&'p Person) -> PersonFacts<'p> + Sync,
    ) -> Self {
        let of_referrals: Vec<(usize, &Question)> = questions
            .iter()
            .map(|(_, question)| question)
            .enumerate()
            .filter(|(_, question)| question.is_of_referrals())
            .collect();
        let count = |batch: &'p [Person]| {
            let mut counts = Self::default();
            for person in batch {
                let facts = facts(person);
                counts.with_payments_of_another += u64::from(facts.has_payments_of_another);
                counts.with_unread_rows += u64::from(facts.has_unread_rows);
                counts.unclaimed.extend(facts.unclaimed(scope));
                let answers = PersonAnswers::of(&facts, questions.iter().map(|(_, question)| question));
                for group in person.groups(levels) {
                    counts.group(group, questions.len()).add_person(&answers);
                }
                for row in person.referrals() {
                    for group in row.groups(levels) {
                        let counts = counts.group(group, questions.len());
                        for (place, question) in &of_referrals {
                            counts.add_referral(*place, question.answer_of_referral(row));
                        }
                    }
                }
            }
            counts
        };
        let mut all = people.par_chunks(BATCH).map(count).reduce(Self::default, Self::joined);
        all.group(None, questions.len());
        all.unclaimed.sort();
        all
    }

    fn group(&mut self, group: GroupKey, questions: usize) -> &mut GroupCounts {
        self.groups.entry(group).or_insert_with(|| GroupCounts::none(questions))
    }

    fn joined(mut self, other: Self) -> Self {
        for (group, counts) in other.groups {
            match self.groups.get_mut(&group) {
                Some(own) => own.add(&counts),
                None => drop(self.groups.insert(group, counts)),
            }
        }
        self.with_payments_of_another += other.with_payments_of_another;
        self.with_unread_rows += other.with_unread_rows;
        self.unclaimed.extend(other.unclaimed);
        self
    }
}

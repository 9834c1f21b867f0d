//! Rows under numbers near those of people without a payment, gathered while the earnings are read the first time.
//!
//! An extract in order of time shows nearly everyone claimed for in its first month. Whoever is left then is few, and from there on rows
//! with numbers near theirs are gathered with the payments, so that only the row groups begun before are read once more
//! ([`near_misses`](super::near_misses)). Who is watched depends on when a row group is begun, and is always more than those who have
//! no payment in the end; what is found for others is left out then, so that the result does not depend on it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::memory_budget::MemoryBudget;
use super::stem_set::StemSet;
use crate::batch::PeopleNotFound;
use crate::domain::Stem;

/// The most people whose near numbers are watched: each has about a hundred, and rows with one of them are read whole.
const MOST_WATCHED: usize = 1_024;

/// Chooses whose near numbers are watched as the earnings are read.
pub(super) struct Nearby<'a> {
    /// Everyone sought, in order, with the date of birth that a claim gives.
    sought: &'a [(Stem, NaiveDate)],
    budget: &'a MemoryBudget,
    watched: Mutex<Option<Arc<Watched>>>,
}

/// People whose near numbers are watched.
pub(super) struct Watched {
    people: usize,
    /// Every number near one of theirs.
    pub(super) numbers: StemSet,
    /// The people, by date of birth.
    pub(super) not_found: PeopleNotFound,
}

impl<'a> Nearby<'a> {
    pub(super) fn new(sought: &'a [(Stem, NaiveDate)], budget: &'a MemoryBudget) -> Self {
        Self { sought, budget, watched: Mutex::new(None) }
    }

    /// Whom to watch in a row group that is about to be read: those without a payment so far, where they are few.
    pub(super) fn watched(&self) -> Option<Arc<Watched>> {
        let left = self.budget.people_without_payments();
        if self.sought.is_empty() || MOST_WATCHED < left {
            return None;
        }
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        // Making them anew is worth it where half of them were found.
        let known = watched.as_ref().filter(|watched| watched.people <= left.max(1) * 2);
        Some(Arc::clone(match known {
            Some(known) => known,
            None => watched.insert(Arc::new(self.without_payments())),
        }))
    }

    fn without_payments(&self) -> Watched {
        let left: Vec<Stem> = self.budget.without_payments().collect();
        let numbers = left.iter().flat_map(|person| person.near_misses()).map(Stem::key);
        let births = |person: &Stem| {
            let person = *person;
            let begin = self.sought.partition_point(|(other, _)| *other < person);
            self.sought.iter().skip(begin).take_while(move |(other, _)| *other == person).copied()
        };
        Watched {
            people: left.len(),
            numbers: StemSet::new(numbers),
            not_found: PeopleNotFound::new(left.iter().flat_map(births)),
        }
    }
}

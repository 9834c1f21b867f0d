//! The memory budget for payments, and the number of payments of each person.
//!
//! Payments are kept until they exceed the budget; from then on they are only counted, and the claims are decided in
//! several passes, each over claims whose payments fit. The result is the same either way.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::domain::Stem;
use crate::extract::earnings::MOST_PAYMENTS_OF_ONE;

/// The memory of one kept payment: its columns, its person, and its positions in both orders.
const PAYMENT_BYTES: u64 = 128;
/// The memory of the texts of one person: names and payroll numbers that nobody shares.
const PERSON_BYTES: u64 = 384;
/// The most passes over the earnings: each pass holds at least this fraction of all payments.
const MOST_PASSES: u64 = 64;

/// Counts payments against the budget while splits are read in parallel.
pub(super) struct MemoryBudget {
    most_bytes: u64,
    bytes: AtomicU64,
    people: Vec<u64>,
    payments: Vec<AtomicU32>,
    /// How many of the people have a payment.
    found: AtomicUsize,
}

impl MemoryBudget {
    /// A budget of `most_bytes` for the payments of these people, or one without a bound.
    pub(super) fn new(most_bytes: Option<u64>, people: &BTreeSet<u64>) -> Self {
        let payments = people.iter().map(|_| AtomicU32::new(0)).collect();
        Self {
            most_bytes: most_bytes.unwrap_or(u64::MAX),
            bytes: AtomicU64::new(0),
            people: people.iter().copied().collect(),
            payments,
            found: AtomicUsize::new(0),
        }
    }

    /// How many people have no payment so far.
    pub(super) fn people_without_payments(&self) -> usize {
        self.people.len() - self.found.load(Ordering::Relaxed)
    }

    /// The people who have no payment so far, in order.
    pub(super) fn without_payments(&self) -> impl Iterator<Item = Stem> {
        let people = self.people.iter().zip(&self.payments);
        people.filter(|(_, payments)| payments.load(Ordering::Relaxed) == 0).map(|(person, _)| Stem::from_key(*person))
    }

    /// Counts a payment for each of these people; returns whether all payments so far fit in the budget.
    ///
    /// # Errors
    /// One of them has more payments than any person.
    pub(super) fn try_reserve(&self, people: &[u64]) -> Result<bool, TooManyOfOne> {
        let mut bytes = 0;
        for payments in people.iter().filter_map(|person| self.payments.get(place(&self.people, *person)?)) {
            let before = payments.fetch_add(1, Ordering::Relaxed);
            if MOST_PAYMENTS_OF_ONE <= before {
                return Err(TooManyOfOne);
            }
            if before == 0 {
                bytes += PERSON_BYTES;
                self.found.fetch_add(1, Ordering::Relaxed);
            }
            bytes += PAYMENT_BYTES;
        }
        Ok(self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.most_bytes)
    }

    /// The counts, if the payments exceeded the budget.
    pub(super) fn into_counts(self) -> Option<PaymentCounts> {
        let bytes = self.bytes.into_inner();
        let payments = self.payments.into_iter().map(AtomicU32::into_inner).collect();
        (self.most_bytes < bytes).then_some(PaymentCounts {
            most_bytes: self.most_bytes,
            bytes,
            people: self.people,
            payments,
        })
    }
}

/// One number has more payments than any person: it is the number of many, or of nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyOfOne;

/// The number of payments of each person, for payments that exceed the budget together.
pub struct PaymentCounts {
    most_bytes: u64,
    bytes: u64,
    people: Vec<u64>,
    payments: Vec<u32>,
}

impl PaymentCounts {
    /// Whether a person has any payment.
    pub fn has(&self, person: Stem) -> bool {
        0 < self.payments(person)
    }

    /// About how much memory all payments would take.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn payments(&self, person: Stem) -> u32 {
        place(&self.people, person.key()).and_then(|place| self.payments.get(place)).copied().unwrap_or(0)
    }

    /// Divides a sequence into passes, each of one or more whole blocks, such that the payments of the people of a pass
    /// fit in the budget.
    pub fn passes<'o, T>(&self, all: &'o [T], block: usize, person: impl Fn(&T) -> Option<Stem>) -> Vec<&'o [T]> {
        let most_bytes = self.most_bytes.max(self.bytes / MOST_PASSES);
        let mut stretches = Vec::new();
        let (mut begin, mut end, mut bytes) = (0, 0, 0);
        let mut met = HashSet::new();
        for block in all.chunks(block) {
            let mut people: HashSet<Stem> =
                block.iter().filter_map(&person).filter(|person| !met.contains(person)).collect();
            let mut more: u64 = people.iter().map(|person| self.bytes_of(*person)).sum();
            if begin < end && most_bytes < bytes + more {
                stretches.extend(all.get(begin..end));
                people = block.iter().filter_map(&person).collect();
                more = people.iter().map(|person| self.bytes_of(*person)).sum();
                met.clear();
                (begin, bytes) = (end, 0);
            }
            met.extend(people);
            bytes += more;
            end += block.len();
        }
        stretches.extend(all.get(begin..end).filter(|rest| !rest.is_empty()));
        stretches
    }

    fn bytes_of(&self, person: Stem) -> u64 {
        match self.payments(person) {
            0 => 0,
            payments => PERSON_BYTES + u64::from(payments) * PAYMENT_BYTES,
        }
    }
}

fn place(people: &[u64], person: u64) -> Option<usize> {
    people.binary_search(&person).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(person: u32) -> Stem {
        Stem::from_key(u64::from_be_bytes(*format!("NC{person:06}").as_bytes().first_chunk().unwrap()))
    }

    #[test]
    fn payments_are_admitted_up_to_the_ceiling_and_counted_beyond_it() {
        let people: BTreeSet<u64> = (0..10).map(|person| stem(person).key()).collect();
        let one = PERSON_BYTES + PAYMENT_BYTES;
        let budget = MemoryBudget::new(Some(2 * one + PAYMENT_BYTES), &people);
        assert_eq!(budget.try_reserve(&[stem(1).key(), stem(1).key(), stem(2).key()]), Ok(true));
        assert_eq!(budget.try_reserve(&[stem(3).key()]), Ok(false));
        let counted = budget.into_counts().unwrap();
        assert_eq!([1, 2, 3, 4].map(|person| counted.payments(stem(person))), [2, 1, 1, 0]);
        assert!(counted.has(stem(3)) && !counted.has(stem(4)) && !counted.has(stem(11)));
        assert!(MemoryBudget::new(Some(0), &people).into_counts().is_none());
        let unbounded = MemoryBudget::new(None, &people);
        let all_of_one = vec![stem(1).key(); usize::try_from(MOST_PAYMENTS_OF_ONE).unwrap()];
        assert_eq!(unbounded.try_reserve(&all_of_one), Ok(true));
        assert_eq!(unbounded.try_reserve(&[stem(2).key()]), Ok(true));
        assert_eq!(unbounded.try_reserve(&[stem(1).key()]), Err(TooManyOfOne));
        assert!(unbounded.into_counts().is_none());
    }

    #[test]
    fn stretches_are_whole_blocks_that_fit_and_hold_everything_once() {
        let people: BTreeSet<u64> = (0..100).map(|person| stem(person).key()).collect();
        let budget = MemoryBudget::new(Some(10 * (PERSON_BYTES + PAYMENT_BYTES)), &people);
        let all: Vec<u64> = people.iter().copied().collect();
        budget.try_reserve(&all).unwrap();
        let counted = budget.into_counts().unwrap();
        // Two claims of each person, one behind the other: they fit as if there were one.
        let claims: Vec<u32> = (0..200).map(|claim| claim / 2).collect();
        let stretches = counted.passes(&claims, 4, |claim| Some(stem(*claim)));
        assert_eq!(stretches.concat(), claims);
        assert_eq!(stretches.iter().map(|stretch| stretch.len()).collect::<Vec<_>>(), [20; 10]);
        // A block that does not fit is a pass of its own.
        assert_eq!(counted.passes(&claims, 64, |claim| Some(stem(*claim))).len(), 4);
        assert_eq!(counted.passes(&[1, 2, 3], 1, |_: &i32| None).len(), 1);
        assert!(counted.passes(&[], 1, |_: &i32| None).is_empty());
    }
}

//! The payments of claimed people, grouped by person.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::compact::CompactPayments;
use super::earnings_read::EarningsRead;
use super::interner::{InternedTexts, Interner};
use super::kept_payments::{KeptPayments, ScanContext};
use super::memory_budget::{MemoryBudget, PaymentCounts};
use crate::batch::{PaymentsView, SetAsideByPerson};
use crate::domain::{Payment, SetAsideRow, SetAsideShare, Stem};
use crate::error::RunError;
use crate::extract::earnings::{Earnings, Split, read_all};
use crate::extract::quarantine::QuarantineFile;

/// The payments of some people.
#[derive(Default)]
pub struct PaymentsByStem {
    frames: Vec<CompactPayments>,
    texts: InternedTexts,
    /// The people with payments, in order, and where in `places` theirs begin.
    people: Vec<(u64, usize)>,
    /// Each payment's frame and row there, person by person, in the order of the files.
    places: Vec<(u32, u32)>,
    /// Their rows that could not be read.
    set_aside: SetAsideByPerson,
}

/// Counts people and payments; whose they are and what they hold is personal data and is not shown.
impl fmt::Debug for PaymentsByStem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PaymentsByStem({} people, {} payments)", self.people.len(), self.places.len())
    }
}

/// What to read from the earnings: the stems sought, and whether paydays of all rows are needed.
#[derive(Clone)]
pub struct EarningsQuery {
    /// The people claimed for, by the key of their stem.
    pub people: BTreeSet<u64>,
    /// Those of them, in order and with the date of birth that a claim gives, for whom rows under numbers near theirs are gathered
    /// where they have no payment.
    pub births: Vec<(Stem, NaiveDate)>,
    /// Whether to count the paydays of all rows.
    pub paydays: bool,
    /// The memory budget for payments, in bytes.
    pub most_bytes: Option<u64>,
    /// The share of the rows looked at in which a column may be unreadable, where another one was asked for than is usual.
    pub set_aside: Option<SetAsideShare>,
    /// Where rows that cannot be read are kept, if they are.
    pub quarantine: Option<Arc<QuarantineFile>>,
}

/// The payments of everyone sought, or only their number by person where they exceed the memory budget.
pub enum PaymentsOrCounts {
    /// All of them.
    Everyone(PaymentsByStem),
    /// How many there are.
    Counted(PaymentCounts),
}

impl PaymentsOrCounts {
    /// Whether a person has any payment.
    pub fn has(&self, person: Stem) -> bool {
        match self {
            Self::Everyone(payments) => payments.has(person),
            Self::Counted(counted) => counted.has(person),
        }
    }
}

impl PaymentsByStem {
    /// Reads the earnings and keeps the payments of the people sought, as far as the budget allows. `progress` is
    /// called with the number of rows of every batch.
    ///
    /// # Errors
    /// A file cannot be used or is refused for what its cells hold, or the join changed the number of payments.
    pub fn kept(
        earnings: &Earnings,
        splits: &[Split],
        sought: &EarningsQuery,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(PaymentsOrCounts, EarningsRead), RunError> {
        let interner = Interner::default();
        let budget = MemoryBudget::new(sought.most_bytes, &sought.people);
        let extract = ScanContext::new(&earnings.files, sought, &interner, &budget, progress)?;
        let mut visitors = read_all(&earnings.files, splits, &|split| KeptPayments::new(&extract, split))?;
        for (visitor, _) in &mut visitors {
            visitor.ended()?;
        }
        let mut read = EarningsRead::of_stores(earnings, &extract.people, sought.quarantine.as_ref())?;
        let mut parts = Vec::with_capacity(visitors.len());
        for (visitor, account) in visitors {
            parts.extend(visitor.finish(&account, &mut read));
        }
        read.are_accepted(&earnings.files, sought.set_aside)?;
        read.keep_set_aside(&earnings.files);
        if let Some(counted) = budget.into_counts() {
            return Ok((PaymentsOrCounts::Counted(counted), read));
        }
        let set_aside = read.set_aside.iter().cloned().collect();
        Ok((PaymentsOrCounts::Everyone(Self::of_parts(parts, interner.finish(), set_aside)), read))
    }

    /// Joins the payments of all splits, each with its person.
    fn of_parts(parts: Vec<(CompactPayments, Vec<u64>)>, texts: InternedTexts, set_aside: SetAsideByPerson) -> Self {
        let mut order: Vec<(u64, u32, u32)> = Vec::with_capacity(parts.iter().map(|(_, people)| people.len()).sum());
        let mut frames = Vec::with_capacity(parts.len());
        for ((frame, people), number) in parts.into_iter().zip(0_u32..) {
            order.extend(people.into_iter().zip(0_u32..).map(|(person, row)| (person, number, row)));
            frames.push(frame);
        }
        order.par_sort_unstable();
        let places = order.iter().map(|(_, frame, row)| (*frame, *row)).collect();
        let mut people = Vec::new();
        let mut begin = 0;
        for payments_of_one in order.chunk_by(|(one, ..), (other, ..)| one == other) {
            people.extend(payments_of_one.first().map(|(person, ..)| (*person, begin)));
            begin += payments_of_one.len();
        }
        Self { frames, texts, people, places, set_aside }
    }

    /// All payments of a person, put together in the order of the files.
    pub fn of(&self, person: Stem) -> Vec<Payment> {
        let Some(at) = self.at(person) else { return Vec::new() };
        let begin = |at: usize| self.people.get(at).map_or(self.places.len(), |(_, begin)| *begin);
        let places = self.places.get(begin(at)..begin(at + 1)).unwrap_or_default();
        let payment = |(frame, row): &(u32, u32)| {
            let frame = self.frames.get(usize::try_from(*frame).ok()?)?;
            frame.payment(usize::try_from(*row).ok()?, person, &self.texts)
        };
        places.iter().filter_map(payment).collect()
    }

    /// Whether a person has any payment.
    pub fn has(&self, person: Stem) -> bool {
        self.at(person).is_some()
    }

    /// How many payments a person has.
    pub fn number_of(&self, person: Stem) -> usize {
        let begin = |at: usize| self.people.get(at).map_or(self.places.len(), |(_, begin)| *begin);
        self.at(person).map_or(0, |at| begin(at + 1) - begin(at))
    }

    fn at(&self, person: Stem) -> Option<usize> {
        self.people.binary_search_by_key(&person.key(), |(key, _)| *key).ok()
    }
}

impl PaymentsByStem {
    /// The rows of a person that could not be read, in the order of the files.
    pub fn set_aside(&self, person: Stem) -> &[SetAsideRow] {
        self.set_aside.of(person)
    }
}

impl PaymentsView for PaymentsByStem {
    fn of(&self, person: Stem) -> Cow<'_, [Payment]> {
        Cow::Owned(Self::of(self, person))
    }

    fn set_aside(&self, person: Stem) -> &[SetAsideRow] {
        Self::set_aside(self, person)
    }
}

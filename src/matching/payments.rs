//! The payments of claimed people, grouped by person.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::ceiling::{Ceiling, Counted};
use super::compact::CompactPayments;
use super::earnings_read::EarningsRead;
use super::kept::{Extract, Kept};
use super::texts::{Numbering, Texts};
use crate::batch::PaymentsView;
use crate::domain::{Payment, Stem};
use crate::error::RunError;
use crate::extract::earnings::{Earnings, Unit, read_all};

/// The payments of some people.
#[derive(Debug, Default)]
pub struct Payments {
    frames: Vec<CompactPayments>,
    texts: Texts,
    /// The people with payments, in order, and where in `places` theirs begin.
    people: Vec<(u64, usize)>,
    /// Each payment's frame and row there, person by person, in the order of the files.
    places: Vec<(u32, u32)>,
}

/// What to read from the earnings: the stems sought, and whether paydays of all rows are needed.
#[derive(Debug, Clone)]
pub struct Sought {
    /// The people claimed for, by the key of their stem.
    pub people: BTreeSet<u64>,
    /// Whether to read the earliest and the latest payday of all rows.
    pub paydays: bool,
    /// The memory budget for payments, in bytes.
    pub most_bytes: Option<u64>,
}

/// The payments of everyone sought, or only their number by person where they exceed the memory budget.
#[derive(Debug)]
pub enum Held {
    /// All of them.
    Everyone(Payments),
    /// How many there are.
    Counted(Counted),
}

impl Held {
    /// Whether a person has any payment.
    pub fn has(&self, person: Stem) -> bool {
        match self {
            Self::Everyone(payments) => payments.has(person),
            Self::Counted(counted) => counted.has(person),
        }
    }
}

impl Payments {
    /// Reads the earnings and keeps the payments of the people sought, as far as the budget allows. `progress` is
    /// called with the number of rows of every batch.
    ///
    /// # Errors
    /// A file that cannot be used, or a join that did not do what a join does.
    pub fn kept(
        earnings: &Earnings,
        units: &[Unit],
        sought: &Sought,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(Held, EarningsRead), RunError> {
        let numbering = Numbering::default();
        let ceiling = sought.most_bytes.map(|bytes| Ceiling::new(bytes, &sought.people));
        let extract = Extract::new(&earnings.files, sought, &numbering, ceiling.as_ref(), progress)?;
        let mut looks = read_all(&earnings.files, units, &|unit| Kept::new(&extract, unit))?;
        for (look, _) in &mut looks {
            look.ended()?;
        }
        let mut read = EarningsRead::of_stores(earnings)?;
        let mut parts = Vec::with_capacity(looks.len());
        for (look, account) in looks {
            parts.extend(look.told(account, &mut read));
        }
        if let Some(counted) = ceiling.and_then(Ceiling::outgrown) {
            return Ok((Held::Counted(counted), read));
        }
        Ok((Held::Everyone(Self::of_parts(parts, numbering.finish())), read))
    }

    /// Joins the payments of all splits, each with its person.
    fn of_parts(parts: Vec<(CompactPayments, Vec<u64>)>, texts: Texts) -> Self {
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
        Self { frames, texts, people, places }
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

    fn at(&self, person: Stem) -> Option<usize> {
        self.people.binary_search_by_key(&person.key(), |(key, _)| *key).ok()
    }
}

impl PaymentsView for Payments {
    fn of(&self, person: Stem) -> Cow<'_, [Payment]> {
        Cow::Owned(Self::of(self, person))
    }
}

//! Accounts for every row of an extract: kept, unclaimed, without a person, or quarantined.

use chrono::NaiveDate;

use crate::account::EarningsCounts;
use crate::domain::{Refusal, SetAsideRow, SetAsideShare, Tally};
use crate::error::{InputError, RunError};
use crate::extract::QuarantinedRow;
use crate::extract::csv::SpanCounts;
use crate::extract::earnings::Earnings;
use crate::extract::source::Sniffed;

/// The rows of an extract, counted by what was done with them. The parts add up to `rows`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EarningsAccount {
    /// All rows, quarantined ones included.
    pub rows: u64,
    /// Rows that are not records, or not payments although they have a claimed person's number.
    pub quarantined: u64,
    /// Rows whose National Insurance number is missing, malformed or a dummy: they count for nobody.
    pub without_person: u64,
    /// Rows of people nobody claims for. Nothing else of them was read.
    pub unclaimed: u64,
    /// Payments of claimed people.
    pub kept: u64,
}

impl EarningsAccount {
    /// The same in the words of a published account.
    pub fn counts(&self) -> EarningsCounts {
        EarningsCounts {
            read: self.rows,
            of_claimed_people: self.kept,
            of_other_people: self.unclaimed,
            without_person: self.without_person,
            quarantined: self.quarantined,
        }
    }
}

/// The paydays of some rows, from the earliest to the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paydays {
    /// The earliest.
    pub earliest: NaiveDate,
    /// The latest.
    pub latest: NaiveDate,
}

impl Paydays {
    /// One payday.
    pub(super) fn on(day: NaiveDate) -> Self {
        Self { earliest: day, latest: day }
    }

    /// Those of two sets of rows together.
    pub(super) fn joined(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
        Some(Self { earliest: one.earliest.min(other.earliest), latest: one.latest.max(other.latest) })
    }
}

/// What reading an extract found besides the payments themselves.
#[derive(Debug, Default)]
pub struct EarningsRead {
    /// All rows, counted by what was done with them.
    pub account: EarningsAccount,
    /// How many rows each earnings file has.
    pub rows: Vec<u64>,
    /// For each earnings file that is CSV, its bytes counted by kind of span.
    pub csv: Vec<Option<SpanCounts>>,
    /// Rows that could not be read.
    pub quarantined: Vec<QuarantinedRow>,
    /// What could be read of those of them that name someone sought, in no order.
    pub set_aside: Vec<SetAsideRow>,
    /// The earliest and the latest payday of all rows, if they were requested or a store knows them.
    pub paydays: Option<Paydays>,
    /// Counts of how the cells were written, for each earnings file.
    pub tallies: Vec<Tally>,
}

impl EarningsRead {
    /// Begins with what prepared stores know of their rows. Those that are kept or set aside are taken from the unclaimed
    /// ones when they are added themselves.
    ///
    /// # Errors
    /// A store that was changed.
    pub(super) fn of_stores(earnings: &Earnings) -> Result<Self, RunError> {
        let files = earnings.files.len();
        let mut read = Self {
            rows: vec![0; files],
            csv: vec![None; files],
            tallies: vec![Tally::default(); files],
            ..Self::default()
        };
        for (first_file, store) in &earnings.stores {
            for (file, number) in store.manifest.files.iter().zip(*first_file..) {
                read.account.rows += file.rows;
                read.account.without_person += file.without_person;
                read.account.quarantined += file.quarantined;
                read.account.unclaimed += file.rows - file.without_person - file.quarantined;
                let place = usize::try_from(number).unwrap_or(usize::MAX);
                if let (Some(rows), Some(csv)) = (read.rows.get_mut(place), read.csv.get_mut(place)) {
                    *rows = file.rows;
                    *csv = file.text.as_ref().map(SpanCounts::of_account);
                }
            }
            let paydays = store.manifest.paydays().map(|(earliest, latest)| Paydays { earliest, latest });
            read.paydays = Paydays::joined(read.paydays, paydays);
        }
        read.quarantined.extend(earnings.quarantined_in_stores()?);
        Ok(read)
    }

    /// Refuses a file of which a column is not believed, or cannot be read in too many of the rows looked at, and an extract
    /// that names people in too few of its rows.
    pub(super) fn are_accepted(&self, files: &[Sniffed], asked: Option<SetAsideShare>) -> Result<(), InputError> {
        let share = SetAsideShare::OF_EXTRACT.raised_to(asked);
        for (file, tally) in files.iter().zip(&self.tallies) {
            file.source.is_accepted(tally, share)?;
        }
        let refused = Refusal::of_numbers(self.account.without_person, self.account.rows, asked);
        match (files.first(), refused) {
            (Some(file), Some(refusal)) => Err(file.source.refused(refusal)),
            (Some(_) | None, _) => Ok(()),
        }
    }
}

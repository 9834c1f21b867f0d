//! Accounts for every row of an extract: kept, unclaimed, without a person, or quarantined.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::stem_set::StemSet;
use crate::account::EarningsCounts;
use crate::domain::{Nino, NinoText, PaydayCounts, Refusal, SetAsideRow, SetAsideShare, Stem, Tally, UnreadablePart};
use crate::error::{InputError, RunError};
use crate::evidence::identity::NearMiss;
use crate::extract::QuarantinedRow;
use crate::extract::columns::ColumnsFound;
use crate::extract::csv::SpanCounts;
use crate::extract::earnings::Earnings;
use crate::extract::quarantine::{QuarantineFile, QuarantineList};
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

/// What reading an extract found besides the payments themselves.
#[derive(Debug, Default)]
pub struct EarningsRead {
    /// All rows, counted by what was done with them.
    pub account: EarningsAccount,
    /// How many rows each earnings file has.
    pub rows: Vec<u64>,
    /// How many rows of each earnings file that was read are no records.
    pub damaged: Vec<u64>,
    /// For each earnings file that is CSV, its bytes counted by kind of span.
    pub csv: Vec<Option<SpanCounts>>,
    /// For each earnings file that is JSON, what was taken for what.
    pub json: Vec<Option<ColumnsFound>>,
    /// Rows that could not be read, where they were asked for.
    pub quarantined: Vec<QuarantineList>,
    /// For each earnings file the paydays of all its rows, if they were requested or a store knows them.
    pub paydays: Vec<PaydayCounts>,
    /// What could be read of those of them that name someone sought, in no order.
    pub set_aside: Vec<SetAsideRow>,
    /// Counts of how the cells were written, for each earnings file.
    pub tallies: Vec<Tally>,
    /// Rows under numbers near those of people who had no payment at the time, gathered from some row groups.
    pub(super) near: Vec<(Stem, NearMiss)>,
    /// Those row groups, each by its file and its place there.
    pub(super) near_gathered: HashSet<(u32, usize)>,
}

impl EarningsRead {
    /// Completes the rows that were set aside: each is told the name of its file.
    pub(super) fn keep_set_aside(&mut self, files: &[Sniffed]) {
        let names: Vec<Arc<str>> = files.iter().map(|file| file.source.name.as_str().into()).collect();
        for row in &mut self.set_aside {
            if let Some(name) = usize::try_from(row.file).ok().and_then(|file| names.get(file)) {
                row.file_name = Arc::clone(name);
            }
        }
        self.set_aside.sort_by_key(|row| (row.stem, row.file, row.row));
    }

    /// The paydays of all rows of all files.
    pub fn all_paydays(&self) -> PaydayCounts {
        let mut all = PaydayCounts::default();
        self.paydays.iter().for_each(|of_file| all.join(of_file));
        all
    }

    /// Begins with what prepared stores know of their rows. Those that are kept or set aside are taken from the unclaimed
    /// ones when they are added themselves.
    ///
    /// # Errors
    /// A store that was changed.
    pub(super) fn of_stores(
        earnings: &Earnings,
        people: &StemSet,
        quarantine: Option<&Arc<QuarantineFile>>,
    ) -> Result<Self, RunError> {
        let files = earnings.files.len();
        let mut read = Self {
            rows: vec![0; files],
            damaged: vec![0; files],
            csv: vec![None; files],
            json: vec![None; files],
            tallies: vec![Tally::default(); files],
            paydays: vec![PaydayCounts::default(); files],
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
                if let Some(paydays) = read.paydays.get_mut(place) {
                    *paydays = file.paydays();
                }
            }
        }
        let mut list = quarantine.map(QuarantineList::new);
        earnings.each_quarantined_in_stores(&mut |row| {
            read.set_aside.extend(of_record(&row, people));
            list.iter_mut().try_for_each(|list| list.add(&row))
        })?;
        read.quarantined.extend(list);
        Ok(read)
    }

    /// Refuses a file of which a column is not believed, or cannot be read in too many of the rows looked at, and an extract
    /// that names people in too few of its rows.
    pub(super) fn are_accepted(&self, files: &[Sniffed], asked: Option<SetAsideShare>) -> Result<(), InputError> {
        let share = SetAsideShare::OF_EXTRACT.raised_to(asked);
        for (file, tally) in files.iter().zip(&self.tallies) {
            file.source.is_accepted(tally, share)?;
        }
        for ((file, damaged), rows) in files.iter().zip(&self.damaged).zip(&self.rows) {
            file.source.holds_records(*damaged, *rows, share, None)?;
        }
        let refused = Refusal::of_numbers(self.account.without_person, self.account.rows, asked);
        match (files.first(), refused) {
            (Some(file), Some(refusal)) => Err(file.source.refused(refusal)),
            (Some(_) | None, _) => Ok(()),
        }
    }
}

/// A record that could not be read as one is set aside for each person sought whose number is one of its cells. Which cell is which
/// nobody can tell, so nothing else is read of it.
pub(super) fn of_record<'r>(row: &'r QuarantinedRow, people: &StemSet) -> impl Iterator<Item = SetAsideRow> + use<'r> {
    let text = String::from_utf8_lossy(&row.raw).into_owned();
    let cells = text.split([',', ';', '\t', '|', '"', ':', '{', '}']);
    let stems = cells.filter_map(|cell| NinoText::read(cell).well_formed()).map(Nino::stem);
    let stems: BTreeSet<Stem> = stems.filter(|stem| people.contains(stem.key())).collect();
    stems.into_iter().map(|stem| SetAsideRow {
        file: row.file,
        file_name: Arc::default(),
        row: row.row,
        line: row.line,
        stem,
        unreadable: UnreadablePart::Record,
        payment_date: None,
        payment_id: None,
        received_at: None,
        employer: None,
        no_longer_valid: None,
        pension_payment: false,
    })
}

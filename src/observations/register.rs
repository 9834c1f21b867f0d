//! Reads people from the register: who was referred, who started, and which rows cannot be used.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::person::{Person, ProgrammeStart, ReferralRow};
use crate::domain::name::NameKey;
use crate::domain::participant::participant_key;
use crate::domain::{CellError, Nino, NinoText, Participant, Referral, Stem, Tally, count_of};
use crate::evidence::PersonParticulars;
use crate::extract::table::{Table, text_column};

/// The rows of a register, counted by what was done with them. Every row is in one of `used`, `copies`, `differing` and
/// `unreadable`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterAccount {
    /// All rows.
    pub rows: u64,
    /// Rows that are used.
    pub used: u64,
    /// Rows that repeat another row of the same participant in every column.
    pub copies: u64,
    /// Further rows of a participant that say something else than the first: the first is used.
    pub differing: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// People, by stem; someone without one by participant number.
    pub people: u64,
    /// People who started on or before the cut-off.
    pub people_started: u64,
    /// Starts on or before the cut-off: one person can start twice.
    pub starts: u64,
    /// People without a usable National Insurance number: what they did is not observed.
    pub without_nino: u64,
    /// Starts after the cut-off: not observed.
    pub starts_after_cut_off: u64,
}

/// A row of a register that has a problem, such as one that cannot be read. It is listed, never dropped silently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterProblem {
    /// The row, counted from 1.
    pub row: u32,
    /// The participant's number, where the row has one.
    pub participant_id: String,
    /// What is wrong with it.
    pub says: String,
}

/// The people of a register, and what became of its rows.
#[derive(Debug)]
pub struct RegisterPeople {
    /// The units that rates count: people at their first start, or starts.
    pub all: Vec<Person>,
    /// The rows, counted by what was done with them.
    pub account: RegisterAccount,
    /// The rows that have a problem.
    pub problems: Vec<RegisterProblem>,
    /// Counts of how the cells were written.
    pub tally: Tally,
}

/// Reads the people of a register. With `each_start`, every start is a unit; otherwise each person is one.
pub fn people(table: &Table, each_start: bool, cut_off: NaiveDate) -> RegisterPeople {
    let mut found = RegisterPeople {
        all: Vec::new(),
        account: RegisterAccount::default(),
        problems: Vec::new(),
        tally: table.tally.clone(),
    };
    let referrals = found.referrals(table);
    let mut by_person: BTreeMap<(Option<Stem>, Box<str>), Vec<(u32, Referral)>> = BTreeMap::new();
    for (row, referral) in referrals {
        let stem = stem(&referral);
        if stem.is_none() {
            found.problem(row, &referral.participant_id, "no usable National Insurance number: not observed");
        }
        if referral.start_date.is_some_and(|start| cut_off < start) {
            found.account.starts_after_cut_off += 1;
            found.problem(row, &referral.participant_id, "started after the cut-off: not observed");
        }
        let unlinked = if stem.is_none() { participant_key(&referral.participant_id) } else { Box::default() };
        by_person.entry((stem, unlinked)).or_default().push((row, referral));
    }
    for ((stem, _), mut referrals) in by_person {
        // The first start comes first; for a person who never started, the first referral.
        referrals.sort_by_key(|(_, one)| {
            (one.start_date.is_none(), one.start_date, one.referral_date, one.participant_id.clone())
        });
        let starts = referrals.iter().filter_map(|(_, one)| one.start_date);
        let (recorded, observed) = (starts.clone().count(), starts.filter(|start| *start <= cut_off).count());
        found.account.people += 1;
        found.account.people_started += u64::from(0 < observed);
        found.account.starts += count_of(observed);
        found.account.without_nino += u64::from(stem.is_none());
        let counted = if each_start { recorded.max(1) } else { 1 };
        let (units, further) = referrals.split_at(counted.min(referrals.len()));
        let first = found.all.len();
        found.all.extend(units.iter().map(|unit| person(stem, unit, &referrals, cut_off)));
        if let Some(first) = found.all.get_mut(first) {
            first.further_rows = further.iter().map(|(row, referral)| ReferralRow::of(*row, referral)).collect();
        }
    }
    found.problems.sort_by(|one, other| (one.row, &one.says).cmp(&(other.row, &other.says)));
    found
}

/// The key of every usable National Insurance number in a register: payments under these keys are looked for.
pub fn stems(table: &Table) -> BTreeSet<u64> {
    let Some(ninos) = text_column(&table.frame, "nino") else { return BTreeSet::new() };
    let well_formed = ninos.iter().flatten().filter_map(|text| NinoText::read(text).well_formed());
    well_formed.map(|nino| nino.stem().key()).collect()
}

fn stem(referral: &Referral) -> Option<Stem> {
    referral.nino?.well_formed().map(Nino::stem)
}

fn person(
    stem: Option<Stem>,
    (row, referral): &(u32, Referral),
    all: &[(u32, Referral)],
    cut_off: NaiveDate,
) -> Person {
    let surname = referral.surname.as_deref();
    let suffix = referral.nino.and_then(NinoText::well_formed).and_then(Nino::suffix);
    Person {
        participants: all.iter().map(|(_, one)| one.participant_id.clone()).collect(),
        stem,
        whose: PersonParticulars {
            name: surname.and_then(|surname| NameKey::new(surname, referral.forename.as_deref())),
            date_of_birth: referral.date_of_birth,
            suffix,
        },
        referred: all.iter().map(|(_, one)| one.referral_date).min().unwrap_or(referral.referral_date),
        start: ProgrammeStart::recorded(referral.start_date, cut_off),
        in_work_at_start: referral.in_work_at_start,
        row: ReferralRow::of(*row, referral),
        further_rows: Vec::new(),
    }
}

impl RegisterPeople {
    fn problem(&mut self, row: u32, participant_id: &str, says: &str) {
        self.problems.push(RegisterProblem { row, participant_id: participant_id.to_owned(), says: says.to_owned() });
    }

    /// The first readable row of every participant, with its number.
    fn referrals(&mut self, table: &Table) -> Vec<(u32, Referral)> {
        let cells = table.cells(&Participant::COLUMNS);
        let is_copy = |one: usize, other: usize| {
            Participant::COLUMNS.iter().all(|column| cells.get(one, column.name) == cells.get(other, column.name))
        };
        let damaged: BTreeMap<u32, &str> = table.quarantined.iter().map(|row| (row.row, row.reason.as_str())).collect();
        let mut first_rows: BTreeMap<Box<str>, usize> = BTreeMap::new();
        let mut referrals = Vec::new();
        for index in 0..table.frame.height() {
            let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
            self.account.rows += 1;
            if let Some(reason) = damaged.get(&row) {
                self.account.unreadable += 1;
                self.problem(row, "", reason);
                continue;
            }
            self.tally.begin_row(row.into(), table.lines.get(index).copied().unwrap_or(0));
            let referral = match Referral::read(row, |name| cells.get(index, name), &mut self.tally) {
                Ok(referral) => referral,
                Err(CellError { column, .. }) => {
                    self.account.unreadable += 1;
                    let participant = cells.get(index, "participant_id").unwrap_or_default().to_owned();
                    self.problem(row, &participant, &format!("{column} is missing or could not be read: not counted"));
                    continue;
                }
            };
            match first_rows.get(&participant_key(&referral.participant_id)) {
                None => {
                    self.account.used += 1;
                    first_rows.insert(participant_key(&referral.participant_id), index);
                    referrals.push((row, referral));
                }
                Some(first) if is_copy(*first, index) => {
                    self.account.copies += 1;
                    self.problem(row, &referral.participant_id, "repeats an earlier row in every column");
                }
                Some(_) => {
                    self.account.differing += 1;
                    self.problem(row, &referral.participant_id, "differs from an earlier row, which is used");
                }
            }
        }
        referrals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_shown_by_number_and_group_alone() {
        let cell = |name: &'static str| match name {
            "nino" => Some("NC100001A"),
            "surname" => Some("Example"),
            "forename" => Some("Robin"),
            "date_of_birth" => Some("1990-01-15"),
            "referral_date" | "start_date" => Some("2018-05-01"),
            "sex" | "in_work_at_start" => None,
            _ => Some("7"),
        };
        let referral = Referral::read(1, cell, &mut Tally::default()).unwrap();
        let cut_off = referral.referral_date;
        let row = (1, referral);
        let person = person(stem(&row.1), &row, std::slice::from_ref(&row), cut_off);
        let all = format!("{person:?}{person:#?}");
        assert!(["NC1", "exa", "Exa", "Rob", "1990"].iter().all(|part| !all.contains(part)), "{all}");
    }
}

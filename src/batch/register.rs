//! An index of the register: the entry of each participant, by `participant_id`.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::domain::participant::{Registered, participant_key};
use crate::domain::{CellError, Claim, Participant, Tally};

/// The rows of a register as text, independent of how they are stored.
pub trait RegisterRows {
    /// The text of a cell; `None` where it is empty. Rows are counted from 0.
    fn cell(&self, row: usize, column: &'static str) -> Option<&str>;

    /// The line a row begins on, in a text file; otherwise 0.
    fn line(&self, _row: usize) -> u64 {
        0
    }
}

/// A register in which participants are looked up. Rows for one participant must be equal in every cell: of rows that
/// differ, none is used.
pub struct RegisterIndex<'r, R> {
    rows: &'r R,
    /// The first row of each participant.
    first_rows: BTreeMap<Box<str>, usize>,
    /// First rows that cannot be used, with the reason.
    unusable: BTreeMap<usize, String>,
    /// Rows that could not be read, in their order, with the reason.
    pub unreadable: Vec<(usize, String)>,
    /// Counts of how the cells were written.
    pub tally: Tally,
}

impl<'r, R: RegisterRows> RegisterIndex<'r, R> {
    /// Reads the rows with these numbers.
    pub fn new(rows: &'r R, numbers: impl Iterator<Item = usize>) -> Self {
        let mut index = Self {
            rows,
            first_rows: BTreeMap::new(),
            unusable: BTreeMap::new(),
            unreadable: Vec::new(),
            tally: Tally::default(),
        };
        numbers.for_each(|row| index.add(row));
        index
    }

    fn add(&mut self, row: usize) {
        let id = self.rows.cell(row, "participant_id").map(str::trim).filter(|id| !id.is_empty());
        let Some(participant_id) = id else {
            self.unreadable.push((row, "participant_id is empty".to_owned()));
            return;
        };
        let first = *self.first_rows.entry(participant_key(participant_id)).or_insert(row);
        if let Err(error) = read(self.rows, row, &mut self.tally) {
            self.unreadable.push((row, unreadable(error.column)));
            self.unusable.insert(first, unreadable(error.column));
        } else if first != row && !self.are_same(first, row) {
            self.unusable.insert(first, "the register has rows for this participant that differ".to_owned());
        }
    }

    fn are_same(&self, one: usize, other: usize) -> bool {
        Participant::COLUMNS.iter().all(|column| self.rows.cell(one, column.name) == self.rows.cell(other, column.name))
    }

    /// What the register says of each claim's participant.
    pub fn of_claims(&self, claims: &[Claim]) -> Vec<Registered>
    where
        R: Sync,
    {
        claims.par_iter().map(|claim| self.look_up(claim.participant_id())).collect()
    }

    /// What the register says of the participant a claim names; nothing where it names none.
    fn look_up(&self, participant_id: Option<&str>) -> Registered {
        let Some(row) = participant_id.and_then(|id| self.first_rows.get(&participant_key(id))) else {
            return Registered::Absent;
        };
        if let Some(reason) = self.unusable.get(row) {
            return Registered::Unusable(reason.as_str().into());
        }
        match read(self.rows, *row, &mut Tally::default()) {
            Ok(participant) => Registered::Found(participant),
            Err(error) => Registered::Unusable(unreadable(error.column).into()),
        }
    }
}

fn read(rows: &impl RegisterRows, row: usize, tally: &mut Tally) -> Result<Participant, CellError> {
    let number = u32::try_from(row + 1).unwrap_or(u32::MAX);
    tally.begin_row(number.into(), rows.line(row));
    Participant::read(number, |column| rows.cell(row, column), tally)
}

fn unreadable(column: &str) -> String {
    format!("the register's {column} for this participant is missing or could not be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of participant, date of birth and cohort; the other cells are the same for everybody.
    struct Rows(Vec<[&'static str; 3]>);

    impl RegisterRows for Rows {
        fn cell(&self, row: usize, column: &'static str) -> Option<&str> {
            let [participant_id, date_of_birth, cohort] = self.0.get(row)?;
            let cell = match column {
                "participant_id" => participant_id,
                "date_of_birth" => date_of_birth,
                "cohort" => cohort,
                "nino" => "NC100001A",
                "start_date" => "2018-04-01",
                _ => "",
            };
            Some(cell).filter(|cell| !cell.is_empty())
        }
    }

    #[test]
    fn copies_are_one_row_and_rows_that_differ_are_of_no_use() {
        let rows = Rows(vec![
            [" P1 ", "1990-01-15", "autism"],
            [" P1 ", "1990-01-15", "autism"],
            ["P2", "1990-01-15", "autism"],
            ["P2", "1990-01-16", "autism"],
        ]);
        let index = RegisterIndex::new(&rows, 0..4);
        assert!(matches!(index.look_up(Some("P1")), Registered::Found(_)));
        let differing = "the register has rows for this participant that differ";
        assert_eq!(index.look_up(Some("P2")), Registered::Unusable(differing.into()));
        assert!(matches!(index.look_up(Some("p1")), Registered::Found(_)));
        assert_eq!(index.look_up(Some("P3")), Registered::Absent);
        assert_eq!(index.look_up(None), Registered::Absent);
        assert_eq!(index.unreadable, []);
    }

    #[test]
    fn rows_that_cannot_be_read_are_set_aside_with_the_reason() {
        let rows = Rows(vec![["P1", "1990-01-15", ""], [" ", "1990-01-15", "autism"]]);
        let index = RegisterIndex::new(&rows, 0..2);
        let reason = "the register's cohort for this participant is missing or could not be read";
        assert_eq!(index.look_up(Some("P1")), Registered::Unusable(reason.into()));
        assert_eq!(index.unreadable, [(0, reason.to_owned()), (1, "participant_id is empty".to_owned())]);
    }
}

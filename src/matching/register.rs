//! The register, joined to the claims on the participant's number.

use std::collections::BTreeMap;

use polars::prelude::{
    ChunkedArray, Column, DataFrame, DataFrameJoinOps, IntoColumn, JoinArgs, JoinType, NamedFrom, Series,
    StringChunked, UInt32Type,
};

use super::asserted;
use super::claims::ClaimRows;
use crate::domain::participant::Registered;
use crate::domain::{CellError, Participant, Tally};
use crate::error::RunError;
use crate::extract::Quarantined;
use crate::extract::table::{Table, text_column};

/// A register matched to the claims of a batch.
#[derive(Debug)]
pub struct Register {
    /// What it says of each claim's participant.
    of_claim: Vec<Registered>,
    /// Rows that could not be read, records or not.
    pub quarantined: Vec<Quarantined>,
    /// How many rows there are.
    pub rows: u64,
    /// What was met while reading.
    pub tally: Tally,
}

/// A register's rows as text, while they are matched.
struct Rows {
    columns: Vec<Option<StringChunked>>,
    /// Rows that cannot be used although their participant is known: why.
    unusable: BTreeMap<u32, String>,
    quarantined: Vec<Quarantined>,
    tally: Tally,
}

impl Register {
    /// Matches a register to the claims of a batch.
    ///
    /// # Errors
    /// Only if a join did not do what a join does; nothing is published then.
    pub fn matched(table: &Table, claims: &ClaimRows) -> Result<Self, RunError> {
        let mut rows = Rows {
            columns: Participant::COLUMNS.iter().map(|of| text_column(&table.frame, of.name)).collect(),
            unusable: BTreeMap::new(),
            quarantined: table.quarantined.clone(),
            tally: Tally::default(),
        };
        let unique = rows.unique(table);
        let row_of_claim = joined(claims, &unique)?;
        Ok(Self {
            of_claim: row_of_claim.into_iter().map(|row| rows.registered(row)).collect(),
            quarantined: rows.quarantined,
            rows: crate::domain::count_of(table.frame.height()),
            tally: rows.tally,
        })
    }

    /// What the register says of a claim's participant.
    pub fn registered(&self, claim: usize) -> &Registered {
        self.of_claim.get(claim).unwrap_or(&Registered::Absent)
    }
}

impl Rows {
    fn registered(&self, row: Option<u32>) -> Registered {
        let Some(row) = row else { return Registered::Absent };
        if let Some(reason) = self.unusable.get(&row) {
            return Registered::Unusable(reason.as_str().into());
        }
        match self.read(row, &mut Tally::default()) {
            Ok(participant) => Registered::Found(participant),
            Err(error) => Registered::Unusable(unreadable(error.column).into()),
        }
    }

    fn cell(&self, name: &str, row: u32) -> Option<&str> {
        let number = Participant::COLUMNS.iter().position(|column| column.name == name)?;
        self.columns.get(number)?.as_ref()?.get(usize::try_from(row).ok()?)
    }

    fn read(&self, row: u32, tally: &mut Tally) -> Result<Participant, CellError> {
        Participant::read(row + 1, |name| self.cell(name, row), tally)
    }

    /// One row for each participant. Rows that cannot be read are quarantined; of rows that differ none can be used.
    fn unique(&mut self, table: &Table) -> BTreeMap<String, u32> {
        let mut unique: BTreeMap<String, u32> = BTreeMap::new();
        let damaged: Vec<u32> = table.quarantined.iter().map(|row| row.row).collect();
        let mut tally = Tally::default();
        for row in (0..table.frame.height()).filter_map(|row| u32::try_from(row).ok()) {
            if damaged.binary_search(&(row + 1)).is_ok() {
                continue;
            }
            let Some(participant_id) =
                self.cell("participant_id", row).map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned)
            else {
                self.set_aside(table, row, "nothing stands in participant_id".to_owned());
                continue;
            };
            let first = *unique.entry(participant_id).or_insert(row);
            if let Err(error) = self.read(row, &mut tally) {
                self.set_aside(table, row, unreadable(error.column));
                self.unusable.insert(first, unreadable(error.column));
            } else if first != row && !self.same(first, row) {
                self.unusable.insert(first, "the register has rows for this participant that differ".to_owned());
            }
        }
        self.tally = tally;
        unique
    }

    fn same(&self, one: u32, other: u32) -> bool {
        Participant::COLUMNS.iter().all(|column| self.cell(column.name, one) == self.cell(column.name, other))
    }

    fn set_aside(&mut self, table: &Table, row: u32, reason: String) {
        let cells: Vec<String> = Participant::COLUMNS
            .iter()
            .filter_map(|column| self.cell(column.name, row).map(|cell| format!("{}={cell}", column.name)))
            .collect();
        let index = usize::try_from(row).unwrap_or(usize::MAX);
        let line = table.lines.get(index).copied();
        self.quarantined.push(Quarantined { file: 0, row: row + 1, line, reason, raw: cells.join("; ").into_bytes() });
    }
}

/// The join: claims that name a participant on one side, one row for each participant on the other.
/// Answers the register's row of each claim, counted from 0.
fn joined(claims: &ClaimRows, unique: &BTreeMap<String, u32>) -> Result<Vec<Option<u32>>, RunError> {
    let named: Vec<(u32, &str)> = (0..claims.len())
        .filter_map(|index| {
            let id = claims.cell("participant_id", index).map(str::trim).filter(|id| !id.is_empty())?;
            Some((u32::try_from(index).ok()?, id))
        })
        .collect();
    let left =
        frame(named.iter().map(|(_, id)| *id).collect(), "claim", named.iter().map(|(index, _)| *index).collect())?;
    let right = frame(unique.keys().map(String::as_str).collect(), "register", unique.values().copied().collect())?;
    let joined =
        asserted(left.join(&right, ["participant_id"], ["participant_id"], JoinArgs::new(JoinType::Left), None))?;
    if joined.height() != left.height() {
        return Err(RunError::Untrusted("joining the register changed the number of claims".into()));
    }
    let claim = numbers(&joined, "claim")?;
    let register = numbers(&joined, "register")?;
    let mut row_of_claim = vec![None; claims.len()];
    for (claim, register) in claim.iter().zip(register.iter()) {
        let index = claim.and_then(|claim| usize::try_from(claim).ok());
        if let Some(place) = index.and_then(|index| row_of_claim.get_mut(index)) {
            *place = register;
        }
    }
    Ok(row_of_claim)
}

fn unreadable(column: &str) -> String {
    format!("the register's {column} for this participant is missing or could not be read")
}

fn frame(keys: Vec<&str>, name: &str, rows: Vec<u32>) -> Result<DataFrame, RunError> {
    let height = keys.len();
    let keys: Column = Series::new("participant_id".into(), keys).into_column();
    let rows: Column = Series::new(name.into(), rows).into_column();
    asserted(DataFrame::new(height, vec![keys, rows]))
}

fn numbers(frame: &DataFrame, name: &str) -> Result<ChunkedArray<UInt32Type>, RunError> {
    asserted(frame.column(name).and_then(|column| column.u32().cloned()))
}

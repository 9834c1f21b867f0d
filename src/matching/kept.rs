//! The row visitor that keeps the payments of claimed people and counts all other rows.

use std::collections::BTreeMap;

use arrow::array::AsArray;
use arrow::compute::{max, min};
use arrow::datatypes::{DataType, Date32Type};
use polars::prelude::{DataFrame, DataFrameJoinOps, IntoColumn, JoinArgs, JoinType, NamedFrom, Series};

use super::asserted;
use super::ceiling::Ceiling;
use super::compact::CompactPayments;
use super::earnings_read::{EarningsAccount, EarningsRead, Paydays};
use super::payments::Sought;
use super::people::People;
use super::texts::Numbering;
use crate::domain::count_of as count;
use crate::domain::day::from_day_number;
use crate::domain::payment::at;
use crate::domain::{Cell, NinoText, Payment, Tally, day};
use crate::error::RunError;
use crate::extract::chunk::{Chunk, Unreadable, text_at};
use crate::extract::earnings::cells::{dates, each_nino, unreadable};
use crate::extract::earnings::{Look, Unit, UnitAccount};
use crate::extract::{Quarantined, source::Surveyed};

/// What the visitors of all splits share.
pub(super) struct Extract<'a> {
    files: &'a [Surveyed],
    /// The stems sought, in the form a store is read by.
    stems: Vec<[u8; 8]>,
    /// The stems sought, as a set to test every row against.
    people: People,
    /// The stems sought, as a frame to join the kept payments with.
    frame: DataFrame,
    keys: &'static [usize],
    paydays: bool,
    numbering: &'a Numbering,
    ceiling: Option<&'a Ceiling>,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl<'a> Extract<'a> {
    pub(super) fn new(
        files: &'a [Surveyed],
        sought: &Sought,
        numbering: &'a Numbering,
        ceiling: Option<&'a Ceiling>,
        progress: &'a (dyn Fn(u64) + Sync),
    ) -> Result<Self, RunError> {
        Ok(Self {
            files,
            stems: sought.people.iter().map(|key| key.to_be_bytes()).collect(),
            people: People::new(sought.people.iter().copied()),
            frame: people_frame(sought.people.iter().copied().collect())?,
            keys: if sought.paydays { &[at::NINO, at::PAYMENT_DATE] } else { &[at::NINO] },
            paydays: sought.paydays,
            numbering,
            ceiling,
            progress,
        })
    }

    /// The join of the kept payments with the people sought: it must find each of them, once.
    fn joined(&self, kept: &Kept<'_>) -> Result<(), RunError> {
        let people: Vec<u64> = kept.frames.iter().flat_map(|(_, people)| people).copied().collect();
        if people.is_empty() {
            return Ok(());
        }
        let rows = people_frame(people)?;
        let semi = JoinArgs::new(JoinType::Semi);
        let joined = asserted(rows.join(&self.frame, ["person"], ["person"], semi, None))?;
        if joined.height() == rows.height() {
            return Ok(());
        }
        Err(RunError::Untrusted("joining the payments to the people sought changed their number".into()))
    }
}

/// People as a frame of one column.
fn people_frame(people: Vec<u64>) -> Result<DataFrame, RunError> {
    asserted(DataFrame::new(people.len(), vec![Series::new("person".into(), people).into_column()]))
}

/// The payments kept from one split.
pub(super) struct Kept<'a> {
    extract: &'a Extract<'a>,
    source: Option<&'a Surveyed>,
    is_stored: bool,
    frames: Vec<(CompactPayments, Vec<u64>)>,
    account: EarningsAccount,
    quarantined: Vec<Quarantined>,
    paydays: Option<Paydays>,
    /// The last payday that was read from text, as it was written: most rows have the payday of the row before.
    payday_before: Vec<u8>,
    /// Rows of text that were tested since progress was last reported.
    untold: u64,
    /// What was met, by file.
    tallies: BTreeMap<u32, Tally>,
}

/// How many rows of text are reported as progress at a time.
const TOLD_ROWS: u64 = 65_536;

impl<'a> Kept<'a> {
    pub(super) fn new(extract: &'a Extract<'a>, unit: &Unit) -> Self {
        Self {
            extract,
            source: usize::try_from(unit.file()).ok().and_then(|file| extract.files.get(file)),
            is_stored: unit.is_stored(),
            frames: Vec::new(),
            account: EarningsAccount::default(),
            quarantined: Vec::new(),
            paydays: None,
            payday_before: Vec::new(),
            untold: 0,
            tallies: BTreeMap::new(),
        }
    }

    /// Whether a row is of someone sought; a row that is not is counted.
    #[inline]
    fn is_sought(&mut self, nino: NinoText) -> bool {
        match nino {
            NinoText::WellFormed(nino) if self.extract.people.contains(nino.stem().key()) => return true,
            NinoText::WellFormed(_) => self.account.unclaimed += 1,
            NinoText::Dummy(_) | NinoText::Malformed => self.account.without_person += 1,
        }
        false
    }

    fn unreadable(&self, fault: &Unreadable) -> RunError {
        unreadable(self.source, fault)
    }

    /// Ends the split: what it kept must be what the join finds.
    pub(super) fn ended(&mut self) -> Result<(), RunError> {
        self.extract.joined(self)?;
        (self.extract.progress)(std::mem::take(&mut self.untold));
        Ok(())
    }

    /// Adds the split's rows to the account and returns the payments, with the person of each.
    pub(super) fn told(mut self, unit: UnitAccount, read: &mut EarningsRead) -> Vec<(CompactPayments, Vec<u64>)> {
        let file = usize::try_from(unit.file).unwrap_or(usize::MAX);
        read.account.rows += unit.rows;
        read.account.quarantined += self.account.quarantined + count(unit.quarantined.len());
        read.account.without_person += self.account.without_person;
        read.account.unclaimed += self.account.unclaimed;
        if self.is_stored {
            read.account.unclaimed -= self.account.kept + self.account.quarantined;
        }
        read.account.kept += self.account.kept;
        if let Some(rows) = read.rows.get_mut(file) {
            *rows += unit.rows;
        }
        if let (Some(place), Some(counts)) = (read.csv.get_mut(file), &unit.csv) {
            place.get_or_insert_default().add(counts);
        }
        self.quarantined.iter_mut().for_each(|row| row.move_behind(unit.rows_before, unit.lines_before));
        read.quarantined.extend(self.quarantined);
        read.quarantined.extend(unit.quarantined);
        read.paydays = Paydays::joined(read.paydays, self.paydays);
        for (file, tally) in &self.tallies {
            if let Some(of_file) = usize::try_from(*file).ok().and_then(|file| read.tallies.get_mut(file)) {
                of_file.add(tally);
            }
        }
        self.frames.iter_mut().for_each(|(frame, _)| frame.move_behind(unit.rows_before));
        self.frames
    }

    /// Keeps the payments of a row batch.
    fn keep(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        let cells = chunk.cells(&Payment::COLUMNS).map_err(|fault| self.unreadable(&fault))?;
        let mut payments = Vec::with_capacity(chunk.len());
        for (index, (file, number)) in chunk.rows.iter().enumerate() {
            let nino = cells.cell(at::NINO, index).map(|cell| NinoText::read(&cell.words()));
            let Some(NinoText::WellFormed(nino)) = nino else { continue };
            let cell = |column: usize| cells.cell(column, index);
            match Payment::read_cells((*file, *number), nino, cell, self.tallies.entry(*file).or_default()) {
                Ok(payment) => payments.push(payment),
                Err(error) => {
                    self.account.quarantined += 1;
                    self.quarantined.push(Quarantined {
                        file: *file,
                        row: *number,
                        line: chunk.lines.get(index).copied().filter(|line| 0 < *line),
                        reason: format!("{}: {}", error.column, error.fault),
                        raw: raw(chunk, index, &cell),
                    });
                }
            }
        }
        self.account.kept += count(payments.len());
        let people: Vec<u64> = payments.iter().map(|payment| payment.nino.stem().key()).collect();
        if self.extract.ceiling.is_none_or(|ceiling| ceiling.admits(&people)) {
            self.frames.push((CompactPayments::new(&payments, self.extract.numbering), people));
        } else {
            self.frames.clear();
        }
        Ok(())
    }
}

impl Look for Kept<'_> {
    fn keys(&self) -> &[usize] {
        self.extract.keys
    }

    fn people(&self) -> &[[u8; 8]] {
        &self.extract.stems
    }

    fn wants<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool {
        if self.extract.paydays {
            let payday = cell(at::PAYMENT_DATE);
            if payday != self.payday_before {
                payday.clone_into(&mut self.payday_before);
                let text = std::str::from_utf8(payday).unwrap_or_default();
                let payday = day::parse(text.trim()).ok().map(|(date, _)| Paydays::on(date));
                self.paydays = Paydays::joined(self.paydays, payday);
            }
        }
        self.untold += 1;
        if self.untold == TOLD_ROWS {
            (self.extract.progress)(std::mem::take(&mut self.untold));
        }
        self.is_sought(NinoText::read_bytes(cell(at::NINO)))
    }

    fn wanted(&mut self, chunk: &Chunk) -> Result<Vec<u32>, RunError> {
        (self.extract.progress)(count(chunk.len()));
        if self.extract.paydays {
            let paydays = paydays(chunk).map_err(|fault| self.unreadable(&fault))?;
            self.paydays = Paydays::joined(self.paydays, paydays);
        }
        let (mut wanted, mut row) = (Vec::new(), 0);
        let read = each_nino(chunk, |nino| {
            if self.is_sought(nino) {
                wanted.push(row);
            }
            row += 1;
        });
        read.map_err(|fault| self.unreadable(&fault))?;
        Ok(wanted)
    }

    fn take(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        self.keep(chunk)
    }
}

/// The raw row of a text file; the cells of a Parquet row.
fn raw<'a>(chunk: &Chunk, place: usize, cell: &impl Fn(usize) -> Option<Cell<'a>>) -> Vec<u8> {
    if let Some(raw) = chunk.raw.as_ref().and_then(|raw| text_at(raw, place)) {
        return raw.as_bytes().to_vec();
    }
    let cells = Payment::COLUMNS
        .iter()
        .enumerate()
        .filter_map(|(number, column)| cell(number).map(|cell| format!("{}={}", column.name, cell.words())));
    cells.collect::<Vec<_>>().join("; ").into_bytes()
}

fn paydays(chunk: &Chunk) -> Result<Option<Paydays>, Unreadable> {
    let arrays = chunk.columns.get(at::PAYMENT_DATE).map(Vec::as_slice).unwrap_or_default();
    if let [array] = arrays
        && array.data_type() == &DataType::Date32
    {
        let days = array.as_primitive::<Date32Type>();
        let ends = min(days).zip(max(days));
        return Ok(
            ends.map(|(first, last)| Paydays { earliest: from_day_number(first), latest: from_day_number(last) })
        );
    }
    let days = dates(chunk, at::PAYMENT_DATE)?;
    Ok(days.into_iter().flatten().map(Paydays::on).fold(None, |all, day| Paydays::joined(all, Some(day))))
}

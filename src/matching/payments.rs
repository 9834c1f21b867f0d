//! The payments of claimed people: every row is asked whose it is, those kept are held to a semi-join with the people
//! sought, and each person's are handed out together.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray;
use arrow::compute::max;
use arrow::datatypes::{DataType, Date32Type};
use chrono::NaiveDate;
use polars::prelude::{DataFrame, DataFrameJoinOps, IntoColumn, JoinArgs, JoinType, NamedFrom, Series};
use rayon::prelude::*;

use super::asserted;
use super::columns::PaymentColumns;
use super::people::People;
use super::texts::{Numbering, Texts};
use crate::domain::day::from_day_number;
use crate::domain::payment::at;
use crate::domain::{Cell, NinoText, Payment, Stem, Tally, day};
use crate::error::RunError;
use crate::extract::chunk::{Chunk, Unreadable, text_at};
use crate::extract::csv::Counts;
use crate::extract::earnings::cells::{dates, each_nino, unreadable};
use crate::extract::earnings::{Earnings, Look, Unit, UnitAccount, read_all};
use crate::extract::{Quarantined, source::Surveyed};
use crate::publish::account::TextAccount;

/// What became of the rows of an extract. The parts add up to `rows`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EarningsAccount {
    /// All rows, quarantined ones included.
    pub rows: u64,
    /// Rows that are not records, or not payments although they stand under a claimed person's number.
    pub quarantined: u64,
    /// Rows whose National Insurance number is missing, malformed or a dummy: they count for nobody.
    pub without_person: u64,
    /// Rows of people nobody claims for. Nothing else of them was read.
    pub unclaimed: u64,
    /// Payments of claimed people.
    pub kept: u64,
}

/// The payments of claimed people.
#[derive(Debug, Default)]
pub struct Payments {
    frames: Vec<PaymentColumns>,
    texts: Texts,
    /// The people with payments, in order, and where in `places` theirs begin.
    people: Vec<(u64, usize)>,
    /// Each payment's frame and row there, person by person, in the order of the files.
    places: Vec<(u32, u32)>,
    /// What became of all rows.
    pub account: EarningsAccount,
    /// How many rows each earnings file has.
    pub rows: Vec<u64>,
    /// For each earnings file that is CSV, how its bytes were told apart.
    pub csv: Vec<Option<Counts>>,
    /// Rows that could not be read.
    pub quarantined: Vec<Quarantined>,
    /// The latest payday of any row, whoever's it is.
    pub latest_payday: Option<NaiveDate>,
    /// What was met while reading each earnings file.
    pub tallies: Vec<Tally>,
}

/// Whom to look for in the earnings, and what else to ask of every row.
#[derive(Debug, Clone)]
pub struct Sought {
    /// The people claimed for, by the key of their stem.
    pub people: BTreeSet<u64>,
    /// Whether the latest payday of any row is asked for.
    pub latest_payday: bool,
}

impl Payments {
    /// Reads the earnings and keeps the payments of the people sought. `progress` is told of every chunk's rows.
    ///
    /// # Errors
    /// A file that cannot be used, or a join that did not do what a join does.
    pub fn kept(
        earnings: &Earnings,
        units: &[Unit],
        sought: &Sought,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Self, RunError> {
        let numbering = Numbering::default();
        let files = &earnings.files;
        let extract = Extract {
            files,
            stems: sought.people.iter().map(|key| key.to_be_bytes()).collect(),
            people: People::new(sought.people.iter().copied()),
            frame: people_frame(sought.people.iter().copied().collect())?,
            keys: if sought.latest_payday { &[at::NINO, at::PAYMENT_DATE] } else { &[at::NINO] },
            latest_payday: sought.latest_payday,
            numbering: &numbering,
            progress,
        };
        let looks = read_all(files, units, &|unit| Kept::new(&extract, unit))?;
        let mut units = Vec::with_capacity(looks.len());
        for (look, account) in looks {
            extract.joined(&look)?;
            progress(look.untold);
            units.push((look, account));
        }
        let mut payments = Self {
            rows: vec![0; files.len()],
            csv: vec![None; files.len()],
            tallies: vec![Tally::default(); files.len()],
            ..Self::default()
        };
        let kept: u64 = units.iter().map(|(kept, _)| kept.account.kept).sum();
        let mut order = Vec::with_capacity(usize::try_from(kept).unwrap_or_default());
        payments.add_stores(earnings)?;
        for (kept, account) in units {
            payments.add(kept, account, &mut order);
        }
        payments.texts = numbering.finish();
        order.par_sort_unstable();
        payments.places = order.iter().map(|(_, frame, row)| (*frame, *row)).collect();
        let mut begin = 0;
        for payments_of_one in order.chunk_by(|(one, ..), (other, ..)| one == other) {
            payments.people.extend(payments_of_one.first().map(|(person, ..)| (*person, begin)));
            begin += payments_of_one.len();
        }
        Ok(payments)
    }

    /// Adds what stores know of their rows; those that are kept or set aside are taken from the unclaimed ones when they are
    /// added themselves.
    fn add_stores(&mut self, earnings: &Earnings) -> Result<(), RunError> {
        for (first_file, store) in &earnings.stores {
            for (file, number) in store.manifest.files.iter().zip(*first_file..) {
                self.account.rows += file.rows;
                self.account.without_person += file.without_person;
                self.account.quarantined += file.quarantined;
                self.account.unclaimed += file.rows - file.without_person - file.quarantined;
                let place = usize::try_from(number).unwrap_or(usize::MAX);
                if let (Some(rows), Some(csv)) = (self.rows.get_mut(place), self.csv.get_mut(place)) {
                    *rows = file.rows;
                    *csv = file.text.as_ref().map(TextAccount::counts);
                }
            }
            self.latest_payday = self.latest_payday.max(store.manifest.latest_payday());
        }
        self.quarantined.extend(earnings.quarantined_in_stores()?);
        Ok(())
    }

    fn add(&mut self, mut kept: Kept<'_>, unit: UnitAccount, order: &mut Vec<(u64, u32, u32)>) {
        let file = usize::try_from(unit.file).unwrap_or(usize::MAX);
        self.account.rows += unit.rows;
        self.account.quarantined += kept.account.quarantined + count(unit.quarantined.len());
        self.account.without_person += kept.account.without_person;
        self.account.unclaimed += kept.account.unclaimed;
        if kept.is_stored {
            self.account.unclaimed -= kept.account.kept + kept.account.quarantined;
        }
        self.account.kept += kept.account.kept;
        if let Some(rows) = self.rows.get_mut(file) {
            *rows += unit.rows;
        }
        if let (Some(place), Some(counts)) = (self.csv.get_mut(file), &unit.csv) {
            place.get_or_insert_default().add(counts);
        }
        kept.quarantined.iter_mut().for_each(|row| row.move_behind(unit.rows_before, unit.lines_before));
        self.quarantined.extend(kept.quarantined);
        self.quarantined.extend(unit.quarantined);
        self.latest_payday = self.latest_payday.max(kept.latest_payday);
        for (file, tally) in &kept.tallies {
            if let Some(of_file) = usize::try_from(*file).ok().and_then(|file| self.tallies.get_mut(file)) {
                of_file.add(tally);
            }
        }
        for (mut frame, people) in kept.frames {
            frame.move_behind(unit.rows_before);
            let number = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
            order.extend(people.into_iter().zip(0_u32..).map(|(person, row)| (person, number, row)));
            self.frames.push(frame);
        }
    }

    /// All payments of a person, in the order of the files.
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

/// What every unit is read with.
struct Extract<'a> {
    files: &'a [Surveyed],
    /// The people sought, to ask a store for.
    stems: Vec<[u8; 8]>,
    /// The people sought, to ask every row by.
    people: People,
    /// The same people, to join what is kept with.
    frame: DataFrame,
    keys: &'static [usize],
    latest_payday: bool,
    numbering: &'a Numbering,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl Extract<'_> {
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

/// The part of the payments that one unit holds.
struct Kept<'a> {
    extract: &'a Extract<'a>,
    source: Option<&'a Surveyed>,
    is_stored: bool,
    frames: Vec<(PaymentColumns, Vec<u64>)>,
    account: EarningsAccount,
    quarantined: Vec<Quarantined>,
    latest_payday: Option<NaiveDate>,
    /// The last payday that was read from text, as it was written: most rows have the payday of the row before.
    payday_before: Vec<u8>,
    /// Rows of text that were asked and not told of yet.
    untold: u64,
    /// What was met, by file.
    tallies: BTreeMap<u32, Tally>,
}

/// How many rows of text are told of at a time.
const TOLD_ROWS: u64 = 65_536;

impl<'a> Kept<'a> {
    fn new(extract: &'a Extract<'a>, unit: &Unit) -> Self {
        Self {
            extract,
            source: usize::try_from(unit.file()).ok().and_then(|file| extract.files.get(file)),
            is_stored: unit.is_stored(),
            frames: Vec::new(),
            account: EarningsAccount::default(),
            quarantined: Vec::new(),
            latest_payday: None,
            payday_before: Vec::new(),
            untold: 0,
            tallies: BTreeMap::new(),
        }
    }

    /// Whether a row is of someone sought; if not, it is accounted for.
    #[inline]
    fn is_sought(&mut self, nino: NinoText) -> bool {
        match nino {
            NinoText::WellFormed(nino) if self.extract.people.contains(nino.stem().key()) => return true,
            NinoText::WellFormed(_) => self.account.unclaimed += 1,
            NinoText::Dummy(_) | NinoText::Malformed => self.account.without_person += 1,
        }
        false
    }

    fn told(&self, fault: &Unreadable) -> RunError {
        unreadable(self.source, fault)
    }

    /// Keeps the payments of a chunk.
    fn keep(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        let cells = chunk.cells(&Payment::COLUMNS).map_err(|fault| self.told(&fault))?;
        let mut payments = Vec::with_capacity(chunk.len());
        for (index, (file, number)) in chunk.rows.iter().enumerate() {
            let nino = cells.cell(at::NINO, index).map(|cell| NinoText::read(&cell.words()));
            let Some(NinoText::WellFormed(nino)) = nino else { continue };
            let cell = |column: usize| cells.cell(column, index);
            match Payment::read_cells((*file, *number), nino, cell, self.tallies.entry(*file).or_default()) {
                Ok(payment) => payments.push(payment),
                Err(fault) => {
                    self.account.quarantined += 1;
                    self.quarantined.push(Quarantined {
                        file: *file,
                        row: *number,
                        line: chunk.lines.get(index).copied().filter(|line| 0 < *line),
                        reason: format!("{}: {}", fault.column, fault.fault),
                        raw: raw(chunk, index, &cell),
                    });
                }
            }
        }
        self.account.kept += count(payments.len());
        let people = payments.iter().map(|payment| payment.nino.stem().key()).collect();
        self.frames.push((PaymentColumns::new(&payments, self.extract.numbering), people));
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
        if self.extract.latest_payday {
            let payday = cell(at::PAYMENT_DATE);
            if payday != self.payday_before {
                payday.clone_into(&mut self.payday_before);
                let text = std::str::from_utf8(payday).unwrap_or_default();
                self.latest_payday = self.latest_payday.max(day::parse(text.trim()).ok().map(|(date, _)| date));
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
        if self.extract.latest_payday {
            self.latest_payday = self.latest_payday.max(latest_payday(chunk).map_err(|fault| self.told(&fault))?);
        }
        let (mut wanted, mut row) = (Vec::new(), 0);
        let read = each_nino(chunk, |nino| {
            if self.is_sought(nino) {
                wanted.push(row);
            }
            row += 1;
        });
        read.map_err(|fault| self.told(&fault))?;
        Ok(wanted)
    }

    fn take(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        self.keep(chunk)
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// The row as it stands in a text file; the cells of a Parquet row.
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

fn latest_payday(chunk: &Chunk) -> Result<Option<NaiveDate>, Unreadable> {
    let arrays = chunk.columns.get(at::PAYMENT_DATE).map(Vec::as_slice).unwrap_or_default();
    if let [array] = arrays
        && array.data_type() == &DataType::Date32
    {
        return Ok(max(array.as_primitive::<Date32Type>()).map(from_day_number));
    }
    Ok(dates(chunk, at::PAYMENT_DATE)?.into_iter().flatten().max())
}

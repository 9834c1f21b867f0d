//! The payments of claimed people: kept from the extract by a semi-join, handed out by person.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::AsArray;
use arrow::array::UInt32Array;
use arrow::compute::max;
use arrow::datatypes::{DataType, Date32Type};
use chrono::NaiveDate;
use polars::prelude::{
    Column, DataFrame, DataFrameJoinOps, IntoColumn, JoinArgs, JoinType, NamedFrom, Series, UInt32Chunked,
};
use rayon::prelude::*;

use super::asserted;
use super::frame::PaymentFrame;
use super::texts::{Numbering, Texts};
use crate::domain::day::from_day_number;
use crate::domain::{Nino, NinoText, Payment, Stem, Tally, day};
use crate::error::{InputError, RunError};
use crate::extract::chunk::{Chunk, Unreadable, text_at};
use crate::extract::csv::Counts;
use crate::extract::earnings::Unit;
use crate::extract::{Quarantined, source::Surveyed};

/// Where the columns that every row is asked for stand in [`Payment::COLUMNS`].
pub(super) const NINO: usize = 0;
pub(super) const DATE_OF_BIRTH: usize = 3;
const PAYMENT_DATE: usize = 10;

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
    frames: Vec<PaymentFrame>,
    texts: Texts,
    /// The people with payments, in order, and where in `places` theirs begin.
    people: Vec<(u64, usize)>,
    /// Each payment's frame and row there, person by person, in the order of the files.
    places: Vec<(u32, u32)>,
    /// What became of the rows of each earnings file.
    pub accounts: Vec<EarningsAccount>,
    /// For each earnings file that is CSV, how its bytes were told apart.
    pub csv: Vec<Option<Counts>>,
    /// Rows that could not be read.
    pub quarantined: Vec<Quarantined>,
    /// The latest payday of any row, whoever's it is.
    pub latest_payday: Option<NaiveDate>,
    /// What was met while reading each earnings file.
    pub tallies: Vec<Tally>,
}

/// The part of the payments that one unit holds.
#[derive(Debug, Default)]
struct Kept {
    frames: Vec<(PaymentFrame, Vec<u64>)>,
    account: EarningsAccount,
    quarantined: Vec<Quarantined>,
    latest_payday: Option<NaiveDate>,
    tally: Tally,
}

impl Payments {
    /// Reads the earnings and keeps the payments of the people sought. `progress` is told of every chunk's rows.
    ///
    /// # Errors
    /// A file that cannot be used, or a join that did not do what a join does.
    pub fn kept(
        files: &[Surveyed],
        units: &[Unit],
        sought: &BTreeSet<u64>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Self, RunError> {
        let keys: Vec<u64> = sought.iter().copied().collect();
        let height = keys.len();
        let sought = asserted(DataFrame::new(height, vec![Series::new("person".into(), keys).into_column()]))?;
        let numbering = Numbering::default();
        let extract = Extract { files, sought: &sought, numbering: &numbering, progress };
        let units = read_side_by_side(units, &|unit| extract.read(unit).map(|read| (unit.file(), read)))?;
        let mut payments = Self {
            accounts: vec![EarningsAccount::default(); files.len()],
            csv: vec![None; files.len()],
            tallies: vec![Tally::default(); files.len()],
            texts: numbering.finish(),
            ..Self::default()
        };
        let kept: u64 = units.iter().map(|(_, (kept, _))| kept.account.kept).sum();
        let mut order = Vec::with_capacity(usize::try_from(kept).unwrap_or_default());
        for (file, (kept, csv)) in units {
            payments.add(usize::try_from(file).unwrap_or(usize::MAX), kept, csv, &mut order);
        }
        order.par_sort_unstable();
        payments.places = order.iter().map(|(_, frame, row)| (*frame, *row)).collect();
        let mut begin = 0;
        for payments_of_one in order.chunk_by(|(one, ..), (other, ..)| one == other) {
            payments.people.extend(payments_of_one.first().map(|(person, ..)| (*person, begin)));
            begin += payments_of_one.len();
        }
        Ok(payments)
    }

    fn add(&mut self, file: usize, kept: Kept, csv: Option<Counts>, order: &mut Vec<(u64, u32, u32)>) {
        if let Some(account) = self.accounts.get_mut(file) {
            account.rows += kept.account.rows;
            account.quarantined += kept.account.quarantined;
            account.without_person += kept.account.without_person;
            account.unclaimed += kept.account.unclaimed;
            account.kept += kept.account.kept;
        }
        if let Some(place) = self.csv.get_mut(file) {
            *place = csv;
        }
        self.quarantined.extend(kept.quarantined);
        self.latest_payday = self.latest_payday.max(kept.latest_payday);
        if let Some(tally) = self.tallies.get_mut(file) {
            tally.add(&kept.tally);
        }
        for (frame, people) in kept.frames {
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

    /// What became of all rows.
    pub fn account(&self) -> EarningsAccount {
        self.accounts.iter().fold(EarningsAccount::default(), |sum, file| EarningsAccount {
            rows: sum.rows + file.rows,
            quarantined: sum.quarantined + file.quarantined,
            without_person: sum.without_person + file.without_person,
            unclaimed: sum.unclaimed + file.unclaimed,
            kept: sum.kept + file.kept,
        })
    }
}

/// Reads units on as many threads as the run has, each to its end before the next is begun; answers in their order.
///
/// The threads are not rayon's: one of those, while it waits for polars, would begin another unit, and in the end all
/// units would be open at once.
fn read_side_by_side<T: Send>(
    units: &[Unit],
    read: &(impl Fn(&Unit) -> Result<T, RunError> + Sync),
) -> Result<Vec<T>, RunError> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((number, unit)) = units.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            let read = read(unit);
            if read.is_err() {
                next.store(units.len(), Ordering::Relaxed);
            }
            done.push((number, read));
        }
        done
    };
    let mut done: Vec<(usize, Result<T, RunError>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..rayon::current_num_threads()).map(|_| scope.spawn(work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, read)| read).collect()
}

/// What every unit is read with.
struct Extract<'a> {
    files: &'a [Surveyed],
    sought: &'a DataFrame,
    numbering: &'a Numbering,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl Extract<'_> {
    fn read(&self, unit: &Unit) -> Result<(Kept, Option<Counts>), RunError> {
        let source = usize::try_from(unit.file()).ok().and_then(|file| self.files.get(file));
        let told = |fault: Unreadable| match source {
            Some(file) => unreadable_column(file, &fault).into(),
            None => RunError::Untrusted("a chunk belongs to no file".into()),
        };
        let (mut looked_at, mut kept) = (LookedAt::default(), Kept::default());
        let account = unit.read(
            &[NINO, PAYMENT_DATE],
            &mut |chunk| {
                (self.progress)(count(chunk.len()));
                looked_at.claimed(chunk, self.sought, &told)
            },
            &mut |chunk, claimed| keep(&mut kept, chunk, &claimed, self.numbering, &told),
        )?;
        kept.account.rows = account.rows;
        kept.account.without_person = looked_at.without_person;
        kept.account.unclaimed = looked_at.unclaimed;
        kept.account.quarantined += count(account.quarantined.len());
        kept.quarantined.extend(account.quarantined);
        kept.latest_payday = looked_at.latest_payday;
        Ok((kept, account.csv))
    }
}

fn unreadable_column(file: &Surveyed, fault: &Unreadable) -> InputError {
    let problem = format!("the column `{}` has values of the type {} that are no cells", fault.column, fault.type_name);
    file.source.error(problem, "write the column as text, dates or numbers")
}

/// What every row of a unit is looked at for.
#[derive(Debug, Default)]
struct LookedAt {
    latest_payday: Option<NaiveDate>,
    without_person: u64,
    unclaimed: u64,
}

impl LookedAt {
    /// The rows of a chunk that belong to the people sought; all the others are accounted for.
    fn claimed(
        &mut self,
        chunk: &Chunk,
        sought: &DataFrame,
        told: &dyn Fn(Unreadable) -> RunError,
    ) -> Result<Vec<u32>, RunError> {
        self.latest_payday = self.latest_payday.max(latest_payday(chunk).map_err(told)?);
        let ninos = ninos(chunk).map_err(told)?;
        let people: Vec<(u64, u32)> =
            ninos.iter().zip(0_u32..).filter_map(|(nino, row)| nino.map(|nino| (nino.stem().key(), row))).collect();
        let claimed = claimed_rows(&people, sought)?;
        self.without_person += count(ninos.len() - people.len());
        self.unclaimed += count(people.len() - claimed.len());
        Ok(claimed)
    }
}

/// Keeps the payments of a chunk's rows that belong to the people sought.
fn keep(
    kept: &mut Kept,
    chunk: &Chunk,
    claimed: &[u32],
    numbering: &Numbering,
    told: &dyn Fn(Unreadable) -> RunError,
) -> Result<(), RunError> {
    let texts = chunk.texts(&Payment::COLUMNS, &UInt32Array::from(claimed.to_vec())).map_err(told)?;
    let mut payments = Vec::with_capacity(claimed.len());
    for (index, row) in claimed.iter().enumerate() {
        let place = usize::try_from(*row).unwrap_or(usize::MAX);
        let Some(NinoText::WellFormed(nino)) = texts.cell(NINO, index).map(NinoText::read) else { continue };
        let number = chunk.rows.get(place).copied().unwrap_or(u32::MAX);
        let cell = |name: &'static str| {
            let column = Payment::COLUMNS.iter().position(|column| column.name == name)?;
            texts.cell(column, index)
        };
        match Payment::read((chunk.file, number), nino, cell, &mut kept.tally) {
            Ok(payment) => payments.push(payment),
            Err(fault) => {
                kept.account.quarantined += 1;
                kept.quarantined.push(Quarantined {
                    file: chunk.file,
                    row: number,
                    line: chunk.lines.get(place).copied(),
                    reason: format!("{}: {}", fault.column, fault.fault),
                    raw: raw(chunk, place, &cell),
                });
            }
        }
    }
    kept.account.kept += count(payments.len());
    let people = payments.iter().map(|payment| payment.nino.stem().key()).collect();
    kept.frames.push((PaymentFrame::new(chunk.file, &payments, numbering)?, people));
    Ok(())
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

/// The row as it stands in a text file; the cells of a Parquet row.
fn raw<'a>(chunk: &Chunk, place: usize, cell: &impl Fn(&'static str) -> Option<&'a str>) -> Vec<u8> {
    if let Some(raw) = chunk.raw.as_ref().and_then(|raw| text_at(raw, place)) {
        return raw.as_bytes().to_vec();
    }
    let cells =
        Payment::COLUMNS.iter().filter_map(|column| cell(column.name).map(|text| format!("{}={text}", column.name)));
    cells.collect::<Vec<_>>().join("; ").into_bytes()
}

/// The number of each row, where it is a person's.
pub(super) fn ninos(chunk: &Chunk) -> Result<Vec<Option<Nino>>, Unreadable> {
    let [column, ..] = Payment::COLUMNS;
    let texts = chunk.texts_of(NINO, &column)?;
    let text = |row: usize| texts.iter().find_map(|array| text_at(array, row));
    let nino = |row: usize| match NinoText::read(text(row)?) {
        NinoText::WellFormed(nino) => Some(nino),
        NinoText::Dummy(_) | NinoText::Malformed => None,
    };
    Ok((0..chunk.len()).map(nino).collect())
}

/// The date of birth of each row, where it has one that can be read.
pub(super) fn dates_of_birth(chunk: &Chunk) -> Result<Vec<Option<NaiveDate>>, Unreadable> {
    let Some(column) = Payment::COLUMNS.get(DATE_OF_BIRTH) else { return Ok(Vec::new()) };
    let texts = chunk.texts_of(DATE_OF_BIRTH, column)?;
    let text = |row: usize| texts.iter().find_map(|array| text_at(array, row));
    Ok((0..chunk.len()).map(|row| day::parse(text(row)?.trim()).ok().map(|(date, _)| date)).collect())
}

fn latest_payday(chunk: &Chunk) -> Result<Option<NaiveDate>, Unreadable> {
    let Some(column) = Payment::COLUMNS.get(PAYMENT_DATE) else { return Ok(None) };
    let arrays = chunk.columns.get(PAYMENT_DATE).map(Vec::as_slice).unwrap_or_default();
    if let [array] = arrays
        && array.data_type() == &DataType::Date32
    {
        return Ok(max(array.as_primitive::<Date32Type>()).map(from_day_number));
    }
    let texts = chunk.texts_of(PAYMENT_DATE, column)?;
    let paydays = texts.iter().flat_map(|array| array.iter().flatten());
    Ok(paydays.filter_map(|text| day::parse(text.trim()).ok().map(|(date, _)| date)).max())
}

/// The semi-join: which rows belong to the people sought, in their order.
fn claimed_rows(people: &[(u64, u32)], sought: &DataFrame) -> Result<Vec<u32>, RunError> {
    if people.is_empty() || sought.height() == 0 {
        return Ok(Vec::new());
    }
    let person: Column =
        Series::new("person".into(), people.iter().map(|(person, _)| *person).collect::<Vec<_>>()).into_column();
    let row: Column = Series::new("row".into(), people.iter().map(|(_, row)| *row).collect::<Vec<_>>()).into_column();
    let rows = asserted(DataFrame::new(people.len(), vec![person, row]))?;
    let joined = asserted(rows.join(sought, ["person"], ["person"], JoinArgs::new(JoinType::Semi), None))?;
    if people.len() < joined.height() {
        return Err(RunError::Untrusted("keeping the claimed people's payments made more of them".into()));
    }
    let rows: UInt32Chunked = asserted(joined.column("row").and_then(|column| column.u32().cloned()))?;
    let mut rows: Vec<u32> = rows.iter().flatten().collect();
    rows.sort_unstable();
    Ok(rows)
}

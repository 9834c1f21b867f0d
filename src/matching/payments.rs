//! The payments of claimed people: kept from the extract by a semi-join, handed out by person.

use std::collections::BTreeSet;

use arrow::array::AsArray;
use arrow::array::UInt32Array;
use arrow::compute::max;
use arrow::datatypes::{DataType, Date32Type};
use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataFrame, DataFrameJoinOps, Int32Type, Int64Type, IntoColumn, JoinArgs,
    JoinType, NamedFrom, NewChunkedArray, PolarsNumericType, Series, StringChunked, UInt32Chunked, UInt32Type,
    UInt64Type,
};
use rayon::prelude::*;

use super::asserted;
use crate::domain::day::{add_days, days_from};
use crate::domain::{Band, EmployerRef, Frequency, Nino, NinoText, Payment, Pence, Stem, Tally, day};
use crate::error::{InputError, RunError};
use crate::extract::chunk::{Chunk, Unreadable, text_at};
use crate::extract::csv::Counts;
use crate::extract::earnings::Unit;
use crate::extract::{Quarantined, source::Surveyed};

/// Where the columns that every row is asked for stand in [`Payment::COLUMNS`].
const NINO: usize = 0;
const DATE_OF_BIRTH: usize = 3;
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
    /// Each payment's person, frame and row there, in order of person.
    order: Vec<(u64, u32, u32)>,
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
    frame: Vec<DataFrame>,
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
        let read = |unit: &Unit| read_unit(files, unit, &sought, progress).map(|read| (unit.file(), read));
        let units: Vec<(u32, (Kept, Option<Counts>))> = units.par_iter().map(read).collect::<Result<_, RunError>>()?;
        let mut payments = Self {
            accounts: vec![EarningsAccount::default(); files.len()],
            csv: vec![None; files.len()],
            tallies: vec![Tally::default(); files.len()],
            ..Self::default()
        };
        for (file, (kept, csv)) in units {
            payments.add(usize::try_from(file).unwrap_or(usize::MAX), kept, csv)?;
        }
        payments.order.par_sort_unstable();
        Ok(payments)
    }

    fn add(&mut self, file: usize, kept: Kept, csv: Option<Counts>) -> Result<(), RunError> {
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
        for frame in kept.frame {
            let frame = PaymentFrame::new(&frame)?;
            let number = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
            let people = frame.person.iter().flatten().zip(0_u32..);
            self.order.extend(people.map(|(person, row)| (person, number, row)));
            self.frames.push(frame);
        }
        Ok(())
    }

    /// All payments of a person, in the order of the files.
    pub fn of(&self, person: Stem) -> Vec<Payment> {
        let key = person.key();
        let from = self.order.partition_point(|(of, ..)| *of < key);
        let rows = self.order.get(from..).unwrap_or_default().iter().take_while(|(of, ..)| *of == key);
        rows.filter_map(|(_, frame, row)| {
            self.frames.get(usize::try_from(*frame).ok()?)?.payment(usize::try_from(*row).ok()?)
        })
        .collect()
    }

    /// Whether a person has any payment.
    pub fn has(&self, person: Stem) -> bool {
        self.order.binary_search_by(|(of, ..)| of.cmp(&person.key())).is_ok()
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

fn read_unit(
    files: &[Surveyed],
    unit: &Unit,
    sought: &DataFrame,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Kept, Option<Counts>), RunError> {
    let mut kept = Kept::default();
    let mut failed: Option<RunError> = None;
    let source = usize::try_from(unit.file()).ok().and_then(|file| files.get(file));
    let stop = || InputError::new("", "", "");
    let read = unit.read(&mut |chunk| {
        let rows = chunk.len();
        let outcome = keep(&mut kept, &chunk, sought).map_err(|error| match (error, source) {
            (KeepError::Column(fault), Some(file)) => unreadable_column(file, &fault).into(),
            (KeepError::Column(_), None) => RunError::Untrusted("a chunk belongs to no file".into()),
            (KeepError::Run(error), _) => error,
        });
        progress(u64::try_from(rows).unwrap_or(0));
        outcome.map_err(|error| {
            failed = Some(error);
            stop()
        })
    });
    match (read, failed) {
        (_, Some(error)) => Err(error),
        (Err(error), None) => Err(error.into()),
        (Ok(account), None) => {
            kept.account.rows = account.rows;
            kept.account.quarantined += u64::try_from(account.quarantined.len()).unwrap_or(u64::MAX);
            kept.quarantined.extend(account.quarantined);
            Ok((kept, account.csv))
        }
    }
}

fn unreadable_column(file: &Surveyed, fault: &Unreadable) -> InputError {
    let problem = format!("the column `{}` has values of the type {} that are no cells", fault.column, fault.type_name);
    file.source.error(problem, "write the column as text, dates or numbers")
}

enum KeepError {
    Column(Unreadable),
    Run(RunError),
}

impl From<Unreadable> for KeepError {
    fn from(fault: Unreadable) -> Self {
        Self::Column(fault)
    }
}

impl From<RunError> for KeepError {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

/// Keeps the rows of a chunk that belong to the people sought, and accounts for all the others.
fn keep(kept: &mut Kept, chunk: &Chunk, sought: &DataFrame) -> Result<(), KeepError> {
    kept.latest_payday = kept.latest_payday.max(latest_payday(chunk)?);
    let ninos = ninos(chunk)?;
    let people: Vec<(u64, u32)> =
        ninos.iter().zip(0_u32..).filter_map(|(nino, row)| nino.map(|nino| (nino.stem().key(), row))).collect();
    let claimed = claimed_rows(&people, sought)?;
    kept.account.without_person += count(ninos.len() - people.len());
    kept.account.unclaimed += count(people.len() - claimed.len());
    if claimed.is_empty() {
        return Ok(());
    }
    let texts = chunk.texts(&Payment::COLUMNS, &UInt32Array::from(claimed.clone()))?;
    let mut payments = Vec::with_capacity(claimed.len());
    for (index, row) in claimed.iter().enumerate() {
        let place = usize::try_from(*row).unwrap_or(usize::MAX);
        let Some(nino) = ninos.get(place).copied().flatten() else { continue };
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
    kept.frame.push(frame(&payments)?);
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

fn from_day_number(days: i32) -> NaiveDate {
    add_days(NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default(), i64::from(days))
}

fn day_number(date: NaiveDate) -> i32 {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    i32::try_from(days_from(epoch, date)).unwrap_or(i32::MAX)
}

/// Payments as a frame: one column a field, money in pence, dates as days since 1970 began.
fn frame(payments: &[Payment]) -> Result<DataFrame, RunError> {
    fn numbers<T: PolarsNumericType>(name: &str, values: impl Iterator<Item = Option<T::Native>>) -> Column
    where
        ChunkedArray<T>: IntoColumn + NewChunkedArray<T, T::Native>,
    {
        ChunkedArray::<T>::from_iter_options(name.into(), values).into_column()
    }
    let texts = |name: &str, of: &dyn for<'a> Fn(&'a Payment) -> Option<&'a str>| {
        Series::new(name.into(), payments.iter().map(of).collect::<Vec<Option<&str>>>()).into_column()
    };
    let dates = |name: &str, of: &dyn Fn(&Payment) -> Option<NaiveDate>| {
        numbers::<Int32Type>(name, payments.iter().map(|payment| of(payment).map(day_number)))
    };
    let codes = |name: &str, of: &dyn Fn(&Payment) -> Option<u32>| numbers::<UInt32Type>(name, payments.iter().map(of));
    let flags = |name: &str, of: &dyn Fn(&Payment) -> bool| {
        Series::new(name.into(), payments.iter().map(of).collect::<Vec<bool>>()).into_column()
    };
    let ids: Vec<Option<String>> = payments.iter().map(|payment| payment.payment_id.map(|id| id.to_string())).collect();
    asserted(DataFrame::new(
        payments.len(),
        vec![
            numbers::<UInt64Type>("person", payments.iter().map(|payment| Some(payment.nino.stem().key()))),
            codes("suffix", &|payment| payment.nino.suffix().map(u32::from)),
            codes("file", &|payment| Some(payment.file)),
            codes("row", &|payment| Some(payment.row)),
            texts("surname", &|payment| payment.surname.as_deref()),
            texts("forename", &|payment| payment.forename.as_deref()),
            dates("date_of_birth", &|payment| payment.date_of_birth),
            texts("employer", &|payment| Some(payment.employer.as_str())),
            texts("employer_name", &|payment| payment.employer_name.as_deref()),
            texts("payroll_id", &|payment| payment.payroll_id.as_deref()),
            dates("employment_start_date", &|payment| payment.employment_start_date),
            dates("leaving_date", &|payment| payment.leaving_date),
            dates("payment_date", &|payment| Some(payment.payment_date)),
            codes("pay_frequency", &|payment| frequency_code(payment.pay_frequency)),
            codes("earnings_periods", &|payment| Some(payment.earnings_periods.into())),
            numbers::<Int64Type>("taxable_pay_pence", payments.iter().map(|payment| Some(payment.taxable_pay.0))),
            codes("hours_band", &|payment| payment.hours_band.and_then(band_code)),
            flags("irregular_payment", &|payment| payment.irregular_payment),
            flags("pension_payment", &|payment| payment.pension_payment),
            flags("payment_after_leaving", &|payment| payment.payment_after_leaving),
            Series::new("payment_id".into(), ids).into_column(),
            numbers::<Int64Type>("received_at", payments.iter().map(|payment| payment.received_at)),
            dates("no_longer_valid", &|payment| payment.no_longer_valid),
        ],
    ))
}

const BANDS: [Band; 5] = [Band::A, Band::B, Band::C, Band::D, Band::E];

fn frequency_code(frequency: Frequency) -> Option<u32> {
    Frequency::ALL.iter().position(|known| *known == frequency).and_then(|place| u32::try_from(place).ok())
}

fn band_code(band: Band) -> Option<u32> {
    BANDS.iter().position(|known| *known == band).and_then(|place| u32::try_from(place).ok())
}

/// A frame of payments with its columns at hand.
#[derive(Debug)]
struct PaymentFrame {
    person: ChunkedArray<UInt64Type>,
    codes: [UInt32Chunked; 6],
    texts: [StringChunked; 6],
    dates: [ChunkedArray<Int32Type>; 5],
    amounts: [ChunkedArray<Int64Type>; 2],
    flags: [BooleanChunked; 3],
}

impl PaymentFrame {
    fn new(frame: &DataFrame) -> Result<Self, RunError> {
        let code = |name: &str| asserted(frame.column(name).and_then(|column| column.u32().cloned()));
        let text = |name: &str| asserted(frame.column(name).and_then(|column| column.str().cloned()));
        let date = |name: &str| asserted(frame.column(name).and_then(|column| column.i32().cloned()));
        let amount = |name: &str| asserted(frame.column(name).and_then(|column| column.i64().cloned()));
        let flag = |name: &str| asserted(frame.column(name).and_then(|column| column.bool().cloned()));
        Ok(Self {
            person: asserted(frame.column("person").and_then(|column| column.u64().cloned()))?,
            codes: [
                code("suffix")?,
                code("file")?,
                code("row")?,
                code("pay_frequency")?,
                code("earnings_periods")?,
                code("hours_band")?,
            ],
            texts: [
                text("surname")?,
                text("forename")?,
                text("employer")?,
                text("employer_name")?,
                text("payroll_id")?,
                text("payment_id")?,
            ],
            dates: [
                date("date_of_birth")?,
                date("employment_start_date")?,
                date("leaving_date")?,
                date("payment_date")?,
                date("no_longer_valid")?,
            ],
            amounts: [amount("taxable_pay_pence")?, amount("received_at")?],
            flags: [flag("irregular_payment")?, flag("pension_payment")?, flag("payment_after_leaving")?],
        })
    }

    /// The payment in a row; none outside the frame.
    fn payment(&self, row: usize) -> Option<Payment> {
        let [suffix, file, row_number, frequency, periods, band] = &self.codes;
        let [surname, forename, employer, employer_name, payroll_id, payment_id] = &self.texts;
        let [born, start, leaving, payday, voided] = &self.dates;
        let [pay, received_at] = &self.amounts;
        let [irregular, pension, after_leaving] = &self.flags;
        let text = |column: &StringChunked| column.get(row).map(Box::from);
        let date = |column: &ChunkedArray<Int32Type>| column.get(row).map(from_day_number);
        let at = |code: u32| usize::try_from(code).ok();
        let suffix = suffix.get(row).and_then(|suffix| u8::try_from(suffix).ok());
        Some(Payment {
            file: file.get(row)?,
            row: row_number.get(row)?,
            nino: Nino::from_parts(Stem::from_key(self.person.get(row)?), suffix),
            surname: text(surname),
            forename: text(forename),
            date_of_birth: date(born),
            employer: EmployerRef::from_canonical(employer.get(row)?),
            employer_name: text(employer_name),
            payroll_id: text(payroll_id),
            employment_start_date: date(start),
            leaving_date: date(leaving),
            payment_date: date(payday)?,
            pay_frequency: Frequency::ALL.get(at(frequency.get(row)?)?).copied()?,
            earnings_periods: u8::try_from(periods.get(row)?).ok()?,
            taxable_pay: Pence(pay.get(row)?),
            hours_band: band.get(row).and_then(at).and_then(|code| BANDS.get(code)).copied(),
            irregular_payment: irregular.get(row)?,
            pension_payment: pension.get(row)?,
            payment_after_leaving: after_leaving.get(row)?,
            payment_id: payment_id.get(row).and_then(|id| id.parse().ok()),
            received_at: received_at.get(row),
            no_longer_valid: date(voided),
        })
    }
}

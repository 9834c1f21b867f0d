//! Kept payments as frames: one column a field, money in pence, dates as days since 1970 began, repeated texts by number.
//!
//! No column has nulls: what a payment does not say is a number that no value has. So a frame is plain slices to read from.

use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{
    ChunkedArray, Column, DataFrame, Int32Type, Int64Type, IntoColumn, NamedFrom, PolarsNumericType, Series,
    UInt32Type, UInt64Type,
};

use super::asserted;
use super::texts::{Numbering, Texts};
use crate::domain::day::{day_number, from_day_number};
use crate::domain::{Band, EmployerRef, Frequency, Nino, Payment, Pence, Stem};
use crate::error::RunError;

/// Stands for no date.
const NO_DAY: i32 = i32::MIN;
/// Stands for no moment.
const NO_MOMENT: i64 = i64::MIN;
/// Stands for no code.
const NO_CODE: u32 = u32::MAX;
/// Stands for no payment number: they have up to 38 digits, and this has 39.
const NO_ID: u128 = u128::MAX;

/// A frame of payments, with its columns at hand. Whose each is, is known outside.
#[derive(Debug)]
pub(super) struct PaymentFrame {
    /// How many rows of the file come before those that its own are counted from.
    rows_before: u32,
    codes: [ChunkedArray<UInt32Type>; 7],
    texts: [ChunkedArray<UInt32Type>; 5],
    dates: [ChunkedArray<Int32Type>; 5],
    amounts: [ChunkedArray<Int64Type>; 2],
    payment_id: [ChunkedArray<UInt64Type>; 2],
}

const CODES: [&str; 7] = ["suffix", "file", "row", "pay_frequency", "earnings_periods", "hours_band", "marks"];
const TEXTS: [&str; 5] = ["surname", "forename", "employer", "employer_name", "payroll_id"];
const DATES: [&str; 5] = ["date_of_birth", "employment_start_date", "leaving_date", "payment_date", "no_longer_valid"];
const AMOUNTS: [&str; 2] = ["taxable_pay_pence", "received_at"];
const HALVES: [&str; 2] = ["payment_id_high", "payment_id_low"];

impl PaymentFrame {
    /// Makes the frame of some payments.
    ///
    /// # Errors
    /// Only if the columns do not fit each other.
    pub(super) fn new(payments: &[Payment], numbering: &Numbering) -> Result<Self, RunError> {
        let frame = frame(payments, numbering)?;
        let code = |name: &str| asserted(frame.column(name).and_then(|column| column.u32().cloned()));
        let date = |name: &str| asserted(frame.column(name).and_then(|column| column.i32().cloned()));
        let amount = |name: &str| asserted(frame.column(name).and_then(|column| column.i64().cloned()));
        let half = |name: &str| asserted(frame.column(name).and_then(|column| column.u64().cloned()));
        Ok(Self {
            rows_before: 0,
            codes: columns(CODES, code)?,
            texts: columns(TEXTS, code)?,
            dates: columns(DATES, date)?,
            amounts: columns(AMOUNTS, amount)?,
            payment_id: columns(HALVES, half)?,
        })
    }

    /// Puts rows that were counted from the beginning of a part of their file behind the parts before it.
    pub(super) fn move_behind(&mut self, rows: u64) {
        self.rows_before = u32::try_from(rows).unwrap_or(u32::MAX);
    }

    /// The payment of this person in a row; none outside the frame.
    pub(super) fn payment(&self, row: usize, person: Stem, texts: &Texts) -> Option<Payment> {
        let [suffix, file, number, frequency, periods, band, marks] = values(&self.codes, row)?;
        let [surname, forename, employer, employer_name, payroll_id] = values(&self.texts, row)?;
        let [born, start, leaving, payday, voided] = values(&self.dates, row)?;
        let [pay, received_at] = values(&self.amounts, row)?;
        let [high, low] = values(&self.payment_id, row)?;
        let payment_id = u128::from(high) << 64 | u128::from(low);
        let at = |code: u32| usize::try_from(code).ok();
        Some(Payment {
            file,
            row: self.rows_before.saturating_add(number),
            nino: Nino::from_parts(person, u8::try_from(suffix).ok()),
            surname: texts.get(surname),
            forename: texts.get(forename),
            date_of_birth: day(born),
            employer: EmployerRef::from_canonical(texts.get(employer)?),
            employer_name: texts.get(employer_name),
            payroll_id: texts.get(payroll_id),
            employment_start_date: day(start),
            leaving_date: day(leaving),
            payment_date: day(payday)?,
            pay_frequency: Frequency::ALL.get(at(frequency)?)?.to_owned(),
            earnings_periods: u8::try_from(periods).ok()?,
            taxable_pay: Pence(pay),
            hours_band: at(band).and_then(|code| BANDS.get(code)).copied(),
            irregular_payment: marks & IRREGULAR != 0,
            pension_payment: marks & PENSION != 0,
            payment_after_leaving: marks & AFTER_LEAVING != 0,
            payment_id: Some(payment_id).filter(|id| *id != NO_ID),
            received_at: Some(received_at).filter(|moment| *moment != NO_MOMENT),
            no_longer_valid: day(voided),
        })
    }
}

fn columns<T: std::fmt::Debug, const N: usize>(
    names: [&str; N],
    column: impl Fn(&str) -> Result<T, RunError>,
) -> Result<[T; N], RunError> {
    let columns: Vec<T> = names.into_iter().map(column).collect::<Result<_, _>>()?;
    columns.try_into().map_err(|_| RunError::Untrusted("a frame has not all its columns".into()))
}

/// The values of some columns in a row.
fn values<T: PolarsNumericType, const N: usize>(columns: &[ChunkedArray<T>; N], row: usize) -> Option<[T::Native; N]> {
    let mut values = [T::Native::default(); N];
    for (value, column) in values.iter_mut().zip(columns) {
        *value = *column.cont_slice().ok()?.get(row)?;
    }
    Some(values)
}

fn day(number: i32) -> Option<NaiveDate> {
    (number != NO_DAY).then(|| from_day_number(number))
}

fn frame(payments: &[Payment], numbering: &Numbering) -> Result<DataFrame, RunError> {
    let texts = |name: &str, of: &dyn for<'a> Fn(&'a Payment) -> Option<&'a Arc<str>>| {
        Series::new(name.into(), numbering.numbers(payments.iter().map(of))).into_column()
    };
    let codes = |name: &str, of: &dyn Fn(&Payment) -> Option<u32>| {
        column(name, payments.iter().map(|payment| of(payment).unwrap_or(NO_CODE)).collect::<Vec<u32>>())
    };
    let dates = |name: &str, of: &dyn Fn(&Payment) -> Option<NaiveDate>| {
        column(name, payments.iter().map(|payment| of(payment).map_or(NO_DAY, day_number)).collect::<Vec<i32>>())
    };
    let amounts =
        |name: &str, of: &dyn Fn(&Payment) -> i64| column(name, payments.iter().map(of).collect::<Vec<i64>>());
    let halves = |name: &str, of: &dyn Fn(u128) -> u64| {
        let half = |payment: &Payment| of(payment.payment_id.unwrap_or(NO_ID));
        column(name, payments.iter().map(half).collect::<Vec<u64>>())
    };
    asserted(DataFrame::new(
        payments.len(),
        vec![
            codes("suffix", &|payment| payment.nino.suffix().map(u32::from)),
            codes("file", &|payment| Some(payment.file)),
            codes("row", &|payment| Some(payment.row)),
            texts("surname", &|payment| payment.surname.as_ref()),
            texts("forename", &|payment| payment.forename.as_ref()),
            dates("date_of_birth", &|payment| payment.date_of_birth),
            texts("employer", &|payment| Some(payment.employer.shared())),
            texts("employer_name", &|payment| payment.employer_name.as_ref()),
            texts("payroll_id", &|payment| payment.payroll_id.as_ref()),
            dates("employment_start_date", &|payment| payment.employment_start_date),
            dates("leaving_date", &|payment| payment.leaving_date),
            dates("payment_date", &|payment| Some(payment.payment_date)),
            codes("pay_frequency", &|payment| frequency_code(payment.pay_frequency)),
            codes("earnings_periods", &|payment| Some(payment.earnings_periods.into())),
            amounts("taxable_pay_pence", &|payment| payment.taxable_pay.0),
            codes("hours_band", &|payment| payment.hours_band.and_then(band_code)),
            codes("marks", &|payment| Some(marks(payment))),
            halves("payment_id_high", &|id| u64::try_from(id >> 64).unwrap_or(u64::MAX)),
            halves("payment_id_low", &|id| u64::try_from(id & u128::from(u64::MAX)).unwrap_or(u64::MAX)),
            amounts("received_at", &|payment| payment.received_at.unwrap_or(NO_MOMENT)),
            dates("no_longer_valid", &|payment| payment.no_longer_valid),
        ],
    ))
}

fn column<T>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, [<T as IntoIterator>::Item]>,
    T: IntoIterator + AsRef<[<T as IntoIterator>::Item]>,
{
    Series::new(name.into(), values).into_column()
}

const BANDS: [Band; 5] = [Band::A, Band::B, Band::C, Band::D, Band::E];

fn frequency_code(frequency: Frequency) -> Option<u32> {
    Frequency::ALL.iter().position(|known| *known == frequency).and_then(|place| u32::try_from(place).ok())
}

fn band_code(band: Band) -> Option<u32> {
    BANDS.iter().position(|known| *known == band).and_then(|place| u32::try_from(place).ok())
}

const IRREGULAR: u32 = 1;
const PENSION: u32 = 2;
const AFTER_LEAVING: u32 = 4;

/// What a payment is marked as, a bit for each mark.
fn marks(payment: &Payment) -> u32 {
    let bit = |marked: bool, bit: u32| if marked { bit } else { 0 };
    bit(payment.irregular_payment, IRREGULAR)
        | bit(payment.pension_payment, PENSION)
        | bit(payment.payment_after_leaving, AFTER_LEAVING)
}

//! Kept payments as frames: one column a field, money in pence, dates as days since 1970 began, repeated texts by number.

use chrono::NaiveDate;
use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataFrame, Int32Type, Int64Type, IntoColumn, NamedFrom, NewChunkedArray,
    PolarsNumericType, Series, UInt32Chunked, UInt32Type, UInt64Type,
};

use super::asserted;
use super::texts::{Numbering, Texts};
use crate::domain::day::{day_number, from_day_number};
use crate::domain::{Band, EmployerRef, Frequency, Nino, Payment, Pence, Stem};
use crate::error::RunError;

/// A frame of payments of one file, with its columns at hand. Whose each is, is known outside.
#[derive(Debug)]
pub(super) struct PaymentFrame {
    file: u32,
    codes: [UInt32Chunked; 5],
    texts: [UInt32Chunked; 5],
    dates: [ChunkedArray<Int32Type>; 5],
    amounts: [ChunkedArray<Int64Type>; 2],
    payment_id: [ChunkedArray<UInt64Type>; 2],
    flags: [BooleanChunked; 3],
}

impl PaymentFrame {
    /// Makes the frame of some payments of one file.
    ///
    /// # Errors
    /// Only if the columns do not fit each other.
    pub(super) fn new(file: u32, payments: &[Payment], numbering: &Numbering) -> Result<Self, RunError> {
        let frame = frame(payments, numbering)?;
        let code = |name: &str| asserted(frame.column(name).and_then(|column| column.u32().cloned()));
        let date = |name: &str| asserted(frame.column(name).and_then(|column| column.i32().cloned()));
        let amount = |name: &str| asserted(frame.column(name).and_then(|column| column.i64().cloned()));
        let half = |name: &str| asserted(frame.column(name).and_then(|column| column.u64().cloned()));
        let flag = |name: &str| asserted(frame.column(name).and_then(|column| column.bool().cloned()));
        Ok(Self {
            file,
            codes: [
                code("suffix")?,
                code("row")?,
                code("pay_frequency")?,
                code("earnings_periods")?,
                code("hours_band")?,
            ],
            texts: [
                code("surname")?,
                code("forename")?,
                code("employer")?,
                code("employer_name")?,
                code("payroll_id")?,
            ],
            dates: [
                date("date_of_birth")?,
                date("employment_start_date")?,
                date("leaving_date")?,
                date("payment_date")?,
                date("no_longer_valid")?,
            ],
            amounts: [amount("taxable_pay_pence")?, amount("received_at")?],
            payment_id: [half("payment_id_high")?, half("payment_id_low")?],
            flags: [flag("irregular_payment")?, flag("pension_payment")?, flag("payment_after_leaving")?],
        })
    }

    /// The payment of this person in a row; none outside the frame.
    pub(super) fn payment(&self, row: usize, person: Stem, texts: &Texts) -> Option<Payment> {
        let [suffix, row_number, frequency, periods, band] = &self.codes;
        let [surname, forename, employer, employer_name, payroll_id] = &self.texts;
        let [born, start, leaving, payday, voided] = &self.dates;
        let [pay, received_at] = &self.amounts;
        let [irregular, pension, after_leaving] = &self.flags;
        let text = |column: &UInt32Chunked| column.get(row).and_then(|number| texts.get(number)).map(Box::from);
        let date = |column: &ChunkedArray<Int32Type>| column.get(row).map(from_day_number);
        let at = |code: u32| usize::try_from(code).ok();
        let suffix = suffix.get(row).and_then(|suffix| u8::try_from(suffix).ok());
        let [high, low] = &self.payment_id;
        let payment_id = high.get(row).zip(low.get(row));
        Some(Payment {
            file: self.file,
            row: row_number.get(row)?,
            nino: Nino::from_parts(person, suffix),
            surname: text(surname),
            forename: text(forename),
            date_of_birth: date(born),
            employer: EmployerRef::from_canonical(texts.get(employer.get(row)?)?),
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
            payment_id: payment_id.map(|(high, low)| u128::from(high) << 64 | u128::from(low)),
            received_at: received_at.get(row),
            no_longer_valid: date(voided),
        })
    }
}

fn frame(payments: &[Payment], numbering: &Numbering) -> Result<DataFrame, RunError> {
    fn numbers<T: PolarsNumericType>(name: &str, values: impl Iterator<Item = Option<T::Native>>) -> Column
    where
        ChunkedArray<T>: IntoColumn + NewChunkedArray<T, T::Native>,
    {
        ChunkedArray::<T>::from_iter_options(name.into(), values).into_column()
    }
    let texts = |name: &str, of: &dyn for<'a> Fn(&'a Payment) -> Option<&'a str>| {
        let numbered = numbering.numbers(payments.iter().map(of));
        numbers::<UInt32Type>(name, numbered.into_iter())
    };
    let dates = |name: &str, of: &dyn Fn(&Payment) -> Option<NaiveDate>| {
        numbers::<Int32Type>(name, payments.iter().map(|payment| of(payment).map(day_number)))
    };
    let codes = |name: &str, of: &dyn Fn(&Payment) -> Option<u32>| numbers::<UInt32Type>(name, payments.iter().map(of));
    let flags = |name: &str, of: &dyn Fn(&Payment) -> bool| {
        Series::new(name.into(), payments.iter().map(of).collect::<Vec<bool>>()).into_column()
    };
    let halves = |name: &str, of: &dyn Fn(u128) -> u64| {
        numbers::<UInt64Type>(name, payments.iter().map(|payment| payment.payment_id.map(of)))
    };
    asserted(DataFrame::new(
        payments.len(),
        vec![
            codes("suffix", &|payment| payment.nino.suffix().map(u32::from)),
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
            halves("payment_id_high", &|id| u64::try_from(id >> 64).unwrap_or(u64::MAX)),
            halves("payment_id_low", &|id| u64::try_from(id & u128::from(u64::MAX)).unwrap_or(u64::MAX)),
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

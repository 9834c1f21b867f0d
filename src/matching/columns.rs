//! Kept payments by column: money in pence, dates as days since 1970 began, repeated texts by number.
//!
//! What a payment does not say is a number that no value has, so that a row is a few plain numbers, some eighty bytes of
//! them, and a payment is put together again only while its claim is decided.

use std::sync::Arc;

use chrono::NaiveDate;

use super::texts::{Numbering, Texts};
use crate::domain::day::{day_number, from_day_number};
use crate::domain::{Band, EmployerRef, Frequency, Nino, Payment, Pence, Stem};

/// Stands for no date.
const NO_DAY: i32 = i32::MIN;
/// Stands for no moment.
const NO_MOMENT: i64 = i64::MIN;
/// Stands for no payment number: they have up to 38 digits, and this has 39.
const NO_ID: u128 = u128::MAX;

/// Payments by column. Whose each is, is known outside.
#[derive(Debug)]
pub(super) struct PaymentColumns {
    /// How many rows of the file come before those that its own are counted from.
    rows_before: u32,
    file: Vec<u32>,
    row: Vec<u32>,
    codes: Vec<u32>,
    texts: [Vec<u32>; 5],
    dates: [Vec<i32>; 5],
    taxable_pay: Vec<i64>,
    received_at: Vec<i64>,
    payment_id: Vec<u128>,
}

impl PaymentColumns {
    /// Takes payments apart.
    pub(super) fn new(payments: &[Payment], numbering: &Numbering) -> Self {
        let texts = |of: fn(&Payment) -> Option<&Arc<str>>| numbering.numbers(payments.iter().map(of));
        let dates = |of: fn(&Payment) -> Option<NaiveDate>| {
            payments.iter().map(|payment| of(payment).map_or(NO_DAY, day_number)).collect()
        };
        Self {
            rows_before: 0,
            file: payments.iter().map(|payment| payment.file).collect(),
            row: payments.iter().map(|payment| payment.row).collect(),
            codes: payments.iter().map(codes).collect(),
            texts: [
                texts(|payment| payment.surname.as_ref()),
                texts(|payment| payment.forename.as_ref()),
                texts(|payment| Some(payment.employer.shared())),
                texts(|payment| payment.employer_name.as_ref()),
                texts(|payment| payment.payroll_id.as_ref()),
            ],
            dates: [
                dates(|payment| payment.date_of_birth),
                dates(|payment| payment.employment_start_date),
                dates(|payment| payment.leaving_date),
                dates(|payment| Some(payment.payment_date)),
                dates(|payment| payment.no_longer_valid),
            ],
            taxable_pay: payments.iter().map(|payment| payment.taxable_pay.0).collect(),
            received_at: payments.iter().map(|payment| payment.received_at.unwrap_or(NO_MOMENT)).collect(),
            payment_id: payments.iter().map(|payment| payment.payment_id.unwrap_or(NO_ID)).collect(),
        }
    }

    /// Puts rows that were counted from the beginning of a part of their file behind the parts before it.
    pub(super) fn move_behind(&mut self, rows: u64) {
        self.rows_before = u32::try_from(rows).unwrap_or(u32::MAX);
    }

    /// The payment of this person in a row; none outside the columns.
    pub(super) fn payment(&self, row: usize, person: Stem, texts: &Texts) -> Option<Payment> {
        let codes = Codes(*self.codes.get(row)?);
        let [surname, forename, employer, employer_name, payroll_id] = at(&self.texts, row)?;
        let [born, start, leaving, payday, voided] = at(&self.dates, row)?;
        let received_at = *self.received_at.get(row)?;
        let payment_id = *self.payment_id.get(row)?;
        Some(Payment {
            file: *self.file.get(row)?,
            row: self.rows_before.saturating_add(*self.row.get(row)?),
            nino: Nino::from_parts(person, codes.suffix()),
            surname: texts.get(surname),
            forename: texts.get(forename),
            date_of_birth: day(born),
            employer: EmployerRef::from_canonical(texts.get(employer)?),
            employer_name: texts.get(employer_name),
            payroll_id: texts.get(payroll_id),
            employment_start_date: day(start),
            leaving_date: day(leaving),
            payment_date: day(payday)?,
            pay_frequency: codes.frequency()?,
            earnings_periods: codes.periods(),
            taxable_pay: Pence(*self.taxable_pay.get(row)?),
            hours_band: codes.band(),
            irregular_payment: codes.is_marked(IRREGULAR),
            pension_payment: codes.is_marked(PENSION),
            payment_after_leaving: codes.is_marked(AFTER_LEAVING),
            payment_id: Some(payment_id).filter(|id| *id != NO_ID),
            received_at: Some(received_at).filter(|moment| *moment != NO_MOMENT),
            no_longer_valid: day(voided),
        })
    }
}

fn at<T: Copy + Default, const N: usize>(columns: &[Vec<T>; N], row: usize) -> Option<[T; N]> {
    let mut values = [T::default(); N];
    for (value, column) in values.iter_mut().zip(columns) {
        *value = *column.get(row)?;
    }
    Some(values)
}

fn day(number: i32) -> Option<NaiveDate> {
    (number != NO_DAY).then(|| from_day_number(number))
}

/// The small values of a payment, a byte for each: suffix, frequency and band, earnings periods, marks.
#[derive(Clone, Copy)]
struct Codes(u32);

const BANDS: [Band; 5] = [Band::A, Band::B, Band::C, Band::D, Band::E];
/// Stands for no band.
const NO_BAND: u8 = 15;
const IRREGULAR: u8 = 1;
const PENSION: u8 = 2;
const AFTER_LEAVING: u8 = 4;

fn codes(payment: &Payment) -> u32 {
    fn place<T: PartialEq>(of: &T, all: &[T], none: u8) -> u8 {
        all.iter().position(|known| known == of).and_then(|place| u8::try_from(place).ok()).unwrap_or(none)
    }
    let frequency = place(&payment.pay_frequency, &Frequency::ALL, u8::MAX >> 4);
    let band = payment.hours_band.map_or(NO_BAND, |band| place(&band, &BANDS, NO_BAND));
    let mark = |marked: bool, bit: u8| if marked { bit } else { 0 };
    let marks = mark(payment.irregular_payment, IRREGULAR)
        | mark(payment.pension_payment, PENSION)
        | mark(payment.payment_after_leaving, AFTER_LEAVING);
    let suffix = payment.nino.suffix().unwrap_or_default();
    u32::from_le_bytes([suffix, frequency << 4 | band, payment.earnings_periods, marks])
}

impl Codes {
    fn suffix(self) -> Option<u8> {
        let [suffix, ..] = self.0.to_le_bytes();
        Some(suffix).filter(|suffix| *suffix != 0)
    }

    fn frequency(self) -> Option<Frequency> {
        let [_, both, ..] = self.0.to_le_bytes();
        Frequency::ALL.get(usize::from(both >> 4)).copied()
    }

    fn band(self) -> Option<Band> {
        let [_, both, ..] = self.0.to_le_bytes();
        BANDS.get(usize::from(both & 15)).copied()
    }

    fn periods(self) -> u8 {
        let [_, _, periods, _] = self.0.to_le_bytes();
        periods
    }

    fn is_marked(self, bit: u8) -> bool {
        let [.., marks] = self.0.to_le_bytes();
        marks & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::tests::payment;

    #[test]
    fn a_payment_is_put_together_as_it_was() {
        let payments = [
            payment(&[]),
            payment(&[("nino", "NC100001"), ("hours_band", ""), ("payment_id", "0"), ("leaving_date", "2018-06-30")]),
            payment(&[("pay_frequency", "IR"), ("earnings_periods", "99"), ("irregular_payment", "Y")]),
            payment(&[("hours_band", "E"), ("pension_payment", "Y"), ("received_at", "2018-06-01T09:23:55Z")]),
            payment(&[("payment_id", &"9".repeat(38)), ("payment_after_leaving", "Y"), ("taxable_pay", "-0.01")]),
        ];
        let numbering = Numbering::default();
        let columns = PaymentColumns::new(&payments, &numbering);
        let texts = numbering.finish();
        let back: Vec<Payment> =
            (0..payments.len()).map(|row| columns.payment(row, payments[row].nino.stem(), &texts).unwrap()).collect();
        assert_eq!(back, payments);
        assert_eq!(columns.payment(payments.len(), payments[0].nino.stem(), &texts), None);
    }
}

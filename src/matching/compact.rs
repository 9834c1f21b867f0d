//! A compact form of kept payments: money in pence, dates as days since 1970, repeated texts interned.
//!
//! A missing value is stored as a number that no value has. A payment is rebuilt only while its claim is decided. The
//! numbers of a payment are adjacent in memory, because a person's payments are scattered over an extract and each is
//! fetched from main memory once.

use chrono::NaiveDate;

use super::interner::{InternedTexts, Interner};
use crate::domain::day::{day_number, from_day_number};
use crate::domain::{Band, EmployerRef, Frequency, Masked, Nino, Payment, PaymentId, Pence, Stem};

/// The number that means no date.
const NO_DAY: i32 = i32::MIN;
/// The number that means no moment.
const NO_MOMENT: i64 = i64::MIN;
/// The number that means no payment identifier.
const NO_ID: u128 = u128::MAX;
/// The bit that marks an identifier as text: numbers have up to 38 digits and are smaller.
const TEXT_ID: u128 = 1 << 127;

/// Payments in compact form. The caller knows whose each is.
pub(super) struct CompactPayments {
    /// How many rows of the file come before those that its own are counted from.
    rows_before: u32,
    payments: Vec<CompactPayment>,
}

/// A payment without its person.
#[derive(Clone, Copy)]
struct CompactPayment {
    file: u32,
    row: u32,
    codes: PackedFields,
    texts: [u32; 5],
    dates: [i32; 5],
    taxable_pay: i64,
    received_at: i64,
    /// In two halves, so that a payment takes no more room than its parts.
    payment_id: [u64; 2],
}

impl CompactPayments {
    /// Compacts payments.
    pub(super) fn new(payments: &[Payment], interner: &Interner) -> Self {
        let mut known = interner.open();
        let mut texts = |payment: &Payment| {
            let names = [
                payment.surname.as_ref().map(|Masked(name)| name),
                payment.forename.as_ref().map(|Masked(name)| name),
                Some(payment.employer.shared()),
                payment.employer_name.as_ref(),
                payment.payroll_id.as_ref(),
            ];
            let id = match &payment.payment_id {
                None => NO_ID,
                Some(PaymentId::Number(number)) => *number,
                Some(PaymentId::LongNumber(_, text) | PaymentId::Text(text)) => {
                    TEXT_ID | u128::from(known.number(Some(text)))
                }
            };
            (names.map(|name| known.number(name)), id)
        };
        Self {
            rows_before: 0,
            payments: payments.iter().map(|payment| CompactPayment::new(payment, texts(payment))).collect(),
        }
    }

    /// Corrects the row numbers of rows that were counted from the beginning of a split.
    pub(super) fn move_behind(&mut self, rows: u64) {
        self.rows_before = u32::try_from(rows).unwrap_or(u32::MAX);
    }

    /// Rebuilds one of the payments, for this person; none beyond the last.
    pub(super) fn payment(&self, number: usize, person: Stem, texts: &InternedTexts) -> Option<Payment> {
        let CompactPayment { file, row, codes, texts: numbers, dates, taxable_pay, received_at, payment_id } =
            *self.payments.get(number)?;
        let [surname, forename, employer, employer_name, payroll_id] = numbers;
        let [born, start, leaving, payday, voided] = dates;
        Some(Payment {
            file,
            row: self.rows_before.saturating_add(row),
            nino: Nino::from_parts(person, codes.suffix()),
            surname: texts.get(surname).map(Masked),
            forename: texts.get(forename).map(Masked),
            date_of_birth: day(born).map(Masked),
            employer: EmployerRef::from_canonical(texts.get(employer)?),
            employer_name: texts.get(employer_name),
            payroll_id: texts.get(payroll_id),
            employment_start_date: day(start),
            leaving_date: day(leaving),
            payment_date: day(payday)?,
            pay_frequency: codes.frequency()?,
            earnings_periods: codes.periods(),
            taxable_pay: Pence(taxable_pay),
            hours_band: codes.band(),
            irregular_payment: codes.is_marked(IRREGULAR),
            pension_payment: codes.is_marked(PENSION),
            payment_after_leaving: codes.is_marked(AFTER_LEAVING),
            payment_id: identifier(joined(payment_id), texts),
            received_at: Some(received_at).filter(|moment| *moment != NO_MOMENT),
            no_longer_valid: day(voided),
        })
    }
}

impl CompactPayment {
    fn new(payment: &Payment, (texts, payment_id): ([u32; 5], u128)) -> Self {
        let dates = [
            payment.date_of_birth.map(|Masked(born)| born),
            payment.employment_start_date,
            payment.leaving_date,
            Some(payment.payment_date),
            payment.no_longer_valid,
        ];
        Self {
            file: payment.file,
            row: payment.row,
            codes: codes(payment),
            texts,
            dates: dates.map(|date| date.map_or(NO_DAY, day_number)),
            taxable_pay: payment.taxable_pay.0,
            received_at: payment.received_at.unwrap_or(NO_MOMENT),
            payment_id: halved(payment_id),
        }
    }
}

/// The identifier that a number stands for. The text of one is read again, so that it is of the same kind as before.
fn identifier(number: u128, texts: &InternedTexts) -> Option<PaymentId> {
    match number {
        NO_ID => None,
        text if TEXT_ID <= text => {
            let text = texts.get(u32::try_from(text - TEXT_ID).ok()?)?;
            PaymentId::parse(&text).ok()
        }
        number => Some(PaymentId::Number(number)),
    }
}

fn halved(number: u128) -> [u64; 2] {
    [number >> 64, number & u128::from(u64::MAX)].map(|half| u64::try_from(half).unwrap_or(u64::MAX))
}

fn joined([high, low]: [u64; 2]) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

fn day(number: i32) -> Option<NaiveDate> {
    (number != NO_DAY).then(|| from_day_number(number))
}

/// The small values of a payment, a byte for each: suffix, frequency and band, earnings periods, marks.
#[derive(Clone, Copy)]
struct PackedFields(u32);

const BANDS: [Band; 5] = [Band::A, Band::B, Band::C, Band::D, Band::E];
/// The number that means no band.
const NO_BAND: u8 = 15;
const IRREGULAR: u8 = 1;
const PENSION: u8 = 2;
const AFTER_LEAVING: u8 = 4;

fn codes(payment: &Payment) -> PackedFields {
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
    PackedFields(u32::from_le_bytes([suffix, frequency << 4 | band, payment.earnings_periods, marks]))
}

impl PackedFields {
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
            payment(&[("payment_id", "5f2b9a54-9d6e"), ("surname", "")]),
            payment(&[("payment_id", &"9".repeat(40))]),
            payment(&[("payment_id", &"9".repeat(38)), ("payment_after_leaving", "Y"), ("taxable_pay", "-0.01")]),
        ];
        let interner = Interner::default();
        let compact = CompactPayments::new(&payments, &interner);
        let texts = interner.finish();
        let back: Vec<Payment> =
            (0..payments.len()).map(|row| compact.payment(row, payments[row].nino.stem(), &texts).unwrap()).collect();
        assert_eq!(back, payments);
        assert_eq!(compact.payment(payments.len(), payments[0].nino.stem(), &texts), None);
    }
}

//! One row of an extract.

use super::day::{Day, FIRST};
use super::payday::PayFrequency;
use super::text::Short;
pub(super) use crate::domain::Band;
use crate::domain::Hours;

/// The payment ID before the first one.
pub(super) const IDS_FROM: u64 = 700_000_000_000;

/// The band of so many tenths of an hour a week, on the days in which samples live.
pub(super) fn band_of(tenths: u32) -> Band {
    Hours::from_hundredths(tenths * 10).map_or(Band::E, |hours| Band::holding(hours, FIRST.date()))
}

/// A payroll ID: the same number is written in different ways by different software.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PayrollId {
    /// `42`
    Plain(u32),
    /// `00042`
    Padded(u32),
    /// `W42`
    Lettered(u32),
}

impl PayrollId {
    /// The ID as written.
    pub(super) fn text(self) -> Short<12> {
        let mut text = Short::new();
        match self {
            Self::Plain(number) => text.push_number(u64::from(number), 1),
            Self::Padded(number) => text.push_number(u64::from(number), 6),
            Self::Lettered(number) => {
                text.push(b'W');
                text.push_number(u64::from(number), 1);
            }
        }
        text
    }
}

/// What a row is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum PaymentMark {
    /// Nothing: ordinary wages.
    #[default]
    Wages,
    /// An irregular payment.
    Irregular,
    /// A pension.
    Pension,
    /// A payment after leaving.
    AfterLeaving,
}

/// How a payroll knows someone.
#[derive(Debug, Clone, Copy)]
pub(super) struct PayrollIdentity {
    /// National Insurance number, with or without its suffix.
    pub(super) nino: Short<9>,
    /// Surname; empty where the payroll has none.
    pub(super) surname: &'static str,
    /// Forename or initial.
    pub(super) forename: &'static str,
    /// Date of birth, where the payroll has it.
    pub(super) born: Option<Day>,
}

/// A payment behind a claim, before it has its place in the extract.
#[derive(Debug, Clone, Copy)]
pub(super) struct SamplePayment {
    /// The position of its [`PayrollIdentity`].
    pub(super) identity: u32,
    /// The number of its employer.
    pub(super) employer: u32,
    /// Payroll ID.
    pub(super) payroll_id: PayrollId,
    /// Employment start date, where the row carries it.
    pub(super) started: Option<Day>,
    /// Leaving date, where the row carries it.
    pub(super) left: Option<Day>,
    /// Payday.
    pub(super) paid: Day,
    /// Frequency.
    pub(super) frequency: PayFrequency,
    /// Earnings periods covered.
    pub(super) periods: u8,
    /// Taxable pay.
    pub(super) pay_pence: i64,
    /// Hours band, where the row carries it.
    pub(super) band: Option<Band>,
    /// What the row is marked as.
    pub(super) mark: PaymentMark,
    /// The day it was received.
    pub(super) received: Day,
    /// The day it was voided, where it was.
    pub(super) voided: Option<Day>,
    /// The position of the earlier row whose payment ID it has; its own where it has one of its own.
    pub(super) id_of: u32,
    /// How many times the row stands in the extract.
    pub(super) copies: u8,
}

/// A row as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExtractRow<'a> {
    /// `nino`
    pub(super) nino: &'a str,
    /// `surname`
    pub(super) surname: &'a str,
    /// `forename`
    pub(super) forename: &'a str,
    /// `date_of_birth`
    pub(super) born: Option<Day>,
    /// `office_number`
    pub(super) office: &'a str,
    /// `paye_ref`
    pub(super) reference: &'a str,
    /// `employer_name`
    pub(super) employer: &'a str,
    /// `payroll_id`
    pub(super) payroll_id: &'a str,
    /// `employment_start_date`
    pub(super) started: Option<Day>,
    /// `leaving_date`
    pub(super) left: Option<Day>,
    /// `payment_date`
    pub(super) paid: Day,
    /// `pay_frequency`
    pub(super) frequency: PayFrequency,
    /// `earnings_periods`
    pub(super) periods: u8,
    /// `taxable_pay`
    pub(super) pay_pence: i64,
    /// `hours_band`
    pub(super) band: Option<Band>,
    /// `irregular_payment`, `pension_payment`, `payment_after_leaving`
    pub(super) mark: PaymentMark,
    /// `payment_id`
    pub(super) payment_id: u64,
    /// `received_at`: the day, and the second of that day.
    pub(super) received: (Day, u32),
    /// `no_longer_valid`
    pub(super) voided: Option<Day>,
}

impl ExtractRow<'_> {
    /// `Y` where the row is marked so.
    pub(super) fn flag(&self, mark: PaymentMark) -> Option<&'static str> {
        (self.mark == mark).then_some("Y")
    }
}

/// The columns of an extract in our own names, in the order they are written.
pub(super) const COLUMNS: [&str; 21] = [
    "nino",
    "surname",
    "forename",
    "date_of_birth",
    "office_number",
    "paye_ref",
    "employer_name",
    "payroll_id",
    "employment_start_date",
    "leaving_date",
    "payment_date",
    "pay_frequency",
    "earnings_periods",
    "taxable_pay",
    "hours_band",
    "irregular_payment",
    "pension_payment",
    "payment_after_leaving",
    "payment_id",
    "received_at",
    "no_longer_valid",
];

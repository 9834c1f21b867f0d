//! One row of an RTI-style extract: one payment to one employee, as reported once.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;

use super::cell::Cell;
use super::day::NominalLength;
use super::employer::{EmployerRef, OfficeNumber, PayeReference};
use super::field::{Column, Fault, Field, SpreadsheetDamage, Tally};
use super::hours::Band;
use super::masked::Masked;
use super::money::Pence;
use super::nino::Nino;
use super::payment_id::PaymentId;
use super::row::{CellError, RowCell, parse_flag};

/// How often an employer pays (RTI data item 42). The variants stand in the order of their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// IO: one-off.
    OneOff,
    /// IR: irregular.
    Irregular,
    /// M1: monthly.
    Monthly,
    /// M3: quarterly.
    Quarterly,
    /// M6: twice a year.
    HalfYearly,
    /// MA: yearly.
    Yearly,
    /// W1: weekly.
    Weekly,
    /// W2: fortnightly.
    Fortnightly,
    /// W4: every four weeks.
    FourWeekly,
}

impl Frequency {
    /// Every frequency, in the order of their codes.
    pub const ALL: [Self; 9] = [
        Self::OneOff,
        Self::Irregular,
        Self::Monthly,
        Self::Quarterly,
        Self::HalfYearly,
        Self::Yearly,
        Self::Weekly,
        Self::Fortnightly,
        Self::FourWeekly,
    ];

    /// HMRC's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneOff => "IO",
            Self::Irregular => "IR",
            Self::Monthly => "M1",
            Self::Quarterly => "M3",
            Self::HalfYearly => "M6",
            Self::Yearly => "MA",
            Self::Weekly => "W1",
            Self::Fortnightly => "W2",
            Self::FourWeekly => "W4",
        }
    }

    /// Reads HMRC's code.
    ///
    /// # Errors
    /// Anything that is not one of the nine codes.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        const FAULT: Fault = Fault::expected("a pay frequency: W1, W2, W4, M1, M3, M6, MA, IO or IR");
        Self::ALL.into_iter().find(|frequency| frequency.code() == text).ok_or(FAULT)
    }

    /// How long `periods` earnings periods nominally are; a one-off or irregular payment has 31 days whatever it says.
    pub const fn nominal_length(self, periods: u8) -> NominalLength {
        let count = periods as u32;
        match self {
            Self::Weekly => NominalLength::Days(7 * count),
            Self::Fortnightly => NominalLength::Days(14 * count),
            Self::FourWeekly => NominalLength::Days(28 * count),
            Self::Monthly => NominalLength::Months(count),
            Self::Quarterly => NominalLength::Months(3 * count),
            Self::HalfYearly => NominalLength::Months(6 * count),
            Self::Yearly => NominalLength::Months(12 * count),
            Self::OneOff | Self::Irregular => NominalLength::Days(31),
        }
    }
}

/// The numbers of the columns in [`Payment::COLUMNS`].
pub mod at {
    /// `nino`
    pub const NINO: usize = 0;
    /// `surname`
    pub const SURNAME: usize = 1;
    /// `forename`
    pub const FORENAME: usize = 2;
    /// `date_of_birth`
    pub const DATE_OF_BIRTH: usize = 3;
    /// `office_number`
    pub const OFFICE_NUMBER: usize = 4;
    /// `paye_ref`
    pub const PAYE_REF: usize = 5;
    /// `employer_name`
    pub const EMPLOYER_NAME: usize = 6;
    /// `payroll_id`
    pub const PAYROLL_ID: usize = 7;
    /// `employment_start_date`
    pub const EMPLOYMENT_START_DATE: usize = 8;
    /// `leaving_date`
    pub const LEAVING_DATE: usize = 9;
    /// `payment_date`
    pub const PAYMENT_DATE: usize = 10;
    /// `pay_frequency`
    pub const PAY_FREQUENCY: usize = 11;
    /// `earnings_periods`
    pub const EARNINGS_PERIODS: usize = 12;
    /// `taxable_pay`
    pub const TAXABLE_PAY: usize = 13;
    /// `hours_band`
    pub const HOURS_BAND: usize = 14;
    /// `irregular_payment`
    pub const IRREGULAR_PAYMENT: usize = 15;
    /// `pension_payment`
    pub const PENSION_PAYMENT: usize = 16;
    /// `payment_after_leaving`
    pub const PAYMENT_AFTER_LEAVING: usize = 17;
    /// `payment_id`
    pub const PAYMENT_ID: usize = 18;
    /// `received_at`
    pub const RECEIVED_AT: usize = 19;
    /// `no_longer_valid`
    pub const NO_LONGER_VALID: usize = 20;
}

/// One payment as an extract reports it, every value read. Texts are shared: many payments carry the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Which of the run's earnings files the row is in, counted from 0.
    pub file: u32,
    /// The row's number in that file, counted from 1.
    pub row: u32,
    /// Whose payment it is.
    pub nino: Nino,
    /// Surname, where reported.
    pub surname: Option<Masked<Arc<str>>>,
    /// Forename, where reported.
    pub forename: Option<Masked<Arc<str>>>,
    /// Date of birth, where reported.
    pub date_of_birth: Option<Masked<NaiveDate>>,
    /// The PAYE scheme that paid.
    pub employer: EmployerRef,
    /// The employer's name, where reported.
    pub employer_name: Option<Arc<str>>,
    /// The employee's identifier on the payroll, where reported.
    pub payroll_id: Option<Arc<str>>,
    /// The employment's start, where this row carries it.
    pub employment_start_date: Option<NaiveDate>,
    /// The employment's end, where this row carries it.
    pub leaving_date: Option<NaiveDate>,
    /// The contractual payday.
    pub payment_date: NaiveDate,
    /// How often the employer pays.
    pub pay_frequency: Frequency,
    /// How many earnings periods the payment covers, 1 to 99.
    pub earnings_periods: u8,
    /// Taxable pay in the period.
    pub taxable_pay: Pence,
    /// Normal hours, where reported.
    pub hours_band: Option<Band>,
    /// Whether the employer pays this person irregularly.
    pub irregular_payment: bool,
    /// Whether the payment is an occupational pension.
    pub pension_payment: bool,
    /// Whether the payment was made after the person left.
    pub payment_after_leaving: bool,
    /// What the sender names the payment by, where given.
    pub payment_id: Option<PaymentId>,
    /// When HMRC received it, in microseconds since 1970 began, where given.
    pub received_at: Option<i64>,
    /// When HMRC voided it, where it did.
    pub no_longer_valid: Option<NaiveDate>,
}

impl Payment {
    /// The columns of an extract in order, with HMRC's names for them.
    pub const COLUMNS: [Column; 21] = [
        Column::required("nino", &["nationalInsuranceNumber"], "National Insurance number, suffix optional"),
        Column::optional("surname", &[], "surname"),
        Column::optional("forename", &[], "forename"),
        Column::optional("date_of_birth", &["dateOfBirth"], "date of birth"),
        Column::required("office_number", &["hmrcOfficeNumber"], "HMRC office number, three digits"),
        Column::required("paye_ref", &["employerPayeRef"], "employer PAYE reference"),
        Column::optional("employer_name", &["employerName1"], "the employer's name"),
        Column::optional("payroll_id", &["payrollId"], "the employee's identifier on the payroll"),
        Column::optional("employment_start_date", &["employmentStartDate"], "the employment's start"),
        Column::optional("leaving_date", &["employmentEndDate"], "the leaving date"),
        Column::required("payment_date", &["paymentDate"], "the contractual payday"),
        Column::required("pay_frequency", &["payFrequency"], "W1 W2 W4 M1 M3 M6 MA IO IR"),
        Column::optional(
            "earnings_periods",
            &["earningsPeriodsCovered"],
            "earnings periods covered, 1 to 99; empty means 1",
        ),
        Column::required(
            "taxable_pay",
            &["taxablePayInPeriod"],
            "taxable pay in the period, pounds; may be zero or negative",
        ),
        Column::optional("hours_band", &["numberOfNormalHoursWorked"], "normal hours a week: A B C D E"),
        Column::optional("irregular_payment", &["irregularPayment"], "Y or true when paid irregularly"),
        Column::optional("pension_payment", &["occPenIndicator"], "Y or true for an occupational pension"),
        Column::optional("payment_after_leaving", &["paymentAfterLeaving"], "Y or true when paid after leaving"),
        Column::optional(
            "payment_id",
            &["uniquePaymentId"],
            "what names the payment: HMRC's number for it, or another identifier",
        ),
        Column::optional(
            "received_at",
            &["hmrcReceiptTimestamp", "rtiReceivedDate"],
            "when HMRC received it, a moment or a date",
        ),
        Column::optional("no_longer_valid", &["paymentNoLongerValid"], "when HMRC voided the payment"),
    ];

    /// Reads a row's cells by our names, all of them text; the National Insurance number was read before it.
    ///
    /// # Errors
    /// As [`Payment::read_cells`].
    pub fn read<'a>(
        place: (u32, u32),
        nino: Nino,
        cell: impl Fn(&'static str) -> Option<&'a str>,
        tally: &mut Tally,
    ) -> Result<Self, CellError> {
        let text = |number: usize| Self::COLUMNS.get(number).and_then(|column| cell(column.name)).map(Cell::Text);
        Self::read_cells(place, nino, text, tally)
    }

    /// Reads a row's cells by the numbers of our columns; the National Insurance number was read before it. A value of a
    /// typed column is what its text would be read as.
    ///
    /// # Errors
    /// The first cell that is empty where it must not be, or cannot be read.
    pub fn read_cells<'a>(
        (file, row): (u32, u32),
        nino: Nino,
        cell: impl Fn(usize) -> Option<Cell<'a>>,
        tally: &mut Tally,
    ) -> Result<Self, CellError> {
        let mut cells = PaymentCells { row, cell, tally };
        let (surname, forename) = (cells.text(at::SURNAME).map(Masked), cells.text(at::FORENAME).map(Masked));
        let (employer_name, payroll_id) = (cells.text(at::EMPLOYER_NAME), cells.text(at::PAYROLL_ID));
        if payroll_id.as_deref().is_some_and(SpreadsheetDamage::is_scientific) {
            cells.tally.damage(SpreadsheetDamage::ScientificNotation);
        }
        let (office_number, reference) = cells.employer()?;
        let date_of_birth = cells.date(at::DATE_OF_BIRTH).optional()?.map(Masked);
        let no_longer_valid = cells.date(at::NO_LONGER_VALID).optional()?;
        let employment_start_date = cells.date(at::EMPLOYMENT_START_DATE).optional()?;
        let leaving_date = cells.date(at::LEAVING_DATE).optional()?;
        let irregular_payment = cells.flag(at::IRREGULAR_PAYMENT)?;
        let pension_payment = cells.flag(at::PENSION_PAYMENT)?;
        let payment_after_leaving = cells.flag(at::PAYMENT_AFTER_LEAVING)?;
        Ok(Self {
            file,
            row,
            nino,
            surname,
            forename,
            date_of_birth,
            employer: EmployerRef::new(office_number.required()?, &reference.required()?),
            employer_name,
            payroll_id,
            employment_start_date,
            leaving_date,
            payment_date: cells.date(at::PAYMENT_DATE).required()?,
            pay_frequency: cells.value(at::PAY_FREQUENCY, Frequency::parse).required()?,
            earnings_periods: cells.value(at::EARNINGS_PERIODS, parse_periods).optional()?.unwrap_or(1),
            taxable_pay: cells.money(at::TAXABLE_PAY).required()?,
            hours_band: cells.value(at::HOURS_BAND, Band::parse).optional()?,
            irregular_payment,
            pension_payment,
            payment_after_leaving,
            payment_id: cells.value(at::PAYMENT_ID, PaymentId::parse).optional()?,
            received_at: cells.moment(at::RECEIVED_AT).optional()?,
            no_longer_valid,
        })
    }

    /// The order in which rows were received, made total: rows that compare equal are equal in every column.
    ///
    /// Latest `received_at` last; then the higher `payment_id`, the higher pay, the later band letter, then each
    /// remaining column in the order of the extract; an empty value comes before any other. Where the row stands plays
    /// no part, so that the order of rows never matters.
    pub fn by_receipt(&self, other: &Self) -> Ordering {
        self.received_at
            .cmp(&other.received_at)
            .then_with(|| self.payment_id.cmp(&other.payment_id))
            .then_with(|| self.taxable_pay.cmp(&other.taxable_pay))
            .then_with(|| self.hours_band.cmp(&other.hours_band))
            .then_with(|| self.nino.cmp(&other.nino))
            .then_with(|| self.surname.cmp(&other.surname))
            .then_with(|| self.forename.cmp(&other.forename))
            .then_with(|| self.date_of_birth.cmp(&other.date_of_birth))
            .then_with(|| self.employer.cmp(&other.employer))
            .then_with(|| self.employer_name.cmp(&other.employer_name))
            .then_with(|| self.payroll_id.cmp(&other.payroll_id))
            .then_with(|| self.employment_start_date.cmp(&other.employment_start_date))
            .then_with(|| self.leaving_date.cmp(&other.leaving_date))
            .then_with(|| self.payment_date.cmp(&other.payment_date))
            .then_with(|| self.pay_frequency.cmp(&other.pay_frequency))
            .then_with(|| self.earnings_periods.cmp(&other.earnings_periods))
            .then_with(|| self.irregular_payment.cmp(&other.irregular_payment))
            .then_with(|| self.pension_payment.cmp(&other.pension_payment))
            .then_with(|| self.payment_after_leaving.cmp(&other.payment_after_leaving))
            .then_with(|| self.no_longer_valid.cmp(&other.no_longer_valid))
    }
}

/// The cells of one row, text or typed, each read as what its column holds.
struct PaymentCells<'t, C> {
    row: u32,
    cell: C,
    tally: &'t mut Tally,
}

impl<'a, C: Fn(usize) -> Option<Cell<'a>>> PaymentCells<'_, C> {
    fn text(&mut self, column: usize) -> Option<Arc<str>> {
        let words = (self.cell)(column)?.to_text();
        Some(words.trim()).filter(|text| !text.is_empty()).map(Arc::from)
    }

    fn value<T>(&mut self, column: usize, parse: impl FnOnce(&str) -> Result<T, Fault>) -> RowCell<T> {
        let words = (self.cell)(column).map(Cell::to_text);
        let field = self.tally.cell(words.as_deref(), parse);
        self.placed(column, field)
    }

    fn flag(&mut self, column: usize) -> Result<bool, CellError> {
        self.value(column, parse_flag).optional().map(|flag| flag.unwrap_or(false))
    }

    fn date(&mut self, column: usize) -> RowCell<NaiveDate> {
        let field = match (self.cell)(column) {
            Some(Cell::Day(day)) => Field::Given(day),
            other => self.tally.date(other.map(Cell::to_text).as_deref()),
        };
        self.placed(column, field)
    }

    fn money(&mut self, column: usize) -> RowCell<Pence> {
        let pence = match (self.cell)(column) {
            Some(Cell::Hundredths(pence)) => Pence::within_limit(pence.into()),
            Some(Cell::Text(_) | Cell::Day(_) | Cell::Moment(_) | Cell::Number(_)) | None => None,
        };
        match pence {
            Some(pence) => self.placed(column, Field::Given(pence)),
            None => self.value(column, Pence::parse),
        }
    }

    fn moment(&mut self, column: usize) -> RowCell<i64> {
        match (self.cell)(column) {
            Some(Cell::Moment(moment)) => self.placed(column, Field::Given(moment)),
            Some(Cell::Day(day)) => self.placed(column, Field::Given(midnight(day))),
            Some(Cell::Text(_) | Cell::Hundredths(_) | Cell::Number(_)) | None => self.value(column, parse_received_at),
        }
    }

    /// The two cells that name the employer. An empty one of the two comes before a fault of the other.
    fn employer(&mut self) -> Result<(RowCell<OfficeNumber>, RowCell<PayeReference>), CellError> {
        self.filled(at::OFFICE_NUMBER)?;
        self.filled(at::PAYE_REF)?;
        Ok((self.value(at::OFFICE_NUMBER, OfficeNumber::parse), self.value(at::PAYE_REF, PayeReference::parse)))
    }

    fn filled(&self, column: usize) -> Result<(), CellError> {
        let words = (self.cell)(column).map(Cell::to_text);
        self.placed(column, Field::read(words.as_deref(), |_| Ok(()))).required()
    }

    fn placed<T>(&self, column: usize, field: Field<T>) -> RowCell<T> {
        let column = Payment::COLUMNS.get(column).map_or("", |column| column.name);
        RowCell { row: self.row, column, field }
    }
}

fn parse_periods(text: &str) -> Result<u8, Fault> {
    const FAULT: Fault = Fault::expected("a whole number of earnings periods from 1 to 99");
    let digits = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u8>().ok().filter(|periods| digits && (1..=99).contains(periods)).ok_or(FAULT)
}

/// A moment as `2018-04-16T09:23:55Z`, with or without fraction and offset (none means UTC; `+01` means `+01:00`), or a
/// date: its midnight.
fn parse_received_at(text: &str) -> Result<i64, Fault> {
    const FAULT: Fault = Fault::expected("a date or a moment, such as 2018-04-16 or 2018-04-16T09:23:55Z");
    if let Ok((date, _)) = super::day::parse(text) {
        return Ok(midnight(date));
    }
    let mut iso = text.replacen(' ', "T", 1);
    if ends_in_hours(&iso) {
        iso.push_str(":00");
    }
    let moment = chrono::DateTime::parse_from_rfc3339(&iso)
        .or_else(|_| chrono::DateTime::parse_from_rfc3339(&format!("{iso}Z")))
        .map_err(|_| FAULT)?;
    Ok(moment.timestamp_micros())
}

/// Whether a moment's offset from UTC is in hours alone, as databases write it: `2018-04-16 09:23:55+00`.
fn ends_in_hours(text: &str) -> bool {
    let after_time = text.split_once(':').map(|(_, rest)| rest).unwrap_or_default();
    let offset = after_time.rsplit_once(['+', '-']).map(|(_, offset)| offset).unwrap_or_default();
    offset.len() == 2 && offset.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first moment of a day, in microseconds since 1970 began.
pub fn midnight(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::NinoText;

    /// The standard payment of the tests, with the given cells changed.
    pub(crate) fn payment(changes: &[(&'static str, &str)]) -> Payment {
        let mut cells: BTreeMap<&str, &str> = BTreeMap::from([
            ("nino", "NC100001A"),
            ("surname", "Example"),
            ("forename", "Robin"),
            ("date_of_birth", "1990-01-15"),
            ("office_number", "123"),
            ("paye_ref", "A246"),
            ("payroll_id", "1"),
            ("employment_start_date", "2018-05-01"),
            ("payment_date", "2018-05-31"),
            ("pay_frequency", "M1"),
            ("taxable_pay", "1200.00"),
            ("hours_band", "D"),
        ]);
        cells.extend(changes.iter().copied());
        let NinoText::WellFormed(nino) = NinoText::read(cells["nino"]) else { panic!("a test payment's NINO") };
        Payment::read((0, 1), nino, |column| cells.get(column).copied(), &mut Tally::default()).unwrap()
    }

    #[test]
    fn moments_are_read_with_and_without_zone_and_a_date_is_its_midnight() {
        assert_eq!(parse_received_at("2018-04-16"), parse_received_at("2018-04-16T00:00:00Z"));
        assert_eq!(parse_received_at("2018-04-16 10:23:55"), parse_received_at("2018-04-16T11:23:55+01:00"));
        assert!(
            parse_received_at("2018-04-16T09:23:55.123456Z").unwrap()
                > parse_received_at("2018-04-16T09:23:55Z").unwrap()
        );
        assert_eq!(parse_received_at("2018-04-16 10:23:55+01"), parse_received_at("2018-04-16T09:23:55Z"));
        assert_eq!(parse_received_at("2018-04-16 09:23:55.5+00"), parse_received_at("2018-04-16T09:23:55.5Z"));
        assert!(parse_received_at("yesterday").is_err());
        assert!(parse_received_at("2018-04-16T09:23-01").is_err());
    }

    #[test]
    fn a_row_without_a_needed_value_is_not_a_payment() {
        for column in ["office_number", "paye_ref", "payment_date", "pay_frequency", "taxable_pay"] {
            let NinoText::WellFormed(nino) = NinoText::read("NC100001A") else { panic!() };
            let cells = BTreeMap::from([
                ("office_number", "123"),
                ("paye_ref", "A246"),
                ("payment_date", "2018-05-31"),
                ("pay_frequency", "M1"),
                ("taxable_pay", "1200"),
            ]);
            let cell = |name: &'static str| cells.get(name).copied().filter(|_| name != column);
            let fault = Payment::read((0, 1), nino, cell, &mut Tally::default()).unwrap_err();
            assert_eq!(fault.column, column);
        }
    }

    #[test]
    fn a_fault_of_the_employer_is_told_of_the_cell_it_is_in() {
        let fault = |office: &str, reference: &str| {
            let NinoText::WellFormed(nino) = NinoText::read("NC100001A") else { panic!() };
            let cells = BTreeMap::from([
                ("office_number", office),
                ("paye_ref", reference),
                ("payment_date", "2018-05-31"),
                ("pay_frequency", "M1"),
                ("taxable_pay", "1200"),
            ]);
            Payment::read((0, 7), nino, |name| cells.get(name).copied(), &mut Tally::default()).unwrap_err().to_string()
        };
        let office = "expected an HMRC office number of three digits, such as 099";
        let reference = "expected an employer PAYE reference of 1 to 10 characters, such as A246";
        assert_eq!(fault("1234", "A246"), format!("row 7, office_number: found 4 digits, {office}"));
        assert_eq!(fault("123", "ABCDEFGHIJK"), format!("row 7, paye_ref: found 11 characters, {reference}"));
        assert_eq!(fault("12A", "ABCDEFGHIJK"), format!("row 7, office_number: found 3 characters, {office}"));
        assert_eq!(fault("1234", " "), "row 7, paye_ref: found nothing, expected a value");
    }

    #[test]
    fn a_typed_cell_is_read_as_its_text_would_be() {
        let day = NaiveDate::from_ymd_opt(2018, 5, 31).unwrap();
        let typed = [
            (at::PAYMENT_DATE, Cell::Day(day)),
            (at::TAXABLE_PAY, Cell::Hundredths(-50)),
            (at::RECEIVED_AT, Cell::Moment(1_523_870_635_123_456)),
            (at::EARNINGS_PERIODS, Cell::Number(3)),
            (at::PAYROLL_ID, Cell::Number(71)),
        ];
        for (column, cell) in typed {
            let with = |cell: Cell<'static>| {
                let NinoText::WellFormed(nino) = NinoText::read("NC100001A") else { panic!() };
                let sound = payment(&[]);
                let other = move |number: usize| match number {
                    number if number == column => Some(cell),
                    at::OFFICE_NUMBER => Some(Cell::Text("123")),
                    at::PAYE_REF => Some(Cell::Text("A246")),
                    at::PAYMENT_DATE => Some(Cell::Day(sound.payment_date)),
                    at::PAY_FREQUENCY => Some(Cell::Text("M1")),
                    at::TAXABLE_PAY => Some(Cell::Hundredths(120_000)),
                    _ => None,
                };
                Payment::read_cells((0, 1), nino, other, &mut Tally::default()).unwrap()
            };
            let words: &'static str = Box::leak(cell.to_text().into_owned().into_boxed_str());
            assert_eq!(with(cell), with(Cell::Text(words)), "{words}");
        }
    }

    #[test]
    fn the_numbers_of_columns_are_those_of_the_table() {
        let name = |number: usize| Payment::COLUMNS[number].name;
        assert_eq!(
            (name(at::NINO), name(at::DATE_OF_BIRTH), name(at::PAYE_REF)),
            ("nino", "date_of_birth", "paye_ref")
        );
        assert_eq!((name(at::SURNAME), name(at::FORENAME)), ("surname", "forename"));
        assert_eq!((name(at::OFFICE_NUMBER), name(at::EMPLOYER_NAME)), ("office_number", "employer_name"));
        assert_eq!((name(at::PAYROLL_ID), name(at::LEAVING_DATE)), ("payroll_id", "leaving_date"));
        assert_eq!(name(at::EMPLOYMENT_START_DATE), "employment_start_date");
        assert_eq!((name(at::PAYMENT_DATE), name(at::PAY_FREQUENCY)), ("payment_date", "pay_frequency"));
        assert_eq!((name(at::EARNINGS_PERIODS), name(at::TAXABLE_PAY)), ("earnings_periods", "taxable_pay"));
        assert_eq!((name(at::HOURS_BAND), name(at::IRREGULAR_PAYMENT)), ("hours_band", "irregular_payment"));
        assert_eq!((name(at::PENSION_PAYMENT), name(at::PAYMENT_ID)), ("pension_payment", "payment_id"));
        assert_eq!(name(at::PAYMENT_AFTER_LEAVING), "payment_after_leaving");
        assert_eq!((name(at::RECEIVED_AT), name(at::NO_LONGER_VALID)), ("received_at", "no_longer_valid"));
    }

    #[test]
    fn frequencies_read_back_from_their_codes() {
        for frequency in Frequency::ALL {
            assert_eq!(Frequency::parse(frequency.code()), Ok(frequency));
        }
        assert!(Frequency::parse("M2").is_err());
        assert!(Frequency::ALL.is_sorted_by(|one, next| one < next && one.code() < next.code()));
    }
}

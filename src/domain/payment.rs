//! One row of an RTI-style extract: one payment to one employee, as reported once.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;

use super::cell::{Cell, trimmed};
use super::employer::{EmployerRef, OfficeNumber, PayeReference};
use super::field::{Column, Fault, Field, SpreadsheetDamage};
use super::frequency::Frequency;
use super::hours::Band;
use super::masked::Masked;
use super::money::Pence;
use super::nino::Nino;
use super::payment_id::PaymentId;
use super::reading::flag::flag;
use super::reading::moment::moment_cell;
use super::reading::money::pounds_cell;
use super::reading::whole::whole;
use super::reading::{Departure, Departures, Kind, ReadResult, plain};
use super::row::{CellError, Found};
use super::set_aside::{SetAsideRow, UnreadablePart};
use super::tally::Tally;

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
        Column::required("nino", &["nationalInsuranceNumber"], "National Insurance number, suffix optional")
            .called(&["NI number", "NI no", "NI no.", "National Insurance no", "NINO number"])
            .of(Kind::Nino),
        Column::optional("surname", &[], "surname").called(&["Last name", "Family name"]),
        Column::optional("forename", &[], "forename").called(&["First name", "Given name"]),
        Column::optional("date_of_birth", &["dateOfBirth"], "date of birth")
            .called(&["DOB", "D.O.B.", "Birth date"])
            .of(Kind::Date),
        Column::required("office_number", &["hmrcOfficeNumber"], "HMRC office number, three digits")
            .called(&["HMRC office no", "Tax office number"])
            .of(Kind::Identifier),
        Column::required("paye_ref", &["employerPayeRef"], "employer PAYE reference")
            .called(&["PAYE reference", "Employer PAYE reference"])
            .of(Kind::Identifier),
        Column::optional("employer_name", &["employerName1"], "the employer's name")
            .called(&["Name of employer"])
            .over_lines(),
        Column::optional("payroll_id", &["payrollId"], "the employee's identifier on the payroll")
            .called(&["Payroll number", "Payroll no", "Works number"])
            .of(Kind::Identifier),
        Column::optional("employment_start_date", &["employmentStartDate"], "the employment's start")
            .called(&["Employment start"])
            .of(Kind::Date),
        Column::optional("leaving_date", &["employmentEndDate"], "the leaving date")
            .called(&["Date of leaving", "Employment end"])
            .of(Kind::Date),
        Column::required("payment_date", &["paymentDate"], "the contractual payday")
            .called(&["Pay date", "Payday", "Date of payment"])
            .of(Kind::Date),
        Column::required("pay_frequency", &["payFrequency"], "W1 W2 W4 M1 M3 M6 MA IO IR")
            .called(&["Payment frequency", "Frequency of pay"])
            .of(Kind::Code),
        Column::optional(
            "earnings_periods",
            &["earningsPeriodsCovered"],
            "earnings periods covered, 1 to 99; empty means 1",
        )
        .called(&["Number of earnings periods"])
        .of(Kind::Whole),
        Column::required(
            "taxable_pay",
            &["taxablePayInPeriod"],
            "taxable pay in the period, pounds; may be zero or negative",
        )
        .called(&["Taxable pay in the period"])
        .of(Kind::Money),
        Column::optional("hours_band", &["numberOfNormalHoursWorked"], "normal hours a week: A B C D E")
            .called(&["Normal hours band", "Normal hours worked"])
            .of(Kind::Code),
        Column::optional("irregular_payment", &["irregularPayment"], "Y or true when paid irregularly")
            .called(&["Irregular payment indicator"])
            .of(Kind::Flag),
        Column::optional("pension_payment", &["occPenIndicator"], "Y or true for an occupational pension")
            .called(&["Occupational pension", "Occupational pension indicator"])
            .of(Kind::Flag),
        Column::optional("payment_after_leaving", &["paymentAfterLeaving"], "Y or true when paid after leaving")
            .called(&["Payment after leaving indicator"])
            .of(Kind::Flag),
        Column::optional(
            "payment_id",
            &["uniquePaymentId"],
            "what names the payment: HMRC's number for it, or another identifier",
        )
        .of(Kind::Identifier),
        Column::optional(
            "received_at",
            &["hmrcReceiptTimestamp", "rtiReceivedDate"],
            "when HMRC received it, a moment or a date",
        )
        .called(&["Date received", "Received date"])
        .of(Kind::Moment),
        Column::optional("no_longer_valid", &["paymentNoLongerValid"], "when HMRC voided the payment").of(Kind::Date),
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
    ) -> Result<Self, Box<SetAsideRow>> {
        let text = |number: usize| Self::COLUMNS.get(number).and_then(|column| cell(column.name)).map(Cell::Text);
        Self::read_cells(place, nino, text, tally)
    }

    /// Reads a row's cells by the numbers of our columns; the National Insurance number was read before it. A value of a
    /// typed column is what its text would be read as.
    ///
    /// # Errors
    /// A row in which a cell is not given where it must be, or cannot be read and is not one that the payment stands
    /// without: with what could be read of it.
    pub fn read_cells<'a>(
        (file, row): (u32, u32),
        nino: Nino,
        cell: impl Fn(usize) -> Option<Cell<'a>>,
        tally: &mut Tally,
    ) -> Result<Self, Box<SetAsideRow>> {
        let mut cells = PaymentCells { row, cell, tally, error: None };
        let (surname, forename) =
            (cells.name_or_identifier(at::SURNAME).map(Masked), cells.name_or_identifier(at::FORENAME).map(Masked));
        let date_of_birth = cells.date(at::DATE_OF_BIRTH).map(Masked);
        let employer = cells.employer();
        let (employer_name, payroll_id) = (cells.name_or_identifier(at::EMPLOYER_NAME), cells.payroll_id());
        let employment_start_date = cells.date(at::EMPLOYMENT_START_DATE);
        let leaving_date = cells.date(at::LEAVING_DATE);
        let payment_date = cells.date(at::PAYMENT_DATE);
        let pay_frequency = cells.value(at::PAY_FREQUENCY, Frequency::read);
        let earnings_periods = cells.value(at::EARNINGS_PERIODS, |text| whole(text, parse_periods)).unwrap_or(1);
        let taxable_pay = cells.money(at::TAXABLE_PAY);
        let hours_band = cells.value(at::HOURS_BAND, |text| Band::read(text, payment_date));
        let irregular_payment = cells.flag(at::IRREGULAR_PAYMENT);
        let pension_payment = cells.flag(at::PENSION_PAYMENT);
        let payment_after_leaving = cells.flag(at::PAYMENT_AFTER_LEAVING);
        let payment_id = cells.dispensable(at::PAYMENT_ID, |cell| match cell.to_text().trim() {
            text if MOST_TEXT_BYTES < text.len() => Err(TOO_LONG),
            text => plain(text, PaymentId::parse),
        });
        let received_at = cells.dispensable(at::RECEIVED_AT, moment_cell);
        let no_longer_valid = cells.date(at::NO_LONGER_VALID);
        for (column, is_given) in [
            (at::PAYMENT_DATE, payment_date.is_some()),
            (at::PAY_FREQUENCY, pay_frequency.is_some()),
            (at::TAXABLE_PAY, taxable_pay.is_some()),
        ] {
            cells.needs(column, is_given);
        }
        if let (None, Some(employer), Some(payment_date), Some(pay_frequency), Some(taxable_pay)) =
            (cells.error, &employer, payment_date, pay_frequency, taxable_pay)
        {
            return Ok(Self {
                file,
                row,
                nino,
                surname,
                forename,
                date_of_birth,
                employer: employer.clone(),
                employer_name,
                payroll_id,
                employment_start_date,
                leaving_date,
                payment_date,
                pay_frequency,
                earnings_periods,
                taxable_pay,
                hours_band,
                irregular_payment,
                pension_payment,
                payment_after_leaving,
                payment_id,
                received_at,
                no_longer_valid,
            });
        }
        Err(Box::new(SetAsideRow {
            file,
            file_name: Arc::default(),
            row,
            line: None,
            stem: nino.stem(),
            unreadable: UnreadablePart::Cell(cells.error.unwrap_or(CellError {
                row,
                column: "nino",
                found: Found::Nothing,
                fault: Fault::expected("a payment"),
            })),
            payment_date,
            payment_id,
            received_at,
            employer,
            no_longer_valid,
            pension_payment,
        }))
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

/// The most bytes of a name or identifier: the longest that RTI has is 100 letters.
const MOST_TEXT_BYTES: usize = 1_024;
const TOO_LONG: Fault = Fault::expected("at most 1,024 bytes");

/// The cells of one row, text or typed, each read as what its column holds. The first that sets the row aside is kept, and
/// the others are read all the same: they may show that the payment could not count.
struct PaymentCells<'t, C> {
    row: u32,
    cell: C,
    tally: &'t mut Tally,
    error: Option<CellError>,
}

impl<'a, C: Fn(usize) -> Option<Cell<'a>>> PaymentCells<'_, C> {
    /// A cell of free text, or an identifier.
    fn text(&self, column: usize) -> Option<Arc<str>> {
        let words = (self.cell)(column)?.to_text();
        Some(trimmed(&words)).filter(|text| !text.is_empty()).map(Arc::from)
    }

    /// A cell of text that the payment stands without: of bytes that are no text, or longer than any name, it is not given,
    /// and counted.
    fn name_or_identifier(&mut self, column: usize) -> Option<Arc<str>> {
        let text = self.text(column)?;
        if MOST_TEXT_BYTES < text.len() {
            self.dispensable::<()>(column, |_| Err(TOO_LONG));
            return None;
        }
        // The first byte of the mark for what is no text; few texts have it.
        if !text.as_bytes().contains(&0xEF) || !text.contains(char::REPLACEMENT_CHARACTER) {
            return Some(text);
        }
        self.dispensable::<()>(column, |_| Err(Fault::expected("text in UTF-8")));
        None
    }

    fn payroll_id(&mut self) -> Option<Arc<str>> {
        let payroll_id = self.name_or_identifier(at::PAYROLL_ID);
        if payroll_id.as_deref().is_some_and(SpreadsheetDamage::is_scientific) {
            self.tally.damage(name(at::PAYROLL_ID), SpreadsheetDamage::ScientificNotation);
        }
        payroll_id
    }

    fn value<T>(&mut self, column: usize, read: impl FnOnce(&str) -> ReadResult<T>) -> Option<T> {
        let field = self.tally.cell(name(column), (self.cell)(column), |cell| read(trimmed(&cell.to_text())));
        self.kept(column, field)
    }

    fn flag(&mut self, column: usize) -> bool {
        self.value(column, flag).unwrap_or(false)
    }

    fn date(&mut self, column: usize) -> Option<NaiveDate> {
        let field = self.tally.date(name(column), (self.cell)(column));
        self.kept(column, field)
    }

    fn money(&mut self, column: usize) -> Option<Pence> {
        let field = self.tally.cell(name(column), (self.cell)(column), pounds_cell);
        self.kept(column, field)
    }

    /// A cell that the payment stands without: where it cannot be read it is not given, and counted.
    fn dispensable<T>(&mut self, column: usize, read: impl FnOnce(Cell<'_>) -> ReadResult<T>) -> Option<T> {
        let field = self.tally.cell(name(column), (self.cell)(column), read);
        if field.fault().is_some() {
            self.tally.depart(name(column), Departures::NONE.with(Departure::UnreadableNotGiven));
        }
        field.into_given()
    }

    /// The two cells that name the employer. An empty one of the two comes before a fault of the other.
    fn employer(&mut self) -> Option<EmployerRef> {
        for column in [at::OFFICE_NUMBER, at::PAYE_REF] {
            let is_given = (self.cell)(column).is_some_and(|cell| !cell.is_blank());
            self.needs(column, is_given);
        }
        let office_number = self.value(at::OFFICE_NUMBER, OfficeNumber::parse);
        self.needs(at::OFFICE_NUMBER, office_number.is_some());
        let reference = self.value(at::PAYE_REF, |text| PayeReference::beside(text, office_number));
        Some(EmployerRef::new(office_number?, &reference?))
    }

    /// A cell that must be given sets the row aside where it is not.
    fn needs(&mut self, column: usize, is_given: bool) {
        if !is_given && self.error.is_none() {
            let (found, fault) = (Found::Nothing, Fault::expected("a value"));
            self.error = Some(CellError { row: self.row, column: name(column), found, fault });
        }
    }

    /// The value of a cell; one that cannot be read sets the row aside.
    fn kept<T>(&mut self, column: usize, field: Field<T>) -> Option<T> {
        if let Some((fault, text)) = field.unreadable()
            && self.error.is_none()
        {
            let found = Found::of(text);
            self.error = Some(CellError { row: self.row, column: name(column), found, fault: *fault });
        }
        field.into_given()
    }
}

/// Our name of a column.
fn name(column: usize) -> &'static str {
    Payment::COLUMNS.get(column).map_or("", |column| column.name)
}

fn parse_periods(text: &str) -> Result<u8, Fault> {
    const FAULT: Fault = Fault::expected("a whole number of earnings periods from 1 to 99");
    let digits = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u8>().ok().filter(|periods| digits && (1..=99).contains(periods)).ok_or(FAULT)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::NinoText;

    /// The standard payment of the tests, with the given cells changed.
    pub(crate) fn payment(changes: &[(&'static str, &str)]) -> Payment {
        read(changes, &mut Tally::default())
    }

    fn read(changes: &[(&'static str, &str)], tally: &mut Tally) -> Payment {
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
        Payment::read((0, 1), nino, |column| cells.get(column).copied(), tally).unwrap()
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
            assert!(fault.unreadable.to_string().starts_with(&format!("{column}: ")), "{}", fault.unreadable);
        }
    }

    #[test]
    fn a_name_that_is_no_text_or_too_long_is_not_given_and_counted() {
        let surname = |surname: &str| {
            let mut tally = Tally::default();
            let payment = read(&[("surname", surname)], &mut tally);
            (payment.surname.as_deref().map(str::len), tally.departed(Departure::UnreadableNotGiven))
        };
        assert_eq!(surname("Ma\u{fffd}er"), (None, 1));
        // A ligature begins with the byte that the mark for what is no text begins with.
        assert_eq!(surname("\u{fb01}nch"), (Some(6), 0));
        assert_eq!(surname("Finch"), (Some(5), 0));
        assert_eq!((surname(&"x".repeat(1_024)), surname(&"x".repeat(1_025))), ((Some(1_024), 0), (None, 1)));
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
            Payment::read((0, 7), nino, |name| cells.get(name).copied(), &mut Tally::default())
                .unwrap_err()
                .unreadable
                .to_string()
        };
        let office = "expected an HMRC office number of three digits, such as 099";
        let reference = "expected an employer PAYE reference of 1 to 10 characters, such as A246";
        assert_eq!(fault("1234", "A246"), format!("office_number: found 4 digits, {office}"));
        assert_eq!(fault("123", "ABCDEFGHIJK"), format!("paye_ref: found 11 characters, {reference}"));
        assert_eq!(fault("12A", "ABCDEFGHIJK"), format!("office_number: found 3 characters, {office}"));
        assert_eq!(fault("1234", " "), "paye_ref: found nothing, expected a value");
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
}

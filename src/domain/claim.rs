//! A claim: a provider's statement that one participant achieved one outcome.

use chrono::NaiveDate;

use super::cell::{Cell, trimmed};
use super::employer::EmployerRef;
use super::field::{Column, Fault, Field};
use super::hours::Hours;
use super::masked::Masked;
use super::money::Pence;
use super::nino::NinoText;
use super::participant::participant_key;
use super::reading::code::{key, one_of};
use super::reading::hours::weekly;
use super::reading::money::pounds;
use super::reading::{Kind, ReadResult};
use super::row::{CellError, Found};
use super::row_text::RowText;
use super::tally::Tally;

/// How the participant is said to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmploymentType {
    /// On an employer's payroll.
    Employed,
    /// On their own account; RTI knows nothing of it.
    SelfEmployed,
}

impl EmploymentType {
    /// Reads the type.
    ///
    /// # Errors
    /// Anything but `employed` or `self_employed`.
    pub fn read(text: &str) -> ReadResult<Self> {
        let codes = [("employed", Self::Employed), ("self_employed", Self::SelfEmployed)];
        one_of(text, &codes, &[], Fault::expected("employed or self_employed"))
    }
}

/// One row of a claims file: its cells as they were read, and the values of those that hold more than text.
///
/// The row is parsed once, here. A row that is not even a record (too few cells, a stray quote) has a `damage` and
/// nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The row's number in the claims file, counted from 1, quarantined rows included.
    pub row: u32,
    /// Why the row is not a record, where it is not one.
    pub damage: Option<Box<str>>,
    /// Every cell as it was read: those of [`Claim::COLUMNS`], then those of the file's other columns.
    text: RowText,
    /// The participant's National Insurance number.
    pub nino: Field<NinoText>,
    /// The participant's date of birth.
    pub date_of_birth: Field<NaiveDate>,
    /// Employed (also where the cell is empty) or self-employed.
    pub employment_type: Field<EmploymentType>,
    /// J: the claimed job start.
    pub job_start_date: Field<NaiveDate>,
    /// When the job ended, where the provider says so.
    pub job_end_date: Field<NaiveDate>,
    /// Hours a week, where the provider says so.
    pub hours_per_week: Field<Hours>,
    /// The employer's PAYE reference, where the provider says so.
    pub paye_reference: Field<EmployerRef>,
    /// When the provider says the outcome was achieved.
    pub outcome_date: Field<NaiveDate>,
    /// When the claim was made.
    pub claim_date: Field<NaiveDate>,
    /// The amount claimed, where stated.
    pub amount_claimed: Field<Pence>,
}

/// One cell of a claim with its column; the row rules iterate over these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimCell<'a> {
    /// The column.
    pub column: &'static str,
    /// Whether every row must have a value in it.
    pub required: bool,
    /// Whether the cell of this row is empty.
    pub empty: bool,
    /// Why the cell of this row could not be read, where it could not, and what stands in it.
    pub unreadable: Option<(CellError, Masked<&'a str>)>,
}

impl<'a> ClaimCell<'a> {
    fn new<T>(row: u32, column: &'static str, required: bool, field: &'a Field<T>) -> Self {
        let unreadable = field.unreadable().map(|(fault, text)| {
            let error = CellError { row, column, found: Found::of(text), fault: *fault };
            (error, Masked(text))
        });
        Self { column, required, empty: field.is_empty(), unreadable }
    }

    /// A cell of text, which can always be read.
    fn text(column: &'static str, required: bool, text: Option<&str>) -> Self {
        Self { column, required, empty: text.is_none(), unreadable: None }
    }
}

impl Claim {
    /// The columns of a claims file in order.
    pub const COLUMNS: [Column; 18] = [
        Column::required("claim_id", &[], "the provider's number for the claim; no two claims of a batch share one")
            .called(&["Claim number", "Claim no", "Claim reference", "Claim ref"])
            .of(Kind::Identifier),
        Column::required("provider_id", &[], "who claims")
            .called(&["Provider number", "Provider no", "Provider code", "Provider reference"])
            .of(Kind::Identifier),
        Column::required("contract_id", &[], "under which contract")
            .called(&["Contract number", "Contract no", "Contract reference", "Contract ref"])
            .of(Kind::Identifier),
        Column::required("participant_id", &[], "for whom")
            .called(&["Participant number", "Participant no", "Participant reference", "Participant ref"])
            .of(Kind::Identifier),
        Column::required(
            "nino",
            &[],
            "National Insurance number; spaces and case do not matter, the suffix may be left out",
        )
        .called(&["NI number", "NI no", "NI no.", "National Insurance number", "National Insurance no", "NINO number"])
        .of(Kind::Nino),
        Column::required("surname", &[], "surname").called(&["Last name", "Family name"]),
        Column::required("forename", &[], "forename").called(&["First name", "Given name"]),
        Column::required("date_of_birth", &[], "YYYY-MM-DD (or DD/MM/YYYY)")
            .called(&["DOB", "D.O.B.", "Birth date"])
            .of(Kind::Date),
        Column::required("outcome", &[], "an outcome of the scheme, by its id")
            .called(&["Outcome type", "Outcome claimed"])
            .of(Kind::Code),
        Column::optional("employment_type", &[], "employed or self_employed; empty means employed")
            .called(&["Type of employment"])
            .of(Kind::Code),
        Column::required("job_start_date", &[], "the first day of the job, YYYY-MM-DD (or DD/MM/YYYY)")
            .called(&["Job start", "Date job started", "Employment start date"])
            .of(Kind::Date),
        Column::optional("job_end_date", &[], "the last day of the job, where it has ended")
            .called(&["Job end", "Date job ended", "Employment end date"])
            .of(Kind::Date),
        Column::optional("hours_per_week", &[], "hours a week, at most two decimal places")
            .called(&["Weekly hours", "Hours a week"])
            .of(Kind::Hours),
        // People write it with the address.
        Column::optional("employer_name", &[], "the employer's name").called(&["Name of employer"]).over_lines(),
        Column::optional("paye_reference", &[], "the employer's PAYE reference, as 123/A246")
            .called(&["PAYE ref", "Employer PAYE reference", "Employer PAYE ref"])
            .of(Kind::Identifier),
        Column::optional("outcome_date", &[], "when the provider says the outcome was achieved")
            .called(&["Date of outcome"])
            .of(Kind::Date),
        Column::required("claim_date", &[], "when the claim is made")
            .called(&["Date of claim", "Date claimed"])
            .of(Kind::Date),
        Column::optional("amount_claimed", &[], "pounds, at most two decimal places")
            .called(&["Claim amount", "Claimed amount", "Amount"])
            .of(Kind::Money),
    ];

    /// Reads a row's cells by name. Every row becomes a claim; what is wrong with its cells is for the rules to say.
    pub fn read<'a>(row: u32, cell: impl Fn(&'static str) -> Option<&'a str>, tally: &mut Tally) -> Self {
        Self::read_with_extra(row, cell, [], tally)
    }

    /// Reads a row's cells by name, and keeps the cells of the file's other columns beside them.
    pub fn read_with_extra<'a>(
        row: u32,
        cell: impl Fn(&'static str) -> Option<&'a str>,
        extra: impl IntoIterator<Item = Option<&'a str>>,
        tally: &mut Tally,
    ) -> Self {
        let mut date = |column: &'static str| tally.date(column, cell(column).map(Cell::Text));
        let (date_of_birth, outcome_date, claim_date) =
            (date("date_of_birth"), date("outcome_date"), date("claim_date"));
        let (job_start_date, job_end_date) = (date("job_start_date"), date("job_end_date"));
        let employment_type = match tally.text("employment_type", cell("employment_type"), EmploymentType::read) {
            Field::Empty => Field::Given(EmploymentType::Employed),
            read @ (Field::Given(_) | Field::Unreadable(..)) => read,
        };
        Self {
            row,
            damage: None,
            text: RowText::new(Self::COLUMNS.iter().map(|column| cell(column.name)).chain(extra)),
            nino: tally.nino("nino", cell("nino")),
            date_of_birth,
            employment_type,
            job_start_date,
            job_end_date,
            hours_per_week: tally.text("hours_per_week", cell("hours_per_week"), weekly),
            paye_reference: tally.text("paye_reference", cell("paye_reference"), EmployerRef::parse),
            outcome_date,
            claim_date,
            amount_claimed: tally.text("amount_claimed", cell("amount_claimed"), pounds),
        }
    }

    /// A row that is not a record.
    pub fn damaged(row: u32, damage: &str) -> Self {
        Self { damage: Some(damage.into()), ..Self::read(row, |_| None, &mut Tally::default()) }
    }

    /// One of our cells as it was read, blanks around it included.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.text.cell(Self::COLUMNS.iter().position(|own| own.name == column)?)
    }

    /// A cell of the file's other columns as it was read, counted from 0.
    pub fn extra(&self, number: usize) -> Option<&str> {
        self.text.cell(Self::COLUMNS.len() + number)
    }

    /// Whether another row says the same in every column, however its cells are written.
    pub fn says_the_same(&self, other: &Self) -> bool {
        if self.text == other.text {
            return true;
        }
        let codes = |claim: &Self| claim.trimmed("outcome").map(key);
        let participants = |claim: &Self| claim.participant_id().map(participant_key);
        let is_text = |column: &&Column| !Self::READ_AS_VALUES.contains(&column.name);
        let same_text = |column: &Column| self.trimmed(column.name) == other.trimmed(column.name);
        self.damage.is_none()
            && other.damage.is_none()
            && Self::COLUMNS.iter().filter(is_text).all(same_text)
            && codes(self) == codes(other)
            && participants(self) == participants(other)
            && self.nino == other.nino
            && self.date_of_birth == other.date_of_birth
            && self.employment_type == other.employment_type
            && self.job_start_date == other.job_start_date
            && self.job_end_date == other.job_end_date
            && self.hours_per_week == other.hours_per_week
            && self.paye_reference == other.paye_reference
            && self.outcome_date == other.outcome_date
            && self.claim_date == other.claim_date
            && self.amount_claimed == other.amount_claimed
            && self.text.same_beyond(&other.text, Self::COLUMNS.len())
    }

    /// The columns that [`Claim::says_the_same`] compares by what they mean.
    const READ_AS_VALUES: [&'static str; 12] = [
        "outcome",
        "participant_id",
        "nino",
        "date_of_birth",
        "employment_type",
        "job_start_date",
        "job_end_date",
        "hours_per_week",
        "paye_reference",
        "outcome_date",
        "claim_date",
        "amount_claimed",
    ];

    /// Every cell as it was read.
    pub fn row_text(&self) -> &RowText {
        &self.text
    }

    /// The value of a cell of text: surrounding blanks are not part of it, and a cell of blanks is empty.
    fn trimmed(&self, column: &str) -> Option<&str> {
        self.text(column).map(trimmed).filter(|words| !words.is_empty())
    }

    /// The provider's number for the claim.
    pub fn claim_id(&self) -> Option<&str> {
        self.trimmed("claim_id")
    }

    /// The provider that claims.
    pub fn provider_id(&self) -> Option<&str> {
        self.trimmed("provider_id")
    }

    /// The contract it is made under.
    pub fn contract_id(&self) -> Option<&str> {
        self.trimmed("contract_id")
    }

    /// The participant it is for, by number.
    pub fn participant_id(&self) -> Option<&str> {
        self.trimmed("participant_id")
    }

    /// The participant's surname.
    pub fn surname(&self) -> Option<&str> {
        self.trimmed("surname")
    }

    /// The participant's forename.
    pub fn forename(&self) -> Option<&str> {
        self.trimmed("forename")
    }

    /// Which of the scheme's outcomes.
    pub fn outcome(&self) -> Option<&str> {
        self.trimmed("outcome")
    }

    /// The employer's name, where the provider says so.
    pub fn employer_name(&self) -> Option<&str> {
        self.trimmed("employer_name")
    }

    /// Every cell of the row in the order of the columns.
    pub fn cells(&self) -> [ClaimCell<'_>; 18] {
        let row = self.row;
        [
            ClaimCell::text("claim_id", true, self.claim_id()),
            ClaimCell::text("provider_id", true, self.provider_id()),
            ClaimCell::text("contract_id", true, self.contract_id()),
            ClaimCell::text("participant_id", true, self.participant_id()),
            ClaimCell::new(row, "nino", true, &self.nino),
            ClaimCell::text("surname", true, self.surname()),
            ClaimCell::text("forename", true, self.forename()),
            ClaimCell::new(row, "date_of_birth", true, &self.date_of_birth),
            ClaimCell::text("outcome", true, self.outcome()),
            ClaimCell::new(row, "employment_type", false, &self.employment_type),
            ClaimCell::new(row, "job_start_date", true, &self.job_start_date),
            ClaimCell::new(row, "job_end_date", false, &self.job_end_date),
            ClaimCell::new(row, "hours_per_week", false, &self.hours_per_week),
            ClaimCell::text("employer_name", false, self.employer_name()),
            ClaimCell::new(row, "paye_reference", false, &self.paye_reference),
            ClaimCell::new(row, "outcome_date", false, &self.outcome_date),
            ClaimCell::new(row, "claim_date", true, &self.claim_date),
            ClaimCell::new(row, "amount_claimed", false, &self.amount_claimed),
        ]
    }

    /// Whether the claim says the participant works on their own account.
    pub fn is_self_employed(&self) -> bool {
        self.employment_type.given() == Some(&EmploymentType::SelfEmployed)
    }
}

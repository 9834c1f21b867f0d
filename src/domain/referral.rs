//! A referral as the register records it: what a rate asks of a person.

use chrono::NaiveDate;

use super::field::Tally;
use super::nino::NinoText;
use super::participant::{optional, parse_flag, required};

/// The register's row for one participant, as far as rates read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The participant's number.
    pub participant_id: Box<str>,
    /// The National Insurance number, where the register has one, well-formed or not.
    pub nino: Option<NinoText>,
    /// Surname, where recorded.
    pub surname: Option<Box<str>>,
    /// Forename, where recorded.
    pub forename: Option<Box<str>>,
    /// Date of birth.
    pub date_of_birth: NaiveDate,
    /// F or M, where recorded.
    pub sex: Option<Box<str>>,
    /// Under which contract.
    pub contract_id: Box<str>,
    /// With which provider.
    pub provider_id: Box<str>,
    /// When the participant was referred.
    pub referral_date: NaiveDate,
    /// When they started; `None` when they were referred and never started.
    pub start_date: Option<NaiveDate>,
    /// The group the participant belongs to.
    pub cohort: Box<str>,
    /// Whether they were in work at the start, where recorded.
    pub in_work_at_start: Option<bool>,
}

impl Referral {
    /// Reads a row of a register; its columns are [`super::Participant::COLUMNS`].
    ///
    /// # Errors
    /// The name of the first column whose cell is empty where it must not be, or cannot be read.
    pub fn read<'a>(cell: impl Fn(&'static str) -> Option<&'a str>, tally: &mut Tally) -> Result<Self, &'static str> {
        fn named<T, F>(column: &'static str, read: Result<T, F>) -> Result<T, &'static str> {
            read.map_err(|_| column)
        }
        Ok(Self {
            participant_id: named("participant_id", required(tally.text(cell("participant_id"))))?,
            nino: named("nino", optional(tally.nino(cell("nino"))))?,
            surname: named("surname", optional(tally.text(cell("surname"))))?,
            forename: named("forename", optional(tally.text(cell("forename"))))?,
            date_of_birth: named("date_of_birth", required(tally.date(cell("date_of_birth"))))?,
            sex: named("sex", optional(tally.text(cell("sex"))))?,
            contract_id: named("contract_id", required(tally.text(cell("contract_id"))))?,
            provider_id: named("provider_id", required(tally.text(cell("provider_id"))))?,
            referral_date: named("referral_date", required(tally.date(cell("referral_date"))))?,
            start_date: named("start_date", optional(tally.date(cell("start_date"))))?,
            cohort: named("cohort", required(tally.text(cell("cohort"))))?,
            in_work_at_start: named("in_work_at_start", optional(tally.cell(cell("in_work_at_start"), parse_flag)))?,
        })
    }
}

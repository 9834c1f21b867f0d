//! A referral as the register records it: the columns that rates read.

use chrono::NaiveDate;

use super::field::Fault;
use super::masked::Masked;
use super::nino::NinoText;
use super::reading::Reading;
use super::reading::code::one_of;
use super::reading::flag::flag;
use super::row::{CellError, RowCells};
use super::tally::Tally;

/// The register's row for one participant, as far as rates read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The participant's number.
    pub participant_id: Box<str>,
    /// The National Insurance number, where the register has one, well-formed or not.
    pub nino: Option<NinoText>,
    /// Surname, where recorded.
    pub surname: Option<Masked<Box<str>>>,
    /// Forename, where recorded.
    pub forename: Option<Masked<Box<str>>>,
    /// Date of birth.
    pub date_of_birth: Masked<NaiveDate>,
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

/// Reads F or M; another text is kept as it is, a group of its own.
fn sex(text: &str) -> Reading<Box<str>> {
    let codes = [("F", "F"), ("M", "M")];
    let known = one_of(text, &codes, &[("female", "F"), ("male", "M")], Fault::expected("F or M"));
    known.map_or_else(|_| Reading::plain(text.into()), |reading| reading.map(Into::into))
}

impl Referral {
    /// Reads a row of a register; its columns are [`super::Participant::COLUMNS`].
    ///
    /// # Errors
    /// The first cell that is empty where it must not be, or cannot be read.
    pub fn read<'a>(
        row: u32,
        cell: impl Fn(&'static str) -> Option<&'a str>,
        tally: &mut Tally,
    ) -> Result<Self, CellError> {
        let mut cells = RowCells { row, cell, tally };
        Ok(Self {
            participant_id: cells.text("participant_id").required()?,
            nino: cells.nino("nino").optional()?,
            surname: cells.text("surname").optional()?.map(Masked),
            forename: cells.text("forename").optional()?.map(Masked),
            date_of_birth: cells.date("date_of_birth").required().map(Masked)?,
            sex: cells.value("sex", |text| Ok(sex(text))).optional()?,
            contract_id: cells.text("contract_id").required()?,
            provider_id: cells.text("provider_id").required()?,
            referral_date: cells.date("referral_date").required()?,
            start_date: cells.date("start_date").optional()?,
            cohort: cells.code("cohort").required()?,
            in_work_at_start: cells.value("in_work_at_start", flag).optional()?,
        })
    }
}

//! A participant as the register records them: the columns that rules read.

use chrono::NaiveDate;

use super::field::{Column, Fault};
use super::masked::Masked;
use super::nino::NinoText;
use super::reading::code::one_of;
use super::reading::flag::flag;
use super::reading::{Kind, ReadResult};
use super::row::{CellError, RowCells};
use super::tally::Tally;

/// The benefit a participant received at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Benefit {
    /// Employment and Support Allowance.
    Esa,
    /// Universal Credit.
    Uc,
    /// No benefit.
    None,
    /// Another benefit.
    Other,
}

impl Benefit {
    /// Every benefit.
    const ALL: [Self; 4] = [Self::Esa, Self::Uc, Self::None, Self::Other];

    /// Reads the benefit's code.
    ///
    /// # Errors
    /// Anything but `esa`, `uc`, `none` or `other`.
    pub fn read(text: &str) -> ReadResult<Self> {
        let codes = Self::ALL.map(|benefit| (benefit.code(), benefit));
        one_of(text, &codes, &[], Fault::expected("esa, uc, none or other"))
    }

    /// The benefit's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Esa => "esa",
            Self::Uc => "uc",
            Self::None => "none",
            Self::Other => "other",
        }
    }
}

/// The register's row for one participant: the cells that rules read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// The National Insurance number the register holds.
    pub nino: NinoText,
    /// The date of birth the register holds.
    pub date_of_birth: Masked<NaiveDate>,
    /// The contract they are helped under, where recorded.
    pub contract_id: Option<Box<str>>,
    /// The provider that helps them, where recorded.
    pub provider_id: Option<Box<str>>,
    /// The group the participant belongs to, one of the scheme's list.
    pub cohort: Box<str>,
    /// When they started on provision; `None` when they were referred and never started.
    pub start_date: Option<NaiveDate>,
    /// The benefit at the start, where recorded.
    pub benefit: Option<Benefit>,
    /// Whether they were on other DWP provision at the start, where recorded.
    pub on_other_provision: Option<bool>,
    /// Whether they were in work at the start, where recorded.
    pub in_work_at_start: Option<bool>,
}

impl Participant {
    /// The columns of a register in order.
    pub const COLUMNS: [Column; 16] = [
        Column::required("participant_id", &[], "the participant's number; one row for each")
            .called(&["Participant number", "Participant no", "Participant reference", "Participant ref"])
            .of(Kind::Identifier),
        Column::required("nino", &[], "National Insurance number")
            .called(&[
                "NI number",
                "NI no",
                "NI no.",
                "National Insurance number",
                "National Insurance no",
                "NINO number",
            ])
            .of(Kind::Nino),
        Column::required("surname", &[], "surname").called(&["Last name", "Family name"]),
        Column::required("forename", &[], "forename").called(&["First name", "Given name"]),
        Column::required("date_of_birth", &[], "date of birth").called(&["DOB", "D.O.B.", "Birth date"]).of(Kind::Date),
        Column::optional("sex", &[], "F or M").of(Kind::Code),
        Column::required("contract_id", &[], "under which contract")
            .called(&["Contract number", "Contract no", "Contract reference", "Contract ref"])
            .of(Kind::Identifier),
        Column::required("provider_id", &[], "with which provider")
            .called(&["Provider number", "Provider no", "Provider code", "Provider reference"])
            .of(Kind::Identifier),
        Column::required("referral_date", &[], "when the participant was referred")
            .called(&["Date of referral", "Date referred"])
            .of(Kind::Date),
        Column::required("start_date", &[], "when the participant started; empty when referred and never started")
            .called(&["Date of start", "Date started"])
            .of(Kind::Date),
        Column::optional("end_date", &[], "when provision ended").called(&["Date of end", "Date ended"]).of(Kind::Date),
        Column::optional("end_reason", &[], "completed or exited").of(Kind::Code),
        Column::required("cohort", &[], "one of the scheme's cohorts").of(Kind::Code),
        Column::optional("benefit", &[], "esa, uc, none or other").called(&["Benefit type"]).of(Kind::Code),
        Column::optional("on_other_provision", &[], "whether on other DWP provision at the start, true or false")
            .called(&["Other provision"])
            .of(Kind::Flag),
        Column::optional("in_work_at_start", &[], "whether in work at the start, true or false").of(Kind::Flag),
    ];

    /// The columns that [`Self::read`] leaves alone; whether two rows are the same depends on them too.
    pub const COLUMNS_NOT_READ: [&'static str; 6] =
        ["surname", "forename", "sex", "referral_date", "end_date", "end_reason"];

    /// Reads the cells that rules read.
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
            nino: cells.nino("nino").required()?,
            date_of_birth: cells.date("date_of_birth").required().map(Masked)?,
            contract_id: cells.text("contract_id").optional()?,
            provider_id: cells.text("provider_id").optional()?,
            cohort: cells.code("cohort").required()?,
            start_date: cells.date("start_date").optional()?,
            benefit: cells.value("benefit", Benefit::read).optional()?,
            on_other_provision: cells.value("on_other_provision", flag).optional()?,
            in_work_at_start: cells.value("in_work_at_start", flag).optional()?,
        })
    }
}

/// What is compared of a participant's number: case and the blanks around it do not count. Every index of participants
/// is by this key.
pub fn participant_key(participant_id: &str) -> Box<str> {
    participant_id.trim().to_lowercase().into()
}

/// What the register says of a claim's participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// No register was given.
    NoRegister,
    /// The register has no such participant (or the claim names none).
    Absent,
    /// The register has one row for the participant, and it was read.
    Found(Participant),
    /// The register's entry cannot be used: why.
    Unusable(Box<str>),
}

impl Registered {
    /// The participant, where the register has one that could be read.
    pub fn found(&self) -> Option<&Participant> {
        match self {
            Self::Found(participant) => Some(participant),
            Self::NoRegister | Self::Absent | Self::Unusable(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participant_numbers_are_compared_without_blanks_around_them_and_case() {
        for text in ["p0123", " P0123\u{a0}", "P0123"] {
            assert_eq!(&*participant_key(text), "p0123");
        }
        assert_eq!(participant_key("\u{c9}1"), participant_key("\u{e9}1"));
        assert_ne!(participant_key("P 1"), participant_key("P1"));
    }
}

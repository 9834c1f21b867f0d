//! A participant as the register records them: the columns that rules read.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::field::{Column, Fault, Tally};
use super::masked::Masked;
use super::nino::NinoText;
use super::row::{CellError, RowCells, parse_flag};

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
    /// Reads the benefit's code.
    ///
    /// # Errors
    /// Anything but `esa`, `uc`, `none` or `other`.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "esa" => Ok(Self::Esa),
            "uc" => Ok(Self::Uc),
            "none" => Ok(Self::None),
            "other" => Ok(Self::Other),
            _ => Err(Fault::expected("esa, uc, none or other")),
        }
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
        Column::required("participant_id", &[], "the participant's number; one row for each"),
        Column::required("nino", &[], "National Insurance number"),
        Column::required("surname", &[], "surname"),
        Column::required("forename", &[], "forename"),
        Column::required("date_of_birth", &[], "date of birth"),
        Column::optional("sex", &[], "F or M"),
        Column::required("contract_id", &[], "under which contract"),
        Column::required("provider_id", &[], "with which provider"),
        Column::required("referral_date", &[], "when the participant was referred"),
        Column::required("start_date", &[], "when the participant started; empty when referred and never started"),
        Column::optional("end_date", &[], "when provision ended"),
        Column::optional("end_reason", &[], "completed or exited"),
        Column::required("cohort", &[], "one of the scheme's cohorts"),
        Column::optional("benefit", &[], "esa, uc, none or other"),
        Column::optional("on_other_provision", &[], "whether on other DWP provision at the start, true or false"),
        Column::optional("in_work_at_start", &[], "whether in work at the start, true or false"),
    ];

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
            cohort: cells.text("cohort").required()?,
            start_date: cells.date("start_date").optional()?,
            benefit: cells.value("benefit", Benefit::parse).optional()?,
            on_other_provision: cells.value("on_other_provision", parse_flag).optional()?,
            in_work_at_start: cells.value("in_work_at_start", parse_flag).optional()?,
        })
    }
}

/// A participant's number as it is compared everywhere: without surrounding blanks and without case.
pub fn participant_key(participant_id: &str) -> Cow<'_, str> {
    let trimmed = participant_id.trim();
    if trimmed.chars().any(|letter| letter.is_uppercase() || !letter.is_ascii()) {
        Cow::Owned(trimmed.to_lowercase())
    } else {
        Cow::Borrowed(trimmed)
    }
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
            assert_eq!(participant_key(text), "p0123");
        }
        assert_eq!(participant_key("\u{c9}1"), participant_key("\u{e9}1"));
        assert_ne!(participant_key("P 1"), participant_key("P1"));
    }
}

//! A participant as the register knows them.

use chrono::NaiveDate;

use super::field::{Column, Fault, Field, Tally};
use super::nino::NinoText;

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
    pub date_of_birth: NaiveDate,
    /// The group the participant belongs to, one of the scheme's list.
    pub cohort: Box<str>,
    /// When they started on provision; `None` when they were referred and never started.
    pub start_date: Option<NaiveDate>,
    /// The benefit at the start, where recorded.
    pub benefit: Option<Benefit>,
    /// Whether they were on other DWP provision at the start, where recorded.
    pub on_other_provision: Option<bool>,
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
    /// The name of the first column whose cell is empty where it must not be, or cannot be read.
    pub fn read<'a>(cell: impl Fn(&'static str) -> Option<&'a str>, tally: &mut Tally) -> Result<Self, &'static str> {
        let needed = |column| move |_| column;
        Ok(Self {
            nino: required(tally.nino(cell("nino"))).map_err(needed("nino"))?,
            date_of_birth: required(tally.date(cell("date_of_birth"))).map_err(needed("date_of_birth"))?,
            cohort: required(tally.text(cell("cohort"))).map_err(needed("cohort"))?,
            start_date: optional(tally.date(cell("start_date"))).map_err(needed("start_date"))?,
            benefit: optional(tally.cell(cell("benefit"), Benefit::parse)).map_err(needed("benefit"))?,
            on_other_provision: optional(tally.cell(cell("on_other_provision"), parse_flag))
                .map_err(needed("on_other_provision"))?,
        })
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

/// Reads `true` or `false`, in the ways registers and extracts write them.
///
/// # Errors
/// Anything but `true`, `false`, `Y`, `N`, `yes` or `no`, in any case.
pub fn parse_flag(text: &str) -> Result<bool, Fault> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "y" | "yes" => Ok(true),
        "false" | "n" | "no" => Ok(false),
        _ => Err(Fault::expected("true or false")),
    }
}

/// A cell that must hold a value.
///
/// # Errors
/// The cell is empty, or its fault.
pub fn required<T>(field: Field<T>) -> Result<T, Fault> {
    optional(field)?.ok_or(Fault::expected("a value"))
}

/// A cell that a rule may need but a file may leave out.
///
/// # Errors
/// The cell's fault.
pub fn optional<T>(field: Field<T>) -> Result<Option<T>, Fault> {
    match field {
        Field::Given(value) => Ok(Some(value)),
        Field::Empty => Ok(None),
        Field::Unreadable(fault, _) => Err(fault),
    }
}

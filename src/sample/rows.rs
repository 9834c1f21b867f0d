//! Rows of a claims file and of a register, before they are written.

use super::day::Day;
use super::person::Sex;

/// A cell: text, a date, or nothing where the text is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SampleCell {
    /// A text; empty = nothing.
    Text(String),
    /// A date, or nothing.
    Date(Option<Day>),
}

impl From<&str> for SampleCell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<Day>> for SampleCell {
    fn from(day: Option<Day>) -> Self {
        Self::Date(day)
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    /// Texts.
    Texts,
    /// Dates.
    Dates,
}

/// How a line of a claims file is damaged, so that it is no record any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineDamage {
    /// A quotation mark stands inside the surname.
    StrayQuote,
    /// The line ends in the middle.
    CutShort,
}

/// A cell that does not hold what its column should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spoilt {
    /// The column.
    pub(super) column: &'static str,
    /// What it holds.
    pub(super) text: &'static str,
}

/// One row of a claims file. Its `claim_id` is given when the batch is in order.
#[derive(Debug, Clone)]
pub(super) struct ClaimRow {
    /// Which of its case's claims it is; rows of the same number share a `claim_id`.
    pub(super) number: u32,
    /// `provider_id`
    pub(super) provider: &'static str,
    /// `contract_id`
    pub(super) contract: &'static str,
    /// `participant_id`, as a number.
    pub(super) participant: u32,
    /// `nino`
    pub(super) nino: String,
    /// `surname`
    pub(super) surname: String,
    /// `forename`
    pub(super) forename: String,
    /// `date_of_birth`
    pub(super) born: Day,
    /// `outcome`
    pub(super) outcome: &'static str,
    /// `employment_type`
    pub(super) employment_type: &'static str,
    /// `job_start_date`
    pub(super) job_start: Day,
    /// `job_end_date`
    pub(super) job_end: Option<Day>,
    /// `hours_per_week`
    pub(super) hours: String,
    /// `employer_name`
    pub(super) employer_name: String,
    /// `paye_reference`
    pub(super) paye_reference: String,
    /// `outcome_date`
    pub(super) outcome_date: Option<Day>,
    /// `claim_date`
    pub(super) claim_date: Option<Day>,
    /// `amount_claimed`
    pub(super) amount: &'static str,
    /// A cell that cannot be read.
    pub(super) spoilt: Option<Spoilt>,
    /// The damage to the whole line.
    pub(super) damage: Option<LineDamage>,
}

/// The columns of a claims file.
pub(super) const CLAIM_COLUMNS: [(&str, ColumnKind); 18] = [
    ("claim_id", ColumnKind::Texts),
    ("provider_id", ColumnKind::Texts),
    ("contract_id", ColumnKind::Texts),
    ("participant_id", ColumnKind::Texts),
    ("nino", ColumnKind::Texts),
    ("surname", ColumnKind::Texts),
    ("forename", ColumnKind::Texts),
    ("date_of_birth", ColumnKind::Dates),
    ("outcome", ColumnKind::Texts),
    ("employment_type", ColumnKind::Texts),
    ("job_start_date", ColumnKind::Dates),
    ("job_end_date", ColumnKind::Dates),
    ("hours_per_week", ColumnKind::Texts),
    ("employer_name", ColumnKind::Texts),
    ("paye_reference", ColumnKind::Texts),
    ("outcome_date", ColumnKind::Dates),
    ("claim_date", ColumnKind::Dates),
    ("amount_claimed", ColumnKind::Texts),
];

/// A participant's ID.
fn participant_id(number: u32) -> String {
    format!("P{:07}", u64::from(number) + 1)
}

impl ClaimRow {
    /// The row's cells, in the order of [`CLAIM_COLUMNS`].
    pub(super) fn cells(&self, claim_id: &str) -> Vec<SampleCell> {
        let mut cells = vec![
            claim_id.into(),
            self.provider.into(),
            self.contract.into(),
            SampleCell::Text(participant_id(self.participant)),
            self.nino.as_str().into(),
            self.surname.as_str().into(),
            self.forename.as_str().into(),
            Some(self.born).into(),
            self.outcome.into(),
            self.employment_type.into(),
            Some(self.job_start).into(),
            self.job_end.into(),
            self.hours.as_str().into(),
            self.employer_name.as_str().into(),
            self.paye_reference.as_str().into(),
            self.outcome_date.into(),
            self.claim_date.into(),
            self.amount.into(),
        ];
        if let Some(spoilt) = self.spoilt {
            for (cell, _) in cells.iter_mut().zip(CLAIM_COLUMNS).filter(|(_, (name, _))| *name == spoilt.column) {
                *cell = spoilt.text.into();
            }
        }
        cells
    }
}

/// One row of a register.
#[derive(Debug, Clone)]
pub(super) struct RegisterRow {
    /// `participant_id`, as a number.
    pub(super) participant: u32,
    /// `nino`
    pub(super) nino: String,
    /// `surname`
    pub(super) surname: &'static str,
    /// `forename`
    pub(super) forename: &'static str,
    /// `date_of_birth`
    pub(super) born: Day,
    /// `sex`
    pub(super) sex: Sex,
    /// `contract_id`
    pub(super) contract: &'static str,
    /// `provider_id`
    pub(super) provider: &'static str,
    /// `referral_date`
    pub(super) referred: Day,
    /// `start_date`
    pub(super) started: Option<Day>,
    /// `end_date` and `end_reason`
    pub(super) ended: Option<(Day, &'static str)>,
    /// `cohort`
    pub(super) cohort: &'static str,
    /// `benefit`
    pub(super) benefit: &'static str,
    /// `on_other_provision`
    pub(super) other_provision: &'static str,
    /// `in_work_at_start`
    pub(super) in_work: &'static str,
}

/// The columns of a register.
pub(super) const REGISTER_COLUMNS: [(&str, ColumnKind); 16] = [
    ("participant_id", ColumnKind::Texts),
    ("nino", ColumnKind::Texts),
    ("surname", ColumnKind::Texts),
    ("forename", ColumnKind::Texts),
    ("date_of_birth", ColumnKind::Dates),
    ("sex", ColumnKind::Texts),
    ("contract_id", ColumnKind::Texts),
    ("provider_id", ColumnKind::Texts),
    ("referral_date", ColumnKind::Dates),
    ("start_date", ColumnKind::Dates),
    ("end_date", ColumnKind::Dates),
    ("end_reason", ColumnKind::Texts),
    ("cohort", ColumnKind::Texts),
    ("benefit", ColumnKind::Texts),
    ("on_other_provision", ColumnKind::Texts),
    ("in_work_at_start", ColumnKind::Texts),
];

impl RegisterRow {
    /// The row's cells, in the order of [`REGISTER_COLUMNS`].
    pub(super) fn cells(&self) -> Vec<SampleCell> {
        vec![
            SampleCell::Text(participant_id(self.participant)),
            self.nino.as_str().into(),
            self.surname.into(),
            self.forename.into(),
            Some(self.born).into(),
            self.sex.code().into(),
            self.contract.into(),
            self.provider.into(),
            Some(self.referred).into(),
            self.started.into(),
            self.ended.map(|(day, _)| day).into(),
            self.ended.map_or("", |(_, reason)| reason).into(),
            self.cohort.into(),
            self.benefit.into(),
            self.other_provision.into(),
            self.in_work.into(),
        ]
    }
}

//! A person as rates count them, and the dimensions that results are broken down by.

use chrono::{Datelike, NaiveDate};

use super::levels::PublishedLevels;
use crate::domain::day::age_on;
use crate::domain::withheld::shown;
use crate::domain::{Referral, Stem};
use crate::evidence::PersonParticulars;

/// One unit that rates count: a person at their first start, or each start where starts are counted.
#[derive(Debug, Clone)]
pub struct Person {
    /// Every participant number the person has in the register, in order.
    pub participants: Vec<Box<str>>,
    /// The key of their earnings; `None` without a usable National Insurance number.
    pub stem: Option<Stem>,
    /// Their name, date of birth and suffix, to tell whether earnings are theirs.
    pub whose: PersonParticulars,
    /// When they were first referred.
    pub referred: NaiveDate,
    /// When they started, if they did.
    pub start: ProgrammeStart,
    /// Whether they were in work at that start, where the register says so.
    pub in_work_at_start: Option<bool>,
    /// The row of the register that they are counted by: that of their start, else of their first referral.
    pub row: ReferralRow,
    /// Their further rows, which are counted as referrals alone.
    pub further_rows: Vec<ReferralRow>,
}

/// One row of the register: a referral.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReferralRow {
    /// The row's number in the register, counted from 1.
    pub number: u32,
    /// The participant number it names.
    pub participant_id: Box<str>,
    /// When the participant was referred.
    pub referral_date: NaiveDate,
    /// Its level of each dimension, in the order of [`Dimension::ALL`].
    pub levels: Vec<String>,
}

impl ReferralRow {
    /// A row as it was read.
    pub(super) fn of(number: u32, referral: &Referral) -> Self {
        Self {
            number,
            participant_id: referral.participant_id.clone(),
            referral_date: referral.referral_date,
            levels: Dimension::ALL.iter().map(|dimension| dimension.level(referral)).collect(),
        }
    }

    /// The row's level of a dimension.
    pub fn level(&self, dimension: Dimension) -> Option<&str> {
        let all = Dimension::ALL.into_iter().zip(&self.levels);
        all.into_iter().find(|(known, _)| *known == dimension).map(|(_, level)| level.as_str())
    }

    /// The groups it is published in: one for each dimension, and everyone.
    pub fn groups<'s>(&'s self, levels: &'s PublishedLevels) -> impl Iterator<Item = GroupKey> + 's {
        let own = Dimension::ALL.into_iter().zip(&self.levels);
        own.map(|(dimension, level)| Some((dimension, levels.name(dimension, level).to_owned()))).chain([None])
    }
}

/// Whether and when a person started, as far as the extract can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgrammeStart {
    /// They were referred and never started.
    Never,
    /// On a day up to the cut-off.
    On(NaiveDate),
    /// On a day after the cut-off. The extract does not say what became of it, so it is not observed.
    AfterCutOff(NaiveDate),
}

impl ProgrammeStart {
    /// The start that the register records, beside the last day that the extract speaks for.
    pub fn recorded(start: Option<NaiveDate>, cut_off: NaiveDate) -> Self {
        match start {
            None => Self::Never,
            Some(day) if day <= cut_off => Self::On(day),
            Some(day) => Self::AfterCutOff(day),
        }
    }

    /// The day of a start that is observed.
    pub fn observed(self) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(day),
            Self::Never | Self::AfterCutOff(_) => None,
        }
    }
}

impl Person {
    /// The person's level of a dimension.
    pub fn level(&self, dimension: Dimension) -> Option<&str> {
        self.row.level(dimension)
    }

    /// The groups they are published in: one for each dimension, and everyone.
    pub fn groups<'s>(&'s self, levels: &'s PublishedLevels) -> impl Iterator<Item = GroupKey> + 's {
        self.row.groups(levels)
    }

    /// All their rows of the register that stand for this unit alone, each a referral.
    pub fn referrals(&self) -> impl Iterator<Item = &ReferralRow> {
        std::iter::once(&self.row).chain(&self.further_rows)
    }
}

/// What results are broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Dimension {
    /// The contract of the (first) start.
    Contract,
    /// The provider of the (first) start.
    Provider,
    /// The cohort.
    Cohort,
    /// The sex recorded.
    Sex,
    /// The age at the start, at the referral for those who did not start.
    Age,
    /// The quarter of the start.
    StartQuarter,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 6] = [Self::Contract, Self::Provider, Self::Cohort, Self::Sex, Self::Age, Self::StartQuarter];

    /// The dimension as outputs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Provider => "provider",
            Self::Cohort => "cohort",
            Self::Sex => "sex",
            Self::Age => "age",
            Self::StartQuarter => "start_quarter",
        }
    }

    pub(super) fn level(self, referral: &Referral) -> String {
        match self {
            // A level stands in what is released, and a person's number may stand in any column by a slip.
            Self::Contract => shown(&referral.contract_id).to_owned(),
            Self::Provider => shown(&referral.provider_id).to_owned(),
            Self::Cohort => shown(&referral.cohort).to_owned(),
            Self::Sex => referral.sex.as_deref().unwrap_or("not recorded").to_owned(),
            Self::Age => {
                let on = referral.start_date.unwrap_or(referral.referral_date);
                age_band(age_on(on, referral.date_of_birth.0)).to_owned()
            }
            Self::StartQuarter => referral.start_date.map_or_else(
                || "not started".to_owned(),
                |start| format!("{} Q{}", start.year(), start.month().div_ceil(3)),
            ),
        }
    }
}

fn age_band(age: u32) -> &'static str {
    match age {
        0..=15 => "under 16",
        16..=24 => "16 to 24",
        25..=34 => "25 to 34",
        35..=49 => "35 to 49",
        50..=64 => "50 to 64",
        65.. => "65 and over",
    }
}

/// A group of a result: everyone, or a level of a dimension. Everyone comes first.
pub type GroupKey = Option<(Dimension, String)>;

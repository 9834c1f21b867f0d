//! Who pays what, and what is expected for it. Nothing is decided by these; prices stand with their outcomes.

use super::cited::{Cited, Percentage};
use crate::domain::Pence;

/// One way in which a programme is paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundingStream {
    /// What kind of payment.
    pub kind: FundingKind,
    /// In words.
    pub says: String,
    /// The share of the whole, where it is one.
    pub share: Option<Percentage>,
    /// The amount, where it is one.
    pub amount: Option<Pence>,
    /// What the amount is for each of.
    pub per: Option<String>,
}

/// What kind of payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FundingKind {
    /// Paid for the service, whatever comes of it.
    ServiceFee,
    /// Paid for outcomes.
    OutcomePayment,
    /// Paid for participants' starts.
    StartPayment,
    /// What the other side adds.
    MatchFunding,
    /// A contract's or grant's value.
    ContractValue,
}

impl FundingKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::ServiceFee, Self::OutcomePayment, Self::StartPayment, Self::MatchFunding, Self::ContractValue];

    /// The kind as scheme files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServiceFee => "service_fee",
            Self::OutcomePayment => "outcome_payment",
            Self::StartPayment => "start_payment",
            Self::MatchFunding => "match_funding",
            Self::ContractValue => "contract_value",
        }
    }
}

/// What a programme is expected to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// In words.
    pub says: String,
    /// The outcome it is about, where the scheme has it.
    pub outcome: Option<String>,
    /// The share expected.
    pub share: Option<Percentage>,
    /// Of whom.
    pub of: Option<String>,
}

/// How many people or places a programme is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// In words.
    pub says: String,
    /// How many, where it is one number.
    pub number: Option<u32>,
    /// For each of what.
    pub per: Option<String>,
    /// What is counted, where the source says so.
    pub of: Option<VolumeOf>,
}

/// What a volume counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeOf {
    /// Referrals: one person may be referred twice.
    Referrals,
    /// Starts.
    Starts,
}

impl VolumeOf {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Referrals, Self::Starts];

    /// The word as scheme files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Referrals => "referrals",
            Self::Starts => "starts",
        }
    }
}

/// How many people of a cohort were in employment before a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// In words.
    pub says: String,
    /// The cohort.
    pub cohort: String,
    /// The share of them.
    pub share: Percentage,
}

/// Funding, targets, baselines and volumes, each with its source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrangements {
    /// Who pays what.
    pub funding: Vec<Cited<FundingStream>>,
    /// What is expected.
    pub targets: Vec<Cited<Target>>,
    /// What it was before.
    pub baselines: Vec<Cited<Baseline>>,
    /// For how many.
    pub volumes: Vec<Cited<Volume>>,
    /// What the sources also say.
    pub facts: Vec<Cited<String>>,
}

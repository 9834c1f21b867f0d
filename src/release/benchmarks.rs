//! Benchmarks: the claims, targets, baselines, volumes and spending that counts are compared with.

use std::collections::BTreeMap;

use crate::observations::claims::ClaimsByVerdict;
use crate::observations::levels::PublishedLevels;
use crate::observations::person::GroupKey;
use crate::observations::spending::Spending;
use crate::observations::volumes::{ProgrammeYear, Volumes};
use crate::scheme::cited::Percentage as ExpectedShare;

/// What counts are compared with.
#[derive(Debug, Clone, Default)]
pub struct Benchmarks<'a> {
    /// Claims by outcome and group.
    pub claims: BTreeMap<(String, GroupKey), ClaimsByVerdict>,
    /// The scheme's targets.
    pub targets: Vec<OutcomeTarget>,
    /// The share of each cohort that was in employment before the scheme.
    pub baselines: Vec<CohortBaseline>,
    /// The years of the programme.
    pub years: &'a [ProgrammeYear],
    /// How many people are expected in a year.
    pub volumes: Volumes,
    /// What was spent.
    pub spending: Option<&'a Spending>,
    /// The levels under which figures are published.
    pub levels: PublishedLevels,
}

/// A share of people that a scheme expects to meet an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeTarget {
    /// The outcome.
    pub outcome: String,
    /// The share expected.
    pub share: ExpectedShare,
}

/// A published share of a cohort in employment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortBaseline {
    /// The cohort.
    pub cohort: String,
    /// The share in employment.
    pub share: ExpectedShare,
}

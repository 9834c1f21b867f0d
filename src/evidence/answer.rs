//! The answer of the evidence, for outcomes of days and of earnings alike.

use chrono::NaiveDate;

use super::earned::Earned;
use super::employers::{AnswerBasis, Decided};
use crate::scheme::Code;

/// The answer of the evidence to one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// No employer's payments cover the time of the claim.
    NoCover {
        /// Until when the first pay may still be reported, if it may.
        pay_may_come_until: Option<NaiveDate>,
    },
    /// There are payments, and none is above zero.
    OnlyZeroPay,
    /// At least one employer competes.
    Decided(Decided),
    /// What was earned, for an outcome of earnings.
    Earned(Earned),
    /// Nothing can be added up: nobody knows when the window of the earnings opens.
    NoWindow,
}

impl Answer {
    /// The decided answer, where there is one.
    pub fn decided(&self) -> Option<&Decided> {
        match self {
            Self::Decided(decided) => Some(decided),
            Self::NoCover { .. } | Self::OnlyZeroPay | Self::Earned(_) | Self::NoWindow => None,
        }
    }

    /// What was earned, for an outcome of earnings.
    pub fn earned(&self) -> Option<&Earned> {
        match self {
            Self::Earned(earned) => Some(earned),
            Self::NoCover { .. } | Self::OnlyZeroPay | Self::Decided(_) | Self::NoWindow => None,
        }
    }

    /// The day the outcome was achieved.
    pub fn achieved_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Decided(decided) => decided.achieved_on,
            Self::Earned(earned) => earned.reached_on,
            Self::NoCover { .. } | Self::OnlyZeroPay | Self::NoWindow => None,
        }
    }

    /// When a later extract can settle a query.
    pub fn recheck_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Decided(decided) => decided.recheck_on,
            Self::Earned(earned) => earned.open_until,
            Self::NoCover { pay_may_come_until } => *pay_may_come_until,
            Self::OnlyZeroPay | Self::NoWindow => None,
        }
    }

    /// The rule that fails for this answer; none for a pass, and none where a rule about the register fails instead.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::NoCover { .. } => Some(Code::EMP01),
            Self::OnlyZeroPay => Some(Code::EMP04),
            Self::Earned(earned) => earned.code(),
            Self::NoWindow => None,
            Self::Decided(decided) => match decided.ground {
                AnswerBasis::OneEmployer => decided.line.code(),
                AnswerBasis::AllEmployersAccepted => None,
                AnswerBasis::AllEmployersQueried => Some(Code::SUS05),
            },
        }
    }
}

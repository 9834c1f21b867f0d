//! What one day under one employer shows of the hours.

use chrono::NaiveDate;

use super::spell::SpellPayment;
use crate::domain::Hours;
use crate::domain::hours::Against;

/// The status of a day. The order is that in which one status outweighs another on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum DayStatus {
    /// No payment covers the day.
    #[default]
    Uncovered,
    /// The band is under the outcome's hours.
    Below,
    /// The band does not say, or is missing.
    Unknown,
    /// Only the weakness of the cover keeps the day from yes.
    WeakUnknown,
    /// Firm cover, and the band reaches the outcome's hours.
    Yes,
}

impl DayStatus {
    /// The status as the evidence file writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uncovered => "uncovered",
            Self::Below => "below",
            Self::Unknown => "unknown",
            Self::WeakUnknown => "weak_unknown",
            Self::Yes => "yes",
        }
    }

    /// Whether the day is unknown for either reason.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown | Self::WeakUnknown)
    }
}

/// How well a stretch of days is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverStrength {
    /// A regular payment stands for these very days.
    Firm,
    /// The payment stands for some of these days, nobody can tell which.
    Weak,
}

/// The status a payment gives to a day that it covers with this strength.
pub fn of(paid: &SpellPayment, strength: CoverStrength, hours: Hours) -> DayStatus {
    match (against(paid, hours, paid.payday), strength) {
        (Against::Below, _) => DayStatus::Below,
        (Against::Reaches, CoverStrength::Firm) => DayStatus::Yes,
        (Against::Reaches, CoverStrength::Weak) => DayStatus::WeakUnknown,
        (Against::Unclear, _) => DayStatus::Unknown,
    }
}

fn against(paid: &SpellPayment, hours: Hours, payday: NaiveDate) -> Against {
    match paid.band {
        _ if hours.hundredths() == 0 => Against::Reaches,
        Some(band) => band.against(hours, payday),
        None => Against::Unclear,
    }
}

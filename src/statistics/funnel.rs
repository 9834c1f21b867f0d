//! Funnel plots: whether a group's share differs from the overall share by more than chance explains.

use super::figure::float;
use super::interval::Z;

/// The two-sided 99.8% point of the normal distribution.
const Z_FAR: f64 = 3.090_232_306_167_813;

/// The position of a group's share in the funnel around the overall share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunnelPosition {
    /// The group is too small for the limits to mean anything.
    Undecided,
    /// Within the 95% limits: no more than chance explains.
    Within,
    /// Between the 95% and the 99.8% limits.
    Outside,
    /// Outside the 99.8% limits.
    FarOutside,
}

impl FunnelPosition {
    /// The position in words.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Undecided => "undecided: too few people",
            Self::Within => "within what chance explains (95% limits)",
            Self::Outside => "outside the 95% limits, within the 99.8% limits",
            Self::FarOutside => "outside the 99.8% limits",
        }
    }
}

/// The smallest group that is classified.
const LEAST_PEOPLE: u64 = 30;

/// The control limits around the overall share for a group of this many people: 95%, then 99.8%.
///
/// Source: Spiegelhalter, D. J. (2005), "Funnel plots for comparing institutional performance".
pub fn limits(overall: f64, people: u64) -> [(f64, f64); 2] {
    let spread = (overall * (1.0 - overall) / float(people.max(1))).sqrt();
    [Z, Z_FAR].map(|z| ((overall - z * spread).max(0.0), (overall + z * spread).min(1.0)))
}

/// Classifies a group's share by the control limits.
pub fn funnel_position(overall: f64, share: f64, people: u64) -> FunnelPosition {
    let [near, far] = limits(overall, people);
    let is_within = |(lower, upper): (f64, f64)| lower <= share && share <= upper;
    if people < LEAST_PEOPLE {
        FunnelPosition::Undecided
    } else if is_within(near) {
        FunnelPosition::Within
    } else if is_within(far) {
        FunnelPosition::Outside
    } else {
        FunnelPosition::FarOutside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(share: f64) -> String {
        format!("{:.1}", share * 100.0)
    }

    #[test]
    fn a_funnel_is_wider_for_fewer_people() {
        let [near, far] = limits(0.5, 100);
        assert_eq!([near.0, near.1, far.0, far.1].map(percent), ["40.2", "59.8", "34.5", "65.5"]);
        let standings =
            [(0.5, 29), (0.6, 30), (0.6, 100), (0.66, 100)].map(|(share, people)| funnel_position(0.5, share, people));
        assert_eq!(
            standings,
            [FunnelPosition::Undecided, FunnelPosition::Within, FunnelPosition::Outside, FunnelPosition::FarOutside]
        );
    }
}

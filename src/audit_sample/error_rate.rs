//! The error rate of a stratum and of all strata, from counts of claims.

use crate::statistics::{ShareEstimate, clopper_pearson, known, weighted};

/// The claims of a stratum, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CheckedCounts {
    /// All of them.
    pub(super) claims: u64,
    /// Those that were checked.
    pub(super) checked: u64,
    /// Those that were found wrong.
    pub(super) wrong: u64,
}

impl CheckedCounts {
    /// The error rate; its interval holds at 95% for `parts` strata together. A stratum that was checked in full has no
    /// sampling error.
    pub(super) fn error_rate(self, parts: u64) -> Option<ShareEstimate> {
        if self.checked == self.claims {
            known(self.wrong, self.checked)
        } else {
            clopper_pearson(self.wrong, self.checked, parts)
        }
    }
}

/// The error rate over all strata.
pub(super) fn error_rate_of_all(strata: &[CheckedCounts]) -> Option<ShareEstimate> {
    let sum = |of: &dyn Fn(&CheckedCounts) -> u64| strata.iter().map(of).sum::<u64>();
    let (claims, checked, wrong) = (sum(&|one| one.claims), sum(&|one| one.checked), sum(&|one| one.wrong));
    // The checked claims are proportional, to within one claim, so each represents equally many others.
    let is_in_proportion = |one: &CheckedCounts| {
        let (own, due) = (u128::from(one.checked) * u128::from(claims), u128::from(checked) * u128::from(one.claims));
        own.abs_diff(due) <= u128::from(claims)
    };
    if checked < claims && strata.iter().all(is_in_proportion) {
        return clopper_pearson(wrong, checked, 1);
    }
    let parts = u64::try_from(strata.len()).unwrap_or(u64::MAX);
    let shares: Option<Vec<(ShareEstimate, u64)>> =
        strata.iter().map(|one| one.error_rate(parts).map(|share| (share, one.claims))).collect();
    weighted(&shares?)
}

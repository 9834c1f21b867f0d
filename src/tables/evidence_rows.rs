//! The earnings rows of a claim with what became of each, in the order of the evidence.

use crate::batch::DecidedClaim;
use crate::domain::{Claim, Payment};
use crate::evidence::RowContribution;

/// One earnings row of a claim, with what it counts for.
pub(crate) struct EvidenceRow<'a> {
    /// The claim.
    pub(super) claim: &'a Claim,
    /// The row.
    pub(crate) payment: &'a Payment,
    /// What became of it.
    pub(crate) used: RowContribution,
}

/// A claim's earnings rows in the order of their paydays, then of receipt: the order of the evidence.
pub(crate) fn evidence_rows<'a>(decided: &'a DecidedClaim<'_>) -> Vec<EvidenceRow<'a>> {
    let Ok(evidence) = &decided.decision.evidence else { return Vec::new() };
    let mut rows: Vec<EvidenceRow<'_>> = decided
        .payments
        .iter()
        .zip(evidence.rows())
        .map(|(payment, used)| EvidenceRow { claim: decided.claim, payment, used })
        .collect();
    rows.sort_by(|one, other| {
        one.payment
            .payment_date
            .cmp(&other.payment.payment_date)
            .then_with(|| one.payment.by_receipt(other.payment))
            .then_with(|| (one.payment.file, one.payment.row).cmp(&(other.payment.file, other.payment.row)))
    });
    rows
}

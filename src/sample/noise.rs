//! Noise: defects that every extract has and that must not change a verdict.

use super::case::SampleCase;
use super::day::{CUT_OFF, TAKEN};

/// Adds some of it to a case whose payments are those of one job that runs as it should.
pub(super) fn add(case: &mut SampleCase<'_>) {
    let count = case.payments.len();
    if case.draw.chance(60) {
        first_letters_only(case);
    }
    if case.draw.chance(80) {
        voided_duplicate(case, count);
    }
    if case.draw.chance(50) {
        tax_refund(case, count);
    }
    if case.draw.chance(100) {
        reported_late(case, count);
    }
    if case.draw.chance(120) {
        case.small_job_before();
    }
    if case.draw.chance(50) {
        case.pension(case.claimed_start.plus(-60), CUT_OFF);
    }
}

/// A position among the first `count` payments.
pub(super) fn one_of(case: &mut SampleCase<'_>, count: usize) -> usize {
    case.draw.below(u32::try_from(count).unwrap_or(u32::MAX)) as usize
}

/// The payroll keeps an initial for a forename.
pub(super) fn first_letters_only(case: &mut SampleCase<'_>) {
    for identity in &mut case.identities {
        identity.forename = identity.forename.get(..1).unwrap_or(identity.forename);
    }
}

/// A payment reported twice, of which one was taken back.
pub(super) fn voided_duplicate(case: &mut SampleCase<'_>, count: usize) {
    let days = case.draw.between(4, 20);
    let position = one_of(case, count);
    if case.payments.get(position).is_none_or(|payment| CUT_OFF < payment.received.plus(days)) {
        return;
    }
    case.again(position, |copy| copy.voided = Some(copy.received.plus(days)));
}

/// Tax paid back some days after a payday, as a negative payment.
pub(super) fn tax_refund(case: &mut SampleCase<'_>, count: usize) {
    let refund_pence = i64::from(case.draw.between(500, 6000));
    let days = case.draw.between(2, 4);
    let position = one_of(case, count);
    if case.payments.get(position).is_none_or(|payment| CUT_OFF < payment.paid.plus(days)) {
        return;
    }
    case.again(position, |copy| {
        copy.paid = copy.paid.plus(days);
        copy.received = copy.received.plus(days).min(TAKEN);
        copy.started = None;
        copy.pay_pence = -refund_pence;
    });
}

/// A payment reported weeks after its payday.
pub(super) fn reported_late(case: &mut SampleCase<'_>, count: usize) {
    let position = one_of(case, count);
    let days = case.draw.between(10, 60);
    case.edit_payment(position, |payment| payment.received = payment.paid.plus(days).min(TAKEN));
}

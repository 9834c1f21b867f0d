//! Scenarios of claims that must be rejected because the payments contradict them.

use super::case::{EARNED, STARTED, SampleCase};
use super::day::{CUT_OFF, Day};
use super::job::StartReporting;
use super::scenario::{ExpectedVerdict::Rejected, Scenario};

/// The scenarios of claims that are rejected on the evidence.
pub(super) const REJECTED: [Scenario; 15] = [
    Scenario::new("ends_too_soon", 26, &[Rejected("SUS01")], ends_too_soon).noisy(),
    Scenario::new("leaves_on_day_90", 6, &[Rejected("SUS01")], leaves_on_day_90),
    Scenario::new("payments_stop", 13, &[Rejected("SUS02")], payments_stop).noisy(),
    Scenario::new("unpaid_too_long", 8, &[Rejected("SUS02")], unpaid_too_long).noisy(),
    Scenario::new("leaves_and_comes_back", 5, &[Rejected("SUS02")], leaves_and_comes_back),
    Scenario::new("too_few_hours", 20, &[Rejected("HRS01")], too_few_hours).noisy(),
    Scenario::new("job_started_on_too_few_hours", 6, &[Rejected("HRS01")], started_on_too_few_hours).noisy(),
    Scenario::new("nobody_paid", 14, &[Rejected("EMP01")], nobody_paid),
    Scenario::new("paid_only_before", 6, &[Rejected("EMP01")], paid_only_before),
    Scenario::new("pension_only", 5, &[Rejected("EMP01")], pension_only),
    Scenario::new("all_payments_voided", 4, &[Rejected("EMP01")], all_voided),
    Scenario::new("paid_nothing", 6, &[Rejected("EMP04")], paid_nothing),
    Scenario::new("already_in_the_job", 3, &[Rejected("ELG05 EMP03")], already_in_the_job),
    Scenario::new("earned_too_little", 4, &[Rejected("ERN01")], earned_too_little),
    Scenario::new("job_before_start_on_programme", 6, &[Rejected("ELG05")], job_before_start).noisy(),
];

fn ends_too_soon(case: &mut SampleCase<'_>) {
    let leave = case.job.start.plus(case.draw.between(20, 80));
    case.job.leaves(leave);
    case.as_it_should_be();
}

/// The boundary's other side: one day further and the claim would hold.
fn leaves_on_day_90(case: &mut SampleCase<'_>) {
    // A Friday or Saturday would be read as the Sunday, on which the claim does hold.
    while case.claimed_start.plus(89).is_read_as_sunday() {
        case.claimed_start = case.claimed_start.plus(1);
    }
    case.starts_as_claimed();
    case.job.leaves(case.claimed_start.plus(89));
    case.as_it_should_be();
}

/// Payments stop without a leaving date, more than three months before the cut-off.
fn payments_stop(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2017, 12, 1), Day::of(2018, 9, 15));
    case.job.payday = case.job.payday.steady();
    let stop = case.claimed_start.plus(case.draw.between(45, 75));
    case.with_slips(|_, slip| slip.paid <= stop);
}

/// More than a month goes unpaid in the middle of a job that goes on.
fn unpaid_too_long(case: &mut SampleCase<'_>) {
    case.job.payday = case.job.payday.steady();
    let slips = case.job.slips();
    let from = slips.get(case.job.in_the_middle()).map_or(case.claimed_start, |slip| slip.from);
    case.with_slips(|_, slip| slip.from < from || from.plus(32) <= slip.from);
}

/// Leaves, and is taken on again by the same employer three weeks later.
fn leaves_and_comes_back(case: &mut SampleCase<'_>) {
    case.job.weekly(&mut case.draw);
    case.job.start_reported = StartReporting::Always;
    let leave = case.job.start.plus(case.draw.between(35, 60));
    let mut first = case.job;
    first.leaves(leave);
    let mut second = case.job;
    second.start = leave.plus(case.draw.between(20, 28));
    case.work(&first);
    case.work(&second);
    case.register();
    case.claim();
}

fn too_few_hours(case: &mut SampleCase<'_>) {
    let tenths = 80 + case.draw.below(16) * 5;
    case.job.hours(&mut case.draw, tenths);
    case.as_it_should_be();
}

fn started_on_too_few_hours(case: &mut SampleCase<'_>) {
    case.outcome = STARTED;
    too_few_hours(case);
}

fn nobody_paid(case: &mut SampleCase<'_>) {
    case.register();
    case.claim();
}

/// A job that ended before the claimed one, and nothing since.
fn paid_only_before(case: &mut SampleCase<'_>) {
    case.register();
    case.claim();
    case.small_job_before();
}

fn pension_only(case: &mut SampleCase<'_>) {
    case.register();
    case.claim();
    case.pension(case.claimed_start.plus(-60), CUT_OFF);
}

fn all_voided(case: &mut SampleCase<'_>) {
    let stop = case.claimed_start.plus(90);
    case.with_slips(|_, slip| slip.paid <= stop);
    let days = case.draw.between(3, 20);
    for payment in &mut case.payments {
        payment.voided = Some(payment.received.plus(days));
    }
}

fn paid_nothing(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    for payment in &mut case.payments {
        payment.pay_pence = 0;
    }
}

/// The job began months before the participant came to the programme; the claim gives a later day.
fn already_in_the_job(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2018, 2, 1), Day::of(2018, 10, 31));
    case.job.start = case.claimed_start.plus(-200);
    case.as_it_should_be();
    let started = case.claimed_start.plus(case.draw.between(-60, -20));
    case.edit_register(|row| {
        row.started = Some(started);
        row.referred = started.plus(-14);
        row.ended = None;
    });
}

/// A little pay each payday, and the window is over.
fn earned_too_little(case: &mut SampleCase<'_>) {
    case.outcome = EARNED;
    case.starts_between(Day::of(2018, 1, 10), Day::of(2018, 6, 30));
    case.as_it_should_be();
    case.started_before_the_job(10);
    case.each_payment_is_of(1_000);
}

/// The participant came to the programme after the job had begun.
fn job_before_start(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let started = case.claimed_start.max(case.job.start).plus(case.draw.between(3, 40));
    case.edit_register(|row| {
        row.started = Some(started);
        row.referred = started.plus(-14);
        row.ended = None;
    });
}

//! Scenarios of claims that must be validated.

use super::case::{EARNED, STARTED, SUSTAINED, SampleCase};
use super::day::{CUT_OFF, Day, TAKEN};
use super::draw::SeededRng;
use super::job::{SampleJob, StartReporting};
use super::names::{ACCENTED_FORENAMES, ACCENTED_SURNAMES, SURNAMES};
use super::noise;
use super::payday::{December, PayFrequency, Payday};
use super::payment::{Band, PaymentMark, PayrollId};
use super::scenario::{ExpectedVerdict::Validated, Scenario};

/// The scenarios of claims that are validated.
pub(super) const VALIDATED: [Scenario; 35] = [
    Scenario::new("paid_to_the_cut_off", 20, &[Validated("")], paid_to_the_cut_off),
    Scenario::new("paid_monthly", 55, &[Validated("")], |case| paid(case, SampleJob::monthly)).noisy(),
    Scenario::new("paid_weekly", 43, &[Validated("")], |case| paid(case, SampleJob::weekly)).noisy(),
    Scenario::new("paid_fortnightly", 28, &[Validated("")], |case| paid(case, SampleJob::fortnightly)).noisy(),
    Scenario::new("paid_four_weekly", 28, &[Validated("")], |case| paid(case, SampleJob::four_weekly)).noisy(),
    Scenario::new("first_pay_in_arrears", 25, &[Validated("")], first_pay_in_arrears).noisy(),
    Scenario::new("december_paid_early", 25, &[Validated("")], december_paid_early).noisy(),
    Scenario::new("payroll_id_padded", 18, &[Validated("")], |case| payroll_id(case, PayrollId::Padded)),
    Scenario::new("payroll_id_renewed", 8, &[Validated("")], |case| payroll_id(case, PayrollId::Lettered)),
    Scenario::new("payday_moved_for_bank_holiday", 22, &[Validated("")], payday_moved).noisy(),
    Scenario::new("leaves_after_day_91", 34, &[Validated("")], leaves_after_day_91).noisy(),
    Scenario::new("leaves_on_day_91", 10, &[Validated("")], leaves_on_day_91).noisy(),
    Scenario::new("paid_after_leaving", 8, &[Validated("")], paid_after_leaving),
    Scenario::new("corrected_under_one_payment_id", 16, &[Validated("")], corrected),
    Scenario::new("duplicate_voided", 12, &[Validated("")], duplicate_voided),
    Scenario::new("rows_sent_twice", 6, &[Validated("")], rows_sent_twice),
    Scenario::new("reported_late", 10, &[Validated("")], reported_late),
    Scenario::new("tax_refund", 6, &[Validated("")], tax_refund),
    Scenario::new("pension_beside_wages", 12, &[Validated("")], pension_beside_wages),
    Scenario::new("small_job_beside", 16, &[Validated("")], small_job_beside),
    Scenario::new("full_time", 20, &[Validated("")], full_time).noisy(),
    Scenario::new("start_not_reported", 14, &[Validated("")], start_not_reported).noisy(),
    Scenario::new("starts_on_last_tolerated_day", 6, &[Validated("")], starts_on_last_tolerated_day).noisy(),
    Scenario::new("claimed_on_last_day", 4, &[Validated("")], claimed_on_last_day).noisy(),
    Scenario::new("frequency_changes", 8, &[Validated("")], frequency_changes),
    Scenario::new("four_weekly_on_monthly_dates", 8, &[Validated("")], four_weekly_on_monthly_dates).noisy(),
    Scenario::new("accents_dropped", 10, &[Validated("")], accents_dropped).noisy(),
    Scenario::new("written_untidily", 10, &[Validated("")], written_untidily).noisy(),
    Scenario::new("name_changed_at_marriage", 12, &[Validated("IDN06")], name_changed).noisy(),
    Scenario::new("suffix_differs", 10, &[Validated("IDN08")], suffix_differs).noisy(),
    Scenario::new("birth_date_not_on_payroll", 10, &[Validated("IDN09")], birth_date_not_on_payroll).noisy(),
    Scenario::new("number_shared_with_another_person", 4, &[Validated("IDN10")], number_shared),
    Scenario::new("job_started", 26, &[Validated("")], job_started).noisy(),
    Scenario::new("job_started_and_sustained", 10, &[Validated(""), Validated("")], started_and_sustained).noisy(),
    Scenario::new("earned_enough", 4, &[Validated("")], earned_enough),
];

/// Monthly on the last day, to the cut-off itself, so that every batch of claims reaches it.
fn paid_to_the_cut_off(case: &mut SampleCase<'_>) {
    case.job.monthly(&mut case.draw);
    case.job.payday = Payday::LastDay(December::AsUsual);
    case.as_it_should_be();
}

fn paid(case: &mut SampleCase<'_>, how: fn(&mut SampleJob, &mut SeededRng)) {
    how(&mut case.job, &mut case.draw);
    case.as_it_should_be();
}

/// The first payday is so late that its ordinary cover begins days after the job.
fn first_pay_in_arrears(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    if case.draw.chance(500) {
        case.job.monthly(&mut case.draw);
        case.job.payday = case.job.payday.steady();
        // 32 days and more after the start is beyond any month, and less than the two weeks that arrears may add.
        if let Some(first) =
            case.job.payday.from(case.job.start.plus(32)).next().filter(|first| first.since(case.job.start) < 43)
        {
            case.job.hold = first.since(case.job.start);
        }
    } else {
        case.job.weekly(&mut case.draw);
        case.job.hold = 7;
    }
    case.as_it_should_be();
}

/// The long gap between an early December payday and the end of January is bridged.
fn december_paid_early(case: &mut SampleCase<'_>) {
    if case.draw.chance(300) {
        case.starts_between(Day::of(2017, 12, 1), Day::of(2017, 12, 8));
    } else {
        case.starts_between(Day::of(2018, 10, 5), Day::of(2018, 11, 20));
    }
    case.job.monthly(&mut case.draw);
    case.job.payday = case
        .draw
        .pick(&[Some(28), Some(26), None])
        .map_or(Payday::LastDay(December::Early), |day| Payday::Monthly(day, December::Early));
    case.as_it_should_be();
}

/// New payroll software writes the payroll ID another way, or gives a new one, in the middle of the job.
fn payroll_id(case: &mut SampleCase<'_>, style: fn(u32) -> PayrollId) {
    let number = case.draw.below(89) + 1;
    case.job.payroll_id = PayrollId::Plain(number);
    case.as_it_should_be();
    let half = case.claimed_start.plus(case.draw.between(40, 60));
    for payment in case.payments.iter_mut().filter(|payment| half < payment.paid) {
        payment.payroll_id = style(number);
    }
}

/// A weekly payday that moves up to three days forward leaves a gap that is bridged.
fn payday_moved(case: &mut SampleCase<'_>) {
    case.job.weekly(&mut case.draw);
    case.as_it_should_be();
    let position = case.draw.between(3, 9);
    let days = case.draw.between(1, 3);
    if let Some(payment) = usize::try_from(position).ok().and_then(|position| case.payments.get_mut(position)) {
        payment.paid = payment.paid.plus(-days);
    }
}

fn leaves_after_day_91(case: &mut SampleCase<'_>) {
    let leave = case.achieved().plus(case.draw.between(4, 60));
    case.job.leaves(leave);
    case.as_it_should_be();
}

fn leaves_on_day_91(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    case.job.leaves(case.claimed_start.plus(90));
    case.as_it_should_be();
}

/// Holiday pay comes after the job has ended.
fn paid_after_leaving(case: &mut SampleCase<'_>) {
    let leave = case.achieved().plus(case.draw.between(4, 40));
    case.job.weekly(&mut case.draw);
    case.job.leaves(leave);
    case.as_it_should_be();
    let last = case.payments.len().saturating_sub(1);
    case.again(last, |copy| {
        copy.paid = copy.paid.plus(7);
        copy.received = copy.received.plus(7);
        copy.pay_pence /= 2;
        copy.mark = PaymentMark::AfterLeaving;
    });
}

/// A payment first reported with the wrong hours and pay is reported again under the same payment ID.
fn corrected(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let position = noise::one_of(case, 3);
    let days = case.draw.between(5, 25);
    case.again(position, |copy| {
        copy.id_of = u32::try_from(position).unwrap_or(u32::MAX);
        copy.received = copy.received.plus(days).min(TAKEN);
    });
    case.edit_payment(position, |payment| {
        payment.band = Some(Band::A);
        payment.pay_pence /= 3;
    });
}

fn duplicate_voided(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    noise::voided_duplicate(case, 3);
}

fn rows_sent_twice(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    for _ in 0..2 {
        let position = noise::one_of(case, 3);
        case.edit_payment(position, |payment| payment.copies = 2);
    }
}

fn reported_late(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    noise::reported_late(case, 3);
}

fn tax_refund(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    noise::tax_refund(case, 3);
}

fn pension_beside_wages(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.pension(case.claimed_start.plus(-40), CUT_OFF);
}

/// Two jobs at once of which one has the hours.
fn small_job_beside(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let mut beside = SampleJob::new(&mut case.draw, case.job.employer, case.claimed_start.plus(9));
    beside.employer = case.another_employer();
    let tenths = 50 + case.draw.below(20) * 5;
    beside.hours(&mut case.draw, tenths);
    case.work(&beside);
}

fn full_time(case: &mut SampleCase<'_>) {
    let tenths = 300 + case.draw.below(17) * 5;
    case.job.hours(&mut case.draw, tenths);
    case.as_it_should_be();
}

/// The extract begins a month before the job, so that an earlier beginning would be seen.
fn start_not_reported(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2018, 1, 1), Day::of(2018, 10, 31));
    case.job.start_reported = StartReporting::Never;
    // Without a start the 13 weeks open with the first payment's own cover, so that must not come late.
    case.job.payday = case.job.payday.steady();
    case.job.hold = case.job.hold.min(5);
    case.as_it_should_be();
}

/// The job begins on the last day on which the 13 weeks may open.
fn starts_on_last_tolerated_day(case: &mut SampleCase<'_>) {
    case.job.start = case.claimed_start.plus(14);
    case.as_it_should_be();
}

/// The claim comes on the last day on which it may.
fn claimed_on_last_day(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2017, 12, 1), Day::of(2018, 6, 25));
    case.as_it_should_be();
    let last = case.achieved().plus(182);
    case.edit_claim(|claim| claim.claim_date = Some(last));
}

/// Weekly pay becomes monthly in the middle of the job.
fn frequency_changes(case: &mut SampleCase<'_>) {
    case.job.weekly(&mut case.draw);
    let weekly = case.job;
    let change = case.claimed_start.plus(case.draw.between(35, 60));
    let slips: Vec<_> = weekly.slips().into_iter().filter(|slip| slip.paid <= change).collect();
    case.work_slips(&weekly, &slips);
    let mut monthly = weekly;
    monthly.start = slips.last().map_or(change, |last| last.paid.plus(1));
    monthly.frequency = PayFrequency::M1;
    monthly.payday = Payday::Monthly(28, December::AsUsual);
    monthly.start_reported = StartReporting::Never;
    case.work(&monthly);
    case.register();
    case.claim();
}

/// Reported as four-weekly and paid on the same day of every month.
fn four_weekly_on_monthly_dates(case: &mut SampleCase<'_>) {
    case.job.monthly(&mut case.draw);
    case.job.payday = Payday::Monthly(case.draw.pick(&[15, 20, 25, 28]), December::AsUsual);
    case.job.frequency = PayFrequency::W4;
    case.as_it_should_be();
}

fn accents_dropped(case: &mut SampleCase<'_>) {
    case.person.surname = case.draw.pick(&ACCENTED_SURNAMES);
    if case.draw.chance(500) {
        case.person.forename = case.draw.pick(&ACCENTED_FORENAMES);
    }
    let (surname, forename) = (case.person.surname.payroll, case.person.forename.payroll);
    case.known_as(|identity| {
        identity.surname = surname;
        identity.forename = forename;
    });
    case.as_it_should_be();
}

/// Spaces, small letters and capitals where they do not belong.
fn written_untidily(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.edit_claim(|claim| {
        let mut spaced = String::new();
        for (place, letter) in claim.nino.chars().enumerate() {
            if place != 0 && place % 2 == 0 {
                spaced.push(' ');
            }
            spaced.push(letter);
        }
        claim.nino = spaced.to_lowercase();
        claim.surname = claim.surname.to_uppercase();
        claim.paye_reference = claim.paye_reference.to_lowercase();
    });
}

/// The payroll knows a surname that the claim does not.
fn name_changed(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    let differs = |name: &str, other: &str| name.get(..3) != other.get(..3);
    let mut surname = case.person.surname;
    while !differs(surname.payroll, case.person.surname.payroll) {
        surname = case.draw.pick(&SURNAMES);
    }
    case.known_as(|identity| identity.surname = surname.payroll);
    case.as_it_should_be();
}

/// Claim and payroll give the same number with different suffixes.
fn suffix_differs(case: &mut SampleCase<'_>) {
    let other = if case.person.suffix == b'D' { b'A' } else { case.person.suffix + 1 };
    let (stem, own) = (case.person.stem, case.person.suffix);
    case.known_as(|identity| identity.nino = stem.nino(Some(other)));
    case.as_it_should_be();
    case.edit_claim(|claim| claim.nino = String::from(stem.nino(Some(own)).as_str()));
}

fn birth_date_not_on_payroll(case: &mut SampleCase<'_>) {
    case.known_as(|identity| identity.born = None);
    case.as_it_should_be();
}

/// Somebody of another name and age has a small job under the participant's number.
fn number_shared(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.another_person_is_paid();
    let mut theirs = SampleJob::new(&mut case.draw, case.job.employer, case.claimed_start.plus(9));
    theirs.employer = case.another_employer();
    let tenths = 50 + case.draw.below(20) * 5;
    theirs.hours(&mut case.draw, tenths);
    case.work(&theirs);
}

/// The pay since the start reaches the sum the outcome asks for.
fn earned_enough(case: &mut SampleCase<'_>) {
    case.outcome = EARNED;
    case.starts_between(Day::of(2018, 1, 10), Day::of(2018, 9, 30));
    case.as_it_should_be();
    case.started_before_the_job(10);
    let day = case.claimed_start.plus(150);
    case.edit_claim(|claim| claim.claim_date = Some(day));
}

fn job_started(case: &mut SampleCase<'_>) {
    case.outcome = STARTED;
    case.as_it_should_be();
}

/// One participant, two outcomes of the same job.
fn started_and_sustained(case: &mut SampleCase<'_>) {
    case.outcome = STARTED;
    case.as_it_should_be();
    case.outcome = SUSTAINED;
    case.claim();
}

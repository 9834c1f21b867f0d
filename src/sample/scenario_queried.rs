//! Scenarios of claims that must be queried.

use super::case::{EARNED, STARTED, SampleCase};
use super::day::{Day, OBSERVED_FROM, SCHEME_OPENS};
use super::job::SampleJob;
use super::payday::{PayFrequency, Payday};
use super::payment::{Band, PaymentMark, PayrollId};
use super::person::SamplePerson;
use super::rows::Spoilt;
use super::scenario::{ExpectedVerdict::Queried, Needs, Scenario};

/// The scenarios of claims that are queried.
pub(super) const QUERIED: [Scenario; 34] = [
    Scenario::new("moved_to_another_paye_scheme", 14, &[Queried("SUS05")], moved_to_another_paye_scheme),
    Scenario::new("two_small_jobs", 7, &[Queried("SUS05")], two_small_jobs),
    Scenario::new("not_yet_decidable", 12, &[Queried("SUS03")], not_yet_decidable).noisy(),
    Scenario::new("gone_quiet", 10, &[Queried("SUS04")], gone_quiet),
    Scenario::new("irregular_and_gone_quiet", 4, &[Queried("SUS04")], irregular_and_gone_quiet),
    Scenario::new("paid_quarterly", 7, &[Queried("SUS06")], paid_quarterly),
    Scenario::new("paid_yearly", 4, &[Queried("SUS06")], paid_yearly),
    Scenario::new("paid_irregularly", 5, &[Queried("SUS06")], paid_irregularly),
    Scenario::new("some_weeks_unpaid", 10, &[Queried("SUS07")], some_weeks_unpaid),
    Scenario::new("holiday_paid_ahead", 4, &[Queried("SUS07")], holiday_paid_ahead),
    Scenario::new("employed_throughout_paid_in_part", 5, &[Queried("SUS07")], employed_throughout),
    Scenario::new("hours_reported_as_other", 12, &[Queried("HRS02")], |case| hours(case, Some(Band::E))).noisy(),
    Scenario::new("hours_not_reported", 4, &[Queried("HRS02")], |case| hours(case, None)).noisy(),
    Scenario::new("paid_too_little_for_the_hours", 10, &[Queried("HRS03")], paid_too_little).noisy(),
    Scenario::new("another_employer", 8, &[Queried("EMP02")], another_employer).noisy(),
    Scenario::new("job_began_earlier", 7, &[Queried("EMP03")], job_began_earlier).noisy(),
    Scenario::new("first_pay_still_to_come", 5, &[Queried("EMP01")], first_pay_still_to_come),
    Scenario::new("register_has_another_nino", 5, &[Queried("IDN04")], register_has_another_nino)
        .needing(Needs::Twins)
        .noisy(),
    Scenario::new("register_has_another_birth_date", 4, &[Queried("IDN04")], register_has_another_birth_date).noisy(),
    Scenario::new("another_persons_pay", 5, &[Queried("IDN05")], another_persons_pay),
    Scenario::new("nino_mistyped", 7, &[Queried("IDN07 EMP01")], nino_mistyped).needing(Needs::Twins),
    Scenario::new(
        "claimed_again_while_queried",
        4,
        &[Queried("HRS02"), Queried("CLM04 HRS02")],
        claimed_again_while_queried,
    )
    .noisy(),
    Scenario::new("amount_is_not_the_price", 9, &[Queried("CLM07")], amount_is_not_the_price).noisy(),
    Scenario::new("optional_value_unreadable", 2, &[Queried("ROW03")], optional_value_unreadable).noisy(),
    Scenario::new("self_employed", 9, &[Queried("CLM08")], self_employed),
    Scenario::new("claimed_early", 5, &[Queried("CLM09")], claimed_early).noisy(),
    Scenario::new("registered_twice", 4, &[Queried("ELG00")], registered_twice).noisy(),
    Scenario::new("not_earned_yet", 4, &[Queried("ERN02")], not_earned_yet),
    Scenario::new("registered_under_two_numbers", 4, &[Queried("IDN11")], registered_under_two_numbers).noisy(),
    Scenario::new("registered_with_another_provider", 5, &[Queried("ELG07")], another_provider).noisy(),
    Scenario::new("claimed_from_before_the_start", 4, &[Queried("ELG05")], claimed_from_before_the_start),
    Scenario::new("payments_unreadable", 4, &[Queried("EVD01 SUS02")], payments_unreadable),
    Scenario::new("job_before_the_extract", 3, &[Queried("EVD02 EMP01")], job_before_the_extract),
    Scenario::new("earned_if_paid_twice", 4, &[Queried("PAY01 ERN01")], earned_if_paid_twice),
];

/// The same work goes on under another employer's reference from the next day.
fn moved_to_another_paye_scheme(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    let mut leave = case.claimed_start.plus(case.draw.between(30, 60));
    while leave.is_read_as_sunday() {
        leave = leave.plus(1);
    }
    let mut after = case.job;
    after.employer = case.another_employer();
    after.payday = after.payday.steady();
    after.start = leave.plus(1);
    case.job.leaves(leave);
    case.as_it_should_be();
    case.work(&after);
}

/// A cell that may be empty holds what cannot be read.
fn optional_value_unreadable(case: &mut SampleCase<'_>) {
    const TEXTS: [(&str, &str); 3] =
        [("employment_type", "volunteer"), ("hours_per_week", "twenty"), ("amount_claimed", "2500 pounds")];
    case.as_it_should_be();
    let (column, text) = case.draw.pick(&TEXTS);
    case.edit_claim(|claim| claim.spoilt = Some(Spoilt { column, text }));
}

/// Two jobs of under 16 hours that may add up to more.
fn two_small_jobs(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    let employers = [case.job.employer, case.another_employer()];
    for employer in employers {
        let mut job = SampleJob::new(&mut case.draw, employer, case.claimed_start);
        let tenths = 80 + case.draw.below(16) * 5;
        job.hours(&mut case.draw, tenths);
        case.work(&job);
    }
    case.register();
    case.claim();
}

/// Thirteen weeks are not over at the cut-off, and the job goes on.
fn not_yet_decidable(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2019, 1, 5), Day::of(2019, 2, 10));
    case.as_it_should_be();
}

/// Payments stop without a leaving date, less than three months before the cut-off.
fn gone_quiet(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2018, 11, 20), Day::of(2018, 12, 10));
    if case.draw.chance(700) {
        case.job.weekly(&mut case.draw);
    } else {
        case.job.fortnightly(&mut case.draw);
    }
    let stop = case.claimed_start.plus(case.draw.between(62, 80));
    case.with_slips(|_, slip| slip.paid <= stop);
}

/// An irregular payment, then silence: nobody knows whether more is to come.
fn irregular_and_gone_quiet(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2017, 12, 1), Day::of(2018, 9, 15));
    case.job.weekly(&mut case.draw);
    let stop = case.claimed_start.plus(case.draw.between(45, 75));
    case.with_slips(|_, slip| slip.paid <= stop);
    let last = case.payments.len().saturating_sub(1);
    case.edit_payment(last, |payment| payment.mark = PaymentMark::Irregular);
}

fn paid_quarterly(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    case.job.frequency = PayFrequency::M3;
    case.job.hold = 5;
    case.job.payday = Payday::Quarterly(case.draw.pick(&[20, 25, 28]));
    case.as_it_should_be();
}

fn paid_yearly(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2018, 4, 10), Day::of(2018, 11, 20));
    case.job.frequency = PayFrequency::Ma;
    case.job.hold = 5;
    case.job.payday = Payday::Yearly(case.draw.pick(&[25, 28, 31]));
    case.as_it_should_be();
}

/// Every payment is marked irregular.
fn paid_irregularly(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    case.job.payday = case.job.payday.steady();
    case.job.mark = PaymentMark::Irregular;
    case.as_it_should_be();
}

/// A few weeks without pay, in a job that goes on.
fn some_weeks_unpaid(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    case.job.payday = case.job.payday.steady();
    let count = match case.job.frequency {
        PayFrequency::W1 => case.draw.between(1, 4),
        PayFrequency::W2 => case.draw.between(1, 2),
        PayFrequency::W4
        | PayFrequency::M1
        | PayFrequency::M3
        | PayFrequency::Ma
        | PayFrequency::Io
        | PayFrequency::Ir => 1,
    };
    let first = case.job.in_the_middle();
    let end = first.saturating_add_signed(isize::try_from(count).unwrap_or(1));
    case.with_slips(|position, _| position < first || end <= position);
}

/// Three weeks' pay at once before a holiday, then two paydays without.
fn holiday_paid_ahead(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    case.job.weekly(&mut case.draw);
    let first = case.job.in_the_middle();
    case.with_slips(|position, _| position < first || first + 2 <= position);
    case.edit_payment(first - 1, |payment| {
        payment.periods = 3;
        payment.pay_pence *= 3;
    });
}

/// Employed for long enough by the leaving date, but unpaid for more than a month in between.
fn employed_throughout(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    case.job.weekly(&mut case.draw);
    let leave = case.claimed_start.plus(case.draw.between(110, 150));
    case.job.leaves(leave);
    let first = case.job.in_the_middle();
    case.with_slips(|position, _| position < first || first + 6 <= position);
}

fn hours(case: &mut SampleCase<'_>, band: Option<Band>) {
    case.starts_as_claimed();
    case.job.band = band;
    case.as_it_should_be();
}

/// The band says 16 hours and the pay says nine.
fn paid_too_little(case: &mut SampleCase<'_>) {
    case.job.hours(&mut case.draw, 160);
    case.job.rate_pence = u32::try_from(case.draw.between(370, 500)).unwrap_or(400);
    case.as_it_should_be();
}

/// The claim names an employer that never paid the participant.
fn another_employer(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let paid_by = case.job.employer;
    case.job.employer = case.another_employer();
    case.claims.clear();
    case.claim();
    let named = case.paye_reference(case.job.employer);
    case.edit_claim(|claim| claim.paye_reference = named);
    case.job.employer = paid_by;
}

/// The job began weeks before the claimed day, and after the participant had come to the programme.
fn job_began_earlier(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2018, 1, 20), Day::of(2018, 10, 31));
    case.job.start = case.claimed_start.plus(case.draw.between(-60, -15));
    case.as_it_should_be();
}

/// A little pay each payday, and the window is still open.
fn not_earned_yet(case: &mut SampleCase<'_>) {
    case.outcome = EARNED;
    case.starts_between(Day::of(2018, 11, 15), Day::of(2019, 1, 31));
    case.as_it_should_be();
    case.started_before_the_job(10);
    case.each_payment_is_of(1_000);
}

/// The cut-off is too soon after the job start for a first payment to be missed.
fn first_pay_still_to_come(case: &mut SampleCase<'_>) {
    case.outcome = STARTED;
    case.starts_between(Day::of(2019, 1, 25), Day::of(2019, 3, 10));
    case.register();
    case.claim();
    let day = case.claimed_start.plus(case.draw.between(3, 20));
    case.edit_claim(|claim| claim.claim_date = Some(day));
}

fn register_has_another_nino(case: &mut SampleCase<'_>) {
    let (own, other) = case.twins;
    case.person.stem = own;
    let suffix = case.person.suffix;
    case.known_as(|identity| identity.nino = own.nino(Some(suffix)));
    case.as_it_should_be();
    case.edit_register(|row| row.nino = String::from(other.nino(Some(suffix)).as_str()));
}

fn register_has_another_birth_date(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let days = case.draw.pick(&[1, 9, 10, 365]);
    case.edit_register(|row| row.born = row.born.plus(days.max(1)));
}

/// The payments under the number are of someone of another name and age.
fn another_persons_pay(case: &mut SampleCase<'_>) {
    case.starts_as_claimed();
    case.another_person_is_paid();
    case.as_it_should_be();
}

/// Claim and register have one digit wrong; under the right number the job is there.
fn nino_mistyped(case: &mut SampleCase<'_>) {
    let (own, mistyped) = case.twins;
    let suffix = case.person.suffix;
    case.known_as(|identity| identity.nino = own.nino(Some(suffix)));
    case.person = SamplePerson { stem: mistyped, ..case.person };
    case.as_it_should_be();
}

/// Two claims for one outcome, neither of which can be settled yet.
fn claimed_again_while_queried(case: &mut SampleCase<'_>) {
    hours(case, Some(Band::E));
    let first = case.claims.last().and_then(|claim| claim.claim_date);
    let days = case.draw.between(5, 30);
    case.claim();
    case.edit_claim(|claim| claim.claim_date = first.map(|day| day.plus(days)));
}

fn amount_is_not_the_price(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let amount = case.draw.pick(&["2750.00", "5000.00", "500.00", "2500.01"]);
    case.edit_claim(|claim| claim.amount = amount);
}

/// RTI cannot show self-employment.
fn self_employed(case: &mut SampleCase<'_>) {
    case.register();
    case.claim();
    case.edit_claim(|claim| {
        claim.employment_type = "self_employed";
        claim.employer_name = String::new();
        claim.paye_reference = String::new();
    });
}

/// The outcome came true after the claim was made.
fn claimed_early(case: &mut SampleCase<'_>) {
    case.job.start = case.claimed_start.plus(case.draw.between(8, 14));
    case.as_it_should_be();
    let day = case.claimed_start.plus(case.draw.between(90, 97));
    case.edit_claim(|claim| claim.claim_date = Some(day));
}

/// The register holds the participant twice, with different start dates.
fn registered_twice(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.register();
    let started = case.register.first().and_then(|row| row.started);
    case.edit_register(|row| row.started = started.map(|day| day.plus(-1)));
}

/// The register has the participant under a second number.
fn registered_under_two_numbers(case: &mut SampleCase<'_>) {
    /// More than there are people in a sample, so that the second number is nobody else's.
    const BEYOND_ALL: u32 = 5_000_000;
    case.as_it_should_be();
    case.register();
    case.edit_register(|row| row.participant += BEYOND_ALL);
}

/// The claim is made by a provider other than the one that the participant was referred to.
fn another_provider(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.edit_register(|row| row.provider = if row.provider == "PR01" { "PR02" } else { "PR01" });
}

/// The claimed job start lies days before the participant's start, and the job began after it.
fn claimed_from_before_the_start(case: &mut SampleCase<'_>) {
    case.job.start = case.claimed_start.plus(case.draw.between(8, 14));
    case.as_it_should_be();
    let days = case.draw.between(1, 7);
    case.started_before_the_job(-days);
}

/// Two months' payments in the middle of a job have a number of earnings periods that is none.
fn payments_unreadable(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2017, 12, 1), Day::of(2018, 9, 15));
    case.job.monthly(&mut case.draw);
    case.job.payday = case.job.payday.steady();
    case.as_it_should_be();
    let first = case.job.in_the_middle();
    for position in [first, first + 1] {
        case.edit_payment(position, |payment| payment.periods = 0);
    }
}

/// A job that was over before the first day that the extract speaks for.
fn job_before_the_extract(case: &mut SampleCase<'_>) {
    case.outcome = STARTED;
    // The last day on which the evidence may begin is 14 days after the claimed one.
    case.starts_between(SCHEME_OPENS.plus(2), OBSERVED_FROM.plus(-15));
    case.register();
    case.claim();
}

/// One payment stands twice, under two payroll IDs and payment IDs, and only both together are enough.
fn earned_if_paid_twice(case: &mut SampleCase<'_>) {
    case.outcome = EARNED;
    case.starts_between(Day::of(2018, 1, 10), Day::of(2018, 6, 30));
    case.with_slips(|position, _| position == 0);
    case.started_before_the_job(10);
    case.each_payment_is_of(60_000);
    let number = case.draw.below(8999) + 1;
    case.again(0, |copy| copy.payroll_id = PayrollId::Lettered(number));
}

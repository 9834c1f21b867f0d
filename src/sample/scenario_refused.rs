//! Scenarios of claims that must fail whatever the payments show: on the row, the person, the scheme's terms or the
//! register.

use super::case::SampleCase;
use super::day::Day;
use super::rows::{LineDamage, Spoilt};
use super::scenario::{
    ExpectedVerdict::{Rejected, Validated},
    Needs, Scenario,
};

/// The scenarios of claims that are rejected before or beside the evidence.
pub(super) const REFUSED: [Scenario; 25] = [
    Scenario::new("line_damaged", 4, &[Rejected("ROW01")], line_damaged).needing(Needs::Lines),
    Scenario::new("value_missing", 4, &[Rejected("ROW02")], value_missing).noisy(),
    Scenario::new("value_unreadable", 2, &[Rejected("ROW03")], value_unreadable).needing(Needs::Lines).noisy(),
    Scenario::new("claim_sent_twice", 4, &[Validated(""), Rejected("ROW04")], claim_sent_twice).noisy(),
    Scenario::new("claim_id_used_twice", 3, &[Rejected("ROW04"), Rejected("ROW04")], claim_id_used_twice).noisy(),
    Scenario::new("job_ends_before_it_starts", 4, &[Rejected("ROW05 CLM10")], job_ends_before_it_starts).noisy(),
    Scenario::new("claimed_before_job_starts", 2, &[Rejected("ROW05 CLM02 CLM09")], claimed_before_job_starts).noisy(),
    Scenario::new("outcome_unknown", 3, &[Rejected("CLM01")], outcome_unknown).noisy(),
    Scenario::new("claimed_before_13_weeks", 6, &[Rejected("CLM02 CLM09")], claimed_before_13_weeks).noisy(),
    Scenario::new("claimed_too_late", 6, &[Rejected("CLM03")], claimed_too_late).noisy(),
    Scenario::new("claimed_twice", 6, &[Validated(""), Rejected("CLM04")], claimed_twice).noisy(),
    Scenario::new("claimed_in_an_earlier_batch", 6, &[Rejected("CLM05")], claimed_in_an_earlier_batch),
    Scenario::new("too_few_hours_claimed", 5, &[Rejected("CLM06")], too_few_hours_claimed).noisy(),
    Scenario::new("job_end_claimed_too_soon", 5, &[Rejected("CLM10")], job_end_claimed_too_soon).noisy(),
    Scenario::new("nino_malformed", 6, &[Rejected("IDN01")], nino_malformed).noisy(),
    Scenario::new("nino_is_a_dummy", 4, &[Rejected("IDN02")], nino_is_a_dummy).noisy(),
    Scenario::new("participant_unknown", 4, &[Rejected("IDN03")], participant_unknown).noisy(),
    Scenario::new("cohort_not_covered", 4, &[Rejected("ELG01")], cohort_not_covered).noisy(),
    Scenario::new("on_other_provision", 4, &[Rejected("ELG02")], on_other_provision).noisy(),
    Scenario::new("benefit_not_covered", 4, &[Rejected("ELG03")], benefit_not_covered).noisy(),
    Scenario::new("never_started", 4, &[Rejected("ELG04")], never_started).noisy(),
    Scenario::new("started_before_the_scheme", 3, &[Rejected("ELG04")], started_before_the_scheme).noisy(),
    Scenario::new("contract_not_listed", 3, &[Rejected("ELG06")], contract_not_listed).noisy(),
    Scenario::new("late_and_too_few_hours_claimed", 2, &[Rejected("CLM03 CLM06")], late_and_too_few_hours).noisy(),
    Scenario::new("wrong_on_many_counts", 2, &[Rejected("CLM06 IDN03 HRS01")], wrong_on_many_counts).noisy(),
];

fn line_damaged(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let damage = if case.draw.chance(500) { LineDamage::StrayQuote } else { LineDamage::CutShort };
    case.edit_claim(|claim| claim.damage = Some(damage));
}

fn value_missing(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let column = case.draw.below(4);
    case.edit_claim(|claim| match column {
        0 => claim.surname = String::new(),
        1 => claim.forename = String::new(),
        2 => claim.claim_date = None,
        _ => claim.provider = "",
    });
}

fn value_unreadable(case: &mut SampleCase<'_>) {
    const DATES: [(&str, &str); 3] =
        [("claim_date", "2018-02-31"), ("job_start_date", "31/04/2018"), ("date_of_birth", "in 1985")];
    case.as_it_should_be();
    let (column, text) = case.draw.pick(&DATES);
    case.edit_claim(|claim| claim.spoilt = Some(Spoilt { column, text }));
}

/// Exact copies: one of them stands.
fn claim_sent_twice(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let copies: Vec<_> = case.claims.clone();
    case.claims.extend(copies);
}

/// One `claim_id` on two different rows: neither can be told to be meant.
fn claim_id_used_twice(case: &mut SampleCase<'_>) {
    claim_sent_twice(case);
    case.edit_claim(|claim| claim.claim_date = claim.claim_date.map(|day| day.plus(7)));
}

fn job_ends_before_it_starts(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    // A Friday or Saturday is read as the Sunday, which must not be a day of the job either.
    let end = case.claimed_start.plus(case.draw.between(-30, -3));
    case.edit_claim(|claim| claim.job_end = Some(end));
}

fn claimed_before_job_starts(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let day = case.claimed_start.plus(case.draw.between(-20, -1));
    case.edit_claim(|claim| claim.claim_date = Some(day));
}

fn outcome_unknown(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.edit_claim(|claim| claim.outcome = "sustained_26_weeks");
}

fn claimed_before_13_weeks(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let day = case.claimed_start.plus(case.draw.between(30, 89));
    case.edit_claim(|claim| claim.claim_date = Some(day));
}

fn claimed_too_late(case: &mut SampleCase<'_>) {
    case.starts_between(Day::of(2017, 12, 1), Day::of(2018, 6, 10));
    case.as_it_should_be();
    let late = case.draw.pick(&[1, 1, 5, 20]);
    let day = case.achieved().plus(182 + late.max(1));
    case.edit_claim(|claim| claim.claim_date = Some(day));
}

/// Two claims for one outcome: the first stands.
fn claimed_twice(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let first = case.claims.last().and_then(|claim| claim.claim_date);
    let days = case.draw.between(5, 30);
    case.claim();
    case.edit_claim(|claim| claim.claim_date = first.map(|day| day.plus(days)));
}

/// The outcome was paid for in an earlier batch, for a job before this one or for the same.
fn claimed_in_an_earlier_batch(case: &mut SampleCase<'_>) {
    let same_job = case.draw.chance(300);
    if same_job {
        case.as_it_should_be();
        let first = case.claims.last().and_then(|claim| claim.claim_date);
        let days = case.draw.between(30, 60);
        case.earlier.append(&mut case.claims);
        case.claim();
        case.edit_claim(|claim| claim.claim_date = first.map(|day| day.plus(days)));
    } else {
        case.starts_between(Day::of(2017, 12, 1), Day::of(2018, 3, 31));
        let leave = case.achieved().plus(case.draw.between(4, 30));
        case.job.leaves(leave);
        case.as_it_should_be();
        case.earlier.append(&mut case.claims);
        case.job.employer = case.another_employer();
        case.job.leave = None;
        case.starts_between(Day::of(2018, 8, 15), Day::of(2018, 10, 31));
        let job = case.job;
        case.work(&job);
        case.claim();
    }
}

fn too_few_hours_claimed(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let hours = case.draw.pick(&["15", "15.5", "12", "10"]);
    case.edit_claim(|claim| claim.hours = String::from(hours));
}

fn job_end_claimed_too_soon(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let end = case.claimed_start.plus(case.draw.between(30, 87));
    case.edit_claim(|claim| claim.job_end = Some(end));
}

fn nino_malformed(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let way = case.draw.below(4);
    case.edit_claim(|claim| {
        let stem: String = claim.nino.chars().take(8).collect();
        claim.nino = match way {
            // A digit lost, a digit too many, a prefix that is never used, the letter O for a zero.
            0 => stem.chars().take(7).collect(),
            1 => format!("{stem}7"),
            2 => format!("D{}", stem.chars().skip(1).collect::<String>()),
            _ => format!("{}O", stem.chars().take(7).collect::<String>()),
        };
    });
}

/// The provider never learnt the number: claim and register hold the same stand-in.
fn nino_is_a_dummy(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let dummy = case.draw.pick(&["AB123456C", "AA111111A", "QQ123456C", "AA123456A"]);
    case.edit_claim(|claim| claim.nino = String::from(dummy));
    case.edit_register(|row| row.nino = String::from(dummy));
}

fn participant_unknown(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.register.clear();
}

fn cohort_not_covered(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let cohort = case.draw.pick(&["physical_disability", "long_term_unemployed"]);
    case.edit_register(|row| row.cohort = cohort);
}

fn on_other_provision(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.edit_register(|row| row.other_provision = "true");
}

fn benefit_not_covered(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let benefit = case.draw.pick(&["none", "other"]);
    case.edit_register(|row| row.benefit = benefit);
}

fn never_started(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.edit_register(|row| {
        row.started = None;
        row.ended = None;
    });
}

fn started_before_the_scheme(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    let started = Day::of(2017, 10, 31).plus(case.draw.between(-60, 0));
    case.edit_register(|row| {
        row.started = Some(started);
        row.referred = started.plus(-14);
        row.ended = None;
    });
}

fn contract_not_listed(case: &mut SampleCase<'_>) {
    case.as_it_should_be();
    case.edit_claim(|claim| claim.contract = "CT-LEEDS");
    case.edit_register(|row| row.contract = "CT-LEEDS");
}

fn late_and_too_few_hours(case: &mut SampleCase<'_>) {
    claimed_too_late(case);
    case.edit_claim(|claim| claim.hours = String::from("14"));
}

/// All failures are reported, not only the first.
fn wrong_on_many_counts(case: &mut SampleCase<'_>) {
    let tenths = 80 + case.draw.below(16) * 5;
    case.job.hours(&mut case.draw, tenths);
    case.as_it_should_be();
    case.edit_claim(|claim| claim.hours = String::from("12"));
    case.register.clear();
}

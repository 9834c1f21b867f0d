//! # EMP01: no payment covers the time of the claim
//!
//! **Checks** that some employer has a covered day between the claimed job start and the last day on which a window
//! may lie.
//!
//! **Why** Without any pay in that time there is no job to see.
//!
//! **Verdict** reject; a query while the cut-off is before J + 69 days (two monthly paydays and seven days' lag may
//! still bring the first pay), when a near-miss number is found (IDN07), and when an employer does have a covered day but
//! was left out: its job was there before the participant started (ELG05), and the claim names another.
//!
//! **Source** Rulebook, section 6.
//!
//! **Example** job start 1 May 2018, nothing paid by 31 December 2018.

use crate::evidence::days::DayAnswer;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// EMP01, registered.
pub static RULE: Rule = Rule {
    code: Code::EMP01,
    weight: Weight::REJECT.or_query_where_unclear().never_below_query(),
    since: "0.1.0",
    rulebook: &[6],
    title: "no payment covers the time of the claim",
    says: "{found} covers any day from {job_start} to {horizon_end}",
    reads: &[Reads::Answer, Reads::Payments],
    concerns: Concerns::Claim("job_start_date"),
    rests_on: RestsOn::NoEvidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["found", "job_start", "horizon_end"]),
        to_send: ToSend::LaterOr(
            "Payslips, and the employer's PAYE reference: payroll shows no pay in the time claimed.",
        ),
    },
    file: include_str!("no_cover.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let (evidence, days) = match (case.evidence(), case.days()) {
        (Ok(evidence), Ok(days)) => (evidence, days),
        (Err(status), _) | (_, Err(status)) => return status,
    };
    let question = &days.question;
    let pay_may_come_until = match &days.answer {
        DayAnswer::Decided(_) => return Status::Passed,
        DayAnswer::OnlyZeroPay => return Status::NotApplicable(NotApplicableReason::Own("EMP04 answers in its place")),
        DayAnswer::NoCover { pay_may_come_until, .. } => pay_may_come_until,
    };
    let left_out = days.left_out().map(|timeline| &timeline.employer);
    let found = left_out.map_or_else(
        || "no payment".to_owned(),
        |employer| {
            format!("no payment but those of {employer}, for a job of before the start that is not the one claimed,")
        },
    );
    let mut facts = vec![
        Fact::new("found", found),
        Fact::new("job_start", question.job_start),
        Fact::new("horizon_end", question.horizon_end()),
        Fact::new("rows_that_count", i64::try_from(evidence.counting()).unwrap_or(i64::MAX)),
    ];
    facts.extend(pay_may_come_until.map(|day| Fact::new("recheck_on", day)));
    facts.extend(left_out.map(|employer| Fact::new("left_out", employer)));
    if pay_may_come_until.is_some() || case.near_miss || left_out.is_some() {
        Status::Unclear(facts)
    } else {
        Status::Failed(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn nobody_paying_is_a_query_until_two_paydays_have_passed_and_then_a_rejection() {
        // 1 May + 69 days is 9 July.
        Bench::standard().unpaid().cut_off("2018-07-08").asks_a_person(Code::EMP01);
        Bench::standard().unpaid().cut_off("2018-07-09").fails(Code::EMP01);
        Bench::standard().passes(Code::EMP01);
    }

    #[test]
    fn an_employer_that_was_left_out_is_told_and_makes_a_query() {
        let there_before = || Bench::standard().register("start_date", "2018-06-01");
        there_before().claim("paye_reference", "123/A246").passes(Code::EMP01).fails(Code::ELG05);
        there_before().claim("paye_reference", "456/B7").asks_a_person(Code::EMP01).fails(Code::ELG05);
    }
}

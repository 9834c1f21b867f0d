//! # ROW05: the claim's dates are out of order
//!
//! **Checks** that the job does not end before it starts, is not claimed before it starts, and does not start before
//! the participant was born.
//!
//! **Why** Dates in the wrong order mean that one of them is not what it says.
//!
//! **Verdict** reject. A pair of which one date is missing or unreadable is left out.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** `job_start_date` 1 May 2018, `job_end_date` 30 April 2018.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// ROW05, registered.
pub static RULE: Rule = Rule {
    code: Code::ROW05,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the claim's dates are out of order",
    says: "{reason}",
    reads: &[Reads::Claim],
    concerns: Concerns::Claim("job_start_date"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["reason"]),
        to_send: ToSend::Text("The claim with the row mended, in a new claims file."),
    },
    file: include_str!("dates_out_of_order.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let claim = case.claim;
    let Some(start) = claim.job_start_date.given() else {
        return Status::NotApplicable(NotApplicableReason::DatesMissing);
    };
    let orders = [
        (claim.job_end_date.given(), Side::After, "the job ends before it starts"),
        (claim.claim_date.given(), Side::After, "the job is claimed before it starts"),
        (claim.date_of_birth.given(), Side::Before, "the job starts before the participant was born"),
    ];
    let wrong = orders.iter().find(|(date, side, _)| {
        date.is_some_and(|date| match side {
            Side::After => date < start,
            Side::Before => start < date,
        })
    });
    match wrong {
        Some((_, _, reason)) => Status::Failed(vec![Fact::new("reason", *reason), Fact::new("job_start_date", *start)]),
        None => Status::Passed,
    }
}

/// On which side of the job start a date belongs; the same day is right for both.
enum Side {
    Before,
    After,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn each_date_may_be_the_day_of_the_start_and_not_beyond_it() {
        Bench::standard().claim("job_end_date", "2018-05-01").passes(Code::ROW05);
        Bench::standard().claim("job_end_date", "2018-04-30").fails(Code::ROW05);
        Bench::standard().claim("claim_date", "2018-05-01").passes(Code::ROW05);
        Bench::standard().claim("claim_date", "2018-04-30").fails(Code::ROW05);
        Bench::standard().claim("date_of_birth", "2018-05-01").passes(Code::ROW05);
        Bench::standard().claim("date_of_birth", "2018-05-02").fails(Code::ROW05);
    }
}

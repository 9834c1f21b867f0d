//! # CLM02: claimed before the outcome could have happened
//!
//! **Checks** that the claim was made no earlier than the last of the needed days, counted from the claimed job
//! start.
//!
//! **Why** 13 weeks from 1 May end on 30 July. A claim of 29 July says what nobody could know.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9: before J + N - 1.
//!
//! **Example** job start 1 May 2018, 91 days, claimed 29 July 2018.

use crate::domain::day::add_days;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// CLM02, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM02,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "claimed before the outcome could have happened",
    says: "claimed on {claim_date}; the outcome could not have happened before {earliest}",
    reads: &[Reads::Claim, Reads::Scheme],
    concerns: Concerns::Claim("claim_date"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["claim_date", "earliest"]),
        to_send: ToSend::Text("A new claim once the outcome can have been achieved."),
    },
    file: include_str!("claimed_too_soon.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let (Some(terms), Some(job_start)) = (case.terms, case.job_start()) else {
        return Status::NotApplicable(NotApplicableReason::NoTerms);
    };
    let Some(claim_date) = case.claim.claim_date.given() else {
        return Status::NotApplicable(NotApplicableReason::DatesMissing);
    };
    let earliest = add_days(job_start, i64::from(terms.needed_days) - 1);
    if earliest <= *claim_date {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("claim_date", *claim_date), Fact::new("earliest", earliest)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn the_last_needed_day_may_be_claimed_and_the_day_before_not() {
        Bench::standard().claim("claim_date", "2018-07-30").passes(Code::CLM02);
        Bench::standard().claim("claim_date", "2018-07-29").fails(Code::CLM02);
    }
}

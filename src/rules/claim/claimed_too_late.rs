//! # CLM03: claimed too long after the outcome
//!
//! **Checks** that the claim was made within the scheme's `claim_within_days` of the day the outcome was achieved.
//!
//! **Why** Schemes close their books: an outcome not claimed in time is not paid.
//!
//! **Verdict** reject. Only for claims the evidence passes, and only where the scheme sets a limit.
//!
//! **Source** Rulebook, section 9; the scheme's `claim_within_days`.
//!
//! **Example** achieved on 30 July 2018, claimed 183 days later under a limit of 182.

use crate::domain::day::{add_days, days_from};
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// CLM03, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM03,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "claimed too long after the outcome",
    says: "achieved on {achieved_on} and claimed on {claim_date}; claims close after {days}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Answer],
    concerns: Concerns::Claim("claim_date"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["achieved_on", "claim_date", "days"]),
        to_send: ToSend::Text("Nothing: the time for claiming this outcome is over."),
    },
    file: include_str!("claimed_too_late.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let limit = case.scheme.claim_within_days.as_ref().zip(case.job_start()).and_then(|(limit, day)| limit.on(day));
    let Some(days) = limit else { return Status::NotApplicable(NotApplicableReason::Own("the scheme sets no limit")) };
    let achieved_on = match case.achieved_on() {
        Ok(day) => day,
        Err(status) => return status,
    };
    let Some(claim_date) = case.claim.claim_date.given() else {
        return Status::NotApplicable(NotApplicableReason::DatesMissing);
    };
    if *claim_date <= add_days(achieved_on, i64::from(*days)) {
        return Status::Passed;
    }
    Status::Failed(vec![
        Fact::new("achieved_on", achieved_on),
        Fact::new("claim_date", *claim_date),
        Fact::new("days", *days),
        Fact::new("days_after", days_from(achieved_on, *claim_date)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn the_last_day_of_the_limit_is_in_time_and_the_next_is_not() {
        // Achieved on 30 July 2018; 182 days later is 28 January 2019.
        Bench::standard().limit(182).claim("claim_date", "2019-01-28").passes(Code::CLM03);
        Bench::standard().limit(182).claim("claim_date", "2019-01-29").fails(Code::CLM03);
        Bench::standard().does_not_apply(Code::CLM03);
    }
}

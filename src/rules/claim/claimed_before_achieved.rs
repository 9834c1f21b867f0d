//! # CLM09: true now, but claimed before it was
//!
//! **Checks** that the day on which the evidence shows the outcome achieved is not after the claim.
//!
//! **Why** The outcome is true by now, yet the claim was made before it was: a person decides whether it stands.
//!
//! **Verdict** query. Only for claims the evidence passes.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** claimed on 1 August 2018 for a job whose pay shows 91 days by 6 August.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// CLM09, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM09,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[9],
    title: "true now, but claimed before it was",
    says: "claimed on {claim_date}; the evidence shows the outcome achieved on {achieved_on}",
    reads: &[Reads::Claim, Reads::Answer],
    concerns: Concerns::Claim("claim_date"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["claim_date", "achieved_on"]),
        to_send: ToSend::Text("Nothing: a person decides whether an early claim stands."),
    },
    file: include_str!("claimed_before_achieved.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let achieved_on = match case.achieved_on() {
        Ok(day) => day,
        Err(status) => return status,
    };
    let Some(claim_date) = case.claim.claim_date.given() else {
        return Status::NotApplicable(NotApplicableReason::DatesMissing);
    };
    if achieved_on <= *claim_date {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("claim_date", *claim_date), Fact::new("achieved_on", achieved_on)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_claim_on_the_day_of_achievement_passes_and_one_the_day_before_fails() {
        // The evidence begins on 8 May, so 91 days are reached on 6 August.
        let started = || Bench::standard().each_payment("employment_start_date", "2018-05-08");
        started().claim("claim_date", "2018-08-06").passes(Code::CLM09);
        started().claim("claim_date", "2018-08-05").fails(Code::CLM09);
    }
}

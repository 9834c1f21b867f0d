//! # CLM06: the claim itself says fewer hours than the outcome needs
//!
//! **Checks** that `hours_per_week`, where given, reaches the outcome's hours.
//!
//! **Why** No evidence can make a claim true that says itself that it is not.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** `hours_per_week` is 15.5 and the outcome needs 16.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// CLM06, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM06,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the claim itself says fewer hours than the outcome needs",
    says: "the claim says {claimed} a week; the outcome needs {needed}",
    reads: &[Reads::Claim, Reads::Scheme],
    concerns: Concerns::Claim("hours_per_week"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["claimed", "needed"]),
        to_send: ToSend::Text("A new claim if what was claimed was written down wrongly."),
    },
    file: include_str!("too_few_hours_claimed.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(terms) = case.terms else { return Status::NotApplicable(NotApplicableReason::NoTerms) };
    let Some(claimed) = case.claim.hours_per_week.given() else {
        return Status::NotApplicable(NotApplicableReason::Own("the claim gives no hours"));
    };
    if terms.hours <= *claimed {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("claimed", *claimed), Fact::new("needed", terms.hours)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn sixteen_hours_pass_and_a_hundredth_less_fails() {
        Bench::standard().claim("hours_per_week", "16").passes(Code::CLM06);
        Bench::standard().claim("hours_per_week", "15.99").fails(Code::CLM06);
        Bench::standard().does_not_apply(Code::CLM06);
    }
}

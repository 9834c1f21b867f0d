//! # CLM01: the scheme has no such outcome
//!
//! **Checks** that the scheme has the claimed outcome, with terms in force on the claimed job start.
//!
//! **Why** Without the outcome's hours and days there is nothing to hold the evidence against.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9; the scheme's `[[outcome]]` list.
//!
//! **Example** the claim says `sustained_26_weeks` and the scheme pays for 13.

use crate::domain::withheld::shown;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// CLM01, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM01,
    weight: Weight::REJECT.never_below_query(),
    since: "0.1.0",
    rulebook: &[9],
    title: "the scheme has no such outcome",
    says: "the scheme has no outcome {outcome} for a job that starts on this day; its outcomes are {accepted}",
    reads: &[Reads::Claim, Reads::Scheme],
    concerns: Concerns::Claim("outcome"),
    rests_on: RestsOn::Matching,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["outcome", "accepted"]),
        to_send: ToSend::Text("A new claim if what was claimed was written down wrongly."),
    },
    file: include_str!("unknown_outcome.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(outcome) = case.claim.outcome() else {
        return Status::NotApplicable(NotApplicableReason::Own("the row has no outcome"));
    };
    if case.outcome.is_some() && case.terms_hold() {
        return Status::Passed;
    }
    let accepted: Vec<&str> = case.scheme.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    Status::Failed(vec![Fact::new("outcome", shown(outcome)), Fact::new("accepted", accepted.join(", "))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn an_outcome_of_another_scheme_or_time_fails() {
        Bench::standard().claim("outcome", "sustained_26_weeks").fails(Code::CLM01);
        Bench::standard().claim("outcome", "Sustained 13 Weeks").passes(Code::CLM01);
        Bench::standard().claim("job_start_date", "2013-04-05").fails(Code::CLM01);
        Bench::standard().claim("job_start_date", "2013-04-06").passes(Code::CLM01);
    }
}

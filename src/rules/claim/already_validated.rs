//! # CLM05: an earlier run already validated this outcome for this participant
//!
//! **Checks** that none of the earlier runs named by `--history` validated the same outcome of the same scheme for
//! the same participant.
//!
//! **Why** An outcome is paid for once, whichever batch brought it.
//!
//! **Verdict** reject. Does not apply when no earlier run is named.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** January's run validated 13 weeks for participant P1, and March's batch claims it again.

use crate::rules::{
    Case, Code, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// CLM05, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM05,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "an earlier run already validated this outcome for this participant",
    says: "an earlier run validated {outcome} for this participant",
    reads: &[Reads::Claim, Reads::EarlierRuns],
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("Nothing: the outcome was validated before."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("already_validated.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match case.batch.validated_before {
        None => Status::NotApplicable(NotApplicableReason::Own("no earlier run was named")),
        Some(false) => Status::Passed,
        Some(true) => {
            let outcome = case.claim.outcome().unwrap_or("the outcome");
            Status::Failed(vec![Fact::new("outcome", outcome)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn an_outcome_validated_before_fails() {
        Bench::standard().validated_before(true).fails(Code::CLM05);
        Bench::standard().validated_before(false).passes(Code::CLM05);
        Bench::standard().does_not_apply(Code::CLM05);
    }
}

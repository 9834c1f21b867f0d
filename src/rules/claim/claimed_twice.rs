//! # CLM04: another claim for the same participant and outcome stands
//!
//! **Checks** decided last, among the batch's claims for one participant and outcome that nothing else rejects: the
//! first of them stands, validated ones before queried, then by claim date, then by claim number.
//!
//! **Why** An outcome is paid for once.
//!
//! **Verdict** reject where the claim that stands is validated, else query: until a person has looked at the first,
//! nobody knows whether the second falls.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** C1 and C2 both claim 13 weeks for participant P1; C1 is validated, C2 rejected.

use crate::rules::{
    Case, Code, Fact, NotApplicableReason, Precedence, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// CLM04, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM04,
    weight: Weight::REJECT.or_query_where_unclear(),
    since: "0.1.0",
    rulebook: &[9],
    title: "another claim for the same participant and outcome stands",
    says: "another claim of this batch for the same participant and outcome stands before this one; that one is {standing}",
    reads: &[Reads::OtherVerdicts],
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("Nothing, unless the claims are of different outcomes: then say which."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("claimed_twice.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match case.batch.competing {
        Precedence::Stands => Status::Passed,
        Precedence::BehindValidated => Status::Failed(vec![Fact::new("standing", "validated")]),
        Precedence::BehindQueried => Status::Unclear(vec![Fact::new("standing", "queried")]),
        Precedence::OutOfIt => Status::NotApplicable(NotApplicableReason::Own(
            "another rule rejects the claim, or it names no participant or outcome",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_claim_behind_a_validated_one_fails_and_behind_a_queried_one_is_unclear() {
        Bench::standard().competing(Precedence::BehindValidated).fails(Code::CLM04);
        Bench::standard().competing(Precedence::BehindQueried).asks_a_person(Code::CLM04);
        Bench::standard().passes(Code::CLM04);
    }
}

//! # IDN11: this person has another participant number too
//!
//! **Checks** that neither the batch nor the register has the claim's National Insurance number (its first eight
//! characters) under another participant number.
//!
//! Participant numbers are compared without case.
//!
//! **Why** One person is one person, whatever number a file gives them. Under two numbers the same job can be paid for
//! twice, and nobody sees it.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** P1 and P7 of the register have one National Insurance number.

use crate::domain::NinoText;
use crate::rules::{
    Case, Code, Concerns, Fact, NotApplicableReason, OtherNumbers, ProviderNotice, Reads, RestsOn, Rule, Status,
    ToSend, Weight,
};

/// IDN11, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN11,
    weight: Weight::QUERY,
    since: "0.2.0",
    rulebook: &[9],
    title: "this person has another participant number too",
    says: "this National Insurance number stands under another participant number too, in the {where}",
    reads: &[Reads::Claim, Reads::OtherClaims, Reads::Register],
    concerns: Concerns::Claim("participant_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("Which participant number is right, and whether the two are one person."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("two_participant_numbers.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let is_a_person = matches!(case.claim.nino.given(), Some(NinoText::WellFormed(_)));
    if !is_a_person || case.claim.participant_id().is_none() {
        return Status::NotApplicable(NotApplicableReason::Own(
            "the row has no participant number, or no National Insurance number that can be a person's",
        ));
    }
    let OtherNumbers { in_batch, in_register } = case.batch.other_numbers;
    let place = match (in_batch, in_register) {
        (false, false) => return Status::Passed,
        (true, false) => "batch",
        (false, true) => "register",
        (true, true) => "batch and in the register",
    };
    Status::Failed(vec![Fact::new("where", place)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    fn with(in_batch: bool, in_register: bool) -> Bench {
        Bench::standard().other_numbers(OtherNumbers { in_batch, in_register })
    }

    #[test]
    fn another_number_in_the_batch_or_the_register_fails() {
        with(true, false).fails(Code::IDN11);
        with(false, true).fails(Code::IDN11);
        with(false, false).passes(Code::IDN11);
        let both = with(true, true).message(Code::IDN11);
        assert_eq!(
            both,
            "this National Insurance number stands under another participant number too, in the batch and in the register"
        );
    }

    #[test]
    fn a_claim_that_names_no_participant_or_no_person_cannot_be_compared() {
        with(true, true).claim("participant_id", "").does_not_apply(Code::IDN11);
        with(true, true).claim("nino", "AB123456C").does_not_apply(Code::IDN11);
    }
}

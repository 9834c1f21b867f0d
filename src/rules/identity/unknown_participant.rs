//! # IDN03: the participant is not in the register
//!
//! **Checks** that the register, where one is given, has the claim's `participant_id`.
//!
//! **Why** Only people referred to the programme can be claimed for.
//!
//! **Verdict** reject. Does not apply without a register, nor where a row of the register that may be the participant's
//! cannot be used (ELG00): that nobody can read it does not mean that it is not there. Numbers are compared without case.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** the claim names P9999 and the register ends at P0760.

use crate::domain::participant::Registered;
use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// IDN03, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN03,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the participant is not in the register",
    says: "the register has no such participant",
    reads: &[Reads::Claim, Reads::Register],
    concerns: Concerns::Claim("participant_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&[]),
        to_send: ToSend::Text("The register's entry for the participant."),
    },
    file: include_str!("unknown_participant.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match case.registered {
        Registered::NoRegister => Status::NotApplicable(NotApplicableReason::Own("no register was given")),
        Registered::Absent if case.claim.participant_id().is_none() => {
            Status::NotApplicable(NotApplicableReason::Own("the row names no participant"))
        }
        Registered::Absent => Status::Failed(Vec::new()),
        Registered::Found(_) => Status::Passed,
        Registered::Unusable(_) => Status::NotApplicable(NotApplicableReason::NotInRegister),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_participant_the_register_lacks_fails() {
        Bench::standard().register("participant_id", "P2").fails(Code::IDN03);
        Bench::standard().register("participant_id", "p1").passes(Code::IDN03);
        Bench::standard().register("cohort", "").does_not_apply(Code::IDN03);
        Bench::standard().does_not_apply(Code::IDN03);
    }
}

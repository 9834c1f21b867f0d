//! # ELG02: on other DWP provision at the start
//!
//! **Checks** that the register does not say the participant was on other DWP provision at the start.
//!
//! **Why** Two programmes are not paid for one outcome.
//!
//! **Verdict** reject. Does not apply where the register does not say.
//!
//! **Source** Rulebook, section 9; LSE Expression of Interest Specification, section 5.4.
//!
//! **Example** `on_other_provision` is true.

use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// ELG02, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG02,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "on other DWP provision at the start",
    says: "the participant was on other DWP provision at the start",
    reads: &[Reads::Register],
    concerns: Concerns::Register("on_other_provision"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&[]),
        to_send: ToSend::Text("The register's entry for the participant if it is wrong."),
    },
    file: include_str!("other_provision.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    match participant.on_other_provision {
        Some(true) => Status::Failed(Vec::new()),
        Some(false) => Status::Passed,
        None => Status::NotApplicable(NotApplicableReason::Own("the register does not say")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn other_provision_at_the_start_fails() {
        Bench::standard().register("on_other_provision", "true").fails(Code::ELG02);
        Bench::standard().register("on_other_provision", "false").passes(Code::ELG02);
        Bench::standard().register("on_other_provision", "").does_not_apply(Code::ELG02);
    }
}

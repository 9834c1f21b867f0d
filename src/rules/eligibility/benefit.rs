//! # ELG03: the participant's benefit is not one the scheme is for
//!
//! **Checks** that the register's benefit, where given, is in the scheme's list.
//!
//! **Why** The scheme is for people who receive these benefits.
//!
//! **Verdict** reject. Does not apply where the register or the scheme does not say.
//!
//! **Source** Rulebook, section 9; the scheme's `[benefits]`.
//!
//! **Example** benefit `none` under a scheme for ESA and Universal Credit.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// ELG03, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG03,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the participant's benefit is not one the scheme is for",
    says: "the benefit {benefit} is not one of the scheme's",
    reads: &[Reads::Scheme, Reads::Register],
    concerns: Concerns::Register("benefit"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["benefit"]),
        to_send: ToSend::Text("The register's entry for the participant if it is wrong."),
    },
    file: include_str!("benefit.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    match (case.scheme.benefits.as_ref().map(|benefits| &benefits.value), participant.benefit) {
        (None, _) => Status::NotApplicable(NotApplicableReason::Own("the scheme lists no benefits")),
        (_, None) => Status::NotApplicable(NotApplicableReason::Own("the register does not say")),
        (Some(listed), Some(benefit)) if listed.contains(&benefit) => Status::Passed,
        (Some(_), Some(benefit)) => Status::Failed(vec![Fact::new("benefit", benefit.code())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_benefit_outside_the_list_fails() {
        Bench::standard().register("benefit", "none").fails(Code::ELG03);
        Bench::standard().register("benefit", "esa").passes(Code::ELG03);
        Bench::standard().register("benefit", "").does_not_apply(Code::ELG03);
    }
}

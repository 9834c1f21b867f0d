//! # ELG06: the contract is not one of the scheme's
//!
//! **Checks** that the claim's contract is in the scheme's list, where the scheme lists contracts.
//!
//! **Why** Claims are paid under contracts that exist.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9; the scheme's `[contracts]`.
//!
//! **Example** contract `CT-LEEDS` under a scheme of nine other authorities.

use crate::rules::{
    Case, Code, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// ELG06, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG06,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the contract is not one of the scheme's",
    says: "the claim's contract is not one of the scheme's",
    reads: &[Reads::Claim, Reads::Scheme],
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&[]),
        to_send: ToSend::Text("The register's entry for the participant if it is wrong."),
    },
    file: include_str!("contract.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(listed) = &case.scheme.contracts else {
        return Status::NotApplicable(NotApplicableReason::Own("the scheme lists no contracts"));
    };
    let Some(contract) = case.claim.contract_id() else {
        return Status::NotApplicable(NotApplicableReason::Own("the row names no contract"));
    };
    if listed.value.iter().any(|known| known == contract) {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("contract", contract)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_contract_outside_the_list_fails() {
        Bench::standard().contracts(&["CT1"]).passes(Code::ELG06);
        Bench::standard().contracts(&["CT2"]).fails(Code::ELG06);
        Bench::standard().does_not_apply(Code::ELG06);
    }
}

//! # ELG06: the contract is not one of the scheme's
//!
//! **Checks** that the claim's contract is in the scheme's list, where the scheme lists contracts. Case, blanks, hyphens and
//! underscores do not count, as in codes.
//!
//! **Why** Claims are paid under contracts that exist.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9; the scheme's `[contracts]`.
//!
//! **Example** contract `CT-LEEDS` under a scheme of nine other authorities.

use crate::domain::reading::code::is_same;
use crate::domain::withheld::shown;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// ELG06, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG06,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the contract is not one of the scheme's",
    says: "the claim's contract is {contract}, and the scheme's are {accepted}",
    reads: &[Reads::Claim, Reads::Scheme],
    concerns: Concerns::Claim("contract_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["contract", "accepted"]),
        to_send: ToSend::Text("The register's entry for the participant if it is wrong."),
    },
    file: include_str!("contract.rs"),
    check,
};

/// The most contracts that a message lists.
const MOST_LISTED: usize = 12;

fn check(case: &Case<'_>) -> Status {
    let Some(listed) = &case.scheme.contracts else {
        return Status::NotApplicable(NotApplicableReason::Own("the scheme lists no contracts"));
    };
    let Some(contract) = case.claim.contract_id() else {
        return Status::NotApplicable(NotApplicableReason::Own("the row names no contract"));
    };
    if listed.value.iter().any(|known| is_same(known, contract)) {
        return Status::Passed;
    }
    let accepted = match listed.value.len() {
        many if MOST_LISTED < many => format!("{many} others"),
        _ => listed.value.join(", "),
    };
    Status::Failed(vec![Fact::new("contract", shown(contract)), Fact::new("accepted", accepted)])
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

    #[test]
    fn another_spelling_of_a_contract_is_no_other_contract() {
        for listed in ["ct1", "C T 1", "CT\u{2013}1", "ct_1"] {
            Bench::standard().contracts(&[listed]).passes(Code::ELG06);
        }
        let message = Bench::standard().contracts(&["CT2", "CT3"]).message(Code::ELG06);
        assert_eq!(message, "the claim's contract is CT1, and the scheme's are CT2, CT3");
    }
}

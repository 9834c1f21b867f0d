//! # ELG07: the register has the participant with another provider or under another contract
//!
//! **Checks** that the claim's provider and contract are those of the participant's register entry, compared without
//! case.
//!
//! **Why** Money is owed to the provider that helped, under the contract the participant was referred on.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** PR2 claims for a participant whom the register has with PR1.

use crate::rules::{Case, Code, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// ELG07, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG07,
    weight: Weight::QUERY,
    since: "0.2.0",
    rulebook: &[9],
    title: "the register has the participant with another provider or under another contract",
    says: "the register has this participant {how}",
    reads: &[Reads::Claim, Reads::Register],
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("The referral that shows the participant's provider and contract."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("other_provider.rs"),
    check,
};

fn check(_: &Case<'_>) -> Status {
    Status::NotApplicable(NotApplicableReason::NotInRegister)
}

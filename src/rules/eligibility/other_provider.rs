//! # ELG07: the register has the participant with another provider or under another contract
//!
//! **Checks** that the claim's provider and contract are those of the participant's register entry: providers compared without
//! case, contracts also without blanks, hyphens and underscores.
//!
//! **Why** Money is owed to the provider that helped, under the contract the participant was referred on.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** PR2 claims for a participant whom the register has with PR1.

use crate::domain::reading::code::is_same;
use crate::rules::{
    Case, Code, Concerns, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// ELG07, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG07,
    weight: Weight::QUERY,
    since: "0.2.0",
    rulebook: &[9],
    title: "the register has the participant with another provider or under another contract",
    says: "the register has this participant {how}",
    reads: &[Reads::Claim, Reads::Register],
    concerns: Concerns::Claim("participant_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("The referral that shows the participant's provider and contract."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("other_provider.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    let without_case = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let provider = compared(case.claim.provider_id(), participant.provider_id.as_deref(), without_case);
    let contract = compared(case.claim.contract_id(), participant.contract_id.as_deref(), is_same);
    let how = match (provider, contract) {
        (Some(Same::No), Some(Same::No)) => "with another provider and under another contract",
        (Some(Same::No), _) => "with another provider",
        (_, Some(Same::No)) => "under another contract",
        (Some(Same::Yes), Some(Same::Yes)) => return Status::Passed,
        (None, _) | (_, None) => {
            return Status::NotApplicable(NotApplicableReason::Own(
                "the claim or the register names no provider or no contract",
            ));
        }
    };
    Status::Failed(vec![Fact::new("how", how)])
}

/// Whether two identifiers are the same.
#[derive(Clone, Copy)]
enum Same {
    Yes,
    No,
}

/// Compares two identifiers; `None` where one of them is not given.
fn compared(claimed: Option<&str>, registered: Option<&str>, same: fn(&str, &str) -> bool) -> Option<Same> {
    let (claimed, registered) = claimed.zip(registered)?;
    Some(if same(claimed.trim(), registered.trim()) { Same::Yes } else { Same::No })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn another_provider_or_another_contract_fails_and_case_does_not_matter() {
        Bench::standard().register("provider_id", "PR2").fails(Code::ELG07);
        Bench::standard().register("contract_id", "CT2").fails(Code::ELG07);
        Bench::standard().register("provider_id", "pr1").register("contract_id", "Ct1 ").passes(Code::ELG07);
        Bench::standard().register("provider_id", "PR1").register("contract_id", "C\u{2013}T_1").passes(Code::ELG07);
        Bench::standard().register("provider_id", "P-R1").fails(Code::ELG07);
    }

    #[test]
    fn what_the_register_does_not_say_is_no_difference() {
        Bench::standard().does_not_apply(Code::ELG07);
        Bench::standard().register("provider_id", "").does_not_apply(Code::ELG07);
        Bench::standard().register("provider_id", "").register("contract_id", "CT2").fails(Code::ELG07);
    }

    #[test]
    fn the_message_says_which_of_the_two_is_another() {
        let both = Bench::standard().register("provider_id", "PR2").register("contract_id", "CT2");
        assert_eq!(
            both.message(Code::ELG07),
            "the register has this participant with another provider and under another contract"
        );
    }
}

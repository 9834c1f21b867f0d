//! # IDN08: the number's suffix differs from the extract's
//!
//! **Checks** that the suffix of the claim's number, where both sides have one, is that of some row that counts.
//!
//! **Why** The suffix carries no identity, but a wrong one often comes with other typing errors.
//!
//! **Verdict** note.
//!
//! **Source** Rulebook, section 8; HMRC compares numbers without suffix.
//!
//! **Example** the claim says NC200012A, the earnings NC200012B.

use crate::evidence::Identity;
use crate::evidence::identity::{Comparison, IdentityComparison};
use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, Weight,
};

/// IDN08, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN08,
    weight: Weight::NOTE,
    since: "0.1.0",
    rulebook: &[8],
    title: "the number's suffix differs from the extract's",
    says: "the number's last letter differs from the one in the earnings",
    reads: &[Reads::Claim, Reads::Answer],
    concerns: Concerns::Claim("nino"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice { disclosed: Disclosed::WithEarnings(&[]), ..ProviderNotice::CLOSED },
    file: include_str!("another_suffix.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let identity = match &case.evidence {
        Ok(evidence) => evidence.identity,
        Err(why) => return (*why).into(),
    };
    match identity {
        Identity::Compared(IdentityComparison { suffix: Comparison::Differ, .. }) => Status::Failed(Vec::new()),
        Identity::Compared(IdentityComparison { suffix: Comparison::Match, .. }) => Status::Passed,
        Identity::Compared(IdentityComparison { suffix: Comparison::Unknown, .. }) | Identity::NothingToCompare => {
            Status::NotApplicable(NotApplicableReason::Own("one side has no suffix to compare"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn another_suffix_is_noted() {
        Bench::standard().each_payment("nino", "NC100001B").fails(Code::IDN08);
        Bench::standard().passes(Code::IDN08);
        Bench::standard().each_payment("nino", "NC100001").does_not_apply(Code::IDN08);
    }
}

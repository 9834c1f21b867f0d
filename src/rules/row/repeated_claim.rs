//! # ROW04: the claim's number is used more than once in this batch
//!
//! **Checks** that `claim_id` stands once in the batch. In the month of a ledger, whose batch holds claims of many months, each provider's
//! numbers count for themselves, and a claim that is due or was paid is no copy of the one sent again.
//!
//! **Why** The number is what a verdict is reported under. Of copies, whatever the spelling of their cells, one is decided and the others set aside;
//! where rows with one number differ nobody can tell which is meant.
//!
//! **Verdict** reject: of copies all but one, of differing rows all.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** claim C7 stands twice, once with job start 1 May and once with 1 June: both are rejected.

use crate::rules::{
    Case, Code, Concerns, Fact, NotApplicableReason, ProviderNotice, Reads, Repeated, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// ROW04, registered.
pub static RULE: Rule = Rule {
    code: Code::ROW04,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the claim's number is used more than once in this batch",
    says: "the claim's number {reason}",
    reads: &[Reads::Claim, Reads::OtherClaims],
    concerns: Concerns::Claim("claim_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text(
            "Nothing for a copy of a claim. Different claims need numbers of their own, in a new claims file.",
        ),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("repeated_claim.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(claim_id) = case.claim.claim_id() else {
        return Status::NotApplicable(NotApplicableReason::Own("the row has no claim_id"));
    };
    let reason = match case.batch.repeated {
        Repeated::No => return Status::Passed,
        Repeated::Copy => "is that of an earlier row that says the same",
        Repeated::Differs => "is used by several rows that differ",
    };
    Status::Failed(vec![Fact::new("claim_id", claim_id), Fact::new("reason", reason)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn copies_and_differing_rows_fail() {
        Bench::standard().repeated(Repeated::Copy).fails(Code::ROW04);
        Bench::standard().repeated(Repeated::Differs).fails(Code::ROW04);
        Bench::standard().passes(Code::ROW04);
    }
}

//! # IDN11: this person has another participant number too
//!
//! **Checks** that neither the batch nor the register has the claim's National Insurance number (its first eight
//! characters) under another participant number.
//!
//! **Why** One person is one person, whatever number a file gives them. Under two numbers the same job can be paid for
//! twice, and nobody sees it.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** P1 and P7 of the register have one National Insurance number.

use crate::rules::{Case, Code, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// IDN11, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN11,
    weight: Weight::QUERY,
    since: "0.2.0",
    rulebook: &[9],
    title: "this person has another participant number too",
    says: "the {where} has this National Insurance number under another participant number too",
    reads: &[Reads::Claim, Reads::OtherClaims, Reads::Register],
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("Which participant number is right, and whether the two are one person."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("two_participant_numbers.rs"),
    check,
};

fn check(_: &Case<'_>) -> Status {
    Status::NotApplicable(NotApplicableReason::Own("participant numbers are not compared yet"))
}

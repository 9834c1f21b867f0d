//! # IDN10: payroll records of another person stand under this number
//!
//! **Checks** that every payroll record (one employer, one payroll ID) under the number is the claimant's own, where the
//! answer stands on records that are.
//!
//! **Why** People mistype numbers, and people work under the numbers of others. A record that is another person's does
//! not speak against a claim that does not rest on it; whoever looks at the claim should know of it all the same.
//!
//! **Verdict** note.
//!
//! **Source** Rulebook, section 8.
//!
//! **Example** one of two employers reports another date of birth and another name, and the job claimed is the other's.

use crate::rules::{Case, Code, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, Weight};

/// IDN10, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN10,
    weight: Weight::NOTE,
    since: "0.2.0",
    rulebook: &[8],
    title: "payroll records of another person stand under this number",
    says: "payroll records of another person stand under this National Insurance number; the answer does not stand on them",
    reads: &[Reads::Claim, Reads::Answer],
    rests_on: RestsOn::Records,
    provider: ProviderNotice { disclosed: Disclosed::WithEarnings(&[]), ..ProviderNotice::CLOSED },
    file: include_str!("records_of_another_person.rs"),
    check,
};

fn check(_: &Case<'_>) -> Status {
    Status::NotApplicable(NotApplicableReason::Own("payroll records are not compared yet"))
}

//! # EVD01: a payment could not be read
//!
//! **Checks** that no row under the claim's number was set aside that could matter to the answer.
//!
//! **Why** A row that could not be read may be the payment that is missing, or one that takes pay back. What cannot be
//! read is never taken as absent.
//!
//! **Verdict** query. While it fails, the answers that rest on absence are at most queries.
//!
//! **Source** Rulebook, sections 9 and 2b.
//!
//! **Example** the payment of 30 June has `1.250,00` as its pay.

use crate::rules::{Case, Code, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, Weight};

/// EVD01, registered.
pub static RULE: Rule = Rule {
    code: Code::EVD01,
    weight: Weight::QUERY.never_below_query(),
    since: "0.2.0",
    rulebook: &[9, 2],
    title: "a payment could not be read",
    says: "{rows} under this National Insurance number could not be read and may matter; the first is {first}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Payments],
    rests_on: RestsOn::Extract,
    provider: ProviderNotice::CLOSED,
    file: include_str!("unreadable_row.rs"),
    check,
};

fn check(_: &Case<'_>) -> Status {
    Status::NotApplicable(NotApplicableReason::Own("rows that were set aside are not known yet"))
}

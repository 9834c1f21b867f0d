//! # PAY01: payments that look like repeats decide
//!
//! **Checks** that the answer has the same strength whether payments that look like repeats count once or as often as
//! they stand.
//!
//! **Why** Submissions are sent twice, extracts overlap and payroll IDs change; then one payment stands in the extract
//! twice. Two payments that look alike can also both be real. Where the difference decides, a person looks.
//!
//! **Verdict** query. While it fails, the answers that rest on absence are at most queries.
//!
//! **Source** Rulebook, sections 9 and 3.
//!
//! **Example** £1,560 was paid twice on 31 May under two payment IDs, and with both the threshold is reached.

use crate::rules::{Case, Code, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// PAY01, registered.
pub static RULE: Rule = Rule {
    code: Code::PAY01,
    weight: Weight::QUERY.never_below_query(),
    since: "0.2.0",
    rulebook: &[9, 3],
    title: "payments that look like repeats decide",
    says: "{payments} look like repeats of others; counted as often as they stand, the answer would be another",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Payments],
    rests_on: RestsOn::Detail,
    provider: ProviderNotice {
        to_send: ToSend::Text("Payslips that show which of the payments were made."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("repeated_payments.rs"),
    check,
};

fn check(_: &Case<'_>) -> Status {
    Status::NotApplicable(NotApplicableReason::Own("payments that look like repeats are not weighed yet"))
}

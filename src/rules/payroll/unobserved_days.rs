//! # EVD02: the extract cannot speak for days that matter
//!
//! **Checks** where the evidence does not pass, that no day of the time in which the outcome may lie is one the extract
//! cannot speak for, or that such days would not change the answer; where it passes and no start of the job is reported,
//! that an earlier beginning could have been seen.
//!
//! **Why** A month missing from an extract looks like a month without work. That nobody was paid then is no news about
//! one person.
//!
//! **Verdict** query. While it fails, the answers that rest on absence are at most queries.
//!
//! **Source** Rulebook, sections 9 and 1.
//!
//! **Example** the extract has no row for July, and the job claimed ran from May to August.

use crate::rules::{Case, Code, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// EVD02, registered.
pub static RULE: Rule = Rule {
    code: Code::EVD02,
    weight: Weight::QUERY.never_below_query(),
    since: "0.2.0",
    rulebook: &[9, 1],
    title: "the extract cannot speak for days that matter",
    says: "{reason}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Payments],
    rests_on: RestsOn::Detail,
    provider: ProviderNotice {
        to_send: ToSend::Text(
            "Payslips of the months in question. An extract that has these days is asked for meanwhile.",
        ),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("unobserved_days.rs"),
    check,
};

fn check(_: &Case<'_>) -> Status {
    Status::NotApplicable(NotApplicableReason::Own("days that are not observed are not weighed yet"))
}

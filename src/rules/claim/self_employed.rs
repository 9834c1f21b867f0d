//! # CLM08: self-employment cannot be checked against RTI
//!
//! **Checks** that the claim is for a job on an employer's payroll.
//!
//! **Why** RTI holds what employers report. Work on one's own account is not in it, so a person must look at other
//! evidence.
//!
//! **Verdict** query. No rule that reads earnings is evaluated.
//!
//! **Source** Rulebook, section 7.
//!
//! **Example** `employment_type` is `self_employed`.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// CLM08, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM08,
    weight: Weight::QUERY.never_below_query(),
    since: "0.1.0",
    rulebook: &[7],
    title: "self-employment cannot be checked against RTI",
    says: "the claim is for self-employment, which payroll records do not show",
    reads: &[Reads::Claim],
    concerns: Concerns::Claim("employment_type"),
    rests_on: RestsOn::Matching,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&[]),
        to_send: ToSend::Text(
            "Evidence of self-employment: invoices, accounts or a tax return. Payroll cannot show it.",
        ),
    },
    file: include_str!("self_employed.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    if case.claim.is_self_employed() { Status::Failed(Vec::new()) } else { Status::Passed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_self_employed_claim_goes_to_a_person_and_its_earnings_are_not_read() {
        let self_employed = || Bench::standard().claim("employment_type", "self_employed");
        self_employed().fails(Code::CLM08);
        self_employed().does_not_apply(Code::EMP01);
        Bench::standard().claim("employment_type", "").passes(Code::CLM08);
    }
}

//! # EMP02: the evidence is another employer's than the claim names
//!
//! **Checks** that the employer whose evidence is best is the one the claim names in `paye_reference`.
//!
//! **Why** Agencies, umbrella companies and takeovers explain most of these; a person should know which job is meant.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** the claim names 123/A246, the pay came from 456/B7.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// EMP02, registered.
pub static RULE: Rule = Rule {
    code: Code::EMP02,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[9],
    title: "the evidence is another employer's than the claim names",
    says: "the claim names {named}; the evidence is {employer}'s",
    reads: &[Reads::Claim, Reads::Payments],
    concerns: Concerns::Claim("paye_reference"),
    rests_on: RestsOn::Detail,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["named", "employer"]),
        to_send: ToSend::Text("The PAYE reference of the employer who pays, as payslips show it."),
    },
    file: include_str!("another_employer.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(named) = case.claim.paye_reference.given() else {
        return Status::NotApplicable(NotApplicableReason::Own("the claim names no employer"));
    };
    match case.decided() {
        Err(status) => status,
        Ok((_, best, _)) if best.employer == *named => Status::Passed,
        Ok((_, best, _)) => Status::Failed(vec![Fact::new("named", named), Fact::new("employer", &best.employer)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn another_employer_than_the_named_one_fails() {
        Bench::standard().claim("paye_reference", "123/a246").passes(Code::EMP02);
        Bench::standard().claim("paye_reference", "456/B7").fails(Code::EMP02);
    }
}

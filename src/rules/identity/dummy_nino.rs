//! # IDN02: the National Insurance number is a known dummy
//!
//! **Checks** that the first eight characters are not AA111111, AA123456, AB123456 or QQ123456.
//!
//! **Why** Thousands of returns a year really carry these; pay under them is nobody's in particular.
//!
//! **Verdict** reject (and then not IDN01).
//!
//! **Source** Rulebook, section 8; CIPP on dummy numbers in RTI returns.
//!
//! **Example** `AB123456C`.

use crate::domain::NinoText;
use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// IDN02, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN02,
    weight: Weight::REJECT.never_below_query(),
    since: "0.1.0",
    rulebook: &[8],
    title: "the National Insurance number is a known dummy",
    says: "the National Insurance number is one that payroll software and forms use as a stand-in",
    reads: &[Reads::Claim],
    concerns: Concerns::Claim("nino"),
    rests_on: RestsOn::Matching,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&[]),
        to_send: ToSend::Text("The participant's National Insurance number, from an official letter."),
    },
    file: include_str!("dummy_nino.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match case.claim.nino.given() {
        Some(NinoText::Dummy(_)) => Status::Failed(Vec::new()),
        Some(NinoText::WellFormed(_) | NinoText::TemporaryReference | NinoText::Malformed) => Status::Passed,
        None => Status::NotApplicable(NotApplicableReason::Own("the row has no National Insurance number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_dummy_fails_and_its_neighbour_does_not() {
        Bench::standard().claim("nino", "AB123456C").fails(Code::IDN02);
        Bench::standard().claim("nino", "AB123457C").passes(Code::IDN02);
    }
}

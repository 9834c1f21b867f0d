//! # IDN01: the National Insurance number is malformed
//!
//! **Checks** that the number fits: two letters, six digits, and A to D or nothing; D F I Q U V never first or
//! second, O never second, and never the prefixes BG GB KN NK NT TN ZZ.
//!
//! **Why** A number that cannot be anyone's cannot be held against payroll records. HMRC's temporary reference numbers
//! (two digits, a letter, five digits) fail too, and the message says that it is one: another employer gives the same
//! person another.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 8; National Insurance Manual NIM39110.
//!
//! **Example** `NC10001A`, a digit short.

use crate::domain::NinoText;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// IDN01, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN01,
    weight: Weight::REJECT.never_below_query(),
    since: "0.1.0",
    rulebook: &[8],
    title: "the National Insurance number is malformed",
    says: "{what}",
    reads: &[Reads::Claim],
    concerns: Concerns::Claim("nino"),
    rests_on: RestsOn::Matching,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["what"]),
        to_send: ToSend::Text("The participant's National Insurance number, from an official letter."),
    },
    file: include_str!("malformed_nino.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match case.claim.nino.given() {
        Some(NinoText::Malformed) => {
            Status::Failed(vec![Fact::new("what", "the National Insurance number does not fit the format")])
        }
        Some(NinoText::TemporaryReference) => Status::Failed(vec![Fact::new(
            "what",
            "this is one of HMRC's temporary reference numbers, which are no National Insurance numbers",
        )]),
        Some(NinoText::WellFormed(_) | NinoText::Dummy(_)) => Status::Passed,
        None => Status::NotApplicable(NotApplicableReason::Own("the row has no National Insurance number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_number_that_does_not_fit_fails_and_spaces_and_case_do_not_matter() {
        Bench::standard().claim("nino", "NC10001A").fails(Code::IDN01);
        Bench::standard().claim("nino", "BG100001A").fails(Code::IDN01);
        Bench::standard().claim("nino", "nc 10 00 01 a").passes(Code::IDN01);
        Bench::standard().claim("nino", "NC-10-00-01-A").passes(Code::IDN01);
        Bench::standard().claim("nino", "QQ123456C").passes(Code::IDN01);
    }

    #[test]
    fn a_temporary_reference_number_is_named_as_one() {
        Bench::standard().claim("nino", "61 R1 23 45").fails(Code::IDN01);
    }
}

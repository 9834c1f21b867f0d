//! # EMP04: payments exist, all zero or negative
//!
//! **Checks** that at least one payment that counts is above zero, when there are any.
//!
//! **Why** An employer who reports nothing paid shows that the employment exists, not that work was paid.
//!
//! **Verdict** reject, in place of EMP01.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** four monthly rows of £0.00.

use crate::evidence::days::DayAnswer;
use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// EMP04, registered.
pub static RULE: Rule = Rule {
    code: Code::EMP04,
    weight: Weight::REJECT.never_below_query(),
    since: "0.1.0",
    rulebook: &[9],
    title: "payments exist, all zero or negative",
    says: "every payment under this number is zero or negative",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("taxable_pay"),
    rests_on: RestsOn::NoEvidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&[]),
        to_send: ToSend::Text("Payslips, and the employer's PAYE reference: payroll shows no pay in the time claimed."),
    },
    file: include_str!("only_zero_pay.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let (evidence, days) = match (case.evidence(), case.days()) {
        (Ok(evidence), Ok(days)) => (evidence, days),
        (Err(status), _) | (_, Err(status)) => return status,
    };
    match &days.answer {
        DayAnswer::OnlyZeroPay => Status::Failed(Vec::new()),
        _ if evidence.counting() == 0 => Status::NotApplicable(NotApplicableReason::Own("no earnings row counts")),
        DayAnswer::Decided(_) | DayAnswer::NoCover { .. } => Status::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn zero_pay_throughout_fails_in_place_of_no_cover() {
        let zero = || Bench::standard().each_payment("taxable_pay", "0.00");
        zero().fails(Code::EMP04).does_not_apply(Code::EMP01);
        zero().payment(&[("payment_date", "2018-12-31"), ("taxable_pay", "0.01")]).passes(Code::EMP04);
        Bench::standard().unpaid().does_not_apply(Code::EMP04);
    }
}

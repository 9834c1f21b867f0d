//! # SUS07: an unpaid gap in a continuing job
//!
//! **Checks** that pay is continuous. Fails when the days would suffice with short unpaid gaps of a job that went on,
//! or when the employment lasted long enough, without a day between leaving and being taken on again, and was not paid
//! throughout.
//!
//! **Why** Unpaid leave, sickness without pay or a late report: the job went on, some weeks were not paid.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 6, lines 5 and 7.
//!
//! **Example** paid for May and July 2018, nothing for June.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// SUS07, registered.
pub static RULE: Rule = Rule {
    code: Code::SUS07,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[6],
    title: "an unpaid gap in a continuing job",
    says: "{employer} employed the participant long enough, but did not pay throughout: {yes_days} of the {needed} needed are paid at the hours",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("taxable_pay"),
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "yes_days", "needed"]),
        to_send: ToSend::Text(
            "Why some weeks were not paid, in the employer's words: unpaid leave, sickness or no work.",
        ),
    },
    file: include_str!("unpaid_gap.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::SUS07)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_month_without_pay_goes_to_a_person() {
        let gap = || Bench::standard().unpaid().payment(&[]).payment(&[("payment_date", "2018-07-31")]);
        gap().payment(&[("payment_date", "2018-08-31")]).fails(Code::SUS07);
        Bench::standard().passes(Code::SUS07);
    }
}

//! # SUS06: only weak cover stands in the way
//!
//! **Checks** that the days are covered by pay that stands for those very days. Fails when weak cover is all that is
//! missing: quarterly, yearly, one-off or irregular pay, or days before a first payment whose start nobody reported.
//!
//! **Why** A quarterly payment stands for some days of the quarter, nobody can tell which.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 4 to 6, line 2.
//!
//! **Example** one quarterly payment on 31 July 2018 for a job from 1 May.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// SUS06, registered.
pub static RULE: Rule = Rule {
    code: Code::SUS06,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[4, 5, 6],
    title: "only weak cover stands in the way",
    says: "{employer}'s pay may stand for enough days, but nobody can tell for which: {unknown_days} of the window's days are covered weakly",
    reads: &[Reads::Answer],
    concerns: Concerns::NoColumn,
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "unknown_days"]),
        to_send: ToSend::Text("Payslips that show which days the irregular pay was for."),
    },
    file: include_str!("weak_cover.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::SUS06)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn quarterly_pay_goes_to_a_person() {
        let quarterly = [("payment_date", "2018-07-31"), ("pay_frequency", "M3"), ("taxable_pay", "3600.00")];
        Bench::standard().unpaid().payment(&quarterly).fails(Code::SUS06);
        Bench::standard().passes(Code::SUS06);
    }
}

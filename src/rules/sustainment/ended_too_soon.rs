//! # SUS01: the employment ended too soon
//!
//! **Checks** that the employment did not end before enough days were worked. Fails when the last spell has a leaving
//! date and nothing better holds.
//!
//! **Why** A job that ended after eight weeks is not a job of 13.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 6, line 8.
//!
//! **Example** left on 29 June 2018 after starting on 1 May.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// SUS01, registered.
pub static RULE: Rule = Rule {
    code: Code::SUS01,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[6],
    title: "the employment ended too soon",
    says: "{employer} paid until {last_cover} and reports leaving on {leaving_date}; {needed} were needed",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("leaving_date"),
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "last_cover", "leaving_date", "needed"]),
        to_send: ToSend::Text("Payslips for the days that payroll does not cover, if the job went on."),
    },
    file: include_str!("ended_too_soon.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::SUS01)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn leaving_before_the_days_are_worked_fails() {
        let leaver = Bench::standard()
            .unpaid()
            .payment(&[])
            .payment(&[("payment_date", "2018-06-30"), ("leaving_date", "2018-06-28")]);
        leaver.fails(Code::SUS01);
        Bench::standard().passes(Code::SUS01);
    }
}

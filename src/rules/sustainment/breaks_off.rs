//! # SUS02: the pay breaks off or has too long a gap
//!
//! **Checks** that cover goes on for long enough. Fails when no leaving date explains the end and nothing better
//! holds.
//!
//! **Why** An employer who stops paying for more than three months is taken to have ended the employment, as HMRC
//! takes it.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 6, line 9.
//!
//! **Example** two monthly payments, then nothing for the rest of the year.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// SUS02, registered.
pub static RULE: Rule = Rule {
    code: Code::SUS02,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[6],
    title: "the pay breaks off or has too long a gap",
    says: "{employer}'s pay covers {yes_days} of the {needed} needed and then breaks off or leaves too long a gap; the last covered day is {last_cover}",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("payment_date"),
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "yes_days", "needed", "last_cover"]),
        to_send: ToSend::Text("Payslips for the days that payroll does not cover, if the job went on."),
    },
    file: include_str!("breaks_off.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::SUS02)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn pay_that_breaks_off_fails() {
        let two = Bench::standard().unpaid().payment(&[]).payment(&[("payment_date", "2018-06-30")]);
        two.fails(Code::SUS02);
        Bench::standard().passes(Code::SUS02);
    }
}

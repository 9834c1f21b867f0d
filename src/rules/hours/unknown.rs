//! # HRS02: the hours are not known for enough days
//!
//! **Checks** that enough days have a band that reaches the outcome's hours. Fails when the days suffice only with
//! bands that are missing, `other`, or straddle the hours.
//!
//! **Why** Unknown is its own answer: neither a pass nor a rejection.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 6, line 2.
//!
//! **Example** 13 weeks paid monthly in band E, other.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// HRS02, registered.
pub static RULE: Rule = Rule {
    code: Code::HRS02,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[6],
    title: "the hours are not known for enough days",
    says: "{employer} reports hours that do not say whether {hours} a week were worked on {unknown_days} of the window's days",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("hours_band"),
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "hours", "unknown_days"]),
        to_send: ToSend::Text("A contract, payslips or a letter of the employer that shows the weekly hours."),
    },
    file: include_str!("unknown.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::HRS02)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_band_that_does_not_say_goes_to_a_person() {
        Bench::standard().each_payment("hours_band", "E").fails(Code::HRS02);
        Bench::standard().each_payment("hours_band", "").fails(Code::HRS02);
        Bench::standard().passes(Code::HRS02);
    }
}

//! # HRS01: the hours are too few
//!
//! **Checks** that enough days are worked at the outcome's hours. Fails when the days would suffice were it not for
//! an hours band that lies under them.
//!
//! **Why** The band says what the employer expects the person normally to work; under 16 hours is not the job the
//! scheme pays for.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 6, line 6; RTI data item 54.
//!
//! **Example** 13 weeks paid monthly in band A, under 16 hours.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// HRS01, registered.
pub static RULE: Rule = Rule {
    code: Code::HRS01,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[6],
    title: "the hours are too few",
    says: "{employer} reports hours under {hours} a week on {below_days} of the window's days",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("hours_band"),
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "hours", "below_days"]),
        to_send: ToSend::Text("A contract or payslips that show the hours, if the employer reported them wrongly."),
    },
    file: include_str!("too_few.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::HRS01)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_band_under_the_hours_fails() {
        Bench::standard().each_payment("hours_band", "A").fails(Code::HRS01);
        Bench::standard().each_payment("hours_band", "B").passes(Code::HRS01);
    }
}

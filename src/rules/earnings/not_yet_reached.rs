//! # ERN02: the earnings have not reached the threshold yet
//!
//! **Checks** that the extract speaks for the whole window of an outcome of earnings, and for the days after it in
//! which late pay is still reported, where the threshold is not reached.
//!
//! **Why** An earnings outcome is a sum of pay, not a run of days.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 7.
//!
//! **Example** £800.00 earned with two months of the window to come.

use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};
use crate::scheme::OutcomeKind;

/// ERN02, registered.
pub static RULE: Rule = Rule {
    code: Code::ERN02,
    weight: Weight::QUERY.never_below_query(),
    since: "0.1.0",
    rulebook: &[7],
    title: "the earnings have not reached the threshold yet",
    says: "{earned} of {threshold} is earned so far; pay until {window_to} counts and may be reported until {recheck_on}",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("taxable_pay"),
    rests_on: RestsOn::NoEvidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["earned", "threshold", "window_to", "recheck_on"]),
        to_send: ToSend::Later,
    },
    file: include_str!("not_yet_reached.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_where(OutcomeKind::is_earnings, NotApplicableReason::NotEarnings, Code::ERN02)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn the_window_is_open_until_late_pay_can_no_longer_be_reported() {
        // The window ends on 24 November 2018; 7 days later is 1 December.
        let paid = || Bench::earnings("1000.00", 238).payment(&[("taxable_pay", "999.99")]);
        paid().cut_off("2018-11-30").fails(Code::ERN02);
        paid().cut_off("2018-12-01").does_not_apply(Code::ERN02);
        Bench::standard().does_not_apply(Code::ERN02);
    }
}

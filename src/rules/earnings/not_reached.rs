//! # ERN01: the earnings did not reach the threshold
//!
//! **Checks** that taxable pay with a payday in the window reaches the outcome's threshold: a fixed sum, or hours times
//! weeks times an hourly rate. Pay of an employment that ended before the participant started is not added.
//!
//! **Why** An earnings outcome is a sum of pay, not a run of days.
//!
//! **Verdict** reject, once pay of the window can no longer be reported; before that, ERN02.
//!
//! **Source** Rulebook, section 7; the scheme's `window_days`, `day_numbering` and `late_data_days`.
//!
//! **Example** £999.99 earned in the window of an outcome of £1,000.00.

use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};
use crate::scheme::OutcomeKind;

/// ERN01, registered.
pub static RULE: Rule = Rule {
    code: Code::ERN01,
    weight: Weight::REJECT.never_below_query(),
    since: "0.1.0",
    rulebook: &[7],
    title: "the earnings did not reach the threshold",
    says: "{earned} was earned from {window_from} to {window_to}; the outcome needs {threshold}",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("taxable_pay"),
    rests_on: RestsOn::NoEvidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["earned", "window_from", "window_to", "threshold"]),
        to_send: ToSend::Text("Payslips for pay in the time of the outcome, if payroll does not show all of it."),
    },
    file: include_str!("not_reached.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_where(OutcomeKind::is_earnings, NotApplicableReason::NotEarnings, Code::ERN01)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_penny_short_fails_and_the_threshold_itself_passes() {
        // Started on 1 April 2018; 238 days end on 24 November.
        let paid = |pounds| {
            Bench::earnings("1000.00", 238).payment(&[("payment_date", "2018-11-24"), ("taxable_pay", pounds)])
        };
        paid("1000.00").passes(Code::ERN01);
        paid("999.99").fails(Code::ERN01);
        Bench::standard().does_not_apply(Code::ERN01);
    }

    #[test]
    fn pay_on_the_last_day_of_the_window_is_added_and_pay_of_the_next_is_not() {
        let paid = |payday| Bench::earnings("1000.00", 238).payment(&[("payment_date", payday)]);
        paid("2018-11-24").passes(Code::ERN01);
        paid("2018-11-25").fails(Code::ERN01);
        paid("2018-04-01").passes(Code::ERN01);
        paid("2018-03-31").fails(Code::ERN01);
    }

    #[test]
    fn late_pay_of_a_job_that_ended_before_the_start_is_not_added() {
        let paid = |leaving| {
            Bench::earnings("1000.00", 238).payment(&[
                ("employment_start_date", "2017-01-01"),
                ("payment_date", "2018-04-10"),
                ("payment_after_leaving", "Y"),
                ("leaving_date", leaving),
            ])
        };
        // 31 March 2018 is a Saturday, which is read as the Sunday, 1 April.
        paid("2018-03-29").fails(Code::ERN01);
        paid("2018-04-02").passes(Code::ERN01);
    }
}

//! # HRS03: the pay is less than the hours at the minimum wage would bring
//!
//! **Checks** for a claim that passes on bands: that the pay spread over the yes days up to the day of achievement is
//! at least what the outcome's hours bring at the minimum wage for the claimant's age.
//!
//! **Why** Some payroll software sends bands that are stale or mean something else. Pay is the cross-check, never the
//! proof.
//!
//! **Verdict** query. Does not apply before the wage table begins, nor to evidence from several employers together.
//! Compared exactly; nothing is rounded.
//!
//! **Source** Rulebook, section 9, HRS03; National Minimum Wage Regulations 2015.
//!
//! **Example** band D, £400.00 a month, aged 28 in 2018.

use crate::evidence::employers::AnswerBasis;
use crate::evidence::pay::{self, PayCheck};
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// HRS03, registered.
pub static RULE: Rule = Rule {
    code: Code::HRS03,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[9],
    title: "the pay is less than the hours at the minimum wage would bring",
    says: "the days that count brought {brought}; {hours} a week at the lowest legal rate bring {needed}",
    reads: &[Reads::Answer, Reads::Payments, Reads::MinimumWage],
    concerns: Concerns::Earnings("taxable_pay"),
    rests_on: RestsOn::CrossCheck,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["brought", "hours", "needed"]),
        to_send: ToSend::Text("Payslips or timesheets that show the hours worked for the pay."),
    },
    file: include_str!("pay_too_low.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let (question, best, decided) = match case.decided() {
        Ok(decided) => decided,
        Err(status) => return status,
    };
    let Some(achieved_on) = decided.achieved_on else { return Status::NotApplicable(NotApplicableReason::NotAchieved) };
    if decided.ground != AnswerBasis::OneEmployer {
        return Status::NotApplicable(NotApplicableReason::Own("the evidence is several employers' together"));
    }
    match pay::check(question, best, decided, achieved_on, case.wages) {
        PayCheck::Enough => Status::Passed,
        PayCheck::NoRate => {
            Status::NotApplicable(NotApplicableReason::Own("the minimum wage table has no rate for a payday"))
        }
        PayCheck::TooLow { brought, needed } => Status::Failed(vec![
            Fact::new("employer", &best.employer),
            Fact::new("brought", brought),
            Fact::new("hours", question.terms.hours),
            Fact::new("needed", needed),
            Fact::new("window_from", decided.window.0),
            Fact::new("achieved_on", achieved_on),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn pay_of_exactly_the_minimum_passes_and_a_penny_less_fails() {
        // 91 days from Tuesday 1 May, weekly pay, 16 hours at £7.83: £125.28 a week.
        let weekly = |pay: &'static str| {
            let mut bench = Bench::standard().unpaid();
            for week in 0..13 {
                let payday =
                    (chrono::NaiveDate::from_ymd_opt(2018, 5, 7).unwrap() + chrono::Days::new(7 * week)).to_string();
                bench = bench.payment(&[("payment_date", &payday), ("pay_frequency", "W1"), ("taxable_pay", pay)]);
            }
            bench
        };
        weekly("125.28").passes(Code::HRS03);
        weekly("125.27").fails(Code::HRS03);
    }

    #[test]
    fn a_claim_that_does_not_pass_is_not_checked() {
        Bench::standard().each_payment("hours_band", "A").does_not_apply(Code::HRS03);
    }
}

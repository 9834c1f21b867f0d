//! # PAY01: payments that look like repeats decide
//!
//! **Checks** that the answer has the same strength whether payments that look like repeats count once or as often as
//! they stand.
//!
//! **Why** Submissions are sent twice, extracts overlap and payroll IDs change; then one payment stands in the extract
//! twice. Two payments that look alike can also both be real. Where the difference decides, a person looks.
//!
//! **Verdict** query. While it fails, the answers that rest on absence are at most queries.
//!
//! **Source** Rulebook, section 9 and 3.
//!
//! **Example** £1,560 was paid twice on 31 May under two payment IDs, and with both the threshold is reached.

use crate::evidence::Evidence;
use crate::rules::{Case, Code, Concerns, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// PAY01, registered.
pub static RULE: Rule = Rule {
    code: Code::PAY01,
    weight: Weight::QUERY.never_below_query(),
    since: "0.2.0",
    rulebook: &[9, 3],
    title: "payments that look like repeats decide",
    says: "{repeats} under this number look like repeats of others and count once; counted as often as they stand, the evidence would come to {with_repeats}, not {answer}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Payments, Reads::MinimumWage],
    concerns: Concerns::NoColumn,
    rests_on: RestsOn::Extract,
    provider: ProviderNotice {
        to_send: ToSend::Text("Payslips that show which of the payments were made."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("repeated_payments.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let evidence = match case.answer() {
        Ok(evidence) => evidence,
        Err(status) => return status,
    };
    let Some(with_repeats) = &evidence.with_repeats else { return Status::Passed };
    let repeated = Case { evidence: Ok(Evidence::clone(with_repeats)), unread: Vec::new(), ..*case };
    let [answer, with_repeats] = [case, &repeated].map(|case| case.class_by(RestsOn::weighs_the_answer));
    if answer == with_repeats {
        return Status::Passed;
    }
    let repeats = match evidence.repeats() {
        1 => "1 payment".to_owned(),
        repeats => format!("{repeats} payments"),
    };
    Status::Failed(vec![
        Fact::new("repeats", repeats),
        Fact::new("answer", answer.in_words()),
        Fact::new("with_repeats", with_repeats.in_words()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_payment_sent_twice_decides_where_the_threshold_is_reached_with_it_alone() {
        let paid_twice = |threshold| {
            Bench::earnings(threshold, 238)
                .payment(&[("payment_id", "1"), ("received_at", "2018-05-31"), ("taxable_pay", "600.00")])
                .payment(&[("payment_id", "2"), ("received_at", "2018-06-01"), ("taxable_pay", "600.00")])
        };
        paid_twice("600.00").passes(Code::PAY01);
        paid_twice("600.01").fails(Code::PAY01).fails(Code::ERN01);
        paid_twice("1200.00").fails(Code::PAY01);
        paid_twice("1200.01").passes(Code::PAY01);
    }

    #[test]
    fn pay_that_is_enough_only_twice_decides() {
        // 13 weeks of 16 hours at £7.83 are £1,628.64: £542.88 a month.
        let monthly = |pay, again| {
            let bench = Bench::standard().each_payment("taxable_pay", pay);
            ["2018-05-31", "2018-06-30", "2018-07-31", "2018-08-31"].into_iter().fold(bench, |bench, payday| {
                bench.payment(&[("payment_date", payday), ("taxable_pay", pay), ("payroll_id", again)])
            })
        };
        monthly("400.00", "9").fails(Code::HRS03).fails(Code::PAY01);
        monthly("200.00", "9").fails(Code::HRS03).passes(Code::PAY01);
        monthly("900.00", "9").passes(Code::HRS03).passes(Code::PAY01);
    }
}

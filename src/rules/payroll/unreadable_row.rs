//! # EVD01: a payment could not be read
//!
//! **Checks** that no row under the claim's number was set aside that could matter to the answer.
//!
//! **Why** A row that could not be read may be the payment that is missing, or one that takes pay back. What cannot be
//! read is never taken as absent.
//!
//! **Verdict** query. While it fails, the answers that rest on absence are at most queries.
//!
//! **Source** Rulebook, section 9 and 2.
//!
//! **Example** the payment of 30 June has `1.250,00` as its pay.

use crate::rules::{Case, Code, Concerns, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// EVD01, registered.
pub static RULE: Rule = Rule {
    code: Code::EVD01,
    weight: Weight::QUERY.never_below_query(),
    since: "0.2.0",
    rulebook: &[9, 2],
    title: "a payment could not be read",
    says: "{rows} under this National Insurance number could not be read and may matter; the first is {first}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Payments],
    concerns: Concerns::NoColumn,
    rests_on: RestsOn::Extract,
    provider: ProviderNotice {
        to_send: ToSend::Text("Payslips of the months in question. The extract is asked for again meanwhile."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("unreadable_row.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    if let Err(status) = case.evidence() {
        return status;
    }
    let Some(first) = case.unread.first() else { return Status::Passed };
    let rows = match case.unread.len() {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    };
    Status::Failed(vec![Fact::new("rows", rows.as_str()), Fact::new("first", first.to_string().as_str())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    const PAID: &str = "2018-06-30";

    #[test]
    fn a_row_that_could_not_be_read_and_may_matter_fails() {
        Bench::standard().passes(Code::EVD01);
        Bench::standard().set_aside(&[("payment_date", PAID)]).fails(Code::EVD01);
        // Nobody knows when it was paid.
        Bench::standard().set_aside(&[]).fails(Code::EVD01);
    }

    #[test]
    fn a_row_apart_from_the_time_of_the_claim_does_not_matter() {
        let paid_on = |day| Bench::standard().set_aside(&[("payment_date", day)]);
        // 62 days before the claimed start, and after the last day that a window may contain.
        paid_on("2018-02-28").fails(Code::EVD01);
        paid_on("2018-02-27").passes(Code::EVD01);
        paid_on("2018-10-14").fails(Code::EVD01);
        paid_on("2018-10-15").passes(Code::EVD01);
    }

    #[test]
    fn a_row_that_would_not_count_does_not_matter() {
        let voided = |day| Bench::standard().set_aside(&[("payment_date", PAID), ("no_longer_valid", day)]);
        voided("2018-12-31").passes(Code::EVD01);
        voided("2019-01-01").fails(Code::EVD01);
        Bench::standard().set_aside(&[("payment_date", PAID), ("pension_payment", "Y")]).passes(Code::EVD01);
        Bench::standard().set_aside(&[("payment_date", PAID)]).cut_off("2018-06-29").passes(Code::EVD01);
    }

    #[test]
    fn a_row_that_another_replaced_does_not_matter() {
        let sent_again = |received| {
            let row = [("payment_date", PAID), ("payment_id", "7"), ("received_at", "2018-06-30")];
            Bench::standard().set_aside(&row).payment(&[
                ("payment_date", PAID),
                ("payment_id", "7"),
                ("received_at", received),
            ])
        };
        sent_again("2018-07-01").passes(Code::EVD01);
        sent_again("2018-06-30").fails(Code::EVD01);
    }
}

//! # SUS04: the employer has gone quiet
//!
//! **Checks** that pay goes on. Fails when the employer fell silent at most 92 days before the cut-off, or pays
//! irregularly, and the days would suffice had the job gone on. A last payment that is a one-off, or stands for more than
//! a month, promises no other.
//!
//! **Why** HMRC waits three months before it treats a silent employment as ended; late reports come.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 6, line 4; HMRC on irregular payment patterns.
//!
//! **Example** last cover 30 June 2018, cut-off 30 September 2018.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// SUS04, registered.
pub static RULE: Rule = Rule {
    code: Code::SUS04,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[6],
    title: "the employer has gone quiet",
    says: "{employer} has reported nothing since {last_cover} and no leaving date",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("payment_date"),
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "last_cover"]),
        to_send: ToSend::Text("Payslips for the days since the last pay, or the day the job ended."),
    },
    file: include_str!("gone_quiet.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::SUS04)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn silence_of_92_days_goes_to_a_person_and_of_93_does_not() {
        let two = || Bench::standard().unpaid().payment(&[]).payment(&[("payment_date", "2018-06-30")]);
        two().cut_off("2018-09-30").fails(Code::SUS04);
        two().cut_off("2018-10-01").does_not_apply(Code::SUS04);
    }
}

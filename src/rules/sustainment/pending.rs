//! # SUS03: not yet decidable: the next pay is not overdue
//!
//! **Checks** that the extract speaks for long enough. Fails when the next payment, not yet overdue at the cut-off,
//! could complete the days.
//!
//! **Why** A claim is not rejected for pay that is not due yet.
//!
//! **Verdict** query, with the date to look again: last payday, one nominal length, seven days.
//!
//! **Source** Rulebook, section 6, line 3.
//!
//! **Example** paid on 30 June 2018, cut-off 15 July 2018.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// SUS03, registered.
pub static RULE: Rule = Rule {
    code: Code::SUS03,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[6],
    title: "not yet decidable: the next pay is not overdue",
    says: "{employer}'s next payment is not overdue before {recheck_on}; look again then",
    reads: &[Reads::Answer],
    concerns: Concerns::Earnings("payment_date"),
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer", "recheck_on"]),
        to_send: ToSend::Later,
    },
    file: include_str!("pending.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::SUS03)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn pay_not_yet_overdue_goes_to_a_person_with_a_date() {
        // The cover ends on 30 June; the next pay is overdue from 30 July + 7 days.
        let two = || Bench::standard().unpaid().payment(&[]).payment(&[("payment_date", "2018-06-30")]);
        two().cut_off("2018-08-05").fails(Code::SUS03);
        two().cut_off("2018-08-06").does_not_apply(Code::SUS03);
    }
}

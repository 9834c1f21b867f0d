//! # SUS05: only several employers together sustain the outcome
//!
//! **Checks** that one employer's evidence is enough. Fails when only the union of all the person's employers
//! sustains the outcome.
//!
//! **Why** Businesses change hands (TUPE) and people hold two jobs; whether that counts is for the scheme, and by
//! default for a person.
//!
//! **Verdict** query; the scheme's `across_employers` may accept or reject instead.
//!
//! **Source** Rulebook, section 6.
//!
//! **Example** six weeks at 123/A246, then seven at 456/B7 without a day between.

use crate::rules::{Case, Code, Concerns, Disclosed, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// SUS05, registered.
pub static RULE: Rule = Rule {
    code: Code::SUS05,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[6],
    title: "only several employers together sustain the outcome",
    says: "no one employer's pay is enough; that of all employers together may be. The best is {employer}",
    reads: &[Reads::Answer],
    concerns: Concerns::NoColumn,
    rests_on: RestsOn::Evidence,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["employer"]),
        to_send: ToSend::Text("Payslips of every employer in the weeks claimed, with the hours at each."),
    },
    file: include_str!("across_employers.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    case.answered_in_days(Code::SUS05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn two_employers_one_after_the_other_go_to_a_person() {
        let moved = [("paye_ref", "B7"), ("employment_start_date", "2018-07-01"), ("payment_date", "2018-07-31")];
        let bench = Bench::standard()
            .unpaid()
            .payment(&[])
            .payment(&[("payment_date", "2018-06-30"), ("leaving_date", "2018-06-30")])
            .payment(&moved);
        bench.fails(Code::SUS05);
        Bench::standard().passes(Code::SUS05);
    }
}

//! # IDN09: only the number, and perhaps the name, could be compared
//!
//! **Checks** that some row of the claimant's own payroll records has a date of birth to compare.
//!
//! **Why** A number alone identifies a person less surely than a number with a date of birth.
//!
//! **Verdict** note.
//!
//! **Source** Rulebook, section 8.
//!
//! **Example** an extract without dates of birth.

use crate::evidence::identity::{Comparison, IdentityComparison, OwnRecords};
use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, Weight,
};

/// IDN09, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN09,
    weight: Weight::NOTE,
    since: "0.1.0",
    rulebook: &[8],
    title: "only the number, and perhaps the name, could be compared",
    says: "no earnings row has a date of birth, so only the number and perhaps the name were compared",
    reads: &[Reads::Claim, Reads::Answer],
    concerns: Concerns::Earnings("date_of_birth"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice { disclosed: Disclosed::WithEarnings(&[]), ..ProviderNotice::CLOSED },
    file: include_str!("little_to_compare.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let IdentityComparison { records, dates, .. } = match case.compared() {
        Ok(compared) => compared,
        Err(status) => return status,
    };
    match (records, dates) {
        (OwnRecords::None, _) => Status::NotApplicable(NotApplicableReason::NoOwnRecord),
        (_, Comparison::Unknown) => Status::Failed(Vec::new()),
        (_, Comparison::Match | Comparison::Differ) => Status::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn earnings_without_a_date_of_birth_are_noted() {
        Bench::standard().each_payment("date_of_birth", "").fails(Code::IDN09);
        Bench::standard().passes(Code::IDN09);
    }
}

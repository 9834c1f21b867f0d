//! # IDN06: same number and date of birth, different name
//!
//! **Checks** over the rows of the claimant's own payroll records, that when the date of birth matches some row's name does
//! too.
//!
//! **Why** People marry and payroll keeps the old name, or swaps the order of names. With number and date of birth
//! equal it is told, not queried.
//!
//! **Verdict** note.
//!
//! **Source** Rulebook, section 8.
//!
//! **Example** a claim for Robin Example, paid as Robin Sample before the wedding.

use crate::evidence::identity::{Comparison, IdentityComparison, OwnRecords};
use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, Weight,
};

/// IDN06, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN06,
    weight: Weight::NOTE,
    since: "0.1.0",
    rulebook: &[8],
    title: "same number and date of birth, different name",
    says: "the number and date of birth match, the name does not",
    reads: &[Reads::Claim, Reads::Answer],
    concerns: Concerns::Claim("surname"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice { disclosed: Disclosed::WithEarnings(&[]), ..ProviderNotice::CLOSED },
    file: include_str!("another_name.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let IdentityComparison { records, dates, names, .. } = match case.compared() {
        Ok(compared) => compared,
        Err(status) => return status,
    };
    if records == OwnRecords::None {
        return Status::NotApplicable(NotApplicableReason::NoOwnRecord);
    }
    match (dates, names) {
        (Comparison::Match, Comparison::Differ) => Status::Failed(Vec::new()),
        (Comparison::Match, Comparison::Match | Comparison::Unknown) => Status::Passed,
        (Comparison::Differ | Comparison::Unknown, _) => {
            Status::NotApplicable(NotApplicableReason::Own("the dates of birth do not match"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn another_name_is_noted_when_the_date_of_birth_matches() {
        Bench::standard().each_payment("surname", "Sample").fails(Code::IDN06);
        Bench::standard().each_payment("surname", "Exa").passes(Code::IDN06);
        Bench::standard().each_payment("surname", "").passes(Code::IDN06);
    }
}

//! # IDN10: payroll records of another person stand under this number
//!
//! **Checks** that every payroll record (one employer, one payroll ID) under the number is the claimant's own, where the
//! answer stands on records that are.
//!
//! **Why** People mistype numbers, and people work under the numbers of others. A record that is another person's does
//! not speak against a claim that does not rest on it; whoever looks at the claim should know of it all the same.
//!
//! **Verdict** note.
//!
//! **Source** Rulebook, section 8.
//!
//! **Example** one of two employers reports another date of birth and another name, and the job claimed is the other's.

use crate::evidence::identity::{IdentityComparison, OwnRecords};
use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, Weight,
};

/// IDN10, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN10,
    weight: Weight::NOTE,
    since: "0.2.0",
    rulebook: &[8],
    title: "payroll records of another person stand under this number",
    says: "payroll records of another person stand under this National Insurance number; the answer does not stand on them",
    reads: &[Reads::Claim, Reads::Answer],
    concerns: Concerns::Claim("nino"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice { disclosed: Disclosed::WithEarnings(&[]), ..ProviderNotice::CLOSED },
    file: include_str!("records_of_another_person.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let IdentityComparison { records, .. } = match case.compared() {
        Ok(compared) => compared,
        Err(status) => return status,
    };
    match records {
        OwnRecords::All => Status::Passed,
        OwnRecords::Some => Status::Failed(Vec::new()),
        OwnRecords::NotThoseOfTheAnswer => {
            Status::NotApplicable(NotApplicableReason::Own("the answer stands on such a record, which IDN05 tells"))
        }
        OwnRecords::None => Status::NotApplicable(NotApplicableReason::NoOwnRecord),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    const STRANGER: [(&str, &str); 3] = [("paye_ref", "B7"), ("surname", "Other"), ("date_of_birth", "1969-09-09")];

    #[test]
    fn a_record_of_another_person_beside_the_job_is_noted() {
        Bench::standard().payment(&STRANGER).fails(Code::IDN10);
        Bench::standard().passes(Code::IDN10);
        Bench::standard().unpaid().payment(&STRANGER).does_not_apply(Code::IDN10);
    }
}

//! # ELG01: the participant's cohort is not one the scheme is for
//!
//! **Checks** that the register's cohort is in the scheme's list.
//!
//! **Why** Each scheme is for named groups of people.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9; the scheme's `[cohorts]`.
//!
//! **Example** cohort `carer` under a scheme for learning disability, autism and mental health.

use crate::domain::reading::code::is_same;
use crate::domain::withheld::shown;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// ELG01, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG01,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the participant's cohort is not one the scheme is for",
    says: "the participant's cohort is {cohort}, and the scheme is for {accepted}",
    reads: &[Reads::Scheme, Reads::Register],
    concerns: Concerns::Register("cohort"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Title,
        to_send: ToSend::Text("The register's entry for the participant if it is wrong."),
    },
    file: include_str!("cohort.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    let Some(cohorts) = &case.scheme.cohorts else {
        return Status::NotApplicable(NotApplicableReason::Own("the scheme lists no cohorts"));
    };
    if cohorts.value.iter().any(|cohort| is_same(cohort, &participant.cohort)) {
        return Status::Passed;
    }
    let accepted = cohorts.value.iter().map(std::convert::AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    Status::Failed(vec![Fact::new("cohort", shown(&participant.cohort)), Fact::new("accepted", accepted)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_cohort_outside_the_list_fails() {
        Bench::standard().register("cohort", "carer").fails(Code::ELG01);
        Bench::standard().register("cohort", "mental_health").passes(Code::ELG01);
        Bench::standard().register("cohort", "Mental Health").passes(Code::ELG01);
    }
}

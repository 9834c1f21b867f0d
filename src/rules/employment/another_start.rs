//! # EMP03: the job's reported start is far from the claimed one
//!
//! **Checks** that the start the job's rows report is at most the scheme's `start_tolerance_days` before or after the
//! claimed start.
//!
//! **Why** A start months away may mean another job, or a claim for work that was there before.
//!
//! **Verdict** query. Does not apply where no start is reported.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** claimed from 1 May 2018, reported from 16 May 2018, 14 days tolerated.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// EMP03, registered.
pub static RULE: Rule = Rule {
    code: Code::EMP03,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[9],
    title: "the job's reported start is far from the claimed one",
    says: "the employer reports {reported}, the claim says {job_start}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Payments],
    concerns: Concerns::Claim("job_start_date"),
    rests_on: RestsOn::Detail,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["reported", "job_start"]),
        to_send: ToSend::Text("A document of the employer that shows when the job began."),
    },
    file: include_str!("another_start.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let (question, best, _) = match case.decided() {
        Ok(decided) => decided,
        Err(status) => return status,
    };
    let Some(reported) = best.job_spell().and_then(|spell| spell.start) else {
        return Status::NotApplicable(NotApplicableReason::Own("the rows report no start"));
    };
    if !case.is_far_from_claimed_start(reported) {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("reported", reported), Fact::new("job_start", question.job_start)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn fourteen_days_either_way_pass_and_fifteen_fail() {
        let reported = |day| Bench::standard().each_payment("employment_start_date", day);
        reported("2018-04-17").passes(Code::EMP03);
        reported("2018-04-16").fails(Code::EMP03);
        reported("2018-05-15").passes(Code::EMP03);
        reported("2018-05-16").fails(Code::EMP03);
        reported("").does_not_apply(Code::EMP03);
    }
}

//! # CLM10: the claim itself says the job ended too soon
//!
//! **Checks** that `job_end_date`, where given, is not before the last of the needed days counted from the claimed
//! start. A Friday or Saturday is read as the Sunday: that week was worked.
//!
//! **Why** A claim that says the job lasted 12 weeks contradicts itself when it claims 13.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9: before J + N - 1.
//!
//! **Example** job start 1 May 2018, job end Thursday 26 July 2018, 91 days needed (until 30 July).

use crate::domain::day::{add_days, end_of_working_week};
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// CLM10, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM10,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "the claim itself says the job ended too soon",
    says: "the claim says the job ended on {job_end_date}; the outcome needs it to last until {earliest}",
    reads: &[Reads::Claim, Reads::Scheme],
    concerns: Concerns::Claim("job_end_date"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["job_end_date", "earliest"]),
        to_send: ToSend::Text("A new claim if what was claimed was written down wrongly."),
    },
    file: include_str!("contradicts_itself.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let (Some(terms), Some(job_start)) = (case.terms, case.job_start()) else {
        return Status::NotApplicable(NotApplicableReason::NoTerms);
    };
    let Some(job_end_date) = case.claim.job_end_date.given() else {
        return Status::NotApplicable(NotApplicableReason::Own("the claim gives no job end"));
    };
    let earliest = add_days(job_start, i64::from(terms.needed_days) - 1);
    if earliest <= end_of_working_week(*job_end_date) {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("job_end_date", *job_end_date), Fact::new("earliest", earliest)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn the_job_may_end_on_the_last_needed_day_and_a_friday_counts_as_its_sunday() {
        Bench::standard().claim("job_end_date", "2018-07-30").passes(Code::CLM10);
        Bench::standard().claim("job_end_date", "2018-07-29").fails(Code::CLM10);
        // From Monday 30 April the 91st day is Sunday 29 July.
        let from_monday = || Bench::standard().claim("job_start_date", "2018-04-30");
        from_monday().claim("job_end_date", "2018-07-27").passes(Code::CLM10);
        from_monday().claim("job_end_date", "2018-07-26").fails(Code::CLM10);
    }
}

//! # ELG05: the job was there before the participant started
//!
//! **Checks** that neither the claimed job start nor the start the job's own rows report (where none does, its first
//! payday with pay) is before the participant's start date.
//!
//! **Why** The programme is paid for jobs it helped people into, not for jobs they had.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** started on 1 April 2018, in the job since 26 March 2018.

use crate::evidence::spell::Spell;
use crate::rules::{
    Case, Code, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// ELG05, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG05,
    weight: Weight::REJECT.or_query_where_unclear(),
    since: "0.1.0",
    rulebook: &[9],
    title: "the job was there before the participant started",
    says: "the job began on {began}, before the participant started on {start_date}",
    reads: &[Reads::Claim, Reads::Register, Reads::Payments],
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["began", "start_date"]),
        to_send: ToSend::Text(
            "A document of the employer that shows when the job began, if it began after the start on provision.",
        ),
    },
    file: include_str!("job_was_there_already.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    let Some(start) = participant.start_date else {
        return Status::NotApplicable(NotApplicableReason::Own("the participant never started"));
    };
    let reported = match case.decided() {
        Ok((_, best, _)) => best.job_spell().and_then(Spell::began),
        Err(_) => None,
    };
    let Some(began) = case.job_start().into_iter().chain(reported).min() else {
        return Status::NotApplicable(NotApplicableReason::Own("the row has no job start"));
    };
    if start <= began {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("began", began), Fact::new("start_date", start)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_job_from_the_day_of_the_start_passes_and_one_from_the_day_before_fails() {
        Bench::standard().register("start_date", "2018-05-01").passes(Code::ELG05);
        Bench::standard().register("start_date", "2018-05-02").fails(Code::ELG05);
    }

    #[test]
    fn the_start_that_the_rows_report_counts_too() {
        let there = || Bench::standard().register("start_date", "2018-04-25");
        there().each_payment("employment_start_date", "2018-04-25").passes(Code::ELG05);
        there().each_payment("employment_start_date", "2018-04-24").fails(Code::ELG05);
    }
}

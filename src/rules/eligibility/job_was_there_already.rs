//! # ELG05: the job was there before the participant started
//!
//! **Checks** that neither the claimed job start nor the start that the job's rows report nor a payday with pay of the job is
//! before the participant's start date.
//!
//! **Why** The programme is paid for jobs it helped people into, not for jobs they had.
//!
//! **Verdict** reject where two of the three say so, or one that nothing contradicts; a query where one says so and another
//! contradicts it: the claim alone, by no more than the scheme's `start_tolerance_days`; a payday alone, though a later start
//! is reported; a reported start alone, though the employer paid nothing before and the two months before are observed. Where
//! no job is found because evidence may be missing (EVD01, EVD02, PAY01), a query too. Does not apply to a participant who was in
//! work at the start, where the scheme takes such people.
//!
//! **Source** Rulebook, section 9; the scheme's `start_tolerance_days` and `in_work_starts`.
//!
//! **Example** started on 1 April 2018, claimed and reported in the job since 26 March 2018.

use chrono::NaiveDate;

use crate::evidence::OutcomeEvidence;
use crate::evidence::held_before::{self, Certainty, HeldBefore};
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Setting,
    Severity, Status, ToSend, Weight,
};
use crate::scheme::Scheme;

/// ELG05, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG05,
    weight: Weight::REJECT.or_query_where_unclear(),
    since: "0.1.0",
    rulebook: &[9],
    title: "the job was there before the participant started",
    says: "the job began on {began}, before the participant started on {start_date}, by {says_who}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Register, Reads::Payments],
    concerns: Concerns::Claim("job_start_date"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["began", "start_date", "says_who"]),
        to_send: ToSend::Text(
            "A document of the employer that shows when the job began, if it began after the start on provision.",
        ),
    },
    file: include_str!("job_was_there_already.rs"),
    check,
};

/// Whether the rule rejects a claim with this evidence, of a participant for whom a job is new from a day: nothing contradicts
/// that the job was there before, and the scheme gives the rule the weight of a rejection.
pub fn rejects(scheme: &Scheme, evidence: &dyn OutcomeEvidence, new_job_from: NaiveDate) -> bool {
    let severity = match scheme.settings.get(&RULE.code) {
        Some(Setting::Off) => None,
        Some(Setting::Weighs(severity)) => Some(*severity),
        None => Some(RULE.severity()),
    };
    severity == Some(Severity::Reject)
        && evidence.held_before(new_job_from).is_some_and(|held| held.certainty == Certainty::Certain)
}

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    let Some(started) = participant.start_date else {
        return Status::NotApplicable(NotApplicableReason::Own("the participant never started"));
    };
    let Some(job_start) = case.job_start() else {
        return Status::NotApplicable(NotApplicableReason::Own("the row has no job start"));
    };
    if case.scheme.new_job_from(participant).is_none() {
        return Status::NotApplicable(NotApplicableReason::Own("the scheme takes people who are in work at the start"));
    }
    let job = case.days().ok().and_then(|days| {
        let best = days.decided().map(|(_, best)| best);
        best.or(days.left_out()).map(|timeline| (&days.question, timeline))
    });
    let held = match job {
        Some((question, timeline)) => held_before::held_before(question, started, timeline),
        // There is no job that could contradict the claim.
        None => (job_start < started).then_some(HeldBefore {
            began: job_start,
            says_who: "the claim",
            certainty: Certainty::Certain,
        }),
    };
    let Some(HeldBefore { began, says_who, certainty }) = held else { return Status::Passed };
    let facts = vec![Fact::new("began", began), Fact::new("start_date", started), Fact::new("says_who", says_who)];
    match certainty {
        // A job that was looked for and not found may be in what could not be read.
        Certainty::Certain if job.is_none() && case.days().is_ok() => Status::FailedByAbsence(facts),
        Certainty::Certain => Status::Failed(facts),
        Certainty::Contradicted => Status::Unclear(facts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    /// A job claimed and reported from 1 May 2018, first paid on the 31st; the participant started on a day.
    fn started(day: &str) -> Bench {
        Bench::standard().register("start_date", day)
    }

    fn reported(started_on: &str, start: &str) -> Bench {
        started(started_on).each_payment("employment_start_date", start)
    }

    #[test]
    fn a_job_from_the_day_of_the_start_passes_and_one_claimed_and_reported_from_the_day_before_fails() {
        started("2018-05-01").passes(Code::ELG05);
        started("2018-05-02").fails(Code::ELG05);
    }

    #[test]
    fn a_claimed_start_that_the_job_contradicts_is_a_query_within_the_tolerance() {
        reported("2018-05-15", "2018-05-15").asks_a_person(Code::ELG05);
        reported("2018-05-16", "2018-05-16").fails(Code::ELG05);
        // With no start reported and the first payday after the start, the job contradicts the claim all the same.
        reported("2018-05-15", "").asks_a_person(Code::ELG05);
        started("2018-05-02").unpaid().fails(Code::ELG05);
    }

    #[test]
    fn a_reported_start_alone_is_a_query_where_pay_of_before_would_have_shown() {
        reported("2018-04-25", "2018-04-25").passes(Code::ELG05);
        reported("2018-04-25", "2018-04-24").asks_a_person(Code::ELG05);
        // 25 April less 62 days is 22 February.
        reported("2018-04-25", "2018-04-24").extract_from("2018-02-22").asks_a_person(Code::ELG05);
        reported("2018-04-25", "2018-04-24").extract_from("2018-02-23").fails(Code::ELG05);
        reported("2018-04-25", "2018-04-24").unobserved(&[("2018-04-24", "2018-04-30")]).fails(Code::ELG05);
        reported("2018-04-25", "2018-04-24").unobserved(&[("2018-04-25", "2018-04-30")]).asks_a_person(Code::ELG05);
        let paid_before =
            [("payroll_id", "2"), ("payment_date", "2018-04-24"), ("employment_start_date", ""), ("hours_band", "A")];
        reported("2018-04-25", "2018-04-24").payment(&paid_before).fails(Code::ELG05);
    }

    #[test]
    fn a_job_that_was_certainly_there_is_rejected_where_the_rule_rejects() {
        let rejected = |bench: Bench, from: &str, setting: Option<Setting>| {
            bench.with_evidence(|scheme, evidence| {
                let mut scheme = scheme.clone();
                scheme.settings.extend(setting.map(|setting| (Code::ELG05, setting)));
                rejects(&scheme, evidence, from.parse().unwrap())
            })
        };
        assert!(rejected(Bench::standard(), "2018-05-02", None));
        assert!(!rejected(Bench::standard(), "2018-05-01", None));
        // The reported start contradicts the claimed one.
        let contradicted = || Bench::standard().each_payment("employment_start_date", "2018-05-15");
        assert!(!rejected(contradicted(), "2018-05-15", None));
        assert!(!rejected(Bench::standard(), "2018-05-02", Some(Setting::Off)));
        assert!(!rejected(Bench::standard(), "2018-05-02", Some(Setting::Weighs(Severity::Query))));
        assert!(rejected(Bench::standard(), "2018-05-02", Some(Setting::Weighs(Severity::Reject))));
    }

    #[test]
    fn a_payday_before_the_start_fails_unless_a_later_start_is_reported() {
        let paid_early = |start| {
            let bench = reported("2018-06-01", start).claim("job_start_date", "2018-06-01");
            bench.payment(&[("payment_date", "2018-09-30"), ("employment_start_date", start)])
        };
        paid_early("").fails(Code::ELG05);
        paid_early("2018-06-01").asks_a_person(Code::ELG05);
        paid_early("2018-05-31").fails(Code::ELG05);
    }
}

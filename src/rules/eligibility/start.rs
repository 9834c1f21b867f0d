//! # ELG04: never started, or started outside the scheme's dates
//!
//! **Checks** that the register has a start date, on or between the scheme's first and last day for starts.
//!
//! **Why** Someone who was referred and never started was not helped into the job; starts outside the scheme's dates
//! belong to another scheme.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 9; the scheme's `[starts]`.
//!
//! **Example** the participant started on 1 June 2019 and starts ended on 31 May 2019.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// ELG04, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG04,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "never started, or started outside the scheme's dates",
    says: "{reason}",
    reads: &[Reads::Scheme, Reads::Register],
    concerns: Concerns::Register("start_date"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["reason"]),
        to_send: ToSend::Text("The register's entry for the participant."),
    },
    file: include_str!("start.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    let starts = case.scheme.starts.as_ref().map(|starts| starts.value);
    let from = starts.map(|starts| starts.from);
    let to = starts.and_then(|starts| starts.to);
    let reason = match participant.start_date {
        None => "the participant was referred and never started",
        Some(start) if from.is_some_and(|from| start < from) => "the participant started before the scheme did",
        Some(start) if to.is_some_and(|to| to < start) => {
            "the participant started after the scheme's last day for starts"
        }
        Some(_) => return Status::Passed,
    };
    let mut facts = vec![Fact::new("reason", reason)];
    facts.extend(from.map(|from| Fact::new("from", from)));
    facts.extend(to.map(|to| Fact::new("to", to)));
    facts.extend(participant.start_date.map(|start| Fact::new("start_date", start)));
    Status::Failed(facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn the_first_and_last_day_for_starts_pass_and_the_days_around_them_fail() {
        Bench::standard().register("start_date", "2017-11-01").passes(Code::ELG04);
        Bench::standard().register("start_date", "2017-10-31").fails(Code::ELG04);
        Bench::standard().register("start_date", "2019-05-31").passes(Code::ELG04);
        Bench::standard().register("start_date", "2019-06-01").fails(Code::ELG04);
        Bench::standard().register("start_date", "").fails(Code::ELG04);
    }
}

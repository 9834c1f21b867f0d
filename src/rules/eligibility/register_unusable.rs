//! # ELG00: the register is needed and cannot be used
//!
//! **Checks** that the register has one readable entry for the participant, where a register is given or the outcome
//! needs one. A row that cannot be used keeps its participant known, by number or National Insurance number, as far as
//! either can be read.
//!
//! **Why** Two entries that differ, or one with a cell that cannot be read, leave eligibility open. No other rule reads
//! the register then. A rule that
//! cannot be evaluated is never a pass. An outcome of earnings needs the participant's start, and terms and a wage for
//! that day: without them nobody knows how much must be earned by when.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** the register has two rows for P1 with different start dates.

use crate::domain::participant::Registered;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NoEvidence, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule,
    Status, ToSend, Weight,
};

/// ELG00, registered.
pub static RULE: Rule = Rule {
    code: Code::ELG00,
    weight: Weight::QUERY.never_below_query(),
    since: "0.1.0",
    rulebook: &[9],
    title: "the register is needed and cannot be used",
    says: "{reason}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Register, Reads::MinimumWage],
    concerns: Concerns::NoColumn,
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["reason"]),
        to_send: ToSend::Text("The register's entry for the participant, with the day they started."),
    },
    file: include_str!("register_unusable.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let fails = |reason: &str| Status::Failed(vec![Fact::new("reason", reason)]);
    let is_left_to = |code| !case.scheme.weighs_below_query(code);
    match case.registered {
        Registered::Unusable(reason) => fails(reason),
        Registered::NoRegister if matches!(case.evidence, Err(NoEvidence::NoEarnings)) => Status::NotApplicable(
            NotApplicableReason::Own("no register was given; it is read together with the earnings"),
        ),
        Registered::NoRegister if case.counts_from_participant_start() => {
            fails("the outcome counts earnings from the participant's start, and no register was given")
        }
        Registered::NoRegister => {
            Status::NotApplicable(NotApplicableReason::Own("no register was given, and this outcome needs none"))
        }
        _ if !case.counts_from_participant_start() => Status::Passed,
        Registered::Absent if is_left_to(Code::IDN03) => Status::Passed,
        Registered::Absent => {
            fails("the outcome counts earnings from the participant's start, and the register has none")
        }
        Registered::Found(participant) => match participant.start_date {
            None if is_left_to(Code::ELG04) => Status::Passed,
            None => fails("the outcome counts earnings from the participant's start, and the register has none"),
            Some(start) if case.lacks_a_window() => {
                let begins = case.wages.begins().unwrap_or(start);
                fails(&format!(
                    "no threshold is known for a start on {start}: the scheme's terms or the wage table ({begins} to {}) \
                     do not reach that day",
                    case.wages.ends()
                ))
            }
            Some(_) => Status::Passed,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn an_entry_that_cannot_be_read_goes_to_a_person() {
        Bench::standard().register("start_date", "spring").fails(Code::ELG00);
        Bench::standard().register("cohort", "").fails(Code::ELG00);
        Bench::standard().register("cohort", "autism").passes(Code::ELG00);
        Bench::standard().does_not_apply(Code::ELG00);
    }

    #[test]
    fn an_outcome_that_counts_from_the_start_needs_a_register_once_earnings_are_read() {
        let without = || Bench::earnings("1000.00", 365).without_register();
        without().fails(Code::ELG00);
        without().before_earnings().does_not_apply(Code::ELG00);
    }
}

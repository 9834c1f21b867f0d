//! # CLM05: an earlier run already validated this outcome for this participant or person
//!
//! **Checks** that none of the earlier runs named by `--history` validated the same outcome of the same scheme for
//! the same participant, or for the same person (the first eight characters of the National Insurance number) under
//! whatever participant number. In the month of a ledger the outcomes that are due or were paid, and stand, take the place of
//! earlier runs.
//!
//! **Why** An outcome is paid for once, whichever batch brought it and whatever number the participant has in it. The
//! message says which run that was, by its claims file, the day its extract spoke up to and the beginning of the
//! fingerprint in its `run.json`; and which claim, the day the outcome was achieved and what was to be paid for it, or was paid and when.
//!
//! **Verdict** reject. Does not apply when no earlier run is named and there is no ledger.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** January's run validated 13 weeks for participant P1, and March's batch claims it again.

use crate::domain::day::LongDate;
use crate::domain::fact::Value;
use crate::domain::withheld::shown;
use crate::rules::{
    Case, Code, Concerns, EarlierAmount, EarlierOutcome, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn,
    Rule, Status, ToSend, ValidatedBefore, Weight,
};

/// CLM05, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM05,
    weight: Weight::REJECT,
    since: "0.1.0",
    rulebook: &[9],
    title: "an earlier run already validated this outcome for this participant or person",
    says: "an earlier run validated {outcome} for this {whose}: claim {claim} of the run of {run}, achieved on {achieved_on}, {amount}",
    reads: &[Reads::Claim, Reads::EarlierRuns],
    concerns: Concerns::Claim("participant_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("Nothing: the outcome was validated before."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("already_validated.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match &case.batch.validated_before {
        ValidatedBefore::NoRunNamed => Status::NotApplicable(NotApplicableReason::Own("no earlier run was named")),
        ValidatedBefore::No => Status::Passed,
        ValidatedBefore::Yes(earlier) => Status::Failed(facts(case, earlier)),
    }
}

fn facts(case: &Case<'_>, earlier: &EarlierOutcome) -> Vec<Fact> {
    let not_recorded = || Value::from("not recorded");
    vec![
        Fact::new("outcome", case.claim.outcome().map_or("the outcome", shown)),
        Fact::new("whose", earlier.link.shared()),
        Fact::new("run", &*earlier.run),
        Fact::new("claim", earlier.claim_id.as_deref().map_or_else(not_recorded, Value::from)),
        Fact::new("achieved_on", earlier.achieved_on.map_or_else(not_recorded, Value::from)),
        Fact::new("amount", amount(earlier.amount)),
    ]
}

fn amount(amount: EarlierAmount) -> String {
    match amount {
        EarlierAmount::Payable(payable) => format!("{payable} payable"),
        EarlierAmount::Claimed(claimed) => format!("{claimed} claimed"),
        EarlierAmount::Paid { amount, on } => format!("{amount} paid on {}", LongDate(on)),
        EarlierAmount::NotRecorded => "no amount recorded".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Pence;
    use crate::rules::Link;
    use crate::rules::testing::Bench;

    #[test]
    fn an_outcome_validated_before_fails() {
        Bench::standard().validated_before(ValidatedBefore::Yes(Box::new(earlier()))).fails(Code::CLM05);
        Bench::standard().validated_before(ValidatedBefore::No).passes(Code::CLM05);
        Bench::standard().does_not_apply(Code::CLM05);
    }

    fn earlier() -> EarlierOutcome {
        EarlierOutcome {
            run: "january.csv (extract to 2018-12-31, fingerprint 0123456789ab)".into(),
            link: Link::Person,
            claim_id: Some("C7".into()),
            achieved_on: "2018-07-30".parse().ok(),
            amount: EarlierAmount::NotRecorded,
        }
    }

    #[test]
    fn the_message_says_which_run_claim_day_and_amount() {
        let validated = |earlier| Bench::standard().validated_before(ValidatedBefore::Yes(Box::new(earlier)));
        let message = |earlier| validated(earlier).message(Code::CLM05);
        assert_eq!(
            message(earlier()),
            "an earlier run validated sustained_13_weeks for this person: claim C7 of the run of january.csv (extract \
             to 2018-12-31, fingerprint 0123456789ab), achieved on 30 July 2018, no amount recorded"
        );
        let of_amount = |amount| message(EarlierOutcome { amount, ..earlier() });
        assert!(of_amount(EarlierAmount::Payable(Pence(250_000))).ends_with(", \u{a3}2,500.00 payable"));
        assert!(of_amount(EarlierAmount::Claimed(Pence(250_000))).ends_with(", \u{a3}2,500.00 claimed"));
        let on = "2019-02-28".parse().unwrap();
        let paid = of_amount(EarlierAmount::Paid { amount: Pence(250_000), on });
        assert!(paid.ends_with(", \u{a3}2,500.00 paid on 28 February 2019"));
    }
}

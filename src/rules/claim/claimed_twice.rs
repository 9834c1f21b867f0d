//! # CLM04: another claim for the same outcome and participant or person stands
//!
//! **Checks** decided last, among the batch's claims for one outcome and one participant or one person (the first eight
//! characters of the National Insurance number) that nothing else rejects: the first of them stands, validated ones before
//! queried, then by claim date, then by claim number. In the month of a ledger a claim that is due or was paid stands before all
//! others. Claims that are linked through others count together.
//!
//! **Why** An outcome is paid for once.
//!
//! **Verdict** reject where the claim that stands is validated, was not claimed later, and is for the same participant or
//! person; else query: until a person has looked, nobody knows which of the two falls.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** C1 and C2 both claim 13 weeks for participant P1; C1 is validated, C2 rejected.

use crate::rules::{
    Case, ClaimDateOrder, Code, Concerns, Fact, Link, NotApplicableReason, Precedence, ProviderNotice, Reads, RestsOn,
    Rule, StandingVerdict, Status, ToSend, Weight,
};

/// CLM04, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM04,
    weight: Weight::REJECT.or_query_where_unclear(),
    since: "0.1.0",
    rulebook: &[9],
    title: "another claim for the same outcome and participant or person stands",
    says: "claim {claim} of this batch for the same outcome and {whose} stands before this one; that one is {standing}",
    reads: &[Reads::OtherVerdicts],
    concerns: Concerns::Claim("participant_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        to_send: ToSend::Text("Nothing, unless the claims are of different outcomes: then say which."),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("claimed_twice.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let first = match &case.batch.competing {
        Precedence::Stands => return Status::Passed,
        Precedence::Behind(first) => first,
        Precedence::OutOfIt => {
            return Status::NotApplicable(NotApplicableReason::Own(
                "another rule rejects the claim, or it names no outcome or nobody it is for",
            ));
        }
    };
    let standing = match (first.verdict, first.claimed) {
        (StandingVerdict::Validated, ClaimDateOrder::NotLater) => "validated",
        (StandingVerdict::Validated, ClaimDateOrder::Later) => "validated, and was claimed later",
        (StandingVerdict::Queried, _) => "queried",
    };
    let facts = vec![
        Fact::new("claim", &*first.claim_id),
        Fact::new("whose", first.link.shared()),
        Fact::new("standing", standing),
    ];
    match (first.verdict, first.claimed, first.link) {
        (StandingVerdict::Validated, ClaimDateOrder::NotLater, Link::Participant | Link::Person) => {
            Status::Failed(facts)
        }
        _ => Status::Unclear(facts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::StandingClaim;
    use crate::rules::testing::Bench;

    fn behind(verdict: StandingVerdict, claimed: ClaimDateOrder, link: Link) -> Bench {
        let first = StandingClaim { claim_id: "C0".into(), verdict, claimed, link };
        Bench::standard().competing(Precedence::Behind(first))
    }

    #[test]
    fn a_claim_behind_a_validated_one_of_the_same_participant_or_person_fails() {
        let behind = |link| behind(StandingVerdict::Validated, ClaimDateOrder::NotLater, link);
        behind(Link::Participant).fails(Code::CLM04);
        behind(Link::Person).fails(Code::CLM04);
        behind(Link::OtherClaims).asks_a_person(Code::CLM04);
        Bench::standard().passes(Code::CLM04);
    }

    #[test]
    fn a_claim_behind_a_queried_one_or_one_claimed_later_is_unclear() {
        behind(StandingVerdict::Queried, ClaimDateOrder::NotLater, Link::Participant).asks_a_person(Code::CLM04);
        behind(StandingVerdict::Validated, ClaimDateOrder::Later, Link::Participant).asks_a_person(Code::CLM04);
    }
}

//! # IDN04: the register knows the participant under another number or date of birth
//!
//! **Checks** that the register's National Insurance number (its first eight characters) and date of birth are the
//! claim's.
//!
//! **Why** One of the two records is wrong, or the claim is for someone else.
//!
//! **Verdict** query. The number is not compared when the claim's is malformed.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** the claim says born 15 March 1991 and the register 15 March 1992.

use crate::domain::NinoText;
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// IDN04, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN04,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[9],
    title: "the register knows the participant under another number or date of birth",
    says: "the register has another {columns} for this participant",
    reads: &[Reads::Claim, Reads::Register],
    concerns: Concerns::Claim("participant_id"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["columns"]),
        to_send: ToSend::Text("Which of the two is right, the claim or the register, and how you know."),
    },
    file: include_str!("register_differs.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(participant) = case.participant() else {
        return Status::NotApplicable(NotApplicableReason::NotInRegister);
    };
    let claim = case.claim;
    let nino_differs = match claim.nino.given() {
        Some(nino @ (NinoText::WellFormed(_) | NinoText::Dummy(_))) => nino.stem() != participant.nino.stem(),
        Some(NinoText::TemporaryReference | NinoText::Malformed) | None => false,
    };
    let born_differs = claim.date_of_birth.given().is_some_and(|born| *born != participant.date_of_birth.0);
    let columns = match (nino_differs, born_differs) {
        (false, false) => return Status::Passed,
        (true, false) => "National Insurance number",
        (false, true) => "date of birth",
        (true, true) => "National Insurance number and date of birth",
    };
    Status::Failed(vec![Fact::new("columns", columns)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn another_stem_or_birthday_in_the_register_fails_and_another_suffix_does_not() {
        Bench::standard().register("nino", "NC100002A").fails(Code::IDN04);
        Bench::standard().register("date_of_birth", "1991-01-15").fails(Code::IDN04);
        Bench::standard().register("nino", "NC100001D").passes(Code::IDN04);
        Bench::standard().register("nino", "not a number").fails(Code::IDN04);
        Bench::standard().register("nino", "NC100002A").claim("nino", "NC1").passes(Code::IDN04);
    }
}

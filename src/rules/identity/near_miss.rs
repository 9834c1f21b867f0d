//! # IDN07: nothing under this number, but a near miss with the same name and date of birth
//!
//! **Checks** when the extract has no row at all under the number: that no row stands under a number one changed
//! character or one swap of neighbours away with the same date of birth and a matching name.
//!
//! **Why** Most failed matches are typing errors. The other number is not disclosed; a person looks both up.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 8.
//!
//! **Example** the claim says NC200012, the pay stands under NC200021.

use crate::rules::{
    Case, Code, Concerns, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// IDN07, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN07,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[8],
    title: "nothing under this number, but a near miss with the same name and date of birth",
    says: "the extract has no row under this number, but has pay under a very similar number with the same date of birth and a matching name",
    reads: &[Reads::Claim, Reads::Payments],
    concerns: Concerns::Claim("nino"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&[]),
        to_send: ToSend::Text(
            "A document that shows the participant's name, date of birth and National Insurance number.",
        ),
    },
    file: include_str!("near_miss.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match &case.evidence {
        Err(why) => (*why).into(),
        Ok(evidence) if !evidence.uses.is_empty() => {
            Status::NotApplicable(NotApplicableReason::Own("the extract has rows under the number"))
        }
        Ok(_) if case.near_miss => Status::Failed(Vec::new()),
        Ok(_) => Status::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn pay_under_a_number_one_swap_away_fails() {
        Bench::standard().each_payment("nino", "NC100010A").fails(Code::IDN07).asks_a_person(Code::EMP01);
        Bench::standard().each_payment("nino", "NC100111A").passes(Code::IDN07);
    }

    #[test]
    fn another_birthday_or_any_row_under_the_number_itself_is_no_near_miss() {
        Bench::standard()
            .each_payment("nino", "NC100010A")
            .each_payment("date_of_birth", "1991-01-15")
            .passes(Code::IDN07);
        Bench::standard().does_not_apply(Code::IDN07);
    }
}

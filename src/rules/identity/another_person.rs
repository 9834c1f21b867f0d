//! # IDN05: the earnings under this number appear to be another person's
//!
//! **Checks** over the rows that count, that some row has the claim's date of birth; where no row has any, that some
//! row's name matches (first three letters of the surname, first letter of the forename).
//!
//! **Why** A mistyped number can be somebody else's, and then the pay is somebody else's too. What the records hold
//! is not disclosed.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 8; HMRC's matching of RTI requests.
//!
//! **Example** every row under the number has another date of birth.

use crate::evidence::Identity;
use crate::evidence::identity::Comparison;
use crate::rules::{
    Case, Code, Disclosed, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// IDN05, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN05,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[8],
    title: "the earnings under this number appear to be another person's",
    says: "no earnings row under this National Insurance number has the claimant's date of birth, or failing that the name",
    reads: &[Reads::Claim, Reads::Answer],
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&[]),
        to_send: ToSend::Text(
            "A document that shows the participant's name, date of birth and National Insurance number.",
        ),
    },
    file: include_str!("another_person.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let identity = match &case.evidence {
        Ok(evidence) => evidence.identity,
        Err(why) => return (*why).into(),
    };
    let Identity::Compared { dates, names, .. } = identity else {
        return Status::NotApplicable(NotApplicableReason::Own(
            "no earnings row counts, so there is nothing to compare",
        ));
    };
    match (dates, names) {
        (Comparison::Differ, _) | (Comparison::Unknown, Comparison::Differ) => Status::Failed(Vec::new()),
        (Comparison::Match, _) | (Comparison::Unknown, Comparison::Match | Comparison::Unknown) => Status::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn another_date_of_birth_fails_and_one_matching_row_is_enough() {
        Bench::standard().each_payment("date_of_birth", "1991-01-15").fails(Code::IDN05);
        Bench::standard()
            .each_payment("date_of_birth", "1991-01-15")
            .payment(&[("payment_date", "2018-12-31")])
            .passes(Code::IDN05);
    }

    #[test]
    fn without_dates_of_birth_the_name_decides() {
        let undated = || Bench::standard().each_payment("date_of_birth", "");
        undated().each_payment("surname", "Other").fails(Code::IDN05);
        undated().passes(Code::IDN05);
    }
}

//! # IDN05: the earnings under this number appear to be another person's
//!
//! **Checks** that some payroll record under the number is the claimant's own, and that the answer stands on none that is
//! not. A payroll record is the rows that count of one employer and one payroll ID; it is own if one of its rows has the
//! claim's date of birth or, where none has any, if no name differs (first three letters of the surname, first letter of
//! the forename). Rows of it that differ in both, where others do not, are a record of their own. The answer stands on the
//! records of the best employer that are paid for days on which the window may lie, and for an outcome of earnings on
//! those that are added up.
//!
//! **Why** A mistyped number can be somebody else's, and then the pay is somebody else's too; and people work under the
//! numbers of others, so that one record of the claimant's does not vouch for another. What the records hold is not
//! disclosed.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 8; HMRC's matching of RTI requests.
//!
//! **Example** the job of the claim is reported for another date of birth and another name; one row of another employer has
//! the claimant's.

use crate::evidence::identity::{IdentityComparison, OwnRecords};
use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// IDN05, registered.
pub static RULE: Rule = Rule {
    code: Code::IDN05,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[8],
    title: "the earnings under this number appear to be another person's",
    says: "{reason}",
    reads: &[Reads::Claim, Reads::Answer],
    concerns: Concerns::Claim("nino"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::WithEarnings(&["reason"]),
        to_send: ToSend::Text(
            "A document that shows the participant's name, date of birth and National Insurance number.",
        ),
    },
    file: include_str!("another_person.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let IdentityComparison { records, .. } = match case.compared() {
        Ok(compared) => compared,
        Err(status) => return status,
    };
    let reason = match records {
        OwnRecords::All | OwnRecords::Some => return Status::Passed,
        OwnRecords::None => {
            "no payroll record under this National Insurance number has the claimant's date of birth, or failing that the name"
        }
        OwnRecords::NotThoseOfTheAnswer => {
            "the answer stands on a payroll record that does not have the claimant's date of birth, or failing that the name"
        }
    };
    Status::Failed(vec![Fact::new("reason", reason)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn another_date_of_birth_fails_and_one_matching_row_of_the_same_record_is_enough() {
        Bench::standard().each_payment("date_of_birth", "1991-01-15").fails(Code::IDN05);
        Bench::standard()
            .each_payment("date_of_birth", "1991-01-15")
            .payment(&[("payment_date", "2018-12-31")])
            .passes(Code::IDN05);
    }

    #[test]
    fn a_row_of_another_employer_does_not_vouch_for_the_record_that_the_answer_stands_on() {
        let strangers =
            || Bench::standard().each_payment("date_of_birth", "1969-09-09").each_payment("surname", "Other");
        strangers().payment(&[("payment_date", "2018-12-31"), ("paye_ref", "B7")]).fails(Code::IDN05);
        // Rows of the same payroll ID that differ in both are a record of their own.
        strangers().payment(&[("payment_date", "2018-12-31")]).fails(Code::IDN05);
        let stranger = [("paye_ref", "B7"), ("surname", "Other"), ("date_of_birth", "1969-09-09")];
        Bench::standard().payment(&stranger).passes(Code::IDN05).fails(Code::IDN10);
    }

    #[test]
    fn the_pay_that_is_added_up_is_what_an_outcome_of_earnings_stands_on() {
        let stranger = |payday| {
            [("payment_date", payday), ("paye_ref", "B7"), ("surname", "Other"), ("date_of_birth", "1969-09-09")]
        };
        let earned = || Bench::earnings("1000.00", 30).payment(&[("payment_date", "2018-04-15")]);
        earned().payment(&stranger("2018-04-30")).fails(Code::IDN05);
        earned().payment(&stranger("2018-05-01")).passes(Code::IDN05).fails(Code::IDN10);
    }

    #[test]
    fn without_dates_of_birth_the_name_decides() {
        let undated = || Bench::standard().each_payment("date_of_birth", "");
        undated().each_payment("surname", "Other").fails(Code::IDN05);
        undated().passes(Code::IDN05);
    }
}

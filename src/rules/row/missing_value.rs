//! # ROW02: a required value is missing
//!
//! **Checks** that every column a claim must fill has a value in this row.
//!
//! **Why** A claim without, say, a National Insurance number cannot be held against anything.
//!
//! **Verdict** reject. All empty columns are named.
//!
//! **Source** Rulebook, section 2 and 9.
//!
//! **Example** `participant_id` is empty.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// ROW02, registered.
pub static RULE: Rule = Rule {
    code: Code::ROW02,
    weight: Weight::REJECT.never_below_query(),
    since: "0.1.0",
    rulebook: &[2, 9],
    title: "a required value is missing",
    says: "{columns} is empty",
    reads: &[Reads::Claim],
    concerns: Concerns::ClaimColumnsFound,
    rests_on: RestsOn::Matching,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["columns"]),
        to_send: ToSend::Text("The claim with the row mended, in a new claims file."),
    },
    file: include_str!("missing_value.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let empty: Vec<&str> =
        case.claim.cells().iter().filter(|cell| cell.required && cell.empty).map(|cell| cell.column).collect();
    if empty.is_empty() { Status::Passed } else { Status::Failed(vec![Fact::new("columns", empty.join(", "))]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn each_required_column_must_be_filled_and_no_other() {
        for column in ["claim_id", "provider_id", "participant_id", "nino", "surname", "date_of_birth", "claim_date"] {
            Bench::standard().claim(column, " ").fails(Code::ROW02);
        }
        for column in ["employment_type", "job_end_date", "hours_per_week", "paye_reference", "amount_claimed"] {
            Bench::standard().claim(column, "").passes(Code::ROW02);
        }
    }
}

//! # ROW01: the row could not be read as a record
//!
//! **Checks** that the row is a record of the claims file: the right number of cells, quotes only where quotes
//! belong, text throughout.
//!
//! **Why** A damaged row that is padded or shifted into shape puts values under the wrong names. It is never
//! repaired.
//!
//! **Verdict** reject. The row is kept word for word in `quarantine.parquet`, with its file and line.
//!
//! **Source** Rulebook, section 9.
//!
//! **Example** a row of 17 cells in a file of 18 columns.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// ROW01, registered.
pub static RULE: Rule = Rule {
    code: Code::ROW01,
    weight: Weight::REJECT.never_below_query(),
    since: "0.1.0",
    rulebook: &[9],
    title: "the row could not be read as a record",
    says: "{reason}",
    reads: &[Reads::Row],
    concerns: Concerns::NoColumn,
    rests_on: RestsOn::Matching,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["reason"]),
        to_send: ToSend::Text("The claim with the row mended, in a new claims file."),
    },
    file: include_str!("unreadable_record.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    match &case.claim.damage {
        Some(reason) => Status::Failed(vec![Fact::new("reason", reason.as_ref())]),
        None => Status::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_damaged_row_fails_and_nothing_else_of_it_is_evaluated() {
        Bench::standard().damaged("17 cells where the header has 18").fails(Code::ROW01).does_not_apply(Code::ROW02);
        Bench::standard().passes(Code::ROW01);
    }
}

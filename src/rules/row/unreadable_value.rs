//! # ROW03: a value is not of its type or not in its list
//!
//! **Checks** that every filled cell holds a value of its column's type: a calendar date, pounds and pence, hours, a
//! PAYE reference, a word of its list. What has one reading is read, however it is written; section 2a lists the ways.
//!
//! **Why** A value that has to be guessed is not evidence. A column that may be empty decides less: a claim is not
//! rejected for the way in which an amount was written that need not be there at all.
//!
//! **Verdict** reject where the column must have a value, and the evidence is not looked at then; query where it may be
//! empty. Where it cannot be read whether somebody is employed or self-employed, the evidence is not looked at either.
//! Each bad cell is a fact of its own, with what was found in it.
//!
//! **Source** Rulebook, section 2 and 9.
//!
//! **Example** `job_start_date` holds `43221`, a spreadsheet's serial number for 1 May 2018.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight,
};

/// ROW03, registered.
pub static RULE: Rule = Rule {
    code: Code::ROW03,
    weight: Weight::REJECT.or_query_where_unclear().never_below_query(),
    since: "0.1.0",
    rulebook: &[2, 9],
    title: "a value is not of its type or not in its list",
    says: "{columns} could not be read: {reason}",
    reads: &[Reads::Claim],
    concerns: Concerns::ClaimColumnsFound,
    rests_on: RestsOn::Matching,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["columns", "reason"]),
        to_send: ToSend::Text("The claim with the row mended, in a new claims file."),
    },
    file: include_str!("unreadable_value.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let cells = case.claim.cells();
    let bad: Vec<_> = cells.iter().filter_map(|cell| cell.unreadable).collect();
    let is_needed = cells.iter().any(|cell| cell.required && cell.unreadable.is_some());
    let Some((first, _)) = bad.first() else { return Status::Passed };
    let columns: Vec<&str> = bad.iter().map(|(error, _)| error.column).collect();
    let mut facts = vec![Fact::new("columns", columns.join(", ")), Fact::new("reason", first.fault.to_string())];
    facts.extend(bad.iter().map(|(error, text)| Fact::new(error.column, text.0)));
    if is_needed { Status::Failed(facts) } else { Status::Unclear(facts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_value_of_another_type_fails_in_a_column_that_must_have_one_and_the_claim_is_not_matched() {
        for (column, value) in [("job_start_date", "43221"), ("claim_date", "01/12/18"), ("date_of_birth", "spring")] {
            Bench::standard().claim(column, value).fails(Code::ROW03).does_not_apply(Code::EMP01);
        }
        let both = Bench::standard().claim("claim_date", "01/12/18").claim("hours_per_week", "sixteen");
        both.fails(Code::ROW03);
    }

    #[test]
    fn a_value_of_another_type_goes_to_a_person_in_a_column_that_may_be_empty() {
        for (column, value) in [
            ("hours_per_week", "sixteen"),
            ("amount_claimed", "2500.001"),
            ("job_end_date", "autumn"),
            ("outcome_date", "43221"),
            ("paye_reference", "no slash"),
        ] {
            Bench::standard().claim(column, value).asks_a_person(Code::ROW03).passes(Code::EMP01);
        }
        let type_of_work = Bench::standard().claim("employment_type", "part-time");
        type_of_work.asks_a_person(Code::ROW03).does_not_apply(Code::EMP01);
    }

    #[test]
    fn a_date_as_spreadsheets_here_write_it_passes() {
        Bench::standard().claim("claim_date", "01/12/2018").passes(Code::ROW03);
    }

    #[test]
    fn what_is_written_otherwise_passes() {
        for (column, value) in [
            ("hours_per_week", "30 hours"),
            ("amount_claimed", "£2,500.00"),
            ("employment_type", "Employed"),
            ("paye_reference", "99/A246"),
            ("claim_date", "1 Dec 2018"),
        ] {
            Bench::standard().claim(column, value).passes(Code::ROW03);
        }
    }
}

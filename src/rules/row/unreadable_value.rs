//! # ROW03: a value is not of its type or not in its list
//!
//! **Checks** that every filled cell holds a value of its column's type: a calendar date, pounds and pence, hours, a
//! PAYE reference, a word of its list. What has one reading is read, however it is written; section 2a lists the ways.
//!
//! **Why** A value that has to be guessed is not evidence. What spreadsheets do to dates and identifiers is named,
//! never repaired.
//!
//! **Verdict** reject in a column that must have a value, query in one that may be empty: the claim is decided without
//! that cell, and a person looks at it. Each bad cell is a fact of its own, with what was found in it.
//!
//! **Source** Rulebook, section 2 and 9.
//!
//! **Example** `job_start_date` holds `43221`, a spreadsheet's serial number for 1 May 2018.

use crate::rules::{Case, Code, Disclosed, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// ROW03, registered.
pub static RULE: Rule = Rule {
    code: Code::ROW03,
    weight: Weight::REJECT.or_query_where_unclear().never_below_query(),
    since: "0.1.0",
    rulebook: &[2, 9],
    title: "a value is not of its type or not in its list",
    says: "{columns} could not be read: {reason}",
    reads: &[Reads::Claim],
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
    let Some((first, _)) = bad.first() else { return Status::Passed };
    let columns: Vec<&str> = bad.iter().map(|(error, _)| error.column).collect();
    let mut facts = vec![Fact::new("columns", columns.join(", ")), Fact::new("reason", first.fault.to_string())];
    facts.extend(bad.iter().map(|(error, text)| Fact::new(error.column, text.0)));
    let is_needed = cells.iter().any(|cell| cell.required && cell.unreadable.is_some());
    if is_needed { Status::Failed(facts) } else { Status::Unclear(facts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn a_value_of_another_type_fails() {
        for (column, value) in [("job_start_date", "43221"), ("claim_date", "01/12/18")] {
            Bench::standard().claim(column, value).fails(Code::ROW03);
            Bench::standard().claim(column, value).claim("hours_per_week", "sixteen").fails(Code::ROW03);
        }
    }

    #[test]
    fn a_value_of_another_type_in_a_column_that_may_be_empty_goes_to_a_person() {
        for (column, value) in [
            ("job_end_date", "43221"),
            ("hours_per_week", "16-24"),
            ("amount_claimed", "2500.001"),
            ("employment_type", "part-time"),
            ("paye_reference", "A246"),
        ] {
            Bench::standard().claim(column, value).asks_a_person(Code::ROW03);
        }
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

    #[test]
    fn a_date_as_spreadsheets_here_write_it_passes() {
        Bench::standard().claim("claim_date", "01/12/2018").passes(Code::ROW03);
    }
}

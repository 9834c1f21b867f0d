//! Takes what may be personal out of a claim before it is told: what is of the person, what slipped into another column, and what
//! stands in cells that could not be read.

use super::filed::{FiledClaim, FiledFinding};
use crate::domain::withheld::{PERSONAL_COLUMNS, of_unreadable, shown, shown_cell, shown_name, shown_reference};
use crate::domain::{Claim, Masked};

/// The same claim with nothing personal in its cells, its findings and the names of its employers.
pub(super) fn masked(filed: &FiledClaim) -> FiledClaim {
    let cells = filed.cells.iter().filter(|(column, _)| !PERSONAL_COLUMNS.contains(&column.as_str()));
    let cells = cells.map(|(column, text)| (column.clone(), cell(filed, column, text)));
    let mut payments = filed.payments.clone();
    for paid in &mut payments {
        paid.cells.0.remove("payroll_id");
        paid.payment.employer_name = paid.payment.employer_name.take().map(|name| employer_name(&name).into());
    }
    FiledClaim {
        cells: Masked(cells.collect()),
        findings: filed.findings.iter().map(|found| finding(filed, found)).collect(),
        payments,
        ..filed.clone()
    }
}

/// A cell of a column that is not of the person.
fn cell(filed: &FiledClaim, column: &str, text: &str) -> String {
    if is_unread(filed, column) {
        return of_unreadable(text);
    }
    shown_cell(column, text).to_owned()
}

/// What a rule found, without its facts of the person. The message says a withheld fact no more than the facts do.
fn finding(filed: &FiledClaim, found: &FiledFinding) -> FiledFinding {
    let mut message = found.message.clone();
    let mut facts = Vec::new();
    for (name, value) in found.facts.iter() {
        let told = if is_unread(filed, name) { of_unreadable(value) } else { shown_reference(value).to_owned() };
        if told != *value && !value.is_empty() {
            message = message.replace(value.as_str(), &told);
        }
        if !PERSONAL_COLUMNS.contains(&name.as_str()) {
            facts.push((name.clone(), told));
        }
    }
    FiledFinding { message, facts: Masked(facts), ..found.clone() }
}

/// Whether this is a column of the claim whose cell could not be read: a result has no value of it, or one that is none.
fn is_unread(filed: &FiledClaim, column: &str) -> bool {
    let is_column = Claim::COLUMNS.iter().any(|known| known.name == column);
    let has_value = filed.cells.iter().any(|(own, _)| own == column);
    let mut cells = filed.claim.cells().into_iter();
    is_column && (!has_value || cells.any(|cell| cell.column == column && cell.unreadable.is_some()))
}

/// An employer's name. It holds a person's number or birth date where columns slipped.
fn employer_name(name: &str) -> &str {
    shown(shown_name(name))
}

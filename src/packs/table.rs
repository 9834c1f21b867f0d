//! A provider's claims as CSV for spreadsheets.

use super::PackClaim;
use super::disclosed::{reason, what_to_send};
use crate::domain::withheld::shown;
use crate::error::RunError;
use crate::rules::Severity;
use crate::workbooks::csv::{spreadsheet_cell, table};

/// Columns copied from the claim's row.
const OWN: [&str; 10] = [
    "claim_row",
    "claim_id",
    "contract_id",
    "participant_id",
    "outcome",
    "job_start_date",
    "claim_date",
    "amount_claimed",
    "verdict",
    "payable",
];
/// Columns that disclose pay and employers.
const EARNINGS: [&str; 5] = ["achieved_on", "employer", "first_cover", "last_cover", "pay_in_window"];

/// The table: a row for each claim.
pub(super) fn csv(claims: &[PackClaim], with_earnings: bool) -> Result<String, RunError> {
    let earnings: &[&str] = if with_earnings { &EARNINGS } else { &[] };
    let told = ["rules", "reasons", "what_to_send", "look_again_on"];
    let heads: Vec<&str> = OWN.iter().chain(earnings).chain(&told).copied().collect();
    let cells = |claim: &PackClaim| {
        let mut cells: Vec<String> =
            OWN.iter().chain(earnings).map(|column| spreadsheet_cell(of_nobody(column, claim.cell(column)))).collect();
        cells.extend(
            [codes(claim), reasons(claim, with_earnings), evidence_to_send(claim)]
                .iter()
                .map(|text| spreadsheet_cell(text)),
        );
        cells.push(claim.cell("recheck_on").to_owned());
        cells
    };
    table(&heads, claims.iter().map(cells))
}

/// A cell, but for a person's number or birth date that slipped into a column which says nothing of a person.
fn of_nobody<'text>(column: &str, text: &'text str) -> &'text str {
    if matches!(column, "contract_id" | "outcome") { shown(text) } else { text }
}

/// The rules that decided, without those that only note.
fn deciding_reasons(claim: &PackClaim) -> impl Iterator<Item = &(String, String, String)> {
    claim.reasons.iter().filter(|(_, severity, _)| severity != Severity::Note.name())
}

pub(super) fn codes(claim: &PackClaim) -> String {
    deciding_reasons(claim).map(|(code, ..)| code.as_str()).collect::<Vec<_>>().join(" ")
}

pub(super) fn reasons(claim: &PackClaim, with_earnings: bool) -> String {
    deciding_reasons(claim)
        .map(|(code, _, message)| reason(code, message, with_earnings))
        .collect::<Vec<_>>()
        .join("; ")
}

/// What to send for all reasons together, each thing once; that nothing is to be sent only where that holds for all of them.
pub(super) fn evidence_to_send(claim: &PackClaim) -> String {
    let mut all: Vec<String> = Vec::new();
    for (code, ..) in deciding_reasons(claim) {
        let one = what_to_send(code, claim.cell("recheck_on"));
        if !one.is_empty() && !all.contains(&one) {
            all.push(one);
        }
    }
    let is_nothing = |one: &String| one.starts_with("Nothing");
    if !all.iter().all(is_nothing) {
        all.retain(|one| !is_nothing(one));
    }
    all.join(" ")
}

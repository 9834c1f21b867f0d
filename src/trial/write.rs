//! A scheme's cases as a batch of files: claims, register, earnings and what each claim must come to.

use std::io::Write;
use std::path::Path;

use super::{CellsByColumn, Trial, TrialCase, expected};
use crate::domain::{Claim, Column, Participant, Payment};
use crate::error::{RunError, describe_io_error};
use crate::scheme::Scheme;
use crate::staging::Staging;
use crate::workbooks::csv;

/// Writes a batch of so many claims, all cases once where no number is given; returns the files and their rows.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    trial: &Trial,
    scheme: &Scheme,
    claims: Option<usize>,
    room: &Staging,
) -> Result<Vec<(String, u64)>, RunError> {
    let wanted = claims.unwrap_or(trial.cases.len());
    let cases: Vec<TrialCase> = trial
        .cases
        .iter()
        .cycle()
        .take(wanted)
        .cloned()
        .enumerate()
        .map(|(number, case)| case.of_person(number))
        .collect();
    let mut payments: Vec<&CellsByColumn> = cases.iter().flat_map(|case| &case.payments).collect();
    payments.sort_by_key(|payment| (payment.get("payment_date"), payment.get("nino")));
    let answers = cases.iter().map(|case| {
        let answer = expected(scheme, case);
        let codes: Vec<&str> = answer.codes.iter().map(|code| code.as_str()).collect();
        vec![cell(&case.claim, "claim_id"), case.name.clone(), answer.verdict.name().into(), codes.join(" ")]
    });
    let answers = table(&["claim_id", "case", "verdict", "codes"], answers)?;
    let files = [
        ("claims.csv", of_columns(&Claim::COLUMNS, cases.iter().map(|case| &case.claim))?),
        ("register.csv", of_columns(&Participant::COLUMNS, cases.iter().map(|case| &case.participant))?),
        ("earnings.csv", of_columns(&Payment::COLUMNS, payments.into_iter())?),
        ("expected.csv", answers),
    ];
    files.into_iter().map(|(name, (text, rows))| put(room, name, &text).map(|()| (name.to_owned(), rows))).collect()
}

fn put(room: &Staging, name: &'static str, text: &str) -> Result<(), RunError> {
    let failed = |error: std::io::Error| {
        RunError::Untrusted(format!(
            "{} could not be written ({})",
            Path::new(name).display(),
            describe_io_error(&error)
        ))
    };
    room.create(name)?.write_all(text.as_bytes()).map_err(failed)
}

fn of_columns<'a>(
    columns: &[Column],
    rows: impl Iterator<Item = &'a CellsByColumn>,
) -> Result<(String, u64), RunError> {
    let names: Vec<&'static str> = columns.iter().map(|column| column.name).collect();
    table(&names, rows.map(|cells| names.iter().map(|name| cell(cells, name)).collect()))
}

fn cell(cells: &CellsByColumn, column: &str) -> String {
    cells.get(column).cloned().unwrap_or_default()
}

fn table(names: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<(String, u64), RunError> {
    let mut count = 0;
    let text = csv::table(names, rows.inspect(|_| count += 1))?;
    Ok((text, count))
}

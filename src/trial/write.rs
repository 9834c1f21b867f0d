//! A scheme's cases as a batch of files: claims, register, earnings and what each claim must come to.

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;

use super::{CellsByColumn, Trial, TrialCase, expected};
use crate::domain::paydays::{GivenDays, Month};
use crate::domain::{Claim, Column, Participant, PaydayCounts, Payment};
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
    let others = payments_of_others(trial, &cases);
    let mut payments: Vec<&CellsByColumn> = cases.iter().flat_map(|case| &case.payments).chain(&others).collect();
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

/// Payments of people nobody claims for, in every month that the extract speaks for: an extract in which a month has hardly any
/// rows does not speak for it, and the cases leave many months without any.
fn payments_of_others(trial: &Trial, cases: &[TrialCase]) -> Vec<CellsByColumn> {
    let paydays = cases.iter().flat_map(|case| &case.payments).filter_map(|payment| {
        let payday = payment.get("payment_date")?.parse::<NaiveDate>().ok()?;
        Some((payday, 1))
    });
    let paydays: PaydayCounts = paydays.collect();
    let Some(most) = paydays.months().each(GivenDays::default()).into_iter().map(|month| month.rows).max() else {
        return Vec::new();
    };
    let first = Month::of(trial.observed_from);
    let months = std::iter::successors(Some(first), |month| Some(month.next()));
    let months = months.take_while(|month| month.first_day() <= trial.cut_off);
    let ends = |month: Month| {
        [month.first_day().max(trial.observed_from), month.last_day().min(trial.cut_off)].map(|day| day.to_string())
    };
    let template = cases.iter().flat_map(|case| &case.payments).next().cloned().unwrap_or_default();
    let payment = |(number, payday): (u64, &String)| {
        let mut payment = template.clone();
        payment.extend([
            ("nino", format!("PZ{:06}A", 100_000 + number)),
            ("surname", "Other".to_owned()),
            ("payment_date", payday.clone()),
            ("employment_start_date", String::new()),
            ("leaving_date", String::new()),
            ("payment_id", String::new()),
        ]);
        payment
    };
    let paid_in = |month: Month| -> Vec<CellsByColumn> {
        (0..most.max(2)).zip(ends(month).iter().cycle()).map(payment).collect()
    };
    months.flat_map(paid_in).collect()
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

//! Writes the sheet that people fill in: the drawn claims, with empty columns for what was found.

use std::io::Write as _;

use super::SampleAccount;
use super::draw::ValidatedClaim;
use super::precision::{SamplePrecision, StratumPrecision};
use crate::account::OutputAccount;
use crate::domain::{Pence, count_of};
use crate::error::RunError;
use crate::staging::Staging;
use crate::staging::write_text;
use crate::workbooks::csv::{spreadsheet_cell, table};
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet, xlsx};

/// The columns of the run that the sheet shows.
const KNOWN: [&str; 10] = [
    "claim_id",
    "provider_id",
    "contract_id",
    "participant_id",
    "outcome",
    "job_start_date",
    "achieved_on",
    "employer",
    "first_cover",
    "last_cover",
];

/// What people fill in: whether the claim was right, what should have been paid where it was not, by whom, and anything else.
pub(super) const FILLED: [&str; 4] = ["right", "should_be", "checked_by", "note"];

/// The sheet as separated values.
fn csv(drawn: &[ValidatedClaim]) -> Result<String, RunError> {
    let heads: Vec<&str> = ["claim_row", "stratum"].into_iter().chain(KNOWN).chain(["amount"]).chain(FILLED).collect();
    let cells = |claim: &ValidatedClaim| {
        let mut cells = vec![claim.row.to_string(), spreadsheet_cell(&claim.stratum)];
        cells.extend(KNOWN.iter().map(|column| spreadsheet_cell(claim.cells.get(*column).map_or("", String::as_str))));
        cells.push(Pence(claim.pence).plain());
        cells.extend(FILLED.iter().map(|_| String::new()));
        cells
    };
    table(&heads, drawn.iter().map(cells))
}

/// The sheet as separated values.
pub(super) const CSV: &str = "sample.csv";
/// The sheet as a spreadsheet, with instructions.
pub(super) const XLSX: &str = "sample.xlsx";
/// The name of the sheet to fill in.
pub(super) const CLAIMS_SHEET: &str = "claims";

/// Writes both files and returns their accounts.
pub(super) fn write(
    staging: &Staging,
    account: &SampleAccount,
    drawn: &[ValidatedClaim],
) -> Result<Vec<OutputAccount>, RunError> {
    let failed = || RunError::Untrusted(format!("{XLSX} could not be written; is the disk full?"));
    let rows = count_of(drawn.len());
    let csv = OutputAccount { rows, ..write_text(staging, CSV, &csv(drawn)?)? };
    let bytes = xlsx(&spreadsheet(account, drawn)).map_err(|_| failed())?;
    staging.create(XLSX)?.write_all(&bytes).map_err(|_| failed())?;
    Ok(vec![csv, staging.account_of(XLSX, rows)?])
}

/// What the sample will be able to say, in all and of each stratum.
fn precision_lines(precision: &SamplePrecision) -> Vec<String> {
    let line = |stratum: &StratumPrecision| {
        format!("{}, {} of {}: {}.", stratum.name, stratum.drawn, stratum.claims, stratum.in_short())
    };
    // One stratum is all there is.
    let strata = if precision.strata.len() == 1 { &[][..] } else { &precision.strata };
    precision.sentences().into_iter().chain(strata.iter().map(line)).collect()
}

fn spreadsheet(account: &SampleAccount, drawn: &[ValidatedClaim]) -> Spreadsheet {
    let title = "Validated claims to check by hand".to_owned();
    let how = Sheet {
        tab: "how to".into(),
        title: title.clone(),
        lines: vec![
            format!("Run {}, seed {}, {} claims drawn.", account.run, account.seed, drawn.len()),
            format!("Fill in the sheet {CLAIMS_SHEET}: right is yes or no."),
            "Where it is no, should_be is what should have been paid, in pounds; 0 where nothing.".into(),
            "Save this workbook as it is, and give it to sustain audit-sample with --results.".into(),
        ]
        .into_iter()
        .chain(account.precision.iter().flat_map(precision_lines))
        .collect(),
        table: None,
    };
    let heads = [("claim_row", 10), ("stratum", 16)]
        .into_iter()
        .chain(KNOWN.map(|column| (column, 18)))
        .chain([("amount", 12)])
        .chain(FILLED.map(|column| (column, 16)));
    let row = |claim: &ValidatedClaim| {
        let mut cells = vec![SheetCell::Text(claim.row.to_string()), SheetCell::Text(claim.stratum.clone())];
        cells.extend(KNOWN.iter().map(|column| SheetCell::Text(claim.cells.get(*column).cloned().unwrap_or_default())));
        cells.push(SheetCell::Amount(Pence(claim.pence)));
        cells.extend(FILLED.iter().map(|_| SheetCell::Text(String::new())));
        cells
    };
    let table =
        SheetTable { name: CLAIMS_SHEET.into(), columns: heads.collect(), rows: drawn.iter().map(row).collect() };
    // No title: what is saved of it as separated values must begin with the headings.
    let claims = Sheet { tab: CLAIMS_SHEET.into(), title: String::new(), lines: Vec::new(), table: Some(table) };
    Spreadsheet { title, sheets: vec![how, claims] }
}

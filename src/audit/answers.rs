//! The sheet as people filled it in.

use std::collections::BTreeMap;
use std::path::Path;

use super::SampleAccount;
use crate::domain::field::{Column, Field};
use crate::domain::{Fault, Pence};
use crate::error::{InputError, RunError};
use crate::extract::source::Source;
use crate::extract::table;

/// What is read of a filled sheet.
const COLUMNS: [Column; 5] = [
    Column::required("claim_row", &[], "the row of the claim in the claims file"),
    Column::required("claim_id", &[], "the claim, as the sheet gave it"),
    Column::required("amount", &[], "what was payable, as the sheet gave it"),
    Column::required("right", &[], "yes or no"),
    Column::optional("should_be", &[], "what should have been paid, pounds; needed where right is no"),
];

/// One checked claim.
pub(super) struct Checked {
    /// What was payable, in pence.
    pub(super) amount: i64,
    /// Whether it should not have been validated as it was.
    pub(super) is_wrong: bool,
    /// What was too much of it.
    pub(super) overpaid: i64,
}

/// Reads a filled sheet: the checked claims, by row.
///
/// # Errors
/// A sheet that cannot be used, by line and column; a claim that was not drawn, or stands there twice.
pub(super) fn read(sheet: &Path, sample: &SampleAccount) -> Result<BTreeMap<u32, Checked>, RunError> {
    if sheet.extension().is_some_and(|extension| extension == "xlsx" || extension == "ods") {
        let hint = "save its sheet `claims` as CSV and give that";
        return Err(InputError::new(sheet.display().to_string(), "this is a spreadsheet", hint).into());
    }
    let surveyed = &Source::new(sheet.to_owned()).survey()?;
    let table = table::read(surveyed, &COLUMNS)?;
    table.whole(surveyed)?;
    let error = |index: usize, problem: String, hint: &str| -> RunError {
        table.error_in(surveyed, index, problem, hint).into()
    };
    let cells = table.cells(&COLUMNS);
    let mut checked = BTreeMap::new();
    for index in 0..table.frame.height() {
        let cell = |name: &str| cells.get(index, name);
        let row = Field::read(cell("claim_row"), |text| text.parse::<u32>().map_err(|_| Fault::expected("a number")));
        let Field::Given(row) = row else {
            return Err(error(index, "claim_row cannot be used".into(), "it is the number the sample gave"));
        };
        let all = sample.strata.iter().flat_map(|stratum| &stratum.drawn);
        let Some(drawn) = all.into_iter().find(|drawn| drawn.row == row) else {
            return Err(error(index, format!("claim row {row} was not drawn"), "fill in the sheet of this sample"));
        };
        let amount = |name: &str| match Field::read(cell(name), Pence::parse) {
            Field::Given(amount) => Ok(Some(amount.0)),
            Field::Empty => Ok(None),
            Field::Unreadable(..) => Err(error(
                index,
                format!("{name} cannot be used"),
                "pounds, such as 1250.00, and 0 where nothing was due",
            )),
        };
        if !holds(cell("claim_id").unwrap_or_default(), &drawn.claim_id) || amount("amount")? != Some(drawn.pence) {
            let problem = format!("claim_id or amount is not that of claim row {row}");
            return Err(error(index, problem, "leave what the sheet gave as it is; sorting must move whole rows"));
        }
        let is_right = match Field::read(cell("right"), parse_right) {
            // Not checked yet.
            Field::Empty => continue,
            Field::Given(is_right) => is_right,
            Field::Unreadable(..) => return Err(error(index, "right cannot be used".into(), "it is yes or no")),
        };
        let should_be = should_be(is_right, amount("should_be")?, drawn.pence)
            .map_err(|(problem, hint)| error(index, problem.into(), hint))?;
        let one = Checked { amount: drawn.pence, is_wrong: !is_right, overpaid: drawn.pence.saturating_sub(should_be) };
        if checked.insert(row, one).is_some() {
            return Err(error(index, format!("claim row {row} stands there twice"), "leave one out"));
        }
    }
    Ok(checked)
}

/// What should have been paid; or what is wrong with the answer, and what is meant.
fn should_be(is_right: bool, given: Option<i64>, paid: i64) -> Result<i64, (&'static str, &'static str)> {
    match (is_right, given) {
        (true, None) => Ok(paid),
        // What it is worth is not known.
        (false, None | Some(0)) if paid == 0 => Ok(0),
        (true, Some(should_be)) if should_be == paid => Ok(paid),
        (true, Some(_)) => {
            Err(("right is yes and should_be is another amount", "where right is yes, leave should_be empty"))
        }
        (false, Some(should_be)) if (0..paid).contains(&should_be) => Ok(should_be),
        (false, Some(_)) => Err((
            "right is no and should_be is not less than the amount",
            "where right is no, less than the amount should have been paid; put anything else in note",
        )),
        (false, None) => Err(("should_be is empty", "where right is no, what should have been paid; 0 for nothing")),
    }
}

/// Whether a cell holds a claim's number, as it stands or as a table for spreadsheets holds what they would run as a formula.
fn holds(cell: &str, claim_id: &str) -> bool {
    cell == claim_id || cell.strip_prefix('\'') == Some(claim_id)
}

fn parse_right(text: &str) -> Result<bool, Fault> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" => Ok(true),
        "no" | "n" | "false" => Ok(false),
        _ => Err(Fault::expected("yes or no")),
    }
}

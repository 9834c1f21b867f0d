//! Reads the sheet that people filled in.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::SampleAccount;
use super::sheet::CLAIMS_SHEET;
use crate::domain::field::{Column, Field};
use crate::domain::{Fault, Pence};
use crate::error::RunError;
use crate::extract::file_options::FileOptions;
use crate::extract::source::InputFile;
use crate::extract::table;

/// The columns read from a filled sheet.
const COLUMNS: [Column; 5] = [
    Column::required("claim_row", &[], "the row of the claim in the claims file"),
    Column::required("claim_id", &[], "the claim, as the sheet gave it"),
    Column::required("amount", &[], "what was payable, as the sheet gave it"),
    Column::required("right", &[], "yes or no, true or false"),
    Column::optional("should_be", &[], "what should have been paid, pounds; needed where right is no"),
];

/// A claim that was checked by hand.
pub(super) struct CheckedClaim {
    /// What was payable, in pence.
    pub(super) amount: i64,
    /// Whether it should not have been validated as it was.
    pub(super) is_wrong: bool,
    /// How much of it was overpaid, in pence.
    pub(super) overpaid: i64,
}

/// Reads a filled sheet: the checked claims, by row.
///
/// # Errors
/// The sheet cannot be used (the error names line and column), lists a claim that was not drawn, or lists a claim
/// twice.
pub(super) fn read(sheet: &Path, sample: &SampleAccount) -> Result<BTreeMap<u32, CheckedClaim>, RunError> {
    let options = FileOptions {
        usual_sheet: Some(CLAIMS_SHEET),
        filled_in: Some("the sheet that was drawn"),
        ..FileOptions::default()
    };
    let sniffed = &InputFile::new(sheet.to_owned()).read_as(&Arc::new(options)).sniff()?;
    let table = table::read(sniffed, &COLUMNS)?;
    table.whole(sniffed)?;
    let error = |index: usize, problem: String, hint: &str| -> RunError {
        table.error_in(sniffed, index, problem, hint).into()
    };
    let cells = table.cells(&COLUMNS);
    let mut checked = BTreeMap::new();
    for index in 0..table.frame.height() {
        let cell = |name: &str| cells.get(index, name);
        let row = Field::read(cell("claim_row"), |text| text.parse::<u32>().map_err(|_| Fault::expected("a number")));
        let Field::Given(row) = row else {
            return Err(error(index, "claim_row cannot be read".into(), "leave the number that the sample gave"));
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
                format!("{name} cannot be read"),
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
            Field::Unreadable(..) => return Err(error(index, "right cannot be read".into(), "write yes or no")),
        };
        let should_be = should_be(is_right, amount("should_be")?, drawn.pence)
            .map_err(|(problem, hint)| error(index, problem.into(), hint))?;
        let one =
            CheckedClaim { amount: drawn.pence, is_wrong: !is_right, overpaid: drawn.pence.saturating_sub(should_be) };
        if checked.insert(row, one).is_some() {
            return Err(error(index, format!("claim row {row} is in the sheet twice"), "remove one of the rows"));
        }
    }
    Ok(checked)
}

/// The amount that should have been paid, or the problem with the answer and a hint.
fn should_be(is_right: bool, given: Option<i64>, paid: i64) -> Result<i64, (&'static str, &'static str)> {
    match (is_right, given) {
        (true, None) => Ok(paid),
        // The amount of the claim is not known.
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

/// Whether a cell holds a claim's number, either as it is or escaped against being run as a spreadsheet formula.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Program;
    use crate::audit_sample::{DrawnClaim, StratifyBy, Stratum};
    use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet, ods, xlsx};

    fn sample() -> SampleAccount {
        let drawn = |row: u32| DrawnClaim { row, claim_id: format!("00{row}"), pence: 125_000 };
        let all = Stratum {
            name: "all".into(),
            claims: 3,
            pence: 375_000,
            worth: Vec::new(),
            drawn: (1..=3).map(drawn).collect(),
        };
        SampleAccount {
            program: Program::this(),
            run: String::new(),
            size: 3,
            seed: 1,
            by: StratifyBy::Nothing,
            strata: vec![all],
            precision: None,
            outputs: Vec::new(),
            seal: String::new(),
        }
    }

    /// A workbook as people fill it in: amounts are numbers, and a copy of the sheet is kept.
    fn filled() -> Spreadsheet {
        let text = |text: &str| SheetCell::Text(text.into());
        let columns = ["claim_row", "claim_id", "amount", "right", "should_be"].map(|name| (name, 12)).to_vec();
        let sheet = |tab: &str, rows: Vec<Vec<SheetCell>>| Sheet {
            tab: tab.into(),
            title: String::new(),
            lines: Vec::new(),
            table: Some(SheetTable { name: tab.into(), columns: columns.clone(), rows }),
        };
        let how = Sheet { tab: "how to".into(), title: "How to".into(), lines: vec!["Fill in.".into()], table: None };
        let claims = vec![
            vec![SheetCell::Count(1), text("001"), text("1250.00"), text("no"), SheetCell::Pounds(1_000.5)],
            vec![text("2"), text("002"), SheetCell::Pounds(1_250.0), text("Yes"), text("")],
            vec![text("3"), text("003"), text("1250.00"), text(""), text("")],
        ];
        Spreadsheet { title: "Filled".into(), sheets: vec![how, sheet("copy", Vec::new()), sheet("claims", claims)] }
    }

    #[test]
    fn a_workbook_is_read_as_it_was_filled_in_and_saved() {
        let room = tempfile::tempdir().unwrap();
        for (name, bytes) in [("sample.xlsx", xlsx(&filled()).unwrap()), ("sample.ods", ods(&filled()).unwrap())] {
            let path = room.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let checked = read(&path, &sample()).unwrap();
            let told: Vec<(u32, bool, i64)> =
                checked.iter().map(|(row, one)| (*row, one.is_wrong, one.overpaid)).collect();
            assert_eq!(told, [(1, true, 24_950), (2, false, 0)], "{name}");
        }
    }
}

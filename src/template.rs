//! An empty workbook of an input: its columns, what they hold, and lists of the values that are accepted.

use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::domain::field::Need;
use crate::domain::{Claim, Column, Participant, Payment};
use crate::error::RunError;
use crate::scheme::Scheme;

/// How many rows the lists and formats are for.
const ROWS: u32 = 10_000;

/// The longest list that XLSX holds within a cell, separators included.
const LONGEST_LIST: usize = 255;

/// An input that a workbook may be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateInput {
    /// The claims.
    Claims,
    /// The register.
    Register,
    /// The earnings.
    Earnings,
}

impl TemplateInput {
    /// The input's name, which is also that of the sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Register => "register",
            Self::Earnings => "earnings",
        }
    }

    /// Its columns.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Claims => &Claim::COLUMNS,
            Self::Register => &Participant::COLUMNS,
            Self::Earnings => &Payment::COLUMNS,
        }
    }
}

/// The bytes of an empty workbook; of a scheme it offers the outcomes, cohorts, contracts and benefits. The same input and
/// scheme give the same bytes.
///
/// # Errors
/// Never for the columns and schemes there are.
pub fn workbook(input: TemplateInput, scheme: Option<&Scheme>) -> Result<Vec<u8>, RunError> {
    bytes(input, scheme).map_err(|error| RunError::Untrusted(format!("the workbook could not be made: {error}")))
}

fn bytes(input: TemplateInput, scheme: Option<&Scheme>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(input.name()).set_creation_datetime(&made));
    write_rows(book.add_worksheet(), input, scheme)?;
    write_meanings(book.add_worksheet(), input, scheme)?;
    book.save_to_buffer()
}

/// The sheet that is filled in.
fn write_rows(page: &mut Worksheet, input: TemplateInput, scheme: Option<&Scheme>) -> Result<(), XlsxError> {
    let (needed, optional) = (Format::new().set_bold(), Format::new());
    page.set_name(input.name())?.set_freeze_panes(1, 0)?;
    for (column, at) in input.columns().iter().zip(0_u16..) {
        let heading = if column.need == Need::Required { &needed } else { &optional };
        page.write_string_with_format(0, at, column.name, heading)?;
        // Identifiers stay as they are typed: a number would lose its leading noughts.
        let format = if is_date(column.name) { "yyyy-mm-dd" } else { "@" };
        page.set_column_format(at, &Format::new().set_num_format(format))?;
        page.set_column_width(at, u16::try_from(column.name.len() + 4).unwrap_or(20))?;
        let accepted = accepted(column.name, scheme);
        let fits = accepted.iter().map(|value| value.len() + 1).sum::<usize>() <= LONGEST_LIST;
        if !accepted.is_empty() && fits {
            let list = DataValidation::new().allow_list_strings(&accepted)?.ignore_blank(true);
            page.add_data_validation(1, at, ROWS, at, &list)?;
        }
    }
    Ok(())
}

/// The sheet that says what the columns hold.
fn write_meanings(page: &mut Worksheet, input: TemplateInput, scheme: Option<&Scheme>) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold();
    let wrapped = Format::new().set_text_wrap();
    page.set_name("Columns")?.set_freeze_panes(1, 0)?;
    let headings =
        [("Column", 24_u16), ("Needed", 10), ("What it holds", 60), ("Accepted values", 40), ("Also named", 60)];
    for ((name, width), at) in headings.into_iter().zip(0_u16..) {
        page.write_string_with_format(0, at, name, &heading)?;
        page.set_column_width(at, width)?;
    }
    for (column, row) in input.columns().iter().zip(1_u32..) {
        let needed = if column.need == Need::Required { "yes" } else { "" };
        let others: Vec<&str> = column.names().skip(1).collect();
        let cells = [column.name, needed, column.means, &accepted(column.name, scheme).join(", "), &others.join(", ")];
        for (text, at) in cells.into_iter().zip(0_u16..) {
            page.write_string_with_format(row, at, text, &wrapped)?;
        }
    }
    Ok(())
}

fn is_date(column: &str) -> bool {
    column.contains("date") || matches!(column, "no_longer_valid")
}

/// The values that a column accepts, where they are a list.
fn accepted(column: &str, scheme: Option<&Scheme>) -> Vec<String> {
    let texts = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let listed = |values: Option<&Vec<String>>| values.cloned().unwrap_or_default();
    match column {
        "outcome" => scheme.map_or_else(Vec::new, |scheme| scheme.outcomes.iter().map(|one| one.id.clone()).collect()),
        "cohort" => listed(scheme.and_then(|scheme| scheme.cohorts.as_ref()).map(|cohorts| &cohorts.value)),
        "contract_id" => listed(scheme.and_then(|scheme| scheme.contracts.as_ref()).map(|contracts| &contracts.value)),
        "employment_type" => texts(&["employed", "self_employed"]),
        "benefit" => texts(&["esa", "uc", "none", "other"]),
        "sex" => texts(&["F", "M"]),
        "end_reason" => texts(&["completed", "exited"]),
        "on_other_provision" | "in_work_at_start" => texts(&["true", "false"]),
        "irregular_payment" | "pension_payment" | "payment_after_leaving" => texts(&["Y", "N"]),
        "hours_band" => texts(&["A", "B", "C", "D", "E"]),
        "pay_frequency" => texts(&["W1", "W2", "W4", "M1", "M3", "M6", "MA", "IO", "IR"]),
        _ => Vec::new(),
    }
}

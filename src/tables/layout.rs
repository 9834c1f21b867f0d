//! The columns of the outputs: names, types, what they mean, and which hold personal data.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

use super::run_columns::run_columns;

/// A column of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// What it holds.
    pub means: &'static str,
    /// Whether it holds personal data: such a column has no statistics, for minimum and maximum are values.
    pub personal: Personal,
}

/// Whether a column holds personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personal {
    /// It may identify a person.
    Yes,
    /// It does not.
    No,
}

/// Pounds and pence, exact.
pub const MONEY: DataType = DataType::Decimal128(14, 2);
/// Hours a week, exact.
pub const HOURS: DataType = DataType::Decimal128(5, 2);

/// The moment a submission was received.
pub fn moment() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The fields of one reason.
pub fn reason_fields() -> Fields {
    ["code", "severity", "message"].into_iter().map(|name| Field::new(name, DataType::Utf8, false)).collect()
}

/// The fields of one fact.
pub fn fact_fields() -> Fields {
    ["name", "value"].into_iter().map(|name| Field::new(name, DataType::Utf8, false)).collect()
}

/// The fields of a rule that does not apply.
pub fn not_applicable_fields() -> Fields {
    ["code", "why"].into_iter().map(|name| Field::new(name, DataType::Utf8, false)).collect()
}

fn list_of_texts() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Utf8, false)))
}

fn list_of(fields: Fields) -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Struct(fields), false)))
}

pub(super) fn column(name: &str, data_type: DataType, means: &'static str) -> OutputColumn {
    OutputColumn { name: name.into(), data_type, means, personal: Personal::No }
}

fn personal(name: &str, data_type: DataType, means: &'static str) -> OutputColumn {
    OutputColumn { personal: Personal::Yes, ..column(name, data_type, means) }
}

/// The columns of the three claim files: the claim's own, the file's other columns, then what was decided.
pub fn claims(extra: &[String]) -> Vec<OutputColumn> {
    use DataType::{Date32, Int32, Utf8};
    let mut columns = vec![
        column("claim_id", Utf8, "the provider's number for the claim"),
        column("provider_id", Utf8, "who claims"),
        column("contract_id", Utf8, "under which contract"),
        column("participant_id", Utf8, "for whom"),
        personal("nino", Utf8, "National Insurance number, as the claim gives it"),
        personal("surname", Utf8, "surname, as the claim gives it"),
        personal("forename", Utf8, "forename, as the claim gives it"),
        personal("date_of_birth", Date32, "date of birth; null where it could not be read"),
        column("outcome", Utf8, "which outcome of the scheme"),
        column("employment_type", Utf8, "employed or self_employed"),
        column("job_start_date", Date32, "the claimed job start; null where it could not be read"),
        column("job_end_date", Date32, "the claimed job end"),
        column("hours_per_week", HOURS, "hours a week, as the claim gives them"),
        column("employer_name", Utf8, "the employer's name, as the claim gives it"),
        column("paye_reference", Utf8, "the employer's PAYE reference, as the claim gives it"),
        column("outcome_date", Date32, "when the provider says the outcome was achieved"),
        column("claim_date", Date32, "when the claim was made; null where it could not be read"),
        column("amount_claimed", MONEY, "pounds claimed"),
    ];
    columns.extend(extra.iter().map(|name| personal(name, Utf8, "carried through from the claims file")));
    columns.extend([
        column("verdict", Utf8, "validated, rejected or queried"),
        column("primary_reason", Utf8, "the first failing rule: rejections, then queries; null if validated"),
        column("reasons", list_of(reason_fields()), "every failing rule, notes included, in the order of the codes"),
        column("achieved_on", Date32, "the day the evidence shows the outcome achieved"),
        column("yes_days", Int32, "days of the window worked at the outcome's hours"),
        column("unknown_days", Int32, "days of the window that may have been"),
        column("below_days", Int32, "days of the window at fewer hours"),
        column("employer", Utf8, "PAYE reference of the employer the evidence is of"),
        column("first_cover", Date32, "the first day the job's pay covers"),
        column("last_cover", Date32, "the last day the employer's pay covers"),
        column("pay_in_window", MONEY, "pounds the employer paid on paydays within the window; for an outcome of earnings, all that was earned in it"),
        column("recheck_on", Date32, "when a later extract can settle the query"),
        claim_row(),
        column("payable", MONEY, "pounds the scheme pays for a validated claim; null where it states no price"),
        column("participant_start", Date32, "when the participant started, by the register, where the evidence was weighed"),
        column("passed", list_of_texts(), "every rule the claim passes, in the order of the codes"),
        column("not_applicable", list_of(not_applicable_fields()), "every rule that does not apply, and why"),
    ]);
    columns
}

/// The columns that say where a claim stands, in a batch of several files.
pub const CLAIMS_FILE: [&str; 2] = ["claims_file", "claims_file_row"];

/// A file of a batch of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedClaimsFile {
    /// Its name, as outputs give it.
    pub name: String,
    /// How many rows of the batch come before its first.
    pub rows_before: usize,
}

/// The name of the file that a row of the batch stands in, and the row's number there, counted from 1.
pub(super) fn claims_file_of(claim_row: u32, files: &[NamedClaimsFile]) -> Option<(&str, usize)> {
    let index = usize::try_from(claim_row).ok()?.checked_sub(1)?;
    let file = files.get(files.partition_point(|file| file.rows_before <= index).checked_sub(1)?)?;
    Some((&file.name, index - file.rows_before + 1))
}

/// The further columns of claims: their own, and for a batch of several files those that say where a claim stands.
pub fn with_claims_file(extra: &[String], files: &[NamedClaimsFile]) -> Vec<String> {
    let place = if files.len() > 1 { CLAIMS_FILE.as_slice() } else { &[] };
    extra.iter().cloned().chain(place.iter().map(|name| (*name).to_owned())).collect()
}

/// The names of the decided columns, which a claims file must not use for columns of its own.
pub fn decided_names() -> Vec<String> {
    let decided = claims(&[]).into_iter().map(|column| column.name).filter(|name| !is_claim_column(name));
    let of_run = run_columns().into_iter().map(|column| column.name);
    decided.chain(CLAIMS_FILE.map(str::to_owned)).chain(of_run).collect()
}

fn is_claim_column(name: &str) -> bool {
    crate::domain::Claim::COLUMNS.iter().any(|column| column.name == name)
}

/// The column that names a claim's row.
fn claim_row() -> OutputColumn {
    let says = "the row's number in the claims file, counted from 1; in several files, counted through them";
    column("claim_row", DataType::Int32, says)
}

/// The columns of `findings.parquet`: one row for each claim and failing rule.
pub fn findings() -> Vec<OutputColumn> {
    use DataType::Utf8;
    vec![
        column("claim_id", Utf8, "the provider's number for the claim"),
        claim_row(),
        column("code", Utf8, "the rule"),
        column("severity", Utf8, "reject, query or note"),
        column("title", Utf8, "what fails, in a line"),
        column("message", Utf8, "what fails for this claim, in words"),
        personal("facts", list_of(fact_fields()), "what the rule read, by name"),
    ]
}

/// The columns of `evidence.parquet`: one row for each claim and earnings row considered.
pub fn evidence() -> Vec<OutputColumn> {
    use DataType::{Boolean, Date32, Int32, Utf8};
    vec![
        column("claim_id", Utf8, "the provider's number for the claim"),
        claim_row(),
        column("file", Utf8, "the earnings file"),
        column("row", DataType::Int64, "the row's number in that file, counted from 1"),
        personal("nino", Utf8, "National Insurance number"),
        personal("surname", Utf8, "surname"),
        personal("forename", Utf8, "forename"),
        personal("date_of_birth", Date32, "date of birth"),
        column("office_number", Utf8, "HMRC office number"),
        column("paye_ref", Utf8, "employer PAYE reference"),
        column("employer_name", Utf8, "the employer's name"),
        personal("payroll_id", Utf8, "the employee's identifier on the payroll"),
        column("employment_start_date", Date32, "the employment's start, where the row carries it"),
        column("leaving_date", Date32, "the leaving date, where the row carries it"),
        column("payment_date", Date32, "the contractual payday"),
        column("pay_frequency", Utf8, "W1 W2 W4 M1 M3 M6 MA IO IR"),
        column("earnings_periods", Int32, "earnings periods the payment covers"),
        column("taxable_pay", MONEY, "pounds"),
        column("hours_band", Utf8, "A to E"),
        column("irregular_payment", Boolean, "paid irregularly"),
        column("pension_payment", Boolean, "an occupational pension"),
        column("payment_after_leaving", Boolean, "paid after leaving"),
        column("payment_id", Utf8, "what names the payment: HMRC's number for it, or another identifier"),
        column("received_at", moment(), "when HMRC received it"),
        column("no_longer_valid", Date32, "when HMRC voided it"),
        column("used", Boolean, "whether the row counts"),
        column("why", Utf8, "why it counts or does not"),
        column("spell", Int32, "which spell of its employer the row belongs to, counted from 1"),
        column("cover_from", Date32, "the first day its payment covers"),
        column("cover_to", Date32, "the last day its payment covers"),
        column("weak_from", Date32, "the first of the weak days back to the claimed start"),
        column("bridged_from", Date32, "the first day of the gap bridged before its cover"),
        column("strength", Utf8, "firm or weak"),
        column("status", Utf8, "yes, weak_unknown, unknown or below"),
        column("running_total", MONEY, "pounds earned in the window up to this payday, for an outcome of earnings"),
    ]
}

/// The columns of `quarantine.parquet`: rows that could not be read.
pub fn quarantine() -> Vec<OutputColumn> {
    use DataType::{Binary, Int64, Utf8};
    vec![
        column("input", Utf8, "claims, register or earnings"),
        column("file", Utf8, "the file"),
        column("row", Int64, "the row's number in the file, counted from 1, quarantined rows included"),
        column("line", Int64, "the line it begins on, in a text file"),
        column("reason", Utf8, "why it could not be read"),
        personal("raw_text", Utf8, "the row as text; bytes that are not text are shown as the replacement character"),
        personal(
            "raw",
            Binary,
            "the row's bytes as decoded to UTF-8, those that are no text as they stand; of a Parquet file its cells",
        ),
    ]
}

/// The Arrow schema of columns.
pub fn schema(columns: &[OutputColumn]) -> SchemaRef {
    let fields = columns.iter().map(|column| Field::new(&column.name, column.data_type.clone(), true));
    Arc::new(Schema::new(fields.collect::<Fields>()))
}

//! The contracts: a JSON Schema for every input and output, made from the very types that read and write them.

use arrow::datatypes::DataType;
use serde_json::{Map, Value, json};

use crate::account::RunAccount;
use crate::audit_sample::SampleAccount;
use crate::audit_sample::findings::SampleFindings;
use crate::diff::RunDiff;
use crate::domain::field::Need;
use crate::domain::{Claim, Column, Funding, Participant, Payment};
use crate::explain::Explanation;
use crate::ledger::export::ExportAccount;
use crate::packs::PacksAccount;
use crate::pay::PaymentSchedule;
use crate::rates::account::RatesAccount;
use crate::store::Manifest;
use crate::tables::layout::{self, OutputColumn};
use crate::tables::run_columns::with_run_columns;
use crate::tables::verdict_rows::verdict_columns;

/// Every schema by the name of its input or output.
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        (
            "claims",
            input(
                "Claims",
                "One row for each claim. CSV or Parquet; other columns are carried through.",
                &Claim::COLUMNS,
            ),
        ),
        ("register", input("Register", "One row for each participant. CSV or Parquet.", &Participant::COLUMNS)),
        (
            "funding",
            input("Funding", "One row for each sum spent on a contract. CSV or Parquet; for rates.", &Funding::COLUMNS),
        ),
        (
            "earnings",
            input(
                "Earnings",
                "One row for each payment to one employee. Parquet, CSV, JSON Lines or HMRC's response JSON; other columns are ignored.",
                &Payment::COLUMNS,
            ),
        ),
        (
            "verdicts",
            output(
                "Verdicts",
                "validated.parquet, rejected.parquet and queried.parquet: each claim row of the input in exactly one of them, once, sorted by claim_id.",
                &with_run_columns(layout::claims(&[])),
            ),
        ),
        (
            "findings",
            output(
                "Findings",
                "findings.parquet: one row for each claim and failing rule.",
                &with_run_columns(layout::findings()),
            ),
        ),
        (
            "evidence",
            output(
                "Evidence",
                "evidence.parquet: one row for each claim and earnings row considered.",
                &with_run_columns(layout::evidence()),
            ),
        ),
        (
            "quarantine",
            output(
                "Quarantine",
                "quarantine.parquet: rows that could not be read, kept word for word.",
                &with_run_columns(layout::quarantine()),
            ),
        ),
        (
            "decisions",
            input(
                "Decisions",
                "One row for each claim that people settled, as `sustain decide` reads it and a worklist asks for it. CSV, Parquet or a workbook.",
                &crate::decide::COLUMNS,
            ),
        ),
        ("payment-schedule", schemars::schema_for!(PaymentSchedule).to_value()),
        ("ledger-export", schemars::schema_for!(ExportAccount).to_value()),
        (
            "verdict-rows",
            output(
                "Verdict rows",
                "verdicts.csv and verdicts.xlsx: one row for each claim and reason, and one for each claim without a reason, in the order of claim_id. A text that a spreadsheet would run as a formula has an apostrophe in front in the CSV.",
                &verdict_columns(),
            ),
        ),
        ("run", run()),
        ("explain", schemars::schema_for!(Explanation).to_value()),
        (
            "changes",
            output(
                "Changes",
                "changes.parquet: one row for each claim whose verdict or reasons differ between two runs, or for which another amount is payable.",
                &crate::diff::layout(),
            ),
        ),
        ("diff", schemars::schema_for!(RunDiff).to_value()),
        ("packs", schemars::schema_for!(PacksAccount).to_value()),
        ("audit-sample", schemars::schema_for!(SampleAccount).to_value()),
        ("audit-findings", schemars::schema_for!(SampleFindings).to_value()),
        ("store", schemars::schema_for!(Manifest).to_value()),
        (
            "rates",
            output(
                "Rates",
                "rates.parquet and rates.csv: one row for each measure, period, group and level.",
                &crate::rates::layout(),
            ),
        ),
        ("rates-account", schemars::schema_for!(RatesAccount).to_value()),
    ]
}

fn head(title: &str, about: &str) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!(title));
    schema.insert("description".into(), json!(about));
    schema.insert("type".into(), json!("object"));
    schema
}

/// A row of an input, every cell as text.
fn input(title: &str, about: &str, columns: &[Column]) -> Value {
    let mut schema = head(title, about);
    let properties = columns.iter().map(|column| (column.name.to_owned(), cell(column)));
    schema.insert("properties".into(), Value::Object(properties.collect()));
    let required: Vec<&str> =
        columns.iter().filter(|column| column.need == Need::Required).map(|column| column.name).collect();
    schema.insert("required".into(), json!(required));
    Value::Object(schema)
}

fn cell(column: &Column) -> Value {
    let mut cell = Map::new();
    cell.insert("description".into(), json!(column.means));
    cell.insert("type".into(), json!(["string", "null"]));
    if !column.also.is_empty() {
        cell.insert("x-also-named".into(), json!(column.also));
    }
    if !column.plain.is_empty() {
        cell.insert("x-plainly-named".into(), json!(column.plain));
    }
    Value::Object(cell)
}

/// A row of an output.
fn output(title: &str, about: &str, columns: &[OutputColumn]) -> Value {
    let mut schema = head(title, about);
    let properties = columns.iter().map(|column| {
        let mut value = of_type(&column.data_type);
        value.insert("description".into(), json!(column.means));
        value.insert("x-personal".into(), json!(column.personal == layout::Personal::Yes));
        (column.name.clone(), Value::Object(value))
    });
    schema.insert("properties".into(), Value::Object(properties.collect()));
    schema.insert("required".into(), json!(columns.iter().map(|column| &column.name).collect::<Vec<_>>()));
    Value::Object(schema)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "of the library's many types the outputs use a few")]
fn of_type(data_type: &DataType) -> Map<String, Value> {
    let value = match data_type {
        DataType::Date32 => json!({"type": ["string", "null"], "format": "date", "x-parquet-type": "DATE"}),
        DataType::Timestamp(..) => {
            json!({"type": ["string", "null"], "format": "date-time", "x-parquet-type": "TIMESTAMP(MICROS, UTC)"})
        }
        DataType::Int32 => json!({"type": ["integer", "null"], "x-parquet-type": "INT32"}),
        DataType::Int64 => json!({"type": ["integer", "null"], "x-parquet-type": "INT64"}),
        DataType::Boolean => json!({"type": ["boolean", "null"], "x-parquet-type": "BOOLEAN"}),
        DataType::Decimal128(precision, scale) => {
            json!({"type": ["string", "null"], "pattern": "^-?[0-9]+\\.[0-9]{2}$", "x-parquet-type": format!("DECIMAL({precision}, {scale})")})
        }
        DataType::Binary => {
            json!({"type": ["string", "null"], "contentEncoding": "base64", "x-parquet-type": "BYTE_ARRAY"})
        }
        DataType::List(item) => json!({"type": "array", "items": of_type(item.data_type()), "x-parquet-type": "LIST"}),
        DataType::Struct(fields) => {
            let properties: Map<String, Value> =
                fields.iter().map(|field| (field.name().clone(), Value::Object(of_type(field.data_type())))).collect();
            json!({"type": "object", "properties": properties})
        }
        _ => json!({"type": ["string", "null"], "x-parquet-type": "STRING"}),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn run() -> Value {
    schemars::schema_for!(RunAccount).to_value()
}

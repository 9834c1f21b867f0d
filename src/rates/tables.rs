//! The tables of a set of rates: the published rows as CSV and Parquet, their columns, and the smaller lists beside them.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::DataType;
use serde_json::json;

use super::RatesRequest;
use super::figures::RatesFigures;
use super::public::{PublicContext, without_rows_in_words};
use crate::error::RunError;
use crate::measures::change::weeks_before;
use crate::release::disclosure::{DisclosureProfile, WITHHELD, Withheld};
use crate::release::{RatesRow, Released, WithoutRows};
use crate::staging::Staging;
use crate::tables::file::{OutputFile, Stamp};
use crate::tables::layout::{OutputColumn, Personal, schema};
use crate::workbooks::csv::{spreadsheet_cell, table};

/// The columns of `rates.parquet` and `rates.csv`.
pub(crate) fn layout() -> Vec<OutputColumn> {
    let column =
        |name: &str, data_type, means| OutputColumn { name: name.into(), data_type, means, personal: Personal::No };
    vec![
        column("measure", DataType::Utf8, "what is measured; `sustain rates --define NAME` explains it"),
        column("period", DataType::Utf8, "the week, month, outcome or date, where the measure has one"),
        column("group", DataType::Utf8, "what the row is broken down by; all for everyone"),
        column("level", DataType::Utf8, "the level of the group"),
        column("numerator", DataType::Int64, "what is counted, as published; of a change, how many more"),
        column("numerator_unit", DataType::Utf8, "what the numerator counts: people, referrals, claims or pounds"),
        column("denominator", DataType::Int64, "of how many, as published; of a volume, the number expected"),
        column("denominator_unit", DataType::Utf8, "what the denominator counts: people, claims, or a number expected"),
        column(
            "not_observed",
            DataType::Utf8,
            "of the measure as a whole: which part of those who would belong is not observed; none, under 10%, 10% to 50%, over 50%",
        ),
        column("rate", DataType::Float64, "the numerator over the denominator, or weeks"),
        column("lower", DataType::Float64, "the lower end of the 95% interval; of a cost, what rounding leaves open"),
        column("upper", DataType::Float64, "the upper end of the 95% interval; of a cost, what rounding leaves open"),
        column("lower_bound", DataType::Float64, "by claim: the rate if no undecided claim is validated"),
        column("upper_bound", DataType::Float64, "by claim: the rate if every undecided claim is validated"),
        column("suppressed", DataType::Utf8, "withheld, for every reason; empty where the row is published"),
        column("standing", DataType::Utf8, "where a contract or provider stands in the funnel around everyone"),
        column("note", DataType::Utf8, "what a reader must know"),
        column("disclosure", DataType::Utf8, "the profile by which disclosure is controlled"),
    ]
}

/// The rows as CSV, in the columns of [`layout`].
pub(super) fn csv(rows: &[RatesRow], profile: &DisclosureProfile) -> Result<String, RunError> {
    let names: Vec<String> = layout().into_iter().map(|column| column.name).collect();
    let share = |share: Option<f64>| share.map(|share| format!("{share:.4}")).unwrap_or_default();
    let cells = |row: &RatesRow| {
        vec![
            row.measure.name.to_owned(),
            cell(&row.period),
            row.group.to_owned(),
            cell(&row.level),
            row.numerator.map(|count| count.to_string()).unwrap_or_default(),
            row.numerator_unit.name().to_owned(),
            row.denominator.map(|count| count.to_string()).unwrap_or_default(),
            row.denominator_unit.name().to_owned(),
            row.not_observed.map(|part| part.says().to_owned()).unwrap_or_default(),
            share(row.rate),
            share(row.lower),
            share(row.upper),
            share(row.lower_bound),
            share(row.upper_bound),
            row.withheld.map(|_| WITHHELD.to_owned()).unwrap_or_default(),
            row.standing.map(|standing| standing.says().to_owned()).unwrap_or_default(),
            cell(&row.note_text()),
            profile.name.clone(),
        ]
    };
    table(&names, rows.iter().map(cells))
}

/// A cell of a table that people open in spreadsheets, where text that begins with a sign would be a formula. The one period
/// of our own that begins with a sign stays as it is.
fn cell(text: &str) -> String {
    if text == weeks_before() { text.to_owned() } else { spreadsheet_cell(text) }
}

/// `disclosure.csv`: the rows that were withheld, each with the reason.
pub(super) fn audit(rows: &[&RatesRow], profile: &DisclosureProfile) -> Result<String, RunError> {
    let cells = |row: &&RatesRow| {
        vec![
            profile.name.clone(),
            row.measure.name.to_owned(),
            cell(&row.period),
            row.group.to_owned(),
            cell(&row.level),
            cell(row.withheld.map(Withheld::says).unwrap_or_default()),
        ]
    };
    table(&["profile", "measure", "period", "group", "level", "why"], rows.iter().map(cells))
}

/// Counts of people as tau-argus reads a table: the variables that span it, then how many people.
pub(super) fn for_tau_argus(rows: &[&RatesRow]) -> Result<String, RunError> {
    let cells = |row: &&RatesRow| {
        vec![
            row.measure.name.to_owned(),
            cell(&row.period),
            row.group.to_owned(),
            cell(&row.level),
            row.numerator.unwrap_or_default().to_string(),
        ]
    };
    table(&["measure", "period", "group", "level", "frequency"], rows.iter().map(cells))
}

/// `register-problems.csv`: the rows of the register that have a problem, each with the reason.
pub(super) fn problems(figures: &RatesFigures) -> Result<String, RunError> {
    let rows = figures
        .people
        .problems
        .iter()
        .map(|problem| vec![problem.row.to_string(), cell(&problem.participant_id), cell(&problem.says)]);
    table(&["row", "participant_id", "problem"], rows)
}

/// `unclaimed-outcomes.csv`: the outcomes that payments meet and nobody claimed, each with the verdict that a claim would get
/// and the rules that it would fail.
pub(super) fn unclaimed(figures: &RatesFigures) -> Result<String, RunError> {
    let rows = figures.counts.unclaimed.iter().zip(&figures.would_be_verdicts).map(|(one, would_be)| {
        let reasons: Vec<String> = would_be.reasons.iter().map(ToString::to_string).collect();
        vec![
            cell(&one.participant_id),
            cell(&one.outcome),
            one.met.on.to_string(),
            would_be.verdict.to_string(),
            reasons.join(" "),
        ]
    });
    table(&["participant_id", "outcome", "achieved_on", "verdict", "reasons"], rows)
}

/// `rates.csv-metadata.json`: the meaning of the columns of `rates.csv` and what has no rows in it, as CSV on the Web metadata.
pub(super) fn metadata(public: &PublicContext<'_>, released: &Released) -> Result<String, RunError> {
    let without_rows: Vec<&WithoutRows> = released.without_rows.iter().collect();
    let columns: Vec<_> = layout()
        .iter()
        .map(|column| {
            let datatype = match (column.data_type == DataType::Int64, column.data_type == DataType::Float64) {
                (true, _) => "integer",
                (_, true) => "number",
                (false, false) => "string",
            };
            json!({"name": column.name, "titles": column.name, "datatype": datatype, "dc:description": column.means})
        })
        .collect();
    let metadata = json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": "rates.csv",
        "dc:title": &public.title,
        "dc:description": format!(
            "Disclosure control: {} ({}). 95% intervals. Days the extract cannot speak for are not observed.",
            public.profile.name, public.profile.says
        ),
        "notes": without_rows_in_words(&without_rows),
        "tableSchema": {"columns": columns, "primaryKey": ["measure", "period", "group", "level"]}
    });
    Ok(serde_json::to_string_pretty(&metadata).map_err(|_| super::write::failed("rates.csv-metadata.json"))? + "\n")
}

/// Writes `rates.parquet`, in the columns of [`layout`].
pub(super) fn parquet(
    request: &RatesRequest,
    name: &'static str,
    rows: &[RatesRow],
    staging: &Staging,
) -> Result<(), RunError> {
    let stamp = Stamp {
        scheme: request.scheme.id.clone(),
        scheme_status: request.scheme.status.name(),
        scheme_hash: request.scheme.hash.clone(),
        parameters: format!("disclosure={}", request.profile.name),
    };
    let text = |of: &dyn Fn(&RatesRow) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<StringArray>())
    };
    let count =
        |of: &dyn Fn(&RatesRow) -> Option<i64>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Int64Array>()) };
    let share =
        |of: &dyn Fn(&RatesRow) -> Option<f64>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Float64Array>()) };
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let columns = vec![
        text(&|row| Some(row.measure.name.to_owned())),
        text(&|row| given(&row.period)),
        text(&|row| Some(row.group.to_owned())),
        text(&|row| Some(row.level.clone())),
        count(&|row| row.numerator),
        text(&|row| given(row.numerator_unit.name())),
        count(&|row| row.denominator.and_then(|count| i64::try_from(count).ok())),
        text(&|row| given(row.denominator_unit.name())),
        text(&|row| row.not_observed.map(|part| part.says().to_owned())),
        share(&|row| row.rate),
        share(&|row| row.lower),
        share(&|row| row.upper),
        share(&|row| row.lower_bound),
        share(&|row| row.upper_bound),
        text(&|row| row.withheld.map(|_| WITHHELD.to_owned())),
        text(&|row| row.standing.map(|standing| standing.says().to_owned())),
        text(&|row| given(&row.note_text())),
        text(&|_| Some(request.profile.name.clone())),
    ];
    let batch = RecordBatch::try_new(schema(&layout()), columns).map_err(|_| super::write::failed(name))?;
    let mut file = OutputFile::create(staging, name, &layout(), &[], &stamp)?;
    file.write(&batch)?;
    file.finish().map(|_| ())
}

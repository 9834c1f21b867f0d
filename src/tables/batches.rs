//! Converts decisions to the rows of the outputs.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayBuilder, StringBuilder};
use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, ListArray, RecordBatch,
    StringArray, StructArray, TimestampMicrosecondArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, SchemaRef};
use chrono::NaiveDate;

use super::evidence_rows::{EvidenceRow, evidence_rows};
use super::layout::{NamedClaimsFile, claims_file_of, fact_fields, not_applicable_fields, reason_fields};
use crate::batch::DecidedClaim;
use crate::domain::day::day_number;
use crate::domain::{EmployerRef, EmploymentType, Payment, Pence};
use crate::error::RunError;
use crate::evidence::OutcomeColumns;
use crate::extract::QuarantinedRow;
use crate::judge::Finding;
use crate::rules::Status;

fn batch(schema: SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch, RunError> {
    RecordBatch::try_new(schema, columns)
        .map_err(|_| RunError::Untrusted("an output's columns do not fit its schema".into()))
}

fn texts<'a, T, S: AsRef<str>>(rows: &'a [T], of: impl Fn(&'a T) -> Option<S>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<StringArray>())
}

fn dates<'a, T>(rows: &'a [T], of: impl Fn(&'a T) -> Option<NaiveDate>) -> ArrayRef {
    Arc::new(rows.iter().map(|row| of(row).map(day_number)).collect::<Date32Array>())
}

fn numbers<'a, T>(rows: &'a [T], of: impl Fn(&'a T) -> Option<u32>) -> ArrayRef {
    Arc::new(rows.iter().map(|row| of(row).and_then(|number| i32::try_from(number).ok())).collect::<Int32Array>())
}

fn long_numbers<'a, T>(rows: &'a [T], of: impl Fn(&'a T) -> Option<i64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Int64Array>())
}

fn flags<'a, T>(rows: &'a [T], of: impl Fn(&'a T) -> Option<bool>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<BooleanArray>())
}

fn decimals<'a, T>(rows: &'a [T], data_type: &DataType, of: impl Fn(&'a T) -> Option<i64>) -> ArrayRef {
    let values = rows.iter().map(|row| of(row).map(i128::from)).collect::<Decimal128Array>();
    Arc::new(values.with_data_type(data_type.clone()))
}

fn money<'a, T>(rows: &'a [T], of: impl Fn(&'a T) -> Option<Pence>) -> ArrayRef {
    decimals(rows, &super::layout::MONEY, |row| of(row).map(|pence| pence.0))
}

/// Lists of structures whose fields are all text.
fn lists(
    fields: arrow::datatypes::Fields,
    lengths: &[usize],
    columns: Vec<StringBuilder>,
) -> Result<ArrayRef, RunError> {
    let wrong = |_| RunError::Untrusted("a list of an output does not fit its schema".into());
    let arrays = columns.into_iter().map(|mut column| Arc::new(column.finish()) as ArrayRef).collect();
    let items = StructArray::try_new(fields.clone(), arrays, None).map_err(wrong)?;
    let item = Arc::new(Field::new("item", DataType::Struct(fields), false));
    let offsets = OffsetBuffer::<i32>::from_lengths(lengths.iter().copied());
    Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(items), None).map_err(wrong)?))
}

/// The rows of a claim file; `extra` is the number of columns of the provider's own, and `files` are the claims files where
/// there are several.
///
/// # Errors
/// Only if the columns do not fit the schema.
pub fn claims(
    schema: SchemaRef,
    decided: &[&DecidedClaim<'_>],
    extra: usize,
    files: &[NamedClaimsFile],
) -> Result<RecordBatch, RunError> {
    let answers: Vec<OutcomeColumns<'_>> = decided.iter().map(|row| outcome_columns(row)).collect();
    let counted = |answer: &OutcomeColumns<'_>| answer.counted.map(|counted| counted.counts);
    let mut columns: Vec<ArrayRef> = vec![
        texts(decided, |row| row.claim.claim_id()),
        texts(decided, |row| row.claim.provider_id()),
        texts(decided, |row| row.claim.contract_id()),
        texts(decided, |row| row.claim.participant_id()),
        texts(decided, |row| row.claim.text("nino")),
        texts(decided, |row| row.claim.surname()),
        texts(decided, |row| row.claim.forename()),
        dates(decided, |row| row.claim.date_of_birth.given().copied()),
        texts(decided, |row| row.claim.outcome()),
        texts(decided, |row| {
            row.claim.employment_type.given().filter(|_| row.claim.damage.is_none()).map(|kind| match kind {
                EmploymentType::Employed => "employed",
                EmploymentType::SelfEmployed => "self_employed",
            })
        }),
        dates(decided, |row| row.claim.job_start_date.given().copied()),
        dates(decided, |row| row.claim.job_end_date.given().copied()),
        decimals(decided, &super::layout::HOURS, |row| {
            row.claim.hours_per_week.given().map(|hours| i64::from(hours.hundredths()))
        }),
        texts(decided, |row| row.claim.employer_name()),
        texts(decided, |row| row.claim.text("paye_reference")),
        dates(decided, |row| row.claim.outcome_date.given().copied()),
        dates(decided, |row| row.claim.claim_date.given().copied()),
        money(decided, |row| row.claim.amount_claimed.given().copied()),
    ];
    columns.extend((0..extra).map(|number| texts(decided, |row| row.claim.extra(number))));
    if !files.is_empty() {
        let place = |row: &&DecidedClaim<'_>| {
            claims_file_of(row.claim.row, files).map(|(name, number)| (name, number.to_string()))
        };
        let places: Vec<Option<(&str, String)>> = decided.iter().map(place).collect();
        columns.push(texts(&places, |place| place.as_ref().map(|(name, _)| *name)));
        columns.push(texts(&places, |place| place.as_ref().map(|(_, row)| row.as_str())));
    }
    columns.extend([
        texts(decided, |row| Some(row.decision.verdict.name())),
        texts(decided, |row| row.decision.primary_reason().map(crate::scheme::Code::as_str)),
        reasons(decided)?,
        dates(decided, |row| row.decision.achieved_on()),
        numbers(&answers, |answer| counted(answer).map(|counts| counts.yes)),
        numbers(&answers, |answer| counted(answer).map(|counts| counts.unknown)),
        numbers(&answers, |answer| counted(answer).map(|counts| counts.below)),
        texts(&answers, |answer| answer.employer.map(EmployerRef::as_str)),
        dates(&answers, |answer| answer.first_cover),
        dates(&answers, |answer| answer.last_cover),
        money(&answers, |answer| answer.pay_in_window),
        dates(decided, |row| row.decision.recheck_on()),
        numbers(decided, |row| Some(row.claim.row)),
        money(decided, |row| row.decision.payable()),
        dates(&answers, |answer| answer.participant_start),
        passed(decided)?,
        not_applicable(decided)?,
    ]);
    batch(schema, columns)
}

/// What the columns show of a claim's answer; empty where its payments were not considered.
fn outcome_columns<'a>(decided: &'a DecidedClaim<'_>) -> OutcomeColumns<'a> {
    decided.decision.evidence.as_ref().map(|evidence| evidence.outcome.columns()).unwrap_or_default()
}

fn passed(decided: &[&DecidedClaim<'_>]) -> Result<ArrayRef, RunError> {
    let mut codes = StringBuilder::new();
    let mut lengths = Vec::with_capacity(decided.len());
    for row in decided {
        let before = codes.len();
        for (code, _) in row.decision.statuses.iter().filter(|(_, status)| *status == Status::Passed) {
            codes.append_value(code.as_str());
        }
        lengths.push(codes.len() - before);
    }
    let wrong = |_| RunError::Untrusted("a list of an output does not fit its schema".into());
    let item = Arc::new(Field::new("item", DataType::Utf8, false));
    let offsets = OffsetBuffer::<i32>::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(item, offsets, Arc::new(codes.finish()), None).map_err(wrong)?))
}

fn not_applicable(decided: &[&DecidedClaim<'_>]) -> Result<ArrayRef, RunError> {
    let (mut codes, mut reasons) = (StringBuilder::new(), StringBuilder::new());
    let mut lengths = Vec::with_capacity(decided.len());
    for row in decided {
        let before = codes.len();
        for (code, status) in &row.decision.statuses {
            if let Status::NotApplicable(why) = status {
                codes.append_value(code.as_str());
                reasons.append_value(why.as_str());
            }
        }
        lengths.push(codes.len() - before);
    }
    lists(not_applicable_fields(), &lengths, vec![codes, reasons])
}

fn reasons(decided: &[&DecidedClaim<'_>]) -> Result<ArrayRef, RunError> {
    let (mut codes, mut severities, mut messages) = (StringBuilder::new(), StringBuilder::new(), StringBuilder::new());
    let mut lengths = Vec::with_capacity(decided.len());
    for row in decided {
        for finding in &row.decision.findings {
            codes.append_value(finding.rule.code.as_str());
            severities.append_value(finding.severity.name());
            messages.append_value(finding.message());
        }
        lengths.push(row.decision.findings.len());
    }
    lists(reason_fields(), &lengths, vec![codes, severities, messages])
}

/// The rows of `findings.parquet`.
///
/// # Errors
/// Only if the columns do not fit the schema.
pub fn findings(schema: SchemaRef, decided: &[DecidedClaim<'_>]) -> Result<RecordBatch, RunError> {
    let rows: Vec<(&DecidedClaim<'_>, &Finding)> =
        decided.iter().flat_map(|row| row.decision.findings.iter().map(move |finding| (row, finding))).collect();
    let messages: Vec<String> = rows.iter().map(|(_, finding)| finding.message()).collect();
    let (mut names, mut values) = (StringBuilder::new(), StringBuilder::new());
    let mut lengths = Vec::with_capacity(rows.len());
    for (_, finding) in &rows {
        for fact in &finding.facts {
            names.append_value(fact.name);
            values.append_value(fact.value.plain());
        }
        lengths.push(finding.facts.len());
    }
    batch(
        schema,
        vec![
            texts(&rows, |(row, _)| row.claim.claim_id()),
            numbers(&rows, |(row, _)| Some(row.claim.row)),
            texts(&rows, |(_, finding)| Some(finding.rule.code.as_str())),
            texts(&rows, |(_, finding)| Some(finding.severity.name())),
            texts(&rows, |(_, finding)| Some(finding.rule.title)),
            texts(&messages, Some),
            lists(fact_fields(), &lengths, vec![names, values])?,
        ],
    )
}

/// The rows of `evidence.parquet`.
///
/// # Errors
/// Only if the columns do not fit the schema.
pub fn evidence(schema: SchemaRef, decided: &[DecidedClaim<'_>], files: &[String]) -> Result<RecordBatch, RunError> {
    let rows: Vec<EvidenceRow<'_>> = decided.iter().flat_map(evidence_rows).collect();
    let ninos: Vec<String> = rows.iter().map(|row| nino(row.payment)).collect();
    let ids: Vec<Option<String>> =
        rows.iter().map(|row| row.payment.payment_id.as_ref().map(ToString::to_string)).collect();
    let received: TimestampMicrosecondArray = rows.iter().map(|row| row.payment.received_at).collect();
    let rows = rows.as_slice();
    batch(
        schema,
        vec![
            texts(rows, |row| row.claim.claim_id()),
            numbers(rows, |row| Some(row.claim.row)),
            texts(rows, |row| {
                usize::try_from(row.payment.file).ok().and_then(|file| files.get(file)).map(String::as_str)
            }),
            long_numbers(rows, |row| Some(row.payment.row.into())),
            texts(&ninos, Some),
            texts(rows, |row| row.payment.surname.as_deref()),
            texts(rows, |row| row.payment.forename.as_deref()),
            dates(rows, |row| row.payment.date_of_birth.map(|born| born.0)),
            texts(rows, |row| Some(row.payment.employer.office_number())),
            texts(rows, |row| Some(row.payment.employer.paye_ref())),
            texts(rows, |row| row.payment.employer_name.as_deref()),
            texts(rows, |row| row.payment.payroll_id.as_deref()),
            dates(rows, |row| row.payment.employment_start_date),
            dates(rows, |row| row.payment.leaving_date),
            dates(rows, |row| Some(row.payment.payment_date)),
            texts(rows, |row| Some(row.payment.pay_frequency.code())),
            numbers(rows, |row| Some(row.payment.earnings_periods.into())),
            money(rows, |row| Some(row.payment.taxable_pay)),
            texts(rows, |row| row.payment.hours_band.map(crate::domain::hours::Band::letter)),
            flags(rows, |row| Some(row.payment.irregular_payment)),
            flags(rows, |row| Some(row.payment.pension_payment)),
            flags(rows, |row| Some(row.payment.payment_after_leaving)),
            texts(&ids, |id| id.as_deref()),
            Arc::new(received.with_timezone("UTC")),
            dates(rows, |row| row.payment.no_longer_valid),
            flags(rows, |row| Some(row.used.counts)),
            texts(rows, |row| Some(row.used.why)),
            numbers(rows, |row| row.used.spell),
            dates(rows, |row| row.used.cover.map(|(first, _)| first)),
            dates(rows, |row| row.used.cover.map(|(_, last)| last)),
            dates(rows, |row| row.used.weak_from),
            dates(rows, |row| row.used.bridged_from),
            texts(rows, |row| row.used.strength),
            texts(rows, |row| row.used.status),
            money(rows, |row| row.used.running_total),
        ],
    )
}

fn nino(payment: &Payment) -> String {
    let stem = payment.nino.stem();
    let suffix = payment.nino.suffix().map(char::from);
    stem.as_str().chars().chain(suffix).collect()
}

/// A quarantined row with its input and file by name.
#[derive(Debug, Clone)]
pub struct QuarantineRow<'a> {
    /// claims, register or earnings.
    pub input: &'static str,
    /// The file.
    pub file: &'a str,
    /// The row.
    pub row: Cow<'a, QuarantinedRow>,
}

/// The rows of `quarantine.parquet`.
///
/// # Errors
/// Only if the columns do not fit the schema.
pub fn quarantine(schema: SchemaRef, rows: &[QuarantineRow<'_>]) -> Result<RecordBatch, RunError> {
    let raw_text: Vec<String> = rows.iter().map(|row| String::from_utf8_lossy(&row.row.raw).into_owned()).collect();
    let raw: BinaryArray = rows.iter().map(|row| Some(row.row.raw.as_slice())).collect();
    batch(
        schema,
        vec![
            texts(rows, |row| Some(row.input)),
            texts(rows, |row| Some(row.file)),
            long_numbers(rows, |row| Some(row.row.row.into())),
            long_numbers(rows, |row| row.row.line.and_then(|line| i64::try_from(line).ok())),
            texts(rows, |row| Some(&row.row.reason)),
            texts(&raw_text, Some),
            Arc::new(raw),
        ],
    )
}

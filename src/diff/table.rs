//! The changes as Parquet.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::DataType;

use super::{ClaimChange, RunDiff};
use crate::account::OutputAccount;
use crate::error::RunError;
use crate::explain::run::FinishedRun;
use crate::staging::Staging;
use crate::tables::file::{OutputFile, Stamp};
use crate::tables::layout::{MONEY, OutputColumn, Personal, schema};

/// The file's name.
pub(super) const NAME: &str = "changes.parquet";

/// The columns of the file of changes.
pub(crate) fn layout() -> Vec<OutputColumn> {
    let column =
        |name: &str, data_type, means| OutputColumn { name: name.into(), data_type, means, personal: Personal::No };
    vec![
        column("claim_id", DataType::Utf8, "the provider's number for the claim"),
        column("old_row", DataType::Int32, "its row in the earlier claims file; null where it was not there"),
        column("new_row", DataType::Int32, "its row in the later claims file; null where it is gone"),
        column("old_verdict", DataType::Utf8, "validated, rejected or queried"),
        column("new_verdict", DataType::Utf8, "validated, rejected or queried"),
        column("old_reasons", DataType::Utf8, "the failing rules before, each with how it weighs, with ; between them"),
        column("new_reasons", DataType::Utf8, "the failing rules now"),
        column(
            "cause",
            DataType::Utf8,
            "claims, earnings, cut_off, register, history, scheme, rules, program or joint",
        ),
        column(
            "old_payable",
            MONEY,
            "pounds payable before: the scheme's price, or where none is known what was claimed; null where the claim was not validated",
        ),
        column("new_payable", MONEY, "pounds payable now"),
    ]
}

/// Writes the changes.
///
/// # Errors
/// The rows cannot be written.
pub(super) fn write(difference: &RunDiff, run: &FinishedRun, staging: &Staging) -> Result<OutputAccount, RunError> {
    let scheme = &run.context.scheme;
    let stamp = Stamp {
        scheme: scheme.id.clone(),
        scheme_status: scheme.status.name(),
        scheme_hash: scheme.hash.clone(),
        parameters: String::new(),
    };
    let changes = &difference.changes;
    let text = |of: &dyn Fn(&ClaimChange) -> Option<String>| -> ArrayRef {
        Arc::new(changes.iter().map(of).collect::<StringArray>())
    };
    let row = |of: &dyn Fn(&ClaimChange) -> Option<u32>| -> ArrayRef {
        Arc::new(changes.iter().map(|one| of(one).and_then(|row| i32::try_from(row).ok())).collect::<Int32Array>())
    };
    let wrong = |_| RunError::Untrusted(format!("{NAME} does not fit its schema"));
    let money = |of: &dyn Fn(&ClaimChange) -> Option<i64>| -> Result<ArrayRef, RunError> {
        let pence = changes.iter().map(|one| of(one).map(i128::from)).collect::<Decimal128Array>();
        Ok(Arc::new(pence.with_data_type(MONEY)))
    };
    let columns = vec![
        text(&|one| one.claim_id.clone()),
        row(&|one| one.old_row),
        row(&|one| one.new_row),
        text(&|one| one.old_verdict.clone()),
        text(&|one| one.new_verdict.clone()),
        text(&|one| Some(one.old_reasons.join("; "))),
        text(&|one| Some(one.new_reasons.join("; "))),
        text(&|one| Some(one.cause.name().to_owned())),
        money(&|one| one.old_payable_pence)?,
        money(&|one| one.new_payable_pence)?,
    ];
    let batch = RecordBatch::try_new(schema(&layout()), columns).map_err(wrong)?;
    let mut file = OutputFile::create(staging, NAME, &layout(), &["claim_id"], &stamp)?;
    file.write(&batch)?;
    let (name, rows) = file.finish()?;
    staging.account_of(name, rows)
}

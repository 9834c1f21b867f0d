//! Writes all of a ledger as Parquet, for DuckDB, pandas and R.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use rusqlite::types::ValueRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::store::{self, Store};
use super::{Access, Ledger};
use crate::account::{OutputAccount, Program};
use crate::error::RunError;
use crate::progress::ProgressSink;
use crate::sealed::{SealedAccount, sealed_text};
use crate::staging::{Existing, Staging, write_text};

/// The account of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportAccount {
    /// The program that wrote it.
    pub program: Program,
    /// The scheme of the ledger.
    pub scheme: String,
    /// How many events the ledger had.
    pub events: i64,
    /// The hash that it ended with.
    pub head: String,
    /// The files.
    pub outputs: Vec<OutputAccount>,
    /// BLAKE3 of this account as it is written with the seal left empty.
    pub seal: String,
}

impl SealedAccount for ExportAccount {
    const FILE: &'static str = "export.json";
    const NAME: &'static str = "name a folder that `sustain ledger export` wrote";
    const AGAIN: &'static str = "the export was changed or is not whole: export the ledger again";

    fn outputs(&self) -> &[OutputAccount] {
        &self.outputs
    }

    fn seal_mut(&mut self) -> &mut String {
        &mut self.seal
    }
}

/// A table of the export: its file, and the query it holds. Amounts in pence become pounds.
struct ExportTable {
    file: &'static str,
    query: &'static str,
}

const TABLES: [ExportTable; 6] = [
    ExportTable { file: "events.parquet", query: "SELECT * FROM event ORDER BY number" },
    ExportTable { file: "claims.parquet", query: "SELECT * FROM claim ORDER BY claim" },
    ExportTable { file: "balance.parquet", query: "SELECT * FROM balance ORDER BY provider_id, contract_id, month" },
    ExportTable {
        file: "payments.parquet",
        query: "SELECT schedule, kind, day, pence, claim, provider_id, contract_id, claim_id, attempt, participant_id, outcome, \
                received_in FROM payment ORDER BY schedule, kind, claim",
    },
    ExportTable {
        file: "decisions.parquet",
        query: "SELECT number AS event, month, event.claim, claim.provider_id, claim.claim_id, claim.attempt, event.day, \
                body ->> '$.decision' AS decision, body ->> '$.reason' AS reason, \
                body ->> '$.evidence_reference' AS evidence_reference, body ->> '$.decided_by' AS decided_by, \
                body ->> '$.checked_by' AS checked_by, body ->> '$.until' AS until \
                FROM event JOIN claim ON claim.claim = event.claim WHERE kind = 'decision' ORDER BY number",
    },
    ExportTable {
        file: "months.parquet",
        query: "SELECT month, day AS cut_off, body ->> '$.fingerprint' AS fingerprint, body ->> '$.seal' AS seal \
                FROM event WHERE kind = 'month' ORDER BY month",
    },
];

/// The columns that hold pence and are written as pounds.
const MONEY: [&str; 12] = [
    "claimed",
    "pence",
    "payable",
    "paid",
    "recovered",
    "rejected",
    "withdrawn",
    "lapsed",
    "open",
    "due",
    "stands",
    "to_recover",
];
/// The columns that hold whole numbers.
const NUMBERS: [&str; 10] = [
    "number",
    "month",
    "claim",
    "attempt",
    "received_in",
    "decided_in",
    "paid_in",
    "recovered_in",
    "schedule",
    "event",
];

/// Writes a ledger as Parquet.
///
/// # Errors
/// The ledger cannot be trusted, something is in the place already, or the files cannot be written.
pub fn export(
    folder: &Path,
    out: &Path,
    existing: Existing,
    progress: &dyn ProgressSink,
) -> Result<ExportAccount, RunError> {
    let ledger = Ledger::open(folder, Access::Read)?;
    if out.exists() {
        let names: Vec<&str> = TABLES.iter().map(|table| table.file).chain([ExportAccount::FILE]).collect();
        match existing {
            Existing::Replace => crate::staging::only_holds(out, &names)?,
            Existing::Keep => return Err(crate::staging::already_there(out)),
        }
    }
    let staging = Staging::beside(out, progress)?;
    let mut account = ExportAccount {
        program: Program::this(),
        scheme: ledger.opening()?.scheme.clone(),
        events: ledger.book.last,
        head: ledger.book.head.clone(),
        outputs: Vec::new(),
        seal: String::new(),
    };
    for table in &TABLES {
        progress.step("writing the tables", None);
        let rows = ledger.store.write_query(table, &staging)?;
        account.outputs.push(staging.account_of(table.file, rows)?);
    }
    write_text(&staging, ExportAccount::FILE, &sealed_text(&mut account)?)?;
    staging.publish(existing)?;
    Ok(account)
}

/// One column while it is read.
enum ExportColumn {
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
}

impl ExportColumn {
    fn push(&mut self, value: ValueRef<'_>) -> Option<()> {
        match (self, value) {
            (Self::Numbers(numbers), ValueRef::Null) => numbers.push(None),
            (Self::Numbers(numbers), ValueRef::Integer(number)) => numbers.push(Some(number)),
            (Self::Texts(texts), ValueRef::Null) => texts.push(None),
            (Self::Texts(texts), ValueRef::Text(text)) => texts.push(Some(String::from_utf8(text.to_vec()).ok()?)),
            (Self::Numbers(_) | Self::Texts(_), _) => return None,
        }
        Some(())
    }
}

impl Store {
    fn write_query(&self, table: &ExportTable, staging: &Staging) -> Result<u64, RunError> {
        let failed = |error: rusqlite::Error| store::damaged(self.folder(), &store::why(&error));
        let wrong = || store::damaged(self.folder(), &format!("{} could not be made of it", table.file));
        let mut statement = self.connection().prepare(table.query).map_err(failed)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let is_number = |name: &String| MONEY.contains(&name.as_str()) || NUMBERS.contains(&name.as_str());
        let mut columns: Vec<ExportColumn> = names
            .iter()
            .map(|name| {
                // `open` and the like count pounds in the balance; a balance also counts its claims.
                if is_number(name) || name == "claims" {
                    ExportColumn::Numbers(Vec::new())
                } else {
                    ExportColumn::Texts(Vec::new())
                }
            })
            .collect();
        let mut rows = statement.query([]).map_err(failed)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            count += 1;
            for (number, column) in columns.iter_mut().enumerate() {
                column.push(row.get_ref(number).map_err(failed)?).ok_or_else(wrong)?;
            }
        }
        let arrays = names.iter().zip(columns).map(|(name, column)| array(name, column));
        let arrays = arrays.collect::<Option<Vec<(Field, ArrayRef)>>>().ok_or_else(wrong)?;
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = arrays.into_iter().unzip();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|_| wrong())?;
        let full = || RunError::Untrusted(format!("{} could not be written; is the disk full?", table.file));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::None)
            .build();
        let file = staging.create(table.file)?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(|_| full())?;
        writer.write(&batch).map_err(|_| full())?;
        writer.close().map_err(|_| full())?;
        Ok(count)
    }
}

fn array(name: &str, column: ExportColumn) -> Option<(Field, ArrayRef)> {
    let array: ArrayRef = match column {
        ExportColumn::Texts(texts) => Arc::new(texts.into_iter().collect::<StringArray>()),
        ExportColumn::Numbers(numbers) if MONEY.contains(&name) => {
            let pence = numbers.into_iter().map(|pence| pence.map(i128::from)).collect::<Decimal128Array>();
            Arc::new(pence.with_precision_and_scale(18, 2).ok()?)
        }
        ExportColumn::Numbers(numbers) => Arc::new(numbers.into_iter().collect::<Int64Array>()),
    };
    let name = if name == "pence" { "pounds" } else { name };
    let data_type: DataType = array.data_type().clone();
    Some((Field::new(name, data_type, true), array))
}

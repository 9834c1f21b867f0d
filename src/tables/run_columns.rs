//! The columns that every table of a run ends with, so that the tables of several runs can be put one under another: which
//! run, which scheme and which cut-off a row is of.
//!
//! The names begin with the program's, because a claims file may well have a column `run` or `scheme` of its own, which is
//! carried through.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, SchemaRef};
use chrono::NaiveDate;

use super::layout::{OutputColumn, column};
use crate::domain::day::day_number;
use crate::error::RunError;

/// The run that a table is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunIdentity {
    /// The beginning of its fingerprint.
    pub run: String,
    /// The scheme's id.
    pub scheme: String,
    /// The last day the extract speaks for.
    pub cut_off: Option<NaiveDate>,
}

impl RunIdentity {
    /// Rows with these columns behind their own; `schema` is of all of them.
    ///
    /// # Errors
    /// Only if the columns do not fit the schema.
    pub(super) fn behind(&self, rows: &RecordBatch, schema: SchemaRef) -> Result<RecordBatch, RunError> {
        let count = rows.num_rows();
        let own: [ArrayRef; 3] = [
            Arc::new(StringArray::new_repeated(&self.run, count)),
            Arc::new(StringArray::new_repeated(&self.scheme, count)),
            Arc::new(Date32Array::from(vec![self.cut_off.map(day_number); count])),
        ];
        RecordBatch::try_new(schema, rows.columns().iter().cloned().chain(own).collect())
            .map_err(|_| RunError::Untrusted("an output's columns do not fit its schema".into()))
    }
}

/// The columns themselves.
pub fn run_columns() -> [OutputColumn; 3] {
    [
        column("sustain_run", DataType::Utf8, "the run: the first 12 letters of its fingerprint, which run.json has"),
        column("sustain_scheme", DataType::Utf8, "the scheme, by its id"),
        column("sustain_cut_off", DataType::Date32, "the last day the extract speaks for; null where it does not tell"),
    ]
}

/// A table's own columns, with these behind them.
pub fn with_run_columns(mut columns: Vec<OutputColumn>) -> Vec<OutputColumn> {
    columns.extend(run_columns());
    columns
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array as _, AsArray as _, Int32Array};
    use arrow::datatypes::Int32Type;

    use super::*;
    use crate::tables::layout::schema;

    #[test]
    fn every_row_has_the_run_behind_its_own_cells_and_no_day_where_there_is_none() {
        let run = RunIdentity { run: "0123456789ab".into(), scheme: "whp".into(), cut_off: None };
        let own = vec![column("claim_row", DataType::Int32, "the row")];
        let rows = RecordBatch::try_new(schema(&own), vec![Arc::new(Int32Array::from(vec![7, 8]))]).unwrap();
        let whole = run.behind(&rows, schema(&with_run_columns(own))).unwrap();
        assert_eq!(whole.num_rows(), 2);
        let names: Vec<String> = whole.schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["claim_row", "sustain_run", "sustain_scheme", "sustain_cut_off"]);
        let runs = whole.column(1).as_any().downcast_ref::<StringArray>().unwrap();
        assert_eq!((runs.value(0), runs.value(1)), ("0123456789ab", "0123456789ab"));
        assert_eq!(whole.column(3).null_count(), 2);
        let dated = RunIdentity { cut_off: NaiveDate::from_ymd_opt(1970, 1, 2), ..run };
        let whole = dated.behind(&rows, whole.schema()).unwrap();
        assert_eq!(whole.column(0).as_primitive::<Int32Type>().values(), &[7, 8]);
        assert_eq!(whole.column(3).as_primitive::<arrow::datatypes::Date32Type>().values(), &[1, 1]);
    }
}

//! The tables of a run: from decided claims to the record batches of its Parquet files, and to the flat rows of its verdicts.
//!
//! ```text
//!  decided claims ─ evidence_rows ─▶ what became of each payment ─ batches ─▶ record batches ─ file ─▶ one Parquet file
//!                                                   layout: the columns of each, with what they mean
//!                                                   run_columns: those that every table ends with
//!  decided claims ─ verdict_rows ─▶ a row for each claim and reason ─ verdict_files ─▶ verdicts.csv, verdicts.xlsx
//! ```

pub mod batches;
pub(crate) mod evidence_rows;
pub mod file;
pub mod forms;
pub mod layout;
pub mod run_columns;
pub mod verdict_files;
pub mod verdict_rows;

//! Made-up claims, registers and payroll records, with the right answers.
//!
//! A sample is a batch of claims in which every rule is shown, the payments behind them in an extract as HMRC would
//! send it, and an answer key that says what each claim must come to. Around the claims' payments there can be those of
//! any number of people nobody claims for. Nobody in a sample exists: their National Insurance numbers begin with
//! prefixes that are never issued.
//!
//! The answers hold under these terms: outcome `sustained_13_weeks` (16 hours, 91 of 91 days) at £2,500.00 and outcome
//! `job_start_16h` at £500.00, and `earned_1000` (£1,000.00 within 238 days of the start) at £300.00; 14 days' tolerance of the start, unpaid gaps of up to 31 days and changes of employer
//! queried; claims within 182 days; the nine contracts that the claims name but for the one meant to be unknown; cohorts
//! `learning_disability`, `autism` and `mental_health`; benefits `esa` and `uc`; starts from 1 November 2017 to 31 May
//! 2019. The extract speaks for 1 December 2017 ([`extract_from`]) to its last payday, 31 March 2019 ([`extract_to`]).
//!
//! ```text
//! draw, day, text          seeded draws, the calendar, numbers as text
//! stem, names, person,
//! employer, payday         who there is and when they are paid
//! payment, job, rows       what a payment, a job, a claim and a register row are
//! case, noise, scenario_*  one participant's situation, and the table of situations
//! batch, population        everyone claimed for, and everyone else
//! snapshot                 what is known of it on a day
//! world, received          both together, and the order in which their payments arrive
//! months, planted          claims spread over the months of a ledger, and what is planted among them
//! encode, lines, write_*   files
//! ```
//!
//! The same plan gives the same bytes, whatever the thread count: everything follows from the seed and a number.

mod batch;
mod case;
mod day;
mod draw;
mod employer;
mod encode;
mod job;
mod lines;
mod months;
mod names;
mod noise;
mod payday;
mod payment;
mod person;
mod planted;
mod population;
mod received;
mod rows;
mod scenario;
mod scenario_queried;
mod scenario_refused;
mod scenario_rejected;
mod scenario_validated;
mod snapshot;
mod stem;
#[cfg(test)]
mod tests;
mod text;
mod world;
mod write_claims;
mod write_csv;
mod write_hmrc;
mod write_jsonl;
mod write_months;
mod write_parquet;

use std::path::Path;

use chrono::NaiveDate;
use thiserror::Error;

use case::CellTyping;
use world::World;
use write_claims::SampleForm;
use write_parquet::ParquetEncoder;

/// The scheme under which a sample's answers hold.
pub const SCHEME: &str = include_str!("scheme.toml");

/// The form of an extract. Claims and register are CSV, except that with Parquet they are Parquet too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleFormat {
    /// Parquet, in our own column names.
    Parquet,
    /// CSV, in our own column names.
    Csv,
    /// JSON Lines, in our own column names.
    Jsonl,
    /// HMRC's responses, one person a line, in HMRC's names.
    HmrcJson,
}

/// What sample to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The number of claims. [`full_batch`] of them and more show every scenario.
    pub claims: u32,
    /// The number of people nobody claims for.
    pub population: u32,
    /// The form of the extract.
    pub format: SampleFormat,
    /// The number of files the extract is split into; 0 is read as 1.
    pub files: u16,
    /// Where all draws begin.
    pub seed: u64,
}

/// Why a sample could not be made.
#[derive(Debug, Error)]
pub enum SampleError {
    /// A file could not be written.
    #[error("cannot write {file}")]
    Io {
        /// The file, relative to the sample's folder.
        file: String,
        /// What went wrong.
        source: std::io::Error,
    },
    /// There are not enough National Insurance numbers.
    #[error("{asked} people are more than the {limit} that have a National Insurance number to be made up for them")]
    TooMany {
        /// How many people the plan asks for, claimed for or not.
        asked: u64,
        /// How many there can be.
        limit: u32,
    },
    /// A Parquet file could not be written.
    #[error("cannot write {file}")]
    Parquet {
        /// The file, relative to the sample's folder.
        file: String,
        /// What went wrong.
        source: parquet::errors::ParquetError,
    },
    /// Rows could not be made into columns.
    #[error("cannot make the columns of {file}")]
    Arrow {
        /// The file, relative to the sample's folder.
        file: String,
        /// What went wrong.
        source: arrow::error::ArrowError,
    },
}

impl SampleError {
    fn io(file: &str, source: std::io::Error) -> Self {
        Self::Io { file: file.to_owned(), source }
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Each file's name, relative to the sample's folder, and its number of rows; of HMRC's responses, of payments.
    pub files: Vec<(String, u64)>,
    /// How many claims each scenario makes.
    pub scenarios: Vec<(&'static str, u64)>,
}

/// One month of a ledger, as it was written. Files are named relative to the sample's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthWritten {
    /// The cut-off of its extract.
    pub extract_to: NaiveDate,
    /// A day to pay on.
    pub pay_day: NaiveDate,
    /// The claims, where any come.
    pub claims: Option<String>,
    /// The register.
    pub register: String,
    /// The earnings: a file, or a folder of several.
    pub earnings: String,
    /// The decisions, where there are any.
    pub decisions: Option<String>,
    /// How many claims come.
    pub claims_sent: u64,
    /// How many payments its extract holds.
    pub payments: u64,
    /// How many decisions there are.
    pub decided: u64,
}

/// The months of a ledger, as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthsWritten {
    /// The months, in order.
    pub months: Vec<MonthWritten>,
    /// How many claims `expected-months.csv` speaks of.
    pub planted: u64,
}

/// The first day that a sample's extract speaks for: of what was paid before, only some stands in it.
pub fn extract_from() -> NaiveDate {
    day::OBSERVED_FROM.date()
}

/// The cut-off of a sample's extract: its latest payday.
pub fn extract_to() -> NaiveDate {
    day::CUT_OFF.date()
}

/// The smallest number of claims that shows every scenario.
pub fn full_batch() -> u32 {
    scenario::all().map(scenario::Scenario::claims).sum()
}

/// Writes a sample into an empty folder: `claims`, `register`, `earnings`, `earlier-claims.csv` and `expected.csv`.
///
/// The claims of `earlier-claims.csv` belong to a batch that was validated before, against the same extract and register.
/// `progress` is told, now and then, how many payments have been written so far.
///
/// # Errors
/// More people than there are numbers for, or a file that cannot be written. What was written until then stays.
pub fn write(plan: &Plan, dir: &Path, progress: &(dyn Fn(u64) + Sync)) -> Result<Written, SampleError> {
    let (cells, form) = forms(plan.format);
    let world = World::new(plan, cells)?;
    let mut files = write_claims::write(&world.batch, form, dir)?;
    files.extend(write_extract(&world, plan, dir, progress)?);
    Ok(Written { files, scenarios: world.scenarios })
}

/// Writes the months of a ledger into an empty folder: `month-1` and so on with `claims`, `register`, `earnings` and `decisions.csv`,
/// and beside them `expected.csv` and `expected-months.csv`.
///
/// An extract holds what had been received of the payments up to its month's cut-off; that of the last month is the one that [`write`]
/// makes, with the payments that HMRC voided meanwhile. `expected.csv` says what a claim comes to by that extract: one that was settled in
/// an earlier month may have come to something else, as a second claim that is refused by one of the same batch or by the ledger.
///
/// # Errors
/// As [`write`].
pub fn write_months(
    plan: &Plan,
    months: u32,
    dir: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<MonthsWritten, SampleError> {
    let (cells, form) = forms(plan.format);
    write_months::write(&mut World::new(plan, cells)?, plan, months, form, dir, progress)
}

fn forms(format: SampleFormat) -> (CellTyping, SampleForm) {
    match format {
        SampleFormat::Parquet => (CellTyping::Typed, SampleForm::Parquet),
        SampleFormat::Csv | SampleFormat::Jsonl | SampleFormat::HmrcJson => (CellTyping::Loose, SampleForm::Csv),
    }
}

fn write_extract(
    world: &World,
    plan: &Plan,
    dir: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<(String, u64)>, SampleError> {
    match plan.format {
        SampleFormat::Parquet => encode::write(&ParquetEncoder::new()?, world, plan.files, dir, progress),
        SampleFormat::Csv => encode::write(&write_csv::CSV, world, plan.files, dir, progress),
        SampleFormat::Jsonl => encode::write(&write_jsonl::JSONL, world, plan.files, dir, progress),
        SampleFormat::HmrcJson => write_hmrc::write(world, plan.files, dir, progress),
    }
}

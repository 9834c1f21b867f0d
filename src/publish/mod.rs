//! Writing what a run leaves: six Parquet files, its scheme, a page and its account, all together or not at all.
//!
//! ```text
//!  decisions ─ files ─▶ Parquet files ─┐
//!  counts ─── account ─▶ run.json ─────┴─ staging ─▶ the result directory, in one rename
//! ```

pub mod account;
pub(crate) mod considered;
pub(crate) mod csv;
pub mod files;
pub mod fingerprint;
pub mod forms;
pub mod layout;
pub mod money;
pub mod staging;
pub mod tables;

pub use account::Account;
pub use staging::Staging;

/// The scheme as it was decided under, word for word: a run can be explained from its own files.
pub const SCHEME_FILE: &str = "scheme.toml";

/// The run on one page.
pub const REPORT_FILE: &str = "report.html";

/// The names of the outputs, in the order in which a run lists them.
pub const OUTPUTS: [&str; 9] = [
    "validated.parquet",
    "rejected.parquet",
    "queried.parquet",
    "findings.parquet",
    "evidence.parquet",
    "quarantine.parquet",
    SCHEME_FILE,
    REPORT_FILE,
    "run.json",
];

//! Writing what a run leaves: six Parquet files and its account, all together or not at all.
//!
//! ```text
//!  decisions ─ files ─▶ Parquet files ─┐
//!  counts ─── account ─▶ run.json ─────┴─ staging ─▶ the result directory, in one rename
//! ```

pub mod account;
pub(crate) mod csv;
pub mod files;
pub mod fingerprint;
pub mod layout;
pub mod money;
pub mod staging;
pub mod tables;

pub use account::Account;
pub use staging::Staging;

/// The names of the seven outputs, in the order in which a run lists them.
pub const OUTPUTS: [&str; 7] = [
    "validated.parquet",
    "rejected.parquet",
    "queried.parquet",
    "findings.parquet",
    "evidence.parquet",
    "quarantine.parquet",
    "run.json",
];

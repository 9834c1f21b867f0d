//! Matches the claims of a batch with the register's rows and with the payments of the people claimed for.
//!
//! Rows under numbers near those of people without a payment are gathered in the same reading (`nearby`) or in a second one
//! (`near_misses`).
//!
//! Everything is matched on one canonical key that is never null: rows without one are set aside first. Payments that
//! were kept are joined once more in polars with the people sought, so that no row can be lost or doubled unseen.

pub mod claims;
mod compact;
pub mod earnings_read;
mod interner;
mod kept_payments;
pub mod memory_budget;
pub mod near_misses;
mod nearby;
pub mod payments;
pub mod register;
mod stem_set;

pub use claims::{ClaimsFile, ClaimsRead};
pub use earnings_read::{EarningsAccount, EarningsRead};
pub use memory_budget::PaymentCounts;
pub use payments::{EarningsQuery, PaymentsByStem, PaymentsOrCounts};
pub use register::Register;

use polars::prelude::{PolarsError, PolarsResult};

use crate::error::RunError;

/// The result of a polars operation that cannot fail on our frames. The text of its error may hold data and is not
/// shown.
pub(crate) fn asserted<T>(result: PolarsResult<T>) -> Result<T, RunError> {
    result.map_err(|error| RunError::Untrusted(format!("a frame could not be handled ({})", kind(&error))))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library's kinds of error, of which these can be told")]
fn kind(error: &PolarsError) -> &'static str {
    match error {
        PolarsError::ColumnNotFound(_) => "a column is missing",
        PolarsError::SchemaMismatch(_) | PolarsError::SchemaFieldNotFound(_) => "its schema is another",
        PolarsError::ShapeMismatch(_) => "its shape is another",
        _ => "an operation failed",
    }
}

//! Rules about a row as a row.

pub mod dates_out_of_order;
pub mod missing_value;
pub mod repeated_claim;
pub mod unreadable_record;
pub mod unreadable_value;

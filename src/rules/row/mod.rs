//! Rules about a claim's row: whether it can be read, is complete and occurs once.

pub mod dates_out_of_order;
pub mod missing_value;
pub mod repeated_claim;
pub mod unreadable_record;
pub mod unreadable_value;

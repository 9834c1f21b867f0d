//! Rules about what the extract could and could not show.

pub mod repeated_payments;
pub mod unobserved_days;
pub mod unreadable_row;

//! Rules about what a claim says.

pub mod already_validated;
pub mod claimed_before_achieved;
pub mod claimed_too_late;
pub mod claimed_too_soon;
pub mod claimed_twice;
pub mod contradicts_itself;
pub mod price_differs;
pub mod self_employed;
pub mod too_few_hours_claimed;
pub mod unknown_outcome;

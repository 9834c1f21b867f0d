//! Rules about what a claim says.

pub mod unknown_outcome;
pub mod claimed_too_soon;
pub mod claimed_too_late;
pub mod claimed_twice;
pub mod already_validated;
pub mod too_few_hours_claimed;
pub mod price_differs;
pub mod self_employed;
pub mod claimed_before_achieved;
pub mod contradicts_itself;

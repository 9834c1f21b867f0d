//! Rules about whether the job lasted.

pub mod across_employers;
pub mod breaks_off;
pub mod ended_too_soon;
pub mod gone_quiet;
pub mod pending;
pub mod unpaid_gap;
pub mod weak_cover;

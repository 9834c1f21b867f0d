//! Rules about whether the job lasted.

pub mod ended_too_soon;
pub mod breaks_off;
pub mod pending;
pub mod gone_quiet;
pub mod across_employers;
pub mod weak_cover;
pub mod unpaid_gap;

//! Rules about who may be claimed for.

pub mod register_unusable;
pub mod cohort;
pub mod other_provision;
pub mod benefit;
pub mod start;
pub mod job_was_there_already;
pub mod contract;

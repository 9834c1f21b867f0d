//! Rules about who may be claimed for.

pub mod benefit;
pub mod cohort;
pub mod contract;
pub mod job_was_there_already;
pub mod other_provider;
pub mod other_provision;
pub mod register_unusable;
pub mod start;

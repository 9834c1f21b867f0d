//! What is known before anything is counted: people, their days in work, their outcomes, claims, money and volumes.

pub mod claims;
pub mod outcomes;
pub mod person;
pub mod register;
pub mod spending;
pub mod volumes;
pub mod work_history;

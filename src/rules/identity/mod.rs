//! Rules about whose claim and whose earnings they are.

pub mod malformed_nino;
pub mod dummy_nino;
pub mod unknown_participant;
pub mod register_differs;
pub mod another_person;
pub mod another_name;
pub mod near_miss;
pub mod another_suffix;
pub mod little_to_compare;

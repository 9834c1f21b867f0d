//! Rules about whose claim and whose earnings they are.

pub mod another_name;
pub mod another_person;
pub mod another_suffix;
pub mod dummy_nino;
pub mod little_to_compare;
pub mod malformed_nino;
pub mod near_miss;
pub mod records_of_another_person;
pub mod register_differs;
pub mod two_participant_numbers;
pub mod unknown_participant;

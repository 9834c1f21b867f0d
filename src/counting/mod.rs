//! How many people gave which answer to every question, for everyone and for each level of each dimension.

pub mod answers;
pub mod tally;

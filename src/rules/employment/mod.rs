//! Rules about the employer and the time of the job.

pub mod another_employer;
pub mod another_start;
pub mod no_cover;
pub mod only_zero_pay;

//! Rules about hours a week.

pub mod pay_too_low;
pub mod too_few;
pub mod unknown;

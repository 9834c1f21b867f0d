//! Rules about hours a week.

pub mod too_few;
pub mod unknown;
pub mod pay_too_low;

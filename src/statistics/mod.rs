//! Shares with their confidence intervals, funnel limits, quantiles and unit costs.
//!
//! Counts go in and figures come out, each a function of its arguments alone, in IEEE arithmetic that gives the same bits on
//! every machine. This is the one room whose numbers are not exact.
#![expect(
    clippy::float_arithmetic,
    reason = "an interval has a square root in it; no money and no count is ever a float"
)]

mod figure;
mod funnel;
mod interval;
mod quantile;

pub use figure::{
    difference, hundredths, millionths, of_hundredths_of_a_per_cent, percent, pounds_each, pounds_each_to, share,
    to_one_place,
};
pub use funnel::{FunnelPosition, funnel_position, limits};
pub use interval::{ShareEstimate, against, clopper_pearson, known, paired, weighted, wilson};
pub use quantile::{mean, quantile};

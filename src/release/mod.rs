//! From exact counts to rows that may be published: withheld, rounded, and only then made into rates.

pub mod disclosure;
pub mod rows;

//! `report.html`: a run on one page that needs nothing else and asks nothing of a network.
//!
//! What is told by claim is gathered while the claims are decided, so the page says what the run knew, and no file is read
//! again. Names, dates of birth and numbers of people are not on it.

mod gather;
mod page;

pub(crate) use gather::Gathered;
pub(crate) use page::page;

/// The most claims that are listed one by one: beyond it a page is no longer quick, and the Parquet files are there.
pub(crate) const MOST_LISTED: usize = 10_000;

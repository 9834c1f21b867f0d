//! `report.html`: a run on one self-contained page that makes no network request.
//!
//! Its data is collected while the claims are decided, so the page shows what the run decided, and no file is read
//! again. Names, dates of birth and numbers of people are not on it.

mod gather;
mod money_walk;
mod page;

pub(crate) use gather::ReportData;
pub(crate) use page::{MOST_QUARANTINED, page};

/// The most claims that are listed one by one: beyond it a page is no longer quick, and the Parquet files are there.
pub(crate) const MOST_LISTED: usize = 10_000;

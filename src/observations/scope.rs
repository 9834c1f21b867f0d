//! The scope of a set of rates: the days the extract speaks for, the outcomes, and the options.

use std::sync::Arc;

use chrono::NaiveDate;

use super::spending::Spending;
use super::volumes::ProgrammeYear;
use super::work_history::ObservedPeriod;
use crate::domain::day::add_days;

/// Days before the cut-off for which pay may not be reported yet: a month, and the seven days after which pay is
/// overdue.
pub const LAG_DAYS: i64 = 38;

/// Days after a window until its last pay can be expected: two monthly paydays.
pub const MATURITY_DAYS: i64 = 62;

/// The scope of a set of rates: the observed days, the outcomes and the options.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The last day the extract speaks for.
    pub cut_off: NaiveDate,
    /// The days observed of everyone.
    pub observed: ObservedPeriod,
    /// The outcomes of the scheme, in its order.
    pub outcomes: Vec<OutcomeInScope>,
    /// The fewest starts of a stretch of months that starts are counted in.
    pub fewest_starts: usize,
    /// Dates on which paid employment is reported.
    pub on: Vec<NaiveDate>,
    /// The first job outcome under changed terms, where that is asked for.
    pub sensitivity: Option<Sensitivity>,
    /// Whether there is a run whose claims are known.
    pub has_claims: bool,
    /// The years of the programme, where the scheme states how many people it expects.
    pub years: Vec<ProgrammeYear>,
    /// What was spent, where that is known.
    pub spending: Option<Arc<Spending>>,
}

/// An outcome of the scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeInScope {
    /// Its id.
    pub id: String,
    /// The days of its window.
    pub window_days: i64,
}

/// The changes of terms that are tried, and the outcome whose terms they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sensitivity {
    /// The place of the outcome among those of the scheme.
    pub outcome: usize,
    /// The name of each change.
    pub changes: Vec<String>,
}

impl Scope {
    /// The latest start for which all pay of a window that opens on it can have arrived by the cut-off.
    pub fn latest_matured_start(&self, window_days: i64) -> NaiveDate {
        add_days(self.cut_off, -(window_days + MATURITY_DAYS))
    }

    /// The days of the window of an outcome, by its place.
    pub fn window_days(&self, outcome: usize) -> i64 {
        self.outcomes.get(outcome).map_or(0, |outcome| outcome.window_days)
    }
}

//! The face of the evidence: the questions that every kind of outcome answers.
//!
//! Each kind implements it in its own file, [`days`](super::days) and [`earnings`](super::earnings). Reports,
//! explanations, rates and the columns of the outputs use this interface alone and do not know the kind.

use std::fmt;

use chrono::NaiveDate;

use super::days::DayEvidence;
use super::employers::DayCounts;
use super::held_before::HeldBefore;
use super::rows::RowContribution;
use super::shown::DayShown;
use super::unobserved::Unobserved;
use crate::domain::{Band, EmployerRef, Fact, Hours, Pence};
use crate::scheme::Code;

/// Days around the time that an outcome asks about in which a payment may have to do with it: two monthly paydays.
pub(super) const DAYS_AROUND: i64 = 62;

/// The evidence of one claim as the kind of its outcome reads it.
pub trait OutcomeEvidence: fmt::Debug + Send + Sync {
    /// The rule that fails for this answer; none for a pass, and none where a rule about the register fails instead.
    fn code(&self) -> Option<Code>;

    /// The facts that the answer rests on, for the rule that speaks for it.
    fn facts(&self) -> Vec<Fact>;

    /// The day the outcome was achieved.
    fn achieved_on(&self) -> Option<NaiveDate>;

    /// When a later extract can settle a query.
    fn recheck_on(&self) -> Option<NaiveDate>;

    /// What the extract cannot speak for in the time of the claim, where that may bear on the answer.
    fn unobserved(&self) -> Option<Unobserved>;

    /// Records what each row that counts contributes. `rows` has one entry for each payment, in the order given.
    fn place_rows(&self, rows: &mut [RowContribution]);

    /// The rows that the answer stands on, as numbers of the payments in the order given: rows that count and are paid for
    /// days on which a window may lie, or are added up; none where nothing competes.
    fn stands_on(&self) -> Vec<usize>;

    /// What the columns of a claim show of the answer.
    fn columns(&self) -> OutcomeColumns<'_>;

    /// What the payments lack for the outcome; empty where the rule's message says it all.
    fn shortfalls(&self) -> Vec<Shortfall>;

    /// The evidence in days, for the rules about days.
    ///
    /// # Errors
    /// Why those rules do not apply, where the outcome is not counted in days.
    fn by_day(&self) -> Result<&DayEvidence, &'static str>;

    /// The first and last day that may count, where single days are counted.
    fn days_asked_about(&self) -> Option<(NaiveDate, NaiveDate)> {
        None
    }

    /// Those days under each employer, in order of reference; empty where single days are not counted.
    fn employers(&self) -> Vec<DaysUnderEmployer<'_>> {
        Vec::new()
    }

    /// The paydays, first and last, at which a payment that nobody could read may matter to the answer; `None` where any may.
    fn paydays_that_matter(&self) -> Option<(NaiveDate, NaiveDate)>;

    /// What says that the job which the answer rests on was there before a day, where it rests on a job.
    fn held_before(&self, _day: NaiveDate) -> Option<HeldBefore> {
        None
    }

    /// Whether there is no answer, because the first day of the window is not known.
    fn lacks_a_window(&self) -> bool {
        false
    }
}

/// What the columns of a claim show of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutcomeColumns<'a> {
    /// The days of the window, where days are counted and at least one employer competes.
    pub counted: Option<CountedDays>,
    /// The employer that the answer rests on.
    pub employer: Option<&'a EmployerRef>,
    /// The first day of its first cover.
    pub first_cover: Option<NaiveDate>,
    /// The last day of its last cover.
    pub last_cover: Option<NaiveDate>,
    /// The pay with a payday in the window.
    pub pay_in_window: Option<Pence>,
    /// When the participant started, where the answer depends on it.
    pub participant_start: Option<NaiveDate>,
}

/// The days of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedDays {
    /// The first and last day of the window.
    pub window: (NaiveDate, NaiveDate),
    /// Days of the window.
    pub window_days: u32,
    /// Days needed.
    pub needed_days: u32,
    /// Its days by status.
    pub counts: DayCounts,
}

/// The days under one employer.
#[derive(Debug, Clone)]
pub struct DaysUnderEmployer<'a> {
    /// The employer.
    pub employer: &'a EmployerRef,
    /// Whether the answer rests on this employer.
    pub is_best: bool,
    /// What each day shows, from the first that may count to the last.
    pub days: Vec<DayShown>,
    /// When the last employment under it ended, where that is reported.
    pub leaving_date: Option<NaiveDate>,
}

/// One thing that the payments lack for the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// Days of the window are not shown to be worked at the outcome's hours.
    DaysMissing {
        /// How many more are needed.
        short_by: u32,
        /// The days of the window that no pay covers, as the first and last day of each run.
        uncovered: Vec<(NaiveDate, NaiveDate)>,
    },
    /// Days are covered only weakly: by pay that cannot be shown to be for exactly those days.
    WeaklyCovered {
        /// How many.
        days: u32,
    },
    /// The hours band does not reach the outcome's hours, or does not say.
    BandNeeded {
        /// The hours a week the outcome asks for.
        hours: Hours,
        /// The bands that reach them.
        bands: Vec<Band>,
        /// The band of each payment that does not, in the order of their days.
        reported: Vec<Option<Band>>,
        /// How many days rest on them.
        days: u32,
    },
    /// Too little was earned.
    EarningsShort {
        /// How much is missing.
        short_by: Pence,
    },
}

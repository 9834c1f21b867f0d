//! What may be claimed, and the terms that hold for one claim.

use chrono::NaiveDate;

use super::wage::WageTable;
use super::{AcrossEmployers, Dated, Scheme};
use crate::domain::day::add_days;
use crate::domain::{Hours, Pence};

/// One thing that may be claimed.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The outcome's name in claims.
    pub id: String,
    /// What it is, in words.
    pub title: String,
    /// How it is decided.
    pub kind: OutcomeKind,
    /// What is paid for it, where the scheme says or was told.
    pub price: Option<Dated<Pence>>,
}

impl Outcome {
    /// The price for a job that began on a day, where the scheme states one.
    pub fn price_of_job_from(&self, day: NaiveDate) -> Option<Pence> {
        self.price.as_ref().and_then(|price| price.on(day)).copied()
    }
}

/// How an outcome is decided.
#[derive(Debug, Clone)]
pub enum OutcomeKind {
    /// So many days, within a window, of a job of so many hours a week.
    SustainedHours {
        /// H: hours a week.
        hours_per_week: Dated<Hours>,
        /// N: days needed.
        needed_days: Dated<u32>,
        /// W: days of the window.
        window_days: Dated<u32>,
    },
    /// One day of a job of so many hours a week.
    JobStart {
        /// H: hours a week; 0 for any hours.
        hours_per_week: Dated<Hours>,
    },
    /// So much taxable pay within a window that opens when the participant starts.
    Earnings {
        /// W: days of the window.
        window_days: Dated<u32>,
        /// How the days of the window are counted.
        day_numbering: Dated<DayNumbering>,
        /// How many days after the window pay of it may still be reported.
        late_data_days: Dated<u32>,
        /// How much must be earned.
        threshold: Threshold,
    },
}

impl OutcomeKind {
    /// The kind as scheme files write it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SustainedHours { .. } => "sustained_hours",
            Self::JobStart { .. } => "job_start",
            Self::Earnings { .. } => "earnings",
        }
    }

    /// Whether it is a sum of pay, not a number of days.
    pub const fn is_earnings(&self) -> bool {
        matches!(self, Self::Earnings { .. })
    }

    /// Whether it counts from the participant's start; otherwise it counts from a claimed job start.
    pub const fn counts_from_participant_start(&self) -> bool {
        match self {
            Self::SustainedHours { .. } | Self::JobStart { .. } => false,
            Self::Earnings { .. } => true,
        }
    }

    /// Whether a sensitivity analysis tries it under changed terms: other hours, more days of break, another tolerance.
    pub const fn is_tried_under_changed_terms(&self) -> bool {
        match self {
            Self::SustainedHours { .. } => true,
            Self::JobStart { .. } | Self::Earnings { .. } => false,
        }
    }

    /// The days of the window of an outcome that counts from a day; `None` before the terms begin.
    pub fn window_days(&self, from: NaiveDate) -> Option<u32> {
        match self {
            Self::SustainedHours { window_days, .. } | Self::Earnings { window_days, .. } => {
                window_days.on(from).copied()
            }
            Self::JobStart { .. } => Some(1),
        }
    }
}

/// Whether the day of the start is the first day of a window, or the day before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayNumbering {
    /// The start is day 1: a window of 638 days ends 637 days after it.
    StartIsDay1,
    /// The start is day 0: a window of 638 days ends 638 days after it, and holds 639 dates.
    StartIsDay0,
}

impl DayNumbering {
    /// Both, the rulebook's own first.
    pub const ALL: [Self; 2] = [Self::StartIsDay1, Self::StartIsDay0];

    /// The numbering as scheme files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::StartIsDay1 => "start_is_day_1",
            Self::StartIsDay0 => "start_is_day_0",
        }
    }
}

/// How much must be earned.
#[derive(Debug, Clone)]
pub enum Threshold {
    /// A fixed sum.
    Sum(Dated<Pence>),
    /// What so many hours a week for so many weeks bring at an hourly rate.
    HoursAtRate {
        /// Hours a week.
        hours_per_week: Dated<Hours>,
        /// Weeks.
        weeks: Dated<u32>,
        /// The rate.
        hourly_rate: Dated<HourlyRate>,
    },
}

/// An hourly rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HourlyRate {
    /// The adult National Living Wage in force on the day.
    NationalLivingWage,
    /// An amount.
    Amount(Pence),
}

/// The name of the National Living Wage in scheme files.
pub const NATIONAL_LIVING_WAGE: &str = "national_living_wage";

/// The terms of an outcome counted in days, for a job that starts on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayTerms {
    /// H: hours a week.
    pub hours: Hours,
    /// N: days needed, at least 1.
    pub needed_days: u32,
    /// W: days of the window, at least N.
    pub window_days: u32,
    /// How many days after the claimed start the window may open.
    pub start_tolerance_days: u32,
    /// The longest unpaid gap that goes to a person.
    pub gap_query_days: u32,
    /// What several employers together amount to.
    pub across_employers: AcrossEmployers,
}

/// The terms of an outcome of earnings, for a participant who started on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EarningsTerms {
    /// The day of the start, on which the window opens.
    pub opens: NaiveDate,
    /// The last day of the window.
    pub closes: NaiveDate,
    /// How many days after the window pay of it may still be reported.
    pub late_data_days: u32,
    /// How much must be earned.
    pub threshold: Pence,
}

/// The terms of an outcome, whatever its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeTerms {
    /// Days are counted.
    Days(DayTerms),
    /// Pay is added up. `None` where nobody knows when the participant started, or what holds for that day.
    Earnings(Option<EarningsTerms>),
}

impl OutcomeTerms {
    /// What the outcome asks for, in a line, for a job that starts on `job_start`; `None` where nobody knows.
    pub fn in_words(&self, job_start: NaiveDate) -> Option<String> {
        match self {
            Self::Days(terms) => Some(terms.in_words(job_start)),
            Self::Earnings(terms) => terms.map(EarningsTerms::in_words),
        }
    }

    /// The same with the terms of days changed; other terms stay as they are.
    #[must_use]
    pub fn with_days(self, change: impl FnOnce(DayTerms) -> DayTerms) -> Self {
        match self {
            Self::Days(terms) => Self::Days(change(terms)),
            Self::Earnings(_) => self,
        }
    }
}

impl DayTerms {
    fn in_words(&self, job_start: NaiveDate) -> String {
        let hours = match self.hours.hundredths() {
            0 => "any hours".to_owned(),
            _ => format!("{} or more hours a week", self.hours),
        };
        let days = |count: u32| if count == 1 { "1 day".to_owned() } else { format!("{count} days") };
        let on = match (self.needed_days, self.window_days) {
            (1, 1) => "on a day".to_owned(),
            (needed, window) if needed == window => format!("on each of {window} days in a row"),
            (needed, window) => format!("on {needed} of {window} days in a row"),
        };
        let opening = days(self.start_tolerance_days);
        format!("{hours} {on}, beginning on {job_start} or within {opening} after it")
    }
}

impl EarningsTerms {
    fn in_words(self) -> String {
        format!("{} earned from {} to {}", self.threshold, self.opens, self.closes)
    }
}

impl Scheme {
    /// The terms of an outcome for a job that starts on `job_start` and a participant who started on `participant_start`,
    /// where that is known; `None` where the outcome counts from the job start and no terms hold on that day.
    pub fn terms(
        &self,
        outcome: &Outcome,
        job_start: NaiveDate,
        participant_start: Option<NaiveDate>,
        wages: &WageTable,
    ) -> Option<OutcomeTerms> {
        match outcome.kind {
            OutcomeKind::SustainedHours { .. } | OutcomeKind::JobStart { .. } => {
                self.day_terms(outcome, job_start).map(OutcomeTerms::Days)
            }
            OutcomeKind::Earnings { .. } => Some(OutcomeTerms::Earnings(
                participant_start.and_then(|start| self.earnings_terms(outcome, start, wages)),
            )),
        }
    }

    /// The terms of an outcome counted in days, for a job that starts on `job_start`; `None` before the terms begin, and
    /// for an outcome of earnings.
    pub fn day_terms(&self, outcome: &Outcome, job_start: NaiveDate) -> Option<DayTerms> {
        let (hours, needed_days, window_days) = match &outcome.kind {
            OutcomeKind::SustainedHours { hours_per_week, needed_days, window_days } => {
                (hours_per_week.on(job_start)?, needed_days.on(job_start)?, window_days.on(job_start)?)
            }
            OutcomeKind::JobStart { hours_per_week } => (hours_per_week.on(job_start)?, &1, &1),
            OutcomeKind::Earnings { .. } => return None,
        };
        Some(DayTerms {
            hours: *hours,
            needed_days: *needed_days,
            window_days: *window_days,
            start_tolerance_days: *self.start_tolerance_days.on(job_start)?,
            gap_query_days: *self.gap_query_days.on(job_start)?,
            across_employers: *self.across_employers.on(job_start)?,
        })
    }

    /// The terms of an outcome of earnings, for a participant who starts on `start`; `None` before the terms begin, on a
    /// day without a wage, and for an outcome counted in days.
    pub fn earnings_terms(&self, outcome: &Outcome, start: NaiveDate, wages: &WageTable) -> Option<EarningsTerms> {
        let OutcomeKind::Earnings { window_days, day_numbering, late_data_days, threshold } = &outcome.kind else {
            return None;
        };
        let days = i64::from(*window_days.on(start)?);
        let closes = match day_numbering.on(start)? {
            DayNumbering::StartIsDay1 => add_days(start, days - 1),
            DayNumbering::StartIsDay0 => add_days(start, days),
        };
        Some(EarningsTerms {
            opens: start,
            closes,
            late_data_days: *late_data_days.on(start)?,
            threshold: threshold.on(start, wages)?,
        })
    }
}

impl Threshold {
    /// The threshold for a participant who starts on a day: the least sum of whole pence that is not below it.
    pub fn on(&self, start: NaiveDate, wages: &WageTable) -> Option<Pence> {
        match self {
            Self::Sum(sum) => sum.on(start).copied(),
            Self::HoursAtRate { hours_per_week, weeks, hourly_rate } => {
                let rate = match hourly_rate.on(start)? {
                    HourlyRate::NationalLivingWage => wages.national_living_wage(start)?,
                    HourlyRate::Amount(rate) => *rate,
                };
                let hundredths = i64::from(hours_per_week.on(start)?.hundredths()) * i64::from(*weeks.on(start)?);
                let exact = i128::from(hundredths) * i128::from(rate.0);
                Pence::within_limit((exact + 99) / 100)
            }
        }
    }
}

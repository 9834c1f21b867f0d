//! One programme's rules as data: what is paid for, from when, and on whose authority.
//!
//! A [`Scheme`] is complete by construction: every number has the date it begins and a source, dated values have no gap
//! and no overlap, and nothing in the file was left unread. [`load`] is the only way to make one. The minimum wage is a
//! table of its own, [`wage`].

pub mod code;
pub mod dated;
pub mod load;
pub mod wage;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{Benefit, Hours, Pence};
pub use code::{Code, Setting, Severity};
pub use dated::Dated;
pub use load::{Mistake, Mistakes};

/// The schemes built into the program: id and the text of the file.
pub const BUILT_IN: [(&str, &str); 1] = [("lse-poc-2017", include_str!("builtin/lse-poc-2017.toml"))];

/// A programme's rules.
#[derive(Debug, Clone)]
pub struct Scheme {
    /// The scheme's name on the command line and in every account.
    pub id: String,
    /// The programme's name.
    pub title: String,
    /// How much of it published sources settle.
    pub status: Status,
    /// The programme in a sentence or two.
    pub about: String,
    /// BLAKE3 of the file's text, in hexadecimal.
    pub hash: String,
    /// When a participant may start.
    pub starts: Starts,
    /// The groups the scheme is for.
    pub cohorts: Vec<String>,
    /// The benefits a participant may receive, where the scheme lists them.
    pub benefits: Option<Vec<Benefit>>,
    /// The contracts claims may come under, where the scheme lists them.
    pub contracts: Option<Vec<String>>,
    /// How many days after the claimed start a window may open.
    pub start_tolerance_days: Dated<u32>,
    /// The longest unpaid gap that goes to a person.
    pub gap_query_days: Dated<u32>,
    /// What several employers that only together sustain the outcome amount to.
    pub across_employers: Dated<AcrossEmployers>,
    /// How many days after the outcome it may be claimed, where the scheme says.
    pub claim_within_days: Option<Dated<u32>>,
    /// What may be claimed.
    pub outcomes: Vec<Outcome>,
    /// Rules whose severity the scheme changes.
    pub settings: BTreeMap<Code, Setting>,
    /// What the scheme stands on that no source settles.
    pub assumptions: Vec<String>,
}

/// How much of a scheme published sources settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All that decides a claim is published or is a stated assumption.
    Complete,
    /// The programme was announced; its final terms were not seen.
    Announced,
    /// Some terms were not seen.
    Partial,
}

impl Status {
    /// The status as files and accounts write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Announced => "announced",
            Self::Partial => "partial",
        }
    }
}

/// The first and last day on which a participant may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starts {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

/// What evidence under several employers together amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcrossEmployers {
    /// It sustains the outcome.
    Accept,
    /// A person must look.
    Query,
    /// Only one employer's own evidence counts.
    Reject,
}

/// One thing that may be claimed.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The outcome's name in claims.
    pub id: String,
    /// What it is, in words.
    pub title: String,
    /// How it is decided.
    pub kind: OutcomeKind,
    /// What is paid for it, where the scheme says.
    pub price: Option<Dated<Pence>>,
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
}

/// An outcome's terms for a job that starts on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
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

impl Scheme {
    /// The outcome of that name.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }

    /// The terms of an outcome for a job that starts on `job_start`; `None` before the scheme's terms begin.
    pub fn terms(&self, outcome: &Outcome, job_start: NaiveDate) -> Option<Terms> {
        let (hours, needed_days, window_days) = match &outcome.kind {
            OutcomeKind::SustainedHours { hours_per_week, needed_days, window_days } => {
                (hours_per_week.on(job_start)?, needed_days.on(job_start)?, window_days.on(job_start)?)
            }
            OutcomeKind::JobStart { hours_per_week } => (hours_per_week.on(job_start)?, &1, &1),
        };
        Some(Terms {
            hours: *hours,
            needed_days: *needed_days,
            window_days: *window_days,
            start_tolerance_days: *self.start_tolerance_days.on(job_start)?,
            gap_query_days: *self.gap_query_days.on(job_start)?,
            across_employers: *self.across_employers.on(job_start)?,
        })
    }
}

//! From payments to days: what the payroll record shows of one claimed job.
//!
//! ```text
//!  payments ─ counting ─▶ rows that count ─ spell ─▶ spells ─ cover ─▶ covers ─ timeline ─▶ days under one employer
//!                              │                      │                                           │
//!                          identity                earned ─▶ the answer        sustained ─ employers ─▶ the answer
//! ```
//!
//! Everything here is a function of its arguments. The order of the payments never matters.

pub mod answer;
pub mod counting;
pub mod cover;
pub mod earned;
pub mod employed;
pub mod employers;
pub mod identity;
pub mod pay;
pub mod spell;
pub mod status;
pub mod sustained;
pub mod timeline;

use chrono::NaiveDate;

use crate::domain::name::NameKey;
use crate::domain::{EmployerRef, Masked, Payment};
use crate::scheme::{DayTerms, EarningsTerms};
pub use answer::Answer;
pub use counting::RowUse;
pub use earned::Earned;
pub use employers::Decided;
pub use identity::Identity;
pub use status::DayStatus;
pub use timeline::{CoverKind, Stretch, Timeline};

/// The terms on which payments are weighed: one claim, reduced to what its evidence depends on.
#[derive(Debug, Clone)]
pub enum EvidenceTerms {
    /// Whether the job was held on enough days.
    Days(DaysQuestion),
    /// Whether enough was earned.
    Earnings(EarningsQuestion),
}

/// The particulars of the claimed person, to compare with those on the payments.
#[derive(Debug, Clone)]
pub struct PersonParticulars {
    /// The claim's name, as far as it can be compared.
    pub name: Option<NameKey>,
    /// The claim's date of birth.
    pub date_of_birth: Masked<NaiveDate>,
    /// The suffix of the claim's National Insurance number, where it has one.
    pub suffix: Option<u8>,
}

/// A question about earnings.
#[derive(Debug, Clone)]
pub struct EarningsQuestion {
    /// The outcome's terms; `None` where nobody knows when the participant started, or what holds for that day.
    pub terms: Option<EarningsTerms>,
    /// The last day the extract speaks for; `None` when it holds no payment at all.
    pub cut_off: Option<NaiveDate>,
    /// The person whose payments they should be.
    pub whose: PersonParticulars,
}

/// A question about days.
#[derive(Debug, Clone)]
pub struct DaysQuestion {
    /// J: the claimed job start.
    pub job_start: NaiveDate,
    /// The outcome's terms.
    pub terms: DayTerms,
    /// The last day the extract speaks for; `None` when it holds no payment at all.
    pub cut_off: Option<NaiveDate>,
    /// The employer the claim names.
    pub named_employer: Option<EmployerRef>,
    /// When the participant started on provision, where a register says so.
    pub participant_start: Option<NaiveDate>,
    /// The person whose payments they should be.
    pub whose: PersonParticulars,
}

impl EvidenceTerms {
    /// The question about days, where it is one.
    pub fn days(&self) -> Option<&DaysQuestion> {
        match self {
            Self::Days(question) => Some(question),
            Self::Earnings(_) => None,
        }
    }

    fn whose(&self) -> &PersonParticulars {
        match self {
            Self::Days(question) => &question.whose,
            Self::Earnings(question) => &question.whose,
        }
    }

    fn cut_off_or_never(&self) -> NaiveDate {
        match self {
            Self::Days(question) => question.cut_off_or_never(),
            Self::Earnings(question) => question.cut_off_or_never(),
        }
    }
}

impl DaysQuestion {
    /// The cut-off for comparisons: before every date when there is none, so that nothing is taken to be overdue.
    pub fn cut_off_or_never(&self) -> NaiveDate {
        self.cut_off.unwrap_or(NaiveDate::MIN)
    }

    /// The number of days on which a window may have a day: J and the days after it.
    pub fn horizon_days(&self) -> usize {
        usize::try_from(self.terms.start_tolerance_days.saturating_add(self.terms.window_days)).unwrap_or(usize::MAX)
    }

    /// The last day on which a window may have a day.
    pub fn horizon_end(&self) -> NaiveDate {
        let days = i64::from(self.terms.start_tolerance_days) + i64::from(self.terms.window_days) - 1;
        crate::domain::day::add_days(self.job_start, days)
    }
}

/// What the payments show.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// For each payment, in the order given, whether it counts and why not.
    pub uses: Vec<RowUse>,
    /// Whose payments they appear to be.
    pub identity: Identity,
    /// What happened under each employer that has a row that counts, in order of reference; for a question about days.
    pub timelines: Vec<Timeline>,
    /// The answer to the question.
    pub answer: Answer,
}

impl Evidence {
    /// How many rows count.
    pub fn counting(&self) -> usize {
        self.uses.iter().filter(|used| **used == RowUse::Counts).count()
    }

    /// The employer the answer rests on, if there is one.
    pub fn best(&self) -> Option<&Timeline> {
        self.answer.decided().and_then(|decided| self.timelines.get(decided.best))
    }
}

/// Weighs a person's payments against a question. The payments must all carry the claim's stem.
pub fn weigh(asked: &EvidenceTerms, payments: &[Payment]) -> Evidence {
    let uses = counting::uses(payments, asked.cut_off_or_never());
    let counting: Vec<(usize, &Payment)> = payments
        .iter()
        .enumerate()
        .zip(&uses)
        .filter(|(_, used)| **used == RowUse::Counts)
        .map(|(row, _)| row)
        .collect();
    let identity = identity::compare(asked.whose(), &counting);
    let spells = spell::spells(&counting);
    let (timelines, answer) = match asked {
        EvidenceTerms::Days(question) => {
            let timelines = timeline::timelines(question, spells);
            let answer = employers::answer(question, &timelines, !counting.is_empty());
            (timelines, answer)
        }
        EvidenceTerms::Earnings(question) => {
            let earned = earned::earned(question, &spells, payments);
            (Vec::new(), earned.map_or(Answer::NoWindow, Answer::Earned))
        }
    };
    Evidence { uses, identity, timelines, answer }
}

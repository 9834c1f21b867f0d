//! From payments to an answer: what the payroll record shows of one claimed outcome.
//!
//! ```text
//!  payments ─ counting ─▶ rows that count ─ spell ─▶ spells ─┬─ cover ─ timeline ─ sustained ─ employers ─▶ days ────┐
//!                                                            │                                                      ├─▶ outcome
//!                                                            ├──────────────────────────────────────────▶ earnings ─┘      │
//!                                                            └─ identity: payroll records ─▶ whose the answer stands on ◀──┘
//! ```
//!
//! A job that was there before the participant started competes last ([`held_before`]), and what the extract cannot speak
//! for bears on an answer ([`unobserved`]). [`outcome`] is what all others ask, whatever kind of outcome is claimed. Everything here is a function of its arguments.
//! The order of the payments never matters.

pub mod counting;
pub mod cover;
pub mod days;
pub mod earnings;
pub mod employed;
pub mod employers;
pub mod held_before;
pub mod identity;
pub mod outcome;
pub mod pay;
pub mod rows;
pub mod set_aside;
mod shortfall;
pub mod shown;
pub mod spell;
pub mod status;
pub mod sustained;
pub mod timeline;
pub mod unobserved;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::name::NameKey;
use crate::domain::{EmployerRef, Masked, Observed, Payment};
use crate::scheme::{DayTerms, EarningsTerms, OutcomeTerms};
pub use counting::RowUse;
use counting::{Counted, Repeats};
use days::DayEvidence;
use earnings::EarningsEvidence;
pub use employers::Decided;
pub use identity::Identity;
use identity::PayrollRecords;
pub use outcome::{OutcomeColumns, OutcomeEvidence, Shortfall};
pub use rows::RowContribution;
pub use shown::DayShown;
pub use status::DayStatus;
pub use sustained::AnswerClass;
pub use timeline::{CoverKind, Stretch, Timeline};
pub use unobserved::Unobserved;

/// A question to the evidence: one claim, reduced to what its evidence depends on.
#[derive(Debug, Clone)]
pub struct EvidenceQuestion<Terms = OutcomeTerms> {
    /// J: the claimed job start.
    pub job_start: NaiveDate,
    /// The outcome's terms.
    pub terms: Terms,
    /// The days that the extract can speak for.
    pub observed: Arc<Observed>,
    /// The employer the claim names.
    pub named_employer: Option<EmployerRef>,
    /// When the participant started on provision, where a register says so.
    pub participant_start: Option<NaiveDate>,
    /// The day from which a job is new: the participant's start, unless the scheme takes people who are in work then and this
    /// is one of them.
    pub new_job_from: Option<NaiveDate>,
    /// The person whose payments they should be.
    pub whose: PersonParticulars,
}

/// A question about days.
pub type DayQuestion = EvidenceQuestion<DayTerms>;

/// A question about earnings; it has no terms where nobody knows when the participant started, or what holds for that day.
pub type EarningsQuestion = EvidenceQuestion<Option<EarningsTerms>>;

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

impl<Terms> EvidenceQuestion<Terms> {
    /// The cut-off for comparisons: before every date when there is none, so that nothing is taken to be overdue or over.
    pub fn cut_off_or_never(&self) -> NaiveDate {
        self.observed.cut_off.unwrap_or(NaiveDate::MIN)
    }

    /// The same question under other terms.
    fn under<Other>(self, terms: Other) -> EvidenceQuestion<Other> {
        let Self { job_start, terms: _, observed, named_employer, participant_start, new_job_from, whose } = self;
        EvidenceQuestion { job_start, terms, observed, named_employer, participant_start, new_job_from, whose }
    }
}

/// What the payments show.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// For each payment, in the order given, whether it counts and why not.
    pub uses: Vec<RowUse>,
    /// Whose payments they appear to be.
    pub identity: Identity,
    /// The answer, as the kind of the outcome works it out.
    pub outcome: Arc<dyn OutcomeEvidence>,
    /// Where payments look like repeats of others, the same evidence with each of them counted.
    pub with_repeats: Option<Box<Evidence>>,
}

impl Evidence {
    /// How many rows count.
    pub fn counting(&self) -> usize {
        self.uses.iter().filter(|used| **used == RowUse::Counts).count()
    }

    /// How many rows look like repeats of a row that counts.
    pub fn repeats(&self) -> usize {
        self.uses.iter().filter(|used| **used == RowUse::Repeat).count()
    }

    /// What became of each payment, in the order given.
    pub fn rows(&self) -> Vec<RowContribution> {
        let mut rows: Vec<RowContribution> = self.uses.iter().copied().map(RowContribution::from).collect();
        self.outcome.place_rows(&mut rows);
        rows
    }
}

/// Weighs a person's payments against a question, and a second time where some look like repeats of others. The payments
/// must all carry the claim's stem.
pub fn weigh(question: EvidenceQuestion, payments: &[Payment]) -> Evidence {
    let counted = |repeats| counting::count(payments, question.cut_off_or_never(), repeats);
    let once = counted(Repeats::CountOnce);
    let each = once.uses.contains(&RowUse::Repeat).then(|| counted(Repeats::CountEach));
    let with_repeats = each.map(|each| Box::new(weigh_counted(question.clone(), each)));
    Evidence { with_repeats, ..weigh_counted(question, once) }
}

fn weigh_counted(question: EvidenceQuestion, counted: Counted<'_>) -> Evidence {
    let spells = spell::spells(&counted.rows());
    let records = PayrollRecords::compared(&question.whose, &spells, &counted.payments);
    let outcome: Arc<dyn OutcomeEvidence> = match question.terms {
        OutcomeTerms::Days(terms) => {
            Arc::new(DayEvidence::new(question.under(terms), spells, |employer| records.has_own(employer)))
        }
        OutcomeTerms::Earnings(terms) => {
            Arc::new(EarningsEvidence::new(&question.under(terms), &spells, &counted.payments))
        }
    };
    let identity = records.identity(|| outcome.stands_on());
    Evidence { uses: counted.uses, identity, outcome, with_repeats: None }
}

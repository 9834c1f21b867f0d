//! Outcomes of earnings: pay added up, payday by payday, from the participant's start.

use std::sync::Arc;

use chrono::NaiveDate;

use super::EarningsQuestion;
use super::days::DayEvidence;
use super::outcome::{DAYS_AROUND, OutcomeColumns, OutcomeEvidence, Shortfall};
use super::rows::RowContribution;
use super::spell::Spell;
use super::sustained::AnswerClass;
use super::unobserved::Unobserved;
use crate::domain::day::add_days;
use crate::domain::{Fact, Observed, Payment, Pence};
use crate::scheme::{Code, EarningsTerms};

/// The evidence for an outcome of earnings.
#[derive(Debug)]
pub struct EarningsEvidence {
    /// The days that the extract can speak for.
    observed: Arc<Observed>,
    /// The terms, and what was earned; `None` where the first day of the window is not known.
    answer: Option<(EarningsTerms, Earned)>,
}

/// The total pay in the window, and whether it reached the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Earned {
    /// The payday on which the running total first reached the threshold.
    reached_on: Option<NaiveDate>,
    /// The total in the window, up to the cut-off.
    total: Pence,
    /// The last day on which pay of the window may still be reported, where the threshold is not reached and pay may
    /// yet come.
    open_until: Option<NaiveDate>,
    /// For each payment, in the order given, its part in the sum; `None` for a row that does not count.
    parts: Vec<Option<EarningsPart>>,
}

/// The part of one row in the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EarningsPart {
    /// It is added.
    Added {
        /// The total of all pay up to and with its payday.
        running_total: Pence,
    },
    /// Its payday lies outside the window.
    OutsideWindow,
    /// Its employment ended before the participant started: late pay of an earlier job.
    EarlierJob,
}

impl EarningsPart {
    /// The running total, for a row that is added.
    const fn running_total(self) -> Option<Pence> {
        match self {
            Self::Added { running_total } => Some(running_total),
            Self::OutsideWindow | Self::EarlierJob => None,
        }
    }

    /// Why the row is added or not, as the evidence file words it.
    const fn why(self) -> &'static str {
        match self {
            Self::Added { .. } => "counts; added to the earnings",
            Self::OutsideWindow => "counts; its payday lies outside the window of the earnings",
            Self::EarlierJob => "counts; its employment ended before the participant started, so its pay is not added",
        }
    }
}

impl EarningsEvidence {
    /// Adds up the pay of spells whose rows are these payments.
    pub(super) fn new(question: &EarningsQuestion, spells: &[Spell], payments: &[Payment]) -> Self {
        let cut_off = question.cut_off_or_never();
        let answer = question.terms.map(|terms| (terms, earned(&terms, cut_off, spells, payments)));
        Self { observed: Arc::clone(&question.observed), answer }
    }
}

impl OutcomeEvidence for EarningsEvidence {
    fn code(&self) -> Option<Code> {
        let (_, earned) = self.answer.as_ref()?;
        match (earned.reached_on, earned.open_until) {
            (Some(_), _) => None,
            (None, Some(_)) => Some(Code::ERN02),
            (None, None) => Some(Code::ERN01),
        }
    }

    fn facts(&self) -> Vec<Fact> {
        let Some((terms, earned)) = &self.answer else { return Vec::new() };
        let mut facts = vec![
            Fact::new("earned", earned.total),
            Fact::new("threshold", terms.threshold),
            Fact::new("window_from", terms.opens),
            Fact::new("window_to", terms.closes),
        ];
        facts.extend(self.observed.cut_off.map(|cut_off| Fact::new("cut_off", cut_off)));
        facts.extend(earned.open_until.map(|day| Fact::new("recheck_on", day)));
        facts
    }

    fn achieved_on(&self) -> Option<NaiveDate> {
        self.answer.as_ref().and_then(|(_, earned)| earned.reached_on)
    }

    fn recheck_on(&self) -> Option<NaiveDate> {
        self.answer.as_ref().and_then(|(_, earned)| earned.open_until)
    }

    fn unobserved(&self) -> Option<Unobserved> {
        let (terms, _) = self.answer.as_ref().filter(|(_, earned)| earned.reached_on.is_none())?;
        let runs = self.observed.unobserved_within(terms.opens, terms.closes);
        // Nobody knows how much was paid on those days: it may have been enough.
        (!runs.is_empty()).then_some(Unobserved::Days { runs, class_if_worked: AnswerClass::Pass })
    }

    fn place_rows(&self, rows: &mut [RowContribution]) {
        let Some((_, earned)) = &self.answer else { return };
        for (row, part) in rows.iter_mut().zip(&earned.parts) {
            if let Some(part) = part {
                row.why = part.why();
                row.running_total = part.running_total();
            }
        }
    }

    /// The rows that are added up.
    fn stands_on(&self) -> Vec<usize> {
        let parts = self.answer.iter().flat_map(|(_, earned)| earned.parts.iter().enumerate());
        parts.filter(|(_, part)| part.is_some_and(|part| part.running_total().is_some())).map(|(row, _)| row).collect()
    }

    fn columns(&self) -> OutcomeColumns<'_> {
        OutcomeColumns {
            pay_in_window: self.answer.as_ref().map(|(_, earned)| earned.total),
            participant_start: self.answer.as_ref().map(|(terms, _)| terms.opens),
            ..OutcomeColumns::default()
        }
    }

    fn shortfalls(&self) -> Vec<Shortfall> {
        let short = self.answer.as_ref().filter(|(_, earned)| earned.reached_on.is_none());
        let missing = |(terms, earned): &(EarningsTerms, Earned)| terms.threshold.plus(Pence(-earned.total.0));
        short.map(missing).map(|short_by| Shortfall::EarningsShort { short_by }).into_iter().collect()
    }

    fn by_day(&self) -> Result<&DayEvidence, &'static str> {
        Err("the outcome is one of earnings, not of days")
    }

    fn paydays_that_matter(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.answer.as_ref().map(|(terms, _)| (terms.opens, add_days(terms.closes, DAYS_AROUND)))
    }

    fn lacks_a_window(&self) -> bool {
        self.answer.is_none()
    }
}

/// Adds up the pay of rows that count.
fn earned(terms: &EarningsTerms, cut_off: NaiveDate, spells: &[Spell], payments: &[Payment]) -> Earned {
    let mut parts: Vec<Option<EarningsPart>> = vec![None; payments.len()];
    let mut added: Vec<(NaiveDate, Pence, usize)> = Vec::new();
    for spell in spells {
        let earlier_job = spell.leaving.is_some_and(|leaving| leaving < terms.opens);
        for row in spell.paid.iter().flat_map(|paid| &paid.rows).copied() {
            let (Some(part), Some(payment)) = (parts.get_mut(row), payments.get(row)) else { continue };
            let inside = terms.opens <= payment.payment_date && payment.payment_date <= terms.closes;
            if earlier_job {
                *part = Some(EarningsPart::EarlierJob);
            } else if inside {
                added.push((payment.payment_date, payment.taxable_pay, row));
            } else {
                *part = Some(EarningsPart::OutsideWindow);
            }
        }
    }
    added.sort_by_key(|(payday, _, row)| (*payday, *row));
    let (mut total, mut reached_on) = (Pence(0), None);
    for payday in added.chunk_by(|(one, ..), (other, ..)| one == other) {
        total = payday.iter().fold(total, |sum, (_, pay, _)| sum.plus(*pay));
        for (day, _, row) in payday {
            if terms.threshold <= total {
                reached_on = reached_on.or(Some(*day));
            }
            if let Some(part) = parts.get_mut(*row) {
                *part = Some(EarningsPart::Added { running_total: total });
            }
        }
    }
    let settled_from = add_days(terms.closes, i64::from(terms.late_data_days));
    let open = reached_on.is_none() && cut_off < settled_from;
    Earned { reached_on, total, open_until: open.then_some(settled_from), parts }
}

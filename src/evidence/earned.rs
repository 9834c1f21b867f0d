//! Outcomes of earnings: pay added up, payday by payday, from the participant's start.

use chrono::NaiveDate;

use super::EarningsQuestion;
use super::spell::Spell;
use crate::domain::day::add_days;
use crate::domain::{Payment, Pence};
use crate::scheme::Code;

/// The total pay in the window, and whether it reached the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    /// The payday on which the running total first reached the threshold.
    pub reached_on: Option<NaiveDate>,
    /// The total in the window, up to the cut-off.
    pub total: Pence,
    /// Until when pay of the window may yet be reported, where the threshold is not reached and it may.
    pub open_until: Option<NaiveDate>,
    /// For each payment, in the order given, its part in the sum; nothing for a row that does not count.
    pub parts: Vec<Option<EarningsPart>>,
}

/// The part of one row in the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarningsPart {
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
    /// Why the row is added or not, as the evidence file words it.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Added { .. } => "counts; added to the earnings",
            Self::OutsideWindow => "counts; its payday lies outside the window of the earnings",
            Self::EarlierJob => "counts; its employment ended before the participant started, so its pay is not added",
        }
    }
}

impl Earned {
    /// The rule that fails for this answer; none where the threshold was reached.
    pub fn code(&self) -> Option<Code> {
        match (self.reached_on, self.open_until) {
            (Some(_), _) => None,
            (None, Some(_)) => Some(Code::ERN02),
            (None, None) => Some(Code::ERN01),
        }
    }
}

/// Adds up the pay of rows that count; nothing where the window is not known.
pub fn earned(question: &EarningsQuestion, spells: &[Spell], payments: &[Payment]) -> Option<Earned> {
    let terms = question.terms.as_ref()?;
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
    let open = reached_on.is_none() && question.cut_off_or_never() < settled_from;
    Some(Earned { reached_on, total, open_until: open.then_some(settled_from), parts })
}

impl EarningsQuestion {
    /// The cut-off for comparisons: before every date when there is none, so that no window is taken to be over.
    pub fn cut_off_or_never(&self) -> NaiveDate {
        self.cut_off.unwrap_or(NaiveDate::MIN)
    }
}

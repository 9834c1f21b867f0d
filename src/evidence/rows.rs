//! What became of each earnings row: whether it counts, why, and what it counts for.

use chrono::NaiveDate;

use super::counting::RowUse;
use super::spell::SpellPayment;
use super::timeline::{CoverKind, Timeline};
use crate::domain::Pence;

/// What became of one earnings row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowContribution {
    /// Whether it counts.
    pub counts: bool,
    /// Why it counts or does not, in the words of the evidence file.
    pub why: &'static str,
    /// Which of its employer's spells it belongs to, counted from 1.
    pub spell: Option<u32>,
    /// The first and last day it covers.
    pub cover: Option<(NaiveDate, NaiveDate)>,
    /// The first of the weak days back to the claimed start.
    pub weak_from: Option<NaiveDate>,
    /// The first day of the gap bridged before its cover.
    pub bridged_from: Option<NaiveDate>,
    /// How well its days are covered, firm or weak, where it covers any.
    pub strength: Option<&'static str>,
    /// What its days show.
    pub status: Option<&'static str>,
    /// The total of all pay up to and with its payday, for a row that is added up.
    pub running_total: Option<Pence>,
}

impl From<RowUse> for RowContribution {
    fn from(used: RowUse) -> Self {
        Self {
            counts: used == RowUse::Counts,
            why: used.why(),
            spell: None,
            cover: None,
            weak_from: None,
            bridged_from: None,
            strength: None,
            status: None,
            running_total: None,
        }
    }
}

/// Records which days each row under one employer covers.
pub(super) fn place(timeline: &Timeline, rows: &mut [RowContribution]) {
    for (number, spell) in (1..).zip(&timeline.spells) {
        for paid in &spell.paid {
            let placed = RowContribution {
                spell: Some(number),
                why: why_uncovered(paid),
                ..RowContribution::from(RowUse::Counts)
            };
            for row in &paid.rows {
                if let Some(of_row) = rows.get_mut(*row) {
                    *of_row = placed;
                }
            }
        }
    }
    for stretch in &timeline.stretches {
        let Some(paid) = timeline.paid(stretch.spell, stretch.paid) else { continue };
        for row in &paid.rows {
            let Some(of_row) = rows.get_mut(*row) else { continue };
            match stretch.kind {
                CoverKind::Paid => {
                    of_row.cover = Some((stretch.first, stretch.last));
                    of_row.status = Some(stretch.status.name());
                    of_row.strength = Some(if paid.is_firm() { "firm" } else { "weak" });
                    of_row.why = RowUse::Counts.why();
                }
                // Bridged days may part the weak ones; stretches stand in the order of their days.
                CoverKind::FromClaimedStart => of_row.weak_from = of_row.weak_from.or(Some(stretch.first)),
                CoverKind::Bridged => of_row.bridged_from = Some(stretch.first),
            }
        }
    }
}

/// Why a row that counts covers no day.
fn why_uncovered(paid: &SpellPayment) -> &'static str {
    if paid.is_covering() {
        "counts; its days lie outside the employment"
    } else {
        "counts; pay of nothing or less covers no day"
    }
}

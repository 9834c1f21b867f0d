//! The rows of `evidence.parquet`: for each earnings row of a claim whether it counts, and its place on its employer's
//! timeline.

use chrono::NaiveDate;

use crate::batch::DecidedClaim;
use crate::domain::{Claim, Payment, Pence};
use crate::evidence::earned::EarningsPart;
use crate::evidence::spell::{Spell, SpellPayment};
use crate::evidence::{CoverKind, RowUse, Timeline};

/// One earnings row as a claim saw it.
pub(crate) struct EvidenceRow<'a> {
    /// The claim.
    pub(super) claim: &'a Claim,
    /// The row.
    pub(crate) payment: &'a Payment,
    /// Whether it counts.
    pub(super) used: RowUse,
    /// Its place on the timeline, for a row that counts.
    pub(super) place: Option<TimelinePlace>,
    /// Its part in the earnings, for an outcome of earnings.
    part: Option<EarningsPart>,
}

/// The place of a row that counts on its employer's timeline.
#[derive(Clone, Copy, Default)]
pub(super) struct TimelinePlace {
    pub(super) spell: u32,
    covering: bool,
    firm: bool,
    cover: Option<(NaiveDate, NaiveDate)>,
    pub(super) weak_from: Option<NaiveDate>,
    pub(super) bridged_from: Option<NaiveDate>,
    /// What the days of its cover show.
    status: Option<&'static str>,
}

impl TimelinePlace {
    /// How its cover is held, where it has one.
    pub(super) fn strength(self) -> Option<&'static str> {
        self.cover.map(|_| if self.firm { "firm" } else { "weak" })
    }
}

impl EvidenceRow<'_> {
    /// The first and last day it covers.
    pub(crate) fn cover(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.place.and_then(|place| place.cover)
    }

    /// What those days show.
    pub(crate) fn status(&self) -> Option<&str> {
        self.place.and_then(|place| place.status)
    }

    /// Why it counts or does not.
    pub(crate) fn why(&self) -> &'static str {
        if let Some(part) = self.part {
            return part.why();
        }
        match (self.used, self.place) {
            (RowUse::Counts, Some(TimelinePlace { covering: false, .. })) => {
                "counts; pay of nothing or less covers no day"
            }
            (RowUse::Counts, Some(TimelinePlace { cover: None, .. })) => "counts; its days lie outside the employment",
            (used, _) => used.why(),
        }
    }

    /// What had been earned once it was paid, for a row that an outcome of earnings adds up.
    pub(super) fn running_total(&self) -> Option<Pence> {
        match self.part {
            Some(EarningsPart::Added { running_total }) => Some(running_total),
            Some(EarningsPart::OutsideWindow | EarningsPart::EarlierJob) | None => None,
        }
    }
}

/// A claim's earnings rows in the order of their paydays, then of receipt: the order of the evidence.
pub(crate) fn evidence_rows<'a>(decided: &'a DecidedClaim<'_>) -> Vec<EvidenceRow<'a>> {
    let Ok((_, evidence)) = &decided.decision.evidence else { return Vec::new() };
    let places = places(&evidence.timelines, decided.payments.len());
    let mut rows: Vec<EvidenceRow<'_>> = decided
        .payments
        .iter()
        .zip(&evidence.uses)
        .enumerate()
        .map(|(index, (payment, used))| {
            let place = places.get(index).copied().flatten();
            let part = evidence.answer.earned().and_then(|earned| earned.parts.get(index).copied().flatten());
            EvidenceRow { claim: decided.claim, payment, used: *used, place, part }
        })
        .collect();
    rows.sort_by(|one, other| {
        one.payment
            .payment_date
            .cmp(&other.payment.payment_date)
            .then_with(|| one.payment.by_receipt(other.payment))
            .then_with(|| (one.payment.file, one.payment.row).cmp(&(other.payment.file, other.payment.row)))
    });
    rows
}

/// Where each of a claim's payments stands on its employer's timeline, for those that stand on one.
fn places(timelines: &[Timeline], payments: usize) -> Vec<Option<TimelinePlace>> {
    let mut places = vec![None; payments];
    for timeline in timelines {
        let mut of_spells: Vec<Vec<TimelinePlace>> = timeline.spells.iter().enumerate().map(unplaced).collect();
        for stretch in &timeline.stretches {
            let place = of_spells.get_mut(stretch.spell).and_then(|spell| spell.get_mut(stretch.paid));
            let Some(place) = place else { continue };
            match stretch.kind {
                CoverKind::Paid => {
                    place.cover = Some((stretch.first, stretch.last));
                    place.status = Some(stretch.status.name());
                }
                CoverKind::FromClaimedStart => place.weak_from = Some(stretch.first),
                CoverKind::Bridged => place.bridged_from = Some(stretch.first),
            }
        }
        let paid = timeline.spells.iter().flat_map(|spell| &spell.paid);
        for (paid, place) in paid.zip(of_spells.into_iter().flatten()) {
            for row in &paid.rows {
                if let Some(of_row) = places.get_mut(*row) {
                    *of_row = Some(place);
                }
            }
        }
    }
    places
}

/// The payments of a spell before their days are known.
fn unplaced((number, spell): (usize, &Spell)) -> Vec<TimelinePlace> {
    let spell_number = u32::try_from(number + 1).unwrap_or(u32::MAX);
    let place = |paid: &SpellPayment| TimelinePlace {
        spell: spell_number,
        covering: paid.is_covering(),
        firm: paid.is_firm(),
        ..TimelinePlace::default()
    };
    spell.paid.iter().map(place).collect()
}

//! What happened under one employer: its spells' covers laid out in time, gaps bridged, each day given its status.

use chrono::NaiveDate;

use super::DayQuestion;
use super::cover::{self, Cover};
use super::spell::{Spell, SpellPayment, day_before};
use super::status::{self, CoverStrength, DayStatus};
use crate::domain::EmployerRef;
use crate::domain::day::{add_days, days_from};

/// Why a run of days is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoverKind {
    /// By the payment's own cover.
    Paid,
    /// Weakly, from the claimed start to the first payment's cover, no start being reported.
    FromClaimedStart,
    /// A gap before the payment's cover that early paydays explain.
    Bridged,
}

/// Days in a row that one payment covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// Which of the employer's spells.
    pub spell: usize,
    /// Which of the spell's payments.
    pub paid: usize,
    /// Why the days are covered.
    pub kind: CoverKind,
    /// What each of the days shows.
    pub status: DayStatus,
    strength: CoverStrength,
}

/// The last payment under an employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastPayment {
    /// Its spell: the employer's last.
    pub spell: usize,
    /// Which of the spell's payments.
    pub paid: usize,
    /// The last day it covers.
    pub cover_end: NaiveDate,
}

/// The job: an employer's first spell with a covered day where a window may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Which of the employer's spells.
    pub spell: usize,
    /// The first day of its first cover, the weak days back to the claimed start left out.
    pub first_cover: NaiveDate,
}

/// One person's employment under one employer.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The employer.
    pub employer: EmployerRef,
    /// Its spells, by payroll ID and time.
    pub spells: Vec<Spell>,
    /// The covered days, by first day, then last day.
    pub stretches: Vec<Stretch>,
    /// Short gaps left open in an employment that went on: first and last day of each.
    pub gaps: Vec<(NaiveDate, NaiveDate)>,
    /// The status of each day from the claimed start to the last on which a window may lie.
    pub days: Vec<DayStatus>,
    /// The job, where the employer has one in the time of the claim.
    pub job: Option<Job>,
    /// The last payment, where any payment covers a day.
    pub last: Option<LastPayment>,
}

impl Timeline {
    /// The payment of a stretch.
    pub fn paid(&self, spell: usize, paid: usize) -> Option<&SpellPayment> {
        self.spells.get(spell).and_then(|spell| spell.paid.get(paid))
    }

    /// The rows whose own cover or weak days hold one of these days.
    pub fn rows_paid_for(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = usize> {
        let covers_one = move |stretch: &&Stretch| {
            stretch.kind != CoverKind::Bridged && stretch.first <= last && first <= stretch.last
        };
        let paid =
            self.stretches.iter().filter(covers_one).filter_map(|stretch| self.paid(stretch.spell, stretch.paid));
        paid.flat_map(|paid| &paid.rows).copied()
    }

    /// The spell the job is.
    pub fn job_spell(&self) -> Option<&Spell> {
        self.job.and_then(|job| self.spells.get(job.spell))
    }

    /// The last spell and the last payment.
    pub fn last_spell_and_payment(&self) -> Option<(&Spell, &SpellPayment, NaiveDate)> {
        let last = self.last?;
        Some((self.spells.get(last.spell)?, self.paid(last.spell, last.paid)?, last.cover_end))
    }
}

/// A timeline for each employer, in order of reference.
pub fn timelines(question: &DayQuestion, spells: Vec<Spell>) -> Vec<Timeline> {
    let mut by_employer: Vec<Vec<Spell>> = Vec::new();
    for spell in spells {
        match by_employer.last_mut().filter(|group| group.first().is_some_and(|first| first.employer == spell.employer))
        {
            Some(group) => group.push(spell),
            None => by_employer.push(vec![spell]),
        }
    }
    by_employer.into_iter().filter_map(|spells| timeline(question, spells)).collect()
}

fn timeline(question: &DayQuestion, spells: Vec<Spell>) -> Option<Timeline> {
    let employer = spells.first()?.employer.clone();
    let covered = covered(question, &spells);
    let (bridges, mut gaps) = between(question, &spells, &covered);
    let mut stretches = covered;
    stretches.extend(bridges);
    stretches.sort_by_key(|stretch| (stretch.first, stretch.last, stretch.spell, stretch.paid, stretch.kind));
    let job = job(question, &spells, &stretches);
    gaps.extend(job.and_then(|job| gap_before(question, &spells, job)));
    let last = last_payment(&spells, &stretches);
    let days = days(question, &stretches);
    Some(Timeline { employer, spells, stretches, gaps, days, job, last })
}

/// The covers of all spells, in order.
fn covered(question: &DayQuestion, spells: &[Spell]) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for (index, spell) in spells.iter().enumerate() {
        for cover in cover::covers(spell, question.job_start, question.cut_off_or_never()) {
            let Some(paid) = spell.paid.get(cover.paid) else { continue };
            stretches.extend(of_cover(question, index, paid, cover));
        }
    }
    stretches.sort_by_key(|stretch| (stretch.first, stretch.last, stretch.spell, stretch.paid));
    stretches
}

fn of_cover(question: &DayQuestion, spell: usize, paid: &SpellPayment, cover: Cover) -> impl Iterator<Item = Stretch> {
    let hours = question.terms.hours;
    let strength = if paid.is_firm() { CoverStrength::Firm } else { CoverStrength::Weak };
    let stretch = |first, last, kind, strength| Stretch {
        first,
        last,
        spell,
        paid: cover.paid,
        kind,
        status: status::of(paid, strength, hours),
        strength,
    };
    let weak =
        cover.weak_days().map(|(first, last)| stretch(first, last, CoverKind::FromClaimedStart, CoverStrength::Weak));
    let own = stretch(cover.first, cover.last, CoverKind::Paid, strength);
    weak.into_iter().chain([own])
}

/// Step 4: the gaps between covers, those that early paydays explain bridged, other short ones kept apart.
fn between(
    question: &DayQuestion,
    spells: &[Spell],
    covered: &[Stretch],
) -> (Vec<Stretch>, Vec<(NaiveDate, NaiveDate)>) {
    let mut bridges = Vec::new();
    let mut gaps = Vec::new();
    let mut furthest: Option<(NaiveDate, usize)> = None;
    for next in covered {
        if let Some((reached, spell)) = furthest {
            let gap_days = days_from(reached, next.first) - 1;
            let left = spells.get(spell).and_then(|spell| spell.leaving).is_some_and(|leaving| leaving < next.first);
            if 0 < gap_days && !left {
                let (first, last) = (add_days(reached, 1), day_before(next.first));
                if gap_days <= bridge_days(spells, next) {
                    bridges.push(Stretch { first, last, kind: CoverKind::Bridged, ..*next });
                } else if gap_days <= i64::from(question.terms.gap_query_days) {
                    gaps.push((first, last));
                }
            }
        }
        if furthest.is_none_or(|(reached, _)| reached < next.last) {
            furthest = Some((next.last, next.spell));
        }
    }
    (bridges, gaps)
}

fn bridge_days(spells: &[Spell], stretch: &Stretch) -> i64 {
    spells.get(stretch.spell).and_then(|spell| spell.paid.get(stretch.paid)).map_or(0, SpellPayment::bridge_days)
}

fn job(question: &DayQuestion, spells: &[Spell], stretches: &[Stretch]) -> Option<Job> {
    let in_time = |stretch: &&Stretch| stretch.first <= question.horizon_end() && question.job_start <= stretch.last;
    let candidates = stretches.iter().filter(in_time).map(|stretch| stretch.spell);
    candidates
        .filter_map(|spell| {
            let own = |stretch: &&Stretch| stretch.spell == spell && stretch.kind == CoverKind::Paid;
            let first_cover = stretches.iter().filter(own).map(|stretch| stretch.first).min()?;
            Some(Job { spell, first_cover })
        })
        .min_by_key(|job| (job.first_cover, spells.get(job.spell).map(|spell| spell.payroll.clone()), job.spell))
}

/// The unpaid days from the job's start (the claimed one where none is reported) to its first cover, when there are few.
fn gap_before(question: &DayQuestion, spells: &[Spell], job: Job) -> Option<(NaiveDate, NaiveDate)> {
    let start = spells.get(job.spell).and_then(|spell| spell.start).unwrap_or(question.job_start);
    let gap_days = days_from(start, job.first_cover);
    let short = 1 <= gap_days && gap_days <= i64::from(question.terms.gap_query_days);
    short.then(|| (start, day_before(job.first_cover)))
}

fn last_payment(spells: &[Spell], stretches: &[Stretch]) -> Option<LastPayment> {
    let own = stretches.iter().filter(|stretch| stretch.kind == CoverKind::Paid);
    let last = own.max_by_key(|stretch| {
        let spell = spells.get(stretch.spell);
        let payday = spell.and_then(|spell| spell.paid.get(stretch.paid)).map(|paid| paid.payday);
        (stretch.last, payday, std::cmp::Reverse(spell.map(|spell| spell.payroll.clone())), stretch.spell)
    })?;
    Some(LastPayment { spell: last.spell, paid: last.paid, cover_end: last.last })
}

fn days(question: &DayQuestion, stretches: &[Stretch]) -> Vec<DayStatus> {
    let mut days = vec![DayStatus::Uncovered; question.horizon_days()];
    for stretch in stretches {
        for day in days.get_mut(span(question, stretch.first, stretch.last)).into_iter().flatten() {
            *day = stretch.status.max(*day);
        }
    }
    days
}

/// The days from `first` to `last` as numbers counted from the claimed start, those before it left out.
pub(super) fn span(question: &DayQuestion, first: NaiveDate, last: NaiveDate) -> std::ops::Range<usize> {
    let index = |day: NaiveDate| usize::try_from(days_from(question.job_start, day).max(0)).unwrap_or(usize::MAX);
    if last < question.job_start || last < first {
        return 0..0;
    }
    index(first)..index(last).saturating_add(1).min(question.horizon_days())
}

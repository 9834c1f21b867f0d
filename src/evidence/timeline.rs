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

    /// The days on which two payroll IDs at once show too few hours, so that the hours are not known; runs may overlap.
    pub fn below_twice(&self) -> impl Iterator<Item = (NaiveDate, NaiveDate)> + use<'_> {
        below_twice(&self.spells, &self.stretches)
    }

    /// The spell the job is.
    pub fn job_spell(&self) -> Option<&Spell> {
        self.job.and_then(|job| self.spells.get(job.spell))
    }

    /// The day a spell began: S, else the first day of its first cover, weak days left out; none where neither is known.
    pub fn began(&self, spell: usize) -> Option<NaiveDate> {
        let first_cover = || {
            let own = self.stretches.iter().filter(|days| days.spell == spell && days.kind == CoverKind::Paid);
            own.map(|days| days.first).min()
        };
        self.spells.get(spell)?.start.or_else(first_cover)
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
    let cut_off = question.cut_off_or_never();
    let covers: Vec<Vec<Cover>> =
        spells.iter().map(|spell| cover::covers(spell, question.job_start, cut_off)).collect();
    let covered = covered(question, &spells, &covers);
    let (bridges, mut gaps) = between(question, &spells, &covered);
    let weak = from_claimed_start(question, &spells, &covers, &bridges);
    let mut stretches = covered;
    stretches.extend(bridges);
    stretches.extend(weak);
    stretches.sort_by_key(|stretch| (stretch.first, stretch.last, stretch.spell, stretch.paid, stretch.kind));
    let job = job(question, &spells, &stretches);
    gaps.extend(job.and_then(|job| gap_before(question, &spells, job)));
    let last = last_payment(&spells, &stretches);
    let days = days(question, &spells, &stretches);
    Some(Timeline { employer, spells, stretches, gaps, days, job, last })
}

/// The payments' own covers of all spells, in order.
fn covered(question: &DayQuestion, spells: &[Spell], covers: &[Vec<Cover>]) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for (index, (spell, covers)) in spells.iter().zip(covers).enumerate() {
        stretches.extend(covers.iter().filter_map(|cover| {
            let paid = spell.paid.get(cover.paid)?;
            let strength = if paid.is_firm() { CoverStrength::Firm } else { CoverStrength::Weak };
            let of_cover = Stretch::of(question, (index, cover.paid), paid, CoverKind::Paid, strength);
            Some(Stretch { first: cover.first, last: cover.last, ..of_cover })
        }));
    }
    stretches.sort_by_key(|stretch| (stretch.first, stretch.last, stretch.spell, stretch.paid));
    stretches
}

/// Step 1: the weak days back to the claimed start, where bridging leaves them and no other spell covers that start.
fn from_claimed_start(
    question: &DayQuestion,
    spells: &[Spell],
    covers: &[Vec<Cover>],
    bridges: &[Stretch],
) -> Vec<Stretch> {
    let mut weak = Vec::new();
    for (index, (spell, own)) in spells.iter().zip(covers).enumerate() {
        let mut others = covers.iter().enumerate().filter(|(other, _)| *other != index).flat_map(|(_, covers)| covers);
        if others.any(|cover| cover.holds(question.job_start)) {
            continue;
        }
        for cover in own {
            let (Some(days), Some(paid)) = (cover.weak_days(), spell.paid.get(cover.paid)) else { continue };
            let strength = CoverStrength::Weak;
            let of_cover = Stretch::of(question, (index, cover.paid), paid, CoverKind::FromClaimedStart, strength);
            weak.extend(left_by(bridges, days).into_iter().map(|(first, last)| Stretch { first, last, ..of_cover }));
        }
    }
    weak
}

/// The runs of these days that no bridge holds.
fn left_by(bridges: &[Stretch], (first, last): (NaiveDate, NaiveDate)) -> Vec<(NaiveDate, NaiveDate)> {
    let mut runs = Vec::new();
    let mut next = first;
    // Bridges stand in order and apart from one another.
    for bridge in bridges.iter().filter(|bridge| first <= bridge.last && bridge.first <= last) {
        if next < bridge.first {
            runs.push((next, day_before(bridge.first)));
        }
        next = add_days(bridge.last, 1);
    }
    if next <= last {
        runs.push((next, last));
    }
    runs
}

impl Stretch {
    /// A stretch of a payment whose days are still to be said.
    fn of(
        question: &DayQuestion,
        (spell, paid): (usize, usize),
        payment: &SpellPayment,
        kind: CoverKind,
        strength: CoverStrength,
    ) -> Self {
        let status = status::of(payment, strength, question.terms.hours);
        Self { first: payment.payday, last: payment.payday, spell, paid, kind, status, strength }
    }
}

/// Step 4: the gaps between covers, those that early paydays explain bridged, other short ones kept apart.
fn between(
    question: &DayQuestion,
    spells: &[Spell],
    covered: &[Stretch],
) -> (Vec<Stretch>, Vec<(NaiveDate, NaiveDate)>) {
    // The day that is reached, and how long the employment that reaches it may go on: of several the longest.
    let until = |stretch: &Stretch| {
        let leaving = spells.get(stretch.spell).and_then(|spell| spell.leaving);
        (stretch.last, leaving.unwrap_or(NaiveDate::MAX))
    };
    let mut bridges = Vec::new();
    let mut gaps = Vec::new();
    let mut furthest: Option<(NaiveDate, NaiveDate)> = None;
    for begin_together in covered.chunk_by(|one, other| one.first == other.first) {
        let next = begin_together.iter().rev().max_by_key(|stretch| (bridge_days(spells, stretch), stretch.status));
        if let (Some((reached, until)), Some(next)) = (furthest, next) {
            let gap_days = days_from(reached, next.first) - 1;
            if 0 < gap_days && next.first <= until {
                let (first, last) = (add_days(reached, 1), day_before(next.first));
                if gap_days <= bridge_days(spells, next) {
                    bridges.push(Stretch { first, last, kind: CoverKind::Bridged, ..*next });
                } else if gap_days <= i64::from(question.terms.gap_query_days) {
                    gaps.push((first, last));
                }
            }
        }
        furthest = furthest.max(begin_together.iter().map(until).max());
    }
    (bridges, gaps)
}

fn bridge_days(spells: &[Spell], stretch: &Stretch) -> i64 {
    spells.get(stretch.spell).and_then(|spell| spell.paid.get(stretch.paid)).map_or(0, SpellPayment::bridge_days)
}

/// The job of an employer with these spells and covered days in the time that a question asks about.
pub(super) fn job(question: &DayQuestion, spells: &[Spell], stretches: &[Stretch]) -> Option<Job> {
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

fn days(question: &DayQuestion, spells: &[Spell], stretches: &[Stretch]) -> Vec<DayStatus> {
    let mut days = vec![DayStatus::Uncovered; question.horizon_days()];
    let mut mark = |(first, last): (NaiveDate, NaiveDate), status: DayStatus| {
        for day in days.get_mut(span(question, first, last)).into_iter().flatten() {
            *day = status.max(*day);
        }
    };
    for stretch in stretches {
        mark((stretch.first, stretch.last), stretch.status);
    }
    for run in below_twice(spells, stretches) {
        mark(run, DayStatus::Unknown);
    }
    days
}

/// The days on which two payroll IDs at once show too few hours: two part-time posts may add up to enough.
fn below_twice<'a>(
    spells: &'a [Spell],
    stretches: &'a [Stretch],
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> + use<'a> {
    let payroll = |stretch: &Stretch| spells.get(stretch.spell).map(|spell| &spell.payroll);
    let is_below = |stretch: &&Stretch| stretch.status == DayStatus::Below;
    // A second payroll ID is rare; without one no pair is looked at.
    let first = spells.first().map(|spell| &spell.payroll);
    let several = spells.iter().any(|spell| Some(&spell.payroll) != first);
    let below = move || stretches.iter().filter(is_below).filter(move |_| several);
    below().enumerate().flat_map(move |(index, one)| {
        let later = below().skip(index + 1).filter(move |other| payroll(other) != payroll(one));
        let both = later.map(|other| (one.first.max(other.first), one.last.min(other.last)));
        both.filter(|(first, last)| first <= last)
    })
}

/// The days from `first` to `last` as numbers counted from the claimed start, those before it left out.
pub(super) fn span(question: &DayQuestion, first: NaiveDate, last: NaiveDate) -> std::ops::Range<usize> {
    let index = |day: NaiveDate| usize::try_from(days_from(question.job_start, day).max(0)).unwrap_or(usize::MAX);
    if last < question.job_start || last < first {
        return 0..0;
    }
    index(first)..index(last).saturating_add(1).min(question.horizon_days())
}

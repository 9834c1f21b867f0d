//! Checks whether the pay of the days that count is at least the minimum wage for the hours of the outcome.
//!
//! Pay is the cross-check of the hours band, never the proof: 12 hours at £20 bring what 20 hours at £12 bring.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use num_bigint::BigInt;

use super::employers::Decided;
use super::spell::{SpellPayment, day_before};
use super::timeline::{CoverKind, Stretch, Timeline};
use super::{DayQuestion, DayStatus};
use crate::domain::Pence;
use crate::domain::day::{add_days, days_from};
use crate::scheme::wage::WageTable;

/// What the pay of the yes days shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayCheck {
    /// It reaches what the hours would bring.
    Enough,
    /// It does not. Both amounts are cut to whole pence for showing; the comparison is exact.
    TooLow {
        /// What the days brought.
        brought: Pence,
        /// What they would bring at the lowest legal rate.
        needed: Pence,
    },
    /// A payday lies before the wage table begins or after it ends.
    NoRate,
}

/// Compares the pay of the yes days up to the day of achievement with the minimum wage for the outcome's hours.
pub fn check(
    question: &DayQuestion,
    timeline: &Timeline,
    decided: &Decided,
    achieved_on: NaiveDate,
    wages: &WageTable,
) -> PayCheck {
    let mut rates_pence: i64 = 0;
    let mut yes_days_by_payment: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    for (first, last) in even_runs(timeline, decided.window.0, achieved_on) {
        if status_on(question, timeline, first) != DayStatus::Yes {
            continue;
        }
        let Some(rate) =
            rate_payday(timeline, first).and_then(|payday| wages.hourly_rate(payday, question.whose.date_of_birth.0))
        else {
            return PayCheck::NoRate;
        };
        let days = days_from(first, last) + 1;
        rates_pence = rates_pence.saturating_add(rate.0.saturating_mul(days));
        for stretch in covering(timeline, first) {
            *yes_days_by_payment.entry((stretch.spell, stretch.paid)).or_default() += days;
        }
    }
    let brought = brought(timeline, &yes_days_by_payment);
    // H hours a week are H / 7 a day; H is in hundredths, so a day's hours are H / 700.
    let needed = Fraction::new(i64::from(question.terms.hours.hundredths()).into(), 700.into()).times(rates_pence);
    if needed.is_at_most(&brought) {
        PayCheck::Enough
    } else {
        PayCheck::TooLow { brought: Pence(brought.whole()), needed: Pence(needed.whole()) }
    }
}

/// The days from `first` to `last` in runs within which no stretch begins or ends: what is true of the first day of a run
/// is true of all its days.
fn even_runs(timeline: &Timeline, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let turns = timeline.stretches.iter().flat_map(|stretch| [stretch.first, add_days(stretch.last, 1)]);
    let mut begins: Vec<NaiveDate> = turns.filter(|day| first < *day && *day <= last).collect();
    begins.extend((first <= last).then_some(first));
    begins.sort_unstable();
    begins.dedup();
    let ends: Vec<NaiveDate> = begins.iter().skip(1).map(|next| day_before(*next)).chain([last]).collect();
    begins.into_iter().zip(ends)
}

fn status_on(question: &DayQuestion, timeline: &Timeline, day: NaiveDate) -> DayStatus {
    let index = usize::try_from(days_from(question.job_start, day)).unwrap_or(usize::MAX);
    timeline.days.get(index).copied().unwrap_or_default()
}

/// The payments whose own cover has the day: neither bridged days nor weak days back to the claimed start.
fn covering(timeline: &Timeline, day: NaiveDate) -> impl Iterator<Item = &Stretch> {
    of_kind(timeline, day, CoverKind::Paid)
}

fn of_kind(timeline: &Timeline, day: NaiveDate, kind: CoverKind) -> impl Iterator<Item = &Stretch> {
    let on_day = move |stretch: &&Stretch| stretch.kind == kind && stretch.first <= day && day <= stretch.last;
    timeline.stretches.iter().filter(on_day)
}

/// The payday whose rate binds on a day: the earliest of the payments covering it, for a bridged day of the one after.
fn rate_payday(timeline: &Timeline, day: NaiveDate) -> Option<NaiveDate> {
    let payday = |stretch: &Stretch| timeline.paid(stretch.spell, stretch.paid).map(|paid: &SpellPayment| paid.payday);
    let covered = covering(timeline, day).filter_map(payday).min();
    covered.or_else(|| of_kind(timeline, day, CoverKind::Bridged).filter_map(payday).min())
}

/// The pay spread evenly over each payment's cover, summed over the yes days of each.
fn brought(timeline: &Timeline, yes_days_by_payment: &BTreeMap<(usize, usize), i64>) -> Fraction {
    let mut by_length: BTreeMap<i64, BigInt> = BTreeMap::new();
    for stretch in timeline.stretches.iter().filter(|stretch| stretch.kind == CoverKind::Paid) {
        let yes_days = yes_days_by_payment.get(&(stretch.spell, stretch.paid));
        let paid = timeline.paid(stretch.spell, stretch.paid);
        if let (Some(yes_days), Some(paid)) = (yes_days, paid) {
            let length = days_from(stretch.first, stretch.last) + 1;
            *by_length.entry(length).or_default() += BigInt::from(paid.pay.0) * yes_days;
        }
    }
    let nothing = Fraction::new(0.into(), 1.into());
    by_length.into_iter().fold(nothing, |sum, (length, pay)| sum.plus(&Fraction::new(pay, length.into())))
}

/// An exact fraction with a positive denominator; never rounded, of any size.
struct Fraction {
    numerator: BigInt,
    denominator: BigInt,
}

impl Fraction {
    fn new(numerator: BigInt, denominator: BigInt) -> Self {
        Self { numerator, denominator }
    }

    fn plus(&self, other: &Self) -> Self {
        let numerator = &self.numerator * &other.denominator + &other.numerator * &self.denominator;
        Self { numerator, denominator: &self.denominator * &other.denominator }
    }

    fn times(&self, factor: i64) -> Self {
        Self { numerator: &self.numerator * factor, denominator: self.denominator.clone() }
    }

    fn is_at_most(&self, other: &Self) -> bool {
        &self.numerator * &other.denominator <= &other.numerator * &self.denominator
    }

    fn whole(&self) -> i64 {
        i64::try_from(&self.numerator / &self.denominator).unwrap_or(i64::MAX)
    }
}

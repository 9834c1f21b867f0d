//! Reading an outcome.

use std::ops::Range;

use super::check::{SchemeChecker, days, hours, pounds};
use super::keys::{Keys, Located, Scalar};
use crate::domain::Pence;
use crate::scheme::Starts;
use crate::scheme::dated::Dated;
use crate::scheme::outcome::{DayNumbering, HourlyRate, NATIONAL_LIVING_WAGE, Outcome, OutcomeKind, Threshold};
use crate::scheme::wage::WageTable;

#[derive(Clone, Copy)]
enum OutcomeKindName {
    SustainedHours,
    JobStart,
    Earnings,
}

const KINDS: [(&str, OutcomeKindName); 3] = [
    ("sustained_hours", OutcomeKindName::SustainedHours),
    ("job_start", OutcomeKindName::JobStart),
    ("earnings", OutcomeKindName::Earnings),
];

/// Reads one outcome.
pub(super) fn read(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>, starts: Option<Starts>) -> Option<Outcome> {
    let id = check.id(keys, "id");
    if let Some(id) = id.as_ref().filter(|id| !check.outcomes.insert(id.value.clone())) {
        check.mistake(&id.span, "two outcomes have this id", "give each outcome an id of its own");
    }
    let title = check.text(keys, "title");
    let price = check.optional_dated(keys, "price", pounds);
    let kind = match check.word(keys, "kind", &KINDS)? {
        OutcomeKindName::SustainedHours => sustained_hours(check, keys),
        OutcomeKindName::JobStart => {
            check.dated(keys, "hours_per_week", hours).map(|hours_per_week| OutcomeKind::JobStart { hours_per_week })
        }
        OutcomeKindName::Earnings => earnings(check, keys, starts),
    };
    Some(Outcome { id: id?.value, title: title?.value, kind: kind?, price })
}

fn sustained_hours(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<OutcomeKind> {
    let hours_per_week = check.dated(keys, "hours_per_week", hours);
    let needed = check.dated(keys, "needed_days", days::<1>);
    let window = check.dated(keys, "window_days", days::<1>);
    let span = place_of(keys, "window_days");
    let (hours_per_week, needed_days, window_days) = (hours_per_week?, needed?, window?);
    needed_fits(check, &needed_days, &window_days, &span);
    Some(OutcomeKind::SustainedHours { hours_per_week, needed_days, window_days })
}

/// On every day on which either value changes, the days needed must fit in the window.
fn needed_fits(check: &mut SchemeChecker<'_>, needed: &Dated<u32>, window: &Dated<u32>, span: &Range<usize>) {
    let changes = needed.periods().iter().chain(window.periods()).map(|period| period.from);
    let misfit = changes.into_iter().any(|day| match (needed.on(day), window.on(day)) {
        (Some(needed), Some(window)) => window < needed,
        (None, _) | (_, None) => false,
    });
    if misfit {
        check.mistake(span, "more days are needed than the window has", "window_days must be at least needed_days");
    }
}

fn earnings(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>, starts: Option<Starts>) -> Option<OutcomeKind> {
    let window_days = check.dated(keys, "window_days", days::<1>);
    let day_numbering = check.dated(keys, "day_numbering", numbering);
    let late_data_days = check.dated(keys, "late_data_days", days::<0>);
    let threshold = threshold(check, keys, starts);
    Some(OutcomeKind::Earnings {
        window_days: window_days?,
        day_numbering: day_numbering?,
        late_data_days: late_data_days?,
        threshold: threshold?,
    })
}

fn threshold(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>, starts: Option<Starts>) -> Option<Threshold> {
    if keys.take("earnings").is_some() {
        return check.dated(keys, "earnings", pounds).map(Threshold::Sum);
    }
    let whole = keys.span.clone();
    if keys.take("hours_per_week").is_none() && keys.take("hourly_rate").is_none() {
        let hint = "give [[outcome.earnings]], or hours_per_week, weeks and hourly_rate";
        check.mistake(&whole, "an outcome of earnings without a threshold", hint);
        return None;
    }
    let hours_per_week = check.dated(keys, "hours_per_week", hours);
    let weeks = check.dated(keys, "weeks", days::<1>);
    let hourly_rate = check.dated(keys, "hourly_rate", rate);
    let span = place_of(keys, "hourly_rate");
    let hourly_rate = hourly_rate?;
    wages_reach(check, &hourly_rate, starts, &span);
    Some(Threshold::HoursAtRate { hours_per_week: hours_per_week?, weeks: weeks?, hourly_rate })
}

/// A National Living Wage may only be used on days that the wage table has.
fn wages_reach(check: &mut SchemeChecker<'_>, rate: &Dated<HourlyRate>, starts: Option<Starts>, span: &Range<usize>) {
    let Ok(wages) = WageTable::built_in() else { return };
    let Some(begins) = wages.begins() else { return };
    for period in rate.periods().iter().filter(|period| period.value == HourlyRate::NationalLivingWage) {
        let first = starts.map_or(period.from, |starts| starts.from.max(period.from));
        let last = [period.to, starts.and_then(|starts| starts.to)].into_iter().flatten().min();
        let outside = [(first < begins).then_some(first), last.filter(|last| wages.ends() < *last)];
        for day in outside.into_iter().flatten() {
            let problem = format!("the National Living Wage is asked for on {day}");
            check.mistake(span, problem, format!("the wage table holds {begins} to {}", wages.ends()));
        }
    }
}

fn place_of(keys: &mut Keys<'_>, key: &'static str) -> Range<usize> {
    keys.take(key).map_or(keys.span.clone(), toml::Spanned::span)
}

fn numbering(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<DayNumbering> {
    let found = DayNumbering::ALL.into_iter().find(|numbering| numbering.name() == value.value.text);
    if found.is_none() {
        check.mistake(&value.span, "this is not a numbering of days", "start_is_day_1 or start_is_day_0");
    }
    found
}

fn rate(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<HourlyRate> {
    if value.value.text == NATIONAL_LIVING_WAGE {
        return Some(HourlyRate::NationalLivingWage);
    }
    let amount = Pence::parse(&value.value.text).ok().filter(|amount| Pence(0) <= *amount);
    if amount.is_none() {
        check.mistake(
            &value.span,
            "this is not an hourly rate",
            "\"national_living_wage\", or pounds such as \"11.44\"",
        );
    }
    amount.map(HourlyRate::Amount)
}

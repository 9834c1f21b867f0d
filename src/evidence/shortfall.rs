//! What the payments lack for an outcome counted in days: missing days, weak cover, and bands that do not reach.

use chrono::NaiveDate;

use super::employers::Decided;
use super::outcome::Shortfall;
use super::shown::{self, DayShown};
use super::timeline::Timeline;
use super::{DayQuestion, DayStatus};
use crate::domain::Band;
use crate::domain::day::add_days;
use crate::domain::hours::Against;

/// Which days of the window are missing under the best employer, and which bands are in the way.
pub(super) fn of_days(question: &DayQuestion, decided: &Decided, best: &Timeline) -> Vec<Shortfall> {
    let in_window = |day: NaiveDate| decided.window.0 <= day && day <= decided.window.1;
    let dated = |index: i64| add_days(question.job_start, index);
    let mut all = Vec::new();
    let days: Vec<(NaiveDate, DayShown)> = (0..)
        .zip(shown::days(question, best))
        .map(|(index, shows)| (dated(index), shows))
        .filter(|(day, _)| in_window(*day))
        .collect();
    let short_by = question.terms.needed_days.saturating_sub(decided.counts.yes);
    if 0 < short_by {
        all.push(Shortfall::DaysMissing { short_by, uncovered: uncovered(&days) });
    }
    let weak = (0..).zip(&best.days);
    let weak = weak.filter(|(index, status)| **status == DayStatus::WeakUnknown && in_window(dated(*index)));
    let weak = u32::try_from(weak.count()).unwrap_or(u32::MAX);
    all.extend((0 < weak).then_some(Shortfall::WeaklyCovered { days: weak }));
    all.extend(band_needed(question, best, &days));
    all
}

fn uncovered(days: &[(NaiveDate, DayShown)]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut stretches: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (day, _) in days.iter().filter(|(_, shows)| *shows == DayShown::Missing) {
        match stretches.last_mut().filter(|(_, last)| add_days(*last, 1) == *day) {
            Some((_, last)) => *last = *day,
            None => stretches.push((*day, *day)),
        }
    }
    stretches
}

fn band_needed(question: &DayQuestion, best: &Timeline, days: &[(NaiveDate, DayShown)]) -> Option<Shortfall> {
    let at_fault = days.iter().filter(|(_, shows)| matches!(shows, DayShown::Below | DayShown::Unknown)).count();
    let (first, last) = (days.first()?.0, days.last()?.0);
    let hours = question.terms.hours;
    let in_window = best.stretches.iter().filter(|stretch| stretch.first <= last && first <= stretch.last);
    let reported: Vec<Option<Band>> = in_window
        .filter_map(|stretch| best.paid(stretch.spell, stretch.paid))
        .filter(|paid| paid.band.is_none_or(|band| band.against(hours, paid.payday) != Against::Reaches))
        .map(|paid| paid.band)
        .collect();
    if at_fault == 0 || reported.is_empty() || hours.hundredths() == 0 {
        return None;
    }
    let bands = Band::ALL.into_iter().filter(|band| band.against(hours, first) == Against::Reaches);
    let days = u32::try_from(at_fault).unwrap_or(u32::MAX);
    Some(Shortfall::BandNeeded { hours, bands: bands.collect(), reported, days })
}

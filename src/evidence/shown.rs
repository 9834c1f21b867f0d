//! What each day under an employer shows, for drawings of the days.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sustained::awaited;
use super::timeline::{CoverKind, Timeline};
use super::{DayQuestion, DayStatus};
use crate::domain::day::add_days;

/// What one day under an employer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayShown {
    /// Worked at the outcome's hours.
    Yes,
    /// The same, in a gap that an early payday explains.
    Bridged,
    /// Covered by pay whose hours are not known, or only weakly.
    Unknown,
    /// Worked at fewer hours.
    Below,
    /// No pay covers it.
    Missing,
    /// The extract does not speak for it yet, or its pay is not overdue.
    NotYet,
}

impl DayShown {
    /// Every variant, with the character that draws it and what it means.
    pub const ALL: [(Self, char, &'static str); 6] = [
        (Self::Yes, '#', "at the outcome's hours"),
        (Self::Bridged, '+', "the same, over a gap that an early payday explains"),
        (Self::Unknown, '?', "hours not known, or weakly covered"),
        (Self::Below, '-', "fewer hours"),
        (Self::Missing, '.', "no pay covers it"),
        (Self::NotYet, ':', "not yet observed"),
    ];

    /// The character that draws the day.
    pub fn sign(self) -> char {
        Self::ALL.iter().find(|(known, ..)| *known == self).map_or(' ', |(_, sign, _)| *sign)
    }
}

/// What each day from the claimed start on shows.
pub(super) fn days(question: &DayQuestion, timeline: &Timeline) -> Vec<DayShown> {
    let pending = awaited(question, timeline).pending;
    let shows = |(index, status): (i64, &DayStatus)| {
        let day = add_days(question.job_start, index);
        let is_bridged = || {
            let of_day = timeline.stretches.iter().filter(|stretch| stretch.first <= day && day <= stretch.last);
            let mut kinds = of_day.map(|stretch| stretch.kind).peekable();
            kinds.peek().is_some() && kinds.all(|kind| kind == CoverKind::Bridged)
        };
        match status {
            DayStatus::Yes if is_bridged() => DayShown::Bridged,
            DayStatus::Yes => DayShown::Yes,
            DayStatus::Unknown | DayStatus::WeakUnknown => DayShown::Unknown,
            DayStatus::Below => DayShown::Below,
            DayStatus::Uncovered => {
                let is_pending = pending.is_some_and(|(from, to)| from <= day && day <= to);
                let is_ahead = question.cut_off_or_never() < day;
                if is_pending || is_ahead { DayShown::NotYet } else { DayShown::Missing }
            }
        }
    };
    (0..).zip(&timeline.days).map(shows).collect()
}

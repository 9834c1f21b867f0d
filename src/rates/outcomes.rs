//! Outcomes by evidence: what a person's payments meet, whether anyone claimed it or not.

use chrono::NaiveDate;

use super::people::Person;
use crate::domain::Payment;
use crate::evidence::employed::Employment;
use crate::evidence::{self, Asked, EarningsQuestion, Question};
use crate::judge::Law;
use crate::scheme::{Outcome, OutcomeKind};

/// The day on which a person's payments meet an outcome, if they do.
///
/// A job outcome is tried from each employer's first covered day on or after the start; the earliest day counts.
pub(super) fn achieved(
    law: &Law,
    outcome: &Outcome,
    person: &Person,
    found: &Employment,
    payments: &[Payment],
) -> Option<NaiveDate> {
    let start = person.start?;
    let whose = &person.whose;
    if outcome.kind.is_earnings() {
        let terms = law.scheme.earnings_terms(outcome, start, &law.wages);
        let asked = Asked::Earnings(EarningsQuestion { terms, cut_off: law.cut_off, whose: whose.clone() });
        return evidence::weigh(&asked, payments).answer.achieved_on();
    }
    let first_days = found.employers.iter().filter_map(|employer| {
        let covered = employer.stretches.iter().filter(|(_, last, _)| start <= *last);
        covered.map(|(first, ..)| start.max(*first)).min()
    });
    let achieved = first_days.filter_map(|job_start| {
        let terms = law.scheme.day_terms(outcome, job_start)?;
        let asked = Asked::Days(Question {
            job_start,
            terms,
            cut_off: law.cut_off,
            named_employer: None,
            participant_start: Some(start),
            whose: whose.clone(),
        });
        evidence::weigh(&asked, payments).answer.achieved_on()
    });
    achieved.min()
}

/// The days of an outcome's window, as they stand for a job or participant that starts on a day.
pub(super) fn window(outcome: &Outcome, on: NaiveDate) -> i64 {
    let days = match &outcome.kind {
        OutcomeKind::SustainedHours { window_days, .. } | OutcomeKind::Earnings { window_days, .. } => {
            window_days.on(on).copied()
        }
        OutcomeKind::JobStart { .. } => Some(1),
    };
    days.map_or(0, i64::from)
}

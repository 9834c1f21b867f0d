//! Employment independent of any claim: the days on which any employer's payments cover a person.
//!
//! A claim's evidence is read from its claimed start on; a rate needs to know of every day whether a person was
//! employed. So no start is claimed here, and only what employers reported makes a day covered.

use std::sync::Arc;

use chrono::NaiveDate;

use super::counting::{self, Repeats};
use super::held_before::{Certainty, spell_held_before};
use super::identity::{Identity, PayrollRecords};
use super::status::DayStatus;
use super::timeline::Timeline;
use super::{DayQuestion, EvidenceQuestion, PersonParticulars, spell, timeline};
use crate::domain::{EmployerRef, Hours, Observed, Payment};
use crate::scheme::{AcrossEmployers, DayTerms};

/// What a person's payments show of their employment.
#[derive(Debug, Clone)]
pub struct Employment {
    /// Whose payments they appear to be.
    pub identity: Identity,
    /// Each employer's covered days, in order of reference.
    pub employers: Vec<Employed>,
    /// The paydays on which more than nothing was paid, in order.
    pub paydays: Vec<NaiveDate>,
    question: DayQuestion,
    /// What happened under each employer, in the same order.
    timelines: Vec<Timeline>,
}

impl Employment {
    /// The first covered day, on or after a start, of a job that was not certainly there before the start. Of one employer the
    /// first such day counts, so that a job which goes on from before under another payroll number is not taken for a new one.
    pub fn job_begun(&self, started: NaiveDate) -> Option<NaiveDate> {
        let begun = self.employers.iter().zip(&self.timelines).filter_map(|(employer, timeline)| {
            let first_day = employer.first_day_from(started)?;
            let question = DayQuestion { job_start: first_day, ..self.question.clone() };
            let job = timeline::job(&question, &timeline.spells, &timeline.stretches)?;
            let held = spell_held_before(&question, started, timeline, timeline.spells.get(job.spell)?);
            held.is_none_or(|held| held.certainty != Certainty::Certain).then_some(first_day)
        });
        begun.min()
    }
}

/// The covered days under one employer.
#[derive(Debug, Clone)]
pub struct Employed {
    /// The employer.
    pub employer: EmployerRef,
    /// Days in a row, with what each shows of the hours; by first day. They may overlap.
    pub stretches: Vec<(NaiveDate, NaiveDate, DayStatus)>,
}

impl Employed {
    /// The first covered day on or after a day.
    pub fn first_day_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        let covered = self.stretches.iter().filter(|(_, last, _)| day <= *last);
        covered.map(|(first, ..)| day.max(*first)).min()
    }
}

/// The days on which a person was employed, up to the cut-off, each held against these hours a week.
pub fn employment(
    payments: &[Payment],
    whose: &PersonParticulars,
    observed: &Arc<Observed>,
    hours: Hours,
) -> Employment {
    let question = nothing_claimed(whose, observed, hours);
    let counted = counting::count(payments, question.cut_off_or_never(), Repeats::CountOnce);
    let spells = spell::spells(&counted.rows());
    let identity = PayrollRecords::compared(whose, &spells, payments).identity(Vec::new);
    let covering = spells.iter().flat_map(|spell| &spell.paid).filter(|paid| paid.is_covering());
    let mut paydays: Vec<NaiveDate> = covering.map(|paid| paid.payday).collect();
    paydays.sort_unstable();
    let timelines = timeline::timelines(&question, spells);
    let employers = timelines.iter().map(|timeline| {
        let stretches = timeline.stretches.iter().map(|days| (days.first, days.last, days.status));
        let below_twice = timeline.below_twice().map(|(first, last)| (first, last, DayStatus::Unknown));
        let mut stretches: Vec<_> = stretches.chain(below_twice).collect();
        stretches.sort_unstable_by_key(|(first, last, _)| (*first, *last));
        Employed { stretches, employer: timeline.employer.clone() }
    });
    Employment { identity, employers: employers.collect(), paydays, question, timelines }
}

/// A question that claims no start: the last day of the calendar is before no payment's cover, so nothing reaches back to it.
fn nothing_claimed(whose: &PersonParticulars, observed: &Arc<Observed>, hours: Hours) -> DayQuestion {
    EvidenceQuestion {
        job_start: NaiveDate::MAX,
        terms: DayTerms {
            hours,
            needed_days: 1,
            window_days: 1,
            start_tolerance_days: 0,
            gap_query_days: 0,
            across_employers: AcrossEmployers::Query,
        },
        observed: Arc::clone(observed),
        named_employer: None,
        participant_start: None,
        new_job_from: None,
        whose: whose.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Masked;
    use crate::domain::payment::tests::payment;

    fn employment_of(rows: &[&[(&'static str, &str)]]) -> Employment {
        let payments: Vec<Payment> = rows.iter().map(|row| payment(row)).collect();
        let whose =
            PersonParticulars { name: None, date_of_birth: Masked("1990-01-15".parse().unwrap()), suffix: None };
        let observed = Arc::new(Observed::up_to("2018-12-31".parse().ok()));
        employment(&payments, &whose, &observed, Hours::parse("16").unwrap())
    }

    fn days(employment: &Employment) -> Vec<(String, String, DayStatus)> {
        let stretches = employment.employers.iter().flat_map(|employer| &employer.stretches);
        stretches.map(|(first, last, status)| (first.to_string(), last.to_string(), *status)).collect()
    }

    #[test]
    fn a_month_is_covered_up_to_its_payday_and_no_claim_reaches_further_back() {
        let found = employment_of(&[&[("employment_start_date", ""), ("payment_date", "2018-06-30")]]);
        assert_eq!(days(&found), [("2018-05-31".into(), "2018-06-30".into(), DayStatus::Yes)]);
        assert_eq!(found.paydays, ["2018-06-30".parse::<NaiveDate>().unwrap()]);
    }

    #[test]
    fn a_job_begins_on_its_first_day_from_the_start_on_unless_it_was_there_before() {
        let begun = |started: &str, rows: &[&[(&'static str, &str)]]| {
            employment_of(rows).job_begun(started.parse().unwrap()).map(|day| day.to_string())
        };
        let june = &[("employment_start_date", "2018-06-11"), ("payment_date", "2018-06-30")][..];
        assert_eq!(begun("2018-06-11", &[june]), Some("2018-06-11".into()));
        assert_eq!(begun("2018-05-01", &[june]), Some("2018-06-11".into()));
        assert_eq!(begun("2018-07-01", &[june]), None);
        // Paid before the start: there before, whatever payroll number it goes on under.
        let may = &[("employment_start_date", ""), ("payment_date", "2018-05-31")][..];
        let on = &[("employment_start_date", ""), ("payment_date", "2018-06-30")][..];
        let renumbered = &[("payroll_id", "2"), ("employment_start_date", ""), ("payment_date", "2018-07-31")][..];
        assert_eq!(begun("2018-06-01", &[may, on, renumbered]), None);
        // Another employer's job begins all the same, and one whose reported start alone is before may have begun.
        let other = &[("paye_ref", "B7"), ("employment_start_date", "2018-07-02"), ("payment_date", "2018-07-31")][..];
        assert_eq!(begun("2018-06-01", &[may, on, other]), Some("2018-07-02".into()));
        assert_eq!(begun("2018-06-12", &[june]), Some("2018-06-12".into()));
    }

    #[test]
    fn each_employer_has_its_own_days_and_pay_of_nothing_covers_none() {
        let found = employment_of(&[
            &[("payment_date", "2018-06-30"), ("hours_band", "A")],
            &[("payment_date", "2018-06-30"), ("paye_ref", "B7"), ("hours_band", "E")],
            &[("payment_date", "2018-06-30"), ("paye_ref", "C7"), ("taxable_pay", "0.00")],
        ]);
        let statuses: Vec<DayStatus> = days(&found).into_iter().map(|(.., status)| status).collect();
        assert_eq!(statuses, [DayStatus::Below, DayStatus::Unknown]);
        assert_eq!(found.paydays.len(), 2);
    }
}

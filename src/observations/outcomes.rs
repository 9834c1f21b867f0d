//! Outcomes by evidence: which outcomes a person's payments meet, whether anyone claimed them or not.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;

use super::person::Person;
use crate::domain::{Band, Hours, Payment};
use crate::evidence::employed::Employment;
use crate::evidence::{self, EvidenceQuestion};
use crate::judge::DecisionContext;
use crate::rules::eligibility::job_was_there_already;
use crate::scheme::{DayTerms, Outcome};

/// The days between which payments meet an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutcomeMet {
    /// The day on which it is met.
    pub on: NaiveDate,
    /// The day from which it was tried, which a claim would give as the job start.
    pub tried_from: NaiveDate,
}

/// The days between which a person's payments meet an outcome, if they do.
///
/// An outcome that counts from a job start is tried from each employer's first covered day on or after the participant's
/// start; the earliest day counts.
///
/// A job that was there before the start is no outcome where rule ELG05 would reject a claim for it: nothing contradicts that
/// it was there. Where the rule would only query the claim, because one date contradicts another, the outcome counts, as its
/// payments meet it and a caseworker may allow it. A scheme that takes people who are in work at the start lets those keep
/// the job they had, and a scheme that weighs the rule less than a rejection rejects no such job.
pub fn achieved(
    context: &DecisionContext,
    outcome: &Outcome,
    person: &Person,
    found: &Employment,
    payments: &[Payment],
) -> Option<OutcomeMet> {
    achieved_under(context, outcome, person, found, payments, ChangedTerms::default())
}

/// As [`achieved`], under changed terms of a job outcome.
pub fn achieved_under(
    context: &DecisionContext,
    outcome: &Outcome,
    person: &Person,
    found: &Employment,
    payments: &[Payment],
    change: ChangedTerms,
) -> Option<OutcomeMet> {
    let start = person.start.observed()?;
    let first_days: Vec<NaiveDate> = if outcome.kind.counts_from_participant_start() {
        vec![start]
    } else {
        found.employers.iter().filter_map(|employer| employer.first_day_from(start)).collect()
    };
    let payments = match change.hours.filter(|_| change.bands_may_reach) {
        Some(hours) => Cow::Owned(payments.iter().map(|payment| as_if_reaching(payment, hours)).collect()),
        None => Cow::Borrowed(payments),
    };
    let new_job_from = context.scheme.new_job_of(start, person.in_work_at_start);
    let achieved = first_days.into_iter().filter_map(|job_start| {
        let terms = context.scheme.terms(outcome, job_start, Some(start), &context.wages)?;
        let question = EvidenceQuestion {
            job_start,
            terms: terms.with_days(|terms| change.of(terms)),
            observed: Arc::clone(&context.observed),
            named_employer: None,
            participant_start: Some(start),
            new_job_from,
            whose: person.whose.clone(),
        };
        let evidence = evidence::weigh(question, &payments);
        let is_refused = |from| job_was_there_already::rejects(&context.scheme, evidence.outcome.as_ref(), from);
        let met = evidence.outcome.achieved_on().filter(|_| !new_job_from.is_some_and(is_refused));
        met.map(|on| OutcomeMet { on, tried_from: job_start })
    });
    achieved.min()
}

/// Changes of an outcome's terms, to see how much the rate depends on each term (sensitivity analysis).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangedTerms {
    /// Other hours a week.
    pub hours: Option<Hours>,
    /// Whether a band that holds those hours and fewer is taken to reach them.
    pub bands_may_reach: bool,
    /// The number of days added to the window: as many more days of break are allowed.
    pub extra_break_days: u32,
    /// Another tolerance of the start, in days.
    pub start_tolerance_days: Option<u32>,
}

impl ChangedTerms {
    fn of(self, terms: DayTerms) -> DayTerms {
        DayTerms {
            hours: self.hours.unwrap_or(terms.hours),
            window_days: terms.window_days.saturating_add(self.extra_break_days),
            start_tolerance_days: self.start_tolerance_days.unwrap_or(terms.start_tolerance_days),
            ..terms
        }
    }
}

/// A payment whose band holds so many hours and fewer, as if it were in the next band; any other as it is.
fn as_if_reaching(payment: &Payment, hours: Hours) -> Payment {
    let holding = Band::holding(hours, payment.payment_date);
    let reaching = Band::reaching(hours, payment.payment_date);
    let hours_band = if payment.hours_band == Some(holding) { reaching } else { payment.hours_band };
    Payment { hours_band, ..payment.clone() }
}

/// The changes that are tried, each with its name: hours from 14 to 18, breaks, the start.
///
/// Hours that bands cannot tell are tried twice: *certain*, with the days whose band reaches them, and *possible*, with those
/// too whose band holds them and fewer. The truth lies between the two.
pub fn changes() -> Vec<(String, ChangedTerms)> {
    let none = ChangedTerms::default();
    let hours = (14..=18).filter_map(|hours| Some((hours, Hours::from_hundredths(hours * 100)?)));
    let hours = hours.flat_map(|(number, hours)| {
        let certain = ChangedTerms { hours: Some(hours), ..none };
        if Band::tell(hours, NaiveDate::MAX) {
            return vec![(format!("{number} hours"), certain)];
        }
        let possible = ChangedTerms { bands_may_reach: true, ..certain };
        vec![(format!("{number} hours, certain"), certain), (format!("{number} hours, possible"), possible)]
    });
    let breaks =
        [0, 7, 14].map(|days| (format!("{days} days of break more"), ChangedTerms { extra_break_days: days, ..none }));
    let starts = [0, 14, 28]
        .map(|days| (format!("start within {days} days"), ChangedTerms { start_tolerance_days: Some(days), ..none }));
    hours.chain(breaks).chain(starts).collect()
}

/// The number of days in an outcome's window, for a job or participant that starts on this day.
pub fn window(outcome: &Outcome, on: NaiveDate) -> i64 {
    outcome.kind.window_days(on).map_or(0, i64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::tests::payment;
    use crate::domain::{Masked, NinoText, Observed};
    use crate::evidence::PersonParticulars;
    use crate::evidence::employed::employment;
    use crate::observations::person::{ProgrammeStart, ReferralRow};
    use crate::scheme::wage::WageTable;
    use crate::scheme::{AcrossEmployers, built_in, load};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The proof of concept with an extract up to the end of 2018; the text stands at the end of its file.
    fn context(more: &str) -> DecisionContext {
        let text = format!("{}\n{more}", built_in("lse-poc-2017").unwrap());
        DecisionContext {
            scheme: load::load(&text, crate::rules::allows).unwrap(),
            wages: WageTable::built_in().unwrap(),
            observed: Arc::new(Observed::up_to(Some(day("2018-12-31")))),
        }
    }

    /// The day on which somebody who started on 1 April 2018 met the outcome, by payments with these starts and paydays.
    fn met(context: &DecisionContext, in_work_at_start: Option<bool>, paid: &[(&str, &str)]) -> Option<String> {
        let pay =
            |(start, payday): &(&str, &str)| payment(&[("employment_start_date", *start), ("payment_date", *payday)]);
        let payments: Vec<Payment> = paid.iter().map(pay).collect();
        let met = met_under(context, in_work_at_start, &payments, ChangedTerms::default());
        met.map(|met| met.on.to_string())
    }

    fn met_under(
        context: &DecisionContext,
        in_work_at_start: Option<bool>,
        payments: &[Payment],
        change: ChangedTerms,
    ) -> Option<OutcomeMet> {
        let person = Person {
            participants: vec!["P1".into()],
            stem: NinoText::read("NC100001A").stem(),
            whose: PersonParticulars { name: None, date_of_birth: Masked(day("1990-01-15")), suffix: None },
            referred: day("2018-03-01"),
            start: ProgrammeStart::On(day("2018-04-01")),
            in_work_at_start,
            row: ReferralRow::default(),
            further_rows: Vec::new(),
        };
        let hours = Hours::parse("16").unwrap();
        let found = employment(payments, &person.whose, &context.observed, hours);
        achieved_under(context, &context.scheme.outcomes[0], &person, &found, payments, change)
    }

    const SUMMER: [&str; 5] = ["2018-04-30", "2018-05-31", "2018-06-30", "2018-07-31", "2018-08-31"];

    #[test]
    fn a_job_that_was_certainly_there_before_is_no_outcome() {
        let context = context("");
        let of = |paid: &[(&str, &str)]| met(&context, None, paid);
        let from = |start: &'static str| SUMMER.map(|payday| (start, payday));
        assert_eq!(of(&from("2018-04-01")), Some("2018-06-30".into()));
        // Nobody says when it began, and the first payday is after the start.
        assert_eq!(of(&from("")), Some("2018-06-30".into()));
        // Paid before the start with no start reported; reported and paid before it.
        let mut before = vec![("", "2018-03-31")];
        before.extend(from(""));
        assert_eq!(of(&before), None);
        let mut before = vec![("2018-03-01", "2018-03-31")];
        before.extend(from("2018-03-01"));
        assert_eq!(of(&before), None);
        // Reported as begun before, though nothing was paid then: a query, which is not certain.
        assert_eq!(of(&from("2018-03-31")), Some("2018-06-30".into()));
    }

    #[test]
    fn hours_that_bands_cannot_tell_are_certain_or_possible() {
        let context = context("");
        let of = |change: &str, band: &str| {
            let pay =
                |payday| payment(&[("employment_start_date", ""), ("payment_date", payday), ("hours_band", band)]);
            let payments: Vec<Payment> = SUMMER.map(pay).to_vec();
            let change = changes().into_iter().find(|(known, _)| known == change).unwrap().1;
            met_under(&context, None, &payments, change).is_some()
        };
        for (band, certain, possible) in
            [("A", false, false), ("B", false, true), ("C", true, true), ("E", false, false)]
        {
            for hours in ["17", "18"] {
                assert_eq!(of(&format!("{hours} hours, certain"), band), certain, "{hours} {band}");
                assert_eq!(of(&format!("{hours} hours, possible"), band), possible, "{hours} {band}");
            }
        }
        assert_eq!(["A", "B", "E"].map(|band| of("14 hours, certain", band)), [false, true, false]);
        assert_eq!(["A", "B", "E"].map(|band| of("14 hours, possible", band)), [true, true, false]);
        assert_eq!(["A", "B", "E"].map(|band| of("16 hours", band)), [false, true, false]);
    }

    #[test]
    fn a_scheme_that_takes_jobs_of_before_is_met_by_them() {
        let mut paid = vec![("", "2018-03-31")];
        paid.extend(SUMMER.map(|payday| ("", payday)));
        let accepts =
            context("[[in_work_starts]]\nfrom = 2017-11-01\nvalue = \"accept\"\nsource = \"specification\"\n");
        assert_eq!(met(&accepts, Some(true), &paid), Some("2018-06-30".into()));
        assert_eq!([Some(false), None].map(|in_work| met(&accepts, in_work, &paid)), [None, None]);
        assert_eq!(met(&context(""), Some(true), &paid), None);
        for (setting, is_met) in [("off", true), ("query", true), ("reject", false)] {
            let rule = format!("[[rule]]\ncode = \"ELG05\"\nsetting = \"{setting}\"\nsource = \"specification\"\n");
            assert_eq!(met(&context(&rule), None, &paid).is_some(), is_met, "{setting}");
        }
    }

    #[test]
    fn a_change_is_of_the_terms_it_names_and_no_others() {
        let terms = DayTerms {
            hours: Hours::parse("16").unwrap(),
            needed_days: 91,
            window_days: 91,
            start_tolerance_days: 14,
            gap_query_days: 31,
            across_employers: AcrossEmployers::Query,
        };
        assert_eq!(ChangedTerms::default().of(terms), terms);
        let names: Vec<String> = changes().into_iter().map(|(name, _)| name).collect();
        let hours: Vec<&str> = names.iter().map(String::as_str).filter(|name| name.contains("hours")).collect();
        assert_eq!(
            hours,
            [
                "14 hours, certain",
                "14 hours, possible",
                "15 hours, certain",
                "15 hours, possible",
                "16 hours",
                "17 hours, certain",
                "17 hours, possible",
                "18 hours, certain",
                "18 hours, possible"
            ]
        );
        assert_eq!((names.len(), names[14].as_str()), (15, "start within 28 days"));
        let under = |name: &str| changes().into_iter().find(|(known, _)| known == name).unwrap().1.of(terms);
        assert_eq!(under("16 hours"), terms);
        assert_eq!(under("7 days of break more"), DayTerms { window_days: 98, ..terms });
        assert_eq!(under("start within 0 days"), DayTerms { start_tolerance_days: 0, ..terms });
    }
}

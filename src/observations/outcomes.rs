//! Outcomes by evidence: which outcomes a person's payments meet, whether anyone claimed them or not.

use std::sync::Arc;

use chrono::NaiveDate;

use super::person::Person;
use crate::domain::{Hours, Payment};
use crate::evidence::employed::Employment;
use crate::evidence::held_before::{Certainty, held_before};
use crate::evidence::{self, Evidence, EvidenceQuestion};
use crate::judge::DecisionContext;
use crate::scheme::{Code, DayTerms, Outcome, Scheme, Setting, Severity};

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
    let new_job_from = context.scheme.new_job_of(start, person.in_work_at_start);
    let must_be_new = new_job_from.filter(|_| rejects_jobs_held_before(&context.scheme));
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
        let evidence = evidence::weigh(question, payments);
        let is_held = must_be_new.is_some_and(|from| was_certainly_held(&evidence, from));
        let met = evidence.outcome.achieved_on().filter(|_| !is_held);
        met.map(|on| OutcomeMet { on, tried_from: job_start })
    });
    achieved.min()
}

/// Whether the scheme rejects a claim for a job that was certainly there before, as rule ELG05 does unless it is set.
fn rejects_jobs_held_before(scheme: &Scheme) -> bool {
    match scheme.settings.get(&Code::ELG05) {
        None | Some(Setting::Weighs(Severity::Reject)) => true,
        Some(Setting::Off | Setting::Weighs(Severity::Query | Severity::Note)) => false,
    }
}

/// Whether the job that the evidence rests on was certainly there before a day.
fn was_certainly_held(evidence: &Evidence, from: NaiveDate) -> bool {
    let Ok(days) = evidence.outcome.by_day() else { return false };
    let held = days.decided().and_then(|(_, job)| held_before(&days.question, from, job));
    held.is_some_and(|held| held.certainty == Certainty::Certain)
}

/// Changes of an outcome's terms, to see how much the rate depends on each term (sensitivity analysis).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangedTerms {
    /// Other hours a week.
    pub hours: Option<Hours>,
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

/// The changes that are tried, each with its name: hours from 14 to 18, as far as bands can tell; breaks; the start.
pub fn changes() -> Vec<(String, ChangedTerms)> {
    let none = ChangedTerms::default();
    let hours = (14..=18).filter_map(|hours| Some((hours, Hours::from_hundredths(hours * 100)?)));
    let hours = hours.map(|(number, hours)| (format!("{number} hours"), ChangedTerms { hours: Some(hours), ..none }));
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
        let found = employment(&payments, &person.whose, &context.observed, hours);
        let met = achieved(context, &context.scheme.outcomes[0], &person, &found, &payments)?;
        Some(met.on.to_string())
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
        assert_eq!((names.len(), names[0].as_str(), names[10].as_str()), (11, "14 hours", "start within 28 days"));
        let under = |name: &str| changes().into_iter().find(|(known, _)| known == name).unwrap().1.of(terms);
        assert_eq!(under("16 hours"), terms);
        assert_eq!(under("7 days of break more"), DayTerms { window_days: 98, ..terms });
        assert_eq!(under("start within 0 days"), DayTerms { start_tolerance_days: 0, ..terms });
    }
}

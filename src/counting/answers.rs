//! One person: what their payments show, and what they answer to every question.

use super::tally::{Answers, Unclaimed, Weeks};
use crate::domain::{Hours, Payment};
use crate::evidence::Identity;
use crate::evidence::employed::{Employment, employment};
use crate::evidence::identity::Comparison;
use crate::judge::Law;
use crate::matching::Payments;
use crate::measures::question::{Cell, Frame, Known, Met};
use crate::observations::claims::Claims;
use crate::observations::outcomes;
use crate::observations::person::Person;
use crate::observations::work_history::Life;
use crate::scheme;

/// The hours a week that rates ask for besides any hours.
const SIXTEEN_HOURS: u32 = 1_600;

/// What people are asked with.
pub struct Asking<'a> {
    /// The scheme, the wages and the cut-off.
    pub law: &'a Law,
    /// What the rates are taken over.
    pub frame: &'a Frame,
    /// Everyone's payments.
    pub payments: &'a Payments,
    /// The claims of a run, where one is given.
    pub claims: Option<&'a Claims>,
}

impl Asking<'_> {
    /// What a person answers to every question.
    pub fn answers(&self, person: &Person, cells: &[Cell]) -> Answers {
        let payments = person.stem.map(|stem| self.payments.of(stem)).unwrap_or_default();
        let shown = self.employment(person, &payments);
        let not_theirs = shown.as_ref().is_some_and(are_of_another);
        let found = shown.filter(|_| !not_theirs);
        let life = found.as_ref().map(|found| Life::new(&found.employers, self.frame.observed));
        let outcomes = &self.law.scheme.outcomes;
        let met: Vec<Met> =
            outcomes.iter().map(|outcome| self.met(outcome, person, found.as_ref(), &payments)).collect();
        let paydays = found.as_ref().map(|found| found.paydays.as_slice()).unwrap_or_default();
        let under_changes =
            found.as_ref().map(|found| self.under_changes(person, found, &payments)).unwrap_or_default();
        let known = Known { person, life: life.as_ref(), paydays, outcomes: &met, under_changes: &under_changes };
        let weeks = match (person.start, self.frame.weeks_in_work(known)) {
            (None, _) => Weeks::NoStart,
            (Some(_), None) => Weeks::NotObserved,
            (Some(_), Some(weeks)) => Weeks::Worked(weeks),
        };
        let cells = cells.iter().map(|cell| self.frame.answer(cell.ask, known)).collect();
        Answers { cells, weeks, not_theirs, unclaimed: self.unclaimed(person, &met) }
    }

    /// Whether a person's evidence meets an outcome, and whether anyone claimed it for them.
    fn met(&self, outcome: &scheme::Outcome, person: &Person, found: Option<&Employment>, payments: &[Payment]) -> Met {
        let claimed = |claims: &Claims| person.participants.iter().any(|id| claims.has(id, &outcome.id));
        Met {
            achieved_on: found.and_then(|found| outcomes::achieved(self.law, outcome, person, found, payments)),
            is_claimed: self.claims.is_some_and(claimed),
        }
    }

    fn under_changes(&self, person: &Person, found: &Employment, payments: &[Payment]) -> Vec<bool> {
        let Some((place, _)) = &self.frame.changes else { return Vec::new() };
        let Some(outcome) = self.law.scheme.outcomes.get(*place) else { return Vec::new() };
        let met = |(_, change)| outcomes::achieved_under(self.law, outcome, person, found, payments, change).is_some();
        outcomes::changes().into_iter().map(met).collect()
    }

    fn unclaimed(&self, person: &Person, met: &[Met]) -> Vec<Unclaimed> {
        let outcomes =
            self.law.scheme.outcomes.iter().zip(met).filter(|(_, met)| self.claims.is_some() && !met.is_claimed);
        let unclaimed = outcomes.filter_map(|(outcome, met)| {
            Some(Unclaimed {
                participant_id: person.participants.first()?.to_string(),
                outcome: outcome.id.clone(),
                achieved_on: met.achieved_on?,
            })
        });
        unclaimed.collect()
    }

    /// What a person's payments show; `None` without a number to look for.
    fn employment(&self, person: &Person, payments: &[Payment]) -> Option<Employment> {
        person.stem?;
        let hours = Hours::from_hundredths(SIXTEEN_HOURS)?;
        Some(employment(payments, &person.whose, self.frame.cut_off, hours))
    }
}

/// Whether earnings under a person's number appear to be another's, by the rules that identity is told by.
fn are_of_another(found: &Employment) -> bool {
    match found.identity {
        Identity::NothingToCompare => false,
        Identity::Compared { dates, names, .. } => match dates {
            Comparison::Differ => true,
            Comparison::Match => false,
            Comparison::Unknown => names == Comparison::Differ,
        },
    }
}

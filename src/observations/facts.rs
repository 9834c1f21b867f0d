//! The facts of one person: what the register, their payments and their claims show. Every question about them is answered
//! from these alone.

use chrono::NaiveDate;

use super::claims::{RunClaims, UnclaimedOutcome};
use super::outcomes::{self, OutcomeMet};
use super::person::Person;
use super::scope::Scope;
use super::work_history::WorkHistory;
use crate::domain::{Hours, Payment};
use crate::evidence::employed::{Employment, employment};
use crate::evidence::identity::OwnRecords;
use crate::evidence::set_aside::may_count;
use crate::evidence::{DayStatus, Identity};
use crate::judge::DecisionContext;
use crate::matching::PaymentsByStem;
use crate::scheme;

/// The hours a week that rates distinguish.
const SIXTEEN_HOURS: u32 = 1_600;

/// Weeks after the start in which weeks in work are counted.
pub const WEEKS_FOLLOWED: u32 = 52;

/// Everything that predicates read about one person.
#[derive(Debug, Clone)]
pub struct PersonFacts<'a> {
    /// The person, as the register describes them.
    pub person: &'a Person,
    /// What each observed day says; `None` where no payments can be told to be theirs.
    pub history: Option<WorkHistory>,
    /// Their paydays of more than nothing, in order.
    pub paydays: Vec<NaiveDate>,
    /// The first day of a job that was not certainly there before their start.
    pub job_begun: Option<NaiveDate>,
    /// What became of each outcome of the scheme, in its order.
    pub outcomes: Vec<OutcomeFound>,
    /// Whether the first job outcome is met under each change of its terms.
    pub met_under_changes: Vec<bool>,
    /// Whether the payments under their number appear to be another person's: dates of birth or names differ.
    pub has_payments_of_another: bool,
    /// Whether a row under their number could not be read and may count: what else they did is not known.
    pub has_unread_rows: bool,
}

/// Whether one person met an outcome, and whether it was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutcomeFound {
    /// The days on which it was tried and met, where their payments meet it.
    pub met: Option<OutcomeMet>,
    /// Whether anyone claimed it for them.
    pub is_claimed: bool,
}

impl PersonFacts<'_> {
    /// Whether their payments meet an outcome, by its place; `None` where they are not observed.
    pub fn meets(&self, outcome: usize) -> Option<bool> {
        let is_met = self.outcomes.get(outcome)?.met.is_some();
        self.settled(is_met)
    }

    /// Whether their payments meet the first job outcome under a change of its terms, by its place.
    pub fn meets_under(&self, change: usize) -> Option<bool> {
        let is_met = *self.met_under_changes.get(change)?;
        self.settled(is_met)
    }

    /// What is met is met; what is not may be hidden by days that the extract cannot speak for.
    fn settled(&self, is_met: bool) -> Option<bool> {
        let history = self.history.as_ref()?;
        let is_whole = self.person.start.observed().is_none_or(|start| history.is_whole_from(start));
        (is_met || is_whole).then_some(is_met)
    }

    /// Whether any day from `first` to `last` is one of those sought; `None` where not all of them are observed.
    pub fn any_day(&self, first: NaiveDate, last: NaiveDate, sought: fn(DayStatus) -> bool) -> Option<bool> {
        self.history.as_ref()?.any(first, last, sought)
    }

    /// Whether they were paid more than nothing from `first` to the day before `end`; `None` where they are not observed.
    pub fn was_paid(&self, first: NaiveDate, end: NaiveDate) -> Option<bool> {
        self.settled(self.paydays.iter().any(|payday| (first..end).contains(payday)))
    }

    /// Whether a job began from their start to the day before `end`; `None` where they are not observed.
    pub fn began_job(&self, end: NaiveDate) -> Option<bool> {
        self.settled(self.job_begun.is_some_and(|day| day < end))
    }

    /// The weeks in work in the 52 from the start on; `None` where they are not all observed, or there was no start.
    pub fn weeks_in_work(&self) -> Option<u32> {
        self.history.as_ref()?.weeks_in_work(self.person.start.observed()?, WEEKS_FOLLOWED)
    }

    /// The outcomes that their payments meet and nobody claimed, where claims are known.
    pub fn unclaimed<'s>(&'s self, scope: &'s Scope) -> impl Iterator<Item = UnclaimedOutcome> + 's {
        let outcomes =
            scope.outcomes.iter().zip(&self.outcomes).filter(|(_, found)| scope.has_claims && !found.is_claimed);
        outcomes.filter_map(|(outcome, found)| {
            Some(UnclaimedOutcome {
                participant_id: self.person.row.participant_id.to_string(),
                outcome: outcome.id.clone(),
                met: found.met?,
                register_row: self.person.row.number,
            })
        })
    }
}

/// Where the facts of people come from.
#[derive(Debug, Clone, Copy)]
pub struct FactSources<'a> {
    /// The scheme, the wages and the cut-off.
    pub context: &'a DecisionContext,
    /// What the rates are taken over.
    pub scope: &'a Scope,
    /// Everyone's payments.
    pub payments: &'a PaymentsByStem,
    /// The claims of a run, where one is given.
    pub claims: Option<&'a RunClaims>,
}

impl FactSources<'_> {
    /// The facts of a person.
    pub fn of<'p>(&self, person: &'p Person) -> PersonFacts<'p> {
        let payments = person.stem.map(|stem| self.payments.of(stem)).unwrap_or_default();
        let shown = self.employment(person, &payments);
        let has_payments_of_another = shown.as_ref().is_some_and(are_of_another);
        let unread = person.stem.map(|stem| self.payments.set_aside(stem)).unwrap_or_default();
        let has_unread_rows = unread.iter().any(|row| may_count(row, &self.context.observed));
        let own = shown.filter(|_| !has_payments_of_another && !has_unread_rows);
        let outcomes = &self.context.scheme.outcomes;
        PersonFacts {
            person,
            history: own.as_ref().map(|own| WorkHistory::new(&own.employers, &self.scope.observed)),
            outcomes: outcomes.iter().map(|outcome| self.found(outcome, person, own.as_ref(), &payments)).collect(),
            job_begun: person.start.observed().zip(own.as_ref()).and_then(|(start, own)| own.job_begun(start)),
            met_under_changes: own.as_ref().map(|own| self.under_changes(person, own, &payments)).unwrap_or_default(),
            paydays: own.map(|own| own.paydays).unwrap_or_default(),
            has_payments_of_another,
            has_unread_rows,
        }
    }

    fn found(
        &self,
        outcome: &scheme::Outcome,
        person: &Person,
        own: Option<&Employment>,
        payments: &[Payment],
    ) -> OutcomeFound {
        let claimed = |claims: &RunClaims| person.participants.iter().any(|id| claims.has(id, &outcome.id));
        OutcomeFound {
            met: own.and_then(|own| outcomes::achieved(self.context, outcome, person, own, payments)),
            is_claimed: self.claims.is_some_and(claimed),
        }
    }

    fn under_changes(&self, person: &Person, own: &Employment, payments: &[Payment]) -> Vec<bool> {
        let Some(sensitivity) = &self.scope.sensitivity else { return Vec::new() };
        let Some(outcome) = self.context.scheme.outcomes.get(sensitivity.outcome) else { return Vec::new() };
        let met =
            |(_, change)| outcomes::achieved_under(self.context, outcome, person, own, payments, change).is_some();
        outcomes::changes().into_iter().map(met).collect()
    }

    /// What a person's payments show; `None` for a person without a usable number.
    fn employment(&self, person: &Person, payments: &[Payment]) -> Option<Employment> {
        person.stem?;
        let hours = Hours::from_hundredths(SIXTEEN_HOURS)?;
        Some(employment(payments, &person.whose, &self.context.observed, hours))
    }
}

/// Whether no payroll record under a person's number appears to be their own, by the rules about identity.
fn are_of_another(found: &Employment) -> bool {
    matches!(found.identity, Identity::Compared(compared) if compared.records == OwnRecords::None)
}

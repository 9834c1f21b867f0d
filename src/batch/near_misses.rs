//! Near misses: payments whose number is one slip away from the number of a claim that has no payment.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::PaymentsByPerson;
use crate::domain::name::NameKey;
use crate::domain::{Claim, Masked, Nino, Stem};
use crate::evidence::identity::NearMiss;
use crate::judge::{self, DecisionContext};

/// People for whom there is no payment, each with the date of birth that the claim gives.
pub struct PeopleNotFound(HashMap<NaiveDate, Vec<Stem>>);

impl PeopleNotFound {
    /// Takes the people for whom there is no payment.
    pub fn new(people: impl IntoIterator<Item = (Stem, NaiveDate)>) -> Self {
        let mut by_birth = HashMap::<NaiveDate, Vec<Stem>>::new();
        for (stem, born) in people {
            by_birth.entry(born).or_default().push(stem);
        }
        Self(by_birth)
    }

    /// Those of them for whom a row of earnings is a near miss: its number is one slip away from theirs, and its date of
    /// birth is the same.
    pub fn near(
        &self,
        nino: Nino,
        born: NaiveDate,
        surname: Option<&str>,
        forename: Option<&str>,
    ) -> impl Iterator<Item = (Stem, NearMiss)> {
        let of_that_day = self.0.get(&born).into_iter().flatten().copied();
        of_that_day.filter(move |person| person.is_near_miss(nino.stem())).map(move |person| {
            let name = surname.and_then(|surname| NameKey::new(surname, forename));
            (person, NearMiss { name, date_of_birth: Some(Masked(born)) })
        })
    }
}

/// Rows under near-miss numbers, by the person they may belong to. Their order does not depend on the order of the
/// files.
#[derive(Default)]
pub struct NearMisses(BTreeMap<u64, Vec<NearMiss>>);

impl NearMisses {
    /// The near misses among payments given as values. Those of people who have payments of their own there are not looked at.
    pub fn among(context: &DecisionContext, claims: &[Claim], payments: &PaymentsByPerson) -> Self {
        let sought = claims.iter().filter_map(|claim| judge::person_sought(context, claim));
        let people = PeopleNotFound::new(sought);
        let mut found = Vec::new();
        for payment in payments.all() {
            let Some(Masked(born)) = payment.date_of_birth else { continue };
            let (surname, forename) = (payment.surname.as_deref(), payment.forename.as_deref());
            found.extend(people.near(payment.nino, born, surname, forename));
        }
        found.into_iter().collect()
    }

    /// The rows under near-miss numbers of this one.
    pub fn of(&self, person: Stem) -> &[NearMiss] {
        self.0.get(&person.key()).map(Vec::as_slice).unwrap_or_default()
    }
}

impl FromIterator<(Stem, NearMiss)> for NearMisses {
    fn from_iter<I: IntoIterator<Item = (Stem, NearMiss)>>(found: I) -> Self {
        let mut by_person = BTreeMap::<u64, Vec<NearMiss>>::new();
        for (person, near_miss) in found {
            by_person.entry(person.key()).or_default().push(near_miss);
        }
        for rows in by_person.values_mut() {
            rows.sort();
            rows.dedup();
        }
        Self(by_person)
    }
}

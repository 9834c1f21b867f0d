//! The view through which the payments of a batch are read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::{Payment, Stem};

/// A view of payments by person. They may be stored in any form: the payments of a person are assembled only when a
/// claim for that person is decided.
pub trait PaymentsView: Sync {
    /// All payments under a stem, in the order in which the evidence is to number them.
    fn of(&self, person: Stem) -> Cow<'_, [Payment]>;
}

/// Payments given as values.
#[derive(Default)]
pub struct PaymentsByPerson(BTreeMap<Stem, Vec<Payment>>);

impl PaymentsByPerson {
    /// Every payment, person by person.
    pub(super) fn all(&self) -> impl Iterator<Item = &Payment> {
        self.0.values().flatten()
    }
}

impl FromIterator<Payment> for PaymentsByPerson {
    fn from_iter<I: IntoIterator<Item = Payment>>(payments: I) -> Self {
        let mut by_person = BTreeMap::<Stem, Vec<Payment>>::new();
        for payment in payments {
            by_person.entry(payment.nino.stem()).or_default().push(payment);
        }
        Self(by_person)
    }
}

impl PaymentsView for PaymentsByPerson {
    fn of(&self, person: Stem) -> Cow<'_, [Payment]> {
        Cow::Borrowed(self.0.get(&person).map(Vec::as_slice).unwrap_or_default())
    }
}

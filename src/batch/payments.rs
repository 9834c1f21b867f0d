//! The view through which the payments of a batch are read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::{Payment, SetAsideRow, Stem};

/// A view of payments by person. They may be stored in any form: the payments of a person are assembled only when a
/// claim for that person is decided.
pub trait PaymentsView: Sync {
    /// All payments under a stem, in the order in which the evidence is to number them.
    fn of(&self, person: Stem) -> Cow<'_, [Payment]>;

    /// The rows under a stem that could not be read, in order.
    fn set_aside(&self, _person: Stem) -> &[SetAsideRow] {
        &[]
    }
}

/// Rows that could not be read, by the person whose number they carry.
#[derive(Default)]
pub struct SetAsideByPerson(BTreeMap<Stem, Vec<SetAsideRow>>);

impl SetAsideByPerson {
    /// The rows of a person, in the order of the files.
    pub fn of(&self, person: Stem) -> &[SetAsideRow] {
        self.0.get(&person).map(Vec::as_slice).unwrap_or_default()
    }

    /// The people who have such rows.
    pub fn people(&self) -> impl Iterator<Item = Stem> {
        self.0.keys().copied()
    }
}

impl FromIterator<SetAsideRow> for SetAsideByPerson {
    fn from_iter<I: IntoIterator<Item = SetAsideRow>>(rows: I) -> Self {
        let mut by_person = BTreeMap::<Stem, Vec<SetAsideRow>>::new();
        for row in rows {
            by_person.entry(row.stem).or_default().push(row);
        }
        for rows in by_person.values_mut() {
            rows.sort_by_key(|row| (row.file, row.row));
        }
        Self(by_person)
    }
}

/// Payments given as values.
#[derive(Default)]
pub struct PaymentsByPerson {
    payments: BTreeMap<Stem, Vec<Payment>>,
    set_aside: SetAsideByPerson,
}

impl PaymentsByPerson {
    /// The same payments, and these rows that could not be read.
    #[must_use]
    pub fn with_set_aside(self, rows: impl IntoIterator<Item = SetAsideRow>) -> Self {
        Self { set_aside: rows.into_iter().collect(), ..self }
    }

    /// Every payment, person by person.
    pub(super) fn all(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values().flatten()
    }
}

impl FromIterator<Payment> for PaymentsByPerson {
    fn from_iter<I: IntoIterator<Item = Payment>>(payments: I) -> Self {
        let mut by_person = BTreeMap::<Stem, Vec<Payment>>::new();
        for payment in payments {
            by_person.entry(payment.nino.stem()).or_default().push(payment);
        }
        Self { payments: by_person, set_aside: SetAsideByPerson::default() }
    }
}

impl PaymentsView for PaymentsByPerson {
    fn of(&self, person: Stem) -> Cow<'_, [Payment]> {
        Cow::Borrowed(self.payments.get(&person).map(Vec::as_slice).unwrap_or_default())
    }

    fn set_aside(&self, person: Stem) -> &[SetAsideRow] {
        self.set_aside.of(person)
    }
}

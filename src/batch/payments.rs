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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Nino, NinoText, Tally};

    fn read(row: u32, nino: &str, pay: &str) -> Result<Payment, Box<SetAsideRow>> {
        let nino: Nino = NinoText::read(nino).well_formed().unwrap();
        let cells = [
            ("office_number", "123"),
            ("paye_ref", "A246"),
            ("payment_date", "2018-05-31"),
            ("pay_frequency", "M1"),
            ("taxable_pay", pay),
        ];
        let cell = |column: &'static str| cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| *cell);
        Payment::read((0, row), nino, cell, &mut Tally::default())
    }

    #[test]
    fn payments_and_rows_that_could_not_be_read_are_told_by_person_in_the_order_of_the_file() {
        let aside = [(9, "NC100002A"), (3, "NC100002A"), (4, "NC100001A")];
        let aside: Vec<SetAsideRow> = aside.map(|(row, nino)| *read(row, nino, "much").unwrap_err()).into();
        let payments: PaymentsByPerson = [read(1, "NC100001A", "900").unwrap()].into_iter().collect();
        let payments = payments.with_set_aside(aside.clone());
        let [one, two, three] =
            ["NC100001A", "NC100002A", "NC100003A"].map(|nino| NinoText::read(nino).stem().unwrap());
        let rows = |person| payments.set_aside(person).iter().map(|row| row.row).collect::<Vec<_>>();
        assert_eq!((rows(one), rows(two), rows(three)), (vec![4], vec![3, 9], vec![]));
        assert_eq!([one, two].map(|person| payments.of(person).len()), [1, 0]);
        assert_eq!(aside.into_iter().collect::<SetAsideByPerson>().people().collect::<Vec<_>>(), [one, two]);
    }

    #[test]
    fn a_view_without_rows_that_could_not_be_read_has_none_of_anybody() {
        struct Nothing;
        impl PaymentsView for Nothing {
            fn of(&self, _: Stem) -> Cow<'_, [Payment]> {
                Cow::Borrowed(&[])
            }
        }
        assert!(Nothing.set_aside(NinoText::read("NC100001A").stem().unwrap()).is_empty());
    }
}

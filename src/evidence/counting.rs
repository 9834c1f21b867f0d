//! Which earnings rows count as evidence.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{Payment, PaymentId};

/// Whether a row counts, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowUse {
    /// It counts.
    Counts,
    /// HMRC voided the payment on or before the cut-off.
    Voided,
    /// It is an occupational pension.
    Pension,
    /// Its payday lies after the cut-off.
    AfterCutOff,
    /// A later submission under the same payment ID replaces it.
    Superseded,
    /// It repeats another row in every column.
    Duplicate,
}

impl RowUse {
    /// The reason as the evidence file words it.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Voided => "voided by HMRC on or before the cut-off",
            Self::Pension => "an occupational pension",
            Self::AfterCutOff => "paid after the cut-off",
            Self::Superseded => "replaced by a later submission under the same payment ID",
            Self::Duplicate => "repeats another row in every column",
        }
    }
}

/// The use of each row, in the order given.
pub fn uses(payments: &[Payment], cut_off: NaiveDate) -> Vec<RowUse> {
    let mut uses: Vec<RowUse> = payments.iter().map(|payment| on_its_own(payment, cut_off)).collect();
    let mut in_order: Vec<(usize, &Payment)> = payments
        .iter()
        .enumerate()
        .zip(&uses)
        .filter(|(_, used)| **used == RowUse::Counts)
        .map(|(row, _)| row)
        .collect();
    // Rows equal in every column stand together; where one stands in its file decides only which copy is named.
    in_order.sort_by(|(_, one), (_, other)| {
        one.by_receipt(other).then_with(|| (one.file, one.row).cmp(&(other.file, other.row)))
    });
    let mut received_last: BTreeMap<&PaymentId, usize> = BTreeMap::new();
    for (index, payment) in &in_order {
        if let Some(id) = &payment.payment_id {
            received_last.insert(id, *index);
        }
    }
    let mut before: Option<&Payment> = None;
    for (index, payment) in in_order {
        let repeats = before.is_some_and(|before| before.by_receipt(payment) == Ordering::Equal);
        let last = payment.payment_id.as_ref().and_then(|id| received_last.get(id)).is_none_or(|last| *last == index);
        if let Some(used) = uses.get_mut(index) {
            *used = match (last, repeats) {
                (false, _) => RowUse::Superseded,
                // The last of identical rows with a payment ID is the one that wins its ID.
                (true, true) if payment.payment_id.is_none() => RowUse::Duplicate,
                (true, _) => RowUse::Counts,
            };
        }
        before = Some(payment);
    }
    uses
}

/// The payments that count, each with its index among all of them.
pub fn rows_that_count<'a>(payments: &'a [Payment], uses: &[RowUse]) -> Vec<(usize, &'a Payment)> {
    let rows = payments.iter().enumerate().zip(uses);
    rows.filter(|(_, used)| **used == RowUse::Counts).map(|(row, _)| row).collect()
}

fn on_its_own(payment: &Payment, cut_off: NaiveDate) -> RowUse {
    if payment.no_longer_valid.is_some_and(|voided| voided <= cut_off) {
        RowUse::Voided
    } else if payment.pension_payment {
        RowUse::Pension
    } else if cut_off < payment.payment_date {
        RowUse::AfterCutOff
    } else {
        RowUse::Counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::tests::payment;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn uses_of(rows: &[&[(&'static str, &str)]]) -> Vec<RowUse> {
        let payments: Vec<Payment> = rows.iter().map(|row| payment(row)).collect();
        uses(&payments, day("2018-12-31"))
    }

    #[test]
    fn voided_pension_and_later_rows_do_not_count() {
        assert_eq!(uses_of(&[&[("no_longer_valid", "2018-12-31")]]), [RowUse::Voided]);
        assert_eq!(uses_of(&[&[("no_longer_valid", "2019-01-01")]]), [RowUse::Counts]);
        assert_eq!(uses_of(&[&[("pension_payment", "Y")]]), [RowUse::Pension]);
        assert_eq!(uses_of(&[&[("payment_date", "2018-12-31")]]), [RowUse::Counts]);
        assert_eq!(uses_of(&[&[("payment_date", "2019-01-01")]]), [RowUse::AfterCutOff]);
    }

    #[test]
    fn the_row_received_last_wins_a_payment_id() {
        let early: &[_] = &[("payment_id", "7"), ("received_at", "2018-06-01"), ("taxable_pay", "900.00")];
        let late: &[_] = &[("payment_id", "07"), ("received_at", "2018-06-02"), ("taxable_pay", "800.00")];
        assert_eq!(uses_of(&[late, early]), [RowUse::Counts, RowUse::Superseded]);
        assert_eq!(uses_of(&[early, early]), [RowUse::Superseded, RowUse::Counts]);
    }

    #[test]
    fn exact_copies_count_once_and_near_copies_each() {
        assert_eq!(uses_of(&[&[], &[], &[]]), [RowUse::Counts, RowUse::Duplicate, RowUse::Duplicate]);
        assert_eq!(uses_of(&[&[], &[("forename", "Robyn")]]), [RowUse::Counts, RowUse::Counts]);
    }
}

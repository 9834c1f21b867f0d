//! Which earnings rows count as evidence.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::{EmployerRef, Payment, PaymentId, Pence};

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
    /// It has the payment ID of another row and is equal to it in every column.
    Duplicate,
    /// It looks like a repeat of another payment, which counts.
    Repeat,
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
            Self::Repeat => "looks like a repeat of another row, and a repeated payment counts once",
        }
    }
}

/// How often payments that look like repeats of one another count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// Once: submissions are sent twice, extracts overlap, payroll IDs change.
    CountOnce,
    /// As often as they stand: payments that look alike can all be real.
    CountEach,
}

/// A person's payments, and the use of each.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    /// The use of each payment, in the order given.
    pub uses: Vec<RowUse>,
    /// The payments in the order given. One that stands for repeats has the start and the leaving date that only they give.
    pub payments: Cow<'a, [Payment]>,
}

impl Counted<'_> {
    /// The payments that count, each with its index among all of them.
    pub fn rows(&self) -> Vec<(usize, &Payment)> {
        let rows = self.payments.iter().enumerate().zip(&self.uses);
        rows.filter(|(_, used)| **used == RowUse::Counts).map(|(row, _)| row).collect()
    }
}

/// Counts a person's payments: finds the use of each.
pub fn count(payments: &[Payment], cut_off: NaiveDate, repeats: Repeats) -> Counted<'_> {
    let mut in_order: Vec<(usize, &Payment)> = payments.iter().enumerate().collect();
    // Rows equal in every column stand together; where one stands in its file decides only which copy is named.
    in_order.sort_by(|(_, one), (_, other)| {
        one.by_receipt(other).then_with(|| (one.file, one.row).cmp(&(other.file, other.row)))
    });
    let received_last: BTreeMap<SubmissionKey<'_>, (usize, &Payment)> =
        in_order.iter().filter_map(|row| Some((SubmissionKey::of(row.1)?, *row))).collect();
    let use_of = |(index, payment): (usize, &Payment)| match SubmissionKey::of(payment)
        .and_then(|key| received_last.get(&key))
    {
        Some((last, equal)) if *last != index && equal.by_receipt(payment) == Ordering::Equal => RowUse::Duplicate,
        Some((last, _)) if *last != index => RowUse::Superseded,
        Some(_) | None => on_its_own(payment, cut_off),
    };
    let uses: Vec<RowUse> = payments.iter().enumerate().map(use_of).collect();
    let mut counted = Counted { uses, payments: Cow::Borrowed(payments) };
    if repeats == Repeats::CountOnce {
        in_order.retain(|(index, _)| counted.uses.get(*index) == Some(&RowUse::Counts));
        count_repeats_once(&mut counted, in_order);
    }
    counted
}

/// What the submissions of one payment have in common: later ones replace earlier ones. Some senders begin their payment
/// IDs again each month, so that the month belongs to it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SubmissionKey<'a> {
    id: &'a PaymentId,
    employer: &'a EmployerRef,
    month_of_payday: (i32, u32),
}

impl<'a> SubmissionKey<'a> {
    /// The key of a row that has a payment ID.
    fn of(payment: &'a Payment) -> Option<Self> {
        let month_of_payday = (payment.payment_date.year(), payment.payment_date.month());
        Some(Self { id: payment.payment_id.as_ref()?, employer: &payment.employer, month_of_payday })
    }
}

/// Of payments that look alike only the one received last counts; `standing` are the rows that count, in the order of receipt.
fn count_repeats_once(counted: &mut Counted<'_>, mut standing: Vec<(usize, &Payment)>) {
    // The sort is stable, so that rows that look alike stay in the order of receipt.
    standing.sort_by(|(_, one), (_, other)| by_what_repeats_share(one, other));
    let of_one_payment =
        |(_, one): &(usize, &Payment), (_, other): &(usize, &Payment)| by_what_repeats_share(one, other).is_eq();
    for alike in standing.chunk_by(of_one_payment) {
        let [earlier @ .., (index, received_last)] = alike else { continue };
        if earlier.is_empty() || received_last.taxable_pay == Pence(0) || is_taken_back(received_last, &standing) {
            continue;
        }
        for (index, _) in earlier {
            if let Some(used) = counted.uses.get_mut(*index) {
                *used = RowUse::Repeat;
            }
        }
        let start = received_last
            .employment_start_date
            .or_else(|| earlier.iter().filter_map(|(_, payment)| payment.employment_start_date).min());
        let leaving =
            received_last.leaving_date.or_else(|| earlier.iter().filter_map(|(_, payment)| payment.leaving_date).max());
        if (start, leaving) == (received_last.employment_start_date, received_last.leaving_date) {
            continue;
        }
        if let Some(payment) = counted.payments.to_mut().get_mut(*index) {
            payment.employment_start_date = start;
            payment.leaving_date = leaving;
        }
    }
}

/// Orders payments so that those equal in everything that repeats share stand together.
fn by_what_repeats_share(one: &Payment, other: &Payment) -> Ordering {
    one.payment_date
        .cmp(&other.payment_date)
        .then_with(|| one.taxable_pay.cmp(&other.taxable_pay))
        .then_with(|| one.employer.cmp(&other.employer))
        .then_with(|| one.pay_frequency.cmp(&other.pay_frequency))
        .then_with(|| one.earnings_periods.cmp(&other.earnings_periods))
        .then_with(|| one.hours_band.cmp(&other.hours_band))
        .then_with(|| one.irregular_payment.cmp(&other.irregular_payment))
        .then_with(|| one.pension_payment.cmp(&other.pension_payment))
        .then_with(|| one.payment_after_leaving.cmp(&other.payment_after_leaving))
        .then_with(|| one.date_of_birth.cmp(&other.date_of_birth))
}

/// Whether a row of the opposite amount stands on the same payday under the same PAYE scheme: the sender has corrected
/// himself, and the rows add up to what was paid.
fn is_taken_back(payment: &Payment, standing: &[(usize, &Payment)]) -> bool {
    let opposite = |other: &Payment| {
        other.payment_date == payment.payment_date
            && other.taxable_pay.plus(payment.taxable_pay) == Pence(0)
            && other.employer == payment.employer
    };
    standing.iter().any(|(_, other)| opposite(other))
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
        count(&payments, day("2018-12-31"), Repeats::CountOnce).uses
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
        assert_eq!(uses_of(&[early, early]), [RowUse::Duplicate, RowUse::Counts]);
    }

    #[test]
    fn a_payment_id_is_one_payments_only_within_a_paye_scheme_and_a_month() {
        let first: &[_] = &[("payment_id", "7"), ("payment_date", "2018-06-01")];
        let same_month: &[_] = &[("payment_id", "7"), ("payment_date", "2018-06-30")];
        let next_month: &[_] = &[("payment_id", "7"), ("payment_date", "2018-07-01")];
        let other_scheme: &[_] = &[("payment_id", "7"), ("payment_date", "2018-06-30"), ("paye_ref", "B7")];
        assert_eq!(uses_of(&[first, same_month]).iter().filter(|used| **used == RowUse::Counts).count(), 1);
        assert_eq!(uses_of(&[same_month, next_month]), [RowUse::Counts, RowUse::Counts]);
        assert_eq!(uses_of(&[same_month, other_scheme]), [RowUse::Counts, RowUse::Counts]);
    }

    #[test]
    fn a_later_submission_that_is_void_still_replaces_the_earlier_one() {
        let early: &[_] = &[("payment_id", "7"), ("received_at", "2018-06-01")];
        let void: &[_] = &[("payment_id", "7"), ("received_at", "2018-06-02"), ("no_longer_valid", "2018-06-03")];
        assert_eq!(uses_of(&[early, void]), [RowUse::Superseded, RowUse::Voided]);
    }

    #[test]
    fn payments_of_nothing_are_no_repeats() {
        let nothing: &[_] = &[("taxable_pay", "0.00")];
        assert_eq!(uses_of(&[nothing, nothing]), [RowUse::Counts, RowUse::Counts]);
    }

    const PAID: &[(&str, &str)] = &[("payment_id", "1"), ("received_at", "2018-06-01"), ("payroll_id", "1")];
    const PAID_AGAIN: &[(&str, &str)] = &[("payment_id", "2"), ("received_at", "2018-06-02"), ("payroll_id", "9")];

    #[test]
    fn payments_that_look_alike_count_once_whatever_the_ids_names_and_dates() {
        assert_eq!(uses_of(&[&[], &[], &[]]), [RowUse::Repeat, RowUse::Repeat, RowUse::Counts]);
        assert_eq!(uses_of(&[PAID_AGAIN, PAID]), [RowUse::Counts, RowUse::Repeat]);
        let again = |column, value| [PAID_AGAIN, &[(column, value)]].concat();
        for same in [("forename", "Robyn"), ("employment_start_date", "2018-05-02"), ("leaving_date", "2018-06-30")] {
            assert_eq!(uses_of(&[PAID, &again(same.0, same.1)]), [RowUse::Repeat, RowUse::Counts], "{same:?}");
        }
        let others = [
            ("date_of_birth", "1990-01-16"),
            ("paye_ref", "B7"),
            ("payment_date", "2018-05-30"),
            ("pay_frequency", "W4"),
            ("earnings_periods", "2"),
            ("hours_band", "C"),
            ("irregular_payment", "Y"),
            ("payment_after_leaving", "Y"),
            ("taxable_pay", "1200.01"),
        ];
        for (column, value) in others {
            assert_eq!(uses_of(&[PAID, &again(column, value)]), [RowUse::Counts, RowUse::Counts], "{column}");
        }
        let nothing: &[_] = &[("taxable_pay", "0.00")];
        assert_eq!(uses_of(&[nothing, nothing]), [RowUse::Counts, RowUse::Counts]);
    }

    #[test]
    fn payments_of_which_one_is_taken_back_are_no_repeats() {
        let taken_back = |column, value| [("payment_id", "3"), ("taxable_pay", "-1200.00"), (column, value)];
        let uses_with = |row: &[(&'static str, &str)]| uses_of(&[PAID, PAID_AGAIN, row]);
        let all = [RowUse::Counts; 3];
        assert_eq!(uses_with(&taken_back("payroll_id", "5")), all);
        let repeated = [RowUse::Repeat, RowUse::Counts, RowUse::Counts];
        assert_eq!(uses_with(&taken_back("taxable_pay", "-1199.99")), repeated);
        assert_eq!(uses_with(&taken_back("payment_date", "2018-06-01")), repeated);
        assert_eq!(uses_with(&taken_back("paye_ref", "B7")), repeated);
        assert_eq!(
            uses_with(&taken_back("no_longer_valid", "2018-06-03")),
            [RowUse::Repeat, RowUse::Counts, RowUse::Voided]
        );
    }

    #[test]
    fn the_payment_that_counts_takes_the_dates_that_only_its_repeats_give() {
        let rows: [&[_]; 3] = [
            &[("employment_start_date", "2018-05-02"), ("leaving_date", "2018-06-29"), ("received_at", "2018-06-01")],
            &[("employment_start_date", "2018-05-01"), ("leaving_date", "2018-06-28"), ("received_at", "2018-06-02")],
            &[("employment_start_date", ""), ("received_at", "2018-06-03")],
        ];
        let payments = rows.map(payment);
        let counted = count(&payments, day("2018-12-31"), Repeats::CountOnce);
        let [(2, paid)] = counted.rows()[..] else { panic!("one row counts, the last") };
        assert_eq!((paid.employment_start_date, paid.leaving_date), (Some(day("2018-05-01")), Some(day("2018-06-29"))));
        let each = count(&payments, day("2018-12-31"), Repeats::CountEach);
        assert_eq!((each.rows().len(), each.rows()[2].1.employment_start_date), (3, None));
    }
}

//! Rows that could not be read: which of them may matter to an answer.

use chrono::NaiveDate;

use super::Evidence;
use crate::domain::paydays::Month;
use crate::domain::{Observed, Payment, SetAsideRow};

/// The rows of a person that could not be read and may matter to what the other rows show.
///
/// A row does not matter where its payday can be read and lies apart from the time asked about; where a cell of it that can
/// be read shows that it would not count; and where a row that was received later replaces it.
pub fn that_matter<'a>(
    observed: &Observed,
    evidence: &Evidence,
    payments: &[Payment],
    rows: &'a [SetAsideRow],
) -> Vec<&'a SetAsideRow> {
    let asked_about = evidence.outcome.paydays_that_matter();
    let may_matter =
        |row: &&SetAsideRow| is_near(row, asked_about) && may_count(row, observed) && !is_replaced(row, payments);
    rows.iter().filter(may_matter).collect()
}

/// Whether the payday of a row may lie in the time asked about.
fn is_near(row: &SetAsideRow, asked_about: Option<(NaiveDate, NaiveDate)>) -> bool {
    let Some(payday) = row.payment_date else { return true };
    asked_about.is_none_or(|(first, last)| first <= payday && payday <= last)
}

/// Whether no cell that can be read shows that the row does not count.
pub fn may_count(row: &SetAsideRow, observed: &Observed) -> bool {
    let cut_off = observed.cut_off.unwrap_or(NaiveDate::MIN);
    let is_voided = row.no_longer_valid.is_some_and(|voided| voided <= cut_off);
    let is_after = row.payment_date.is_some_and(|payday| cut_off < payday);
    !is_voided && !row.pension_payment && !is_after
}

/// Whether a payment that could be read was received later under the same payment ID, scheme and month. Some senders begin their
/// IDs again each month: where the scheme or the month of the row cannot be read, the ID must be that of one payment alone.
fn is_replaced(row: &SetAsideRow, payments: &[Payment]) -> bool {
    if row.payment_id.is_none() {
        return false;
    }
    let same_id = || payments.iter().filter(|payment| payment.payment_id == row.payment_id);
    let scheme_and_month = |payment: &Payment| (payment.employer.clone(), Month::of(payment.payment_date));
    let is_whole = row.employer.is_some() && row.payment_date.is_some();
    let first = same_id().next().map(scheme_and_month);
    let is_of_one = is_whole || same_id().all(|payment| Some(scheme_and_month(payment)) == first);
    let is_later = |payment: &Payment| {
        row.received_at < payment.received_at
            && row.employer.as_ref().is_none_or(|employer| *employer == payment.employer)
            && row.payment_date.is_none_or(|payday| Month::of(payday) == Month::of(payment.payment_date))
    };
    is_of_one && same_id().any(is_later)
}

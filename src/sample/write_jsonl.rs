//! Extracts as JSON Lines: one object a payment, in our own names; what a row does not say is left out.

use super::day::Day;
use super::lines::LineEncoder;
use super::payment::{Band, ExtractRow, PaymentMark};
use super::text;

/// Extracts as JSON Lines.
pub(super) const JSONL: LineEncoder = LineEncoder { extension: "jsonl", begin: |_| (), write: row };

/// Writes a member whose value is a text. No text of a sample needs escaping.
pub(super) fn member(out: &mut Vec<u8>, name: &str, value: &str) {
    key(out, name);
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

/// Writes a member's name, and the comma before it unless it is the first.
pub(super) fn key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Writes a member whose value is a date, where there is one.
pub(super) fn day(out: &mut Vec<u8>, name: &str, day: Option<Day>) {
    if let Some(day) = day {
        key(out, name);
        out.push(b'"');
        out.extend_from_slice(&day.text());
        out.push(b'"');
    }
}

/// Writes a member whose value is a moment.
pub(super) fn moment(out: &mut Vec<u8>, name: &str, (day, second): (Day, u32)) {
    key(out, name);
    out.push(b'"');
    text::moment(out, day, second);
    out.push(b'"');
}

/// Writes the members that mark a row, under the names given for irregular, pension and after leaving.
pub(super) fn marks(out: &mut Vec<u8>, record: &ExtractRow<'_>, names: [&str; 3]) {
    for (name, mark) in names.into_iter().zip([PaymentMark::Irregular, PaymentMark::Pension, PaymentMark::AfterLeaving])
    {
        if let Some(yes) = record.flag(mark) {
            member(out, name, yes);
        }
    }
}

fn row(record: &ExtractRow<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    member(out, "nino", record.nino);
    member(out, "surname", record.surname);
    member(out, "forename", record.forename);
    day(out, "date_of_birth", record.born);
    member(out, "office_number", record.office);
    member(out, "paye_ref", record.reference);
    member(out, "employer_name", record.employer);
    member(out, "payroll_id", record.payroll_id);
    day(out, "employment_start_date", record.started);
    day(out, "leaving_date", record.left);
    day(out, "payment_date", Some(record.paid));
    member(out, "pay_frequency", record.frequency.code());
    key(out, "earnings_periods");
    text::number(out, u64::from(record.periods), 1);
    key(out, "taxable_pay");
    text::pounds(out, record.pay_pence);
    if let Some(letter) = record.band.map(Band::letter) {
        member(out, "hours_band", letter);
    }
    marks(out, record, ["irregular_payment", "pension_payment", "payment_after_leaving"]);
    key(out, "payment_id");
    text::number(out, record.payment_id, 1);
    moment(out, "received_at", record.received);
    day(out, "no_longer_valid", record.voided);
    out.extend_from_slice(b"}\n");
}

//! Extracts as CSV.

use super::lines::LineEncoder;
use super::payment::{COLUMNS, ExtractRow, PaymentMark};
use super::text;

/// Extracts as CSV.
pub(super) const CSV: LineEncoder = LineEncoder { extension: "csv", begin: header, write: row };

fn header(out: &mut Vec<u8>) {
    out.extend_from_slice(COLUMNS.join(",").as_bytes());
    out.push(b'\n');
}

/// Writes a row. None of its texts can hold a comma, a quotation mark or a line end, so nothing is quoted; and extracts of
/// hundreds of millions of rows are written faster by hand than through a CSV writer for each row.
fn row(record: &ExtractRow<'_>, out: &mut Vec<u8>) {
    let day = |out: &mut Vec<u8>, day: Option<super::day::Day>| {
        if let Some(day) = day {
            out.extend_from_slice(&day.text());
        }
        out.push(b',');
    };
    let cell = |out: &mut Vec<u8>, cell: &str| {
        out.extend_from_slice(cell.as_bytes());
        out.push(b',');
    };
    cell(out, record.nino);
    cell(out, record.surname);
    cell(out, record.forename);
    day(out, record.born);
    cell(out, record.office);
    cell(out, record.reference);
    cell(out, record.employer);
    cell(out, record.payroll_id);
    day(out, record.started);
    day(out, record.left);
    day(out, Some(record.paid));
    cell(out, record.frequency.code());
    text::number(out, u64::from(record.periods), 1);
    out.push(b',');
    text::pounds(out, record.pay_pence);
    out.push(b',');
    cell(out, record.band.map_or("", super::payment::Band::letter));
    for mark in [PaymentMark::Irregular, PaymentMark::Pension, PaymentMark::AfterLeaving] {
        cell(out, record.flag(mark).unwrap_or_default());
    }
    text::number(out, record.payment_id, 1);
    out.push(b',');
    text::moment(out, record.received.0, record.received.1);
    out.push(b',');
    if let Some(voided) = record.voided {
        out.extend_from_slice(&voided.text());
    }
    out.push(b'\n');
}

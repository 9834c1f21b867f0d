//! The list for analysts: what is known of each claim, and columns to write the decision in.

use super::waiting::Waiting;
use crate::decide;
use crate::domain::Pence;
use crate::error::RunError;
use crate::scheme::Scheme;
use crate::workbooks::flat::{CsvLines, FlatCell};
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet, xlsx};

/// What is known of each claim.
const KNOWN: [(&str, u16); 16] = [
    ("provider_id", 14),
    ("contract_id", 14),
    ("claim_id", 16),
    ("attempt", 8),
    ("participant_id", 16),
    ("outcome", 20),
    ("amount_claimed", 14),
    ("payable_if_accepted", 14),
    ("state", 12),
    ("open_since", 12),
    ("days_open", 10),
    ("lapses_on", 12),
    ("recheck_on", 12),
    ("reasons", 16),
    ("messages", 60),
    ("changed", 40),
];

/// What people write: the columns of a file of decisions that the list does not fill in itself.
const WRITTEN: [(&str, u16); 7] = [
    ("decision", 12),
    ("reason", 16),
    ("evidence", 24),
    ("decided_by", 16),
    ("checked_by", 16),
    ("decided_on", 12),
    ("until", 12),
];

fn cells<'a>(one: &'a Waiting<'_>) -> Vec<FlatCell<'a>> {
    let text = FlatCell::from;
    let (claim, receipt) = (one.claim, &one.claim.receipt);
    let messages: Vec<&str> = one.reasons.iter().map(|(_, message)| message.as_str()).collect();
    vec![
        text(receipt.provider_id.as_str()),
        text(receipt.contract_id.as_str()),
        text(receipt.claim_id.as_str()),
        FlatCell::Number(receipt.attempt),
        text(receipt.participant_id.as_str()),
        text(receipt.outcome.as_str()),
        FlatCell::Pounds(Pence(claim.claimed)),
        FlatCell::Pounds(Pence(claim.payable)),
        FlatCell::Text(claim.state.name().replace('_', " ").into()),
        FlatCell::day(claim.open_since),
        FlatCell::number(one.days_open.and_then(|days| u32::try_from(days).ok())),
        FlatCell::day(one.lapses_on),
        FlatCell::day(one.recheck_on()),
        FlatCell::Text(one.codes().into()),
        FlatCell::Text(messages.join("; ").into()),
        text(one.changed()),
    ]
}

/// A row of the list: what is known, and what is to be written.
fn row<'a>(one: &'a Waiting<'_>) -> Vec<FlatCell<'a>> {
    cells(one).into_iter().chain(WRITTEN.map(|_| FlatCell::Empty)).collect()
}

/// The list as CSV.
pub(super) fn csv(waiting: &[Waiting<'_>]) -> Result<Vec<u8>, RunError> {
    let mut lines = CsvLines::default();
    let heads = KNOWN.iter().chain(&WRITTEN).map(|(head, _)| FlatCell::from(*head));
    lines.add(&heads.collect::<Vec<_>>())?;
    waiting.iter().try_for_each(|one| lines.add(&row(one)))?;
    lines.finish()
}

/// The list as a workbook, with instructions.
pub(super) fn workbook(waiting: &[Waiting<'_>], scheme: &Scheme) -> Result<Vec<u8>, RunError> {
    let title = format!("{}: claims to be settled", scheme.title);
    let read: Vec<&str> = decide::COLUMNS.iter().map(|column| column.name).collect();
    let how = Sheet {
        tab: "how to".into(),
        title: title.clone(),
        lines: vec![
            "Fill in the sheet decisions: decision is accept, reject, withdraw or keep; leave it empty where nothing is settled yet.".into(),
            "Where there is a decision, reason, evidence, decided_by and decided_on are needed, and checked_by where a second person stands \
             behind it."
                .into(),
            "until is the last day for which the decision holds, where there is one. keep leaves an open claim open, and it does not lapse \
             until then."
                .into(),
            "A payment in question is kept, or rejected and then recovered.".into(),
            format!("Save the workbook and give it to sustain decide; it reads the columns {}.", read.join(", ")),
        ],
        table: None,
    };
    let row = |one: &Waiting<'_>| row(one).into_iter().map(SheetCell::from).collect();
    let columns = KNOWN.iter().chain(&WRITTEN).copied().collect();
    let table = SheetTable { name: decide::SHEET.into(), columns, rows: waiting.iter().map(row).collect() };
    let claims = Sheet { tab: decide::SHEET.into(), title: String::new(), lines: Vec::new(), table: Some(table) };
    xlsx(&Spreadsheet { title, sheets: vec![how, claims] })
        .map_err(|_| RunError::Untrusted("the workbook could not be written".into()))
}

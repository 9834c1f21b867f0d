//! A list for each provider, to be sent to it: as much of each query as its rule discloses to providers, what helps to settle it, and
//! columns to reply in. What payroll records show is not in it. It is no file of decisions: those are the department's.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::waiting::Waiting;
use crate::domain::Pence;
use crate::domain::withheld::shown;
use crate::error::RunError;
use crate::rules::{Code, EarningsDisclosure, Rule, rule};
use crate::scheme::Scheme;
use crate::workbooks::flat::FlatCell;
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet, xlsx};

/// The columns, of which the last four are the provider's.
const COLUMNS: [(&str, u16); 15] = [
    ("contract_id", 14),
    ("claim_id", 16),
    ("attempt", 8),
    ("participant_id", 16),
    ("outcome", 20),
    ("amount_claimed", 14),
    ("open_since", 12),
    ("answer_before", 12),
    ("rules", 14),
    ("why", 50),
    ("what_to_send", 50),
    ("reply", 40),
    ("evidence_sent", 30),
    ("replied_by", 16),
    ("replied_on", 12),
];

/// A workbook for each provider, under its name.
pub(super) fn workbooks(waiting: &[Waiting<'_>], scheme: &Scheme) -> Result<Vec<(String, Vec<u8>)>, RunError> {
    let mut by_provider: BTreeMap<&str, Vec<&Waiting<'_>>> = BTreeMap::new();
    for one in waiting {
        by_provider.entry(&one.claim.receipt.provider_id).or_default().push(one);
    }
    let workbook = |(number, (provider, own)): (usize, (&str, Vec<&Waiting<'_>>))| {
        Ok((file_name(number, provider), workbook(provider, &own, scheme)?))
    };
    (1..).zip(by_provider).map(workbook).collect()
}

/// The name of a provider's file: its number among the lists and the plain letters of its identifier, where they are no person's.
fn file_name(number: usize, provider: &str) -> String {
    let letters = shown(provider).chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' });
    format!("{number:03}-{}.xlsx", letters.take(40).collect::<String>())
}

fn workbook(provider: &str, own: &[&Waiting<'_>], scheme: &Scheme) -> Result<Vec<u8>, RunError> {
    let title = format!("{}: queries on claims of {}", scheme.title, shown(provider));
    let how = Sheet {
        tab: "how to".into(),
        title: title.clone(),
        lines: vec![
            "Each row of the sheet queries is a claim that could not be settled yet; why says what the query is."
                .into(),
            "Write your answer in reply, name what you send in evidence_sent, and say who replied and when.".into(),
            "A claim for which answer_before has a day lapses on it if nobody has settled it.".into(),
            "To correct a claim, send it again with the same number; do not correct it here.".into(),
        ],
        table: None,
    };
    let rows = own.iter().map(|one| cells(one)).collect();
    let table = SheetTable { name: "queries".into(), columns: COLUMNS.to_vec(), rows };
    let queries = Sheet { tab: "queries".into(), title: String::new(), lines: Vec::new(), table: Some(table) };
    xlsx(&Spreadsheet { title, sheets: vec![how, queries] })
        .map_err(|_| RunError::Untrusted("the workbook could not be written".into()))
}

fn cells(one: &Waiting<'_>) -> Vec<SheetCell> {
    let text = |text: &str| SheetCell::Text(text.to_owned());
    let day = |day: Option<NaiveDate>| SheetCell::from(FlatCell::day(day));
    let receipt = &one.claim.receipt;
    let look_again = one.recheck_on().map(|day| day.to_string()).unwrap_or_default();
    let of_rules = |told: &dyn Fn(&'static Rule, &str) -> String| {
        let mut all: Vec<String> = Vec::new();
        for (code, message) in &one.reasons {
            let text = Code::parse(code).and_then(rule).map(|rule| told(rule, message)).unwrap_or_default();
            if !text.is_empty() && !all.contains(&text) {
                all.push(text);
            }
        }
        all.join("; ")
    };
    let why = of_rules(&|rule, message| rule.disclosed(message, EarningsDisclosure::Withheld).to_owned());
    let what_to_send = of_rules(&|rule, _| rule.provider.to_send.to_text(&look_again));
    let mut cells = vec![
        text(&receipt.contract_id),
        text(&receipt.claim_id),
        SheetCell::Count(receipt.attempt.into()),
        text(&receipt.participant_id),
        text(&receipt.outcome),
        SheetCell::Amount(Pence(one.claim.claimed)),
        day(one.claim.open_since),
        day(one.lapses_on),
        SheetCell::Text(one.codes()),
        SheetCell::Text(why),
        SheetCell::Text(what_to_send),
    ];
    cells.resize(COLUMNS.len(), text(""));
    cells
}

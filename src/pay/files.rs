//! The files of a payment schedule: a table, a workbook, a page to sign, and its account.

use std::io::Write as _;

use chrono::NaiveDate;
use maud::html;

use super::{PaymentSchedule, ScheduleLine};
use crate::account::OutputAccount;
use crate::domain::Pence;
use crate::domain::count_of as count;
use crate::domain::money::grouped;
use crate::domain::withheld::shown;
use crate::error::RunError;
use crate::pages::{self, TableColumn, table as page_table};
use crate::sealed::{SealedAccount as _, sealed_text};
use crate::staging::{Staging, write_text};
use crate::workbooks::flat::{CsvLines, FlatCell};
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet, xlsx};

const CSV: &str = "schedule.csv";
const XLSX: &str = "schedule.xlsx";
const PAGE: &str = "schedule.html";

/// The files of a schedule.
pub(super) const NAMES: [&str; 4] = [CSV, XLSX, PAGE, PaymentSchedule::FILE];

/// The columns of the table.
const COLUMNS: [(&str, u16); 13] = [
    ("schedule", 10),
    ("line", 8),
    ("day", 12),
    ("scheme", 16),
    ("provider_id", 16),
    ("contract_id", 16),
    ("claim_id", 18),
    ("attempt", 8),
    ("outcome", 22),
    ("kind", 10),
    ("amount", 14),
    ("running_total", 14),
    ("answers_schedule", 16),
];

/// Writes the files, and puts them into the account of the schedule.
pub(super) fn write(schedule: &mut PaymentSchedule, staging: &Staging) -> Result<(), RunError> {
    let rows = rows(schedule);
    let lines = count(rows.len());
    let csv = OutputAccount { rows: lines, ..write_text(staging, CSV, &csv(&rows)?)? };
    let failed = || RunError::Untrusted(format!("{XLSX} could not be written; is the disk full?"));
    let bytes = xlsx(&workbook(schedule, rows)).map_err(|_| failed())?;
    staging.create(XLSX)?.write_all(&bytes).map_err(|_| failed())?;
    let workbook = staging.account_of(XLSX, lines)?;
    let page = write_text(staging, PAGE, &page(schedule))?;
    schedule.outputs = vec![csv, workbook, page];
    write_text(staging, PaymentSchedule::FILE, &sealed_text(schedule)?).map(|_| ())
}

fn csv(rows: &[Vec<FlatCell<'_>>]) -> Result<String, RunError> {
    let mut lines = CsvLines::default();
    lines.add(&COLUMNS.map(|(head, _)| FlatCell::from(head)))?;
    rows.iter().try_for_each(|row| lines.add(row))?;
    String::from_utf8(lines.finish()?).map_err(|_| RunError::Untrusted(format!("{CSV} could not be written")))
}

/// The lines as both tables have them: what is a number or a day there is one in the workbook, which people sum and sort.
fn rows<'a>(schedule: &'a PaymentSchedule) -> Vec<Vec<FlatCell<'a>>> {
    let mut running = 0;
    // The day is one that this program wrote.
    let day: Option<NaiveDate> = schedule.day.as_ref().and_then(|day| day.parse().ok());
    let text = FlatCell::from;
    let mut row = |(number, line): (u32, &'a ScheduleLine)| {
        running += line.pence;
        vec![
            FlatCell::Number(schedule.schedule),
            FlatCell::Number(number),
            FlatCell::day(day),
            text(schedule.scheme.as_str()),
            text(line.provider_id.as_str()),
            text(line.contract_id.as_str()),
            text(line.claim_id.as_str()),
            FlatCell::Number(line.attempt),
            text(line.outcome.as_str()),
            text(line.kind.as_str()),
            FlatCell::Pounds(Pence(line.pence)),
            FlatCell::Pounds(Pence(running)),
            FlatCell::number(line.answers_schedule),
        ]
    };
    (1..).zip(&schedule.lines).map(&mut row).collect()
}

fn workbook(schedule: &PaymentSchedule, rows: Vec<Vec<FlatCell<'_>>>) -> Spreadsheet {
    let title = title(schedule);
    let cover = Sheet { tab: "cover".into(), title: title.clone(), lines: totals(schedule), table: None };
    let cells = |row: Vec<FlatCell<'_>>| row.into_iter().map(SheetCell::from).collect();
    let rows = rows.into_iter().map(cells).collect();
    let lines = SheetTable { name: "lines".into(), columns: COLUMNS.to_vec(), rows };
    let lines = Sheet { tab: "lines".into(), title: String::new(), lines: Vec::new(), table: Some(lines) };
    let contracts = SheetTable {
        name: "contracts".into(),
        columns: vec![("provider_id", 16), ("contract_id", 16), ("lines", 10), ("total", 14)],
        rows: schedule
            .by_contract
            .iter()
            .map(|one| {
                let text = |text: &str| SheetCell::Text(text.to_owned());
                let total = SheetCell::Amount(Pence(one.total));
                vec![text(&one.provider_id), text(&one.contract_id), SheetCell::Count(one.lines), total]
            })
            .collect(),
    };
    let contracts = Sheet { tab: "contracts".into(), title: String::new(), lines: Vec::new(), table: Some(contracts) };
    Spreadsheet { title, sheets: vec![cover, contracts, lines] }
}

fn title(schedule: &PaymentSchedule) -> String {
    format!("Payment schedule {} of {}", schedule.schedule, schedule.scheme)
}

/// What the schedule comes to, in words.
fn totals(schedule: &PaymentSchedule) -> Vec<String> {
    let day = schedule.day.as_deref().unwrap_or("not given");
    let number = |count: u64| grouped(&count.to_string());
    vec![
        format!("Day of payment: {day}. Drawn up after month {}.", schedule.month),
        format!("Payments: {}, {}.", number(schedule.payments), Pence(schedule.paid)),
        format!("Recoveries: {}, {}.", number(schedule.recoveries), Pence(schedule.recovered)),
        format!("Total: {}.", Pence(schedule.total)),
        format!("Control total, the sum of all digits in claim numbers: {}.", schedule.control),
    ]
}

fn page(schedule: &PaymentSchedule) -> String {
    let title = title(schedule);
    let contracts: Vec<Vec<String>> = schedule
        .by_contract
        .iter()
        .map(|one| {
            vec![
                shown(&one.provider_id).to_owned(),
                shown(&one.contract_id).to_owned(),
                grouped(&one.lines.to_string()),
                Pence(one.total).to_string(),
            ]
        })
        .collect();
    let recoveries: Vec<Vec<String>> = schedule
        .lines
        .iter()
        .filter(|line| line.answers.is_some())
        .map(|line| {
            let answers = line.answers_schedule.map(|number| number.to_string()).unwrap_or_default();
            vec![
                shown(&line.claim_id).to_owned(),
                shown(&line.provider_id).to_owned(),
                Pence(line.pence).to_string(),
                answers,
            ]
        })
        .collect();
    let body = html! {
        h1 { (title) }
        @for line in totals(schedule) { p { (line) } }
        h2 { "By provider and contract" }
        (page_table(
            "By provider and contract",
            &[TableColumn::text("Provider"), TableColumn::text("Contract"), TableColumn::number("Lines"), TableColumn::number("Pounds")],
            &contracts,
        ))
        @if !recoveries.is_empty() {
            h2 { "Recoveries" }
            (page_table(
                "Recoveries",
                &[TableColumn::text("Claim"), TableColumn::text("Provider"), TableColumn::number("Pounds"), TableColumn::number("Paid by schedule")],
                &recoveries,
            ))
        }
        h2 { "Approval" }
        @for who in ["Drawn up by", "Checked by", "Approved by"] {
            p { (who) ": ______________________________ Date: ______________" }
        }
        p.second { "The lines are in schedule.csv and schedule.xlsx. " (schedule.program.name) " " (schedule.program.version) "." }
    };
    pages::page(&title, &body)
}

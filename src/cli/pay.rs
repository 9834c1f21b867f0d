//! `sustain pay`

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::exit::Exit;
use super::progress::NotesOnly;
use super::screen::{Screen, number};
use super::shared::{ReplaceArgument, date};
use crate::domain::withheld::shown;
use crate::domain::{Pence, counted};
use crate::error::RunError;
use crate::pay::{self, HowPaid, PayRequest, Payment};
use crate::staging::place_of;

/// `sustain pay`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain pay poc --dry-run
  sustain pay poc --out schedule-1 --day 2019-02-15
  sustain pay poc --out schedule-1-again --again 1

A schedule is recorded as a whole and has a number. Where nothing new is due the last one is written again: no claim is ever in two.
The folder has schedule.csv, schedule.xlsx, a page to sign and schedule.json; sustain verify proves it.")]
pub struct PayOptions {
    /// The folder of the ledger
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// Where the schedule goes: a directory that is not there yet
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    pub out: Option<PathBuf>,
    /// Show what would be paid, and record and write nothing
    #[arg(long, conflicts_with_all = ["out", "again"])]
    pub dry_run: bool,
    /// The day of payment [default: the last day that the last month's extract speaks for]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub day: Option<NaiveDate>,
    /// Write an earlier schedule again, by its number
    #[arg(long, value_name = "NUMBER", conflicts_with = "day")]
    pub again: Option<u32>,
    /// Whether a schedule that is already there gives way.
    #[command(flatten)]
    pub replacing: ReplaceArgument,
}

/// Pays what is due and says what it came to.
///
/// # Errors
/// As [`pay::run`].
pub fn run(options: &PayOptions, screen: &Screen) -> Result<Exit, RunError> {
    let out = options.out.as_ref().map(|out| place_of(out, &NotesOnly(screen))).transpose()?;
    let request = PayRequest {
        ledger: options.ledger.clone(),
        out,
        day: options.day,
        again: options.again,
        existing: options.replacing.existing(),
    };
    let payment = pay::run(&request, &NotesOnly(screen))?;
    if screen.json {
        screen.print_json(&withheld(payment));
    } else {
        screen.say(&to_text(&payment, options, screen));
    }
    Ok(Exit::Stands)
}

fn to_text(payment: &Payment, options: &PayOptions, screen: &Screen) -> String {
    let schedule = &payment.schedule;
    let out = options.out.as_ref().map_or_else(String::new, |out| format!("{}: ", out.display()));
    let what = match payment.how {
        HowPaid::DryRun => "nothing was recorded; a schedule now would be".to_owned(),
        HowPaid::New => format!("schedule {}", schedule.schedule),
        HowPaid::Again => format!("schedule {}, as it was recorded", schedule.schedule),
    };
    let day = schedule.day.as_deref().unwrap_or("a day that is not given");
    let mut rows: Vec<Vec<String>> = schedule
        .by_contract
        .iter()
        .map(|one| {
            let of = format!("  {}, {}", shown(&one.provider_id), shown(&one.contract_id));
            vec![of, counted(one.lines, "line", "lines"), Pence(one.total).to_string()]
        })
        .collect();
    rows.push(vec!["  payments".to_owned(), number(schedule.payments), Pence(schedule.paid).to_string()]);
    rows.push(vec!["  recoveries".to_owned(), number(schedule.recoveries), Pence(-schedule.recovered).to_string()]);
    rows.push(vec!["  total".to_owned(), String::new(), Pence(schedule.total).to_string()]);
    let mut text = format!("{out}{what}, to be paid on {day}\n{}", screen.table(&[1, 2], rows));
    if schedule.without_amount > 0 {
        text += &format!(
            "\n  {}: the scheme states no price and the claim none, so that no schedule pays it; withdraw it with sustain decide, \
             and have it sent again with an amount",
            counted(schedule.without_amount, "claim is due and has no amount", "claims are due and have no amount")
        );
    }
    if schedule.decisions_ended > 0 {
        text += &format!(
            "\n  {}; what the next month decides of it holds",
            counted(
                schedule.decisions_ended,
                "claim is due by a decision that holds until a day before that",
                "claims are due by decisions that hold until a day before that"
            )
        );
    }
    text
}

/// The same with identifiers that look like a person's number withheld; the files of the schedule have them as they are.
fn withheld(mut payment: Payment) -> Payment {
    let withhold = |text: &mut String| *text = shown(text).to_owned();
    for one in &mut payment.schedule.by_contract {
        [&mut one.provider_id, &mut one.contract_id].into_iter().for_each(withhold);
    }
    for line in &mut payment.schedule.lines {
        [&mut line.provider_id, &mut line.contract_id, &mut line.claim_id, &mut line.outcome]
            .into_iter()
            .for_each(withhold);
    }
    payment
}

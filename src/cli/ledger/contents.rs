//! `sustain ledger show`: what a ledger holds.

use serde::Serialize;

use crate::cli::screen::{Screen, number};
use crate::domain::{Pence, count_of, counted};
use crate::error::RunError;
use crate::ledger::Ledger;
use crate::ledger::state::ClaimState;

/// What a ledger holds, as JSON.
#[derive(Debug, Serialize)]
struct LedgerSummary<'a> {
    scheme: &'a str,
    four_eyes: bool,
    events: i64,
    head: &'a str,
    months: Vec<MonthLine>,
    claims: Vec<(&'static str, usize)>,
    schedules: Vec<ScheduleLine>,
}

#[derive(Debug, Serialize)]
struct MonthLine {
    month: u32,
    cut_off: Option<String>,
    run: String,
}

#[derive(Debug, Serialize)]
struct ScheduleLine {
    schedule: u32,
    day: Option<String>,
    payments: u64,
    recoveries: u64,
    paid: i64,
    recovered: i64,
    written: bool,
}

/// Prints what a ledger holds.
pub(super) fn show(ledger: &Ledger, screen: &Screen) -> Result<(), RunError> {
    let book = &ledger.book;
    let opening = ledger.opening()?;
    let of_state = |state: ClaimState| book.claims.iter().filter(|claim| claim.state == state).count();
    let months = book.months.iter().map(|month| MonthLine {
        month: month.number,
        cut_off: month.done.cut_off.map(|day| day.to_string()),
        run: month.done.fingerprint.clone(),
    });
    let schedules = book.schedules.iter().map(|schedule| ScheduleLine {
        schedule: schedule.made.schedule,
        day: schedule.day.map(|day| day.to_string()),
        payments: schedule.made.payments,
        recoveries: schedule.made.recoveries,
        paid: schedule.made.paid,
        recovered: schedule.made.recovered,
        written: schedule.is_written,
    });
    let summary = LedgerSummary {
        scheme: &opening.scheme,
        four_eyes: opening.four_eyes,
        events: book.last,
        head: &book.head,
        months: months.collect(),
        claims: ClaimState::ALL.map(|state| (state.name(), of_state(state))).to_vec(),
        schedules: schedules.collect(),
    };
    if screen.json {
        screen.print_json(&summary);
        return Ok(());
    }
    let eyes = if summary.four_eyes { ", four eyes" } else { "" };
    let mut rows = vec![vec!["claims".to_owned(), "number".to_owned(), "claimed".to_owned()]];
    for state in ClaimState::ALL {
        let own = book.claims.iter().filter(|claim| claim.state == state);
        let claimed = own.clone().map(|claim| claim.claimed).sum();
        rows.push(vec![state.name().replace('_', " "), number(count_of(own.count())), Pence(claimed).to_string()]);
    }
    let mut text = format!(
        "{}: {}{eyes}, {}\n{}",
        ledger.folder().display(),
        summary.scheme,
        counted(u64::try_from(summary.events).unwrap_or(0), "event", "events"),
        screen.table(&[1, 2], rows)
    );
    for month in &summary.months {
        let day = month.cut_off.as_deref().unwrap_or("no day");
        text += &format!("\n  month {}: extract to {day}, run {}", month.month, short(&month.run));
    }
    for one in &summary.schedules {
        let written = if one.written { "" } else { "; its files were not put in their place, sustain pay writes them" };
        text += &format!(
            "\n  schedule {}: {} {}, {} {}{written}",
            one.schedule,
            counted(one.payments, "payment", "payments"),
            Pence(one.paid),
            counted(one.recoveries, "recovery", "recoveries"),
            Pence(one.recovered)
        );
    }
    screen.print(&text);
    Ok(())
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

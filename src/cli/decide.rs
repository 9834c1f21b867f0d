//! `sustain decide`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::screen::{Screen, number};
use crate::decide;
use crate::domain::counted;
use crate::error::RunError;

/// `sustain decide`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain decide poc --decisions queries.xlsx
  sustain decide poc --decisions decisions.csv

The columns: claim_id, provider_id (where two providers have the number), attempt (the last where it is empty), decision (accept, \
reject, withdraw or keep), reason (a code of your own), evidence (where it is kept), decided_by, checked_by, decided_on, until.
Rows without a decision are passed over. A decision stands beside the program's verdict; it holds in later months while the payroll \
rows it was made on are the same. One row that cannot be recorded, and nothing is.")]
pub struct DecideOptions {
    /// The folder of the ledger
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// What people settled: CSV, Parquet or a workbook, such as a worklist that was filled in
    #[arg(long, value_name = "FILE")]
    pub decisions: PathBuf,
}

/// Records what people settled.
///
/// # Errors
/// As [`decide::run`].
pub fn run(options: &DecideOptions, screen: &Screen) -> Result<Exit, RunError> {
    let recorded = decide::run(&options.ledger, &options.decisions)?;
    if screen.json {
        screen.print_json(&recorded);
        return Ok(Exit::Stands);
    }
    let made: Vec<String> =
        recorded.decisions.iter().map(|(what, count)| format!("{} {what}", number(*count))).collect();
    let made = if made.is_empty() { "nothing new".to_owned() } else { made.join(", ") };
    let mut text = format!("{}: recorded {made}", options.ledger.display());
    if recorded.known_before > 0 {
        text += &format!("\n  {} recorded before", counted(recorded.known_before, "decision was", "decisions were"));
    }
    if recorded.undecided > 0 {
        text += &format!("\n  {} no decision yet", counted(recorded.undecided, "row has", "rows have"));
    }
    screen.say(&text);
    Ok(Exit::Stands)
}

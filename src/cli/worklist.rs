//! `sustain worklist`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::progress::NotesOnly;
use super::screen::Screen;
use super::shared::ReplaceArgument;
use crate::domain::{Pence, count_of, counted};
use crate::error::RunError;
use crate::staging::place_of;
use crate::worklist;

/// `sustain worklist`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain worklist poc --out queries.xlsx
  sustain worklist poc --out queries/
  sustain decide poc --decisions queries.xlsx

A file is for analysts: it has the columns that sustain decide reads, to be filled in and given back. A folder gets a workbook for \
each provider, to be sent to it: as much as may be disclosed (nothing of what payroll records show), with columns to reply in.")]
pub struct WorklistOptions {
    /// The folder of the ledger
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// Where it goes: FILE.xlsx or FILE.csv for analysts, or a folder, for a workbook for each provider
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// Whether a list that is already there gives way.
    #[command(flatten)]
    pub replacing: ReplaceArgument,
}

/// Writes what people must settle.
///
/// # Errors
/// As [`worklist::run`].
pub fn run(options: &WorklistOptions, screen: &Screen) -> Result<Exit, RunError> {
    let out = place_of(&options.out, &NotesOnly(screen))?;
    let list = worklist::run(&options.ledger, &out, options.replacing.existing(), &NotesOnly(screen))?;
    if screen.json {
        screen.print_json(&list);
        return Ok(Exit::Stands);
    }
    let since = list.oldest.as_ref().map_or_else(String::new, |day| format!(", the oldest open since {day}"));
    let claims: u64 = list.claims.values().sum();
    let (out, ledger) = (options.out.display(), options.ledger.display());
    let next = if list.for_providers {
        "each provider's workbook has columns to reply in".to_owned()
    } else {
        format!("fill in the decisions, then: sustain decide {ledger} --decisions {out}")
    };
    let kept = match list.kept {
        0 => String::new(),
        kept => format!("\n  {} open by a decision", counted(kept, "more is kept", "more are kept")),
    };
    screen.say(&format!(
        "{out}: {} of {} to be settled, {} claimed{since}{kept}\n  {next}",
        counted(claims, "claim", "claims"),
        counted(count_of(list.claims.len()), "provider", "providers"),
        Pence(list.claimed)
    ));
    Ok(Exit::Stands)
}

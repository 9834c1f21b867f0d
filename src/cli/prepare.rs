//! `sustain prepare`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::progress::{NotesOnly, TerminalProgress};
use super::screen::{Screen, column_lines, left_out_line, number};
use super::shared::{InputOptionsArgument, SetAsideArgument};
use crate::error::RunError;
use crate::prepare::{self, PrepareFinished, PrepareRequest};
use crate::staging::place_of;

/// `sustain prepare`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain prepare --earnings rti/2018/ --out store
  sustain prepare --earnings rti/2019-01.parquet --out store --append
  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings store --out march

A store holds the whole extract and is as sensitive as it. Preparing the same files again changes nothing.")]
pub struct PrepareOptions {
    /// The earnings: files, folders or globs; Parquet, CSV, JSON Lines or HMRC's response JSON, plain, gzip or zstd; or
    /// workbooks
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub earnings: Vec<PathBuf>,
    /// How the files are to be read.
    #[command(flatten)]
    pub inputs: InputOptionsArgument,
    /// Where the store goes: a directory that is not there yet, or with --append an existing store
    #[arg(long, value_name = "STORE")]
    pub out: PathBuf,
    /// Add the files that a store does not hold yet; what it holds is not written again
    #[arg(long)]
    pub append: bool,
    /// How much of a file may be unreadable.
    #[command(flatten)]
    pub unreadable: SetAsideArgument,
}

/// Prepares a store and says what it holds.
///
/// # Errors
/// As [`prepare::run`].
pub fn run(options: &PrepareOptions, screen: &Screen) -> Result<Exit, RunError> {
    let request = PrepareRequest {
        earnings: options.earnings.clone(),
        options: options.inputs.input_options()?.earnings,
        out: place_of(&options.out, &NotesOnly(screen))?,
        append: options.append,
        set_aside: options.unreadable.set_aside,
    };
    let progress = TerminalProgress::new(screen);
    let outcome = prepare::run(&request, &progress);
    progress.done();
    let outcome = outcome?;
    let manifest = outcome.manifest();
    if screen.json {
        screen.print_json(manifest);
        return Ok(Exit::Stands);
    }
    if matches!(outcome, PrepareFinished::AlreadyThere(_)) {
        screen.say(&format!("{} already holds these files and was left unchanged\n", options.out.display()));
    }
    let quarantined: u64 = manifest.files.iter().map(|file| file.quarantined).sum();
    let without_person: u64 = manifest.files.iter().map(|file| file.without_person).sum();
    let period = manifest
        .paydays()
        .map_or_else(|| "no payday can be read".to_owned(), |(first, last)| format!("paydays from {first} to {last}"));
    screen.say(&format!(
        "{}: {} rows of {} files, {period}\n  {} without a person, {} in quarantine{}",
        options.out.display(),
        number(manifest.rows()),
        number(crate::domain::count_of(manifest.files.len())),
        number(without_person),
        number(quarantined),
        left_out_line(&manifest.left_out, "store.json"),
    ));
    for file in &manifest.files {
        for line in column_lines(&file.columns) {
            screen.say(&format!("  {}, {line}", file.name));
        }
    }
    Ok(Exit::Stands)
}

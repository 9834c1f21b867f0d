//! `sustain ledger`

mod balance;
mod claim;
mod contents;
mod made;
mod page;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::exit::Exit;
use super::named_scheme;
use super::progress::{NotesOnly, TerminalProgress};
use super::screen::{Screen, number};
use super::shared::{ReplaceArgument, SuppliedValues};
use crate::domain::{count_of, counted};
use crate::error::RunError;
use crate::ledger::{Access, Ledger, NewLedger, export, verify};
use crate::staging::place_of;

/// `sustain ledger`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain ledger new poc --scheme lse-poc-2017 --param unit_price=1000 --four-eyes
  sustain ledger show poc
  sustain ledger show poc C-0042
  sustain ledger show poc --page poc.html
  sustain ledger balance poc
  sustain ledger verify poc
  sustain ledger export poc --out poc-parquet

A ledger is a folder: ledger.sqlite, to which events are only ever added, and the run of every month. It holds what claims files \
hold, and only its owner can read it. Exit codes: 0; 2 the command line or an input could not be used; 3 the ledger cannot be \
trusted, or could not be written.")]
pub struct LedgerOptions {
    /// What to do
    #[command(subcommand)]
    pub command: LedgerCommand,
}

/// The verbs of `sustain ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Make a ledger for a scheme
    New {
        /// The folder of the ledger, which is not there yet
        ledger: PathBuf,
        /// A built-in scheme (`sustain schemes` lists them) or a scheme file; it holds for the life of the ledger
        #[arg(long, value_name = "SCHEME")]
        scheme: String,
        /// Values for the parameters of the scheme.
        #[command(flatten)]
        supplied: SuppliedValues,
        /// Ask for a second person behind every decision that pays
        #[arg(long)]
        four_eyes: bool,
    },
    /// Show what the ledger holds, or the history of one claim
    Show {
        /// The folder of the ledger
        ledger: PathBuf,
        /// The provider's number for a claim; of several providers, PROVIDER/CLAIM
        claim: Option<String>,
        /// Write all that became of claims and money, month by month, as one page to be handed on
        #[arg(long, value_name = "FILE.html", conflicts_with = "claim")]
        page: Option<PathBuf>,
        /// Replace a page that is already there
        #[arg(long, requires = "page")]
        replace: bool,
    },
    /// Add everything up, to the penny: in all, by provider, contract and the month in which claims were received
    Balance {
        /// The folder of the ledger
        ledger: PathBuf,
    },
    /// Prove the chain of events, the balance, every run it names, and every payment
    Verify {
        /// The folder of the ledger
        ledger: PathBuf,
    },
    /// Write all of it as Parquet, for DuckDB, pandas and R
    Export {
        /// The folder of the ledger
        ledger: PathBuf,
        /// Where the files go: a directory that is not there yet
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Whether an export that is already there gives way.
        #[command(flatten)]
        replacing: ReplaceArgument,
    },
}

/// Works with a ledger.
///
/// # Errors
/// As the functions of [`crate::ledger`].
pub fn run(options: &LedgerOptions, screen: &Screen) -> Result<Exit, RunError> {
    match &options.command {
        LedgerCommand::New { ledger, scheme, supplied, four_eyes } => {
            let scheme = named_scheme::named(scheme, &supplied.param)?;
            let folder = place_of(ledger, &NotesOnly(screen))?;
            let parameters = supplied.param.iter().cloned().collect();
            let new = NewLedger { folder, scheme, parameters, four_eyes: *four_eyes };
            new.make(&NotesOnly(screen))?;
            made::made(&new, ledger, screen);
        }
        LedgerCommand::Show { ledger: folder, claim, page, replace } => {
            let ledger = Ledger::open(folder, Access::Read)?;
            match (claim, page) {
                (Some(id), _) => claim::show(&ledger.book, id, screen)?,
                (None, Some(out)) => page::write(&ledger, out, *replace, screen)?,
                (None, None) => contents::show(&ledger, screen)?,
            }
        }
        LedgerCommand::Balance { ledger } => balance::balance(&Ledger::open(ledger, Access::Read)?, screen),
        LedgerCommand::Verify { ledger } => return proved(ledger, screen),
        LedgerCommand::Export { ledger, out, replacing } => {
            let progress = TerminalProgress::new(screen);
            let account = export::export(ledger, &place_of(out, &NotesOnly(screen))?, replacing.existing(), &progress);
            progress.done();
            let account = account?;
            if screen.json {
                screen.print_json(&account);
            } else {
                let rows = account.outputs.iter().map(|output| vec![format!("  {}", output.name), number(output.rows)]);
                screen.say(&format!("{}\n{}", out.display(), screen.table(&[1], rows.collect())));
            }
        }
    }
    Ok(Exit::Stands)
}

/// Proves a ledger and says what was proved.
///
/// # Errors
/// As [`verify::verify`].
pub(super) fn proved(ledger: &Path, screen: &Screen) -> Result<Exit, RunError> {
    let progress = TerminalProgress::new(screen);
    let proof = verify::verify(ledger, &progress);
    progress.done();
    let proof = proof?;
    if screen.json {
        screen.print_json(&proof);
    } else {
        screen.say(&format!("{}: verified. {}", ledger.display(), proof_text(&proof)));
    }
    Ok(Exit::Stands)
}

fn proof_text(proof: &verify::LedgerProof) -> String {
    let mut text = format!(
        "{}, {}, {}, {} and {} are as they were recorded; the balance adds up",
        counted(u64::try_from(proof.events).unwrap_or(0), "event", "events"),
        counted(count_of(proof.claims), "claim", "claims"),
        counted(proof.months.into(), "month with its run", "months with their runs"),
        counted(proof.payments, "payment", "payments"),
        counted(proof.recoveries, "recovery", "recoveries"),
    );
    if !proof.sealed {
        text += "\n  the last command was ended before it could seal the file, or somebody reads it now; the chain of events proves it";
    }
    if !proof.not_recorded.is_empty() {
        text += &format!("\n  not recorded, and removed by the next month: {}", proof.not_recorded.join(", "));
    }
    text
}

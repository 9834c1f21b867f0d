//! `sustain packs`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::progress::NotesOnly;
use super::screen::{Screen, number};
use super::shared::{ReplaceArgument, RunArgument};
use crate::error::RunError;
use crate::packs::{self, PacksRequest};
use crate::staging::place_of;

/// `sustain packs`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain packs march --out packs
  sustain packs march --out packs --with-earnings --replace

A pack holds the claims of one provider and nothing of another's: verdict, rules, reasons in plain words, and what to send \
for each query.")]
#[command(mut_arg("replace", |option| option.help("Replace packs that are already there")))]
pub struct PacksOptions {
    /// The run.
    #[command(flatten)]
    pub finished: RunArgument,
    /// Where the packs go: a directory that is not there yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Also disclose employers, covered days and pay
    #[arg(long)]
    pub with_earnings: bool,
    /// Whether packs that are already there give way.
    #[command(flatten)]
    pub replacing: ReplaceArgument,
}

/// Writes each provider's pack and says how many claims are in it.
///
/// # Errors
/// As [`packs::run`].
pub fn run(options: &PacksOptions, screen: &Screen) -> Result<Exit, RunError> {
    let request = PacksRequest {
        run: options.finished.run.clone(),
        with_earnings: options.with_earnings,
        out: place_of(&options.out, &NotesOnly(screen))?,
        existing: options.replacing.existing(),
    };
    let packs = packs::run(&request, &NotesOnly(screen))?;
    if screen.json {
        screen.print_json(&packs);
        return Ok(Exit::Stands);
    }
    let named = |id: &str| if id.is_empty() { "(none)".to_owned() } else { id.to_owned() };
    let rows = packs.providers.iter().map(|pack| {
        vec![named(&pack.provider_id), number(pack.claims), format!("{}.csv and {}.html", pack.name, pack.name)]
    });
    let out = request.out.display();
    screen.say(&format!("{out}: a table and a page for each provider\n{}", screen.table(&[1], rows.collect())));
    Ok(Exit::Stands)
}

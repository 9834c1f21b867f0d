//! `sustain verify`

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::screen::{Screen, number};
use crate::error::RunError;
use crate::rates::account as rates;
use crate::store::{Store, is_store};

/// `sustain verify`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sustain verify march")]
pub struct VerifyOptions {
    /// The directory of a finished run
    pub run: PathBuf,
}

/// Verifies a finished run, a prepared store or a set of rates, and prints what was verified.
///
/// # Errors
/// The first difference from its account.
pub fn run(options: &VerifyOptions, screen: &Screen) -> Result<Exit, RunError> {
    if is_store(&options.run) {
        return store(&options.run, screen);
    }
    if rates::is_rates(&options.run) {
        return of_rates(&options.run, screen);
    }
    let account = crate::verify::verify(&options.run).map_err(RunError::Unproven)?;
    if screen.json {
        screen.print_json(&account)?;
        return Ok(Exit::Stands);
    }
    let claims = &account.claims;
    screen.say(&format!(
        "{}: verified. {} files are the ones that were written; {} claims are each in exactly one of them \
         ({} validated, {} rejected, {} queried); every count adds up",
        options.run.display(),
        account.outputs.len(),
        number(claims.read),
        number(claims.validated),
        number(claims.rejected),
        number(claims.queried),
    ));
    Ok(Exit::Stands)
}

fn of_rates(folder: &Path, screen: &Screen) -> Result<Exit, RunError> {
    let account = rates::verify(folder).map_err(RunError::Unproven)?;
    if screen.json {
        screen.print_json(&account)?;
        return Ok(Exit::Stands);
    }
    screen.say(&format!(
        "{}: verified. {} files are the ones that were written; rates of {} people",
        folder.display(),
        account.outputs.len(),
        number(account.register.people),
    ));
    Ok(Exit::Stands)
}

fn store(folder: &Path, screen: &Screen) -> Result<Exit, RunError> {
    let store = Store::open(folder).and_then(|store| store.verify().map(|()| store)).map_err(RunError::Unproven)?;
    if screen.json {
        screen.print_json(&store.manifest)?;
        return Ok(Exit::Stands);
    }
    screen.say(&format!(
        "{}: verified. {} files are the ones that were written; they hold {} rows of {} files",
        folder.display(),
        store.manifest.parts.len(),
        number(store.manifest.rows()),
        store.manifest.files.len(),
    ));
    Ok(Exit::Stands)
}

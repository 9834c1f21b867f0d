//! `sustain verify`

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::exit::Exit;
use super::screen::{Screen, number};
use crate::audit_sample;
use crate::diff;
use crate::domain::count_of as count;
use crate::error::RunError;
use crate::packs;
use crate::rates::account as rates;
use crate::store::{Store, is_store};

/// `sustain verify`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sustain verify march")]
pub struct VerifyOptions {
    /// The directory of a finished run, a prepared store, rates, packs, an audit sample or a diff
    pub run: PathBuf,
}

/// Verifies a finished run, a prepared store, a set of rates, packs, a sample or differences, and prints what was verified.
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
    if audit_sample::is_sample(&options.run) {
        let sample = audit_sample::verify(&options.run).map_err(RunError::Unproven)?;
        let drawn: usize = sample.strata.iter().map(|stratum| stratum.drawn.len()).sum();
        let says = format!("the sample is the one that was drawn; {} claims", number(count(drawn)));
        return told(&options.run, &sample, &says, screen);
    }
    if packs::is_packs(&options.run) {
        let packs = packs::verify_packs(&options.run).map_err(RunError::Unproven)?;
        let claims: u64 = packs.providers.iter().map(|pack| pack.claims).sum();
        let providers = number(count(packs.providers.len()));
        let says = format!("{}; {} claims of {providers} providers", whole(packs.outputs.len()), number(claims));
        return told(&options.run, &packs, &says, screen);
    }
    if diff::is_diff(&options.run) {
        let differences = diff::verify_diff(&options.run).map_err(RunError::Unproven)?;
        let changes = number(count(differences.changes.len()));
        let says = format!("{}; {changes} claims changed", whole(differences.outputs.len()));
        return told(&options.run, &differences, &says, screen);
    }
    let account = crate::verify::verify(&options.run).map_err(RunError::Unproven)?.account;
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

/// Tells what was verified, as JSON or in a sentence.
fn told<A: Serialize>(folder: &Path, account: &A, says: &str, screen: &Screen) -> Result<Exit, RunError> {
    if screen.json {
        screen.print_json(account)?;
    } else {
        screen.say(&format!("{}: verified. {says}", folder.display()));
    }
    Ok(Exit::Stands)
}

fn whole(files: usize) -> String {
    format!("{files} files are the ones that were written")
}

fn of_rates(folder: &Path, screen: &Screen) -> Result<Exit, RunError> {
    let account = rates::verify(folder).map_err(RunError::Unproven)?;
    let says = format!("{}; rates of {} people", whole(account.outputs.len()), number(account.register.people));
    told(folder, &account, &says, screen)
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

//! `sustain verify`

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::exit::Exit;
use super::screen::{Screen, number};
use crate::audit_sample::SampleAccount;
use crate::diff::RunDiff;
use crate::domain::Pence;
use crate::domain::count_of as count;
use crate::error::RunError;
use crate::ledger::DATABASE;
use crate::ledger::export::ExportAccount;
use crate::packs::PacksAccount;
use crate::pay::PaymentSchedule;
use crate::rates::account::RatesAccount;
use crate::sealed::{self, SealedAccount};
use crate::store::{Store, is_store};
use crate::verify::verify;

/// `sustain verify`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sustain verify march")]
pub struct VerifyOptions {
    /// The directory of a finished run, a prepared store, rates, packs, an audit sample, a diff, a ledger, a payment
    /// schedule or an export
    pub run: PathBuf,
}

/// Verifies what the directory holds, by the account that lies in it, and prints what was verified.
///
/// # Errors
/// The first difference from its account.
pub fn run(options: &VerifyOptions, screen: &Screen) -> Result<Exit, RunError> {
    let folder = &options.run;
    if folder.join(DATABASE).is_file() {
        return super::ledger::proved(folder, screen);
    }
    if is_store(folder) {
        return of_store(folder, screen);
    }
    let of_rates = |rates: &RatesAccount| {
        format!("{}; rates of {} people", whole(rates.outputs.len()), number(rates.register.people))
    };
    let of_sample = |sample: &SampleAccount| {
        let drawn: usize = sample.strata.iter().map(|stratum| stratum.drawn.len()).sum();
        format!("the sample is the one that was drawn; {} claims", number(count(drawn)))
    };
    let of_packs = |packs: &PacksAccount| {
        let claims: u64 = packs.providers.iter().map(|pack| pack.claims).sum();
        let providers = number(count(packs.providers.len()));
        format!("{}; {} claims of {providers} providers", whole(packs.outputs.len()), number(claims))
    };
    let of_diff =
        |diff: &RunDiff| format!("{}; {} claims changed", whole(diff.outputs.len()), number(count(diff.changes.len())));
    let of_schedule = |schedule: &PaymentSchedule| {
        let lines = number(count(schedule.lines.len()));
        format!("{}; {lines} lines come to {}", whole(schedule.outputs.len()), Pence(schedule.total))
    };
    let of_export = |export: &ExportAccount| {
        let events = number(u64::try_from(export.events).unwrap_or(0));
        format!("{}; the ledger had {events} events", whole(export.outputs.len()))
    };
    let told = of_kind(folder, of_rates, screen)
        .or_else(|| of_kind(folder, of_schedule, screen))
        .or_else(|| of_kind(folder, of_export, screen))
        .or_else(|| of_kind(folder, of_sample, screen))
        .or_else(|| of_kind(folder, of_packs, screen))
        .or_else(|| of_kind(folder, of_diff, screen));
    told.unwrap_or_else(|| of_run(folder, screen))
}

/// Verifies a folder with an account of this kind, and tells what it holds; nothing where it has none.
fn of_kind<A: SealedAccount>(
    folder: &Path,
    says: impl Fn(&A) -> String,
    screen: &Screen,
) -> Option<Result<Exit, RunError>> {
    let verified = || sealed::verified(folder).map_err(RunError::Unproven);
    sealed::is_in::<A>(folder).then(|| verified().map(|account| told(folder, &account, &says(&account), screen)))
}

/// A run is proved by what its files hold, too.
fn of_run(folder: &Path, screen: &Screen) -> Result<Exit, RunError> {
    let account = verify(folder).map_err(RunError::Unproven)?.account;
    let claims = &account.claims;
    let says = format!(
        "{}; {} claims are each in exactly one of them ({} validated, {} rejected, {} queried); every count adds up",
        whole(account.outputs.len()),
        number(claims.read),
        number(claims.validated),
        number(claims.rejected),
        number(claims.queried),
    );
    Ok(told(folder, &account, &says, screen))
}

fn of_store(folder: &Path, screen: &Screen) -> Result<Exit, RunError> {
    let store = Store::open(folder).and_then(|store| store.verify().map(|()| store)).map_err(RunError::Unproven)?;
    let says = format!(
        "{}; they hold {} rows of {} files",
        whole(store.manifest.parts.len()),
        number(store.manifest.rows()),
        store.manifest.files.len(),
    );
    Ok(told(folder, &store.manifest, &says, screen))
}

/// Tells what was verified, as JSON or in a sentence.
fn told<A: Serialize>(folder: &Path, account: &A, says: &str, screen: &Screen) -> Exit {
    if screen.json {
        screen.print_json(account);
    } else {
        screen.say(&format!("{}: verified. {says}", folder.display()));
    }
    Exit::Stands
}

fn whole(files: usize) -> String {
    format!("{files} files are the ones that were written")
}

//! `sustain validate`

use std::path::Path;

use super::args::{FailOn, ValidateOptions};
use super::exit::Exit;
use super::named_scheme;
use super::progress::Progress;
use super::screen::Screen;
use crate::error::RunError;
use crate::publish::Account;
use crate::publish::staging::Existing;
use crate::validate::{self, Order, Outcome};

/// Decides a batch and says what came of it.
///
/// # Errors
/// As [`validate::run`].
pub fn run(options: &ValidateOptions, screen: &Screen) -> Result<Exit, RunError> {
    let order = Order {
        scheme: named_scheme::named(&options.scheme, &options.param)?,
        settings: options.set.iter().copied().collect(),
        claims: options.claims.clone(),
        earnings: options.earnings.clone(),
        register: options.register.clone(),
        history: options.history.clone(),
        extract_to: options.extract_to,
        memory: options.memory,
        out: options.out.clone(),
        existing: if options.replace { Existing::Replace } else { Existing::Keep },
    };
    let outcome = carry_out(&order, screen)?;
    report(&outcome, &options.out, screen)?;
    Ok(if options.fail_on.iter().any(|what| is_met(*what, outcome.account())) { Exit::Found } else { Exit::Stands })
}

/// Carries out a run with its progress shown.
///
/// # Errors
/// As [`validate::run`].
pub(super) fn carry_out(order: &Order, screen: &Screen) -> Result<Outcome, RunError> {
    let progress = Progress::new(screen);
    let outcome = validate::run(order, &progress);
    progress.done();
    outcome
}

/// Says what came of a run.
///
/// # Errors
/// As [`Screen::print_json`].
pub(super) fn report(outcome: &Outcome, out: &Path, screen: &Screen) -> Result<(), RunError> {
    let account = outcome.account();
    if screen.json {
        return screen.print_json(account);
    }
    if matches!(outcome, Outcome::AlreadyThere(_)) {
        screen
            .say(&format!("these very inputs were decided before; {} was verified and left as it is\n", out.display()));
    }
    screen.say(&screen.summary(account, &out.display().to_string()));
    Ok(())
}

fn is_met(what: FailOn, account: &Account) -> bool {
    let count = match what {
        FailOn::Rejected => account.claims.rejected,
        FailOn::Queried => account.claims.queried,
        FailOn::Quarantined => account.inputs.iter().map(|input| input.quarantined).sum(),
    };
    count > 0
}

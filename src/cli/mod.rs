//! The command line: one verb, one file. It decides nothing: it parses arguments, runs the verb and prints the result.

mod aborts;
pub mod args;
pub mod audit_sample;
pub mod check;
pub mod columns;
pub mod completions;
pub mod decide;
pub mod demo;
pub mod diff;
pub mod exit;
pub mod explain;
mod json_out;
pub mod ledger;
pub mod man;
pub mod month;
pub mod named_scheme;
pub mod packs;
pub mod pay;
pub mod prepare;
pub mod progress;
pub mod rates;
pub mod rules;
pub mod sample;
pub mod schemas;
pub mod schemes;
pub mod screen;
pub mod shared;
mod signals;
pub mod template;
pub mod validate;
pub mod verify;
pub mod worklist;

use std::borrow::Cow;
use std::io::Write;

use clap::Parser;
use rustix::process::{Resource, Rlimit, setrlimit};

use args::{Args, Command};
use exit::Exit;
use screen::Screen;

use crate::domain::printable::printable;
use crate::error::{RunError, describe_io_error};
use crate::interrupt;

/// Runs the program as it was called.
pub fn main() -> Exit {
    no_core_dumps();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    std::panic::set_hook(Box::new(report_panic_location));
    signals::wait_for_signals();
    aborts::clean_up_after_aborts();
    let screen = Screen::new(&args);
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(&args, &screen)));
    interrupt::settle();
    let exit = match done {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) => {
            screen.error(&error);
            Exit::of(&error)
        }
        Err(_) => Exit::Untrusted,
    };
    if screen.is_cut_short() { Exit::Untrusted } else { exit }
}

/// A dump of the memory of a program that fails would hold personal data. A system that does not take the limit dumps as it is set
/// up to.
fn no_core_dumps() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

/// Prints help, or what is wrong with the command line. Help and version are answers, not errors; clap prints each where it
/// belongs.
fn usage(error: &clap::Error) -> Exit {
    if error.use_stderr() {
        // The name of a file may hold what steers the terminal: it is then shown without colour.
        let text = error.render().to_string();
        match printable(&text) {
            Cow::Owned(safe) => drop(write!(std::io::stderr(), "{safe}")),
            Cow::Borrowed(_) => drop(error.print()),
        }
        return Exit::Unusable;
    }
    match error.print().and_then(|()| std::io::stdout().flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let why = describe_io_error(&error);
            drop(writeln!(std::io::stderr(), "error: standard output could not be written ({why})"));
            Exit::Untrusted
        }
        Ok(()) | Err(_) => Exit::Stands,
    }
}

fn dispatch(args: &Args, screen: &Screen) -> Result<Exit, RunError> {
    if let Some(threads) = args.threads {
        // Set once, before anything runs in parallel; a second setting cannot happen.
        drop(rayon::ThreadPoolBuilder::new().num_threads(threads).build_global());
    }
    match &args.command {
        Command::Validate(options) => validate::run(options, screen),
        Command::Ledger(options) => ledger::run(options, screen),
        Command::Month(options) => month::run(options, screen),
        Command::Worklist(options) => worklist::run(options, screen),
        Command::Decide(options) => decide::run(options, screen),
        Command::Pay(options) => pay::run(options, screen),
        Command::Prepare(options) => prepare::run(options, screen),
        Command::Rates(options) => rates::run(options, screen),
        Command::Explain(options) => explain::run(options, screen),
        Command::Packs(options) => packs::run(options, screen),
        Command::AuditSample(options) => audit_sample::run(options, screen),
        Command::Diff(options) => diff::run(options, screen),
        Command::Demo(options) => demo::run(options, screen),
        Command::Sample(options) => sample::run(options, screen),
        Command::Check(options) => check::run(options, screen),
        Command::Columns(options) => columns::run(options, screen),
        Command::Template(options) => template::run(options, screen),
        Command::Verify(options) => verify::run(options, screen),
        Command::Schemes(options) => schemes::run(options, screen),
        Command::Rules(options) => rules::run(options, screen),
        Command::Schemas(options) => schemas::run(options, screen),
        Command::Man(options) => man::run(options, screen),
        Command::Completions(options) => Ok(completions::run(options, screen)),
    }
}

/// A panic is a bug in this program. Its message may hold personal data, so only its location is printed; a contained
/// panic is reported by the reader that contained it.
fn report_panic_location(panic: &std::panic::PanicHookInfo<'_>) {
    if crate::extract::contain::is_contained() {
        return;
    }
    let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
    drop(writeln!(
        std::io::stderr(),
        "error: the program failed{place}, which is a fault of the program; a result that is in its place is whole, and sustain verify \
         shows which run it is of"
    ));
}

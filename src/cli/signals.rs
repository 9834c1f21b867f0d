//! Signals that ask the program to end: it removes what it has not published, says so in one sentence, and dies of the signal, so
//! that a shell sees what ended it.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};

use super::progress;
use crate::domain::printable::printable;
use crate::error::describe_io_error;
use crate::files;
use crate::interrupt::{self, Stopped};

/// The signals that ask the program to end.
const ENDING: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// How long a signal that comes again is taken for the same one: `timeout` and terminals send one to the program and to its group.
const SAME: Duration = Duration::from_secs(1);

/// From now on a signal that asks the program to end is waited for. One that is ignored stays ignored: that is how `nohup` and the
/// background of a script ask for it.
pub(super) fn wait_for_signals() {
    let status = files::text("/proc/self/status".as_ref()).unwrap_or_default();
    let ignored = ignored(&status);
    let wanted: Vec<i32> = ENDING.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect();
    // Where signals cannot be waited for, they end the program as they end any other.
    let Ok(signals) = Signals::new(&wanted) else { return };
    if std::thread::Builder::new().name("signals".into()).spawn(move || wait(signals)).is_err() {
        for signal in wanted {
            drop(flag::register_conditional_default(signal, Arc::new(AtomicBool::new(true))));
        }
    }
}

/// The signals that the program was started to ignore, a bit for each, as the system tells them.
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

fn wait(mut signals: Signals) {
    let Some(signal) = signals.forever().next() else { return };
    // Cleaning up has a thread of its own, so that somebody who cannot wait for it ends it with a second signal.
    if std::thread::Builder::new().spawn(move || stop(signal)).is_err() {
        stop(signal);
    }
    std::thread::sleep(SAME);
    signals.pending().for_each(drop);
    if let Some(signal) = signals.forever().next() {
        die_of(signal);
    }
}

fn stop(signal: i32) {
    let stopped = interrupt::stop();
    progress::remove_line();
    let name = low_level::signal_name(signal).unwrap_or("a signal");
    drop(writeln!(std::io::stderr(), "{}", printable(&sentence(name, &stopped))));
    die_of(signal);
}

fn sentence(signal: &str, stopped: &Stopped) -> String {
    format!("stopped by {signal}; {}", left_behind(stopped))
}

/// What is there of a run that did not come to its end.
pub(super) fn left_behind(stopped: &Stopped) -> String {
    let published: Vec<String> = stopped.published.iter().map(|place| place.display().to_string()).collect();
    let mut text = match published.as_slice() {
        [] => "nothing was published".to_owned(),
        places => format!("{} was published before and is whole", places.join(", ")),
    };
    for (place, why) in &stopped.left {
        text += &format!("; {} could not be removed ({why}), and may hold personal data: remove it", place.display());
    }
    text
}

/// Ends the program as the signal would have ended it.
#[expect(clippy::exit, reason = "other threads may not end by themselves, and the system did not end the program")]
fn die_of(signal: i32) {
    if let Err(error) = low_level::emulate_default_handler(signal) {
        let why = describe_io_error(&error);
        drop(writeln!(std::io::stderr(), "the program could not die of the signal ({why}), and ends with its code"));
    }
    std::process::exit(128 + signal);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_was_started_to_ignore_is_told_by_the_system() {
        assert_eq!(ignored("SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n"), 0x1001);
        assert_eq!(ignored("SigIgn:\tnonsense"), 0);
        assert_eq!(ignored(""), 0);
    }

    #[test]
    fn the_sentence_says_what_is_published_and_what_is_left() {
        let mut stopped = Stopped::default();
        assert_eq!(sentence("SIGINT", &stopped), "stopped by SIGINT; nothing was published");
        stopped.published.push("out".into());
        assert_eq!(sentence("SIGTERM", &stopped), "stopped by SIGTERM; out was published before and is whole");
        stopped.left.push((".out.sustain-x".into(), "permission is denied".into()));
        assert_eq!(
            sentence("SIGTERM", &stopped),
            "stopped by SIGTERM; out was published before and is whole; .out.sustain-x could not be removed (permission is denied), and may hold \
             personal data: remove it"
        );
    }
}

//! An abort is how the program ends where it gets no more memory. What it has not published is removed first, by a thread that was
//! there before; the thread that gave up waits for it. If that does not come to an end either, the abort takes its course.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::time::Duration;

use rustix::io::ioctl_fionbio;
use signal_hook::consts::SIGABRT;
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::exit::Exit;
use super::progress;
use super::signals::left_behind;
use crate::domain::printable::printable;
use crate::interrupt;

/// How long cleaning up may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The memory that cleaning up is sure to have.
const RESERVE: usize = 1 << 20;
/// The stack of a thread that waits for aborts.
const STACK: usize = 256 << 10;

/// From now on an abort is cleaned up after. Where that cannot be set up, it ends the program as it ends any other.
pub(super) fn clean_up_after_aborts() {
    drop(set_up());
}

fn set_up() -> io::Result<()> {
    let (reader, mut full) = io::pipe()?;
    fill(&mut full)?;
    let (aborts, timed) = (Signals::new([SIGABRT])?, Signals::new([SIGABRT])?);
    let thread = |name: &str| std::thread::Builder::new().name(name.into()).stack_size(STACK);
    thread("aborts").spawn(move || clean_up(aborts))?;
    thread("patience").spawn(move || let_go(timed, reader))?;
    // The last thing the handler does, after it has woken the two threads, is to write to a pipe that takes no more: there the
    // thread that gave up stands.
    let same = full.try_clone()?;
    low_level::pipe::register(SIGABRT, full)?;
    Ok(ioctl_fionbio(&same, false)?)
}

fn fill(pipe: &mut PipeWriter) -> io::Result<()> {
    ioctl_fionbio(&*pipe, true)?;
    for block in [4096, 1] {
        while pipe.write(&vec![0; block]).is_ok() {}
    }
    Ok(())
}

fn clean_up(mut aborts: Signals) {
    // Given back before anything is done, so that there is memory to do it with.
    let reserve = vec![0_u8; RESERVE];
    if aborts.forever().next().is_none() {
        return;
    }
    drop(reserve);
    let stopped = interrupt::stop();
    progress::remove_line();
    let what = "error: the program was aborted, most likely because it got no more memory";
    let hint = "allow it more memory, set a budget with --memory, use fewer --threads, or decide the claims in several batches";
    let text = format!("{what}; {}\n\nhint: {hint}", left_behind(&stopped));
    drop(writeln!(io::stderr(), "{}", printable(&text)));
    low_level::exit(Exit::Untrusted as i32);
}

fn let_go(mut aborts: Signals, mut pipe: PipeReader) {
    if aborts.forever().next().is_some() {
        std::thread::sleep(PATIENCE);
        let mut taken = [0; 4096];
        while pipe.read(&mut taken).is_ok_and(|bytes| 0 < bytes) {}
    }
}

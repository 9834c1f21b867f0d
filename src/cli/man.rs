//! `sustain man`

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::args::{Args, ManOptions};
use super::exit::Exit;
use super::screen::Screen;
use crate::error::{RunError, in_words};

/// Writes a manual page for the program and for each verb, or prints the program's own.
///
/// # Errors
/// The folder cannot be written.
pub fn run(options: &ManOptions, screen: &Screen) -> Result<Exit, RunError> {
    let mut command = Args::command();
    command.build();
    let Some(out) = &options.out else {
        let mut page = Vec::new();
        drop(Man::new(command).render(&mut page));
        drop(std::io::stdout().write_all(&page));
        return Ok(Exit::Stands);
    };
    let failed = |error: std::io::Error| {
        RunError::choice(
            format!("{} cannot be written ({})", out.display(), in_words(&error)),
            "name a folder for the manual pages with --out",
        )
    };
    std::fs::create_dir_all(out).map_err(failed)?;
    clap_mangen::generate_to(command, out).map_err(failed)?;
    screen.say(&format!("{}: manual pages; `man -l {}/sustain.1` shows the first", out.display(), out.display()));
    Ok(Exit::Stands)
}

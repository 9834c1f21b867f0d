//! `sustain man`

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_mangen::Man;

use super::args::Args as CommandLine;
use super::exit::Exit;
use super::screen::Screen;
use crate::error::{RunError, describe_io_error};
use crate::interrupt::publishing;

/// `sustain man`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain man | man -l -
  sustain man --out ~/.local/share/man/man1")]
pub struct ManOptions {
    /// The folder for one page for the program and one for each verb; without it the program's page is printed
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Writes a manual page for the program and for each verb, or prints the program's own.
///
/// # Errors
/// The folder cannot be written.
pub fn run(options: &ManOptions, screen: &Screen) -> Result<Exit, RunError> {
    let mut command = CommandLine::command();
    command.build();
    let Some(out) = &options.out else {
        let mut page = Vec::new();
        drop(Man::new(command).render(&mut page));
        screen.print_bytes(&page);
        return Ok(Exit::Stands);
    };
    let failed = |error: std::io::Error| {
        RunError::choice(
            format!("{} cannot be written ({})", out.display(), describe_io_error(&error)),
            "name a folder for the manual pages with --out",
        )
    };
    let write = || std::fs::create_dir_all(out).and_then(|()| clap_mangen::generate_to(command, out));
    publishing(out, write).map_err(failed)?;
    screen.say(&format!("{}: manual pages; `man -l {}/sustain.1` shows the first", out.display(), out.display()));
    Ok(Exit::Stands)
}

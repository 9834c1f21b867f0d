//! `sustain completions`

use clap::{Args, CommandFactory as _};

use super::args::Args as CommandLine;
use super::exit::Exit;
use super::screen::Screen;

/// `sustain completions`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sustain completions bash > /etc/bash_completion.d/sustain")]
pub struct CompletionOptions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Prints the completions of a shell.
pub fn run(options: &CompletionOptions, screen: &Screen) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut CommandLine::command(), "sustain", &mut script);
    screen.print_bytes(&script);
    Exit::Stands
}

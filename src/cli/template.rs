//! `sustain template`

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::named_scheme;
use super::screen::Screen;
use super::shared::SuppliedValues;
use crate::error::{RunError, describe_io_error};
use crate::interrupt::publishing;
use crate::template::{TemplateInput, workbook};

/// `sustain template`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain template claims --scheme lse-poc-2017 --out claims.xlsx
  sustain template register --out register.xlsx
  sustain check --claims claims.xlsx

The workbook has a sheet to fill in, with lists of the values that are accepted, and a sheet that says what each column \
holds and by which other names it is read. A column in bold must be there.")]
pub struct TemplateOptions {
    /// The input that the workbook is for
    #[arg(value_enum)]
    pub input: TemplateKind,
    /// Offer the outcomes, cohorts and contracts of this scheme: a built-in one or a scheme file
    #[arg(long, value_name = "SCHEME")]
    pub scheme: Option<String>,
    /// Values for the parameters of the scheme.
    #[command(flatten)]
    pub supplied: SuppliedValues,
    /// Where the workbook goes: a file that is not there yet
    #[arg(long, value_name = "FILE.xlsx")]
    pub out: PathBuf,
}

/// What a template may be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateKind {
    /// The claims.
    Claims,
    /// The register.
    Register,
    /// The earnings.
    Earnings,
}

/// Writes an empty workbook.
///
/// # Errors
/// A scheme that cannot be used, or a file that is there already or cannot be written.
pub fn run(options: &TemplateOptions, screen: &Screen) -> Result<Exit, RunError> {
    let input = match options.input {
        TemplateKind::Claims => TemplateInput::Claims,
        TemplateKind::Register => TemplateInput::Register,
        TemplateKind::Earnings => TemplateInput::Earnings,
    };
    let scheme = match &options.scheme {
        Some(name) => Some(named_scheme::named(name, &options.supplied.param)?),
        None => None,
    };
    let bytes = workbook(input, scheme.as_ref())?;
    let shown = options.out.display().to_string();
    let failed = |error: std::io::Error| {
        RunError::choice(
            format!("{shown} could not be written ({})", describe_io_error(&error)),
            "name a file that is not there yet, in a folder that is",
        )
    };
    let write = || OpenOptions::new().write(true).create_new(true).open(&options.out)?.write_all(&bytes);
    publishing(&options.out, write).map_err(failed)?;
    screen.say(&format!("{shown}: a workbook to fill in, with {} columns", input.columns().len()));
    Ok(Exit::Stands)
}

//! `sustain columns`

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::exit::Exit;
use super::screen::Screen;
use crate::error::RunError;
use crate::extract::columns_proposal::propose;
use crate::extract::file_options::FileOptions;
use crate::extract::source::InputFile;

/// `sustain columns`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain columns claims.xlsx > ours.toml
  sustain columns extract.csv --input earnings

Prints a file for --columns: what is read without it, what is guessed (as comments, to be looked at) and what is missing.
Names are compared without case, blanks, underscores and hyphens, and read as ours, as HMRC's and as plain words, so that \
most files need no such file. Only the names of columns are printed, and nothing that stands in them.")]
pub struct ColumnsOptions {
    /// The file whose columns have other names
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What the file is: claims, register, earnings or funding [default: of which most columns are recognised]
    #[arg(long, value_name = "INPUT")]
    pub input: Option<String>,
    /// The sheet of a workbook, where several may be meant
    #[arg(long, value_name = "SHEET")]
    pub sheet: Option<String>,
}

/// Proposes a file of columns.
///
/// # Errors
/// As [`propose`].
pub fn run(options: &ColumnsOptions, screen: &Screen) -> Result<Exit, RunError> {
    let of_file = FileOptions { sheet: options.sheet.clone(), ..FileOptions::default() };
    let sniffed = InputFile::new(options.file.clone()).read_as(&Arc::new(of_file)).sniff()?;
    screen.print(propose(&sniffed, options.input.as_deref())?.trim_end());
    Ok(Exit::Stands)
}

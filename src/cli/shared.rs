//! Options that several verbs share: each is said once and flattened into the verbs that have it.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::screen::Screen;
use crate::domain::{Percent, SetAsideShare};
use crate::error::RunError;
use crate::extract::columns_file;
use crate::extract::file_options::InputOptions;
use crate::scheme::Scheme;
use crate::staging::Existing;

/// A finished run, to be read.
#[derive(Debug, Args)]
pub struct RunArgument {
    /// The directory of a finished run
    #[arg(value_name = "DIR")]
    pub run: PathBuf,
}

/// The register of participants, where there is one.
#[derive(Debug, Args)]
pub struct RegisterInput {
    /// The register of participants: CSV, Parquet or a workbook
    #[arg(long, value_name = "REGISTER")]
    pub register: Option<PathBuf>,
}

/// How the files are to be read, where that has to be said.
#[derive(Debug, Args)]
pub struct InputOptionsArgument {
    /// The sheet to read where several may be meant: of every workbook, or with INPUT= (claims, register, earnings or
    /// funding) of that input's
    #[arg(long, value_name = "[INPUT=]SHEET")]
    pub sheet: Vec<String>,
    /// What columns and values of the files mean, where their names are others: a TOML file, as `sustain columns` proposes
    #[arg(long, value_name = "TOML")]
    pub columns: Option<PathBuf>,
}

impl InputOptionsArgument {
    /// How each input is to be read, for claims under a scheme.
    ///
    /// # Errors
    /// As [`Self::input_options`]; a word that means what the scheme does not have.
    pub fn for_scheme(&self, scheme: &Scheme) -> Result<InputOptions, RunError> {
        let input_options = self.input_options()?;
        let outcomes: Vec<&str> = scheme.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
        let cohorts = scheme.cohorts.iter().flat_map(|cohorts| &cohorts.value).map(String::as_str).collect::<Vec<_>>();
        let wrong = |problem: String| {
            RunError::choice(
                format!("the file of --columns says under {problem}"),
                "correct the value in the file of --columns",
            )
        };
        columns_file::of_scheme(&input_options, "claims", "outcome", &outcomes).map_err(wrong)?;
        if !cohorts.is_empty() {
            columns_file::of_scheme(&input_options, "register", "cohort", &cohorts).map_err(wrong)?;
        }
        Ok(input_options)
    }

    /// How each input is to be read.
    ///
    /// # Errors
    /// A file of columns that cannot be used.
    pub fn input_options(&self) -> Result<InputOptions, RunError> {
        let mut input_options = match &self.columns {
            Some(path) => columns_file::read(path)?,
            None => InputOptions::default(),
        };
        for sheet in &self.sheet {
            let of_input = sheet.split_once('=').and_then(|(input, name)| Some((input_options.input(input)?, name)));
            match of_input {
                Some((options, name)) => options.sheet = Some(name.to_owned()),
                None => input_options.each(|options| {
                    options.sheet.get_or_insert_with(|| sheet.clone());
                }),
            }
        }
        Ok(input_options)
    }
}

/// Notes the words of a file of columns that the claims, and the register where there is one, did not have.
pub(super) fn note_words_not_met(input_options: &InputOptions, has_register: bool, screen: &Screen) {
    let register = Some(&input_options.register).filter(|_| has_register);
    let inputs = [("claims", Some(&input_options.claims)), ("register", register)];
    for (input, options) in inputs.into_iter().filter_map(|(input, options)| Some((input, options?))) {
        for (column, word) in options.words_not_met() {
            screen.note(&format!(
                "[{input}.values.{column}] of --columns has \"{word}\", which never occurs in the {input}"
            ));
        }
    }
}

/// From when to when the extract speaks.
#[derive(Debug, Args)]
pub struct ExtractPeriod {
    /// The first day the extract speaks for [default: its earliest payday, months with hardly any rows left out]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub extract_from: Option<NaiveDate>,
    /// The last day the extract speaks for [default: its latest payday, months with hardly any rows left out]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub extract_to: Option<NaiveDate>,
}

/// How much of a file may be unreadable.
#[derive(Debug, Args)]
pub struct SetAsideArgument {
    /// The share of rows in which a column may be unreadable, such as 10%; it is recorded [default: 5% of an extract, 50% of
    /// claims and registers]
    #[arg(long, value_name = "PERCENT", value_parser = share)]
    pub set_aside: Option<SetAsideShare>,
}

/// Reads a share as it is typed.
fn share(text: &str) -> Result<SetAsideShare, String> {
    Percent::parse(text).map(SetAsideShare::of).map_err(str::to_owned)
}

/// How much memory a run may take.
#[derive(Debug, Args)]
pub struct MemoryArgument {
    /// Memory budget, such as 2GiB; payments that exceed it are read in several passes, with the same result [default: what
    /// the system allows, where it sets a limit]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
}

/// The least memory budget that can be meant: a mebibyte.
const LEAST_MEMORY: u64 = 1 << 20;

/// Reads an amount of memory as it is typed.
fn size(text: &str) -> Result<u64, String> {
    let size = text.parse::<bytesize::ByteSize>().map_err(|_| "a size, such as 500MB or 2GiB".to_owned())?;
    // A number alone is bytes, which nobody means.
    match size.as_u64() {
        bytes if bytes < LEAST_MEMORY => Err(format!(
            "this is {bytes} bytes, less than a run can work in: give it with its unit, such as 512MiB or 2GiB"
        )),
        bytes => Ok(bytes),
    }
}

/// Values for the parameters of a scheme.
#[derive(Debug, Args)]
pub struct SuppliedValues {
    /// Set a parameter of the scheme: NAME=VALUE, or NAME=DATE:VALUE,DATE:VALUE for values by date
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub param: Vec<(String, String)>,
}

/// Whether a result that is already there gives way.
#[derive(Debug, Args)]
pub struct ReplaceArgument {
    /// Replace a result that is already there; of a symbolic link, the directory it points to
    #[arg(long)]
    pub replace: bool,
}

impl ReplaceArgument {
    /// What to do with a result that is already there.
    pub fn existing(&self) -> Existing {
        if self.replace { Existing::Replace } else { Existing::Keep }
    }
}

/// Reads a day as it is typed.
pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    let read = crate::domain::reading::date::date(text.trim()).map_err(|fault| fault.to_string())?;
    read.value.ok_or_else(|| "expected a date between 1901 and 2199".to_owned())
}

/// Reads a value for a parameter as it is typed.
pub(super) fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE, such as window_days=365")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_of_memory_without_its_unit_is_refused() {
        for text in ["200", "2", "0", "500kB", "1048575"] {
            assert!(size(text).unwrap_err().contains("give it with its unit, such as 512MiB or 2GiB"), "{text}");
        }
        assert_eq!(size("1MiB"), Ok(1 << 20));
        assert_eq!(size("2147483648"), Ok(2 << 30));
        assert_eq!(size("2GiB"), Ok(2 << 30));
    }
}

//! `sustain sample`

use std::io::Write;

use super::args::{SampleFormat, SampleOptions};
use super::exit::Exit;
use super::progress::Progress;
use super::screen::{Screen, number};
use crate::error::RunError;
use crate::publish::staging::{Existing, Staging, already_there};
use crate::sample::{self, Format, Plan, SampleError, Written};
use crate::validate::Watch;

/// The name of the scheme file in a sample.
pub(super) const SCHEME_FILE: &str = "scheme.toml";

/// Makes a batch and says what is in it.
///
/// # Errors
/// More people than there are numbers for, a directory that is there already, or a disk that does not take it.
pub fn run(options: &SampleOptions, screen: &Screen) -> Result<Exit, RunError> {
    if options.out.exists() {
        return Err(already_there(&options.out));
    }
    let plan = Plan {
        claims: options.claims,
        population: options.population,
        format: match options.format {
            SampleFormat::Parquet => Format::Parquet,
            SampleFormat::Csv => Format::Csv,
            SampleFormat::Jsonl => Format::Jsonl,
            SampleFormat::HmrcJson => Format::HmrcJson,
        },
        files: options.files,
        seed: options.seed,
    };
    let staging = Staging::beside(&options.out)?;
    let progress = Progress::new(screen);
    progress.step("making people, jobs and payments", None);
    let written = sample::write(&plan, &staging.path(""), &|payments| progress.advance(payments));
    progress.done();
    let written = written.map_err(|error| match error {
        SampleError::TooMany { .. } => {
            RunError::choice(error.to_string(), "ask for fewer claims or a smaller population")
        }
        SampleError::Io { .. } | SampleError::Parquet { .. } | SampleError::Arrow { .. } => {
            RunError::Untrusted(error.to_string())
        }
    })?;
    staging
        .create(SCHEME_FILE)?
        .write_all(sample::SCHEME.as_bytes())
        .map_err(|error| RunError::Untrusted(format!("{SCHEME_FILE} could not be written ({})", error.kind())))?;
    staging.publish(Existing::Keep)?;
    screen.say(&summary(&written, options, screen));
    Ok(Exit::Stands)
}

fn summary(written: &Written, options: &SampleOptions, screen: &Screen) -> String {
    let out = options.out.display();
    let rows = written.files.iter().map(|(name, rows)| vec![name.clone(), number(*rows), "rows".to_owned()]);
    let claims = if options.format == SampleFormat::Parquet { "parquet" } else { "csv" };
    let earnings =
        written.files.iter().find(|(name, _)| name.starts_with("earnings")).map_or("earnings", |(name, _)| name);
    let earnings = earnings.split('/').next().unwrap_or(earnings);
    format!(
        "{}\n{}\n\n{} scenarios; expected.csv says what each claim must come to. To decide the batch:\n\n  \
         sustain validate --scheme {out}/{SCHEME_FILE} --claims {out}/claims.{claims} --register {out}/register.{claims} \
         --earnings {out}/{earnings} --extract-to 2019-03-31 --out {out}-result",
        screen.heading(&format!("A made-up batch in {out}")),
        screen.table(&[1], rows.collect()),
        written.scenarios.iter().filter(|(_, claims)| *claims > 0).count(),
    )
}

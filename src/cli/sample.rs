//! `sustain sample`

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::named_scheme;
use super::progress::{NotesOnly, TerminalProgress};
use super::screen::{Screen, number};
use super::shared::parameter;
use crate::domain::counted;
use crate::error::{RunError, describe_io_error};
use crate::progress::ProgressSink;
use crate::sample::{self, MonthWritten, MonthsWritten, Plan, SampleError, SampleFormat, Written};
use crate::staging::{Existing, Staging, place_of};
use crate::trial::{self, Trial};

/// `sustain sample`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain sample --claims 200 --seed 7 --out try
  sustain sample --claims 10000 --population 2000000 --format parquet --files 24 --seed 7 --out national
  sustain sample --claims 300 --months 6 --seed 7 --out half-year
  sustain sample --scheme jets-scotland --out jets

With --months the claims come over so many months of a ledger (sustain ledger): each month has a folder with what arrives in it. The \
extracts grow; some claims are corrected, sent again or decided by people, and HMRC voids the payroll of some that were paid.
Everyone in a sample is made up. Their National Insurance numbers have the administrative prefixes NC and PZ, which \
look like a number's and are never given to a person.")]
pub struct SampleOptions {
    /// Make the claims from this scheme's own numbers: for each the last value that passes and the first that does not
    /// (CSV)
    #[arg(long, value_name = "SCHEME", conflicts_with_all = ["population", "format", "files", "months", "seed"])]
    pub scheme: Option<String>,
    /// Set a parameter of that scheme: NAME=VALUE
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter, requires = "scheme")]
    pub param: Vec<(String, String)>,
    /// How many claims [with --scheme: each case once, unless more or fewer are asked for]
    #[arg(long, value_name = "N", required_unless_present = "scheme")]
    pub claims: Option<u32>,
    /// How many people nobody claims for
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub population: u32,
    /// The form of the earnings
    #[arg(long, value_enum, default_value_t = SampleFormatOption::Parquet)]
    pub format: SampleFormatOption,
    /// How many files to split the earnings into
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub files: u16,
    /// Spread the claims over so many months of a ledger, from 1 to 12
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=12))]
    pub months: Option<u32>,
    /// Random seed: the same seed gives the same bytes
    #[arg(long, value_name = "S", required_unless_present = "scheme")]
    pub seed: Option<u64>,
    /// Where the batch goes: a directory that is not there yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// The forms a sample's earnings may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SampleFormatOption {
    /// Parquet, the claims too
    Parquet,
    /// CSV
    Csv,
    /// JSON Lines
    Jsonl,
    /// HMRC's response JSON, a response on each line
    HmrcJson,
}

/// The name of the scheme file in a sample.
pub(super) const SCHEME_FILE: &str = "scheme.toml";

/// Makes a batch and prints what is in it.
///
/// # Errors
/// More people are asked for than there are made-up numbers, the directory exists already, or it cannot be written.
pub fn run(options: &SampleOptions, screen: &Screen) -> Result<Exit, RunError> {
    let out = place_of(&options.out, &NotesOnly(screen))?;
    if out.exists() {
        let problem = format!("{} is already there", options.out.display());
        return Err(RunError::choice(problem, "name another directory with --out"));
    }
    if let Some(named) = &options.scheme {
        return of_scheme(named, options, screen);
    }
    let plan = Plan {
        claims: options.claims.unwrap_or_default(),
        population: options.population,
        format: match options.format {
            SampleFormatOption::Parquet => SampleFormat::Parquet,
            SampleFormatOption::Csv => SampleFormat::Csv,
            SampleFormatOption::Jsonl => SampleFormat::Jsonl,
            SampleFormatOption::HmrcJson => SampleFormat::HmrcJson,
        },
        files: options.files,
        seed: options.seed.unwrap_or_default(),
    };
    let staging = Staging::beside(&out, &NotesOnly(screen))?;
    let progress = TerminalProgress::new(screen);
    progress.step("making people, jobs and payments", None);
    let room = staging.path("");
    let advance = |payments| progress.advance(payments);
    let said = match options.months {
        None => sample::write(&plan, &room, &advance).map(|written| summary(&written, options, screen)),
        Some(months) => sample::write_months(&plan, months, &room, &advance)
            .map(|written| summary_of_months(&written, options, screen)),
    };
    progress.done();
    let said = said.map_err(|error| match error {
        SampleError::TooMany { .. } => {
            RunError::choice(error.to_string(), "ask for fewer claims or a smaller population")
        }
        SampleError::Io { .. } | SampleError::Parquet { .. } | SampleError::Arrow { .. } => {
            RunError::Untrusted(error.to_string())
        }
    })?;
    staging.create(SCHEME_FILE)?.write_all(sample::SCHEME.as_bytes()).map_err(|error| {
        RunError::Untrusted(format!("{SCHEME_FILE} could not be written ({})", describe_io_error(&error)))
    })?;
    staging.publish(Existing::Keep)?;
    screen.say(&said);
    Ok(Exit::Stands)
}

/// Makes a batch from a scheme's own numbers. A needed parameter that is not supplied takes its example value.
fn of_scheme(named: &str, options: &SampleOptions, screen: &Screen) -> Result<Exit, RunError> {
    let scheme = named_scheme::named(named, &options.param)?;
    let trial = Trial::of(&scheme)?;
    let claims = options.claims.and_then(|claims| usize::try_from(claims).ok());
    let staging = Staging::beside(&options.out, &NotesOnly(screen))?;
    let files = trial::write::write(&trial, &scheme, claims, &staging)?;
    staging.publish(Existing::Keep)?;
    let given = options.param.iter().map(|(name, value)| format!("--param {name}={value} "));
    let examples = scheme.missing();
    let examples = examples.iter().filter_map(|one| Some(format!("--param {}={} ", one.id, one.example.as_deref()?)));
    let params: String = given.chain(examples).collect();
    let out = options.out.display();
    let rows = files.iter().map(|(name, rows)| vec![name.clone(), number(*rows), "rows".to_owned()]);
    screen.say(&format!(
        "{}\n{}\n\nexpected.csv says what each claim shows and must come to. To decide the batch:\n\n  \
         sustain validate --scheme {named} {params}--claims {out}/claims.csv --register {out}/register.csv \
         --earnings {out}/earnings.csv --extract-to {}{} --out {out}-result",
        screen.heading(&format!("Claims made from the numbers of {} ({})", scheme.id, scheme.status.name())),
        screen.table(&[1], rows.collect()),
        trial.cut_off,
        if trial.beyond_wages { " --set HRS03=off" } else { "" },
    ));
    Ok(Exit::Stands)
}

fn summary(written: &Written, options: &SampleOptions, screen: &Screen) -> String {
    let out = options.out.display();
    let rows = written.files.iter().map(|(name, rows)| vec![name.clone(), number(*rows), "rows".to_owned()]);
    let claims = if options.format == SampleFormatOption::Parquet { "parquet" } else { "csv" };
    let earnings =
        written.files.iter().find(|(name, _)| name.starts_with("earnings")).map_or("earnings", |(name, _)| name);
    let earnings = earnings.split('/').next().unwrap_or(earnings);
    format!(
        "{}\n{}\n\n{} scenarios; expected.csv says what each claim must come to. To decide the batch:\n\n  \
         sustain validate --scheme {out}/{SCHEME_FILE} --claims {out}/claims.{claims} --register {out}/register.{claims} \
         --earnings {out}/{earnings} --extract-from {} --extract-to {} --out {out}-result",
        screen.heading(&format!("A made-up batch in {out}")),
        screen.table(&[1], rows.collect()),
        written.scenarios.iter().filter(|(_, claims)| *claims > 0).count(),
        sample::extract_from(),
        sample::extract_to(),
    )
}

fn summary_of_months(written: &MonthsWritten, options: &SampleOptions, screen: &Screen) -> String {
    let out = options.out.display();
    let rows = (1..).zip(&written.months).map(|(month, of): (u32, &MonthWritten)| {
        vec![
            format!("month-{month}"),
            format!("extract to {}", of.extract_to),
            counted(of.claims_sent, "claim", "claims"),
            counted(of.payments, "payment", "payments"),
            counted(of.decided, "decision", "decisions"),
        ]
    });
    let commands: String =
        (1..).zip(&written.months).map(|(month, of)| commands_of_month(month, of, options)).collect();
    format!(
        "{}\n{}\n\nexpected.csv says what each claim must come to by the last extract; expected-months.csv says for {} what the ledger \
         must hold from month to month. To play the months:\n\n  \
         sustain ledger new {out}-ledger --scheme {out}/{SCHEME_FILE}\n{commands}\n  sustain ledger verify {out}-ledger",
        screen.heading(&format!("A made-up ledger, month by month, in {out}")),
        screen.table(&[2, 3, 4], rows.collect()),
        counted(written.planted, "claim", "claims"),
    )
}

fn commands_of_month(month: u32, of: &MonthWritten, options: &SampleOptions) -> String {
    let out = options.out.display();
    let claims = of.claims.as_ref().map_or_else(String::new, |claims| format!("--claims {out}/{claims} "));
    let decide = of
        .decisions
        .as_ref()
        .map_or_else(String::new, |decisions| format!("  sustain decide {out}-ledger --decisions {out}/{decisions}\n"));
    format!(
        "\n  sustain month {out}-ledger {claims}--register {out}/{} --earnings {out}/{} --extract-from {} --extract-to {}\n  \
         sustain worklist {out}-ledger --out {out}-worklist-{month}.xlsx\n{decide}  \
         sustain pay {out}-ledger --out {out}-schedule-{month} --day {}\n",
        of.register,
        of.earnings,
        sample::extract_from(),
        of.extract_to,
        of.pay_day,
    )
}

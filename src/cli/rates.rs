//! `sustain rates`

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::named_scheme;
use super::progress::{NotesOnly, TerminalProgress};
use super::screen::{Screen, left_out_line, number};
use super::shared::{
    ExtractPeriod, InputOptionsArgument, MemoryArgument, RegisterInput, ReplaceArgument, SetAsideArgument,
    SuppliedValues, date,
};
use crate::account::ExtractDays;
use crate::error::RunError;
use crate::measures::{self, MEASURES, Measure};
use crate::observations::person::Dimension;
use crate::rates::account::RatesAccount;
use crate::rates::{self, RatesFinished, RatesRequest, broken_down_by};
use crate::release::disclosure::{BUILT_IN, DisclosureProfile};
use crate::staging::place_of;

/// `sustain rates`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain rates --scheme lse-poc-2017 --register register.csv --earnings rti/ --out rates
  sustain rates --scheme lse-poc-2017 --register register.csv --earnings store --run march \\
      --by contract,cohort,start_quarter --on 2019-03-31 --out rates
  sustain rates --define
  sustain rates --define employed_week

Exit codes: 0 the rates stand; 2 the command line, a scheme or an input could not be used; 3 the run could not be \
trusted. With 2 and 3 nothing was published.")]
#[command(mut_arg("register", |option| option.required_unless_present("define")))]
#[command(mut_arg("memory", |option| option.help("Memory budget, such as 2GiB; a run whose payments exceed it is refused [default: what the system allows, where it sets a limit]")))]
pub struct RatesOptions {
    /// Explain a measure: who is counted, of whom, and where the definition comes from; without a name all of them
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", exclusive = true)]
    pub define: Option<String>,
    /// A built-in scheme (`sustain schemes` lists them) or a scheme file
    #[arg(long, value_name = "SCHEME", required_unless_present = "define")]
    pub scheme: Option<String>,
    /// The register.
    #[command(flatten)]
    pub participants: RegisterInput,
    /// The earnings: files, folders, globs or stores, in any form that `validate` reads
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present = "define")]
    pub earnings: Vec<PathBuf>,
    /// A finished run of the same scheme, for outcomes by claim
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,
    /// What was spent, for unit costs: CSV, Parquet or a workbook of contract, from, to, amount and payer (DWP, or whoever else)
    #[arg(long, value_name = "FILE")]
    pub funding: Option<PathBuf>,
    /// How the files are to be read.
    #[command(flatten)]
    pub inputs: InputOptionsArgument,
    /// From when to when the extract speaks.
    #[command(flatten)]
    pub period: ExtractPeriod,
    /// How much of a file may be unreadable.
    #[command(flatten)]
    pub unreadable: SetAsideArgument,
    /// How much memory the run may take.
    #[command(flatten)]
    pub memory: MemoryArgument,
    /// Break the results down by these too
    #[arg(long, value_name = "GROUPS", value_delimiter = ',', value_enum)]
    pub by: Vec<Dimension>,
    /// What to count: people, once each at their first start, or starts
    #[arg(long, value_enum, default_value_t = CountUnit::People)]
    pub count: CountUnit,
    /// Also report who was in paid employment on this date
    #[arg(long, value_name = "DATE", value_parser = date, num_args = 1..)]
    pub on: Vec<NaiveDate>,
    /// Also try the first job outcome at other hours, with longer breaks and with other start tolerances
    #[arg(long)]
    pub sensitivity: bool,
    /// Also break down the figures of every week and month, for groups of 100 people or more
    #[arg(long)]
    pub curves: bool,
    /// How disclosure is controlled: round-5, round-10, ons-10-5, internal (not for release), or a TOML file with a profile
    #[arg(long, value_name = "PROFILE", default_value = "round-5")]
    pub disclosure: String,
    /// Also write the working tables, neither rounded nor withheld, into the folder `not-for-release`
    #[arg(long)]
    pub unrounded: bool,
    /// Values for the parameters of the scheme.
    #[command(flatten)]
    pub supplied: SuppliedValues,
    /// Where the result goes: a directory that is not there yet
    #[arg(long, value_name = "DIR", required_unless_present = "define")]
    pub out: Option<PathBuf>,
    /// Whether a result that is already there gives way.
    #[command(flatten)]
    pub replacing: ReplaceArgument,
}

/// What `--count` may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CountUnit {
    /// People, at their first start.
    People,
    /// Starts: a person can start twice.
    Starts,
}

/// Computes rates and prints a summary, or explains a measure.
///
/// # Errors
/// As [`rates::run`].
pub fn run(options: &RatesOptions, screen: &Screen) -> Result<Exit, RunError> {
    if let Some(name) = &options.define {
        return define(name, screen);
    }
    let missing = || RunError::choice("rates need a scheme, a register and --out", "see sustain rates --help");
    let out = place_of(options.out.as_deref().ok_or_else(missing)?, &NotesOnly(screen))?;
    let scheme = named_scheme::named(options.scheme.as_deref().ok_or_else(missing)?, &options.supplied.param)?;
    let request = RatesRequest {
        by: broken_down_by(&options.by, &scheme),
        scheme,
        register: options.participants.register.clone().ok_or_else(missing)?,
        earnings: options.earnings.clone(),
        funding: options.funding.clone(),
        input_options: options.inputs.input_options()?,
        run: options.run.clone(),
        extract_from: options.period.extract_from,
        extract_to: options.period.extract_to,
        set_aside: options.unreadable.set_aside,
        memory: options.memory.memory,
        each_start: options.count == CountUnit::Starts,
        on: options.on.clone(),
        sensitivity: options.sensitivity,
        profile: profile(&options.disclosure)?,
        curves: options.curves,
        unrounded: options.unrounded,
        out,
        existing: options.replacing.existing(),
    };
    let progress = TerminalProgress::new(screen);
    let outcome = rates::run(&request, &progress);
    progress.done();
    let outcome = outcome?;
    let (account, is_new) = match &outcome {
        RatesFinished::Published(account) => (account, true),
        RatesFinished::AlreadyThere(account) => (account, false),
    };
    if screen.json {
        screen.print_json(account);
        return Ok(Exit::Stands);
    }
    let shown = request.out.display().to_string();
    if !is_new {
        screen.say(&format!("the same inputs were counted before; {shown} was left unchanged\n"));
    }
    screen.say(&summary(account, &shown));
    Ok(Exit::Stands)
}

fn summary(account: &RatesAccount, out: &str) -> String {
    let register = &account.register;
    let withheld: u64 = account.disclosure.withheld.values().sum();
    let not_used = register.copies + register.differing + register.unreadable;
    let lines = [
        format!(
            "{out}: rates of {} people, {} of whom started ({} starts), counted by {}",
            number(register.people),
            number(register.people_started),
            number(register.starts),
            account.counted,
        ),
        format!(
            "  observed from {} to {}; the extract speaks up to {}",
            account.observed.from, account.observed.to, account.observed.cut_off
        ),
        format!(
            "  not observed: {} without a usable number, {} whose earnings are another's, {} with rows that could not be read, \
             {} starts after the cut-off",
            number(register.without_nino),
            number(account.not_theirs),
            number(account.with_unread_rows),
            number(register.starts_after_cut_off),
        ),
        format!("  register: {} rows, {} of them not used and listed", number(register.rows), number(not_used)),
        format!(
            "  disclosure control {}: multiples of {}, {} rows withheld",
            account.disclosure.profile.name,
            account.disclosure.profile.base,
            number(withheld)
        ),
    ];
    let warnings = account.observed.extract_days.iter().flat_map(ExtractDays::warnings);
    let more = warnings.chain(account.headlines.iter().cloned()).map(|line| format!("  {line}"));
    let lines: Vec<String> = lines.into_iter().chain(more).collect();
    lines.join("\n") + &left_out_line(&account.left_out, "not-for-release/rates.json")
}

fn define(name: &str, screen: &Screen) -> Result<Exit, RunError> {
    let measures: Vec<&Measure> = if name.is_empty() {
        MEASURES.iter().collect()
    } else {
        let unknown = || {
            let near = MEASURES.iter().min_by_key(|known| strsim::damerau_levenshtein(known.name, name));
            let hint = near.map(|near| format!("did you mean {}? ", near.name)).unwrap_or_default();
            RunError::choice(
                format!("there is no measure {name}"),
                format!("{hint}`sustain rates --define` explains all of them"),
            )
        };
        vec![measures::named(name).ok_or_else(unknown)?]
    };
    let page = |measure: &&Measure| {
        let mut lines = vec![
            screen.heading(measure.name),
            format!("  {}", measure.title),
            format!("  formula      {}", measure.kind.formula()),
            format!("  numerator    {}", measure.numerator),
            format!("  denominator  {}", measure.denominator),
        ];
        if !measure.period.is_empty() {
            lines.push(format!("  period       {}", measure.period));
        }
        lines.push(format!("  source       {}", measure.source));
        lines.join("\n")
    };
    screen.print(&measures.iter().map(page).collect::<Vec<_>>().join("\n\n"));
    Ok(Exit::Stands)
}

/// The profile of that name, or in that file.
fn profile(text: &str) -> Result<DisclosureProfile, RunError> {
    if let Some(profile) = DisclosureProfile::named(text) {
        return Ok(profile);
    }
    let path = Path::new(text);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return DisclosureProfile::read(path);
    }
    Err(RunError::choice(
        format!("there is no disclosure profile {text}"),
        format!("name one of {}, or a TOML file", BUILT_IN.join(", ")),
    ))
}

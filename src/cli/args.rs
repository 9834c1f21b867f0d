//! What may be typed: one definition for parsing, help and shell completions.

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};

use super::exit::Exit;
use crate::audit::By;
use crate::rates::disclosure::{PROFILES, Profile};
use crate::rates::people::Dimension;
use crate::rules::{Code, Setting};

/// Decides whether claimed jobs were held: claims against payroll records, each verdict with its reasons.
#[derive(Debug, Parser)]
#[command(
    name = "sustain",
    version,
    about,
    max_term_width = 110,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Print the account as JSON on standard output instead of a summary
    #[arg(long, global = true)]
    pub json: bool,
    /// Print nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// How many threads to use; the result is the same whatever the number [default: one for each core]
    #[arg(long, global = true, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Decide a batch of claims
    Validate(ValidateOptions),
    /// Write an extract once, sorted by person, so that runs against it read only what they need
    Prepare(PrepareOptions),
    /// Turn a register and an extract into employment rates that can be published
    Rates(RatesOptions),
    /// Tell why a claim was decided as it was, and what would be different if it were to stand
    Explain(ExplainOptions),
    /// Write each provider a table and a page of its own claims
    Packs(PacksOptions),
    /// Draw validated claims to check by hand, and say what the checked ones show
    AuditSample(AuditOptions),
    /// Say which claims changed between two runs, and because of what
    Diff(DiffOptions),
    /// Decide the sample batch that is built in: the place to begin
    Demo(DemoOptions),
    /// Make a synthetic batch of any size, to try things on
    Sample(SampleOptions),
    /// Check a claims file before it is submitted: everything that needs no earnings
    Check(CheckOptions),
    /// Reopen a finished run, a store or a set of rates and prove its account again
    Verify(VerifyOptions),
    /// List the built-in schemes; show, check and compare schemes
    Schemes(SchemesOptions),
    /// List the rules, or explain one
    Rules(RulesOptions),
    /// Print the JSON Schema of every input and output
    Schemas(SchemasOptions),
    /// Print completions for a shell
    Completions(CompletionOptions),
    /// Write manual pages
    Man(ManOptions),
}

/// `sustain validate`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings rti/ --out march
  sustain validate --scheme mine.toml --claims claims.parquet --earnings 'rti/2018-*.parquet' \\
      --register register.csv --history january --history february --extract-to 2019-03-31 --out march
  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings rti/ --out what-if --set SUS06=note
  sustain validate --scheme restart --param window_days=365 --claims claims.csv --register register.csv \\
      --earnings rti/ --out restart

Exit codes: 0 the run stands; 1 it stands and --fail-on was met; 2 the command line, a scheme or an input could
not be used; 3 the run could not be trusted. With 2 and 3 nothing was published.")]
pub struct ValidateOptions {
    /// A built-in scheme (`sustain schemes` lists them) or a scheme file
    #[arg(long, value_name = "SCHEME")]
    pub scheme: String,
    /// The claims, CSV or Parquet
    #[arg(long, value_name = "CLAIMS")]
    pub claims: PathBuf,
    /// The earnings: files, folders or globs; Parquet, CSV, JSON Lines or HMRC's response JSON, plain, gzip or zstd; or a
    /// store that `sustain prepare` made
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub earnings: Vec<PathBuf>,
    /// The register of participants, CSV or Parquet
    #[arg(long, value_name = "REGISTER")]
    pub register: Option<PathBuf>,
    /// Directories of earlier runs, so that no outcome is validated twice
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub history: Vec<PathBuf>,
    /// The last day the extract speaks for [default: its latest payday]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub extract_to: Option<NaiveDate>,
    /// How much memory to keep to, such as 2GiB; beyond it the earnings are read several times, and the result is the same
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub memory: Option<u64>,
    /// Where the result goes: a directory that is not there yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Put the new result in the place of one that is there
    #[arg(long)]
    pub replace: bool,
    /// Supply a value that no source settles: NAME=VALUE, or NAME=DATE:VALUE,DATE:VALUE for values by date
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub param: Vec<(String, String)>,
    /// Change a rule for this run: CODE=reject, query, note or off
    #[arg(long, value_name = "CODE=SETTING", value_parser = setting)]
    pub set: Vec<(Code, Setting)>,
    /// End with exit code 1 when there are such claims or rows
    #[arg(long, value_name = "WHAT")]
    pub fail_on: Vec<FailOn>,
}

/// What `--fail-on` may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Rejected claims.
    Rejected,
    /// Queried claims.
    Queried,
    /// Rows that could not be read, in any input.
    Quarantined,
}

/// `sustain explain`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain explain march C0001
  sustain explain march --participant P0001 --show-personal
  sustain explain march C0001 --json

Everything comes from the run's own files. Names, dates of birth and numbers of people are left out unless they are asked
for; pay is shown.")]
pub struct ExplainOptions {
    /// The directory of a finished run
    #[arg(value_name = "DIR")]
    pub run: PathBuf,
    /// The claim, by its number
    #[arg(value_name = "CLAIM_ID", required_unless_present_any = ["participant", "row"], conflicts_with_all = ["participant", "row"])]
    pub claim: Option<String>,
    /// All claims for a participant, by the participant's number
    #[arg(long, value_name = "ID", conflicts_with = "row")]
    pub participant: Option<String>,
    /// The claim in this row of the claims file, counted from 1, where it has no number
    #[arg(long, value_name = "ROW")]
    pub row: Option<u32>,
    /// Tell names, dates of birth, National Insurance and payroll numbers too
    #[arg(long)]
    pub show_personal: bool,
}

/// `sustain packs`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain packs march --out packs
  sustain packs march --out packs --with-earnings --replace

A pack holds the claims of one provider and nothing of another's: verdict, rules, reasons in plain words, and what to send
for each query.")]
pub struct PacksOptions {
    /// The directory of a finished run
    #[arg(value_name = "DIR")]
    pub run: PathBuf,
    /// Where the packs go: a directory that is not there yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Tell employers, covered days and pay too
    #[arg(long)]
    pub with_earnings: bool,
    /// Put new packs in the place of ones that are there
    #[arg(long)]
    pub replace: bool,
}

/// `sustain man`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain man | man -l -
  sustain man --out ~/.local/share/man/man1")]
pub struct ManOptions {
    /// The folder for one page for the program and one for each verb; without it the program's page is printed
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `sustain audit-sample`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain audit-sample march --size 200 --seed 2026 --by provider --out march-sample
  sustain audit-sample march-sample --results filled.csv

The first draws: the same seed draws the same claims. In its sheet right is yes or no, and where it is no should_be is what
should have been paid, in pounds, 0 for nothing. The second takes the directory of the sample and the sheet as people
filled it in; strata with too few checked claims are told and not extrapolated.")]
pub struct AuditOptions {
    /// The directory of a finished run; with --results that of a sample
    #[arg(value_name = "DIR")]
    pub run: PathBuf,
    /// How many claims to draw in all; each stratum has its share, and at least two
    #[arg(long, value_name = "N", required_unless_present = "results")]
    pub size: Option<u64>,
    /// What chance hangs on: any number
    #[arg(long, value_name = "S", required_unless_present = "results")]
    pub seed: Option<u64>,
    /// Draw apart from each
    #[arg(long, value_enum, default_value_t = By::Nothing)]
    pub by: By,
    /// Where the sample goes: a directory that is not there yet
    #[arg(long, value_name = "DIR", required_unless_present = "results")]
    pub out: Option<PathBuf>,
    /// Put the new sample in the place of one that is there
    #[arg(long)]
    pub replace: bool,
    /// The sheet as it was filled in, CSV or Parquet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["size", "seed", "out", "by", "replace"])]
    pub results: Option<PathBuf>,
    /// The fewest checked claims from which a stratum is extrapolated, where it has as many
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub least: u64,
}

/// `sustain diff`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain diff february march
  sustain diff february march --out changes --fail-on-change

A cause is one of: claims, earnings, cut_off (--extract-to), register, history, scheme, rules, program; joint where several
changed and it cannot be told which of them did it.

Exit codes: 0 the comparison stands; 1 something changed and --fail-on-change was given; 2 and 3 as for every verb.")]
pub struct DiffOptions {
    /// The directory of the earlier run
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The directory of the later run
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Write changes.parquet and diff.json into this directory, which is not there yet
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Put new files in the place of ones that are there
    #[arg(long)]
    pub replace: bool,
    /// End with exit code 1 when any verdict or reason changed
    #[arg(long)]
    pub fail_on_change: bool,
}

/// `sustain prepare`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain prepare --earnings rti/2018/ --out store
  sustain prepare --earnings rti/2019-01.parquet --out store --append
  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings store --out march

A store holds the whole extract and is as sensitive as it. Preparing the same files again changes nothing.")]
pub struct PrepareOptions {
    /// The earnings: files, folders or globs; Parquet, CSV, JSON Lines or HMRC's response JSON, plain, gzip or zstd
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub earnings: Vec<PathBuf>,
    /// Where the store is to be: a directory that is not there yet, or with --append a store
    #[arg(long, value_name = "STORE")]
    pub out: PathBuf,
    /// Add the files that a store does not hold yet; what it holds is not written again
    #[arg(long)]
    pub append: bool,
}

/// `sustain rates`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain rates --scheme lse-poc-2017 --register register.csv --earnings rti/ --out rates
  sustain rates --scheme lse-poc-2017 --register register.csv --earnings store --run march \\
      --by contract,cohort,start_quarter --on 2019-03-31 --out rates
  sustain rates --define
  sustain rates --define employed_week

Exit codes: 0 the rates stand; 2 the command line, a scheme or an input could not be used; 3 the run could not be
trusted. With 2 and 3 nothing was published.")]
pub struct RatesOptions {
    /// Explain a measure: who is counted, of whom, and where the definition comes from; without a name all of them
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "", exclusive = true)]
    pub define: Option<String>,
    /// A built-in scheme (`sustain schemes` lists them) or a scheme file
    #[arg(long, value_name = "SCHEME", required_unless_present = "define")]
    pub scheme: Option<String>,
    /// The register of participants, CSV or Parquet
    #[arg(long, value_name = "REGISTER", required_unless_present = "define")]
    pub register: Option<PathBuf>,
    /// The earnings: files, folders, globs or stores, in any form that `validate` reads
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present = "define")]
    pub earnings: Vec<PathBuf>,
    /// A finished run of the same scheme, for what was claimed
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,
    /// What was spent, for unit costs: CSV or Parquet of contract, from, to, amount and payer (DWP, or whoever else)
    #[arg(long, value_name = "FILE")]
    pub funding: Option<PathBuf>,
    /// The first day the extract speaks for [default: its earliest payday]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub extract_from: Option<NaiveDate>,
    /// The last day the extract speaks for [default: its latest payday]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub extract_to: Option<NaiveDate>,
    /// Break the results down by these too
    #[arg(long, value_name = "GROUPS", value_delimiter = ',', value_enum)]
    pub by: Vec<Dimension>,
    /// Count people, once each at their first start, or starts
    #[arg(long, value_enum, default_value_t = Counted::People)]
    pub count: Counted,
    /// Also say who was in paid employment on this date
    #[arg(long, value_name = "DATE", value_parser = date, num_args = 1..)]
    pub on: Vec<NaiveDate>,
    /// Also try the first job outcome at other hours, with longer breaks and with other start tolerances
    #[arg(long)]
    pub sensitivity: bool,
    /// How disclosure is controlled
    #[arg(long, value_name = "PROFILE", value_parser = profile, default_value = "round-5")]
    pub disclosure: Profile,
    /// Write the working tables too, neither rounded nor withheld, into the folder of what is not for release
    #[arg(long)]
    pub unrounded: bool,
    /// Supply a value that no source settles: NAME=VALUE, or NAME=DATE:VALUE,DATE:VALUE for values by date
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub param: Vec<(String, String)>,
    /// Where the result goes: a directory that is not there yet
    #[arg(long, value_name = "DIR", required_unless_present = "define")]
    pub out: Option<PathBuf>,
    /// Put the new result in the place of one that is there
    #[arg(long)]
    pub replace: bool,
}

/// What `--count` may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Counted {
    /// People, at their first start.
    People,
    /// Starts: a person can start twice.
    Starts,
}

/// `sustain demo`
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  sustain demo --out demo")]
pub struct DemoOptions {
    /// Where the result goes
    #[arg(long, value_name = "DIR", default_value = "sustain-demo")]
    pub out: PathBuf,
}

/// `sustain sample`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain sample --claims 200 --seed 7 --out try
  sustain sample --claims 10000 --population 2000000 --format parquet --files 24 --seed 7 --out national
  sustain sample --scheme jets-scotland --out jets

Everyone in a sample is made up. Their National Insurance numbers have the administrative prefixes NC and PZ, which
look like a number's and are never given to a person.")]
pub struct SampleOptions {
    /// Make the claims from this scheme's own numbers: for each the last value that passes and the first that does not
    /// (CSV)
    #[arg(long, value_name = "SCHEME", conflicts_with_all = ["population", "format", "files", "seed"])]
    pub scheme: Option<String>,
    /// Supply a value that no source settles to that scheme: NAME=VALUE
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter, requires = "scheme")]
    pub param: Vec<(String, String)>,
    /// How many claims [with --scheme: each case once, unless more or fewer are asked for]
    #[arg(long, value_name = "N", required_unless_present = "scheme")]
    pub claims: Option<u32>,
    /// How many people nobody claims for
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub population: u32,
    /// The form of the earnings
    #[arg(long, value_enum, default_value_t = SampleFormat::Parquet)]
    pub format: SampleFormat,
    /// Into how many files the earnings are cut
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub files: u16,
    /// The same seed gives the same bytes
    #[arg(long, value_name = "S", required_unless_present = "scheme")]
    pub seed: Option<u64>,
    /// Where the batch goes: a directory that is not there yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// The forms a sample's earnings may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SampleFormat {
    /// Parquet, the claims too
    Parquet,
    /// CSV
    Csv,
    /// JSON Lines
    Jsonl,
    /// HMRC's response JSON, a response on each line
    HmrcJson,
}

/// `sustain check`
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  sustain check --claims claims.csv\n\nExit code 1 when a claim would be rejected for what it says itself."
)]
pub struct CheckOptions {
    /// The claims, CSV or Parquet
    #[arg(long, value_name = "CLAIMS")]
    pub claims: PathBuf,
    /// A built-in scheme or a scheme file
    #[arg(long, value_name = "SCHEME", default_value = "lse-poc-2017")]
    pub scheme: String,
    /// Supply a value that no source settles: NAME=VALUE, or NAME=DATE:VALUE,DATE:VALUE for values by date
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub param: Vec<(String, String)>,
    /// The register of participants, for the rules that need it
    #[arg(long, value_name = "REGISTER")]
    pub register: Option<PathBuf>,
    /// How many findings to list
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub list: usize,
}

/// `sustain verify`
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  sustain verify march")]
pub struct VerifyOptions {
    /// The directory of a finished run
    pub run: PathBuf,
}

/// `sustain schemes`
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  sustain schemes
  sustain schemes show whp
  sustain schemes show lse-poc-2017 --toml > mine.toml
  sustain schemes check mine.toml
  sustain schemes diff lse-poc-2017 mine.toml")]
pub struct SchemesOptions {
    /// What to do; lists the schemes when left out
    #[command(subcommand)]
    pub command: Option<SchemesCommand>,
}

/// The verbs of `sustain schemes`.
#[derive(Debug, Subcommand)]
pub enum SchemesCommand {
    /// Print a scheme as a page: what counts, from when, and on whose authority
    Show {
        /// A built-in scheme or a scheme file
        scheme: String,
        /// Print the file itself, to start one's own from
        #[arg(long)]
        toml: bool,
    },
    /// Find every mistake in a scheme file, and try a sound one on claims made from its own numbers
    Check {
        /// A scheme file or a built-in scheme
        file: String,
    },
    /// Say in words what differs between two schemes
    Diff {
        /// A built-in scheme or a scheme file
        one: String,
        /// Another
        other: String,
    },
}

/// `sustain rules`
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  sustain rules\n  sustain rules SUS03\n  sustain rules --markdown > rules.md\n  sustain rules --json"
)]
pub struct RulesOptions {
    /// The rule to explain; lists all of them when left out
    pub code: Option<String>,
    /// Print every page in Markdown
    #[arg(long)]
    pub markdown: bool,
}

/// `sustain schemas`
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  sustain schemas\n  sustain schemas claims\n  sustain schemas --out schemas")]
pub struct SchemasOptions {
    /// One input or output; all of them when left out
    pub name: Option<String>,
    /// Write each to a file of its own in this directory instead
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `sustain completions`
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  sustain completions bash > /etc/bash_completion.d/sustain")]
pub struct CompletionOptions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Prints the completions of a shell.
pub(super) fn completions(options: &CompletionOptions) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Args::command(), "sustain", &mut script);
    // A reader that went away is no failure.
    drop(std::io::stdout().write_all(&script));
    Exit::Stands
}

fn date(text: &str) -> Result<NaiveDate, String> {
    crate::domain::day::parse(text).map(|(date, _)| date).map_err(|fault| fault.to_string())
}

fn threads(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|threads| (1..=1024).contains(threads)).ok_or_else(|| "a number from 1 to 1024".to_owned())
}

fn profile(text: &str) -> Result<Profile, String> {
    let names = || PROFILES.iter().map(|profile| profile.name).collect::<Vec<_>>().join(", ");
    Profile::named(text).ok_or_else(|| format!("one of {}", names()))
}

fn size(text: &str) -> Result<u64, String> {
    let size = text.parse::<bytesize::ByteSize>().map_err(|_| "a size, such as 500MB or 2GiB".to_owned())?;
    Ok(size.as_u64())
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE, such as window_days=365")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn setting(text: &str) -> Result<(Code, Setting), String> {
    let (code, setting) = text.split_once('=').ok_or("write it as CODE=reject, CODE=query, CODE=note or CODE=off")?;
    let code = Code::parse(code).ok_or_else(|| unknown_code(code))?;
    let setting = Setting::parse(setting).ok_or("a rule is set to reject, query, note or off")?;
    setting.allowed_for(code)?;
    Ok((code, setting))
}

/// That no rule has a code, with the nearest there is.
pub(super) fn unknown_code(text: &str) -> String {
    let nearest =
        Code::ALL.into_iter().min_by_key(|code| strsim::damerau_levenshtein(code.as_str(), &text.to_uppercase()));
    let guess = nearest.map_or_else(String::new, |code| format!("; did you mean {code}?"));
    format!("no rule has the code {text}{guess}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_rule_is_set_by_code_and_a_mistyped_one_is_guessed() {
        assert!(setting("SUS06=note").is_ok());
        assert!(setting("SUS6=note").unwrap_err().contains("did you mean SUS0"));
        assert!(setting("ROW03=off").unwrap_err().contains("no evidence at all"));
    }
}

//! `sustain validate`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::named_scheme;
use super::progress::{NotesOnly, TerminalProgress};
use super::rules::unknown_code;
use super::screen::Screen;
use super::shared::{
    ExtractPeriod, InputOptionsArgument, MemoryArgument, RegisterInput, ReplaceArgument, SetAsideArgument,
    SuppliedValues, note_words_not_met,
};
use crate::account::RunAccount;
use crate::domain::Percent;
use crate::error::RunError;
use crate::history::runs_in;
use crate::rules::{Code, Setting, allows};
use crate::staging::place_of;
use crate::validate::{self, Limits, ValidateFinished, ValidateRequest};

/// `sustain validate`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings rti/ --out march
  sustain validate --scheme mine.toml --claims claims.parquet --earnings 'rti/2018-*.parquet' \\
      --register register.csv --history january --history february --extract-to 2019-03-31 --out march
  sustain validate --scheme lse-poc-2017 --claims north.xlsx south.csv --sheet claims=July --columns ours.toml \\
      --earnings rti/ --out july
  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings rti/ --out what-if --set SUS06=note
  sustain validate --scheme restart --param window_days=365 --claims claims.csv --register register.csv \\
      --earnings rti/ --out restart

  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings rti/ --out march \\
      --max-rejected 45% --max-queried 30% --max-set-aside 2% --min-rows 1000
  sustain validate --scheme lse-poc-2017 --claims claims.csv --earnings rti/ --out march --workbook

The result has verdicts.csv, a row for each claim and reason to be opened in a spreadsheet, with --workbook verdicts.xlsx too.
Every row of every table names its run, scheme and cut-off, so that the tables of several runs can be put one under another.

Columns have our names, HMRC's (nationalInsuranceNumber, employerPayeRef, taxablePayInPeriod, ...) or plain ones (NI \
number, DOB, Last name, ...), compared without case, blanks, underscores and hyphens; `sustain schemas earnings` has all.

Exit codes: 0 the run stands; 1 it stands and --fail-on was met; 2 the command line, a scheme or an input could \
not be used; 3 the run could not be trusted, or is beyond a limit. With 2 and 3 nothing was published.")]
pub struct ValidateOptions {
    /// A built-in scheme (`sustain schemes` lists them) or a scheme file
    #[arg(long, value_name = "SCHEME")]
    pub scheme: String,
    /// The claims: files, folders or globs, decided as one batch; CSV, Parquet or workbooks (xlsx, xlsb, xls, ODS)
    #[arg(long, value_name = "CLAIMS", num_args = 1.., required = true)]
    pub claims: Vec<PathBuf>,
    /// The earnings: files, folders or globs; Parquet, CSV, JSON Lines or HMRC's response JSON, plain, gzip or zstd;
    /// workbooks; or a store that `sustain prepare` made
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub earnings: Vec<PathBuf>,
    /// The register.
    #[command(flatten)]
    pub participants: RegisterInput,
    /// How the files are to be read.
    #[command(flatten)]
    pub inputs: InputOptionsArgument,
    /// Directories of earlier runs, or folders of such directories, so that no outcome is validated twice
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub history: Vec<PathBuf>,
    /// From when to when the extract speaks.
    #[command(flatten)]
    pub period: ExtractPeriod,
    /// How much of a file may be unreadable.
    #[command(flatten)]
    pub unreadable: SetAsideArgument,
    /// How much memory the run may take.
    #[command(flatten)]
    pub memory: MemoryArgument,
    /// Where the result goes: a directory that is not there yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Whether a result that is already there gives way.
    #[command(flatten)]
    pub replacing: ReplaceArgument,
    /// Write the verdicts as a workbook too, verdicts.xlsx beside verdicts.csv: a row for each claim and reason; beyond
    /// 1,048,575 rows it has several sheets
    #[arg(long)]
    pub workbook: bool,
    /// Values for the parameters of the scheme.
    #[command(flatten)]
    pub supplied: SuppliedValues,
    /// Change a rule for this run: CODE=reject, query, note or off
    #[arg(long, value_name = "CODE=SETTING", value_parser = setting)]
    pub set: Vec<(Code, Setting)>,
    /// Exit with code 1 if there are such claims or rows
    #[arg(long, value_name = "WHAT")]
    pub fail_on: Vec<FailOn>,
    /// What the run is held to.
    #[command(flatten)]
    pub limits: LimitOptions,
}

/// What a run is held to: beyond one of these it ends with exit code 3 and publishes nothing.
#[derive(Debug, Args)]
pub struct LimitOptions {
    /// Publish nothing where more than this share of the claims is rejected
    #[arg(long, value_name = "PERCENT", value_parser = Percent::parse)]
    pub max_rejected: Option<Percent>,
    /// Publish nothing where more than this share of the claims is queried
    #[arg(long, value_name = "PERCENT", value_parser = Percent::parse)]
    pub max_queried: Option<Percent>,
    /// Publish nothing where more than this share of the claims, the register or the earnings is set aside
    #[arg(long, value_name = "PERCENT", value_parser = Percent::parse)]
    pub max_set_aside: Option<Percent>,
    /// Publish nothing where the earnings have fewer rows
    #[arg(long, value_name = "ROWS")]
    pub min_rows: Option<u64>,
}

impl LimitOptions {
    pub(super) fn limits(&self) -> Limits {
        let Self { max_rejected, max_queried, max_set_aside, min_rows } = *self;
        Limits { max_rejected, max_queried, max_set_aside, min_rows }
    }
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

/// Decides a batch and prints the summary.
///
/// # Errors
/// As [`validate::run`].
pub fn run(options: &ValidateOptions, screen: &Screen) -> Result<Exit, RunError> {
    let scheme = named_scheme::named(&options.scheme, &options.supplied.param)?;
    let out = place_of(&options.out, &NotesOnly(screen))?;
    let request = ValidateRequest {
        input_options: options.inputs.for_scheme(&scheme)?,
        scheme,
        settings: options.set.iter().copied().collect(),
        claims: options.claims.clone(),
        earnings: options.earnings.clone(),
        register: options.participants.register.clone(),
        extract_from: options.period.extract_from,
        extract_to: options.period.extract_to,
        history: runs_in(&options.history, &out)?,
        ledger: None,
        set_aside: options.unreadable.set_aside,
        memory: options.memory.memory,
        limits: options.limits.limits(),
        workbook: options.workbook,
        out,
        existing: options.replacing.existing(),
    };
    let outcome = carry_out(&request, screen)?;
    report(&outcome, &request.out, screen);
    if matches!(outcome, ValidateFinished::Published(_)) {
        note_words_not_met(&request.input_options, request.register.is_some(), screen);
    }
    Ok(if options.fail_on.iter().any(|what| is_met(*what, outcome.account())) { Exit::Found } else { Exit::Stands })
}

/// Carries out a run with its progress shown.
///
/// # Errors
/// As [`validate::run`].
pub(super) fn carry_out(request: &ValidateRequest, screen: &Screen) -> Result<ValidateFinished, RunError> {
    let progress = TerminalProgress::new(screen);
    let outcome = validate::run(request, &progress);
    progress.done();
    outcome
}

/// Prints the summary of a run.
pub(super) fn report(outcome: &ValidateFinished, out: &Path, screen: &Screen) {
    let account = outcome.account();
    if screen.json {
        screen.print_json(account);
        return;
    }
    if matches!(outcome, ValidateFinished::AlreadyThere(_)) {
        screen
            .say(&format!("the same inputs were decided before; {} was verified and left unchanged\n", out.display()));
    }
    screen.say(&screen.summary(account, &out.display().to_string()));
}

fn is_met(what: FailOn, account: &RunAccount) -> bool {
    let count = match what {
        FailOn::Rejected => account.claims.rejected,
        FailOn::Queried => account.claims.queried,
        FailOn::Quarantined => account.inputs.iter().map(|input| input.quarantined).sum(),
    };
    count > 0
}

/// Reads a rule and its setting as they are typed.
fn setting(text: &str) -> Result<(Code, Setting), String> {
    let (code, setting) = text.split_once('=').ok_or("write it as CODE=reject, CODE=query, CODE=note or CODE=off")?;
    let code = Code::parse(code).ok_or_else(|| unknown_code(code))?;
    let setting = Setting::parse(setting).ok_or("a rule is set to reject, query, note or off")?;
    allows(code, setting)?;
    Ok((code, setting))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_set_by_code_and_a_mistyped_one_is_guessed() {
        assert!(setting("SUS06=note").is_ok());
        assert!(setting("SUS6=note").unwrap_err().contains("did you mean SUS0"));
        assert!(setting("ROW03=off").unwrap_err().contains("no evidence at all"));
    }
}

//! `sustain month`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::progress::TerminalProgress;
use super::screen::{Screen, number};
use super::shared::{
    ExtractPeriod, InputOptionsArgument, MemoryArgument, RegisterInput, SetAsideArgument, note_words_not_met,
};
use super::validate::LimitOptions;
use crate::domain::Pence;
use crate::error::RunError;
use crate::ledger::Ledger;
use crate::month::{self, CountAndPence, MonthFinished, MonthRequest};

/// `sustain month`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain month poc --claims january/*.csv --register register.csv --earnings rti/
  sustain month poc --register register.csv --earnings rti/ --extract-to 2019-02-28

New and corrected claims are taken in, every open claim is carried over, and what is due or was paid is looked at again. The run of \
the month is an ordinary result: LEDGER/runs/0001; beside it LEDGER/runs/0001.html tells the month on a page.
Exit codes: as those of sustain validate; with 2 and 3 nothing was recorded.")]
pub struct MonthOptions {
    /// The folder of the ledger
    #[arg(value_name = "LEDGER")]
    pub ledger: PathBuf,
    /// What providers sent this month: files, folders or globs; none where nothing was sent
    #[arg(long, value_name = "CLAIMS", num_args = 1..)]
    pub claims: Vec<PathBuf>,
    /// The earnings: files, folders or globs, or a store; they must reach back to the open claims and the payments looked at again
    #[arg(long, value_name = "PATH", num_args = 1.., required = true)]
    pub earnings: Vec<PathBuf>,
    /// The register.
    #[command(flatten)]
    pub participants: RegisterInput,
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
    /// Write the verdicts as a workbook too, verdicts.xlsx beside verdicts.csv
    #[arg(long)]
    pub workbook: bool,
    /// What the run is held to.
    #[command(flatten)]
    pub limits: LimitOptions,
}

/// Does a month's work and says what it came to.
///
/// # Errors
/// As [`month::run`].
pub fn run(options: &MonthOptions, screen: &Screen) -> Result<Exit, RunError> {
    let scheme = Ledger::scheme_in(&options.ledger)?;
    let request = MonthRequest {
        ledger: options.ledger.clone(),
        claims: options.claims.clone(),
        earnings: options.earnings.clone(),
        register: options.participants.register.clone(),
        input_options: options.inputs.for_scheme(&scheme)?,
        extract_from: options.period.extract_from,
        extract_to: options.period.extract_to,
        set_aside: options.unreadable.set_aside,
        memory: options.memory.memory,
        limits: options.limits.limits(),
        workbook: options.workbook,
    };
    let progress = TerminalProgress::new(screen);
    let finished = month::run(&request, &progress);
    progress.done();
    let finished = finished.map_err(beyond_limits)?;
    if screen.json {
        screen.print_json(&finished.summary);
    } else {
        screen.say(&to_text(&finished, options, screen));
    }
    note_words_not_met(&request.input_options, request.register.is_some(), screen);
    Ok(Exit::Stands)
}

/// A month is done in its place in the ledger and nowhere else, which the hint of a run beyond its limits does not know.
fn beyond_limits(error: RunError) -> RunError {
    match error {
        RunError::BeyondLimits { beyond, .. } => RunError::BeyondLimits {
            beyond,
            hint: "nothing was recorded; if the claims and the extract are right, do the month again without the limit",
        },
        other @ (RunError::Input(_)
        | RunError::Inputs(_)
        | RunError::Scheme { .. }
        | RunError::Choice { .. }
        | RunError::Unproven(_)
        | RunError::Untrusted(_)
        | RunError::AfterRecording { .. }
        | RunError::AfterPublishing(_)) => other,
    }
}

fn to_text(finished: &MonthFinished, options: &MonthOptions, screen: &Screen) -> String {
    let summary = &finished.summary;
    let row =
        |(what, of): (&str, CountAndPence)| vec![format!("  {what}"), number(of.claims), Pence(of.pence).to_string()];
    let rows = summary.counts().map(row).to_vec();
    let day = summary.cut_off.as_deref().unwrap_or("no day");
    let run = finished.run.display();
    let mut text = format!("month {}, extract to {day}: {run}\n{}", summary.month, screen.table(&[1, 2], rows));
    for rows in summary.other_rows() {
        text += &format!("\n  {rows}");
    }
    for one in summary.no_longer_standing.iter().take(MOST_LISTED) {
        let (claim, provider, pounds) = (&one.claim_id, &one.provider_id, Pence(one.pence));
        text += &format!("\n  claim {claim} of {provider}, {pounds}: {}: {}", one.change(), one.cause);
    }
    if let Some(more @ 1..) = summary.no_longer_standing.len().checked_sub(MOST_LISTED) {
        text += &format!("\n  and {} more, which the page lists", number(crate::domain::count_of(more)));
    }
    let ledger = options.ledger.display();
    text += &format!(
        "\n  the page of the month: {run}.html\n  next: sustain worklist {ledger} --out FILE.xlsx, sustain pay {ledger} --dry-run"
    );
    text
}

/// How many claims that no longer stand are told on the screen.
const MOST_LISTED: usize = 20;

//! `sustain diff`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::progress::NotesOnly;
use super::screen::{Screen, number};
use super::shared::ReplaceArgument;
use crate::diff::cause::Cause;
use crate::diff::payable::{PayableChange, PayableWalk};
use crate::diff::{self, DiffRequest, RunDiff};
use crate::domain::Pence;
use crate::error::RunError;
use crate::staging::place_of;

/// `sustain diff`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain diff february march
  sustain diff february march --out changes --fail-on-change

A cause is one of: claims, earnings, cut_off (--extract-to), register, history, scheme, rules, program; joint where several \
changed and it cannot be told which of them did it.

Exit codes: 0 the comparison stands; 1 something changed and --fail-on-change was given; 2 and 3 as for every verb.")]
#[command(mut_arg("replace", |option| option.help("Replace files that are already there")))]
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
    /// Whether files that are already there give way.
    #[command(flatten)]
    pub replacing: ReplaceArgument,
    /// Exit with code 1 if any verdict, reason or amount payable changed
    #[arg(long)]
    pub fail_on_change: bool,
}

/// How many changed claims are shown.
const CHANGES_SHOWN: usize = 20;

/// Prints which claims changed between two runs, and why.
///
/// # Errors
/// As [`diff::run`].
pub fn run(options: &DiffOptions, screen: &Screen) -> Result<Exit, RunError> {
    let request = DiffRequest {
        old: options.old.clone(),
        new: options.new.clone(),
        out: options.out.as_deref().map(|out| place_of(out, &NotesOnly(screen))).transpose()?,
        existing: options.replacing.existing(),
    };
    let difference = diff::run(&request, &NotesOnly(screen))?;
    if screen.json {
        screen.print_json(&difference);
    } else {
        screen.say(&diff_text(&difference, screen));
    }
    let is_found = options.fail_on_change && !difference.changes.is_empty();
    Ok(if is_found { Exit::Found } else { Exit::Stands })
}

fn diff_text(difference: &RunDiff, screen: &Screen) -> String {
    let differs: Vec<&str> = difference.differs.iter().map(|cause| cause.name()).collect();
    let differs = if differs.is_empty() { "nothing".to_owned() } else { differs.join(", ") };
    let mut parts = vec![format!(
        "{} claims changed, {} are the same in both runs; the runs differ in {differs}",
        number(crate::domain::count_of(difference.changes.len())),
        number(difference.unchanged)
    )];
    let named = |verdict: &Option<String>| verdict.clone().unwrap_or_else(|| "not there".to_owned());
    if difference.changes.is_empty() {
        return parts.concat();
    }
    let moved = difference.by_verdict.iter().map(|one| {
        let payable = signed(one.payable_change_pence);
        vec![named(&one.old), format!("-> {}", named(&one.new)), number(one.claims), payable]
    });
    parts.push(format!("{}\n{}", screen.heading("How verdicts changed"), screen.table(&[2, 3], moved.collect())));
    let causes = difference.by_cause.iter().map(|(cause, claims)| vec![cause.name().to_owned(), number(*claims)]);
    parts.push(format!("{}\n{}", screen.heading("Why they changed"), screen.table(&[1], causes.collect())));
    parts.extend(difference.payable.as_ref().map(|payable| payable_text(payable, screen)));
    let codes = |reasons: &[String]| {
        let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason.split(' ').next()).collect();
        if codes.is_empty() { "-".to_owned() } else { codes.join(" ") }
    };
    let rows = difference.changes.iter().take(CHANGES_SHOWN).map(|one| {
        vec![
            one.claim_id.clone().unwrap_or_else(|| "(no number)".to_owned()),
            format!("{} -> {}", named(&one.old_verdict), named(&one.new_verdict)),
            format!("{} -> {}", codes(&one.old_reasons), codes(&one.new_reasons)),
            one.cause.name().to_owned(),
            format!("{} -> {}", pounds(one.old_payable_pence), pounds(one.new_payable_pence)),
        ]
    });
    let mut claims = format!("{}\n{}", screen.heading("Claims"), screen.table(&[], rows.collect()));
    if let Some(more) = difference.changes.len().checked_sub(CHANGES_SHOWN).filter(|more| 0 < *more) {
        claims += &format!("\n  and {more} more; --out DIR or --json has all of them");
    }
    parts.push(claims);
    parts.join("\n\n")
}

/// The walk from what the earlier run pays to what the later one pays.
fn payable_text(payable: &PayableWalk, screen: &Screen) -> String {
    let end = |what: &str, pence: i64| vec![what.to_owned(), String::new(), String::new(), Pence(pence).to_string()];
    let step = |(cause, change): (&Cause, &PayableChange)| {
        let taken = change.taken_pence.saturating_neg();
        vec![cause.name().to_owned(), signed(change.added_pence), signed(taken), String::new()]
    };
    let mut rows = vec![end("before", payable.old_pence)];
    rows.extend(payable.by_cause.iter().map(step));
    rows.push(end("now", payable.new_pence));
    let heading = screen.heading("What is payable for validated claims: added and taken by cause");
    format!("{heading}\n{}", screen.table(&[1, 2, 3], rows))
}

/// An amount that is known, or a dash.
fn pounds(pence: Option<i64>) -> String {
    pence.map_or_else(|| "-".to_owned(), |pence| Pence(pence).to_string())
}

/// A difference of amounts, with its sign.
fn signed(pence: i64) -> String {
    if 0 < pence { format!("+{}", Pence(pence)) } else { Pence(pence).to_string() }
}

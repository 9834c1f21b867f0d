//! `sustain check`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::named_scheme;
use super::screen::{FileColumns, Screen, absent_lines, column_lines, number};
use super::shared::{InputOptionsArgument, RegisterInput, SetAsideArgument, SuppliedValues, note_words_not_met};
use crate::check::{self, CheckReport, CheckedFinding};
use crate::error::RunError;

/// `sustain check`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sustain check --claims claims.csv\n  sustain check --claims claims.xlsx --sheet July --columns ours.toml\n\nExit code 1 when a claim would be rejected whatever the earnings show."
)]
#[command(mut_arg("register", |option| option.help("The register of participants, for the rules that need it")))]
pub struct CheckOptions {
    /// The claims: files, folders or globs, checked as one batch; CSV, Parquet or workbooks (xlsx, xlsb, xls, ODS)
    #[arg(long, value_name = "CLAIMS", num_args = 1.., required = true)]
    pub claims: Vec<PathBuf>,
    /// A built-in scheme or a scheme file
    #[arg(long, value_name = "SCHEME", default_value = "lse-poc-2017")]
    pub scheme: String,
    /// Values for the parameters of the scheme.
    #[command(flatten)]
    pub supplied: SuppliedValues,
    /// The register.
    #[command(flatten)]
    pub participants: RegisterInput,
    /// How much of a file may be unreadable.
    #[command(flatten)]
    pub unreadable: SetAsideArgument,
    /// How the files are to be read.
    #[command(flatten)]
    pub inputs: InputOptionsArgument,
    /// How many findings to list
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub list: usize,
}

/// Checks a claims file and lists the rules it fails.
///
/// # Errors
/// As [`check::run`].
pub fn run(options: &CheckOptions, screen: &Screen) -> Result<Exit, RunError> {
    let scheme = named_scheme::named(&options.scheme, &options.supplied.param)?;
    let input_options = options.inputs.for_scheme(&scheme)?;
    let checked = check::run(
        scheme,
        &options.claims,
        options.participants.register.clone(),
        &input_options,
        options.unreadable.set_aside,
        if screen.json { usize::MAX } else { options.list },
    )?;
    if screen.json {
        screen.print_json(&checked);
    } else {
        screen.say(&summary(&checked, screen));
    }
    note_words_not_met(&input_options, options.participants.register.is_some(), screen);
    Ok(if checked.rejected > 0 { Exit::Found } else { Exit::Stands })
}

fn summary(checked: &CheckReport, screen: &Screen) -> String {
    let mut text = format!(
        "{} claims checked under {} ({}) without earnings: {} would be rejected, {} would be queried",
        number(checked.claims),
        checked.scheme,
        checked.status,
        number(checked.rejected),
        number(checked.queried)
    );
    for (role, columns) in &checked.columns {
        let lines = column_lines(columns).into_iter().map(|line| format!("\n  {role}: {line}"));
        text.extend(lines);
    }
    let files = checked.column_names.iter().map(|file| FileColumns {
        role: file.role,
        file: &file.file,
        names: &file.names,
        shows_others: true,
    });
    text.push_str(&absent_lines(&files.collect::<Vec<_>>()));
    let fired: Vec<Vec<String>> = checked
        .rules
        .iter()
        .filter(|rule| rule.failed > 0)
        .map(|rule| vec![rule.code.to_owned(), number(rule.failed), rule.title.to_owned()])
        .collect();
    if fired.is_empty() {
        return format!("{text}\n{} rules were checked and none failed", checked.rules.len());
    }
    text.push_str(&format!("\n\n{}\n{}", screen.heading("Rules that failed"), screen.table(&[1], fired)));
    let rows = checked.findings.iter().map(row);
    text.push_str(&format!("\n\n{}\n{}", screen.heading("Findings"), screen.table(&[], rows.collect())));
    let more = checked.all_findings.saturating_sub(crate::domain::count_of(checked.findings.len()));
    if more > 0 {
        let total = number(checked.all_findings);
        text.push_str(&format!("\n  and {more} more of {total}: --list shows more, --json all"));
    }
    text
}

fn row(finding: &CheckedFinding) -> Vec<String> {
    let place = match finding.line {
        Some(line) => format!("line {line}"),
        None => format!("row {}", finding.row),
    };
    let place = match &finding.file {
        Some(file) => format!("{file}, {place}"),
        None => place,
    };
    let claim_id = finding.claim_id.clone().unwrap_or_else(|| "-".into());
    vec![place, claim_id, finding.code.into(), finding.severity.into(), finding.message.clone()]
}

//! `sustain audit-sample`

use std::path::PathBuf;

use clap::Args;

use super::exit::Exit;
use super::progress::NotesOnly;
use super::screen::{Screen, number};
use super::shared::{ReplaceArgument, RunArgument};
use crate::audit_sample::findings::{MoneyRange, SampleFindings, ShareRange, StratumFindings, findings};
use crate::audit_sample::precision::{SamplePrecision, StratumPrecision, USUAL_LEAST};
use crate::audit_sample::{self, AuditSampleRequest, SampleAccount, StratifyBy};
use crate::domain::{Pence, count_of};
use crate::error::RunError;
use crate::staging::place_of;

/// `sustain audit-sample`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain audit-sample march --size 200 --seed 2026 --by provider --out march-sample
  sustain audit-sample march-sample --results march-sample/sample.xlsx

The first draws: the same seed draws the same claims. In its sheet right is yes or no, and where it is no should_be is what \
should have been paid, in pounds, 0 for nothing. The second takes the directory of the sample and its workbook (or CSV) as \
people filled it in and saved it; strata with too few checked claims are told and not extrapolated.")]
#[command(mut_arg("replace", |option| option.help("Replace a sample that is already there")))]
#[command(mut_arg("run", |directory| directory.help("The directory of a finished run; with --results that of a sample")))]
pub struct AuditSampleOptions {
    /// The run, or the sample.
    #[command(flatten)]
    pub finished: RunArgument,
    /// How many claims to draw in all; each stratum gets a proportional share, at least two
    #[arg(long, value_name = "N", required_unless_present = "results")]
    pub size: Option<u64>,
    /// Random seed: any number
    #[arg(long, value_name = "S", required_unless_present = "results")]
    pub seed: Option<u64>,
    /// What to stratify by
    #[arg(long, value_enum, default_value_t = StratifyBy::Nothing)]
    pub by: StratifyBy,
    /// Where the sample goes: a directory that is not there yet
    #[arg(long, value_name = "DIR", required_unless_present = "results")]
    pub out: Option<PathBuf>,
    /// Whether a sample that is already there gives way.
    #[command(flatten)]
    pub replacing: ReplaceArgument,
    /// The filled sheet: sample.xlsx or sample.csv as it was saved, also as ODS; or Parquet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["size", "seed", "out", "by", "replace"])]
    pub results: Option<PathBuf>,
    /// The fewest checked claims a stratum needs to be extrapolated, if it has as many [default: 10; with --results
    /// what the sample was drawn with]
    #[arg(long, value_name = "N")]
    pub least: Option<u64>,
}

/// Draws a sample of validated claims, or evaluates a filled sheet.
///
/// # Errors
/// As [`audit_sample::draw`] and [`findings`].
pub fn run(options: &AuditSampleOptions, screen: &Screen) -> Result<Exit, RunError> {
    if let Some(sheet) = &options.results {
        let sample = audit_sample::read(&options.finished.run)?;
        let findings = findings(&sample, sheet, options.least.unwrap_or_else(|| sample.least()))?;
        if screen.json {
            screen.print_json(&findings);
        } else {
            screen.print(&findings_text(&findings, screen));
        }
        return Ok(Exit::Stands);
    }
    let missing = || RunError::choice("a sample needs --size, --seed and --out", "see sustain audit-sample --help");
    let request = AuditSampleRequest {
        run: options.finished.run.clone(),
        size: options.size.ok_or_else(missing)?,
        seed: options.seed.ok_or_else(missing)?,
        by: options.by,
        least: options.least.unwrap_or(USUAL_LEAST),
        out: place_of(options.out.as_deref().ok_or_else(missing)?, &NotesOnly(screen))?,
        existing: options.replacing.existing(),
    };
    let sample = audit_sample::draw(&request, &NotesOnly(screen))?;
    if screen.json {
        screen.print_json(&sample);
    } else {
        screen.say(&drawn_text(&sample, &request.out.display().to_string(), screen));
    }
    Ok(Exit::Stands)
}

fn drawn_text(sample: &SampleAccount, out: &str, screen: &Screen) -> String {
    let drawn: usize = sample.strata.iter().map(|stratum| stratum.drawn.len()).sum();
    // One stratum is all there is, and the sentences are of that.
    let strata = sample.precision.iter().filter(|precision| 1 < precision.strata.len());
    let mut in_short = strata.flat_map(|precision| precision.strata.iter().map(StratumPrecision::in_short));
    let rows = sample.strata.iter().map(|stratum| {
        let drawn = count_of(stratum.drawn.len());
        let mut row = vec![
            stratum.name.clone(),
            number(drawn),
            format!("of {}", number(stratum.claims)),
            Pence(stratum.pence).to_string(),
        ];
        row.extend(in_short.next());
        row
    });
    let rows = rows.collect();
    let sentences = sample.precision.iter().flat_map(SamplePrecision::sentences);
    let sentences: Vec<String> = sentences.map(|sentence| format!("  {sentence}")).collect();
    format!(
        "{out}: {} validated claims to check by hand, at least two of each stratum\n{}\n{}\n  fill in the sheet \
         (sample.xlsx or sample.csv): right is yes or no; where it is no, should_be is what should\n  have been paid, in pounds, \
         0 for nothing. Save it and give it back:\n  sustain audit-sample {out} --results {out}/sample.xlsx",
        number(count_of(drawn)),
        screen.table(&[1, 2, 3], rows),
        sentences.join("\n")
    )
}

fn findings_text(findings: &SampleFindings, screen: &Screen) -> String {
    let heads = ["stratum", "claims", "drawn", "checked", "wrong", "error rate", "overpaid", "at risk", "to recover"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    // One stratum is all there is.
    let shown: Vec<&StratumFindings> = match findings.strata.as_slice() {
        [_] => vec![&findings.all],
        strata => strata.iter().chain([&findings.all]).collect(),
    };
    rows.extend(shown.iter().map(|one| row(one)));
    let refused: Vec<String> = shown
        .iter()
        .filter_map(|one| Some(format!("  {}: not extrapolated, because {}", one.name, one.refused.as_ref()?)))
        .collect();
    let mut text = format!("{}\n{}", screen.heading("What the sample shows"), screen.table(&[1, 2, 3, 4], rows));
    if !refused.is_empty() {
        text += &format!("\n\n{}", refused.join("\n"));
    }
    text + "\n\n  Intervals are 95%, by Clopper and Pearson. Strata out of proportion are weighed by size, each bounded more widely for the\n  \
            whole to hold at 95%. At risk is what wrong claims come to, to recover the part of it that was too much."
}

fn row(one: &StratumFindings) -> Vec<String> {
    vec![
        one.name.clone(),
        number(one.claims),
        number(one.drawn),
        number(one.checked),
        number(one.wrong),
        one.error_rate.map_or_else(|| "-".to_owned(), rate),
        Pence(one.overpaid_pence).to_string(),
        one.at_risk_pence.map_or_else(|| "-".to_owned(), money),
        one.recovery_pence.map_or_else(|| "-".to_owned(), money),
    ]
}

fn rate(range: ShareRange) -> String {
    let percent = |share: f64| crate::statistics::percent(share);
    format!("{} ({} to {})", percent(range.value), percent(range.lower), percent(range.upper))
}

fn money(money: MoneyRange) -> String {
    format!("{} ({} to {})", Pence(money.value), Pence(money.lower), Pence(money.upper))
}

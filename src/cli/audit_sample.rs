//! `sustain audit-sample`

use super::args::AuditOptions;
use super::exit::Exit;
use super::screen::{Screen, number};
use crate::audit::found::{Findings, Money, Range, StratumFound, found};
use crate::audit::{self, Order, SampleAccount};
use crate::domain::Pence;
use crate::error::RunError;
use crate::publish::staging::Existing;

/// Draws a sample of validated claims, or says what a filled sheet of one shows.
///
/// # Errors
/// As [`audit::draw`] and [`found`].
pub fn run(options: &AuditOptions, screen: &Screen) -> Result<Exit, RunError> {
    if let Some(sheet) = &options.results {
        let findings = found(&audit::read(&options.run)?, sheet, options.least)?;
        if screen.json {
            screen.print_json(&findings)?;
        } else {
            screen.print(&told(&findings, screen));
        }
        return Ok(Exit::Stands);
    }
    let missing = || RunError::choice("a sample needs --size, --seed and --out", "see sustain audit-sample --help");
    let order = Order {
        run: options.run.clone(),
        size: options.size.ok_or_else(missing)?,
        seed: options.seed.ok_or_else(missing)?,
        by: options.by,
        out: options.out.clone().ok_or_else(missing)?,
        existing: if options.replace { Existing::Replace } else { Existing::Keep },
    };
    let sample = audit::draw(&order)?;
    if screen.json {
        screen.print_json(&sample)?;
    } else {
        screen.say(&drawn(&sample, &order.out.display().to_string(), screen));
    }
    Ok(Exit::Stands)
}

fn drawn(sample: &SampleAccount, out: &str, screen: &Screen) -> String {
    let drawn: usize = sample.strata.iter().map(|stratum| stratum.drawn.len()).sum();
    let rows = sample.strata.iter().map(|stratum| {
        let drawn = crate::domain::count_of(stratum.drawn.len());
        vec![
            stratum.name.clone(),
            number(drawn),
            format!("of {}", number(stratum.claims)),
            Pence(stratum.pence).to_string(),
        ]
    });
    format!(
        "{out}: {} validated claims to check by hand, at least two of each stratum\n{}\n  fill in the sheet (sample.csv or \
         sample.xlsx): right is yes or no; where it is no, should_be is what should\n  have been paid, in pounds, 0 for nothing. \
         Strata with fewer than 10 checked claims are not extrapolated (--least).\n  sustain audit-sample {out} --results FILLED.csv",
        number(u64::try_from(drawn).unwrap_or(u64::MAX)),
        screen.table(&[1, 2, 3], rows.collect())
    )
}

fn told(findings: &Findings, screen: &Screen) -> String {
    let heads = ["stratum", "claims", "drawn", "checked", "wrong", "error rate", "overpaid", "at risk", "to recover"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    // One stratum is all there is.
    let shown: Vec<&StratumFound> = match findings.strata.as_slice() {
        [_] => vec![&findings.all],
        strata => strata.iter().chain([&findings.all]).collect(),
    };
    rows.extend(shown.iter().map(|one| row(one)));
    let refused: Vec<String> = shown
        .iter()
        .filter_map(|one| Some(format!("  {}: nothing is extrapolated, for {}", one.name, one.refused.as_ref()?)))
        .collect();
    let mut text = format!("{}\n{}", screen.heading("What the sample shows"), screen.table(&[1, 2, 3, 4], rows));
    if !refused.is_empty() {
        text += &format!("\n\n{}", refused.join("\n"));
    }
    text + "\n\n  Intervals are 95%, by Clopper and Pearson. Strata out of proportion are weighed by size, each bounded more widely for the\n  \
            whole to hold at 95%. At risk is what wrong claims come to, to recover the part of it that was too much."
}

fn row(one: &StratumFound) -> Vec<String> {
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

fn rate(range: Range) -> String {
    let percent = |share: f64| crate::rates::interval::percent(share);
    format!("{} ({} to {})", percent(range.value), percent(range.lower), percent(range.upper))
}

fn money(money: Money) -> String {
    format!("{} ({} to {})", Pence(money.value), Pence(money.lower), Pence(money.upper))
}

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
    let rows = sample.strata.iter().map(|stratum| {
        let drawn = u64::try_from(stratum.drawn.len()).unwrap_or(u64::MAX);
        vec![
            stratum.name.clone(),
            number(drawn),
            format!("of {}", number(stratum.claims)),
            Pence(stratum.pence).to_string(),
        ]
    });
    format!(
        "{out}: a sheet of validated claims to check by hand\n{}\n  fill in right (yes or no) and, where it is no, should_be; then\n  \
         sustain audit-sample {out} --results FILLED.csv",
        screen.table(&[1, 2, 3], rows.collect())
    )
}

fn told(findings: &Findings, screen: &Screen) -> String {
    let heads = ["stratum", "claims", "checked", "wrong", "error rate", "overpaid", "at risk", "to recover"];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    rows.extend(findings.strata.iter().chain([&findings.all]).map(row));
    let refused: Vec<String> = findings
        .strata
        .iter()
        .chain([&findings.all])
        .filter_map(|one| Some(format!("  {}: nothing is extrapolated, for {}", one.name, one.refused.as_ref()?)))
        .collect();
    let mut text = format!("{}\n{}", screen.heading("What the sample shows"), screen.table(&[1, 2, 3], rows));
    if !refused.is_empty() {
        text += &format!("\n\n{}", refused.join("\n"));
    }
    text + "\n\n  Intervals are 95%; error rates by Clopper and Pearson. At risk is what wrong claims come to; to recover, what was\n  \
            paid too much."
}

fn row(one: &StratumFound) -> Vec<String> {
    vec![
        one.name.clone(),
        number(one.claims),
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

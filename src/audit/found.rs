//! What a filled sheet shows: how often validated claims are wrong, and what that comes to in money.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SampleAccount, Stratum};
use crate::domain::field::{Column, Field, Tally};
use crate::domain::{Fault, Pence};
use crate::error::RunError;
use crate::extract::source::{Source, Surveyed};
use crate::extract::table;
use crate::matching::claims::text_column;
use crate::rates::interval::{Share, clopper_pearson, known, millionths, weighted};

/// What is read of a filled sheet.
const COLUMNS: [Column; 4] = [
    Column::required("claim_row", &[], "the row of the claim in the claims file"),
    Column::required("amount", &[], "what was payable, pounds"),
    Column::required("right", &[], "yes or no"),
    Column::optional("should_be", &[], "what should have been paid, pounds; needed where right is no"),
];

/// The error of a sample, by stratum and in all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Findings {
    /// The run that was sampled, by fingerprint.
    pub run: String,
    /// The fewest checked claims from which a stratum is extrapolated.
    pub least: u64,
    /// The strata, by name.
    pub strata: Vec<StratumFound>,
    /// All of them together.
    pub all: StratumFound,
}

/// What was found in a stratum. Amounts are pence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StratumFound {
    /// Its name; `all` for the whole.
    pub name: String,
    /// Validated claims.
    pub claims: u64,
    /// What they are worth together.
    pub pence: i64,
    /// Claims that were drawn.
    pub drawn: u64,
    /// Claims that were checked.
    pub checked: u64,
    /// Claims that were found wrong.
    pub wrong: u64,
    /// The share wrong, with its exact (Clopper-Pearson) 95% interval. In all the strata's shares are weighed by their sizes;
    /// each is bounded at a level high enough for the whole to hold at 95%.
    pub error_rate: Option<Range>,
    /// What was paid too much in the sample.
    pub overpaid_pence: i64,
    /// Money at risk: what the wrong claims of the whole stratum come to, the error rate over all its money.
    pub at_risk_pence: Option<Money>,
    /// What could be recovered of the whole stratum: the share of the checked money that was paid too much, over all its
    /// money, within the bounds of the error rate.
    pub recovery_pence: Option<Money>,
    /// Why nothing is extrapolated, where nothing is.
    pub refused: Option<String>,
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The share.
    pub value: f64,
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// An amount with its interval, in pence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The amount.
    pub value: i64,
    /// The lower end.
    pub lower: i64,
    /// The upper end.
    pub upper: i64,
}

/// One checked claim.
struct Checked {
    amount: i64,
    is_wrong: bool,
    overpaid: i64,
}

/// Reads a filled sheet and works out what it shows.
///
/// # Errors
/// A sheet that cannot be used, by line and column; a claim that was not drawn, or stands there twice.
pub fn found(sample: &SampleAccount, sheet: &Path, least: u64) -> Result<Findings, RunError> {
    let surveyed = Source::new(sheet.to_owned()).survey()?;
    let checked = read(&surveyed, sample)?;
    let parts = u64::try_from(sample.strata.len()).unwrap_or(u64::MAX);
    let found: Vec<(StratumFound, Option<Share>)> =
        sample.strata.iter().map(|stratum| stratum_found(stratum, &checked, least, parts)).collect();
    let all = together(&found);
    let strata = found.into_iter().map(|(stratum, _)| stratum).collect();
    Ok(Findings { run: sample.run.clone(), least, strata, all })
}

fn read(surveyed: &Surveyed, sample: &SampleAccount) -> Result<BTreeMap<u32, Checked>, RunError> {
    let table = table::read(surveyed, &COLUMNS)?;
    let error = |index: usize, problem: String, hint: &str| -> RunError {
        let error = surveyed.source.error(problem, hint);
        match table.lines.get(index) {
            Some(line) => error.at_line(*line).into(),
            None => error.into(),
        }
    };
    if let Some(damaged) = table.quarantined.first() {
        let index = usize::try_from(damaged.row).unwrap_or(1).saturating_sub(1);
        return Err(error(index, damaged.reason.clone(), "mend the row"));
    }
    let columns: Vec<_> = COLUMNS.iter().map(|column| (column.name, text_column(&table.frame, column.name))).collect();
    let mut checked = BTreeMap::new();
    for index in 0..table.frame.height() {
        let cell = |name: &str| {
            columns.iter().find(|(known, _)| *known == name).and_then(|(_, column)| column.as_ref()?.get(index))
        };
        let mut tally = Tally::default();
        let row =
            tally.cell(cell("claim_row"), |text| text.parse::<u32>().map_err(|_| Fault::expected("a whole number")));
        let Field::Given(row) = row else {
            return Err(error(index, "claim_row cannot be used".into(), "it is the number the sample gave"));
        };
        if !sample.strata.iter().any(|stratum| stratum.drawn.contains(&row)) {
            return Err(error(index, format!("claim row {row} was not drawn"), "fill in the sheet of this sample"));
        }
        let is_right = match tally.cell(cell("right"), parse_right) {
            // Not checked yet.
            Field::Empty => continue,
            Field::Given(is_right) => is_right,
            Field::Unreadable(..) => return Err(error(index, "right cannot be used".into(), "it is yes or no")),
        };
        let amount = |name: &str| match tally.clone().cell(cell(name), Pence::parse) {
            Field::Given(amount) => Ok(Some(amount.0)),
            Field::Empty => Ok(None),
            Field::Unreadable(..) => Err(error(index, format!("{name} cannot be used"), "pounds, such as 1250.00")),
        };
        let paid = amount("amount")?.unwrap_or(0);
        let should_be = match (is_right, amount("should_be")?) {
            (true, None) => paid,
            (_, Some(should_be)) => should_be,
            (false, None) => {
                return Err(error(
                    index,
                    "should_be is empty".into(),
                    "where right is no, what should have been paid; 0 for nothing",
                ));
            }
        };
        let one = Checked { amount: paid, is_wrong: !is_right, overpaid: paid.saturating_sub(should_be) };
        if checked.insert(row, one).is_some() {
            return Err(error(index, format!("claim row {row} stands there twice"), "leave one out"));
        }
    }
    Ok(checked)
}

fn parse_right(text: &str) -> Result<bool, Fault> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" => Ok(true),
        "no" | "n" | "false" => Ok(false),
        _ => Err(Fault::expected("yes or no")),
    }
}

/// What was found in a stratum, and the bounds its part of the whole is taken within, where it is extrapolated.
fn stratum_found(
    stratum: &Stratum,
    checked: &BTreeMap<u32, Checked>,
    least: u64,
    parts: u64,
) -> (StratumFound, Option<Share>) {
    let own: Vec<&Checked> = stratum.drawn.iter().filter_map(|row| checked.get(row)).collect();
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let (seen, wrong) = (count(own.len()), count(own.iter().filter(|one| one.is_wrong).count()));
    let overpaid: i64 = own.iter().fold(0, |sum, one| one.overpaid.saturating_add(sum));
    let paid: i64 = own.iter().fold(0, |sum, one| one.amount.saturating_add(sum));
    // Where every claim was looked at nothing is left to chance.
    let bounds = |parts| if seen == stratum.claims { known(wrong, seen) } else { clopper_pearson(wrong, seen, parts) };
    let needed = least.min(stratum.claims);
    let refused = (seen < needed).then(|| format!("{seen} of its claims are checked, and {needed} are needed"));
    let within = bounds(parts).filter(|_| refused.is_none());
    let at_risk = within.map(|share| money(share, stratum.pence));
    let recovery = at_risk.map(|at_risk| {
        let value = if paid == 0 { 0 } else { scaled(overpaid, stratum.pence, paid) };
        Money { value, lower: at_risk.lower.min(value), upper: at_risk.upper.max(value) }
    });
    let found = StratumFound {
        name: stratum.name.clone(),
        claims: stratum.claims,
        pence: stratum.pence,
        drawn: count(stratum.drawn.len()),
        checked: seen,
        wrong,
        error_rate: bounds(1).map(range),
        overpaid_pence: overpaid,
        at_risk_pence: at_risk,
        recovery_pence: recovery,
        refused,
    };
    (found, within)
}

fn range(share: Share) -> Range {
    Range { value: share.value, lower: share.lower, upper: share.upper }
}

/// A share of an amount and the ends of its interval, to the nearest penny.
fn money(share: Share, pence: i64) -> Money {
    let of = |part: f64| scaled(millionths(part), pence, 1_000_000);
    Money { value: of(share.value), lower: of(share.lower), upper: of(share.upper) }
}

/// `part` over `whole`, of `of`, to the nearest penny.
fn scaled(part: i64, of: i64, whole: i64) -> i64 {
    let exact = i128::from(part) * i128::from(of) * 2 + i128::from(whole);
    i64::try_from(exact.div_euclid(i128::from(whole) * 2)).unwrap_or(i64::MAX)
}

/// All strata together: counts are added, and money where every stratum is extrapolated.
fn together(found: &[(StratumFound, Option<Share>)]) -> StratumFound {
    let strata = || found.iter().map(|(stratum, _)| stratum);
    let sum = |of: &dyn Fn(&StratumFound) -> u64| strata().map(of).sum::<u64>();
    let pence = |of: &dyn Fn(&StratumFound) -> i64| strata().fold(0_i64, |sum, one| sum.saturating_add(of(one)));
    let money = |of: &dyn Fn(&StratumFound) -> Option<Money>| -> Option<Money> {
        let all: Option<Vec<Money>> = strata().map(of).collect();
        let add = |sum: Money, one: &Money| Money {
            value: sum.value.saturating_add(one.value),
            lower: sum.lower.saturating_add(one.lower),
            upper: sum.upper.saturating_add(one.upper),
        };
        Some(all?.iter().fold(Money { value: 0, lower: 0, upper: 0 }, add))
    };
    let parts: Option<Vec<(Share, u64)>> =
        found.iter().map(|(stratum, share)| share.map(|share| (share, stratum.claims))).collect();
    let refused: Vec<&str> = strata().filter(|one| one.refused.is_some()).map(|one| one.name.as_str()).collect();
    StratumFound {
        name: "all".into(),
        claims: sum(&|one| one.claims),
        pence: pence(&|one| one.pence),
        drawn: sum(&|one| one.drawn),
        checked: sum(&|one| one.checked),
        wrong: sum(&|one| one.wrong),
        error_rate: parts.and_then(|parts| weighted(&parts)).map(range),
        overpaid_pence: pence(&|one| one.overpaid_pence),
        at_risk_pence: money(&|one| one.at_risk_pence),
        recovery_pence: money(&|one| one.recovery_pence),
        refused: (!refused.is_empty()).then(|| format!("too few claims are checked in {}", refused.join(", "))),
    }
}

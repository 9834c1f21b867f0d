//! What a filled sheet shows: how often validated claims are wrong, and what that comes to in money.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Drawn, SampleAccount, Stratum};
use crate::domain::field::{Column, Field};
use crate::domain::{Fault, Pence};
use crate::error::{InputError, RunError};
use crate::extract::source::{Source, Surveyed};
use crate::extract::table;
use crate::rates::interval::{Share, clopper_pearson, known, millionths, weighted};

/// What is read of a filled sheet.
const COLUMNS: [Column; 5] = [
    Column::required("claim_row", &[], "the row of the claim in the claims file"),
    Column::required("claim_id", &[], "the claim, as the sheet gave it"),
    Column::required("amount", &[], "what was payable, as the sheet gave it"),
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
    /// Money at risk: what the wrong claims of the whole stratum come to, the error rate over all its money, and never less
    /// than was found.
    pub at_risk_pence: Option<Money>,
    /// What could be recovered of the whole stratum: of the money at risk the part that was too much among the wrong claims
    /// that were found; at most all of it.
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
    if sheet.extension().is_some_and(|extension| extension == "xlsx" || extension == "ods") {
        let shown = sheet.display().to_string();
        let hint = "save its sheet `claims` as CSV and give that";
        return Err(InputError::new(shown, "this is a spreadsheet", hint).into());
    }
    let surveyed = Source::new(sheet.to_owned()).survey()?;
    let checked = read(&surveyed, sample)?;
    let parts = crate::domain::count_of(sample.strata.len());
    let found: Vec<(StratumFound, Part)> =
        sample.strata.iter().map(|stratum| stratum_found(stratum, &checked, least, parts)).collect();
    let all = together(&found);
    let strata = found.into_iter().map(|(stratum, _)| stratum).collect();
    Ok(Findings { run: sample.run.clone(), least, strata, all })
}

fn read(surveyed: &Surveyed, sample: &SampleAccount) -> Result<BTreeMap<u32, Checked>, RunError> {
    let table = table::read(surveyed, &COLUMNS)?;
    table.whole(surveyed)?;
    let error = |index: usize, problem: String, hint: &str| -> RunError {
        table.error_in(surveyed, index, problem, hint).into()
    };
    let cells = table.cells(&COLUMNS);
    let mut checked = BTreeMap::new();
    for index in 0..table.frame.height() {
        let cell = |name: &str| cells.get(index, name);
        let row = Field::read(cell("claim_row"), |text| text.parse::<u32>().map_err(|_| Fault::expected("a number")));
        let Field::Given(row) = row else {
            return Err(error(index, "claim_row cannot be used".into(), "it is the number the sample gave"));
        };
        let all = sample.strata.iter().flat_map(|stratum| &stratum.drawn);
        let Some(drawn) = all.into_iter().find(|drawn| drawn.row == row) else {
            return Err(error(index, format!("claim row {row} was not drawn"), "fill in the sheet of this sample"));
        };
        let amount = |name: &str| match Field::read(cell(name), Pence::parse) {
            Field::Given(amount) => Ok(Some(amount.0)),
            Field::Empty => Ok(None),
            Field::Unreadable(..) => Err(error(
                index,
                format!("{name} cannot be used"),
                "pounds, such as 1250.00, and 0 where nothing was due",
            )),
        };
        if cell("claim_id").unwrap_or_default() != sheet_cell(&drawn.claim_id) || amount("amount")? != Some(drawn.pence)
        {
            let problem = format!("claim_id or amount is not that of claim row {row}");
            return Err(error(index, problem, "leave what the sheet gave as it is; sorting must move whole rows"));
        }
        let is_right = match Field::read(cell("right"), parse_right) {
            // Not checked yet.
            Field::Empty => continue,
            Field::Given(is_right) => is_right,
            Field::Unreadable(..) => return Err(error(index, "right cannot be used".into(), "it is yes or no")),
        };
        let should_be = should_be(is_right, amount("should_be")?, drawn.pence)
            .map_err(|(problem, hint)| error(index, problem.into(), hint))?;
        let one = Checked { amount: drawn.pence, is_wrong: !is_right, overpaid: drawn.pence.saturating_sub(should_be) };
        if checked.insert(row, one).is_some() {
            return Err(error(index, format!("claim row {row} stands there twice"), "leave one out"));
        }
    }
    Ok(checked)
}

/// What should have been paid; or what is wrong with the answer, and what is meant.
fn should_be(is_right: bool, given: Option<i64>, paid: i64) -> Result<i64, (&'static str, &'static str)> {
    match (is_right, given) {
        (true, None) => Ok(paid),
        (true, Some(should_be)) if should_be == paid => Ok(paid),
        (true, Some(_)) => {
            Err(("right is yes and should_be is another amount", "where right is yes, leave should_be empty"))
        }
        (false, Some(should_be)) if (0..paid).contains(&should_be) => Ok(should_be),
        (false, Some(_)) => Err((
            "right is no and should_be is not less than the amount",
            "where right is no, less than the amount should have been paid; put anything else in note",
        )),
        (false, None) => Err(("should_be is empty", "where right is no, what should have been paid; 0 for nothing")),
    }
}

/// A claim's number as the sheet holds it: what a spreadsheet would run as a formula has a quotation mark in front.
fn sheet_cell(claim_id: &str) -> String {
    if claim_id.starts_with(['=', '+', '-', '@']) { format!("'{claim_id}") } else { claim_id.to_owned() }
}

fn parse_right(text: &str) -> Result<bool, Fault> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" => Ok(true),
        "no" | "n" | "false" => Ok(false),
        _ => Err(Fault::expected("yes or no")),
    }
}

/// What was found in a stratum, and the bounds its part of the whole is taken within, where it is extrapolated.
fn stratum_found(stratum: &Stratum, checked: &BTreeMap<u32, Checked>, least: u64, parts: u64) -> (StratumFound, Part) {
    let own: Vec<&Checked> = stratum.drawn.iter().filter_map(|drawn: &Drawn| checked.get(&drawn.row)).collect();
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let wrong_ones = || own.iter().filter(|one| one.is_wrong);
    let (seen, wrong) = (count(own.len()), count(wrong_ones().count()));
    let overpaid: i64 = own.iter().fold(0, |sum, one| one.overpaid.saturating_add(sum));
    let paid_wrongly: i64 = wrong_ones().fold(0, |sum, one| one.amount.saturating_add(sum));
    // Where every claim was looked at nothing is left to chance.
    let bounds = |parts| if seen == stratum.claims { known(wrong, seen) } else { clopper_pearson(wrong, seen, parts) };
    let needed = least.min(stratum.claims);
    let refused = (seen < needed).then(|| format!("{seen} of its claims are checked, and {needed} are needed"));
    let extrapolated = |parts| bounds(parts).filter(|_| refused.is_none());
    let at_risk = |parts| extrapolated(parts).map(|share| no_less(money(share, stratum.pence), paid_wrongly));
    // Of the money of wrong claims the part that was too much; the most that can be is all of it.
    let recovery = |parts| {
        let at_risk: Money = at_risk(parts)?;
        let part = |of: i64| if paid_wrongly == 0 { 0 } else { scaled(overpaid, of, paid_wrongly) };
        Some(no_less(Money { value: part(at_risk.value), lower: part(at_risk.lower), upper: at_risk.upper }, overpaid))
    };
    let found = StratumFound {
        name: stratum.name.clone(),
        claims: stratum.claims,
        pence: stratum.pence,
        drawn: count(stratum.drawn.len()),
        checked: seen,
        wrong,
        error_rate: bounds(1).map(range),
        overpaid_pence: overpaid,
        at_risk_pence: at_risk(1),
        recovery_pence: recovery(1),
        refused: refused.clone(),
    };
    let part = Part { share: extrapolated(parts), at_risk: at_risk(parts), recovery: recovery(parts) };
    (found, part)
}

/// What a stratum adds to the whole, bounded widely enough for the whole to hold at 95%.
#[derive(Clone, Copy)]
struct Part {
    share: Option<Share>,
    at_risk: Option<Money>,
    recovery: Option<Money>,
}

/// An amount that cannot be less than what was found.
fn no_less(money: Money, found: i64) -> Money {
    Money { value: money.value.max(found), lower: money.lower.max(found), upper: money.upper.max(found) }
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
fn together(found: &[(StratumFound, Part)]) -> StratumFound {
    let strata = || found.iter().map(|(stratum, _)| stratum);
    let sum = |of: &dyn Fn(&StratumFound) -> u64| strata().map(of).sum::<u64>();
    let pence = |of: &dyn Fn(&StratumFound) -> i64| strata().fold(0_i64, |sum, one| sum.saturating_add(of(one)));
    let money = |of: &dyn Fn(&Part) -> Option<Money>| -> Option<Money> {
        let all: Option<Vec<Money>> = found.iter().map(|(_, part)| of(part)).collect();
        let add = |sum: Money, one: &Money| Money {
            value: sum.value.saturating_add(one.value),
            lower: sum.lower.saturating_add(one.lower),
            upper: sum.upper.saturating_add(one.upper),
        };
        Some(all?.iter().fold(Money { value: 0, lower: 0, upper: 0 }, add))
    };
    let parts: Option<Vec<(Share, u64)>> =
        found.iter().map(|(stratum, part)| part.share.map(|share| (share, stratum.claims))).collect();
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
        at_risk_pence: money(&|part| part.at_risk),
        recovery_pence: money(&|part| part.recovery),
        refused: (!refused.is_empty()).then(|| format!("too few claims are checked in {}", refused.join(", "))),
    }
}

//! Estimates from a filled sheet how often validated claims are wrong, and how much money that is.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answers::{CheckedClaim, read};
use super::error_rate::{CheckedCounts, error_rate_of_all};
use super::precision::is_too_few;
use super::{ClaimsOfAmount, DrawnClaim, SampleAccount, Stratum};
use crate::domain::count_of;
use crate::error::RunError;
use crate::statistics::{ShareEstimate, millionths};

/// The estimated error rate of a sample, by stratum and in total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleFindings {
    /// The run that was sampled, by fingerprint.
    pub run: String,
    /// The fewest checked claims from which a stratum is extrapolated.
    pub least: u64,
    /// The strata, by name.
    pub strata: Vec<StratumFindings>,
    /// All of them together.
    pub all: StratumFindings,
}

/// What was found in a stratum. Amounts are pence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StratumFindings {
    /// Its name; `all` for the whole.
    pub name: String,
    /// Validated claims.
    pub claims: u64,
    /// Their total amount.
    pub pence: i64,
    /// Claims that were drawn.
    pub drawn: u64,
    /// Claims that were checked.
    pub checked: u64,
    /// Claims that were found wrong.
    pub wrong: u64,
    /// The share wrong, with its exact (Clopper-Pearson) 95% interval. In all, where strata are drawn and checked in proportion,
    /// that of the checked claims together; else the strata's shares are weighed by their sizes, each bounded at a level high
    /// enough for the whole to hold at 95%.
    pub error_rate: Option<ShareRange>,
    /// How much was overpaid in the sample.
    pub overpaid_pence: i64,
    /// Money at risk: what the wrong claims of the whole stratum come to. The amount is the error rate over all its money; the
    /// interval is of the least and the most that so many wrong claims can be worth, and never less than was found.
    pub at_risk_pence: Option<MoneyRange>,
    /// What could be recovered of the whole stratum: of the money at risk the part that was too much among the wrong claims
    /// that were found; at least what was found, at most all that is at risk.
    pub recovery_pence: Option<MoneyRange>,
    /// Why the stratum is not extrapolated, if it is not.
    pub refused: Option<String>,
}

/// A share with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareRange {
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
pub struct MoneyRange {
    /// The amount.
    pub value: i64,
    /// The lower end.
    pub lower: i64,
    /// The upper end.
    pub upper: i64,
}

/// Reads a filled sheet and estimates error rates from it.
///
/// # Errors
/// The sheet cannot be used (the error names line and column), lists a claim that was not drawn, or lists a claim
/// twice.
pub fn findings(sample: &SampleAccount, sheet: &Path, least: u64) -> Result<SampleFindings, RunError> {
    let checked = read(sheet, sample)?;
    let parts = count_of(sample.strata.len());
    let found: Vec<(StratumFindings, StratumEstimate)> =
        sample.strata.iter().map(|stratum| stratum_findings(stratum, &checked, least, parts)).collect();
    let all = all_strata(&found);
    let strata = found.into_iter().map(|(stratum, _)| stratum).collect();
    Ok(SampleFindings { run: sample.run.clone(), least, strata, all })
}

/// The findings of a stratum, and its contribution to the total estimate.
fn stratum_findings(
    stratum: &Stratum,
    checked: &BTreeMap<u32, CheckedClaim>,
    least: u64,
    parts: u64,
) -> (StratumFindings, StratumEstimate) {
    let own: Vec<&CheckedClaim> =
        stratum.drawn.iter().filter_map(|drawn: &DrawnClaim| checked.get(&drawn.row)).collect();
    let wrong_ones = || own.iter().filter(|one| one.is_wrong);
    let (seen, wrong) = (count_of(own.len()), count_of(wrong_ones().count()));
    let overpaid: i64 = own.iter().fold(0, |sum, one| one.overpaid.saturating_add(sum));
    let paid_wrongly: i64 = wrong_ones().fold(0, |sum, one| one.amount.saturating_add(sum));
    let counts = CheckedCounts { claims: stratum.claims, checked: seen, wrong };
    let refused = is_too_few(seen, stratum.claims, least)
        .then(|| format!("{seen} of its claims are checked, and {} are needed", least.min(stratum.claims)));
    let at_risk = |parts| {
        let share = counts.error_rate(parts).filter(|_| refused.is_none())?;
        Some(money_at_risk(stratum, share, seen - wrong, paid_wrongly))
    };
    // The overpaid share of the money in wrong claims.
    let recovery = |parts| {
        let at_risk: MoneyRange = at_risk(parts)?;
        let part = if paid_wrongly == 0 { 0 } else { scaled(overpaid, at_risk.value, paid_wrongly) };
        Some(MoneyRange { value: part.max(overpaid), lower: overpaid, upper: at_risk.upper })
    };
    let part = StratumEstimate { counts, at_risk: at_risk(parts), recovery: recovery(parts) };
    let found = StratumFindings {
        name: stratum.name.clone(),
        claims: stratum.claims,
        pence: stratum.pence,
        drawn: count_of(stratum.drawn.len()),
        checked: seen,
        wrong,
        error_rate: counts.error_rate(1).map(range),
        overpaid_pence: overpaid,
        at_risk_pence: at_risk(1),
        recovery_pence: recovery(1),
        refused,
    };
    (found, part)
}

/// A stratum's contribution to the total estimate, with bounds wide enough for the total to hold at 95%.
#[derive(Clone, Copy)]
struct StratumEstimate {
    counts: CheckedCounts,
    at_risk: Option<MoneyRange>,
    recovery: Option<MoneyRange>,
}

/// The money in the wrong claims of a stratum, extrapolated. Nobody knows which claims they are, so the ends are of the
/// claims worth least and of
/// those worth most: however the wrong ones are spread over amounts, they hold where the bounds of the share do.
fn money_at_risk(stratum: &Stratum, share: ShareEstimate, right: u64, found: i64) -> MoneyRange {
    let most_wrong = stratum.claims.saturating_sub(right);
    // One millionth is added on the safe side, because shares are rounded to millionths here.
    let least_claims =
        u128::from(stratum.claims) * u128::try_from(millionths(share.lower) - 1).unwrap_or(0) / 1_000_000;
    let most_claims =
        (u128::from(stratum.claims) * u128::try_from(millionths(share.upper) + 1).unwrap_or(0)).div_ceil(1_000_000);
    let held = |claims: u128| u64::try_from(claims).unwrap_or(u64::MAX).min(most_wrong);
    let lower = sum_of(stratum.worth.iter(), held(least_claims)).max(found);
    let upper = sum_of(stratum.worth.iter().rev(), held(most_claims)).max(lower);
    let value = scaled(millionths(share.value), stratum.pence, 1_000_000);
    MoneyRange { value: value.clamp(lower, upper), lower, upper }
}

/// The total amount of the first `claims` claims.
fn sum_of<'a>(worth: impl Iterator<Item = &'a ClaimsOfAmount>, claims: u64) -> i64 {
    let mut left = claims;
    worth.fold(0_i64, |sum, one| {
        let taken = one.claims.min(left);
        left -= taken;
        sum.saturating_add(one.pence.saturating_mul(i64::try_from(taken).unwrap_or(i64::MAX)))
    })
}

fn range(share: ShareEstimate) -> ShareRange {
    ShareRange { value: share.value, lower: share.lower, upper: share.upper }
}

/// `of` times `part` over `whole`, to the nearest penny.
fn scaled(part: i64, of: i64, whole: i64) -> i64 {
    let exact = i128::from(part) * i128::from(of) * 2 + i128::from(whole);
    i64::try_from(exact.div_euclid(i128::from(whole) * 2)).unwrap_or(i64::MAX)
}

/// Adds up all strata: counts always, money only if every stratum is extrapolated.
fn all_strata(found: &[(StratumFindings, StratumEstimate)]) -> StratumFindings {
    let strata = || found.iter().map(|(stratum, _)| stratum);
    let sum = |of: &dyn Fn(&StratumFindings) -> u64| strata().map(of).sum::<u64>();
    let pence = |of: &dyn Fn(&StratumFindings) -> i64| strata().fold(0_i64, |sum, one| sum.saturating_add(of(one)));
    let money = |of: &dyn Fn(&StratumEstimate) -> Option<MoneyRange>| -> Option<MoneyRange> {
        let all: Option<Vec<MoneyRange>> = found.iter().map(|(_, part)| of(part)).collect();
        let add = |sum: MoneyRange, one: &MoneyRange| MoneyRange {
            value: sum.value.saturating_add(one.value),
            lower: sum.lower.saturating_add(one.lower),
            upper: sum.upper.saturating_add(one.upper),
        };
        Some(all?.iter().fold(MoneyRange { value: 0, lower: 0, upper: 0 }, add))
    };
    let refused: Vec<&str> = strata().filter(|one| one.refused.is_some()).map(|one| one.name.as_str()).collect();
    let counts: Vec<CheckedCounts> = found.iter().map(|(_, part)| part.counts).collect();
    StratumFindings {
        name: "all".into(),
        claims: sum(&|one| one.claims),
        pence: pence(&|one| one.pence),
        drawn: sum(&|one| one.drawn),
        checked: sum(&|one| one.checked),
        wrong: sum(&|one| one.wrong),
        error_rate: error_rate_of_all(&counts).map(range),
        overpaid_pence: pence(&|one| one.overpaid_pence),
        at_risk_pence: money(&|part| part.at_risk),
        recovery_pence: money(&|part| part.recovery),
        refused: (!refused.is_empty()).then(|| format!("too few claims are checked in {}", refused.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::clopper_pearson;

    /// 990 claims of £500 and ten of £5,000, of which 200 were drawn.
    fn stratum() -> Stratum {
        let drawn = (1..=200).map(|row| DrawnClaim { row, claim_id: row.to_string(), pence: 50_000 });
        Stratum {
            name: "all".into(),
            claims: 1_000,
            pence: 990 * 50_000 + 10 * 500_000,
            worth: vec![ClaimsOfAmount { pence: 50_000, claims: 990 }, ClaimsOfAmount { pence: 500_000, claims: 10 }],
            drawn: drawn.collect(),
        }
    }

    fn checked(wrong: u32) -> BTreeMap<u32, CheckedClaim> {
        let one = |row: u32| CheckedClaim {
            amount: 50_000,
            is_wrong: row <= wrong,
            overpaid: if row <= wrong { 20_000 } else { 0 },
        };
        (1..=200).map(|row| (row, one(row))).collect()
    }

    #[test]
    fn money_is_bounded_however_the_wrong_claims_are_spread_over_amounts() {
        let (found, _) = stratum_findings(&stratum(), &checked(2), 10, 1);
        let money = found.at_risk_pence.unwrap();
        // Clopper and Pearson's upper end of 2 in 200 is 3.57%: 36 claims, ten of them of £5,000.
        assert_eq!(money.upper, 10 * 500_000 + 26 * 50_000);
        // At least the two that were found.
        assert_eq!(money.lower, 100_000);
        let recovery = found.recovery_pence.unwrap();
        assert_eq!((recovery.lower, recovery.upper), (40_000, money.upper));
        assert!(recovery.value < money.value);
    }

    #[test]
    fn what_was_looked_at_whole_is_known() {
        let whole = Stratum {
            claims: 200,
            pence: 200 * 50_000,
            worth: vec![ClaimsOfAmount { pence: 50_000, claims: 200 }],
            ..stratum()
        };
        let (found, _) = stratum_findings(&whole, &checked(3), 10, 4);
        let money = found.at_risk_pence.unwrap();
        assert!(money.lower <= 150_000 && money.value == 150_000 && 150_000 <= money.upper, "{money:?}");
        let (few, _) = stratum_findings(&stratum(), &BTreeMap::new(), 10, 1);
        assert!(few.refused.is_some() && few.at_risk_pence.is_none() && few.error_rate.is_none());
    }

    #[test]
    fn strata_in_proportion_are_one_sample() {
        let half = |wrong| {
            let own = Stratum { claims: 1_000, ..stratum() };
            stratum_findings(&own, &checked(wrong), 10, 2)
        };
        let all = all_strata(&[half(2), half(0)]);
        let pooled = clopper_pearson(2, 400, 1).map(range);
        assert_eq!(all.error_rate, pooled);
        // A stratum drawn far more thickly than its size calls for.
        let small = Stratum { claims: 210, ..stratum() };
        let uneven = all_strata(&[half(2), stratum_findings(&small, &checked(0), 10, 2)]).error_rate.unwrap();
        assert!(pooled.unwrap().upper < uneven.upper);
    }
}

//! Draws a stratified sample of validated claims.

use std::collections::BTreeMap;

use super::{ClaimsOfAmount, DrawnClaim, StratifyBy, Stratum};
use crate::domain::count_of as count;
use crate::reopen::{ResultRow, each_batch};
use crate::sealed::OpenFolder;

/// The fewest claims drawn from a stratum that has as many: variance cannot be estimated from fewer than two.
const LEAST_DRAWN: u64 = 2;

/// A validated claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ValidatedClaim {
    /// The row's number in the claims file.
    pub(super) row: u32,
    /// Its stratum.
    pub(super) stratum: String,
    /// Its amount in pence.
    pub(super) pence: i64,
    /// Its cells, by column.
    pub(super) cells: BTreeMap<String, String>,
}

/// Every validated claim of a run.
pub(super) fn validated(run: &OpenFolder, by: StratifyBy) -> Result<Vec<ValidatedClaim>, String> {
    const COLUMNS: [&str; 13] = [
        "claim_id",
        "provider_id",
        "contract_id",
        "participant_id",
        "outcome",
        "job_start_date",
        "amount_claimed",
        "achieved_on",
        "employer",
        "first_cover",
        "last_cover",
        "claim_row",
        "payable",
    ];
    let mut claims = Vec::new();
    each_batch(run, "validated.parquet", &COLUMNS, &mut |batch| {
        for number in 0..batch.num_rows() {
            let row = ResultRow::new(batch, number);
            let cells = row.cells();
            let pence = row.payable().unwrap_or_default().0;
            let stratum = by.column().map_or("all", |column| cells.get(column).map_or("(none)", String::as_str));
            claims.push(ValidatedClaim { row: row.number()?, stratum: stratum.to_owned(), pence, cells });
        }
        Ok(())
    })?;
    Ok(claims)
}

/// Draws from each stratum its proportional share of the sample, at least two claims. Returns the strata, and the drawn
/// claims by stratum, within a stratum in random order.
pub(super) fn draw(claims: &[ValidatedClaim], run: &str, size: u64, seed: u64) -> (Vec<Stratum>, Vec<ValidatedClaim>) {
    let mut by_stratum: BTreeMap<&str, Vec<&ValidatedClaim>> = BTreeMap::new();
    for claim in claims {
        by_stratum.entry(&claim.stratum).or_default().push(claim);
    }
    let sizes: Vec<u64> = by_stratum.values().map(|own| count(own.len())).collect();
    let mut strata = Vec::new();
    let mut drawn = Vec::new();
    for ((name, mut own), wanted) in by_stratum.into_iter().zip(proportional_sizes(&sizes, size)) {
        own.sort_by_key(|claim| (seeded_hash(run, seed, claim.row), claim.row));
        let taken = own.iter().take(usize::try_from(wanted).unwrap_or(usize::MAX));
        let one = |claim: &&ValidatedClaim| DrawnClaim {
            row: claim.row,
            claim_id: claim.cells.get("claim_id").cloned().unwrap_or_default(),
            pence: claim.pence,
        };
        let mut rows: Vec<DrawnClaim> = taken.clone().map(one).collect();
        rows.sort_by_key(|drawn| drawn.row);
        drawn.extend(taken.map(|claim| (*claim).clone()));
        strata.push(Stratum {
            name: name.to_owned(),
            claims: count(own.len()),
            pence: own.iter().fold(0, |sum, claim| claim.pence.saturating_add(sum)),
            worth: claims_by_amount(&own),
            drawn: rows,
        });
    }
    (strata, drawn)
}

/// Counts claims by amount, the smallest amount first.
fn claims_by_amount(claims: &[&ValidatedClaim]) -> Vec<ClaimsOfAmount> {
    let mut by_pence: BTreeMap<i64, u64> = BTreeMap::new();
    for claim in claims {
        *by_pence.entry(claim.pence).or_default() += 1;
    }
    by_pence.into_iter().map(|(pence, claims)| ClaimsOfAmount { pence, claims }).collect()
}

/// The sample sizes of strata of these sizes: proportional, with the largest remainders rounded up, and at least two
/// each.
fn proportional_sizes(sizes: &[u64], size: u64) -> Vec<u64> {
    let all: u128 = sizes.iter().copied().map(u128::from).sum();
    if all == 0 {
        return vec![0; sizes.len()];
    }
    let exact = |own: u64| u128::from(own) * u128::from(size.min(u64::try_from(all).unwrap_or(u64::MAX)));
    let mut shares: Vec<u64> = sizes.iter().map(|own| u64::try_from(exact(*own) / all).unwrap_or(*own)).collect();
    let given: u64 = shares.iter().sum();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let remainder = |index: &usize| sizes.get(*index).map_or(0, |own| exact(*own) % all);
    order.sort_by_key(|index| (std::cmp::Reverse(remainder(index)), *index));
    let missing = size.saturating_sub(given);
    for index in order.into_iter().take(usize::try_from(missing).unwrap_or(usize::MAX)) {
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
        }
    }
    shares.iter().zip(sizes).map(|(share, own)| (*share).max(LEAST_DRAWN).min(*own)).collect()
}

/// The pseudo-random sort key of a claim: a hash of run, seed and row.
fn seeded_hash(run: &str, seed: u64, row: u32) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(run.as_bytes());
    hasher.update(&seed.to_le_bytes());
    hasher.update(&row.to_le_bytes());
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stratum_has_its_share_and_at_least_two() {
        assert_eq!(proportional_sizes(&[900, 90, 10], 100), [90, 9, 2]);
        assert_eq!(proportional_sizes(&[1, 3], 100), [1, 3]);
        assert_eq!(proportional_sizes(&[50, 50, 50], 10), [4, 3, 3]);
        assert_eq!(proportional_sizes(&[], 10), [0; 0]);
    }

    #[test]
    fn a_seed_draws_the_same_claims_and_another_seed_others() {
        let claims: Vec<ValidatedClaim> = (1..=500)
            .map(|row| ValidatedClaim { row, stratum: format!("S{}", row % 3), pence: 100, cells: BTreeMap::new() })
            .collect();
        let rows = |seed| draw(&claims, "run", 30, seed).0.into_iter().map(|stratum| stratum.drawn).collect::<Vec<_>>();
        assert_eq!(rows(1), rows(1));
        assert_ne!(rows(1), rows(2));
        assert_eq!(rows(1).iter().map(Vec::len).sum::<usize>(), 30);
        let pence: i64 = draw(&claims, "run", 30, 1).0.iter().map(|stratum| stratum.pence).sum();
        assert_eq!(pence, 50_000);
    }
}

//! Sums what is claimed and what is payable, by provider and contract, to the penny.

use std::collections::BTreeMap;

use crate::account::{MoneyAccount, MoneyTotals, shown_of};
use crate::batch::DecidedClaim;
use crate::domain::Pence;
use crate::domain::money::plain;
use crate::judge::Verdict;

/// The most pairs of provider and contract that are listed; what comes after them is added up in one line.
const MOST_LISTED: usize = 1_000;

/// Sums by provider and contract.
#[derive(Debug, Default)]
pub(super) struct MoneyByContract(BTreeMap<(String, String), Sums>);

#[derive(Debug, Clone, Default)]
struct Sums {
    claims: u64,
    validated: u64,
    priced: u64,
    claimed: i128,
    claimed_validated: i128,
    payable: i128,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.claims += other.claims;
        self.validated += other.validated;
        self.priced += other.priced;
        self.claimed += other.claimed;
        self.claimed_validated += other.claimed_validated;
        self.payable += other.payable;
    }

    fn account(self, provider_id: String, contract_id: String) -> MoneyAccount {
        MoneyAccount {
            provider_id,
            contract_id,
            claims: self.claims,
            validated: self.validated,
            priced: self.priced,
            claimed: plain(self.claimed),
            claimed_validated: plain(self.claimed_validated),
            payable: plain(self.payable),
        }
    }
}

impl MoneyByContract {
    /// Adds a decided claim.
    pub(super) fn add(&mut self, decided: &DecidedClaim<'_>) {
        let claim = decided.claim;
        let validated = decided.decision.verdict == Verdict::Validated;
        let claimed = claim.amount_claimed.given().map_or(0, |Pence(pence)| i128::from(*pence));
        let payable = decided.decision.payable();
        let one = Sums {
            claims: 1,
            validated: u64::from(validated),
            priced: u64::from(payable.is_some()),
            claimed,
            claimed_validated: if validated { claimed } else { 0 },
            payable: payable.map_or(0, |Pence(pence)| i128::from(pence)),
        };
        self.0.entry((shown_of(claim.provider_id()), shown_of(claim.contract_id()))).or_default().add(&one);
    }

    /// Adds the sums of other claims.
    pub(super) fn join(&mut self, other: Self) {
        for (contract, sums) in other.0 {
            self.0.entry(contract).or_default().add(&sums);
        }
    }

    /// The sums, in all and in order of provider and contract.
    pub(super) fn totals(self) -> MoneyTotals {
        let mut all = Sums::default();
        let mut others = Sums::default();
        let mut by_contract = Vec::new();
        for (index, ((provider_id, contract_id), sums)) in self.0.into_iter().enumerate() {
            all.add(&sums);
            if index < MOST_LISTED {
                by_contract.push(sums.account(provider_id, contract_id));
            } else {
                others.add(&sums);
            }
        }
        if others.claims > 0 {
            by_contract.push(others.account("(all others)".into(), String::new()));
        }
        MoneyTotals {
            claimed: plain(all.claimed),
            claimed_validated: plain(all.claimed_validated),
            priced: all.priced,
            payable: plain(all.payable),
            by_contract,
            walk: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_places() {
        assert_eq!(plain(5), "0.05");
        assert_eq!(plain(-250_000), "-2500.00");
    }
}

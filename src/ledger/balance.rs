//! The balance of a ledger, to the penny, by provider, contract and the month in which claims were received.

use std::collections::BTreeMap;

use serde::Serialize;

use super::book::{Book, LedgerClaim};
use super::state::ClaimState;

/// The names of the amounts, in the order of [`Balance::amounts`].
pub const AMOUNTS: [&str; 11] = [
    "claimed",
    "payable",
    "rejected",
    "withdrawn",
    "lapsed",
    "open",
    "due",
    "paid",
    "stands",
    "recovered",
    "to_recover",
];

/// What some claims come to, in pence. `claimed` = `payable` + `rejected` + `withdrawn` + `lapsed` + `open`;
/// `payable` = `paid` + `due`; `paid` = `stands` + `recovered` + `to_recover`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Balance {
    /// How many claims; attempts that a correction replaced do not count.
    pub claims: i64,
    /// What is claimed.
    pub claimed: i64,
    /// What is payable, paid or not.
    pub payable: i64,
    /// What is not paid because the claim was rejected, or is beyond the scheme's price.
    pub rejected: i64,
    /// What providers took back.
    pub withdrawn: i64,
    /// What nobody settled in time.
    pub lapsed: i64,
    /// What is to be settled.
    pub open: i64,
    /// What is payable and not yet paid.
    pub due: i64,
    /// What was paid.
    pub paid: i64,
    /// What was paid and stands.
    pub stands: i64,
    /// What was paid and recovered.
    pub recovered: i64,
    /// What was paid and is to be recovered.
    pub to_recover: i64,
}

/// Whose balance it is: provider, contract, and the month in which the claims were received.
pub type BalanceKey = (String, String, u32);

impl Balance {
    /// The amounts in the order of [`AMOUNTS`].
    pub fn amounts(&self) -> [i64; 11] {
        [
            self.claimed,
            self.payable,
            self.rejected,
            self.withdrawn,
            self.lapsed,
            self.open,
            self.due,
            self.paid,
            self.stands,
            self.recovered,
            self.to_recover,
        ]
    }

    /// A balance with these amounts, in the order of [`AMOUNTS`].
    pub(super) fn of_amounts(claims: i64, amounts: [i64; 11]) -> Self {
        let [claimed, payable, rejected, withdrawn, lapsed, open, due, paid, stands, recovered, to_recover] = amounts;
        Self { claims, claimed, payable, rejected, withdrawn, lapsed, open, due, paid, stands, recovered, to_recover }
    }

    fn add(&mut self, claim: &LedgerClaim) {
        if claim.state == ClaimState::Replaced {
            return;
        }
        self.claims += 1;
        self.claimed += claim.claimed;
        let paid = claim.paid.map_or(0, |line| line.pence);
        self.paid += paid;
        match claim.state {
            ClaimState::Open => self.open += claim.claimed,
            ClaimState::Rejected => self.rejected += claim.claimed,
            ClaimState::Withdrawn => self.withdrawn += claim.claimed,
            ClaimState::Lapsed => self.lapsed += claim.claimed,
            ClaimState::Due => self.due += claim.payable,
            ClaimState::Paid | ClaimState::InQuestion => self.stands += paid,
            ClaimState::ToRecover => self.to_recover += paid,
            ClaimState::Recovered => self.recovered += paid,
            ClaimState::Replaced => {}
        }
        if claim.state == ClaimState::Due || claim.state.was_paid() {
            self.payable += claim.payable;
            self.rejected += claim.claimed - claim.payable;
        }
    }

    /// The sum of two balances.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        let mut amounts = self.amounts();
        amounts.iter_mut().zip(other.amounts()).for_each(|(amount, more)| *amount += more);
        Self::of_amounts(self.claims + other.claims, amounts)
    }

    /// What does not add up; empty where everything does.
    pub fn contradictions(&self) -> Vec<String> {
        let sums = [
            ("claimed", self.claimed, self.payable + self.rejected + self.withdrawn + self.lapsed + self.open),
            ("payable", self.payable, self.paid + self.due),
            ("paid", self.paid, self.stands + self.recovered + self.to_recover),
        ];
        let wrong = sums.into_iter().filter(|(_, whole, parts)| whole != parts);
        let mut wrong: Vec<String> =
            wrong.map(|(name, whole, parts)| format!("{name} is {whole} pence and its parts are {parts}")).collect();
        let negative = AMOUNTS.iter().zip(self.amounts()).filter(|(_, amount)| *amount < 0);
        wrong.extend(negative.map(|(name, _)| format!("{name} is less than nothing")));
        wrong
    }
}

impl Book {
    /// The balance by provider, contract and month.
    pub fn balance(&self) -> BTreeMap<BalanceKey, Balance> {
        let mut balance: BTreeMap<BalanceKey, Balance> = BTreeMap::new();
        for claim in self.claims.iter().filter(|claim| claim.state != ClaimState::Replaced) {
            let receipt = &claim.receipt;
            let key = (receipt.provider_id.clone(), receipt.contract_id.clone(), claim.received_in);
            balance.entry(key).or_default().add(claim);
        }
        balance
    }

    /// The balance in all.
    pub fn total(&self) -> Balance {
        self.balance().values().fold(Balance::default(), Balance::plus)
    }
}

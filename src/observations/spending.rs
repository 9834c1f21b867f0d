//! Spending: recorded by contract in a funding file, or a fixed amount for each participant that the scheme pays.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::levels::PublishedLevels;
use super::person::{Dimension, GroupKey, Person};
use crate::domain::{Funding, Payer, Pence};
use crate::error::RunError;
use crate::extract::source::Sniffed;
use crate::extract::table;
use crate::scheme::Scheme;
use crate::scheme::funding::FundingKind;

/// The funders whose money a unit cost counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FundingShare {
    /// The money of all funders.
    All,
    /// DWP's money.
    Dwp,
    /// The money that others add to DWP's.
    Match,
}

impl FundingShare {
    /// Each, with its name in outputs.
    pub const ALL: [(Self, &'static str); 3] = [(Self::All, "all"), (Self::Dwp, "dwp"), (Self::Match, "match")];
}

/// What both sides spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    dwp: i64,
    matched: i64,
}

impl Spent {
    /// The pence of a share, never negative.
    pub fn pence(self, share: FundingShare) -> u64 {
        let pence = match share {
            FundingShare::All => self.dwp.saturating_add(self.matched),
            FundingShare::Dwp => self.dwp,
            FundingShare::Match => self.matched,
        };
        u64::try_from(pence).unwrap_or(0)
    }

    fn add(&mut self, payer: Payer, amount: Pence) {
        let side = match payer {
            Payer::Dwp => &mut self.dwp,
            Payer::Match => &mut self.matched,
        };
        *side = side.saturating_add(amount.0);
    }

    fn times(self, people: u64) -> Self {
        let people = i64::try_from(people).unwrap_or(i64::MAX);
        Self { dwp: self.dwp.saturating_mul(people), matched: self.matched.saturating_mul(people) }
    }
}

/// What was spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spending {
    /// Sums by contract, each with the days they are for.
    Recorded(BTreeMap<String, ContractSpending>),
    /// A fixed amount for each participant who starts.
    EachStart(Spent),
}

/// What was spent on one contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContractSpending {
    money: Spent,
    days: Vec<(NaiveDate, NaiveDate)>,
}

impl Spending {
    /// Reads a funding file. Every row counts, so a file with an unreadable row is refused.
    ///
    /// # Errors
    /// A file that cannot be used, by line and column.
    pub fn read(sniffed: &Sniffed) -> Result<Self, RunError> {
        let table = table::read(sniffed, &Funding::COLUMNS)?;
        table.whole(sniffed)?;
        let cells = table.cells(&Funding::COLUMNS);
        let mut by_contract: BTreeMap<String, ContractSpending> = BTreeMap::new();
        let mut tally = table.tally.clone();
        for index in 0..table.frame.height() {
            tally.begin_row(crate::domain::count_of(index) + 1, table.lines.get(index).copied().unwrap_or(0));
            let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let funding = Funding::read(row, |name| cells.get(index, name), &mut tally).map_err(|error| {
                let problem = format!("row {}: {} cannot be used", error.row, error.column);
                table.error_in(sniffed, index, problem, format!("{}; found {}", error.fault, error.found))
            })?;
            let recorded = by_contract.entry(funding.contract_id.into()).or_default();
            recorded.money.add(funding.payer, funding.amount);
            recorded.days.push((funding.from, funding.to));
        }
        let is_negative = |recorded: &ContractSpending| recorded.money.dwp < 0 || recorded.money.matched < 0;
        if let Some((contract, _)) = by_contract.iter().find(|(_, recorded)| is_negative(recorded)) {
            let problem = format!("more was taken back from contract {contract} than was paid");
            return Err(sniffed.source.error(problem, "record what was paid too").into());
        }
        Ok(Self::Recorded(by_contract))
    }

    /// What a scheme pays for each participant, where its sources state it.
    pub fn of_scheme(scheme: &Scheme) -> Option<Self> {
        let mut money = Spent::default();
        let funding = scheme.arrangements.funding.iter().map(|funding| &funding.value);
        for funding in funding.filter(|funding| funding.per.as_deref() == Some("participant")) {
            let payer = if funding.kind == FundingKind::MatchFunding { Payer::Match } else { Payer::Dwp };
            money.add(payer, funding.amount.unwrap_or_default());
        }
        (money != Spent::default()).then_some(Self::EachStart(money))
    }

    /// Whether a start is one the money is for.
    pub fn is_for(&self, person: &Person, start: NaiveDate) -> bool {
        match self {
            Self::EachStart(_) => true,
            Self::Recorded(contracts) => {
                let contract = person.level(Dimension::Contract).and_then(|contract| contracts.get(contract));
                contract.is_some_and(|recorded| recorded.days.iter().any(|(from, to)| (*from..=*to).contains(&start)))
            }
        }
    }

    /// The money of a group with this published number of starts; `None` where it is not known. It is computed from the
    /// published number, because an exact sum would disclose the exact number. Of a level that others were merged into it is
    /// the money of all of them.
    pub fn of(&self, group: &GroupKey, published_starts: u64, levels: &PublishedLevels) -> Option<Spent> {
        match (self, group) {
            (Self::EachStart(money), None | Some((Dimension::Contract, _))) => Some(money.times(published_starts)),
            (Self::Recorded(contracts), None) => Some(sum(contracts.values())),
            (Self::Recorded(contracts), Some((Dimension::Contract, level))) => {
                let own = contracts.iter().filter(|(contract, _)| levels.name(Dimension::Contract, contract) == level);
                let own: Vec<&ContractSpending> = own.map(|(_, recorded)| recorded).collect();
                (!own.is_empty()).then(|| sum(own.into_iter()))
            }
            (_, Some(_)) => None,
        }
    }
}

fn sum<'a>(spending: impl Iterator<Item = &'a ContractSpending>) -> Spent {
    let mut sum = Spent::default();
    for ContractSpending { money, .. } in spending {
        sum.add(Payer::Dwp, Pence(money.dwp));
        sum.add(Payer::Match, Pence(money.matched));
    }
    sum
}

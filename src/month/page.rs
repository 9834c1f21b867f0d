//! What a month came to, and its page.

use std::collections::{BTreeMap, HashSet};

use maud::{Markup, html};
use serde::Serialize;

use super::record::Moved;
use crate::account::RunAccount;
use crate::domain::Pence;
use crate::domain::money::grouped;
use crate::domain::withheld::shown;
use crate::ledger::Book;
use crate::ledger::state::ClaimState;
use crate::pages::{self, TableColumn, table};

/// Claims counted, with what they come to in pence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CountAndPence {
    /// How many claims.
    pub claims: u64,
    /// What they come to.
    pub pence: i64,
}

impl CountAndPence {
    fn of(amounts: impl Iterator<Item = i64>) -> Self {
        amounts.fold(Self::default(), |sum, pence| Self { claims: sum.claims + 1, pence: sum.pence + pence })
    }
}

/// A claim that no longer stands as it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fallen {
    /// The provider.
    pub provider_id: String,
    /// The contract.
    pub contract_id: String,
    /// The provider's number for the claim.
    pub claim_id: String,
    /// What it was before.
    pub was: &'static str,
    /// What it is now.
    pub is: &'static str,
    /// What is payable or was paid, in pence.
    pub pence: i64,
    /// Why.
    pub cause: String,
}

/// What a month came to. Amounts are pence: what is claimed of claims that are not settled, what is payable of the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthSummary {
    /// The month, counted from 1.
    pub month: u32,
    /// The last day its extract speaks for.
    pub cut_off: Option<String>,
    /// The fingerprint of its run.
    pub run: String,
    /// The rows of its batch by what they are to the ledger: new, corrected, carried, looked at again, sent again, repeated,
    /// unusable.
    pub rows: BTreeMap<String, u64>,
    /// Claims received, with what is claimed.
    pub received: CountAndPence,
    /// Open claims that were carried over, with what is claimed.
    pub carried: CountAndPence,
    /// Of those, the claims that are open no longer.
    pub settled: CountAndPence,
    /// Claims that are open now.
    pub open: CountAndPence,
    /// Claims that are due now, with what is payable.
    pub due: CountAndPence,
    /// Claims that were paid before and stand.
    pub paid_before: CountAndPence,
    /// Paid claims that are in question; they stand until they are settled.
    pub in_question: CountAndPence,
    /// Paid claims that are to be recovered.
    pub to_recover: CountAndPence,
    /// Claims that no longer stand as they did, with the cause.
    pub fallen: Vec<Fallen>,
}

/// A month's page.
pub(super) struct MonthPage<'a> {
    account: &'a RunAccount,
    /// What the month came to.
    pub(super) summary: MonthSummary,
    moved: Vec<Moved>,
}

impl<'a> MonthPage<'a> {
    pub(super) fn of(
        book: &Book,
        month: u32,
        account: &'a RunAccount,
        rows: &BTreeMap<String, u64>,
        moved: Vec<Moved>,
    ) -> Self {
        let of = |wanted: &dyn Fn(&Moved) -> bool, amount: &dyn Fn(&Moved) -> i64| {
            CountAndPence::of(moved.iter().filter(|one| wanted(one)).map(amount))
        };
        let was = |state: ClaimState| move |one: &Moved| one.before == Some(state);
        let is = |state: ClaimState| move |one: &Moved| one.after == state;
        let (claimed, payable) = (&|one: &Moved| one.claimed, &|one: &Moved| one.payable);
        // Payments beyond the recovery time are not looked at and stand.
        let looked_at: HashSet<i64> = moved.iter().filter_map(|one| one.number).collect();
        let untouched = |state: ClaimState| {
            let own = book.claims.iter().filter(|claim| claim.state == state && !looked_at.contains(&claim.number));
            CountAndPence::of(own.map(|claim| claim.payable))
        };
        let plus = |one: CountAndPence, other: CountAndPence| CountAndPence {
            claims: one.claims + other.claims,
            pence: one.pence + other.pence,
        };
        let stands = |one: &Moved| one.after == ClaimState::Paid;
        let summary = MonthSummary {
            month,
            cut_off: account.cut_off.date.clone(),
            run: account.fingerprint.clone(),
            rows: rows.clone(),
            received: of(&|one| one.before.is_none(), claimed),
            carried: of(&was(ClaimState::Open), claimed),
            settled: of(&|one| one.before == Some(ClaimState::Open) && one.after != ClaimState::Open, claimed),
            open: of(&is(ClaimState::Open), claimed),
            due: of(&is(ClaimState::Due), payable),
            paid_before: plus(of(&stands, payable), untouched(ClaimState::Paid)),
            in_question: plus(of(&is(ClaimState::InQuestion), payable), untouched(ClaimState::InQuestion)),
            to_recover: plus(of(&is(ClaimState::ToRecover), payable), untouched(ClaimState::ToRecover)),
            fallen: moved.iter().filter_map(fallen).collect(),
        };
        Self { account, summary, moved }
    }

    /// The page.
    pub(super) fn to_html(&self) -> String {
        let summary = &self.summary;
        let title = format!("{}: month {}", self.account.scheme.title, summary.month);
        let up_to = summary.cut_off.as_ref().map_or_else(String::new, |day| format!(" up to {day}"));
        let body = html! {
            h1 { (title) }
            p {
                "Decided on payroll records" (up_to) ". Claims that were sent and claims still open were decided together; what is \
                 due or was paid was looked at again."
            }
            (self.work())
            (self.fallen())
            (self.by_contract())
            p.second {
                (self.account.program.name) " " (self.account.program.version) ", run " code { (summary.run) } ", scheme "
                (self.account.scheme.id) " (" (self.account.scheme.status) "). The run's own report is in the folder of this month."
            }
        };
        pages::page(&title, &body)
    }

    fn work(&self) -> Markup {
        let summary = &self.summary;
        let line = |what: &str, of: CountAndPence| {
            vec![what.to_owned(), grouped(&of.claims.to_string()), Pence(of.pence).to_string()]
        };
        let rows = [
            line("Received this month", summary.received),
            line("Carried over from earlier months", summary.carried),
            line("Settled of those carried over", summary.settled),
            line("Open now", summary.open),
            line("Due: payable and not yet paid", summary.due),
            line("Paid before, and stands", summary.paid_before),
            line("Paid, and in question", summary.in_question),
            line("Paid, and to be recovered", summary.to_recover),
        ];
        let columns = [TableColumn::text("Claims"), TableColumn::number("Number"), TableColumn::number("Pounds")];
        html! {
            h2 { "The month" }
            (table("The month", &columns, &rows))
            @let aside: Vec<String> = [("sent_again", "sent again though due or paid"), ("repeated", "repeated within the month"),
                ("unusable", "without a claim number or a provider, or no record")]
                .iter()
                .filter_map(|(name, what)| Some(format!("{} {what}", grouped(&summary.rows.get(*name)?.to_string()))))
                .collect();
            @if !aside.is_empty() { p { "Rows that are no claims of their own: " (aside.join("; ")) "." } }
        }
    }

    fn fallen(&self) -> Markup {
        let rows: Vec<Vec<String>> = self
            .summary
            .fallen
            .iter()
            .map(|one| {
                let state = |name: &str| name.replace('_', " ");
                vec![
                    shown(&one.claim_id).to_owned(),
                    shown(&one.provider_id).to_owned(),
                    state(one.was),
                    state(one.is),
                    Pence(one.pence).to_string(),
                    one.cause.clone(),
                ]
            })
            .collect();
        let columns = [
            TableColumn::text("Claim"),
            TableColumn::text("Provider"),
            TableColumn::text("Was"),
            TableColumn::text("Is now"),
            TableColumn::number("Pounds"),
            TableColumn::text("Why"),
        ];
        html! {
            h2 { "What no longer stands" }
            @if rows.is_empty() { p { "Everything that was due, paid or decided stands as it did." } }
            (table("Claims that no longer stand as they did", &columns, &rows))
        }
    }

    fn by_contract(&self) -> Markup {
        let mut sums: BTreeMap<(&str, &str), (u64, i64, i64, i64)> = BTreeMap::new();
        for one in &self.moved {
            let (claims, claimed, due, open) = sums.entry((&one.provider_id, &one.contract_id)).or_default();
            *claims += 1;
            *claimed += one.claimed;
            if one.after == ClaimState::Due {
                *due += one.payable;
            }
            if one.after == ClaimState::Open {
                *open += one.claimed;
            }
        }
        let rows: Vec<Vec<String>> = sums
            .into_iter()
            .map(|((provider, contract), (claims, claimed, due, open))| {
                let [claimed, due, open] = [claimed, due, open].map(|pence| Pence(pence).to_string());
                vec![
                    shown(provider).to_owned(),
                    shown(contract).to_owned(),
                    grouped(&claims.to_string()),
                    claimed,
                    due,
                    open,
                ]
            })
            .collect();
        let columns = [
            TableColumn::text("Provider"),
            TableColumn::text("Contract"),
            TableColumn::number("Claims decided"),
            TableColumn::number("Claimed"),
            TableColumn::number("Due"),
            TableColumn::number("Open"),
        ];
        html! {
            h2 { "By provider and contract" }
            (table("By provider and contract", &columns, &rows))
        }
    }
}

fn fallen(one: &Moved) -> Option<Fallen> {
    let cause = one.cause.clone()?;
    let was = one.before.map_or("new", ClaimState::name);
    let pence = if one.payable == 0 { one.claimed } else { one.payable };
    Some(Fallen {
        provider_id: one.provider_id.clone(),
        contract_id: one.contract_id.clone(),
        claim_id: one.claim_id.clone(),
        was,
        is: one.after.name(),
        pence,
        cause,
    })
}

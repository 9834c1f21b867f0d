//! The page of a month.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::record::ClaimInMonth;
use super::summary::MonthSummary;
use crate::account::RunAccount;
use crate::domain::Pence;
use crate::domain::money::grouped;
use crate::domain::withheld::shown;
use crate::ledger::state::ClaimState;
use crate::pages::{self, TableColumn, table};

/// What the page of a month tells.
pub(super) struct MonthPage<'a> {
    /// The account of its run.
    pub(super) account: &'a RunAccount,
    /// What it came to.
    pub(super) summary: &'a MonthSummary,
    /// What it made of each claim.
    pub(super) claims: &'a [ClaimInMonth],
}

impl MonthPage<'_> {
    /// The page.
    pub(super) fn to_html(&self) -> String {
        let summary = self.summary;
        let title = format!("{}: month {}", self.account.scheme.title, summary.month);
        let up_to = summary.cut_off.as_ref().map_or_else(String::new, |day| format!(" up to {day}"));
        let body = html! {
            h1 { (title) }
            p {
                "Decided on payroll records" (up_to) ". Claims that were sent and claims still open were decided together; what is \
                 due or was paid was looked at again."
            }
            (self.counts())
            (self.no_longer_standing())
            (self.by_contract())
            p.second {
                (self.account.program.name) " " (self.account.program.version) ", run " code { (summary.run) } ", scheme "
                (self.account.scheme.id) " (" (self.account.scheme.status) "). The run's own report is in the folder of this month."
            }
        };
        pages::page(&title, &body)
    }

    fn counts(&self) -> Markup {
        let row = |(what, of): (&str, super::CountAndPence)| {
            vec![what.to_owned(), grouped(&of.claims.to_string()), Pence(of.pence).to_string()]
        };
        let rows = self.summary.counts().map(row);
        let columns = [TableColumn::text("Claims"), TableColumn::number("Number"), TableColumn::number("Pounds")];
        let others: Vec<String> = self.summary.other_rows().collect();
        html! {
            h2 { "The month" }
            (table("The month", &columns, &rows))
            @if !others.is_empty() { p { "Of the rows that were sent, " (others.join("; ")) "." } }
        }
    }

    fn no_longer_standing(&self) -> Markup {
        let cells = |one: &super::NoLongerStanding| {
            let pounds = Pence(one.pence).to_string();
            vec![one.claim_id.clone(), one.provider_id.clone(), one.change(), pounds, one.cause.clone()]
        };
        let rows: Vec<Vec<String>> = self.summary.no_longer_standing.iter().map(cells).collect();
        let columns = [
            TableColumn::text("Claim"),
            TableColumn::text("Provider"),
            TableColumn::text("What became of it"),
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
        for one in self.claims {
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

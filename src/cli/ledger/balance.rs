//! `sustain ledger balance`

use serde::Serialize;

use crate::cli::screen::Screen;
use crate::domain::Pence;
use crate::domain::withheld::shown;
use crate::ledger::Ledger;
use crate::ledger::balance::{AMOUNTS, Balance};

/// A line of the balance as JSON.
#[derive(Debug, Serialize)]
struct BalanceLine {
    provider_id: String,
    contract_id: String,
    month: u32,
    #[serde(flatten)]
    balance: Balance,
}

/// The balance as JSON; amounts are pence.
#[derive(Debug, Serialize)]
struct BalanceAccount {
    total: Balance,
    lines: Vec<BalanceLine>,
}

/// Prints what the claims of a ledger come to.
pub(super) fn balance(ledger: &Ledger, screen: &Screen) {
    let total = ledger.book.total();
    let lines = ledger.book.balance();
    if screen.json {
        let lines = lines.into_iter().map(|((provider_id, contract_id, month), balance)| BalanceLine {
            provider_id: shown(&provider_id).to_owned(),
            contract_id: shown(&contract_id).to_owned(),
            month,
            balance,
        });
        screen.print_json(&BalanceAccount { total, lines: lines.collect() });
        return;
    }
    let heads =
        ["provider", "contract", "month", "claims"].into_iter().chain(AMOUNTS).map(|head| head.replace('_', " "));
    let mut rows = vec![heads.collect::<Vec<String>>()];
    let row = |first: [String; 3], balance: &Balance| {
        let amounts = balance.amounts().map(|pence| Pence(pence).to_string());
        first.into_iter().chain([balance.claims.to_string()]).chain(amounts).collect()
    };
    for ((provider, contract, month), balance) in &lines {
        rows.push(row([shown(provider).to_owned(), shown(contract).to_owned(), month.to_string()], balance));
    }
    rows.push(row(["in all".to_owned(), String::new(), String::new()], &total));
    let right: Vec<usize> = (2..15).collect();
    let explained = "claimed = payable + rejected + withdrawn + lapsed + open; payable = due + paid; paid = stands + recovered + to \
                     recover. What is claimed beyond the scheme's price counts as rejected; an attempt that a correction replaced \
                     does not count.";
    screen.print(&format!("{}\n\n{}", screen.table(&right, rows), screen.wrap(explained, 2)));
}

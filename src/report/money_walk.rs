//! The walk from what was claimed to what is payable, as a table of the page.

use maud::{Markup, html};

use crate::account::{MoneyStep, MoneyWalk, StepCause};
use crate::domain::money::{grouped, with_separators};
use crate::pages::{TableColumn, table};

pub(super) fn money_walk(walk: &MoneyWalk) -> Markup {
    let end = |what: &str, amount: &str| vec![what.to_owned(), String::new(), format!("£{}", with_separators(amount))];
    let step = |step: &MoneyStep| vec![in_words(step), grouped(&step.claims.to_string()), signed(&step.amount)];
    let mut rows = vec![end("Claimed", &walk.claimed)];
    rows.extend(walk.steps.iter().map(step));
    rows.push(end("Payable by the scheme's prices", &walk.payable));
    let columns = [TableColumn::text("Step"), TableColumn::number("Claims"), TableColumn::number("Pounds")];
    html! {
        p {
            "What was claimed leads to what is payable step by step, to the penny. A rejected or queried claim stands at its \
             primary reason."
            @if 0 < walk.without_amount {
                " Claims that count as nothing, because neither they nor the scheme state an amount: "
                (grouped(&walk.without_amount.to_string())) "."
            }
        }
        (table("From what was claimed to what is payable", &columns, &rows))
    }
}

fn in_words(step: &MoneyStep) -> String {
    let reason = || {
        let parts = step.code.iter().chain(&step.title).map(String::as_str);
        parts.collect::<Vec<_>>().join(" ")
    };
    match step.cause {
        StepCause::NoAmountStated => "no amount is stated: the scheme's price counts as claimed".into(),
        StepCause::Rejected => format!("rejected: {}", reason()),
        StepCause::Queried => format!("queried: {}", reason()),
        StepCause::NoPrice => "validated, and the scheme states no price".into(),
        StepCause::PriceIsLess => "validated, and the scheme's price is less than was claimed".into(),
        StepCause::PriceIsMore => "validated, and the scheme's price is more than was claimed".into(),
    }
}

/// An amount with its sign before the pound.
fn signed(amount: &str) -> String {
    match amount.strip_prefix('-') {
        None if amount == "0.00" => "£0.00".to_owned(),
        Some(taken) => format!("-£{}", with_separators(taken)),
        None => format!("+£{}", with_separators(amount)),
    }
}

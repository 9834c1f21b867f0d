//! # CLM07: the amount claimed differs from the scheme's price
//!
//! **Checks** that `amount_claimed`, where given, is the scheme's price for the outcome on the claimed job start.
//!
//! **Why** The price is the scheme's, not the claim's.
//!
//! **Verdict** query. Does not apply where the scheme states no price.
//!
//! **Source** Rulebook, section 9; the scheme's `price`.
//!
//! **Example** £2,600.00 claimed for an outcome of £2,500.00.

use crate::rules::{
    Case, Code, Concerns, Disclosed, Fact, NotApplicableReason, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend,
    Weight,
};

/// CLM07, registered.
pub static RULE: Rule = Rule {
    code: Code::CLM07,
    weight: Weight::QUERY,
    since: "0.1.0",
    rulebook: &[9],
    title: "the amount claimed differs from the scheme's price",
    says: "{claimed} is claimed; the scheme's price is {price}",
    reads: &[Reads::Claim, Reads::Scheme],
    concerns: Concerns::Claim("amount_claimed"),
    rests_on: RestsOn::Records,
    provider: ProviderNotice {
        disclosed: Disclosed::Message(&["claimed", "price"]),
        to_send: ToSend::Text("Why the amount differs from the price agreed."),
    },
    file: include_str!("price_differs.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let Some(price) = case.price() else {
        return Status::NotApplicable(NotApplicableReason::Own("the scheme states no price"));
    };
    let Some(claimed) = case.claim.amount_claimed.given() else {
        return Status::NotApplicable(NotApplicableReason::Own("the claim states no amount"));
    };
    if *claimed == price {
        return Status::Passed;
    }
    Status::Failed(vec![Fact::new("claimed", *claimed), Fact::new("price", price)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn any_other_amount_than_the_price_fails() {
        Bench::standard().price("2500.00").claim("amount_claimed", "2500").passes(Code::CLM07);
        Bench::standard().price("2500.00").claim("amount_claimed", "2500.01").fails(Code::CLM07);
        Bench::standard().claim("amount_claimed", "2500").does_not_apply(Code::CLM07);
    }
}

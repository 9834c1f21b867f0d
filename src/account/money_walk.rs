//! The walk from what was claimed to what is payable, as an account tells it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::money::of_plain;

/// The walk from what was claimed to what is payable. Amounts are pounds with two places; `claimed` and the amounts of all
/// steps add up to `payable`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyWalk {
    /// The amounts of all claims that state one.
    pub claimed: String,
    /// The steps: what counts for claims that state no amount, then what each primary reason cost, the costliest first, then
    /// how prices differ from what validated claims state.
    pub steps: Vec<MoneyStep>,
    /// The scheme's prices of validated claims.
    pub payable: String,
    /// Claims that count as nothing: they state no amount, and the scheme states no price for them.
    pub without_amount: u64,
}

/// A step of the walk: claims for which another amount is payable than was claimed, for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyStep {
    /// The cause.
    pub cause: StepCause,
    /// The primary reason of rejected and queried claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What fails by it, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many claims.
    pub claims: u64,
    /// What the step adds, with a minus where it takes.
    pub amount: String,
}

/// Why another amount is payable than was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepCause {
    /// The claim states no amount: the scheme's price counts as claimed.
    NoAmountStated,
    /// The claim was rejected.
    Rejected,
    /// The claim was queried.
    Queried,
    /// The claim was validated, and the scheme states no price.
    NoPrice,
    /// The claim was validated, and the scheme's price is less than the amount stated.
    PriceIsLess,
    /// The claim was validated, and the scheme's price is more than the amount stated.
    PriceIsMore,
}

impl MoneyWalk {
    /// Whether the steps lead from what was claimed to what is payable, to the penny.
    pub fn adds_up(&self) -> bool {
        let steps: Option<i128> = self.steps.iter().map(|step| of_plain(&step.amount)).sum();
        let end = of_plain(&self.claimed).zip(steps).map(|(claimed, steps)| claimed + steps);
        end.is_some() && end == of_plain(&self.payable)
    }

    /// How many claims were counted for a cause.
    pub fn claims(&self, cause: StepCause) -> u64 {
        self.steps.iter().filter(|step| step.cause == cause).map(|step| step.claims).sum()
    }
}

#[cfg(test)]
mod tests {
    use crate::account::MoneyTotals;

    #[test]
    fn totals_without_a_walk_are_read_as_they_were_written() {
        let text = r#"{"claimed":"1.00","claimed_validated":"1.00","priced":0,"payable":"0.00","by_contract":[]}"#;
        let totals: MoneyTotals = serde_json::from_str(text).unwrap();
        assert_eq!(totals.walk, None);
        assert_eq!(serde_json::to_string(&totals).unwrap(), text);
    }
}

//! Adds up the walk from what was claimed to what is payable, to the penny.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::account::{MoneyStep, MoneyWalk, StepCause};
use crate::batch::DecidedClaim;
use crate::domain::Pence;
use crate::domain::money::plain;
use crate::judge::Verdict;
use crate::rules::{Code, rule};

/// The sums of the walk, in pence.
#[derive(Debug, Default)]
pub(super) struct WalkSums {
    claimed: i128,
    steps: BTreeMap<(StepCause, Option<Code>), StepSums>,
    payable: i128,
    without_amount: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct StepSums {
    claims: u64,
    pence: i128,
}

/// What the walk counts of one claim.
#[derive(Debug, Clone, Copy)]
struct DecidedAmounts {
    verdict: Verdict,
    primary_reason: Option<Code>,
    stated: Option<Pence>,
    price: Option<Pence>,
}

impl WalkSums {
    /// Adds a decided claim.
    pub(super) fn add(&mut self, decided: &DecidedClaim<'_>) {
        self.add_amounts(DecidedAmounts {
            verdict: decided.decision.verdict,
            primary_reason: decided.decision.primary_reason(),
            stated: decided.claim.amount_claimed.given().copied(),
            price: decided.decision.price,
        });
    }

    fn add_amounts(&mut self, claim: DecidedAmounts) {
        let pence = |amount: Option<Pence>| amount.map_or(0, |Pence(pence)| i128::from(pence));
        let (price, amount) = (pence(claim.price), pence(claim.stated.or(claim.price)));
        self.claimed += pence(claim.stated);
        match (claim.stated, claim.price) {
            (None, Some(_)) => self.step(StepCause::NoAmountStated, None, price),
            (None, None) => self.without_amount += 1,
            (Some(_), _) => {}
        }
        match (claim.verdict, claim.price) {
            (Verdict::Rejected, _) => self.step(StepCause::Rejected, claim.primary_reason, -amount),
            (Verdict::Queried, _) => self.step(StepCause::Queried, claim.primary_reason, -amount),
            (Verdict::Validated, None) => self.step(StepCause::NoPrice, None, -amount),
            (Verdict::Validated, Some(_)) => {
                self.payable += price;
                match price.cmp(&amount) {
                    Ordering::Less => self.step(StepCause::PriceIsLess, None, price - amount),
                    Ordering::Greater => self.step(StepCause::PriceIsMore, None, price - amount),
                    Ordering::Equal => {}
                }
            }
        }
    }

    fn step(&mut self, cause: StepCause, code: Option<Code>, pence: i128) {
        let step = self.steps.entry((cause, code)).or_default();
        step.claims += 1;
        step.pence += pence;
    }

    /// Adds the sums of other claims.
    pub(super) fn join(&mut self, other: Self) {
        self.claimed += other.claimed;
        self.payable += other.payable;
        self.without_amount += other.without_amount;
        for (key, sums) in other.steps {
            let step = self.steps.entry(key).or_default();
            step.claims += sums.claims;
            step.pence += sums.pence;
        }
    }

    /// The walk as the account tells it.
    pub(super) fn account(self) -> MoneyWalk {
        let mut steps: Vec<((StepCause, Option<Code>), StepSums)> = self.steps.into_iter().collect();
        // What rejected and queried claims cost stands in one order.
        let place = |cause: StepCause| if cause == StepCause::Queried { StepCause::Rejected } else { cause };
        steps.sort_by_key(|((cause, code), sums)| (place(*cause), sums.pence, *cause, *code));
        let step = |((cause, code), sums): ((StepCause, Option<Code>), StepSums)| MoneyStep {
            cause,
            code: code.map(|code| code.to_string()),
            title: code.and_then(rule).map(|rule| rule.title.to_owned()),
            claims: sums.claims,
            amount: plain(sums.pence),
        };
        MoneyWalk {
            claimed: plain(self.claimed),
            steps: steps.into_iter().map(step).collect(),
            payable: plain(self.payable),
            without_amount: self.without_amount,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    fn walk(claims: &[(Verdict, Option<Code>, Option<i64>, Option<i64>)]) -> MoneyWalk {
        let mut sums = WalkSums::default();
        for (verdict, primary_reason, stated, price) in claims.iter().copied() {
            let mut one = WalkSums::default();
            let (stated, price) = (stated.map(Pence), price.map(Pence));
            one.add_amounts(DecidedAmounts { verdict, primary_reason, stated, price });
            sums.join(one);
        }
        sums.account()
    }

    #[test]
    fn the_walk_leads_from_what_was_claimed_to_what_is_payable_to_the_penny() {
        use Verdict::{Queried, Rejected, Validated};
        let (one, other) = (RULES.first().unwrap().code, RULES.last().unwrap().code);
        let walk = walk(&[
            (Validated, None, Some(250_001), Some(250_000)),
            (Validated, None, Some(99), Some(250_000)),
            (Validated, None, Some(250_000), Some(250_000)),
            (Validated, None, None, Some(250_000)),
            (Validated, None, Some(70_007), None),
            (Validated, None, None, None),
            (Rejected, Some(one), Some(33), Some(250_000)),
            (Rejected, Some(one), None, Some(250_000)),
            (Queried, Some(one), Some(1), None),
            (Queried, Some(other), Some(900_000), None),
            (Queried, Some(other), None, None),
        ]);
        assert!(walk.adds_up(), "{walk:#?}");
        assert_eq!((walk.claimed.as_str(), walk.payable.as_str()), ("14701.41", "10000.00"));
        assert_eq!(walk.without_amount, 2);
        let told: Vec<(StepCause, u64, &str)> =
            walk.steps.iter().map(|step| (step.cause, step.claims, step.amount.as_str())).collect();
        assert_eq!(
            told,
            [
                (StepCause::NoAmountStated, 2, "5000.00"),
                (StepCause::Queried, 2, "-9000.00"),
                (StepCause::Rejected, 2, "-2500.33"),
                (StepCause::Queried, 1, "-0.01"),
                (StepCause::NoPrice, 2, "-700.07"),
                (StepCause::PriceIsLess, 1, "-0.01"),
                (StepCause::PriceIsMore, 1, "2499.01"),
            ]
        );
        assert_eq!(walk.claims(StepCause::Queried), 3);
        assert_eq!(walk.steps[2].title.as_deref(), rule(one).map(|rule| rule.title));
        let payable = "10000.01".to_owned();
        assert!(!MoneyWalk { payable, ..walk }.adds_up());
    }

    #[test]
    fn a_walk_without_claims_stands_still() {
        let walk = walk(&[]);
        assert!(walk.adds_up() && walk.steps.is_empty());
    }
}

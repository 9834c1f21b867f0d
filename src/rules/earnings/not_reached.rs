//! # ERN01: the earnings did not reach the threshold
//!
//! **Checks** that taxable pay in the window reaches the outcome's threshold. No scheme of this version has an
//! outcome of the kind `earnings`, so the rule applies to none.
//!
//! **Why** An earnings outcome is a sum of pay, not a run of days.
//!
//! **Verdict** reject.
//!
//! **Source** Rulebook, section 7.
//!
//! **Example** £800.00 earned in the window of an outcome of £1,000.00.

use crate::rules::{Case, Code, Rule, Severity, Status};

/// ERN01, registered.
pub static RULE: Rule = Rule {
    code: Code::ERN01,
    severity: Severity::Reject,
    since: "0.1.0",
    title: "the earnings did not reach the threshold",
    says: "the earnings in the window did not reach the threshold",
    file: include_str!("not_reached.rs"),
    check,
};

fn check(_: &Case<'_>) -> Status {
    Status::NotApplicable("the outcome is not one of earnings")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    #[test]
    fn no_outcome_of_this_version_is_one_of_earnings() {
        Bench::standard().does_not_apply(Code::ERN01);
    }
}

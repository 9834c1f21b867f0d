//! # ERN02: the earnings have not reached the threshold yet
//!
//! **Checks** that the window of an outcome of the kind `earnings` had closed when the extract was cut off. No scheme
//! of this version has such an outcome, so the rule applies to none.
//!
//! **Why** An earnings outcome is a sum of pay, not a run of days.
//!
//! **Verdict** query.
//!
//! **Source** Rulebook, section 7.
//!
//! **Example** £800.00 earned with two months of the window to come.

use crate::rules::{Case, Code, Rule, Severity, Status};

/// ERN02, registered.
pub static RULE: Rule = Rule {
    code: Code::ERN02,
    severity: Severity::Query,
    since: "0.1.0",
    title: "the earnings have not reached the threshold yet",
    says: "the earnings have not reached the threshold, and the window is still open",
    file: include_str!("not_yet_reached.rs"),
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
        Bench::standard().does_not_apply(Code::ERN02);
    }
}

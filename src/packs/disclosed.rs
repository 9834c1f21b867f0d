//! As much of a reason as its rule discloses to the provider, and what the provider can send.

use crate::rules::{Code, EarningsDisclosure, rule};

/// A reason in plain words: as much of the message as the rule lets its provider know.
pub(super) fn reason(code: &str, message: &str, with_earnings: bool) -> String {
    let earnings = if with_earnings { EarningsDisclosure::Told } else { EarningsDisclosure::Withheld };
    Code::parse(code).and_then(rule).map_or_else(String::new, |rule| rule.disclosed(message, earnings).to_owned())
}

/// What helps to settle a query, or to mend a rejected claim; nothing where nothing does.
pub(super) fn what_to_send(code: &str, look_again: &str) -> String {
    Code::parse(code).and_then(rule).map_or_else(String::new, |rule| rule.provider.to_send.to_text(look_again))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_payroll_shows_is_told_only_where_it_may_be() {
        for rule in crate::rules::RULES {
            let told = reason(rule.code.as_str(), "123/A246 paid £12.00", false);
            let of_payroll = ["EMP", "HRS", "SUS", "ERN"].contains(&rule.code.as_str().get(..3).unwrap());
            assert!(!of_payroll || told == rule.title, "{}", rule.code);
        }
        assert_eq!(reason("HRS03", "brought £12.00", true), "brought £12.00");
        // Nothing about a claim that may be another provider's, whatever else may be disclosed.
        assert_ne!(reason("CLM04", "that one is validated", true), "that one is validated");
        assert_eq!(reason("ROW02", "claim_date is empty", false), "claim_date is empty");
    }

    #[test]
    fn every_query_says_what_to_send() {
        for rule in crate::rules::RULES {
            let says = what_to_send(rule.code.as_str(), "");
            assert!(rule.severity() != crate::rules::Severity::Query || !says.is_empty(), "{}", rule.code);
        }
        assert!(what_to_send("SUS03", "2018-09-07").contains("2018-09-07"));
    }
}

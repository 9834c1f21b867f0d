//! How much a rule's failures weigh, and how far a setting may change that.

use std::fmt;

use super::{Code, Setting, Severity, rule};

/// How much the failures of a rule weigh.
///
/// It begins as [`Self::REJECT`], [`Self::QUERY`] or [`Self::NOTE`]; [`Self::or_query_where_unclear`] and
/// [`Self::never_below_query`] refine it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// What a failure weighs unless a scheme or the command line sets the rule.
    severity: Severity,
    /// Whether the rule may find that not enough is known to fail a claim.
    unclear: Unclear,
    /// The lightest setting the rule may have.
    lowest: Setting,
}

/// Whether a rule may find a claim unclear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unclear {
    /// It passes a claim, fails it, or does not apply.
    Never,
    /// It may also find that a person must look at the claim; that queries the claim, whatever a failure weighs.
    Queries,
}

impl Weight {
    /// A failure rejects.
    pub const REJECT: Self = Self::of(Severity::Reject);
    /// A failure is a query.
    pub const QUERY: Self = Self::of(Severity::Query);
    /// A failure is reported and does not change the verdict.
    pub const NOTE: Self = Self::of(Severity::Note);

    const fn of(severity: Severity) -> Self {
        Self { severity, unclear: Unclear::Never, lowest: Setting::Off }
    }

    /// The same weight for a rule that may also find a claim unclear, which queries the claim.
    #[must_use]
    pub const fn or_query_where_unclear(self) -> Self {
        Self { unclear: Unclear::Queries, ..self }
    }

    /// The same weight for a rule without which a claim could be validated on no evidence at all: no setting can make
    /// it weigh less than a query.
    #[must_use]
    pub const fn never_below_query(self) -> Self {
        Self { lowest: Setting::Weighs(Severity::Query), ..self }
    }

    /// What a failure weighs unless a scheme or the command line sets the rule.
    pub const fn severity(self) -> Severity {
        self.severity
    }

    /// The lightest setting the rule may have.
    pub const fn lowest(self) -> Setting {
        self.lowest
    }

    /// Whether the rule may find a claim unclear.
    pub fn may_be_unclear(self) -> bool {
        self.unclear == Unclear::Queries
    }
}

/// The weight as the rulebook's table writes it: `reject`, `query`, `note`, or `reject or query`.
impl fmt::Display for Weight {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unclear {
            Unclear::Never => out.write_str(self.severity.name()),
            Unclear::Queries => write!(out, "{} or {}", self.severity.name(), Severity::Query.name()),
        }
    }
}

/// Checks that a scheme or the command line may give a rule this setting. The scheme loader checks each setting of a
/// file.
///
/// # Errors
/// The setting is lighter than the lightest one of the rule; the error is a text for the user.
pub fn allows(code: Code, setting: Setting) -> Result<(), String> {
    match rule(code) {
        Some(rule) if setting < rule.weight.lowest => Err(format!(
            "{code} cannot be `{}`: without it a claim could be validated on no evidence at all",
            setting.name()
        )),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{RULES, RestsOn};

    #[test]
    fn the_table_of_rules_can_be_written_from_the_weights() {
        assert_eq!(Weight::NOTE.to_string(), "note");
        assert_eq!(Weight::REJECT.never_below_query().to_string(), "reject");
        assert_eq!(Weight::REJECT.or_query_where_unclear().to_string(), "reject or query");
    }

    #[test]
    fn only_a_rule_that_says_so_may_find_a_claim_unclear() {
        assert!(Weight::REJECT.or_query_where_unclear().may_be_unclear());
        assert!(!Weight::REJECT.may_be_unclear());
    }

    #[test]
    fn a_rule_may_be_set_down_to_its_lowest_setting_and_no_further() {
        let query = Setting::Weighs(Severity::Query);
        assert_eq!(allows(Code::EMP01, query), Ok(()));
        assert_eq!(
            allows(Code::EMP01, Setting::Weighs(Severity::Note)),
            Err("EMP01 cannot be `note`: without it a claim could be validated on no evidence at all".into())
        );
        assert!(allows(Code::EMP01, Setting::Off).is_err());
        assert_eq!(allows(Code::EMP02, Setting::Off), Ok(()));
    }

    #[test]
    fn no_rule_that_stands_for_absent_evidence_can_be_set_below_a_query() {
        for rule in RULES {
            let is_about_absence = matches!(rule.rests_on, RestsOn::Matching | RestsOn::NoEvidence);
            assert!(!is_about_absence || allows(rule.code, Setting::Off).is_err(), "{}", rule.code);
            assert!(allows(rule.code, Setting::Weighs(Severity::Query)).is_ok(), "{}", rule.code);
        }
    }
}

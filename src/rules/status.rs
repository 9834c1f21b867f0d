//! What a rule answers for one claim.

use super::Fact;

/// A rule's answer for one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The claim passes.
    Passed,
    /// The claim fails, on these facts.
    Failed(Vec<Fact>),
    /// The claim fails, on these facts, because nothing contradicts it. Where what could contradict it may not have been read, a
    /// person must look.
    FailedByAbsence(Vec<Fact>),
    /// Not enough is known to fail it; a person must look at these facts.
    Unclear(Vec<Fact>),
    /// The rule does not apply or could not be evaluated, for this reason. It is never a pass.
    NotApplicable(NotApplicableReason),
}

impl Status {
    /// Whether the claim fails, be it that a person must look.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::FailedByAbsence(_) | Self::Unclear(_))
    }
}

/// Why a rule does not apply to a claim, or could not be evaluated for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotApplicableReason {
    /// The scheme or the command line switched the rule off.
    SwitchedOff,
    /// The row is damaged, and only the rule that reports the damage applies.
    NotARecord,
    /// The rule reads the evidence, and the payments were not considered.
    NoEvidence(NoEvidence),
    /// A date that the rule reads is missing.
    DatesMissing,
    /// The rule reads the outcome's terms, and none hold.
    NoTerms,
    /// The rule reads the register's entry, and there is none.
    NotInRegister,
    /// The rule compares the claimant with the payments that count, and none does.
    NothingToCompare,
    /// The rule is about claims that the evidence passes.
    NotAchieved,
    /// The rule is about the best employer, and no employer's payments cover the time of the claim.
    NoEmployer,
    /// The rule is about outcomes counted in days; the text says what this one is instead.
    NotDays(&'static str),
    /// The rule is about outcomes of earnings.
    NotEarnings,
    /// The earnings cannot be added up, because nobody knows when their window opens.
    NoStart,
    /// The rule compares the claimant's own payroll records, and there is none.
    NoOwnRecord,
    /// The rule is one of the evidence's answers, and the evidence gives another.
    OtherAnswer,
    /// A reason that only this rule has, in words.
    Own(&'static str),
}

/// Why there is no evidence for a claim: its payments were not considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEvidence {
    /// No earnings were given, as before a claim is submitted.
    NoEarnings,
    /// What matching needs of the claim is missing, unreadable or unknown to the scheme.
    Unmatched,
    /// Payroll records do not show self-employment.
    SelfEmployed,
}

impl NotApplicableReason {
    /// The reason as outputs write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SwitchedOff => "it is switched off",
            Self::NotARecord => "the row could not be read as a record",
            Self::NoEvidence(NoEvidence::NoEarnings) => "no earnings were read",
            Self::NoEvidence(NoEvidence::Unmatched) => "the claim could not be matched",
            Self::NoEvidence(NoEvidence::SelfEmployed) => "RTI cannot show self-employment",
            Self::DatesMissing => "a date it reads is missing or could not be read",
            Self::NoTerms => {
                "the outcome or the job start is missing or unknown, or the outcome is not counted in days"
            }
            Self::NotInRegister => "there is no usable register entry for the participant",
            Self::NothingToCompare => "no earnings row counts, so there is nothing to compare",
            Self::NotAchieved => "the evidence does not show the outcome achieved",
            Self::NoEmployer => "no employer's payments cover the time of the claim",
            Self::NotEarnings => "the outcome is not one of earnings",
            Self::NoStart => "the register does not say when the participant started, or no terms hold for that day",
            Self::NoOwnRecord => "no payroll record is the claimant's own, which IDN05 tells",
            Self::OtherAnswer => "the evidence gives another answer",
            Self::NotDays(words) | Self::Own(words) => words,
        }
    }
}

impl From<NoEvidence> for Status {
    fn from(why: NoEvidence) -> Self {
        Self::NotApplicable(NotApplicableReason::NoEvidence(why))
    }
}

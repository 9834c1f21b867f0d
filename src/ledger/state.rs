//! What a claim has come to, and by which events it can come to something else.

use super::event::{Decided, EventKind};
use crate::judge::Verdict;

/// What an attempt of a claim has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimState {
    /// It is to be settled, by a later extract or by people.
    Open,
    /// It is payable and not yet paid.
    Due,
    /// Nothing is paid for it.
    Rejected,
    /// The provider took it back.
    Withdrawn,
    /// Nobody settled it in time.
    Lapsed,
    /// A corrected claim took its place before it was paid.
    Replaced,
    /// It was paid, and the payment stands.
    Paid,
    /// It was paid, and what is known now would be queried: the payment stands until people settle it.
    InQuestion,
    /// It was paid, no longer stands, and is to be recovered.
    ToRecover,
    /// It was paid and recovered.
    Recovered,
}

impl ClaimState {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Open,
        Self::Due,
        Self::Rejected,
        Self::Withdrawn,
        Self::Lapsed,
        Self::Replaced,
        Self::Paid,
        Self::InQuestion,
        Self::ToRecover,
        Self::Recovered,
    ];

    /// The state as the ledger writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Due => "due",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
            Self::Replaced => "replaced",
            Self::Paid => "paid",
            Self::InQuestion => "in_question",
            Self::ToRecover => "to_recover",
            Self::Recovered => "recovered",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether it was paid, recovered or not.
    pub const fn was_paid(self) -> bool {
        matches!(self, Self::Paid | Self::InQuestion | Self::ToRecover | Self::Recovered)
    }

    /// Whether a month looks at it again: it is due or paid, and not recovered.
    pub const fn is_looked_at_again(self) -> bool {
        matches!(self, Self::Due | Self::Paid | Self::InQuestion | Self::ToRecover)
    }

    /// Whether it stands for its outcome: another claim for it is refused.
    pub const fn holds_its_outcome(self) -> bool {
        matches!(self, Self::Due | Self::Paid | Self::InQuestion)
    }

    /// What a verdict makes of it, where no decision of a person holds.
    #[must_use]
    pub const fn after_verdict(self, verdict: Verdict) -> Self {
        match (self.was_paid(), verdict) {
            (false, Verdict::Validated) => Self::Due,
            (false, Verdict::Rejected) => Self::Rejected,
            (false, Verdict::Queried) => Self::Open,
            (true, Verdict::Validated) => Self::Paid,
            (true, Verdict::Rejected) => Self::ToRecover,
            (true, Verdict::Queried) => Self::InQuestion,
        }
    }

    /// What a decision that holds makes of it, whatever the verdict.
    #[must_use]
    pub const fn held_by(self, decided: Decided) -> Self {
        match (self.was_paid(), decided) {
            (true, Decided::Accept | Decided::Keep) => Self::Paid,
            (true, Decided::Reject | Decided::Withdraw) => Self::ToRecover,
            (false, Decided::Accept) => Self::Due,
            (false, Decided::Keep) => Self::Open,
            (false, Decided::Reject) => Self::Rejected,
            (false, Decided::Withdraw) => Self::Withdrawn,
        }
    }

    /// Whether a person may decide this of it. What was paid and stands is closed; what was paid and is in question may be kept, or
    /// rejected and so recovered.
    pub const fn may_be_decided(self, decided: Decided) -> bool {
        match self {
            Self::Open => true,
            Self::Due => matches!(decided, Decided::Reject | Decided::Withdraw),
            Self::Rejected | Self::Lapsed => matches!(decided, Decided::Accept | Decided::Withdraw),
            Self::InQuestion => matches!(decided, Decided::Keep | Decided::Reject),
            Self::ToRecover => matches!(decided, Decided::Keep),
            Self::Withdrawn | Self::Replaced | Self::Paid | Self::Recovered => false,
        }
    }

    /// Whether an event of this kind may bring a claim from one state to another; `None` is a claim that is not there yet.
    pub const fn may_follow(before: Option<Self>, kind: EventKind, after: Self) -> bool {
        let Some(before) = before else { return matches!((kind, after), (EventKind::Received, Self::Open)) };
        match kind {
            EventKind::Verdict => match before {
                Self::Open | Self::Due => matches!(after, Self::Open | Self::Due | Self::Rejected),
                Self::Paid | Self::InQuestion | Self::ToRecover => {
                    matches!(after, Self::Paid | Self::InQuestion | Self::ToRecover)
                }
                Self::Rejected | Self::Withdrawn | Self::Lapsed | Self::Replaced | Self::Recovered => false,
            },
            EventKind::Decision => match before {
                Self::Open | Self::Due | Self::Rejected | Self::Lapsed => {
                    matches!(after, Self::Open | Self::Due | Self::Rejected | Self::Withdrawn)
                }
                Self::InQuestion | Self::ToRecover => matches!(after, Self::Paid | Self::ToRecover),
                Self::Withdrawn | Self::Replaced | Self::Paid | Self::Recovered => false,
            },
            EventKind::Refused => matches!((before, after), (Self::Open | Self::Due, Self::Rejected)),
            EventKind::Lapsed => matches!((before, after), (Self::Open, Self::Lapsed)),
            EventKind::Replaced => matches!(
                (before, after),
                (Self::Open | Self::Rejected | Self::Withdrawn | Self::Lapsed, Self::Replaced)
            ),
            EventKind::Paid => matches!((before, after), (Self::Due, Self::Paid)),
            EventKind::Recovered => matches!((before, after), (Self::ToRecover, Self::Recovered)),
            EventKind::Opened
            | EventKind::Received
            | EventKind::SentAgain
            | EventKind::Month
            | EventKind::Schedule
            | EventKind::Written => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_name_of_its_own() {
        for state in ClaimState::ALL {
            assert_eq!(ClaimState::parse(state.name()), Some(state));
        }
    }

    #[test]
    fn a_claim_is_paid_only_when_it_is_due_and_recovered_only_when_it_is_to_be() {
        for before in ClaimState::ALL {
            let may = |kind, after| ClaimState::may_follow(Some(before), kind, after);
            assert_eq!(may(EventKind::Paid, ClaimState::Paid), before == ClaimState::Due);
            assert_eq!(may(EventKind::Recovered, ClaimState::Recovered), before == ClaimState::ToRecover);
        }
    }

    #[test]
    fn what_a_verdict_or_a_decision_makes_of_a_claim_may_follow() {
        for before in ClaimState::ALL {
            for verdict in
                Verdict::ALL.into_iter().filter(|_| before == ClaimState::Open || before.is_looked_at_again())
            {
                let after = before.after_verdict(verdict);
                assert!(ClaimState::may_follow(Some(before), EventKind::Verdict, after), "{before:?} {verdict:?}");
            }
            for decided in Decided::ALL.into_iter().filter(|decided| before.may_be_decided(*decided)) {
                let after = before.held_by(decided);
                assert!(ClaimState::may_follow(Some(before), EventKind::Decision, after), "{before:?} {decided:?}");
            }
        }
    }

    #[test]
    fn what_was_paid_is_never_open_or_due_again() {
        for before in ClaimState::ALL.into_iter().filter(|state| state.was_paid()) {
            for after in ClaimState::ALL.into_iter().filter(|state| !state.was_paid()) {
                for kind in EventKind::ALL {
                    assert!(!ClaimState::may_follow(Some(before), kind, after), "{before:?} {kind:?} {after:?}");
                }
            }
        }
    }
}

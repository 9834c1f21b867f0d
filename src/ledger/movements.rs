//! How claims moved from state to state, month by month: what a page about the whole ledger is made of.

use std::collections::BTreeMap;

use super::event::EventKind;
use super::state::ClaimState;

/// A step of claims in one month: by which kind of event, from which state (nothing for a claim that was received), to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Movement {
    /// The month; what people decide and pay after a month belongs to it.
    pub month: u32,
    /// The kind of event.
    pub kind: EventKind,
    /// What the claims were before.
    pub before: Option<ClaimState>,
    /// What they came to.
    pub after: ClaimState,
}

/// How many claims took a step, and for how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// How many claims.
    pub claims: u64,
    /// What is claimed for them, in pence.
    pub claimed: i64,
    /// What is payable for them or was paid, in pence.
    pub payable: i64,
}

/// The steps of all claims of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Movements(BTreeMap<Movement, Moved>);

impl Movements {
    /// Counts a step of one claim.
    pub(super) fn add(&mut self, movement: Movement, claimed: i64, payable: i64) {
        let moved = self.0.entry(movement).or_default();
        moved.claims += 1;
        moved.claimed += claimed;
        moved.payable += payable;
    }

    /// The claims whose step is one of these.
    pub fn of(&self, is_meant: impl Fn(&Movement) -> bool) -> Moved {
        let meant = self.0.iter().filter(|(movement, _)| is_meant(movement));
        meant.fold(Moved::default(), |sum, (_, moved)| Moved {
            claims: sum.claims + moved.claims,
            claimed: sum.claimed + moved.claimed,
            payable: sum.payable + moved.payable,
        })
    }

    /// How many claims are in a state at the end of a month, with what was decided and paid after it.
    pub fn in_state(&self, month: u32, state: ClaimState) -> u64 {
        let came = self.of(|step| step.month <= month && step.after == state && step.before != Some(state));
        let went = self.of(|step| step.month <= month && step.before == Some(state) && step.after != state);
        came.claims.saturating_sub(went.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_in_a_state_are_those_that_came_less_those_that_went() {
        let mut movements = Movements::default();
        let mut step = |month, kind, before, after| movements.add(Movement { month, kind, before, after }, 200, 150);
        step(1, EventKind::Received, None, ClaimState::Open);
        step(1, EventKind::Received, None, ClaimState::Open);
        step(1, EventKind::Verdict, Some(ClaimState::Open), ClaimState::Open);
        step(1, EventKind::Verdict, Some(ClaimState::Open), ClaimState::Due);
        step(1, EventKind::Paid, Some(ClaimState::Due), ClaimState::Paid);
        step(2, EventKind::Verdict, Some(ClaimState::Open), ClaimState::Rejected);
        let states = [ClaimState::Open, ClaimState::Due, ClaimState::Paid, ClaimState::Rejected];
        assert_eq!(states.map(|state| movements.in_state(1, state)), [1, 0, 1, 0]);
        assert_eq!(states.map(|state| movements.in_state(2, state)), [0, 0, 1, 1]);
        let received = movements.of(|step| step.kind == EventKind::Received);
        assert_eq!(received, Moved { claims: 2, claimed: 400, payable: 300 });
    }
}

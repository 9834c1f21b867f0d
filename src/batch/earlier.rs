//! Outcomes that earlier runs validated.

use std::collections::BTreeSet;

use crate::domain::Claim;

/// The outcomes that earlier runs validated, by participant; by default no earlier run is known.
#[derive(Default)]
pub struct EarlierOutcomes(Option<BTreeSet<(String, String)>>);

impl EarlierOutcomes {
    /// Adds the outcomes that one run validated, as pairs of participant and outcome; there may be none.
    pub fn add_run(&mut self, validated: impl IntoIterator<Item = (String, String)>) {
        self.0.get_or_insert_default().extend(validated);
    }

    /// Whether an earlier run validated the claim's outcome for its participant; `None` where no run is known.
    pub fn validated(&self, claim: &Claim) -> Option<bool> {
        let validated = self.0.as_ref()?;
        let pair = claim.participant_id().zip(claim.outcome());
        Some(pair.is_some_and(|(participant, outcome)| validated.contains(&(participant.into(), outcome.into()))))
    }
}

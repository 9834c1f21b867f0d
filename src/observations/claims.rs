//! The claims of a finished run, which is verified before they are used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::array::AsArray;

use super::levels::PublishedLevels;
use super::outcomes::OutcomeMet;
use super::person::{Dimension, GroupKey};
use crate::domain::participant::participant_key;
use crate::domain::reading::code::key;
use crate::domain::withheld;
use crate::error::{InputError, RunError};
use crate::judge::Verdict;
use crate::reopen::each_batch;
use crate::verify::{VerifiedRun, verify};

/// Claims by outcome and group.
pub type ClaimsByGroup = BTreeMap<(String, GroupKey), ClaimsByVerdict>;

/// Claims of one outcome by verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClaimsByVerdict {
    /// Validated.
    pub validated: u64,
    /// Queried.
    pub queried: u64,
    /// Rejected.
    pub rejected: u64,
}

impl ClaimsByVerdict {
    /// All of them.
    pub fn all(self) -> u64 {
        self.validated + self.queried + self.rejected
    }
}

/// An outcome that a person's payments meet and nobody claimed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnclaimedOutcome {
    /// Whose it is.
    pub participant_id: String,
    /// The outcome.
    pub outcome: String,
    /// The days from which it was tried and on which it was met.
    pub met: OutcomeMet,
    /// The participant's row of the register, counted from 1.
    pub register_row: u32,
}

/// The claims of a run.
#[derive(Debug)]
pub struct RunClaims {
    fingerprint: String,
    /// Participant and outcome.
    claimed: BTreeSet<(Box<str>, String)>,
    /// Outcome and contract.
    counts: BTreeMap<(String, String), ClaimsByVerdict>,
}

impl RunClaims {
    /// Reads a run of this scheme, after it is verified.
    ///
    /// # Errors
    /// A run that cannot be verified or read, or that is of another scheme.
    pub fn read(run: &Path, scheme: &str) -> Result<Self, RunError> {
        let shown = run.display().to_string();
        let VerifiedRun { folder, account } = verify(run)?;
        if account.scheme.id != scheme {
            let problem = format!("this run is of the scheme {}, not {scheme}", account.scheme.id);
            return Err(InputError::new(shown, problem, "name a run of the same scheme with --run").into());
        }
        let mut claims = Self { fingerprint: account.fingerprint, claimed: BTreeSet::new(), counts: BTreeMap::new() };
        for verdict in Verdict::ALL {
            let file = format!("{verdict}.parquet");
            each_batch(&folder, &file, &["participant_id", "contract_id", "outcome"], &mut |batch| {
                let column = |of| batch.column_by_name(of).and_then(|column| column.as_string_opt::<i32>());
                let lacks = || format!("{file} lacks a column");
                let participants = column("participant_id").ok_or_else(lacks)?;
                let contracts = column("contract_id").ok_or_else(lacks)?;
                let outcomes = column("outcome").ok_or_else(lacks)?;
                for ((participant, contract), outcome) in participants.iter().zip(contracts).zip(outcomes) {
                    claims.add(participant, contract.map_or("not recorded", withheld::shown), outcome, verdict);
                }
                Ok(())
            })
            .map_err(|problem| InputError::new(shown.clone(), problem, "run it again"))?;
        }
        Ok(claims)
    }

    /// Counts one claim. A claim whose outcome cannot be read belongs to no outcome and is not counted.
    fn add(&mut self, participant: Option<&str>, contract: &str, outcome: Option<&str>, verdict: Verdict) {
        let Some(outcome) = outcome else { return };
        let counts = self.counts.entry((outcome.to_owned(), contract.to_owned())).or_default();
        match verdict {
            Verdict::Validated => counts.validated += 1,
            Verdict::Queried => counts.queried += 1,
            Verdict::Rejected => counts.rejected += 1,
        }
        self.claimed.extend(participant.map(|participant| (participant_key(participant), key(outcome))));
    }

    /// The fingerprint of the run.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Whether there is a claim of an outcome for a participant, whatever its verdict.
    pub fn has(&self, participant: &str, outcome: &str) -> bool {
        self.claimed.contains(&(participant_key(participant), key(outcome)))
    }

    /// The claims by verdict, for everyone and for each published contract: a claim names no other group. Claims under a contract
    /// that the register does not have are `other`.
    pub fn by_group(&self, levels: &PublishedLevels, contracts: &BTreeSet<&str>) -> ClaimsByGroup {
        let mut groups = ClaimsByGroup::new();
        for ((outcome, contract), claimed) in &self.counts {
            let level = levels.name(Dimension::Contract, contract);
            let level = if contracts.contains(level) { level } else { "other" };
            for group in [Some((Dimension::Contract, level.to_owned())), None] {
                let all = groups.entry((outcome.clone(), group)).or_default();
                all.validated += claimed.validated;
                all.queried += claimed.queried;
                all.rejected += claimed.rejected;
            }
        }
        groups
    }
}

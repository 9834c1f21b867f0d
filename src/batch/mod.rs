//! The one road on which a batch of claims is decided.
//!
//! Claims speak of one another: a number may stand on several rows, and an outcome may be claimed twice for one
//! participant. [`decide`] takes a batch as values and answers with the decision on every claim. A run whose payments
//! do not fit in memory takes the same road in steps:
//!
//! 1. [`UnsettledBatch::new`] finds numbers that are repeated and [`UnsettledBatch::competing`] the claims for the same outcome;
//! 2. [`UnsettledBatch::decide_alone`] decides those as if nothing else competed with them, some of them at a time;
//! 3. [`UnsettledBatch::settle`] puts them in order, and [`SettledBatch::decide`] decides any claim of the batch.

mod earlier;
mod near_misses;
mod payments;
mod precedence;
mod register;
mod repeats;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

pub use earlier::EarlierOutcomes;
pub use near_misses::{NearMisses, PeopleNotFound};
pub use payments::{PaymentsByPerson, PaymentsView};
pub use register::{RegisterIndex, RegisterRows};
pub use repeats::repeats;

use crate::domain::participant::Registered;
use crate::domain::{Claim, Payment};
use crate::judge::{self, ClaimInputs, Decision, DecisionContext, Verdict};
use crate::rules::{self, CompetingClaims, Repeated};
use precedence::{Candidate, competes_for};

/// A batch of claims and everything that is known of them but their payments.
#[derive(Clone, Copy)]
pub struct BatchInputs<'a> {
    /// The claims.
    pub claims: &'a [Claim],
    /// For each claim what the register says of its participant; `None` where no register was given.
    pub registered: Option<&'a [Registered]>,
    /// Rows under near-miss numbers, for people who have no payment.
    pub near_misses: &'a NearMisses,
    /// What earlier runs validated.
    pub earlier: &'a EarlierOutcomes,
    /// Whether the earnings were read.
    pub stage: Stage,
}

/// How far the work on a batch has come when it is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The earnings were not read, as before a batch is submitted: no payment is looked at, and every claim that is not
    /// rejected is open, so that of two for one outcome the later is a query.
    BeforeEarnings,
    /// The earnings were read. Of two claims for one outcome a validated one stands before a queried one.
    EarningsRead,
}

/// A claim with its decision and the payments it was decided on.
pub struct DecidedClaim<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The decision.
    pub decision: Decision,
    /// The payments, in the order in which the evidence numbers them.
    pub payments: Cow<'a, [Payment]>,
}

/// Decides a batch, each claim in its place.
pub fn decide<'a>(
    context: &'a DecisionContext,
    inputs: BatchInputs<'a>,
    payments: &'a dyn PaymentsView,
) -> Vec<DecidedClaim<'a>> {
    let batch = UnsettledBatch::new(context, inputs);
    let alone = batch.decide_alone(&batch.competing(), payments);
    let batch = batch.settle(&alone);
    (0..inputs.claims.len()).into_par_iter().filter_map(|index| batch.decide(index, payments)).collect()
}

/// A batch whose repeated numbers are known, and whose competing claims are not settled yet.
pub struct UnsettledBatch<'a> {
    context: &'a DecisionContext,
    inputs: BatchInputs<'a>,
    repeated: Vec<Repeated>,
}

/// What a competing claim would be if nothing else were claimed beside it.
#[derive(Debug, Clone, Copy)]
pub struct DecidedAlone {
    index: usize,
    verdict: Verdict,
}

impl<'a> UnsettledBatch<'a> {
    /// Takes a batch and finds the numbers that stand on several of its rows.
    pub fn new(context: &'a DecisionContext, inputs: BatchInputs<'a>) -> Self {
        let repeated = repeats(inputs.claims.iter().map(|claim| (claim.claim_id(), claim.row_text())));
        Self { context, inputs, repeated }
    }

    /// The claims that must be decided on their own before any claim of the batch is, by their places: those whose
    /// participant and outcome are claimed more than once. Before the earnings are read it is every claim that names
    /// both, for then only a claim that nothing rejects has a part in it.
    pub fn competing(&self) -> Vec<usize> {
        let fewest = match self.inputs.stage {
            Stage::BeforeEarnings => 1,
            Stage::EarningsRead => 2,
        };
        let claims = self.inputs.claims.iter().enumerate();
        let mut competing: Vec<_> =
            claims.filter_map(|(index, claim)| competes_for(claim).map(|outcome| (outcome, index))).collect();
        competing.par_sort_unstable();
        competing
            .chunk_by(|(one, _), (other, _)| one == other)
            .filter(|group| fewest <= group.len())
            .flatten()
            .map(|(_, index)| *index)
            .collect()
    }

    /// Decides some of the competing claims as if each were the only one for its outcome.
    pub fn decide_alone(&self, claims: &[usize], payments: &dyn PaymentsView) -> Vec<DecidedAlone> {
        let alone = |index: &usize| {
            let decided = self.decide(*index, CompetingClaims::Stands, payments)?;
            Some(DecidedAlone { index: *index, verdict: decided.decision.verdict })
        };
        claims.par_iter().filter_map(alone).collect()
    }

    /// Settles which of the competing claims stand, once all of them were decided on their own.
    pub fn settle(self, alone: &[DecidedAlone]) -> SettledBatch<'a> {
        let candidate = |DecidedAlone { index, verdict }: &DecidedAlone| {
            let verdict = match (self.inputs.stage, verdict) {
                (Stage::BeforeEarnings, Verdict::Validated) => Verdict::Queried,
                (Stage::BeforeEarnings | Stage::EarningsRead, verdict) => *verdict,
            };
            Candidate::new(*index, self.inputs.claims.get(*index)?, verdict)
        };
        let mut competing_claims: BTreeMap<usize, CompetingClaims> =
            alone.iter().map(|alone| (alone.index, CompetingClaims::OutOfIt)).collect();
        competing_claims.extend(precedence::in_order(alone.iter().filter_map(candidate).collect()));
        SettledBatch { batch: self, competing_claims }
    }

    fn decide<'p>(
        &self,
        index: usize,
        competing: CompetingClaims,
        payments: &'p dyn PaymentsView,
    ) -> Option<DecidedClaim<'p>>
    where
        'a: 'p,
    {
        let Self { context, inputs, repeated } = self;
        let claim = inputs.claims.get(index)?;
        let person = judge::person_sought(context, claim).map(|(person, _)| person);
        let of_person = match inputs.stage {
            Stage::BeforeEarnings => None,
            Stage::EarningsRead => Some(person.map_or(Cow::Borrowed(&[][..]), |person| payments.of(person))),
        };
        let is_unknown = of_person.as_ref().is_some_and(|payments| payments.is_empty());
        let near_misses = person.filter(|_| is_unknown).map(|person| inputs.near_misses.of(person));
        let registered = match inputs.registered {
            None => &Registered::NoRegister,
            Some(registered) => registered.get(index).unwrap_or(&Registered::Absent),
        };
        let known_of_it = rules::BatchContext {
            repeated: repeated.get(index).copied().unwrap_or(Repeated::No),
            competing,
            validated_before: inputs.earlier.validated(claim),
        };
        let facts = ClaimInputs {
            claim,
            registered,
            batch: &known_of_it,
            payments: of_person.as_deref(),
            near_misses: near_misses.unwrap_or_default(),
        };
        let decision = judge::decide(context, &facts);
        Some(DecidedClaim { claim, decision, payments: of_person.unwrap_or_default() })
    }
}

/// A batch in which it is known of every claim where it stands among those for the same outcome.
pub struct SettledBatch<'a> {
    batch: UnsettledBatch<'a>,
    /// The competing claims, by their places.
    competing_claims: BTreeMap<usize, CompetingClaims>,
}

impl<'a> SettledBatch<'a> {
    /// Decides the claim in this place of the batch; nothing beyond the last.
    pub fn decide<'p>(&self, index: usize, payments: &'p dyn PaymentsView) -> Option<DecidedClaim<'p>>
    where
        'a: 'p,
    {
        self.batch.decide(index, self.competing(index), payments)
    }

    /// A claim that nothing competes with stands, unless it names no participant or no outcome.
    fn competing(&self, index: usize) -> CompetingClaims {
        let names_both = || self.batch.inputs.claims.get(index).and_then(competes_for).is_some();
        let alone = || if names_both() { CompetingClaims::Stands } else { CompetingClaims::OutOfIt };
        self.competing_claims.get(&index).copied().unwrap_or_else(alone)
    }
}

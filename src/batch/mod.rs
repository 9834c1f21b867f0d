//! Decides a batch of claims: `validate`, `check`, `trial` and the cases of the tests all decide through this module.
//!
//! The decision on a claim depends on the other claims of its batch: several rows may have the same claim number, and
//! two claims may be for the same outcome of one participant or one person. [`decide`] takes a batch as values and returns the decision on
//! every claim. A run whose payments do not fit in memory calls the same steps one by one:
//!
//! 1. [`UnsettledBatch::new`] finds repeated claim numbers, [`UnsettledBatch::competing`] the claims for one outcome;
//! 2. [`UnsettledBatch::decide_alone`] decides each of those as if no other claim competed with it, in one call or
//!    more;
//! 3. [`UnsettledBatch::settle`] ranks them, and [`SettledBatch::decide`] then decides any claim of the batch.

mod earlier;
mod near_misses;
mod payments;
mod people;
mod precedence;
mod register;
mod repeats;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

pub use earlier::{EarlierClaim, EarlierOutcomes};
pub use near_misses::{NearMisses, PeopleNotFound};
pub use payments::{PaymentsByPerson, PaymentsView, SetAsideByPerson};
pub use register::{RegisterAnswer, RegisterIndex, RegisterRows};
pub use repeats::{Meaning, repeats};

use crate::domain::participant::Registered;
use crate::domain::{Claim, Payment};
use crate::judge::{self, ClaimInputs, Decision, DecisionContext, Verdict};
use crate::rules::{self, OtherNumbers, Precedence, Repeated, ValidatedBefore};
use people::BatchPeople;
use precedence::Candidate;

/// A batch of claims and everything that is known of them but their payments.
#[derive(Clone, Copy)]
pub struct BatchInputs<'a> {
    /// The claims.
    pub claims: &'a [Claim],
    /// For each claim what the register says of its participant; `None` where no register was given.
    pub registered: Option<&'a [RegisterAnswer]>,
    /// Rows under near-miss numbers, for people who have no payment.
    pub near_misses: &'a NearMisses,
    /// What earlier runs validated.
    pub earlier: &'a EarlierOutcomes,
    /// Whether the earnings were read.
    pub stage: Stage,
    /// How each claim came into the batch; where nothing says so, it is new.
    pub origins: &'a [ClaimOrigin],
}

/// How a claim came into a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimOrigin {
    /// A provider sent it.
    New,
    /// It was open in a ledger, and is decided once more.
    Carried,
    /// It is due or was paid by a ledger, and is looked at again. It stands before every other claim for its outcome, and neither
    /// it itself nor a copy of it that a provider sends once more counts against it.
    LookedAtAgain,
}

/// The stage at which a batch is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The earnings were not read, as when a batch is checked before it is submitted. Payments are not considered, and
    /// no claim counts as validated, so that of two claims for one outcome the later one is queried.
    BeforeEarnings,
    /// The earnings were read. Of two claims for one outcome a validated one ranks before a queried one.
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

/// Decides every claim of a batch; the decisions are in the order of the claims.
pub fn decide<'a>(
    context: &'a DecisionContext,
    inputs: BatchInputs<'a>,
    payments: &'a dyn PaymentsView,
) -> Vec<DecidedClaim<'a>> {
    let mut all = Vec::with_capacity(inputs.claims.len());
    each_decided(context, inputs, payments, &mut |decided| all.extend(decided));
    all
}

/// How many claims are decided at a time.
const BLOCK_CLAIMS: usize = 4_096;

/// Decides every claim of a batch, block by block in the order of the claims: a decision takes far more memory than its
/// claim.
pub fn each_decided<'a>(
    context: &'a DecisionContext,
    inputs: BatchInputs<'a>,
    payments: &'a dyn PaymentsView,
    each: &mut dyn FnMut(Vec<DecidedClaim<'a>>),
) {
    let batch = UnsettledBatch::new(context, inputs);
    let alone = batch.decide_alone(&batch.competing(), payments);
    let batch = batch.settle(&alone);
    let end = inputs.claims.len();
    for begin in (0..end).step_by(BLOCK_CLAIMS) {
        let block = begin..end.min(begin + BLOCK_CLAIMS);
        each(block.into_par_iter().filter_map(|index| batch.decide(index, payments)).collect());
    }
}

/// The number of a claim among those of its provider: a ledger's batch holds claims of many months, and providers number their
/// claims each for themselves.
fn number_within_provider(claim: &Claim) -> Option<(Option<&str>, &str)> {
    Some((claim.provider_id(), claim.claim_id()?))
}

/// A batch whose repeated claim numbers are known and whose competing claims are not settled yet.
pub struct UnsettledBatch<'a> {
    context: &'a DecisionContext,
    inputs: BatchInputs<'a>,
    repeated: Vec<Repeated>,
    people: BatchPeople,
}

/// The verdict on a competing claim as if no other claim competed with it.
#[derive(Debug, Clone, Copy)]
pub struct DecidedAlone {
    index: usize,
    verdict: Verdict,
}

impl<'a> UnsettledBatch<'a> {
    /// Takes a batch and finds the claim numbers that several of its rows have, and whom and what each claim is for.
    pub fn new(context: &'a DecisionContext, inputs: BatchInputs<'a>) -> Self {
        let repeated = match inputs.origins {
            [] => repeats(inputs.claims.iter().map(|claim| (claim.claim_id(), Meaning(claim)))),
            origins => repeats(inputs.claims.iter().zip(origins).map(|(claim, origin)| {
                (number_within_provider(claim).filter(|_| *origin != ClaimOrigin::LookedAtAgain), Meaning(claim))
            })),
        };
        Self { context, inputs, repeated, people: BatchPeople::new(inputs.claims) }
    }

    /// How the claim at this index came into the batch.
    fn origin(&self, index: usize) -> ClaimOrigin {
        self.inputs.origins.get(index).copied().unwrap_or(ClaimOrigin::New)
    }

    /// The indices of the claims that must be decided alone before the batch is settled: those whose outcome is claimed
    /// more than once for their participant or person. Before the earnings are read these are all claims that can
    /// compete, because then even a single claim does only if no other rule rejects it.
    pub fn competing(&self) -> Vec<usize> {
        let fewest = match self.inputs.stage {
            Stage::BeforeEarnings => 1,
            Stage::EarningsRead => 2,
        };
        self.people.linked().into_iter().filter(|group| fewest <= group.len()).flatten().collect()
    }

    /// Decides some of the competing claims as if each were the only one for its outcome.
    pub fn decide_alone(&self, claims: &[usize], payments: &dyn PaymentsView) -> Vec<DecidedAlone> {
        let alone = |index: &usize| {
            let decided = self.decide(*index, Precedence::Stands, payments)?;
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
            let candidate = Candidate::new(*index, self.inputs.claims.get(*index)?, self.people.of(*index)?, verdict)?;
            Some(candidate.came_as(self.origin(*index)))
        };
        let mut competing_claims: BTreeMap<usize, Precedence> =
            alone.iter().map(|alone| (alone.index, Precedence::OutOfIt)).collect();
        competing_claims.extend(precedence::in_order(alone.iter().filter_map(candidate).collect()));
        SettledBatch { batch: self, competing_claims }
    }

    fn decide<'p>(
        &self,
        index: usize,
        competing: Precedence,
        payments: &'p dyn PaymentsView,
    ) -> Option<DecidedClaim<'p>>
    where
        'a: 'p,
    {
        let Self { context, inputs, repeated, people } = self;
        let claim = inputs.claims.get(index)?;
        let person = judge::person_sought(context, claim).map(|(person, _)| person);
        let of_person = match inputs.stage {
            Stage::BeforeEarnings => None,
            Stage::EarningsRead => Some(person.map_or(Cow::Borrowed(&[][..]), |person| payments.of(person))),
        };
        let set_aside = person.map(|person| payments.set_aside(person)).unwrap_or_default();
        let is_unknown = set_aside.is_empty() && of_person.as_ref().is_some_and(|payments| payments.is_empty());
        let near_misses = person.filter(|_| is_unknown).map(|person| inputs.near_misses.of(person));
        let answer = inputs.registered.and_then(|registered| registered.get(index));
        let registered = answer.map_or(&Registered::NoRegister, |answer| &answer.registered);
        let known_of_it = rules::BatchContext {
            repeated: repeated.get(index).copied().unwrap_or(Repeated::No),
            competing,
            validated_before: match self.origin(index) {
                ClaimOrigin::New | ClaimOrigin::Carried => inputs.earlier.validated(claim),
                ClaimOrigin::LookedAtAgain => ValidatedBefore::No,
            },
            other_numbers: OtherNumbers {
                in_batch: people.has_another_number(index),
                in_register: answer.is_some_and(|answer| answer.has_another_number),
            },
        };
        let facts = ClaimInputs {
            claim,
            registered,
            batch: &known_of_it,
            payments: of_person.as_deref(),
            set_aside,
            near_misses: near_misses.unwrap_or_default(),
        };
        let decision = judge::decide(context, &facts);
        Some(DecidedClaim { claim, decision, payments: of_person.unwrap_or_default() })
    }
}

/// A batch in which every claim is ranked among the claims for the same outcome.
pub struct SettledBatch<'a> {
    batch: UnsettledBatch<'a>,
    /// The rank of each competing claim, by its index in the batch.
    competing_claims: BTreeMap<usize, Precedence>,
}

impl<'a> SettledBatch<'a> {
    /// Decides the claim at this index of the batch; `None` beyond the last claim.
    pub fn decide<'p>(&self, index: usize, payments: &'p dyn PaymentsView) -> Option<DecidedClaim<'p>>
    where
        'a: 'p,
    {
        self.batch.decide(index, self.competing(index), payments)
    }

    /// A claim that nothing competes with stands, unless it names nothing to compete for.
    fn competing(&self, index: usize) -> Precedence {
        let can_compete = || self.batch.people.of(index).is_some_and(people::ClaimedFor::can_compete);
        let alone = || if can_compete() { Precedence::Stands } else { Precedence::OutOfIt };
        self.competing_claims.get(&index).cloned().unwrap_or_else(alone)
    }
}

//! Events: what a ledger records, one after another, each with the hash of everything before it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::cells::Cells;
use super::state::ClaimState;
use crate::judge::Verdict;

/// The kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// The ledger was made: [`Opening`].
    Opened,
    /// A provider sent a claim, for the first time or corrected: [`Receipt`].
    Received,
    /// A provider sent a claim again that is due or was paid; nothing follows from it: [`Resent`].
    SentAgain,
    /// A month decided it: [`VerdictGiven`].
    Verdict,
    /// A corrected claim took its place: [`Why`].
    Replaced,
    /// It was sent more often than the scheme allows: [`Why`].
    Refused,
    /// Nobody settled it in time: [`Why`].
    Lapsed,
    /// A person settled it: [`DecisionMade`].
    Decision,
    /// A month's work was done: [`MonthDone`].
    Month,
    /// A payment schedule was drawn up: [`ScheduleMade`].
    Schedule,
    /// A claim was paid by a schedule: [`InSchedule`].
    Paid,
    /// A payment was taken back by a schedule: [`InSchedule`].
    Recovered,
    /// The files of a schedule were put in their place: [`InSchedule`].
    Written,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Opened,
        Self::Received,
        Self::SentAgain,
        Self::Verdict,
        Self::Replaced,
        Self::Refused,
        Self::Lapsed,
        Self::Decision,
        Self::Month,
        Self::Schedule,
        Self::Paid,
        Self::Recovered,
        Self::Written,
    ];

    /// The kind as the ledger writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Received => "received",
            Self::SentAgain => "sent_again",
            Self::Verdict => "verdict",
            Self::Replaced => "replaced",
            Self::Refused => "refused",
            Self::Lapsed => "lapsed",
            Self::Decision => "decision",
            Self::Month => "month",
            Self::Schedule => "schedule",
            Self::Paid => "paid",
            Self::Recovered => "recovered",
            Self::Written => "written",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a person decides of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decided {
    /// It is to be paid.
    Accept,
    /// It is not to be paid; a payment in question is to be recovered.
    Reject,
    /// The provider takes it back.
    Withdraw,
    /// It stays as it is: an open claim open, a payment in question paid.
    Keep,
}

impl Decided {
    /// Every decision.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Reject, Self::Withdraw, Self::Keep];

    /// The decision as files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::Keep => "keep",
        }
    }
}

/// An event, without its number and its hash. `Debug` shows neither claims nor what people wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// Its kind.
    pub kind: EventKind,
    /// The month it belongs to, counted from 1; 0 before the first.
    pub month: u32,
    /// The claim it is about: the number of the event that received it.
    pub claim: Option<i64>,
    /// What the claim has come to with it.
    pub state: Option<ClaimState>,
    /// What is claimed, in pence.
    pub claimed: Option<i64>,
    /// What is payable, paid or recovered, in pence.
    pub pence: Option<i64>,
    /// The day it speaks of.
    pub day: Option<NaiveDate>,
    /// The rest, as JSON.
    pub body: String,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Event").field("kind", &self.kind).field("claim", &self.claim).finish_non_exhaustive()
    }
}

impl Event {
    /// An event with nothing but a body.
    pub fn new(kind: EventKind, month: u32, body: &impl Serialize) -> Self {
        // The bodies below are plain data, which can always be written.
        let body = serde_json::to_string(body).unwrap_or_else(|_| Value::Null.to_string());
        Self { kind, month, claim: None, state: None, claimed: None, pence: None, day: None, body }
    }

    /// The same about a claim, which it brings to a state.
    #[must_use]
    pub fn about(self, claim: i64, state: ClaimState) -> Self {
        Self { claim: Some(claim), state: Some(state), ..self }
    }

    /// The hash of the event: of everything in it, its number, and the hash of the event before it.
    pub fn hash(&self, number: i64, previous: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        let number_or_not = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        add(previous);
        add(&number.to_string());
        add(self.kind.name());
        add(&self.month.to_string());
        add(&number_or_not(self.claim));
        add(self.state.map_or("", ClaimState::name));
        add(&number_or_not(self.claimed));
        add(&number_or_not(self.pence));
        add(&self.day.map(|day| day.to_string()).unwrap_or_default());
        add(&self.body);
        hasher.finalize().to_hex().to_string()
    }
}

/// How the ledger was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The program's version.
    pub program: String,
    /// The scheme's id.
    pub scheme: String,
    /// The scheme, word for word.
    pub scheme_text: String,
    /// The values that were supplied for its parameters.
    pub parameters: BTreeMap<String, String>,
    /// Whether a second person must stand behind a decision that pays.
    pub four_eyes: bool,
}

/// A claim as it was received. Its cells hold personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The provider.
    pub provider_id: String,
    /// The contract.
    pub contract_id: String,
    /// The provider's number for the claim.
    pub claim_id: String,
    /// Which attempt of that number it is, counted from 1.
    pub attempt: u32,
    /// The participant.
    pub participant_id: String,
    /// The outcome claimed.
    pub outcome: String,
    /// Every cell that holds something, by column.
    pub cells: Cells,
}

/// A claim that was sent once more, without effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resent {
    /// Its row in the batch of the month.
    pub row: u32,
    /// What the month said of that row.
    pub verdict: String,
    /// The failing rules.
    pub reasons: Vec<String>,
}

/// What a month decided of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerdictGiven {
    /// Its row in the batch of the month.
    pub row: u32,
    /// validated, rejected or queried.
    pub verdict: String,
    /// The rules it fails, notes left out, the primary reason first.
    pub reasons: Vec<String>,
    /// When a later extract can settle it.
    #[serde(default, with = "day_or_none", skip_serializing_if = "Option::is_none")]
    pub recheck_on: Option<NaiveDate>,
    /// The day the outcome was achieved.
    #[serde(default, with = "day_or_none", skip_serializing_if = "Option::is_none")]
    pub achieved_on: Option<NaiveDate>,
    /// The payroll rows considered: how many, and the last payday it speaks of. Their hash is left empty until somebody decides on them.
    pub evidence: EvidenceHash,
    /// The decision of a person that holds, by its event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<i64>,
    /// What changed in the evidence, where a decision no longer holds or a claim that was due or paid no longer stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<String>,
    /// How many payroll rows an earlier extract had of the claim and this one lacks.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost_rows: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on what the field holds")]
const fn is_zero(rows: &u64) -> bool {
    *rows == 0
}

/// What a verdict counts as: a rejection is a query where payroll rows are missing that an earlier extract had. HMRC deletes no
/// payment, it voids it: such an extract is not whole, and what it lacks is evidence of nothing.
pub const fn counts_as(verdict: Verdict, lost_rows: u64) -> Verdict {
    match verdict {
        Verdict::Rejected if 0 < lost_rows => Verdict::Queried,
        Verdict::Validated | Verdict::Rejected | Verdict::Queried => verdict,
    }
}

/// What the payroll rows considered for a claim were, up to a payday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceHash {
    /// How many rows.
    pub rows: u64,
    /// Their hash, in which their order plays no part; empty where nobody asked for it.
    pub hash: String,
    /// The last payday of which rows are counted; nothing where all are.
    #[serde(with = "day_or_none")]
    pub up_to: Option<NaiveDate>,
}

/// Why something came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// In words.
    pub why: String,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionMade {
    /// The decision.
    pub decision: Decided,
    /// The reason, as a code of the department's own.
    pub reason: String,
    /// Where the evidence for it is kept.
    pub evidence_reference: String,
    /// Who decided.
    pub decided_by: String,
    /// The second person, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_by: Option<String>,
    /// The last day for which it holds, where there is one.
    #[serde(default, with = "day_or_none", skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The payroll rows it was made on.
    pub made_on: Option<EvidenceHash>,
}

/// A month's work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthDone {
    /// The fingerprint of its run.
    pub fingerprint: String,
    /// The seal of its run's account.
    pub seal: String,
    /// The hash of what it was given.
    pub inputs: String,
    /// The last day its extract speaks for.
    #[serde(with = "day_or_none")]
    pub cut_off: Option<NaiveDate>,
    /// The rows of its batch: what became of each, counted.
    pub rows: BTreeMap<String, u64>,
    /// The hash of its page.
    pub page: String,
}

/// A payment schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleMade {
    /// Its number, counted from 1.
    pub schedule: u32,
    /// How many claims it pays.
    pub payments: u64,
    /// How many payments it recovers.
    pub recoveries: u64,
    /// What it pays, in pence.
    pub paid: i64,
    /// What it recovers, in pence.
    pub recovered: i64,
}

/// What belongs to a payment schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InSchedule {
    /// The schedule's number.
    pub schedule: u32,
    /// The event of the payment that a recovery answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<i64>,
}

/// Days as YYYY-MM-DD, or nothing.
mod day_or_none {
    use chrono::NaiveDate;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    #[expect(clippy::ref_option, reason = "serde hands on what the field holds")]
    pub(super) fn serialize<S: Serializer>(day: &Option<NaiveDate>, to: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(|_| de::Error::custom("a day as YYYY-MM-DD"))).transpose()
    }
}

//! Why a claim's verdict or reasons changed, or what is payable for it.
//!
//! The accounts of two runs show in what the runs differ. A single difference is the cause. With several, each changed
//! claim is examined by itself: differences that do not touch the claim drop out; if more than one is left, its
//! evidence is weighed again with one of them swapped at a time, and the one that alone produces the new answer is the
//! cause. If none or several do, the cause is joint.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::claim_summaries::ClaimSummary;
use crate::account::{CutOff, RunAccount, SettingAccount};
use crate::domain::{Claim, Nino, Payment, Stem};
use crate::error::RunError;
use crate::evidence::Identity;
use crate::explain::filed::{self, FiledClaim};
use crate::explain::run::FinishedRun;
use crate::judge::{self, DecisionContext};
use crate::rules::{Code, Reads, Rule, rule};

/// A cause of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The claims file.
    Claims,
    /// The earnings, together with the cut-off where it follows from them.
    Earnings,
    /// The cut-off, where it was given on the command line.
    CutOff,
    /// The register.
    Register,
    /// Earlier runs.
    History,
    /// The scheme, or values supplied to it.
    Scheme,
    /// Rules set on the command line.
    Rules,
    /// The program: its version, or the sources it was built from.
    Program,
    /// Several together, or the data does not show which.
    Joint,
}

impl Cause {
    /// The cause as outputs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Earnings => "earnings",
            Self::CutOff => "cut_off",
            Self::Register => "register",
            Self::History => "history",
            Self::Scheme => "scheme",
            Self::Rules => "rules",
            Self::Program => "program",
            Self::Joint => "joint",
        }
    }
}

/// Whether the cut-off was given on the command line and does not follow from the earnings.
fn is_given(old: &RunAccount, new: &RunAccount) -> bool {
    old.cut_off.from == CutOff::OPTION || new.cut_off.from == CutOff::OPTION
}

/// What the accounts of two runs differ in.
pub(super) fn causes_between(old: &RunAccount, new: &RunAccount) -> BTreeSet<Cause> {
    let files = |account: &RunAccount, role: &str| {
        let mut hashes: Vec<String> =
            account.inputs.iter().filter(|input| input.role == role).map(|input| input.blake3.clone()).collect();
        hashes.sort();
        hashes
    };
    let settings = |account: &RunAccount| -> Vec<(String, String)> {
        let all = account.scheme.settings.iter().filter(|(_, setting)| setting.by == SettingAccount::COMMAND_LINE);
        all.map(|(code, setting)| (code.clone(), setting.setting.clone())).collect()
    };
    let differ = [
        (Cause::Claims, files(old, "claims") != files(new, "claims")),
        (Cause::Earnings, files(old, "earnings") != files(new, "earnings")),
        (Cause::CutOff, old.cut_off.date != new.cut_off.date && is_given(old, new)),
        (Cause::Register, files(old, "register") != files(new, "register")),
        (Cause::History, old.history != new.history),
        (Cause::Scheme, old.scheme.hash != new.scheme.hash || old.scheme.parameters != new.scheme.parameters),
        (Cause::Rules, settings(old) != settings(new)),
        (Cause::Program, old.program != new.program),
    ];
    differ.into_iter().filter(|(_, differs)| *differs).map(|(cause, _)| cause).collect()
}

/// How many changed claims are examined in one pass through the runs' files.
const CLAIMS_A_PASS: usize = 10_000;

/// The causes of changes, in their order.
///
/// # Errors
/// A file of a run cannot be read.
pub(super) fn of_changes(
    old: &FinishedRun,
    new: &FinishedRun,
    differs: &BTreeSet<Cause>,
    changes: &[(&ClaimSummary, &ClaimSummary)],
) -> Result<Vec<Cause>, RunError> {
    if let Some(only) = only(differs) {
        return Ok(vec![only; changes.len()]);
    }
    let mut causes = Vec::with_capacity(changes.len());
    for some in changes.chunks(CLAIMS_A_PASS) {
        let were = filed::of_rows(old, &some.iter().map(|(before, _)| before.row).collect())?;
        let are = filed::of_rows(new, &some.iter().map(|(_, now)| now.row).collect())?;
        causes.extend(some.iter().map(|(before, now)| match (were.get(&before.row), are.get(&now.row)) {
            (Some(was), Some(is)) => of_change(old, new, differs, (was, is), (before, now)),
            (None, _) | (_, None) => Cause::Joint,
        }));
    }
    Ok(causes)
}

/// The cause of one claim's change, where the runs differ in several things.
fn of_change(
    old: &FinishedRun,
    new: &FinishedRun,
    differs: &BTreeSet<Cause>,
    (was, is): (&FiledClaim, &FiledClaim),
    told: (&ClaimSummary, &ClaimSummary),
) -> Cause {
    let possible: BTreeSet<Cause> =
        differs.iter().copied().filter(|cause| may_be(*cause, old, new, was, is, told)).collect();
    only(&possible).unwrap_or_else(|| swapped(old, new, &possible, was, is, told))
}

fn only(causes: &BTreeSet<Cause>) -> Option<Cause> {
    causes.first().copied().filter(|_| causes.len() == 1)
}

/// The rules whose answers are different.
fn changed_rules(before: &ClaimSummary, now: &ClaimSummary) -> Vec<&'static Rule> {
    let missing = |from: &ClaimSummary, to: &ClaimSummary| -> Vec<&'static Rule> {
        let reasons = from.reasons.iter().filter(|reason| !to.reasons.contains(reason));
        reasons.filter_map(|(code, _)| rule(Code::parse(code)?)).collect()
    };
    let mut rules = missing(before, now);
    rules.extend(missing(now, before));
    rules.sort_by_key(|rule| rule.code);
    rules.dedup();
    rules
}

/// Whether a difference between the runs can have affected one claim.
fn may_be(
    cause: Cause,
    old: &FinishedRun,
    new: &FinishedRun,
    was: &FiledClaim,
    is: &FiledClaim,
    (before, now): (&ClaimSummary, &ClaimSummary),
) -> bool {
    if before.is_same_answer(now) {
        // Only what is payable changed, which follows from the claim and the scheme.
        return match cause {
            Cause::Claims => was.cells != is.cells,
            Cause::Scheme | Cause::Program | Cause::Joint => true,
            Cause::Earnings | Cause::CutOff | Cause::Register | Cause::History | Cause::Rules => false,
        };
    }
    let changed = changed_rules(before, now);
    let any_reads = |what: Reads| changed.iter().any(|rule| rule.reads(what));
    // Which of several competing claims stands depends on the verdicts of the others, and so on every input.
    if any_reads(Reads::OtherVerdicts) {
        return true;
    }
    match cause {
        Cause::Claims => was.cells != is.cells || any_reads(Reads::OtherClaims),
        Cause::Earnings | Cause::CutOff => {
            // The evidence's own answers are weighed again below; what other rules read of the payments is not.
            let reads_payments = |rule: &&Rule| rule.reads(Reads::Payments) && !rule.rests_on.is_answer_of_evidence();
            changed.iter().any(reads_payments)
                || matters(
                    cause,
                    &WeighingInputs::of(old, was),
                    &WeighingInputs::of(new, is),
                    is_given(&old.account, &new.account),
                )
        }
        Cause::Register => was.participant_start != is.participant_start || any_reads(Reads::Register),
        Cause::History => any_reads(Reads::EarlierRuns),
        Cause::Rules => {
            let set = |account: &RunAccount, rule: &Rule| {
                let setting = account.scheme.settings.get(rule.code.as_str());
                let given = setting.filter(|setting| setting.by == SettingAccount::COMMAND_LINE);
                given.map(|setting| setting.setting.clone())
            };
            changed.iter().any(|rule| set(&old.account, rule) != set(&new.account, rule))
        }
        Cause::Scheme | Cause::Program | Cause::Joint => true,
    }
}

/// Whether swapping this cause alone changes the evidence of either side.
fn matters(cause: Cause, from: &WeighingInputs<'_>, to: &WeighingInputs<'_>, is_given: bool) -> bool {
    let differs = |one: &WeighingInputs<'_>, other: &WeighingInputs<'_>| {
        one.swapped(cause, other, is_given).is_some_and(|with| with.answer() != one.answer())
    };
    differs(from, to) || differs(to, from)
}

/// The answer of the evidence to one claim.
#[derive(PartialEq, Eq)]
struct EvidenceSummary {
    /// The rule that fails for it.
    code: Option<Code>,
    /// Whether a later extract can settle it: a rule can query then that rejects otherwise.
    may_be_settled_later: bool,
    achieved_on: Option<NaiveDate>,
    /// Whose the payments appear to be.
    identity: Identity,
}

/// The inputs with which a claim's evidence is weighed.
#[derive(Clone)]
struct WeighingInputs<'a> {
    claim: &'a Claim,
    payments: Vec<Payment>,
    participant_start: Option<NaiveDate>,
    context: DecisionContext,
}

impl<'a> WeighingInputs<'a> {
    fn of(run: &FinishedRun, filed: &'a FiledClaim) -> Self {
        Self {
            claim: &filed.claim,
            payments: filed.payments.iter().map(|paid| paid.payment.clone()).collect(),
            participant_start: filed.participant_start,
            context: run.context.clone(),
        }
    }

    fn stem(&self) -> Option<Stem> {
        self.claim.nino.given().and_then(|nino| nino.well_formed()).map(Nino::stem)
    }

    /// The part of the evidence's answer on which verdict and reasons depend.
    fn answer(&self) -> Option<EvidenceSummary> {
        let evidence = judge::weigh(&self.context, self.claim, self.participant_start, &self.payments).ok()?;
        Some(EvidenceSummary {
            code: evidence.outcome.code(),
            may_be_settled_later: evidence.outcome.recheck_on().is_some(),
            achieved_on: evidence.outcome.achieved_on(),
            identity: evidence.identity,
        })
    }

    /// The same with one thing of another side's; the day up to which the extract speaks goes with the earnings unless it was
    /// given.
    fn swapped(&self, cause: Cause, other: &Self, is_given: bool) -> Option<Self> {
        let mut with = self.clone();
        // Payments go by the claim's number: where that changed they are another person's, and go with the claim.
        let is_same_person = self.stem() == other.stem();
        match cause {
            Cause::Claims => {
                with.claim = other.claim;
                if !is_same_person {
                    with.payments.clone_from(&other.payments);
                }
            }
            Cause::Earnings if !is_same_person => return None,
            Cause::Earnings => {
                with.payments.clone_from(&other.payments);
                if !is_given {
                    with.context.observed = Arc::clone(&other.context.observed);
                }
            }
            Cause::CutOff => with.context.observed = Arc::clone(&other.context.observed),
            Cause::Register => with.participant_start = other.participant_start,
            Cause::Scheme => with.context.scheme = other.context.scheme.clone(),
            Cause::History | Cause::Rules | Cause::Program | Cause::Joint => return None,
        }
        Some(with)
    }
}

/// The one thing that alone turns the old answer of the evidence into the new one; joint where none or several do, or where
/// rules that are not about the evidence changed too.
fn swapped(
    old: &FinishedRun,
    new: &FinishedRun,
    possible: &BTreeSet<Cause>,
    was: &FiledClaim,
    is: &FiledClaim,
    (before, now): (&ClaimSummary, &ClaimSummary),
) -> Cause {
    let is_about_evidence = |rule: &&Rule| rule.rests_on.is_about_evidence();
    if possible.contains(&Cause::Program) || !changed_rules(before, now).iter().all(is_about_evidence) {
        return Cause::Joint;
    }
    let (from, to) = (WeighingInputs::of(old, was), WeighingInputs::of(new, is));
    let (start, end) = (from.answer(), to.answer());
    if start == end {
        return Cause::Joint;
    }
    let sufficient: BTreeSet<Cause> = possible
        .iter()
        .copied()
        .filter(|cause| {
            from.swapped(*cause, &to, is_given(&old.account, &new.account)).is_some_and(|with| with.answer() == end)
        })
        .collect();
    only(&sufficient).unwrap_or(Cause::Joint)
}

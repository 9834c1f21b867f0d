//! The whole decision: a claim, its payments and a scheme in; a status for every rule and a verdict out.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::claim::ClaimCell;
use crate::domain::name::NameKey;
use crate::domain::participant::Registered;
use crate::domain::{Claim, Masked, Nino, NinoText, Observed, Payment, Pence, SetAsideRow, Stem};
use crate::evidence::identity::{NearMiss, is_near_miss};
use crate::evidence::{self, Evidence, EvidenceQuestion, PersonParticulars};
use crate::rules::{
    BatchContext, Case, Code, Fact, NoEvidence, NotApplicableReason, RULES, Reads, RestsOn, Rule, Setting, Severity,
    Status,
};
use crate::scheme::wage::WageTable;
use crate::scheme::{OutcomeTerms, Scheme};

/// The context of all decisions of a run: it is the same for every claim.
#[derive(Debug, Clone)]
pub struct DecisionContext {
    /// The scheme, with the settings of the command line laid over its own.
    pub scheme: Scheme,
    /// The minimum wage.
    pub wages: WageTable,
    /// The days that the extract can speak for.
    pub observed: Arc<Observed>,
}

/// The inputs of one decision: a claim and everything that is known about it.
#[derive(Debug, Clone, Copy)]
pub struct ClaimInputs<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// What the register says of its participant.
    pub registered: &'a Registered,
    /// What the rest of the batch and earlier runs say.
    pub batch: &'a BatchContext,
    /// Every payment under the claim's stem; `None` when no earnings were read, as before a claim is submitted.
    pub payments: Option<&'a [Payment]>,
    /// The rows under the claim's stem that could not be read.
    pub set_aside: &'a [SetAsideRow],
    /// Rows under near-miss numbers, when there is no row under the stem itself.
    pub near_misses: &'a [NearMiss],
}

/// The verdict on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The evidence shows the outcome, and nothing speaks against the claim.
    Validated,
    /// A person must look.
    Queried,
    /// The evidence contradicts the claim, or it cannot be processed.
    Rejected,
}

impl Verdict {
    /// Every verdict, in the order in which outputs list them.
    pub const ALL: [Self; 3] = [Self::Validated, Self::Rejected, Self::Queried];

    /// The verdict as outputs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Validated => "validated",
            Self::Queried => "queried",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// One rule that a claim fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it weighs here.
    pub severity: Severity,
    /// The facts it read.
    pub facts: Vec<Fact>,
}

impl Finding {
    /// What a person reads.
    pub fn message(&self) -> String {
        self.rule.message(&self.facts)
    }
}

/// The decision on one claim.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Validated, queried or rejected.
    pub verdict: Verdict,
    /// Every rule the claim fails, in the order of the codes, notes included.
    pub findings: Vec<Finding>,
    /// The status of every rule, in the order of the codes; a rule that is off does not apply.
    pub statuses: Vec<(Code, Status)>,
    /// What the payments show, or why they were not looked at.
    pub evidence: Result<Evidence, NoEvidence>,
    /// What the scheme pays for the outcome, where it says so.
    pub price: Option<Pence>,
}

impl Decision {
    /// What is payable: the scheme's price of a validated claim.
    pub fn payable(&self) -> Option<Pence> {
        self.price.filter(|_| self.verdict == Verdict::Validated)
    }

    /// The first failing rule: rejections first, then queries; none for a validated claim.
    pub fn primary_reason(&self) -> Option<Code> {
        let first = |severity| self.findings.iter().find(|finding| finding.severity == severity);
        first(Severity::Reject).or_else(|| first(Severity::Query)).map(|finding| finding.rule.code)
    }

    /// The day the outcome was achieved.
    pub fn achieved_on(&self) -> Option<NaiveDate> {
        self.evidence.as_ref().ok().and_then(|evidence| evidence.outcome.achieved_on())
    }

    /// When a later extract can settle a query.
    pub fn recheck_on(&self) -> Option<NaiveDate> {
        self.evidence.as_ref().ok().and_then(|evidence| evidence.outcome.recheck_on())
    }
}

/// Decides one claim.
pub fn decide(context: &DecisionContext, facts: &ClaimInputs<'_>) -> Decision {
    let case = case(context, facts);
    let statuses: Vec<(Code, Status)> = RULES.iter().map(|rule| (rule.code, status(context, rule, &case))).collect();
    let absence = Absence::of(&statuses);
    let findings: Vec<Finding> =
        RULES.iter().zip(&statuses).filter_map(|(rule, (_, status))| finding(context, rule, status, absence)).collect();
    let verdict = verdict(&findings);
    let price = case.price();
    Decision { verdict, findings, statuses, evidence: case.evidence, price }
}

/// Any rejecting failure rejects; else any query is a query; else the claim is validated.
fn verdict(findings: &[Finding]) -> Verdict {
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Reject) => Verdict::Rejected,
        Some(Severity::Query) => Verdict::Queried,
        Some(Severity::Note) | None => Verdict::Validated,
    }
}

fn status(context: &DecisionContext, rule: &Rule, case: &Case<'_>) -> Status {
    if context.scheme.settings.get(&rule.code) == Some(&Setting::Off) {
        return Status::NotApplicable(NotApplicableReason::SwitchedOff);
    }
    if case.claim.damage.is_some() && !rule.reads(Reads::Row) {
        return Status::NotApplicable(NotApplicableReason::NotARecord);
    }
    (rule.check)(case)
}

/// Whether what rests on absence is held against a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absence {
    /// It is: the extract shows what there is.
    Rejects,
    /// It is not: evidence could not be read, or was left out on suspicion.
    Queries,
}

impl Absence {
    fn of(statuses: &[(Code, Status)]) -> Self {
        let fails = Status::is_failure;
        let about_extract = RULES.iter().zip(statuses).filter(|(rule, _)| rule.rests_on == RestsOn::Extract);
        if about_extract.into_iter().any(|(_, (_, status))| fails(status)) { Self::Queries } else { Self::Rejects }
    }
}

fn finding(context: &DecisionContext, rule: &'static Rule, status: &Status, absence: Absence) -> Option<Finding> {
    let (facts, default) = match status {
        Status::Failed(facts) | Status::FailedByAbsence(facts) => (facts, rule.severity()),
        Status::Unclear(facts) => (facts, Severity::Query),
        Status::Passed | Status::NotApplicable(_) => return None,
    };
    let severity = match context.scheme.settings.get(&rule.code) {
        Some(Setting::Weighs(severity)) => *severity,
        Some(Setting::Off) | None => default,
    };
    let severity = match absence {
        Absence::Queries if rule.rests_on_absence() || matches!(status, Status::FailedByAbsence(_)) => {
            severity.min(Severity::Query)
        }
        Absence::Queries | Absence::Rejects => severity,
    };
    Some(Finding { rule, severity, facts: facts.clone() })
}

fn case<'a>(context: &'a DecisionContext, facts: &ClaimInputs<'a>) -> Case<'a> {
    let claim = facts.claim;
    let outcome = claim.outcome().and_then(|id| context.scheme.outcome(id));
    let job_start = claim.job_start_date.given();
    let terms = outcome.zip(job_start).and_then(|(outcome, day)| context.scheme.day_terms(outcome, *day));
    let name = name_of(claim);
    let near_miss =
        claim.date_of_birth.given().is_some_and(|born| is_near_miss(name.as_ref(), *born, facts.near_misses));
    let evidence = match facts.payments {
        None => Err(NoEvidence::NoEarnings),
        Some(payments) => weigh_for(context, claim, Start::of(context, facts.registered), payments),
    };
    let unread = match (&evidence, facts.payments) {
        (Ok(evidence), Some(payments)) => {
            evidence::set_aside::that_matter(&context.observed, evidence, payments, facts.set_aside)
        }
        (Ok(_) | Err(_), _) => Vec::new(),
    };
    Case {
        claim,
        scheme: &context.scheme,
        wages: &context.wages,
        registered: facts.registered,
        batch: facts.batch,
        outcome,
        terms,
        evidence,
        unread,
        near_miss,
    }
}

/// A claim that can be matched to payments, with what that needs.
struct Matchable {
    terms: OutcomeTerms,
    job_start: NaiveDate,
    nino: Nino,
    date_of_birth: NaiveDate,
}

/// What is needed to match a claim, or why it is not matched: a cell that must have a value is missing or unreadable, it
/// cannot be read whether the work is on a payroll, the scheme does not have the outcome, the number is malformed or a
/// dummy, or RTI cannot show the work.
fn matchable(
    context: &DecisionContext,
    claim: &Claim,
    participant_start: Option<NaiveDate>,
) -> Result<Matchable, NoEvidence> {
    let is_usable = |cell: &ClaimCell<'_>| !cell.empty && cell.unreadable.is_none();
    let knows_the_work = claim.employment_type.fault().is_none();
    let whole = knows_the_work && claim.cells().iter().all(|cell| !cell.required || is_usable(cell));
    let job_start =
        *claim.job_start_date.given().filter(|_| whole && claim.damage.is_none()).ok_or(NoEvidence::Unmatched)?;
    let outcome = claim.outcome().and_then(|id| context.scheme.outcome(id)).ok_or(NoEvidence::Unmatched)?;
    let Some(NinoText::WellFormed(nino)) = claim.nino.given() else { return Err(NoEvidence::Unmatched) };
    let date_of_birth = *claim.date_of_birth.given().ok_or(NoEvidence::Unmatched)?;
    let terms =
        context.scheme.terms(outcome, job_start, participant_start, &context.wages).ok_or(NoEvidence::Unmatched)?;
    if claim.is_self_employed() {
        return Err(NoEvidence::SelfEmployed);
    }
    Ok(Matchable { terms, job_start, nino: *nino, date_of_birth })
}

/// A participant's start, where anyone knows it, and the day from which a job is new.
#[derive(Debug, Clone, Copy)]
struct Start {
    on: Option<NaiveDate>,
    new_job_from: Option<NaiveDate>,
}

impl Start {
    fn of(context: &DecisionContext, registered: &Registered) -> Self {
        let participant = registered.found();
        Self {
            on: participant.and_then(|participant| participant.start_date),
            new_job_from: participant.and_then(|participant| context.scheme.new_job_from(participant)),
        }
    }
}

fn name_of(claim: &Claim) -> Option<NameKey> {
    let names = claim.surname().zip(claim.forename());
    names.and_then(|(surname, forename)| NameKey::new(surname, Some(forename)))
}

/// Weighs the payments of a claim whose participant started on this day, if anyone knows, and was not in work then.
///
/// # Errors
/// Why they are not looked at.
pub fn weigh(
    context: &DecisionContext,
    claim: &Claim,
    participant_start: Option<NaiveDate>,
    payments: &[Payment],
) -> Result<Evidence, NoEvidence> {
    weigh_for(context, claim, Start { on: participant_start, new_job_from: participant_start }, payments)
}

fn weigh_for(
    context: &DecisionContext,
    claim: &Claim,
    start: Start,
    payments: &[Payment],
) -> Result<Evidence, NoEvidence> {
    let Matchable { terms, job_start, nino, date_of_birth } = matchable(context, claim, start.on)?;
    let question = EvidenceQuestion {
        job_start,
        terms,
        observed: Arc::clone(&context.observed),
        named_employer: claim.paye_reference.given().cloned(),
        participant_start: start.on,
        new_job_from: start.new_job_from,
        whose: PersonParticulars { name: name_of(claim), date_of_birth: Masked(date_of_birth), suffix: nino.suffix() },
    };
    Ok(evidence::weigh(question, payments))
}

/// Whose payments are looked for to decide a claim: the stem and the date of birth; `None` where none are looked at.
pub fn person_sought(context: &DecisionContext, claim: &Claim) -> Option<(Stem, NaiveDate)> {
    matchable(context, claim, None).ok().map(|matchable| (matchable.nino.stem(), matchable.date_of_birth))
}

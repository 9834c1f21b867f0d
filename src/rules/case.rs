//! A case: one claim and everything a rule may read about it.

use chrono::NaiveDate;

use super::{Code, NoEvidence, NotApplicableReason, RULES, RestsOn, Severity, Status};
use crate::domain::day::days_from;
use crate::domain::participant::Registered;
use crate::domain::{Claim, Participant, Pence, SetAsideRow};
use crate::evidence::days::DayEvidence;
use crate::evidence::identity::IdentityComparison;
use crate::evidence::{AnswerClass, DayQuestion, Decided, Evidence, Identity, Timeline};
use crate::scheme::wage::WageTable;
use crate::scheme::{DayTerms, Outcome, OutcomeKind, Scheme};

/// One claim, prepared for the rules.
#[derive(Debug)]
pub struct Case<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// The scheme it is decided under.
    pub scheme: &'a Scheme,
    /// The minimum wage.
    pub wages: &'a WageTable,
    /// What the register says of the participant.
    pub registered: &'a Registered,
    /// What the rest of the batch and earlier runs say.
    pub batch: &'a BatchContext,
    /// The outcome claimed, where the scheme has it.
    pub outcome: Option<&'a Outcome>,
    /// Its terms on the claimed job start, where it is counted in days.
    pub terms: Option<DayTerms>,
    /// What the payments show, or why they were not looked at.
    pub evidence: Result<Evidence, NoEvidence>,
    /// The rows under the claim's number that could not be read and may matter to what the payments show.
    pub unread: Vec<&'a SetAsideRow>,
    /// Whether a near-miss number with the same name and date of birth was found.
    pub near_miss: bool,
}

/// What the rest of the batch and earlier runs say about a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchContext {
    /// Whether the claim's number is used by other rows.
    pub repeated: Repeated,
    /// What other claims there are for the same outcome and participant or person.
    pub competing: Precedence,
    /// Whether an earlier run validated the outcome for the participant or the person.
    pub validated_before: ValidatedBefore,
    /// Where the claim's person has another participant number than the claim's.
    pub other_numbers: OtherNumbers,
}

/// Whether a claim's number occurs more than once in the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeated {
    /// Once, or this is the first of exact copies.
    No,
    /// An exact copy of an earlier row.
    Copy,
    /// Rows with this number differ.
    Differs,
}

/// The rank of a claim among those for the same outcome and participant or person that no other rule rejects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Precedence {
    /// It is the only one, or the first.
    Stands,
    /// Another one stands before it.
    Behind(StandingClaim),
    /// It plays no part: another rule rejects it, or it names no outcome, or neither a participant nor a person.
    OutOfIt,
}

/// What a claim is told of the one that stands before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingClaim {
    /// Its number.
    pub claim_id: Box<str>,
    /// What it is decided to be.
    pub verdict: StandingVerdict,
    /// When it was claimed, against the claim behind it.
    pub claimed: ClaimDateOrder,
    /// What makes the two claims for one outcome of one participant or person.
    pub link: Link,
}

/// What a claim that stands is decided to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingVerdict {
    /// Validated.
    Validated,
    /// Queried: until a person has looked at it, nobody knows whether it stands.
    Queried,
}

/// When a claim was claimed, against another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimDateOrder {
    /// Earlier, or on the same day.
    NotLater,
    /// Later.
    Later,
}

/// What links two claims for one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// They name the same participant.
    Participant,
    /// They have National Insurance numbers of the same person.
    Person,
    /// Neither, but other claims between them are linked to both.
    OtherClaims,
}

impl Link {
    /// What the two claims share, in words.
    pub const fn shared(self) -> &'static str {
        match self {
            Self::Participant => "participant",
            Self::Person => "person",
            Self::OtherClaims => "participant or person, through other claims of the batch,",
        }
    }
}

/// Whether an earlier run validated a claim's outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidatedBefore {
    /// No earlier run was named.
    NoRunNamed,
    /// None of the runs did.
    No,
    /// One of them did.
    Yes(Box<EarlierOutcome>),
}

/// An outcome that an earlier run validated, as far as the run recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierOutcome {
    /// What a person knows the run by.
    pub run: Box<str>,
    /// Whether it was for the claim's participant, or for the same person under another number.
    pub link: Link,
    /// The number of the claim that was validated.
    pub claim_id: Option<Box<str>>,
    /// The day the outcome was achieved.
    pub achieved_on: Option<NaiveDate>,
    /// What was to be paid for it.
    pub amount: EarlierAmount,
}

/// What was to be paid for an outcome that an earlier run validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlierAmount {
    /// The scheme's price.
    Payable(Pence),
    /// The scheme stated no price; this is what the provider claimed.
    Claimed(Pence),
    /// It was paid.
    Paid {
        /// How much.
        amount: Pence,
        /// When.
        on: NaiveDate,
    },
    /// Neither is recorded.
    NotRecorded,
}

/// Where a claim's person has a participant number that is not the claim's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OtherNumbers {
    /// In the batch.
    pub in_batch: bool,
    /// In the register.
    pub in_register: bool,
}

impl<'a> Case<'a> {
    /// The claimed job start.
    pub fn job_start(&self) -> Option<NaiveDate> {
        self.claim.job_start_date.given().copied()
    }

    /// What the scheme pays for the outcome, where it says so.
    pub fn price(&self) -> Option<Pence> {
        self.outcome.zip(self.job_start()).and_then(|(outcome, day)| outcome.price_of_job_from(day))
    }

    /// The register's entry.
    pub fn participant(&self) -> Option<&'a Participant> {
        self.registered.found()
    }

    /// What the payments show.
    ///
    /// # Errors
    /// The status of a rule that reads it, where the payments were not looked at.
    pub fn evidence(&self) -> Result<&Evidence, Status> {
        self.evidence.as_ref().map_err(|why| Status::from(*why))
    }

    /// What the payments show, where it is known when the window opens.
    ///
    /// # Errors
    /// The status of a rule that reads the answer, where there is none.
    pub fn answer(&self) -> Result<&Evidence, Status> {
        let evidence = self.evidence()?;
        if self.lacks_a_window() { Err(Status::NotApplicable(NotApplicableReason::NoStart)) } else { Ok(evidence) }
    }

    /// How the payments that count compare with the claimant.
    ///
    /// # Errors
    /// The status of a rule that reads it, where the payments were not looked at or none counts.
    pub fn compared(&self) -> Result<IdentityComparison, Status> {
        match self.evidence()?.identity {
            Identity::Compared(compared) => Ok(compared),
            Identity::NothingToCompare => Err(Status::NotApplicable(NotApplicableReason::NothingToCompare)),
        }
    }

    /// The evidence of an outcome counted in days.
    ///
    /// # Errors
    /// The status of a rule about days where there is none, or the outcome is of another kind.
    pub fn days(&self) -> Result<&DayEvidence, Status> {
        self.evidence()?.outcome.by_day().map_err(|why| Status::NotApplicable(NotApplicableReason::NotDays(why)))
    }

    /// The question about days, what the payments show under the best employer, and the answer.
    ///
    /// # Errors
    /// The status of a rule about the best employer where no employer competes.
    pub fn decided(&self) -> Result<(&DayQuestion, &Timeline, &Decided), Status> {
        let days = self.days()?;
        let (decided, best) = days.decided().ok_or(Status::NotApplicable(NotApplicableReason::NoEmployer))?;
        Ok((&days.question, best, decided))
    }

    /// The day the outcome was achieved.
    ///
    /// # Errors
    /// The status of a rule about passing claims when the claim does not pass.
    pub fn achieved_on(&self) -> Result<NaiveDate, Status> {
        self.evidence()?.outcome.achieved_on().ok_or(Status::NotApplicable(NotApplicableReason::NotAchieved))
    }

    /// Whether terms hold for the outcome on the claimed job start, or the outcome does not count from there.
    pub fn terms_hold(&self) -> bool {
        let claimed = self.outcome.zip(self.job_start());
        claimed.is_none_or(|(outcome, day)| self.scheme.terms(outcome, day, None, self.wages).is_some())
    }

    /// Whether the outcome claimed counts from the participant's start.
    pub fn counts_from_participant_start(&self) -> bool {
        self.outcome.is_some_and(|outcome| outcome.kind.counts_from_participant_start())
    }

    /// Whether the payments were looked at and nobody knows when the window opens.
    pub fn lacks_a_window(&self) -> bool {
        self.evidence.as_ref().is_ok_and(|evidence| evidence.outcome.lacks_a_window())
    }

    /// The status of a rule that fails for one of the answers about days.
    pub fn answered_in_days(&self, code: Code) -> Status {
        match self.days() {
            Ok(_) => self.answered(code),
            Err(status) => status,
        }
    }

    /// The status of a rule that speaks for one of the answers to outcomes of one kind; it does not apply `otherwise`.
    pub fn answered_where(
        &self,
        is_of_kind: fn(&OutcomeKind) -> bool,
        otherwise: NotApplicableReason,
        code: Code,
    ) -> Status {
        if self.outcome.is_some_and(|outcome| is_of_kind(&outcome.kind)) {
            self.answered(code)
        } else {
            Status::NotApplicable(otherwise)
        }
    }

    fn answered(&self, code: Code) -> Status {
        let outcome = match self.evidence() {
            Ok(evidence) => &evidence.outcome,
            Err(status) => return status,
        };
        match outcome.code() {
            _ if outcome.lacks_a_window() => Status::NotApplicable(NotApplicableReason::NoStart),
            None => Status::Passed,
            Some(answer) if answer == code => Status::Failed(outcome.facts()),
            Some(_) => Status::NotApplicable(NotApplicableReason::OtherAnswer),
        }
    }

    /// The kind of answer that some rules come to together, at their own severities: the worst of them.
    pub fn class_by(&self, speaks: fn(RestsOn) -> bool) -> AnswerClass {
        let classes = RULES.iter().filter(|rule| speaks(rule.rests_on)).map(|rule| match (rule.check)(self) {
            Status::Failed(_) | Status::FailedByAbsence(_) if rule.severity() == Severity::Reject => {
                AnswerClass::Reject
            }
            Status::Failed(_) | Status::FailedByAbsence(_) | Status::Unclear(_) => AnswerClass::Query,
            Status::Passed | Status::NotApplicable(_) => AnswerClass::Pass,
        });
        classes.max().unwrap_or(AnswerClass::Pass)
    }

    /// Whether a start is further from the claimed one than the scheme tolerates.
    pub fn is_far_from_claimed_start(&self, start: NaiveDate) -> bool {
        let tolerance = self.terms.map_or(0, |terms| i64::from(terms.start_tolerance_days));
        self.job_start().is_some_and(|job_start| tolerance < days_from(job_start, start).abs())
    }
}

//! A case: one claim and everything a rule may read about it.

use chrono::NaiveDate;

use super::{Code, NoEvidence, NotApplicableReason, RULES, RestsOn, Severity, Status};
use crate::domain::day::days_from;
use crate::domain::participant::Registered;
use crate::domain::{Claim, Participant, Pence};
use crate::evidence::days::DayEvidence;
use crate::evidence::{AnswerClass, DayQuestion, Decided, Evidence, Timeline};
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
    /// Whether a near-miss number with the same name and date of birth was found.
    pub near_miss: bool,
}

/// What the rest of the batch and earlier runs say about a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchContext {
    /// Whether the claim's number is used by other rows.
    pub repeated: Repeated,
    /// What other claims there are for the same participant and outcome.
    pub competing: Precedence,
    /// Whether an earlier run validated the outcome for the participant; `None` where no earlier run was named.
    pub validated_before: Option<bool>,
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

/// The rank of a claim among those for the same participant and outcome that no other rule rejects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precedence {
    /// It is the only one, or the first.
    Stands,
    /// Another one, validated, stands before it.
    BehindValidated,
    /// Another one, queried, stands before it.
    BehindQueried,
    /// It plays no part: another rule rejects it, or it names no participant or outcome.
    OutOfIt,
}

impl<'a> Case<'a> {
    /// The claimed job start.
    pub fn job_start(&self) -> Option<NaiveDate> {
        self.claim.job_start_date.given().copied()
    }

    /// What the scheme pays for the outcome, where it says so.
    pub fn price(&self) -> Option<Pence> {
        let price = self.outcome.and_then(|outcome| outcome.price.as_ref()).zip(self.job_start());
        price.and_then(|(price, day)| price.on(day)).copied()
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
            Status::Failed(_) if rule.severity() == Severity::Reject => AnswerClass::Reject,
            Status::Failed(_) | Status::Unclear(_) => AnswerClass::Query,
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

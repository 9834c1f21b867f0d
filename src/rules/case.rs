//! A case: one claim and everything a rule may read about it.

use chrono::NaiveDate;

use super::{Code, Fact, NoEvidence, NotApplicableReason, Status};
use crate::domain::day::days_from;
use crate::domain::participant::Registered;
use crate::domain::{Claim, Participant, Pence};
use crate::evidence::{Answer, DaysQuestion, Decided, Evidence, EvidenceTerms, Timeline};
use crate::scheme::wage::WageTable;
use crate::scheme::{DayTerms, Outcome, Scheme};

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
    /// The terms on which the payments were weighed and what they show, or why they were not weighed.
    pub evidence: Result<(EvidenceTerms, Evidence), NoEvidence>,
    /// Whether a near-miss number with the same name and date of birth was found.
    pub near_miss: bool,
}

/// What the rest of the batch and earlier runs say about a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchContext {
    /// Whether the claim's number is used by other rows.
    pub repeated: Repeated,
    /// What other claims there are for the same participant and outcome.
    pub competing: CompetingClaims,
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
pub enum CompetingClaims {
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

    /// The terms, what the payments show, and the answer where at least one employer competes.
    ///
    /// # Errors
    /// The status of a rule that needs them.
    pub fn decided(&self) -> Result<(&DaysQuestion, &Timeline, &Decided), Status> {
        let (asked, evidence) = self.evidence.as_ref().map_err(|why| Status::from(*why))?;
        let question = asked.days().ok_or(Status::NotApplicable(NotApplicableReason::NotDays))?;
        match (evidence.answer.decided(), evidence.best()) {
            (Some(decided), Some(best)) => Ok((question, best, decided)),
            (_, None) | (None, _) => Err(Status::NotApplicable(NotApplicableReason::NoEmployer)),
        }
    }

    /// The day the outcome was achieved.
    ///
    /// # Errors
    /// The status of a rule about passing claims when the claim does not pass.
    pub fn achieved_on(&self) -> Result<NaiveDate, Status> {
        let (_, evidence) = self.evidence.as_ref().map_err(|why| Status::from(*why))?;
        evidence.answer.achieved_on().ok_or(Status::NotApplicable(NotApplicableReason::NotAchieved))
    }

    /// Whether the outcome claimed is one of earnings.
    pub fn is_about_earnings(&self) -> bool {
        self.outcome.is_some_and(|outcome| outcome.kind.is_earnings())
    }

    /// Whether the outcome is one of earnings and nobody knows when its window opens.
    pub fn lacks_a_window(&self) -> bool {
        self.evidence.as_ref().is_ok_and(|(_, evidence)| matches!(evidence.answer, Answer::NoWindow))
    }

    /// The status of a rule that fails for one of the answers about earnings.
    pub fn earned(&self, code: Code) -> Status {
        let (asked, evidence) = match &self.evidence {
            Ok(evidence) => evidence,
            Err(_) if !self.is_about_earnings() => return Status::NotApplicable(NotApplicableReason::NotEarnings),
            Err(why) => return (*why).into(),
        };
        let EvidenceTerms::Earnings(question) = asked else {
            return Status::NotApplicable(NotApplicableReason::NotEarnings);
        };
        let (Some(terms), Some(earned)) = (&question.terms, evidence.answer.earned()) else {
            return Status::NotApplicable(NotApplicableReason::NoStart);
        };
        match earned.code() {
            None => Status::Passed,
            Some(answer) if answer == code => {
                let mut facts = vec![
                    Fact::new("earned", earned.total),
                    Fact::new("threshold", terms.threshold),
                    Fact::new("window_from", terms.opens),
                    Fact::new("window_to", terms.closes),
                ];
                facts.extend(question.cut_off.map(|cut_off| Fact::new("cut_off", cut_off)));
                facts.extend(earned.open_until.map(|day| Fact::new("recheck_on", day)));
                Status::Failed(facts)
            }
            Some(_) => Status::NotApplicable(NotApplicableReason::OtherAnswer),
        }
    }

    /// The status of a rule that fails for one of the answers about days.
    pub fn answered(&self, code: Code) -> Status {
        let evidence = match &self.evidence {
            Ok((EvidenceTerms::Days(_), evidence)) => evidence,
            Ok((EvidenceTerms::Earnings(_), _)) => return Status::NotApplicable(NotApplicableReason::NotDays),
            Err(why) => return (*why).into(),
        };
        match evidence.answer.code() {
            None => Status::Passed,
            Some(answer) if answer == code => Status::Failed(self.answer_facts()),
            Some(_) => Status::NotApplicable(NotApplicableReason::OtherAnswer),
        }
    }

    /// The facts that every answer about sustainment and hours rests on.
    fn answer_facts(&self) -> Vec<Fact> {
        let Ok((question, best, decided)) = self.decided() else { return Vec::new() };
        let mut facts = vec![
            Fact::new("employer", &best.employer),
            Fact::new("needed", question.terms.needed_days),
            Fact::new("hours", question.terms.hours),
            Fact::new("window_from", decided.window.0),
            Fact::new("window_to", decided.window.1),
            Fact::new("yes_days", decided.counts.yes),
            Fact::new("unknown_days", decided.counts.unknown),
            Fact::new("below_days", decided.counts.below),
        ];
        facts.extend(best.job.map(|job| Fact::new("first_cover", job.first_cover)));
        if let Some((spell, paid, cover_end)) = best.last_spell_and_payment() {
            facts.push(Fact::new("last_cover", cover_end));
            facts.push(Fact::new("last_payday", paid.payday));
            facts.extend(spell.leaving.map(|leaving| Fact::new("leaving_date", leaving)));
        }
        facts.extend(question.cut_off.map(|cut_off| Fact::new("cut_off", cut_off)));
        facts.extend(decided.recheck_on.map(|day| Fact::new("recheck_on", day)));
        facts
    }

    /// Whether a start is further from the claimed one than the scheme tolerates.
    pub fn is_far_from_claimed_start(&self, start: NaiveDate) -> bool {
        let tolerance = self.terms.map_or(0, |terms| i64::from(terms.start_tolerance_days));
        self.job_start().is_some_and(|job_start| tolerance < days_from(job_start, start).abs())
    }
}

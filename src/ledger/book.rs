//! What the events of a ledger come to: every claim with its state, every month and every payment schedule.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::body::Body;
use super::event::{
    Decided, DecisionMade, InSchedule, MonthDone, Opening, Receipt, ScheduleMade, VerdictGiven, Why, counts_as,
};
use super::movements::{Movement, Movements};
use super::state::ClaimState;
use super::store::{NOTHING_BEFORE, Recorded};
use crate::judge::Verdict;

/// How many days behind the end of the last month's extract people may still decide and pay on it.
const MOST_DAYS_BEHIND: i64 = 366;

/// An attempt of a claim, and what became of it. `Debug` is left out: it holds personal data.
#[derive(Clone)]
pub struct LedgerClaim {
    /// The number of the event that received it, by which other events name it.
    pub number: i64,
    /// The month in which it was received.
    pub received_in: u32,
    /// What was received.
    pub receipt: Receipt,
    /// What it has come to.
    pub state: ClaimState,
    /// What is claimed, in pence: the claim's amount, or where it states none the scheme's price.
    pub claimed: i64,
    /// What is payable if it is paid, in pence: the scheme's price, never more than is claimed.
    pub payable: i64,
    /// The last verdict.
    pub verdict: Option<Box<LastVerdict>>,
    /// The payroll rows of the last verdict whose extract lacked none that an earlier one had.
    pub whole: Option<WholeEvidence>,
    /// The decision of a person that holds.
    pub decision: Option<Box<LastDecision>>,
    /// Since when it is open.
    pub open_since: Option<NaiveDate>,
    /// Why it was replaced, refused, or lapsed.
    pub why: Option<String>,
    /// Why its payment no longer stands as it was made.
    pub fell_because: Option<String>,
    /// Its payment.
    pub paid: Option<InOneSchedule>,
    /// The recovery of its payment.
    pub recovered: Option<InOneSchedule>,
}

impl LedgerClaim {
    /// Whether a decision of a person keeps it as it is.
    pub fn is_kept(&self) -> bool {
        self.decision.as_ref().is_some_and(|decision| decision.made.decision == Decided::Keep)
    }
}

/// The last verdict on a claim.
#[derive(Debug, Clone)]
pub struct LastVerdict {
    /// Its event.
    pub event: i64,
    /// The month that gave it.
    pub month: u32,
    /// What it says.
    pub given: VerdictGiven,
}

/// Where the payroll rows of a verdict lie: later ones are held to them, so that what an extract lacks is missed in every later month
/// too, until one has it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WholeEvidence {
    /// The event of the verdict.
    pub event: i64,
    /// The month that gave it.
    pub month: u32,
    /// Its row in the batch of that month.
    pub row: u32,
    /// How many rows it considered, where they were counted.
    pub rows: u64,
}

/// The last decision of a person on a claim.
#[derive(Debug, Clone)]
pub struct LastDecision {
    /// Its event.
    pub event: i64,
    /// When it was made.
    pub day: Option<NaiveDate>,
    /// What it says.
    pub made: DecisionMade,
}

/// A line of a payment schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InOneSchedule {
    /// Its event.
    pub event: i64,
    /// The schedule.
    pub schedule: u32,
    /// The day.
    pub day: Option<NaiveDate>,
    /// The amount in pence; less than nothing for a recovery.
    pub pence: i64,
}

/// A month of the ledger.
#[derive(Debug, Clone)]
pub struct LedgerMonth {
    /// Its number, counted from 1.
    pub number: u32,
    /// What it did.
    pub done: MonthDone,
}

/// A payment schedule of the ledger.
#[derive(Debug, Clone)]
pub struct LedgerSchedule {
    /// What it comes to.
    pub made: ScheduleMade,
    /// Its day.
    pub day: Option<NaiveDate>,
    /// The month after which it was drawn up.
    pub month: u32,
    /// Whether its files were put in their place.
    pub is_written: bool,
}

/// What the events of a ledger come to.
#[derive(Default)]
pub struct Book {
    /// How the ledger was made.
    pub opening: Option<Opening>,
    /// Every attempt of every claim, in the order received.
    pub claims: Vec<LedgerClaim>,
    /// The months.
    pub months: Vec<LedgerMonth>,
    /// The payment schedules.
    pub schedules: Vec<LedgerSchedule>,
    /// How claims moved from state to state.
    pub movements: Movements,
    /// The number of the last event, and its hash.
    pub last: i64,
    /// Its hash.
    pub head: String,
    /// The place of each claim, by the number of its event.
    places: HashMap<i64, usize>,
    /// The places of the attempts of each claim number, by provider.
    attempts: HashMap<(String, String), Vec<usize>>,
}

impl Book {
    /// A book without events.
    pub fn new() -> Self {
        Self { head: NOTHING_BEFORE.to_owned(), ..Self::default() }
    }

    /// Takes the next event, of which `body` is the body.
    ///
    /// # Errors
    /// It cannot follow those before it.
    pub(super) fn take(&mut self, recorded: &Recorded, body: Body) -> Result<(), String> {
        match body {
            Body::Opened(opening) if self.opening.is_none() && recorded.number == 1 => self.opening = Some(opening),
            Body::Opened(_) => return Err("the ledger is opened twice".into()),
            Body::Month(done) => self.month(recorded, done)?,
            Body::Schedule(made) => self.schedule(recorded, made)?,
            Body::Written(written) => self.written(&written)?,
            Body::Received(receipt) => self.receive(recorded, receipt)?,
            Body::SentAgain => drop(self.of(recorded)?),
            Body::Verdict(_)
            | Body::Replaced(_)
            | Body::Refused(_)
            | Body::Lapsed(_)
            | Body::Decision(_)
            | Body::Paid(_)
            | Body::Recovered(_) => self.change(recorded, body)?,
        }
        self.last = recorded.number;
        self.head.clone_from(&recorded.hash);
        Ok(())
    }

    fn month(&mut self, recorded: &Recorded, done: MonthDone) -> Result<(), String> {
        let number = recorded.event.month;
        if usize::try_from(number).ok() != Some(self.months.len() + 1) {
            return Err("the months do not follow one another".into());
        }
        self.months.push(LedgerMonth { number, done });
        Ok(())
    }

    fn schedule(&mut self, recorded: &Recorded, made: ScheduleMade) -> Result<(), String> {
        if usize::try_from(made.schedule).ok() != Some(self.schedules.len() + 1) {
            return Err("the payment schedules do not follow one another".into());
        }
        let (day, month) = (recorded.event.day, recorded.event.month);
        self.schedules.push(LedgerSchedule { made, day, month, is_written: false });
        Ok(())
    }

    fn written(&mut self, written: &InSchedule) -> Result<(), String> {
        let schedule = self.schedules.iter_mut().find(|schedule| schedule.made.schedule == written.schedule);
        schedule.ok_or("there is no such payment schedule")?.is_written = true;
        Ok(())
    }

    fn receive(&mut self, recorded: &Recorded, receipt: Receipt) -> Result<(), String> {
        let event = &recorded.event;
        let state = follow(None, recorded)?;
        let place = self.claims.len();
        self.places.insert(recorded.number, place);
        let key = (receipt.provider_id.clone(), receipt.claim_id.clone());
        self.attempts.entry(key).or_default().push(place);
        self.movements.add(step(None, recorded, state), event.claimed.unwrap_or_default(), 0);
        self.claims.push(LedgerClaim {
            number: recorded.number,
            received_in: event.month,
            receipt,
            state,
            claimed: event.claimed.unwrap_or_default(),
            payable: 0,
            verdict: None,
            whole: None,
            decision: None,
            open_since: event.day,
            why: None,
            fell_because: None,
            paid: None,
            recovered: None,
        });
        Ok(())
    }

    fn of(&mut self, recorded: &Recorded) -> Result<&mut LedgerClaim, String> {
        let number = recorded.event.claim.ok_or("it names no claim")?;
        // An event that received a claim names itself.
        let place = self.places.get(&number).copied();
        place.and_then(|place| self.claims.get_mut(place)).ok_or_else(|| "it names a claim that is not there".into())
    }

    fn change(&mut self, recorded: &Recorded, body: Body) -> Result<(), String> {
        let event = &recorded.event;
        let claim = self.of(recorded)?;
        let before = claim.state;
        let state = follow(Some(before), recorded)?;
        let line = |of: &InSchedule| -> Result<InOneSchedule, String> {
            let pence = event.pence.ok_or("it has no amount")?;
            Ok(InOneSchedule { event: recorded.number, schedule: of.schedule, day: event.day, pence })
        };
        match body {
            Body::Verdict(given) => {
                let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.name() == given.verdict);
                let verdict = verdict.ok_or("it has no verdict")?;
                claim.decision = claim.decision.take().filter(|decision| given.held_by == Some(decision.event));
                let expected = match &claim.decision {
                    Some(decision) => before.held_by(decision.made.decision),
                    None => before.after_verdict(counts_as(verdict, given.lost_rows)),
                };
                if state != expected || given.held_by.is_some() != claim.decision.is_some() {
                    return Err("the state does not follow from the verdict".into());
                }
                let amounts = event.claimed.zip(event.pence).ok_or("it has no amount")?;
                if claim.paid.is_some() && amounts != (claim.claimed, claim.payable) {
                    return Err("the amount of a paid claim changes".into());
                }
                (claim.claimed, claim.payable) = amounts;
                if claim.paid.is_none() && before != ClaimState::Open && state == ClaimState::Open {
                    claim.open_since = event.day;
                }
                if claim.claimed < claim.payable {
                    return Err("more is payable than is claimed".into());
                }
                if claim.paid.is_some() && given.changed.is_some() {
                    claim.fell_because.clone_from(&given.changed);
                }
                let (row, rows) = (given.row, given.evidence.rows);
                let is_fewer = claim.whole.is_some_and(|whole| rows < whole.rows);
                // The rows of a validated claim suffice, and are not counted.
                if given.lost_rows == 0 && (verdict == Verdict::Validated || !is_fewer) {
                    claim.whole = Some(WholeEvidence { event: recorded.number, month: event.month, row, rows });
                }
                claim.verdict = Some(Box::new(LastVerdict { event: recorded.number, month: event.month, given }));
            }
            Body::Decision(made) => {
                if !before.may_be_decided(made.decision) || state != before.held_by(made.decision) {
                    return Err("the decision cannot be made of this claim".into());
                }
                claim.decision = Some(Box::new(LastDecision { event: recorded.number, day: event.day, made }));
            }
            Body::Paid(of) => {
                let line = line(&of)?;
                if line.pence != claim.payable || line.pence <= 0 {
                    return Err("another amount was paid than was payable".into());
                }
                claim.paid = Some(line);
            }
            Body::Recovered(of) => {
                let line = line(&of)?;
                if claim.paid.map(|paid| -paid.pence) != Some(line.pence) {
                    return Err("another amount was recovered than was paid".into());
                }
                claim.recovered = Some(line);
            }
            Body::Replaced(Why { why }) | Body::Refused(Why { why }) | Body::Lapsed(Why { why }) => {
                claim.why = Some(why);
            }
            Body::Opened(_)
            | Body::Received(_)
            | Body::SentAgain
            | Body::Month(_)
            | Body::Schedule(_)
            | Body::Written(_) => {}
        }
        claim.state = state;
        if state == ClaimState::Paid {
            claim.fell_because = None;
        }
        let (claimed, payable) = (claim.claimed, claim.payable);
        self.movements.add(step(Some(before), recorded, state), claimed, payable);
        Ok(())
    }

    /// The claim that an event received.
    pub fn claim(&self, number: i64) -> Option<&LedgerClaim> {
        self.claims.get(*self.places.get(&number)?)
    }

    /// The attempts of a provider's claim number, in the order received.
    pub fn attempts(&self, provider_id: &str, claim_id: &str) -> Vec<&LedgerClaim> {
        let places = self.attempts.get(&(provider_id.to_owned(), claim_id.to_owned()));
        places.into_iter().flatten().filter_map(|place| self.claims.get(*place)).collect()
    }

    /// The last month that was done.
    pub fn last_month(&self) -> Option<&LedgerMonth> {
        self.months.last()
    }

    /// The number of the last month; 0 before the first.
    pub fn month_number(&self) -> u32 {
        self.months.last().map_or(0, |month| month.number)
    }

    /// Whether people can decide or pay on a day: one before the end of the last month's extract, or a year and more behind it, can only
    /// be a slip.
    pub fn is_of_its_time(&self, day: NaiveDate) -> bool {
        self.cut_off().is_none_or(|cut_off| (0..=MOST_DAYS_BEHIND).contains(&(day - cut_off).num_days()))
    }

    /// Up to when the last month's extract speaks, in words.
    pub fn time_in_words(&self) -> String {
        let day = self.cut_off().map_or_else(|| "no day".to_owned(), |day| day.to_string());
        format!("the extract of the last month speaks up to {day}")
    }

    /// The last day that the last month's extract spoke for.
    pub fn cut_off(&self) -> Option<NaiveDate> {
        self.months.last().and_then(|month| month.done.cut_off)
    }
}

/// The step that a claim takes by an event.
const fn step(before: Option<ClaimState>, recorded: &Recorded, after: ClaimState) -> Movement {
    Movement { month: recorded.event.month, kind: recorded.event.kind, before, after }
}

/// The state that an event brings its claim to, if it may.
fn follow(before: Option<ClaimState>, recorded: &Recorded) -> Result<ClaimState, String> {
    let event = &recorded.event;
    let state = event.state.ok_or("it says nothing of the claim's state")?;
    if ClaimState::may_follow(before, event.kind, state) {
        return Ok(state);
    }
    let before = before.map_or("no claim", ClaimState::name);
    Err(format!("{} cannot become {} by it", before, state.name()))
}

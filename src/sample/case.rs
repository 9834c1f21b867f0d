//! One participant's claims, register rows and payments, while a scenario puts them together.

use super::day::{CUT_OFF, Day, OBSERVED_FROM, SCHEME_OPENS, TAKEN};
use super::draw::{Purpose, SeededRng};
use super::employer::Employers;
use super::job::{Payslip, SampleJob, StartReporting};
use super::names::{MEN, SURNAMES, WOMEN};
use super::payment::{PaymentMark, PayrollIdentity, SamplePayment};
use super::person::SamplePerson;
use super::rows::{ClaimRow, RegisterRow};
use super::stem::{SampleStem, Stems};

/// The outcome of 16 hours a week sustained for 13 weeks.
pub(super) const SUSTAINED: &str = "sustained_13_weeks";
/// The outcome of a job of 16 hours a week started.
pub(super) const STARTED: &str = "job_start_16h";
/// The outcome of £1,000 earned within 238 days.
pub(super) const EARNED: &str = "earned_1000";

const PROVIDERS: [(&str, &str); 12] = [
    ("PR01", "CT-BRIGHTON"),
    ("PR02", "CT-CHESHIRE"),
    ("PR03", "CT-YORK"),
    ("PR04", "CT-CROYDON"),
    ("PR05", "CT-HERTS"),
    ("PR06", "CT-KENT"),
    ("PR07", "CT-SHROPSHIRE"),
    ("PR08", "CT-STOCKPORT"),
    ("PR09", "CT-TELFORD"),
    ("PR10", "CT-KENT"),
    ("PR11", "CT-HERTS"),
    ("PR12", "CT-CROYDON"),
];

/// Whether a file of claims can hold a text where a date belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellTyping {
    /// It holds texts only, so anything.
    Loose,
    /// Each column holds values of its type.
    Typed,
}

/// What all cases of a batch share.
#[derive(Debug, Clone, Copy)]
pub(super) struct CaseContext<'a> {
    /// The seed.
    pub(super) seed: u64,
    /// Who has which stem.
    pub(super) stems: &'a Stems,
    /// The employers.
    pub(super) employers: &'a Employers,
}

/// One participant's part of a batch. It begins as a person with a job in mind; the scenario does the rest.
#[derive(Debug)]
pub(super) struct SampleCase<'a> {
    ground: CaseContext<'a>,
    number: u32,
    provider: &'static str,
    contract: &'static str,
    identity: u32,
    /// The case's own draws.
    pub(super) draw: SeededRng,
    /// The participant.
    pub(super) person: SamplePerson,
    /// Two stems one digit apart, for scenarios that ask for them.
    pub(super) twins: (SampleStem, SampleStem),
    /// J: the claimed job start.
    pub(super) claimed_start: Day,
    /// The job that is claimed for.
    pub(super) job: SampleJob,
    /// The outcome that is claimed.
    pub(super) outcome: &'static str,
    /// How payroll knows the participant: the last one is how the next payment is reported.
    pub(super) identities: Vec<PayrollIdentity>,
    /// The claims.
    pub(super) claims: Vec<ClaimRow>,
    /// The claims of an earlier batch.
    pub(super) earlier: Vec<ClaimRow>,
    /// The participant's register rows.
    pub(super) register: Vec<RegisterRow>,
    /// The payments, by position.
    pub(super) payments: Vec<SamplePayment>,
}

impl<'a> SampleCase<'a> {
    /// The case of that number, of the person of that number, with the twins of a pair of that number.
    pub(super) fn new(ground: CaseContext<'a>, number: u32, person: &SamplePerson, pair: u32) -> Self {
        let mut draw = SeededRng::new(ground.seed, Purpose::Case, u64::from(number));
        // The earlier of two days, so that no month after the first has too few payments to speak for itself.
        let claimed_start = OBSERVED_FROM.plus(draw.between(0, 334).min(draw.between(0, 334)));
        let (provider, contract) = draw.pick(&PROVIDERS);
        let start = claimed_start.plus(draw.between(-2, 3));
        let employer = draw.below(ground.employers.count());
        let job = SampleJob::new(&mut draw, employer, start);
        let suffix = draw.chance(880).then_some(person.suffix);
        let identity = PayrollIdentity {
            nino: person.stem.nino(suffix),
            surname: person.surname.payroll,
            forename: person.forename.payroll,
            born: Some(person.born),
        };
        Self {
            ground,
            number,
            provider,
            contract,
            identity: 0,
            draw,
            person: *person,
            twins: ground.stems.twins(pair),
            claimed_start,
            job,
            outcome: SUSTAINED,
            identities: vec![identity],
            claims: Vec::new(),
            earlier: Vec::new(),
            register: Vec::new(),
            payments: Vec::new(),
        }
    }

    /// The job is claimed to start between those days, and starts on the claimed day.
    pub(super) fn starts_between(&mut self, first: Day, last: Day) {
        self.claimed_start = first.plus(self.draw.between(0, last.since(first)));
        self.job.start = self.claimed_start;
    }

    /// The job starts on the claimed day, and says so.
    pub(super) fn starts_as_claimed(&mut self) {
        self.job.start = self.claimed_start;
    }

    /// The PAYE reference of an employer, as a claim gives it.
    pub(super) fn paye_reference(&self, employer: u32) -> String {
        self.ground.employers.get(employer).paye_reference()
    }

    /// An employer other than the job's.
    pub(super) fn another_employer(&mut self) -> u32 {
        let count = self.ground.employers.count().max(2);
        (self.job.employer + 1 + self.draw.below(count - 1)) % count
    }

    /// Changes how payroll knows the participant, on the payments from now on.
    pub(super) fn known_as(&mut self, change: impl FnOnce(&mut PayrollIdentity)) {
        if let Some(mut identity) = self.identities.last().copied() {
            change(&mut identity);
            self.identity = u32::try_from(self.identities.len()).unwrap_or(u32::MAX);
            self.identities.push(identity);
        }
    }

    /// The payments from now on are of someone of another name and age.
    pub(super) fn another_person_is_paid(&mut self) {
        let days = self.draw.between(400, 4000);
        let born = self.person.born.plus(-days);
        let surname = self.draw.pick(&SURNAMES).payroll;
        let forename = if self.draw.chance(500) { self.draw.pick(&WOMEN) } else { self.draw.pick(&MEN) }.payroll;
        self.known_as(|identity| {
            identity.born = Some(born);
            identity.surname = surname;
            identity.forename = forename;
        });
    }

    /// Adds the payment of one payslip and returns its position.
    pub(super) fn pay(&mut self, job: &SampleJob, slip: &Payslip, started: Option<Day>) -> usize {
        let lag = match self.draw.below(100) {
            0..=69 => 0,
            70..=89 => 1,
            _ => self.draw.between(2, 3),
        };
        let position = self.payments.len();
        self.payments.push(SamplePayment {
            identity: self.identity,
            employer: job.employer,
            payroll_id: job.payroll_id,
            started,
            left: job.leave.filter(|leave| *leave <= slip.to),
            paid: slip.paid,
            frequency: job.frequency,
            periods: 1,
            pay_pence: job.pay_pence(slip),
            band: job.band,
            mark: job.mark,
            received: slip.paid.plus(lag).min(TAKEN),
            voided: None,
            id_of: u32::try_from(position).unwrap_or(u32::MAX),
            copies: 1,
        });
        position
    }

    /// Adds the payments of a job.
    pub(super) fn work(&mut self, job: &SampleJob) {
        let slips = job.slips();
        self.work_slips(job, &slips);
    }

    /// Adds the payments of some of a job's payslips.
    pub(super) fn work_slips(&mut self, job: &SampleJob, slips: &[Payslip]) {
        for (position, slip) in slips.iter().enumerate() {
            let started = match (job.start_reported, position) {
                (StartReporting::Always, _) | (StartReporting::Once, 0) => Some(job.start),
                (StartReporting::Never | StartReporting::Once, _) => None,
            };
            self.pay(job, slip, started);
        }
    }

    /// Adds a copy of a payment that has an ID of its own, and returns its position.
    pub(super) fn again(&mut self, position: usize, change: impl FnOnce(&mut SamplePayment)) {
        if let Some(mut copy) = self.payments.get(position).copied() {
            copy.id_of = u32::try_from(self.payments.len()).unwrap_or(u32::MAX);
            change(&mut copy);
            self.payments.push(copy);
        }
    }

    /// Changes one payment.
    pub(super) fn edit_payment(&mut self, position: usize, change: impl FnOnce(&mut SamplePayment)) {
        if let Some(payment) = self.payments.get_mut(position) {
            change(payment);
        }
    }

    /// The first day on which the outcome can count as achieved where the job goes on as it began.
    pub(super) fn achieved(&self) -> Day {
        let first = self.claimed_start.max(self.job.start);
        if self.outcome == STARTED { first } else { first.plus(90) }
    }

    /// Adds a claim for the job as it stands, as a provider who believes in it would make it.
    pub(super) fn claim(&mut self) {
        // Where no row says when the job began, days before the first payment's cover are in doubt and the outcome is later.
        let wait = if self.job.start_reported == StartReporting::Never { 15 } else { 1 };
        let claim_date = self.achieved().plus(self.draw.between(wait, 60));
        let employer = *self.ground.employers.get(self.job.employer);
        let hours = match self.job.tenths {
            0..=159 => "16".to_owned(),
            tenths if tenths % 10 == 0 => (tenths / 10).to_string(),
            tenths => format!("{}.{}", tenths / 10, tenths % 10),
        };
        let suffix = self.draw.chance(900).then_some(self.person.suffix);
        let ended = self.job.leave.filter(|leave| self.claimed_start.plus(90) <= *leave && *leave <= claim_date);
        let row = ClaimRow {
            number: u32::try_from(self.claims.len()).unwrap_or(u32::MAX),
            provider: self.provider,
            contract: self.contract,
            participant: self.number,
            nino: self.person.stem.nino(suffix).as_str().to_owned(),
            surname: self.person.surname.own.to_owned(),
            forename: self.person.forename.own.to_owned(),
            born: self.person.born,
            outcome: self.outcome,
            employment_type: if self.draw.chance(800) { "employed" } else { "" },
            job_start: self.claimed_start,
            job_end: ended.filter(|_| self.draw.chance(700)),
            hours: if self.draw.chance(800) { hours } else { String::new() },
            employer_name: if self.draw.chance(900) { employer.name.as_str().to_owned() } else { String::new() },
            paye_reference: if self.draw.chance(750) { employer.paye_reference() } else { String::new() },
            outcome_date: self.draw.chance(500).then_some(self.achieved()),
            claim_date: Some(claim_date),
            amount: match (self.draw.chance(850), self.outcome) {
                (true, STARTED) => "500.00",
                (true, SUSTAINED) => "2500.00",
                (true, EARNED) => "300.00",
                _ => "",
            },
            spoilt: None,
            damage: None,
        };
        self.claims.push(row);
    }

    /// Changes the latest claim.
    pub(super) fn edit_claim(&mut self, change: impl FnOnce(&mut ClaimRow)) {
        if let Some(claim) = self.claims.last_mut() {
            change(claim);
        }
    }

    /// Registers the participant: eligible, and started before the job and before it is claimed to have begun.
    pub(super) fn register(&mut self) {
        let latest = self.claimed_start.min(self.job.start).plus(-1);
        let earliest = SCHEME_OPENS.max(latest.plus(-120)).min(latest);
        let started = earliest.plus(self.draw.between(0, latest.since(earliest)));
        let ended = started.plus(self.draw.between(280, 400));
        let reason = self.draw.pick(&["completed", "completed", "exited"]);
        let row = RegisterRow {
            participant: self.number,
            nino: self.person.stem.nino(Some(self.person.suffix)).as_str().to_owned(),
            surname: self.person.surname.own,
            forename: self.person.forename.own,
            born: self.person.born,
            sex: self.person.sex,
            contract: self.contract,
            provider: self.provider,
            referred: started.plus(self.draw.between(-40, -5)),
            started: Some(started),
            ended: (ended <= CUT_OFF).then_some((ended, reason)),
            cohort: self.draw.pick(&["learning_disability", "autism", "mental_health"]),
            benefit: self.draw.pick(&["esa", "esa", "uc", "uc", ""]),
            other_provision: "false",
            in_work: "false",
        };
        self.register.push(row);
    }

    /// Changes the latest register row.
    pub(super) fn edit_register(&mut self, change: impl FnOnce(&mut RegisterRow)) {
        if let Some(row) = self.register.last_mut() {
            change(row);
        }
    }

    /// The register says that the participant started so many days before the job is claimed to have begun.
    pub(super) fn started_before_the_job(&mut self, days: i32) {
        let started = self.claimed_start.plus(-days);
        self.edit_register(|row| {
            row.started = Some(started);
            row.referred = started.plus(-14);
            row.ended = None;
        });
    }

    /// Every payment is of so much.
    pub(super) fn each_payment_is_of(&mut self, pence: i32) {
        for payment in &mut self.payments {
            payment.pay_pence = pence.into();
        }
    }

    /// The job runs, the participant is registered and the outcome claimed: all as it should be.
    pub(super) fn as_it_should_be(&mut self) {
        let job = self.job;
        self.work(&job);
        self.register();
        self.claim();
    }

    /// The job is reported with the payslips that `keep` keeps, by position; the rest is as it should be.
    pub(super) fn with_slips(&mut self, keep: impl Fn(usize, &Payslip) -> bool) {
        let job = self.job;
        let slips: Vec<Payslip> = job
            .slips()
            .into_iter()
            .enumerate()
            .filter(|(position, slip)| keep(*position, slip))
            .map(|(_, slip)| slip)
            .collect();
        self.work_slips(&job, &slips);
        self.register();
        self.claim();
    }

    /// A pension from another payer, monthly between two days.
    pub(super) fn pension(&mut self, from: Day, to: Day) {
        let mut pension = SampleJob::new(&mut self.draw, self.job.employer, from);
        pension.employer = self.another_employer();
        pension.monthly(&mut self.draw);
        pension.start_reported = StartReporting::Never;
        pension.mark = PaymentMark::Pension;
        pension.band = None;
        pension.leaves(to);
        let slips = pension.slips();
        pension.leave = None;
        self.work_slips(&pension, &slips);
    }

    /// A job of under 16 hours that ended long before the claimed one began.
    pub(super) fn small_job_before(&mut self) {
        let start = self.claimed_start.plus(-200);
        let mut before = SampleJob::new(&mut self.draw, self.job.employer, start);
        before.employer = self.another_employer();
        let tenths = 60 + self.draw.below(18) * 5;
        before.hours(&mut self.draw, tenths);
        before.leaves(self.claimed_start.plus(self.draw.between(-110, -70)));
        self.work(&before);
    }
}

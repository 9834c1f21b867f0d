//! Everyone in a sample: the claims' participants, the population, and their employers.

use super::batch::{SampleBatch, Situations};
use super::case::CellTyping;
use super::day::{Day, FIRST};
use super::employer::Employers;
use super::payment::ExtractRow;
use super::population::{Due, PaidJob, Population};
use super::snapshot::Snapshot;
use super::stem::Stems;
use super::{Plan, SampleError};

/// The whole of a sample, from which every row is written.
#[derive(Debug)]
pub(super) struct World {
    /// The seed.
    pub(super) seed: u64,
    /// Who has which stem.
    pub(super) stems: Stems,
    /// The employers.
    pub(super) employers: Employers,
    /// The claims, their register and their payments.
    pub(super) batch: SampleBatch,
    /// Everyone else.
    pub(super) population: Population,
    /// What is known of it in the extract that is written.
    pub(super) snapshot: Snapshot,
    /// How many claims each scenario makes.
    pub(super) scenarios: Vec<(&'static str, u64)>,
}

/// Which payment a row is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum PaymentSource {
    /// The payment behind a claim at that position.
    Claimed(u32),
    /// One of the population's.
    Other {
        /// The position of its rhythm.
        rhythm: u8,
        /// The position of its job among those of the rhythm.
        job: u32,
        /// Its payday, in days since the first of the population's time.
        offset: u16,
    },
}

/// A row in its place in the extract.
#[derive(Debug, Clone, Copy)]
pub(super) struct SampleRow {
    /// The payment.
    pub(super) which: PaymentSource,
    /// The payment ID.
    pub(super) payment_id: u64,
    /// The day it was received, and the second of that day.
    pub(super) received: (Day, u32),
}

/// The population's jobs, by rhythm.
pub(super) type Jobs = Vec<Vec<PaidJob>>;

impl World {
    /// The world of a plan.
    ///
    /// # Errors
    /// More people than there are stems.
    pub(super) fn new(plan: &Plan, cells: CellTyping) -> Result<Self, SampleError> {
        let situations = Situations::choose(plan.seed, plan.claims, cells);
        let participants = situations.participants();
        let stems = Stems::new(plan.seed, situations.pairs());
        let asked = u64::from(participants) + u64::from(plan.population);
        let limit = stems.people();
        if u64::from(limit) < asked {
            return Err(SampleError::TooMany { asked, limit });
        }
        let employers = Employers::new(plan.seed, participants.saturating_add(plan.population));
        let batch = situations.make(plan.seed, &stems, &employers);
        let population = Population::new(plan.seed, participants, plan.population);
        Ok(Self {
            seed: plan.seed,
            stems,
            employers,
            batch,
            population,
            snapshot: Snapshot::LAST,
            scenarios: situations.counts(),
        })
    }

    /// The population's jobs, and how many payments they lead to.
    pub(super) fn jobs(&self) -> (Jobs, u64) {
        let mut jobs: Jobs = vec![Vec::new(); self.population.rhythms.len()];
        let mut payments = 0;
        for number in 0..self.population.people() {
            self.population.jobs_of(number, &self.employers, |position, job| {
                payments += self.population.count(position, &job);
                if let Some(of_rhythm) = jobs.get_mut(position) {
                    of_rhythm.push(job);
                }
            });
        }
        for of_rhythm in &mut jobs {
            of_rhythm.shrink_to_fit();
        }
        (jobs, payments)
    }

    /// The number of rows of the payments behind claims.
    pub(super) fn claimed_rows(&self) -> u64 {
        self.batch.payments.iter().map(|payment| u64::from(payment.copies)).sum()
    }

    /// Hands out a row.
    pub(super) fn record(&self, jobs: &Jobs, row: &SampleRow, take: impl FnOnce(&ExtractRow<'_>)) {
        match row.which {
            PaymentSource::Claimed(position) => self.claimed(position, row.payment_id, row.received, take),
            PaymentSource::Other { rhythm, job, offset } => {
                let found = jobs.get(usize::from(rhythm)).and_then(|of_rhythm| of_rhythm.get(job as usize));
                if let (Some(rhythm), Some(job)) = (self.population.rhythms.get(usize::from(rhythm)), found) {
                    let due = Due { rhythm, job, offset };
                    self.other(&due, row.payment_id, row.received, take);
                }
            }
        }
    }

    /// The payday of a payment.
    pub(super) fn paid(&self, which: PaymentSource) -> Option<Day> {
        match which {
            PaymentSource::Claimed(position) => self.batch.payments.get(position as usize).map(|payment| payment.paid),
            PaymentSource::Other { offset, .. } => Some(FIRST.plus(i32::from(offset))),
        }
    }

    /// Hands out the row of one of the population's payments.
    pub(super) fn other(
        &self,
        due: &Due<'_>,
        payment_id: u64,
        received: (Day, u32),
        take: impl FnOnce(&ExtractRow<'_>),
    ) {
        self.population.record(&self.stems, &self.employers, due, payment_id, received, |row| {
            take(&ExtractRow { voided: self.snapshot.known_void(row.voided), ..*row });
        });
    }

    /// Hands out the row of a payment behind a claim.
    pub(super) fn claimed(
        &self,
        position: u32,
        payment_id: u64,
        received: (Day, u32),
        take: impl FnOnce(&ExtractRow<'_>),
    ) {
        let Some(payment) = self.batch.payments.get(position as usize) else { return };
        let Some(identity) = self.batch.identities.get(payment.identity as usize) else { return };
        let employer = self.employers.get(payment.employer);
        take(&ExtractRow {
            nino: identity.nino.as_str(),
            surname: identity.surname,
            forename: identity.forename,
            born: identity.born,
            office: employer.office.as_str(),
            reference: employer.reference.as_str(),
            employer: employer.name.as_str(),
            payroll_id: payment.payroll_id.text().as_str(),
            started: payment.started,
            left: payment.left,
            paid: payment.paid,
            frequency: payment.frequency,
            periods: payment.periods,
            pay_pence: payment.pay_pence,
            band: payment.band,
            mark: payment.mark,
            payment_id,
            received,
            voided: self.snapshot.known_void(payment.voided),
        });
    }
}

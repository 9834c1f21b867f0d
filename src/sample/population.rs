//! People nobody claims for, and their jobs.
//!
//! A job is a compact record; what its payments say is worked out from it when a payment is written.

use super::day::{CUT_OFF, Day, FIRST, TAKEN};
use super::draw::{Purpose, SeededRng, key, mix};
use super::employer::Employers;
use super::payday::{December, PayFrequency, Payday};
use super::payment::{Band, ExtractRow, PaymentMark, PayrollId, band_of};
use super::person::SamplePerson;
use super::stem::Stems;

/// Jobs that are paid on the same days.
#[derive(Debug)]
pub(super) struct Rhythm {
    frequency: PayFrequency,
    /// The days.
    pub(super) payday: Payday,
    /// All of them, as days since the first of the population's time.
    pub(super) offsets: Vec<u16>,
}

/// One job.
#[derive(Debug, Clone, Copy)]
pub(super) struct PaidJob {
    person: u32,
    employer: u32,
    pay_pence: u32,
    /// The first day of work, in days since the first day of the population's time.
    start: i16,
    /// The leaving date, or none.
    leave: Option<u16>,
    /// The first payday in the population's time.
    first: u16,
    /// The last payday.
    last: u16,
    band: Band,
    nth: u8,
}

/// The people nobody claims for.
#[derive(Debug)]
pub(super) struct Population {
    seed_jobs: u64,
    seed_payments: u64,
    seed_people: u64,
    first_person: u32,
    people: u32,
    /// The rhythms of pay.
    pub(super) rhythms: Vec<Rhythm>,
}

/// One of the population's payments: the rhythm it follows, its job and its payday.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due<'a> {
    /// The rhythm.
    pub(super) rhythm: &'a Rhythm,
    /// The job.
    pub(super) job: &'a PaidJob,
    /// The payday, in days since the first of the population's time.
    pub(super) offset: u16,
}

const MONTHLY: usize = 14;
const WEEKLY: usize = 7;
const FORTNIGHTLY: usize = 14;
const FOUR_WEEKLY: usize = 28;
/// Where the monthly rhythm on the last day, as usual in December, stands.
const ON_THE_LAST_DAY: usize = 5;

fn rhythms() -> Vec<Rhythm> {
    let mut all = Vec::new();
    let mut add = |frequency, payday: Payday| all.push(Rhythm { frequency, payday, offsets: payday.offsets() });
    for december in [December::AsUsual, December::Early] {
        for day in [15, 20, 25, 26, 28] {
            // A payday before the 21st has no reason to move for Christmas.
            add(PayFrequency::M1, Payday::Monthly(day, if day < 21 { December::AsUsual } else { december }));
        }
        add(PayFrequency::M1, Payday::LastDay(december));
        add(PayFrequency::M1, Payday::LastWorkingDay(december));
    }
    for (frequency, length) in [(PayFrequency::W1, 7), (PayFrequency::W2, 14), (PayFrequency::W4, 28)] {
        for remainder in 0..length {
            add(frequency, Payday::Every(length, remainder));
        }
    }
    add(PayFrequency::M3, Payday::Quarterly(25));
    add(PayFrequency::Ma, Payday::Yearly(29));
    add(PayFrequency::Ir, Payday::Every(28, 1));
    add(PayFrequency::Ir, Payday::Every(28, 15));
    add(PayFrequency::Io, Payday::LastWorkingDay(December::AsUsual));
    all
}

impl Population {
    /// So many people; their numbers as people begin at `first_person`.
    pub(super) fn new(seed: u64, first_person: u32, people: u32) -> Self {
        Self {
            seed_jobs: key(seed, Purpose::Jobs),
            seed_payments: key(seed, Purpose::Payment),
            seed_people: key(seed, Purpose::Person),
            first_person,
            people,
            rhythms: rhythms(),
        }
    }

    /// How many people there are.
    pub(super) const fn people(&self) -> u32 {
        self.people
    }

    /// Hands out the jobs of one of the people, each with the position of its rhythm.
    pub(super) fn jobs_of(&self, number: u32, employers: &Employers, mut take: impl FnMut(usize, PaidJob)) {
        let mut draw = SeededRng::keyed(self.seed_jobs, u64::from(number));
        let jobs = if draw.chance(500) { 2 } else { 1 };
        for nth in 0..jobs {
            // Someone is always paid on the cut-off itself.
            let kept = number == 0 && nth == 0;
            let position = if kept { ON_THE_LAST_DAY } else { rhythm(&mut draw) };
            let Some(rhythm) = self.rhythms.get(position) else { continue };
            let start = if kept || draw.chance(650) { -draw.between(30, 5000) } else { draw.between(0, 690) };
            let leave = start.max(0) + draw.between(20, 900);
            let leave = (!kept && draw.chance(220) && leave <= CUT_OFF.since(FIRST)).then_some(leave);
            let first = first_from(&rhythm.offsets, start + 5);
            let last = match (rhythm.frequency, leave) {
                (PayFrequency::Io, _) => first,
                (_, Some(leave)) => first_from(&rhythm.offsets, leave).or(rhythm.offsets.last().copied()),
                (_, None) => rhythm.offsets.last().copied(),
            };
            let tenths = 60 + draw.below(66) * 5;
            let week_pence = tenths * (790 + draw.below(1600)) / 10;
            let (Some(first), Some(last)) = (first, last) else { continue };
            if last < first {
                continue;
            }
            // A few employers have most of the jobs.
            let larger = draw.below(employers.count()) + 1;
            let employer = draw.below(larger);
            let job = PaidJob {
                person: self.first_person + number,
                employer,
                pay_pence: week_pence * days(rhythm.frequency) / 7,
                start: i16::try_from(start).unwrap_or(i16::MIN),
                leave: leave.and_then(|leave| u16::try_from(leave).ok()),
                first,
                last,
                band: if draw.chance(40) { Band::E } else { band_of(tenths) },
                nth,
            };
            take(position, job);
        }
    }

    /// The number of payments of a job.
    pub(super) fn count(&self, position: usize, job: &PaidJob) -> u64 {
        let offsets = self.rhythms.get(position).map_or(&[][..], |rhythm| &rhythm.offsets);
        let before = |end: u16| offsets.partition_point(|offset| *offset < end) as u64;
        before(job.last + 1) - before(job.first)
    }

    /// The draws of one payment.
    fn payment_draw(&self, due: &Due<'_>) -> SeededRng {
        let job = (u64::from(due.job.person) << 20) | (u64::from(due.job.nth) << 16) | u64::from(due.offset);
        SeededRng::keyed(self.seed_payments, job)
    }

    /// The day on which a payment is received: at once or within three days, and one in a hundred weeks late.
    pub(super) fn received(&self, due: &Due<'_>) -> Day {
        let paid = FIRST.plus(i32::from(due.offset));
        let bits = self.payment_draw(due).bits();
        let share = |shift: u32, end: u64| i32::try_from((bits >> shift) % end).unwrap_or(0);
        let late = paid.plus(4 + share(32, 57));
        match share(0, 100) {
            0 if late <= TAKEN => late,
            1..=10 => paid.plus(2 + share(16, 2)),
            11..=34 => paid.plus(1),
            _ => paid,
        }
    }

    /// Hands a payment out as the row it is.
    pub(super) fn record<T>(
        &self,
        stems: &Stems,
        employers: &Employers,
        due: &Due<'_>,
        payment_id: u64,
        received: (Day, u32),
        take: impl FnOnce(&ExtractRow<'_>) -> T,
    ) -> T {
        let job = due.job;
        let person = SamplePerson::new(self.seed_people, stems, job.person);
        let employer = employers.get(job.employer);
        let habits = mix(self.seed_jobs ^ (u64::from(job.person) << 8) ^ u64::from(job.nth));
        let nino = person.stem.nino((habits % 100 < 92).then_some(person.suffix));
        let number = u32::try_from((habits >> 8) % 8999).unwrap_or(0) + 1;
        let payroll_id = match job.employer % 3 {
            0 => PayrollId::Plain(number),
            1 => PayrollId::Padded(number),
            _ => PayrollId::Lettered(number),
        }
        .text();
        let pension = job.nth == 1 && (habits >> 40) % 100 < 12;
        let mark = match due.rhythm.frequency {
            _ if pension => PaymentMark::Pension,
            PayFrequency::Io | PayFrequency::Ir => PaymentMark::Irregular,
            PayFrequency::W1
            | PayFrequency::W2
            | PayFrequency::W4
            | PayFrequency::M1
            | PayFrequency::M3
            | PayFrequency::Ma => PaymentMark::Wages,
        };
        let mut draw = self.payment_draw(due);
        draw.bits();
        let pay_pence = match draw.below(1000) {
            0..=3 => 0,
            4..=5 => -i64::from(draw.below(20_000)),
            // Most people earn the same every time; some do not.
            _ if (habits >> 50).is_multiple_of(4) => {
                i64::from(job.pay_pence) * i64::from(draw.between(900, 1150)) / 1000
            }
            _ => i64::from(job.pay_pence),
        };
        let paid = FIRST.plus(i32::from(due.offset));
        let start_reported = job.employer % 10 < 6 || (due.offset == job.first && 0 <= job.start);
        let voided = Some(received.0.plus(6)).filter(|day| draw.chance(2) && *day <= CUT_OFF);
        take(&ExtractRow {
            nino: nino.as_str(),
            surname: person.surname.payroll,
            forename: person.forename.payroll,
            born: (job.employer % 200 != 7).then_some(person.born),
            office: employer.office.as_str(),
            reference: employer.reference.as_str(),
            employer: employer.name.as_str(),
            payroll_id: payroll_id.as_str(),
            started: start_reported.then_some(FIRST.plus(i32::from(job.start))),
            left: job.leave.filter(|_| due.offset == job.last).map(|leave| FIRST.plus(i32::from(leave))),
            paid,
            frequency: due.rhythm.frequency,
            periods: 1,
            pay_pence,
            band: (!pension).then_some(job.band),
            mark,
            payment_id,
            received,
            voided,
        })
    }
}

impl PaidJob {
    /// Whether the job is paid on that payday of its rhythm.
    pub(super) const fn is_paid_on(&self, offset: u16) -> bool {
        self.first <= offset && offset <= self.last
    }
}

/// The position of a rhythm, drawn by how common it is.
fn rhythm(draw: &mut SeededRng) -> usize {
    let mut among = |count: usize| draw.below(u32::try_from(count).unwrap_or(0)) as usize;
    let share = among(100);
    let weeks = MONTHLY + WEEKLY;
    let others = weeks + FORTNIGHTLY + FOUR_WEEKLY;
    match share {
        0..=69 => among(MONTHLY),
        // Most weekly wages are paid on a Friday: the epoch was a Thursday, so remainder 1.
        70..=80 => MONTHLY + 1,
        81..=87 => MONTHLY + among(WEEKLY),
        88..=92 => weeks + among(FORTNIGHTLY),
        93..=97 => weeks + FORTNIGHTLY + among(FOUR_WEEKLY),
        _ => others + among(5),
    }
}

fn first_from(offsets: &[u16], from: i32) -> Option<u16> {
    offsets.get(offsets.partition_point(|offset| i32::from(*offset) < from)).copied()
}

const fn days(frequency: PayFrequency) -> u32 {
    match frequency {
        PayFrequency::W1 => 7,
        PayFrequency::W2 => 14,
        PayFrequency::W4 | PayFrequency::Ir => 28,
        PayFrequency::M1 | PayFrequency::Io => 30,
        PayFrequency::M3 => 91,
        PayFrequency::Ma => 365,
    }
}

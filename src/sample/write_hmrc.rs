//! Extracts as HMRC sends them: one response a person, with HMRC's names. One response stands on one line.

use std::path::Path;

use rayon::prelude::*;

use super::SampleError;
use super::day::{Day, FIRST};
use super::encode::ExtractFiles;
use super::lines::TextFile;
use super::payment::{Band, ExtractRow, IDS_FROM};
use super::population::{Due, PaidJob};
use super::text;
use super::world::World;
use super::write_jsonl::{day, key, marks, member, moment};

/// People in a block that one thread makes.
const BLOCK: u64 = 500;
/// Blocks made at once: this bounds the memory in use.
const AT_ONCE: u64 = 16;
/// A person has fewer payments than this, so each gets payment IDs of their own.
const IDS_EACH: u64 = 1_000;

/// Writes the extract person by person, and returns the files written.
pub(super) fn write(
    world: &World,
    count: u16,
    dir: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<(String, u64)>, SampleError> {
    let people = world.batch.participants.len() as u64 + u64::from(world.population.people());
    let mut parts = ExtractFiles::new(people, count, "json");
    parts.make_folder(dir)?;
    let mut written = 0;
    let mut first = 0;
    for (name, length) in &mut parts.files {
        let mut file = TextFile::create(&dir.join(&name))?;
        let end = first + *length;
        let mut rows = 0;
        while first < end {
            let stop = end.min(first + AT_ONCE * BLOCK);
            let start = |number: u64| stop.min(first + number * BLOCK);
            let blocks: Vec<(Vec<u8>, u64)> = (0..AT_ONCE)
                .into_par_iter()
                .map(|number| block(world, people, start(number), start(number + 1)))
                .collect();
            for (bytes, count) in blocks {
                file.add(&bytes)?;
                rows += count;
            }
            first = stop;
            progress(written + rows);
        }
        written += rows;
        *length = rows;
    }
    Ok(parts.files)
}

/// The responses of the people in places `start` to `end` of the extract, and their number of payments.
fn block(world: &World, people: u64, start: u64, end: u64) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    let mut rows = 0;
    let participants = world.batch.participants.len() as u64;
    for place in start..end {
        // Participants stand at even distances among everyone.
        let before = |place: u64| {
            u64::try_from(u128::from(place) * u128::from(participants) / u128::from(people.max(1))).unwrap_or(0)
        };
        let ids = IDS_FROM + place * IDS_EACH;
        let participant = before(place);
        let mut response = Response::new(&mut out, world.snapshot.cut_off);
        if before(place + 1) == participant {
            other(world, place - participant, ids, &mut response);
        } else {
            claimed(world, participant, ids, &mut response);
        }
        rows += response.end();
    }
    (out, rows)
}

/// The payments of a participant.
fn claimed(world: &World, participant: u64, ids: u64, response: &mut Response<'_>) {
    let range = usize::try_from(participant)
        .ok()
        .and_then(|number| world.batch.participants.get(number))
        .cloned()
        .unwrap_or_default();
    let mut sent_twice = Vec::new();
    for position in range.clone() {
        let Some(payment) = world.batch.payments.get(position) else { continue };
        if !world.snapshot.holds(payment.paid, payment.received) {
            continue;
        }
        let id = ids + u64::from(payment.id_of).saturating_sub(range.start as u64);
        let received = (payment.received, second(id));
        let Ok(position) = u32::try_from(position) else { continue };
        world.claimed(position, id, received, |record| response.add(record));
        sent_twice.extend((1..payment.copies).map(|_| (position, id, received)));
    }
    // No response says the same twice, so what was sent twice comes in a response of its own.
    for (position, id, received) in sent_twice {
        response.begin_again();
        world.claimed(position, id, received, |record| response.add(record));
    }
}

/// The payments of one of the population.
fn other(world: &World, number: u64, ids: u64, response: &mut Response<'_>) {
    let Ok(number) = u32::try_from(number) else { return };
    let mut jobs: Vec<(usize, PaidJob)> = Vec::with_capacity(2);
    world.population.jobs_of(number, &world.employers, |position, job| jobs.push((position, job)));
    let mut id = ids;
    for (position, job) in &jobs {
        let Some(rhythm) = world.population.rhythms.get(*position) else { continue };
        for offset in rhythm.offsets.iter().copied().filter(|offset| job.is_paid_on(*offset)) {
            let due = Due { rhythm, job, offset };
            let received = (world.population.received(&due), second(id));
            if world.snapshot.holds(FIRST.plus(i32::from(offset)), received.0) {
                world.other(&due, id, received, |record| response.add(record));
            }
            id += 1;
        }
    }
}

/// A second of the day, from five in the morning to eleven at night.
fn second(id: u64) -> u32 {
    u32::try_from(18_000 + super::draw::mix(id) % 64_800).unwrap_or(0)
}

/// One person's response while it is written.
struct Response<'a> {
    out: &'a mut Vec<u8>,
    cut_off: Day,
    rows: u64,
    in_line: u64,
    /// Pay so far by employer and tax year.
    to_date: Vec<(String, i32, i64)>,
}

impl<'a> Response<'a> {
    fn new(out: &'a mut Vec<u8>, cut_off: Day) -> Self {
        Self { out, cut_off, rows: 0, in_line: 0, to_date: Vec::new() }
    }

    fn add(&mut self, record: &ExtractRow<'_>) {
        self.out.extend_from_slice(if self.in_line == 0 { b"{\"matchPattern\":63,\"taxYears\":[" } else { b"," });
        self.rows += 1;
        self.in_line += 1;
        let pay_to_date_pence = self.pay_to_date(record);
        payment(self.out, record, pay_to_date_pence, self.cut_off);
    }

    fn pay_to_date(&mut self, record: &ExtractRow<'_>) -> i64 {
        let year = record.paid.tax_year();
        let employed =
            |(reference, of_year, _): &&mut (String, i32, i64)| *of_year == year && reference == record.reference;
        if let Some((_, _, pence)) = self.to_date.iter_mut().find(employed) {
            *pence += record.pay_pence;
            return *pence;
        }
        self.to_date.push((record.reference.to_owned(), year, record.pay_pence));
        record.pay_pence
    }

    fn begin_again(&mut self) {
        if self.in_line != 0 {
            self.out.extend_from_slice(b"]}\n");
            self.in_line = 0;
        }
    }

    /// Ends the response. Someone without a payment has none.
    fn end(mut self) -> u64 {
        self.begin_again();
        self.rows
    }
}

fn payment(out: &mut Vec<u8>, record: &ExtractRow<'_>, pay_to_date_pence: i64, cut_off: Day) {
    let year = record.paid.tax_year();
    let years = |year: i32| u64::from(year.rem_euclid(100).unsigned_abs());
    out.push(b'{');
    key(out, "taxYear");
    out.push(b'"');
    text::number(out, years(year), 2);
    out.push(b'-');
    text::number(out, years(year + 1), 2);
    out.push(b'"');
    member(out, "taxYearIndicator", if year == cut_off.tax_year() { "C" } else { "P" });
    member(out, "hmrcOfficeNumber", record.office);
    member(out, "employerPayeRef", record.reference);
    member(out, "employerName1", record.employer);
    member(out, "nationalInsuranceNumber", record.nino);
    if !record.surname.is_empty() {
        member(out, "surname", record.surname);
    }
    if !record.forename.is_empty() {
        member(out, "forename", record.forename);
    }
    day(out, "dateOfBirth", record.born);
    member(out, "payrollId", record.payroll_id);
    day(out, "employmentStartDate", record.started);
    day(out, "employmentEndDate", record.left);
    key(out, "taxablePayInPeriod");
    text::pounds(out, record.pay_pence);
    key(out, "taxablePayToDate");
    text::pounds(out, pay_to_date_pence);
    if let Some(letter) = record.band.map(Band::letter) {
        member(out, "numberOfNormalHoursWorked", letter);
    }
    member(out, "payFrequency", record.frequency.code());
    day(out, "paymentDate", Some(record.paid));
    key(out, "earningsPeriodsCovered");
    text::number(out, u64::from(record.periods), 1);
    marks(out, record, ["irregularPayment", "occPenIndicator", "paymentAfterLeaving"]);
    key(out, "uniquePaymentId");
    text::number(out, record.payment_id, 1);
    moment(out, "hmrcReceiptTimestamp", record.received);
    day(out, "rtiReceivedDate", Some(record.received.0));
    day(out, "paymentNoLongerValid", record.voided);
    out.push(b'}');
}

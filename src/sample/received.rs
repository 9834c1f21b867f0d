//! The order in which HMRC received the payments: day by day, and within a day as it comes.

use super::SampleError;
use super::day::{CUT_OFF, Day, FIRST};
use super::draw::{Purpose, SeededRng};
use super::payment::IDS_FROM;
use super::population::Due;
use super::world::{Jobs, PaymentSource, SampleRow, World};

/// Payments are received from five in the morning to eleven at night.
const FROM_SECOND: u64 = 18_000;
const SECONDS: u64 = 64_800;
/// Longer than the longest delay, so that a day's place is empty before it is used again.
const PLACES: usize = 64;

/// Hands out the rows of the world's extract in the order received. A row has the same ID in every later extract.
///
/// # Errors
/// What `take` fails with.
pub(super) fn in_order(
    world: &World,
    jobs: &Jobs,
    mut take: impl FnMut(SampleRow) -> Result<(), SampleError>,
) -> Result<(), SampleError> {
    let mut claimed: Vec<u32> = (0..u32::try_from(world.batch.payments.len()).unwrap_or(u32::MAX)).collect();
    let received =
        |position: &u32| world.batch.payments.get(*position as usize).map_or(FIRST, |payment| payment.received);
    claimed.sort_by_key(received);
    let mut claimed = claimed.into_iter().peekable();
    let mut ids: Vec<u64> = vec![0; world.batch.payments.len()];
    let mut next_id = IDS_FROM;
    let mut waiting: Vec<Vec<PaymentSource>> = vec![Vec::new(); PLACES];
    for day in (FIRST.0..=world.snapshot.taken.0).map(Day) {
        if day <= CUT_OFF {
            pay(world, jobs, day, &mut waiting);
        }
        let mut today = waiting.get_mut(place(day)).map(std::mem::take).unwrap_or_default();
        while let Some(position) = claimed.next_if(|position| received(position) <= day) {
            today.push(PaymentSource::Claimed(position));
        }
        SeededRng::new(world.seed, Purpose::Day, u64::from(day.0.unsigned_abs())).shuffle(&mut today);
        let count = (today.len() as u64).max(1);
        for (number, which) in (0..).zip(today.iter().copied()) {
            next_id += 1;
            let second = u32::try_from(FROM_SECOND + SECONDS * number / count).unwrap_or(0);
            let (payment_id, copies) = match which {
                PaymentSource::Claimed(position) => claimed_id(world, &mut ids, position, next_id),
                PaymentSource::Other { .. } => (next_id, 1),
            };
            let is_held = world.paid(which).is_some_and(|paid| world.snapshot.holds(paid, day));
            let copies = if is_held { copies } else { 0 };
            for _ in 0..copies {
                take(SampleRow { which, payment_id, received: (day, second) })?;
            }
        }
        today.clear();
        // The space is kept for the day that comes to this place next.
        if let Some(space) = waiting.get_mut(place(day)) {
            *space = today;
        }
    }
    Ok(())
}

/// How many rows the world's extract has.
///
/// # Errors
/// None of its own.
pub(super) fn count(world: &World, jobs: &Jobs) -> Result<u64, SampleError> {
    let mut rows = 0;
    in_order(world, jobs, |_| {
        rows += 1;
        Ok(())
    })?;
    Ok(rows)
}

fn place(day: Day) -> usize {
    usize::try_from(day.0.rem_euclid(64)).unwrap_or(0)
}

/// Puts the population's payments of one payday where they wait for the day they are received.
fn pay(world: &World, jobs: &Jobs, day: Day, waiting: &mut [Vec<PaymentSource>]) {
    let Ok(offset) = u16::try_from(day.since(FIRST)) else { return };
    for (number, (rhythm, of_rhythm)) in (0_u8..).zip(world.population.rhythms.iter().zip(jobs)) {
        if !rhythm.payday.falls_on(day) {
            continue;
        }
        for (position, job) in (0_u32..).zip(of_rhythm) {
            if job.is_paid_on(offset) {
                let received = world.population.received(&Due { rhythm, job, offset });
                if let Some(space) = waiting.get_mut(place(received)) {
                    space.push(PaymentSource::Other { rhythm: number, job: position, offset });
                }
            }
        }
    }
}

/// The ID of a payment behind a claim, which a correction shares with what it corrects, and how often its row stands.
fn claimed_id(world: &World, ids: &mut [u64], position: u32, next_id: u64) -> (u64, u8) {
    let Some(payment) = world.batch.payments.get(position as usize) else { return (next_id, 0) };
    let earlier = ids.get(payment.id_of as usize).copied().filter(|id| *id != 0);
    let id = earlier.unwrap_or(next_id);
    if let Some(own) = ids.get_mut(position as usize) {
        *own = id;
    }
    // Both rows may be received on one day, in either order: then the first to come gives the ID to the other.
    if let Some(shared) = ids.get_mut(payment.id_of as usize) {
        *shared = id;
    }
    (id, payment.copies)
}

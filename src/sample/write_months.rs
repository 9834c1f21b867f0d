//! The files of a ledger's months.

use std::path::Path;

use super::months::{LedgerMonth, LedgerMonths, SampleDecision, register_at};
use super::rows::SampleCell;
use super::world::World;
use super::write_claims::{self, SampleForm, csv};
use super::{MonthWritten, MonthsWritten, Plan, SampleError};

const DECISION_COLUMNS: [&str; 8] =
    ["claim_id", "provider_id", "decision", "reason", "evidence", "decided_by", "checked_by", "decided_on"];
const STATE_COLUMNS: [&str; 8] =
    ["month", "provider_id", "claim_id", "attempt", "case", "after_month", "after_decisions", "after_payment"];
/// Payments are made so many days after the cut-off.
const PAID_AFTER: i32 = 15;

/// Writes a folder for each month, and the answer keys.
pub(super) fn write(
    world: &mut World,
    plan: &Plan,
    count: u32,
    form: SampleForm,
    dir: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<MonthsWritten, SampleError> {
    let ledger = LedgerMonths::plan(plan.seed, &mut world.batch, count);
    let mut months = Vec::new();
    let mut payments_before = 0;
    for (number, month) in (1..).zip(&ledger.months) {
        world.snapshot = month.snapshot;
        let written = write_month(world, plan, number, month, form, dir, &|payments| {
            progress(payments_before + payments);
        })?;
        payments_before += written.payments;
        months.push(written);
    }
    write_claims::expected(&world.batch, dir)?;
    write_states(&ledger, dir)?;
    Ok(MonthsWritten { months, planted: ledger.planted.len() as u64 })
}

fn write_month(
    world: &World,
    plan: &Plan,
    number: u32,
    month: &LedgerMonth,
    form: SampleForm,
    dir: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<MonthWritten, SampleError> {
    let folder = format!("month-{number}");
    let room = dir.join(&folder);
    std::fs::create_dir(&room).map_err(|source| SampleError::io(&folder, source))?;
    let inside = |name: &str| format!("{folder}/{name}");
    let rows: Vec<_> = month.claims.iter().map(|(id, row)| (id.clone(), row)).collect();
    let claims = if rows.is_empty() { None } else { Some(inside(write_claims::claims(&rows, form, &room)?)) };
    let register = register_at(&world.batch.register, month.snapshot.cut_off);
    let register = inside(write_claims::register(&register, form, &room)?);
    let earnings = super::write_extract(world, plan, &room, progress)?;
    let first = earnings.first().map_or("earnings", |(name, _)| name);
    let decisions =
        if month.decisions.is_empty() { None } else { Some(inside(write_decisions(&month.decisions, number, &room)?)) };
    Ok(MonthWritten {
        extract_to: month.snapshot.cut_off.date(),
        pay_day: month.snapshot.cut_off.plus(PAID_AFTER).date(),
        claims,
        register,
        earnings: inside(first.split('/').next().unwrap_or(first)),
        decisions,
        claims_sent: rows.len() as u64,
        payments: earnings.iter().map(|(_, rows)| rows).sum(),
        decided: month.decisions.len() as u64,
    })
}

fn write_decisions(decisions: &[SampleDecision], month: u32, dir: &Path) -> Result<&'static str, SampleError> {
    let cells = |(number, made): (u32, &SampleDecision)| {
        let cells = vec![
            made.claim_id.as_str().into(),
            made.provider.into(),
            made.decision.into(),
            made.reason.into(),
            SampleCell::Text(format!("QUERIES/{month}/{number:04}")),
            made.decided_by.into(),
            made.checked_by.into(),
            Some(made.decided_on).into(),
        ];
        (cells, None)
    };
    csv(dir, "decisions.csv", &DECISION_COLUMNS, (1..).zip(decisions).map(cells))?;
    Ok("decisions.csv")
}

fn write_states(ledger: &LedgerMonths, dir: &Path) -> Result<(), SampleError> {
    let cut_off = |place: usize| ledger.months.get(place).map(|month| month.snapshot.cut_off);
    let of_month = |place: usize| {
        ledger.planted.iter().flat_map(move |claim| {
            let months = place.checked_sub(claim.comes_in);
            let days = cut_off(place).zip(cut_off(claim.comes_in)).map(|(now, first)| now.since(first));
            let attempts = (1_u32..).zip(claim.case.attempts());
            let states =
                attempts.filter_map(move |(attempt, of)| Some((attempt, claim.case.states(of, months?, days?)?)));
            states.map(move |(attempt, states)| {
                let [after_month, after_decisions, after_payment] = states.map(SampleCell::from);
                let cells = vec![
                    SampleCell::Text((place + 1).to_string()),
                    claim.provider.into(),
                    claim.claim_id.as_str().into(),
                    SampleCell::Text(attempt.to_string()),
                    claim.case.name().into(),
                    after_month,
                    after_decisions,
                    after_payment,
                ];
                (cells, None)
            })
        })
    };
    csv(dir, "expected-months.csv", &STATE_COLUMNS, (0..ledger.months.len()).flat_map(of_month))
}

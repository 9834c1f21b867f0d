//! How much memory a run may take, by what was asked for and what the system allows, and how much of it is left for payments.

mod allowed;

use bytesize::ByteSize;

use crate::error::RunError;
use crate::progress::ProgressSink;
use allowed::Allowed;

/// The memory needed to read a split of the earnings on each thread, and to decide and write a block of claims.
const WORK_BYTES: u64 = 192 << 20;
/// The least memory with which that was ever done; of address space it takes more.
const LEAST_WORK_BYTES: u64 = WORK_BYTES / 2;
/// The least that is left: a budget that the claims alone exhaust makes a run slow, not impossible.
const FEWEST_BYTES: u64 = 4 << 20;

/// What is left for payments once the claims are read: of the budget that was asked for, or of what the system allows the run where
/// that is less. Nothing where neither bounds it.
///
/// # Errors
/// The system allows too little for a run to go on.
pub fn left_for_payments(asked: Option<u64>, progress: &dyn ProgressSink) -> Result<Option<u64>, RunError> {
    let allowed = Allowed::least();
    if let Some(allowed) = &allowed {
        enough_to_work_in(allowed)?;
    }
    let budget = match (asked, allowed) {
        (asked, None) => asked.map(|budget| remaining(budget, in_use().0)),
        (Some(budget), Some(allowed)) if budget <= allowed.usable() => Some(remaining(budget, in_use().0)),
        (asked, Some(allowed)) => {
            if let Some(budget) = asked {
                progress.note(&format!(
                    "--memory {} is more than the system allows ({} by {}): the run keeps to {}",
                    shown(budget),
                    shown(allowed.bytes),
                    allowed.by,
                    shown(allowed.usable())
                ));
            }
            Some(remaining(allowed.usable(), allowed.taken(in_use())))
        }
    };
    Ok(budget)
}

/// What a run that exceeds what is left for payments is told to exceed.
pub fn exceeded(asked: Option<u64>) -> &'static str {
    if asked.is_some() { "--memory" } else { "the memory that the system allows" }
}

fn enough_to_work_in(allowed: &Allowed) -> Result<(), RunError> {
    // Of address space a part is reserved and free: the memory that is taken is what cannot be had twice.
    let taken = in_use().0;
    let needed = if allowed.is_address_space { WORK_BYTES } else { LEAST_WORK_BYTES };
    if taken.saturating_add(needed) <= allowed.bytes {
        return Ok(());
    }
    Err(RunError::Untrusted(format!(
        "the run would need more memory than it may have: it takes {} for its claims or register, it needs about {} more to work in, \
         and {} allows {}; allow it more, use fewer --threads, or split the claims or the register",
        shown(taken),
        shown(WORK_BYTES),
        allowed.by,
        shown(allowed.bytes)
    )))
}

fn remaining(budget: u64, in_use: u64) -> u64 {
    budget.saturating_sub(in_use).saturating_sub(WORK_BYTES).max(FEWEST_BYTES)
}

/// The memory and the address space that the run takes.
fn in_use() -> (u64, u64) {
    let bytes = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
    memory_stats::memory_stats().map_or((0, 0), |in_use| (bytes(in_use.physical_mem), bytes(in_use.virtual_mem)))
}

fn shown(bytes: u64) -> String {
    ByteSize(bytes).display().iec().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_cannot_fit_is_refused_and_another_goes_on() {
        let allowed = |bytes| Allowed { bytes, by: "the memory limit of its control group", is_address_space: false };
        enough_to_work_in(&allowed(1 << 50)).unwrap();
        let refused = enough_to_work_in(&allowed(1 << 20)).unwrap_err().to_string();
        assert!(refused.starts_with("the run would need more memory than it may have: "), "{refused}");
        assert!(refused.contains("the memory limit of its control group allows 1.0 MiB; allow it more"), "{refused}");
    }

    #[test]
    fn what_is_left_is_never_nothing() {
        assert_eq!(remaining(1 << 30, 100 << 20), (1 << 30) - (100 << 20) - WORK_BYTES);
        assert_eq!(remaining(1 << 20, 100 << 20), FEWEST_BYTES);
    }
}

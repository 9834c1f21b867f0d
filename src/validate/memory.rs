//! How much of the memory budget is left for payments.

/// The memory needed to read a split of the earnings on each thread, and to decide and write a block of claims.
const WORK_BYTES: u64 = 192 << 20;
/// The least that is left: a budget that the claims alone exhaust makes a run slow, not impossible.
const FEWEST_BYTES: u64 = 4 << 20;

/// What is left of a budget once the claims are read.
pub(super) fn remaining_budget(budget: u64) -> u64 {
    let in_use = memory_stats::memory_stats().map_or(0, |in_use| in_use.physical_mem);
    let in_use = u64::try_from(in_use).unwrap_or(u64::MAX);
    budget.saturating_sub(in_use).saturating_sub(WORK_BYTES).max(FEWEST_BYTES)
}

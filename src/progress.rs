//! Progress of long work: what the work reports, and to whom.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a run tells while it goes on.
pub trait Watch: Sync {
    /// A step begins; `total` is how much of it there is, where that is known.
    fn step(&self, name: &'static str, total: Option<u64>);
    /// So much of the step has been done since it was last told.
    fn advance(&self, by: u64);
    /// Something a person should know although the run goes on.
    fn note(&self, text: &str);
}

/// A watch that tells nobody.
#[derive(Debug, Default)]
pub struct Unwatched(AtomicU64);

impl Watch for Unwatched {
    fn step(&self, _: &'static str, _: Option<u64>) {}

    fn advance(&self, by: u64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }

    fn note(&self, _: &str) {}
}

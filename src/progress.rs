//! Progress of long work: what the work reports, and to whom.

use std::sync::atomic::{AtomicU64, Ordering};

/// Receives the progress of a run.
pub trait ProgressSink: Sync {
    /// A step begins; `total` is how much of it there is, where that is known.
    fn step(&self, name: &'static str, total: Option<u64>);
    /// Reports how much of the step was done since the last report.
    fn advance(&self, by: u64);
    /// Something a person should know although the run goes on.
    fn note(&self, text: &str);
}

/// A progress sink that only adds up.
#[derive(Debug, Default)]
pub struct NoProgress(AtomicU64);

impl ProgressSink for NoProgress {
    fn step(&self, _: &'static str, _: Option<u64>) {}

    fn advance(&self, by: u64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }

    fn note(&self, _: &str) {}
}

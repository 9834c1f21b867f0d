//! Progress of a long run: the sink that a run reports to.

use std::sync::atomic::{AtomicU64, Ordering};

/// Receives the progress of a run.
pub trait ProgressSink: Sync {
    /// A step begins; `total` is how much of it there is, where that is known.
    fn step(&self, name: &'static str, total: Option<u64>);
    /// Reports how much of the step was done since the last report.
    fn advance(&self, by: u64);
    /// Reports something that a person should know; the run goes on.
    fn note(&self, text: &str);
}

/// A progress sink that adds up what was done and shows nothing.
#[derive(Debug, Default)]
pub struct NoProgress(AtomicU64);

impl ProgressSink for NoProgress {
    fn step(&self, _: &'static str, _: Option<u64>) {}

    fn advance(&self, by: u64) {
        self.0.fetch_add(by, Ordering::Relaxed);
    }

    fn note(&self, _: &str) {}
}

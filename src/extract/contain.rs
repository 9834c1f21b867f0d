//! Contains panics of libraries that read hostile bytes.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside [`contain`]; a panic hook stays silent then.
pub fn is_contained() -> bool {
    CONTAINED.get()
}

/// Runs a reader; `None` when it panicked. The reader's unfinished values are dropped.
pub fn contain<T>(read: impl FnOnce() -> T) -> Option<T> {
    let before = CONTAINED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(read));
    CONTAINED.set(before);
    outcome.ok()
}

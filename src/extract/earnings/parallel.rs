//! Reads splits in parallel, on as many threads as the run has.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::byte_ranges::ByteRange;
use super::limits::too_many_rows;
use super::{JsonColumns, RowVisitor, Split, SplitAccount};
use crate::error::RunError;
use crate::extract::csv::SpanCounts;
use crate::extract::source::Sniffed;

/// Reads every split with a visitor of its own; returns the visitors with their accounts, in the order of the splits.
///
/// # Errors
/// A file that turns out damaged, or an error of a visitor: of several errors that of the first split.
pub fn read_all<L: RowVisitor + Send>(
    files: &[Sniffed],
    splits: &[Split],
    new_visitor: &(impl Fn(&Split) -> L + Sync),
) -> Result<Vec<(L, SplitAccount)>, RunError> {
    let read = |split: &Split| {
        let mut visitor = new_visitor(split);
        let account = split.read(&mut visitor)?;
        Ok((visitor, account))
    };
    let mut texts: BTreeMap<u32, TextProgress> = BTreeMap::new();
    let mut all = Vec::with_capacity(splits.len());
    for (split, done) in splits.iter().zip(side_by_side(splits, &read)) {
        // After an error no further split is begun; that error may be of a split that did not begin where it seemed to.
        let done = done.unwrap_or_else(|| read(split));
        let Some(seemed) = split.stretch() else {
            let (visitor, account) = done?;
            all.push((visitor, SplitAccount { actual: Some(split.clone()), ..account }));
            continue;
        };
        let before = texts.entry(split.file).or_default();
        if seemed.end <= before.at {
            continue;
        }
        let stands = ByteRange { begin: before.at, before: (before.rows, before.lines), ..*seemed };
        let as_it_is = split.standing(stands.clone());
        let done = if seemed.begin == before.at { done } else { read(&as_it_is) };
        let (visitor, mut account) = done.map_err(|error| on_line(error, before.lines))?;
        before.place(&mut account);
        let end = if stands.end == u64::MAX { stands.end } else { before.at };
        account.actual = Some(as_it_is.standing(ByteRange { end, ..stands }));
        all.push((visitor, account));
    }
    for (file, read) in texts {
        if let Some(sniffed) = usize::try_from(file).ok().and_then(|file| files.get(file)) {
            too_many_rows(sniffed, read.rows)?;
            read.is_whole(sniffed)?;
        }
    }
    Ok(all)
}

/// How much of a text its splits have read so far.
#[derive(Default)]
struct TextProgress {
    at: u64,
    rows: u64,
    lines: u64,
    /// For a CSV file, its bytes counted by kind of span.
    counts: Option<SpanCounts>,
    /// For a JSON file, the names that its payments have.
    columns: Option<JsonColumns>,
}

impl TextProgress {
    /// Places the next split after those before it.
    fn place(&mut self, account: &mut SplitAccount) {
        (account.rows_before, account.lines_before) = (self.rows, self.lines);
        self.rows += account.rows;
        if let Some((at, lines)) = account.ended {
            self.at = at;
            self.lines += lines;
        }
        if let Some(counts) = &account.csv {
            self.counts.get_or_insert_default().add(counts);
        }
        if let Some(columns) = &account.json {
            self.columns.get_or_insert_default().join(columns);
        }
    }

    /// Checks that the splits of a CSV file cover the text, and that the payments of a JSON file, if it has any, have the
    /// needed columns and no misspelt ones.
    fn is_whole(&self, sniffed: &Sniffed) -> Result<(), RunError> {
        if let Some(columns) = self.columns.as_ref().filter(|_| 0 < self.rows) {
            columns.are_whole(sniffed)?;
        }
        if self.counts.is_none_or(|counts| counts.total_bytes() == self.at) {
            return Ok(());
        }
        let problem = "the reader could not account for every byte";
        Err(sniffed.source.error(problem, "please report this file's shape").into())
    }
}

/// An error of a split with its line counted from the beginning of the file.
fn on_line(error: RunError, lines_before: u64) -> RunError {
    match error {
        RunError::Input(mut error) => {
            error.line = error.line.map(|line| line + lines_before);
            error.into()
        }
        other @ (RunError::Inputs(_)
        | RunError::Scheme { .. }
        | RunError::Choice { .. }
        | RunError::Unproven(_)
        | RunError::BeyondLimits { .. }
        | RunError::Untrusted(_)
        | RunError::AfterRecording { .. }
        | RunError::AfterPublishing(_)) => other,
    }
}

/// Reads splits on threads of their own, each to its end before the next is begun; returns results in their order.
/// After the first failure no more are begun, and those have no result.
///
/// The threads are not rayon's: one of those, while it waits for polars, would begin another split, and in the end all
/// splits would be open at once.
fn side_by_side<T: Send>(
    splits: &[Split],
    read: &(impl Fn(&Split) -> Result<T, RunError> + Sync),
) -> Vec<Option<Result<T, RunError>>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((number, split)) = splits.iter().enumerate().nth(next.fetch_add(1, Ordering::Relaxed)) {
            let read = read(split);
            if read.is_err() {
                next.store(splits.len(), Ordering::Relaxed);
            }
            done.push((number, read));
        }
        done
    };
    let mut done: BTreeMap<usize, Result<T, RunError>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..rayon::current_num_threads()).map(|_| scope.spawn(work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().collect()
    });
    (0..splits.len()).map(|number| done.remove(&number)).collect()
}

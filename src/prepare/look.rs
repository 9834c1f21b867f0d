//! The row visitor of `prepare`: it partitions the rows of a split by stem and spills them to disk.

use chrono::NaiveDate;

use super::scatter::{Bundles, Columns};
use crate::domain::NinoText;
use crate::domain::payment::at;
use crate::error::RunError;
use crate::extract::chunk::{Chunk, Unreadable};
use crate::extract::earnings::Look;
use crate::extract::earnings::cells::{dates, each_nino};
use crate::progress::Watch;

/// Partitions the rows of one split.
pub(super) struct Scattered<'a> {
    columns: &'a Columns,
    bundles: &'a Bundles,
    /// The number that the first of the files being read has in the store.
    first_file: u32,
    /// How many rows and lines of its file come before the split's own.
    before: (u64, u64),
    watch: &'a dyn Watch,
    pub(super) without_person: u64,
    earliest: Option<NaiveDate>,
    latest: Option<NaiveDate>,
}

impl<'a> Scattered<'a> {
    pub(super) fn new(
        columns: &'a Columns,
        bundles: &'a Bundles,
        first_file: u32,
        before: (u64, u64),
        watch: &'a dyn Watch,
    ) -> Self {
        Self { columns, bundles, first_file, before, watch, without_person: 0, earliest: None, latest: None }
    }

    /// The days from the earliest to the latest payday, with those that were known before.
    pub(super) fn days(&self, before: Option<(NaiveDate, NaiveDate)>) -> Option<(NaiveDate, NaiveDate)> {
        let own = self.earliest.zip(self.latest);
        match (own, before) {
            (Some((from, to)), Some((first, last))) => Some((from.min(first), to.max(last))),
            (one, other) => one.or(other),
        }
    }

    fn scatter(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        let unreadable = |fault: Unreadable| {
            RunError::Untrusted(format!("the column `{}` has values that are no cells", fault.column))
        };
        for payday in dates(chunk, at::PAYMENT_DATE).map_err(unreadable)?.into_iter().flatten() {
            self.earliest = Some(self.earliest.map_or(payday, |earliest| earliest.min(payday)));
            self.latest = self.latest.max(Some(payday));
        }
        let mut people = Vec::with_capacity(chunk.len());
        each_nino(chunk, |nino| {
            people.push(match nino {
                NinoText::WellFormed(nino) => Some(nino.stem()),
                NinoText::Dummy(_) | NinoText::Malformed => None,
            });
        })
        .map_err(unreadable)?;
        let nobody = people.iter().filter(|person| person.is_none()).count();
        self.without_person += u64::try_from(nobody).unwrap_or(u64::MAX);
        let rows = self.columns.rows(chunk, &people, self.first_file).map_err(unreadable)?;
        self.watch.advance(crate::domain::count_of(chunk.len()));
        self.bundles.add(&rows, &people)
    }
}

impl Look for Scattered<'_> {
    fn keys(&self) -> &[usize] {
        &[at::NINO]
    }

    fn people(&self) -> &[[u8; 8]] {
        &[]
    }

    fn wants<'c>(&mut self, _: &dyn Fn(usize) -> &'c [u8]) -> bool {
        true
    }

    fn wanted(&mut self, chunk: &Chunk) -> Result<Vec<u32>, RunError> {
        Ok((0..u32::try_from(chunk.len()).unwrap_or(u32::MAX)).collect())
    }

    fn take(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        if self.before == (0, 0) {
            return self.scatter(chunk);
        }
        let (rows, lines) = self.before;
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let mut chunk = Chunk { raw: None, ..chunk.clone() };
        chunk.rows.iter_mut().for_each(|(_, row)| *row = row.saturating_add(rows));
        chunk.lines.iter_mut().for_each(|line| *line += lines);
        self.scatter(&chunk)
    }
}

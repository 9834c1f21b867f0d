//! The row visitor that keeps the payments of claimed people and counts all other rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use polars::prelude::{DataFrame, DataFrameJoinOps, IntoColumn, JoinArgs, JoinType, NamedFrom, Series};

use super::asserted;
use super::compact::CompactPayments;
use super::earnings_read::{EarningsAccount, EarningsRead, of_record};
use super::interner::Interner;
use super::memory_budget::{MemoryBudget, TooManyOfOne};
use super::near_misses::near_rows;
use super::nearby::{Nearby, Watched};
use super::payments::EarningsQuery;
use super::stem_set::StemSet;
use crate::domain::count_of as count;
use crate::domain::payment::at;
use crate::domain::{Cell, NinoText, Payment, SetAsideRow, Stem, Tally, UnreadablePart};
use crate::error::RunError;
use crate::evidence::identity::NearMiss;
use crate::extract::earnings::cells::{PaydayReader, each_nino, unreadable_column};
use crate::extract::earnings::{RowVisitor, Split, SplitAccount, too_many_of_one};
use crate::extract::quarantine::{QuarantineFile, QuarantineList};
use crate::extract::row_batch::{RowBatch, UnreadableColumn, text_at};
use crate::extract::{QuarantinedRow, source::Sniffed};

/// What the visitors of all splits share.
pub(super) struct ScanContext<'a> {
    files: &'a [Sniffed],
    /// The stems sought, in the form a store is read by.
    stems: Vec<[u8; 8]>,
    /// The stems sought, as a set to test every row against.
    pub(super) people: StemSet,
    /// The stems sought, as a frame to join the kept payments with.
    frame: DataFrame,
    keys: &'static [usize],
    paydays: bool,
    interner: &'a Interner,
    budget: &'a MemoryBudget,
    quarantine: Option<&'a Arc<QuarantineFile>>,
    nearby: Nearby<'a>,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl<'a> ScanContext<'a> {
    pub(super) fn new(
        files: &'a [Sniffed],
        sought: &'a EarningsQuery,
        interner: &'a Interner,
        budget: &'a MemoryBudget,
        progress: &'a (dyn Fn(u64) + Sync),
    ) -> Result<Self, RunError> {
        Ok(Self {
            files,
            stems: sought.people.iter().map(|key| key.to_be_bytes()).collect(),
            people: StemSet::new(sought.people.iter().copied()),
            frame: people_frame(sought.people.iter().copied().collect())?,
            keys: if sought.paydays { &[at::NINO, at::PAYMENT_DATE] } else { &[at::NINO] },
            paydays: sought.paydays,
            interner,
            budget,
            quarantine: sought.quarantine.as_ref(),
            nearby: Nearby::new(&sought.births, budget),
            progress,
        })
    }

    fn is_of_someone_sought(&self, nino: Option<&str>) -> bool {
        nino.and_then(|text| NinoText::read(text).stem()).is_some_and(|person| self.people.contains(person.key()))
    }

    /// The join of the kept payments with the people sought: it must find each of them, once.
    fn joined(&self, kept: &KeptPayments<'_>) -> Result<(), RunError> {
        let people: Vec<u64> = kept.frames.iter().flat_map(|(_, people)| people).copied().collect();
        if people.is_empty() {
            return Ok(());
        }
        let rows = people_frame(people)?;
        let semi = JoinArgs::new(JoinType::Semi);
        let joined = asserted(rows.join(&self.frame, ["person"], ["person"], semi, None))?;
        if joined.height() == rows.height() {
            return Ok(());
        }
        Err(RunError::Untrusted("joining the payments to the people sought changed their number".into()))
    }
}

/// People as a frame of one column.
fn people_frame(people: Vec<u64>) -> Result<DataFrame, RunError> {
    asserted(DataFrame::new(people.len(), vec![Series::new("person".into(), people).into_column()]))
}

/// The payments kept from one split.
pub(super) struct KeptPayments<'a> {
    extract: &'a ScanContext<'a>,
    source: Option<&'a Sniffed>,
    is_stored: bool,
    frames: Vec<(CompactPayments, Vec<u64>)>,
    account: EarningsAccount,
    /// Rows that are no records, and payments that could not be read; none where they are not kept.
    records: Option<QuarantineList>,
    payments: Option<QuarantineList>,
    /// The paydays of all rows, where they are counted. A store has counted those of its rows.
    paydays: Option<PaydayReader>,
    /// What could be read of those of the rows in quarantine that name someone sought.
    set_aside: Vec<SetAsideRow>,
    /// Whether rows were counted when they were selected, as those of a Parquet file are.
    counts_selected: bool,
    /// Rows of text that were tested since progress was last reported.
    untold: u64,
    /// Counts of how the cells were written, by file.
    tallies: BTreeMap<u32, Tally>,
    /// The row group, and the people for whom rows under near numbers are gathered from it, where there are any.
    watch: Option<((u32, usize), Arc<Watched>)>,
    near: Vec<(Stem, NearMiss)>,
}

/// How many rows of text are reported as progress at a time.
const REPORTED_ROWS: u64 = 65_536;

impl<'a> KeptPayments<'a> {
    pub(super) fn new(extract: &'a ScanContext<'a>, split: &Split) -> Self {
        Self {
            extract,
            source: usize::try_from(split.file()).ok().and_then(|file| extract.files.get(file)),
            is_stored: split.is_stored(),
            frames: Vec::new(),
            account: EarningsAccount::default(),
            records: extract.quarantine.map(QuarantineList::new),
            payments: extract.quarantine.map(QuarantineList::new),
            paydays: (extract.paydays && !split.is_stored()).then(PaydayReader::default),
            counts_selected: false,
            set_aside: Vec::new(),
            untold: 0,
            tallies: BTreeMap::new(),
            watch: split.row_group().and_then(|group| Some((group, extract.nearby.watched()?))),
            near: Vec::new(),
        }
    }

    /// Whether a row is of someone sought; a row that is not is counted.
    #[inline]
    fn is_sought(&mut self, nino: NinoText) -> bool {
        match nino {
            NinoText::WellFormed(nino) if self.extract.people.contains(nino.stem().key()) => return true,
            NinoText::WellFormed(_) => self.account.unclaimed += 1,
            NinoText::Dummy(_) | NinoText::TemporaryReference | NinoText::Malformed => self.account.without_person += 1,
        }
        false
    }

    fn too_many_of_one(&self) -> RunError {
        match self.source {
            Some(file) => too_many_of_one(file).into(),
            None => RunError::Untrusted("a row batch belongs to no file".into()),
        }
    }

    fn unreadable(&self, fault: &UnreadableColumn) -> RunError {
        unreadable_column(self.source, fault)
    }

    /// Ends the split: what it kept must be what the join finds.
    pub(super) fn ended(&mut self) -> Result<(), RunError> {
        self.extract.joined(self)?;
        (self.extract.progress)(std::mem::take(&mut self.untold));
        Ok(())
    }

    /// Adds the split's rows to the account and returns the payments, with the person of each.
    pub(super) fn finish(mut self, split: &SplitAccount, read: &mut EarningsRead) -> Vec<(CompactPayments, Vec<u64>)> {
        let file = usize::try_from(split.file).unwrap_or(usize::MAX);
        read.account.rows += split.rows;
        read.account.quarantined += self.account.quarantined + split.quarantined;
        read.account.without_person += self.account.without_person;
        read.account.unclaimed += self.account.unclaimed;
        if self.is_stored {
            read.account.unclaimed -= self.account.kept + self.account.quarantined;
        }
        read.account.kept += self.account.kept;
        if let Some(rows) = read.rows.get_mut(file) {
            *rows += split.rows;
        }
        if let Some(damaged) = read.damaged.get_mut(file) {
            *damaged += split.quarantined;
        }
        if let (Some(place), Some(counts)) = (read.csv.get_mut(file), &split.csv) {
            place.get_or_insert_default().add(counts);
        }
        if let Some(columns) = read.json.get_mut(file) {
            split.add_columns(columns);
        }
        self.set_aside.iter_mut().for_each(|row| row.move_behind(split.rows_before, split.lines_before));
        self.tallies.values_mut().for_each(|tally| tally.move_behind(split.rows_before, split.lines_before));
        read.set_aside.extend(self.set_aside);
        for mut list in self.records.into_iter().chain(self.payments) {
            list.move_behind(split.rows_before, split.lines_before);
            read.quarantined.push(list);
        }
        if let (Some(of_file), Some(paydays)) = (read.paydays.get_mut(file), self.paydays) {
            of_file.join(&paydays.counts);
        }
        for (file, tally) in &self.tallies {
            if let Some(of_file) = usize::try_from(*file).ok().and_then(|file| read.tallies.get_mut(file)) {
                of_file.add(tally);
            }
        }
        read.near.append(&mut self.near);
        read.near_gathered.extend(self.watch.map(|(group, _)| group));
        self.frames.iter_mut().for_each(|(frame, _)| frame.move_behind(split.rows_before));
        self.frames
    }

    /// Keeps the payments of a row batch.
    fn keep(&mut self, row_batch: &RowBatch) -> Result<(), RunError> {
        let cells = row_batch.cells(&Payment::COLUMNS).map_err(|fault| self.unreadable(&fault))?;
        let mut payments = Vec::with_capacity(row_batch.len());
        for (index, (file, number)) in row_batch.rows.iter().enumerate() {
            let line = row_batch.lines.get(index).copied().unwrap_or(0);
            let text = cells.cell(at::NINO, index).map(Cell::to_text);
            if self.watch.is_some() && !self.extract.is_of_someone_sought(text.as_deref()) {
                continue;
            }
            let tally = self.tallies.entry(*file).or_default();
            tally.begin_row((*number).into(), line);
            let Some(NinoText::WellFormed(nino)) = tally.nino("nino", text.as_deref()).into_given() else { continue };
            let cell = |column: usize| cells.cell(column, index);
            match Payment::read_cells((*file, *number), nino, cell, tally) {
                Ok(payment) => payments.push(payment),
                Err(row) => {
                    let line = Some(line).filter(|line| 0 < *line);
                    self.account.quarantined += 1;
                    if let Some(list) = &mut self.payments {
                        let (reason, raw) = (reason(&row), raw(row_batch, index, &cell));
                        list.add(&QuarantinedRow { file: *file, row: *number, line, reason, raw })?;
                    }
                    self.set_aside.push(SetAsideRow { line, ..*row });
                }
            }
        }
        self.account.kept += count(payments.len());
        let people: Vec<u64> = payments.iter().map(|payment| payment.nino.stem().key()).collect();
        if self.extract.budget.try_reserve(&people).map_err(|TooManyOfOne| self.too_many_of_one())? {
            self.frames.push((CompactPayments::new(&payments, self.extract.interner), people));
        } else {
            self.frames.clear();
        }
        Ok(())
    }
}

impl RowVisitor for KeptPayments<'_> {
    fn key_columns(&self) -> &[usize] {
        self.extract.keys
    }

    fn stems(&self) -> &[[u8; 8]] {
        &self.extract.stems
    }

    fn accepts<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool {
        let is_sought = self.is_sought(NinoText::read_bytes(cell(at::NINO)));
        // An accepted row is tested once more before it is collected; it is counted there.
        if !is_sought {
            if let Some(paydays) = &mut self.paydays {
                paydays.count(cell(at::PAYMENT_DATE));
            }
            self.untold += 1;
            if self.untold == REPORTED_ROWS {
                (self.extract.progress)(std::mem::take(&mut self.untold));
            }
        }
        is_sought
    }

    fn select(&mut self, row_batch: &RowBatch) -> Result<Vec<u32>, RunError> {
        (self.extract.progress)(count(row_batch.len()));
        if let Some(paydays) = &mut self.paydays {
            paydays.count_all(row_batch).map_err(|fault| unreadable_column(self.source, &fault))?;
            self.counts_selected = true;
        }
        let (mut wanted, mut row) = (Vec::new(), 0);
        let watched = self.watch.as_ref().map(|(_, watched)| Arc::clone(watched));
        let is_near = |nino| match (&watched, nino) {
            (Some(watched), NinoText::WellFormed(nino)) => watched.numbers.contains(nino.stem().key()),
            _ => false,
        };
        let read = each_nino(row_batch, |nino| {
            if self.is_sought(nino) || is_near(nino) {
                wanted.push(row);
            }
            row += 1;
        });
        read.map_err(|fault| self.unreadable(&fault))?;
        Ok(wanted)
    }

    fn collect(&mut self, row_batch: &RowBatch) -> Result<(), RunError> {
        if let Some(paydays) = self.paydays.as_mut().filter(|_| !self.counts_selected) {
            paydays.count_all(row_batch).map_err(|fault| unreadable_column(self.source, &fault))?;
            self.untold += count(row_batch.len());
        }
        if let Some((_, watched)) = &self.watch {
            let near = near_rows(row_batch, &watched.not_found).map_err(|fault| self.unreadable(&fault))?;
            self.near.extend(near);
        }
        self.keep(row_batch)
    }

    fn quarantine(&mut self, row: QuarantinedRow) -> Result<(), RunError> {
        self.set_aside.extend(of_record(&row, &self.extract.people));
        self.records.iter_mut().try_for_each(|list| list.add(&row))
    }
}

/// Why a row is no payment, in the words of the quarantine.
fn reason(row: &SetAsideRow) -> String {
    match &row.unreadable {
        UnreadablePart::Cell(error) => format!("{}: {}", error.column, error.fault),
        UnreadablePart::Record => row.unreadable.to_string(),
    }
}

/// The raw row of a text file; the cells of a Parquet row.
fn raw<'a>(row_batch: &RowBatch, place: usize, cell: &impl Fn(usize) -> Option<Cell<'a>>) -> Vec<u8> {
    if let Some(raw) = row_batch.raw.as_ref().and_then(|raw| text_at(raw, place)) {
        return raw.as_bytes().to_vec();
    }
    let cells = Payment::COLUMNS
        .iter()
        .enumerate()
        .filter_map(|(number, column)| cell(number).map(|cell| format!("{}={}", column.name, cell.to_text())));
    cells.collect::<Vec<_>>().join("; ").into_bytes()
}

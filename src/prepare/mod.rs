//! `sustain prepare`: writes an extract as a prepared store, or appends one to a store.
//!
//! ```text
//!  earnings ──▶ sampled: a sample of stems, for balanced partitions
//!      │
//!      └──────▶ partition: every row to the spill file of its stem's range
//!                  │
//!                  ▼
//!               sort: one spill file after another, by stem, file and row ──▶ part: Parquet with a page index
//! ```
//!
//! The order is total and parts and row groups have fixed lengths, so the same files give the same bytes, however many
//! spill files and threads there were.

mod part;
mod partition;
mod sampled;
mod sort;
mod spill;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::account::Program;
use crate::account::columns::{ColumnAccount, ColumnAccounts};
use crate::domain::{PaydayCounts, Refusal, SetAsideShare, Tally};
use crate::error::{InputError, RunError, describe_io_error};
use crate::extract::columns::ColumnsFound;
use crate::extract::csv::SpanCounts;
use crate::extract::earnings::{Earnings, MOST_PAYMENTS_OF_ONE, Split, read_all, too_many_of_one};
use crate::extract::file_options::FileOptions;
use crate::extract::quarantine::QuarantineFile;
use crate::extract::source::Sniffed;
use crate::files;
use crate::interrupt::publishing;
use crate::progress::ProgressSink;
use crate::staging::{Existing, Staging, flush_names, turn};
use crate::store::manifest::PartKind;
use crate::store::{BlockHashes, Manifest, Store, StorePart, StoredFile, is_store};
use part::PartWriter;
use partition::Partitioner;
use sampled::StemSample;
use spill::{SpillFiles, StoreColumns};

/// A request to prepare a store.
#[derive(Debug, Clone)]
pub struct PrepareRequest {
    /// Earnings files, folders and globs.
    pub earnings: Vec<PathBuf>,
    /// How the files are to be read.
    pub options: Arc<FileOptions>,
    /// Where the store is, or is to be.
    pub out: PathBuf,
    /// Whether to add to a store that is there.
    pub append: bool,
    /// The share of rows in which a column may be unreadable, where more than usual is accepted.
    pub set_aside: Option<SetAsideShare>,
}

/// How a request ended.
#[derive(Debug, Clone)]
pub enum PrepareFinished {
    /// The store holds more than before.
    Prepared(Manifest),
    /// The store held all of these files already.
    AlreadyThere(Manifest),
}

impl PrepareFinished {
    /// The manifest of the store.
    pub fn manifest(&self) -> &Manifest {
        match self {
            Self::Prepared(manifest) | Self::AlreadyThere(manifest) => manifest,
        }
    }
}

/// Prepares a store.
///
/// # Errors
/// An input that cannot be used, something else in the store's place, or a disk that did not take it; what was there
/// before is as it was then.
pub fn run(request: &PrepareRequest, progress: &dyn ProgressSink) -> Result<PrepareFinished, RunError> {
    progress.step("hashing the inputs", None);
    let mut earnings = Earnings::sniff(&request.earnings, &request.options)?;
    if let Some((_, store)) = earnings.stores.first() {
        return Err(InputError::new(
            store.folder.display().to_string(),
            "this is a prepared store already",
            "prepare the files it was made from, or name the store with validate --earnings",
        )
        .into());
    }
    let there = existing_store(request)?;
    let known = there.as_ref().map_or_else(Manifest::empty, |store| store.manifest.clone());
    let named = earnings.files.len();
    earnings.files.retain(|file| !known.has(&file.hash, &folder_values(file)));
    match &there {
        Some(store) if earnings.files.is_empty() => {
            // A run that was killed after its last step may have left its staging directory.
            Staging::sweep(&request.out, progress);
            return Ok(PrepareFinished::AlreadyThere(store.manifest.clone()));
        }
        Some(store) if !request.append => return Err(not_asked_to_append(store, named - earnings.files.len())),
        Some(_) | None => {}
    }
    let staging = Staging::beside(&request.out, progress)?;
    let made = make(&earnings, &known, request.set_aside, &staging, progress)?;
    progress.step("putting the store in its place", None);
    earnings
        .files
        .iter()
        .try_for_each(Sniffed::still_the_same)
        .map_err(|error| RunError::Untrusted(error.to_string()))?;
    let manifest = match there {
        None => {
            let manifest = made.write(&staging.path(""))?;
            staging.publish(Existing::Keep)?;
            manifest
        }
        Some(store) => append(&store, made, &staging, progress)?,
    };
    Store::open(&request.out).map_err(|error| RunError::AfterPublishing(error.to_string()))?;
    Ok(PrepareFinished::Prepared(manifest))
}

/// Opens the store that is already there; anything else in its place is an error.
fn existing_store(request: &PrepareRequest) -> Result<Option<Store>, RunError> {
    match (is_store(&request.out), request.out.exists(), request.append) {
        (true, ..) => of_this_build(Store::open(&request.out)?).map(Some),
        (false, true, _) => Err(RunError::choice(
            format!("{} is there and is not a prepared store", request.out.display()),
            "name another directory with --out",
        )),
        (false, false, true) => Err(RunError::choice(
            format!("{} is not there", request.out.display()),
            "a store that is to be appended to must be there; without --append a new one is made",
        )),
        (false, false, false) => Ok(None),
    }
}

/// A store counts as prepared already, and is appended to, only by the build that wrote it: another one may read other rows
/// from the same files.
fn of_this_build(store: Store) -> Result<Store, RunError> {
    let program = &store.manifest.program;
    if *program == Program::this() {
        return Ok(store);
    }
    Err(RunError::choice(
        format!(
            "{} is a store that another build of the program wrote (version {})",
            store.folder.display(),
            program.version
        ),
        "prepare all of the extract again, into another directory; runs may still be made against this store",
    ))
}

fn not_asked_to_append(store: &Store, known: usize) -> RunError {
    RunError::choice(
        format!("{} is a store that holds {known} of these files and not the others", store.folder.display()),
        "give --append to add the others, or name another directory with --out",
    )
}

/// The most rows of one person, of whom one row in 64 is counted: a run refuses what is clearly beyond what it takes.
const MOST_ROWS_OF_ONE: usize = MOST_PAYMENTS_OF_ONE as usize / 10 * 11;

/// Writes the parts of new files and returns the manifest of the store with them.
fn make(
    earnings: &Earnings,
    known: &Manifest,
    set_aside: Option<SetAsideShare>,
    staging: &Staging,
    progress: &dyn ProgressSink,
) -> Result<Manifest, RunError> {
    let splits = earnings.splits()?;
    progress.step("sampling the numbers", None);
    let sampled = read_all(&earnings.files, &splits, &|_| StemSample::default())?;
    let (sampled, splits): (Vec<StemSample>, Vec<Option<Split>>) =
        sampled.into_iter().map(|(sampled, split)| (sampled, split.actual)).unzip();
    let sampled = StemSample::together(sampled.into_iter());
    // Rows are sorted in memory, person by person.
    if let Some(file) = earnings.files.first().filter(|_| MOST_ROWS_OF_ONE < sampled.most_of_one()) {
        return Err(too_many_of_one(file).into());
    }
    let splits: Vec<Split> = splits.into_iter().flatten().collect();
    progress.step("reading the earnings", splits.iter().map(Split::rows).sum());
    let columns = StoreColumns::of(&splits);
    let spill_files = SpillFiles::create(&sampled, &columns, staging)?;
    let first_file = u32::try_from(known.files.len()).unwrap_or(u32::MAX);
    let quarantine = QuarantineFile::in_folder(staging.folder_of_temporary_files().to_path_buf());
    let visitor =
        |split: &Split| Partitioner::new(&columns, &spill_files, first_file, split.before(), progress, &quarantine);
    let mut files: Vec<StoredFile> = earnings.files.iter().map(stored_file).collect();
    let mut quarantined = Vec::new();
    let mut paydays = vec![PaydayCounts::default(); files.len()];
    let mut tallies = vec![Tally::default(); files.len()];
    for split in &splits {
        if let Some(file) = usize::try_from(split.file()).ok().and_then(|file| files.get_mut(file)) {
            file.column_names = file.column_names.take().or_else(|| split.columns().map(ColumnsFound::account));
        }
    }
    let mut of_json: BTreeMap<u32, Option<ColumnsFound>> = BTreeMap::new();
    for (mut scattered, account) in read_all(&earnings.files, &splits, &visitor)? {
        let place = usize::try_from(account.file).unwrap_or(usize::MAX);
        if let Some(of_file) = paydays.get_mut(place) {
            of_file.join(&scattered.paydays.counts);
        }
        if let Some(tally) = tallies.get_mut(place) {
            tally.add(&scattered.tally);
        }
        if let Some(file) = files.get_mut(place) {
            file.rows += account.rows;
            file.without_person += scattered.without_person;
            file.quarantined += account.quarantined;
            let known = of_json.entry(account.file).or_default();
            account.add_columns(known);
            if let Some(known) = known {
                file.column_names = Some(known.account());
            }
            if let Some(counts) = &account.csv {
                let mut all = file.text.as_ref().map(SpanCounts::of_account).unwrap_or_default();
                all.add(counts);
                file.text = Some(all.account());
            }
        }
        scattered.quarantined.move_behind(account.rows_before, account.lines_before);
        quarantined.push(scattered.quarantined);
    }
    are_accepted(&earnings.files, &files, &tallies, set_aside)?;
    for (file, tally) in files.iter_mut().zip(&tallies) {
        file.columns = ColumnAccount::of(tally);
    }
    progress.step("sorting", Some(files.iter().map(|file| file.rows - file.quarantined).sum()));
    let mut parts = PartWriter::new(staging, &columns, known.parts.len());
    for spill_file in spill_files.finish()? {
        let sorted = sort::sorted(&spill_file, &columns)?;
        progress.advance(crate::domain::count_of(sorted.num_rows()));
        parts.add(&sorted)?;
        spill_file.remove();
    }
    let mut manifest = known.clone();
    for (file, paydays) in files.iter_mut().zip(&paydays) {
        file.paydays = paydays.days().map(|(day, rows)| (day.to_string(), rows)).collect();
    }
    manifest.files.extend(files);
    manifest.leave_out(&earnings.left_out);
    manifest.parts.extend(parts.finish(&quarantined)?);
    Ok(manifest)
}

/// Refuses what a run would refuse: a file of which a column is not believed or cannot be read in too many rows, and files
/// that name people in too few of theirs.
fn are_accepted(
    sniffed: &[Sniffed],
    files: &[StoredFile],
    tallies: &[Tally],
    asked: Option<SetAsideShare>,
) -> Result<(), InputError> {
    let share = SetAsideShare::OF_EXTRACT.raised_to(asked);
    for (file, tally) in sniffed.iter().zip(tallies) {
        file.source.is_accepted(tally, share)?;
    }
    for (file, stored) in sniffed.iter().zip(files) {
        file.source.holds_records(stored.quarantined, stored.rows, share, None)?;
    }
    let without_person = files.iter().map(|file| file.without_person).sum();
    let rows = files.iter().map(|file| file.rows).sum();
    match (sniffed.first(), Refusal::of_numbers(without_person, rows, asked)) {
        (Some(file), Some(refusal)) => Err(file.source.refused(refusal)),
        (Some(_) | None, _) => Ok(()),
    }
}

fn stored_file(file: &Sniffed) -> StoredFile {
    StoredFile {
        name: file.source.name.clone(),
        format: file.format.name().into(),
        compression: file.compression.name().into(),
        encoding: file.encoding.map(|encoding| encoding.name().to_owned()),
        sheet: file.sheet.as_ref().map(|sheet| sheet.name.clone()),
        bytes: file.bytes,
        blake3: file.hash.clone(),
        rows: 0,
        without_person: 0,
        quarantined: 0,
        paydays: BTreeMap::new(),
        columns: ColumnAccounts::new(),
        text: None,
        folder_values: folder_values(file),
        column_names: None,
    }
}

fn folder_values(file: &Sniffed) -> BTreeMap<String, Option<String>> {
    file.source.folder_values.iter().map(|folder| (folder.column.clone(), folder.value.clone())).collect()
}

/// Moves new parts into a store and then puts the new manifest in the old one's place. Until then the new parts belong to
/// nothing; what a killed run left under their names is written over. A signal waits until the manifest is there.
fn append(store: &Store, made: Manifest, staging: &Staging, progress: &dyn ProgressSink) -> Result<Manifest, RunError> {
    let cannot = |error: std::io::Error| {
        RunError::Untrusted(format!("{} could not be written ({})", store.folder.display(), describe_io_error(&error)))
    };
    let _turn = turn(&store.folder, &store.folder, progress)?;
    if Store::open(&store.folder)?.manifest != store.manifest {
        return Err(RunError::Untrusted(format!("{} was appended to meanwhile; run again", store.folder.display())));
    }
    let parts = made.parts.iter().skip(store.manifest.parts.len());
    let names: Vec<String> = parts.flat_map(|part| [part.name.clone(), part.blocks_name()]).collect();
    for name in &names {
        files::open(&staging.path(name)).and_then(|file| file.sync_all()).map_err(cannot)?;
    }
    let made = publishing(&store.folder, || {
        for name in &names {
            fs::rename(staging.path(name), store.path(name)).map_err(cannot)?;
        }
        files::open_folder(&store.folder).and_then(|folder| folder.sync_all()).map_err(cannot)?;
        made.write(&store.folder)
    })?;
    flush_names(&store.folder, &store.folder)?;
    Ok(made)
}

/// A part as the manifest names it, once it is written; the hashes of its blocks are written beside it.
fn written(staging: &Staging, name: String, holds: PartKind, rows: u64) -> Result<StorePart, RunError> {
    let (hashes, blake3) = BlockHashes::of(&staging.path(&name)).map_err(|_| failed())?;
    let blake3 = blake3.to_hex().to_string();
    let part = StorePart { name, holds, rows, bytes: hashes.bytes(), blake3, blocks: String::new() };
    let blocks = hashes.write(staging.create(&part.blocks_name())?).map_err(|_| failed())?;
    Ok(StorePart { blocks: blocks.to_hex().to_string(), ..part })
}

/// The error of a disk that did not take a store.
fn failed() -> RunError {
    RunError::Untrusted("the store could not be written; is the disk full?".into())
}
